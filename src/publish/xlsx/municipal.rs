//! A workbook for one municipality: what a prefecture gives it for its own plans of home and emergency care
//! (A–F of 提供する情報の例). What no file tells is 未登録; counts of patients are those of `summary.json`,
//! where small ones are hidden.

use super::indicators::{self, exact};
use super::sheet::{Cell, NOT_LOADED, Sheet, column};
use super::study::{PEOPLE, people};
use super::words;
use crate::ingest::study::{Institution, Study};
use crate::publish::summary::{
    IndicatorArea, IndicatorFigures, ListCell, ListTable, MunicipalityFigures, PopulationYear, Summary,
};

/// What a municipality is to be given, and the words of the names of indicators that are of it.
struct Topic {
    letter: &'static str,
    title: &'static str,
    words: &'static [&'static str],
}

/// Those of which only figures can tell; the first that fits takes an indicator, the last one all others.
const TOPICS: [Topic; 5] = [
    Topic { letter: "B", title: "救急搬送困難事案", words: &["搬送困難"] },
    Topic {
        letter: "C", title: "在宅・高齢者施設等からの搬送件数", words: &["搬送", "出動"]
    },
    Topic {
        letter: "E", title: "死亡者数・死亡場所等の人口動態", words: &["死", "看取り"]
    },
    Topic {
        letter: "D",
        title: "診療報酬・介護報酬の算定状況",
        words: &[
            "算定",
            "レセプト",
            "診療",
            "訪問",
            "往診",
            "看護",
            "退院",
            "薬剤",
            "歯科",
            "リハ",
            "短期入所",
        ],
    },
    Topic { letter: "他", title: "その他の指標", words: &[] },
];

/// Lists of rules for emergencies.
const RULES: [&str; 2] = ["night_calls", "emergency_tools"];

/// The sheets for the municipality at a position of the table.
pub fn sheets(summary: &Summary, study: &Study, at: usize) -> Vec<Sheet> {
    let Some(one) = summary.municipality_table.get(at) else { return Vec::new() };
    let mut sheets = vec![
        contents(summary, study, one),
        population(summary, one),
        zones(summary, one),
        institutions(study, one, at),
        filings(summary, one),
        figures(summary, one),
    ];
    sheets.extend(summary.own_lists.iter().filter_map(|table| list(table, one)));
    sheets
}

/// Units of those that count institutions: how many there are tells nothing of what was claimed.
const INSTITUTIONS: [&str; 7] = ["か所", "ヶ所", "カ所", "箇所", "施設", "機関", "事業所"];

/// Of which topic an indicator is.
fn topic(indicator: &IndicatorFigures) -> &'static Topic {
    if INSTITUTIONS.iter().any(|unit| indicator.unit.contains(unit)) {
        return &TOPICS[TOPICS.len() - 1];
    }
    let is = |topic: &&Topic| topic.words.iter().any(|word| indicator.name.contains(word));
    TOPICS.iter().find(is).unwrap_or(&TOPICS[TOPICS.len() - 1])
}

/// Indicators that tell of the municipality, by topic.
fn told<'a>(
    summary: &'a Summary,
    one: &'a MunicipalityFigures,
    of: &'a Topic,
) -> impl Iterator<Item = &'a IndicatorFigures> {
    let is_told = |indicator: &&IndicatorFigures| {
        let is_known = |area: &&IndicatorArea| area.value.state != "unknown";
        indicator.areas.iter().filter(is_known).any(|area| area.municipalities.contains(&one.code))
    };
    summary.indicators.iter().filter(move |indicator| std::ptr::eq(topic(indicator), of)).filter(is_told)
}

fn contents(summary: &Summary, study: &Study, one: &MunicipalityFigures) -> Sheet {
    let row = |letter: &str, what: &str, state: Cell, place: &str| {
        vec![Cell::text(letter), Cell::text(what), state, Cell::text(place)]
    };
    let loaded = |is: bool| if is { Cell::text("あり") } else { NOT_LOADED };
    let has_rules = summary.own_lists.iter().any(|table| RULES.contains(&table.id.as_str()));
    let mut rows = vec![
        row(
            "A",
            "在宅医療及び救急医療に対応する医療機関の情報",
            loaded(!study.loaded_classes.is_empty()),
            "医療機関等",
        ),
        row(
            "D",
            "届出から見た担い手（算定の実績ではありません）",
            loaded(one.bearers.values().any(Option::is_some)),
            "届出の状況",
        ),
    ];
    for of in &TOPICS[..TOPICS.len() - 1] {
        rows.push(row(of.letter, of.title, loaded(told(summary, one, of).next().is_some()), "指標"));
    }
    rows.push(row("F", "夜間・休日の受付のルール、救急時のツール", loaded(has_rules), "一覧ごとのシート"));
    rows.push(row(
        "F",
        "傷病者の搬送及び受入れの実施に関する基準、協議の内容",
        NOT_LOADED,
        "文書のため、このブックには入りません",
    ));
    rows.sort_by(|one, other| text_of(&one[0]).cmp(text_of(&other[0])));
    rows.extend(summary.attributions.iter().map(|text| row("", text, Cell::text("出典の表示"), "")));
    Sheet {
        name: "はじめに".to_owned(),
        title: format!("{}に提供する在宅医療・救急医療の資料", one.name),
        columns: vec![
            column("区分", 8.0),
            column("内容", 70.0),
            column("状態", 14.0),
            column("シート", 40.0),
        ],
        note: "区分は国の手引き「提供する情報の例」の A–F。「未登録」は資料が登録されていないことを示し、0ではありません。",
        keys: 0,
        rows,
    }
}

fn text_of(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        _ => "",
    }
}

fn population(summary: &Summary, one: &MunicipalityFigures) -> Sheet {
    let mut columns = vec![column("年", 8.0), column("区分", 24.0)];
    columns.extend(PEOPLE.map(|head| column(head, 12.0)));
    columns.push(column(format!("訪問診療の需要（{}）", summary.demand.unit), 20.0));
    let census = summary.population.year;
    let mut census_row = vec![Cell::Year(census), Cell::text("国勢調査（メッシュ）")];
    census_row.extend(people(one.population));
    census_row.push(Cell::text(""));
    let mut rows = vec![census_row];
    let is_later = |row: &&PopulationYear| row.code == one.code && (row.projected || row.year != census);
    for row in summary.population_by_year.iter().filter(is_later) {
        let known = |people: Option<u32>| people.map_or(NOT_LOADED, |people| Cell::Count(people.into()));
        let of = &row.people;
        rows.push(vec![
            Cell::Year(row.year),
            Cell::text(if row.projected {
                "社人研 将来推計"
            } else {
                "国勢調査（メッシュ）"
            }),
            Cell::Count(of.total.into()),
            Cell::Count(of.age_65_plus.into()),
            known(of.age_75_plus),
            known(of.age_85_plus),
            Cell::text(""),
        ]);
    }
    for year in &summary.demand.official_years {
        let mut row = vec![Cell::Year(*year), Cell::text("需要推計")];
        row.extend([Cell::text(""), Cell::text(""), Cell::text(""), Cell::text("")]);
        row.push(one.demand.get(year).copied().map_or(NOT_LOADED, Cell::Decimal));
        rows.push(row);
    }
    Sheet {
        name: "人口と需要".to_owned(),
        title: format!("{}の人口と訪問診療の需要", one.name),
        columns,
        note: "",
        keys: 2,
        rows,
    }
}

fn zones(summary: &Summary, one: &MunicipalityFigures) -> Sheet {
    let mut rows = Vec::new();
    for plan in &summary.plans {
        let Some(zone) = plan.zones.iter().find(|zone| zone.municipalities.contains(&one.code)) else {
            continue;
        };
        let others: Vec<_> = zone.municipalities.iter().copied().filter(|code| *code != one.code).collect();
        let words = [&format!("圏域案 {}", plan.name), &zone.name, &words::names(&others, summary)];
        rows.push(words.map(Cell::text).to_vec());
    }
    for area in &summary.areas {
        let is_part = area.parts_of.contains(&one.code);
        if !is_part && !area.municipalities.contains(&one.code) {
            continue;
        }
        let all = area.municipalities.iter().chain(&area.parts_of).copied();
        let others: Vec<_> = all.filter(|code| *code != one.code).collect();
        let name = if is_part { format!("{}（一部）", area.name) } else { area.name.clone() };
        rows.push([&area.system, &name, &words::names(&others, summary)].map(Cell::text).to_vec());
    }
    Sheet {
        name: "圏域と区域".to_owned(),
        title: format!("{}が属する圏域と区域", one.name),
        columns: vec![column("区分", 34.0), column("名称", 24.0), column("同じ圏域・区域の市町村", 70.0)],
        note: "",
        keys: 1,
        rows,
    }
}

fn institutions(study: &Study, one: &MunicipalityFigures, at: usize) -> Sheet {
    let row = |of: &Institution, state: &str| {
        vec![
            Cell::text(of.id.as_str()),
            Cell::text(of.name.as_str()),
            Cell::text(of.address.as_str()),
            Cell::text(of.classes.iter().map(String::as_str).collect::<Vec<_>>().join("・")),
            of.beds.map_or(Cell::Absent("不明"), |beds| Cell::Count(beds.into())),
            Cell::text(of.capacities()),
            Cell::text(words::precision(of.precision)),
            Cell::text(state),
        ]
    };
    let here = |of: &&Institution| of.municipality == Some(at);
    let open = study.institutions.iter().filter(here).map(|of| row(of, ""));
    let stopped = study.stopped.iter().filter(|of| of.institution.municipality == Some(at));
    let stopped = stopped.map(|of| row(&of.institution, of.stop.kind.name()));
    Sheet {
        name: "医療機関等".to_owned(),
        title: format!("{}の医療機関・訪問看護・介護事業所（A）", one.name),
        columns: vec![
            column("番号", 16.0),
            column("名称", 36.0),
            column("所在地", 44.0),
            column("種類・届出", 50.0),
            column("病床数", 8.0),
            column("定員", 30.0),
            column("位置の確かさ", 16.0),
            column("休止・廃止", 10.0),
        ],
        note: "所在する市町村の分からない施設は入りません。届出は体制であり、実績ではありません。",
        keys: 2,
        rows: open.chain(stopped).collect(),
    }
}

fn filings(summary: &Summary, one: &MunicipalityFigures) -> Sheet {
    let mut rows = Vec::new();
    for function in &summary.functions {
        for part in &function.parts {
            let bearers = one.bearers.get(&part.id).and_then(Option::as_ref);
            let names = bearers.map(|all| {
                let named: Vec<&str> = all.named.iter().map(|one| one.name.as_str()).collect();
                let left = all.count.saturating_sub(named.len() as u64);
                let more = if left > 0 { format!("、ほか{left}か所") } else { String::new() };
                Cell::text(format!("{}{more}", named.join("、")))
            });
            rows.push(vec![
                Cell::text(function.name.as_str()),
                Cell::text(part.id.as_str()),
                Cell::count(bearers.map(|all| all.count)),
                names.unwrap_or(NOT_LOADED),
                Cell::text(part.source.as_str()),
            ]);
        }
    }
    Sheet {
        name: "届出の状況".to_owned(),
        title: format!("{}の四つの医療機能の担い手（届出・指定による、D）", one.name),
        columns: vec![
            column("医療機能", 18.0),
            column("担い手", 26.0),
            column("数", 8.0),
            column("名称", 60.0),
            column("数え方", 50.0),
        ],
        note: "届出は体制であり、実績ではありません。",
        keys: 2,
        rows,
    }
}

fn figures(summary: &Summary, one: &MunicipalityFigures) -> Sheet {
    let mut rows = Vec::new();
    for of in &TOPICS {
        let before = rows.len();
        for indicator in told(summary, one, of) {
            for area in indicator.areas.iter().filter(|area| area.municipalities.contains(&one.code)) {
                let mut row = vec![Cell::text(of.letter), Cell::text(of.title)];
                row.extend(indicators::head(indicator));
                row.extend([Cell::text(area.name.as_str()), indicators::value(&area.value)]);
                row.extend([indicators::per_old(&area.value), Cell::text(indicator.source.as_str())]);
                rows.push(row);
            }
        }
        if rows.len() == before && !of.words.is_empty() {
            let mut row = vec![Cell::text(of.letter), Cell::text(of.title), NOT_LOADED];
            row.resize(columns().len(), Cell::text(""));
            rows.push(row);
        }
    }
    rows.sort_by(|one, other| text_of(&one[0]).cmp(text_of(&other[0])));
    Sheet {
        name: "指標".to_owned(),
        title: format!("{}の指標（B–E）", one.name),
        columns: columns(),
        note: indicators::NOTE,
        keys: 3,
        rows,
    }
}

fn columns() -> Vec<super::sheet::Column> {
    let mut columns = vec![column("区分", 8.0), column("内容", 26.0)];
    columns.extend(indicators::columns());
    columns.extend([
        column("市町村・保険者", 22.0),
        column("値", 12.0),
        column(indicators::PER_OLD, 16.0),
        column("出典", 40.0),
    ]);
    columns
}

/// Columns in which a list names municipalities.
const PLACES: [&str; 4] = ["市町村", "地域", "所在地の市町村", "担当の市町村"];

/// The rows of one of the prefecture's lists that are of the municipality; `None` = the list does not tell of
/// municipalities.
fn list(table: &ListTable, one: &MunicipalityFigures) -> Option<Sheet> {
    let at = |head: &str| table.columns.iter().position(|column| column == head);
    let says = |row: &[ListCell], at: usize, allowed: &[&str]| match row.get(at) {
        Some(ListCell::Text(text)) => text.split('、').any(|part| allowed.contains(&part)),
        _ => false,
    };
    let (code, name) = (one.code.as_str(), one.name.as_str());
    let place = at("圏域").or_else(|| at("市町村・圏域"));
    let (columns, allowed): (Vec<usize>, Vec<&str>) = match (at("コード"), at("圏域案").zip(place)) {
        (Some(column), _) => (vec![column], vec![code]),
        (None, Some((_, place))) => (vec![place], vec![name]),
        (None, None) => (PLACES.into_iter().filter_map(at).collect(), vec![name, "全域"]),
    };
    if columns.is_empty() {
        return None;
    }
    let plan = at("圏域案").filter(|_| at("コード").is_none());
    let is_here = |row: &&Vec<ListCell>| {
        plan.is_none_or(|plan| says(row, plan, &["市町村ごと", "市町村"]))
            && columns.iter().any(|at| says(row, *at, &allowed))
    };
    let cell = |cell: &ListCell| match cell {
        ListCell::Number(number) => exact(*number),
        ListCell::Text(text) => Cell::text(text.as_str()),
        ListCell::Unknown(()) => Cell::Absent("不明"),
    };
    Some(Sheet {
        name: table.title.chars().take(31).collect(),
        title: format!("{}（{name}）", table.title),
        columns: table.columns.iter().map(|head| column(head.as_str(), 20.0)).collect(),
        note: "",
        keys: 0,
        rows: table.rows.iter().filter(is_here).map(|row| row.iter().map(cell).collect()).collect(),
    })
}
