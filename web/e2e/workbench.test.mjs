import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { demoFolder, launch, runKeniki, Screen, serve } from "./stage.mjs";

const LIMIT = { timeout: 60_000 };
const BANNER = "架空の県（見本） 表示している地域・施設・数値はすべて架空のものです。";

let folder;
let browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "keniki-e2e-"));
  browser = await launch();
}, LIMIT);

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("the demonstration prefecture on the screen of an office PC", () => {
  let server;
  let screen;
  let page;

  before(async () => {
    const results = join(folder, "demo");
    await runKeniki("demo", "--out", results, "--no-serve");
    server = await serve(results);
    screen = await Screen.open(browser, server.address);
    page = screen.page;
  }, LIMIT);

  after(async () => {
    await page?.close();
    const { code, errors } = (await server?.stop()) ?? {};
    assert.equal(code, 0, "the server ends well when it is asked to");
    assert.doesNotMatch(errors, /WARN|ERROR|panic/i);
  });

  afterEach(async () => {
    assert.ok(await screen.part("invented").isVisible(), "the invented banner is there");
    assert.deepEqual(screen.problems, [], "nothing went wrong in the browser");
  });

  /** Fails unless the words stand on the screen itself, without scrolling or a click. */
  const inSight = async (where, words) => {
    const box = await where.getByText(words).first().boundingBox();
    assert.ok(box, `${words} is shown`);
    assert.ok(box.y >= 0 && box.y + box.height <= 768, `${words} is in sight`);
    assert.ok(box.x >= 0 && box.x + box.width <= 1366, `${words} is in sight`);
  };

  test("the first screen says where what is lacking, and for how many people", async () => {
    const shortages = screen.part("shortages");
    await inSight(shortages, "機関が1つもない市町村（75歳以上の多い順）");
    for (const [service, places, people] of [
      ["訪問リハビリ", "19市町村", "35,511人"],
      ["急変時受入", "18市町村", "29,430人"],
      ["訪問歯科", "14市町村", "23,545人"],
      ["病院", "14市町村", "17,061人"],
      ["訪問看護", "13市町村", "14,347人"],
      ["在支診・在支病", "10市町村", "8,083人"],
    ]) {
      await inSight(shortages, service);
      const words = (await screen.words(`service-${service}`)).replaceAll(" ", "");
      assert.ok(words.includes(`${service}${places}${people}`), words);
    }
    const open = await screen.words("service-在支診・在支病");
    assert.match(open, /1鐘ノ浜町 2,130 18\.3 0/);
    assert.match(open, /6凪島村 453 60分超 453/);
  });

  test("the first screen says how the zones of today do against the guideline", async () => {
    const right = screen.part("right");
    await inSight(right, "適合状況");
    await inSight(right, "1の圏域が満たしません: 北磯");
    await inSight(right, "積極的役割を担うのが病院・診療所");
    await inSight(right, "4の圏域すべてが満たします");
    assert.match(await screen.words("right"), /適合状況 ✓ ?7 ✗ ?2 ？ ?0/);
    assert.match(await screen.words("right"), /人口（2020年） 総数 664,845 ?人/);
    assert.match(await screen.words("right"), /75歳以上 113,959 ?人/);
  });

  test("the first screen sets today's areas beside proposals that are proven to be best", async () => {
    for (const [plan, name, zones] of [
      ["municipalities", "市町村ごと", "24圏域"],
      ["hokenjo", "保健所", "5圏域"],
      ["secondary", "二次医療圏", "4圏域"],
    ]) {
      await inSight(screen.part(`plan-${plan}`), name);
      await inSight(screen.part(`plan-${plan}`), zones);
    }
    for (const [plan, name, zones, demand] of [
      ["proposal-municipalities", "提案A（市町村の組合せ）", "8圏域", "206.9"],
      ["proposal-hokenjo", "提案B（保健所の組合せ）", "5圏域", "355.5"],
    ]) {
      await inSight(screen.part(`plan-${plan}`), name);
      await inSight(screen.part(`plan-${plan}`), zones);
      await inSight(screen.part(`plan-${plan}`), "最適（証明済み）");
      await inSight(screen.part(`compare-${plan}`), "最適（証明済み）");
      await inSight(screen.part(`compare-${plan}`), demand);
    }
  });

  test("the first screen says of when the data are, what is not loaded and what is assumed", async () => {
    const bar = screen.part("data-bar");
    await inSight(
      bar,
      "国勢調査 2020-10-01・届出名簿 2025-09-01・需要推計 2025-09-30・道路 2025-09-01",
    );
    assert.equal(await screen.words("missing"), "未登録 訪問看護（24時間）・訪問栄養");
    await inSight(bar, "57件（仮定25・要確認6）");
    await inSight(screen.part("map"), "出典：架空の県の見本データ（keniki）");
  });

  test("the map shows municipalities, coloured cells, zones, roads and institutions", async () => {
    assert.equal((await screen.drawn("land", "code")).length, 24);
    assert.equal((await screen.drawn("zone-lines", "zone")).length, 4);
    assert.equal((await screen.drawn("facilities", "id")).length, 62);
    assert.ok((await screen.drawn("minutes", "mesh")).length > 2000);
    assert.ok((await screen.drawn("roads", "class")).includes("trunk"));
    assert.ok((await screen.pixels([255, 241, 171])) > 5000, "cells within 15 minutes are yellow");
    assert.ok((await screen.pixels([156, 209, 178])) > 2000, "cells within 30 minutes are green");
    await screen.link("theme=none");
    assert.equal(await screen.pixels([255, 241, 171], 3), 0, "no cell is coloured without a theme");
    assert.equal((await screen.drawn("minutes", "mesh")).length, 0);
  });

  test("a plan chosen with the arrow keys changes the zones on the map and all figures", async () => {
    await screen.link("");
    await screen.part("plan-secondary").focus();
    await page.keyboard.press("ArrowDown");
    await screen.settled();
    assert.equal(await screen.hash(), "#plan=proposal-municipalities");
    assert.equal((await screen.drawn("zone-lines", "zone")).length, 8);
    assert.deepEqual(await screen.drawn("zone-lines", "plan"), ["proposal-municipalities"]);
    assert.match(await screen.words("right"), /案：提案A（市町村の組合せ）/);
    assert.match(await screen.words("right"), /1の圏域が満たしません: 磯辺野市圏域/);
    assert.match(await screen.words("right"), /平均移動時間 7\.1 ?分/);
    assert.match(await screen.words("right"), /24の単位を圏域にまとめる。/);
    assert.match(await screen.words("legend"), /圏域：提案A（市町村の組合せ）/);
    await page.keyboard.press("Home");
    await screen.settled();
    assert.equal((await screen.drawn("zone-lines", "zone")).length, 24);
  });

  test("a municipality chosen in the shortage list is chosen everywhere", async () => {
    await screen.link("");
    const row = screen.part("shortages").getByRole("button", { name: "鐘ノ浜町" });
    await row.focus();
    await page.keyboard.press("Enter");
    await screen.settled();
    assert.equal(await row.getAttribute("aria-pressed"), "true");
    assert.equal(await screen.words("selection"), "市町村 鐘ノ浜町");
    assert.equal(await screen.words("live"), "市町村 鐘ノ浜町を選択しました");
    assert.match(await screen.words("right"), /75歳以上 2,130 ?人/);
    assert.match(await screen.words("right"), /在支診・在支病 0 ?か所/);
    assert.match(await screen.words("right"), /二次医療圏での圏域 東灘浦/);
    assert.deepEqual(await screen.drawn("chosen-municipality", "code"), ["48304"]);
    assert.match(await screen.hash(), /sel=municipality:48304/);
    await page.getByRole("button", { name: "県全体に戻る" }).click();
    await screen.settled();
    assert.equal(await screen.words("selection"), "県全体 汐見県");
  });

  test("zones, municipalities, cells and institutions are chosen on the map", async () => {
    const others = ["facilities", "zone-names"];
    await screen.link("theme=zones");
    const zone = await screen.placeOf("zones-fill", others);
    await page.mouse.click(zone.x, zone.y);
    await screen.settled();
    assert.equal(await screen.words("selection"), `圏域 ${zone.properties.name}`);
    assert.match(await screen.words("right"), /適合状況.*平均移動時間.*人口（2020年）.*市町村/);

    await screen.link("");
    const land = await screen.placeOf("land", others);
    await page.mouse.click(land.x, land.y);
    await screen.settled();
    assert.equal(await screen.words("selection"), `市町村 ${land.properties.name}`);

    await screen.link("sel=municipality:48201");
    await page.getByRole("button", { name: "拡大" }).click();
    await screen.settled();
    const cell = await screen.placeOf("minutes", others);
    await page.mouse.click(cell.x, cell.y);
    await screen.settled();
    assert.equal(await screen.words("selection"), `メッシュ ${cell.properties.mesh}`);
    assert.match(await screen.words("right"), /最寄りの機関まで 在支診・在支病.*分/);

    const place = await screen.placeOf("facilities");
    await page.mouse.click(place.x, place.y);
    await screen.settled();
    const name = place.properties.name.replace(/\s+/g, " ");
    assert.equal(await screen.words("selection"), `機関 ${name}`);
    assert.match(await screen.words("right"), /種別.*所在地.*届出・区分.*24時間対応 あり/);
  });

  test("another service changes the legend, the cells, the institutions and the list", async () => {
    await screen.link("");
    await screen.part("open-layers").click();
    await screen.part("service").selectOption("訪問看護");
    await screen.settled();
    assert.match(await screen.words("legend"), /^− 訪問看護 機関から自宅まで（自動車・分） 0–15/);
    assert.deepEqual(await screen.drawn("facilities", "kind"), ["訪問看護"]);
    assert.equal((await screen.drawn("facilities", "id")).length, 29);
    assert.match(await screen.words("service-訪問看護"), /1 ?浅水野町 2,593/);
    const fill = await page.evaluate(() =>
      JSON.stringify(globalThis.__keniki.map.getPaintProperty("minutes", "fill-color")),
    );
    assert.ok(fill.includes("minutes:訪問看護"));
    await screen.part("service").selectOption("急変時受入");
    await screen.settled();
    assert.match(await screen.words("legend"), /急変時受入 自宅から病院まで（自動車・分）/);
    await screen.part("open-layers").click();
  });

  test("the year changes the demand, which grows until 2035", async () => {
    await screen.link("theme=demand");
    await screen.part("outlook-block").waitFor({ timeout: 60_000 });
    assert.match(await screen.words("right"), /2024年 4,509\.7/);
    assert.match(await screen.words("right"), /需要のピーク 2035年度 ピークの値 5,048\.4/);
    const year = screen.part("year");
    await year.focus();
    await page.keyboard.press("End");
    assert.equal(await year.inputValue(), "2050");
    await year.fill("2040");
    await screen.settled();
    assert.match(await screen.words("right"), /2040年 4,841\.9/);
    assert.match(await screen.words("legend"), /訪問診療の需要 2040年（2024年＝100）/);
    assert.equal(await screen.hash(), "#year=2040&theme=demand");
  });

  test("the screen speaks English and Japanese again", async () => {
    await screen.link("");
    await screen.part("language").click();
    await page.locator("html[lang=en]").waitFor({ state: "attached" });
    assert.match(await page.title(), /Home|keniki/);
    assert.match(await screen.words("left"), /Shortage areas.*10 municipalities/);
    assert.match(await screen.words("right"), /Guideline.*Aged 75\+ 113,959 ?people/);
    assert.match(await screen.words("plans"), /Optimal \(proven\)/);
    assert.match(
      await screen.words("data-bar"),
      /Not loaded Home nursing around the clock, Home visits by dietitians/,
    );
    await screen.part("language").click();
    await page.locator("html[lang=ja]").waitFor({ state: "attached" });
    assert.match(await screen.words("left"), /不足地域/);
    assert.equal(await screen.hash(), "");
  });

  test("every number opens where it comes from, and Esc leads back to it", async () => {
    const number = screen
      .part("service-在支診・在支病")
      .getByRole("button", { name: "8,083人（根拠を表示）" });
    await number.focus();
    await page.keyboard.press("Enter");
    const words = await screen.words("evidence");
    assert.match(words, /値 8,083 人/);
    assert.match(words, /国勢調査 地域メッシュ統計 tblT001101H48\.zip（時点：2020-10-01）/);
    assert.match(words, /サービスの定義: 在支診・在支病/);
    await page.keyboard.press("Escape");
    await screen.part("evidence").waitFor({ state: "detached" });
    assert.ok(await number.evaluate((element) => element === document.activeElement));
  });

  test("all findings can be read and searched", async () => {
    await screen.part("open-findings").click();
    const count = screen.part("findings-count");
    await count.waitFor();
    assert.equal(await count.innerText(), "33件中 33件");
    const dialog = screen.part("dialog-findings");
    await dialog.getByRole("searchbox").fill("波立野村国民健康保険診療所");
    assert.equal(await count.innerText(), "33件中 1件");
    assert.match(await dialog.innerText(), /48_todokede_ika_202510\.xlsx/);
    await page.keyboard.press("Escape");
    assert.equal(await count.innerText(), "33件中 33件", "the first Esc empties the field");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("the quality of the data is told by topic and by file, and leads to the rows and the map", async () => {
    await screen.part("open-findings").click();
    const dialog = screen.part("dialog-findings");
    const topics = screen.part("quality-topics");
    await topics.waitFor();
    assert.equal(await topics.locator("tbody tr").count(), 13, "what was not found is shown too");
    const count = screen.part("findings-count");
    const place = topics.getByRole("button", { name: "位置が分からない・粗い" });
    await place.focus();
    await page.keyboard.press("Enter");
    assert.equal(await place.getAttribute("aria-pressed"), "true");
    const row = topics.locator("tr", {
      has: page.getByRole("button", { name: "位置が分からない・粗い" }),
    });
    const cells = await row.locator("td.number").allInnerTexts();
    const found = cells.map(Number).reduce((sum, one) => sum + one, 0);
    assert.ok(found > 0);
    assert.match(await count.innerText(), new RegExp(`中 ${found}件$`));
    await dialog.getByText("入力ファイル: 読んだ行").click();
    const inputs = screen.part("quality-inputs");
    assert.equal(await inputs.locator("tbody tr").count(), 35);
    assert.match(
      await inputs.innerText(),
      /tblT001101H48\.zip[\s\S]*2020-10-01\s+2,621\s+2,621\s+0/,
      "rows read, used and set aside",
    );
    await inputs.getByRole("button", { name: "48_todokede_ika_202510.xlsx" }).click();
    const rows = dialog.locator("table.findings tbody tr");
    for (const row of await rows.all())
      assert.match(await row.innerText(), /48_todokede_ika_202510\.xlsx/);
    await dialog.getByRole("button", { name: "調べたこと・ファイルの絞り込みを解く" }).click();
    const onMap = rows.filter({ hasText: "地図で見る" }).first();
    await onMap.getByRole("button", { name: "地図で見る" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator('[data-testid="language"]').click();
    await screen.part("open-findings").click();
    await screen.part("quality-topics").getByRole("button", { name: "Duplicates" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator('[data-testid="language"]').click();
  });

  test("the sources name every file with its date, its rows and what is assumed", async () => {
    await screen.part("data-bar").getByRole("button", { name: "出典・前提を見る" }).click();
    const dialog = screen.part("dialog-sources");
    assert.equal(await dialog.locator("table.list tbody tr").count(), 35);
    assert.equal(await dialog.locator(".assumptions li").count(), 57);
    const words = await screen.words("dialog-sources");
    assert.match(words, /国勢調査 地域メッシュ統計 tblT001101H48\.zip 2020-10-01 2,621 2,621 0/);
    assert.match(
      words,
      /次のサービスはファイルがないため「未登録」です。.*訪問看護（24時間）.*訪問栄養/,
    );
    await dialog.getByRole("button", { name: "閉じる" }).click();
    await dialog.waitFor({ state: "detached" });
  });

  test("the Excel tables arrive as a workbook", async () => {
    await screen.part("open-downloads").click();
    const arriving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Excel（圏域と指標の表）" }).click();
    const download = await arriving;
    assert.equal(download.suggestedFilename(), "tables.xlsx");
    const bytes = await readFile(await download.path());
    assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
    assert.ok(bytes.includes("xl/workbook.xml"));
    await page.keyboard.press("Escape");
  });

  test("a link reproduces the view after the page is loaded again", async () => {
    const asked =
      "plan=proposal-hokenjo&ref=hokenjo&sel=municipality:48205&service=病院&year=2035" +
      "&theme=shortage&show=zones,roads&open=left,right&view=10.20/33.60000/142.50000";
    await screen.link(asked);
    await page.reload();
    await screen.settled();
    assert.equal(await screen.hash(), `#${asked}`);
    assert.equal(await screen.words("selection"), "市町村 磯辺野市");
    assert.match(await screen.words("right"), /案：提案B（保健所の組合せ）/);
    assert.match(await screen.words("legend"), /病院 機関がない市町村/);
    assert.equal(await screen.part("year").inputValue(), "2035");
    assert.ok((await screen.part("compare").getAttribute("class")).includes("folded"));
    const view = await page.evaluate(() => {
      const { map } = globalThis.__keniki;
      return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];
    });
    assert.deepEqual(
      view.map((value) => value.toFixed(2)),
      ["10.20", "33.60", "142.50"],
    );
  });

  test("an institution is found by its name and shown on the map", async () => {
    await screen.link("");
    await screen.part("search").fill("波立野村国民健康保険診療所");
    await page.getByRole("option", { name: "波立野村国民健康保険診療所" }).waitFor();
    await page.keyboard.press("Enter");
    await screen.settled();
    assert.equal(await screen.words("selection"), "機関 波立野村国民健康保険診療所");
    assert.match(await screen.words("right"), /位置の正確さ 市町村の代表点/);
    assert.match(await screen.hash(), /sel=facility:.*view=12\.00/);
  });

  test("the reach of an institution is drawn in four steps with its people", async () => {
    await screen.link("theme=minutes");
    await screen.part("search").fill("汐見");
    const hospital = page.getByRole("option", { name: /病院/ }).first();
    await hospital.click();
    await screen.settled();
    await screen.part("show-reach").focus();
    await page.keyboard.press("Enter");
    const table = screen.part("reach-people");
    await table.waitFor({ timeout: 30_000 });
    await screen.settled();
    const people = async () => {
      const rows = await table.locator("tbody tr").allInnerTexts();
      return rows.map((row) => row.split(/\s+/).map((word) => Number(word.replaceAll(",", ""))));
    };
    const visits = await people();
    assert.deepEqual(
      visits.map(([minutes]) => minutes),
      [15, 30, 45, 60],
    );
    for (const column of [1, 2, 3])
      for (const at of [1, 2, 3])
        assert.ok(visits[at][column] >= visits[at - 1][column], `column ${column} grows`);
    assert.ok(visits[0][1] > 0 && visits[3][1] <= 664_845);
    await page.getByRole("button", { name: "県全体を表示" }).click();
    await screen.settled();
    assert.deepEqual((await screen.drawn("reach-fill", "minutes")).sort(), [15, 30, 45, 60]);
    assert.equal((await screen.drawn("minutes", "mesh")).length, 0, "one scale at a time");
    assert.match(
      await screen.words("legend"),
      /到達圏 選んだ場所から（自動車・分） 0–15 15–30 30–45 45–60/,
    );

    await screen.part("reach-inward").check();
    await page.waitForFunction(() => document.querySelector("[data-testid=reach-people]"));
    await screen.settled();
    assert.match(await screen.words("legend"), /選んだ場所まで/);
    assert.deepEqual(await screen.drawn("reach-fill", "direction"), ["inward"]);

    await screen.part("hide-reach").click();
    await screen.settled();
    assert.equal((await screen.drawn("reach-fill", "minutes")).length, 0);
    assert.ok((await screen.drawn("minutes", "mesh")).length > 0);
  });

  test("the reach of any place is shown by pointing at it with the second button", async () => {
    await screen.link("");
    const { x, y } = await screen.placeOf("minutes");
    await page.mouse.click(x, y, { button: "right" });
    await screen.part("reach-people").waitFor({ timeout: 30_000 });
    await screen.settled();
    assert.match(await screen.words("reach"), /地図の地点（1\d\d\.\d{4}, 3\d\.\d{4}）/);
    assert.equal((await screen.drawn("reach-fill", "minutes")).length > 0, true);
    await screen.part("hide-reach").click();
  });

  test("the panels fold away for projecting and come back", async () => {
    await screen.link("");
    const width = () => screen.part("map").evaluate((element) => element.clientWidth);
    const before = await width();
    await page.getByRole("button", { name: "地図を広げる" }).click();
    await screen.settled();
    assert.ok((await width()) > before + 500);
    assert.ok(await screen.part("invented").isVisible());
    await page.getByRole("button", { name: "元に戻す" }).click();
    await screen.settled();
    assert.equal(await width(), before);
  });

  test("every control is reached with the Tab key and shows that it has the focus", async () => {
    await screen.link("");
    await page.evaluate(() => {
      document.activeElement?.blur();
      const able = "a[href], button, input, select, summary, canvas[tabindex], [tabindex='0']";
      globalThis.unreached = new Set(
        [...document.querySelectorAll(able)].filter(
          (element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility(),
        ),
      );
      globalThis.controls = globalThis.unreached.size;
    });
    const controls = await page.evaluate(() => globalThis.controls);
    assert.ok(controls > 100, `${controls} controls`);
    const unseen = [];
    for (let presses = 0; presses <= controls; presses += 1) {
      await page.keyboard.press("Tab");
      const [label, visible] = await page.evaluate(() => {
        const element = document.activeElement;
        globalThis.unreached.delete(element);
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return [
          element.outerHTML.slice(0, 120),
          element === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2),
        ];
      });
      if (!visible) unseen.push(label);
    }
    assert.deepEqual(unseen, []);
    const unreached = await page.evaluate(() =>
      [...globalThis.unreached].map((element) => element.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(unreached, []);
  });

  test("the page itself never scrolls on an office screen, in either language", async () => {
    for (const lang of ["ja", "en"])
      for (const [width, height] of [
        [1920, 1080],
        [1366, 768],
      ]) {
        await page.setViewportSize({ width, height });
        await screen.link(lang === "ja" ? "" : "lang=en");
        const { over, cut } = await page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement;
          const wide = [...document.querySelectorAll(".scroll")].filter(
            (part) => part.scrollWidth > part.clientWidth,
          );
          return {
            over: [scrollWidth - innerWidth, scrollHeight - innerHeight],
            cut: wide.map((part) => part.parentElement.className),
          };
        });
        assert.deepEqual(over, [0, 0], `${lang} ${width}`);
        assert.deepEqual(cut, [], `no panel is cut at its side: ${lang} ${width}`);
      }
    await screen.link("");
  });

  test("on paper stand the map, the figures and the sources, without controls", async () => {
    await page.emulateMedia({ media: "print" });
    try {
      for (const name of ["left", "search", "language", "open-layers", "data-bar"])
        assert.ok(await screen.part(name).isHidden(), `${name} is not printed`);
      for (const name of ["map", "legend", "compare", "right"])
        assert.ok(await screen.part(name).isVisible(), `${name} is printed`);
      const sources = await page.locator(".print-sources").innerText();
      assert.match(sources, /国勢調査 地域メッシュ統計：tblT001101H48\.zip（時点：2020-10-01）/);
      assert.match(sources, /架空の県の見本データ（keniki）/);
      assert.equal((await screen.words("invented")).trim(), BANNER);
    } finally {
      await page.emulateMedia({ media: null });
    }
  });

  test("a page of another name is refused, so that no web site can read the study", async () => {
    const { hostname, port } = server.address;
    const answer = (host, path) =>
      new Promise((resolve, reject) => {
        request({ hostname, port, path, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    for (const path of ["/", "/api/summary", "/files/tables.xlsx", "/tiles/cells/8/229/102"]) {
      assert.equal(await answer("keniki.example", path), 403, path);
      assert.equal(await answer(`127.0.0.1.keniki.example:${port}`, path), 403, path);
      assert.ok([200, 204].includes(await answer(`localhost:${port}`, path)), path);
    }
  });
});

describe("a study that lacks files and asks for too much", () => {
  let server;
  let screen;

  before(async () => {
    const study = join(folder, "study");
    await cp(demoFolder, study, { recursive: true });
    const manifest = join(study, "study.toml");
    const written = await readFile(manifest, "utf8");
    const fewer = written
      .split("[[input]]")
      .filter((input) => !/kaigo_jigyosho|active_institutions/.test(input))
      .join("[[input]]")
      .replace("zone_travel_limit_minutes = 90", "zone_travel_limit_minutes = 30");
    await writeFile(manifest, fewer);
    const results = join(folder, "lacking");
    await runKeniki("plan", manifest, "--out", results);
    server = await serve(results);
    screen = await Screen.open(browser, server.address);
  }, LIMIT);

  after(async () => {
    await screen?.page.close();
    const { code, errors } = (await server?.stop()) ?? {};
    assert.equal(code, 0);
    assert.doesNotMatch(errors, /WARN|ERROR|panic/i);
  });

  afterEach(() => assert.deepEqual(screen.problems, []));

  test("services without a file are named as not loaded, never as none", async () => {
    assert.equal(
      await screen.words("missing"),
      "未登録 訪問看護・訪問看護（24時間）・訪問リハビリ・訪問栄養・積極的役割の名簿",
    );
    assert.equal(await screen.words("service-訪問看護"), "▸ 訪問看護 未登録（ファイル未読込）");
    await screen.part("service-訪問看護").getByRole("button").click();
    await screen.settled();
    assert.match(
      await screen.words("legend"),
      /「訪問看護」は未登録です。ファイルを読み込むと色分けされます。/,
    );
    assert.equal((await screen.drawn("minutes", "mesh")).length, 0);
    assert.match(await screen.words("right"), /？ 不明 積極的役割を担う医療機関が1つ以上/);
    assert.match(await screen.words("right"), /訪問看護 未登録/);
  });

  test("a proposal that cannot be met says so and shows no figures of nothing", async () => {
    assert.equal(
      await screen.words("plan-proposal-municipalities"),
      "◎ 提案A（市町村の組合せ） 条件を満たす案なし",
    );
    await screen.part("plan-proposal-municipalities").click();
    await screen.settled();
    const right = await screen.words("right");
    assert.match(
      right,
      /条件を満たす案はありません 次の条件をすべて満たす圏域の組合せはありません/,
    );
    assert.match(
      right,
      /各単位の需要の90%以上が中心から30分以内.*この条件を満たす案はない: 白帆町/,
    );
    assert.doesNotMatch(right, /適合状況|平均移動時間|最適性の証明/);
    assert.match(
      await screen.words("compare-proposal-municipalities"),
      /^提案A（市町村の組合せ） 条件を満たす案はありません 条件を満たす案なし$/,
    );
    assert.match(await screen.words("legend"), /提案A（市町村の組合せ）：条件を満たす圏域なし/);
    assert.equal((await screen.drawn("zone-lines", "zone")).length, 0);
  });
});
