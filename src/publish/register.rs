//! The register of institutions for review: who is in it and where each attribute comes from, which links
//! were made with which score, which were not made, and how far addresses lie from coordinates. The tables
//! of links come back with 判定 filled in (`identity_decisions`).

use crate::ingest::location_errors::LocationErrors;
use crate::ingest::review::{AddressCheck, DoubtfulPair, Link, Record};
use crate::ingest::study::{Capacity, Institution, Precision, RowOf, Stop, Study};
use crate::publish::PublishError;
use crate::publish::table::Table;
use std::collections::BTreeMap;
use std::path::Path;

/// Tables that are written, each as `.csv` and `.xlsx`.
pub const TABLES: [&str; 5] =
    ["施設の一覧", "名寄せの結び付き", "名寄せの確認", "所在地と座標の隔たり", "位置の誤差の実測"];

/// Words for 判定.
const CHOICES: [&str; 3] = ["同じ", "別", "保留"];

/// Writes all tables into a folder. The same study gives the same bytes.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_all(folder: &Path, study: &Study) -> Result<(), PublishError> {
    let tables = [institutions(study), links(study), doubtful(study), addresses(study), errors(study)];
    for (name, table) in TABLES.iter().zip(tables) {
        table.write(folder, &format!("{name}.csv"))?;
        let choices = table.header.iter().position(|head| head == "判定").map(|at| (at, &CHOICES[..]));
        table.write_workbook(folder, &format!("{name}.xlsx"), name, choices)?;
    }
    Ok(())
}

fn origin(study: &Study, row: RowOf) -> String {
    let input = &study.inputs[row.input];
    let date = input.date.as_deref().unwrap_or("時点不明");
    format!("{} {}行（{date}）", input.file, row.row)
}

fn origin_if(study: &Study, row: Option<RowOf>) -> String {
    row.map(|row| origin(study, row)).unwrap_or_default()
}

fn institutions(study: &Study) -> Table {
    let mut table = Table::new(&[
        "番号",
        "名称",
        "名称の資料",
        "所在地",
        "所在地の資料",
        "市区町村コード",
        "経度",
        "緯度",
        "位置の段階",
        "位置の誤差m",
        "位置の資料",
        "位置の訂正",
        "区分",
        "区分の資料",
        "病床数",
        "病床数の資料",
        "定員",
        "定員の資料",
        "状態",
        "状態の時点",
        "状態の資料",
    ]);
    let open = study.institutions.iter().map(|one| (one, None));
    let stopped = study.stopped.iter().map(|one| (&one.institution, Some(&one.stop)));
    let mut all: Vec<(&Institution, Option<&Stop>)> = open.chain(stopped).collect();
    all.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    table.rows = all.into_iter().map(|(one, stop)| institution(study, one, stop)).collect();
    table
}

fn institution(study: &Study, one: &Institution, stop: Option<&Stop>) -> Vec<String> {
    let origins = &one.origins;
    let degrees = |value: Option<f64>| value.map(|value| format!("{value:.6}")).unwrap_or_default();
    let class = |class: &String| match origins.classes.get(class) {
        Some(row) => format!("{class}: {}", origin(study, *row)),
        None => format!("{class}: ほかの区分・病床数から"),
    };
    let capacity = |(service, of): (&String, &Capacity)| format!("{service}: {}", origin(study, of.origin));
    let correction = one.correction.as_ref();
    vec![
        one.id.clone(),
        one.name.clone(),
        origin_if(study, origins.name),
        one.address.clone(),
        origin_if(study, origins.address),
        one.municipality.map(|at| study.municipalities[at].code.to_string()).unwrap_or_default(),
        degrees(one.position.map(geo::Point::x)),
        degrees(one.position.map(geo::Point::y)),
        level(one.precision).to_owned(),
        LocationErrors::shipped().metres(one.precision).map(|metres| metres.to_string()).unwrap_or_default(),
        origin_if(study, origins.position),
        correction.map(|by| format!("{}（{}、{}）", by.reason, by.by, by.date)).unwrap_or_default(),
        one.classes.iter().map(String::as_str).collect::<Vec<_>>().join("・"),
        one.classes.iter().map(class).collect::<Vec<_>>().join(" / "),
        one.beds.map(|beds| beds.to_string()).unwrap_or_default(),
        origin_if(study, origins.beds),
        one.capacities(),
        one.practice.capacities.iter().map(capacity).collect::<Vec<_>>().join(" / "),
        stop.map_or("休止・廃止を告げる資料なし", |stop| stop.kind.name()).to_owned(),
        stop.map(|stop| since(study, stop)).unwrap_or_default(),
        stop.map(|stop| origin(study, stop.source)).unwrap_or_default(),
    ]
}

/// Since when an institution has stopped, or when it was known to have.
fn since(study: &Study, stop: &Stop) -> String {
    let state = || study.inputs[stop.source.input].date.as_ref();
    stop.date.clone().or_else(|| state().map(|date| format!("{date} 現在"))).unwrap_or_default()
}

/// The Japanese word of a precision.
const fn level(precision: Precision) -> &'static str {
    match precision {
        Precision::Corrected => "位置の訂正",
        Precision::Point => "資料の座標",
        Precision::Block => "街区・番地",
        Precision::Chome => "丁目",
        Precision::Town => "大字・町",
        Precision::Municipality => "市区町村",
        Precision::Unlocated => "不明",
    }
}

const PAIR: [&str; 12] = [
    "判定",
    "記録A",
    "記録B",
    "点数",
    "理由",
    "名称A",
    "名称B",
    "所在地A",
    "所在地B",
    "資料A",
    "資料B",
    "備考",
];

fn pair(study: &Study, one: &Record, other: &Record, score: u8, reason: &str) -> Vec<String> {
    let of = |record: &Record| origin(study, RowOf { input: record.input, row: record.row });
    vec![
        String::new(),
        one.key.clone(),
        other.key.clone(),
        score.to_string(),
        reason.to_owned(),
        one.name.clone(),
        other.name.clone(),
        one.address.clone(),
        other.address.clone(),
        of(one),
        of(other),
        String::new(),
    ]
}

/// Links between records of two sources: the institution with what its first source says, and the record.
fn links(study: &Study) -> Table {
    let mut own: BTreeMap<&str, &Record> = BTreeMap::new();
    for Link { institution, record, .. } in &study.review.links {
        if *institution == record.key {
            own.entry(institution).or_insert(record);
        }
    }
    let mut table = Table::new(&PAIR);
    let made = study.review.links.iter().filter(|link| !link.reason.is_empty());
    table.rows = made
        .filter_map(|link| {
            let one = own.get(link.institution.as_str())?;
            Some(pair(study, one, &link.record, link.score, &link.reason))
        })
        .collect();
    table
}

fn doubtful(study: &Study) -> Table {
    let mut table = Table::new(&PAIR);
    let mut pairs: Vec<&DoubtfulPair> = study.review.doubtful.iter().collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.score));
    table.rows = pairs
        .into_iter()
        .map(|doubt| pair(study, &doubt.one, &doubt.other, doubt.score, &doubt.reason))
        .collect();
    table
}

fn addresses(study: &Study) -> Table {
    let by_id: BTreeMap<&str, &Institution> =
        study.institutions.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut table =
        Table::new(&["番号", "名称", "所在地", "所在地から分かる段階", "座標までm", "座標の資料"]);
    let row = |check: &AddressCheck| {
        let one = by_id.get(check.institution.as_str());
        vec![
            check.institution.clone(),
            one.map(|one| one.name.clone()).unwrap_or_default(),
            one.map(|one| one.address.clone()).unwrap_or_default(),
            level(check.precision).to_owned(),
            check.metres.map(|metres| format!("{metres:.0}")).unwrap_or_default(),
            study.inputs[check.input].file.clone(),
        ]
    };
    table.rows = study.review.address_checks.iter().map(row).collect();
    table
}

/// Distribution of the distance between address and coordinates by source and level.
fn errors(study: &Study) -> Table {
    let mut by_level: BTreeMap<(&str, Precision), Vec<f64>> = BTreeMap::new();
    for check in &study.review.address_checks {
        if let Some(metres) = check.metres {
            let file = study.inputs[check.input].file.as_str();
            for source in ["すべて", file] {
                by_level.entry((source, check.precision)).or_default().push(metres);
            }
        }
    }
    let mut table = Table::new(&[
        "座標の資料",
        "段階",
        "件数",
        "中央値m",
        "90%m",
        "95%m",
        "最大m",
        "表の誤差m",
        "表の誤差以内%",
    ]);
    for ((source, precision), mut metres) in by_level {
        metres.sort_by(f64::total_cmp);
        let quantile = |share: f64| metres[((metres.len() - 1) as f64 * share).round() as usize];
        let limit = LocationErrors::shipped().metres(precision);
        let within = limit.map(|limit| metres.iter().filter(|one| **one <= f64::from(limit)).count());
        let percent = within.map(|within| format!("{:.1}", within as f64 * 100.0 / metres.len() as f64));
        table.rows.push(vec![
            source.to_owned(),
            level(precision).to_owned(),
            metres.len().to_string(),
            format!("{:.0}", quantile(0.5)),
            format!("{:.0}", quantile(0.9)),
            format!("{:.0}", quantile(0.95)),
            format!("{:.0}", quantile(1.0)),
            limit.map(|limit| limit.to_string()).unwrap_or_default(),
            percent.unwrap_or_default(),
        ]);
    }
    table
}
