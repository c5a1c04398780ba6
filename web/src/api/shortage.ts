import type { FeatureCollection, MultiPolygon } from "geojson";
import type { Cause } from "../model/causes";
import { type Conditions, conditionParams } from "../model/conditions";
import { type Origin, placeParams } from "./reach";
import type { AgeCounts, Assumption } from "./summary";

/** People with their 訪問診療 demand in receipts per month. */
export interface People extends AgeCounts {
  demand: number;
}

/** An institution that is named in an answer. */
export interface Institution {
  id: string;
  name: string;
  /** Longitude and latitude; `null` = not located. */
  position: [number, number] | null;
}

/** One that could mend a shortage. */
export interface Remedy extends Institution {
  minutes: number;
  mended: People;
}

/** One with which another could share its nights. */
export interface Partner extends Institution {
  minutes: number;
  shared: People;
}

/** Those whom nobody reaches, at the slower, the planned and the faster speed. */
export interface Unreached {
  slower: People;
  planned: People;
  /** `null` where travel times are cut before. */
  faster: People | null;
}

/** People with 0, 1, 2 and 3 or more institutions. */
export type Depth = [People, People, People, People];

/** A municipality on the list. */
export interface ShortMunicipality {
  code: string;
  concerned: People;
  causes: Partial<Record<Cause, People>>;
  remedies: Remedy[];
  unreached: Unreached;
  depth: Depth;
}

/** What stops with an institution. */
export interface Loss extends Institution {
  /** `null` = its doctors are not known. */
  single_doctor: boolean | null;
  lost: People;
  farther: People;
  extra_minutes: number | null;
  /** `null` = nothing tells. */
  around_the_clock: boolean | null;
  partners: Partner[];
}

/** The answer of `api/shortage`. */
export interface ShortageList {
  service: string;
  limit_minutes: number;
  circle_m: number | null;
  speeds: [slower: number, faster: number];
  assumptions: Assumption[];
  everybody: People;
  /** `null` = not loaded. */
  places: {
    unjudged: Cause[];
    remedies_known: boolean;
    /** One cell can have several causes; by its gravest it counts once. */
    causes: { cause: Cause; concerned: People; gravest: People }[];
    depth: Depth;
    /** Surely inside the circle, undecided for the error of places, surely outside. */
    circle: [People, People, People] | null;
    unreached: Unreached;
    municipalities: ShortMunicipality[];
    losses: Loss[];
  } | null;
}

/** A populated cell of `api/shortage/cells`. */
export interface ShortCell {
  /** Mesh code, hyphen, municipality code. */
  cell: string;
  mesh: string;
  municipality_code: string;
  municipality: string;
  total: number;
  age_75_plus: number;
  /** The gravest one, or `none`. */
  cause: Cause | "none";
  /** All, separated by commas. */
  causes: string;
  institutions: number;
  remedies: string;
  /** Whether nobody reaches it at the slower or the faster speed; only of cells on the list. */
  unreached_slower: boolean | null;
  unreached_faster: boolean | null;
}

export type ShortCells = FeatureCollection<MultiPolygon, ShortCell>;

/** People of a municipality. */
export interface PlacePeople {
  code: string;
  concerned: People;
}

/** What an institution that comes or goes changes for a service. */
export interface Change {
  service: string;
  before: { once: People; twice: People };
  after: { once: People; twice: People };
  municipalities: PlacePeople[];
  /** Ids of the cells that somebody covers only before it or only after it. */
  cells: string[];
  loss: Loss | null;
  assumptions: Assumption[];
}

/** What is to become best. */
export const MODELS = ["mclp", "lscp", "backup", "p-median"] as const;
export type Model = (typeof MODELS)[number];

/** The best sites; `null` = the service, or those that could take it up, were not loaded. */
export interface Siting {
  service: string;
  unit: "people" | "sites" | "person_minutes";
  now: number;
  exact: { objective: number; chosen: Institution[] };
  bound: number | null;
  proven: boolean;
  greedy: { objective: number; chosen: Institution[] };
  gained: PlacePeople[];
  beyond_help: People;
  assumptions: Assumption[];
}

const path = (address: string, asked: [string, string][], conditions: Conditions) =>
  `api/${address}?${new URLSearchParams([...asked, ...conditionParams(conditions)])}`;

/** The address of the list of a service. */
export const shortagePath = (service: string, conditions: Conditions) =>
  path("shortage", [["service", service]], conditions);

/** The address of its cells. */
export const shortCellsPath = (service: string, conditions: Conditions) =>
  path("shortage/cells", [["service", service]], conditions);

/** The address that asks for the best sites. */
export const sitingPath = (service: string, model: Model, sites: number, of: Conditions) =>
  path(
    "siting",
    [
      ["service", service],
      ["model", model],
      ["sites", String(sites)],
    ],
    of,
  );

/** The address that asks what stops with an institution. */
export const stopPath = (facility: string, conditions: Conditions) =>
  path(
    "what-if",
    [
      ["change", "remove"],
      ["facility", facility],
    ],
    conditions,
  );

/** The address that asks what a service from a place would change. */
export const startPath = (service: string, origin: Origin, conditions: Conditions) =>
  path("what-if", [["service", service], ...placeParams(origin)], conditions);
