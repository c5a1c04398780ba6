import { describe, expect, it } from "vitest";
import { formatChange, formatNumber, formatShare, judge } from "../src/model/format";
import { fileNames } from "../src/model/provenance";

describe("numbers", () => {
  it("have thousands separators and a fixed number of decimals", () => {
    expect(formatNumber(1234567, "ja")).toBe("1,234,567");
    expect(formatNumber(4795.17, "ja", { digits: 1 })).toBe("4,795.2");
    expect(formatNumber(0, "ja")).toBe("0");
  });

  it("are words, never zeros, when they are absent", () => {
    expect(formatNumber(null, "ja")).toBe("未登録");
    expect(formatNumber(undefined, "en")).toBe("not loaded");
    expect(formatNumber(null, "ja", { absence: "none" })).toBe("—");
    expect(formatNumber(Number.NaN, "ja")).toBe("未登録");
    expect(formatShare(null, "ja")).toBe("未登録");
  });

  it("are shares in percent with one decimal", () => {
    expect(formatShare(0.1234, "ja")).toBe("12.3");
    expect(formatShare(1, "ja")).toBe("100.0");
    expect(formatShare(0, "ja")).toBe("0.0");
  });
});

describe("changes", () => {
  it("carry their sign, also when nothing changes", () => {
    expect(formatChange(3.25, "ja", 1)).toBe("+3.3");
    expect(formatChange(-1200, "ja")).toBe("−1,200");
    expect(formatChange(-0.04, "ja", 1)).toBe("±0.0");
  });

  it("are better or worse by the direction that is good for the figure", () => {
    expect(judge(-2, "lower", 1)).toBe("better");
    expect(judge(2, "lower", 1)).toBe("worse");
    expect(judge(2, "higher", 1)).toBe("better");
    expect(judge(-2, "higher", 1)).toBe("worse");
    expect(judge(2, null, 1)).toBe("neutral");
    expect(judge(0.04, "higher", 1)).toBe("same");
  });
});

describe("names of files", () => {
  it("tells files of one name apart by their folders and leaves the others bare", () => {
    const files = ["R6/名簿.xlsx", "R7/名簿.xlsx", "../a/b.csv", "x/R7/町.csv", "y/R7/町.csv"];
    const expected = ["R6/名簿.xlsx", "R7/名簿.xlsx", "b.csv", "x/R7/町.csv", "y/R7/町.csv"];
    expect(files.map(fileNames(files))).toEqual(expected);
  });
});
