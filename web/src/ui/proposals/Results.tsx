import type { Answer, Told } from "../../api/proposals";
import { ranges } from "../../model/drawing";
import { formatNumber, formatShare } from "../../model/format";
import { useWorkbench } from "../context";
import { Compromises, Goals } from "./Compromises";
import { bestOf, isDrawable, type Names, names, type Offer, offer, underOverlay } from "./desk";
import { OverlayNotes, TableFindings, ZoneList } from "./ZoneList";

/** What is proven of a plan, in words. */
export function useProven() {
  const { lang, t } = useWorkbench();
  return ({ status, gap }: Told): string => {
    if (status === "optimal") return t("proven.optimal");
    if (status === "infeasible") return t("infeasible.title");
    if (gap === null) return t("proven.nothing");
    return t("proven.gap", { gap: formatShare(gap, lang, { digits: 2 }) });
  };
}

interface Row {
  told: Told;
  key: string;
  offer: Offer;
}

function OfferRow({ row, base, widest }: { row: Row; base: number; widest: number }) {
  const { desk, lang, state, t } = useWorkbench();
  const { told, key, offer } = row;
  const { objective_receipt_minutes: objective, zones } = told;
  const proof = useProven();
  const { id } = offer;
  const label = lang === "ja" ? offer.names.name : offer.names.name_en;
  if (objective === null)
    return (
      <tr>
        <th scope="row">{label}</th>
        <td colSpan={3}>{proof(told)}</td>
      </tr>
    );
  const more = base > 0 ? (objective - base) / base : 0;
  return (
    <tr class={state.plan === id ? "chosen" : ""}>
      <th scope="row">
        <button
          type="button"
          class="link"
          aria-pressed={state.plan === id}
          data-testid={`adopt-${key}`}
          title={proof(told)}
          onClick={() => desk.adopt(offer)}
        >
          {label}
        </button>
      </th>
      <td>{zones.length}</td>
      <td>{formatNumber(objective, lang)}</td>
      <td>
        <span class="more" style={{ "--share": `${widest > 0 ? (more / widest) * 100 : 0}%` }}>
          +{formatShare(more, lang, { digits: 1 })} {t("unit.percent")}
        </span>
        {told.status !== "optimal" && <span class="kind">{t("plans.unproven")}</span>}
      </td>
    </tr>
  );
}

function Offers({ title, rows }: { title: string; rows: Row[] }) {
  const { t } = useWorkbench();
  const values = rows.flatMap(({ told }) => told.objective_receipt_minutes ?? []);
  const base = Math.min(...values);
  const widest = base > 0 ? (Math.max(...values) - base) / base : 0;
  return (
    <table class="offers">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t("compare.plan")}</th>
          <th scope="col">{t("propose.zoneCount")}</th>
          <th scope="col">{t("propose.objective")}</th>
          <th scope="col">{t("propose.more")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <OfferRow key={row.key} row={row} base={base} widest={widest} />
        ))}
      </tbody>
    </table>
  );
}

/** The best plan of each number of zones; the numbers without one stand on a line of their own. */
function ByZoneCount({ rows }: { rows: Row[] }) {
  const { t } = useWorkbench();
  const none = rows.filter(({ told }) => told.status === "infeasible");
  const rest = rows.filter(({ told }) => told.status !== "infeasible");
  const counts = ranges(none.map(({ key }) => Number(key.slice("zones-".length))));
  return (
    <>
      {rest.length > 0 && <Offers title={t("propose.byZoneCount")} rows={rest} />}
      {none.length > 0 && (
        <p class="quiet">{t("propose.noneOf", { counts: counts.join(t("text.separator")) })}</p>
      )}
    </>
  );
}

/** Which rules cannot hold together, where, and what comes nearest. */
function Impossible({ answer }: { answer: Answer }) {
  const { desk, t } = useWorkbench();
  const { best, conflict } = answer;
  return (
    <div class="impossible" data-testid="impossible">
      <h4>{t("infeasible.title")}</h4>
      <ul class="reasons">
        {best.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {conflict && conflict.rules.length > 0 && (
        <>
          <h4>{t("propose.conflict")}</h4>
          <ul class="reasons" data-testid="conflict">
            {conflict.rules.map((rule) => (
              <li key={rule}>{rule}</li>
            ))}
          </ul>
          <p class="quiet">{t("propose.conflictHelp")}</p>
        </>
      )}
      {conflict?.hints && conflict.hints.length > 0 && (
        <>
          <h4>{t("propose.hints")}</h4>
          <ul class="reasons" data-testid="hints">
            {conflict.hints.map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
        </>
      )}
      {conflict?.parts?.map(({ units, status, reasons, zones }) => (
        <div key={units.join()} data-testid="part">
          <h4>{t("parts.title", { units: units.join(t("text.separator")) })}</h4>
          <p>{t(status === "optimal" ? "parts.optimal" : "infeasible.title")}</p>
          <ul class="reasons">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          {zones.length > 0 && <ZoneList zones={zones} open={false} />}
        </div>
      ))}
      {conflict && conflict.nearest.zones.length > 0 && (
        <>
          <button
            type="button"
            data-testid="adopt-nearest"
            onClick={() =>
              desk.adopt(offer(conflict.nearest, "nearest", names("made.nearest"), false))
            }
          >
            {t("propose.nearest")}
          </button>
          <details>
            <summary>
              {t("propose.broken", { count: conflict.nearest.broken_rules.length })}
            </summary>
            <ul class="reasons">
              {conflict.nearest.broken_rules.map((rule) => (
                <li key={rule}>{rule}</li>
              ))}
            </ul>
          </details>
        </>
      )}
    </div>
  );
}

/** Every plan of an answer, to be shown with a click. */
export function Results({ answer }: { answer: Answer }) {
  const { t } = useWorkbench();
  const proof = useProven();
  const { best, plans, by_zone_count: counts, goals, front, notices, overlay, units } = answer;
  const row = (told: Told, key: string, named: Names, isBest: boolean): Row => ({
    told,
    key,
    offer: offer(told, key, underOverlay(answer, named), isBest && !overlay),
  });
  const bestRow = { told: best, key: "best", offer: bestOf(answer) };
  const ranked = (plans ?? []).map((told, at) =>
    at === 0
      ? { ...bestRow, told }
      : row(told, `rank-${at + 1}`, names("made.rank", { rank: at + 1 }), false),
  );
  const byCount = (counts ?? []).map((told) => {
    const count = /^\d+/.exec(told.title)?.[0] ?? "";
    return row(told, `zones-${count}`, names("made.zones", { count }), true);
  });
  return (
    <section class="results" aria-label={t("propose.results")} data-testid="results">
      {notices.map((notice) => (
        <p key={notice} class="quiet">
          {notice}
        </p>
      ))}
      {overlay && <OverlayNotes overlay={overlay} />}
      {units && <TableFindings units={units} />}
      {best.status === "infeasible" && <Impossible answer={answer} />}
      {best.status !== "infeasible" && best.objective_receipt_minutes === null && (
        <p>{t("proven.nothing")}</p>
      )}
      {best.objective_receipt_minutes !== null && (
        <>
          <p class={best.status === "optimal" ? "proof" : "proof none"} data-testid="proof">
            {proof(best)}
          </p>
          <Offers title={t("propose.bestPlans")} rows={ranked.length > 0 ? ranked : [bestRow]} />
          {ranked.length > 1 && ranked.every(({ told }) => told.status === "optimal") && (
            <p class="quiet">{t("proven.order")}</p>
          )}
          {!isDrawable(best.zones) && <p class="quiet">{t("zones.notDrawn")}</p>}
          <ZoneList zones={best.zones} open={overlay !== undefined || !isDrawable(best.zones)} />
        </>
      )}
      {goals && goals.length > 0 && <Goals goals={goals} />}
      {byCount.length > 0 && <ByZoneCount rows={byCount} />}
      {front && <Compromises front={front} best={best} />}
    </section>
  );
}
