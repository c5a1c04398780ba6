import { useCallback } from "preact/hooks";
import { loadRota } from "../api/client";
import type { Rota } from "../api/week";
import type { Conditions } from "../model/conditions";
import { formatNumber } from "../model/format";
import { InstitutionLink } from "./ByCause";
import { useWorkbench } from "./context";
import { Figure } from "./Number";
import { Standing } from "./Standing";
import { dayName } from "./slotNames";
import { useAnswer } from "./useAnswer";

/** So many shifts that cannot be filled are told at once. */
const MOST_UNFILLED = 8;

const total = (rota: Rota, of: "duties" | "alone") =>
  rota.groups.reduce((sum, group) => sum + group[of].value, 0);

const most = (rota: Rota, of: "highest" | "spread") =>
  Math.max(0, ...rota.groups.map((group) => group[of].value));

/** What the rota comes to, and whether that is proven. */
function Sum({ of }: { of: Rota }) {
  const { t } = useWorkbench();
  const proven = of.groups.every((group) => group.proven);
  const rows = [
    [t("rota.duties"), total(of, "duties")],
    [t("rota.highest"), most(of, "highest")],
    [t("rota.spread"), most(of, "spread")],
    [t("rota.alone"), total(of, "alone")],
  ] as const;
  return (
    <>
      <p class={proven ? "proven" : "quiet"} data-testid="rota-proof">
        {proven
          ? `✓ ${t("plans.optimal")}`
          : t("rota.unproven", {
              proven: of.groups.filter((group) => group.proven).length,
              groups: of.groups.length,
            })}
      </p>
      <dl class="rows">
        {rows.map(([label, value]) => (
          <div class="row" key={label}>
            <dt>{label}</dt>
            <dd>
              <Figure
                figure="rota_count"
                label={label}
                service={of.service}
                value={value}
                assumptions={of.assumptions}
              />
            </dd>
          </div>
        ))}
        <div class="row">
          <dt>{t("rota.unreachable")}</dt>
          <dd>
            <Figure
              figure="week_people"
              label={t("rota.unreachable")}
              service={of.service}
              value={of.unreachable.total}
              assumptions={of.assumptions}
            />
          </dd>
        </div>
      </dl>
    </>
  );
}

/** Who is on duty in each shift. */
function Duties({ of }: { of: Rota }) {
  const { lang, t } = useWorkbench();
  return (
    <table class="places" data-testid="rota-duties">
      <tbody>
        {of.shifts.map((shift) => (
          <tr key={`${shift.day}${shift.band}`}>
            <th scope="row">
              {dayName(lang, shift.day)} {shift.hours}
            </th>
            <td>
              <details>
                <summary>{t("rota.onDuty", { count: shift.on_duty.length })}</summary>
                <ul>
                  {shift.on_duty.map((at) => {
                    const one = of.institutions[at];
                    return (
                      one && (
                        <li key={one.id}>
                          <InstitutionLink of={one} />
                        </li>
                      )
                    );
                  })}
                </ul>
              </details>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Shifts that no rota fills, with the reason. */
function Unfilled({ of }: { of: Rota }) {
  const { study, lang, t } = useWorkbench();
  if (of.unfilled.length === 0) return <p class="quiet">✓ {t("rota.allFilled")}</p>;
  return (
    <>
      <h4>{t("rota.unfilled", { count: of.unfilled.length })}</h4>
      <ul data-testid="rota-unfilled">
        {of.unfilled.slice(0, MOST_UNFILLED).map((one) => {
          const shift = of.shifts[one.shift];
          const places = one.municipalities.map((code) => study.municipalityName(code));
          return (
            <li key={`${one.shift}${places.join()}${one.institutions.map(({ id }) => id).join()}`}>
              {t("rota.unfilledRow", {
                shift: shift ? `${dayName(lang, shift.day)} ${shift.hours}` : "",
                places: places.join(t("text.separator")),
                people: formatNumber(one.people.total, lang),
                reason: t(`reason.${one.reason}`),
              })}
            </li>
          );
        })}
      </ul>
      {of.unfilled.length > MOST_UNFILLED && (
        <p class="quiet">{t("week.first", { count: MOST_UNFILLED, all: of.unfilled.length })}</p>
      )}
    </>
  );
}

/** 公平な輪番の案: who should be on duty when, with proof or what cannot be filled. */
export function RotaBox() {
  const { state, t } = useWorkbench();
  const load = useCallback(
    (conditions: Conditions) => loadRota(conditions).then((rota) => ({ rota })),
    [],
  );
  const { answer, ask } = useAnswer(load);
  const found = answer?.answer;
  return (
    <details data-testid="rota">
      <summary>{t("rota.title")}</summary>
      <p class="quiet">{t("rota.help")}</p>
      <p class="tools">
        <button type="button" data-testid="ask-rota" onClick={() => ask(state.conditions)}>
          {t("siting.ask")}
        </button>
      </p>
      <div role="status">
        {answer?.problem && <p class="problem">{answer.problem}</p>}
        {answer && !found && !answer.problem && <p class="quiet">{t("rota.loading")}</p>}
        {found?.rota === null && <p class="problem">{t("rota.notLoaded")}</p>}
      </div>
      {found?.rota && (
        <>
          <Sum of={found.rota} />
          <Standing assumptions={found.rota.assumptions} />
          <Duties of={found.rota} />
          <Unfilled of={found.rota} />
        </>
      )}
    </details>
  );
}
