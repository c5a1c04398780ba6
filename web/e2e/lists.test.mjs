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
  targets:
    "項目,目標値,単位,現状値,期限,医療機能,地域,計画\n訪問診療の件数,100000,件/月,,2030年度,,全域,医療計画\n訪問診療を受けた患者数,1300,人,1250,2029年度,,汐見市,\n",
  own_figures:
    'file = "ndb.csv"\nsource = "NDB"\nmunicipality = "市町村"\nyear_column = "年度"\n[[indicator]]\ncolumn = "患者数"\nname = "訪問診療を受けた患者数"\nunit = "人"\nadds_up = true\npatients = true\n',
  area_membership: "市区町村コード,MC協議会名\n48201,西部MC\n48202,東部MC\n48203,東部MC\n",
  cohort_counts:
    "区分,市区町村コード,年,人数\n医療的ケア児,48201,2024,40\n医療的ケア児,48202,2024,4\n",
};

/** What the manifest says beside kind and path, and files of other names. */
const MORE = { area_membership: 'system = "MC協議会"\n' };
const FILES = { own_figures: "ndb.toml" };
const NDB = "市町村,年度,患者数\n48201,2023,1200\n48202,2023,4\n48203,2023,50\n";

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
      const file = FILES[kind] ?? `${kind}.csv`;
      await writeFile(join(study, file), text);
      await appendFile(
        join(study, "study.toml"),
        `\n[[input]]\nkind = "${kind}"\npath = "${file}"\n${MORE[kind] ?? ""}`,
      );
    }
    await writeFile(join(study, "ndb.csv"), NDB);
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

  test("areas of every system stand beside the zones of a plan", LIMIT, async () => {
    await screen.link("plan=municipalities");
    await screen.part("splits").waitFor();
    const splits = await screen.words("splits");
    assert.match(splits, /分かれるMC協議会 1区域/, "東部MC lies in two zones");
    assert.match(splits, /分かれる消防本部 \d+区域/);
    assert.match(splits, /分かれる老人福祉圏 未登録/);
    assert.match(splits, /MC協議会：21 市町村の区域が不明のため/);
    await screen.part("splits").getByText("MC協議会: 分かれる区域").click();
    assert.match(await screen.words("splits"), /東部MC 灘浜市 鷹瀬市/);
    await screen.link("plan=secondary&open=compare");
    assert.match(await screen.words("compare"), /分かれる保健所 分かれる二次医療圏 適合状況/);
    await screen.link("sel=municipality:48202");
    assert.match(await screen.words("areas"), /MC協議会 東部MC/);
  });

  test("targets stand beside what is known of the same thing", LIMIT, async () => {
    await screen.link("plan=municipalities");
    await screen.part("targets").waitFor();
    for (const summary of await screen.part("targets").locator("summary").all())
      await summary.click();
    const words = await screen.words("targets");
    assert.match(words, /訪問診療の件数 全域 医療計画 2030年度: 100,000件\/月/);
    assert.match(
      words,
      /訪問診療の需要推計（構想区域、レセプト件数\/月） 2030：[\d,.]+ 目標値との差 [\d,.]+/,
    );
    assert.match(words, /この構想区域の目標値が登録されていません/);
    assert.match(
      words,
      /市町村の指標（NDB） 2023：1,200 現状値との差 50 目標の期限とは年度が違います/,
    );
    await screen.link("sel=municipality:48201");
    assert.match(
      await screen.words("indicators"),
      /訪問診療を受けた患者数 2023: 1,200人 重点指標・日常の療養支援・プロセス/,
    );
    await screen.link("sel=municipality:48202");
    assert.match(await screen.words("indicators"), /訪問診療を受けた患者数 2023: 1–9/);
  });

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
