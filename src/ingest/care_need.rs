//! 介護保険事業状況報告 第４－１－１表: people with certified care need (要介護・要支援認定者) by insurer. A sheet
//! for everybody and one for each class of age, rows of 都道府県 and 保険者, columns of levels.
//!
//! An insurer is a municipality, a city with all its wards, or a body of several municipalities
//! (広域連合). Who belongs to such a body the file does not tell: the prefecture's own table of insurers
//! does, or, where there is one body alone, the municipalities that are no insurer.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::print_list::plain;
use crate::ingest::study::{AreaSystem, AreaValue, Indicator, Measured, Municipality};
use crate::ingest::text::Source;
use crate::ingest::xlsx_table::{self, Cell, Sheet, SheetRow};
use std::collections::{BTreeMap, BTreeSet};

/// An insurer on one sheet.
pub(crate) struct CareNeedRow {
    row: u64,
    layer: String,
    /// Name of the prefecture.
    pub prefecture: String,
    /// Name of the insurer; empty in the row of the whole country.
    pub insurer: String,
    group: Group,
    /// People of all levels.
    all: f64,
    /// People of 要介護3 to 5.
    severe: f64,
}

/// Whom a sheet counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// 総数.
    All,
    /// 第１号被保険者.
    First,
    /// 第１号被保険者 of 85 and over: two sheets.
    From85,
    /// 第２号被保険者.
    Second,
    /// 第１号被保険者 of another class of age.
    Other,
}

impl Group {
    fn of(head: &str) -> Option<Self> {
        match head {
            "総数" => Some(Self::All),
            "(再掲)第1号被保険者" => Some(Self::First),
            "(再掲)第2号被保険者" => Some(Self::Second),
            _ if head.contains("85歳以上90歳未満") || head.contains("90歳以上") => {
                Some(Self::From85)
            }
            _ if head.contains("第1号被保険者") => Some(Self::Other),
            _ => None,
        }
    }
}

const LEVELS: [&str; 8] =
    ["要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5", "合計"];

/// Reads all sheets of the table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<CareNeedRow>, IngestError> {
    let sheets = xlsx_table::read(source, ledger)?;
    let mut rows = Vec::new();
    let (mut read_any, mut left) = (false, Vec::new());
    for sheet in &sheets {
        let Some((head, group)) = head(sheet) else {
            left.extend((!sheet.rows.is_empty()).then(|| sheet.name.clone()));
            continue;
        };
        read_any = true;
        ledger.layer = Some(sheet.name.clone());
        let columns = columns(source, sheet, head)?;
        for row in &sheet.rows[head + 2..] {
            if row.texts().any(|(_, text)| !text.is_empty()) {
                rows.extend(care_need_row(row, sheet, &columns, group, ledger));
            }
        }
    }
    if read_any {
        ledger.warn_sheets_not_read(&left, "見出し「都道府県」「保険者」「総数」がないので、読みません");
        return Ok(rows);
    }
    Err(IngestError::Header {
        file: source.file.clone(),
        place: "どのシート".to_owned(),
        missing: "都道府県・保険者・総数".to_owned(),
        expected: format!("都道府県,保険者,総数 の下に {}", LEVELS.join(",")),
        found: sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>().join(" / "),
    })
}

/// Place of the row with 都道府県 and 保険者, and whom the sheet counts.
fn head(sheet: &Sheet) -> Option<(usize, Group)> {
    sheet.rows.iter().enumerate().find_map(|(at, row)| {
        let texts: Vec<String> = row.texts().map(|(_, text)| plain(&text)).collect();
        let is_head =
            texts.iter().any(|text| text == "都道府県") && texts.iter().any(|text| text == "保険者");
        let group = texts.iter().find_map(|text| Group::of(text));
        group.filter(|_| is_head).map(|group| (at, group))
    })
}

/// Columns of 都道府県 and 保険者 and of the levels in the row below.
fn columns(source: &Source, sheet: &Sheet, head: usize) -> Result<Vec<u32>, IngestError> {
    let levels = sheet.rows.get(head + 1);
    let find =
        |row: &SheetRow, name: &str| row.texts().find(|(_, text)| plain(text) == name).map(|(at, _)| at);
    let keys = ["都道府県", "保険者"].map(|name| (name, find(&sheet.rows[head], name)));
    let levels = LEVELS.map(|name| (name, levels.and_then(|row| find(row, name))));
    let column = |(name, at): (&str, Option<u32>)| {
        at.ok_or_else(|| IngestError::Header {
            file: source.file.clone(),
            place: format!("シート「{}」の {} 行目", sheet.name, sheet.rows[head].row + 1),
            missing: name.to_owned(),
            expected: LEVELS.join(","),
            found: sheet.rows.get(head + 1).map_or_else(String::new, |row| {
                row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",")
            }),
        })
    };
    keys.into_iter().chain(levels).map(column).collect()
}

fn care_need_row(
    row: &SheetRow,
    sheet: &Sheet,
    columns: &[u32],
    group: Group,
    ledger: &mut Ledger,
) -> Option<CareNeedRow> {
    let [prefecture, insurer] = [0, 1].map(|at| plain(&row.text(columns[at])));
    let people = |column: &u32| match row.cell(*column) {
        Some(Cell::Number(number)) if *number >= 0.0 && number.fract() == 0.0 => Some(*number),
        Some(Cell::Text(text)) => plain(text).replace(',', "").parse::<u32>().ok().map(f64::from),
        _ => None,
    };
    let levels: Option<Vec<f64>> = columns[2..].iter().map(people).collect();
    let Some(levels) = levels.filter(|_| !prefecture.is_empty()) else {
        ledger.quarantine(Doubt {
            kind: "bad_care_need_row",
            row: row.row,
            field: "合計",
            said: &format!("{prefecture} {insurer}"),
            meant: "都道府県が空か、人数（0 以上の整数）でない欄があります。この行は使いません".to_owned(),
        });
        return None;
    };
    ledger.store();
    let (sum, all) = (levels[..7].iter().sum::<f64>(), levels[7]);
    if (sum - all).abs() > 0.5 {
        ledger.warn(Doubt {
            kind: "care_need_sum_differs",
            row: row.row,
            field: "合計",
            said: &format!("{insurer} {all}"),
            meant: format!("要介護度ごとの合計 {sum} と合いません。合計の欄を使います"),
        });
    }
    let severe = levels[4..7].iter().sum();
    Some(CareNeedRow { row: row.row, layer: sheet.name.clone(), prefecture, insurer, group, all, severe })
}

/// Takes the insurers of the prefecture as indicators.
pub(crate) fn take(
    input: usize,
    year: Option<u16>,
    rows: &[CareNeedRow],
    municipalities: &[Municipality],
    prefecture: &str,
    indicators: &mut Vec<Indicator>,
    ledger: &mut Ledger,
) {
    let own: Vec<&CareNeedRow> =
        rows.iter().filter(|row| row.prefecture == prefecture && !row.insurer.is_empty()).collect();
    let insurers: BTreeSet<&str> = own.iter().map(|row| row.insurer.as_str()).collect();
    let members = members(&insurers, municipalities);
    let mut sums: Vec<(&str, Vec<(&str, f64)>)> = Vec::new();
    for row in own {
        if !members.contains_key(row.insurer.as_str()) {
            ledger.layer = Some(row.layer.clone());
            let doubt = Doubt {
                kind: "unknown_insurer",
                row: row.row,
                field: "保険者",
                said: &row.insurer,
                meant: "どの市区町村の保険者か分かりません。様式「介護保険者」に構成市区町村を書いてください。この行は使いません"
                    .to_owned(),
            };
            ledger.withdraw(doubt);
            continue;
        }
        for (name, people) in measures(row) {
            let at = sums.iter().position(|(known, _)| *known == name).unwrap_or(sums.len());
            if at == sums.len() {
                sums.push((name, Vec::new()));
            }
            match sums[at].1.iter_mut().find(|(insurer, _)| *insurer == row.insurer) {
                Some((_, sum)) => *sum += people,
                None => sums[at].1.push((&row.insurer, people)),
            }
        }
    }
    ledger.layer = None;
    for (name, values) in sums {
        let area = |(insurer, people): (&str, f64)| AreaValue {
            name: if members[insurer].len() > 1 { insurer.to_owned() } else { String::new() },
            municipalities: members[insurer].clone(),
            value: Measured::Exact(people),
        };
        indicators.push(Indicator {
            name: name.to_owned(),
            year,
            unit: "人".to_owned(),
            function: None,
            element: None,
            importance: None,
            adds_up: true,
            // Counts of the insured, published as they are.
            patients: false,
            source: "介護保険事業状況報告（厚生労働省）".to_owned(),
            input,
            areas: values.into_iter().map(area).collect(),
        });
    }
}

/// What is shown of a row.
fn measures(row: &CareNeedRow) -> Vec<(&'static str, f64)> {
    match row.group {
        Group::All => vec![("要介護（要支援）認定者", row.all), ("要介護3以上の認定者", row.severe)],
        Group::First => vec![("要介護（要支援）認定者のうち65歳以上", row.all)],
        Group::From85 => vec![("要介護（要支援）認定者のうち85歳以上", row.all)],
        Group::Second => vec![("要介護（要支援）認定者のうち第2号被保険者", row.all)],
        Group::Other => Vec::new(),
    }
}

/// Municipalities of the insurers that are known.
fn members<'a>(
    insurers: &BTreeSet<&'a str>,
    municipalities: &[Municipality],
) -> BTreeMap<&'a str, Vec<usize>> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for insurer in insurers {
        let of_table = |one: &Municipality| {
            one.areas.get(&AreaSystem::CareInsurer).is_some_and(|area| plain(&area.name) == *insurer)
        };
        let is_ward = |name: &str| name.strip_prefix(insurer).is_some_and(|ward| ward.ends_with('区'));
        let of_name = |one: &Municipality| plain(&one.name) == *insurer || is_ward(&plain(&one.name));
        let all = |is: &dyn Fn(&Municipality) -> bool| -> Vec<usize> {
            (0..municipalities.len()).filter(|at| is(&municipalities[*at])).collect()
        };
        let listed = all(&of_table);
        let found = if listed.is_empty() { all(&of_name) } else { listed };
        if !found.is_empty() {
            members.insert(insurer, found);
        }
    }
    let taken: BTreeSet<usize> = members.values().flatten().copied().collect();
    let rest: Vec<usize> = (0..municipalities.len()).filter(|at| !taken.contains(at)).collect();
    let mut unknown = insurers.iter().filter(|insurer| !members.contains_key(*insurer));
    if let (Some(alone), None, false) = (unknown.next().copied(), unknown.next(), rest.is_empty()) {
        members.insert(alone, rest);
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::Area;
    use crate::ingest::xlsx_table::tests::workbook;
    use geo::MultiPolygon;

    fn municipality(code: &str, name: &str, insurer: Option<&str>) -> Municipality {
        let area = |name: &str| Area { code: name.to_owned(), name: name.to_owned() };
        Municipality {
            code: code.parse().expect("code"),
            name: name.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: insurer.iter().map(|name| (AreaSystem::CareInsurer, area(name))).collect(),
            further: BTreeMap::new(),
            office: None,
        }
    }

    const HEAD: [&[&str]; 2] = [
        &["都道府県", "保険者", "総数"],
        &["", "", "要支援１", "要支援２", "要介護１", "要介護２", "要介護３", "要介護４", "要介護５", "合計"],
    ];

    fn book(rows: &[&[&str]]) -> Source {
        let all: Vec<&[&str]> = HEAD.iter().chain(rows).copied().collect();
        workbook("04-1-1h①", &all)
    }

    #[test]
    fn insurers_are_municipalities_cities_with_wards_and_bodies_of_several() {
        let source = book(&[
            &["全　 国", "", "1", "1", "1", "1", "1", "1", "1", "7"],
            &["岡山県", "岡山市", "1", "2", "3", "4", "5", "6", "7", "28"],
            &["岡山県", "備前市", "1", "1", "1", "1", "1", "1", "1", "9"],
            &["岡山県", "西部広域連合", "1", "1", "1", "1", "2", "2", "2", "10"],
            &["広島県", "呉市", "1", "1", "1", "1", "1", "1", "1", "7"],
            &["岡山県", "欠損町", "1", "1", "", "1", "1", "1", "1", "7"],
        ]);
        let mut ledger = Ledger::new("k.xlsx");
        let rows = read(&source, &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 5, 1));
        let municipalities = [
            municipality("33101", "岡山市北区", None),
            municipality("33102", "岡山市中区", None),
            municipality("33211", "備前市", None),
            municipality("33445", "里庄町", None),
            municipality("33461", "矢掛町", None),
        ];
        let mut indicators = Vec::new();
        take(0, None, &rows, &municipalities, "岡山県", &mut indicators, &mut ledger);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 5, 1));
        let [all, severe] = indicators.as_slice() else { panic!("two") };
        let of = |one: &Indicator| {
            one.areas.iter().map(|area| (area.municipalities.clone(), area.value)).collect::<Vec<_>>()
        };
        assert_eq!(all.name, "要介護（要支援）認定者");
        let expected = [(vec![0, 1], 28.0), (vec![2], 9.0), (vec![3, 4], 10.0)];
        assert_eq!(of(all), expected.map(|(at, people)| (at, Measured::Exact(people))));
        assert_eq!(of(severe)[0], (vec![0, 1], Measured::Exact(18.0)));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("care_need_sum_differs", Some(5)), ("bad_care_need_row", Some(8))]);
    }

    #[test]
    fn of_two_bodies_the_table_of_the_prefecture_tells_the_members() {
        let row = |insurer| ["岡山県", insurer, "1", "1", "1", "1", "1", "1", "1", "7"];
        let (east, west) = (row("東部広域連合"), row("西部広域連合"));
        let of = |insurer: Option<&str>| {
            let mut ledger = Ledger::new("k.xlsx");
            let rows = read(&book(&[&east, &west]), &mut ledger).expect("read");
            let municipalities =
                [municipality("33445", "里庄町", insurer), municipality("33461", "矢掛町", None)];
            let mut indicators = Vec::new();
            take(0, Some(2023), &rows, &municipalities, "岡山県", &mut indicators, &mut ledger);
            (indicators.first().map_or(0, |one| one.areas.len()), ledger.quarantined)
        };
        assert_eq!(of(None), (0, 2), "nobody knows");
        assert_eq!(of(Some("東部広域連合")), (2, 0), "the rest is of the other");
    }

    #[test]
    fn another_workbook_is_refused() {
        let error = read(&workbook("表", &[&["名称"]]), &mut Ledger::new("k.xlsx")).err().expect("refused");
        assert!(error.to_string().contains("保険者"), "{error}");
    }
}
