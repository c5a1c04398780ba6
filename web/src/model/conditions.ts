/** Hours of the day with speeds of their own. */
export const TIMES = ["day", "peak", "night"] as const;
export type TimeOfDay = (typeof TIMES)[number];

/** Under which conditions journeys are made. */
export interface Conditions {
  snow: boolean;
  time: TimeOfDay;
  noFerries: boolean;
  noTolls: boolean;
  /** Numbers of OpenStreetMap ways that are closed. */
  ways: string[];
  /** Corners of an area in which roads are closed, longitude and latitude; empty = none. */
  area: [number, number][];
}

/** A normal day. */
export const NORMAL: Conditions = {
  snow: false,
  time: "day",
  noFerries: false,
  noTolls: false,
  ways: [],
  area: [],
};

/** As many ways and corners as the server takes. */
const MOST_CLOSED = 100;

/** The corners of a closed area as text: longitude and latitude in turn. */
export const areaText = (area: Conditions["area"]): string =>
  area.map(([x, y]) => `${x.toFixed(5)},${y.toFixed(5)}`).join(",");

/** Corners from text; empty when it is not at least three places. */
export function parseArea(text: string): Conditions["area"] {
  const numbers = text
    .split(/[\s,、，]+/)
    .filter(Boolean)
    .map(Number);
  const corners = numbers.slice(0, 2 * MOST_CLOSED).flatMap((x, at): [number, number][] => {
    const y = numbers[at + 1];
    return at % 2 === 0 && y !== undefined ? [[x, y]] : [];
  });
  const sound = corners.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90);
  return sound && corners.length >= 3 ? corners : [];
}

/** Numbers of ways from text. */
export const parseWays = (text: string): string[] =>
  [...new Set(text.split(/[\s,、，]+/).filter((word) => /^\d{1,15}$/.test(word)))].slice(
    0,
    MOST_CLOSED,
  );

/** What the server is asked about the conditions; nothing for a normal day. */
export function conditionParams(of: Conditions): [string, string][] {
  const asked: [string, string, boolean][] = [
    ["season", "snow", of.snow],
    ["time", of.time, of.time !== "day"],
    ["ferries", "off", of.noFerries],
    ["tolls", "off", of.noTolls],
    ["closed_ways", of.ways.join(","), of.ways.length > 0],
    ["closed_area", areaText(of.area), of.area.length > 0],
  ];
  return asked.flatMap(([name, value, said]) => (said ? [[name, value]] : []));
}

/** Whether it is a normal day. */
export const isNormal = (of: Conditions): boolean => conditionParams(of).length === 0;
