import type {
  BearerFigures,
  FunctionPart,
  MunicipalityFigures,
  NamedInstitution,
  Summary,
} from "../api/summary";

/** Those of some municipalities who bear a part of a function; `null` = not loaded. */
export function bearersIn(
  { naming }: Summary,
  municipalities: readonly MunicipalityFigures[],
  part: FunctionPart,
): BearerFigures | null {
  const all: BearerFigures = { count: 0, named: [] };
  for (const { bearers } of municipalities) {
    const here = bearers[part.id];
    if (!here) return null;
    all.count += here.count;
    all.named.push(...here.named);
  }
  const byRank = (a: NamedInstitution, b: NamedInstitution) => a.rank - b.rank;
  return { count: all.count, named: all.named.sort(byRank).slice(0, naming.most) };
}

/** So many for 100,000 people; `null` = not loaded, or nobody lives there. */
export const per100k = (count: number | undefined, people: number): number | null =>
  count === undefined || people === 0 ? null : (count / people) * 100_000;
