import type { FeatureCollection, MultiPolygon } from "geojson";
import type { Assumption } from "./summary";

/** Demand in a year, in the unit of its layer. */
export interface Amount {
  low: number;
  mid: number;
  high: number;
  /** Part of `mid` of people aged 85 and over. */
  age_85_plus: number;
}

/** From which year capacity is below demand. */
export type Shortfall = { from: number } | { not_before: number } | "unknown";

/** Demand of an area. */
export interface Area {
  years: Record<string, Amount>;
  /** `null` = nothing is known. */
  peak: (Amount & { year: number }) | null;
  /** By id of the scenario. `short` against the low, the middle and the high demand. */
  balances: Record<
    string,
    { capacity: Record<string, number>; short: [Shortfall, Shortfall, Shortfall] }
  >;
}

/** A layer by its name. */
export interface LayerName {
  id: string;
  name_en: string;
  unit: string;
  tag: string;
}

/** A count as it may be shown. */
export interface Count {
  state: "exact" | "at_least" | "one_to_nine" | "withheld" | "unknown";
  /** `null` but for `exact` and `at_least`. */
  value: number | null;
}

/** Patients of one 区分 in one year. */
export interface CohortYear {
  prefecture: Count;
  /** By code. */
  municipalities: Record<string, Count>;
  /** In the order in which they were asked for. */
  zones: Count[];
}

/** The answer of `api/demand`. */
export interface Outlook {
  layers: LayerName[];
  layer: LayerName & {
    formula: string;
    assumptions: Assumption[];
    parts: { id: string; name_en: string; shares: [low: number, mid: number, high: number] }[];
  };
  official_years: number[];
  prefecture: Area;
  /** By code. */
  municipalities: Record<string, Area>;
  /** In the order in which they were asked for. */
  zones: Area[];
  scenarios: { id: string; name: string; profession: string; assumptions: Assumption[] }[];
  /** The prefecture's own counts of patients as they may be shown; a 区分 without years was not loaded. */
  cohorts: { id: string; years: Record<string, CohortYear> }[];
}

/** A populated cell of `api/demand/cells`. */
export interface DemandCell {
  cell: string;
  mesh: string;
  municipality_code: string;
  municipality: string;
  demand: number;
}

export type DemandCells = FeatureCollection<MultiPolygon, DemandCell>;

/** The address of the demand of a layer; zones by the codes of their municipalities. */
export const demandPath = (layer: string, zones: readonly (readonly string[])[]) => {
  const asked = new URLSearchParams({ layer });
  if (zones.length > 0) asked.set("zones", zones.map((codes) => codes.join(",")).join(";"));
  return `api/demand?${asked}`;
};

/** The address of its cells in a year. */
export const demandCellsPath = (layer: string, year: number) =>
  `api/demand/cells?${new URLSearchParams({ layer, year: String(year) })}`;
