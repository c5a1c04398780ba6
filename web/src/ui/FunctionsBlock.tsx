import type { Assumption, FunctionFigures, FunctionPart, Verdict } from "../api/summary";
import { formatNumber } from "../model/format";
import { bearersIn, per100k } from "../model/functions";
import { useWorkbench } from "./context";
import { ListsBlock } from "./ListsBlock";
import { Figure } from "./Number";

/** What is taken for bearing a part, as an assumption. */
const assumptionOf = (part: FunctionPart): Assumption => ({
  subject: part.id,
  text: part.classes.join("・"),
  source: part.source,
  tag: part.tag,
});

interface OfPart {
  part: FunctionPart;
  codes: readonly string[];
}

/** How many bear a part, for 100,000 people, beside the other zones of the plan and the country. */
function Part({ part, codes }: OfPart) {
  const { study, plan, lang, select, t } = useWorkbench();
  const { summary } = study;
  const of = (all: readonly string[]) =>
    bearersIn(
      summary,
      all.flatMap((code) => study.municipalities.get(code) ?? []),
      part,
    );
  const rate = (all: readonly string[]) => {
    const people = all.reduce(
      (sum, code) => sum + (study.municipalities.get(code)?.population.total ?? 0),
      0,
    );
    return per100k(of(all)?.count, people);
  };
  const found = of(codes);
  const rates = (plan?.zones ?? []).flatMap(({ municipalities }) => rate(municipalities) ?? []);
  const number = (value: number) => formatNumber(value, lang, { digits: 1 });
  const name = lang === "ja" ? part.id : part.name_en;
  const more = found ? found.count - found.named.length : 0;
  return (
    <div class="bearers">
      <div class="row">
        <dt>{name}</dt>
        <dd>
          <Figure
            figure="bearers"
            label={name}
            value={found?.count}
            assumptions={[assumptionOf(part)]}
          />
        </dd>
      </div>
      {found && (
        <p class="quiet">
          {t("functions.per", { rate: number(rate(codes) ?? 0) })}
          {rates.length > 1 &&
            t("functions.spread", {
              lowest: number(Math.min(...rates)),
              highest: number(Math.max(...rates)),
            })}
          {part.national &&
            t("functions.national", {
              year: part.national.year,
              country: number(part.national.per_100k),
              lowest: number(part.national.lowest),
              highest: number(part.national.highest),
            })}
        </p>
      )}
      {found && found.count > 0 && (
        <details>
          <summary>{t("functions.names")}</summary>
          <ul class="chips">
            {found.named.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  class="chip"
                  onClick={() => select({ kind: "facility", id: one.id })}
                >
                  {one.name}
                </button>
              </li>
            ))}
          </ul>
          {more > 0 && (
            <p class="quiet">
              {t("functions.more", { count: more })} {summary.naming.rule}
            </p>
          )}
        </details>
      )}
    </div>
  );
}

const SIGNS: Record<string, string> = { pass: "✓", fail: "✗" };

function OneFunction({
  of,
  audit,
  codes,
}: {
  of: FunctionFigures;
  audit: Verdict[];
  codes: readonly string[];
}) {
  const { lang, t } = useWorkbench();
  const verdict = audit.find(({ rule }) => rule === of.id);
  const word =
    verdict?.verdict === "pass" || verdict?.verdict === "fail" ? verdict.verdict : "unknown";
  return (
    <details data-testid={`function-${of.id}`}>
      <summary>
        {lang === "ja" ? of.name : of.name_en}
        {verdict && ` ${SIGNS[word] ?? "？"} ${t(`verdict.${word}`)}`}
      </summary>
      <dl class="rows">
        {of.parts.map((part) => (
          <Part key={part.id} part={part} codes={codes} />
        ))}
      </dl>
    </details>
  );
}

/** 4つの医療機能: who bears each of them in some municipalities. */
export function FunctionsBlock({
  codes,
  audit = [],
}: {
  codes: readonly string[];
  audit?: Verdict[];
}) {
  const { study, t } = useWorkbench();
  return (
    <section class="block" data-testid="functions">
      <h3>{t("functions.title")}</h3>
      <p class="quiet">{t("functions.readiness")}</p>
      {study.summary.functions.map((of) => (
        <OneFunction key={of.id} of={of} audit={audit} codes={codes} />
      ))}
      <ListsBlock codes={codes} />
    </section>
  );
}
