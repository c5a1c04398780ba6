/** Colours of the eight zone classes, after Okabe and Ito (2008), darkened where outlines need it. */
export const ZONE_FILLS = [
  "#e69f00",
  "#56b4e9",
  "#009e73",
  "#f0e442",
  "#0072b2",
  "#d55e00",
  "#cc79a7",
  "#8c8c8c",
] as const;

/** Outlines of the same classes: at least 3:1 against the land. */
export const ZONE_LINES = [
  "#9a6700",
  "#1f7db5",
  "#00785a",
  "#7d7400",
  "#005a8f",
  "#b04a00",
  "#a34f80",
  "#5c5c5c",
] as const;

/** Fill of a colour class; classes beyond the palette start again. */
export const zoneFill = (colour: number) =>
  ZONE_FILLS[Math.abs(Math.trunc(colour)) % ZONE_FILLS.length] as string;

/** Outline of a colour class. */
export const zoneLine = (colour: number) =>
  ZONE_LINES[Math.abs(Math.trunc(colour)) % ZONE_LINES.length] as string;

/** Inks and grounds of the screen; `styles.css` uses the same values. */
export const UI = {
  ground: "#ffffff",
  panel: "#f7f7f5",
  ink: "#1c2429",
  quiet: "#55616a",
  header: "#1f3a4d",
  accent: "#0b5a8a",
  better: "#00674e",
  worse: "#a83a00",
  unknown: "#5f5f5f",
  land: "#fbfbf9",
  outside: "#eceeef",
  shortage: "#b3401b",
  beyondCircle: "#e8a35c",
  changed: "#c2185b",
  closed: "#1c2429",
  finding: "#f0b400",
} as const;
