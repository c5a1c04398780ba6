import type { Lang } from "../i18n";
import { type Conditions, NORMAL } from "../model/conditions";
import { FACILITY_KINDS, type FacilityKind } from "../model/facilities";

/** What figures are shown of. */
export type Selection =
  | { kind: "prefecture" }
  | { kind: "zone"; id: string }
  | { kind: "municipality"; id: string }
  | { kind: "cell"; id: string }
  | { kind: "facility"; id: string }
  | { kind: "finding"; id: string };

/** What the map's areas are coloured by. */
export const THEMES = [
  "minutes",
  "shortage",
  "causes",
  "depth",
  "week",
  "zones",
  "demand",
  "demandCells",
  "none",
] as const;
export type Theme = (typeof THEMES)[number];

/** Whether a theme shows the list of shortages by cause, which the server computes on demand. */
export const isByCause = (theme: Theme): boolean => theme === "causes" || theme === "depth";

/** Whether a theme shows the outlook of demand, which the server computes on demand. */
export const isOfDemand = (theme: Theme): boolean => theme === "demand" || theme === "demandCells";

/** Lines and points over the areas, which can be switched one by one. */
export const OVERLAYS = [
  "zones",
  "municipalities",
  "roads",
  "facilities",
  "care_links",
  "findings",
] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** Parts of the screen that fold. */
export const PANELS = ["left", "right", "compare"] as const;
export type Panel = (typeof PANELS)[number];

/** Centre and zoom of the map. */
export interface View {
  zoom: number;
  latitude: number;
  longitude: number;
}

/** Everything that a link to the screen reproduces. */
export interface State {
  plan: string;
  /** Plan with which the others are compared. */
  reference: string;
  selection: Selection;
  service: string;
  year: number;
  lang: Lang;
  theme: Theme;
  /** Day and band that the map shows of the week. */
  slot: { day: string; band: string };
  /** Whether video beside a visiting nurse counts as cover. */
  online: boolean;
  /** Layer of demand. */
  layer: string;
  /** Scenario of the workforce; empty = the first. */
  future: string;
  /** Of journeys whose times the server computes on demand. */
  conditions: Conditions;
  overlays: Overlay[];
  /** Kinds of institution on the map; `null` = those of the chosen service. */
  kinds: FacilityKind[] | null;
  open: Panel[];
  /** `null` = the whole prefecture. */
  view: View | null;
}

/** The first screen, before a study or a link says more. */
export const initialState: State = {
  plan: "secondary",
  reference: "secondary",
  selection: { kind: "prefecture" },
  service: "",
  year: 2024,
  lang: "ja",
  theme: "minutes",
  slot: { day: "日", band: "深夜" },
  online: false,
  layer: "訪問診療",
  future: "",
  conditions: NORMAL,
  overlays: ["zones", "municipalities", "roads", "facilities"],
  kinds: null,
  open: ["left", "right", "compare"],
  view: null,
};

/** All kinds, as the boxes show them when the choice by service is left. */
export const ALL_KINDS: FacilityKind[] = FACILITY_KINDS.map(({ id }) => id);
