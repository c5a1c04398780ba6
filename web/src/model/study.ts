import type { FeatureCollection } from "geojson";
import type { Drawing } from "../api/proposals";
import type {
  Assumption,
  CoverageFigures,
  Figures,
  MunicipalityFigures,
  PlanFigures,
  ServiceFigures,
  Summary,
  Verdict,
  ZoneDemand,
  ZoneFigures,
} from "../api/types";
import type { Selection } from "../state/state";

/** How the subject of an assumption begins that defines a service. */
const SERVICE_DEFINITION = "サービスの定義:";

/** A demand series: years rising, receipts per month. */
export type Series = { year: number; value: number }[];

/** A map of year to value as a rising series. */
export const series = (years: { [k: string]: number }): Series =>
  Object.entries(years)
    .map(([year, value]) => ({ year: Number(year), value }))
    .sort((a, b) => a.year - b.year);

/** First year with the highest value; `null` for an empty series. */
export const peak = (values: Series) =>
  values.reduce<Series[number] | null>(
    (best, one) => (best === null || one.value > best.value ? one : best),
    null,
  );

/** Number of verdicts of each kind. */
export function countVerdicts(audit: Verdict[]): { pass: number; fail: number; unknown: number } {
  const count = { pass: 0, fail: 0, unknown: 0 };
  for (const { verdict } of audit) {
    if (verdict === "pass") count.pass += 1;
    else if (verdict === "fail") count.fail += 1;
    else count.unknown += 1;
  }
  return count;
}

/** A plan that exists: where nothing meets the conditions, the optimiser proposes none. */
export type ExistingPlan = PlanFigures & { figures: Figures };

export const hasZones = (plan: PlanFigures): plan is ExistingPlan => plan.figures != null;

/** A plan that was made on this screen. */
export interface Draft {
  plan: PlanFigures;
  /** Demand of its zones. */
  demand: ZoneDemand[];
  /** What made it, and the rules by which it is judged. */
  drawing: Drawing;
  /** Colour class of each zone; a zone keeps its own while the plan is edited. */
  colours: number[];
  /** The independent checker's words. */
  verdicts: Verdict[];
  accepts: boolean;
  /** Land of the zones, once it is known. */
  shapes: FeatureCollection | null;
}

/** The summary with what the screen looks up in it again and again. */
export class StudyIndex {
  readonly municipalities: Map<string, MunicipalityFigures>;
  readonly services: Map<string, ServiceFigures>;
  readonly plans: Map<string, PlanFigures>;
  readonly years: number[];
  /** Plans that were made on this screen, by id. */
  readonly drafts = new Map<string, Draft>();

  constructor(readonly summary: Summary) {
    this.municipalities = new Map(summary.municipality_table.map((one) => [one.code, one]));
    this.services = new Map(summary.services.map((one) => [one.id, one]));
    this.plans = new Map(summary.plans.map((one) => [one.id, one]));
    this.years = series(summary.demand.years).map(({ year }) => year);
  }

  /** Takes a plan that was made on this screen, instead of an older one of the same id. */
  put(draft: Draft): void {
    this.drafts.set(draft.plan.id, draft);
    this.plans.set(draft.plan.id, draft.plan);
  }

  /** Forgets a plan that was made on this screen. */
  drop(id: string): void {
    if (this.drafts.delete(id)) this.plans.delete(id);
  }

  /** Whether the layer of care facilities and their partners is there. */
  get hasCareLinks(): boolean {
    return this.summary.own_lists.some(({ id }) => id === "care_facility_partners");
  }

  municipalityName(code: string): string {
    return this.municipalities.get(code)?.name ?? code;
  }

  /** The plan of that id; else the zones of today (二次医療圏); else the first. */
  plan(id: string): PlanFigures | undefined {
    return this.plans.get(id) ?? this.plans.get("secondary") ?? this.summary.plans[0];
  }

  zone(plan: string, zone: string): ZoneFigures | undefined {
    return this.plans.get(plan)?.zones.find(({ id }) => id === zone);
  }

  /** Whether a selection means something here; cells and institutions are known to the map only. */
  has(plan: string, selection: Selection): boolean {
    if (selection.kind === "zone") return this.zone(plan, selection.id) !== undefined;
    if (selection.kind === "municipality") return this.municipalities.has(selection.id);
    return true;
  }

  /** The zone of a plan in which a municipality lies. */
  zoneOf(plan: string, municipality: string): ZoneFigures | undefined {
    const zone = this.plans.get(plan)?.assignment[municipality];
    return zone === undefined ? undefined : this.zone(plan, zone);
  }

  zoneDemand(plan: string, zone: string): Series {
    const rows = this.drafts.get(plan)?.demand ?? this.summary.demand.zones;
    const found = rows.find((one) => one.plan === plan && one.zone === zone);
    return found ? series(found.years) : [];
  }

  prefectureDemand(): Series {
    return series(this.summary.demand.years);
  }

  municipalityDemand(code: string): Series {
    return series(this.municipalities.get(code)?.demand ?? {});
  }

  coverage(service: string): CoverageFigures[] {
    return this.summary.coverage.filter((row) => row.service === service);
  }

  /**
   * The assumptions on which a figure rests. Definitions of services concern only figures of that
   * service.
   */
  assumptionsOf(subjects: RegExp | null, service: string | undefined): Assumption[] {
    return this.summary.assumptions.filter(
      ({ subject }) =>
        subjects?.test(subject) &&
        (!subject.startsWith(SERVICE_DEFINITION) ||
          subject.slice(SERVICE_DEFINITION.length).trim() === service),
    );
  }

  /** Whether the 16 km rule applies to a service. */
  hasCircle(service: string): boolean {
    return this.coverage(service).some(({ radius_m }) => typeof radius_m === "number");
  }

  /** The longest travel time that is kept, in minutes. */
  travelLimit(): number {
    return Math.max(0, ...this.summary.coverage.map(({ minutes }) => minutes ?? 0));
  }
}
