import type { Call, Slot, Week } from "../api/week";
import { InstitutionLink } from "./ByCause";
import { useWorkbench } from "./context";

const RULES = ["exists", "unclear", "unknown"] as const;

/** What a rule of an area is: of several lines the one that tells most. */
const ruleOf = (calls: readonly Call[], code: string) =>
  RULES.find((rule) =>
    calls.some(({ municipalities, rule: own }) => own === rule && municipalities.includes(code)),
  ) ?? "unknown";

/** Whether areas have a rule for nights and holidays, and who takes the calls in the chosen slot. */
export function CallsBlock({
  week,
  slot,
  codes,
}: {
  week: Week;
  slot: Slot;
  codes: readonly string[] | null;
}) {
  const { study, t } = useWorkbench();
  const calls = week.night_calls;
  if (!calls)
    return (
      <p class="quiet" data-testid="week-calls">
        {t("calls.missing")}
      </p>
    );
  const all = codes ?? [...study.municipalities.keys()];
  const names = (of: readonly string[]) =>
    of.map((code) => study.municipalityName(code)).join("、");
  const inSlot = calls.flatMap((call) => {
    const at = call.slots.find(({ day, band }) => day === slot.day && band === slot.band);
    return at && call.municipalities.some((code) => all.includes(code)) ? [{ call, at }] : [];
  });
  return (
    <details open data-testid="week-calls">
      <summary>{t("calls.title")}</summary>
      <ul class="lines">
        {RULES.map((rule) => {
          const of = all.filter((code) => ruleOf(calls, code) === rule);
          return (
            of.length > 0 && (
              <li key={rule}>
                <span>
                  {t(`nightRule.${rule}`)}
                  <span class="clause">
                    {of.length > 6 ? t("calls.municipalities", { count: of.length }) : names(of)}
                  </span>
                </span>
              </li>
            )
          );
        })}
      </ul>
      <p class="quiet">{t("calls.inSlot")}</p>
      {inSlot.length === 0 ? (
        <p data-testid="week-taken">{t("calls.nobody")}</p>
      ) : (
        <ul class="lines" data-testid="week-taken">
          {inSlot.map(({ call, at }) => (
            <li key={`${call.area}${call.time}${call.taken_by}`}>
              <span>
                {call.area}:{" "}
                {call.institution ? (
                  <InstitutionLink of={call.institution} />
                ) : (
                  call.taken_by || t("calls.unnamed")
                )}
                <span class="clause">
                  {call.time}
                  {!at.whole && `・${t("week.part")}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
