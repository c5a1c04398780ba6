//! Overlay zonings of the small study: the same question where nothing is asked otherwise, the best plan of
//! every one of them, across the border too, and no small count in anything that leaves.

use crate::scene::{CLINIC, HEI, HOSPITAL, ISLAND_CLINIC, KOU, OTSU, SHIMA, Scene, place, profile, weights};
use crate::zoning::rules;
use geo::{MultiPolygon, Rect};
use keniki::assess::beside::Beside;
use keniki::assess::overlay::{Floor, Laid, Overlay, OverlayDemand, Providers, Spread};
use keniki::assess::proposals::{Answer, Request, Unheard};
use keniki::ingest::beyond::join;
use keniki::ingest::study::{Cell, Count, Institution, Municipality, Study};
use keniki::progress::Silent;
use keniki::zoning::checker::{Judgement, check};
use keniki::zoning::exact::solve;
use keniki::zoning::plan::Plan;
use keniki::zoning::problem::Problem;
use keniki::zoning::statement::Grouping;
use std::collections::{BTreeMap, BTreeSet};

/// 医療的ケア児 of 甲市, 乙町, 丙村 and 丁島村 in 2024.
fn counted(counts: [Count; 4]) -> Scene {
    Scene::with(|study| {
        let counts = counts.into_iter().enumerate().collect();
        study.cohorts = Some(BTreeMap::from([(("医療的ケア児".to_owned(), 2024), counts)]));
    })
}

fn exact(counts: [u32; 4]) -> Scene {
    counted(counts.map(Count::Exact))
}

/// Children, led by institutions by name; half of them must be within reach.
fn children(institutions: &[&str]) -> Overlay {
    Overlay {
        id: "小児".to_owned(),
        demand: Some(OverlayDemand::Cohort {
            cohort: "医療的ケア児".to_owned(),
            year: None,
            ages: Spread::Under65,
        }),
        providers: Some(Providers::Named {
            institutions: institutions.iter().map(|name| (*name).to_owned()).collect(),
        }),
        needs_hub: false,
        least_demand: Some(0.0),
        travel_limit_minutes: Some(90),
        travel_share: Some(0.3),
        ..Overlay::default()
    }
}

fn try_lay(scene: &Scene, overlay: &Overlay, beyond: Vec<Study>) -> Result<Laid, String> {
    let (rules, profile, weights) = (rules(), profile(), weights());
    let beside = Beside::of(&scene.study, beyond);
    let floor = Floor {
        study: &scene.study,
        roadway: &scene.roadway,
        profile: &profile,
        candidates: &rules.candidates,
        weights: &weights,
        beside: &beside,
        needs_access: false,
    };
    overlay.lay(&floor, &Silent).map_err(|error| error.to_string())
}

fn lay(scene: &Scene, overlay: &Overlay) -> Laid {
    try_lay(scene, overlay, Vec::new()).unwrap_or_else(|error| panic!("{error}"))
}

fn problem(laid: &Laid) -> Problem {
    laid.ground.facts(&laid.study).problem(&Grouping::municipalities(&laid.study))
}

fn answer(laid: &Laid, request: &Request) -> Answer {
    let asked = request.rules(&rules()).expect("rules");
    let stated = request.state(&asked, &laid.study, &laid.ground).expect("well formed");
    let mut answer = stated.answer(request, &Unheard).expect("solved");
    laid.sign(&mut answer);
    answer
}

#[test]
fn an_overlay_that_asks_nothing_otherwise_is_the_zoning_itself() {
    for scene in [Scene::new(), Scene::lenient()] {
        let laid = lay(&scene, &Overlay::default());
        let given = scene.given();
        let own = scene.facts(&given).problem(&Grouping::municipalities(&scene.study));
        assert_eq!(problem(&laid), own);
        assert_eq!(problem(&laid).sha256(), own.sha256());
    }
}

#[test]
fn counts_are_spread_in_proportion_to_people_under_65() {
    let laid = lay(&exact([30, 50, 20, 10]), &children(&["甲病院"]));
    // Half of everybody is under 65, so the children of 乙町 go 256 : 2048 : 4096 to D, G and H.
    let demand = laid.ground.demand.first_year();
    let expected = [10.0, 10.0, 20.0, 2.0, 20.0 / 3.0, 40.0 / 3.0, 16.0, 32.0];
    for (found, expected) in demand.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{demand:?}");
    }
    let units: Vec<u64> = problem(&laid).units.iter().map(|unit| unit.demand_milli).collect();
    assert_eq!(units, [30_000, 50_000, 20_000, 10_000]);
    assert_eq!(laid.told.minutes, "人・分");
}

/// Every way to put four units together, with every choice of leads, judged by the checker alone.
fn best_by_enumeration(problem: &Problem) -> Option<u64> {
    let units = problem.units.len();
    let mut best: Option<u64> = None;
    for code in 0..units.pow(units as u32) {
        let groups: Vec<usize> = (0..units).map(|unit| code / units.pow(unit as u32) % units).collect();
        let zone_of_unit = Plan::from_groups(&groups).zone_of_unit;
        let zones = zone_of_unit.iter().max().map_or(0, |zone| zone + 1);
        for leads in 0..problem.leads.len().pow(zones as u32) {
            let lead = |zone: usize| leads / problem.leads.len().pow(zone as u32) % problem.leads.len();
            let plan = Plan {
                zone_of_unit: zone_of_unit.clone(),
                lead_of_zone: (0..zones).map(|zone| Some(lead(zone))).collect(),
            };
            let report = check(problem, &plan);
            if report.accepts() {
                best = best.into_iter().chain(report.objective).min();
            }
        }
    }
    best
}

#[test]
fn the_best_plan_of_every_overlay_is_that_of_enumeration() {
    let all = ["甲病院", "乙診療所", "丁島診療所"];
    let (mut feasible, mut infeasible) = (0, 0);
    for counts in [[30, 50, 20, 10], [10, 0, 90, 40], [25, 25, 25, 25]] {
        let scene = exact(counts);
        for chosen in 1..8_usize {
            let names: Vec<&str> = (0..3).filter(|at| chosen >> at & 1 == 1).map(|at| all[at]).collect();
            for (minutes, share, least) in [(90, 0.3, 0.0), (20, 0.3, 0.0), (90, 0.3, 45.0), (90, 0.9, 20.0)]
            {
                let overlay = Overlay {
                    least_demand: Some(least),
                    travel_limit_minutes: Some(minutes),
                    travel_share: Some(share),
                    ..children(&names)
                };
                let problem = problem(&lay(&scene, &overlay));
                let outcome = solve(&problem, None).expect("well formed");
                let by_enumeration = best_by_enumeration(&problem);
                assert_eq!(
                    outcome.certificate.objective, by_enumeration,
                    "{counts:?} {names:?} {minutes} {least}"
                );
                if let Some(plan) = &outcome.plan {
                    assert!(check(&problem, plan).accepts());
                    assert_eq!(outcome.certificate.gap, Some(0.0));
                    feasible += 1;
                } else {
                    infeasible += 1;
                }
            }
        }
    }
    assert!(feasible > 10 && infeasible > 10, "{feasible} {infeasible}");
}

#[test]
fn the_checker_finds_every_broken_overlay_plan() {
    let overlay =
        Overlay { least_demand: Some(15.0), ..children(&["甲病院", "乙診療所", "丁島診療所"]) };
    let problem = problem(&lay(&exact([30, 50, 20, 10]), &overlay));
    let broken = |zone_of_unit: [usize; 4], leads: &[Option<usize>]| {
        let plan = Plan { zone_of_unit: zone_of_unit.to_vec(), lead_of_zone: leads.to_vec() };
        let verdicts = check(&problem, &plan).verdicts.into_iter();
        let failed = verdicts.filter(|verdict| verdict.judgement == Judgement::Fail);
        failed.map(|verdict| verdict.rule.as_str().to_owned()).collect::<BTreeSet<String>>()
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    // Order of the leads: 甲病院, 乙診療所, 丁島診療所.
    assert_eq!(broken([0, 1, 1, 0], &[Some(0), Some(1)]), names(&[]));
    assert_eq!(
        broken([0, 1, 0, 0], &[Some(0), Some(1)]),
        names(&["contiguity"]),
        "甲市 and 丙村 are no neighbours"
    );
    assert!(broken([0, 1, 1, 2], &[Some(0), Some(1), Some(2)]).contains("demand"), "the island has ten");
    assert!(!broken([0, 0, 0, 1], &[Some(0), Some(1)]).is_empty(), "a lead outside of its zone");
    assert!(!broken([0, 0, 0, 4], &[Some(0)]).is_empty(), "a unit in no zone");
    let near = Overlay { travel_limit_minutes: Some(10), ..overlay };
    let near = self::problem(&lay(&exact([30, 50, 20, 10]), &near));
    let plan = Plan { zone_of_unit: vec![0, 1, 1, 0], lead_of_zone: vec![Some(0), Some(1)] };
    let verdicts = check(&near, &plan).verdicts;
    assert!(verdicts.iter().any(|one| one.judgement == Judgement::Fail && one.rule.as_str() == "travel"));
}

#[test]
fn every_area_is_told_who_serves_it() {
    let laid = lay(&exact([30, 50, 20, 10]), &children(&["甲病院", "乙診療所"]));
    let answer = answer(&laid, &Request { best: 2, ..Request::default() });
    assert_eq!(answer.best.status, "optimal");
    let mut served: Vec<&str> = Vec::new();
    for zone in &answer.best.zones {
        let lead = zone.lead.as_deref().expect("led");
        for unit in &zone.served {
            assert!(unit.institutions.iter().any(|one| one.institution == lead), "{unit:?}");
            assert!(unit.institutions.is_sorted_by(|a, b| a.minutes <= b.minutes));
            served.push(&unit.unit);
        }
    }
    served.sort_unstable();
    assert_eq!(served, ["丁島村", "丙村", "乙町", "甲市"]);
    // From B ten children are in 甲市 at no distance and twenty at C, 3 058 ds away: 203.9 s in the mean.
    let kou = answer.best.zones.iter().flat_map(|zone| &zone.served).find(|unit| unit.unit == "甲市");
    let hospital = kou.and_then(|unit| unit.institutions.iter().find(|one| one.institution == "甲病院"));
    let minutes = hospital.and_then(|one| one.minutes).expect("reached");
    assert!((minutes - 3_058.0 * 20.0 / 30.0 / 600.0).abs() < 1e-3, "{minutes}");
    let people: Vec<&str> = answer.best.zones.iter().filter_map(|zone| zone.people.as_deref()).collect();
    let sum: u32 = people.iter().map(|people| people.parse::<u32>().expect("no small count")).sum();
    assert_eq!(sum, 110);
    assert_eq!(answer.overlay.map(|told| told.overlay).as_deref(), Some("小児"));
}

/// Everything that leaves of a study whose 丁島村 has so many.
fn published(island: Count) -> String {
    let scene = counted([Count::Exact(30), Count::Exact(12), Count::Exact(20), island]);
    let laid = lay(&scene, &children(&["甲病院", "乙診療所", "丁島診療所"]));
    let request = Request { best: 3, by_zone_count: true, ensemble: 5, ..Request::default() };
    let beside = serde_json::to_string(&Beside::of(&scene.study, Vec::new())).expect("JSON");
    let study = serde_json::to_string(&scene.study).expect("JSON");
    let answer = serde_json::to_string(&answer(&laid, &request)).expect("JSON");
    beside + &study + &answer
}

#[test]
fn no_small_count_leaves() {
    let hidden = published(Count::Small);
    for people in 1..10 {
        assert_eq!(published(Count::Exact(people)), hidden, "{people}");
    }
    assert!(hidden.contains("1–9") && hidden.contains("秘匿"));
    for people in [0, 10, 11] {
        assert_ne!(published(Count::Exact(people)), hidden, "{people}");
    }
}

#[test]
fn what_is_withheld_to_protect_a_small_count_does_not_leave_either() {
    // The smallest other count of the same area is withheld: 丁島村 has five, 甲市 of the same 保健所 thirty.
    let with = |city: u32| {
        let laid = lay(&exact([city, 120, 200, 5]), &children(&["甲病院", "乙診療所", "丁島診療所"]));
        serde_json::to_string(&answer(&laid, &Request::default())).expect("JSON")
    };
    assert_eq!(with(30), with(31));
}

#[test]
fn what_is_not_loaded_or_out_of_range_is_named() {
    let said = |scene: &Scene, overlay: &Overlay| try_lay(scene, overlay, Vec::new()).err().expect("refused");
    let named = children(&["甲病院"]);
    let message = said(&Scene::new(), &named);
    assert!(
        message.contains("「医療的ケア児」の人数は未登録です") && message.contains("cohort_counts"),
        "{message}"
    );
    let partly = Scene::with(|study| {
        let counts = BTreeMap::from([(KOU, Count::Exact(30)), (SHIMA, Count::Small)]);
        study.cohorts = Some(BTreeMap::from([(("医療的ケア児".to_owned(), 2024), counts)]));
    });
    let message = said(&partly, &named);
    assert!(message.contains("（2024年）の人数が 乙町・丙村 では未登録です"), "{message}");
    let scene = exact([30, 50, 20, 10]);
    let with = |change: fn(&mut Overlay)| {
        let mut overlay = children(&["甲病院"]);
        change(&mut overlay);
        said(&scene, &overlay)
    };
    assert!(with(|one| one.travel_limit_minutes = Some(0)).contains("travel_limit_minutes が 0"));
    assert!(with(|one| one.travel_share = Some(1.5)).contains("travel_share が 1.5"));
    assert!(with(|one| one.least_demand = Some(f64::NAN)).contains("least_demand が NaN"));
    let service = |service: &str| Some(Providers::Service { service: service.to_owned() });
    let refused = |providers| said(&scene, &Overlay { providers, ..children(&[]) });
    assert!(refused(service("訪問看護")).contains("「訪問看護」の届出・事業所の一覧は未登録です"));
    assert!(refused(service("往診車")).contains("サービス「往診車」はありません"));
    let names = Providers::Named { institutions: vec!["甲病院".to_owned(), "月病院".to_owned()] };
    assert!(refused(Some(names)).contains("機関 「月病院」（見つかりません） を一つに決められません"));
    let layer = OverlayDemand::Layer { layer: "訪問鍼灸".to_owned(), year: None };
    let message = said(&scene, &Overlay { demand: Some(layer), ..children(&["甲病院"]) });
    assert!(message.contains("需要の層「訪問鍼灸」はありません。訪問看護、"), "{message}");
}

#[test]
fn a_layer_of_demand_and_the_institutions_of_a_service_make_an_overlay() {
    let layer = OverlayDemand::Layer { layer: "訪問歯科（居宅）".to_owned(), year: Some(2020) };
    let service = Providers::Service { service: "訪問歯科".to_owned() };
    let overlay = Overlay { demand: Some(layer), providers: Some(service), ..children(&[]) };
    let laid = lay(&Scene::new(), &overlay);
    let problem = problem(&laid);
    assert_eq!(problem.leads.iter().map(|lead| lead.id.as_str()).collect::<Vec<_>>(), ["甲歯科"]);
    // A: 16 under 65, 8 of 65 to 74, 4 of 75 to 84, 4 of 85 and over.
    let island = 16.0 * 0.00125 + 8.0 * 0.00227 + 4.0 * 0.0101 + 4.0 * 0.0313;
    assert!((laid.ground.demand.first_year()[0] - island).abs() < 1e-12);
    assert_eq!(laid.told.minutes, "件・分/月");
    assert!(laid.told.counts.is_empty());
}

/// 隣県 beyond the eastern border, with one municipality around Y that a clinic stands in.
fn beyond(children: Option<u32>) -> Study {
    let mut study = Scene::new().study;
    let y = place('Y');
    let mesh = study.cells[0].mesh.same_size_at(y.0).expect("a cell");
    "47".clone_into(&mut study.prefecture_code);
    "隣県".clone_into(&mut study.prefecture_name);
    let code = "47301".parse().expect("a code");
    let boundary = Rect::new((138.5 + 17.0 / 80.0, y.y() - 0.01), (138.5 + 19.0 / 80.0, y.y() + 0.01));
    study.municipalities = vec![Municipality {
        code,
        name: "丙村".to_owned(),
        boundary: MultiPolygon(vec![boundary.to_polygon()]),
        areas: BTreeMap::new(),
        further: BTreeMap::new(),
        office: None,
    }];
    study.cells = vec![Cell { mesh, municipality: 0, centre: y, ..study.cells[0].clone() }];
    study.institutions = vec![Institution {
        id: "4710000001".to_owned(),
        name: "隣診療所".to_owned(),
        municipality: Some(0),
        position: Some(y),
        ..study.institutions[CLINIC].clone()
    }];
    let counts = children.map(|count| (0, Count::Exact(count))).into_iter().collect();
    study.cohorts = Some(BTreeMap::from([(("医療的ケア児".to_owned(), 2024), counts)]));
    (study.active_list, study.linkage_list) = (None, None);
    study
}

#[test]
fn a_zone_crosses_the_border_and_no_figure_of_the_prefecture_changes() {
    let scene = exact([30, 50, 20, 10]);
    let before = serde_json::to_string(&scene.study).expect("JSON");
    let overlay = Overlay { beyond: true, ..children(&["甲病院", "隣診療所"]) };
    let laid = try_lay(&scene, &overlay, vec![beyond(Some(15))]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(laid.told.beyond, ["隣県丙村"]);
    // 47301 stands before the prefecture's own codes; everything moves with it.
    let names: Vec<&str> = laid.study.municipalities.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["隣県丙村", "甲市", "乙町", "丙村", "丁島村"]);
    let answer = answer(&laid, &Request::default());
    assert_eq!(answer.best.status, "optimal");
    let across = answer.best.zones.iter().find(|zone| zone.municipalities.contains(&"47301".to_owned()));
    let across = across.expect("in a zone");
    assert_eq!(across.lead.as_deref(), Some("隣診療所"));
    assert!(across.municipalities.contains(&"48301".to_owned()), "{across:?}");
    let objective = answer.best.objective_receipt_minutes;
    let enumerated = best_by_enumeration(&problem(&laid)).map(|best| best as f64 / 600_000.0);
    assert_eq!(objective, enumerated);
    // The prefecture's own study and question are as they were.
    assert_eq!(serde_json::to_string(&scene.study).expect("JSON"), before);
    let inside = Overlay { beyond: false, ..children(&["甲病院", "乙診療所"]) };
    let with = try_lay(&scene, &inside, vec![beyond(Some(15))]).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(problem(&with), problem(&lay(&scene, &inside)));
    // Without counts beyond the border there is no answer but what to bring.
    let message = try_lay(&scene, &overlay, vec![beyond(None)]).err().expect("refused");
    assert!(message.contains("の人数が 隣県丙村 では未登録です"), "{message}");
    let main = Overlay { beyond: true, ..Overlay::default() };
    let message = try_lay(&scene, &main, vec![beyond(Some(15))]).err().expect("refused");
    assert!(message.contains("県外の市町村を含む"), "{message}");
}

#[test]
fn a_study_and_what_lies_beyond_keep_their_places_when_they_are_joined() {
    let scene = exact([30, 50, 20, 10]);
    let joined = join(&scene.study, &[beyond(Some(15))]);
    assert!(joined.municipalities.is_sorted_by_key(|one| one.code));
    assert!(joined.institutions.is_sorted_by(|a, b| a.id < b.id));
    assert!(joined.cells.is_sorted_by_key(|cell| (cell.mesh, cell.municipality)));
    let home = |study: &Study, name: &str| {
        let one = study.institutions.iter().find(|one| one.name == name).expect("there");
        study.municipalities[one.municipality.expect("placed")].name.clone()
    };
    for at in [HOSPITAL, CLINIC, ISLAND_CLINIC] {
        let name = &scene.study.institutions[at].name;
        assert_eq!(home(&joined, name), home(&scene.study, name));
    }
    assert_eq!(home(&joined, "隣診療所"), "隣県丙村");
    let people = |study: &Study, name: &str| {
        let at = study.municipalities.iter().position(|one| one.name == name).expect("there");
        study.people_by_municipality()[at].total
    };
    for at in [KOU, OTSU, HEI, SHIMA] {
        let name = &scene.study.municipalities[at].name;
        assert_eq!(people(&joined, name), people(&scene.study, name));
    }
    let list = joined.linkage_list.expect("loaded");
    let served: Vec<&str> =
        list[0].served.iter().map(|at| joined.municipalities[*at].name.as_str()).collect();
    assert_eq!(served, ["乙町", "丙村"]);
    let same = join(&scene.study, &[]);
    assert_eq!(
        serde_json::to_string(&same).expect("JSON"),
        serde_json::to_string(&scene.study).expect("JSON")
    );
}
