//! A planner's own units over the small study: municipalities joined and split, rows that say nothing
//! usable, neighbours by road between the parts.
//!
//! Demand and times as in `zoning.rs`. Codes of the cells: A 53383401, B 53383431, C 53383434, D 53383439,
//! E 53383479, F 53383491, G 53383545, H 53383555.

use crate::scene::{B, D, G, H, KOU, OTSU, Scene, place};
use keniki::ingest::finding::Severity;
use keniki::ingest::given::Given;
use keniki::ingest::manifest::Manifest;
use keniki::ingest::study::{Area, AreaCut, AreaPart, AreaSystem};
use keniki::ingest::unit_table::{UnitTable, known_towns, read_units};
use keniki::network::municipal_map::joined_parts;
use keniki::zoning::asked::{Asked, AskedRule};
use keniki::zoning::condition::{Condition, ConditionKind, Strength};
use keniki::zoning::exact::solve;
use keniki::zoning::problem::Problem;
use keniki::zoning::statement::Grouping;
use std::fs;

const TOWNS: &str = "都道府県名,市区町村コード,大字町丁目名,大字町丁目コード,経度,緯度\n";

/// Reads a table over the study; `towns` are rows of its file of towns.
fn table(scene: &Scene, rows: &str, towns: &str) -> UnitTable {
    table_with(scene, "unit,muni_code,mesh,town", rows, towns)
}

fn table_with(scene: &Scene, head: &str, rows: &str, towns: &str) -> UnitTable {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = "[study]\nprefecture = \"48\"\nname = \"小県\"\nas_of = \"2025-09\"\ncensus_year = 2020\n\
        [[input]]\nkind = \"town_points\"\npath = \"towns.csv\"\n";
    let manifest: Manifest = toml::from_str(manifest).expect("a manifest");
    let manifest = Manifest { folder: folder.path().to_owned(), ..manifest };
    fs::write(folder.path().join("towns.csv"), format!("{TOWNS}{towns}")).expect("written");
    let file = folder.path().join("units.csv");
    fs::write(&file, format!("{head}\n{rows}")).expect("written");
    let towns = known_towns(&manifest, &scene.study).expect("towns");
    read_units(Given::File(&file), &scene.study, &towns).expect("a table")
}

fn grouping(scene: &Scene, table: &UnitTable) -> Grouping {
    let parts = table.parts(&scene.study);
    Grouping::of_table(table, &parts, &joined_parts(&scene.study, &scene.roadway, &parts))
}

fn problem(scene: &Scene, grouping: &Grouping) -> Problem {
    scene.facts(&scene.given()).problem(grouping)
}

/// 甲市 with the island; 乙町 along the road in two.
const MIXED: &str = "西部,甲市,,\n西部,48303,,\n乙南,乙町,53383439,\n乙北,乙町,53383545,\n乙北,,53383555,\n";

#[test]
fn the_daily_living_areas_of_the_prefecture_are_a_table_of_units() {
    let scene = Scene::new();
    let list = MIXED.replace(",,\n", ",\n").replace("53383439,\n", "53383439\n");
    let list = list.replace("53383545,\n", "53383545\n").replace("53383555,\n", "53383555\n");
    let of_list = table_with(&scene, "圏域名,市区町村コード,メッシュ", &list, "");
    let of_areas = table_with(&scene, "日常生活圏域名,市区町村コード,メッシュ", &list, "");
    let own = table(&scene, MIXED, "");
    assert_eq!((&of_list.names, &of_list.unit_of_cell), (&own.names, &own.unit_of_cell));
    assert_eq!((of_areas.names, of_areas.unit_of_cell), (own.names, own.unit_of_cell));
    let wrong = table_with(&scene, "圏域名,市区町村コード,町丁目", "西部,甲市,\n西部,ない市,\n", "");
    let told: Vec<_> = wrong.account.findings.iter().map(|one| (one.row, one.field.as_deref())).collect();
    assert_eq!(told[0], (Some(3), Some("市区町村コード")));
}

#[test]
fn a_municipality_is_split_while_others_are_joined_and_the_rest_stays() {
    let scene = Scene::new();
    let table = table(&scene, MIXED, "");
    assert_eq!(table.names, ["西部", "乙南", "乙北", "丙村"]);
    assert_eq!(table.unit_of_cell, [0, 0, 0, 1, 3, 3, 2, 2]);
    assert_eq!(table.units_of_municipality, [vec![0], vec![1, 2], vec![3], vec![0]]);
    let account = &table.account;
    assert_eq!((account.rows_read, account.rows_stored, account.rows_quarantined), (5, 5, 0));
    let notes: Vec<_> = account.findings.iter().map(|one| (one.severity, one.said.as_str())).collect();
    assert_eq!(notes, [(Severity::Note, "丙村")]);
    let parts = table.parts(&scene.study);
    assert_eq!(parts.municipality, [0, 1, 1, 2, 3]);
    assert_eq!(parts.unit, [0, 1, 2, 3, 0]);
    assert_eq!(parts.of_cell, [4, 0, 0, 1, 3, 3, 2, 2]);
}

#[test]
fn finer_units_hold_their_cells_institutions_and_hubs_and_neighbour_by_road() {
    let scene = Scene::new();
    let problem = problem(&scene, &grouping(&scene, &table(&scene, MIXED, "")));
    let units: Vec<_> =
        problem.units.iter().map(|unit| (unit.name.as_str(), unit.demand_milli, unit.resources[0])).collect();
    // The 拠点 that serves 乙町 and 丙村 serves all of 乙町.
    let expected = [("西部", 252_180, 2), ("乙南", 18_072, 1), ("乙北", 554_112, 1), ("丙村", 138_528, 1)];
    assert_eq!(units, expected);
    // The institution without a place counts where the first cell of its municipality lies.
    assert_eq!(problem.leads.iter().map(|lead| lead.unit).collect::<Vec<_>>(), [0, 1, 1]);
    // B–D, D–G and D–E; the ferry B–A runs inside the west.
    assert_eq!(problem.neighbours, [(0, 1), (1, 2), (1, 3)]);
    let from_b = 264_960 * 12_306 + 289_152 * 13_257;
    assert_eq!(problem.cost[1], [Some(18_072 * 4_077), Some(0), None]);
    assert_eq!(problem.cost[2], [Some(from_b), Some(4_834_771_200), None]);
    assert_eq!(problem.validate(), Ok(()));
}

#[test]
fn a_table_of_whole_municipalities_asks_the_same_question_as_no_table() {
    let scene = Scene::new();
    let own =
        grouping(&scene, &table(&scene, "甲市,甲市,,\n乙町,乙町,,\n丙村,丙村,,\n丁島村,丁島村,,\n", ""));
    assert_eq!(problem(&scene, &own), problem(&scene, &Grouping::municipalities(&scene.study)));
}

#[test]
fn every_row_that_cannot_be_used_is_a_finding_and_every_cell_has_a_unit() {
    let scene = Scene::new();
    let rows = "乙南,乙町,53383439,\n別,乙町,53383439,\n谷,,53383400,\n,甲市,,\n山,月町,,\n山,,,\n山,甲市,533834,\n\
        山,甲市,53383431,本町\n山,甲市,,月\n山,甲市,53383439,\n乙東,乙町,53383545,\n";
    let table = table(&scene, rows, "小県,48201,本町,482010001000,138.5,35.6\n");
    let account = &table.account;
    assert_eq!((account.rows_read, account.rows_stored, account.rows_quarantined), (11, 2, 9));
    let found: Vec<_> = account
        .findings
        .iter()
        .map(|one| (one.severity, one.row, one.field.as_deref().unwrap_or_default(), one.said.as_str()))
        .collect();
    let bad = |row, field, said| (Severity::Quarantined, Some(row), field, said);
    assert_eq!(
        found,
        [
            bad(3, "mesh", "53383439"),
            bad(4, "mesh", "53383400"),
            bad(5, "unit", ""),
            bad(6, "muni_code", "月町"),
            bad(7, "muni_code", ""),
            bad(8, "mesh", "533834"),
            bad(9, "mesh", "53383431"),
            bad(10, "town", "月"),
            bad(11, "mesh", "53383439"),
            // H is beside G.
            (Severity::Warning, None, "unit", "乙町"),
            (Severity::Note, None, "unit", "甲市・丙村・丁島村"),
        ]
    );
    assert!(account.findings[0].meant.contains("「乙南」"));
    assert!(account.findings[9].meant.starts_with("1 メッシュ（4096 人）"), "{}", account.findings[9].meant);
    assert_eq!(table.names, ["乙南", "乙東", "甲市", "丙村", "丁島村"]);
    assert_eq!([D, G, H, B].map(|cell| table.unit_of_cell[cell]), [0, 1, 1, 2]);
}

#[test]
fn towns_take_the_cells_nearest_to_them_by_name_or_code() {
    let scene = Scene::new();
    let town = |letter, name: &str, code: &str| {
        let at = place(letter);
        format!("小県,48301,{name},{code},{},{}\n", at.x(), at.y())
    };
    let towns = [
        town('D', "港町", "483010001000"),
        town('G', "奥山一丁目", "483010002001"),
        town('H', "奥山二丁目", "483010002002"),
    ]
    .concat();
    let units = |rows: &str| {
        let table = table(&scene, rows, &towns);
        assert_eq!(table.account.rows_quarantined, 0, "{rows}");
        [D, G, H].map(|cell| table.names[table.unit_of_cell[cell]].clone())
    };
    assert_eq!(units("海,乙町,,大字港町\n奥,乙町,,奥山\n"), ["海", "奥", "奥"]);
    assert_eq!(units("海,乙町,,港町\n奥,乙町,,奥山１丁目\n端,,,483010002002\n"), ["海", "奥", "端"]);
    // What no finer row takes is the rest of the municipality.
    assert_eq!(units("奥,乙町,,奥山二丁目\n残り,乙町,,\n"), ["残り", "残り", "奥"]);
    assert_eq!(units("奥,乙町,,奥山\n端,乙町,53383555,\n残り,乙町,,\n"), ["残り", "奥", "端"]);
}

#[test]
fn a_unit_for_which_other_rows_leave_nothing_is_no_unit_but_a_finding() {
    let scene = Scene::new();
    let table = table(&scene, "空,乙町,,\n北,乙町,53383545,\n北,,53383555,\n南,,53383439,\n", "");
    assert_eq!(table.names, ["北", "南", "甲市", "丙村", "丁島村"]);
    assert_eq!(table.units_of_municipality, [vec![2], vec![0, 1], vec![3], vec![4]]);
    assert_eq!([D, G, H, B].map(|cell| table.unit_of_cell[cell]), [1, 0, 0, 2]);
    let told: Vec<_> =
        table.account.findings.iter().map(|one| (one.kind.as_str(), one.said.as_str())).collect();
    assert_eq!(told, [("municipality_without_unit", "甲市・丙村・丁島村"), ("empty_unit", "空")]);
}

#[test]
fn a_unit_of_one_name_in_two_municipalities_is_told() {
    let scene = Scene::new();
    let table = table(&scene, "中央,甲市,53383431,\n中央,乙町,53383439,\n残り,甲市,,\n残り,乙町,,\n", "");
    let told = table.account.findings.iter().find(|one| one.kind == "unit_across_municipalities");
    assert_eq!(told.map(|one| one.said.as_str()), Some("中央"));
}

#[test]
fn rules_about_a_split_municipality_are_about_all_its_parts() {
    let scene = Scene::new();
    let own = grouping(&scene, &table(&scene, MIXED, ""));
    let asks = |said: &str| {
        let rule = format!("id = \"x\"\nname = \"x\"\nstrength = \"hard\"\nasks = {said}");
        let rule: AskedRule = toml::from_str(&rule).expect("a rule");
        let given = scene.given();
        let asked = Asked { rules: vec![rule], ..Asked::default() };
        asked.problem(&scene.facts(&given), &own, &scene.demand()).expect("it fits")
    };
    let kinds = |said: &str| -> Vec<ConditionKind> {
        asks(said).conditions.into_iter().map(|Condition { kind, .. }| kind).collect()
    };
    let together = kinds("{ kind = \"together\", municipalities = [\"乙町\", \"丙村\"] }");
    assert_eq!(together, [ConditionKind::Together { units: vec![1, 2, 3] }]);
    let apart = kinds("{ kind = \"apart\", municipalities = [\"乙町\", \"丙村\"] }");
    let pair = |a, b| ConditionKind::Apart { units: vec![a, b] };
    assert_eq!(apart, [pair(1, 3), pair(2, 3)], "the parts of 乙町 may go together");
    assert_eq!(kinds("{ kind = \"apart\", municipalities = [\"乙北\", \"丙村\"] }"), [pair(2, 3)]);
    let closed = asks("{ kind = \"closed_border\", municipalities = [\"乙町\", \"丙村\"] }").closed;
    assert_eq!(closed, [(1, 3), (2, 3)]);
    let areas = kinds("{ kind = \"whole_areas\", system = \"保健所\" }");
    let whole = |units: &[usize]| ConditionKind::Together { units: units.to_vec() };
    assert_eq!(areas, [whole(&[0]), whole(&[1, 2, 3])]);
}

/// 中央保健所 takes 乙町 along the coast (D); 東部保健所 keeps the rest.
fn cut_scene() -> Scene {
    let mut scene = Scene::new();
    let area = |name: &str| Area { code: name.to_owned(), name: format!("{name}保健所") };
    let parts = vec![
        AreaPart { area: area("東部"), cells: vec![G, H] },
        AreaPart { area: area("中央"), cells: vec![D] },
    ];
    scene.study.area_cuts = vec![AreaCut { system: AreaSystem::Hokenjo, municipality: OTSU, parts }];
    scene
}

#[test]
fn whole_areas_that_cut_a_municipality_stand_together_unless_its_parts_are_units() {
    let scene = cut_scene();
    let kinds = |grouping: &Grouping| -> Vec<ConditionKind> {
        let rule = "id = \"x\"\nname = \"x\"\nstrength = \"hard\"\nasks = { kind = \"whole_areas\", system = \"保健所\" }";
        let rule: AskedRule = toml::from_str(rule).expect("a rule");
        let given = scene.given();
        let asked = Asked { rules: vec![rule], ..Asked::default() };
        let problem = asked.problem(&scene.facts(&given), grouping, &scene.demand()).expect("it fits");
        problem.conditions.into_iter().map(|Condition { kind, .. }| kind).collect()
    };
    let whole = |units: &[usize]| ConditionKind::Together { units: units.to_vec() };
    let municipalities = kinds(&Grouping::municipalities(&scene.study));
    assert_eq!(municipalities, [whole(&[0, 1, 3]), whole(&[1, 2])], "乙町 lies in both");
    let own = kinds(&grouping(&scene, &table(&scene, MIXED, "")));
    assert_eq!(own, [whole(&[0, 1]), whole(&[2, 3])], "乙南 lies in 中央, 乙北 in 東部");
}

#[test]
fn the_people_of_an_area_are_those_of_its_cells() {
    let scene = cut_scene();
    let study = &scene.study;
    let people = |name: &str| -> u32 {
        let areas = study.area_of_cells(AreaSystem::Hokenjo);
        let own =
            areas.iter().zip(&study.cells).filter(|(area, _)| area.is_some_and(|area| area.name == name));
        own.map(|(_, cell)| cell.population.total).sum()
    };
    assert_eq!(
        (people("中央保健所"), people("東部保健所")),
        (32 + 64 + 128 + 256, 512 + 1_024 + 2_048 + 4_096)
    );
    let all: u32 = study.cells.iter().map(|cell| cell.population.total).sum();
    assert_eq!(people("中央保健所") + people("東部保健所"), all, "nobody is lost");
    let names = |at: usize| -> Vec<&str> {
        study.areas_of(AreaSystem::Hokenjo, at).iter().map(|area| area.name.as_str()).collect()
    };
    assert_eq!(names(OTSU), ["東部保健所", "中央保健所"], "most people first");
    assert_eq!(names(KOU), ["中央保健所"]);
}

#[test]
fn parts_kept_together_cost_what_the_whole_municipality_costs() {
    let scene = Scene::lenient();
    let coarse = grouping(&scene, &table(&scene, "西部,甲市,,\n西部,丁島村,,\n", ""));
    let fine = grouping(&scene, &table(&scene, MIXED, ""));
    let mut fine = problem(&scene, &fine);
    let free = solve(&fine, None).expect("solved").certificate.objective.expect("a plan");
    fine.conditions.push(Condition {
        name: "乙町".to_owned(),
        kind: ConditionKind::Together { units: vec![1, 2] },
        strength: Strength::Hard,
    });
    let kept = solve(&fine, None).expect("solved").certificate.objective.expect("a plan");
    let whole =
        solve(&problem(&scene, &coarse), None).expect("solved").certificate.objective.expect("a plan");
    assert_eq!(kept, whole);
    assert!(free <= kept);
}
