import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Findings, Summary } from "../src/api/types";
import { FIGURES, figureSpec } from "../src/model/figures";
import { type Hit, search } from "../src/model/search";
import { rankShortages } from "../src/model/shortage";
import { countVerdicts, peak, StudyIndex, series } from "../src/model/study";
import { axisTicks } from "../src/ui/DemandChart";
import { filterFindings } from "../src/ui/FindingsDialog";

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
const summary = read<Summary>("summary");
const study = new StudyIndex(summary);

describe("shortages", () => {
  const ranked = rankShortages(summary);

  it("rank services and places by people aged 75 and over, most first", () => {
    const people = ranked.filter(({ people75 }) => people75 !== null).map((one) => one.people75);
    expect(people).toEqual([...people].sort((a, b) => Number(b) - Number(a)));
    for (const { places } of ranked) {
      const here = places.map(({ gap }) => gap.people_75_plus ?? 0);
      expect(here).toEqual([...here].sort((a, b) => b - a));
    }
  });

  it("add up the people of the places", () => {
    const first = ranked[0];
    expect(first?.people75).toBe(
      first?.places.reduce((sum, { municipality }) => sum + municipality.population.age_75_plus, 0),
    );
    expect(first?.places.length).toBeGreaterThan(0);
  });

  it("leave services that were not loaded unknown, at the end", () => {
    const last = ranked.slice(-2);
    expect(last.map(({ service }) => service.id)).toEqual(["訪問看護", "定期巡回・随時対応"]);
    expect(last.map(({ people75 }) => people75)).toEqual([null, null]);
    expect(last.map(({ places }) => places)).toEqual([[], []]);
  });
});

describe("the study", () => {
  it("finds the zone of a municipality in each plan", () => {
    for (const plan of summary.plans)
      for (const { code } of summary.municipality_table)
        expect(study.zoneOf(plan.id, code)?.municipalities).toContain(code);
    expect(study.zoneOf("secondary", "00000")).toBeUndefined();
  });

  it("knows which selections mean something", () => {
    expect(study.has("secondary", { kind: "zone", id: "山間圏域" })).toBe(true);
    expect(study.has("hokenjo", { kind: "zone", id: "山間圏域" })).toBe(false);
    expect(study.has("secondary", { kind: "municipality", id: "19201" })).toBe(false);
    expect(study.has("secondary", { kind: "cell", id: "533846" })).toBe(true);
  });

  it("falls back to the areas of today for a plan that it does not have", () => {
    expect(study.plan("nobody's plan")?.id).toBe("secondary");
  });

  it("keeps years in order and finds the first peak", () => {
    const values = series({ "2040": 5, "2024": 3, "2030": 5 });
    expect(values.map(({ year }) => year)).toEqual([2024, 2030, 2040]);
    expect(peak(values)).toEqual({ year: 2030, value: 5 });
    expect(peak([])).toBeNull();
  });

  it("agrees with the peaks that the summary states", () => {
    for (const { plan, zone, peak_year } of summary.demand.zones)
      expect(peak(study.zoneDemand(plan, zone))?.year).toBe(peak_year);
  });

  it("counts an unheard-of verdict as unknown", () => {
    const verdict = (word: string) => ({ rule: "", clause: "", reason: "", verdict: word });
    expect(countVerdicts(["pass", "fail", "pass", "maybe"].map(verdict))).toEqual({
      pass: 2,
      fail: 1,
      unknown: 1,
    });
  });

  it("takes the travel limit from the longest limit of the coverage", () => {
    expect(study.travelLimit()).toBe(60);
  });
});

describe("search", () => {
  it("finds names whatever their width, best first", () => {
    const hits = search("９５２０２", study, "secondary", []);
    expect(hits.map(({ id }) => id)).toEqual(["95202"]);
    const zones = search("海浜", study, "secondary", []);
    expect(zones[0]).toMatchObject({ kind: "zone", name: "海浜圏域" });
    expect(search(" ", study, "secondary", [])).toEqual([]);
  });

  it("finds institutions by address after those by name", () => {
    const facility = (id: string, name: string, note: string): Hit => ({
      kind: "facility",
      id,
      name,
      note,
      position: [138, 35],
    });
    const all = [
      facility("1", "中央医院", "見本県岬町1"),
      facility("2", "岬診療所", "見本県北町2"),
    ];
    const found = search("岬", study, "secondary", all).filter(({ kind }) => kind === "facility");
    expect(found.map(({ id }) => id)).toEqual(["2", "1"]);
  });
});

describe("the chart", () => {
  it("has round steps from 0 over the highest value", () => {
    expect(axisTicks(4795)).toEqual([0, 2000, 4000, 6000]);
    expect(axisTicks(30)).toEqual([0, 10, 20, 30]);
    expect(axisTicks(0)).toEqual([0]);
  });
});

describe("findings", () => {
  const { findings } = read<Findings>("findings");

  it("are filtered by severity, kind and words together", () => {
    const wanted = { severity: "", kind: "", words: "" };
    expect(filterFindings(findings, wanted)).toHaveLength(12);
    const few = filterFindings(findings, { ...wanted, kind: "suppressed_cell", words: "ＴＢＬ" });
    expect(few.length).toBe(4);
    expect(few.every(({ kind }) => kind === "suppressed_cell")).toBe(true);
    expect(filterFindings(findings, { ...wanted, severity: "quarantined" })).toHaveLength(2);
    expect(filterFindings(findings, { ...wanted, words: "どこにもない" })).toEqual([]);
    const topicOf = (kind: string) => (kind === "suppressed_cell" ? "small" : "other");
    const { length } = filterFindings(findings, { topic: "small" }, topicOf);
    expect(length).toBe(filterFindings(findings, { kind: "suppressed_cell" }).length);
    const [first] = findings;
    const ofFile = filterFindings(findings, { file: first?.file ?? "" });
    expect(ofFile.length).toBeGreaterThan(0);
    expect(ofFile.every(({ file }) => file === first?.file)).toBe(true);
  });
});

describe("assumptions", () => {
  const subjects = (figure: keyof typeof FIGURES, service?: string) =>
    study.assumptionsOf(figureSpec(figure).assumptions, service).map(({ subject }) => subject);

  it("are told with the figures that rest on them", () => {
    expect(subjects("demand_year")).toEqual(["訪問診療の年齢別の重み", "需要の年の間"]);
    expect(subjects("active_candidates")).toEqual(["積極的役割を担う医療機関の候補"]);
    expect(subjects("zones")).toEqual([]);
    expect(subjects("cell_minutes", "訪問薬剤")).toEqual([
      "道路の速度",
      "密集地の速度",
      "道路までの区間",
      "航路",
      "県外の医療機関",
      "サービスの定義: 訪問薬剤",
    ]);
  });

  it("are all told with some figure", () => {
    const figures = Object.keys(FIGURES) as (keyof typeof FIGURES)[];
    const services = summary.services.map(({ id }) => id);
    const told = new Set(
      figures.flatMap((figure) => services.flatMap((service) => subjects(figure, service))),
    );
    expect(
      summary.assumptions.map(({ subject }) => subject).filter((one) => !told.has(one)),
    ).toEqual([]);
  });
});
