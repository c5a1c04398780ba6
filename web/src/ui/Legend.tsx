import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { layerName, planName, serviceName } from "../i18n";
import { CAUSE_COLOURS, CAUSES, DEPTH_COLOURS, NO_CAUSE } from "../model/causes";
import {
  CELL_DEMAND_BREAKS,
  CELL_DEMAND_COLOURS,
  DEMAND_BREAKS,
  DEMAND_COLOURS,
  MINUTE_BREAKS,
  MINUTE_COLOURS,
} from "../model/classes";
import { isNormal } from "../model/conditions";
import { FACILITY_KINDS, type Shape } from "../model/facilities";
import { formatNumber } from "../model/format";
import { UI } from "../model/palette";
import { REACH_LIMITS, reachColour } from "../model/reach";
import { hasZones } from "../model/study";
import { ANSWER_COLOURS, ANSWERS } from "../model/week";
import { isByCause, type Theme } from "../state/state";
import { conditionWords } from "./ConditionsBox";
import { useWorkbench } from "./context";
import { bandName, dayName } from "./slotNames";

function Step({ fill, children }: { fill: string; children: JSX.Element | string }) {
  return (
    <li>
      <span
        class={`box ${fill.startsWith("hatch") ? fill : ""}`}
        style={{ background: fill.startsWith("hatch") ? undefined : fill }}
      />
      {children}
    </li>
  );
}

function Minutes() {
  const { study, state, lang, t } = useWorkbench();
  const service = study.services.get(state.service);
  if (!service) return null;
  const name = serviceName(lang, service);
  if (!service.loaded)
    return <p data-testid="not-loaded">{t("legend.notLoaded", { service: name })}</p>;
  const direction =
    service.direction === "receive" ? "legend.minutesReceive" : "legend.minutesVisit";
  return (
    <>
      <p>
        <strong>{name}</strong>
        <br />
        {t(direction)}
      </p>
      <ul class="steps">
        {MINUTE_COLOURS.map((colour, at) => (
          <Step key={colour} fill={colour}>
            {at < MINUTE_BREAKS.length
              ? `${at === 0 ? 0 : MINUTE_BREAKS[at - 1]}–${MINUTE_BREAKS[at]}`
              : t("legend.beyond")}
          </Step>
        ))}
        <Step fill="hatch-unknown">{t("legend.noRoad")}</Step>
      </ul>
    </>
  );
}

function ReachScale() {
  const { reach, state, lang, t } = useWorkbench();
  return (
    <>
      <p>
        <strong>{t("reach.title")}</strong>
        <br />
        {t(reach?.direction === "inward" ? "legend.reachInward" : "legend.reachOutward")}
        {!isNormal(state.conditions) && (
          <>
            <br />
            {conditionWords(state.conditions, lang)}
          </>
        )}
      </p>
      <ul class="steps">
        {REACH_LIMITS.map((minutes, at) => (
          <Step key={minutes} fill={reachColour(minutes)}>
            {`${at === 0 ? 0 : REACH_LIMITS[at - 1]}–${minutes}`}
          </Step>
        ))}
      </ul>
    </>
  );
}

function Shortage() {
  const { study, state, lang, t } = useWorkbench();
  const service = study.services.get(state.service);
  if (!service) return null;
  const name = serviceName(lang, service);
  if (!service.loaded)
    return <p data-testid="not-loaded">{t("legend.notLoaded", { service: name })}</p>;
  const minutes = study.travelLimit();
  return (
    <>
      <p>
        <strong>{name}</strong>
      </p>
      <ul class="steps">
        <Step fill="hatch-shortage">{t("legend.shortageMunicipality")}</Step>
        <Step fill={UI.shortage}>{t("legend.shortageCell", { minutes })}</Step>
        {study.hasCircle(service.id) && (
          <Step fill={UI.beyondCircle}>{t("legend.shortageCircle", { minutes })}</Step>
        )}
      </ul>
    </>
  );
}

/** Why places are short, or how many institutions stand behind them, in people. */
function ByCause() {
  const { study, state, shortage, lang, t } = useWorkbench();
  const service = study.services.get(state.service);
  if (!service) return null;
  const name = serviceName(lang, service);
  if (!service.loaded)
    return <p data-testid="not-loaded">{t("legend.notLoaded", { service: name })}</p>;
  const list = shortage?.answer?.[0];
  const places = list?.places;
  const people = (count: number | undefined) =>
    count === undefined ? "" : t("legend.people", { count: formatNumber(count, lang) });
  const unjudged = places?.unjudged ?? [];
  return (
    <>
      <p>
        <strong>{name}</strong>
        <br />
        {t(state.theme === "depth" ? "legend.depth" : "legend.causes", {
          minutes: list?.limit_minutes ?? "…",
        })}
      </p>
      <ul class="steps">
        {state.theme === "depth"
          ? DEPTH_COLOURS.map((colour, at) => (
              <Step key={colour} fill={colour}>
                {`${t(`depth.${at as 0 | 1 | 2 | 3}`)} ${people(places?.depth[at]?.total)}`}
              </Step>
            ))
          : CAUSES.filter((cause) => !unjudged.includes(cause)).map((cause) => (
              <Step key={cause} fill={CAUSE_COLOURS[cause]}>
                {`${t(`cause.${cause}`)} ${people(
                  places?.causes.find((one) => one.cause === cause)?.gravest.total,
                )}`}
              </Step>
            ))}
        {state.theme === "causes" && <Step fill={NO_CAUSE}>{t("short.noCause")}</Step>}
      </ul>
      {state.theme === "causes" && unjudged.length > 0 && (
        <p class="quiet">
          {t("legend.unjudged", {
            causes: unjudged.map((cause) => t(`cause.${cause}`)).join(t("text.separator")),
          })}
        </p>
      )}
      {!isNormal(state.conditions) && <p>{conditionWords(state.conditions, lang)}</p>}
    </>
  );
}

/** What the chosen slot of the week is for people. */
function OfWeek() {
  const { study, state, week, lang, t } = useWorkbench();
  const { service } = week;
  const of = service && study.services.get(service.service);
  const slot = service?.known?.slots.find(
    ({ day, band }) => day === state.slot.day && band === state.slot.band,
  );
  const name = `${dayName(lang, state.slot.day)} ${bandName(lang, state.slot.band)}`;
  return (
    <>
      <p>
        <strong>{of && serviceName(lang, of)}</strong>
        <br />
        {t("legend.week", { slot: name, minutes: week.answer?.answer?.limit_minutes ?? "…" })}
      </p>
      <ul class="steps">
        {ANSWERS.map((answer) => (
          <Step key={answer} fill={answer === "unknown" ? "hatch-unknown" : ANSWER_COLOURS[answer]}>
            {`${t(`answer.${answer}`)} ${slot ? formatNumber(slot.people[answer]?.total ?? 0, lang) : ""}`}
          </Step>
        ))}
      </ul>
      {week.answer?.answer?.online === true && <p>{t("basis.online")}</p>}
      {!isNormal(state.conditions) && <p>{conditionWords(state.conditions, lang)}</p>}
    </>
  );
}

/** Demand of the chosen layer by cell. */
function CellDemand() {
  const { state, demand, lang, t } = useWorkbench();
  const layer = demand.answer?.answer?.layer;
  return (
    <>
      <p>
        {layer &&
          t("legend.cellDemand", {
            layer: layerName(lang, layer),
            year: state.year,
            unit: layer.unit,
          })}
      </p>
      <ul class="steps">
        {CELL_DEMAND_COLOURS.map((colour, at) => (
          <Step key={colour} fill={colour}>
            {at === 0
              ? t("legend.below", { value: CELL_DEMAND_BREAKS[0] })
              : at === CELL_DEMAND_BREAKS.length
                ? t("legend.from", { value: CELL_DEMAND_BREAKS[at - 1] as number })
                : `${CELL_DEMAND_BREAKS[at - 1]}–${CELL_DEMAND_BREAKS[at]}`}
          </Step>
        ))}
      </ul>
    </>
  );
}

/** How sure the doubtful places are. */
function Findings() {
  const { t } = useWorkbench();
  return (
    <ul class="kinds">
      {(["warning", "note"] as const).map((severity) => (
        <li key={severity}>
          <span class={`dot ${severity}`} aria-hidden="true" />
          {t("legend.finding", { severity: t(`findings.${severity}`) })}
        </li>
      ))}
    </ul>
  );
}

function Demand() {
  const { study, state, demand, lang, t } = useWorkbench();
  const layer = demand.answer?.answer?.layer;
  const years = { year: state.year, first: study.years[0] ?? "" };
  return (
    <>
      <p>
        {layer
          ? t("legend.demandOf", { ...years, layer: layerName(lang, layer) })
          : t("legend.demand", years)}
      </p>
      <ul class="steps">
        {DEMAND_COLOURS.map((colour, at) => (
          <Step key={colour} fill={colour}>
            {at === 0
              ? t("legend.below", { value: DEMAND_BREAKS[0] })
              : at === DEMAND_BREAKS.length
                ? t("legend.from", { value: DEMAND_BREAKS[at - 1] as number })
                : `${DEMAND_BREAKS[at - 1]}–${DEMAND_BREAKS[at]}`}
          </Step>
        ))}
      </ul>
    </>
  );
}

/** Whether the colours already speak of the chosen service. */
const namesService = (theme: Theme) =>
  theme === "minutes" || theme === "shortage" || theme === "week" || isByCause(theme);

/** The same shapes as on the map, drawn for the page. */
export function KindSign({ shape, filled }: { shape: Shape; filled: boolean }) {
  const paths: Record<Shape, string> = {
    square: "M4 4h12v12H4z",
    circle: "M10 4a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    diamond: "M10 3l7 7-7 7-7-7z",
    triangle: "M10 2.5 16.5 14h-13z",
    cross: "M7.6 3.5h4.8v4.1h4.1v4.8h-4.1v4.1H7.6v-4.1H3.5V7.6h4.1z",
    star: "M10 2l2 5.2 5.6.3-4.4 3.5 1.5 5.4L10 13.3l-4.7 3.1L6.8 11 2.4 7.5 8 7.2z",
  };
  return (
    <svg class="kind-sign" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
      <path d={paths[shape]} fill={filled ? UI.ink : "#fff"} stroke={UI.ink} stroke-width="1.6" />
    </svg>
  );
}

function Facilities() {
  const { study, state, lang, t } = useWorkbench();
  const service = study.services.get(state.service);
  if (state.kinds === null && service?.loaded === false) return null;
  const kinds = FACILITY_KINDS.filter(({ id }) => state.kinds === null || state.kinds.includes(id));
  return (
    <>
      {state.kinds === null && service && !namesService(state.theme) && (
        <p>{t("legend.facilities", { service: serviceName(lang, service) })}</p>
      )}
      <ul class="kinds">
        {kinds.map(({ id, shape }) => (
          <li key={id}>
            <KindSign shape={shape} filled={false} />
            {t(`facilityKind.${id}`)}
          </li>
        ))}
      </ul>
      <p class="quiet">
        <KindSign shape="circle" filled={true} />
        {t("legend.h24")}
      </p>
    </>
  );
}

/** What the colours and signs of the map mean, with units and years; folds away. */
export function Legend() {
  const { t } = useWorkbench();
  const [open, setOpen] = useState(true);
  return (
    <section
      class={open ? "legend" : "legend folded"}
      aria-label={t("legend.title")}
      data-testid="legend"
    >
      <button
        type="button"
        class="legend-fold"
        aria-expanded={open}
        aria-label={t(open ? "legend.fold" : "legend.unfold")}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true">{open ? "−" : "＋"}</span>
      </button>
      {open ? <Contents /> : t("legend.title")}
    </section>
  );
}

function Contents() {
  const { study, state, plan, reach, whatIf, lang, t } = useWorkbench();
  const { theme, overlays } = state;
  const roads = study.summary.study.inputs.find(({ kind }) => kind === "roads_osm")?.date;
  return (
    <>
      {reach && <ReachScale />}
      {!reach && theme === "minutes" && <Minutes />}
      {!reach && theme === "shortage" && <Shortage />}
      {!reach && isByCause(theme) && <ByCause />}
      {!reach && theme === "week" && <OfWeek />}
      {!reach && theme === "demand" && <Demand />}
      {!reach && theme === "demandCells" && <CellDemand />}
      {plan && (theme === "zones" || overlays.includes("zones")) && (
        <p>
          {t(hasZones(plan) ? "legend.zonesOf" : "legend.noZones", { plan: planName(lang, plan) })}
        </p>
      )}
      {overlays.includes("facilities") && <Facilities />}
      {overlays.includes("findings") && <Findings />}
      {whatIf?.answer && (
        <p>
          <span class="changed" aria-hidden="true" />
          {t("legend.changed")}
        </p>
      )}
      {namesService(theme) && (
        <p class="quiet">
          {t("legend.population", {
            year: study.summary.population.year,
            roads: roads ?? t("sources.noDate"),
          })}
        </p>
      )}
    </>
  );
}
