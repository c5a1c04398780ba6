//! The summary of a planned study.

use crate::access::coverage::{Coverage, Limit};
use crate::access::gaps::Gap;
use crate::assess::associations::associations;
use crate::assess::audit::Verdict as Audited;
use crate::assess::examples::{Example, Examples, classified};
use crate::assess::figures::{AreaSplits, Figures as Computed};
use crate::assess::functions::bearers;
use crate::assess::indicators::{ShownIndicator, ShownValue, shown_indicators};
use crate::assess::plans::NamedPlan;
use crate::demand::home_visits::Demand;
use crate::ids::MunicipalityCode;
use crate::ingest::study::{Area, AreaSystem, AreaValue, Indicator, Precision, Study};
use crate::publish::assumptions::assumptions;
use crate::publish::attributions::attributions;
use crate::publish::floods::flood_figures;
use crate::publish::own_lists;
use crate::publish::population::population_by_year;
use crate::publish::results::{AssessedPlan, Assessment, Results};
use crate::publish::summary::{
    AreaFigures, AssociationFigures, BearerFigures, CertificateFigures, CoverageFigures, DemandFigures,
    DividedArea, ExampleFigures, Figures, FunctionFigures, FunctionPart, GapFigures, IndicatorArea,
    IndicatorFigures, IndicatorValue, IndicatorZone, MunicipalityFigures, NamedInstitution, NamingFigures,
    NetworkFigures, PlanFigures, PopulationFigures, ServiceFigures, SplitFigures, StudyFigures, Summary,
    Verdict, ZoneDemand, ZoneFigures,
};
use crate::units::AgeCounts;
use crate::zoning::checker::{Report, Rule};
use crate::zoning::rules::{Function, Part};
use geo::BoundingRect;
use std::collections::BTreeMap;

/// Milli-receipts × deciseconds in one receipt × minute.
const COST_PER_RECEIPT_MINUTE: f64 = 1_000.0 * 600.0;

/// Puts all figures of a study together.
#[must_use]
pub fn summary(results: &Results<'_>) -> Summary {
    let study = results.study;
    let (indicators, indicator_associations) = indicators(results);
    Summary {
        study: study_figures(study),
        municipalities: count(study.municipalities.len()),
        municipality_table: municipality_table(results),
        areas: areas(results.study, results.demand),
        population: PopulationFigures {
            year: study.census_year,
            counts: study.cells.iter().map(|cell| cell.population).sum(),
        },
        population_by_year: population_by_year(study),
        floods: flood_figures(study),
        facilities: facilities(results),
        geocoding: by_precision(study, |_| true),
        geocoding_by_source: geocoding_by_source(study),
        network: network(results),
        services: services(results),
        coverage: results.coverage.iter().map(|row| coverage(study, row)).collect(),
        gaps: results.gaps.iter().map(|gap| gap_row(study, gap)).collect(),
        demand: demand(results),
        plans: results.plans.iter().map(|plan| plan_figures(study, plan)).collect(),
        indicators,
        indicator_associations,
        indicator_examples: indicator_examples(study),
        own_lists: own_lists::tables(results),
        functions: results.rules.functions.iter().map(function).collect(),
        naming: NamingFigures {
            most: count(results.rules.naming.most),
            rule: results.rules.naming.rule.clone(),
        },
        assumptions: assumptions(results),
        attributions: attributions(study),
    }
}

fn count(number: usize) -> u64 {
    number as u64
}

/// What a study is about and what was read for it.
#[must_use]
pub fn study_figures(study: &Study) -> StudyFigures {
    let land = study.municipalities.iter().filter_map(|municipality| municipality.boundary.bounding_rect());
    let bounds =
        land.fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |all, one| {
            [
                all[0].min(one.min().x),
                all[1].min(one.min().y),
                all[2].max(one.max().x),
                all[3].max(one.max().y),
            ]
        });
    StudyFigures {
        prefecture_code: study.prefecture_code.clone(),
        prefecture_name: study.prefecture_name.clone(),
        invented: study.invented,
        as_of: study.as_of.clone(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: study.inputs.clone(),
        bounds,
    }
}

/// Every figure that files tell of areas, as it may be shown, and how they go together.
fn indicators(results: &Results<'_>) -> (Vec<IndicatorFigures>, Vec<AssociationFigures>) {
    let study = results.study;
    let plans: Vec<&NamedPlan> = results.plans.iter().map(|assessed| &assessed.plan).collect();
    let shown = shown_indicators(study, &plans);
    let people: Vec<u64> =
        study.people_by_municipality().iter().map(|people| u64::from(people.age_75_plus)).collect();
    let old = |municipalities: &[usize]| -> u64 { municipalities.iter().map(|at| people[*at]).sum() };
    let row = |(indicator, shown): (&Indicator, &ShownIndicator)| {
        let area = |(area, value): (&AreaValue, &ShownValue)| {
            let own = |at: &usize| study.municipalities[*at].code;
            let first = area.municipalities.first().map(|at| study.municipalities[*at].name.clone());
            IndicatorArea {
                name: if area.name.is_empty() { first.unwrap_or_default() } else { area.name.clone() },
                municipalities: area.municipalities.iter().map(own).collect(),
                value: indicator_value(*value, indicator, old(&area.municipalities)),
            }
        };
        let mut areas: Vec<IndicatorArea> = indicator.areas.iter().zip(&shown.areas).map(area).collect();
        areas.sort_by_key(|area| area.municipalities.first().copied());
        let zones = plans.iter().zip(&shown.zones).flat_map(|(plan, values)| {
            let members = plan.members();
            let zones = plan.zones.iter().enumerate().zip(values);
            let zone = |((at, zone), value): ((usize, &crate::assess::plans::NamedZone), &ShownValue)| {
                IndicatorZone {
                    plan: plan.id.clone(),
                    zone: zone.id.clone(),
                    value: indicator_value(*value, indicator, old(&members[&at])),
                }
            };
            zones.map(zone).collect::<Vec<_>>()
        });
        let read = classified(indicator);
        IndicatorFigures {
            name: indicator.name.clone(),
            year: indicator.year,
            unit: indicator.unit.clone(),
            function: read.function.map(|function| function.name().to_owned()),
            element: read.element.map(|element| element.name().to_owned()),
            importance: read.importance.map(|importance| importance.name().to_owned()),
            adds_up: indicator.adds_up,
            source: indicator.source.clone(),
            file: study.inputs[indicator.input].file.clone(),
            areas,
            zones: zones.collect(),
        }
    };
    let together = associations(&study.indicators, &shown, &people);
    let figures: Vec<IndicatorFigures> = study.indicators.iter().zip(&shown).map(row).collect();
    let together = together.into_iter().map(|one| AssociationFigures {
        function: figures[one.earlier].function.clone().unwrap_or_default(),
        earlier: count(one.earlier),
        later: count(one.later),
        areas: count(one.areas),
        rank_correlation: one.rank_correlation,
        by_chance: one.by_chance,
    });
    let together = together.collect();
    (figures, together)
}

/// The examples of the guideline, each with the years in which the study has figures of its name.
fn indicator_examples(study: &Study) -> Vec<ExampleFigures> {
    let examples = Examples::shipped();
    let row = |example: &Example| {
        let is_it = |one: &&Indicator| examples.named(&one.name) == Some(example);
        let years = study.indicators.iter().filter(is_it).map(|one| one.year);
        ExampleFigures {
            name: example.name.clone(),
            function: example.function.name().to_owned(),
            element: example.element.name().to_owned(),
            importance: example.importance.name().to_owned(),
            years: years.collect(),
            source: examples.source.clone(),
            tag: examples.tag.clone(),
        }
    };
    examples.indicators.iter().map(row).collect()
}

fn indicator_value(shown: ShownValue, indicator: &Indicator, age_75_plus: u64) -> IndicatorValue {
    let (state, value) = match shown {
        ShownValue::Exact(value) => ("exact", Some(value)),
        ShownValue::AtLeast(value) => ("at_least", Some(value)),
        ShownValue::Small => ("one_to_nine", None),
        ShownValue::Withheld => ("withheld", None),
        ShownValue::Unknown => ("unknown", None),
        ShownValue::NoSum => ("no_sum", None),
    };
    let exact = value.filter(|_| state == "exact" && indicator.adds_up && age_75_plus > 0);
    let per_1000_75_plus = exact.map(|value| 1_000.0 * value / age_75_plus as f64);
    IndicatorValue { state: state.to_owned(), value, per_1000_75_plus }
}

/// Every area of every system, with the people and the demand of its cells.
fn areas(study: &Study, demand: &Demand) -> Vec<AreaFigures> {
    let mut figures: BTreeMap<(AreaSystem, &Area), AreaFigures> = BTreeMap::new();
    for system in AreaSystem::ALL {
        let of = |area: &Area| AreaFigures {
            system: system.name().to_owned(),
            code: area.code.clone(),
            name: area.name.clone(),
            municipalities: Vec::new(),
            parts_of: Vec::new(),
            population: AgeCounts::default(),
            demand: BTreeMap::new(),
        };
        for (at, municipality) in study.municipalities.iter().enumerate() {
            let cut = study.area_cut(system, at);
            for area in study.areas_of(system, at) {
                let is_part = cut.is_some_and(|cut| cut.parts.iter().any(|part| part.area == *area));
                let one = figures.entry((system, area)).or_insert_with(|| of(area));
                let codes = if is_part { &mut one.parts_of } else { &mut one.municipalities };
                codes.push(municipality.code);
            }
        }
        for (at, area) in study.area_of_cells(system).into_iter().enumerate() {
            let home = &study.municipalities[study.cells[at].municipality];
            for area in area.into_iter().chain(home.further.get(&system).into_iter().flatten()) {
                let Some(one) = figures.get_mut(&(system, area)) else { continue };
                one.population += study.cells[at].population;
                for year in &demand.official_years {
                    *one.demand.entry(*year).or_default() += demand.cells[year][at];
                }
            }
        }
    }
    figures.into_values().collect()
}

fn municipality_table(results: &Results<'_>) -> Vec<MunicipalityFigures> {
    let study = results.study;
    let codes = |pairs: &[(usize, usize)], at: usize, but: &[(usize, usize)]| -> Vec<MunicipalityCode> {
        let mut others: Vec<usize> = pairs
            .iter()
            .filter(|pair| !but.contains(pair))
            .filter_map(|(a, b)| if *a == at { Some(*b) } else { (*b == at).then_some(*a) })
            .collect();
        others.sort_unstable();
        others.into_iter().map(|other| study.municipalities[other].code).collect()
    };
    let people = study.people_by_municipality();
    let parts: Vec<&Part> = results.rules.functions.iter().flat_map(|function| &function.parts).collect();
    let bearers: Vec<Option<Vec<usize>>> = parts.iter().map(|part| bearers(study, part)).collect();
    let bearing = |at: usize| {
        let of_part = |(part, all): (&&Part, &Option<Vec<usize>>)| {
            let here = |one: &&usize| study.institutions[**one].municipality == Some(at);
            let figures = all.as_ref().map(|all| {
                let named = all.iter().filter(here).take(results.rules.naming.most);
                BearerFigures {
                    count: count(all.iter().filter(here).count()),
                    named: named.map(|one| named_institution(study, part, *one)).collect(),
                }
            });
            (part.id.clone(), figures)
        };
        parts.iter().zip(&bearers).map(of_part).collect()
    };
    let row = |at: usize| {
        let cells: Vec<usize> =
            (0..study.cells.len()).filter(|cell| study.cells[*cell].municipality == at).collect();
        let institutions = results.access.services.iter().map(|reach| {
            let here = |providers: &Vec<usize>| {
                count(
                    providers
                        .iter()
                        .filter(|provider| study.institutions[**provider].municipality == Some(at))
                        .count(),
                )
            };
            (reach.service.id.clone(), reach.providers.as_ref().map(here))
        });
        MunicipalityFigures {
            code: study.municipalities[at].code,
            name: study.municipalities[at].name.clone(),
            population: people[at],
            demand: results.demand.series(&cells),
            institutions: institutions.collect(),
            bearers: bearing(at),
            neighbours: codes(results.neighbours, at, &[]),
            touching_without_road: codes(results.touching, at, results.neighbours),
        }
    };
    (0..study.municipalities.len()).map(row).collect()
}

fn named_institution(study: &Study, part: &Part, at: usize) -> NamedInstitution {
    let one = &study.institutions[at];
    let rank = part.classes.iter().position(|class| one.classes.contains(class));
    NamedInstitution {
        id: one.id.clone(),
        name: one.name.clone(),
        rank: count(rank.unwrap_or(part.classes.len())),
    }
}

fn function(of: &Function) -> FunctionFigures {
    let part = |part: &Part| FunctionPart {
        id: part.id.clone(),
        name_en: part.name_en.clone(),
        classes: part.classes.clone(),
        source: part.source.clone(),
        tag: part.tag.clone(),
        national: part.national.clone(),
    };
    FunctionFigures {
        id: of.id.clone(),
        name: of.name.clone(),
        name_en: of.name_en.clone(),
        parts: of.parts.iter().map(part).collect(),
    }
}

/// Every class that the table knows; what no loaded file can speak of is `None`.
fn facilities(results: &Results<'_>) -> BTreeMap<String, Option<u64>> {
    let study = results.study;
    let asked = results.access.services.iter().flat_map(|reach| &reach.service.classes);
    let mut classes: BTreeMap<String, Option<u64>> = asked.map(|class| (class.clone(), None)).collect();
    classes.extend(study.loaded_classes.iter().map(|class| (class.clone(), Some(0))));
    for class in study.institutions.iter().flat_map(|institution| &institution.classes) {
        if let Some(Some(number)) = classes.get_mut(class) {
            *number += 1;
        }
    }
    classes
}

fn by_precision(
    study: &Study,
    choose: impl Fn(&crate::ingest::study::Institution) -> bool,
) -> BTreeMap<Precision, u64> {
    let mut counts: BTreeMap<Precision, u64> =
        Precision::ALL.into_iter().map(|precision| (precision, 0)).collect();
    for institution in study.institutions.iter().filter(|institution| choose(institution)) {
        *counts.entry(institution.precision).or_default() += 1;
    }
    counts
}

fn geocoding_by_source(study: &Study) -> BTreeMap<String, BTreeMap<Precision, u64>> {
    let kind = |input: usize| study.inputs[input].kind.word();
    let kinds: std::collections::BTreeSet<&str> = study
        .institutions
        .iter()
        .flat_map(|institution| &institution.sources)
        .map(|source| kind(source.input))
        .collect();
    let of_kind = |name: &str| {
        let counts = by_precision(study, |institution| {
            institution.sources.iter().any(|source| kind(source.input) == name)
        });
        (name.to_owned(), counts)
    };
    kinds.into_iter().map(of_kind).collect()
}

fn network(results: &Results<'_>) -> NetworkFigures {
    let unlinked = |links: &[Option<crate::network::link::Link>]| {
        count(links.iter().filter(|link| link.is_none()).count())
    };
    NetworkFigures {
        nodes: count(results.network.junctions()),
        edges: count(results.network.edges.len()),
        length_km: results.network.edges.iter().map(|edge| edge.length_m).sum::<f64>() / 1_000.0,
        unlinked_cells: unlinked(&results.linkage.cells),
        unlinked_institutions: unlinked(&results.linkage.institutions),
    }
}

fn services(results: &Results<'_>) -> Vec<ServiceFigures> {
    let institutions = &results.study.institutions;
    let row = |reach: &crate::access::reach::Reach| {
        let that = |choose: &dyn Fn(usize) -> bool| {
            reach
                .providers
                .as_ref()
                .map(|providers| count(providers.iter().filter(|at| choose(**at)).count()))
        };
        ServiceFigures {
            id: reach.service.id.clone(),
            name_en: reach.service.name_en.clone(),
            direction: reach.service.direction.name().to_owned(),
            classes: reach.service.classes.clone(),
            loaded: reach.providers.is_some(),
            institutions: that(&|_| true),
            unlocated: that(&|at| institutions[at].municipality.is_none()),
            unlinked: that(&|at| results.linkage.institutions[at].is_none()),
        }
    };
    results.access.services.iter().map(row).collect()
}

fn coverage(study: &Study, row: &Coverage) -> CoverageFigures {
    let everybody: AgeCounts = study.cells.iter().map(|cell| cell.population).sum();
    let (minutes, radius_m) = match row.limit {
        Limit::Minutes(minutes) => (Some(minutes), None),
        Limit::Circle(radius_m) => (None, Some(radius_m)),
    };
    let share = |people: AgeCounts| f64::from(people.total) / f64::from(everybody.total);
    CoverageFigures {
        service: row.service.clone(),
        minutes,
        radius_m,
        people: row.people.map(|people| people.total.into()),
        ages: row.people,
        share: row.people.filter(|_| everybody.total > 0).map(share),
    }
}

fn gap_row(study: &Study, gap: &Gap) -> GapFigures {
    match gap {
        Gap::NotLoaded { service } => GapFigures {
            service: service.clone(),
            state: "not loaded".to_owned(),
            municipality_code: None,
            people_75_plus: None,
            nearest_minutes: None,
            beyond_limit_75_plus: None,
        },
        Gap::None {
            service,
            certain,
            municipality,
            people_75_plus,
            beyond_limit_75_plus,
            nearest_minutes,
        } => GapFigures {
            service: service.clone(),
            state: if *certain { "none" } else { "unknown" }.to_owned(),
            municipality_code: Some(study.municipalities[*municipality].code),
            people_75_plus: Some(*people_75_plus),
            nearest_minutes: *nearest_minutes,
            beyond_limit_75_plus: Some(*beyond_limit_75_plus),
        },
    }
}

fn demand(results: &Results<'_>) -> DemandFigures {
    let everywhere: Vec<usize> = (0..results.study.cells.len()).collect();
    DemandFigures {
        unit: "レセプト件数/月（訪問診療）".to_owned(),
        years: results.demand.series(&everywhere),
        official_years: results.demand.official_years.clone(),
        zones: results.plans.iter().flat_map(zone_demand).collect(),
    }
}

/// Demand of each zone of a plan.
#[must_use]
pub fn zone_demand(assessed: &AssessedPlan) -> Vec<ZoneDemand> {
    let zone_figures = assessed.assessment.iter().flat_map(|assessment| &assessment.zone_figures);
    let rows = assessed.plan.zones.iter().zip(zone_figures).map(|(zone, figures)| ZoneDemand {
        plan: assessed.plan.id.clone(),
        zone: zone.id.clone(),
        years: figures.demand.clone(),
        peak_year: figures.peak_year,
        peak: figures.peak_demand,
    });
    rows.collect()
}

/// Everything that is said of a plan.
#[must_use]
pub fn plan_figures(study: &Study, assessed: &AssessedPlan) -> PlanFigures {
    let plan = &assessed.plan;
    let assignment = study
        .municipalities
        .iter()
        .zip(&plan.zone_of_municipality)
        .map(|(municipality, zone)| (municipality.code, plan.zones[*zone].id.clone()));
    PlanFigures {
        id: plan.id.clone(),
        name: plan.name.clone(),
        name_en: plan.name_en.clone(),
        kind: if plan.proposal.is_some() { "proposal" } else { "baseline" }.to_owned(),
        zones: assessed
            .assessment
            .as_ref()
            .map_or_else(Vec::new, |assessment| zones(study, plan, assessment)),
        assignment: assignment.collect(),
        figures: assessed.assessment.as_ref().map(|assessment| figures(&assessment.figures)),
        splits: assessed
            .assessment
            .as_ref()
            .map_or_else(Vec::new, |assessment| splits(study, plan, &assessment.figures.splits)),
        audit: assessed.assessment.as_ref().map_or_else(Vec::new, |assessment| verdicts(&assessment.audit)),
        certificate: plan.proposal.as_ref().map(certificate),
    }
}

fn zones(study: &Study, plan: &NamedPlan, assessment: &Assessment) -> Vec<ZoneFigures> {
    let members = plan.members();
    let row = |(at, zone): (usize, &crate::assess::plans::NamedZone)| ZoneFigures {
        id: zone.id.clone(),
        name: zone.name.clone(),
        municipalities: members[&at].iter().map(|member| study.municipalities[*member].code).collect(),
        colour: zone.colour,
        contiguous: plan.report.contiguous(at),
        lead_institution: zone.lead.map(|lead| study.institutions[lead].name.clone()),
        figures: figures(&assessment.zone_figures[at]),
        audit: verdicts(&assessment.zone_audit[at]),
    };
    plan.zones.iter().enumerate().map(row).collect()
}

fn figures(computed: &Computed) -> Figures {
    Figures {
        zones: count(computed.zones),
        municipalities: count(computed.municipalities),
        population: computed.population,
        demand_first: computed.demand_first(),
        demand_2040: computed.horizon_demand,
        smallest_zone_demand: computed.smallest_zone_demand,
        peak_year: computed.peak_year,
        institutions: computed
            .institutions
            .iter()
            .map(|(id, number)| (id.clone(), number.map(count)))
            .collect(),
        active_candidates: computed.active_candidates.map(count),
        active_listed: computed.active_listed.map(count),
        linkage_candidates: computed.linkage_candidates.map(count),
        linkage_listed: computed.linkage_listed.map(count),
        mean_minutes_in_zone: computed.travel.and_then(|travel| travel.mean_minutes()),
        share_30_minutes_in_zone: computed.travel.and_then(|travel| travel.near_share()),
        share_unreached_in_zone: computed.travel.and_then(|travel| travel.unreached_share()),
    }
}

/// Of every system; one that was not loaded has no number of areas.
fn splits(study: &Study, plan: &NamedPlan, loaded: &[AreaSplits]) -> Vec<SplitFigures> {
    let divided = |(area, zones): &(Area, std::collections::BTreeSet<usize>)| DividedArea {
        code: area.code.clone(),
        name: area.name.clone(),
        zones: zones.iter().map(|zone| plan.zones[*zone].id.clone()).collect(),
    };
    let of_system = |system: AreaSystem| {
        let one = loaded.iter().find(|one| one.system == system);
        let untold = one.into_iter().flat_map(|one| &one.untold);
        SplitFigures {
            system: system.name().to_owned(),
            areas: one.map(|one| count(one.areas)),
            divided: one.into_iter().flat_map(|one| &one.divided).map(divided).collect(),
            untold: untold.map(|at| study.municipalities[*at].code).collect(),
        }
    };
    AreaSystem::ALL.map(of_system).into()
}

fn verdicts(audited: &[Audited]) -> Vec<Verdict> {
    let row = |verdict: &Audited| Verdict {
        rule: verdict.rule.clone(),
        clause: verdict.clause.clone(),
        verdict: verdict.judgement.as_str().to_owned(),
        reason: verdict.reason.clone(),
    };
    audited.iter().map(row).collect()
}

fn certificate(proposal: &crate::assess::plans::Proposal) -> CertificateFigures {
    let certificate = &proposal.certificate;
    let receipt_minutes = |cost: u64| cost as f64 / COST_PER_RECEIPT_MINUTE;
    CertificateFigures {
        status: certificate.status.as_str().to_owned(),
        objective: certificate.objective.map(receipt_minutes),
        bound: certificate.bound.map(receipt_minutes),
        gap: certificate.gap,
        nodes: certificate.nodes,
        rounds: certificate.rounds.into(),
        model_sha256: certificate.model_sha256.clone(),
        statement: proposal.statement.clone(),
        checker: proposal.report.as_ref().map_or_else(Vec::new, checked),
    }
}

/// The independent checker's words, each with its place.
#[must_use]
pub fn checked(report: &Report) -> Vec<Verdict> {
    let row = |verdict: &crate::zoning::checker::Verdict| {
        let place = verdict.zone.map_or_else(|| "案全体".to_owned(), |zone| format!("圏域{}", zone + 1));
        let clause = match &verdict.rule {
            Rule::Resource(name) | Rule::Condition(name) => format!("{place}・{name}"),
            _ => place,
        };
        Verdict {
            rule: verdict.rule.as_str().to_owned(),
            clause,
            verdict: verdict.judgement.as_str().to_owned(),
            reason: verdict.reason.clone(),
        }
    };
    report.verdicts.iter().map(row).collect()
}
