import type { ExpressionSpecification } from "maplibre-gl";

/** Why a place is short of a service, the gravest first. */
export const CAUSES = [
  "none_in_circle",
  "none_in_minutes",
  "not_at_night",
  "one_institution",
  "capacity",
] as const;
export type Cause = (typeof CAUSES)[number];

/** The graver, the darker; told apart without red and green. */
export const CAUSE_COLOURS: Record<Cause, string> = {
  none_in_circle: "#3b0f51",
  none_in_minutes: "#b3401b",
  not_at_night: "#2f7fc1",
  one_institution: "#eba93b",
  capacity: "#f6e8b1",
};

/** Cells without a cause. */
export const NO_CAUSE = "#e6eeea";

/** Fill by the number of institutions behind a home: 0, 1, 2, 3 and more. */
export const DEPTH_COLOURS = ["#262c74", "#3f7db5", "#8fcba8", "#fbf4c4"] as const;

/** Fill of a cell by its gravest cause. */
export const causeFill = [
  "match",
  ["get", "cause"],
  ...CAUSES.flatMap((cause) => [cause, CAUSE_COLOURS[cause]]),
  NO_CAUSE,
] as unknown as ExpressionSpecification;

/** Fill of a cell by the number of institutions. */
export const depthFill = [
  "step",
  ["get", "institutions"],
  DEPTH_COLOURS[0],
  ...DEPTH_COLOURS.slice(1).flatMap((colour, at) => [at + 1, colour]),
] as unknown as ExpressionSpecification;

export const isCause = (word: string): word is Cause => CAUSES.some((one) => one === word);
