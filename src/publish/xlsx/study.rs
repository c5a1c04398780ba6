//! Sheets of what was read and what it says of the prefecture as it is.

use super::sheet::{Cell, NOT_LOADED, Sheet, column};
use super::words;
use crate::publish::summary::{
    AreaFigures, Findings, FloodFigures, MunicipalityFigures, PopulationYear, Summary,
};
use crate::units::AgeCounts;

/// No institution lies within the travel limit.
const BEYOND_LIMIT: Cell = Cell::Absent("上限内になし");

/// Four cells of people.
pub fn people(counts: AgeCounts) -> [Cell; 4] {
    [counts.total, counts.age_65_plus, counts.age_75_plus, counts.age_85_plus]
        .map(|people| Cell::Count(people.into()))
}

/// Heads of [`people`].
pub const PEOPLE: [&str; 4] = ["人口", "65歳以上", "75歳以上", "85歳以上"];

/// はじめに: what this is, on which data and assumptions it rests, whom to name.
pub fn introduction(summary: &Summary) -> Sheet {
    let row = |section: &str, subject: &str, text: String, source: &str, tag: &str| {
        [section, subject, &text, source, tag].map(Cell::text).to_vec()
    };
    let overview = |subject: &str, text: String| row("概要", subject, text, "", "");
    let study = &summary.study;
    let mut rows = Vec::new();
    if study.invented {
        rows.push(overview(
            "架空の県",
            "操作を試すための架空の県です。地名・施設・数値は実在しません。".to_owned(),
        ));
    }
    rows.extend([
        overview("内容", "在宅医療圏の検討に用いる指標・不足地域・圏域案・適合状況の一覧".to_owned()),
        overview("都道府県", format!("{}（{}）", study.prefecture_name, study.prefecture_code)),
        overview("施設データの時点", study.as_of.clone()),
        overview("人口", population(summary)),
        overview("市区町村数", summary.municipalities.to_string()),
        overview("訪問診療の需要の単位", summary.demand.unit.clone()),
        overview(
            "未登録",
            "ファイルが登録されていないため分からないことを示します。0やなしではありません。".to_owned(),
        ),
        overview("計算したプログラム", format!("keniki {}", study.program_version)),
    ]);
    rows.extend(
        summary
            .assumptions
            .iter()
            .map(|a| row("前提", &a.subject, a.text.clone(), &a.source, words::tag(&a.tag))),
    );
    rows.extend(summary.attributions.iter().map(|text| row("出典の表示", "", text.clone(), "", "")));
    Sheet {
        name: "はじめに".to_owned(),
        title: format!("{} 在宅医療圏の検討資料", study.prefecture_name),
        columns: vec![
            column("区分", 12.0),
            column("項目", 26.0),
            column("内容", 80.0),
            column("出典", 40.0),
            column("根拠の確かさ", 16.0),
        ],
        note: "",
        keys: 0,
        rows,
    }
}

fn population(summary: &Summary) -> String {
    let counts = summary.population.counts;
    format!(
        "{}年国勢調査 {}人（65歳以上 {}人、75歳以上 {}人、85歳以上 {}人）",
        summary.population.year,
        grouped(counts.total),
        grouped(counts.age_65_plus),
        grouped(counts.age_75_plus),
        grouped(counts.age_85_plus)
    )
}

/// A number with thousands separators.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// 市町村: people, demand and institutions of each.
pub fn municipalities(summary: &Summary) -> Sheet {
    let mut columns = vec![column("コード", 9.0), column("市町村", 14.0)];
    columns.extend(PEOPLE.map(|head| column(head, 11.0)));
    columns.extend(
        summary.demand.official_years.iter().map(|year| column(format!("訪問診療の需要 {year}年度"), 12.0)),
    );
    columns.extend(summary.services.iter().map(|service| column(service.id.clone(), 13.0)));
    columns.extend([column("道路でつながる市町村", 40.0), column("接するが道路でつながらない市町村", 30.0)]);
    Sheet {
        name: "市町村".to_owned(),
        title: format!("市町村の人口・訪問診療の需要（{}）・施設数", summary.demand.unit),
        columns,
        note: "",
        keys: 2,
        rows: summary.municipality_table.iter().map(|one| municipality(one, summary)).collect(),
    }
}

/// 人口の推移: people at the censuses and in the projected years.
pub fn population_by_year(summary: &Summary) -> Sheet {
    let row = |one: &PopulationYear| {
        let known = |people: Option<u32>| Cell::count(people.map(u64::from));
        let source = if one.projected { "社人研 将来推計" } else { "国勢調査（メッシュ）" };
        vec![
            Cell::text(one.code.as_str()),
            Cell::text(one.name.as_str()),
            Cell::Year(one.year),
            Cell::text(source),
            Cell::Count(one.people.total.into()),
            known(one.people.age_under_15),
            known(one.people.age_15_64),
            Cell::Count(one.people.age_65_plus.into()),
            known(one.people.age_75_plus),
            known(one.people.age_85_plus),
        ]
    };
    let mut columns =
        vec![column("コード", 9.0), column("市町村", 14.0), column("年", 8.0), column("出典", 20.0)];
    columns.extend(
        ["総数", "0–14歳", "15–64歳", "65歳以上", "75歳以上", "85歳以上"].map(|head| column(head, 11.0)),
    );
    Sheet {
        name: "人口の推移".to_owned(),
        title: "市町村の人口の推移（人）".to_owned(),
        columns,
        note: "国勢調査の過去の年は、境にかかるメッシュを現在の人口の割合で市町村に分けています。将来推計の最初の年は国勢調査（年齢不詳を補完）です。",
        keys: 3,
        rows: summary.population_by_year.iter().map(row).collect(),
    }
}

/// 洪水浸水: people and institutions in flood water, by municipality.
pub fn floods(floods: &[FloodFigures]) -> Sheet {
    let row = |one: &FloodFigures| {
        let deep = one.institutions.iter().filter(|institution| institution.rank > 1).count();
        vec![
            Cell::text(one.scenario.as_str()),
            Cell::text(one.code.as_str()),
            Cell::text(one.name.as_str()),
            Cell::Decimal(one.people),
            Cell::Decimal(one.people_half_metre),
            Cell::Count(one.located),
            Cell::Count(one.institutions.len() as u64),
            Cell::Count(deep as u64),
        ]
    };
    Sheet {
        name: "洪水浸水".to_owned(),
        title: "洪水浸水想定区域の中の人口と施設（市町村別）".to_owned(),
        columns: vec![
            column("想定", 14.0),
            column("コード", 9.0),
            column("市町村", 14.0),
            column("区域内の人口", 13.0),
            column("うち0.5m以上の人口", 13.0),
            column("位置の分かる施設", 13.0),
            column("区域内の施設", 13.0),
            column("うち0.5m以上の施設", 13.0),
        ],
        note: "人口はメッシュの陸地のうち区域に入る割合（100点で測る）で数えます。読み込んだ河川の分だけです。",
        keys: 3,
        rows: floods.iter().map(row).collect(),
    }
}

/// 浸水する施設: every institution in flood water.
pub fn flooded(floods: &[FloodFigures]) -> Sheet {
    let rows = floods.iter().flat_map(|of| {
        of.institutions.iter().map(|one| {
            let texts: [&str; 8] = [
                &of.scenario,
                &of.name,
                &one.id,
                &one.name,
                &one.classes.join("・"),
                &one.depth,
                &one.river,
                words::precision(one.precision),
            ];
            texts.map(Cell::text).to_vec()
        })
    });
    Sheet {
        name: "浸水する施設".to_owned(),
        title: "洪水浸水想定区域の中の施設".to_owned(),
        columns: vec![
            column("想定", 14.0),
            column("市町村", 14.0),
            column("施設", 16.0),
            column("名称", 32.0),
            column("種類", 40.0),
            column("浸水深", 20.0),
            column("河川", 14.0),
            column("位置の確かさ", 16.0),
        ],
        note: "位置が町丁目や市町村の代表点でしか分からない施設の浸水深は、建物のものとは限りません。",
        keys: 0,
        rows: rows.collect(),
    }
}

fn municipality(one: &MunicipalityFigures, summary: &Summary) -> Vec<Cell> {
    let mut row = vec![Cell::text(one.code.as_str()), Cell::text(one.name.as_str())];
    row.extend(people(one.population));
    let demand = |year| one.demand.get(year).copied().map_or(NOT_LOADED, Cell::Decimal);
    row.extend(summary.demand.official_years.iter().map(demand));
    let institutions = |id| Cell::count(one.institutions.get(id).copied().flatten());
    row.extend(summary.services.iter().map(|service| institutions(&service.id)));
    row.push(Cell::text(words::names(&one.neighbours, summary)));
    row.push(Cell::text(words::names(&one.touching_without_road, summary)));
    row
}

/// 区域: people and demand of each area of each system.
pub fn areas(summary: &Summary) -> Sheet {
    let years = &summary.demand.official_years;
    let mut columns = vec![column("区域の種類", 14.0), column("コード", 16.0), column("区域", 20.0)];
    columns.extend(PEOPLE.map(|head| column(head, 11.0)));
    columns.extend(years.iter().map(|year| column(format!("訪問診療の需要 {year}年度"), 12.0)));
    columns.extend([column("市町村", 40.0), column("一部が入る市町村", 30.0)]);
    let row = |area: &AreaFigures| {
        let mut row = [&area.system, &area.code, &area.name].map(|text| Cell::text(text.as_str())).to_vec();
        row.extend(people(area.population));
        row.extend(years.iter().map(|year| area.demand.get(year).copied().map_or(NOT_LOADED, Cell::Decimal)));
        row.push(Cell::text(words::names(&area.municipalities, summary)));
        row.push(Cell::text(words::names(&area.parts_of, summary)));
        row
    };
    Sheet {
        name: "区域".to_owned(),
        title: format!("区域の人口と訪問診療の需要（{}、メッシュで数えたもの）", summary.demand.unit),
        columns,
        note: "二つの医師会・消防本部・MC協議会に属する市町村の人と需要は、それぞれの区域に数えます。",
        keys: 3,
        rows: summary.areas.iter().map(row).collect(),
    }
}

/// 不足地域: where a service has no institution.
pub fn gaps(summary: &Summary) -> Sheet {
    let rows = summary
        .gaps
        .iter()
        .map(|gap| {
            let loaded = gap.municipality_code.is_some();
            let code = gap.municipality_code.map_or(NOT_LOADED, |code| Cell::text(code.as_str()));
            let name =
                gap.municipality_code.map_or(NOT_LOADED, |code| Cell::text(words::name(code, summary)));
            let minutes = match gap.nearest_minutes {
                Some(minutes) => Cell::Decimal(minutes),
                None if loaded => BEYOND_LIMIT,
                None => NOT_LOADED,
            };
            vec![
                Cell::text(gap.service.as_str()),
                Cell::text(words::gap(&gap.state)),
                code,
                name,
                Cell::count(gap.people_75_plus),
                minutes,
                Cell::count(gap.beyond_limit_75_plus),
            ]
        })
        .collect();
    Sheet {
        name: "不足地域".to_owned(),
        title: "サービスの施設がない市町村と、登録されていないサービス".to_owned(),
        columns: vec![
            column("サービス", 26.0),
            column("状態", 10.0),
            column("コード", 9.0),
            column("市町村", 16.0),
            column("75歳以上人口", 13.0),
            column("最寄りの施設までの平均（分・75歳以上）", 20.0),
            column("移動時間の上限内に施設がない75歳以上人口", 22.0),
        ],
        note: "",
        keys: 0,
        rows,
    }
}

/// 到達人口: people within reach of each service.
pub fn coverage(summary: &Summary) -> Sheet {
    let rows = summary
        .coverage
        .iter()
        .map(|coverage| {
            let mut row = vec![Cell::text(coverage.service.as_str()), Cell::text(words::limit(coverage))];
            row.extend(coverage.ages.map_or([NOT_LOADED; 4], people));
            row.push(coverage.share.map_or(NOT_LOADED, Cell::Share));
            row
        })
        .collect();
    let mut columns = vec![column("サービス", 26.0), column("範囲", 16.0)];
    columns.extend(PEOPLE.map(|head| column(head, 13.0)));
    columns.push(column("人口に占める割合", 13.0));
    Sheet {
        name: "到達人口".to_owned(),
        title: format!("施設から決まった範囲に住む人（{}年国勢調査）", summary.population.year),
        columns,
        note: "",
        keys: 0,
        rows,
    }
}

/// 所見: what was doubtful in the files.
pub fn findings(findings: &Findings) -> Sheet {
    let names = words::FileNames::of(findings.findings.iter().map(|finding| finding.file.as_str()));
    let rows = findings
        .findings
        .iter()
        .map(|finding| {
            vec![
                Cell::text(words::severity(finding.severity)),
                Cell::text(finding.meant.as_str()),
                Cell::text(names.name(&finding.file)),
                Cell::text(finding.layer.as_deref().unwrap_or_default()),
                finding.row.map_or(Cell::text(""), Cell::Count),
                Cell::text(finding.field.as_deref().unwrap_or_default()),
                Cell::text(finding.said.as_str()),
                Cell::text(words::finding(&finding.kind)),
            ]
        })
        .collect();
    Sheet {
        name: "所見".to_owned(),
        title: "読み込んだデータで確認が必要な点".to_owned(),
        columns: vec![
            column("重要度", 9.0),
            column("意味", 50.0),
            column("ファイル", 34.0),
            column("シート・層", 14.0),
            column("行", 9.0),
            column("項目", 16.0),
            column("記載", 36.0),
            column("種別", 22.0),
        ],
        note: "",
        keys: 0,
        rows,
    }
}
