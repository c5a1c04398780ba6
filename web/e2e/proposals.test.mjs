import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DemoStage } from "./stage.mjs";

const LIMIT = { timeout: 120_000 };

describe("making plans on the screen", () => {
  const stage = new DemoStage();
  let screen;
  let page;

  before(async () => {
    screen = await stage.open();
    page = screen.page;
    page.setDefaultTimeout(60_000);
    await screen.part("new-plan").click();
    await screen.part("start").waitFor();
  }, LIMIT);

  after(() => stage.close(), LIMIT);

  afterEach(() => assert.deepEqual(screen.problems, [], "nothing went wrong in the browser"));

  /** Asks for plans and waits for the answer, and for the best plan to be drawn if there is one. */
  const compute = async ({ hasPlan = true } = {}) => {
    const drawn = hasPlan && page.waitForResponse(/\/api\/plans\/shapes$/);
    await screen.part("start").click();
    await screen.part("results").waitFor();
    await page.locator('[data-testid="progress"][data-stage="done"]').waitFor();
    await drawn;
  };

  const fill = async (name, text) => {
    await screen.part(name).fill(text);
    await screen.part(name).press("Tab");
  };

  test(
    "the best plan is proven, drawn on the map and compared with the others",
    LIMIT,
    async () => {
      await fill("best", "3");
      await screen.part("by-zone-count").check();
      await compute();
      assert.equal(await screen.words("proof"), "これより良い案はないことを証明済み");
      const progress = await screen.words("progress");
      assert.match(
        progress,
        /最良の目的値 61,791 件・分\/月 証明された下限 61,791 件・分\/月 残差 0\.00 %/,
      );
      await page.locator('[data-testid^="compare-made-"]').waitFor();
      await screen.settled();
      assert.equal((await screen.drawn("drawn-lines", "zone")).length, 8);
      assert.match(await screen.hash(), /plan=made-[0-9a-f]{8}-best/);
      const compare = await page.locator('[data-testid^="compare-made-"]').innerText();
      assert.match(compare.replace(/\s+/g, " "), /最善の案 8圏域 .*最適（証明済み）/);
      assert.match(
        await screen.words("results"),
        /1・9–24圏域では、条件を満たす案がないことを証明済み/,
      );
    },
  );

  test("the other plans are shown with a click", LIMIT, async () => {
    await screen.part("adopt-zones-5").click();
    await page.waitForFunction(() => location.hash.includes("zones-5"));
    await screen.settled();
    await page.waitForFunction(
      () =>
        new Set(
          globalThis.__keniki.map
            .queryRenderedFeatures({ layers: ["drawn-lines"] })
            .map(({ properties }) => properties.zone),
        ).size === 5,
    );
    assert.match(await screen.words("right"), /5圏域の最善案/);
  });

  test("a rule that must hold changes the plan", LIMIT, async () => {
    await fill("best", "1");
    await screen.part("by-zone-count").uncheck();
    await screen.part("rules").locator("summary").click();
    await screen.part("rule-whole-hokenjo").getByRole("combobox").selectOption("hard");
    await compute();
    assert.equal(await screen.words("proof"), "これより良い案はないことを証明済み");
    const chosen = page.locator('[data-testid^="compare-made-"].chosen');
    await chosen.filter({ hasText: "5圏域" }).waitFor();
    const words = (await chosen.innerText()).replace(/\s+/g, " ");
    assert.match(words, /最善の案 5圏域 [^区]* 0区域 ±0 同じ .*✓7/, "no 保健所 area is split");
    await screen.part("rule-whole-hokenjo").getByRole("combobox").selectOption("off");
  });

  test("another objective comes before travel, and all compromises are found", LIMIT, async () => {
    await screen.part("aim").selectOption("splits-secondary");
    await screen.part("front-aims").locator("summary").click();
    await screen.part("front-zones").check();
    await screen.part("front-travel").check();
    await compute();
    assert.match(await screen.words("goals"), /分割.* 0 .*最適（証明済み）/);
    assert.match(await screen.words("front"), /これですべてであることを証明済み/);
    assert.equal(await screen.part("front").locator("tbody tr").count(), 7, "2 to 8 zones");
    await screen.part("adopt-front-1").click();
    await page.waitForFunction(() => location.hash.includes("-front-1"));
    await screen.part("aim").selectOption("travel");
    await screen.part("front-zones").uncheck();
    await screen.part("front-travel").uncheck();
  });

  test(
    "a municipality is moved with the keyboard, the break is told, and the plan mended",
    LIMIT,
    async () => {
      await page.locator('[data-testid^="compare-made-"] button').first().click();
      await page.waitForFunction(() => !location.hash.includes("-front-1"));
      await screen.part("edit").focus();
      await page.keyboard.press("Enter");
      await screen.part("check").waitFor();
      assert.match(await screen.words("check"), /すべての条件を満たします/);
      await screen.part("move-what").selectOption({ label: "磯辺野市" });
      await screen.part("move-to").selectOption({ label: "楠原市圏域" });
      await screen.part("move").focus();
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="check"][data-accepts="false"]').waitFor();
      assert.match(await screen.words("check"), /満たさない条件が\d+件あります.*圏域が地続き/);
      await screen.part("mend").focus();
      await page.keyboard.press("Enter");
      await page.locator('[data-testid="check"][data-accepts="true"]').waitFor();
      assert.match(await screen.words("progress"), /移す市町村 1（証明された下限 1）/);
      const mended = await screen.words("mended");
      assert.match(mended, /1市町村を移して直しました。移したのは磯辺野市。/);
      assert.match(mended, /これより少ない移動では直せないことを証明済みです。/);
      await screen.part("undo").click();
      await page.locator('[data-testid="check"][data-accepts="false"]').waitFor();
    },
  );

  test("while a plan is edited, a click on the map chooses a municipality", LIMIT, async () => {
    await screen.settled();
    const place = await screen.placeOf("land", ["facilities"]);
    await page.mouse.click(place.x, place.y);
    await page.waitForFunction(
      (code) => document.querySelector('[data-testid="move-what"]').value === code,
      place.properties.code,
    );
    await screen.part("end-edit").click();
    await screen.part("edit").waitFor();
  });

  /** The municipalities of each zone of the answer. */
  const zones = async () => {
    const list = screen.part("results").getByTestId("zone-list").first();
    if ((await list.getAttribute("open")) === null) await list.locator("summary").click();
    const items = await list.locator("ol > li").allInnerTexts();
    return items.map((words) => words.split("\n")[0].split("・"));
  };

  test(
    "places are chosen by keyboard and on the map, and the plan keeps to them",
    LIMIT,
    async () => {
      await compute();
      const [one, other] = (await zones()).find((names) => names.length > 1);
      await screen.part("places").locator("summary").focus();
      await page.keyboard.press("Enter");
      await screen.part("place-kind").selectOption("apart");
      assert.equal(await screen.part("place-add").isDisabled(), true, "two places at least");
      await screen.part("place-what").selectOption({ label: one });
      await screen.part("place-what").selectOption({ label: other });
      await screen.part("place-add").focus();
      await page.keyboard.press("Enter");
      assert.equal(await screen.words("place-rules"), `必ず別：${one}・${other}×`);
      await compute();
      assert.equal(await screen.words("proof"), "これより良い案はないことを証明済み");
      const apart = (await zones()).find((names) => names.includes(one));
      assert.ok(!apart.includes(other), `${apart}`);

      await screen.part("place-kind").selectOption("together");
      const place = await screen.placeOf("land", ["facilities"]);
      await page.mouse.click(place.x, place.y);
      await screen.part("place-chosen").locator("li").first().waitFor();
      await screen.part("place-chosen").getByRole("button").first().click();
      assert.equal(await screen.part("place-chosen").locator("li").count(), 0);

      // Together what must be apart: named before the search begins.
      await screen.part("place-what").selectOption({ label: one });
      await screen.part("place-what").selectOption({ label: other });
      await screen.part("place-add").click();
      await compute({ hasPlan: false });
      assert.match(await screen.words("impossible"), /条件が互いに矛盾しています: 必ず別/);
      await screen.part("remove-place-2").click();
      await screen.part("remove-place-1").click();
      await screen.part("places").locator("summary").click();
    },
  );

  test("a rule is asked of the zones of one municipality only", LIMIT, async () => {
    await compute();
    const rule = screen.part("rule-active-2");
    if (!(await rule.isVisible())) await screen.part("rules").locator("summary").click();
    await rule.locator("select").first().selectOption("hard");
    await screen.part("reach-active-2").selectOption("with");
    assert.match(await rule.innerText(), /すべての圏域に課します/);
    const [first, second] = (await zones()).flat();
    await screen.part("reach-active-2-what").selectOption({ label: first });
    await screen.part("again-active-2").click();
    const again = screen.part("rule-active-2+2");
    assert.equal(
      (await again.locator(".rule").innerText()).trim(),
      (await rule.locator(".rule").innerText()).trim(),
    );
    await screen.part("reach-active-2+2-chosen").getByRole("button").click();
    await screen.part("reach-active-2+2-what").selectOption({ label: second });
    const sent = page.waitForRequest(
      (request) => request.method() === "POST" && request.url().endsWith("/api/proposals"),
    );
    await compute();
    const asked = (await sent).postDataJSON().asked.rule.filter(({ zones_with }) => zones_with);
    assert.deepEqual(
      asked.map(({ id, zones_with }) => [id, zones_with.length]),
      [
        ["active-2", 1],
        ["active-2+2", 1],
      ],
    );
    assert.equal(await screen.words("proof"), "これより良い案はないことを証明済み");
    for (const one of [rule, again]) await one.locator("select").first().selectOption("off");
    await screen.part("rules").locator("summary").click();
  });

  test(
    "units of the planner's own are pasted, and rows that cannot be used are named",
    LIMIT,
    async () => {
      await screen.part("own-tables").locator("summary").click();
      await fill("unit_table", "unit,muni_code\n山の手,奥楠村\n山の手,鷹上町\n山の手,月町\n");
      await compute();
      assert.match(
        await screen.words("own-findings"),
        /単位の表 4行目 「月町」 この県の市町村にありません/,
      );
      assert.match(await screen.words("results"), /23の単位で計算しました/);
      assert.ok(
        (await zones()).some((names) => names.includes("奥楠村") && names.includes("鷹上町")),
      );
      await fill("unit_table", "unit;muni_code\n");
      await screen.part("start").click();
      await screen.part("propose-problem").waitFor();
      assert.match(await screen.words("propose-problem"), /単位の表: .*unit/);
      await fill("unit_table", "");
      await screen.part("own-tables").locator("summary").click();
    },
  );

  test("an overlay names who serves every area, or what to bring", LIMIT, async () => {
    await screen.part("overlay").selectOption("小児・医療的ケア児");
    await screen.part("start").click();
    await screen.part("propose-problem").waitFor();
    assert.match(
      await screen.words("propose-problem"),
      /「医療的ケア児」の人数は未登録です。.*cohort_counts/,
    );
    await screen.part("overlay").selectOption("歯科");
    await fill("overlay-minutes", "120");
    await compute();
    assert.equal(await screen.words("proof"), "これより良い案はないことを証明済み");
    assert.match(
      await screen.words("overlay-notes"),
      /訪問歯科（居宅）.* 目的値の単位：件・分\/月/,
    );
    const areas = page.locator('[data-testid="zone-list"] ol ul li');
    assert.equal(await areas.count(), 24, "every municipality");
    await page.waitForFunction(
      () => globalThis.__keniki.map.queryRenderedFeatures({ layers: ["drawn-lines"] }).length > 0,
    );
    const shown = await page.locator('[data-testid^="compare-made-"].chosen').innerText();
    assert.match(shown, /^歯科：最善の案/);
    assert.doesNotMatch(shown, /最適/, "its proof is in another unit than these figures");
    await screen.part("overlay").selectOption("");
    await page.getByTestId("drop").click();
  });

  test("where no plan exists, the words say why", LIMIT, async () => {
    await fill("zones-least", "20");
    await compute({ hasPlan: false });
    const words = await screen.words("impossible");
    assert.match(words, /条件を満たす案はありません/);
    assert.match(words, /圏域を20以上とする条件ですが、多くても8しか作れません/);
    assert.equal(await screen.words("conflict"), "圏域の数の下限（20以上）");
    await screen.part("adopt-nearest").click();
    await page.waitForFunction(() => location.hash.includes("-nearest"));
  });

  test("made plans stand among the plans until they are deleted", LIMIT, async () => {
    await screen.part("drop").click();
    await page.waitForFunction(() => !location.hash.includes("-nearest"));
    await screen.part("leave-proposals").click();
    const plans = await screen.words("plans");
    assert.match(plans, /この画面で作った案/);
    assert.match(plans, /手直し：最善の案/);
    assert.doesNotMatch(plans, /外れが最も小さい案/);
  });
});
