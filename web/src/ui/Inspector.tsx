import type { ComponentChildren } from "preact";
import type {
  AgeCounts,
  CertificateFigures,
  Figures,
  MunicipalityFigures,
  PlanFigures,
  ZoneFigures,
} from "../api/types";
import { planName, serviceName, translateOr } from "../i18n";
import type { CellDetails, FacilityDetails, FindingDetails } from "../map/details";
import { isCause } from "../model/causes";
import { formatNumber } from "../model/format";
import { hasZones, peak, type Series } from "../model/study";
import { AreasOf, Splits } from "./AreasBlock";
import { useWorkbench } from "./context";
import { DemandChart } from "./DemandChart";
import { Indicators, Targets } from "./FiguresBlock";
import { FunctionsBlock } from "./FunctionsBlock";
import { Figure, FigureRow, Row } from "./Number";
import { OutlookBlock } from "./OutlookBlock";
import { useProof } from "./Plans";
import { ReachPanel, ShowReach } from "./ReachPanel";
import { VerdictCounts, VerdictList } from "./Verdicts";
import { AskWhatIf, WhatIfPanel } from "./WhatIfPanel";

function Block({ title, children }: { title: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="block">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function People({ counts }: { counts: AgeCounts }) {
  const { study, t } = useWorkbench();
  return (
    <Block title={t("figures.population", { year: study.summary.population.year })}>
      <dl class="rows two">
        <FigureRow figure="population_total" label={t("figures.everybody")} value={counts.total} />
        <FigureRow figure="population_65" value={counts.age_65_plus} />
        <FigureRow figure="population_75" value={counts.age_75_plus} />
        <FigureRow figure="population_85" value={counts.age_85_plus} />
      </dl>
    </Block>
  );
}

function Demand({ name, values }: { name: string; values: Series }) {
  const { study, state, demand, change, t } = useWorkbench();
  const outlook = demand.answer?.answer;
  if (outlook) return <OutlookBlock name={name} outlook={outlook} />;
  const now = values.find(({ year }) => year === state.year);
  const first = values[0];
  const index = now && first && first.value > 0 ? (now.value / first.value) * 100 : null;
  return (
    <Block title={t("figures.demand")}>
      <dl class="rows">
        <FigureRow
          figure="demand_year"
          label={`${state.year} ${t("chart.year")}`}
          value={now?.value}
        />
        <FigureRow
          figure="demand_index"
          label={t("figures.index", { year: first?.year ?? "" })}
          value={index}
        />
        <FigureRow figure="peak_year" value={peak(values)?.year} />
      </dl>
      <DemandChart name={name} values={values} official={study.summary.demand.official_years} />
      <button
        type="button"
        class="link"
        data-testid="show-outlook"
        onClick={() => change({ theme: "demand" })}
      >
        {t("outlook.open")} ›
      </button>
    </Block>
  );
}

function Access({ figures }: { figures: Figures }) {
  const { lang, t } = useWorkbench();
  const whole = `${formatNumber(figures.demand_first, lang, { digits: 1 })} ${t("unit.receipts")}`;
  const denominator = t("figures.denominator", { value: whole });
  return (
    <Block title={t("figures.access")}>
      <dl class="rows">
        <FigureRow figure="mean_minutes_in_zone" value={figures.mean_minutes_in_zone} />
        <FigureRow
          figure="share_30_minutes_in_zone"
          value={figures.share_30_minutes_in_zone}
          note={denominator}
        />
        <FigureRow
          figure="share_unreached_in_zone"
          value={figures.share_unreached_in_zone}
          note={denominator}
        />
      </dl>
    </Block>
  );
}

function Functions({ figures }: { figures: Figures }) {
  const { t } = useWorkbench();
  return (
    <Block title={t("figures.functions")}>
      <dl class="rows">
        <FigureRow figure="active_candidates" value={figures.active_candidates} />
        <FigureRow figure="active_listed" value={figures.active_listed} />
        <FigureRow figure="linkage_candidates" value={figures.linkage_candidates} />
        <FigureRow figure="linkage_listed" value={figures.linkage_listed} />
      </dl>
    </Block>
  );
}

function Services({ counts }: { counts: MunicipalityFigures["institutions"] }) {
  const { study, lang, t } = useWorkbench();
  return (
    <Block title={t("figures.services")}>
      <p class="quiet">{t("functions.readiness")}</p>
      <dl class="rows">
        {study.summary.services.map((service) => (
          <FigureRow
            key={service.id}
            figure="institutions"
            label={serviceName(lang, service)}
            service={service.id}
            value={counts[service.id]}
          />
        ))}
      </dl>
    </Block>
  );
}

function Coverage() {
  const { study, state, lang, t } = useWorkbench();
  const service = study.services.get(state.service);
  if (!service) return null;
  return (
    <Block title={t("figures.coverage", { service: serviceName(lang, service) })}>
      <dl class="rows">
        {study.coverage(service.id).map((row) => {
          const label = row.minutes
            ? t("figures.within", { minutes: row.minutes })
            : t("figures.circle", { km: (row.radius_m ?? 0) / 1000 });
          const people =
            row.people != null
              ? `${formatNumber(row.people, lang)} / ${formatNumber(study.summary.population.total, lang)} ${t("unit.people")}`
              : undefined;
          return (
            <FigureRow
              key={label}
              figure="coverage"
              label={label}
              value={row.share}
              note={people}
            />
          );
        })}
      </dl>
    </Block>
  );
}

function Certificate({ certificate }: { certificate: CertificateFigures }) {
  const { lang, t } = useWorkbench();
  const proof = useProof();
  const found = typeof certificate.objective === "number";
  return (
    <Block title={t(found ? "certificate.title" : "infeasible.title")}>
      {found ? (
        <p class="quiet">
          {t(certificate.status === "optimal" ? "certificate.help" : "certificate.unproven")}
        </p>
      ) : (
        <p class="next">{t("infeasible.next")}</p>
      )}
      <p>{certificate.statement}</p>
      <dl class="rows">
        <Row label={t("certificate.status")}>{proof(certificate)}</Row>
        {found && (
          <>
            <FigureRow figure="objective" value={certificate.objective} />
            <FigureRow
              figure="objective"
              label={t("certificate.bound")}
              value={certificate.bound}
            />
            <FigureRow figure="gap" value={certificate.gap} />
          </>
        )}
        <Row label={t("certificate.nodes")}>{formatNumber(certificate.nodes, lang)}</Row>
        <Row label={t("certificate.rounds")}>{formatNumber(certificate.rounds, lang)}</Row>
        <Row label={t("certificate.model")}>
          <code title={certificate.model_sha256}>{certificate.model_sha256.slice(0, 12)}…</code>
        </Row>
      </dl>
      {found && (
        <details>
          <summary>
            {t("certificate.checker")} <VerdictCounts audit={certificate.checker} />
          </summary>
          <VerdictList audit={certificate.checker} />
        </details>
      )}
    </Block>
  );
}

function Municipalities({ codes, title }: { codes: string[]; title: string }) {
  const { study, select, t } = useWorkbench();
  return (
    <Block title={title}>
      {codes.length === 0 && <p class="quiet">{t("figures.noNeighbours")}</p>}
      <ul class="chips">
        {codes.map((code) => (
          <li key={code}>
            <button
              type="button"
              class="chip"
              onClick={() => select({ kind: "municipality", id: code })}
            >
              {study.municipalityName(code)}
            </button>
          </li>
        ))}
      </ul>
    </Block>
  );
}

function Audit({ of }: { of: PlanFigures | ZoneFigures }) {
  const { t } = useWorkbench();
  return (
    <Block
      title={
        <>
          {t("audit.title")} <VerdictCounts audit={of.audit} />
        </>
      }
    >
      <VerdictList audit={of.audit} />
    </Block>
  );
}

function Prefecture() {
  const { study, plan: chosen, select, t } = useWorkbench();
  const { summary } = study;
  const plan = chosen && hasZones(chosen) ? chosen : undefined;
  return (
    <>
      {!plan && chosen?.certificate && <Certificate certificate={chosen.certificate} />}
      {plan && <Audit of={plan} />}
      {plan && <Splits plan={plan} />}
      {plan && <Access figures={plan.figures} />}
      <People counts={summary.population} />
      <Demand name={summary.study.prefecture_name} values={study.prefectureDemand()} />
      {plan && (
        <Block title={t("figures.zones")}>
          <ul class="zones">
            {plan.zones.map((zone) => (
              <li key={zone.id}>
                <button
                  type="button"
                  class="link"
                  data-testid={`zone-${zone.id}`}
                  onClick={() => select({ kind: "zone", id: zone.id })}
                >
                  <span class={`swatch zone-${zone.colour % 8}`} aria-hidden="true" />
                  {zone.name}
                </button>
                <VerdictCounts audit={zone.audit} />
              </li>
            ))}
          </ul>
        </Block>
      )}
      {plan?.certificate && <Certificate certificate={plan.certificate} />}
      <Coverage />
      {plan && <Functions figures={plan.figures} />}
      {plan && <Services counts={plan.figures.institutions} />}
      <Targets />
    </>
  );
}

function Zone({ plan, zone }: { plan: PlanFigures; zone: ZoneFigures }) {
  const { study, t } = useWorkbench();
  return (
    <>
      <Audit of={zone} />
      <Access figures={zone.figures} />
      <People counts={zone.figures.population} />
      <Demand name={zone.name} values={study.zoneDemand(plan.id, zone.id)} />
      <Municipalities codes={zone.municipalities} title={t("figures.members")} />
      <Block title={t("figures.functions")}>
        <dl class="rows">
          {zone.lead_institution && <Row label={t("figures.lead")}>{zone.lead_institution}</Row>}
          <FigureRow figure="active_candidates" value={zone.figures.active_candidates} />
          <FigureRow figure="active_listed" value={zone.figures.active_listed} />
          <FigureRow figure="linkage_candidates" value={zone.figures.linkage_candidates} />
          <FigureRow figure="linkage_listed" value={zone.figures.linkage_listed} />
          <Row label={t("figures.contiguous")}>
            {t(zone.contiguous ? "figures.contiguousYes" : "figures.contiguousNo")}
          </Row>
        </dl>
      </Block>
      <AreasOf codes={zone.municipalities} of="zone" />
      <FunctionsBlock codes={zone.municipalities} audit={zone.audit} />
      <Services counts={zone.figures.institutions} />
      <Indicators
        shown={({ zones }) => zones.find((one) => one.plan === plan.id && one.zone === zone.id)}
      />
    </>
  );
}

function ZoneOf({ municipality }: { municipality: string }) {
  const { study, plan, lang, select, t } = useWorkbench();
  const zone = plan && study.zoneOf(plan.id, municipality);
  if (!plan || !zone) return null;
  return (
    <dl class="rows">
      <Row label={t("figures.zoneOf", { plan: planName(lang, plan) })}>
        <button type="button" class="link" onClick={() => select({ kind: "zone", id: zone.id })}>
          {zone.name}
        </button>
      </Row>
    </dl>
  );
}

function Municipality({ of }: { of: MunicipalityFigures }) {
  const { study, t } = useWorkbench();
  return (
    <>
      <ZoneOf municipality={of.code} />
      <AreasOf codes={[of.code]} of="municipality" />
      <Services counts={of.institutions} />
      <FunctionsBlock codes={[of.code]} />
      <People counts={of.population} />
      <Demand name={of.name} values={study.municipalityDemand(of.code)} />
      <Indicators
        shown={({ areas }) => {
          const area = areas.find(({ municipalities }) => municipalities.includes(of.code));
          return area && { ...area, of: area.municipalities.length > 1 ? area.name : undefined };
        }}
      />
      <Municipalities codes={of.neighbours} title={t("figures.neighbours")} />
      {of.touching_without_road.length > 0 && (
        <Municipalities codes={of.touching_without_road} title={t("figures.touching")} />
      )}
    </>
  );
}

function InMunicipality({ code }: { code: string }) {
  const { study, select, t } = useWorkbench();
  return (
    <dl class="rows">
      <Row label={t("kind.municipality")}>
        <button
          type="button"
          class="link"
          onClick={() => select({ kind: "municipality", id: code })}
        >
          {study.municipalityName(code)}
        </button>
      </Row>
    </dl>
  );
}

function Cell({ of }: { of: CellDetails }) {
  const { study, lang, t } = useWorkbench();
  const limit = study.travelLimit();
  return (
    <>
      <InMunicipality code={of.municipality} />
      {of.linked && of.centre && (
        <ShowReach
          origin={{
            kind: "point",
            longitude: of.centre[0],
            latitude: of.centre[1],
            name: `${t("kind.cell")} ${of.mesh}`,
          }}
        />
      )}
      <People
        counts={{
          total: of.total,
          age_65_plus: of.age65,
          age_75_plus: of.age75,
          age_85_plus: of.age85,
        }}
      />
      {of.agesEstimated && <p class="quiet">{t("figures.estimatedAges")}</p>}
      <WhyShort id={of.id} />
      {of.demand !== null && (
        <Block title={t("figures.demand")}>
          <dl class="rows">
            <FigureRow figure="demand_first" value={of.demand} />
          </dl>
        </Block>
      )}
      <Block title={t("figures.minutes")}>
        <dl class="rows">
          {study.summary.services.map((service) => {
            const name = serviceName(lang, service);
            if (!of.linked && service.loaded)
              return (
                <Row key={service.id} label={name}>
                  {t("figures.linkedNo")}
                </Row>
              );
            const minutes = of.minutes.get(service.id);
            if (service.loaded && minutes === null)
              return (
                <Row key={service.id} label={name}>
                  {t("figures.overLimit", { minutes: limit })}
                </Row>
              );
            const circle = of.within16km.get(service.id);
            const words = t(circle ? "figures.in16" : "figures.out16");
            return (
              <Row key={service.id} label={name}>
                {service.loaded ? (
                  <>
                    {circle !== undefined && <span class="quiet">{words}</span>}{" "}
                    <Figure
                      figure="cell_minutes"
                      label={name}
                      service={service.id}
                      value={minutes}
                    />
                  </>
                ) : (
                  <Figure figure="institutions" label={name} service={service.id} value={null} />
                )}
              </Row>
            );
          })}
        </dl>
      </Block>
    </>
  );
}

function Facility({ of }: { of: FacilityDetails }) {
  const { lang, t } = useWorkbench();
  const yes = (is: boolean) => t(is ? "facility.yes" : "facility.no");
  const precision = translateOr(lang, `precision.${of.precision}`, of.precision);
  return (
    <>
      <dl class="rows wide">
        <Row label={t("facility.kind")}>
          {translateOr(lang, `facilityKind.${of.facilityKind}`, of.facilityKind)}
        </Row>
        <Row label={t("facility.address")}>{of.address || "—"}</Row>
        <Row label={t("facility.classes")}>{of.classes.join("・") || "—"}</Row>
        <Row label={t("facility.h24")}>{yes(of.h24)}</Row>
        <Row label={t("facility.candidate")}>{yes(of.activeCandidate)}</Row>
        <Row label={t("facility.precision")}>
          {of.errorM === null
            ? precision
            : t("facility.within", { precision, metres: formatNumber(of.errorM, lang) })}
        </Row>
        {of.correction && <Row label={t("facility.correction")}>{of.correction}</Row>}
        <Row label={t("facility.id")}>{of.id}</Row>
      </dl>
      {of.municipality && <InMunicipality code={of.municipality} />}
      {of.precision !== "unlocated" && (
        <ShowReach origin={{ kind: "facility", id: of.id, name: of.name }} />
      )}
      <AskWhatIf of={of} />
    </>
  );
}

/** Why a cell is short of the chosen service, while the map shows the causes. */
function WhyShort({ id }: { id: string }) {
  const { study, state, shortage, lang, t } = useWorkbench();
  const service = study.services.get(state.service);
  const [list, cells] = shortage?.answer ?? [];
  const cell = cells?.features.find(({ properties }) => properties.cell === id)?.properties;
  if (!service || !list || !cell) return null;
  const [slower, faster] = list.speeds;
  const nobody = (is: boolean | null) =>
    is === null ? t("verdict.unknown") : t(is ? "short.nobody" : "short.somebody");
  return (
    <Block title={t("short.ofCell", { service: serviceName(lang, service) })}>
      <dl class="rows">
        <Row label={t("theme.causes")}>
          {cell.cause === "none"
            ? t("short.noCause")
            : cell.causes
                .split(",")
                .filter(isCause)
                .map((cause) => t(`cause.${cause}`))
                .join(t("text.separator"))}
        </Row>
        <FigureRow
          figure="institutions_near"
          value={cell.institutions}
          assumptions={list.assumptions}
        />
        {cell.cause !== "none" && (
          <>
            <Row label={t("short.speed", { factor: slower })}>{nobody(cell.unreached_slower)}</Row>
            <Row label={t("short.speed", { factor: faster })}>{nobody(cell.unreached_faster)}</Row>
            <Row label={t("short.remedies")}>
              {cell.remedies ||
                t(list.places?.remedies_known ? "short.remediesNone" : "short.remediesUnknown")}
            </Row>
          </>
        )}
      </dl>
    </Block>
  );
}

/** A doubtful place of the input data. */
function Finding({ of }: { of: FindingDetails }) {
  const { lang, t } = useWorkbench();
  return (
    <dl class="rows wide" data-testid="finding">
      <Row label={t("findings.severity")}>
        {translateOr(lang, `findings.${of.severity}`, of.severity)}
      </Row>
      <Row label={t("findings.kind")}>
        {translateOr(lang, `finding.${of.findingKind}`, of.findingKind)}
      </Row>
      {of.file && <Row label={t("sources.file")}>{of.file}</Row>}
      <Row label={t("findings.said")}>{of.said || "—"}</Row>
      <Row label={t("findings.meant")}>{of.meant}</Row>
    </dl>
  );
}

/** The name and kind of what is selected. */
export function useSelectionName(): { name: string; kind: string } {
  const { study, state, plan, details, lang, t } = useWorkbench();
  const { selection } = state;
  const kind = t(`kind.${selection.kind}`);
  switch (selection.kind) {
    case "prefecture":
      return { name: study.summary.study.prefecture_name, kind };
    case "zone":
      return { name: (plan && study.zone(plan.id, selection.id)?.name) ?? selection.id, kind };
    case "municipality":
      return { name: study.municipalityName(selection.id), kind };
    case "cell":
      return { name: details?.kind === "cell" ? details.mesh : selection.id, kind };
    case "facility":
      return { name: details?.kind === "facility" ? details.name : selection.id, kind };
    case "finding":
      return {
        name:
          details?.kind === "finding"
            ? translateOr(lang, `finding.${details.findingKind}`, details.findingKind)
            : selection.id,
        kind,
      };
  }
}

function Body() {
  const { study, state, plan, details, t } = useWorkbench();
  const { selection } = state;
  const zone = selection.kind === "zone" && plan ? study.zone(plan.id, selection.id) : undefined;
  if (plan && zone) return <Zone plan={plan} zone={zone} />;
  const municipality =
    selection.kind === "municipality" ? study.municipalities.get(selection.id) : undefined;
  if (municipality) return <Municipality of={municipality} />;
  if (selection.kind === "cell" || selection.kind === "facility" || selection.kind === "finding") {
    if (details?.kind === "cell") return <Cell of={details} />;
    if (details?.kind === "facility") return <Facility of={details} />;
    if (details?.kind === "finding") return <Finding of={details} />;
    return <p class="quiet">{t("figures.unknownPlace")}</p>;
  }
  return <Prefecture />;
}

/** 指標: the figures of what is selected. */
export function Inspector() {
  const { state, plan, lang, select, t } = useWorkbench();
  const { name, kind } = useSelectionName();
  return (
    <div class="inspector" data-testid="inspector">
      <header class="inspector-head">
        <h2>{t("figures.title")}</h2>
        <p class="selected" data-testid="selection">
          <span class="kind">{kind}</span> <strong>{name}</strong>
        </p>
        {plan && (
          <p class="quiet">
            {t("text.labelled", { label: t("figures.plan"), value: planName(lang, plan) })}
          </p>
        )}
        {state.selection.kind !== "prefecture" && (
          <button type="button" class="link" onClick={() => select({ kind: "prefecture" })}>
            ‹ {t("figures.back")}
          </button>
        )}
      </header>
      <div class="scroll">
        <WhatIfPanel />
        <ReachPanel />
        <Body />
      </div>
    </div>
  );
}
