import type { FeatureCollection } from "geojson";
import { ApiError, json } from "./client";
import type { PlanFigures, Verdict, ZoneDemand } from "./types";

/** Whether a rule may be broken, or does not count. */
export type Strength = "hard" | "soft" | "off";

/** A rule of the dated table, as the planner may change it. */
export interface Rule {
  id: string;
  name: string;
  strength: Strength;
  /** If it is soft: receipts × minutes per month for each unit of breach. */
  weight: number | null;
  asks: { kind: string; [limit: string]: unknown };
  /** Asked only of the zones that hold one of these places; absent = of every zone. */
  zones_with?: string[];
  /** Asked only of the zones that hold none of these places. */
  zones_without?: string[];
  source: string;
  tag: string;
}

/** What there should be little of in a plan. */
export interface Aim {
  kind: string;
  [of: string]: unknown;
}

/** Zones for patients of their own, with their demand and providers; what is absent is as in 在宅医療圏. */
export interface Overlay {
  id: string;
  name_en: string;
  demand: { kind: string; [of: string]: unknown } | null;
  providers:
    | { kind: "service"; service: string }
    | { kind: "named"; institutions: string[] }
    | null;
  needs_hub: boolean;
  beyond: boolean;
  least_demand: number | null;
  travel_limit_minutes: number | null;
  travel_share: number | null;
  source: string;
  tag: string;
}

/** What the optimiser is asked. Whatever the screen does not offer stays as the server gave it. */
export interface ProposalRequest {
  asked: {
    zones_least: number;
    zones_most: number | null;
    rule: Rule[];
    /** One after the other by order; without any, travel. */
    objective: { order: number; weight: number; of: Aim }[];
  };
  /** Absent = 在宅医療圏. */
  overlay?: Overlay | null;
  units: string;
  /** Text of a CSV with the planner's own units, instead. */
  unit_table?: string | null;
  /** Text of a CSV with neighbours added and cut. */
  neighbour_table?: string | null;
  best: number;
  by_zone_count: boolean;
  /** Compromises between these are asked for. */
  front: Aim[];
  seed: number;
  node_limit: number;
}

/** What may be asked. */
export interface Choices {
  version: string;
  rules: Rule[];
  overlays: Overlay[];
  defaults: ProposalRequest;
}

/** A zone of a plan of an answer. */
export interface ToldZone {
  municipalities: string[];
  names: string[];
  /** Units that bring parts of municipalities. */
  parts?: string[];
  lead: string | null;
  /** In an overlay: who serves each unit, the nearest first. */
  served?: { unit: string; institutions: { institution: string; minutes: number | null }[] }[];
  /** Patients as they may be shown. */
  people?: string;
}

/** What an overlay rests on, in words. */
export interface ToldOverlay {
  overlay: string;
  /** The unit of demand × minutes. */
  minutes: string;
  demand: string;
  providers: string;
  beyond: string[];
  assumptions: string[];
}

/** A plan with its proof, or the proof that there is none. */
export interface Told {
  title: string;
  status: "optimal" | "infeasible" | "node_limit" | "interrupted";
  objective_receipt_minutes: number | null;
  bound_receipt_minutes: number | null;
  gap: number | null;
  nodes: number;
  rounds: number;
  model_sha256: string;
  reasons: string[];
  zones: ToldZone[];
  broken_rules: string[];
}

/** What is proven of one objective. */
export interface Goal {
  goal: string;
  unit: string;
  value: number | null;
  bound: number | null;
  status: Told["status"];
}

/** Compromises between objectives that no other plan beats. */
export interface Front {
  /** Names of the objectives. */
  goals: string[];
  compromises: { values: number[]; zones: ToldZone[] }[];
  /** Where others may lie; empty = these are proven to be all. */
  open: unknown[];
}

/** The answer of a proposal. */
export interface Answer {
  notices: string[];
  best: Told;
  goals?: Goal[];
  front?: Front;
  conflict?: {
    rules: string[];
    /** The least change of each limit with which there is a plan. */
    hints?: string[];
    nearest: Told;
    /** Parts without connection to each other, each for itself. */
    parts?: { units: string[]; status: Told["status"]; reasons: string[]; zones: ToldZone[] }[];
  };
  plans?: Told[];
  by_zone_count?: Told[];
  overlay?: ToldOverlay;
  /** The planner's own units, with what became of the rows of the tables. */
  units?: {
    units: { name: string }[];
    tables: {
      file: string;
      findings: { row: number | null; said: string; meant: string }[];
    }[];
  };
}

/** The answer of a repair. */
export interface Repaired {
  /** `null` = no plan keeps the rules, or none was found. */
  moves: number | null;
  is_proven: boolean;
  plan: Told;
}

/** How far a job is. */
export interface Job<T> {
  id: string;
  stage: "waiting" | "running" | "done" | "failed" | "stopped";
  phase: string | null;
  objective_receipt_minutes: number | null;
  bound_receipt_minutes: number | null;
  gap: number | null;
  /** Of a repair: moves so far, and how few are not yet excluded. */
  moves: number | null;
  moves_bound: number | null;
  nodes: number;
  plans: number;
  is_stopping: boolean;
  problem: string | null;
  answer?: T | null;
}

/** Zones as codes of their municipalities, and the rules by which they are judged. */
export interface Drawing {
  request: ProposalRequest;
  zones: string[][];
}

/** What the independent checker and the figures say of a drawing. */
export interface Judged {
  accepts: boolean;
  verdicts: Verdict[];
  statement: string;
  model_sha256: string;
  plan: PlanFigures;
  demand: ZoneDemand[];
}

const post = <T>(path: string, body: unknown, fetcher: typeof fetch = fetch) =>
  json<T>(path, fetcher, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** The rules that may be chosen. */
export const loadChoices = () => json<Choices>("api/rules", fetch);

/** Asks for the best zones; a job. */
export const propose = (request: ProposalRequest) => post<Job<Answer>>("api/proposals", request);

/** Asks for the fewest moves that mend a drawing; a job. */
export const repair = (drawing: Drawing) => post<Job<Repaired>>("api/plans/repair", drawing);

/** What is said of a drawing. */
export const check = (drawing: Drawing) => post<Judged>("api/plans/check", drawing);

/** The land of a drawing's zones. */
export const loadShapes = (drawing: Drawing) =>
  post<FeatureCollection>("api/plans/shapes", drawing);

/** Asks a job to end with what it has. */
export const stop = (id: string) =>
  json<Job<unknown>>(`api/proposals/${id}`, fetch, { method: "DELETE" });

/** The states in a text of server-sent events, and what is left of it. */
export function readEvents<T>(text: string): [Job<T>[], string] {
  const blocks = text.split("\n\n");
  const rest = blocks.pop() ?? "";
  const states = blocks.flatMap((block) => {
    const data = block
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length));
    return data.length === 0 ? [] : [JSON.parse(data.join("\n")) as Job<T>];
  });
  return [states, rest];
}

/** Hears how far a job is until it is over; gives its last state, with the answer. */
export async function follow<T>(id: string, hear: (job: Job<T>) => void): Promise<Job<T>> {
  const path = `api/proposals/${id}/events`;
  const stream = await fetch(path).catch((cause) => {
    throw new ApiError(path, null, String(cause));
  });
  if (!stream.ok || !stream.body) throw new ApiError(path, stream.status, stream.statusText);
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const [states, rest] = readEvents<T>(text + value);
    text = rest;
    for (const state of states) hear(state);
  }
  return json<Job<T>>(`api/proposals/${id}`, fetch);
}
