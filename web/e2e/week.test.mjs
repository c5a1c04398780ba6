import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DemoStage } from "./stage.mjs";

const LIMIT = { timeout: 240_000 };
/** The first question waits for the network and the cover of every service. */
const FIRST = { timeout: 120_000 };

describe("the week and the outlook of demand on the screen of an office PC", () => {
  const stage = new DemoStage();
  let screen;
  let page;

  before(async () => {
    screen = await stage.open();
    page = screen.page;
  }, LIMIT);

  after(() => stage.close(), LIMIT);

  afterEach(() => assert.deepEqual(screen.problems, [], "nothing went wrong in the browser"));

  const number = (words) => Number(words.replaceAll(",", ""));

  /** The label of a slot of the grid, read aloud. */
  const slot = (day, band) =>
    page.locator(`[data-slot="${day}${band}"]`).getAttribute("aria-label");

  /** Waits until the map shows cells that the server computed. */
  const cellsOf = async (layer) => {
    await page.waitForFunction(
      (id) => globalThis.__keniki.map.queryRenderedFeatures({ layers: [id] }).length > 100,
      layer,
      { timeout: 60_000 },
    );
    await screen.settled();
  };

  const hole = async (day, band) => number(/穴 ([\d,]+)人/.exec(await slot(day, band))[1]);

  test(
    "the week opens from the shortage areas as days by bands, with people in words and signs",
    LIMIT,
    async () => {
      await screen.part("show-week").focus();
      await page.keyboard.press("Enter");
      await screen.part("week-grid").waitFor(FIRST);
      await cellsOf("week-cells");
      assert.equal(await screen.hash(), "#theme=week");
      assert.equal(await page.locator(".week-grid .slot").count(), 32);
      assert.match(
        await slot("日", "深夜"),
        /^日 深夜：(穴あり|穴が大きい)、穴 [\d,]+人、不明 [\d,]+人$/,
      );
      assert.ok(
        (await hole("日", "深夜")) > (await hole("月", "深夜")),
        "the island's clinic is there on weekdays",
      );
      const answers = await screen.words("week-answers");
      for (const word of ["届く", "不明", "一部の時間だけ", "来られる所が不在", "来られる所がない"])
        assert.match(answers, new RegExp(`${word} [\\d,]+ ?人`));
      assert.match(await screen.words("week-calls"), /未登録/, "no list tells who takes the call");
      assert.match(
        await screen.words("week-files"),
        /診療時間 \d+件、輪番表 \d+件、輪番の条件 2件/,
      );
      const drawn = await screen.drawn("week-cells", "answer");
      for (const answer of ["reached", "nobody"]) assert.ok(drawn.includes(answer), answer);
      assert.match(
        await screen.words("legend"),
        /日 深夜 に30分以内に来る所（人） 届く [\d,]+ 不明/,
      );
    },
  );

  test("arrow keys move through the slots, and the map and the link follow", async () => {
    await screen.link("theme=week");
    await page.locator('[data-slot="日深夜"]').focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowLeft");
    await screen.settled();
    assert.equal(await screen.hash(), "#theme=week&slot=土,夜間");
    assert.equal(await screen.words("week-slot"), "土 夜間 18:00–22:00");
    assert.equal(await page.locator('.week-grid [aria-pressed="true"]').count(), 1);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.slot), "土夜間");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(
      await page.evaluate(() => document.activeElement.dataset.slot),
      "土早朝",
      "the edge holds",
    );
  });

  test("choosing an area counts only its people and those who come there", async () => {
    await screen.link("theme=week&sel=municipality:48381");
    await screen.part("week-grid").waitFor(FIRST);
    assert.equal(await screen.words("week-area"), "凪島村");
    assert.equal(await hole("月", "深夜"), 0);
    assert.equal(await hole("日", "深夜"), 1_512);
    assert.match(await slot("月", "深夜"), /穴なし/);
    await page.locator('[data-slot="月深夜"]').click();
    await screen.part("week-there").locator("summary").click();
    assert.match(await screen.words("week-there"), /凪島村国民健康保険診療所 輪番 1,512 ?人/);
    await screen.part("week").getByRole("button", { name: "県全体に戻る" }).click();
    assert.equal(await screen.words("week-area"), "汐見県");
  });

  test("every number of the week opens its rule, files and assumptions with their tags", async () => {
    await screen.link("theme=week");
    await screen.part("week-answers").waitFor(FIRST);
    const people = screen.part("week-answers").getByRole("button", { name: /来られる所がない：/ });
    await people.focus();
    await page.keyboard.press("Enter");
    const words = await screen.words("evidence");
    assert.match(words, /枠の初めから終わりまで/);
    assert.match(words, /診療時間（医療情報ネット）/);
    assert.match(words, /輪番表（県）/);
    assert.match(words, /深夜 毎日 22:00–翌6:00/);
    assert.match(words, /要確認（出典を未照合）/);
    assert.match(words, /仮定/);
    await page.keyboard.press("Escape");
    await screen.part("evidence").waitFor({ state: "detached" });
  });

  test("video beside a nurse is a switch that fills holes and stays in the link", async () => {
    await screen.link("theme=week");
    await screen.part("week-answers").waitFor(FIRST);
    const before = await hole("日", "深夜");
    await screen.part("week-online").check();
    await page.waitForFunction(
      (without) => {
        const label = document.querySelector('[data-slot="日深夜"]')?.getAttribute("aria-label");
        return label && Number(/穴 ([\d,]+)人/.exec(label)[1].replaceAll(",", "")) < without;
      },
      before,
      { timeout: 60_000 },
    );
    await screen.settled();
    assert.match(await screen.hash(), /online=on/);
    assert.match(await screen.words("week"), /輪番表のオンラインの当番 1行/);
    assert.match(await screen.words("legend"), /オンライン（D to P with N）/);
  });

  test("a fair rota is computed with its proof and names the shifts that cannot be filled", async () => {
    await screen.link("theme=week");
    await screen.part("week-answers").waitFor(FIRST);
    await screen.part("rota").locator("summary").first().click();
    await screen.part("ask-rota").click();
    await screen.part("rota-proof").waitFor({ timeout: 120_000 });
    assert.equal(await screen.words("rota-proof"), "✓ 最適（証明済み）");
    assert.match(await screen.words("rota"), /当番の総数（週） \d+ 1機関の最多 \d+/);
    assert.equal(await screen.part("rota-duties").locator("tbody > tr").count(), 11);
  });

  test("demand opens by service with its band, peak, and the year in which a zone falls short", async () => {
    await screen.link("");
    await screen.part("show-outlook").focus();
    await page.keyboard.press("Enter");
    await screen.part("outlook-zones").waitFor({ timeout: 60_000 });
    await screen.settled();
    assert.equal(await screen.hash(), "#theme=demand");
    const head = await screen.words("outlook-zones");
    assert.match(head, /圏域 2024年 85歳以上 ピーク（年） 不足/);
    const block = await screen.words("outlook-block");
    assert.match(
      block,
      /訪問診療（レセプト件数\/月） 2024年 [\d,.]+ 低い場合 [\d,.]+ 高い場合 [\d,.]+ 85歳以上 [\d,.]+/,
    );
    assert.match(block, /訪問診療（居宅） [\d,.]+ 訪問診療（施設） [\d,.]+/);
    assert.match(
      block,
      /提供量（仮定、2025年） [\d,.]+ 不足（中） (▲ \d{4}年から不足|✓ \d{4}年まで足りる)/,
    );
    assert.match(block, /帯は仮定の幅、破線は提供量（仮定）/);
    await screen.part("outlook-layer").selectOption("訪問看護");
    await screen.part("outlook-block").getByText("訪問看護（利用者/月）").waitFor();
    await screen.part("outlook-future").selectOption("nurses-decline");
    await screen.settled();
    assert.equal(await screen.hash(), "#theme=demand&layer=訪問看護&future=nurses-decline");
    assert.match(await screen.words("legend"), /訪問看護の需要 2024年（2024年＝100）/);
    const value = screen.part("outlook-block").getByRole("button", { name: /^2024年：/ });
    await value.focus();
    await page.keyboard.press("Enter");
    const words = await screen.words("evidence");
    assert.match(words, /85歳以上 低0.0564・中0.0748・高0.0932/);
    assert.match(words, /全国69.5万人/);
    assert.match(words, /仮定/);
    await page.keyboard.press("Escape");
  });

  test("choosing a zone shows its own course, and the map shows demand by cell in the year", async () => {
    await screen.link("theme=demandCells&year=2040");
    await screen.part("outlook-zones").waitFor({ timeout: 60_000 });
    await cellsOf("demand-cells");
    assert.ok((await screen.drawn("demand-cells", "demand")).length > 100);
    assert.match(
      await screen.words("legend"),
      /訪問診療 2040年（1メッシュ当たり、レセプト件数\/月）/,
    );
    await screen.part("outlook-zones").getByRole("button", { name: "北磯", exact: true }).click();
    await screen.settled();
    assert.equal(await screen.words("selection"), "圏域 北磯");
    assert.match(await screen.words("outlook-block"), /2040年 [\d,.]+/);
  });

  test("the panels fit the office screen in either language", async () => {
    for (const lang of ["", "&lang=en"])
      for (const theme of ["week", "demand"]) {
        await screen.link(`theme=${theme}${lang}`);
        await screen.part(theme === "week" ? "week-answers" : "outlook-zones").waitFor(FIRST);
        await screen.settled();
        const cut = await page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement;
          const wide = [...document.querySelectorAll(".scroll")].filter(
            (part) => part.scrollWidth > part.clientWidth,
          );
          return [scrollWidth - innerWidth, scrollHeight - innerHeight, wide.length];
        });
        assert.deepEqual(cut, [0, 0, 0], `${theme} ${lang}`);
      }
    assert.match(await screen.words("outlook"), /Demand and workforce/);
  });
});
