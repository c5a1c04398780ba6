//! What the tables mean and rest on: every column, formula, source and tag.

use super::DemandResults;
use crate::access::capacity::CapacityTable;
use crate::demand::rates::class as age_class;
use crate::demand::workforce::{Profession, WorkforceScenario};
use crate::publish::attributions::attributions;
use crate::publish::words::{UNKNOWN, decimal};

/// `README.txt`.
pub(super) fn readme(results: &DemandResults<'_>) -> String {
    let parts = [
        opening(results),
        columns(),
        layers(results),
        cohorts(results),
        workforce(results),
        sources(results),
    ];
    format!("\u{feff}{}", parts.join("\n"))
}

fn opening(results: &DemandResults<'_>) -> String {
    let study = results.study;
    let invented = if study.invented { "（架空の県の見本）" } else { "" };
    let years = results.outlook.layers.first().map(|layer| layer.years.keys());
    let ends = years
        .and_then(|mut years| Some((*years.next()?, years.next_back().copied())))
        .map_or_else(String::new, |(first, last)| format!("{first}–{}年", last.unwrap_or(first)));
    format!(
        "{}{invented}　在宅医療の需要と担い手の見通し（{ends}、施設 {}、人口 {}年国勢調査と将来推計）\n\
         CSV は UTF-8（BOM付き）で、Excel でそのまま開けます。\n\
         「不明」は判定に必要なファイルや率がないこと、または推計の外の年であること。0 とは別です。\n\
         区分: V 原典で確認、D 計算で導いた値、M 記憶による値（要確認）、A 計画上の仮定。\n\
         どの圏域の値も市区町村の値の和で、どの分け方でも県の合計は同じです。\n",
        study.prefecture_name, study.as_of, study.census_year
    )
}

fn columns() -> String {
    "■ 列\n\
     demand.csv  層ごと・圏域ごと・年ごとの需要。低・中・高は仮定の幅、中のうち85歳以上は別掲。\n\
     peaks.csv  中の需要が最も多い年（同じ値なら最初の年）とその値。分かる年の中で比べる。\n\
     cohorts.csv  県独自の患者数の表による人数。1–9人は「1–9」とし、合計から逆算できないように別の市区町村も「秘匿」にする（補完秘匿）。秘匿を含む圏域の合計は、示した値だけから言える「○以上」で示す。\n\
     \u{3000}市区町村が一つだけの圏域の合計がほかで公表されている場合、その市区町村の人数は守れません。圏域案（--plan）を変えて作った表を並べて公表すると守れないことがあります。\n\
     needs.csv  県独自の表（own_figures）の「訪問看護の必要量」のような指標と、同じ年・同じ圏域の需要。単位が違うものは比べない。登録がなければ行はない。\n\
     workforce.csv  担い手の仮定ごとの提供量と需要。提供量は機関のある市区町村に置き、圏域の外から来る分は見ていない。届出や事業所の数から置いた提供の体制で、実績ではない。\n\
     shortfalls.csv  提供量が需要を下回る最初の年。高・低は需要の幅の高・低に対する年（余力の仮定では、今の需要も高・低のものとする）。\n"
        .to_owned()
}

fn layers(results: &DemandResults<'_>) -> String {
    let rates = &results.tables.layers.rates;
    let mut text = format!("■ 層の式と出典（{}現在の表 {}）\n", rates.as_of, rates.file);
    for layer in &results.outlook.layers {
        text += &format!(
            "{}（{}、{}）: {}〔{}〕{}\n",
            layer.id, layer.name_en, layer.unit, layer.formula, layer.tag, layer.source
        );
        let table = rates.layers.iter().find(|table| table.id == layer.id);
        for rate in table.iter().flat_map(|table| &table.ages) {
            let ages = age_class(rate.from, rate.to);
            text += &format!("- {ages}: 低 {}、中 {}、高 {}\n", rate.low, rate.mid, rate.high);
        }
    }
    let weights = &results.tables.layers.weights;
    text += &format!(
        "訪問診療の重み ρ: 65歳未満{}、65–74歳{}、75–84歳{}、85歳以上{}〔{}〕\n",
        weights.age_under_65, weights.age_65_74, weights.age_75_84, weights.age_85_plus, weights.tag
    );
    for one in &results.tables.layers.scenarios.scenarios {
        text += &format!("訪問診療の幅: {}〔{}〕{}\n", one.name, one.tag, one.source);
    }
    text += "人口: 将来推計人口メッシュがあればその年齢別人口（推計年の間は直線）。なければ国勢調査の年齢別人口に、市区町村の将来推計人口の65歳未満・65歳以上それぞれの伸びを掛ける（65歳以上の中の年齢の構成は変わらないとする）。訪問診療の配分では65歳未満の伸びを見ない。\n";
    text
}

fn cohorts(results: &DemandResults<'_>) -> String {
    let mut text =
        "■ 県独自の患者数（study.toml の kind = \"cohort_counts\"、列は 区分・市区町村コード・年・人数）\n"
            .to_owned();
    for cohort in &results.outlook.cohorts {
        let years: Vec<String> = cohort.years.keys().map(u16::to_string).collect();
        let years = if years.is_empty() { UNKNOWN.to_owned() } else { years.join("、") };
        text += &format!("{}: {years}\n", cohort.id);
    }
    text += "数えた年だけを示し、間の年や将来の年は推計していません。\n";
    text
}

fn workforce(results: &DemandResults<'_>) -> String {
    let (table, capacities) = (&results.tables.workforce, &results.tables.capacities);
    let mut text = format!("■ 担い手の前提（{}現在の表 {}）\n", table.as_of, table.file);
    for profession in &table.professions {
        let each = capacity_of(profession, capacities);
        text += &format!("{}: {each}〔{}〕{}\n", profession.id, profession.tag, profession.source);
        for class in &profession.ages {
            text += &format!("- {} {}\n", age_class(class.from, Some(class.to)), class.share);
        }
        if !profession.ages.is_empty() {
            text += &format!("- 年齢の出典〔{}〕{}\n", profession.ages_tag, profession.ages_source);
        }
    }
    for class in &capacities.classes {
        text +=
            &format!("提供量の仮定 {}: 医師{}人〔{}〕{}\n", class.id, class.doctors, class.tag, class.source);
    }
    for (future, of) in table.scenarios.iter().zip(&results.outlook.balances) {
        let course = course_of(future);
        let nowhere = decimal(of.supply.nowhere, 1);
        text += &format!(
            "{}（{}）: {course}〔{}〕{}。市区町村の分からない機関の提供量 {nowhere} はどの圏域にも入れていない\n",
            future.name, future.profession, future.tag, future.source
        );
    }
    text
}

/// What the institutions of a profession can give.
pub(super) fn capacity_of(profession: &Profession, capacities: &CapacityTable) -> String {
    let each = profession.per_institution.map_or_else(
        || {
            format!(
                "capacities.toml（医師1人 月{}件〔{}〕{}）",
                capacities.receipts_per_doctor, capacities.tag, capacities.source
            )
        },
        |value| format!("1か所 {value}"),
    );
    format!("{}の機関の提供量で{}の需要に応える。{each}", profession.service, profession.layer)
}

/// How capacity goes on under a scenario.
pub(super) fn course_of(future: &WorkforceScenario) -> String {
    let today = future.reserve.map_or_else(
        || "届出や事業所の数からの提供量".to_owned(),
        |reserve| format!("施設の年の需要×(1＋{reserve})"),
    );
    let left = match (future.yearly_change, future.retirement_age) {
        (Some(change), _) => format!("(1＋{change})^(t−施設の年)"),
        (None, age) => format!(
            "(1−(1−{})×引退した割合)、{}歳で引退、すでに超えた人は{}年の間に一様に引退",
            future.replaced.unwrap_or_default(),
            age.unwrap_or_default(),
            future.older_leave_years.unwrap_or_default()
        ),
    };
    format!("提供量(t)＝{today}×{left}")
}

fn sources(results: &DemandResults<'_>) -> String {
    let mut text = "■ 入力ファイル\n".to_owned();
    for input in &results.study.inputs {
        let date = input.date.as_deref().unwrap_or("日付の記載なし");
        text += &format!("{}（{date}）SHA-256 {}\n", input.file, input.sha256);
    }
    text += "■ 出典\n";
    for source in attributions(results.study) {
        text += &format!("{source}\n");
    }
    text
}
