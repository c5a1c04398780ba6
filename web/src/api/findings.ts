/** Types of `findings.json`, as `src/publish/summary.rs` and `src/ingest/finding.rs` write it. */

export type Severity = "quarantined" | "warning" | "note";

export interface Findings {
  findings: Finding[];
}

export interface Finding {
  severity: Severity;
  kind: string;
  file: string;
  layer?: string | null;
  row?: number | null;
  field?: string | null;
  said: string;
  meant: string;
}
