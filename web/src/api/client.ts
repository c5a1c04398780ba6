import type { FeatureCollection } from "geojson";
import { type Contours, type Direction, isochronePath, type Origin } from "./reach";
import type { Findings, Summary } from "./types";

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

/** A published layer as GeoJSON. */
export const loadLayer = (layer: string, fetcher: typeof fetch = fetch) =>
  json<FeatureCollection>(`files/layers/${layer}.geojson`, fetcher);

/** What is reached from (or reaches) a place within each of some limits. */
export const loadContours = (
  origin: Origin,
  direction: Direction,
  minutes: readonly number[],
  fetcher: typeof fetch = fetch,
) => json<Contours>(isochronePath(origin, direction, minutes), fetcher);
