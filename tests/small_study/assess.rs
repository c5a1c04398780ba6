//! Figures, audit and the plans themselves.
//!
//! Demand of 2024 in receipts per month: A 41.4, B 45.18, C 165.6, D 18.072, E 66.24, F 72.288,
//! G 264.96, H 289.152; 甲市 210.78, 乙町 572.184, 丙村 138.528, 丁島村 41.4, together 962.892.

use crate::scene::{CLINIC, HOSPITAL, OTSU, SAILING_DS, Scene, UNLOCATED};
use crate::zoning::rules;
use keniki::assess::audit::{audit_plan, audit_zones};
use keniki::assess::figures::{Basis, Figures};
use keniki::assess::plans::{NamedPlan, Question, baselines, propose};
use keniki::ingest::manifest::InputKind;
use keniki::ingest::study::{ActiveEntry, Area, AreaSystem, Input, LinkageEntry, Study};
use keniki::publish::report::plan_figures;
use keniki::publish::results::{AssessedPlan, Assessment};
use keniki::zoning::certificate::Status;
use keniki::zoning::checker::Judgement;
use keniki::zoning::rules::Rules;
use keniki::zoning::statement::Grouping;

impl Scene {
    /// Today's areas and two proposals, with everything that is said of them.
    pub fn plans(&self) -> Vec<AssessedPlan> {
        self.plans_by(&rules())
    }

    fn plans_by(&self, rules: &Rules) -> Vec<AssessedPlan> {
        let study = &self.study;
        let given = self.given();
        let facts = self.facts(&given);
        let municipalities = Grouping::municipalities(study);
        let hokenjo = Grouping::areas(study, AreaSystem::Hokenjo).expect("loaded");
        let question = Question {
            facts: &facts,
            municipal: &facts.problem(&municipalities),
            touching: &self.touching(),
        };
        let mut plans = baselines(&question);
        for (id, grouping) in [("proposal-municipalities", municipalities), ("proposal-hokenjo", hokenjo)] {
            plans.push(propose(&question, id, "提案", "Proposal", &grouping).expect("well formed"));
        }
        let active = rules.candidates.active(study);
        let visiting = rules.candidates.visiting_24h(study);
        let basis = Basis {
            study,
            access: &self.access(),
            demand: &self.demand(),
            rules: &rules.figures,
            active: active.as_deref(),
            linkage: Some(&given.linkage),
            visiting_24h: visiting.as_deref(),
        };
        let assess = |plan: NamedPlan| {
            let assessment = basis.figures(&plan).map(|(figures, zone_figures)| {
                let zone_audit = audit_zones(study, &plan, &zone_figures, rules);
                let audit = audit_plan(study, &plan, &zone_audit, rules);
                Assessment { figures, zone_figures, audit, zone_audit }
            });
            AssessedPlan { plan, assessment }
        };
        plans.into_iter().map(assess).collect()
    }
}

fn plan<'a>(plans: &'a [AssessedPlan], id: &str) -> &'a AssessedPlan {
    plans.iter().find(|assessed| assessed.plan.id == id).expect("a plan of that id")
}

fn assessment<'a>(plans: &'a [AssessedPlan], id: &str) -> &'a Assessment {
    plan(plans, id).assessment.as_ref().expect("there is a plan")
}

fn close(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() <= 1e-12 * b.abs().max(1.0))
}

/// Mean minutes, share near, share not reached.
fn assert_travel(figures: &Figures, mean: Option<f64>, near: f64, unreached: f64) {
    let travel = figures.travel.expect("loaded");
    assert!(
        mean.map_or(travel.mean_minutes().is_none(), |mean| close(travel.mean_minutes(), mean)),
        "{travel:?}"
    );
    assert!(close(travel.near_share(), near), "{travel:?}, not {near}");
    assert!(close(travel.unreached_share(), unreached), "{travel:?}, not {unreached}");
}

/// Verdicts on a rule: of the plan, then of each zone.
fn verdicts(assessment: &Assessment, rule: &str) -> (Judgement, Vec<Judgement>) {
    let of = |audit: &[keniki::assess::audit::Verdict]| {
        audit.iter().find(|verdict| verdict.rule == rule).map(|verdict| verdict.judgement)
    };
    let zones = assessment.zone_audit.iter().filter_map(|audit| of(audit)).collect();
    (of(&assessment.audit).expect("audited"), zones)
}

fn reason<'a>(assessment: &'a Assessment, rule: &str) -> &'a str {
    &assessment.audit.iter().find(|verdict| verdict.rule == rule).expect("audited").reason
}

/// C–B 5.096 667 minutes, D–G 13.715, D–H 15.3, D–E 5.548 333.
const KOU_MINUTES: f64 = 165.6 * 3_058.0 / 600.0;
const OTSU_MINUTES: f64 = 264.96 * 13.715 + 289.152 * 15.3;
const E_MINUTES: f64 = 66.24 * 3_329.0 / 600.0;

#[test]
fn zones_are_measured_by_their_own_institutions_only() {
    let plans = Scene::new().plans();
    let alone = assessment(&plans, "municipalities");
    assert_travel(&alone.zone_figures[0], Some(KOU_MINUTES / 210.78), 1.0, 0.0);
    assert_travel(&alone.zone_figures[1], Some(OTSU_MINUTES / 572.184), 1.0, 0.0);
    // The clinic of 乙町 is 5.5 minutes from E, but in another zone.
    assert_travel(&alone.zone_figures[2], None, 0.0, 1.0);
    assert_travel(&alone.zone_figures[3], Some(0.0), 1.0, 0.0);
    let reached = 962.892 - 138.528;
    let share = reached / 962.892;
    assert_travel(&alone.figures, Some((KOU_MINUTES + OTSU_MINUTES) / reached), share, 1.0 - share);

    let grouped = assessment(&plans, "hokenjo");
    assert_travel(&grouped.zone_figures[0], Some(KOU_MINUTES / 252.18), 1.0, 0.0);
    // F is reached by nobody.
    let (all, reached) = (710.712, 710.712 - 72.288);
    let east = (OTSU_MINUTES + E_MINUTES) / reached;
    assert_travel(&grouped.zone_figures[1], Some(east), reached / all, 72.288 / all);
}

#[test]
fn near_is_what_the_rules_say_and_unknown_where_times_are_cut_earlier() {
    let mut near_15 = rules();
    near_15.figures.near_minutes = 15;
    let plans = Scene::new().plans_by(&near_15);
    let town = &assessment(&plans, "municipalities").zone_figures[1];
    assert_travel(town, Some(OTSU_MINUTES / 572.184), (572.184 - 289.152) / 572.184, 0.0); // H: 15.3
    let cut = Scene::with(|study| study.parameters.travel_limit_minutes = 20).plans();
    let town = assessment(&cut, "municipalities").zone_figures[1].travel.expect("loaded");
    assert_eq!(town.near_share(), None);
    assert!(close(town.mean_minutes(), OTSU_MINUTES / 572.184));
}

#[test]
fn people_demand_and_institutions_are_counted_by_zone_and_in_all() {
    let plans = Scene::new().plans();
    let Assessment { figures, zone_figures, .. } = assessment(&plans, "secondary");
    let of = |figures: &Figures| (figures.zones, figures.municipalities, figures.population.total);
    assert_eq!(of(figures), (2, 4, 8_160));
    assert_eq!(zone_figures.iter().map(of).collect::<Vec<_>>(), [(1, 2, 224), (1, 2, 7_936)]);

    let demand = |figures: &Figures, first, horizon, peak_year, peak| {
        assert!(close(Some(figures.demand_first()), first), "{}", figures.demand_first());
        assert!(close(figures.horizon_demand, horizon), "{:?}", figures.horizon_demand);
        assert!(figures.peak_year == peak_year && close(Some(figures.peak_demand), peak));
    };
    demand(figures, 962.892, 1_922.574, 2040, 1_922.574);
    demand(&zone_figures[0], 252.18, 567.39, 2040, 567.39);
    demand(&zone_figures[1], 710.712, 1_355.184, 2040, 1_355.184);
    assert!(close(Some(figures.smallest_zone_demand), 252.18));

    let count = |figures: &Figures| {
        let of = |id: &str| figures.institutions[id];
        ["在支診・在支病", "病院", "訪問歯科", "訪問薬剤", "訪問看護"].map(of)
    };
    assert_eq!(count(figures), [Some(4), Some(1), Some(1), Some(0), None]);
    assert_eq!(count(&zone_figures[0]), [Some(2), Some(1), Some(1), Some(0), None]);
    assert_eq!(count(&zone_figures[1]), [Some(2), Some(0), Some(0), Some(0), None]);
}

#[test]
fn a_hub_that_serves_two_zones_counts_in_each_and_once_in_all() {
    let plans = Scene::new().plans();
    let Assessment { figures, zone_figures, .. } = assessment(&plans, "municipalities");
    let counts = |figures: &Figures| {
        (figures.active_candidates, figures.active_listed, figures.linkage_candidates, figures.linkage_listed)
    };
    assert_eq!(counts(figures), (Some(3), None, Some(3), Some(2)));
    assert_eq!(
        zone_figures.iter().map(counts).collect::<Vec<_>>(),
        [
            (Some(1), None, Some(1), Some(0)),
            (Some(2), None, Some(1), Some(1)),
            (Some(0), None, Some(1), Some(1)),
            (Some(0), None, Some(1), Some(1)),
        ]
    );
}

#[test]
fn areas_that_a_plan_divides_are_counted() {
    let plans = Scene::new().plans();
    let splits = |id: &str| {
        let splits = &assessment(&plans, id).figures.splits;
        splits.iter().map(|one| (one.system, one.areas, one.divided.len())).collect::<Vec<_>>()
    };
    let (hokenjo, secondary) = (AreaSystem::Hokenjo, AreaSystem::SecondaryMedicalArea);
    assert_eq!(splits("municipalities"), [(hokenjo, 2, 2), (secondary, 2, 2)], "only what was loaded");
    assert_eq!(splits("hokenjo"), [(hokenjo, 2, 0), (secondary, 2, 0)]);
    assert_eq!(assessment(&plans, "hokenjo").zone_figures[0].splits, [], "of a plan only");
    // 丙村 moves to the 二次医療圏 of the coast: 東部保健所 is divided by it.
    let moved = Scene::with(|study| {
        let coast = study.municipalities[0].areas[&AreaSystem::SecondaryMedicalArea].clone();
        study.municipalities[2].areas.insert(AreaSystem::SecondaryMedicalArea, coast);
    })
    .plans();
    let splits = &assessment(&moved, "secondary").figures.splits;
    assert_eq!(splits.iter().map(|one| one.divided.len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn every_system_of_areas_that_was_loaded_is_held_against_the_zones() {
    let area = |name: &str| Area { code: name.to_owned(), name: name.to_owned() };
    let plans = Scene::with(|study| {
        for at in 0..study.municipalities.len() {
            study.municipalities[at].areas.insert(AreaSystem::MedicalControl, area("全県MC"));
        }
        // Nobody tells of the last one.
        for (at, name) in [(0, "西消防"), (1, "東消防"), (2, "東消防")] {
            study.municipalities[at].areas.insert(AreaSystem::FireDepartment, area(name));
        }
    })
    .plans();
    let plan = plan(&plans, "municipalities");
    let splits = &assessment(&plans, "municipalities").figures.splits;
    let of = |system| splits.iter().find(|one| one.system == system).expect("loaded");
    let fire = of(AreaSystem::FireDepartment);
    assert_eq!((fire.areas, fire.untold.as_slice()), (2, [3].as_slice()));
    let zones = |at: usize| plan.plan.zone_of_municipality[at];
    assert_eq!(fire.divided, [(area("東消防"), [zones(1), zones(2)].into())]);
    assert_eq!(of(AreaSystem::MedicalControl).divided[0].1.len(), 4);

    let overlapping = Scene::with(|study| {
        for (at, name) in [(0, "西"), (1, "西"), (2, "東"), (3, "東")] {
            study.municipalities[at].areas.insert(AreaSystem::MedicalAssociation, area(name));
        }
        study.municipalities[1].further.insert(AreaSystem::MedicalAssociation, vec![area("東")]);
    });
    let people = overlapping.study.people_by_municipality();
    let plans = overlapping.plans();
    let splits = &assessment(&plans, "municipalities").figures.splits;
    let of = splits.iter().find(|one| one.system == AreaSystem::MedicalAssociation).expect("loaded");
    let zones: Vec<usize> = of.divided.iter().map(|(_, zones)| zones.len()).collect();
    assert_eq!(zones, [3, 2], "東 has three municipalities, one of them also of 西");
    let divisions = keniki::demand::zones::divisions(&overlapping.study);
    let of = divisions.iter().find(|one| one.name == "医師会").expect("loaded");
    let told: Vec<_> =
        of.zones.iter().map(|zone| (zone.name.as_str(), zone.municipalities.as_slice())).collect();
    assert_eq!(told, [("東", [1, 2, 3].as_slice()), ("西", [0, 1].as_slice())]);
    assert_eq!(people.len(), 4);

    let scene = Scene::new();
    let shown = plan_figures(&scene.study, plan).splits;
    assert_eq!(shown.len(), AreaSystem::ALL.len());
    let of = |system: &str| shown.iter().find(|one| one.system == system).expect("every system");
    assert_eq!(of("医師会").areas, None, "not loaded");
    assert_eq!((of("消防本部").areas, of("消防本部").untold.len()), (Some(2), 1));
    assert_eq!(of("消防本部").divided[0].zones.len(), 2);
}

#[test]
fn without_filings_travel_and_candidates_are_unknown() {
    let scene = Scene::new();
    let basis = Basis {
        study: &scene.study,
        access: &scene.access(),
        demand: &scene.demand(),
        rules: &rules().figures,
        active: None,
        linkage: None,
        visiting_24h: None,
    };
    let (figures, zones) = basis.figures(&plan(&scene.plans(), "hokenjo").plan).expect("there are zones");
    for figures in zones.iter().chain([&figures]) {
        assert_eq!(figures.travel, None);
        assert_eq!((figures.active_candidates, figures.linkage_candidates), (None, None));
    }
}

use Judgement::{Fail, Pass, Unknown};

#[test]
fn every_baseline_is_a_partition_and_hangs_together() {
    let plans = Scene::new().plans();
    for (id, zones) in [("municipalities", 4), ("hokenjo", 2), ("secondary", 2)] {
        let assessment = assessment(&plans, id);
        assert_eq!(verdicts(assessment, "partition"), (Pass, vec![]), "{id}");
        assert_eq!(verdicts(assessment, "contiguous"), (Pass, vec![Pass; zones]), "{id}");
        let rules: Vec<&str> = assessment.audit.iter().map(|verdict| verdict.rule.as_str()).collect();
        let functions = ["discharge", "daily", "sudden", "end_of_life"];
        let first = ["partition", "contiguous", "active", "linkage"];
        assert_eq!(rules, [&first[..], &functions, &["active_is_medical"]].concat());
        assert!(assessment.audit.iter().all(|verdict| !verdict.clause.is_empty()));
    }
}

#[test]
fn an_island_whose_ferry_is_too_slow_is_not_contiguous_with_its_port() {
    let plans = Scene::sailing(SAILING_DS + 1).plans();
    let hokenjo = assessment(&plans, "hokenjo");
    assert_eq!(verdicts(hokenjo, "contiguous"), (Fail, vec![Fail, Pass]));
    assert_eq!(reason(hokenjo, "contiguous"), "1の圏域が満たしません: 中央保健所");
    assert_eq!(verdicts(assessment(&plans, "municipalities"), "contiguous").0, Pass);
}

#[test]
fn without_the_list_of_active_institutions_their_rules_cannot_be_judged() {
    let plans = Scene::new().plans();
    let hokenjo = assessment(&plans, "hokenjo");
    assert_eq!(verdicts(hokenjo, "active"), (Unknown, vec![Unknown; 2]));
    assert_eq!(verdicts(hokenjo, "active_is_medical"), (Unknown, vec![]));
    assert_eq!(hokenjo.zone_audit[1][1].reason, "積極的役割を担う医療機関の名簿が未登録です（候補は2か所）");
}

fn entry(name: &str, body_type: &str, is_medical: bool, municipality: Option<usize>) -> ActiveEntry {
    ActiveEntry {
        name: name.to_owned(),
        body_type: body_type.to_owned(),
        is_medical,
        institution: None,
        municipality,
    }
}

/// The assessment of one plan after a change of the study.
fn changed(id: &str, change: impl FnOnce(&mut Study)) -> Assessment {
    assessment(&Scene::with(change).plans(), id).clone()
}

#[test]
fn a_zone_needs_a_listed_hospital_or_clinic() {
    let hospital = entry("甲病院", "病院", true, Some(0));
    let nurses = entry("乙訪問看護ステーション", "訪問看護ステーション", false, Some(OTSU));
    let list = vec![hospital.clone(), nurses.clone()];
    let listed = changed("hokenjo", |study| study.active_list = Some(list));
    assert_eq!(verdicts(&listed, "active"), (Fail, vec![Pass, Fail]), "nurses are no hospital");
    assert_eq!(reason(&listed, "active"), "1の圏域が満たしません: 東部保健所");
    assert_eq!(verdicts(&listed, "active_is_medical").0, Fail);
    assert_eq!(
        reason(&listed, "active_is_medical"),
        "病院・診療所以外が1か所あります: 乙訪問看護ステーション（訪問看護ステーション）"
    );
    assert_eq!(listed.figures.active_listed, Some(1));

    let clinic = entry("乙診療所", "診療所", true, Some(OTSU));
    let list = vec![hospital.clone(), clinic];
    let listed = changed("hokenjo", |study| study.active_list = Some(list));
    assert_eq!(verdicts(&listed, "active"), (Pass, vec![Pass, Pass]));
    assert_eq!(verdicts(&listed, "active_is_medical").0, Pass);

    // A clinic of which nobody knows where it stands may stand in the east.
    let list = vec![hospital, entry("不明医院", "診療所", true, None)];
    let listed = changed("hokenjo", |study| study.active_list = Some(list));
    assert_eq!(verdicts(&listed, "active"), (Unknown, vec![Pass, Unknown]));
}

#[test]
fn a_zone_needs_a_listed_hub_that_stands_there_or_serves_it() {
    let plans = Scene::new().plans();
    assert_eq!(verdicts(assessment(&plans, "hokenjo"), "linkage"), (Pass, vec![Pass, Pass]));
    let alone = assessment(&plans, "municipalities");
    assert_eq!(verdicts(alone, "linkage"), (Fail, vec![Fail, Pass, Pass, Pass]));
    assert_eq!(reason(alone, "linkage"), "1の圏域が満たしません: 甲市");

    let none = changed("hokenjo", |study| study.linkage_list = None);
    assert_eq!(verdicts(&none, "linkage"), (Unknown, vec![Unknown; 2]));
    let somewhere = changed("municipalities", |study| {
        let list = study.linkage_list.as_mut().expect("loaded");
        list.push(LinkageEntry {
            name: "どこかの拠点".to_owned(),
            body_type: "医師会".to_owned(),
            served: Vec::new(),
            municipality: None,
        });
    });
    assert_eq!(verdicts(&somewhere, "linkage"), (Unknown, vec![Unknown, Pass, Pass, Pass]));

    // The hub of the first zone may be in a row that could not be read.
    let unread = changed("municipalities", |study| {
        let list = Input { kind: InputKind::LinkageHubs, rows_quarantined: 2, ..study.inputs[0].clone() };
        study.inputs.push(list);
    });
    assert_eq!(verdicts(&unread, "linkage"), (Unknown, vec![Unknown, Pass, Pass, Pass]));
}

#[test]
fn the_proposal_names_its_zones_and_leads_and_is_proven() {
    let plans = Scene::lenient().plans();
    for id in ["proposal-municipalities", "proposal-hokenjo"] {
        let assessed = plan(&plans, id);
        assert_eq!(assessed.plan.zone_of_municipality, [0, 1, 1, 0], "{id}");
        let zones: Vec<_> = assessed
            .plan
            .zones
            .iter()
            .map(|zone| (zone.id.as_str(), zone.name.as_str(), zone.lead))
            .collect();
        assert_eq!(zones, [("1", "甲市圏域", Some(HOSPITAL)), ("2", "乙町圏域", Some(CLINIC))], "{id}");
        assert_ne!(assessed.plan.zones[0].colour, assessed.plan.zones[1].colour);
        let proposal = assessed.plan.proposal.as_ref().expect("an optimiser made it");
        assert_eq!(proposal.certificate.status, Status::Optimal);
        assert_eq!(proposal.certificate.objective, Some(7_052_088_960), "{id}");
        assert_eq!(proposal.certificate.bound, Some(7_052_088_960));
        assert!(proposal.report.as_ref().expect("checked").verdicts.iter().all(|v| v.judgement == Pass));
    }
    assert!(plan(&plans, "hokenjo").plan.proposal.is_none());
}

#[test]
fn where_there_is_no_plan_there_are_no_figures_but_a_reason() {
    let plans = Scene::new().plans();
    let east = "東部保健所には移動時間の基準を満たす中心候補の医療機関が1つもありません";
    let village = "丙村には移動時間の基準を満たす中心候補の医療機関が1つもありません";
    for (id, units, reason) in [("proposal-municipalities", 4, village), ("proposal-hokenjo", 2, east)] {
        let assessed = plan(&plans, id);
        assert!(assessed.assessment.is_none(), "{id}");
        assert!(assessed.plan.zones.is_empty() && assessed.plan.zone_of_municipality.is_empty());
        let proposal = assessed.plan.proposal.as_ref().expect("an optimiser was asked");
        assert_eq!(proposal.certificate.status, Status::Infeasible);
        assert_eq!((proposal.certificate.objective, proposal.certificate.gap), (None, None));
        assert_eq!(proposal.report, None);
        assert!(proposal.statement.starts_with(&format!("{units}の単位を圏域にまとめる。")));
        assert!(proposal.statement.contains("（3か所から一つ）"));
        assert!(
            proposal.statement.contains("各単位の需要の90%以上が中心から60分以内、圏域の需要は月200件以上")
        );
        assert!(
            proposal.statement.ends_with(&format!("この条件を満たす案はない: {reason}")),
            "{}",
            proposal.statement
        );
    }
}

#[test]
fn an_institution_of_unknown_municipality_is_in_the_figures_of_no_zone() {
    let homeless = changed("municipalities", |study| study.institutions[UNLOCATED].municipality = None);
    let count = |figures: &Figures| (figures.institutions["在支診・在支病"], figures.active_candidates);
    assert_eq!(count(&homeless.zone_figures[OTSU]), (Some(1), Some(1)));
    assert_eq!(count(&homeless.figures), (Some(3), Some(2)));
}
