import { useEffect, useRef } from "preact/hooks";
import type { ProposalRequest } from "../../api/proposals";
import { useWorkbench } from "../context";
import { FirstAim, FrontAims } from "./Aims";
import { isUnderWay } from "./desk";
import { Editor } from "./Editor";
import { OverlayBox } from "./OverlayBox";
import { OwnTables } from "./OwnTables";
import { PlaceRules } from "./PlaceRules";
import { Progress } from "./Progress";
import { Results } from "./Results";
import { NumberField, Rules } from "./Rules";
import "./proposals.css";

const UNITS = [
  "市町村",
  "保健所",
  "二次医療圏",
  "医師会",
  "消防本部",
  "介護保険者",
  "構想区域",
  "老人福祉圏",
  "日常生活圏域",
  "MC協議会",
] as const;

/** Most of the best plans that the screen asks for. */
const MOST_BEST = 20;

/** What is asked: number of zones, units, rules, and how many plans. */
function Form({ request }: { request: ProposalRequest }) {
  const { desk, t } = useWorkbench();
  const { ask } = desk;
  const { asked } = request;
  const isBusy = desk.run !== null && isUnderWay(desk.run);
  const whole = (value: number | null) => (value === null ? null : Math.round(value));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        desk.start();
      }}
    >
      <fieldset class="pair">
        <legend>{t("propose.zones")}</legend>
        <NumberField
          id="zones-least"
          label={t("limit.least")}
          value={asked.zones_least || null}
          optional
          change={(value) => ask({ asked: { ...asked, zones_least: whole(value) ?? 0 } })}
        />
        <NumberField
          id="zones-most"
          label={t("limit.most")}
          value={asked.zones_most}
          optional
          change={(value) => ask({ asked: { ...asked, zones_most: whole(value) } })}
        />
        <span class="quiet">{t("propose.zonesHelp")}</span>
      </fieldset>
      <OverlayBox request={request} />
      <label class="number-field">
        <span>{t("propose.units")}</span>
        <select
          value={request.units}
          disabled={Boolean(request.unit_table)}
          data-testid="units"
          onChange={(event) => ask({ units: event.currentTarget.value })}
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {t(`units.${unit}`)}
            </option>
          ))}
        </select>
      </label>
      <FirstAim request={request} />
      <OwnTables request={request} />
      <Rules />
      <PlaceRules request={request} />
      <fieldset>
        <legend>{t("propose.wanted")}</legend>
        <NumberField
          id="best"
          label={t("propose.howMany")}
          value={request.best}
          most={MOST_BEST}
          change={(value) => ask({ best: Math.max(1, whole(value) ?? 1) })}
        />
        <label>
          <input
            type="checkbox"
            checked={request.by_zone_count}
            data-testid="by-zone-count"
            onChange={(event) => ask({ by_zone_count: event.currentTarget.checked })}
          />
          {t("propose.byZoneCount")}
        </label>
        <FrontAims request={request} />
      </fieldset>
      <details>
        <summary>{t("propose.more.title")}</summary>
        <NumberField
          id="node-limit"
          label={t("propose.nodeLimit")}
          value={request.node_limit}
          most={10_000_000}
          change={(value) => ask({ node_limit: whole(value) ?? request.node_limit })}
        />
        <NumberField
          id="seed"
          label={t("propose.seed")}
          value={request.seed}
          most={4_294_967_295}
          change={(value) => ask({ seed: whole(value) ?? 0 })}
        />
      </details>
      <button type="submit" class="main" data-testid="start" disabled={isBusy}>
        {t("propose.start")}
      </button>
    </form>
  );
}

/** 提案: what is asked, how far the answer is, the answer, and the plan drawn on by hand. */
export function ProposalPanel() {
  const { desk, t } = useWorkbench();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { request, run, answer, problem } = desk;
  return (
    <section class="propose" aria-labelledby="propose-title" data-testid="propose">
      <button type="button" class="link" data-testid="leave-proposals" onClick={desk.hide}>
        ‹ {t("propose.back")}
      </button>
      <h2 id="propose-title" tabIndex={-1} ref={title}>
        {t("propose.title")}
      </h2>
      <p class="quiet">{t("propose.help")}</p>
      {request && <Form request={request} />}
      {!request && problem === null && <p class="quiet">{t("app.loading")}</p>}
      {problem !== null && (
        <p class="problem" role="alert" data-testid="propose-problem">
          {problem}
        </p>
      )}
      {run && <Progress run={run} />}
      {answer && <Results answer={answer} />}
      {request && <Editor />}
    </section>
  );
}
