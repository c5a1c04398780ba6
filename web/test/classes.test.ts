import { describe, expect, it } from "vitest";
import {
  DEMAND_COLOURS,
  demandClass,
  MINUTE_COLOURS,
  minuteClass,
  minuteFill,
} from "../src/model/classes";
import { contrast, distance, lightness, type Vision } from "../src/model/colour";
import { UI, ZONE_FILLS, ZONE_LINES, zoneFill, zoneLine } from "../src/model/palette";

const VISIONS: Vision[] = ["normal", "protan", "deutan"];

describe("the scale of minutes", () => {
  it("puts the upper end into its class and what is absent into the last", () => {
    expect([0, 15, 15.1, 30, 45, 60, 60.1].map(minuteClass)).toEqual([0, 0, 1, 1, 2, 3, 4]);
    expect(minuteClass(null)).toBe(4);
    expect(minuteClass(undefined)).toBe(4);
  });

  it("is the same on the map as in the list of classes", () => {
    expect(minuteFill("往診")).toEqual([
      "case",
      ["!", ["has", "minutes:往診"]],
      "#262c74",
      ["<=", ["get", "minutes:往診"], 15],
      "#fff0a0",
      ["<=", ["get", "minutes:往診"], 30],
      "#8fcba8",
      ["<=", ["get", "minutes:往診"], 45],
      "#3c9fb5",
      ["<=", ["get", "minutes:往診"], 60],
      "#2d68a6",
      "#262c74",
    ]);
  });

  it("darkens with every step, so that it also reads in grey", () => {
    const steps = MINUTE_COLOURS.map(lightness);
    for (let at = 1; at < steps.length; at += 1)
      expect((steps[at - 1] as number) - (steps[at] as number)).toBeGreaterThan(10);
  });

  it("keeps its steps apart for the colour-blind", () => {
    for (const vision of VISIONS)
      for (let at = 1; at < MINUTE_COLOURS.length; at += 1)
        expect(
          distance(MINUTE_COLOURS[at - 1] as string, MINUTE_COLOURS[at] as string, vision),
        ).toBeGreaterThan(20);
  });
});

describe("the scale of demand", () => {
  it("changes class at its breaks", () => {
    expect([80, 90, 99.9, 100, 115, 130, 149, 150].map(demandClass)).toEqual([
      0, 1, 1, 2, 3, 4, 4, 5,
    ]);
  });

  it("keeps neighbouring steps apart for the colour-blind", () => {
    for (const vision of VISIONS)
      for (let at = 1; at < DEMAND_COLOURS.length; at += 1)
        expect(
          distance(DEMAND_COLOURS[at - 1] as string, DEMAND_COLOURS[at] as string, vision),
        ).toBeGreaterThan(12);
  });
});

describe("the palette", () => {
  it("has contrast AA for every ink on every ground", () => {
    for (const ink of [UI.ink, UI.quiet, UI.accent, UI.better, UI.worse, UI.unknown])
      for (const ground of [UI.ground, UI.panel, "#e3eef5"])
        expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast("#ffffff", UI.header)).toBeGreaterThanOrEqual(4.5);
    expect(contrast("#3d2b00", "#ffe08a")).toBeGreaterThanOrEqual(4.5);
  });

  it("outlines every zone with at least 3:1 against the land and around it", () => {
    for (const line of ZONE_LINES) {
      expect(contrast(line, UI.land), line).toBeGreaterThanOrEqual(3);
      expect(contrast(line, UI.outside), line).toBeGreaterThanOrEqual(3);
    }
  });

  it("has a colour for every class and starts again after the eighth", () => {
    expect(ZONE_FILLS).toHaveLength(8);
    expect(zoneFill(8)).toBe(ZONE_FILLS[0]);
    expect(zoneLine(-1)).toBe(ZONE_LINES[1]);
  });

  it("knows the extremes of contrast", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  });
});
