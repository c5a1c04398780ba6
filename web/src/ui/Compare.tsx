import type { PlanFigures } from "../api/types";
import { evidence, planName } from "../i18n";
import { figureSpec, type TableFigure, tableOf } from "../model/figures";
import { formatChange, judge } from "../model/format";
import { type ExistingPlan, hasZones } from "../model/study";
import { useWorkbench } from "./context";
import { Figure } from "./Number";
import { choosePlan, useProof } from "./Plans";
import { VerdictCounts } from "./Verdicts";

function Change({
  figure,
  plan,
  base,
}: {
  figure: TableFigure;
  plan: ExistingPlan;
  base: ExistingPlan;
}) {
  const { lang, t } = useWorkbench();
  const { unit, digits, better } = figureSpec(figure.key);
  // Between two numbers that may be more than is known nothing is better.
  if (figure.isLeast?.(plan) || figure.isLeast?.(base)) return null;
  const [now, before] = [figure.value(plan), figure.value(base)];
  if (now === null || now === undefined || before === null || before === undefined) return null;
  const change = (now - before) * (unit === "percent" ? 100 : 1);
  const judgement = judge(change, better, digits);
  return (
    <span class={`change ${judgement}`}>
      {formatChange(change, lang, digits)}
      {judgement !== "neutral" && ` ${t(`compare.${judgement}`)}`}
    </span>
  );
}

/** What the column of a figure is called. */
function useHead() {
  const { lang, t } = useWorkbench();
  return ({ key, system }: TableFigure) =>
    // The bare name of the system: the table has to fit the screen of an office.
    system ? t("compare.split", { system }) : evidence(lang, key).label;
}

function PlanRow({
  plan,
  base,
  figures,
}: {
  plan: PlanFigures;
  base: ExistingPlan | undefined;
  figures: readonly TableFigure[];
}) {
  const { plan: chosen, state, lang, change, t } = useWorkbench();
  const proof = useProof();
  const isChosen = plan.id === chosen?.id;
  return (
    <tr class={isChosen ? "chosen" : ""} data-testid={`compare-${plan.id}`}>
      <th scope="row">
        <button
          type="button"
          class="link"
          aria-pressed={isChosen}
          onClick={() => change(choosePlan(plan, state))}
        >
          {planName(lang, plan)}
        </button>
      </th>
      {!hasZones(plan) && (
        <td class="words" colSpan={figures.length + 1}>
          {t("infeasible.title")}
        </td>
      )}
      {hasZones(plan) && <Cells plan={plan} base={base} figures={figures} />}
      <td class="words">{plan.certificate ? proof(plan.certificate) : t("compare.noProof")}</td>
    </tr>
  );
}

/** What can be said of a plan that exists. */
function Cells({
  plan,
  base,
  figures,
}: {
  plan: ExistingPlan;
  base: ExistingPlan | undefined;
  figures: readonly TableFigure[];
}) {
  const { lang, t } = useWorkbench();
  const head = useHead();
  return (
    <>
      {figures.map((figure) => (
        <td key={head(figure)}>
          <Figure
            figure={figure.key}
            label={`${planName(lang, plan)} ${head(figure)}`}
            value={figure.value(plan)}
          />
          {figure.isLeast?.(plan) && <span class="clause">{t("compare.least")}</span>}
          {base && base.id !== plan.id && <Change figure={figure} plan={plan} base={base} />}
          {base?.id === plan.id && <span class="change neutral">{t("compare.base")}</span>}
        </td>
      ))}
      <td>
        <VerdictCounts audit={plan.audit} />
      </td>
    </>
  );
}

/** 比較表: the same figures for every plan, with what changes against one of them. */
export function Compare() {
  const { study, state, lang, change, t } = useWorkbench();
  const open = state.open.includes("compare");
  const plans = [...study.plans.values()];
  const comparable = plans.filter(hasZones);
  const figures = tableOf(comparable);
  const head = useHead();
  const base = comparable.find(({ id }) => id === state.reference) ?? comparable[0];
  const toggle = () =>
    change({
      open: open ? state.open.filter((one) => one !== "compare") : [...state.open, "compare"],
    });
  return (
    <section
      class={open ? "compare" : "compare folded"}
      aria-labelledby="compare-title"
      data-testid="compare"
    >
      <header>
        <button
          type="button"
          class="disclose"
          aria-expanded={open}
          aria-controls="compare-table"
          onClick={toggle}
        >
          <span class="arrow" aria-hidden="true">
            {open ? "▾" : "▸"}
          </span>
          <h2 id="compare-title">{t("compare.title")}</h2>
        </button>
        {open && (
          <label>
            {t("compare.reference")}
            <select
              value={base?.id ?? ""}
              onChange={(event) => change({ reference: event.currentTarget.value })}
            >
              {comparable.map((plan) => (
                <option key={plan.id} value={plan.id}>
                  {planName(lang, plan)}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {open && (
        <div class="scroll" id="compare-table">
          <table>
            <thead>
              <tr>
                <th scope="col">{t("compare.plan")}</th>
                {figures.map((figure) => (
                  <th key={head(figure)} scope="col">
                    {head(figure)}
                  </th>
                ))}
                <th scope="col">{t("compare.audit")}</th>
                <th scope="col">{t("compare.proof")}</th>
              </tr>
            </thead>
            <tbody>
              {plans.map((plan) => (
                <PlanRow key={plan.id} plan={plan} base={base} figures={figures} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
