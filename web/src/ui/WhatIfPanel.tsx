import type { Change } from "../api/shortage";
import { serviceName } from "../i18n";
import type { FacilityDetails } from "../map/details";
import { formatNumber } from "../model/format";
import { InstitutionLink } from "./ByCause";
import { useWorkbench } from "./context";
import { Figure } from "./Number";

/** What is asked of an institution: that it stops, or that it takes the chosen service up. */
export function AskWhatIf({ of }: { of: FacilityDetails }) {
  const { study, state, lang, askWhatIf, t } = useWorkbench();
  const service = study.services.get(state.service);
  const provides = study.summary.services.some(({ classes }) =>
    classes.some((one) => of.classes.includes(one)),
  );
  const already = service?.classes.some((one) => of.classes.includes(one));
  return (
    <p class="block tools">
      {provides && (
        <button
          type="button"
          data-testid="ask-stop"
          onClick={() => askWhatIf({ kind: "stop", id: of.id })}
        >
          {t("whatif.stop")}
        </button>
      )}
      {service?.loaded && !already && of.precision !== "unlocated" && (
        <button
          type="button"
          data-testid="ask-start"
          onClick={() =>
            askWhatIf({
              kind: "start",
              service: service.id,
              origin: { kind: "facility", id: of.id, name: of.name },
            })
          }
        >
          {t("whatif.start", { service: serviceName(lang, service) })}
        </button>
      )}
    </p>
  );
}

function Loss({ of }: { of: Change }) {
  const { t } = useWorkbench();
  const { loss, assumptions } = of;
  if (!loss) return null;
  return (
    <>
      {loss.extra_minutes !== null && (
        <>
          <div class="row">
            <dt>{t("whatif.farther")}</dt>
            <dd>
              <Figure
                figure="farther_people"
                value={loss.farther.total}
                assumptions={assumptions}
              />
            </dd>
          </div>
          <div class="row">
            <dt>{t("whatif.extra")}</dt>
            <dd>
              <Figure figure="extra_minutes" value={loss.extra_minutes} assumptions={assumptions} />
            </dd>
          </div>
        </>
      )}
      {loss.partners.length > 0 && (
        <div>
          <dt>{t("whatif.partners")}</dt>
          {loss.partners.map((partner) => (
            <dd key={partner.id} class="partner">
              <InstitutionLink of={partner} />{" "}
              <Figure figure="remedy_minutes" value={partner.minutes} assumptions={assumptions} />
            </dd>
          ))}
        </div>
      )}
    </>
  );
}

function Changed({ of, stops }: { of: Change; stops: boolean }) {
  const { study, state, lang, change, t } = useWorkbench();
  const service = study.services.get(of.service);
  const differs = Math.abs(of.after.once.total - of.before.once.total);
  const old = Math.abs(of.after.once.age_75_plus - of.before.once.age_75_plus);
  const doubly = Math.abs(of.after.twice.total - of.before.twice.total);
  const label = t(stops ? "whatif.lost" : "whatif.gained");
  return (
    <section class={of.service === state.service ? "of-service chosen" : "of-service"}>
      <h4>
        <button
          type="button"
          class="link"
          aria-pressed={of.service === state.service}
          onClick={() => change({ service: of.service })}
        >
          {service ? serviceName(lang, service) : of.service}
        </button>
      </h4>
      <dl class="rows">
        <div class="row">
          <dt>{label}</dt>
          <dd>
            <Figure
              figure="changed_people"
              label={label}
              service={of.service}
              value={differs}
              assumptions={of.assumptions}
            />
          </dd>
        </div>
        <div class="row">
          <dt>{t("shortage.people")}</dt>
          <dd>
            <Figure
              figure="changed_people"
              label={label}
              service={of.service}
              value={old}
              assumptions={of.assumptions}
            />
          </dd>
        </div>
        <div class="row">
          <dt>{t(stops ? "whatif.onceLeft" : "whatif.twice")}</dt>
          <dd>
            <Figure
              figure="changed_people"
              label={t(stops ? "whatif.onceLeft" : "whatif.twice")}
              service={of.service}
              value={doubly}
              assumptions={of.assumptions}
            />
          </dd>
        </div>
        <Loss of={of} />
      </dl>
      {of.municipalities.length > 0 && (
        <p class="quiet">
          {of.municipalities
            .map(({ code, concerned }) =>
              t("siting.place", {
                name: study.municipalityName(code),
                people: formatNumber(concerned.total, lang),
              }),
            )
            .join(t("text.separator"))}
        </p>
      )}
    </section>
  );
}

/** What changes when an institution stops, or takes a service up. */
export function WhatIfPanel() {
  const { whatIf, hideWhatIf, t } = useWorkbench();
  if (!whatIf) return null;
  const stops = whatIf.question.kind === "stop";
  return (
    <section class="block what-if" aria-label={t("whatif.title")} data-testid="what-if">
      <h3>{t(stops ? "whatif.stop" : "whatif.title")}</h3>
      <div role="status">
        {whatIf.problem && <p class="problem">{whatIf.problem}</p>}
        {!whatIf.problem && !whatIf.answer && <p class="quiet">{t("short.loading")}</p>}
        {whatIf.answer?.length === 0 && <p class="quiet">{t("whatif.noService")}</p>}
      </div>
      {whatIf.answer?.map((change) => (
        <Changed key={change.service} of={change} stops={stops} />
      ))}
      {whatIf.answer && <p class="quiet">{t("whatif.help")}</p>}
      <button type="button" class="link" data-testid="hide-what-if" onClick={hideWhatIf}>
        {t("whatif.hide")}
      </button>
    </section>
  );
}
