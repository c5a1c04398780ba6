/** Types of `summary.json`, as `src/publish/summary.rs` writes it. `npm run types` renews this file. */

/** How exactly a place is known, best first. */
export type Precision = "point" | "town" | "municipality" | "unlocated";

/** The kinds of file that can be read. */
export type InputKind =
  | "n03_boundary"
  | "area_membership"
  | "census_mesh"
  | "future_mesh"
  | "ipss_projection"
  | "todokede"
  | "iryo_joho_net"
  | "institution_codes"
  | "kaigo_jigyosho"
  | "town_points"
  | "municipality_master"
  | "municipality_points"
  | "home_demand"
  | "active_institutions"
  | "linkage_hubs"
  | "roads_osm";

export interface Summary {
  study: StudyFigures;
  municipalities: number;
  municipality_table: MunicipalityFigures[];
  population: PopulationFigures;
  facilities: { [k: string]: number | null };
  geocoding: { [k: string]: number };
  geocoding_by_source: { [k: string]: { [k: string]: number } };
  network: NetworkFigures;
  services: ServiceFigures[];
  coverage: CoverageFigures[];
  gaps: GapFigures[];
  demand: DemandFigures;
  plans: PlanFigures[];
  assumptions: Assumption[];
  attributions: string[];
}

export interface StudyFigures {
  prefecture_code: string;
  prefecture_name: string;
  invented: boolean;
  as_of: string;
  program_version: string;
  inputs: Input[];
  /** West, south, east, north in degrees. */
  bounds: [number, number, number, number];
}

export interface Input {
  kind: InputKind;
  file: string;
  date?: string | null;
  sha256: string;
  rows_read: number;
  rows_stored: number;
  rows_quarantined: number;
}

export interface AgeCounts {
  total: number;
  age_65_plus: number;
  age_75_plus: number;
  age_85_plus: number;
}

export interface MunicipalityFigures {
  code: string;
  name: string;
  population: AgeCounts;
  demand: { [k: string]: number };
  institutions: { [k: string]: number | null };
  neighbours: string[];
  touching_without_road: string[];
}

export interface PopulationFigures {
  year: number;
  total: number;
  age_65_plus: number;
  age_75_plus: number;
  age_85_plus: number;
}

export interface NetworkFigures {
  nodes: number;
  edges: number;
  length_km: number;
  unlinked_cells: number;
  unlinked_institutions: number;
}

export interface ServiceFigures {
  id: string;
  name_en: string;
  direction: string;
  classes: string[];
  loaded: boolean;
  institutions?: number | null;
}

export interface CoverageFigures {
  service: string;
  minutes?: number | null;
  radius_m?: number | null;
  people?: AgeCounts | null;
  share?: number | null;
}

export interface GapFigures {
  service: string;
  state: string;
  municipality_code?: string | null;
  people_75_plus?: number | null;
  nearest_minutes?: number | null;
  beyond_limit_75_plus?: number | null;
}

export interface DemandFigures {
  unit: string;
  years: { [k: string]: number };
  official_years: number[];
  zones: ZoneDemand[];
}

export interface ZoneDemand {
  plan: string;
  zone: string;
  years: { [k: string]: number };
  peak_year: number;
  peak: number;
}

export interface PlanFigures {
  id: string;
  name: string;
  name_en: string;
  kind: string;
  zones: ZoneFigures[];
  assignment: { [k: string]: string };
  figures: Figures;
  audit: Verdict[];
  certificate?: CertificateFigures | null;
}

export interface ZoneFigures {
  id: string;
  name: string;
  municipalities: string[];
  colour: number;
  contiguous: boolean;
  lead_institution?: string | null;
  figures: Figures;
  audit: Verdict[];
}

export interface Figures {
  zones: number;
  municipalities: number;
  population: AgeCounts;
  demand_first: number;
  demand_2040: number;
  smallest_zone_demand: number;
  peak_year: number;
  institutions: { [k: string]: number | null };
  active_candidates: number;
  active_listed?: number | null;
  linkage_candidates: number;
  linkage_listed?: number | null;
  mean_minutes_in_zone?: number | null;
  share_30_minutes_in_zone: number;
  share_unreached_in_zone: number;
  split_hokenjo?: number | null;
  split_secondary?: number | null;
}

export interface Verdict {
  rule: string;
  clause: string;
  verdict: string;
  reason: string;
}

export interface CertificateFigures {
  status: string;
  objective?: number | null;
  bound?: number | null;
  gap?: number | null;
  nodes: number;
  rounds: number;
  model_sha256: string;
  statement: string;
  checker: Verdict[];
}

export interface Assumption {
  subject: string;
  text: string;
  source: string;
  tag: string;
}
