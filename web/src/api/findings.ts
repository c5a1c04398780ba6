/** Made by `npm run types` from docs/findings.schema.json. Do not edit. */

/**
 * `findings.json`.
 */
export interface Findings {
  /**
   * All findings, in the order in which they were met.
   */
  findings: Finding[];
}
/**
 * One doubtful thing: where it is, what the file says, what was expected or assumed.
 */
export interface Finding {
  /**
   * Column or attribute.
   */
  field: string | null;
  /**
   * File as written in the manifest; empty when the finding is about the study as a whole.
   */
  file: string;
  /**
   * Kind of finding as a stable word (`unknown_town`, `suppressed_cell` …).
   */
  kind: string;
  /**
   * Sheet, layer or archive member, where there is one.
   */
  layer: string | null;
  /**
   * What it means for the study, in Japanese, for people.
   */
  meant: string;
  /**
   * Where it is on the map: longitude and latitude in degrees.
   *
   * @minItems 2
   * @maxItems 2
   */
  place: [number, number] | null;
  /**
   * Row counted from 1 as people see it.
   */
  row: number | null;
  /**
   * What the file says.
   */
  said: string;
  /**
   * How much it matters.
   */
  severity: "quarantined" | "warning" | "note";
}
