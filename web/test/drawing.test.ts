import { describe, expect, test } from "vitest";
import { readEvents } from "../src/api/proposals";
import { moved, movers, proven, ranges } from "../src/model/drawing";

describe("a plan drawn by hand", () => {
  const drawn = { zones: [["a", "b"], ["c"], ["d", "e"]], colours: [3, 0, 5] };

  test("a municipality goes over, and every zone keeps its colour", () => {
    expect(moved(drawn, "b", 1)).toEqual({
      zones: [["a"], ["c", "b"], ["d", "e"]],
      colours: [3, 0, 5],
    });
  });

  test("a zone that loses its last municipality ends", () => {
    expect(moved(drawn, "c", 2)).toEqual({
      zones: [
        ["a", "b"],
        ["d", "e", "c"],
      ],
      colours: [3, 5],
    });
  });

  test("a new zone has a colour that no other has", () => {
    expect(moved(drawn, "e", "new")).toEqual({
      zones: [["a", "b"], ["c"], ["d"], ["e"]],
      colours: [3, 0, 5, 1],
    });
  });

  test("to stay where one is changes nothing but the order", () => {
    expect(moved(drawn, "a", 0)).toEqual({
      zones: [["b", "a"], ["c"], ["d", "e"]],
      colours: [3, 0, 5],
    });
  });
});

describe("who moved", () => {
  test("those who left what most of their zone became, however the zones are ordered", () => {
    expect(
      movers(
        [
          ["a", "b", "c"],
          ["d", "e"],
        ],
        [
          ["d", "e", "c"],
          ["a", "b"],
        ],
      ),
    ).toEqual(["c"]);
  });

  test("nobody where the zones are the same", () => {
    expect(movers([["a"], ["b", "c"]], [["c", "b"], ["a"]])).toEqual([]);
  });

  test("the smaller part of two zones that become one", () => {
    expect(movers([["a", "b"], ["c"]], [["a", "b", "c"]])).toEqual(["c"]);
  });
});

test("what is proven is the bound as a share of the best value so far", () => {
  expect(proven(200, 150)).toBe(0.75);
  expect(proven(0, 0)).toBe(1);
  expect(proven(200, null)).toBeNull();
  expect(proven(null, 150)).toBeNull();
});

test("numbers in a row are told in short", () => {
  expect(ranges([1, 2, 3, 5, 9, 10])).toEqual(["1–3", "5", "9–10"]);
  expect(ranges([])).toEqual([]);
});

describe("server-sent events", () => {
  test("whole events are read, the rest waits, comments are passed over", () => {
    const [states, rest] = readEvents('data: {"nodes":1}\n\n:\n\ndata: {"nodes":2}\n\ndata: {"no');
    expect(states).toEqual([{ nodes: 1 }, { nodes: 2 }]);
    expect(rest).toBe('data: {"no');
  });
});
