import { describe, expect, it } from "vitest";
import { formatHash, parseHash } from "../src/state/hash";
import { initialState, type State } from "../src/state/state";

describe("the address", () => {
  it("says nothing about the first screen", () => {
    expect(formatHash(initialState)).toBe("");
    expect(parseHash("")).toEqual(initialState);
  });

  it("reproduces every part of the state", () => {
    const state: State = {
      plan: "proposal-hokenjo",
      reference: "municipalities",
      selection: { kind: "zone", id: "峡南・富士:1" },
      service: "訪問診療（24時間）",
      year: 2041,
      lang: "en",
      theme: "shortage",
      slot: { day: "祝", band: "早朝" },
      online: true,
      layer: "訪問看護",
      future: "nurses-decline",
      conditions: {
        snow: true,
        time: "night",
        noFerries: true,
        noTolls: true,
        ways: ["12", "345"],
        area: [
          [138.5, 35.6],
          [138.6, 35.6],
          [138.6, 35.7],
        ],
      },
      overlays: ["municipalities"],
      kinds: ["病院", "訪問看護"],
      open: ["right"],
      view: { zoom: 9.5, latitude: 35.66321, longitude: 138.56912 },
    };
    expect(parseHash(`#${formatHash(state)}`)).toEqual(state);
  });

  it("reproduces empty choices", () => {
    const state: State = { ...initialState, overlays: [], kinds: [], open: [] };
    expect(parseHash(formatHash(state))).toEqual(state);
  });

  it("goes back to the prefecture from a base that has something selected", () => {
    const base: State = { ...initialState, selection: { kind: "municipality", id: "19201" } };
    expect(parseHash(formatHash(initialState, base), base).selection).toEqual({
      kind: "prefecture",
    });
  });

  it("keeps what a broken link does not say", () => {
    const broken = "#year=abc&lang=fr&theme=rainbow&sel=planet:9&view=1/2&kinds=病院,学校";
    expect(parseHash(broken)).toEqual({ ...initialState, kinds: ["病院"] });
  });
});
