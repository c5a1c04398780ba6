//! The zoning question of the study as plain numbers, and its best answer.
//!
//! Times from the lead at B: A 36 000, B 0, C 3 058, D 4 077, E 7 406, G 12 306, H 13 257; from the
//! lead at D: A 44 154, B 8 154, C 5 096, D 0, E 3 329, G 8 229, H 9 180. F has no road.
//! Demand in milli-receipts: A 41 400, B 45 180, C 165 600, D 18 072, E 66 240, F 72 288,
//! G 264 960, H 289 152.

use crate::scene::{CLINIC, DENTIST, HEI, HOSPITAL, ISLAND_CLINIC, KOU, OTSU, SHIMA, Scene, UNLOCATED};
use keniki::access::matrix::{Matrix, matrix};
use keniki::access::reach::{Access, reach};
use keniki::access::services::services;
use keniki::ingest::study::{ActiveEntry, AreaSystem};
use keniki::network::link::Direction;
use keniki::network::search::NO_LIMIT;
use keniki::progress::{Progress, Silent};
use keniki::zoning::asked::{Asked, AskedStrength};
use keniki::zoning::certificate::Status;
use keniki::zoning::checker::check;
use keniki::zoning::condition::{Condition, ConditionKind, Strength, Zones};
use keniki::zoning::exact::solve;
use keniki::zoning::plan::Plan;
use keniki::zoning::problem::{Lead, MinResource, Problem, Unit, ZoneCount};
use keniki::zoning::rules::{Hub, LeadSite, Rules};
use keniki::zoning::statement::{Facts, Grouping, Subject};

/// What the statement is made from beside the study.
pub struct Given {
    pub subject: Subject,
    pub demand: Vec<f64>,
    pub leads: Vec<LeadSite>,
    pub lead_times: Matrix,
    pub linkage: Vec<Hub>,
    pub access: Access,
    pub neighbours: Vec<(usize, usize)>,
}

pub fn rules() -> Rules {
    Rules::shipped().expect("the shipped table is whole")
}

impl Scene {
    pub fn given(&self) -> Given {
        let candidates = rules().candidates;
        let leads = candidates.leads(&self.study).expect("filings are loaded");
        let institutions: Vec<usize> = leads.iter().map(|lead| lead.institution).collect();
        let step = Silent.step("", 0);
        let outward = Direction::Outward;
        Given {
            subject: Subject::default(),
            demand: self.demand().first_year().to_vec(),
            lead_times: matrix(&self.roadway, &institutions, outward, NO_LIMIT, step.as_ref()),
            leads,
            linkage: candidates.linkage(&self.study).expect("filings are loaded"),
            access: reach(&self.study, &self.roadway, services().expect("shipped"), &Silent),
            neighbours: self.neighbours(),
        }
    }

    pub fn facts<'a>(&'a self, given: &'a Given) -> Facts<'a> {
        Facts {
            subject: &given.subject,
            study: &self.study,
            demand: &given.demand,
            leads: &given.leads,
            lead_times: &given.lead_times,
            linkage: &given.linkage,
            access: Some(&given.access),
            neighbours: &given.neighbours,
        }
    }

    fn problem(&self, grouping: &Grouping) -> Problem {
        self.facts(&self.given()).problem(grouping)
    }

    fn municipal_problem(&self) -> Problem {
        self.problem(&Grouping::municipalities(&self.study))
    }

    /// So lenient with the share within the limit that E stands for all of 丙村 (47.8 %).
    pub fn lenient() -> Self {
        Self::with(|study| study.parameters.zone_travel_share = 0.45)
    }
}

fn unit(name: &str, demand_milli: u64, linkage: u32) -> Unit {
    Unit { name: name.to_owned(), demand_milli, resources: vec![linkage] }
}

/// Travel to 甲市 and to 乙町 from the leads at B and at D.
const KOU_FROM_B: u64 = 165_600 * 3_058;
const KOU_FROM_D: u64 = 45_180 * 8_154 + 165_600 * 5_096;
const OTSU_FROM_B: u64 = 18_072 * 4_077 + 264_960 * 12_306 + 289_152 * 13_257;
const OTSU_FROM_D: u64 = 264_960 * 8_229 + 289_152 * 9_180;
const SHIMA_FROM_B: u64 = 41_400 * 36_000;

#[test]
fn units_leads_rules_and_neighbours_are_stated_by_municipality() {
    let problem = Scene::new().municipal_problem();
    // The hospital counts once although it has two classes of the candidates; a listed 拠点 counts
    // where it stands and where it serves.
    assert_eq!(
        problem.units,
        [
            unit("甲市", 45_180 + 165_600, 1),
            unit("乙町", 18_072 + 264_960 + 289_152, 1),
            unit("丙村", 66_240 + 72_288, 1),
            unit("丁島村", 41_400, 1),
        ]
    );
    let lead = |id: &str, unit| Lead { id: id.to_owned(), unit };
    assert_eq!(problem.leads, [lead("甲病院", KOU), lead("乙診療所", OTSU), lead("乙内科", OTSU)]);
    assert_eq!(problem.neighbours, [(KOU, OTSU), (KOU, SHIMA), (OTSU, HEI)]);
    assert_eq!(problem.min_demand_milli, 200_000);
    assert_eq!(problem.min_resources, [MinResource { name: "連携拠点の候補".to_owned(), least: 1 }]);
    assert_eq!(problem.zone_count, ZoneCount::default());
    assert_eq!(problem.validate(), Ok(()));
}

#[test]
fn a_lead_costs_its_times_weighted_by_demand_where_enough_of_it_is_near() {
    let problem = Scene::new().municipal_problem();
    assert_eq!([KOU_FROM_B, SHIMA_FROM_B], [506_404_800, 1_490_400_000]);
    assert_eq!([KOU_FROM_D, OTSU_FROM_D], [1_212_295_320, 4_834_771_200]);
    assert_eq!(OTSU_FROM_B, 7_167_565_368);
    // 丙村: only 66 240 of 138 528 are near to anybody. The island is 60 minutes from B and more
    // from D. The lead that could not be located leads nobody.
    assert_eq!(problem.cost[KOU], [Some(KOU_FROM_B), Some(KOU_FROM_D), None]);
    assert_eq!(problem.cost[OTSU], [Some(OTSU_FROM_B), Some(OTSU_FROM_D), None]);
    assert_eq!(problem.cost[HEI], [None, None, None]);
    assert_eq!(problem.cost[SHIMA], [Some(SHIMA_FROM_B), None, None]);
}

#[test]
fn the_share_within_the_limit_decides_who_may_lead_whom() {
    let village = Scene::lenient().municipal_problem().cost[HEI].clone();
    assert_eq!(village, [Some(66_240 * 7_406), Some(66_240 * 3_329), None]);
    // H is 15.3 minutes from D: without it 282 of 572 receipts of 乙町 are near, 49.46 %.
    let within_15 = |share: f64| {
        let scene = Scene::with(|study| {
            study.parameters.zone_travel_limit_minutes = 15;
            study.parameters.zone_travel_share = share;
        });
        scene.municipal_problem().cost[OTSU].clone()
    };
    assert_eq!(within_15(0.49), [None, Some(OTSU_FROM_D), None], "times beyond the limit count in full");
    assert_eq!(within_15(0.50), [None, None, None]);
}

#[test]
fn the_whole_demand_may_lie_exactly_at_the_limit() {
    let island = |minutes| {
        let scene = Scene::with(|study| {
            study.parameters.zone_travel_limit_minutes = minutes;
            study.parameters.zone_travel_share = 1.0;
        });
        scene.municipal_problem().cost[SHIMA][0]
    };
    assert_eq!(island(60), Some(SHIMA_FROM_B));
    assert_eq!(island(59), None);
}

#[test]
fn groups_are_stated_as_the_sum_of_their_municipalities() {
    let scene = Scene::new();
    let grouping = Grouping::areas(&scene.study, AreaSystem::Hokenjo).expect("loaded");
    assert_eq!(grouping.names, ["中央保健所", "東部保健所"]);
    assert_eq!(grouping.units_of_municipality, [[0], [1], [1], [0]]);
    let problem = scene.problem(&grouping);
    // The 拠点 that stands in 乙町 and serves 丙村 is one.
    assert_eq!(problem.units, [unit("中央保健所", 252_180, 2), unit("東部保健所", 710_712, 1)]);
    assert_eq!(problem.leads.iter().map(|lead| lead.unit).collect::<Vec<_>>(), [0, 1, 1]);
    assert_eq!(problem.neighbours, [(0, 1)], "those inside a unit are no neighbours");
    // Without F 638 424 of 710 712 are near in the east: 89.8 %. From D the island (16.4 % of the
    // west) is too far.
    assert_eq!(problem.cost, [vec![Some(KOU_FROM_B + SHIMA_FROM_B), None, None], vec![None; 3]]);
    let lenient = Scene::lenient();
    let costs = lenient.problem(&grouping).cost;
    assert_eq!(costs[0][1], Some(KOU_FROM_D + 41_400 * 44_154), "the island is counted where it is too far");
    assert_eq!(costs[1][0], Some(OTSU_FROM_B + 66_240 * 7_406));
    assert_eq!(costs[1][1], Some(OTSU_FROM_D + 66_240 * 3_329));
}

#[test]
fn a_system_that_leaves_a_municipality_out_groups_nothing() {
    let scene = Scene::with(|study| {
        study.municipalities[HEI].areas.remove(&AreaSystem::Hokenjo);
    });
    assert_eq!(Grouping::areas(&scene.study, AreaSystem::Hokenjo), None);
    assert_eq!(Grouping::areas(&scene.study, AreaSystem::FireDepartment), None, "not loaded");
}

#[test]
fn candidates_come_from_classes_and_from_the_lists() {
    let candidates = rules().candidates;
    let scene = Scene::new();
    assert_eq!(candidates.active(&scene.study), Some(vec![HOSPITAL, CLINIC, UNLOCATED]));
    assert_eq!(candidates.visiting_24h(&scene.study), Some(vec![HOSPITAL, CLINIC, ISLAND_CLINIC, UNLOCATED]));
    let hub =
        |institution, municipalities: &[usize]| Hub { institution, municipalities: municipalities.to_vec() };
    let hubs = vec![hub(Some(HOSPITAL), &[KOU]), hub(None, &[OTSU, HEI]), hub(None, &[SHIMA])];
    assert_eq!(candidates.linkage(&scene.study), Some(hubs));
    let entry = |institution, is_medical| ActiveEntry {
        zone: String::new(),
        functions: [].into(),
        all_hours: None,
        name: String::new(),
        body_type: String::new(),
        is_medical,
        institution: Some(institution),
        municipality: None,
    };
    let listed = Scene::with(|study| {
        study.active_list = Some(vec![entry(ISLAND_CLINIC, true), entry(DENTIST, false)]);
    });
    let active = vec![HOSPITAL, CLINIC, ISLAND_CLINIC, UNLOCATED];
    assert_eq!(candidates.active(&listed.study), Some(active));
    let homeless = Scene::with(|study| study.institutions[CLINIC].municipality = None);
    let site = |institution, municipality| LeadSite { institution, municipality };
    assert_eq!(candidates.leads(&homeless.study), Some(vec![site(HOSPITAL, KOU), site(UNLOCATED, OTSU)]));
    assert_eq!(homeless.municipal_problem().cost[KOU], [Some(KOU_FROM_B), None], "a column for each lead");
}

#[test]
fn without_filings_and_lists_nobody_is_known_and_a_list_alone_is_enough() {
    let candidates = rules().candidates;
    let without = |active_list, linkage_list| {
        let scene = Scene::with(|study| {
            study.loaded_classes.retain(|class| class == "薬局");
            study.institutions.clear();
            study.active_list = active_list;
            study.linkage_list = linkage_list;
        });
        let study = &scene.study;
        (candidates.active(study), candidates.leads(study), candidates.linkage(study))
    };
    assert_eq!(without(None, None), (None, None, None));
    assert_eq!(without(Some(vec![]), Some(vec![])), (Some(vec![]), Some(vec![]), Some(vec![])));
}

#[test]
fn the_best_plan_is_the_one_found_by_hand() {
    // 丙村 can only be reached through 乙町 and the island only through 甲市. Two zones, led from B
    // and from D, travel less than one led from B; a third would have no lead.
    let problem = Scene::lenient().municipal_problem();
    let outcome = solve(&problem, None).expect("well formed");
    let plan = outcome.plan.expect("there is one");
    assert_eq!(plan, Plan { zone_of_unit: vec![0, 1, 1, 0], lead_of_zone: vec![Some(0), Some(1)] });
    let travel = KOU_FROM_B + SHIMA_FROM_B + OTSU_FROM_D + 66_240 * 3_329;
    assert_eq!(travel, 7_052_088_960);
    assert_eq!(outcome.certificate.objective, Some(travel));
    assert_eq!(outcome.certificate.gap, Some(0.0));
    assert!(check(&problem, &plan).accepts());
}

#[test]
fn without_the_list_of_hubs_one_zone_is_all_that_is_left() {
    let scene = Scene::with(|study| {
        study.parameters.zone_travel_share = 0.45;
        study.linkage_list = None;
    });
    let outcome = solve(&scene.municipal_problem(), None).expect("well formed");
    let plan = outcome.plan.expect("there is one");
    assert_eq!(plan, Plan { zone_of_unit: vec![0; 4], lead_of_zone: vec![Some(0)] });
    let travel = KOU_FROM_B + SHIMA_FROM_B + OTSU_FROM_B + 66_240 * 7_406;
    assert_eq!(outcome.certificate.objective, Some(travel));
}

#[test]
fn a_municipality_that_nobody_may_lead_makes_it_impossible_and_is_named() {
    let problem = Scene::new().municipal_problem();
    let outcome = solve(&problem, None).expect("well formed");
    assert_eq!((outcome.plan, outcome.certificate.status), (None, Status::Infeasible));
    assert_eq!((outcome.certificate.objective, outcome.certificate.gap), (None, None));
    let reasons: Vec<String> = outcome.reasons.iter().map(|reason| reason.meant(&problem)).collect();
    assert_eq!(reasons, ["丙村には移動時間の基準を満たす中心候補の医療機関が1つもありません"]);
}

/// The question under a planner's file.
fn asked(text: &str) -> Result<Problem, String> {
    let scene = Scene::lenient();
    let asked: Asked = toml::from_str(text).map_err(|error| error.to_string())?;
    let grouping = Grouping::municipalities(&scene.study);
    let asked = asked.over(&rules());
    asked.problem(&scene.facts(&scene.given()), &grouping, &scene.demand()).map_err(|error| error.to_string())
}

/// A planner's file with one rule.
fn one(strength: &str, asks: &str) -> String {
    format!(
        "[[rule]]\nid = \"own\"\nname = \"自作\"\nstrength = \"{strength}\"\nweight = 2\nasks = {{ {asks} }}"
    )
}

fn conditions(strength: &str, asks: &str) -> Vec<(ConditionKind, Strength)> {
    let conditions = asked(&one(strength, asks)).expect("the rule fits").conditions;
    assert!(conditions.iter().all(|condition| condition.name == "自作"));
    conditions.into_iter().map(|Condition { kind, strength, .. }| (kind, strength)).collect()
}

#[test]
fn the_shipped_rules_are_off_until_they_are_asked_for() {
    let problem = asked("zones_least = 1\nzones_most = 3").expect("nothing to fit");
    assert_eq!(problem.conditions, []);
    assert_eq!(problem.zone_count, ZoneCount { least: 1, most: Some(3) });
    let scene = Scene::lenient();
    let mut asked = Asked::default().over(&rules());
    asked.set("whole-hokenjo", AskedStrength::Hard, None).expect("shipped");
    assert!(asked.set("no-such-rule", AskedStrength::Hard, None).is_err());
    let grouping = Grouping::municipalities(&scene.study);
    let problem = asked.problem(&scene.facts(&scene.given()), &grouping, &scene.demand()).expect("it fits");
    let groups: Vec<_> = problem.conditions.into_iter().map(|condition| condition.kind).collect();
    let whole = |units: [usize; 2]| ConditionKind::Together { units: units.to_vec() };
    assert_eq!(groups, [whole([KOU, SHIMA]), whole([OTSU, HEI])]);
}

#[test]
fn rules_name_places_and_amounts_of_the_study() {
    let hard = |kind| [(kind, Strength::Hard)];
    assert_eq!(
        conditions("hard", "kind = \"together\", municipalities = [\"丁島村\", \"甲市\"]"),
        hard(ConditionKind::Together { units: vec![KOU, SHIMA] })
    );
    assert_eq!(
        conditions("hard", "kind = \"active_institutions\", least = 1"),
        hard(ConditionKind::Amount { held: vec![1, 2, 0, 0], least: 1, most: None, parts: 1 })
    );
    let year = *Scene::new().demand().cells.keys().next().expect("a year");
    let demand = format!("kind = \"demand\", year = {year}, least = 100, most = 600.5");
    let held = vec![45_180 + 165_600, 18_072 + 264_960 + 289_152, 66_240 + 72_288, 41_400];
    let kind = ConditionKind::Amount { held, least: 100_000, most: Some(600_500), parts: 1_000 };
    // 2 receipt-minutes for a receipt, of which each thousandth counts.
    assert_eq!(conditions("soft", &demand), [(kind, Strength::Soft { weight: 1_200 })]);
    assert_eq!(conditions("off", &demand), []);
    let border = asked(&one("hard", "kind = \"closed_border\", municipalities = [\"乙町\", \"丙村\"]"));
    assert_eq!(border.expect("it fits").closed, [(OTSU, HEI)]);
}

#[test]
fn a_rule_is_asked_of_the_zones_of_some_places_only() {
    let limited = |asks: &str, zones: &str| {
        asked(&format!("{}\n{zones}", one("hard", asks))).map(|problem| {
            let [Condition { name, kind, .. }] = problem.conditions.as_slice() else { panic!("one") };
            (name.clone(), kind.clone())
        })
    };
    let institutions = "kind = \"active_institutions\", least = 2";
    let some = |zones| {
        let of = ConditionKind::Amount { held: vec![1, 2, 0, 0], least: 2, most: None, parts: 1 };
        ConditionKind::Some { zones, of: Box::new(of) }
    };
    let (name, kind) = limited(institutions, "zones_with = [\"甲市\", \"48303\"]").expect("it fits");
    assert_eq!(kind, some(Zones::With(vec![KOU, SHIMA])));
    assert_eq!(name, "自作（甲市・丁島村を含む圏域）");
    let (name, kind) = limited(institutions, "zones_without = [\"乙町\"]").expect("it fits");
    assert_eq!(kind, some(Zones::Without(vec![OTSU])));
    assert_eq!(name, "自作（乙町を含まない圏域）");
    let said = |asks: &str, zones: &str| limited(asks, zones).expect_err("it does not fit");
    assert!(said(institutions, "zones_with = [\"戊村\"]").contains("「戊村」はこの県にありません"));
    let both = "zones_with = [\"甲市\"]\nzones_without = [\"乙町\"]";
    assert!(said(institutions, both).contains("どちらか一つ"));
    let places = "municipalities = [\"甲市\", \"乙町\"]";
    for kind in ["together", "closed_border"] {
        let asks = format!("kind = \"{kind}\", {places}");
        assert!(said(&asks, "zones_with = [\"甲市\"]").contains("案全体についての規則"), "{kind}");
    }
}

#[test]
fn change_is_counted_from_any_given_plan_that_is_whole() {
    let from = |zones: &str| format!("kind = \"change_from_plan\", zones = [{zones}], most_share = 0.1");
    let change = ConditionKind::Change {
        zone_of_unit: vec![0, 1, 1, 0],
        weight: vec![192, 6_400, 1_536, 32],
        most: 816,
    };
    let whole = "[\"甲市\", \"48303\"], [\"乙町\", \"丙村\"]";
    assert_eq!(conditions("hard", &from(whole)), [(change, Strength::Hard)]);
    for (zones, said) in [
        ("[\"甲市\"], [\"乙町\", \"丙村\"]", "丁島村 がどの圏域にもないか"),
        ("[\"甲市\", \"丁島村\"], [\"乙町\", \"丙村\", \"甲市\"]", "甲市 がどの圏域にもないか"),
    ] {
        let message = asked(&one("hard", &from(zones))).expect_err("no plan");
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn limits_that_contradict_each_other_are_named() {
    let said = |text: &str| asked(text).expect_err("contradictory");
    assert_eq!(
        said("zones_least = 4\nzones_most = 3"),
        "圏域の数 が 4 以上 3 以下です。下限を下げるか、上限を上げてください"
    );
    let rule = one("hard", "kind = \"population\", least = 10, most = 9.5");
    assert!(said(&rule).starts_with("規則 own の量 が 10 以上 9.5 以下です"));
}

fn weight_by(kind: &ConditionKind) -> Vec<(usize, u64, Vec<usize>)> {
    let ConditionKind::Covered { patches, .. } = kind else { panic!("{kind:?}") };
    let mut weights: Vec<_> =
        patches.iter().map(|patch| (patch.unit, patch.weight, patch.by.clone())).collect();
    weights.sort();
    weights
}

#[test]
fn demand_is_covered_by_the_units_from_which_it_is_within_the_time() {
    let within = |minutes: u32, in_zone: bool| {
        let asks = format!(
            "kind = \"within\", service = \"在支診・在支病\", minutes = {minutes}, least_share = 0.5, in_zone = {in_zone}"
        );
        conditions("hard", &asks).remove(0).0
    };
    // From B in ten minutes B, C and D, from D also E; the clinic of the island reaches A.
    assert_eq!(
        weight_by(&within(10, true)),
        [
            (KOU, 45_180, vec![KOU]),
            (KOU, 165_600, vec![KOU, OTSU]),
            (OTSU, 18_072, vec![KOU, OTSU]),
            (OTSU, 264_960 + 289_152, vec![]),
            (HEI, 66_240, vec![OTSU]),
            (HEI, 72_288, vec![]),
            (SHIMA, 41_400, vec![SHIMA]),
        ]
    );
    // Wherever the institution may stand, demand is covered by its own unit or not at all.
    assert_eq!(
        weight_by(&within(10, false)),
        [
            (KOU, 45_180 + 165_600, vec![KOU]),
            (OTSU, 18_072, vec![OTSU]),
            (OTSU, 264_960 + 289_152, vec![]),
            (HEI, 66_240, vec![HEI]),
            (HEI, 72_288, vec![]),
            (SHIMA, 41_400, vec![SHIMA]),
        ]
    );
    let share = 500_000 * (45_180 + 165_600) / 1_000_000;
    let ConditionKind::Covered { tolerated, .. } = within(30, true) else { panic!("covered") };
    assert_eq!(tolerated[KOU], share);
}

#[test]
fn amounts_and_flows_come_from_the_planner_and_what_is_unknown_is_named() {
    let known =
        "kind = \"known\", held = { \"甲市\" = 12, \"乙町\" = 3.5, \"丙村\" = 0, \"丁島村\" = 1 }, least = 2";
    assert_eq!(
        conditions("hard", known),
        [(
            ConditionKind::Amount {
                held: vec![12_000, 3_500, 0, 1_000],
                least: 2_000,
                most: None,
                parts: 1_000
            },
            Strength::Hard
        )]
    );
    let unknown = known.replace(", \"丙村\" = 0", "");
    let said = asked(&one("hard", &unknown)).expect_err("丙村 is not known");
    assert!(said.contains("丙村 では不明"), "{said}");
    let flows = "kind = \"self_sufficiency\", least_share = 0.6, flows = [[\"甲市\", \"乙町\", 2.0], [\"甲市\", \"県外\", 3.0]]";
    assert_eq!(weight_by(&conditions("hard", flows)[0].0), [(KOU, 2_000, vec![OTSU]), (KOU, 3_000, vec![])]);
    let said = asked(&one("hard", "kind = \"self_sufficiency\", least_share = 0.6, flows = []"));
    assert!(said.expect_err("no flows").contains("患者の流れの表"));
}

#[test]
fn objectives_come_in_their_order_with_travel_last_unless_it_is_among_them() {
    let scene = Scene::lenient();
    let given = scene.given();
    let facts = scene.facts(&given);
    let grouping = Grouping::municipalities(&scene.study);
    let goals = |text: &str| {
        let asked: Asked = toml::from_str(text).expect("it can be read");
        asked.goals(&facts, &grouping, &scene.demand())
    };
    assert_eq!(goals("").expect("it fits"), []);
    let objective = |order: u32, of: &str| format!("[[objective]]\norder = {order}\nof = {{ {of} }}\n");
    let splits = objective(2, "kind = \"splits\", system = \"保健所\"");
    let text = [splits.as_str(), &objective(1, "kind = \"zones\"")].concat();
    let names: Vec<String> = goals(&text).expect("it fits").into_iter().map(|goal| goal.name).collect();
    assert_eq!(names, ["圏域の数", "保健所の分割", "中心からの移動"]);
    let weighted = [objective(1, "kind = \"travel\""), objective(1, "kind = \"zones\"")].concat();
    let weighted = weighted
        .replace("order = 1\nof = { kind = \"zones\"", "order = 1\nweight = 2.5\nof = { kind = \"zones\"");
    let sum = goals(&weighted).expect("it fits");
    assert_eq!((sum.len(), sum[0].measure.travel, sum[0].measure.zones), (1, 1, 1_500_000));
    let nearest = goals(&objective(1, "kind = \"nearest\", service = \"ない\""));
    assert!(nearest.expect_err("there is none").to_string().contains("「ない」"));
}

#[test]
fn a_rule_that_does_not_fit_the_study_is_named() {
    let said = |asks: &str| asked(&one("hard", asks)).expect_err("it does not fit");
    let within = "kind = \"within\", service = \"病院\", least_share = 1, in_zone = true";
    assert!(said(&format!("{within}, minutes = 5000")).contains("minutes"));
    assert!(said(&within.replace("share = 1,", "share = 2, minutes = 9,")).contains("least_share"));
    assert!(said("kind = \"apart\", municipalities = [\"無市\"]").contains("規則 own の市町村「無市」"));
    assert!(said("kind = \"demand\", year = 1900").contains("1900"));
    assert!(said("kind = \"whole_areas\", system = \"消防本部\"").contains("消防本部"));
    assert!(said("kind = \"change\", from = \"保健所\", most_share = 1.5").contains("most_share"));
    assert!(said("kind = \"population\", least = -1.0").contains("least"));
    let weightless = one("soft", "kind = \"population\", least = 1").replace("weight = 2", "");
    assert!(asked(&weightless).expect_err("a weight is missing").contains("weight"));
}
