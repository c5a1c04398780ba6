import { createExpression } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import { shortagePath, sitingPath, startPath, stopPath } from "../src/api/shortage";
import {
  CAUSE_COLOURS,
  CAUSES,
  causeFill,
  DEPTH_COLOURS,
  depthFill,
  NO_CAUSE,
} from "../src/model/causes";
import { contrast } from "../src/model/colour";
import { conditionParams, isNormal, NORMAL, parseArea, parseWays } from "../src/model/conditions";

/** What an expression makes of a cell. */
function fill(expression: unknown, properties: Record<string, string | number>): string {
  const made = createExpression(expression, "layers[0].paint.fill-color");
  if (made.result === "error") throw new Error(JSON.stringify(made.value));
  return made.value.evaluate({ zoom: 9 }, { type: "Polygon", properties });
}

describe("causes on the map", () => {
  it("have each its own colour, and none has another", () => {
    for (const cause of CAUSES) expect(fill(causeFill, { cause })).toBe(CAUSE_COLOURS[cause]);
    expect(fill(causeFill, { cause: "none" })).toBe(NO_CAUSE);
    expect(new Set([...Object.values(CAUSE_COLOURS), NO_CAUSE]).size).toBe(6);
  });

  it("grow lighter from the gravest to the mildest, so that no hue is needed to rank them", () => {
    for (const colours of [CAUSES.map((cause) => CAUSE_COLOURS[cause]), [...DEPTH_COLOURS]]) {
      const onWhite = colours.map((colour) => contrast(colour, "#ffffff"));
      for (let at = 1; at < onWhite.length; at += 1)
        expect(onWhite[at], colours[at]).toBeLessThan((onWhite[at - 1] as number) * 0.8);
    }
  });

  it("become depth by the number of institutions, all from three on alike", () => {
    const of = (institutions: number) => fill(depthFill, { institutions });
    expect([0, 1, 2, 3, 40].map(of)).toEqual([...DEPTH_COLOURS, DEPTH_COLOURS[3]]);
  });
});

describe("travel conditions", () => {
  it("ask nothing of the server on a normal day", () => {
    expect(conditionParams(NORMAL)).toEqual([]);
    expect(isNormal(NORMAL)).toBe(true);
    expect(shortagePath("病院", NORMAL)).toBe(`api/shortage?service=${encodeURIComponent("病院")}`);
  });

  it("name winter, hours, ferries, tolls and closed roads", () => {
    const conditions = {
      snow: true,
      time: "peak",
      noFerries: true,
      noTolls: true,
      ways: ["7", "8"],
      area: parseArea("138.5,35.6 138.6,35.6 138.6,35.7"),
    } as const;
    expect(conditionParams({ ...conditions, ways: ["7", "8"] })).toEqual([
      ["season", "snow"],
      ["time", "peak"],
      ["ferries", "off"],
      ["tolls", "off"],
      ["closed_ways", "7,8"],
      ["closed_area", "138.50000,35.60000,138.60000,35.60000,138.60000,35.70000"],
    ]);
    expect(isNormal({ ...NORMAL, ways: ["7"] })).toBe(false);
  });

  it("take numbers and corners as people write them, and nothing else", () => {
    expect(parseWays("12、12, 345 x -6")).toEqual(["12", "345"]);
    expect(parseArea("138.5,35.6,138.6,35.6")).toEqual([]);
    expect(parseArea("1,2,3,4,5,abc")).toEqual([]);
    expect(parseArea("1,2,3,4,5,96")).toEqual([]);
    expect(parseArea("1，2 3、4 5,6")).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });
});

describe("questions about change", () => {
  it("name the service, the institution or place, and the conditions", () => {
    const snow = { ...NORMAL, snow: true };
    expect(stopPath("19", snow)).toBe("api/what-if?change=remove&facility=19&season=snow");
    const place = { kind: "point", longitude: 138.5, latitude: 35.6, name: null } as const;
    expect(startPath("a", place, NORMAL)).toBe(
      "api/what-if?service=a&lon=138.500000&lat=35.600000",
    );
    expect(sitingPath("a", "p-median", 3, NORMAL)).toBe(
      "api/siting?service=a&model=p-median&sites=3",
    );
  });
});
