//! Sheets of the figures that files tell of areas.

use super::sheet::{Cell, NOT_LOADED, Sheet, column};
use super::words;
use crate::ids::MunicipalityCode;
use crate::publish::summary::{
    AssociationFigures, ExampleFigures, IndicatorFigures, IndicatorValue, ListCell, ListTable, Summary,
};

/// 指標（市町村）, 指標（圏域） and 指標の関連; none where no file told any.
pub fn sheets(summary: &Summary) -> Vec<Sheet> {
    if summary.indicators.is_empty() {
        return Vec::new();
    }
    vec![areas(summary), zones(summary), together(summary)]
}

/// Words that stand where a number cannot.
pub const NOTE: &str = "「1–9」は1から9までの人数、「非公表」は合計から小さい人数が分かるため伏せた人数、「不明」は数えられていないか圏域の一部しか分からない値です。0ではありません。";

/// Head of [`per_old`].
pub const PER_OLD: &str = "75歳以上人口千人あたり";

/// A value for 1,000 people of 75 and over.
pub fn per_old(of: &IndicatorValue) -> Cell {
    of.per_1000_75_plus.map_or(Cell::Absent("対象外"), Cell::Decimal)
}

/// What an indicator is: the cells of [`columns`].
pub fn head(indicator: &IndicatorFigures) -> Vec<Cell> {
    let text = |text: &Option<String>| Cell::text(text.as_deref().unwrap_or_default());
    vec![
        Cell::text(indicator.name.as_str()),
        indicator.year.map_or(Cell::Absent("年不明"), Cell::Year),
        Cell::text(indicator.unit.as_str()),
        text(&indicator.function),
        text(&indicator.element),
        text(&indicator.importance),
    ]
}

/// Heads of [`head`].
pub fn columns() -> Vec<super::sheet::Column> {
    vec![
        column("指標", 36.0),
        column("年", 8.0),
        column("単位", 8.0),
        column("医療機能", 16.0),
        column("分類", 16.0),
        column("重点・参考", 8.0),
    ]
}

fn areas(summary: &Summary) -> Sheet {
    let mut columns = columns();
    columns.extend([
        column("コード", 12.0),
        column("市町村・保険者", 22.0),
        column("値", 12.0),
        column(PER_OLD, 16.0),
        column("出典", 40.0),
    ]);
    let row = |indicator: &IndicatorFigures| {
        let codes = |codes: &[MunicipalityCode]| {
            codes.iter().map(MunicipalityCode::as_str).collect::<Vec<_>>().join("、")
        };
        let area = |area: &crate::publish::summary::IndicatorArea| {
            let mut row = head(indicator);
            row.extend([Cell::text(codes(&area.municipalities)), Cell::text(area.name.as_str())]);
            row.extend([value(&area.value), per_old(&area.value), Cell::text(indicator.source.as_str())]);
            row
        };
        indicator.areas.iter().map(area).collect::<Vec<_>>()
    };
    Sheet {
        name: "指標（市町村）".to_owned(),
        title: "登録された指標の市町村（保険者）ごとの値".to_owned(),
        columns,
        note: NOTE,
        keys: 1,
        rows: summary.indicators.iter().flat_map(row).collect(),
    }
}

fn zones(summary: &Summary) -> Sheet {
    let mut columns = columns();
    columns.extend([column("圏域案", 24.0), column("圏域", 18.0), column("値", 12.0), column(PER_OLD, 16.0)]);
    let mut rows = Vec::new();
    for indicator in &summary.indicators {
        for of in &indicator.zones {
            let plan = summary.plans.iter().find(|plan| plan.id == of.plan);
            let zone = plan.and_then(|plan| plan.zones.iter().find(|zone| zone.id == of.zone));
            let mut row = head(indicator);
            row.push(Cell::text(plan.map_or(of.plan.as_str(), |plan| &plan.name)));
            row.push(Cell::text(zone.map_or(of.zone.as_str(), |zone| &zone.name)));
            row.extend([value(&of.value), per_old(&of.value)]);
            rows.push(row);
        }
    }
    Sheet {
        name: "指標（圏域）".to_owned(),
        title: "登録された指標の圏域ごとの合計（合計できる単位だけ）".to_owned(),
        columns,
        note: NOTE,
        keys: 1,
        rows,
    }
}

/// 指標の関連: structure, process and outcome of one function side by side.
fn together(summary: &Summary) -> Sheet {
    let number = |value: Option<f64>| value.map_or(Cell::Absent("算出不可"), Cell::Hundredths);
    let row = |pair: &AssociationFigures| {
        let (earlier, later) =
            (&summary.indicators[pair.earlier as usize], &summary.indicators[pair.later as usize]);
        let mut row = vec![Cell::text(pair.function.as_str())];
        for one in [earlier, later] {
            row.push(Cell::text(one.element.as_deref().unwrap_or_default()));
            row.push(Cell::text(one.name.as_str()));
            row.push(one.year.map_or(Cell::Absent("年不明"), Cell::Year));
        }
        row.push(Cell::Count(pair.areas));
        row.extend([number(pair.rank_correlation), number(pair.by_chance)]);
        row
    };
    Sheet {
        name: "指標の関連".to_owned(),
        title: "同じ医療機能のストラクチャー・プロセス・アウトカムの指標の、市町村（保険者）の間での関連"
            .to_owned(),
        columns: vec![
            column("医療機能", 16.0),
            column("分類1", 14.0),
            column("指標1", 36.0),
            column("年1", 8.0),
            column("分類2", 14.0),
            column("指標2", 36.0),
            column("年2", 8.0),
            column("比べた地域の数", 10.0),
            column("順位相関", 10.0),
            column("偶然でも起こる大きさ", 12.0),
        ],
        note: "順位相関（スピアマン）は、順位がすべて同じなら1、すべて逆なら−1。合計できる値は75歳以上人口あたりで比べ、示せない値は除きます。絶対値が「偶然でも起こる大きさ」（関連のない20組に1組が超える値）より小さいものは、関連があるとは言えません。関連があっても原因とは限りません。比べられる地域が5つに満たないものは算出しません。",
        keys: 0,
        rows: summary.indicator_associations.iter().map(row).collect(),
    }
}

/// A number; a whole one without decimals.
pub fn exact(number: f64) -> Cell {
    let is_whole = number >= 0.0 && number.fract() == 0.0 && number < 1e15;
    if is_whole { Cell::Count(number as u64) } else { Cell::Decimal(number) }
}

/// A value as it may be shown.
pub fn value(of: &IndicatorValue) -> Cell {
    let number = of.value.unwrap_or_default();
    match of.state.as_str() {
        "exact" => exact(number),
        "at_least" => Cell::text(format!("{number}以上")),
        "one_to_nine" => Cell::text("1–9"),
        "withheld" => Cell::Absent("非公表"),
        "no_sum" => Cell::Absent("合計不可"),
        _ => Cell::Absent("不明"),
    }
}

/// 指標例: what the guideline would have looked at, and what of it was loaded.
pub fn examples(summary: &Summary) -> Sheet {
    let row = |one: &ExampleFigures| {
        let years: Vec<String> = one
            .years
            .iter()
            .map(|year| year.map_or_else(|| "年不明".to_owned(), |year| format!("{year}年")))
            .collect();
        let loaded = if years.is_empty() { NOT_LOADED } else { Cell::text(years.join("、")) };
        vec![
            Cell::text(one.function.as_str()),
            Cell::text(one.element.as_str()),
            Cell::text(one.importance.as_str()),
            Cell::text(one.name.as_str()),
            loaded,
            Cell::text(one.source.as_str()),
            Cell::text(words::tag(&one.tag)),
        ]
    };
    Sheet {
        name: "指標例".to_owned(),
        title: "現状把握のための指標例と、登録された指標".to_owned(),
        columns: vec![
            column("医療機能", 16.0),
            column("分類", 16.0),
            column("重点・参考", 10.0),
            column("指標", 50.0),
            column("登録された値", 16.0),
            column("出典", 60.0),
            column("根拠の確かさ", 16.0),
        ],
        note: "同じ名前の指標（own_figures など）が登録されると、医療機能・分類・重点・参考がこの表から付きます。届出の数は実績ではないため、ここでは登録とみなしません。",
        keys: 0,
        rows: summary.indicator_examples.iter().map(row).collect(),
    }
}

/// One sheet for each of the prefecture's own lists.
pub fn lists(summary: &Summary) -> Vec<Sheet> {
    summary.own_lists.iter().map(list).collect()
}

fn list(table: &ListTable) -> Sheet {
    let cell = |cell: &ListCell| match cell {
        ListCell::Number(number) => exact(*number),
        ListCell::Text(text) => Cell::text(text.as_str()),
        ListCell::Unknown(()) => Cell::Absent("不明"),
    };
    let note = if table.note.is_empty() { String::new() } else { format!("　{}", table.note) };
    Sheet {
        name: table.title.chars().take(31).collect(),
        title: format!("{}{note}", table.title),
        columns: table.columns.iter().map(|name| column(name.as_str(), 20.0)).collect(),
        note: "",
        keys: 0,
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}
