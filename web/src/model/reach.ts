import type { Contours, Direction, Origin } from "../api/reach";
import { MINUTE_BREAKS, MINUTE_COLOURS } from "./classes";

/** Limits of the contours in minutes: the classes of the travel-time scale. */
export const REACH_LIMITS = MINUTE_BREAKS;

/** Fill of what is reached within a limit: that of its class, so that the scale is always the same. */
export const reachColour = (minutes: number): string =>
  MINUTE_COLOURS[(REACH_LIMITS as readonly number[]).indexOf(minutes)] ?? MINUTE_COLOURS[0];

/** A place whose reach is shown. */
export interface Reach {
  origin: Origin;
  direction: Direction;
  /** `null` while the server computes, or when it could not. */
  contours: Contours | null;
  /** The server's words when it could not. */
  problem: string | null;
}
