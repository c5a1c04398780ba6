/** Made by `npm run types` from docs/quality.schema.json. Do not edit. */

/**
 * The report on the data of a study.
 */
export interface Quality {
  counts: Counts;
  /**
   * Every file with what became of its rows.
   */
  inputs: InputFigures[];
  /**
   * What was looked for, in the order in which it is shown; those without a finding too.
   */
  topics: TopicFigures[];
}
/**
 * All findings by severity.
 */
export interface Counts {
  /**
   * For information.
   */
  note: number;
  /**
   * Rows that were set aside.
   */
  quarantined: number;
  /**
   * Used, but somebody should look.
   */
  warning: number;
}
/**
 * One file: `rows_read = rows_stored + rows_quarantined`.
 */
export interface InputFigures {
  /**
   * Whether the three agree.
   */
  conserved: boolean;
  counts: Counts1;
  /**
   * State of the data; `null` = not told.
   */
  date: string | null;
  /**
   * Path as written in the manifest.
   */
  file: string;
  /**
   * What it is.
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
   * Conditions of use: of the file, else of its kind; `null` = the prefecture's own.
   */
  licence: string | null;
  /**
   * Japanese name of the kind.
   */
  name: string;
  /**
   * Rows that were set aside.
   */
  rows_quarantined: number;
  /**
   * Rows in the file.
   */
  rows_read: number;
  /**
   * Rows that were used.
   */
  rows_stored: number;
}
/**
 * Findings of the file.
 */
export interface Counts1 {
  /**
   * For information.
   */
  note: number;
  /**
   * Rows that were set aside.
   */
  quarantined: number;
  /**
   * Used, but somebody should look.
   */
  warning: number;
}
/**
 * Findings that mean the same for an office.
 */
export interface TopicFigures {
  counts: Counts2;
  /**
   * Stable word.
   */
  id: string;
  /**
   * The kinds of finding that were met, in order of their words.
   */
  kinds: KindFigures[];
  /**
   * What it means, in Japanese.
   */
  meaning: string;
  /**
   * The same in English.
   */
  meaning_en: string;
  /**
   * Japanese name.
   */
  name: string;
  /**
   * English name.
   */
  name_en: string;
  /**
   * What can be done, in Japanese.
   */
  todo: string;
  /**
   * The same in English.
   */
  todo_en: string;
}
/**
 * By severity.
 */
export interface Counts2 {
  /**
   * For information.
   */
  note: number;
  /**
   * Rows that were set aside.
   */
  quarantined: number;
  /**
   * Used, but somebody should look.
   */
  warning: number;
}
/**
 * Findings of one kind.
 */
export interface KindFigures {
  counts: Counts3;
  /**
   * By file, in order; the empty name is the study as a whole.
   */
  files: {
    [k: string]: number;
  };
  /**
   * Stable word, as in the findings.
   */
  kind: string;
  /**
   * Japanese name.
   */
  name: string;
  /**
   * How many have a place on the map.
   */
  placed: number;
}
/**
 * By severity.
 */
export interface Counts3 {
  /**
   * For information.
   */
  note: number;
  /**
   * Rows that were set aside.
   */
  quarantined: number;
  /**
   * Used, but somebody should look.
   */
  warning: number;
}
