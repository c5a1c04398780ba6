import type { ExpressionSpecification } from "maplibre-gl";

/** Upper ends in minutes of the classes of the travel-time scale; always the same. */
export const MINUTE_BREAKS = [15, 30, 45, 60] as const;

/** Fill of each class, from near to far: sequential, told apart by lightness alone. */
export const MINUTE_COLOURS = ["#fff0a0", "#8fcba8", "#3c9fb5", "#2d68a6", "#262c74"] as const;

/** Cells that no road joins: hatched with this ink, never a colour of the scale. */
export const UNKNOWN_INK = "#6b6b6b";

/**
 * The class of a travel time: 0 for up to 15 minutes, … 4 for more than 60.
 * Absent minutes of a linked cell lie beyond the travel limit, hence in the last class.
 */
export function minuteClass(minutes: number | null | undefined): number {
  if (minutes === null || minutes === undefined) return MINUTE_BREAKS.length;
  const at = MINUTE_BREAKS.findIndex((limit) => minutes <= limit);
  return at < 0 ? MINUTE_BREAKS.length : at;
}

/** The scale as a map expression over the property `minutes:<service>` of a cell. */
export function minuteFill(service: string): ExpressionSpecification {
  const minutes: ExpressionSpecification = ["get", `minutes:${service}`];
  const cases = MINUTE_BREAKS.flatMap((limit, at) => [
    ["<=", minutes, limit] as ExpressionSpecification,
    MINUTE_COLOURS[at] as string,
  ]);
  const beyond = MINUTE_COLOURS[MINUTE_COLOURS.length - 1] as string;
  return [
    "case",
    ["!", ["has", `minutes:${service}`]],
    beyond,
    ...cases,
    beyond,
  ] as unknown as ExpressionSpecification;
}

/** Change of demand since the first year as an index (first year = 100), in fixed classes. */
export const DEMAND_BREAKS = [90, 100, 115, 130, 150] as const;

/** From falling (brown) over steady to rising (purple); safe for the colour-blind. */
export const DEMAND_COLOURS = [
  "#b5651d",
  "#f1b96b",
  "#ece7f2",
  "#b7abd6",
  "#8268b0",
  "#4a2a80",
] as const;

/** Upper ends of the classes of the demand of a cell. */
export const CELL_DEMAND_BREAKS = [0.1, 0.5, 1, 2, 5, 10] as const;

/** Fill of each class, from little to much; told apart by lightness alone. */
export const CELL_DEMAND_COLOURS = [
  "#f7f4fa",
  "#ddd6ea",
  "#b7abd6",
  "#9a83c3",
  "#7a57a8",
  "#572f87",
  "#33105a",
] as const;

/** Fill of a cell by its demand. */
export const demandCellFill = [
  "step",
  ["get", "demand"],
  CELL_DEMAND_COLOURS[0],
  ...CELL_DEMAND_BREAKS.flatMap((limit, at) => [limit, CELL_DEMAND_COLOURS[at + 1]]),
] as unknown as ExpressionSpecification;

/** The class of a demand index. */
export function demandClass(index: number): number {
  const at = DEMAND_BREAKS.findIndex((limit) => index < limit);
  return at < 0 ? DEMAND_BREAKS.length : at;
}
