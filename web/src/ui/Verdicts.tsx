import type { Verdict } from "../api/types";
import type { Key, Lang } from "../i18n";
import { translate, translateOr } from "../i18n";
import { countVerdicts } from "../model/study";
import { useWorkbench } from "./context";

type Word = "pass" | "fail" | "unknown";

const SIGNS: Record<Word, string> = { pass: "✓", fail: "✗", unknown: "？" };

const wordOf = (verdict: string): Word =>
  verdict === "pass" || verdict === "fail" ? verdict : "unknown";

/** 適合・不適合・不明 by sign, word and colour. */
export function VerdictSign({ verdict, lang }: { verdict: string; lang: Lang }) {
  const word = wordOf(verdict);
  return (
    <span class={`verdict ${word}`}>
      <span aria-hidden="true">{SIGNS[word]}</span> {translate(lang, `verdict.${word}` as Key)}
    </span>
  );
}

/** How many verdicts of each kind, on one short line. */
export function VerdictCounts({ audit }: { audit: Verdict[] }) {
  const { t } = useWorkbench();
  const count = countVerdicts(audit);
  const words = t("verdict.counts", count);
  return (
    <span class="counts" role="img" aria-label={words} title={words}>
      {(["pass", "fail", "unknown"] as const).map((word) => (
        <span key={word} class={`verdict ${count[word] === 0 ? "zero" : word}`} aria-hidden="true">
          {SIGNS[word]}
          {count[word]}
        </span>
      ))}
    </span>
  );
}

function VerdictItem({ of }: { of: Verdict }) {
  const { lang, t } = useWorkbench();
  const clause = t("text.labelled", { label: t("audit.clause"), value: of.clause });
  return (
    <li>
      <VerdictSign verdict={of.verdict} lang={lang} />
      <details>
        <summary>
          <span class="rule">{translateOr(lang, `rule.${of.rule}`, of.rule)}</span>
          <span class="clause">{of.reason}</span>
        </summary>
        <span class="clause">{clause}</span>
      </details>
      <span class="clause print-only">{clause}</span>
    </li>
  );
}

/** The verdicts with their reasons, failures first; each opens its clause. */
export function VerdictList({ audit }: { audit: Verdict[] }) {
  const { t } = useWorkbench();
  const order = { fail: 0, unknown: 1, pass: 2 };
  const sorted = [...audit].sort((a, b) => order[wordOf(a.verdict)] - order[wordOf(b.verdict)]);
  if (sorted.length === 0) return <p class="quiet">{t("audit.none")}</p>;
  return (
    <ul class="verdicts">
      {sorted.map((one) => (
        <VerdictItem key={`${one.rule} ${one.clause}`} of={one} />
      ))}
    </ul>
  );
}
