import type { PlanFigures } from "../api/types";

/** Zones as codes of their municipalities, each with its colour class. */
export interface Zones {
  zones: string[][];
  colours: number[];
}

/** Number of colour classes. */
const COLOURS = 8;

/** The zones of a plan. */
export const zonesOf = ({ zones }: PlanFigures): Zones => ({
  zones: zones.map(({ municipalities }) => [...municipalities]),
  colours: zones.map(({ colour }) => colour),
});

/**
 * The zones after a municipality has gone over to another zone, or to one of its own (`"new"`). A zone
 * that loses its last municipality ends; the others keep their order and their colours.
 */
export function moved({ zones, colours }: Zones, code: string, to: number | "new"): Zones {
  const without = zones.map((zone, at) =>
    at === to ? [...zone.filter((one) => one !== code), code] : zone.filter((one) => one !== code),
  );
  const all = to === "new" ? [...without, [code]] : without;
  const free = Array.from({ length: COLOURS }, (_, at) => at).find((at) => !colours.includes(at));
  const painted = to === "new" ? [...colours, free ?? colours.length % COLOURS] : colours;
  const kept = all.map((zone, at) => ({ zone, colour: painted[at] ?? 0 }));
  const left = kept.filter(({ zone }) => zone.length > 0);
  return { zones: left.map(({ zone }) => zone), colours: left.map(({ colour }) => colour) };
}

/**
 * The municipalities that left their zone: those outside the zone that took over most of their old one.
 * Each old zone lives on in one new zone at most, the greatest overlaps first.
 */
export function movers(before: string[][], after: string[][]): string[] {
  const overlaps = before.flatMap((old, from) =>
    after.map((now, to) => ({ from, to, stay: old.filter((code) => now.includes(code)) })),
  );
  overlaps.sort((a, b) => b.stay.length - a.stay.length);
  const [left, taken] = [new Set<number>(), new Set<number>()];
  const staying = new Set<string>();
  for (const { from, to, stay } of overlaps) {
    if (left.has(from) || taken.has(to)) continue;
    left.add(from);
    taken.add(to);
    for (const code of stay) staying.add(code);
  }
  return before.flat().filter((code) => !staying.has(code));
}

/** How far a search has come, as two shares of the best value so far: what is proven, and the rest. */
export function proven(objective: number | null, bound: number | null): number | null {
  if (objective === null || bound === null) return null;
  return objective === 0 ? 1 : Math.max(0, Math.min(1, bound / objective));
}

/** Rising whole numbers in short: `1–3`, `5`. */
export function ranges(numbers: number[]): string[] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
}
