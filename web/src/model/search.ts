import type { StudyIndex } from "./study";

/** Something that a search found. */
export type Hit =
  | { kind: "zone"; id: string; name: string; note: string }
  | { kind: "municipality"; id: string; name: string; note: string }
  | {
      kind: "facility";
      id: string;
      name: string;
      note: string;
      position: [number, number];
    };

/** Width-insensitive, case-insensitive form in which words are compared. */
const plain = (text: string) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/**
 * Zones of the plan, municipalities and institutions whose name, code or address holds the words.
 * Names that begin with the words come first.
 */
export function search(
  words: string,
  study: StudyIndex,
  plan: string,
  facilities: Hit[],
  limit = 12,
): Hit[] {
  const wanted = plain(words);
  if (wanted === "") return [];
  const zones: Hit[] = (study.plans.get(plan)?.zones ?? []).map((zone) => ({
    kind: "zone",
    id: zone.id,
    name: zone.name,
    note: zone.id,
  }));
  const municipalities: Hit[] = study.summary.municipality_table.map((one) => ({
    kind: "municipality",
    id: one.code,
    name: one.name,
    note: one.code,
  }));
  const rank = (hit: Hit) => {
    if (plain(hit.name).startsWith(wanted)) return 0;
    if (plain(hit.name).includes(wanted)) return 1;
    return plain(hit.note).includes(wanted) ? 2 : 3;
  };
  return [...zones, ...municipalities, ...facilities]
    .map((hit) => ({ hit, rank: rank(hit) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ hit }) => hit);
}
