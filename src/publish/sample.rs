//! A small summary for tests: two municipalities, one service loaded and one not.

use crate::ids::MunicipalityCode;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::InputKind;
use crate::ingest::study::{Input, Precision, Projection};
use crate::publish::summary::{
    AreaFigures, Assumption, BearerFigures, CertificateFigures, CoverageFigures, DemandFigures, DividedArea,
    Figures, Findings, FloodFigures, FloodedInstitution, FunctionFigures, FunctionPart, GapFigures,
    MunicipalityFigures, NamedInstitution, NamingFigures, NetworkFigures, PlanFigures, PopulationFigures,
    PopulationYear, ServiceFigures, SplitFigures, StudyFigures, Summary, Verdict, ZoneDemand, ZoneFigures,
};
use crate::units::AgeCounts;
use crate::zoning::rules::National;
use std::collections::BTreeMap;

pub const LOADED: &str = "在支診・在支病";
pub const NOT_LOADED: &str = "訪問看護";

fn code(digits: &str) -> MunicipalityCode {
    digits.parse().unwrap()
}

const fn people(total: u32, age_65_plus: u32, age_75_plus: u32, age_85_plus: u32) -> AgeCounts {
    AgeCounts { total, age_65_plus, age_75_plus, age_85_plus }
}

fn institutions(loaded: u64) -> BTreeMap<String, Option<u64>> {
    BTreeMap::from([(LOADED.to_owned(), Some(loaded)), (NOT_LOADED.to_owned(), None)])
}

fn municipality(
    digits: &str,
    name: &str,
    population: AgeCounts,
    demand: f64,
    count: u64,
) -> MunicipalityFigures {
    MunicipalityFigures {
        code: code(digits),
        name: name.to_owned(),
        population,
        demand: BTreeMap::from([(2024, demand), (2040, demand * 1.25)]),
        institutions: institutions(count),
        bearers: BTreeMap::from([(LOADED.to_owned(), Some(bearers(count))), (NOT_LOADED.to_owned(), None)]),
        neighbours: vec![],
        touching_without_road: vec![],
    }
}

/// So many, of whom the first two are named.
fn bearers(count: u64) -> BearerFigures {
    let named = |at: u64| NamedInstitution {
        id: format!("99{at:08}"),
        name: format!("見本{}医院", if at == 0 { "第一" } else { "第二" }),
        rank: 1 - at,
    };
    BearerFigures { count, named: (0..count.min(2)).map(named).collect() }
}

fn part(id: &str, national: Option<National>) -> FunctionPart {
    FunctionPart {
        id: id.to_owned(),
        name_en: "sample".to_owned(),
        classes: vec!["支援診2".to_owned(), "支援診3".to_owned()],
        source: "届出".to_owned(),
        tag: "A".to_owned(),
        national,
    }
}

fn verdict(rule: &str, verdict: &str) -> Verdict {
    Verdict {
        rule: rule.to_owned(),
        clause: "在宅医療の体制構築に係る指針 第2の1(1)".to_owned(),
        verdict: verdict.to_owned(),
        reason: format!("{rule}の理由"),
    }
}

fn figures(population: AgeCounts, municipalities: u64, zones: u64) -> Figures {
    Figures {
        zones,
        municipalities,
        population,
        demand_first: 1234.5,
        demand_2040: Some(1543.125),
        smallest_zone_demand: 34.5,
        peak_year: 2040,
        institutions: institutions(12),
        active_candidates: Some(5),
        active_listed: None,
        linkage_candidates: Some(2),
        linkage_listed: Some(1),
        mean_minutes_in_zone: Some(12.25),
        share_30_minutes_in_zone: Some(0.875),
        share_unreached_in_zone: Some(0.0625),
    }
}

fn plan(id: &str, name: &str, certificate: Option<CertificateFigures>) -> PlanFigures {
    let all = people(12_345, 4_000, 2_000, 700);
    PlanFigures {
        id: id.to_owned(),
        name: name.to_owned(),
        name_en: id.to_owned(),
        kind: if certificate.is_some() { "proposal" } else { "baseline" }.to_owned(),
        zones: vec![ZoneFigures {
            id: "1".to_owned(),
            name: "全域".to_owned(),
            municipalities: vec![code("99201"), code("99301")],
            colour: 3,
            contiguous: true,
            lead_institution: None,
            figures: figures(all, 2, 1),
            audit: vec![verdict("連続性", "pass"), verdict("積極的医療機関", "unknown")],
        }],
        assignment: BTreeMap::from([(code("99201"), "1".to_owned()), (code("99301"), "1".to_owned())]),
        figures: Some(figures(all, 2, 1)),
        splits: vec![split("保健所", None), split("消防本部", Some(2))],
        audit: vec![verdict("全市町村", "pass"), verdict("連携拠点", "fail")],
        certificate,
    }
}

fn split(system: &str, areas: Option<u64>) -> SplitFigures {
    let one = DividedArea {
        code: "見本消防".to_owned(),
        name: "見本消防".to_owned(),
        zones: vec!["1".to_owned(), "2".to_owned()],
    };
    SplitFigures {
        system: system.to_owned(),
        areas,
        divided: areas.map(|_| one).into_iter().collect(),
        untold: areas.map(|_| code("99301")).into_iter().collect(),
    }
}

fn certificate() -> CertificateFigures {
    CertificateFigures {
        status: "optimal".to_owned(),
        objective: Some(15_000.5),
        bound: Some(15_000.5),
        gap: Some(0.0),
        nodes: 1,
        rounds: 2,
        model_sha256: "ab".repeat(32),
        statement: "需要で重みづけた移動時間の合計を最小にする".to_owned(),
        checker: vec![verdict("独立検査", "pass")],
    }
}

fn input() -> Input {
    Input {
        kind: InputKind::Todokede,
        file: "todokede.xlsx".to_owned(),
        date: Some("2025-09-01".to_owned()),
        licence: None,
        attribution: None,
        sha256: "01".repeat(32),
        rows_read: 1_500,
        rows_stored: 1_499,
        rows_quarantined: 1,
    }
}

fn area() -> AreaFigures {
    AreaFigures {
        system: "医師会".to_owned(),
        code: "見本医師会".to_owned(),
        name: "見本医師会".to_owned(),
        municipalities: vec![code("99201")],
        parts_of: vec![code("99301")],
        population: people(12_200, 3_900, 1_900, 680),
        demand: BTreeMap::from([(2024, 1_200.5)]),
    }
}

fn earlier_year() -> PopulationYear {
    PopulationYear {
        code: code("99201"),
        name: "見本市".to_owned(),
        year: 2015,
        projected: false,
        people: Projection {
            total: 9_000,
            age_65_plus: 3_000,
            age_75_plus: Some(1_500),
            ..Projection::default()
        },
    }
}

fn flood() -> FloodFigures {
    FloodFigures {
        scenario: "想定最大規模".to_owned(),
        code: code("99201"),
        name: "見本市".to_owned(),
        people: 120.25,
        people_half_metre: 45.5,
        located: 12,
        institutions: vec![FloodedInstitution {
            id: "9910100001".to_owned(),
            name: "甲医院".to_owned(),
            classes: vec!["診療所".to_owned(), "支援診2".to_owned()],
            rank: 2,
            depth: "0.5m以上3.0m未満".to_owned(),
            river: "見本川".to_owned(),
            precision: Precision::Town,
        }],
    }
}

/// The summary.
pub fn summary() -> Summary {
    Summary {
        study: StudyFigures {
            prefecture_code: "99".to_owned(),
            prefecture_name: "見本県".to_owned(),
            invented: true,
            as_of: "2025-09".to_owned(),
            program_version: "0.1.0".to_owned(),
            inputs: vec![input()],
            bounds: [138.0, 35.0, 139.0, 36.0],
        },
        municipalities: 2,
        municipality_table: vec![
            municipality("99201", "見本市", people(12_000, 3_800, 1_850, 640), 1_200.0, 12),
            municipality("99301", "山奥村", people(345, 200, 150, 60), 34.5, 0),
        ],
        areas: vec![area()],
        population: PopulationFigures { year: 2020, counts: people(12_345, 4_000, 2_000, 700) },
        population_by_year: vec![earlier_year()],
        floods: Some(vec![flood()]),
        facilities: BTreeMap::from([("支援診2".to_owned(), Some(12)), (NOT_LOADED.to_owned(), None)]),
        geocoding: BTreeMap::from([(Precision::Town, 12)]),
        geocoding_by_source: BTreeMap::from([(
            "todokede".to_owned(),
            BTreeMap::from([(Precision::Town, 12)]),
        )]),
        network: NetworkFigures {
            nodes: 100,
            edges: 150,
            length_km: 321.5,
            unlinked_cells: 0,
            unlinked_institutions: 0,
        },
        services: [(LOADED, true), (NOT_LOADED, false)].map(service).to_vec(),
        coverage: coverage(),
        gaps: gaps(),
        demand: DemandFigures {
            unit: "レセプト件数/月".to_owned(),
            years: BTreeMap::from([(2024, 1234.5), (2030, 1400.0), (2040, 1543.125)]),
            official_years: vec![2024, 2040],
            zones: vec![ZoneDemand {
                plan: "secondary".to_owned(),
                zone: "1".to_owned(),
                years: BTreeMap::from([(2024, 1234.5), (2040, 1543.125)]),
                peak_year: 2040,
                peak: 1543.125,
            }],
        },
        plans: vec![
            plan("secondary", "二次医療圏", None),
            plan("proposal-municipalities", "提案：市町村を組み合わせる", Some(certificate())),
        ],
        indicators: vec![],
        indicator_associations: vec![],
        indicator_examples: vec![],
        own_lists: vec![],
        functions: functions(),
        naming: NamingFigures { most: 2, rule: "2か所まで".to_owned() },
        assumptions: vec![Assumption {
            subject: "車の速度".to_owned(),
            text: "国道は時速40 kmとする".to_owned(),
            source: "道路交通センサス 2021".to_owned(),
            tag: "M".to_owned(),
        }],
        attributions: vec!["国土数値情報（行政区域データ）（国土交通省）を加工して作成".to_owned()],
    }
}

fn coverage() -> Vec<CoverageFigures> {
    vec![
        CoverageFigures {
            service: LOADED.to_owned(),
            minutes: Some(30),
            radius_m: None,
            people: Some(12_000),
            ages: Some(people(12_000, 3_800, 1_850, 640)),
            share: Some(0.972_053_462_940_461_7),
        },
        CoverageFigures {
            service: NOT_LOADED.to_owned(),
            minutes: None,
            radius_m: Some(16_000),
            people: None,
            ages: None,
            share: None,
        },
    ]
}

fn gaps() -> Vec<GapFigures> {
    vec![
        GapFigures {
            service: LOADED.to_owned(),
            state: "none".to_owned(),
            municipality_code: Some(code("99301")),
            people_75_plus: Some(150),
            nearest_minutes: Some(41.75),
            beyond_limit_75_plus: Some(3),
        },
        GapFigures {
            service: NOT_LOADED.to_owned(),
            state: "not loaded".to_owned(),
            municipality_code: None,
            people_75_plus: None,
            nearest_minutes: None,
            beyond_limit_75_plus: None,
        },
    ]
}

fn functions() -> Vec<FunctionFigures> {
    vec![FunctionFigures {
        id: "sudden".to_owned(),
        name: "③急変時の対応".to_owned(),
        name_en: "3 Sudden change".to_owned(),
        parts: vec![
            part(
                LOADED,
                Some(National {
                    per_100k: 11.0,
                    lowest: 5.1,
                    highest: 21.3,
                    year: 2018,
                    source: "指針".to_owned(),
                    tag: "V".to_owned(),
                }),
            ),
            part(NOT_LOADED, None),
        ],
    }]
}

fn service((id, loaded): (&str, bool)) -> ServiceFigures {
    ServiceFigures {
        id: id.to_owned(),
        name_en: id.to_owned(),
        direction: "visit".to_owned(),
        classes: vec![],
        loaded,
        institutions: loaded.then_some(12),
        unlocated: loaded.then_some(0),
        unlinked: loaded.then_some(0),
    }
}

/// The findings.
pub fn findings() -> Findings {
    Findings {
        findings: vec![Finding {
            severity: Severity::Quarantined,
            kind: "unknown_town".to_owned(),
            file: "todokede.xlsx".to_owned(),
            layer: Some("医科".to_owned()),
            row: Some(1_207),
            field: Some("所在地".to_owned()),
            said: "=見本市どこか1-2".to_owned(),
            meant: "町丁目が見つからない".to_owned(),
            place: Some([138.5, 35.6]),
        }],
    }
}
