import type { IndicatorFigures, IndicatorZone, ListCell } from "../api/types";
import { formatNumber } from "../model/format";
import { type ListRow, listRows } from "../model/lists";
import { useWorkbench } from "./context";

/** A number of a list, or 不明. */
function useNumber() {
  const { lang, t } = useWorkbench();
  return (cell: ListCell | undefined) =>
    typeof cell === "number"
      ? formatNumber(cell, lang, { digits: Number.isInteger(cell) ? 0 : 1 })
      : typeof cell === "string" && cell !== ""
        ? cell
        : t("told.unknown");
}

function Beside({ row }: { row: ListRow }) {
  const { t } = useWorkbench();
  const number = useNumber();
  const [difference, now] = [row["目標値との差（目標値−値）"], row["現状値との差（現状値−値）"]];
  const why = row.比べられない理由;
  const what = row.年度 === null ? row.並べる数 : `${row.並べる数} ${row.年度}`;
  return (
    <li>
      <span>
        {row.part ? `${row.地域}: ` : ""}
        {t("text.labelled", { label: String(what), value: number(row.値) })}
        {typeof difference === "number" && (
          <span class="clause">{t("targets.difference", { value: number(difference) })}</span>
        )}
        {typeof now === "number" && (
          <span class="clause">{t("targets.differenceNow", { value: number(now) })}</span>
        )}
        {why !== "" && <span class="clause">{String(why)}</span>}
      </span>
    </li>
  );
}

/** 数値目標 beside the demand, the targets of other areas and plans, and figures of municipalities. */
export function Targets() {
  const { study, t } = useWorkbench();
  const number = useNumber();
  const rows = listRows(study.summary, "target_checks");
  // The rows of a target follow one another; those of a 構想区域 inside have no target of their own.
  const targets: { head: ListRow; beside: ListRow[] }[] = [];
  for (const row of rows ?? []) {
    const last = targets.at(-1);
    const isPart = row.目標値 === null;
    const isSame =
      last &&
      (["項目", "計画", "期限", "単位"] as const).every((key) => last.head[key] === row[key]);
    if (isSame && (isPart || (last.head.地域 === row.地域 && last.head.目標値 === row.目標値)))
      last.beside.push({ ...row, part: isPart ? "yes" : null });
    else targets.push({ head: row, beside: [row] });
  }
  return (
    <section class="block" data-testid="targets">
      <h3>{t("targets.title")}</h3>
      <p class="quiet">{t(rows ? "targets.help" : "data.missing")}</p>
      {targets.map(({ head, beside }) => (
        <details key={`${head.項目}${head.地域}${head.計画}${head.期限}${head.単位}${head.目標値}`}>
          <summary>
            {head.項目} {head.地域} {head.計画} {head.期限}: {number(head.目標値)}
            {head.単位}
          </summary>
          <ul class="lines">
            {beside.map((row) => (
              <Beside key={`${row.並べる数}${row.地域}`} row={row} />
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

/** A value as it may be shown, and of what it is where that is more than what is looked at. */
type Shown = Pick<IndicatorZone, "state" | "value"> & { of?: string };

/** Figures that files tell of a municipality or of a zone, with what they are by the guideline. */
export function Indicators({
  shown,
}: {
  shown: (indicator: IndicatorFigures) => Shown | undefined;
}) {
  const { study, lang, t } = useWorkbench();
  const told = study.summary.indicators.flatMap((indicator) => {
    const value = shown(indicator);
    return value ? [{ indicator, value }] : [];
  });
  const words = ({ state, value }: Shown, unit: string) => {
    if (value === null) return t(`indicator.${state}` as "indicator.unknown");
    const number = formatNumber(value, lang, { digits: Number.isInteger(value) ? 0 : 1 });
    return state === "at_least"
      ? t("indicator.at_least", { value: `${number}${unit}` })
      : `${number}${unit}`;
  };
  return (
    <section class="block" data-testid="indicators">
      <h3>{t("indicator.title")}</h3>
      {told.length === 0 && <p class="quiet">{t("data.missing")}</p>}
      <ul class="lines">
        {told.map(
          ({ indicator: { name, year, unit, importance, function: of, element }, value }) => (
            <li key={`${name}${year}`}>
              <span>
                {value.of
                  ? t("text.noted", { text: `${name} ${year}`, note: value.of })
                  : `${name} ${year}`}
                : {words(value, unit)}
                <span class="clause">
                  {[importance && t(`importance.${importance}` as "importance.重点"), of, element]
                    .filter((word) => word)
                    .join("・")}
                </span>
              </span>
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
