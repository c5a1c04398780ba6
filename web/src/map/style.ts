import type { FeatureCollection } from "geojson";
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Outlook } from "../api/demand";
import { causeFill, depthFill } from "../model/causes";
import { DEMAND_COLOURS, demandCellFill, demandClass, minuteFill } from "../model/classes";
import { UI, ZONE_FILLS, ZONE_LINES } from "../model/palette";
import { REACH_LIMITS, reachColour } from "../model/reach";
import type { StudyIndex } from "../model/study";
import { answerFill } from "../model/week";
import { isByCause, type State } from "../state/state";

/** Layers of the server's tiles. */
const TILE_LAYERS = [
  "municipalities",
  "unassigned_land",
  "roads",
  "cells",
  "facilities",
  "zones",
  "care_links",
  "findings",
] as const;

/** Finest tiles that are asked for; closer views enlarge them. */
const FINEST_TILES = 14;

/** Faces for names on the map, drawn by the browser: no font is fetched. */
export const MAP_FONTS = [
  "BIZ UDPGothic",
  "BIZ UDPゴシック",
  "BIZ UDGothic",
  "Hiragino Sans",
  "Yu Gothic UI",
  "Meiryo",
  "Noto Sans CJK JP",
  "sans-serif",
];

/** What tells the selectable things of the tiles apart. A cell on a border has a part in each municipality. */
export const FEATURE_ID: Record<"cell" | "facility" | "finding", ExpressionSpecification> = {
  cell: ["concat", ["to-string", ["get", "mesh"]], "-", ["get", "municipality_code"]],
  facility: ["to-string", ["get", "id"]],
  // Its row in the package.
  finding: ["to-string", ["id"]],
};

/** What a source holds before anything is known. */
export const NO_FEATURES: FeatureCollection = { type: "FeatureCollection", features: [] };

const NOTHING: FilterSpecification = ["==", ["literal", 1], 0];

const byColour = (colours: readonly string[]): DataDrivenPropertyValueSpecification<string> =>
  [
    "match",
    ["%", ["get", "colour"], colours.length],
    ...colours.flatMap((colour, at) => [at, colour]),
    colours[0] as string,
  ] as unknown as ExpressionSpecification;

const byZoom = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as ExpressionSpecification;

const MAIN_ROADS = ["motorway", "motorway_link", "trunk", "trunk_link"];
const MIDDLE_ROADS = ["primary", "primary_link", "secondary", "secondary_link"];

const roadWidth: ExpressionSpecification = [
  "interpolate",
  ["linear"],
  ["zoom"],
  7,
  ["match", ["get", "class"], MAIN_ROADS, 0.9, MIDDLE_ROADS, 0.5, 0.2],
  11,
  ["match", ["get", "class"], MAIN_ROADS, 2.2, MIDDLE_ROADS, 1.4, 0.7],
  15,
  ["match", ["get", "class"], MAIN_ROADS, 6, MIDDLE_ROADS, 4.5, 2.5],
];

const roadColour: ExpressionSpecification = [
  "match",
  ["get", "class"],
  MAIN_ROADS,
  "#858b90",
  MIDDLE_ROADS,
  "#9da2a6",
  "#babec1",
];

function sources(origin: string, bounds: [number, number, number, number]) {
  const all: Record<string, SourceSpecification> = {
    names: { type: "geojson", data: NO_FEATURES },
    reach: { type: "geojson", data: NO_FEATURES },
    short: { type: "geojson", data: NO_FEATURES },
    week: { type: "geojson", data: NO_FEATURES },
    outlook: { type: "geojson", data: NO_FEATURES },
    closed: { type: "geojson", data: NO_FEATURES },
    drawn: { type: "geojson", data: NO_FEATURES },
  };
  for (const layer of TILE_LAYERS)
    all[layer] = {
      type: "vector",
      tiles: [`${origin}tiles/${layer}/{z}/{x}/{y}`],
      bounds,
      maxzoom: FINEST_TILES,
    };
  return all;
}

const POLYGONS: FilterSpecification = ["!=", ["geometry-type"], "Point"];

const reachFill = [
  "match",
  ["get", "minutes"],
  ...REACH_LIMITS.flatMap((minutes) => [minutes, reachColour(minutes)]),
  "#dddddd",
] as unknown as ExpressionSpecification;

const of = (source: (typeof TILE_LAYERS)[number]) => ({ source, "source-layer": source });

const nameFace = { "text-font": MAP_FONTS, "text-padding": 4, "text-max-width": 8 };

function layers(): LayerSpecification[] {
  return [
    { id: "outside", type: "background", paint: { "background-color": UI.outside } },
    { id: "land", type: "fill", ...of("municipalities"), paint: { "fill-color": UI.land } },
    {
      id: "unassigned",
      type: "fill",
      ...of("unassigned_land"),
      paint: { "fill-color": "#efefec" },
    },
    { id: "demand", type: "fill", ...of("municipalities"), paint: { "fill-opacity": 0.85 } },
    {
      id: "zones-fill",
      type: "fill",
      ...of("zones"),
      paint: { "fill-color": byColour(ZONE_FILLS), "fill-opacity": 0.34 },
    },
    {
      id: "drawn-fill",
      type: "fill",
      source: "drawn",
      paint: { "fill-color": byColour(ZONE_FILLS), "fill-opacity": 0.34 },
    },
    {
      id: "minutes",
      type: "fill",
      ...of("cells"),
      paint: { "fill-antialias": false, "fill-opacity": 0.88 },
    },
    {
      id: "minutes-unknown",
      type: "fill",
      ...of("cells"),
      paint: { "fill-pattern": "hatch-unknown", "fill-antialias": false },
    },
    {
      id: "shortage-cells",
      type: "fill",
      ...of("cells"),
      paint: { "fill-antialias": false, "fill-opacity": 0.88 },
    },
    {
      id: "short-cells",
      type: "fill",
      source: "short",
      paint: { "fill-antialias": false, "fill-opacity": 0.88 },
    },
    {
      id: "week-cells",
      type: "fill",
      source: "week",
      paint: { "fill-color": answerFill, "fill-antialias": false, "fill-opacity": 0.88 },
    },
    {
      id: "week-unknown",
      type: "fill",
      source: "week",
      filter: ["==", ["get", "answer"], "unknown"],
      paint: { "fill-pattern": "hatch-unknown", "fill-antialias": false },
    },
    {
      id: "demand-cells",
      type: "fill",
      source: "outlook",
      paint: { "fill-antialias": false, "fill-opacity": 0.88 },
    },
    {
      id: "shortage-municipalities",
      type: "fill",
      ...of("municipalities"),
      paint: { "fill-pattern": "hatch-shortage" },
    },
    {
      id: "reach-fill",
      type: "fill",
      source: "reach",
      filter: POLYGONS,
      // The nearer lie on the farther.
      layout: { "fill-sort-key": ["-", ["get", "minutes"]] },
      paint: { "fill-color": reachFill, "fill-antialias": false, "fill-opacity": 0.9 },
    },
    {
      id: "closed-fill",
      type: "fill",
      source: "closed",
      filter: POLYGONS,
      paint: { "fill-pattern": "hatch-closed" },
    },
    {
      id: "roads",
      type: "line",
      ...of("roads"),
      filter: ["!=", ["get", "class"], "ferry"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": roadColour, "line-width": roadWidth, "line-opacity": 0.8 },
    },
    {
      id: "ferries",
      type: "line",
      ...of("roads"),
      filter: ["==", ["get", "class"], "ferry"],
      paint: { "line-color": "#4b6a80", "line-width": 1.2, "line-dasharray": [4, 3] },
    },
    {
      id: "municipality-lines",
      type: "line",
      ...of("municipalities"),
      paint: { "line-color": "#59646b", "line-width": byZoom(7, 0.6, 12, 1.4) },
    },
    {
      id: "reach-lines",
      type: "line",
      source: "reach",
      filter: POLYGONS,
      layout: { "line-join": "round" },
      paint: { "line-color": UI.ink, "line-width": 1.2 },
    },
    {
      id: "changed-casing",
      type: "line",
      ...of("cells"),
      layout: { "line-join": "round" },
      paint: { "line-color": "#ffffff", "line-width": 4.5 },
    },
    {
      id: "changed-cells",
      type: "line",
      ...of("cells"),
      layout: { "line-join": "round" },
      paint: { "line-color": UI.changed, "line-width": 2.4 },
    },
    {
      id: "closed-line",
      type: "line",
      source: "closed",
      layout: { "line-join": "round" },
      paint: { "line-color": UI.closed, "line-width": 2.5, "line-dasharray": [2, 1.5] },
    },
    {
      id: "closed-corners",
      type: "circle",
      source: "closed",
      paint: { "circle-radius": 4, "circle-color": UI.closed },
    },
    {
      id: "zone-casing",
      type: "line",
      ...of("zones"),
      layout: { "line-join": "round" },
      paint: { "line-color": "#ffffff", "line-width": 6, "line-offset": 1.5, "line-opacity": 0.85 },
    },
    {
      id: "zone-lines",
      type: "line",
      ...of("zones"),
      layout: { "line-join": "round" },
      paint: { "line-color": byColour(ZONE_LINES), "line-width": 3, "line-offset": 1.5 },
    },
    {
      id: "drawn-casing",
      type: "line",
      source: "drawn",
      layout: { "line-join": "round" },
      paint: { "line-color": "#ffffff", "line-width": 6, "line-offset": 1.5, "line-opacity": 0.85 },
    },
    {
      id: "drawn-lines",
      type: "line",
      source: "drawn",
      layout: { "line-join": "round" },
      paint: { "line-color": byColour(ZONE_LINES), "line-width": 3, "line-offset": 1.5 },
    },
    {
      id: "chosen-casing",
      type: "line",
      ...of("municipalities"),
      layout: { "line-join": "round" },
      paint: { "line-color": "#ffffff", "line-width": 7 },
    },
    {
      id: "chosen-municipality",
      type: "line",
      ...of("municipalities"),
      layout: { "line-join": "round" },
      paint: { "line-color": "#000000", "line-width": 3.5 },
    },
    {
      id: "chosen-zone",
      type: "line",
      ...of("zones"),
      layout: { "line-join": "round" },
      paint: { "line-color": "#000000", "line-width": 4.5 },
    },
    {
      id: "drawn-chosen",
      type: "line",
      source: "drawn",
      layout: { "line-join": "round" },
      paint: { "line-color": "#000000", "line-width": 4.5 },
    },
    {
      id: "chosen-cell",
      type: "line",
      ...of("cells"),
      paint: { "line-color": "#000000", "line-width": 3 },
    },
    {
      id: "chosen-facility",
      type: "circle",
      ...of("facilities"),
      paint: {
        "circle-radius": 13,
        "circle-color": "rgba(255,255,255,0.55)",
        "circle-stroke-color": "#000000",
        "circle-stroke-width": 3,
      },
    },
    {
      id: "reach-origin",
      type: "circle",
      source: "reach",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 7,
        "circle-color": "#ffffff",
        "circle-stroke-color": "#000000",
        "circle-stroke-width": 4,
      },
    },
    {
      id: "care-links",
      type: "line",
      ...of("care_links"),
      paint: { "line-color": UI.accent, "line-width": byZoom(7, 1, 12, 2.5), "line-opacity": 0.85 },
    },
    {
      id: "facilities",
      type: "symbol",
      ...of("facilities"),
      layout: {
        "icon-image": [
          "concat",
          ["get", "kind"],
          ["case", ["==", ["get", "h24"], true], "-24", ""],
        ],
        "icon-size": byZoom(7, 0.45, 10, 0.7, 13, 1),
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "symbol-sort-key": [
          "+",
          ["case", ["==", ["get", "h24"], true], 10, 0],
          ["case", ["==", ["get", "kind"], "病院"], 5, 0],
        ],
      },
    },
    {
      id: "findings",
      type: "circle",
      ...of("findings"),
      paint: {
        "circle-radius": byZoom(7, 4, 13, 7),
        "circle-color": [
          "match",
          ["get", "severity"],
          "warning",
          UI.finding,
          "quarantined",
          UI.worse,
          "#ffffff",
        ],
        "circle-stroke-color": UI.ink,
        "circle-stroke-width": 1.6,
      },
    },
    {
      id: "chosen-finding",
      type: "circle",
      ...of("findings"),
      paint: {
        "circle-radius": 13,
        "circle-color": "rgba(255,255,255,0)",
        "circle-stroke-color": "#000000",
        "circle-stroke-width": 3,
      },
    },
    {
      id: "reach-minutes",
      type: "symbol",
      source: "reach",
      filter: POLYGONS,
      layout: {
        ...nameFace,
        "symbol-placement": "line",
        "symbol-spacing": 220,
        "text-field": ["to-string", ["get", "minutes"]],
        "text-size": 12,
      },
      paint: { "text-color": UI.ink, "text-halo-color": "#ffffff", "text-halo-width": 2 },
    },
    {
      id: "municipality-names",
      type: "symbol",
      source: "names",
      filter: ["==", ["get", "kind"], "municipality"],
      layout: {
        ...nameFace,
        "text-field": ["get", "name"],
        "text-size": byZoom(7, 10.5, 12, 14),
        "symbol-sort-key": ["-", ["get", "population"]],
      },
      paint: { "text-color": UI.ink, "text-halo-color": "#ffffff", "text-halo-width": 1.6 },
    },
    {
      id: "zone-names",
      type: "symbol",
      source: "names",
      filter: ["==", ["get", "kind"], "zone"],
      layout: {
        ...nameFace,
        "text-field": ["get", "name"],
        "text-size": byZoom(7, 14, 12, 19),
        "text-allow-overlap": false,
      },
      paint: {
        "text-color": byColour(ZONE_LINES),
        "text-halo-color": "#ffffff",
        "text-halo-width": 2.4,
      },
    },
  ];
}

/** The whole style. `origin` ends with a slash. */
export function mapStyle(
  origin: string,
  bounds: [number, number, number, number],
): StyleSpecification {
  return { version: 8, sources: sources(origin, bounds), layers: layers() };
}

/** What a change of state means for one layer of the map. */
export interface LayerChange {
  visible: boolean;
  filter?: FilterSpecification;
  paint?: Record<string, unknown>;
}

const holdsClass = (name: string): ExpressionSpecification => [
  "in",
  `・${name}・`,
  ["concat", "・", ["get", "classes"], "・"],
];

function facilityFilter(state: State, study: StudyIndex): FilterSpecification {
  if (state.kinds !== null) return ["in", ["get", "kind"], ["literal", state.kinds]];
  const classes = study.services.get(state.service)?.classes ?? [];
  return classes.length === 0 ? NOTHING : ["any", ...classes.map(holdsClass)];
}

/** Municipalities by their demand in the year of the screen, against the first year of the study. */
function demandFill(
  state: State,
  study: StudyIndex,
  outlook: Outlook | null,
): ExpressionSpecification | string {
  const first = study.years[0];
  const pairs = study.summary.municipality_table.flatMap(({ code, demand }) => {
    const years = outlook?.municipalities[code]?.years;
    const of = (year: number | undefined) =>
      outlook ? years?.[String(year)]?.mid : demand[String(year)];
    const [start, then] = [of(first), of(state.year)];
    if (!start || then === undefined) return [];
    return [code, DEMAND_COLOURS[demandClass((then / start) * 100)] as string];
  });
  if (pairs.length === 0) return "#dddddd";
  return ["match", ["get", "code"], ...pairs, "#dddddd"] as unknown as ExpressionSpecification;
}

function shortageFill(service: string): ExpressionSpecification {
  return ["case", ["!", ["has", `minutes:${service}`]], UI.shortage, UI.beyondCircle];
}

/** Cells without an institution within the limit, and, where the rule applies, those outside the 16 km circle. */
function shortageFilter(service: string, circle: boolean): FilterSpecification {
  const beyond: ExpressionSpecification = ["!", ["has", `minutes:${service}`]];
  return circle ? ["any", beyond, ["==", ["get", `within_16km:${service}`], false]] : beyond;
}

/**
 * Every layer that depends on the state, as it has to look; `changed` are the cells of a what-if,
 * `outlook` is the demand of the chosen layer once it is known.
 */
export function layerChanges(
  state: State,
  study: StudyIndex,
  changed: readonly string[] = [],
  outlook: Outlook | null = null,
): Record<string, LayerChange> {
  const { theme, selection, service, overlays } = state;
  const plan = study.plan(state.plan)?.id ?? "";
  const definition = study.services.get(service);
  const loaded = definition?.loaded === true;
  const ofPlan: FilterSpecification = ["==", ["get", "plan"], plan];
  const without = study.summary.gaps
    .filter((gap) => gap.service === service && gap.state === "none")
    .map((gap) => gap.municipality_code ?? "");
  const chosen = (kind: string, id: ExpressionSpecification): LayerChange =>
    selection.kind === kind && "id" in selection
      ? { visible: true, filter: ["==", id, selection.id] }
      : { visible: false };
  const chosenZone: LayerChange =
    selection.kind === "zone"
      ? { visible: true, filter: ["all", ofPlan, ["==", ["get", "zone"], selection.id]] }
      : { visible: false };
  const zones = overlays.includes("zones");
  const ofChange: LayerChange = {
    visible: changed.length > 0,
    filter: ["in", FEATURE_ID.cell, ["literal", [...changed]]],
  };
  return {
    demand: {
      visible: theme === "demand",
      paint: { "fill-color": demandFill(state, study, outlook) },
    },
    "demand-cells": {
      visible: theme === "demandCells",
      paint: { "fill-color": demandCellFill },
    },
    "week-cells": { visible: theme === "week" },
    "week-unknown": { visible: theme === "week" },
    "zones-fill": { visible: theme === "zones", filter: ofPlan },
    "drawn-fill": { visible: theme === "zones" },
    minutes: {
      visible: theme === "minutes" && loaded,
      filter: ["==", ["get", "linked"], true],
      paint: { "fill-color": minuteFill(service) },
    },
    "minutes-unknown": {
      visible: theme === "minutes" && loaded,
      filter: ["!=", ["get", "linked"], true],
    },
    "shortage-cells": {
      visible: theme === "shortage" && loaded,
      filter: shortageFilter(service, study.hasCircle(service)),
      paint: { "fill-color": shortageFill(service) },
    },
    "shortage-municipalities": {
      visible: theme === "shortage" && loaded,
      filter: ["in", ["get", "code"], ["literal", without]],
    },
    "short-cells": {
      visible: isByCause(theme) && loaded,
      paint: { "fill-color": theme === "depth" ? depthFill : causeFill },
    },
    "changed-casing": ofChange,
    "changed-cells": ofChange,
    roads: { visible: overlays.includes("roads") },
    ferries: { visible: overlays.includes("roads") },
    "municipality-lines": { visible: overlays.includes("municipalities") },
    "municipality-names": { visible: overlays.includes("municipalities") },
    "zone-casing": { visible: zones, filter: ofPlan },
    "zone-lines": { visible: zones, filter: ofPlan },
    "drawn-casing": { visible: zones },
    "drawn-lines": { visible: zones },
    "zone-names": { visible: zones },
    facilities: { visible: overlays.includes("facilities"), filter: facilityFilter(state, study) },
    "chosen-casing": chosen("municipality", ["get", "code"]),
    "chosen-municipality": chosen("municipality", ["get", "code"]),
    "chosen-zone": chosenZone,
    "drawn-chosen": chosen("zone", ["get", "zone"]),
    "chosen-cell": chosen("cell", FEATURE_ID.cell),
    "care-links": { visible: overlays.includes("care_links") && study.hasCareLinks },
    findings: { visible: overlays.includes("findings") },
    "chosen-finding": chosen("finding", FEATURE_ID.finding),
    "chosen-facility": chosen("facility", FEATURE_ID.facility),
  };
}
