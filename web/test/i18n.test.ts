import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evidence, translate, translateOr } from "../src/i18n";
import { en } from "../src/i18n/en";
import { evidenceEn } from "../src/i18n/evidence.en";
import { evidenceJa } from "../src/i18n/evidence.ja";
import { ja, type Key } from "../src/i18n/ja";
import { FIGURES, TABLE } from "../src/model/figures";

const parameters = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "i18n" ? [] : sources(path);
    return [readFileSync(path, "utf8")];
  });
}

describe("the words", () => {
  it("are the same keys in both languages, none empty except units", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(ja).sort());
    for (const [key, text] of [...Object.entries(ja), ...Object.entries(en)])
      if (!key.startsWith("unit.")) expect(text, key).not.toBe("");
  });

  it("take the same parameters in both languages", () => {
    for (const key of Object.keys(ja) as Key[])
      expect(parameters(en[key]), key).toEqual(parameters(ja[key]));
  });

  it("are all used", () => {
    const code = sources("src").join("\n");
    const built = [...code.matchAll(/`([a-zA-Z]+\.)\$\{/g)].map(([, start]) => start as string);
    const unused = Object.keys(ja).filter(
      (key) => !code.includes(`"${key}"`) && !built.some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });

  it("explain only figures that are shown", () => {
    const code = sources("src/ui").join("\n") + TABLE.map(({ key }) => `"${key}"`).join();
    const unused = Object.keys(FIGURES).filter((key) => !code.includes(`"${key}"`));
    expect(unused).toEqual([]);
  });

  it("explain every figure in both languages", () => {
    for (const key of Object.keys(FIGURES) as (keyof typeof FIGURES)[]) {
      for (const words of [evidenceJa[key], evidenceEn[key]]) {
        expect(words.label, key).not.toBe("");
        expect(words.meaning, key).not.toBe("");
        expect(words.formula, key).not.toBe("");
      }
    }
    expect(evidence("ja", "gap").label).toBe("残差");
  });

  it("avoid the words of engineers", () => {
    const shown = Object.values(ja).join() + JSON.stringify(evidenceJa);
    expect(shown).not.toMatch(/行列|マトリクス|ギャップ|目的関数/);
  });

  it("fill in parameters and leave unknown ones visible", () => {
    expect(translate("ja", "plans.zones", { count: 4 })).toBe("4圏域");
    expect(translate("en", "plans.zones")).toBe("{count} zones");
    expect(translateOr("ja", "precision.town", "?")).toBe("大字・町");
    expect(translateOr("ja", "precision.moon", "moon")).toBe("moon");
  });
});
