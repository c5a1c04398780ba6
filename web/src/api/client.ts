import type { FeatureCollection } from "geojson";
import type { Conditions } from "../model/conditions";
import { type DemandCells, demandCellsPath, demandPath, type Outlook } from "./demand";
import { type Contours, type Direction, isochronePath, type Origin } from "./reach";
import {
  type Change,
  type Model,
  type ShortageList,
  type ShortCells,
  type Siting,
  shortagePath,
  shortCellsPath,
  sitingPath,
  startPath,
  stopPath,
} from "./shortage";
import type { Findings, Quality, Summary } from "./types";
import {
  type Rota,
  rotaPath,
  type SlotName,
  type Week,
  type WeekCells,
  weekCellsPath,
  weekPath,
} from "./week";

/** Why the server's answer could not be used. */
export class ApiError extends Error {
  /**
   * @param path what was asked for
   * @param status HTTP status, or `null` when no answer came
   * @param detail the server's own words
   */
  constructor(
    readonly path: string,
    readonly status: number | null,
    readonly detail: string,
  ) {
    super(`${path}: ${status ?? "no answer"} ${detail}`);
  }
}

/** The server's answer as JSON, or why there is none. */
export async function json<T>(
  path: string,
  fetcher: typeof fetch,
  { headers, ...how }: RequestInit = {},
): Promise<T> {
  let answer: Response;
  try {
    answer = await fetcher(path, { ...how, headers: { accept: "application/json", ...headers } });
  } catch (cause) {
    throw new ApiError(path, null, String(cause));
  }
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    const said = body && typeof body === "object" && "error" in body ? String(body.error) : "";
    throw new ApiError(path, answer.status, said || answer.statusText);
  }
  if (body === null) throw new ApiError(path, answer.status, "not JSON");
  return body as T;
}

/** Every headline figure of the study. */
export const loadSummary = (fetcher: typeof fetch = fetch) => json<Summary>("api/summary", fetcher);

/** Everything doubtful in the data. */
export const loadFindings = (fetcher: typeof fetch = fetch) =>
  json<Findings>("api/findings", fetcher);

/** What was looked for in the data, and what became of every row. */
export const loadQuality = (fetcher: typeof fetch = fetch) => json<Quality>("api/quality", fetcher);

/** A published layer as GeoJSON. */
export const loadLayer = (layer: string, fetcher: typeof fetch = fetch) =>
  json<FeatureCollection>(`files/layers/${layer}.geojson`, fetcher);

/** What is reached from (or reaches) a place within each of some limits. */
export const loadContours = (
  origin: Origin,
  direction: Direction,
  minutes: readonly number[],
  conditions: Conditions,
  fetcher: typeof fetch = fetch,
) => json<Contours>(isochronePath(origin, direction, minutes, conditions), fetcher);

/** Whom a service does not reach well, and why: the list and the cells of the map. */
export const loadShortage = (service: string, conditions: Conditions) =>
  Promise.all([
    json<ShortageList>(shortagePath(service, conditions), fetch),
    json<ShortCells>(shortCellsPath(service, conditions), fetch),
  ]);

/** Where added providers would help most; `null` where that is unknown. */
export const loadSiting = async (service: string, model: Model, sites: number, of: Conditions) =>
  (await json<{ siting: Siting | null }>(sitingPath(service, model, sites, of), fetch)).siting;

/** What stops with an institution, for each of its services. */
export const loadStop = async (facility: string, conditions: Conditions) =>
  (await json<{ changes: Change[] }>(stopPath(facility, conditions), fetch)).changes;

/** What a service from a place would change. */
export const loadStart = async (service: string, origin: Origin, conditions: Conditions) =>
  (await json<{ changes: Change[] }>(startPath(service, origin, conditions), fetch)).changes;

/** Who is there in each band of each day, and whom nobody reaches. */
export const loadWeek = (online: boolean, conditions: Conditions) =>
  json<Week>(weekPath(online, conditions), fetch);

/** The cells of one slot. */
export const loadWeekCells = (
  service: string,
  slot: Pick<SlotName, "day" | "band">,
  online: boolean,
  conditions: Conditions,
) => json<WeekCells>(weekCellsPath(service, slot, online, conditions), fetch);

/** A fair rota; `null` where those that would take the duties were not loaded. */
export const loadRota = async (conditions: Conditions) =>
  (await json<{ rota: Rota | null }>(rotaPath(conditions), fetch)).rota;

/** Demand of a layer by zone and year, and the workforce against it. */
export const loadOutlook = (layer: string, zones: readonly (readonly string[])[]) =>
  json<Outlook>(demandPath(layer, zones), fetch);

/** Demand of a layer by cell in a year. */
export const loadDemandCells = (layer: string, year: number) =>
  json<DemandCells>(demandCellsPath(layer, year), fetch);
