import { useCallback, useState } from "preact/hooks";
import { loadSiting } from "../api/client";
import { MODELS, type Model, type Siting } from "../api/shortage";
import { formatNumber } from "../model/format";
import { InstitutionLink } from "./ByCause";
import { useWorkbench } from "./context";
import { Figure } from "./Number";
import { useAnswer } from "./useAnswer";

/** As many added providers as can be asked for here. */
const MOST_SITES = 5;

function Answered({ of }: { of: Siting }) {
  const { study, lang, t } = useWorkbench();
  const figure =
    of.unit === "people" ? "sited_people" : of.unit === "sites" ? "sited_places" : "sited_minutes";
  const value = (label: string, value: number) => (
    <div class="row">
      <dt>{label}</dt>
      <dd>
        <Figure figure={figure} label={label} value={value} assumptions={of.assumptions} />
      </dd>
    </div>
  );
  return (
    <>
      <p class={of.proven ? "proven" : "quiet"}>
        {of.proven
          ? `✓ ${t("plans.optimal")}`
          : t("siting.unproven", {
              bound: formatNumber(of.bound, lang, { absence: "none" }),
            })}
      </p>
      {of.exact.chosen.length === 0 && <p class="quiet">{t("siting.nobody")}</p>}
      <ol data-testid="sites">
        {of.exact.chosen.map((site) => (
          <li key={site.id}>
            <InstitutionLink of={site} />
          </li>
        ))}
      </ol>
      <dl class="rows">
        {of.unit !== "sites" && value(t("siting.now"), of.now)}
        {value(t("siting.exact"), of.exact.objective)}
        {value(t("siting.greedy"), of.greedy.objective)}
      </dl>
      <p class="quiet">
        {t("siting.gained", {
          places:
            of.gained
              .map(({ code, concerned }) =>
                t("siting.place", {
                  name: study.municipalityName(code),
                  people: formatNumber(concerned.total, lang),
                }),
              )
              .join(t("text.separator")) || t("siting.nobody"),
        })}
      </p>
      <dl class="rows">
        <div class="row">
          <dt>{t("siting.beyond")}</dt>
          <dd>
            <Figure
              figure="beyond_help"
              value={of.beyond_help.total}
              assumptions={of.assumptions}
            />
          </dd>
        </div>
      </dl>
    </>
  );
}

/** 加えるとよい場所: where another provider of the service would help most, with proof. */
export function SitingBox() {
  const { state, t } = useWorkbench();
  const [model, setModel] = useState<Model>("mclp");
  const [sites, setSites] = useState(1);
  const load = useCallback(
    ([service, by, count, conditions]: Parameters<typeof loadSiting>) =>
      loadSiting(service, by, count, conditions).then((siting) => ({ siting })),
    [],
  );
  const { answer, ask, forget } = useAnswer(load);
  const choose = (act: () => void) => {
    forget();
    act();
  };
  return (
    <details data-testid="siting">
      <summary>{t("siting.title")}</summary>
      <label class="choice-line">
        {t("siting.model")}
        <select
          value={model}
          data-testid="siting-model"
          onChange={(event) => {
            const one = MODELS.find((name) => name === event.currentTarget.value);
            if (one) choose(() => setModel(one));
          }}
        >
          {MODELS.map((one) => (
            <option key={one} value={one}>
              {t(`siting.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {model !== "lscp" && (
        <label class="choice-line">
          {t("siting.sites")}
          <select
            value={sites}
            data-testid="siting-sites"
            onChange={(event) => {
              const count = Number(event.currentTarget.value);
              choose(() => setSites(count));
            }}
          >
            {Array.from({ length: MOST_SITES }, (_, at) => at + 1).map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="tools">
        <button
          type="button"
          data-testid="ask-siting"
          onClick={() => ask([state.service, model, sites, state.conditions])}
        >
          {t("siting.ask")}
        </button>
      </p>
      <div role="status">
        {answer?.problem && <p class="problem">{answer.problem}</p>}
        {answer && !answer.answer && !answer.problem && <p class="quiet">{t("siting.loading")}</p>}
        {answer?.answer?.siting === null && <p class="quiet">{t("short.remediesUnknown")}</p>}
      </div>
      {answer?.answer?.siting && <Answered of={answer.answer.siting} />}
    </details>
  );
}
