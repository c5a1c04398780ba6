import type { Maybe } from "../api/types";
import type { Lang } from "../i18n";

/** What an absent number means: its file was not loaded, or there is nothing to count. */
export type Absence = "not_loaded" | "none";

const WORDS: Record<Lang, Record<Absence, string>> = {
  ja: { not_loaded: "未登録", none: "—" },
  en: { not_loaded: "not loaded", none: "—" },
};

/** The word for an absent value. Never a zero. */
export const absent = (lang: Lang, absence: Absence = "not_loaded") => WORDS[lang][absence];

/** A number with thousands separators and a fixed number of decimals; absent values as a word. */
export function formatNumber(
  value: Maybe<number>,
  lang: Lang,
  { digits = 0, absence = "not_loaded" }: { digits?: number; absence?: Absence } = {},
): string {
  if (value === null || value === undefined || !Number.isFinite(value))
    return absent(lang, absence);
  return value.toLocaleString(lang === "ja" ? "ja-JP" : "en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A share 0–1 as percent, without the sign. */
export const formatShare = (
  share: Maybe<number>,
  lang: Lang,
  options: { digits?: number; absence?: Absence } = {},
) =>
  formatNumber(share === null || share === undefined ? share : share * 100, lang, {
    digits: 1,
    ...options,
  });

/** A change with its sign: a true minus, a plus, or ± when nothing changes at this precision. */
export function formatChange(change: number, lang: Lang, digits = 0): string {
  const size = formatNumber(Math.abs(change), lang, { digits });
  if (Number(Math.abs(change).toFixed(digits)) === 0)
    return `±${formatNumber(0, lang, { digits })}`;
  return `${change > 0 ? "+" : "−"}${size}`;
}

/** Whether a change is good: depends on which direction is better for the figure. */
export type Judgement = "better" | "worse" | "same" | "neutral";

/** Judges a change, at the precision in which people see it. */
export function judge(
  change: number,
  better: "lower" | "higher" | null,
  digits: number,
): Judgement {
  if (Number(Math.abs(change).toFixed(digits)) === 0) return "same";
  if (better === null) return "neutral";
  return change > 0 === (better === "higher") ? "better" : "worse";
}
