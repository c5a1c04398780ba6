import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DemoStage } from "./stage.mjs";

const LIMIT = { timeout: 120_000 };
/** The first question waits for the network and the cover of every service. */
const FIRST = { timeout: 60_000 };

describe("shortages by cause on the screen of an office PC", () => {
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

  test(
    "the list of causes opens from the shortage areas and colours the cells",
    LIMIT,
    async () => {
      await screen.part("show-causes").focus();
      await page.keyboard.press("Enter");
      await screen.part("short-service").selectOption("訪問診療");
      await screen.part("causes").waitFor(FIRST);
      await screen.settled();
      assert.equal(await screen.hash(), "#service=訪問診療&theme=causes");
      const rows = await screen.part("causes").locator("tr").allInnerTexts();
      const people = rows.map((row) => number(/([\d,]+)\s*人/.exec(row)[1]));
      assert.deepEqual(people.slice(0, 2), [132, 4_667]);
      assert.equal(
        people.reduce((sum, one) => sum + one, 0),
        222_475,
        "everybody on the list counts once",
      );
      const causes = await screen.drawn("short-cells", "cause");
      for (const cause of [
        "none_in_minutes",
        "not_at_night",
        "one_institution",
        "capacity",
        "none",
      ])
        assert.ok(causes.includes(cause), cause);
      assert.match(
        await screen.words("legend"),
        /訪問診療.*16km以内になし 132 .*時間内になし 4,667 /,
      );
      assert.equal((await screen.drawn("minutes", "mesh")).length, 0, "one scale at a time");
    },
  );

  test("a municipality of the list is explained: why, who could mend it, at other speeds", async () => {
    await screen.link("service=訪問診療&theme=causes");
    const row = screen
      .part("short-municipalities")
      .getByRole("button", { name: /凪島村/ })
      .first();
    await row.focus();
    await page.keyboard.press("Enter");
    await screen.settled();
    assert.equal(await screen.words("selection"), "市町村 凪島村");
    const words = await screen.words("explanation");
    assert.match(words, /原因ごとの人数 時間内になし 1,512 ?人/);
    assert.match(words, /改善できる所 凪島村国民健康保険診療所 0\.6分 ?1,512人/);
    assert.match(words, /速度0\.8倍 1,512 ?人 計画の速度 1,512 ?人 速度1\.2倍 [\d,]+ ?人/);
    assert.match(words, /0か所 1,512 ?人 1か所 0 ?人/);
    assert.equal((await screen.drawn("chosen-municipality", "code")).length, 1);
  });

  test("every number of the list opens its rule, formula, files and assumptions", async () => {
    await screen.link("service=訪問診療&theme=causes");
    const people = screen.part("causes").getByRole("button", { name: /時間内になし：4,667人/ });
    await people.focus();
    await page.keyboard.press("Enter");
    const words = await screen.words("evidence");
    assert.match(words, /値 4,667 人/);
    assert.match(words, /車で30分以内に来る所がなければ不足/);
    assert.match(words, /訪問だけを行う医師1人で月80件/);
    assert.match(words, /要確認（出典を未照合）.*仮定/);
    assert.match(words, /道路（OpenStreetMap）/);
    await page.keyboard.press("Escape");
    await screen.part("evidence").waitFor({ state: "detached" });
  });

  test("the same cells are coloured by how many institutions stand behind them", async () => {
    await screen.link("service=訪問診療&theme=causes");
    await screen.part("colour-depth").check();
    await screen.part("depth").waitFor();
    await screen.settled();
    assert.equal(await screen.hash(), "#service=訪問診療&theme=depth");
    assert.match(
      await screen.words("legend"),
      /0か所 4,799 1か所 14,761 2か所 16,101 3か所以上 629,184/,
    );
    assert.ok((await screen.drawn("short-cells", "institutions")).includes(0));
    assert.ok((await screen.pixels([252, 244, 203], 12)) > 5_000, "most cells are well covered");
  });

  test("the best site is found with proof, and is better than or as good as the obvious one", async () => {
    await screen.link("service=訪問診療&theme=causes");
    const box = screen.part("siting");
    await box.locator("summary").click();
    await screen.part("ask-siting").click();
    await screen.part("sites").waitFor({ timeout: 30_000 });
    const words = await screen.words("siting");
    assert.match(words, /✓ 最適（証明済み）/);
    assert.match(words, /今 112,623 ?人 最適な選び方 113,076 ?人 一つずつ選んだ場合 [\d,]+ ?人/);
    await screen.part("siting-model").selectOption("lscp");
    assert.equal(
      await screen.part("sites").count(),
      0,
      "an old answer does not stand by a new question",
    );
    await box.locator("summary").click();
  });

  test("what stops with an institution is told in people and outlined on the map", async () => {
    await screen.link("service=訪問診療&theme=causes");
    await screen.part("search").fill("黒沢内科");
    await page.getByRole("option", { name: /黒沢内科 .*荒磯野町/ }).click();
    await screen.settled();
    await screen.part("ask-stop").focus();
    await page.keyboard.press("Enter");
    await screen.part("what-if").getByText("届かなくなる人").first().waitFor({ timeout: 30_000 });
    await screen.settled();
    assert.match(await screen.words("what-if"), /訪問診療 届かなくなる人 7,359 ?人/);
    await page.getByRole("button", { name: "県全体を表示" }).click();
    await screen.settled();
    assert.ok((await screen.drawn("changed-cells", "mesh")).length > 10);
    assert.match(await screen.words("legend"), /変わるメッシュ/);
    await screen.part("hide-what-if").click();
    await screen.settled();
    assert.equal((await screen.drawn("changed-cells", "mesh")).length, 0);
  });

  test("winter shortens the reach, and the link keeps the conditions", async () => {
    await screen.link("");
    await screen.part("search").fill("汐見");
    await page.getByRole("option", { name: /病院/ }).first().click();
    await screen.settled();
    await screen.part("show-reach").click();
    const table = screen.part("reach-people");
    await table.waitFor({ timeout: 30_000 });
    const within30 = async () =>
      number((await table.locator("tbody tr").nth(1).innerText()).split(/\s+/)[1]);
    const normal = await within30();
    await screen.part("reach").getByText("交通の条件").click();
    await screen.part("when-snow").check();
    await page.waitForFunction(
      (before) => {
        const row = document.querySelector("[data-testid=reach-people] tbody tr:nth-child(2) td");
        return row && Number(row.textContent.replaceAll(",", "")) < before;
      },
      normal,
      { timeout: 30_000 },
    );
    await screen.settled();
    assert.ok((await within30()) < normal);
    assert.match(await screen.hash(), /when=snow/);
    assert.match(await screen.words("legend"), /冬（積雪）/);
    await screen.link("");
  });

  test("a closed area is drawn corner by corner and leaves more people without anybody", async () => {
    await screen.link("service=訪問診療&theme=causes");
    const unreached = async () => {
      const rows = await screen.part("causes").locator("tr").allInnerTexts();
      return number(/([\d,]+)\s*人/.exec(rows[1])[1]);
    };
    const normal = await unreached();
    await screen.part("by-cause").getByText("交通の条件").click();
    await screen.part("draw-area").click();
    const { x, y, width, height } = await screen.part("map").boundingBox();
    for (const [across, down] of [
      [0.35, 0.35],
      [0.6, 0.35],
      [0.6, 0.65],
      [0.35, 0.65],
    ])
      await page.mouse.click(x + width * across, y + height * down);
    await screen.part("finish-area").click();
    await page.waitForFunction(
      (before) => {
        const row = document.querySelector("[data-testid=causes] tr:nth-child(2) td");
        return row && Number(row.textContent.replaceAll(/[^\d]/g, "")) > before;
      },
      normal,
      { timeout: 60_000 },
    );
    await screen.settled();
    assert.match(await screen.hash(), /closed=14\d\./);
    assert.match(await screen.words("legend"), /通行止めあり/);
    await screen.part("by-cause").getByRole("button", { name: "平常に戻す" }).click();
    await screen.settled();
    assert.equal(await screen.hash(), "#service=訪問診療&theme=causes");
  });

  test("doubtful places of the data are a layer, and each tells its finding", async () => {
    await screen.link("");
    assert.equal(
      (await screen.drawn("findings", "kind")).length,
      0,
      "not until they are asked for",
    );
    await screen.part("open-layers").click();
    await screen.part("overlay-findings").check();
    await screen.part("open-layers").click();
    await screen.settled();
    assert.ok((await screen.drawn("findings", "kind")).length > 0);
    const { x, y, properties } = await screen.placeOf("findings");
    await page.mouse.click(x, y);
    await screen.settled();
    assert.match(await screen.words("selection"), /^所見 /);
    assert.ok((await screen.words("finding")).includes(properties.meant.slice(0, 12)));
    assert.equal((await screen.drawn("chosen-finding", "meant")).length, 1);
    await screen.part("open-findings").click();
    await page.getByRole("button", { name: "地図で見る" }).first().click();
    await screen.settled();
    assert.match(await screen.hash(), /sel=finding:1&/);
    assert.ok(await screen.part("finding").isVisible());
  });

  test("the panel fits the office screen in either language, and is reached with the Tab key", async () => {
    for (const lang of ["ja", "en"]) {
      await screen.link(`service=訪問診療&theme=causes${lang === "en" ? "&lang=en" : ""}`);
      await screen.part("causes").waitFor();
      const cut = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        const wide = [...document.querySelectorAll(".scroll")].filter(
          (part) => part.scrollWidth > part.clientWidth,
        );
        return [scrollWidth - innerWidth, scrollHeight - innerHeight, wide.length];
      });
      assert.deepEqual(cut, [0, 0, 0], lang);
    }
    assert.match(await screen.words("by-cause"), /Causes of shortage.*None in time 4,667/);
    await screen.link("service=訪問診療&theme=causes");
    await screen.part("short-service").focus();
    const seen = new Set();
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press("Tab");
      seen.add(
        await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          const { testid } = document.activeElement.dataset;
          const visible = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
          return visible ? (testid ?? document.activeElement.tagName) : "unseen";
        }),
      );
    }
    assert.ok(seen.has("colour-causes") && seen.has("SUMMARY"), [...seen].join());
    assert.ok(!seen.has("unseen"));
  });
});
