import type { Feature, FeatureCollection, Point } from "geojson";
import {
  GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibreMap,
  type MapMouseEvent,
  ScaleControl,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { DemandCell, DemandCells, Outlook } from "../api/demand";
import type { ShortCell, ShortCells } from "../api/shortage";
import type { WeekCell, WeekCells } from "../api/week";
import type { Conditions } from "../model/conditions";
import type { Reach } from "../model/reach";
import type { Draft, StudyIndex } from "../model/study";
import type { Selection, State, View } from "../state/state";
import { type MapDetails, readCell, readFacility, readFinding } from "./details";
import { addIcons } from "./icons";
import { loadPlaces, outerRings, type Place, placeOf } from "./places";
import { FEATURE_ID, layerChanges, MAP_FONTS, mapStyle, NO_FEATURES } from "./style";

setWorkerUrl(workerUrl);

/** Below this zoom a cell is too small to be meant by a click. */
const CELL_ZOOM = 10.5;
/** A selected point is shown at least this near. */
const POINT_ZOOM = 12;

/** An area that is selected fills this part of the map, so that its neighbours are seen. */
const SHARE_OF_MAP = 0.55;

/** Room around what is shown whole: the buttons lie above, the legend at the right. */
const PADDING = { top: 48, right: 232, bottom: 28, left: 24 };

/** What the map tells the rest of the screen. */
export interface MapEvents {
  select: (selection: Selection, details: MapDetails | null) => void;
  moved: (view: View | null) => void;
  details: (details: MapDetails) => void;
  problem: () => void;
  hover: (found: Hovered | null) => void;
  /** A place was pointed at with the second button or a long press. */
  point: (longitude: number, latitude: number) => void;
  /** A corner of the closed area was set. */
  corner: (longitude: number, latitude: number) => void;
}

/** What lies under the pointer, and where that is on the map in pixels. */
export interface Hovered {
  x: number;
  y: number;
  facility: MapDetails | null;
  cell: MapDetails | null;
  municipality: string | null;
  short: ShortCell | null;
  week: WeekCell | null;
  demand: DemandCell | null;
  finding: MapDetails | null;
}

/** Cells that the server computed, by the source that draws them. */
interface Cells {
  short: ShortCells | null;
  week: WeekCells | null;
  outlook: DemandCells | null;
}

/** The layer of each of them that answers to the pointer. */
const CELL_LAYERS = { short: "short-cells", week: "week-cells", outlook: "demand-cells" } as const;

/** Where the selectable things that only the map knows are. */
const TILES_OF = { cell: "cells", facility: "facilities", finding: "findings" } as const;

type OfTiles = Extract<Selection, { kind: keyof typeof TILES_OF }>;

const isOfTiles = (selection: Selection): selection is OfTiles => selection.kind in TILES_OF;

const noMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Bounds of which the given ones are a share. */
function widened([west, south, east, north]: Place["bounds"], share: number): LngLatBoundsLike {
  const [x, y] = [(east - west) * (0.5 / share - 0.5), (north - south) * (0.5 / share - 0.5)];
  return [west - x, south - y, east + x, north + y];
}

const sameView = (a: View, b: View): boolean =>
  a.zoom === b.zoom && a.latitude === b.latitude && a.longitude === b.longitude;

/** The map: drawn from the state, and telling of clicks. */
export class MapView {
  readonly map: MapLibreMap;
  /** Fulfilled when the map has drawn everything for the first time. */
  readonly ready: Promise<void>;
  private state: State;
  private places = { municipalities: new Map<string, Place>(), zones: new Map<string, Place>() };
  private reach: Reach | null = null;
  private cells: Cells = { short: null, week: null, outlook: null };
  private outlook: Outlook | null = null;
  private changed: readonly string[] = [];
  private drawing = false;
  private draft: Draft | null = null;
  /** Clicks mean municipalities, whatever else lies there. */
  isPicking = false;
  private shownPlan = "";
  /** Where the last movement ended. */
  private last: View;
  private styled = false;
  private named = false;
  private readonly loaded: string[];

  constructor(
    container: HTMLElement,
    private readonly study: StudyIndex,
    state: State,
    private readonly events: MapEvents,
    locale: Record<string, string>,
  ) {
    this.state = state;
    this.loaded = study.summary.services.filter(({ loaded }) => loaded).map(({ id }) => id);
    const bounds = study.summary.study.bounds;
    const { view } = state;
    this.map = new MapLibreMap({
      container,
      style: mapStyle(new URL(".", document.baseURI).href, bounds),
      ...(view
        ? { center: [view.longitude, view.latitude], zoom: view.zoom }
        : { bounds, fitBoundsOptions: { padding: this.padding(container) } }),
      minZoom: 5,
      maxZoom: 17,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      localIdeographFontFamily: MAP_FONTS.map((face) =>
        face === "sans-serif" ? face : `"${face}"`,
      ).join(", "),
      // The print view copies the canvas.
      canvasContextAttributes: { preserveDrawingBuffer: true },
      fadeDuration: noMotion() ? 0 : 150,
      locale,
    });
    this.last = this.camera();
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ unit: "metric", maxWidth: 110 }), "bottom-left");
    this.listen();
    this.ready = new Promise((resolve) => {
      this.map.on("idle", () => {
        if (!this.styled || !this.named) return;
        document.body.dataset.state = "ready";
        this.findDetails();
        resolve();
      });
    });
  }

  /** Draws another state. `bySelf` = the selection came from a click on this map. */
  update(state: State, bySelf: boolean): void {
    const before = this.state;
    this.state = state;
    if (!this.styled) return;
    this.draw();
    if (state.selection !== before.selection && state.plan === before.plan && !bySelf)
      this.show(state.selection);
  }

  /** Draws what is reached from a place, instead of the theme, or nothing. */
  showReach(reach: Reach | null): void {
    this.reach = reach;
    if (!this.styled) return;
    this.drawReach();
    this.draw();
  }

  /** Draws cells that the server computed, or none. */
  showCells<Name extends keyof Cells>(name: Name, cells: Cells[Name]): void {
    this.cells[name] = cells;
    if (this.styled) this.setData(name, cells?.features ?? []);
  }

  /** Colours municipalities by the demand of a layer. */
  showOutlook(outlook: Outlook | null): void {
    this.outlook = outlook;
    if (this.styled) this.draw();
  }

  /** Outlines the cells of a what-if. */
  showChanged(cells: readonly string[]): void {
    this.changed = cells;
    if (this.styled) this.draw();
  }

  /** Draws the closed area; while it is `drawing`, clicks set its corners. */
  showClosed(area: Conditions["area"], drawing: boolean): void {
    this.drawing = drawing;
    this.map.getCanvas().style.cursor = drawing ? "crosshair" : "";
    if (drawing) this.map.doubleClickZoom.disable();
    else this.map.doubleClickZoom.enable();
    if (this.styled) this.drawClosed(area);
  }

  /** Draws the zones of a plan that was made on this screen, or none. */
  showDraft(draft: Draft | null): void {
    if (draft === this.draft) return;
    this.draft = draft;
    if (!this.styled) return;
    this.drawDraft();
    this.draw();
  }

  /** The whole prefecture. */
  home(moving = true): void {
    this.fit(this.study.summary.study.bounds, { home: true, moving });
  }

  /** Moves to an institution or a cell whose position is known. */
  showPoint(position: [number, number]): void {
    this.map.easeTo({
      center: position,
      zoom: Math.max(this.map.getZoom(), POINT_ZOOM),
      ...this.motion(),
    });
  }

  remove(): void {
    this.map.remove();
  }

  private padding(container: HTMLElement) {
    return container.clientWidth > 2 * PADDING.right ? PADDING : 16;
  }

  private motion() {
    return noMotion() ? { duration: 0 } : { duration: 200 };
  }

  private camera(): View {
    const { lat, lng } = this.map.getCenter();
    return { zoom: this.map.getZoom(), latitude: lat, longitude: lng };
  }

  private fit(bounds: LngLatBoundsLike, { home = false, moving = true } = {}): void {
    const motion = moving ? this.motion() : { duration: 0 };
    this.map.fitBounds(
      bounds,
      { padding: this.padding(this.map.getContainer()), maxZoom: 13, ...motion },
      { home },
    );
  }

  private listen(): void {
    const { map } = this;
    map.on("style.load", () => {
      addIcons(map);
      this.styled = true;
      this.drawReach();
      for (const name of ["short", "week", "outlook"] as const)
        this.showCells(name, this.cells[name]);
      this.drawClosed(this.state.conditions.area);
      this.drawDraft();
      this.draw();
      void this.loadNames();
    });
    map.on("moveend", (event) => {
      if (!this.styled) return;
      const home = "home" in event && event.home === true;
      const view = this.camera();
      if (!home && sameView(view, this.last)) return;
      this.last = view;
      this.events.moved(home ? null : view);
    });
    // The whole prefecture stays whole when a panel folds or the window grows.
    map.on("resize", () => {
      if (this.styled && this.state.view === null) this.home(false);
    });
    map.on("error", (event) => {
      // A study without land outside all municipalities has no such layer.
      if (!("sourceId" in event && event.sourceId === "unassigned_land")) this.events.problem();
    });
    map.on("click", (event) => {
      if (this.drawing) this.events.corner(event.lngLat.lng, event.lngLat.lat);
      else this.events.select(...this.meant(event));
    });
    map.on("contextmenu", ({ lngLat }) => this.events.point(lngLat.lng, lngLat.lat));
    map.on("mousemove", (event) => this.hover(event));
    map.on("mouseout", () => this.events.hover(null));
    map.on("movestart", () => this.events.hover(null));
  }

  private draw(): void {
    const { map, state } = this;
    document.body.dataset.state = "busy";
    // Two scales of minutes on one map would be read as one.
    const shown: State = this.reach ? { ...state, theme: "none" } : state;
    for (const [layer, change] of Object.entries(
      layerChanges(shown, this.study, this.changed, this.outlook),
    )) {
      map.setLayoutProperty(layer, "visibility", change.visible ? "visible" : "none");
      if (change.filter) map.setFilter(layer, change.filter);
      for (const [property, value] of Object.entries(change.paint ?? {}))
        map.setPaintProperty(layer, property as never, value as never);
    }
    if (this.shownPlan !== state.plan) this.writeNames();
    map.triggerRepaint();
  }

  private setData(name: string, features: Feature[]): void {
    const source = this.map.getSource(name);
    if (source instanceof GeoJSONSource) source.setData({ ...NO_FEATURES, features });
    document.body.dataset.state = "busy";
    this.map.triggerRepaint();
  }

  private drawClosed(area: Conditions["area"]): void {
    const feature = (geometry: Feature["geometry"]): Feature => ({
      type: "Feature",
      geometry,
      properties: {},
    });
    const corners = area.map((coordinates) => feature({ type: "Point", coordinates }));
    const ring = [...area, ...area.slice(0, 1)];
    const shape = area.length > 2 ? [feature({ type: "Polygon", coordinates: [ring] })] : [];
    const line = area.length === 2 ? [feature({ type: "LineString", coordinates: area })] : [];
    this.setData("closed", [...shape, ...line, ...(this.drawing ? corners : [])]);
  }

  private drawReach(): void {
    const { origin, contours } = this.reach ?? {};
    const features: Feature[] = [...(contours?.features ?? [])];
    if (origin?.kind === "point")
      features.push({
        type: "Feature",
        geometry: { type: "Point", coordinates: [origin.longitude, origin.latitude] },
        properties: {},
      });
    this.setData("reach", features);
  }

  private drawDraft(): void {
    const source = this.map.getSource("drawn");
    if (!(source instanceof GeoJSONSource)) return;
    const { plan, shapes } = this.draft ?? {};
    const colours = new Map(plan?.zones.map(({ id, colour }) => [id, colour]));
    const features: Feature[] = (shapes?.features ?? []).map((feature) => {
      const zone = String(feature.properties?.zone);
      const place = placeOf(outerRings(feature.geometry));
      if (place) this.places.zones.set(`${plan?.id}\n${zone}`, place);
      return { ...feature, properties: { zone, colour: colours.get(zone) ?? 0 } };
    });
    source.setData({ ...NO_FEATURES, features });
    this.writeNames();
  }

  private async loadNames(): Promise<void> {
    const { bounds } = this.study.summary.study;
    try {
      const [municipalities, zones] = await Promise.all([
        loadPlaces("municipalities", bounds, ({ code }) => String(code)),
        loadPlaces("zones", bounds, ({ plan, zone }) => `${plan}\n${zone}`),
      ]);
      this.places = { municipalities, zones };
      this.drawDraft();
    } catch {
      this.events.problem();
    }
    this.named = true;
    this.writeNames();
    this.map.triggerRepaint();
    if (this.state.view === null && this.state.selection.kind !== "prefecture")
      this.show(this.state.selection);
  }

  private writeNames(): void {
    const plan = this.study.plan(this.state.plan);
    const at = (place: Place | undefined, properties: Feature["properties"]): Feature<Point>[] =>
      place
        ? [{ type: "Feature", geometry: { type: "Point", coordinates: place.label }, properties }]
        : [];
    const features = [
      ...this.study.summary.municipality_table.flatMap(({ code, name, population }) =>
        at(this.places.municipalities.get(code), {
          kind: "municipality",
          code,
          name,
          population: population.total,
        }),
      ),
      ...(plan?.zones ?? [])
        // A zone of one municipality bears its name already.
        .filter(({ municipalities }) => municipalities.length > 1)
        .flatMap(({ id, name, colour }) =>
          at(this.places.zones.get(`${plan?.id}\n${id}`), { kind: "zone", id, name, colour }),
        ),
    ];
    const source = this.map.getSource("names");
    const data: FeatureCollection = { type: "FeatureCollection", features };
    if (source instanceof GeoJSONSource) source.setData(data);
    this.shownPlan = this.state.plan;
  }

  private show(selection: Selection): void {
    switch (selection.kind) {
      case "prefecture":
        this.home();
        break;
      case "municipality":
        this.showPlace(this.places.municipalities.get(selection.id));
        break;
      case "zone":
        this.showPlace(
          this.places.zones.get(`${this.study.plan(this.state.plan)?.id}\n${selection.id}`),
        );
        break;
    }
  }

  private showPlace(place: Place | undefined): void {
    if (place) this.fit(widened(place.bounds, SHARE_OF_MAP));
  }

  private first(event: MapMouseEvent, layers: string[]) {
    const seen = layers.filter((id) => this.map.getLayoutProperty(id, "visibility") !== "none");
    return this.map.queryRenderedFeatures(event.point, { layers: seen })[0];
  }

  private findingAt(event: MapMouseEvent): MapDetails | null {
    const finding = this.first(event, ["findings"]);
    return finding ? readFinding(finding.id, finding.properties) : null;
  }

  /** The cell of a source at a place, with what the server says of it. */
  private computedAt<Cell>(event: MapMouseEvent, name: keyof Cells): Cell | null {
    return (this.first(event, [CELL_LAYERS[name]])?.properties as Cell | undefined) ?? null;
  }

  private cellAt(event: MapMouseEvent): MapDetails | null {
    const cell = this.first(event, ["minutes", "minutes-unknown", "shortage-cells"]);
    return cell ? readCell(cell.properties, this.loaded) : null;
  }

  /** What a click at this place means, smallest thing first. */
  private meant(event: MapMouseEvent): [Selection, MapDetails | null] {
    const picked = this.isPicking ? this.first(event, ["land"]) : undefined;
    if (picked) return [{ kind: "municipality", id: String(picked.properties.code) }, null];
    const finding = this.findingAt(event);
    if (finding) return [{ kind: "finding", id: finding.id }, finding];
    const facility = this.first(event, ["facilities"]);
    if (facility) {
      const details = readFacility(facility.properties);
      return [{ kind: "facility", id: details.id }, details];
    }
    const name = this.first(event, ["zone-names"]);
    if (name) return [{ kind: "zone", id: String(name.properties.id) }, null];
    const near = this.map.getZoom() >= CELL_ZOOM;
    const cell = near ? this.cellAt(event) : null;
    if (cell) return [{ kind: "cell", id: cell.id }, cell];
    const computed = near ? this.first(event, Object.values(CELL_LAYERS)) : undefined;
    if (computed) return [{ kind: "cell", id: String(computed.properties.cell) }, null];
    const zone = this.first(event, ["zones-fill", "drawn-fill"]);
    if (zone) return [{ kind: "zone", id: String(zone.properties.zone) }, null];
    const land = this.first(event, ["land"]);
    if (land) return [{ kind: "municipality", id: String(land.properties.code) }, null];
    return [{ kind: "prefecture" }, null];
  }

  private hover(event: MapMouseEvent): void {
    if (!this.styled || this.map.isMoving()) return;
    const facility = this.first(event, ["facilities"]);
    const land = this.first(event, ["land"]);
    const finding = this.findingAt(event);
    const pointer = facility || finding || land ? "pointer" : "";
    this.map.getCanvas().style.cursor = this.drawing ? "crosshair" : pointer;
    const found: Hovered = {
      x: event.point.x,
      y: event.point.y,
      facility: facility ? readFacility(facility.properties) : null,
      cell: this.cellAt(event),
      municipality: land ? String(land.properties.code) : null,
      short: this.computedAt<ShortCell>(event, "short"),
      week: this.computedAt<WeekCell>(event, "week"),
      demand: this.computedAt<DemandCell>(event, "outlook"),
      finding,
    };
    this.events.hover(facility || land ? found : null);
  }

  /** Reads what the loaded tiles say of a selected cell or institution (after a link was opened). */
  private findDetails(): void {
    const { selection } = this.state;
    if (!isOfTiles(selection)) return;
    const source = TILES_OF[selection.kind];
    const found = this.map.querySourceFeatures(source, {
      sourceLayer: source,
      filter: ["==", FEATURE_ID[selection.kind], selection.id],
    })[0];
    if (!found) return;
    const read = {
      cell: () => readCell(found.properties, this.loaded),
      facility: () => readFacility(found.properties),
      finding: () => readFinding(found.id, found.properties),
    };
    this.events.details(read[selection.kind]());
  }
}
