import type { FeatureCollection, MultiPolygon } from "geojson";
import { type Conditions, conditionParams } from "../model/conditions";

/** Which way the journeys go, seen from the place that was asked for. */
export type Direction = "outward" | "inward";

/** Where journeys begin (outward) or end (inward). */
export type Origin =
  | { kind: "facility"; id: string; name: string }
  | { kind: "point"; longitude: number; latitude: number; name: string | null };

/** Who is reached within a limit. People are counted by the times of their cells, not by the polygon. */
export interface Contour {
  minutes: number;
  direction: Direction;
  total: number;
  age_65_plus: number;
  age_75_plus: number;
  age_85_plus: number;
  institutions: number;
}

/** The answer of `api/isochrone`: a polygon for each limit. */
export type Contours = FeatureCollection<MultiPolygon, Contour>;

/** What the server is told of a place. */
export const placeParams = (origin: Origin): [string, string][] =>
  origin.kind === "facility"
    ? [["facility", origin.id]]
    : [
        ["lon", origin.longitude.toFixed(6)],
        ["lat", origin.latitude.toFixed(6)],
      ];

/** The address that asks for the contours of a place. */
export function isochronePath(
  origin: Origin,
  direction: Direction,
  minutes: readonly number[],
  conditions: Conditions,
): string {
  const question = new URLSearchParams([
    ...placeParams(origin),
    ["direction", direction],
    ["minutes", minutes.join(",")],
    ...conditionParams(conditions),
  ]);
  return `api/isochrone?${question}`;
}
