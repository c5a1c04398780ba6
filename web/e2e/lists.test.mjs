import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { demoFolder, launch, runKeniki, Screen, serve } from "./stage.mjs";

const LIMIT = { timeout: 240_000 };

/** Lists that only a prefecture has, for the demonstration. */
const LISTS = {
  night_calls:
    "地域,ルール,曜日,開始,終了,受付の医療機関コード,受付の名称\n汐見市,あり,毎日,18:00,8:00,,汐見市夜間センター\n灘浜市,明確でない,,,,,\n",
  care_facility_partners:
    "施設の名称,協力医療機関の有無,介護事業所番号,地域,協力医療機関コード,協力医療機関の名称\n介護老人保健施設みどり,あり,4850109033,汐見市,,汐見中央病院\n介護老人保健施設さくら,なし,,,,\n",
  emergency_tools:
    "地域,取組,状況,名称,普及率,配布数\n汐見市,救急医療情報キット,あり,命のカプセル,12.5,1200\n",
  cohort_counts:
    "区分,市区町村コード,年,人数\n医療的ケア児,48201,2024,40\n医療的ケア児,48202,2024,4\n",
};

describe("the lists that only the prefecture has", () => {
  let folder;
  let browser;
  let server;
  let screen;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "keniki-e2e-"));
    browser = await launch();
    const study = join(folder, "study");
    await cp(demoFolder, study, { recursive: true });
    for (const [kind, text] of Object.entries(LISTS)) {
      await writeFile(join(study, `${kind}.csv`), text);
      await appendFile(
        join(study, "study.toml"),
        `\n[[input]]\nkind = "${kind}"\npath = "${kind}.csv"\n`,
      );
    }
    const results = join(folder, "results");
    await runKeniki("plan", join(study, "study.toml"), "--out", results);
    server = await serve(results);
    screen = await Screen.open(browser, server.address);
  }, LIMIT);

  after(async () => {
    await screen?.page.close();
    await browser?.close();
    const { code, errors } = (await server?.stop()) ?? {};
    await rm(folder, { recursive: true, force: true });
    assert.equal(code, 0);
    assert.doesNotMatch(errors, /WARN|ERROR|panic/i);
  });

  afterEach(() => assert.deepEqual(screen.problems, [], "nothing went wrong in the browser"));

  test(
    "the week says where a rule exists, and who takes the call in the chosen slot",
    LIMIT,
    async () => {
      await screen.link("theme=week&slot=日,深夜&sel=municipality:48201");
      await screen.part("week-calls").waitFor({ timeout: 120_000 });
      assert.match(await screen.words("week-calls"), /✓ 輪番などのルールあり 汐見市/);
      assert.match(
        await screen.words("week-taken"),
        /汐見市: 汐見市夜間センター 毎日 18:00–翌8:00/,
      );
      await screen.page.locator('[data-slot="日日中"]').click();
      assert.match(await screen.words("week-taken"), /この枠の連絡先はありません（不明）/);
      await screen.link("theme=week&sel=municipality:48202");
      await screen.part("week-calls").waitFor();
      assert.match(await screen.words("week-calls"), /▲ ルールが明確でない 灘浜市/);
      await screen.link("theme=week&sel=municipality:48203");
      assert.match(await screen.words("week-calls"), /？ ルールがあるか不明 鷹瀬市/);
    },
  );

  test(
    "beside the functions stand facilities with and without a partner, and tools",
    LIMIT,
    async () => {
      await screen.link("sel=municipality:48201");
      await screen.part("partners").waitFor();
      assert.match(
        await screen.words("partners"),
        /介護保険施設の協力医療機関 あり 1・なし 1・不明 1/,
      );
      await screen.part("partners").locator("summary").click();
      assert.match(
        await screen.words("partners"),
        /介護老人保健施設みどり → 汐見中央病院 [\d.]+km/,
      );
      assert.match(await screen.words("partners"), /介護老人保健施設こだま 不明/);
      await screen.part("tools").locator("summary").click();
      assert.match(
        await screen.words("tools"),
        /汐見市 救急医療情報キット: あり 命のカプセル・普及率 12.5%・配布 1,200/,
      );
      assert.match(await screen.words("tools"), /汐見市 ACPのツール: 不明/);
      await screen.link("show=zones,care_links");
      assert.deepEqual(await screen.drawn("care-links", "partner"), ["汐見中央病院"]);
    },
  );

  test("counts of patients are shown without the small ones", LIMIT, async () => {
    await screen.link("theme=demand");
    await screen.part("outlook-cohorts").waitFor({ timeout: 120_000 });
    await screen.part("outlook-cohorts").locator("summary").click();
    const words = await screen.words("outlook-cohorts");
    assert.match(words, /医療的ケア児（2024年）：県全体 不明/);
    assert.match(words, /汐見市 40人 灘浜市 1–9人/);
    assert.match(words, /在宅人工呼吸：未登録/);
  });
});
