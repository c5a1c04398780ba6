import { useEffect, useRef } from "preact/hooks";
import type { Institution, Loss, ShortageList, ShortMunicipality } from "../api/shortage";
import type { Assumption } from "../api/types";
import { serviceName } from "../i18n";
import { CAUSE_COLOURS, CAUSES, type Cause, DEPTH_COLOURS } from "../model/causes";
import type { Theme } from "../state/state";
import { Colourings } from "./Colourings";
import { ConditionsBox } from "./ConditionsBox";
import { useWorkbench } from "./context";
import { Figure } from "./Number";
import { SitingBox } from "./SitingBox";
import { Standing } from "./Standing";

type Places = NonNullable<ShortageList["places"]>;

const COLOURINGS = ["causes", "depth"] as const satisfies readonly Theme[];

/** So many institutions are told at once. */
const MOST_LOSSES = 8;

/** The name of an institution, which selects it and shows it on the map. */
export function InstitutionLink({ of }: { of: Institution }) {
  const { select, showPoint } = useWorkbench();
  return (
    <button
      type="button"
      class="link"
      onClick={() => {
        select({ kind: "facility", id: of.id });
        if (of.position) showPoint(of.position);
      }}
    >
      {of.name}
    </button>
  );
}

/** People for whom each cause is the gravest, with the colours of the map. */
function Causes({ places, assumptions }: { places: Places; assumptions: Assumption[] }) {
  const { t } = useWorkbench();
  return (
    <table class="scale" data-testid="causes">
      <tbody>
        {places.causes.map(({ cause, gravest }) => (
          <tr key={cause}>
            <th scope="row">
              <span class="box" style={{ background: CAUSE_COLOURS[cause] }} />
              {t(`cause.${cause}`)}
            </th>
            <td>
              {places.unjudged.includes(cause) ? (
                <span class="quiet">{t("short.unjudged")}</span>
              ) : (
                <Figure
                  figure="short_people"
                  label={t(`cause.${cause}`)}
                  value={gravest.total}
                  assumptions={assumptions}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** People by the number of institutions behind them, with the colours of the map. */
function DepthScale({ places, assumptions }: { places: Places; assumptions: Assumption[] }) {
  const { t } = useWorkbench();
  return (
    <table class="scale" data-testid="depth">
      <tbody>
        {DEPTH_COLOURS.map((colour, at) => {
          const name = t(`depth.${at as 0 | 1 | 2 | 3}`);
          return (
            <tr key={colour}>
              <th scope="row">
                <span class="box" style={{ background: colour }} />
                {name}
              </th>
              <td>
                <Figure
                  figure="depth_people"
                  label={name}
                  value={places.depth[at]?.total}
                  assumptions={assumptions}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Those whom nobody reaches, at three speeds. */
function Sensitivity({ of, list }: { of: ShortMunicipality["unreached"]; list: ShortageList }) {
  const { t } = useWorkbench();
  const [slower, faster] = list.speeds;
  const rows = [
    [t("short.speed", { factor: slower }), of.slower.total],
    [t("short.speedPlanned"), of.planned.total],
    [t("short.speed", { factor: faster }), of.faster?.total ?? null],
  ] as const;
  return (
    <dl class="rows">
      {rows.map(([label, value]) => (
        <div class="row" key={label}>
          <dt>{label}</dt>
          <dd>
            {value === null ? (
              t("verdict.unknown")
            ) : (
              <Figure
                figure="unreached_people"
                label={label}
                value={value}
                assumptions={list.assumptions}
              />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Why a municipality is on the list, and what would mend it. */
function Explanation({ of, list }: { of: ShortMunicipality; list: ShortageList }) {
  const { t } = useWorkbench();
  const { assumptions, places } = list;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [of.code]);
  return (
    <div ref={box} class="explanation" data-testid="explanation">
      <h4>{t("short.why")}</h4>
      <dl class="rows">
        {CAUSES.filter((cause) => of.causes[cause]).map((cause) => (
          <div class="row" key={cause}>
            <dt>{t(`cause.${cause}`)}</dt>
            <dd>
              <Figure
                figure="cause_people"
                label={t(`cause.${cause}`)}
                value={of.causes[cause]?.total}
                assumptions={assumptions}
              />
            </dd>
          </div>
        ))}
      </dl>
      <h4>{t("short.remedies")}</h4>
      {of.remedies.length === 0 && (
        <p class="quiet">
          {t(places?.remedies_known ? "short.remediesNone" : "short.remediesUnknown")}
        </p>
      )}
      <ul>
        {of.remedies.map((remedy) => (
          <li key={remedy.id}>
            <InstitutionLink of={remedy} />
            <span class="values">
              <Figure figure="remedy_minutes" value={remedy.minutes} assumptions={assumptions} />
              <Figure
                figure="mended_people"
                value={remedy.mended.total}
                assumptions={assumptions}
              />
            </span>
          </li>
        ))}
      </ul>
      <h4>{t("short.sensitivity")}</h4>
      <Sensitivity of={of.unreached} list={list} />
      <h4>{t("theme.depth")}</h4>
      <dl class="rows">
        {of.depth.map((people, at) => {
          const label = t(`depth.${at as 0 | 1 | 2 | 3}`);
          return (
            <div class="row" key={label}>
              <dt>{label}</dt>
              <dd>
                <Figure
                  figure="depth_people"
                  label={label}
                  value={people.total}
                  assumptions={assumptions}
                />
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}

const gravestOf = ({ causes }: ShortMunicipality): Cause | undefined =>
  CAUSES.find((cause) => (causes[cause]?.total ?? 0) > 0);

/** The municipalities, worst first; the chosen one is explained. */
function Municipalities({ list, places }: { list: ShortageList; places: Places }) {
  const { study, state, select, t } = useWorkbench();
  const chosen = state.selection.kind === "municipality" ? state.selection.id : "";
  if (places.municipalities.length === 0) return <p class="quiet">✓ {t("short.none")}</p>;
  return (
    <table class="places" data-testid="short-municipalities">
      <thead>
        <tr>
          <th scope="col">{t("kind.municipality")}</th>
          <th scope="col">{t("short.people")}</th>
          <th scope="col">{t("shortage.people")}</th>
        </tr>
      </thead>
      <tbody>
        {places.municipalities.map((of, at) => {
          const gravest = gravestOf(of);
          const name = study.municipalityName(of.code);
          const open = of.code === chosen;
          const row = (
            <tr key={of.code} class={open ? "chosen" : ""}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  aria-pressed={open}
                  onClick={() => select({ kind: "municipality", id: of.code })}
                >
                  <span class="rank">{at + 1}</span>
                  {gravest && (
                    <span
                      class="box"
                      role="img"
                      aria-label={t(`cause.${gravest}`)}
                      title={t(`cause.${gravest}`)}
                      style={{ background: CAUSE_COLOURS[gravest] }}
                    />
                  )}
                  {name}
                </button>
              </th>
              <td>
                <Figure
                  figure="short_people"
                  label={name}
                  value={of.concerned.total}
                  assumptions={list.assumptions}
                />
              </td>
              <td>
                <Figure
                  figure="short_people"
                  label={name}
                  value={of.concerned.age_75_plus}
                  assumptions={list.assumptions}
                />
              </td>
            </tr>
          );
          return open
            ? [
                row,
                <tr key={`${of.code} why`}>
                  <td colSpan={3}>
                    <Explanation of={of} list={list} />
                  </td>
                </tr>,
              ]
            : row;
        })}
      </tbody>
    </table>
  );
}

/** The institutions on which most people depend. */
function Losses({ losses, assumptions }: { losses: Loss[]; assumptions: Assumption[] }) {
  const { t } = useWorkbench();
  const grave = losses.filter(({ lost }) => lost.total > 0);
  return (
    <details data-testid="losses">
      <summary>{t("short.losses", { count: grave.length })}</summary>
      <p class="quiet">{t("short.lossesHelp")}</p>
      <ul>
        {grave.slice(0, MOST_LOSSES).map((loss) => (
          <li key={loss.id}>
            <span>
              <InstitutionLink of={loss} />
              {loss.single_doctor && <span class="quiet"> {t("short.singleDoctor")}</span>}
            </span>
            <span class="values">
              <Figure
                figure="lost_people"
                label={loss.name}
                value={loss.lost.total}
                assumptions={assumptions}
              />
            </span>
          </li>
        ))}
      </ul>
      {grave.length > MOST_LOSSES && (
        <p class="quiet">{t("short.first", { count: MOST_LOSSES })}</p>
      )}
    </details>
  );
}

function List({ list, places }: { list: ShortageList; places: Places }) {
  const { state, t } = useWorkbench();
  const { assumptions } = list;
  return (
    <>
      {state.theme === "depth" ? (
        <DepthScale places={places} assumptions={assumptions} />
      ) : (
        <Causes places={places} assumptions={assumptions} />
      )}
      <details>
        <summary>{t("short.sensitivity")}</summary>
        <Sensitivity of={places.unreached} list={list} />
        {places.circle && (
          <dl class="rows">
            <div class="row">
              <dt>{t("short.uncertain")}</dt>
              <dd>
                <Figure
                  figure="uncertain_people"
                  value={places.circle[1].total}
                  assumptions={assumptions}
                />
              </dd>
            </div>
          </dl>
        )}
      </details>
      <Standing assumptions={assumptions} />
      <Losses losses={places.losses} assumptions={assumptions} />
      <SitingBox key={`${list.service}${JSON.stringify(state.conditions)}`} />
      <h3>{t("short.list")}</h3>
      <p class="quiet">{t("short.order", { minutes: list.limit_minutes })}</p>
      <Municipalities list={list} places={places} />
    </>
  );
}

/** 不足の原因: whom a service does not reach well, why, and what would mend it. */
export function ByCause() {
  const { study, state, lang, change, shortage, t } = useWorkbench();
  const service = study.services.get(state.service);
  const list = shortage?.answer?.[0];
  return (
    <section class="shortages by-cause" aria-labelledby="by-cause-title" data-testid="by-cause">
      <header>
        <h2 id="by-cause-title">{t("theme.causes")}</h2>
        <button type="button" class="link" onClick={() => change({ theme: "minutes" })}>
          ‹ {t("short.back")}
        </button>
      </header>
      <label class="choice-line">
        {t("map.service")}
        <select
          value={state.service}
          data-testid="short-service"
          onChange={(event) => change({ service: event.currentTarget.value })}
        >
          {study.summary.services.map((one) => (
            <option key={one.id} value={one.id}>
              {serviceName(lang, one)}
            </option>
          ))}
        </select>
      </label>
      <Colourings themes={COLOURINGS} />
      <ConditionsBox />
      <div role="status">
        {shortage?.problem && <p class="problem">{shortage.problem}</p>}
        {shortage && !shortage.answer && !shortage.problem && (
          <p class="quiet">{t("short.loading")}</p>
        )}
      </div>
      {service?.loaded === false && (
        <p class="problem">{t("legend.notLoaded", { service: serviceName(lang, service) })}</p>
      )}
      {list?.places && <List list={list} places={list.places} />}
    </section>
  );
}
