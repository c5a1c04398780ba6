import type { Maybe } from "../api/types";

/** A populated census cell as the tiles describe it. */
export interface CellDetails {
  kind: "cell";
  /** A cell on a border has a part in each municipality: mesh code, hyphen, municipality code. */
  id: string;
  mesh: string;
  municipality: string;
  total: number;
  age65: number;
  age75: number;
  age85: number;
  agesEstimated: boolean;
  linked: boolean;
  /** Where its journeys begin and end, in degrees. */
  centre: [longitude: number, latitude: number] | null;
  /** Minutes to the nearest institution by service; services not loaded have no entry. */
  minutes: Map<string, number | null>;
  /** Whether one lies within 16 km; only services to which the rule applies have an entry. */
  within16km: Map<string, boolean>;
  /** Home-visit demand of the first official year, receipts per month. */
  demand: number | null;
}

/** An institution as the tiles and the published layer describe it. */
export interface FacilityDetails {
  kind: "facility";
  id: string;
  name: string;
  address: string;
  facilityKind: string;
  classes: string[];
  h24: boolean;
  activeCandidate: boolean;
  precision: string;
  /** Metres within which it is taken to stand; `null` where it is not located. */
  errorM: Maybe<number>;
  /** Why the position was set by hand. */
  correction: Maybe<string>;
  municipality: Maybe<string>;
}

/** A doubtful place of the input data. */
export interface FindingDetails {
  kind: "finding";
  /** Its row in the package. */
  id: string;
  severity: string;
  findingKind: string;
  file: string;
  said: string;
  meant: string;
}

export type MapDetails = CellDetails | FacilityDetails | FindingDetails;

/** Properties of a feature; what is absent is unknown. */
export type Properties = { [name: string]: unknown } | null;

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";
const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Reads a cell. The columns of a service exist exactly when it was loaded. */
export function readCell(properties: Properties, loaded: string[]): CellDetails {
  const of = properties ?? {};
  const demand = of.demand_receipts_per_month;
  return {
    kind: "cell",
    id: `${text(of.mesh)}-${text(of.municipality_code)}`,
    mesh: text(of.mesh),
    municipality: text(of.municipality_code),
    total: number(of.total),
    age65: number(of.age_65_plus),
    age75: number(of.age_75_plus),
    age85: number(of.age_85_plus),
    agesEstimated: of.ages_estimated === true,
    linked: of.linked === true,
    centre:
      typeof of.centre_longitude === "number" && typeof of.centre_latitude === "number"
        ? [of.centre_longitude, of.centre_latitude]
        : null,
    minutes: new Map(
      loaded.map((service) => {
        const minutes = of[`minutes:${service}`];
        return [service, typeof minutes === "number" ? minutes : null];
      }),
    ),
    within16km: new Map(
      loaded.flatMap((service) => {
        const within = of[`within_16km:${service}`];
        return typeof within === "boolean" ? [[service, within] as const] : [];
      }),
    ),
    demand: typeof demand === "number" ? demand : null,
  };
}

/** Reads an institution. */
export function readFacility(properties: Properties): FacilityDetails {
  const of = properties ?? {};
  const classes = of.classes;
  return {
    kind: "facility",
    id: text(of.id),
    name: text(of.name),
    address: text(of.address),
    facilityKind: text(of.kind),
    classes: Array.isArray(classes) ? classes.map(text) : text(classes).split("・").filter(Boolean),
    h24: of.h24 === true,
    activeCandidate: of.active_candidate === true,
    precision: text(of.precision),
    errorM: typeof of.error_m === "number" ? of.error_m : null,
    correction: text(of.correction) || null,
    municipality: text(of.municipality_code) || null,
  };
}

/** Reads a finding. */
export function readFinding(id: unknown, properties: Properties): FindingDetails {
  const of = properties ?? {};
  return {
    kind: "finding",
    id: text(id),
    severity: text(of.severity),
    findingKind: text(of.kind),
    file: text(of.file),
    said: text(of.said),
    meant: text(of.meant),
  };
}
