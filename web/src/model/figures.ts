import type { InputKind, Maybe, SplitFigures } from "../api/types";
import type { Absence } from "./format";
import type { ExistingPlan } from "./study";

/** Units as keys of the dictionary (`unit.people` …). */
export type Unit =
  | "people"
  | "receipts"
  | "minutes"
  | "percent"
  | "places"
  | "year"
  | "areas"
  | "zones"
  | "receiptMinutes"
  | "personMinutes"
  | "none";

/** What a figure is, apart from its words (which are in `i18n/evidence`). */
export interface FigureSpec {
  unit: Unit;
  digits: number;
  better: "lower" | "higher" | null;
  absence: Absence;
  /** Kinds of input file on which it rests. */
  inputs: readonly InputKind[];
  /** Finds the subjects of the assumptions that concern it. */
  assumptions: RegExp | null;
}

const CENSUS = ["census_mesh", "n03_boundary"] as const;
const DEMAND = ["home_demand", "census_mesh", "future_mesh", "ipss_projection"] as const;
const INSTITUTIONS = [
  "todokede",
  "iryo_joho_net",
  "institution_codes",
  "kaigo_jigyosho",
  "town_points",
  "municipality_points",
] as const;
const TRAVEL = ["roads_osm", ...INSTITUTIONS, "census_mesh"] as const;
const WEEK = [...TRAVEL, "opening_hours", "rota", "rota_limits"] as const;
const OUTLOOK = [...DEMAND, "n03_boundary"] as const;
const AREAS = ["area_membership", "n03_boundary"] as const;

// Assumptions are told apart by their subject, as `assess` writes it.
const AGES = /秘匿|年齢不詳/;
const DEMANDS = /^需要|年齢別の重み/;
const PLACES = /^サービスの定義|県外の医療機関/;
const TIMES = /速度|道路|航路|県外の医療機関/;
const TIMES_OF_SERVICE = new RegExp(`${TIMES.source}|${PLACES.source}`);
const TIMES_OF_DEMAND = new RegExp(`${TIMES.source}|${DEMANDS.source}`);
const PROPOSALS = new RegExp(`${TIMES_OF_DEMAND.source}|提案の条件|市町村の隣接`);
const ACTIVE = /積極的役割/;
const LINKAGE = /連携拠点/;

const spec = (
  unit: Unit,
  inputs: readonly InputKind[],
  assumptions: RegExp | null,
  more: Partial<Pick<FigureSpec, "digits" | "better" | "absence">> = {},
): FigureSpec => ({
  unit,
  digits: 0,
  better: null,
  absence: "not_loaded",
  inputs,
  assumptions,
  ...more,
});

/** Every figure of the screen. */
export const FIGURES = {
  zones: spec("zones", AREAS, null),
  population_total: spec("people", CENSUS, AGES),
  population_65: spec("people", CENSUS, AGES),
  population_75: spec("people", CENSUS, AGES),
  population_85: spec("people", CENSUS, AGES),
  demand_year: spec("receipts", DEMAND, DEMANDS, { digits: 1 }),
  demand_first: spec("receipts", DEMAND, DEMANDS, { digits: 1 }),
  smallest_zone_demand: spec("receipts", DEMAND, DEMANDS, { digits: 1, better: "higher" }),
  peak_year: spec("year", DEMAND, DEMANDS),
  demand_index: spec("none", DEMAND, DEMANDS),
  institutions: spec("places", INSTITUTIONS, PLACES),
  active_candidates: spec("places", INSTITUTIONS, ACTIVE),
  active_listed: spec("places", ["active_institutions"], ACTIVE),
  linkage_candidates: spec("places", INSTITUTIONS, LINKAGE),
  linkage_listed: spec("places", ["linkage_hubs"], LINKAGE),
  mean_minutes_in_zone: spec("minutes", [...TRAVEL, "home_demand"], TIMES_OF_DEMAND, {
    digits: 1,
    better: "lower",
    absence: "none",
  }),
  share_30_minutes_in_zone: spec("percent", [...TRAVEL, "home_demand"], TIMES_OF_DEMAND, {
    digits: 1,
    better: "higher",
  }),
  share_unreached_in_zone: spec("percent", [...TRAVEL, "home_demand"], TIMES_OF_DEMAND, {
    digits: 1,
    better: "lower",
  }),
  split_areas: spec("areas", AREAS, null, { better: "lower" }),
  coverage: spec("percent", TRAVEL, TIMES_OF_SERVICE, { digits: 1, better: "higher" }),
  gap_people_75: spec("people", [...INSTITUTIONS, ...CENSUS], PLACES),
  nearest_minutes: spec("minutes", TRAVEL, TIMES_OF_SERVICE, { digits: 1, absence: "none" }),
  beyond_limit_75: spec("people", TRAVEL, TIMES_OF_SERVICE),
  cell_minutes: spec("minutes", TRAVEL, TIMES_OF_SERVICE, { digits: 1, absence: "none" }),
  short_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  cause_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  depth_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  unreached_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  institutions_near: spec("places", TRAVEL, TIMES_OF_SERVICE),
  remedy_minutes: spec("minutes", TRAVEL, TIMES_OF_SERVICE, { digits: 1 }),
  mended_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  lost_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  changed_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  farther_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  extra_minutes: spec("minutes", TRAVEL, TIMES_OF_SERVICE, { digits: 1 }),
  sited_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  sited_places: spec("places", TRAVEL, TIMES_OF_SERVICE),
  sited_minutes: spec("personMinutes", TRAVEL, TIMES_OF_SERVICE),
  bearers: spec("places", INSTITUTIONS, null),
  week_people: spec("people", WEEK, TIMES_OF_SERVICE),
  post_people: spec("people", WEEK, TIMES_OF_SERVICE),
  rota_count: spec("none", WEEK, TIMES_OF_SERVICE),
  outlook_value: spec("none", OUTLOOK, AGES, { digits: 1 }),
  outlook_band: spec("none", OUTLOOK, AGES, { digits: 1 }),
  outlook_older: spec("none", OUTLOOK, AGES, { digits: 1 }),
  outlook_part: spec("none", OUTLOOK, AGES, { digits: 1 }),
  outlook_peak: spec("year", OUTLOOK, AGES),
  outlook_capacity: spec("none", [...INSTITUTIONS, ...OUTLOOK], AGES, { digits: 1 }),
  uncertain_people: spec("people", TRAVEL, TIMES_OF_SERVICE),
  beyond_help: spec("people", TRAVEL, TIMES_OF_SERVICE),
  objective: spec("receiptMinutes", [...TRAVEL, "home_demand"], PROPOSALS, {
    digits: 1,
    absence: "none",
  }),
  gap: spec("percent", [], PROPOSALS, { digits: 2, absence: "none" }),
} as const satisfies Record<string, FigureSpec>;

export type FigureKey = keyof typeof FIGURES;

/** What a figure is; the same as `FIGURES[key]`, with the wider type. */
export const figureSpec = (key: FigureKey): FigureSpec => FIGURES[key];

/** A figure of the table by which plans and zones are compared. */
export interface TableFigure {
  key: FigureKey;
  value: (plan: ExistingPlan) => Maybe<number>;
  /** The system of areas, where the figure is of one. */
  system?: string;
  /** Whether the figure of a plan may be more than is known. */
  isLeast?: (plan: ExistingPlan) => boolean;
}

/** The table of figures, in the order in which they are shown. */
export const TABLE: readonly TableFigure[] = [
  { key: "zones", value: ({ figures }) => figures.zones },
  { key: "smallest_zone_demand", value: ({ figures }) => figures.smallest_zone_demand },
  { key: "mean_minutes_in_zone", value: ({ figures }) => figures.mean_minutes_in_zone },
  { key: "share_30_minutes_in_zone", value: ({ figures }) => figures.share_30_minutes_in_zone },
  { key: "share_unreached_in_zone", value: ({ figures }) => figures.share_unreached_in_zone },
];

/** How many areas of a system a plan divides; `null` = not loaded. */
export const dividedAreas = ({ areas, divided }: SplitFigures): Maybe<number> =>
  areas === null ? null : divided.length;

/** The systems whose divided areas stand in the table of an office screen; all are beside the audit of a plan. */
const COMPARED_SYSTEMS = ["保健所", "二次医療圏"];

/** The table of figures of some plans, with the systems of areas of these that were loaded. */
export function tableOf(plans: readonly ExistingPlan[]): TableFigure[] {
  const loaded = plans
    .flatMap(({ splits }) => splits)
    .filter(({ system, areas }) => areas !== null && COMPARED_SYSTEMS.includes(system));
  const figureOf = (system: string): TableFigure => ({
    key: "split_areas",
    system,
    value: ({ splits }) => {
      const one = splits.find((one) => one.system === system);
      return one && dividedAreas(one);
    },
    isLeast: ({ splits }) => splits.some((one) => one.system === system && one.untold.length > 0),
  });
  return [...TABLE, ...[...new Set(loaded.map(({ system }) => system))].map(figureOf)];
}
