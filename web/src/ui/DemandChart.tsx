import { formatNumber } from "../model/format";
import { peak, type Series } from "../model/study";
import { useWorkbench } from "./context";

const SIZE = { width: 296, height: 128, left: 44, right: 18, top: 20, bottom: 20 };

/** Round steps for an axis from 0 that reaches the highest value. */
export function axisTicks(highest: number, wanted = 3): number[] {
  if (!(highest > 0)) return [0];
  const rough = highest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, at) => at * step);
}

/** What stands around the demand of a layer. */
interface Around {
  layer: string;
  unit: string;
  low: Series;
  high: Series;
  capacity: Series;
}

interface DemandChartProps {
  name: string;
  values: Series;
  /** Years that a source gives. */
  official: readonly number[];
  /** Band and workforce; absent = 訪問診療 as published. */
  outlook?: Around;
}

/** Demand by fiscal year with its peak, and the year that is looked at. */
export function DemandChart({ name, values, official, outlook }: DemandChartProps) {
  const { state, lang, t } = useWorkbench();
  const first = values[0];
  const last = values[values.length - 1];
  const top = peak(values);
  if (!first || !last || !top || first.year === last.year) return null;
  const around = [...(outlook?.high ?? []), ...(outlook?.capacity ?? [])];
  const ticks = axisTicks(Math.max(top.value, ...around.map(({ value }) => value)));
  const highest = ticks[ticks.length - 1] || 1;
  const x = (year: number) =>
    SIZE.left +
    ((year - first.year) / (last.year - first.year)) * (SIZE.width - SIZE.left - SIZE.right);
  const y = (value: number) =>
    SIZE.height - SIZE.bottom - (value / highest) * (SIZE.height - SIZE.top - SIZE.bottom);
  const given = new Set(official);
  const points = (of: Series) => of.map(({ year, value }) => `${x(year)},${y(value)}`).join(" ");
  const digits = highest < 10 ? 1 : 0;
  const number = (value: number) => formatNumber(value, lang, { digits });
  const now = values.find(({ year }) => year === state.year);
  const peakAnchor = x(top.year) > SIZE.width - 70 ? "end" : x(top.year) < 90 ? "start" : "middle";
  const words = t(outlook ? "chart.outlook" : "chart.label", {
    name,
    layer: outlook?.layer ?? "",
    unit: outlook?.unit ?? "",
    first: first.year,
    firstValue: number(first.value),
    peak: top.year,
    peakValue: number(top.value),
  });
  return (
    <figure class="chart" data-testid="demand-chart">
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={words}>
        {ticks.map((tick) => (
          <g key={tick} class="tick">
            <line x1={SIZE.left} x2={SIZE.width - SIZE.right} y1={y(tick)} y2={y(tick)} />
            <text x={SIZE.left - 6} y={y(tick) + 4} text-anchor="end">
              {formatNumber(tick, lang, { digits: tick % 1 ? 1 : 0 })}
            </text>
          </g>
        ))}
        {[...new Set([first.year, 2030, 2040, last.year])].map((year) => (
          <text key={year} class="year" x={x(year)} y={SIZE.height - 5} text-anchor="middle">
            {year}
          </text>
        ))}
        {now && (
          <line
            class="now"
            x1={x(now.year)}
            x2={x(now.year)}
            y1={SIZE.top - 6}
            y2={SIZE.height - SIZE.bottom}
          />
        )}
        {outlook && (
          <>
            <polygon
              class="band"
              points={`${points(outlook.high)} ${points([...outlook.low].reverse())}`}
            />
            <polyline class="capacity" points={points(outlook.capacity)} />
          </>
        )}
        <polyline class="line" points={points(values)} />
        {values
          .filter(({ year }) => given.has(year))
          .map(({ year, value }) => (
            <circle key={year} class="official" cx={x(year)} cy={y(value)} r="2.6" />
          ))}
        <circle class="peak" cx={x(top.year)} cy={y(top.value)} r="4.5" />
        <text class="peak-name" x={x(top.year)} y={y(top.value) - 8} text-anchor={peakAnchor}>
          {t("chart.peak", { year: top.year })}
        </text>
      </svg>
      <figcaption class="quiet">
        {outlook?.unit ?? t("unit.receipts")}　{given.size > 0 && t("chart.official")}{" "}
        {outlook && t("chart.band")}
      </figcaption>
    </figure>
  );
}
