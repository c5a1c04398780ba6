import { describe, expect, it } from "vitest";
import type { Summary } from "../src/api/summary";
import { facilitiesIn, listRows, toldOf } from "../src/model/lists";

const COLUMNS = [
  "コード",
  "市町村",
  "施設番号",
  "介護保険施設",
  "協力医療機関",
  "協力医療機関の名称",
  "医療機関コード",
  "直線距離（km）",
];

const summary = (rows: (string | number | null)[][]) =>
  ({
    own_lists: [{ id: "care_facility_partners", title: "", note: "", columns: COLUMNS, rows }],
  }) as unknown as Summary;

describe("the prefecture's own lists", () => {
  it("are read by the heads of their columns, and are nothing when they were not loaded", () => {
    const rows = listRows(
      summary([["48201", "汐見市", "", "甲苑", "なし", "", "", null]]),
      "care_facility_partners",
    );
    expect(rows?.[0]).toMatchObject({
      コード: "48201",
      介護保険施設: "甲苑",
      協力医療機関: "なし",
    });
    expect(listRows(summary([]), "emergency_tools")).toBeNull();
    expect([toldOf("あり"), toldOf("なし"), toldOf("多分"), toldOf(null)]).toEqual([
      "yes",
      "no",
      "unknown",
      "unknown",
    ]);
  });

  it("give a facility once with all its partners", () => {
    const rows = listRows(
      summary([
        ["48201", "汐見市", "1", "甲苑", "あり", "甲病院", "4810110001", 1.5],
        ["48201", "汐見市", "1", "甲苑", "あり", "乙医院", "", null],
        ["48201", "汐見市", "2", "乙苑", "不明", "", "", null],
        ["48202", "灘浜市", "3", "丙苑", "なし", "", "", null],
      ]),
      "care_facility_partners",
    );
    expect(facilitiesIn(rows ?? [], ["48201"])).toEqual([
      {
        id: "1",
        name: "甲苑",
        told: "yes",
        partners: [
          { id: "4810110001", name: "甲病院", km: 1.5 },
          { id: "", name: "乙医院", km: null },
        ],
      },
      { id: "2", name: "乙苑", told: "unknown", partners: [] },
    ]);
  });
});
