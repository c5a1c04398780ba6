import { useRef } from "preact/hooks";
import type { CertificateFigures, PlanFigures } from "../api/types";
import { planName } from "../i18n";
import { hasZones } from "../model/study";
import type { State } from "../state/state";
import { useWorkbench } from "./context";
import { VerdictCounts } from "./Verdicts";

/** A gap of this size is rounding in the sum of the objective, not a better plan. */
const CLOSED_GAP = 1e-9;

/** What is proven of a proposal, in words. */
export function useProof() {
  const { t } = useWorkbench();
  return (certificate: CertificateFigures): string => {
    const { status, gap } = certificate;
    if (status === "optimal" && typeof gap === "number" && gap <= CLOSED_GAP)
      return t("plans.optimal");
    return t(status === "infeasible" ? "plans.infeasible" : "plans.unproven");
  };
}

function PlanOption({ plan, chosen }: { plan: PlanFigures; chosen: boolean }) {
  const { state, lang, t, change } = useWorkbench();
  const proof = useProof();
  const sign = plan.kind === "proposal" ? "◎" : chosen ? "●" : "○";
  return (
    <div
      role="option"
      id={`plan-${plan.id}`}
      class={`plan ${plan.kind} ${chosen ? "chosen" : ""}`}
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      data-plan={plan.id}
      data-testid={`plan-${plan.id}`}
      onClick={() => change(choosePlan(plan, state))}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          change(choosePlan(plan, state));
        }
      }}
    >
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <span class="name">{planName(lang, plan)}</span>
      <span class="facts">
        {hasZones(plan) && (
          <>
            <span>{t("plans.zones", { count: plan.figures.zones })}</span>
            <VerdictCounts audit={plan.audit} />
          </>
        )}
      </span>
      {plan.certificate && (
        <span class={hasZones(plan) ? "proof" : "proof none"}>{proof(plan.certificate)}</span>
      )}
    </div>
  );
}

/** Choosing a plan leaves a zone of the plan before it, but nothing else that is selected. */
export const choosePlan = (plan: PlanFigures, { selection }: State): Partial<State> =>
  selection.kind === "zone"
    ? { plan: plan.id, selection: { kind: "prefecture" } }
    : { plan: plan.id };

/** The plans at hand: today's areas, then the proposals. */
export function Plans() {
  const { study, state, plan, desk, t, change } = useWorkbench();
  const list = useRef<HTMLDivElement>(null);
  const plans = [...study.plans.values()];
  const drafts = plans.filter(({ id }) => study.drafts.has(id));
  const planned = plans.filter(({ id }) => !study.drafts.has(id));
  const groups = [
    { name: t("plans.baseline"), plans: planned.filter(({ kind }) => kind !== "proposal") },
    { name: t("plans.proposal"), plans: planned.filter(({ kind }) => kind === "proposal") },
    { name: t("plans.drafts"), plans: drafts },
  ].filter((group) => group.plans.length > 0);
  const inOrder = groups.flatMap((group) => group.plans);
  const move = (event: KeyboardEvent) => {
    const at = inOrder.findIndex(({ id }) => id === plan?.id);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: inOrder.length - 1 }[event.key];
    const next = to === undefined ? undefined : inOrder[to];
    if (!next) return;
    event.preventDefault();
    change(choosePlan(next, state));
    list.current?.querySelector<HTMLElement>(`[data-plan="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    <section class="plans" aria-labelledby="plans-title">
      <h2 id="plans-title">{t("plans.title")}</h2>
      {inOrder.length === 0 && <p class="quiet">{t("plans.none")}</p>}
      <div
        role="listbox"
        tabIndex={-1}
        aria-label={t("plans.title")}
        title={t("plans.help")}
        ref={list}
        onKeyDown={move}
        data-testid="plans"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot group options of a listbox
          <div key={group.name} role="group" aria-label={group.name}>
            <div class="group-name" aria-hidden="true">
              {group.name}
            </div>
            {group.plans.map((one) => (
              <PlanOption key={one.id} plan={one} chosen={one.id === plan?.id} />
            ))}
          </div>
        ))}
      </div>
      <button type="button" class="new-plan" data-testid="new-plan" onClick={desk.show}>
        <span aria-hidden="true">＋</span> {t("plans.new")}
      </button>
    </section>
  );
}
