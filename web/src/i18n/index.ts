import type { PlanFigures, ServiceFigures } from "../api/types";
import type { FigureKey } from "../model/figures";
import { en } from "./en";
import { evidenceEn } from "./evidence.en";
import { evidenceJa } from "./evidence.ja";
import { ja, type Key } from "./ja";

export type { Key };
export type Lang = "ja" | "en";

/** The words of 根拠 for one figure. */
export interface EvidenceText {
  label: string;
  meaning: string;
  formula: string;
  rule?: string;
}

const WORDS: Record<Lang, Record<Key, string>> = { ja, en };
const EVIDENCE: Record<Lang, Record<FigureKey, EvidenceText>> = { ja: evidenceJa, en: evidenceEn };

/** What is filled into `{name}`. */
export type Params = Record<string, string | number>;

/** The text of a key with its parameters filled in. */
export const translate = (lang: Lang, key: Key, params: Params = {}): string =>
  WORDS[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));

/** The text of a key that was put together from data, or the fallback when there is none. */
export const translateOr = (lang: Lang, key: string, fallback: string): string =>
  key in WORDS[lang] ? WORDS[lang][key as Key] : fallback;

/** The words of 根拠 for a figure. */
export const evidence = (lang: Lang, key: FigureKey): EvidenceText => EVIDENCE[lang][key];

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** Name of a service. */
export const serviceName = (lang: Lang, service: ServiceFigures) =>
  lang === "ja" ? service.id : capitalised(service.name_en);

/** Name of a plan. */
export const planName = (lang: Lang, plan: PlanFigures) =>
  lang === "ja" ? plan.name : plan.name_en;

/** Name of a layer of demand. */
export const layerName = (lang: Lang, layer: { id: string; name_en: string }) =>
  lang === "ja" ? layer.id : capitalised(layer.name_en);
