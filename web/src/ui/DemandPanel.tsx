import { useEffect, useRef } from "preact/hooks";
import type { Area, Count, Outlook, Shortfall } from "../api/demand";
import { layerName, planName, translateOr } from "../i18n";
import { formatNumber } from "../model/format";
import { hasZones } from "../model/study";
import type { Theme } from "../state/state";
import { Colourings } from "./Colourings";
import { useWorkbench } from "./context";
import { Figure } from "./Number";
import { Standing } from "./Standing";

const COLOURINGS = ["demand", "demandCells"] as const satisfies readonly Theme[];

/** The scenario of the workforce that is looked at. */
export const chosenFuture = (outlook: Outlook, future: string) =>
  outlook.scenarios.find(({ id }) => id === future) ?? outlook.scenarios[0];

/** From which year capacity is below demand, in words and with a sign. */
export function useShortfall() {
  const { t } = useWorkbench();
  return (of: Shortfall | undefined): string => {
    if (of === undefined || of === "unknown") return t("verdict.unknown");
    return "from" in of
      ? t("outlook.shortFrom", { year: of.from })
      : t("outlook.enough", { year: of.not_before });
  };
}

/** The year alone, for a narrow column; the whole words are read aloud and shown on hover. */
function ShortYear({ of, words }: { of: Shortfall | undefined; words: string }) {
  if (of === undefined || of === "unknown") return <>{words}</>;
  return (
    <span role="img" aria-label={words} title={words}>
      {"from" in of ? `▲${of.from}` : `✓${of.not_before}`}
    </span>
  );
}

function Line({ name, area, open }: { name: string; area: Area; open: () => void }) {
  const { state, demand, t } = useWorkbench();
  const short = useShortfall();
  const outlook = demand.answer?.answer;
  if (!outlook) return null;
  const { assumptions } = outlook.layer;
  const now = area.years[String(state.year)];
  const future = chosenFuture(outlook, state.future);
  const balance = future && area.balances[future.id];
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link" onClick={open}>
          {name}
        </button>
      </th>
      <td>
        <Figure figure="outlook_value" label={name} value={now?.mid} assumptions={assumptions} />
      </td>
      <td>
        <Figure
          figure="outlook_older"
          label={name}
          value={now?.age_85_plus}
          assumptions={assumptions}
        />
      </td>
      <td>
        <Figure
          figure="outlook_peak"
          label={name}
          value={area.peak?.year}
          assumptions={assumptions}
        />
        <span class="clause">
          <Figure
            figure="outlook_value"
            label={t("outlook.peakValue")}
            value={area.peak?.mid}
            assumptions={assumptions}
          />
        </span>
      </td>
      <td>
        {future ? <ShortYear of={balance?.short[1]} words={short(balance?.short[1])} /> : "—"}
      </td>
    </tr>
  );
}

/** Every zone of the plan: demand, peak, and the year in which it falls short. */
function Zones({ outlook }: { outlook: Outlook }) {
  const { study, state, plan, lang, select, t } = useWorkbench();
  return (
    <>
      <p class="quiet">{t("outlook.zonesHelp", { unit: outlook.layer.unit })}</p>
      <table class="places outlook" data-testid="outlook-zones">
        <caption class="unseen">{plan && planName(lang, plan)}</caption>
        <thead>
          <tr>
            <th scope="col">{t("outlook.zone")}</th>
            <th scope="col">{t("outlook.value", { year: state.year })}</th>
            <th scope="col">{t("outlook.older")}</th>
            <th scope="col">{t("outlook.peakYear")}</th>
            <th scope="col">{t("outlook.short")}</th>
          </tr>
        </thead>
        <tbody>
          <Line
            name={study.summary.study.prefecture_name}
            area={outlook.prefecture}
            open={() => select({ kind: "prefecture" })}
          />
          {outlook.zones.map((area, at) => {
            const zone = plan?.zones[at];
            return (
              zone && (
                <Line
                  key={zone.id}
                  name={zone.name}
                  area={area}
                  open={() => select({ kind: "zone", id: zone.id })}
                />
              )
            );
          })}
        </tbody>
      </table>
    </>
  );
}

/** The prefecture's own counts of patients, as they may be shown. */
function Cohorts({ outlook }: { outlook: Outlook }) {
  const { study, plan, lang, t } = useWorkbench();
  const said = ({ state, value }: Count) =>
    t(`count.${state}`, { count: value === null ? "" : formatNumber(value, lang) });
  const line = (key: string, name: string, count: Count | undefined) =>
    count && (
      <tr key={key}>
        <th scope="row">{name}</th>
        <td>{said(count)}</td>
      </tr>
    );
  return (
    <section data-testid="outlook-cohorts">
      <h3>{t("outlook.cohorts")}</h3>
      {outlook.cohorts.map(({ id, years }) => {
        const year = Object.keys(years).sort().at(-1);
        const counts = year === undefined ? undefined : years[year];
        if (!counts)
          return (
            <p key={id} class="quiet">
              {t("text.labelled", { label: id, value: t("shortage.notLoaded") })}
            </p>
          );
        return (
          <details key={id}>
            <summary>
              {t("outlook.cohort", {
                name: id,
                year: year ?? "",
                count: said(counts.prefecture),
              })}
            </summary>
            <p class="quiet">{t("outlook.cohortsHelp")}</p>
            <table class="places">
              <tbody>
                {plan?.zones.map(({ id: zone, name }, at) => line(zone, name, counts.zones[at]))}
                {[...study.municipalities.values()].map(({ code, name }) =>
                  line(code, name, counts.municipalities[code]),
                )}
              </tbody>
            </table>
          </details>
        );
      })}
    </section>
  );
}

function Choices({ outlook }: { outlook: Outlook }) {
  const { state, lang, change, t } = useWorkbench();
  const { layer, scenarios } = outlook;
  return (
    <>
      <p class="quiet">
        {t("outlook.tagged", {
          tag: layer.tag,
          words: translateOr(lang, `tag.${layer.tag}`, layer.tag),
        })}
      </p>
      {scenarios.length === 0 ? (
        <p class="quiet">{t("outlook.noFuture")}</p>
      ) : (
        <label class="choice-line">
          {t("outlook.future")}
          <select
            value={chosenFuture(outlook, state.future)?.id}
            data-testid="outlook-future"
            onChange={(event) => change({ future: event.currentTarget.value })}
          >
            {scenarios.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

/** 需要と担い手の見通し: every service by zone and year, and who is left to meet it. */
export function DemandPanel() {
  const { state, plan, lang, change, demand, t } = useWorkbench();
  const panel = useRef<HTMLElement>(null);
  const { answer, problem } = demand.answer ?? { answer: null, problem: null };
  // The table would else lie below the plans.
  useEffect(() => {
    if (answer) panel.current?.scrollIntoView({ block: "start" });
  }, [answer === null]);
  return (
    <section
      ref={panel}
      class="shortages by-cause"
      aria-labelledby="outlook-title"
      data-testid="outlook"
    >
      <header>
        <h2 id="outlook-title">{t("outlook.title")}</h2>
        <button type="button" class="link" onClick={() => change({ theme: "minutes" })}>
          ‹ {t("short.back")}
        </button>
      </header>
      <label class="choice-line">
        {t("outlook.layer")}
        <select
          value={answer?.layer.id ?? state.layer}
          data-testid="outlook-layer"
          onChange={(event) => change({ layer: event.currentTarget.value })}
        >
          {(answer?.layers ?? []).map((layer) => (
            <option key={layer.id} value={layer.id}>
              {layerName(lang, layer)}
            </option>
          ))}
        </select>
      </label>
      <Colourings themes={COLOURINGS} />
      <div role="status">
        {problem && <p class="problem">{problem}</p>}
        {demand.cells?.problem && <p class="problem">{demand.cells.problem}</p>}
        {!answer && !problem && <p class="quiet">{t("outlook.loading")}</p>}
      </div>
      {answer && (
        <>
          <Choices outlook={answer} />
          <Standing
            assumptions={[
              ...answer.layer.assumptions,
              ...(chosenFuture(answer, state.future)?.assumptions ?? []),
            ]}
          />
          {(!plan || hasZones(plan)) && <Zones outlook={answer} />}
          <Cohorts outlook={answer} />
        </>
      )}
    </section>
  );
}
