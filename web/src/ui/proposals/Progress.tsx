import { useEffect, useRef } from "preact/hooks";
import { translateOr } from "../../i18n";
import { proven } from "../../model/drawing";
import { formatNumber, formatShare } from "../../model/format";
import { useWorkbench } from "../context";
import { Row } from "../Number";
import { isUnderWay, type Run } from "./desk";

const WIDTH = 256;
const HEIGHT = 56;

/** The best value so far (falling) and what is proven (rising), until they meet. */
function Chart({ standings }: { standings: Run["standings"] }) {
  const { t } = useWorkbench();
  const all = standings.flatMap(({ objective, bound }) => [objective, bound]);
  const values = all.filter((value): value is number => value !== null);
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => (at / Math.max(1, standings.length - 1)) * WIDTH;
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : 4 + (1 - (value - low) / (high - low)) * (HEIGHT - 8);
  const line = (of: "objective" | "bound") =>
    standings
      .flatMap((standing, at) => {
        const value = standing[of];
        return value === null ? [] : [`${x(at).toFixed(1)},${y(value).toFixed(1)}`];
      })
      .join(" ");
  return (
    <svg class="search-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" data-testid="chart">
      <title>{t("propose.chart")}</title>
      <polyline points={line("objective")} class="best" />
      <polyline points={line("bound")} class="bound" />
    </svg>
  );
}

/** How far a job is. */
export function Progress({ run }: { run: Run }) {
  const { desk, lang, t } = useWorkbench();
  const { job, standings } = run;
  const share = proven(job.objective_receipt_minutes, job.bound_receipt_minutes);
  const value = (of: number | null) =>
    of === null ? t("propose.notYet") : `${formatNumber(of, lang, { digits: 0 })} ${t(unit)}`;
  const unit = desk.request?.overlay ? "unit.demandMinutes" : "unit.receiptMinutes";
  const isRunning = isUnderWay(run);
  const words =
    job.stage === "waiting"
      ? t("propose.waiting")
      : job.is_stopping && isRunning
        ? t("propose.stopping")
        : isRunning
          ? translateOr(lang, `phase.${job.phase}`, t("phase.read"))
          : t(`stage.${job.stage as "done" | "failed" | "stopped"}`);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [job.id]);
  return (
    <div class="progress" data-testid="progress" data-stage={job.stage} ref={box}>
      <p role="status">{words}</p>
      <div
        class="bar"
        role="progressbar"
        aria-label={t("propose.proven")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <span style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
      <Chart standings={standings} />
      <dl class="rows">
        {job.moves !== null && (
          <Row label={t("propose.moves")}>
            {t("propose.movesOf", {
              moves: job.moves,
              least: job.moves_bound ?? t("propose.notYet"),
            })}
          </Row>
        )}
        <Row label={<span class="key best">{t("propose.best")}</span>}>
          {value(job.objective_receipt_minutes)}
        </Row>
        <Row label={<span class="key bound">{t("certificate.bound")}</span>}>
          {value(job.bound_receipt_minutes)}
        </Row>
        <Row label={t("propose.gap")}>
          {job.gap === null
            ? t("propose.notYet")
            : `${formatShare(job.gap, lang, { digits: 2 })} ${t("unit.percent")}`}
        </Row>
        <Row label={t("certificate.nodes")}>{formatNumber(job.nodes, lang)}</Row>
      </dl>
      {isRunning && (
        <button type="button" data-testid="stop" disabled={job.is_stopping} onClick={desk.stop}>
          {t("propose.stop")}
        </button>
      )}
    </div>
  );
}
