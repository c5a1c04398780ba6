use super::sheet::{Cell, NOT_LOADED};
use super::*;
use crate::publish::sample;
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;

fn open(summary: &Summary) -> Xlsx<Cursor<Vec<u8>>> {
    let bytes = workbook(summary, &sample::findings()).unwrap();
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

/// The value under a head in the first row whose first cells are `key`.
fn value(range: &Range<Data>, key: &[&str], head: &str) -> String {
    let absolute = |row: usize, col: usize| range.get((row, col)).map_or(String::new(), ToString::to_string);
    let width = range.width();
    let col = (0..width).find(|&col| absolute(3, col) == head).unwrap_or_else(|| panic!("no head {head}"));
    let row = (4..range.height())
        .find(|&row| key.iter().enumerate().all(|(col, key)| absolute(row, col) == *key))
        .unwrap_or_else(|| panic!("no row {key:?}"));
    absolute(row, col)
}

#[test]
fn the_sheets_stand_in_order_with_one_for_each_plan() {
    assert_eq!(
        open(&sample::summary()).sheet_names(),
        [
            "はじめに",
            "市町村",
            "区域",
            "人口の推移",
            "不足地域",
            "到達人口",
            "圏域案の比較",
            "洪水浸水",
            "浸水する施設",
            "案1 二次医療圏",
            "案2 提案：市町村を組み合わせる",
            "指標例",
            "医療機能の担い手",
            "人口当たりの数",
            "適合状況",
            "最適性の証明",
            "データの質",
            "入力ファイル",
            "所見",
        ]
    );
}

#[test]
fn figures_stand_where_their_heads_say() {
    let mut book = open(&sample::summary());
    let mut sheet = |name: &str| book.worksheet_range(name).unwrap();
    let municipalities = sheet("市町村");
    assert_eq!(value(&municipalities, &["99301"], "市町村"), "山奥村");
    assert_eq!(value(&municipalities, &["99301"], "75歳以上"), "150");
    assert_eq!(value(&municipalities, &["99301"], "訪問診療の需要 2040年度"), "43.125");
    let areas = sheet("区域");
    assert_eq!(value(&areas, &["医師会", "見本医師会"], "75歳以上"), "1900");
    assert_eq!(value(&areas, &["医師会", "見本医師会"], "一部が入る市町村"), "山奥村");
    let years = sheet("人口の推移");
    assert_eq!(value(&years, &["99201", "見本市", "2015"], "75歳以上"), "1500");
    assert_eq!(value(&years, &["99201", "見本市", "2015"], "85歳以上"), "未登録");
    assert_eq!(value(&sheet("洪水浸水"), &["想定最大規模", "99201"], "うち0.5m以上の人口"), "45.5");
    assert_eq!(value(&sheet("浸水する施設"), &["想定最大規模"], "浸水深"), "0.5m以上3.0m未満");
    let gaps = sheet("不足地域");
    assert_eq!(value(&gaps, &["在支診・在支病", "なし"], "市町村"), "山奥村");
    let coverage = sheet("到達人口");
    assert_eq!(value(&coverage, &["在支診・在支病", "車で30分以内"], "75歳以上"), "1850");
    let comparison = sheet("圏域案の比較");
    assert_eq!(value(&comparison, &["圏域内の24時間対応施設から30分以内の需要"], "二次医療圏"), "0.875");
    assert_eq!(value(&comparison, &["判定が「不適合」の項目数"], "二次医療圏"), "1");
    let zones = sheet("案1 二次医療圏");
    assert_eq!(value(&zones, &["全域"], "市町村"), "見本市、山奥村");
    assert_eq!(value(&zones, &["全域"], "需要の最大値"), "1543.125");
    assert_eq!(value(&zones, &["全域"], "適合状況"), "適合：連続性\n不明：積極的医療機関");
    let note = zones.get((2, 0)).unwrap().to_string();
    assert!(note.ends_with("積極的役割を担う医療機関の指定ではありません。"), "{note}");
    let audit = sheet("適合状況");
    assert_eq!(value(&audit, &["二次医療圏", "全体", "連携拠点"], "判定"), "不適合");
    let fire = ["二次医療圏", "全体", "消防本部との対応"];
    assert_eq!(value(&audit, &fire, "判定"), "参考", "no rule says that it may not be divided");
    let reason = "2のうち1が分かれます: 見本消防（全域）。1市町村の区域は不明です";
    assert_eq!(value(&audit, &fire, "理由"), reason);
    let proof = sheet("最適性の証明");
    assert_eq!(
        value(&proof, &["提案：市町村を組み合わせる", "案全体", "残差（目的値に対する割合）"], "内容"),
        "0"
    );
    let inputs = sheet("入力ファイル");
    assert_eq!(value(&inputs, &["地方厚生局 届出受理医療機関名簿"], "除外行数"), "1");
}

#[test]
fn what_is_not_loaded_is_said_so_and_never_a_number() {
    let mut book = open(&sample::summary());
    let mut sheet = |name: &str| book.worksheet_range(name).unwrap();
    assert_eq!(value(&sheet("市町村"), &["99201"], "訪問看護"), "未登録");
    assert_eq!(value(&sheet("不足地域"), &["訪問看護"], "75歳以上人口"), "未登録");
    assert_eq!(value(&sheet("到達人口"), &["訪問看護", "直線16 km以内"], "人口に占める割合"), "未登録");
    let comparison = sheet("圏域案の比較");
    assert_eq!(value(&comparison, &["積極的役割を担う医療機関（一覧）"], "二次医療圏"), "未登録");
    assert_eq!(value(&comparison, &["分かれる区域の数：保健所"], "二次医療圏"), "未登録");
    let fire = value(&comparison, &["分かれる区域の数：消防本部"], "二次医療圏");
    assert_eq!(fire, "1以上（1市町村の区域は不明）");
}

#[test]
fn those_who_bear_a_function_are_named_by_the_rule_and_counted_per_people() {
    let mut book = open(&sample::summary());
    let bearers = book.worksheet_range("医療機能の担い手").unwrap();
    let key = ["二次医療圏", "全域", "③急変時の対応", "不明", "在支診・在支病"];
    // Twelve in one municipality, none in the other; two names are shown, the better class first.
    assert_eq!(value(&bearers, &key, "数"), "12");
    assert_eq!(value(&bearers, &key, "名称"), "見本第二医院、見本第一医院、ほか10か所");
    assert_eq!(value(&bearers, &[&key[..4], &["訪問看護"]].concat(), "名称"), "未登録");
    assert!(bearers.get((2, 0)).unwrap().to_string().contains("実績（件数）ではありません"));
    let rates = book.worksheet_range("人口当たりの数").unwrap();
    let key = ["二次医療圏", "全域", "③急変時の対応", "在支診・在支病"];
    let rate = |head: &str| -> f64 { value(&rates, &key, head).parse().unwrap() };
    assert!((rate("人口10万人当たり") - 12.0 / 12_345.0 * 100_000.0).abs() < 1e-9);
    assert!((rate("75歳以上10万人当たり") - 600.0).abs() < 1e-9);
    assert_eq!((rate("全国（人口10万人当たり）"), rate("都道府県の最大")), (11.0, 21.3));
    assert_eq!(value(&rates, &[&key[..3], &["訪問看護"]].concat(), "全国（人口10万人当たり）"), "公表値なし");
}

#[test]
fn none_loaded_and_none_there_are_different_cells() {
    let sheet = study::municipalities(&sample::summary());
    let village = &sheet.rows[1];
    assert_eq!(village[8..10], [Cell::Count(0), NOT_LOADED]);
}

#[test]
fn an_invented_prefecture_says_so_on_every_sheet_and_a_real_one_on_none() {
    let invented = sample::summary();
    let mut real = sample::summary();
    real.study.invented = false;
    for (summary, expected) in [(invented, true), (real, false)] {
        let mut book = open(&summary);
        for (name, range) in book.worksheets() {
            let caption = range.get((1, 0)).unwrap().to_string();
            assert_eq!(caption.contains("架空の県"), expected, "{name}: {caption}");
        }
    }
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let mut book = open(&sample::summary());
    let findings = book.worksheet_range("所見").unwrap();
    assert_eq!(value(&findings, &["除外"], "記載"), "=見本市どこか1-2");
    assert_eq!(book.worksheet_formula("所見").unwrap().used_cells().count(), 0);
}

#[test]
fn every_status_of_the_solver_is_said_in_words() {
    use crate::zoning::certificate::Status;
    let said = |status: Status| words::status(status.as_str()).to_owned();
    assert_eq!(said(Status::Optimal), "最適であることを証明済み");
    assert_eq!(said(Status::Infeasible), "条件を満たす案がないことを証明済み");
    assert_eq!(said(Status::NodeLimit), "場合分けの上限に達して中断（証明は未完了）");
}

#[test]
fn a_long_text_is_cut_to_what_a_cell_holds() {
    let mut findings = sample::findings();
    findings.findings[0].said = "あ".repeat(40_000);
    let bytes = workbook(&sample::summary(), &findings).unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let said = value(&book.worksheet_range("所見").unwrap(), &["除外"], "記載");
    assert_eq!(said.chars().count(), 32_767);
    assert!(said.ends_with('…'));
}

#[test]
fn plans_of_long_and_odd_names_have_sheets_of_their_own() {
    let mut summary = sample::summary();
    for plan in &mut summary.plans {
        plan.name = "県北[山間部]と県南/沿岸部を分けて、離島は別の圏域とする案".to_owned();
    }
    let names = open(&summary).sheet_names();
    assert_eq!(names[9], "案1 県北・山間部・と県南・沿岸部を分けて、離島は別の圏域とす");
    assert_eq!(names[10], "案2 県北・山間部・と県南・沿岸部を分けて、離島は別の圏域とす");
}

#[test]
fn a_table_without_rows_says_so() {
    let mut summary = sample::summary();
    summary.gaps.clear();
    let range = open(&summary).worksheet_range("不足地域").unwrap();
    assert_eq!(range.get((4, 0)).unwrap().to_string(), "該当なし");
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    let write = || workbook(&sample::summary(), &sample::findings()).unwrap();
    let first = write();
    std::thread::sleep(std::time::Duration::from_millis(2_100)); // times in a zip have two seconds' step
    assert!(first == write());
}

#[test]
fn every_rule_of_the_table_has_a_japanese_name_and_an_unknown_one_stays() {
    for id in ["partition", "contiguous", "active", "linkage", "active_is_medical"] {
        assert!(!words::rule(id).is_ascii(), "{id}");
    }
    assert_eq!(words::rule("contiguous"), "圏域が地続き");
    assert_eq!(words::rule("new_rule"), "new_rule");
}

#[test]
fn every_rule_of_the_checker_has_a_japanese_name_and_an_unknown_one_stays() {
    use crate::zoning::checker::Rule;
    let rules = [
        Rule::Partition,
        Rule::ZoneCount,
        Rule::Contiguity,
        Rule::LeadCandidate,
        Rule::LeadInside,
        Rule::Travel,
        Rule::Demand,
        Rule::Resource("連携拠点の候補".to_owned()),
    ];
    for rule in rules {
        assert!(!words::check(rule.as_str()).is_ascii(), "{}", rule.as_str());
    }
    assert_eq!(words::check("lead_inside"), "中心が圏域の中にある");
    assert_eq!(words::check("new_rule"), "new_rule");
}

#[test]
fn a_finding_says_its_kind_in_japanese_and_its_file_without_folders() {
    let mut findings = sample::findings();
    findings.findings[0].file = "../../../files/address/towns.csv".to_owned();
    findings.findings[0].kind = "bad_town_row".to_owned();
    let bytes = workbook(&sample::summary(), &findings).unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("所見").unwrap();
    assert_eq!(value(&range, &["除外"], "ファイル"), "towns.csv");
    assert_eq!(value(&range, &["除外"], "種別"), "読めない行");
    assert_eq!(words::finding("new_kind"), "new_kind");
}

#[test]
fn files_of_one_name_are_told_apart_by_their_folders() {
    let files =
        ["R6/名簿.xlsx", "R7/名簿.xlsx", "名簿.xlsx", "x\\R7\\町.csv", "y\\R7\\町.csv", "../a/b.csv", ""];
    let names = words::FileNames::of(files);
    let expected =
        ["R6/名簿.xlsx", "R7/名簿.xlsx", "名簿.xlsx", "x\\R7\\町.csv", "y\\R7\\町.csv", "b.csv", ""];
    assert_eq!(files.map(|file| names.name(file)), expected);
}

#[test]
fn a_row_of_the_checker_names_the_zone_it_judged() {
    let mut summary = sample::summary();
    let certificate = summary.plans[1].certificate.as_mut().unwrap();
    certificate.checker[0].rule = "travel".to_owned();
    certificate.checker[0].clause = "圏域3".to_owned();
    let proof = open(&summary).worksheet_range("最適性の証明").unwrap();
    let found = proof.rows().any(|row| row[1] == "圏域3" && row[2] == "独立した検査：中心からの所要時間");
    assert!(found);
}

#[test]
fn the_zones_of_a_plan_print_one_page_wide() {
    let summary = sample::summary();
    assert_eq!(plans::zones(1, &summary.plans[0], &summary).pages_wide(), 1);
}
