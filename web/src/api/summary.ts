/** Made by `npm run types` from docs/summary.schema.json. Do not edit. */

/**
 * A cell of such a table.
 */
export type ListCell = number | string | null;

/**
 * The whole file.
 */
export interface Summary {
  /**
   * Every area of every system that was loaded, by system and code.
   */
  areas: AreaFigures[];
  /**
   * What was assumed, with the tag of its source (`V` verified, `D` derived, `M` from memory, `A` assumption).
   */
  assumptions: Assumption[];
  /**
   * Attributions that must travel with every output.
   */
  attributions: string[];
  /**
   * People within reach, by service and limit.
   */
  coverage: CoverageFigures[];
  demand: DemandFigures;
  /**
   * Number of institutions of each class; `null` = no file that was loaded can speak of it.
   */
  facilities: {
    [k: string]: number | null;
  };
  /**
   * What stands in flood water, by scenario and municipality; `null` = not loaded.
   */
  floods: FloodFigures[] | null;
  /**
   * The four functions of home care, in their order.
   */
  functions: FunctionFigures[];
  /**
   * Municipalities where a service has no institution, and services that were not loaded.
   */
  gaps: GapFigures[];
  /**
   * Number of institutions by how exactly they are located.
   */
  geocoding: {
    [k: string]: number;
  };
  /**
   * The same for each kind of input that names institutions.
   */
  geocoding_by_source: {
    [k: string]: {
      [k: string]: number;
    };
  };
  /**
   * How indicators of one function go together over the areas.
   */
  indicator_associations: AssociationFigures[];
  /**
   * The indicators that the guideline gives as examples, and which figures of the study are of them.
   */
  indicator_examples: ExampleFigures[];
  /**
   * Figures that files tell of areas (NDB, KDB, own surveys, 要介護認定者); small counts of patients
   * are hidden.
   */
  indicators: IndicatorFigures[];
  /**
   * Number of municipalities.
   */
  municipalities: number;
  /**
   * The municipalities themselves, in order of code.
   */
  municipality_table: MunicipalityFigures[];
  naming: NamingFigures;
  network: NetworkFigures;
  /**
   * What the prefecture's own lists say of areas and zones; a list that was not loaded is not there.
   */
  own_lists: ListTable[];
  /**
   * Every plan, baselines first.
   */
  plans: PlanFigures[];
  population: PopulationFigures;
  /**
   * People of each municipality at every census and in every projected year that was loaded, in order
   * of code and year.
   */
  population_by_year: PopulationYear[];
  /**
   * Definition and state of each service, in the order of the service table.
   */
  services: ServiceFigures[];
  study: StudyFigures;
}
/**
 * One area of a system (保健所, 医師会 …). An area may cut a municipality by 町丁目, so its people and its
 * demand are those of its cells. 医師会, 消防本部 and MC協議会 may overlap: who lives in two counts in each.
 */
export interface AreaFigures {
  /**
   * Code, or the name where there is none.
   */
  code: string;
  /**
   * 訪問診療 demand by fiscal year, in the unit of the series.
   */
  demand: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^\d+$".
     */
    [k: string]: number;
  };
  /**
   * Municipalities that lie in it as a whole.
   */
  municipalities: string[];
  /**
   * Name.
   */
  name: string;
  /**
   * Municipalities of which it holds a part.
   */
  parts_of: string[];
  population: AgeCounts;
  /**
   * The system, as people call it.
   */
  system: string;
}
/**
 * People at the census.
 */
export interface AgeCounts {
  /**
   * Aged 65 and over.
   */
  age_65_plus: number;
  /**
   * Aged 75 and over.
   */
  age_75_plus: number;
  /**
   * Aged 85 and over.
   */
  age_85_plus: number;
  /**
   * Everybody, whatever the age. Can be more than the sum of the classes where the age of
   * some is unknown (年齢不詳).
   */
  total: number;
}
/**
 * An assumption that a figure rests on.
 */
export interface Assumption {
  /**
   * Source, with year.
   */
  source: string;
  /**
   * What it concerns.
   */
  subject: string;
  /**
   * `V`, `D`, `M` or `A`.
   */
  tag: string;
  /**
   * What is assumed, in Japanese.
   */
  text: string;
}
/**
 * A row of `coverage`.
 */
export interface CoverageFigures {
  /**
   * The same people by age; `null` = not loaded.
   */
  ages: AgeCounts1 | null;
  /**
   * Limit in minutes by car; `null` in the rows for the 16 km circle.
   */
  minutes: number | null;
  /**
   * People within reach; `null` = not loaded.
   */
  people: number | null;
  /**
   * Radius in metres of a straight-line row; `null` in the rows for minutes.
   */
  radius_m: number | null;
  /**
   * Service id.
   */
  service: string;
  /**
   * Share of all people within reach, 0–1; `null` = not loaded.
   */
  share: number | null;
}
/**
 * People by the age classes in which demand for home care is counted. Whole persons.
 */
export interface AgeCounts1 {
  /**
   * Aged 65 and over.
   */
  age_65_plus: number;
  /**
   * Aged 75 and over.
   */
  age_75_plus: number;
  /**
   * Aged 85 and over.
   */
  age_85_plus: number;
  /**
   * Everybody, whatever the age. Can be more than the sum of the classes where the age of
   * some is unknown (年齢不詳).
   */
  total: number;
}
/**
 * 訪問診療 demand.
 */
export interface DemandFigures {
  /**
   * Years that the official file gives.
   */
  official_years: number[];
  /**
   * Unit of every figure here.
   */
  unit: string;
  /**
   * Whole prefecture, by fiscal year; years between official ones are interpolated.
   */
  years: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^\d+$".
     */
    [k: string]: number;
  };
  /**
   * Every zone of every plan.
   */
  zones: ZoneDemand[];
}
/**
 * Demand of one zone of one plan.
 */
export interface ZoneDemand {
  /**
   * Demand in that year.
   */
  peak: number;
  /**
   * First year with the highest demand.
   */
  peak_year: number;
  /**
   * Plan id.
   */
  plan: string;
  /**
   * By fiscal year.
   */
  years: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^\d+$".
     */
    [k: string]: number;
  };
  /**
   * Zone id.
   */
  zone: string;
}
/**
 * A row of `floods`.
 */
export interface FloodFigures {
  /**
   * 市区町村コード.
   */
  code: string;
  /**
   * Institutions in the water, in order of id.
   */
  institutions: FloodedInstitution[];
  /**
   * Institutions whose place is known.
   */
  located: number;
  /**
   * Name.
   */
  name: string;
  /**
   * People at the census who live on land under water, by the share of each cell's land.
   */
  people: number;
  /**
   * Those of them where the water is 0.5 m deep or deeper.
   */
  people_half_metre: number;
  /**
   * 計画規模 or 想定最大規模.
   */
  scenario: string;
}
/**
 * An institution in flood water.
 */
export interface FloodedInstitution {
  /**
   * Classes.
   */
  classes: string[];
  /**
   * Depth in words.
   */
  depth: string;
  /**
   * Id.
   */
  id: string;
  /**
   * Name.
   */
  name: string;
  /**
   * How exactly the place is known: the depth at the middle of a town may not be that of the house.
   */
  precision: "corrected" | "point" | "block" | "chome" | "town" | "municipality" | "unlocated";
  /**
   * Rank of the depth, from 1.
   */
  rank: number;
  /**
   * 河川名.
   */
  river: string;
}
/**
 * One of the four functions of home care.
 */
export interface FunctionFigures {
  /**
   * Stable id; verdicts on it bear the same.
   */
  id: string;
  /**
   * Name.
   */
  name: string;
  /**
   * English name.
   */
  name_en: string;
  /**
   * Its parts.
   */
  parts: FunctionPart[];
}
/**
 * A part of a function.
 */
export interface FunctionPart {
  /**
   * Facility classes that bear it.
   */
  classes: string[];
  /**
   * Japanese term, the id everywhere.
   */
  id: string;
  /**
   * English name.
   */
  name_en: string;
  /**
   * Institutions per 100,000 people as published; `null` = nothing is known.
   */
  national: National | null;
  /**
   * Why these.
   */
  source: string;
  /**
   * `V`, `D`, `M` or `A`.
   */
  tag: string;
}
/**
 * Institutions per 100,000 people as published.
 */
export interface National {
  /**
   * Of the prefecture with most.
   */
  highest: number;
  /**
   * Of the prefecture with fewest.
   */
  lowest: number;
  /**
   * Of the country.
   */
  per_100k: number;
  /**
   * Where the values come from.
   */
  source: string;
  /**
   * `V`, `D`, `M` or `A`.
   */
  tag: string;
  /**
   * Year.
   */
  year: number;
}
/**
 * A row of `gaps`.
 */
export interface GapFigures {
  /**
   * People 75+ there who reach none within the travel limit.
   */
  beyond_limit_75_plus: number | null;
  /**
   * Municipality; `null` for a service that was not loaded.
   */
  municipality_code: string | null;
  /**
   * Minutes to the nearest institution anywhere, mean over the people 75+ who can reach one
   * within the travel limit; `null` = nobody can, or not loaded.
   */
  nearest_minutes: number | null;
  /**
   * People aged 75 and over who live there; `null` for a service that was not loaded.
   */
  people_75_plus: number | null;
  /**
   * Service id.
   */
  service: string;
  /**
   * `none` (no institution in this municipality), `unknown` (none that is known to stand here, but
   * the municipality of some institution is not known) or `not loaded` (no file speaks of the service).
   */
  state: string;
}
/**
 * Two indicators of one function, earlier and later in the chain ストラクチャー → プロセス → アウトカム.
 */
export interface AssociationFigures {
  /**
   * Areas of which both numbers may be shown.
   */
  areas: number;
  /**
   * The size that 1 in 20 unrelated pairs exceeds; `null` with fewer than five areas.
   */
  by_chance: number | null;
  /**
   * Position of the earlier one in `indicators`.
   */
  earlier: number;
  /**
   * 退院支援, 日常の療養支援, 急変時の対応 or 看取り.
   */
  function: string;
  /**
   * Position of the later one in `indicators`.
   */
  later: number;
  /**
   * Spearman's rank correlation, −1 to 1; `null` with fewer than five areas or where all values of one
   * indicator are alike.
   */
  rank_correlation: number | null;
}
/**
 * An indicator that the guideline gives as an example.
 */
export interface ExampleFigures {
  /**
   * ストラクチャー, プロセス or アウトカム.
   */
  element: string;
  /**
   * 退院支援, 日常の療養支援, 急変時の対応 or 看取り.
   */
  function: string;
  /**
   * 重点 or 参考.
   */
  importance: string;
  /**
   * What is measured.
   */
  name: string;
  /**
   * Where the example comes from.
   */
  source: string;
  /**
   * `V`, `D`, `M` or `A`.
   */
  tag: string;
  /**
   * Years of the figures of that name in the study, `null` where the file does not tell; empty = not
   * loaded.
   */
  years: (number | null)[];
}
/**
 * A figure that a file tells of areas.
 */
export interface IndicatorFigures {
  /**
   * Whether values of areas may be added.
   */
  adds_up: boolean;
  /**
   * Values of areas, in order of the code of their first municipality.
   */
  areas: IndicatorArea[];
  /**
   * ストラクチャー, プロセス or アウトカム; `null` = not told.
   */
  element: string | null;
  /**
   * File as written in the manifest.
   */
  file: string;
  /**
   * 退院支援, 日常の療養支援, 急変時の対応 or 看取り; `null` = none of them.
   */
  function: string | null;
  /**
   * 重点 or 参考; `null` = not told.
   */
  importance: string | null;
  /**
   * What is measured.
   */
  name: string;
  /**
   * Where it comes from.
   */
  source: string;
  /**
   * Unit, such as 人, 件, %.
   */
  unit: string;
  /**
   * Year of the figures; `null` = the file does not tell.
   */
  year: number | null;
  /**
   * Values of the zones of every plan.
   */
  zones: IndicatorZone[];
}
/**
 * A value of an area.
 */
export interface IndicatorArea {
  /**
   * Its municipalities.
   */
  municipalities: string[];
  /**
   * Name of an area of several municipalities (an insurer); of one municipality its own.
   */
  name: string;
  /**
   * The same for 1,000 people of 75 and over at the census, of what may be added; `null` where the
   * number is not exact.
   */
  per_1000_75_plus: number | null;
  /**
   * `exact`, `at_least`, `one_to_nine`, `withheld` (a small count would follow from a total), `unknown`
   * (not counted, or of an area that is only in part in the zone) or `no_sum` (the unit allows none).
   */
  state: string;
  /**
   * The number; `null` but for `exact` and `at_least`.
   */
  value: number | null;
}
/**
 * A value of a zone.
 */
export interface IndicatorZone {
  /**
   * The same for 1,000 people of 75 and over at the census, of what may be added; `null` where the
   * number is not exact.
   */
  per_1000_75_plus: number | null;
  /**
   * Plan id.
   */
  plan: string;
  /**
   * `exact`, `at_least`, `one_to_nine`, `withheld` (a small count would follow from a total), `unknown`
   * (not counted, or of an area that is only in part in the zone) or `no_sum` (the unit allows none).
   */
  state: string;
  /**
   * The number; `null` but for `exact` and `at_least`.
   */
  value: number | null;
  /**
   * Zone id.
   */
  zone: string;
}
/**
 * One municipality.
 */
export interface MunicipalityFigures {
  /**
   * Who bears each part of the functions here, by id of the part; `null` = not loaded.
   */
  bearers: {
    [k: string]: BearerFigures | null;
  };
  /**
   * 市区町村コード.
   */
  code: string;
  /**
   * 訪問診療 demand in receipts per month, by year.
   */
  demand: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^\d+$".
     */
    [k: string]: number;
  };
  /**
   * Number of institutions of each service in the municipality; `null` = not loaded.
   */
  institutions: {
    [k: string]: number | null;
  };
  /**
   * Name.
   */
  name: string;
  /**
   * Neighbours: a real road that runs only through the two, or a ferry.
   */
  neighbours: string[];
  population: AgeCounts2;
  /**
   * Touches on the map, but has no such road.
   */
  touching_without_road: string[];
}
/**
 * Those of a municipality who bear a part of a function. A filing is readiness, not activity.
 */
export interface BearerFigures {
  /**
   * How many.
   */
  count: number;
  /**
   * The first of them, as many as [`NamingFigures::most`].
   */
  named: NamedInstitution[];
}
/**
 * An institution by its name.
 */
export interface NamedInstitution {
  /**
   * Its id.
   */
  id: string;
  /**
   * Its name.
   */
  name: string;
  /**
   * Place of its class among those of the part; those of an earlier class are named first.
   */
  rank: number;
}
/**
 * People by the age classes in which demand for home care is counted. Whole persons.
 */
export interface AgeCounts2 {
  /**
   * Aged 65 and over.
   */
  age_65_plus: number;
  /**
   * Aged 75 and over.
   */
  age_75_plus: number;
  /**
   * Aged 85 and over.
   */
  age_85_plus: number;
  /**
   * Everybody, whatever the age. Can be more than the sum of the classes where the age of
   * some is unknown (年齢不詳).
   */
  total: number;
}
/**
 * Which names are shown of those who bear a function.
 */
export interface NamingFigures {
  /**
   * So many at most.
   */
  most: number;
  /**
   * Which, in words for people.
   */
  rule: string;
}
/**
 * The road network.
 */
export interface NetworkFigures {
  /**
   * Undirected edges between them.
   */
  edges: number;
  /**
   * Length of all edges, ferries included.
   */
  length_km: number;
  /**
   * Junctions and ends.
   */
  nodes: number;
  /**
   * Cells that could not be linked to a road.
   */
  unlinked_cells: number;
  /**
   * Institutions that could not be linked to a road.
   */
  unlinked_institutions: number;
}
/**
 * A table from one of the prefecture's own lists.
 */
export interface ListTable {
  /**
   * Heads of the columns.
   */
  columns: string[];
  /**
   * `admission_beds`, `patient_flows`, `night_calls`, `continuity_plans`, `targets`, `living_areas`,
   * `care_facility_partners`, `care_facility_partners_of_zones`, `emergency_tools` …
   */
  id: string;
  /**
   * How it is to be understood; empty where there is nothing to say.
   */
  note: string;
  /**
   * Rows with a cell for each column.
   */
  rows: ListCell[][];
  /**
   * What it says.
   */
  title: string;
}
/**
 * One plan.
 */
export interface PlanFigures {
  /**
   * Zone of each municipality.
   */
  assignment: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[0-9]{5}$".
     */
    [k: string]: string;
  };
  /**
   * Verdicts for the plan as a whole; `fail` if any zone fails. Empty when there is no plan.
   */
  audit: Verdict[];
  /**
   * Proof of optimality; `null` for a plan that no optimiser made.
   */
  certificate: CertificateFigures | null;
  /**
   * The same figures for every plan; `null` when an optimiser found that there is no plan.
   */
  figures: Figures | null;
  /**
   * Stable id (`municipalities`, `hokenjo`, `secondary`, `proposal-municipalities`, `proposal-hokenjo`).
   */
  id: string;
  /**
   * `baseline` or `proposal`.
   */
  kind: string;
  /**
   * Name in Japanese.
   */
  name: string;
  /**
   * Name in English.
   */
  name_en: string;
  /**
   * How its zones divide the areas of every system, loaded or not; empty when there is no plan.
   */
  splits: SplitFigures[];
  /**
   * Zones in order of id.
   */
  zones: ZoneFigures[];
}
/**
 * A verdict of the audit (rules of the rule table) or of the independent checker (rules of the question).
 */
export interface Verdict {
  /**
   * The clause it comes from; for the checker the zone that is judged.
   */
  clause: string;
  /**
   * Why, for people, in Japanese.
   */
  reason: string;
  /**
   * Id of the rule.
   */
  rule: string;
  /**
   * `pass`, `fail` or `unknown`.
   */
  verdict: string;
}
/**
 * Proof that a proposal is the best one.
 */
export interface CertificateFigures {
  /**
   * Proven lower bound.
   */
  bound: number | null;
  /**
   * Verdicts of the independent checker; empty only when there is no plan.
   */
  checker: Verdict[];
  /**
   * (objective − bound) ÷ objective.
   */
  gap: number | null;
  /**
   * SHA-256 of the model.
   */
  model_sha256: string;
  /**
   * Branch-and-bound nodes.
   */
  nodes: number;
  /**
   * Objective: demand-weighted minutes, receipts × minutes per month; `null` = no plan.
   */
  objective: number | null;
  /**
   * Rounds of separating cuts.
   */
  rounds: number;
  /**
   * What the model asks for, in Japanese.
   */
  statement: string;
  /**
   * `optimal`, `infeasible` …
   */
  status: string;
}
/**
 * The table of figures by which plans and zones are compared.
 */
export interface Figures {
  /**
   * Candidates for 積極的役割を担う医療機関 (classes of the rule table); `null` = not loaded.
   */
  active_candidates: number | null;
  /**
   * Listed 積極的役割を担う医療機関; `null` = list not loaded.
   */
  active_listed: number | null;
  /**
   * The same in 2040; `null` when the official series does not reach that year.
   */
  demand_2040: number | null;
  /**
   * 訪問診療 demand in receipts per month in the first official year.
   */
  demand_first: number;
  /**
   * Institutions by service; `null` = not loaded.
   */
  institutions: {
    [k: string]: number | null;
  };
  /**
   * Candidates for 連携拠点; `null` = not loaded.
   */
  linkage_candidates: number | null;
  /**
   * Listed 連携拠点; `null` = list not loaded.
   */
  linkage_listed: number | null;
  /**
   * Demand-weighted mean minutes from the nearest 24-hour visiting institution of the same zone;
   * `null` = none of the demand is within reach, or not loaded.
   */
  mean_minutes_in_zone: number | null;
  /**
   * Number of municipalities.
   */
  municipalities: number;
  /**
   * First year with the highest demand.
   */
  peak_year: number;
  population: AgeCounts3;
  /**
   * Share of demand within 30 minutes of a 24-hour visiting institution of the same zone, 0–1;
   * `null` = not loaded, or travel times are cut earlier.
   */
  share_30_minutes_in_zone: number | null;
  /**
   * Share of demand that no 24-hour visiting institution of the same zone reaches within the
   * travel limit; `null` = not loaded.
   */
  share_unreached_in_zone: number | null;
  /**
   * Lowest zone demand in the first official year.
   */
  smallest_zone_demand: number;
  /**
   * Number of zones.
   */
  zones: number;
}
/**
 * People by the age classes in which demand for home care is counted. Whole persons.
 */
export interface AgeCounts3 {
  /**
   * Aged 65 and over.
   */
  age_65_plus: number;
  /**
   * Aged 75 and over.
   */
  age_75_plus: number;
  /**
   * Aged 85 and over.
   */
  age_85_plus: number;
  /**
   * Everybody, whatever the age. Can be more than the sum of the classes where the age of
   * some is unknown (年齢不詳).
   */
  total: number;
}
/**
 * How the zones of a plan divide the areas of a system (保健所, 消防本部 …). No rule says that they may not.
 */
export interface SplitFigures {
  /**
   * Number of its areas; `null` = not loaded.
   */
  areas: number | null;
  /**
   * The areas that lie in more than one zone, in order of code.
   */
  divided: DividedArea[];
  /**
   * The system, as people call it.
   */
  system: string;
  /**
   * Municipalities of which no table tells the area: more areas may be divided.
   */
  untold: string[];
}
/**
 * An area that lies in more than one zone.
 */
export interface DividedArea {
  /**
   * Code, or the name where there is none.
   */
  code: string;
  /**
   * Name.
   */
  name: string;
  /**
   * Ids of the zones, in order.
   */
  zones: string[];
}
/**
 * One zone of a plan.
 */
export interface ZoneFigures {
  /**
   * Verdicts for this zone.
   */
  audit: Verdict[];
  /**
   * Colour class 0–7 so that neighbouring zones differ.
   */
  colour: number;
  /**
   * The independent checker's word on contiguity.
   */
  contiguous: boolean;
  figures: Figures1;
  /**
   * Stable id within the plan.
   */
  id: string;
  /**
   * Institution that leads the zone, where the optimiser chose one.
   */
  lead_institution: string | null;
  /**
   * Its municipalities, in order of code.
   */
  municipalities: string[];
  /**
   * Name for people.
   */
  name: string;
}
/**
 * The table of figures by which plans and zones are compared.
 */
export interface Figures1 {
  /**
   * Candidates for 積極的役割を担う医療機関 (classes of the rule table); `null` = not loaded.
   */
  active_candidates: number | null;
  /**
   * Listed 積極的役割を担う医療機関; `null` = list not loaded.
   */
  active_listed: number | null;
  /**
   * The same in 2040; `null` when the official series does not reach that year.
   */
  demand_2040: number | null;
  /**
   * 訪問診療 demand in receipts per month in the first official year.
   */
  demand_first: number;
  /**
   * Institutions by service; `null` = not loaded.
   */
  institutions: {
    [k: string]: number | null;
  };
  /**
   * Candidates for 連携拠点; `null` = not loaded.
   */
  linkage_candidates: number | null;
  /**
   * Listed 連携拠点; `null` = list not loaded.
   */
  linkage_listed: number | null;
  /**
   * Demand-weighted mean minutes from the nearest 24-hour visiting institution of the same zone;
   * `null` = none of the demand is within reach, or not loaded.
   */
  mean_minutes_in_zone: number | null;
  /**
   * Number of municipalities.
   */
  municipalities: number;
  /**
   * First year with the highest demand.
   */
  peak_year: number;
  population: AgeCounts3;
  /**
   * Share of demand within 30 minutes of a 24-hour visiting institution of the same zone, 0–1;
   * `null` = not loaded, or travel times are cut earlier.
   */
  share_30_minutes_in_zone: number | null;
  /**
   * Share of demand that no 24-hour visiting institution of the same zone reaches within the
   * travel limit; `null` = not loaded.
   */
  share_unreached_in_zone: number | null;
  /**
   * Lowest zone demand in the first official year.
   */
  smallest_zone_demand: number;
  /**
   * Number of zones.
   */
  zones: number;
}
/**
 * People at the census.
 */
export interface PopulationFigures {
  /**
   * Aged 65 and over.
   */
  age_65_plus: number;
  /**
   * Aged 75 and over.
   */
  age_75_plus: number;
  /**
   * Aged 85 and over.
   */
  age_85_plus: number;
  /**
   * Everybody, whatever the age. Can be more than the sum of the classes where the age of
   * some is unknown (年齢不詳).
   */
  total: number;
  /**
   * Census year.
   */
  year: number;
}
/**
 * A row of `population_by_year`. A class of age that no file tells is `null`.
 */
export interface PopulationYear {
  /**
   * Aged 15 to 64.
   */
  age_15_64: number | null;
  /**
   * Aged 65 and over.
   */
  age_65_plus: number;
  /**
   * Aged 75 and over.
   */
  age_75_plus: number | null;
  /**
   * Aged 85 and over.
   */
  age_85_plus: number | null;
  /**
   * Aged 0 to 14.
   */
  age_under_15: number | null;
  /**
   * 市区町村コード; `07999` is 福島浜通り, 13 municipalities that are projected together.
   */
  code: string;
  /**
   * Name.
   */
  name: string;
  /**
   * True = projected (社人研), its base year included; false = from the mesh of a census.
   */
  projected: boolean;
  /**
   * Everybody.
   */
  total: number;
  /**
   * Year.
   */
  year: number;
}
/**
 * One service.
 */
export interface ServiceFigures {
  /**
   * Classes that provide it.
   */
  classes: string[];
  /**
   * `visit` (provider to home) or `receive` (home to hospital).
   */
  direction: string;
  /**
   * Japanese term, used as id everywhere.
   */
  id: string;
  /**
   * Number of institutions; `null` = not loaded.
   */
  institutions: number | null;
  /**
   * False = not loaded.
   */
  loaded: boolean;
  /**
   * English name.
   */
  name_en: string;
  /**
   * Those of them without a road, whose reach is therefore not counted; `null` = not loaded.
   */
  unlinked: number | null;
  /**
   * Those of them of which not even the municipality is known; `null` = not loaded.
   */
  unlocated: number | null;
}
/**
 * What was planned, from what.
 */
export interface StudyFigures {
  /**
   * State of the facility files.
   */
  as_of: string;
  /**
   * West, south, east, north in degrees.
   *
   * @minItems 4
   * @maxItems 4
   */
  bounds: [number, number, number, number];
  /**
   * Every file that was read.
   */
  inputs: Input[];
  /**
   * True for the invented demonstration prefecture.
   */
  invented: boolean;
  /**
   * 都道府県コード.
   */
  prefecture_code: string;
  /**
   * Name of the prefecture.
   */
  prefecture_name: string;
  /**
   * Version of the program that computed this.
   */
  program_version: string;
}
/**
 * One input file and what became of its rows: `rows_read = rows_stored + rows_quarantined`.
 */
export interface Input {
  /**
   * What outputs must say of the file, from the manifest, where it is not what they say of the kind.
   */
  attribution: string | null;
  /**
   * State of the data, from the manifest (`2025-09-01`), if given.
   */
  date: string | null;
  /**
   * Path as written in the manifest.
   */
  file: string;
  /**
   * What the file is.
   */
  kind:
    | "n03_boundary"
    | "area_membership"
    | "a38_medical_area"
    | "census_mesh"
    | "future_mesh"
    | "ipss_projection"
    | "todokede"
    | "iryo_joho_net"
    | "p04_medical"
    | "p14_welfare"
    | "a31a_flood"
    | "institution_codes"
    | "code_contents"
    | "kaigo_jigyosho"
    | "care_need"
    | "town_points"
    | "town_master"
    | "town_positions"
    | "municipality_master"
    | "municipality_points"
    | "home_demand"
    | "area_flows"
    | "active_institutions"
    | "linkage_hubs"
    | "cohort_counts"
    | "own_figures"
    | "opening_hours"
    | "rota"
    | "rota_limits"
    | "living_areas"
    | "admission_beds"
    | "continuity_plans"
    | "targets"
    | "night_calls"
    | "care_facility_partners"
    | "emergency_tools"
    | "patient_flows"
    | "code_changes"
    | "position_corrections"
    | "identity_decisions"
    | "stopped_institutions"
    | "roads_osm";
  /**
   * Conditions of use, from the manifest, where they are not those of the kind.
   */
  licence: string | null;
  /**
   * Rows that could not be used; each has a finding.
   */
  rows_quarantined: number;
  /**
   * Rows (features, ways) in the file.
   */
  rows_read: number;
  /**
   * Rows that went into the study, or that were recognised as being of another prefecture.
   */
  rows_stored: number;
  /**
   * SHA-256 of the file's bytes, in hexadecimal.
   */
  sha256: string;
}
