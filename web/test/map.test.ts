import { readFileSync } from "node:fs";
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import { isochronePath } from "../src/api/reach";
import type { Summary } from "../src/api/types";
import { readCell, readFacility } from "../src/map/details";
import { coveringTiles, inRing, placeOf } from "../src/map/places";
import { layerChanges, mapStyle } from "../src/map/style";
import { MINUTE_COLOURS } from "../src/model/classes";
import { NORMAL } from "../src/model/conditions";
import { REACH_LIMITS, reachColour } from "../src/model/reach";
import { StudyIndex } from "../src/model/study";
import { initialState, THEMES } from "../src/state/state";

const file = new URL("fixtures/summary.json", import.meta.url);
const summary: Summary = JSON.parse(readFileSync(file, "utf8"));
const study = new StudyIndex(summary);
const state = { ...initialState, service: "訪問診療（24時間）" };

describe("the style", () => {
  it("is valid, and needs no address but its own server's", () => {
    const style = mapStyle("http://127.0.0.1:8080/", summary.study.bounds);
    expect(validateStyleMin(style)).toEqual([]);
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style).match(/https?:\/\/[^/"]+/g)).toEqual(
      Array(8).fill("http://127.0.0.1:8080"),
    );
  });

  it("is still valid with the changes of every theme", () => {
    for (const theme of THEMES) {
      const style = mapStyle("http://127.0.0.1:8080/", summary.study.bounds);
      const changes = layerChanges(
        { ...state, theme, selection: { kind: "cell", id: "53384611" } },
        study,
        ["53384611-95201"],
      );
      for (const layer of style.layers) {
        const change = changes[layer.id];
        if (change?.filter) Object.assign(layer, { filter: change.filter });
        if (change?.paint) layer.paint = { ...layer.paint, ...change.paint };
      }
      expect(
        Object.keys(changes).filter((id) => !style.layers.some((one) => one.id === id)),
      ).toEqual([]);
      expect(validateStyleMin(style), theme).toEqual([]);
    }
  });

  it("never colours the cells of a service that was not loaded", () => {
    for (const theme of THEMES) {
      const changes = layerChanges({ ...state, theme, service: "訪問看護" }, study);
      for (const id of [
        "minutes",
        "minutes-unknown",
        "shortage-cells",
        "shortage-municipalities",
        "short-cells",
      ])
        expect(changes[id]?.visible, `${theme} ${id}`).toBe(false);
    }
  });
});

describe("places of names", () => {
  const square = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ];

  it("are centroids, also of areas cut at a tile edge", () => {
    const halves = [
      [
        [0, 0],
        [1, 0],
        [1, 2],
        [0, 2],
        [0, 0],
      ],
      [
        [1, 0],
        [2, 0],
        [2, 2],
        [1, 2],
        [1, 0],
      ],
    ];
    for (const rings of [[square], halves]) {
      const place = placeOf(rings);
      expect(place?.label[0]).toBeCloseTo(1, 9);
      expect(place?.label[1]).toBeCloseTo(1, 9);
      expect(place?.bounds).toEqual([0, 0, 2, 2]);
    }
  });

  it("lie inside an area that bends around its centroid", () => {
    const hook = [
      [0, 0],
      [10, 0],
      [10, 10],
      [9, 10],
      [9, 1],
      [0, 1],
      [0, 0],
    ];
    const [x, y] = placeOf([hook])?.label ?? [Number.NaN, Number.NaN];
    expect(inRing(x, y, hook)).toBe(true);
  });

  it("do not exist for nothing", () => {
    expect(placeOf([])).toBeNull();
    expect(
      placeOf([
        [
          [1, 1],
          [1, 1],
          [1, 1],
          [1, 1],
        ],
      ]),
    ).toBeNull();
  });

  it("are read from few tiles that cover the prefecture", () => {
    const tiles = coveringTiles([138.18, 35.16, 139.14, 35.97]);
    expect(tiles).toEqual([
      [9, 452, 201],
      [9, 452, 202],
      [9, 453, 201],
      [9, 453, 202],
    ]);
  });
});

describe("what the tiles say", () => {
  it("keeps no road, beyond the limit and not loaded apart", () => {
    const cell = readCell(
      {
        mesh: "533846111",
        municipality_code: "19201",
        linked: true,
        "minutes:往診": 12.5,
        "within_16km:往診": true,
        total: 3,
      },
      ["往診", "歯科"],
    );
    expect(cell.id).toBe("533846111-19201");
    expect(cell.minutes.get("往診")).toBe(12.5);
    expect(cell.minutes.get("歯科")).toBeNull();
    expect(cell.minutes.has("訪問看護")).toBe(false);
    expect(cell.within16km.get("往診")).toBe(true);
    expect(cell.within16km.has("歯科")).toBe(false);
    expect(cell.demand).toBeNull();
    expect(cell.linked).toBe(true);
    expect(readCell(null, []).linked).toBe(false);
  });

  it("reads classes as text or as a list", () => {
    expect(readFacility({ id: 1, classes: "病院・支援病1" }).classes).toEqual(["病院", "支援病1"]);
    expect(readFacility({ classes: ["薬局"] }).classes).toEqual(["薬局"]);
    expect(readFacility({ h24: true }).h24).toBe(true);
  });
});

describe("reach", () => {
  it("is drawn with the colours of the travel-time scale, the nearer on the farther", () => {
    expect(REACH_LIMITS.map(reachColour)).toEqual(MINUTE_COLOURS.slice(0, REACH_LIMITS.length));
    const style = mapStyle("http://127.0.0.1:8080/", summary.study.bounds);
    const fill = style.layers.find(({ id }) => id === "reach-fill");
    expect(fill?.layout).toEqual({ "fill-sort-key": ["-", ["get", "minutes"]] });
  });

  it("is asked for by the place, the direction and the limits", () => {
    const facility = { kind: "facility", id: "iryo:1 あ", name: "" } as const;
    expect(isochronePath(facility, "inward", [15, 30], NORMAL)).toBe(
      "api/isochrone?facility=iryo%3A1+%E3%81%82&direction=inward&minutes=15%2C30",
    );
    const point = { kind: "point", longitude: 138.5, latitude: 35.6, name: null } as const;
    expect(isochronePath(point, "outward", [15], { ...NORMAL, snow: true })).toBe(
      "api/isochrone?lon=138.500000&lat=35.600000&direction=outward&minutes=15&season=snow",
    );
  });

  it("of a cell begins where its journeys begin", () => {
    const cell = readCell({ mesh: "1", centre_longitude: 138.5, centre_latitude: 35.6 }, []);
    expect(cell.centre).toEqual([138.5, 35.6]);
    expect(readCell({ mesh: "1" }, []).centre).toBeNull();
  });
});
