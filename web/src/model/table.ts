/** Most bytes of a table that is sent. */
export const MOST_TABLE = 512 * 1024;

/** The text of a CSV file as Japanese offices save them: UTF-8, else Shift_JIS. */
export function decodeTable(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("shift_jis").decode(bytes);
  }
}

/** Whether a table is too large to be sent. */
export const isTooLarge = (text: string): boolean =>
  new TextEncoder().encode(text).length > MOST_TABLE;
