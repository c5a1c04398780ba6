import { describe, expect, it } from "vitest";
import { decodeTable, isTooLarge, MOST_TABLE } from "../src/model/table";

const bytes = (values: number[]) => new Uint8Array(values).buffer;

describe("a table of the planner's own", () => {
  it("is read as UTF-8, with or without a mark, and else as Shift_JIS", () => {
    expect(decodeTable(new TextEncoder().encode("単位,甲府市").buffer as ArrayBuffer)).toBe(
      "単位,甲府市",
    );
    expect(decodeTable(bytes([0xef, 0xbb, 0xbf, 0x61]))).toBe("a");
    // 甲 in Shift_JIS
    expect(decodeTable(bytes([0x8d, 0x62]))).toBe("甲");
  });

  it("is too large beyond its limit in bytes, not letters", () => {
    expect(isTooLarge("a".repeat(MOST_TABLE))).toBe(false);
    expect(isTooLarge("a".repeat(MOST_TABLE + 1))).toBe(true);
    expect(isTooLarge("甲".repeat(MOST_TABLE / 2))).toBe(true);
  });
});
