import type { Area, Outlook } from "../api/demand";
import { layerName } from "../i18n";
import { series } from "../model/study";
import { useWorkbench } from "./context";
import { DemandChart } from "./DemandChart";
import { chosenFuture, useShortfall } from "./DemandPanel";
import { FigureRow, Row } from "./Number";

/** What the outlook says of the selected area; `undefined` = nothing. */
function useSelectedArea(outlook: Outlook): Area | undefined {
  const { state, plan } = useWorkbench();
  const { selection } = state;
  if (selection.kind === "municipality") return outlook.municipalities[selection.id];
  if (selection.kind !== "zone") return outlook.prefecture;
  const at = plan?.zones.findIndex(({ id }) => id === selection.id) ?? -1;
  return outlook.zones[at];
}

/** Demand of the selected area for the chosen layer: band, 85+, parts, peak, workforce. */
export function OutlookBlock({ name, outlook }: { name: string; outlook: Outlook }) {
  const { state, lang, t } = useWorkbench();
  const short = useShortfall();
  const area = useSelectedArea(outlook);
  if (!area) return null;
  const { layer } = outlook;
  const { assumptions } = layer;
  const now = area.years[String(state.year)];
  const future = chosenFuture(outlook, state.future);
  const balance = future && area.balances[future.id];
  // Nothing is known of capacity before the year of the facility files.
  const capacities = series(balance?.capacity ?? {});
  const capacity = capacities.find(({ year }) => year >= state.year);
  const of = (key: "low" | "mid" | "high") =>
    series(Object.fromEntries(Object.entries(area.years).map(([year, one]) => [year, one[key]])));
  return (
    <section class="block" data-testid="outlook-block">
      <h3>
        {layerName(lang, layer)}（{layer.unit}）
      </h3>
      <dl class="rows">
        <FigureRow
          figure="outlook_value"
          label={t("outlook.value", { year: state.year })}
          value={now?.mid}
          assumptions={assumptions}
        />
        <FigureRow
          figure="outlook_band"
          label={t("outlook.low")}
          value={now?.low}
          assumptions={assumptions}
        />
        <FigureRow
          figure="outlook_band"
          label={t("outlook.high")}
          value={now?.high}
          assumptions={assumptions}
        />
        <FigureRow
          figure="outlook_older"
          label={t("outlook.older")}
          value={now?.age_85_plus}
          assumptions={assumptions}
        />
        {layer.parts.map((part) => (
          <FigureRow
            key={part.id}
            figure="outlook_part"
            label={layerName(lang, part)}
            value={now && now.mid * part.shares[1]}
            assumptions={assumptions}
          />
        ))}
        <FigureRow figure="outlook_peak" value={area.peak?.year} assumptions={assumptions} />
        <FigureRow
          figure="outlook_value"
          label={t("outlook.peakValue")}
          value={area.peak?.mid}
          assumptions={assumptions}
        />
        {future && (
          <>
            <FigureRow
              figure="outlook_capacity"
              label={t("outlook.capacity", { year: capacity?.year ?? state.year })}
              value={capacity?.value}
              assumptions={future.assumptions}
            />
            <Row label={t("outlook.shortMid")}>{short(balance?.short[1])}</Row>
            <Row label={t("outlook.shortHigh")}>{short(balance?.short[2])}</Row>
            <Row label={t("outlook.shortLow")}>{short(balance?.short[0])}</Row>
          </>
        )}
      </dl>
      <DemandChart
        name={name}
        values={of("mid")}
        official={outlook.official_years}
        outlook={{
          layer: layerName(lang, layer),
          unit: layer.unit,
          low: of("low"),
          high: of("high"),
          capacity: capacities,
        }}
      />
    </section>
  );
}
