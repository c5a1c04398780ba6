import type { ListCell, Summary } from "../api/summary";

/** A row of a table from the prefecture's own lists, by the heads of its columns. */
export type ListRow = Record<string, ListCell>;

/** The rows of such a table; `null` = the list was not loaded. */
export function listRows({ own_lists }: Summary, id: string): ListRow[] | null {
  const table = own_lists.find((one) => one.id === id);
  if (!table) return null;
  const { columns, rows } = table;
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null])));
}

/** Words of a list that say whether there is something. */
export const TOLD = { あり: "yes", なし: "no", 不明: "unknown" } as const;

/** Whether there is something, as a cell says it. */
export const toldOf = (cell: ListCell | undefined): (typeof TOLD)[keyof typeof TOLD] =>
  TOLD[cell as keyof typeof TOLD] ?? "unknown";

/** A facility of care and those who have agreed to help it. */
export interface Facility {
  id: string;
  name: string;
  told: "yes" | "no" | "unknown";
  partners: { id: string; name: string; km: number | null }[];
}

/** The facilities of some municipalities; a facility with several partners has a row for each. */
export function facilitiesIn(rows: readonly ListRow[], codes: readonly string[]): Facility[] {
  const found = new Map<string, Facility>();
  for (const row of rows.filter((row) => codes.includes(String(row.コード)))) {
    const [id, name] = [String(row.施設番号), String(row.介護保険施設)];
    const key = `${row.コード} ${id || name}`;
    const one = found.get(key) ?? { id, name, told: "unknown", partners: [] };
    const told = toldOf(row.協力医療機関);
    if (one.told === "unknown" || told === "yes") one.told = told;
    const partner = String(row.協力医療機関の名称);
    const km = row["直線距離（km）"];
    if (partner)
      one.partners.push({
        id: String(row.医療機関コード),
        name: partner,
        km: typeof km === "number" ? km : null,
      });
    found.set(key, one);
  }
  return [...found.values()];
}
