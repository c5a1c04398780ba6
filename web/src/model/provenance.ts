import type { Assumption, InputKind, StudyFigures } from "../api/types";

/** The inputs whose dates say most about the figures, in the order in which they are told. */
export const DATED_INPUTS = ["census_mesh", "todokede", "home_demand", "roads_osm"] as const;

/** Lists of the prefecture without which the audit cannot be answered. */
export const LISTS = ["active_institutions", "linkage_hubs"] as const;

/** Whether any file of this kind was read. */
export const isLoaded = ({ inputs }: StudyFigures, kind: InputKind): boolean =>
  inputs.some((input) => input.kind === kind);

/** The dates of the files of a kind, oldest first; `null` stands for files that bear none. */
export function datesOf({ inputs }: StudyFigures, kind: InputKind): (string | null)[] {
  const dates = inputs.filter((input) => input.kind === kind).map(({ date }) => date ?? null);
  return [...new Set(dates)].sort((a, b) => (a ?? "").localeCompare(b ?? ""));
}

/** How many of the assumptions are supposed (A) and how many still have to be checked (M). */
export function countStandings(assumptions: Assumption[]): { supposed: number; unchecked: number } {
  const count = (tag: string) => assumptions.filter((one) => one.tag === tag).length;
  return { supposed: count("A"), unchecked: count("M") };
}

/** A file's name without the folders in which it was found. */
export const fileName = (path: string): string => path.replace(/^.*[/\\]/, "");

/** Names of files without folders; of two of one name with as many folders as tell them apart. */
export function fileNames(paths: string[]): (path: string) => string {
  const all = [...new Set(paths)];
  const last = (path: string, parts: number) =>
    path
      .split(/(?<=[/\\])/)
      .slice(-parts)
      .join("");
  const name = (path: string) => {
    const most = path.split(/[/\\]/).length;
    const isAlone = (parts: number) =>
      all.every((other) => other === path || last(other, parts) !== last(path, parts));
    let parts = 1;
    while (parts < most && !isAlone(parts)) parts += 1;
    return last(path, parts);
  };
  const names = new Map(all.map((path) => [path, name(path)]));
  return (path) => names.get(path) ?? fileName(path);
}
