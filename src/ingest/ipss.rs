//! 社人研 日本の地域別将来推計人口 (令和5年推計) by municipality: the official workbooks, or a table in CSV.
//!
//! The summary workbooks (結果表1 総人口, 2-1 0–14, 2-2 15–64, 2-3 65+, 2-4 75+) have one row for each
//! region, with a column for each year; the title tells of which people. The workbook of five-year classes
//! has one row for each region and year, first of both sexes together, then of men and of women. 市などの別
//! tells prefectures (a), designated cities, whose wards have rows of their own (1), wards (0), cities (2),
//! towns and villages (3), and 浜通り地域 (9), 13 municipalities in one.
//!
//! The table in CSV has the columns `muni_code`, `year`, `total`, `age65plus`, and as far as it knows them
//! `age0_14`, `age15_64`, `age75plus`, `office_lon`, `office_lat` (the municipal office).
//! A code that ends in `000` is the prefecture itself.
//!
//! Source: <https://www.ipss.go.jp/pp-shicyoson/j/shicyoson23/t-page.asp>.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, coordinates, whole_number};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::{Source, Text};
use crate::ingest::xlsx_table::{self, Cell, Sheet, SheetRow};
use geo::Point;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// People of some age; classes of one region and year come from several files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AgeClass {
    /// Everybody.
    Total,
    /// 0 to 14.
    Under15,
    /// 15 to 64.
    From15To64,
    /// 65 and over.
    From65,
    /// 75 and over.
    From75,
    /// 85 and over.
    From85,
}

/// People by age, as far as a row tells.
pub(crate) type Classes = BTreeMap<AgeClass, u32>;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// The prefecture.
    Prefecture,
    /// A designated city whose wards have rows of their own.
    CityOfWards,
    /// A municipality or ward, or several that are projected together.
    Municipality,
}

/// One row.
#[derive(Debug)]
pub(crate) struct ProjectionRow {
    /// Line in the file.
    pub row: u64,
    /// What it is about.
    pub region: Region,
    /// Its code.
    pub code: MunicipalityCode,
    /// People by year.
    pub years: BTreeMap<u16, Classes>,
    /// Municipal office, where given.
    pub office: Option<Point>,
}

/// Reads a workbook or a table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ProjectionRow>, IngestError> {
    let mut rows = Vec::new();
    if source.is_workbook()? {
        for sheet in xlsx_table::read(source, ledger)? {
            ledger.layer = Some(sheet.name.clone());
            rows.extend(read_sheet(&sheet, ledger)?);
        }
        return Ok(rows);
    }
    for text in source.tables()? {
        read_csv(&text, &mut rows, ledger)?;
    }
    Ok(rows)
}

fn bad_row(row: u64, said: &str) -> Doubt<'_> {
    Doubt {
        kind: "bad_projection_row",
        row,
        field: "",
        said,
        meant: "コード・年・人口のどれかが数字として読めません。この行の将来人口は使いません".to_owned(),
    }
}

fn read_csv(text: &Text, rows: &mut Vec<ProjectionRow>, ledger: &mut Ledger) -> Result<(), IngestError> {
    let (table, [code, year, total, aged]) =
        CsvTable::bind(text, &["muni_code", "year", "total", "age65plus"], ledger)?;
    let office = table.optional("office_lon").zip(table.optional("office_lat"));
    let mut columns = vec![(AgeClass::Total, total), (AgeClass::From65, aged)];
    for (class, name) in
        [(AgeClass::Under15, "age0_14"), (AgeClass::From15To64, "age15_64"), (AgeClass::From75, "age75plus")]
    {
        columns.extend(table.optional(name).map(|column| (class, column)));
    }
    for row in &table.rows {
        let classes: Option<Classes> =
            columns.iter().map(|(class, column)| Some((*class, whole_number(row.get(*column))?))).collect();
        let parsed = (row.get(code).parse::<MunicipalityCode>(), row.get(year).parse(), classes);
        let (Ok(code), Ok(year), Some(classes)) = parsed else {
            ledger.quarantine(bad_row(row.row, row.get(code)));
            continue;
        };
        ledger.store();
        rows.push(ProjectionRow {
            row: row.row,
            region: if code.as_str().ends_with("000") { Region::Prefecture } else { Region::Municipality },
            code,
            years: BTreeMap::from([(year, classes)]),
            office: office.and_then(|(x, y)| coordinates(row.get(x), row.get(y))),
        });
    }
    Ok(())
}

/// A label as compared: NFKC, one kind of dash between numbers, no white space.
fn plain(said: &str) -> String {
    let letters = said.nfkc().filter(|letter| !letter.is_whitespace());
    letters.map(|letter| if "〜~-–−".contains(letter) { '~' } else { letter }).collect()
}

/// Where the columns of a workbook are.
struct Columns {
    code: u32,
    region: u32,
    /// Column of the year, of the workbook of five-year classes.
    year: Option<u32>,
    people: Vec<PeopleColumn>,
}

/// What a column holds.
struct PeopleColumn {
    column: u32,
    /// The year, where columns are years.
    year: Option<u16>,
    /// The classes of age that its people are part of.
    classes: &'static [AgeClass],
}

fn read_sheet(sheet: &Sheet, ledger: &mut Ledger) -> Result<Vec<ProjectionRow>, IngestError> {
    let unlike = |missing: &str, found: String| IngestError::Header {
        file: ledger.file.clone(),
        place: format!("シート「{}」", sheet.name),
        missing: missing.to_owned(),
        expected: "コード,市などの別,都道府県,市区町村,（年または 2020年, 2025年 …）".to_owned(),
        found,
    };
    let is_head = |row: &SheetRow| row.texts().any(|(_, text)| plain(&text) == "コード");
    let Some(head) = sheet.rows.iter().position(is_head) else {
        return Err(unlike("コード", sheet.rows.first().map(|row| row.text(0)).unwrap_or_default()));
    };
    let labels = &sheet.rows[head..(head + 2).min(sheet.rows.len())];
    let title: String =
        sheet.rows[..head].iter().flat_map(SheetRow::texts).map(|(_, text)| plain(&text)).collect();
    let columns = Columns::of(labels, &title).map_err(|missing| {
        unlike(
            missing,
            labels.iter().flat_map(SheetRow::texts).map(|(_, text)| text).collect::<Vec<_>>().join(","),
        )
    })?;
    let mut rows = Vec::new();
    for row in &sheet.rows[(head + 2).min(sheet.rows.len())..] {
        let said = row.text(columns.code);
        // Notes below the table.
        if said.is_empty() {
            continue;
        }
        match columns.parse(row) {
            Some(parsed) => {
                ledger.store();
                rows.push(parsed);
            }
            None => ledger.quarantine(bad_row(row.row, &said)),
        }
    }
    Ok(rows)
}

impl Columns {
    /// From the two rows of labels; what is missing otherwise.
    fn of(labels: &[SheetRow], title: &str) -> Result<Self, &'static str> {
        let all = || labels.iter().flat_map(SheetRow::texts).map(|(column, text)| (column, plain(&text)));
        let find = |name: &str| all().find(|(_, text)| text == name).map(|(column, _)| column);
        let code = find("コード").ok_or("コード")?;
        let region = find("市などの別").or_else(|| find("区分")).ok_or("市などの別")?;
        let lower = labels.last().into_iter().flat_map(SheetRow::texts);
        let lower: Vec<(u32, String)> = lower.map(|(column, text)| (column, plain(&text))).collect();
        let year = find("年");
        let people = match year {
            Some(_) => Self::by_age(labels, &lower).ok_or("0～4歳 … 95歳以上")?,
            None => Self::by_year(title, &lower)?,
        };
        Ok(Self { code, region, year, people })
    }

    /// A column for each year, the first of each: what follows are indices and shares.
    fn by_year(title: &str, lower: &[(u32, String)]) -> Result<Vec<PeopleColumn>, &'static str> {
        const CLASSES: [(&str, &[AgeClass]); 5] = [
            ("総人口", &[AgeClass::Total]),
            ("0~14歳", &[AgeClass::Under15]),
            ("15~64歳", &[AgeClass::From15To64]),
            ("65歳以上", &[AgeClass::From65]),
            ("75歳以上", &[AgeClass::From75]),
        ];
        // The earliest in the title: 総人口 may follow as what shares are of.
        let classes = CLASSES.iter().filter_map(|(words, classes)| Some((title.find(words)?, *classes)));
        let (_, classes) = classes.min().ok_or("表題（総人口、0～14歳人口 …）")?;
        let mut years: BTreeMap<u16, u32> = BTreeMap::new();
        for (column, text) in lower {
            if let Some(year) = year_of(text) {
                years.entry(year).or_insert(*column);
            }
        }
        if years.is_empty() {
            return Err("2020年");
        }
        let column = |(year, column)| PeopleColumn { column, year: Some(year), classes };
        Ok(years.into_iter().map(column).collect())
    }

    /// 総数 and the twenty five-year classes of both sexes, which stand before those of men and of women.
    fn by_age(labels: &[SheetRow], lower: &[(u32, String)]) -> Option<Vec<PeopleColumn>> {
        let upper = labels.first()?;
        let group = |column: u32| {
            let texts = upper.texts().filter(|(at, text)| *at <= column && !text.is_empty());
            texts.last().map(|(_, text)| plain(&text)).unwrap_or_default()
        };
        let of_both = |column: u32| !["男", "女"].contains(&group(column).as_str());
        let total = labels
            .iter()
            .flat_map(SheetRow::texts)
            .find(|(_, text)| ["総数", "総数(計)", "男女計", "計"].contains(&plain(text).as_str()))?;
        let mut people = vec![PeopleColumn { column: total.0, year: None, classes: &[AgeClass::Total] }];
        for first in (0..=95).step_by(5) {
            let name =
                if first == 95 { "95歳以上".to_owned() } else { format!("{first}~{}歳", first + 4) };
            let (column, _) = lower.iter().find(|(column, text)| *text == name && of_both(*column))?;
            let classes: &[AgeClass] = match first {
                0..15 => &[AgeClass::Under15],
                15..65 => &[AgeClass::From15To64],
                65..75 => &[AgeClass::From65],
                75..85 => &[AgeClass::From65, AgeClass::From75],
                _ => &[AgeClass::From65, AgeClass::From75, AgeClass::From85],
            };
            people.push(PeopleColumn { column: *column, year: None, classes });
        }
        Some(people)
    }

    fn parse(&self, row: &SheetRow) -> Option<ProjectionRow> {
        let code: u32 = row.text(self.code).parse().ok()?;
        let region = match plain(&row.text(self.region)).as_str() {
            "a" => Region::Prefecture,
            "1" => Region::CityOfWards,
            "0" | "2" | "3" | "9" => Region::Municipality,
            _ => return None,
        };
        let of_row = match self.year {
            Some(column) => Some(year_of(&plain(&row.text(column)))?),
            None => None,
        };
        let mut years: BTreeMap<u16, Classes> = BTreeMap::new();
        for PeopleColumn { column, year, classes } in &self.people {
            let people = whole(row.cell(*column)?)?;
            let known = years.entry(year.or(of_row)?).or_default();
            for class in *classes {
                let sum = known.entry(*class).or_default();
                *sum = sum.checked_add(people)?;
            }
        }
        Some(ProjectionRow {
            row: row.row,
            region,
            code: format!("{code:05}").parse().ok()?,
            years,
            office: None,
        })
    }
}

/// A year as labels write it: 2020 or 2020年.
fn year_of(said: &str) -> Option<u16> {
    let digits = said.strip_suffix('年').unwrap_or(said);
    digits.parse().ok().filter(|year| (1950..2200).contains(year))
}

/// People of a cell.
fn whole(cell: &Cell) -> Option<u32> {
    match cell {
        Cell::Number(people) => {
            let is_people = people.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(people);
            is_people.then_some(*people as u32)
        }
        Cell::Text(said) => whole_number(said),
        Cell::Error(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    fn account(ledger: &Ledger) -> (u64, u64, u64) {
        (ledger.read, ledger.stored, ledger.quarantined)
    }

    #[test]
    fn people_and_offices_are_read_and_unreadable_rows_set_aside() {
        let text = "muni_code,name,year,total,age0_14,age15_64,age65plus,office_lon,office_lat\n\
            19000,山梨県,2020,809974,92723,467443,249808,,\n\
            19201,甲府市,2025,\"185,993\",19545,110812,55636,138.56758,35.65167\n\
            19201,甲府市,2030,-,1,1,1,,\n";
        let mut ledger = Ledger::new("i.csv");
        let rows = read(&Source::of_bytes("i.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!(account(&ledger), (3, 2, 1));
        let expected = Classes::from([
            (AgeClass::Total, 185_993),
            (AgeClass::Under15, 19_545),
            (AgeClass::From15To64, 110_812),
            (AgeClass::From65, 55_636),
        ]);
        assert_eq!((rows[0].region, &rows[1].years[&2025]), (Region::Prefecture, &expected));
        assert_eq!(rows[1].office, Some(Point::new(138.56758, 35.65167)));
        assert_eq!(ledger.findings[0].row, Some(4));
    }

    #[test]
    fn a_summary_workbook_tells_one_class_by_its_title() {
        let source = workbook(
            "Sheet1",
            &[
                &["結果表2-3　65歳以上人口および指数（令和2（2020）年＝100とした場合）"],
                &[""],
                &[""],
                &["コード", "市などの別", "都道府県", "市区町村", "65歳以上人口（人）", "", "指数"],
                &["", "", "", "", "2020年", "2050年", "2020年", "2050年"],
                &["22000", "a", "静岡県", "", "1092000", "1050000", "100", "96.2"],
                &["22130", "1", "静岡県", "浜松市", "221000", "230000", "100", "104.1"],
                &["22131", "0", "静岡県", "浜松市中区", "62000", "71000", "100", "114.5"],
                &["7999", "9", "福島県", "浜通り地域", "156000", "140000", "100", "89.7"],
                &["22212", "2", "静岡県", "焼津市", "-", "41000", "100", ""],
                &["", "", "注）"],
            ],
        );
        let mut ledger = Ledger::new("kekkahyo2_3.xlsx");
        let rows = read(&source, &mut ledger).expect("read");
        assert_eq!(account(&ledger), (5, 4, 1));
        let found: Vec<_> = rows.iter().map(|row| (row.code.as_str(), row.region)).collect();
        let municipality = Region::Municipality;
        assert_eq!(
            found,
            [
                ("22000", Region::Prefecture),
                ("22130", Region::CityOfWards),
                ("22131", municipality),
                ("07999", municipality)
            ]
        );
        assert_eq!(rows[2].years[&2050], Classes::from([(AgeClass::From65, 71_000)]));
        assert_eq!(rows[2].years.len(), 2);
        assert_eq!(ledger.findings[0].row, Some(10));
    }

    /// The labels of the workbook of five-year classes: both sexes, men, women, and sums of some.
    fn age_labels() -> [Vec<String>; 2] {
        let class = |first: u32| match first {
            95 => "95歳以上".to_owned(),
            _ => format!("{first}～{}歳", first + 4),
        };
        let mut upper: Vec<String> =
            ["コード", "市などの別", "都道府県", "市区町村", "年"].map(str::to_owned).to_vec();
        let mut lower = vec![String::new(); 5];
        for sex in ["総数", "男", "女"] {
            upper.push(sex.to_owned());
            upper.extend(vec![String::new(); 20]);
            lower.push("総数".to_owned());
            lower.extend((0..=95).step_by(5).map(class));
        }
        upper.push("（再掲）".to_owned());
        lower.push("65歳以上".to_owned());
        [upper, lower]
    }

    #[test]
    fn the_workbook_of_five_year_classes_is_added_up_over_both_sexes() {
        let [upper, lower] = age_labels();
        let row = |code: &str, region: &str, year: &str, class: u32| {
            let mut cells: Vec<String> = [code, region, "山梨県", "甲府市", year].map(str::to_owned).to_vec();
            for people in [2 * class, class, class] {
                cells.push((20 * people).to_string());
                cells.extend(vec![people.to_string(); 20]);
            }
            cells.push("999999".to_owned());
            cells
        };
        let rows = [
            vec!["男女・年齢（5歳）階級別の推計結果".to_owned()],
            upper,
            lower,
            row("19201", "2", "2020年", 100),
            row("19201", "2", "2050", 50),
            row("19201", "x", "2050", 50),
        ];
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let mut ledger = Ledger::new("suikei_kekka.xlsx");
        let rows = read(&workbook("Sheet1", &rows), &mut ledger).expect("read");
        assert_eq!(account(&ledger), (3, 2, 1));
        let expected = Classes::from([
            (AgeClass::Total, 4_000),
            (AgeClass::Under15, 600),
            (AgeClass::From15To64, 2_000),
            (AgeClass::From65, 1_400),
            (AgeClass::From75, 1_000),
            (AgeClass::From85, 600),
        ]);
        assert_eq!(rows[0].years, BTreeMap::from([(2020, expected)]));
        assert_eq!(rows[1].years[&2050][&AgeClass::From85], 300);
    }

    #[test]
    fn a_workbook_of_which_nobody_says_what_it_counts_is_refused() {
        let source = workbook(
            "Sheet1",
            &[&["表"], &["コード", "市などの別", "都道府県", "市区町村"], &["", "", "", "", "2020年"]],
        );
        let message = read(&source, &mut Ledger::new("k.xlsx")).expect_err("refused").to_string();
        assert!(message.starts_with("k.xlsx: ") && message.contains("表題"), "{message}");
    }
}
