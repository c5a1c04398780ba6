//! A prefecture's own table, whether saved as CSV or as an Excel workbook: all sheets that have it, columns
//! bound by name below whatever titles stand above them, and every cell known by the place at which its author
//! finds it again. Sheets and columns that are not read are told.

use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, HEAD_ROWS, Row, comparable, first_rows};
use crate::ingest::ledger::{Doubt, Ledger, NamedCode};
use crate::ingest::text::{Source, place};
use crate::ingest::xlsx_table::{self, Cell, Sheet, SheetRow, column_letters};
use std::collections::BTreeSet;

/// One row with the fields of the columns that were asked for.
pub(crate) struct OwnRow {
    /// Row as people see it.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    fields: Vec<Field>,
    /// Something stands in the row, be it in a column that nobody asked for.
    is_filled: bool,
}

struct Field {
    said: String,
    place: String,
}

impl OwnRow {
    /// A field by the place of its column in what was asked for; empty where there is no such column.
    pub(crate) fn get(&self, column: usize) -> &str {
        &self.fields[column].said
    }

    /// The place of a field: the name of the column, in a workbook with the cell before it (`D5 開始`).
    pub(crate) fn place(&self, column: usize) -> &str {
        &self.fields[column].place
    }

    /// All fields, for findings about the whole row.
    pub(crate) fn said(&self) -> String {
        self.fields.iter().map(|field| field.said.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// What is asked of a table. Fields stand in the order of `needed` and `optional`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked<'a> {
    /// Columns that must be there.
    pub needed: &'a [&'a str],
    /// Columns that may be there.
    pub optional: &'a [&'a str],
    /// Those whose numbers in a workbook are times of day, as Excel stores them.
    pub times: &'a [&'a str],
    /// The table has columns of its own, of which nobody expects that they are read.
    pub is_wider: bool,
}

impl<'a> Asked<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.needed.iter().chain(self.optional).copied()
    }
}

/// Head of the sheet in which a form explains its columns.
pub(crate) const EXPLANATION: [&str; 5] = ["列", "必要", "書き方", "例", "選べる言葉"];

/// Words in the name of a sheet that shows how to fill in another.
const EXAMPLES: [&str; 6] = ["記入例", "記載例", "入力例", "作成例", "見本", "サンプル"];

/// Columns for people, of which nobody expects that they are read.
const FOR_PEOPLE: [&str; 8] =
    ["備考", "市区町村名", "都道府県名", "pref", "pref_code", "pref_name", "muni_name", "mapping_source"];

/// Reads every CSV and every sheet with the columns, of a file or an archive. What of a table is not read,
/// columns and sheets, is told.
///
/// # Errors
/// A file that cannot be read, or a table without the needed columns.
pub(crate) fn read(
    source: &Source,
    asked: &Asked<'_>,
    ledger: &mut Ledger,
) -> Result<Vec<OwnRow>, IngestError> {
    let holds = Holds::of(source)?;
    let mut rows = if holds.workbooks { of_workbooks(source, asked, ledger)? } else { Vec::new() };
    if holds.texts {
        rows.extend(of_texts(source, holds.endings, asked, ledger)?);
    }
    rows.retain(|row| row.is_filled);
    Ok(rows)
}

/// What tables a file or an archive is made of.
struct Holds {
    workbooks: bool,
    texts: bool,
    /// Endings of its texts.
    endings: &'static [&'static str],
}

impl Holds {
    fn of(source: &Source) -> Result<Self, IngestError> {
        if source.is_workbook()? {
            return Ok(Self { workbooks: true, texts: false, endings: &[] });
        }
        let members = if source.is_zip() { source.member_names()? } else { Vec::new() };
        let has = |ending: &str| members.iter().any(|name| name.to_lowercase().ends_with(ending));
        let texts = !has(".xlsx") || has(".csv");
        // Beside tables a .txt is a note to people; alone it is the table.
        let endings: &[&str] = if has(".csv") { &[".csv"] } else { &[".csv", ".txt"] };
        Ok(Self { workbooks: has(".xlsx"), texts, endings })
    }
}

fn of_texts(
    source: &Source,
    endings: &[&str],
    asked: &Asked<'_>,
    ledger: &mut Ledger,
) -> Result<Vec<OwnRow>, IngestError> {
    let mut rows = Vec::new();
    for text in source.texts(endings)? {
        let first = first_rows(&text, HEAD_ROWS);
        let heads: Vec<Head> = first.iter().map(Head::of_text).collect();
        let at = best(&heads, asked).map_or(0, |(_, at)| at);
        let Some(head) = heads.get(at) else {
            // Without any row, the reason is told.
            CsvTable::parse(&text, ledger)?;
            continue;
        };
        ledger.layer.clone_from(&text.name);
        let columns = head.bind(asked, &place(text.name.as_deref(), head.row), ledger)?;
        let needed = columns.iter().take(asked.needed.len()).flatten().map(|column| *column as usize);
        let table = CsvTable::parse_below(&text, at, &needed.collect::<Vec<_>>(), ledger)?;
        let beside = head.names_beside(asked);
        for row in &table.rows {
            let field = |(name, column): (&str, &Option<u32>)| Field {
                said: row.get_if(column.map(|column| column as usize)).to_owned(),
                place: name.to_owned(),
            };
            let fields = asked.names().zip(&columns).map(field).collect();
            for (code, (column, name)) in &beside {
                ledger.named.push(NamedCode {
                    row: row.row,
                    layer: text.name.clone(),
                    place: name.clone(),
                    code: row.get_if(columns[*code].map(|column| column as usize)).to_owned(),
                    name: row.get(*column as usize).to_owned(),
                });
            }
            let is_filled = (0..row.len()).any(|at| !row.get(at).is_empty());
            rows.push(OwnRow { row: row.row, layer: text.name.clone(), fields, is_filled });
        }
    }
    Ok(rows)
}

/// A name in a header.
struct Name {
    /// Counted from 0.
    column: u32,
    said: String,
    /// As [`comparable`] makes it.
    compared: String,
}

/// A row of names over a table.
struct Head {
    row: u64,
    names: Vec<Name>,
    /// Cells have places of their own.
    is_in_workbook: bool,
}

impl Head {
    fn of_text(row: &Row) -> Self {
        let names = (0_u32..).take(row.len()).map(|at| (at, row.get(at as usize).to_owned()));
        Self::new(row.row, names, false)
    }

    fn of_sheet(row: &SheetRow) -> Self {
        Self::new(row.row, row.texts(), true)
    }

    fn new(row: u64, names: impl Iterator<Item = (u32, String)>, is_in_workbook: bool) -> Self {
        let name = |(column, said): (u32, String)| Name { column, compared: comparable(&said), said };
        let names = names.map(name).filter(|name| !name.compared.is_empty());
        Self { row, names: names.collect(), is_in_workbook }
    }

    /// The columns of a name.
    fn columns(&self, name: &str) -> impl Iterator<Item = u32> {
        let name = comparable(name);
        self.names.iter().filter(move |one| one.compared == name).map(|one| one.column)
    }

    fn has(&self, name: &str) -> bool {
        self.columns(name).next().is_some()
    }

    /// How many of the columns are there, if those that are needed are.
    fn fits(&self, asked: &Asked<'_>) -> Option<usize> {
        let all = asked.needed.iter().all(|name| self.has(name));
        all.then(|| asked.names().filter(|name| self.has(name)).count())
    }

    /// The name of a column, in a workbook with its cell before it.
    fn place(&self, column: u32, name: &str) -> String {
        if self.is_in_workbook { cell_place(column, self.row, name) } else { name.to_owned() }
    }

    /// Finds the columns, and tells what of the header is not read. `place` is where the header stands.
    ///
    /// # Errors
    /// A needed column that is absent, or there twice.
    fn bind(
        &self,
        asked: &Asked<'_>,
        place: &str,
        ledger: &mut Ledger,
    ) -> Result<Vec<Option<u32>>, IngestError> {
        for name in asked.needed {
            match self.columns(name).count() {
                0 => return Err(self.missing(&ledger.file, place, name, asked)),
                1 => {}
                _ => return Err(twice(&ledger.file, place, name)),
            }
        }
        self.tell_others(asked, ledger);
        let column = |name| {
            let mut found = self.columns(name);
            found.next().filter(|_| found.next().is_none())
        };
        Ok(asked.names().map(column).collect())
    }

    /// The columns of names of municipalities that stand beside those of their codes: the place of the code in
    /// what is asked, and column and head of the name.
    fn names_beside(&self, asked: &Asked<'_>) -> Vec<(usize, (u32, String))> {
        let of_code = |(at, code): (usize, &str)| {
            let name = match comparable(code).as_str() {
                "muni_code" => "muni_name".to_owned(),
                code => {
                    let of = code.strip_suffix("コード")?;
                    ["市区町村", "市町村"].iter().any(|end| of.ends_with(end)).then(|| format!("{of}名"))?
                }
            };
            let mut columns = self.names.iter().filter(|one| one.compared == name);
            let column = columns.next().filter(|_| columns.next().is_none())?;
            Some((at, (column.column, column.said.clone())))
        };
        asked.names().enumerate().filter_map(of_code).collect()
    }

    fn missing(&self, file: &str, place: &str, name: &str, asked: &Asked<'_>) -> IngestError {
        let found: Vec<&str> = self.names.iter().map(|one| one.said.as_str()).collect();
        IngestError::Header {
            file: file.to_owned(),
            place: place.to_owned(),
            missing: name.to_owned(),
            expected: asked.needed.join(","),
            found: found.join(","),
        }
    }

    /// Tells the columns that are there twice, that seem to be misnamed, and that nobody asks for.
    fn tell_others(&self, asked: &Asked<'_>, ledger: &mut Ledger) {
        let absent: Vec<&str> = asked.optional.iter().copied().filter(|name| !self.has(name)).collect();
        let mut others = Vec::new();
        let mut met = BTreeSet::new();
        for Name { column, said, compared } in &self.names {
            let is = |known: &&str| comparable(known) == *compared;
            let is_asked = asked.names().any(|known| is(&known));
            let is_first = met.insert(compared);
            let (kind, meant) = if is_asked && !is_first {
                let meant = "同じ見出しが二つあり、どちらか決められないため、この列は読みません。使わない方の見出しを変えてください";
                ("column_twice", meant.to_owned())
            } else if is_asked || FOR_PEOPLE.iter().any(is) {
                continue;
            } else if let Some(asked) = absent.iter().find(|asked| is_near(compared, &comparable(asked))) {
                (
                    "column_misnamed",
                    format!(
                        "「{asked}」のことではありませんか。この列は読みません。そのとおりなら見出しを「{asked}」に直してください"
                    ),
                )
            } else {
                others.push(said.as_str());
                continue;
            };
            ledger.warn(Doubt { kind, row: self.row, field: &self.place(*column, said), said, meant });
        }
        if !others.is_empty() && !asked.is_wider {
            ledger.note(Doubt {
                kind: "columns_not_used",
                row: self.row,
                field: "",
                said: &others.join("、"),
                meant: "この種類の表では読まない列です".to_owned(),
            });
        }
    }
}

/// Whether a name may be meant as another: it holds it or a part of it, or differs by a letter or two.
fn is_near(said: &str, name: &str) -> bool {
    let [one, other] = [said, name].map(|text| text.chars().collect::<Vec<char>>());
    let shorter = one.len().min(other.len());
    let holds = said.contains(name) || name.contains(said);
    let most = (shorter / 4).max(1);
    shorter >= 2 && holds || shorter >= 3 && edits(&one, &other) <= most
}

/// Letters to change, add or take away to come from one text to another (Levenshtein 1966).
fn edits(one: &[char], other: &[char]) -> usize {
    let mut costs: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut before = std::mem::replace(&mut costs[0], at + 1);
        for (to, known) in other.iter().enumerate() {
            let changed = before + usize::from(letter != known);
            before = costs[to + 1];
            costs[to + 1] = changed.min(before + 1).min(costs[to] + 1);
        }
    }
    costs[other.len()]
}

/// The header among the first rows: the first with the needed columns, so that no row between two is taken for a
/// title, and how many of the others it has.
fn best(heads: &[Head], asked: &Asked<'_>) -> Option<(usize, usize)> {
    heads.iter().enumerate().find_map(|(at, head)| Some((head.fits(asked)?, at)))
}

/// All names in the first rows of every table of a file, as [`comparable`] compares them.
pub(crate) fn heads(source: &Source) -> Result<BTreeSet<String>, IngestError> {
    let holds = Holds::of(source)?;
    let mut heads: Vec<Head> = Vec::new();
    if holds.workbooks {
        xlsx_table::heads_of_each(source, HEAD_ROWS, |sheets| {
            heads.extend(sheets.iter().flat_map(|sheet| &sheet.rows).map(Head::of_sheet));
        })?;
    }
    if holds.texts {
        for text in source.texts(holds.endings)? {
            heads.extend(first_rows(&text, HEAD_ROWS).iter().map(Head::of_text));
        }
    }
    Ok(heads.into_iter().flat_map(|head| head.names).map(|name| name.compared).collect())
}

/// What a sheet is read for: the less, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Its name says that it shows how to fill in another.
    is_example: bool,
    /// It has one of the columns alone: perhaps a text about it.
    is_doubtful: bool,
}

fn of_workbooks(source: &Source, asked: &Asked<'_>, ledger: &mut Ledger) -> Result<Vec<OwnRow>, IngestError> {
    let mut rows = Vec::new();
    let (mut read, mut left) = (Vec::new(), Vec::new());
    let mut refusal = None;
    xlsx_table::read_each(source, ledger, |sheets, ledger| {
        let found: Vec<(&Sheet, Option<(Rank, usize)>)> = sheets
            .iter()
            .filter(|sheet| !explains(sheet))
            .map(|sheet| (sheet, header(sheet, asked)))
            .collect();
        let first = found.iter().filter_map(|(_, found)| Some(found.as_ref()?.0)).min();
        if first.is_none() && refusal.is_none() {
            refusal = Some(no_header(source, sheets, asked.needed));
        }
        for (sheet, found) in found {
            let Some((_, at)) = found.filter(|(rank, _)| Some(*rank) == first) else {
                left.push(sheet.name.clone());
                continue;
            };
            let of_sheet = rows_of_sheet(sheet, at, asked, ledger)?;
            read.push(format!("{}（{} 行）", sheet.name, of_sheet.len()));
            rows.extend(of_sheet);
        }
        Ok(())
    })?;
    ledger.layer = None;
    if let Some(refusal) = refusal.filter(|_| read.is_empty()) {
        return Err(refusal);
    }
    if read.len() > 1 {
        let meant = "見出しのあるシートをすべて合わせて読みました。別の年度の表など、合わせてはいけないシートがあれば、ファイルから除いてください";
        let said = read.join("・");
        ledger.warn(Doubt {
            kind: "sheets_together",
            row: 0,
            field: "",
            said: &said,
            meant: meant.to_owned(),
        });
    }
    let why = format!("見出し「{}」がないか、記入例のシートなので、読みません", asked.needed.join("」「"));
    ledger.warn_sheets_not_read(&left, &why);
    Ok(rows)
}

/// Whether a sheet explains a form, or is empty.
fn explains(sheet: &Sheet) -> bool {
    let is_head = |row: &SheetRow| row.texts().map(|(_, text)| text).eq(EXPLANATION);
    sheet.rows.iter().take(HEAD_ROWS).any(is_head) || sheet.rows.is_empty()
}

/// The header of a sheet.
fn header(sheet: &Sheet, asked: &Asked<'_>) -> Option<(Rank, usize)> {
    let heads: Vec<Head> = sheet.rows.iter().take(HEAD_ROWS).map(Head::of_sheet).collect();
    let (columns, at) = best(&heads, asked)?;
    let is_example = EXAMPLES.iter().any(|word| sheet.name.contains(word));
    let is_doubtful = columns < asked.names().count().min(2);
    Some((Rank { is_example, is_doubtful }, at))
}

fn rows_of_sheet(
    sheet: &Sheet,
    at: usize,
    asked: &Asked<'_>,
    ledger: &mut Ledger,
) -> Result<Vec<OwnRow>, IngestError> {
    ledger.layer = Some(sheet.name.clone());
    let head = Head::of_sheet(&sheet.rows[at]);
    let columns = head.bind(asked, &sheet_place(&sheet.name, head.row), ledger)?;
    let beside = head.names_beside(asked);
    let row = |row: &SheetRow| {
        let field = |(name, column): (&str, &Option<u32>)| {
            let Some(column) = *column else {
                return Field { said: String::new(), place: name.to_owned() };
            };
            let place = cell_place(column, row.row, name);
            let said = match row.cell(column) {
                Some(Cell::Number(number)) if asked.times.contains(&name) => time_of_day(*number),
                Some(Cell::Error(said)) => {
                    ledger.warn(error_cell(row.row, &place, said));
                    String::new()
                }
                _ => row.text(column),
            };
            Field { said, place }
        };
        let fields: Vec<Field> = asked.names().zip(&columns).map(field).collect();
        for (code, (column, name)) in &beside {
            ledger.named.push(NamedCode {
                row: row.row,
                layer: Some(sheet.name.clone()),
                place: cell_place(*column, row.row, name),
                code: fields[*code].said.clone(),
                name: row.text(*column),
            });
        }
        let is_filled = row.texts().any(|(_, text)| !text.is_empty());
        OwnRow { row: row.row, layer: Some(sheet.name.clone()), fields, is_filled }
    };
    Ok(sheet.rows[at + 1..].iter().map(row).filter(|row| row.is_filled).collect())
}

/// A column with its cell before it.
fn cell_place(column: u32, row: u64, name: &str) -> String {
    format!("{}{row} {name}", column_letters(column))
}

/// Where a row of a sheet stands.
fn sheet_place(sheet: &str, row: u64) -> String {
    format!("シート「{sheet}」の {row} 行目")
}

/// A formula that failed says nothing.
fn error_cell<'a>(row: u64, field: &'a str, said: &'a str) -> Doubt<'a> {
    let meant = "数式がエラーです。空のセルとして扱います。値を入れてください".to_owned();
    Doubt { kind: "error_cell", row, field, said, meant }
}

/// A share of a day as `H:MM`; what is no whole minute of two days stays a number, which is no time.
fn time_of_day(share: f64) -> String {
    let minutes = (share * 1_440.0).round();
    let sound = (0.0..=2_880.0).contains(&minutes) && (share * 1_440.0 - minutes).abs() < 0.01;
    if sound { format!("{}:{:02}", minutes as u32 / 60, minutes as u32 % 60) } else { share.to_string() }
}

fn twice(file: &str, place: &str, name: &str) -> IngestError {
    IngestError::Broken {
        file: file.to_owned(),
        place: place.to_owned(),
        found: format!("見出しに「{name}」が二つあります"),
        expected: format!("一つだけの「{name}」"),
        remedy: "使わない方の見出しを変えてください".to_owned(),
    }
}

fn no_header(source: &Source, sheets: &[Sheet], needed: &[&str]) -> IngestError {
    let first = sheets.first().and_then(|sheet| Some((sheet, sheet.rows.first()?)));
    let texts = |row: &SheetRow| row.texts().map(|(_, text)| text).collect::<Vec<_>>().join(",");
    IngestError::Header {
        file: source.file.clone(),
        place: first.map_or_else(|| "ブック".to_owned(), |(sheet, row)| sheet_place(&sheet.name, row.row)),
        missing: needed.join("・"),
        expected: needed.join(","),
        found: first.map(|(_, row)| texts(row)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::zipped;
    use crate::ingest::xlsx_table::tests::{book, workbook};

    const ASKED: Asked<'_> =
        Asked { needed: &["名称", "開始"], optional: &["備考"], times: &["開始"], is_wider: false };

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn table(source: &Source) -> Vec<(u64, Vec<String>, String)> {
        let rows = read(source, &ASKED, &mut Ledger::new("t")).expect("read");
        let fields = |row: &OwnRow| (0..3).map(|at| row.get(at).to_owned()).collect();
        rows.iter().map(|row| (row.row, fields(row), row.place(1).to_owned())).collect()
    }

    #[test]
    fn the_same_table_is_read_from_csv_and_workbook_with_the_place_of_each_cell() {
        let csv = Source::of_bytes("t.csv", "開始,名称\n30:00,甲医院\n,\n夜,乙医院\n".as_bytes());
        let of = |row, name: &str, time: &str, place: &str| {
            (row, vec![name.to_owned(), time.to_owned(), String::new()], place.to_owned())
        };
        let expected = [of(2, "甲医院", "30:00", "開始"), of(4, "乙医院", "夜", "開始")];
        assert_eq!(table(&csv), expected);
        let book = workbook(
            "輪番",
            &[&["令和7年度の輪番"], &["開始", "名称"], &["1.25", "甲医院"], &[], &["夜", "乙医院"]],
        );
        assert_eq!(table(&book), [of(3, "甲医院", "30:00", "A3 開始"), of(5, "乙医院", "夜", "A5 開始")]);
    }

    #[test]
    fn a_table_without_the_columns_is_refused_by_name() {
        for source in [workbook("表", &[&["名称"]]), Source::of_bytes("t.csv", "名称\n".as_bytes())] {
            let error = read(&source, &ASKED, &mut Ledger::new("t")).err().expect("refused");
            assert!(error.to_string().contains("開始"), "{error}");
        }
    }

    type Told<'a> = (&'a str, Option<&'a str>, Option<u64>, Option<&'a str>, &'a str);

    fn told(ledger: &Ledger) -> Vec<Told<'_>> {
        let findings = ledger.findings.iter();
        findings
            .map(|one| {
                let (kind, said) = (one.kind.as_str(), one.said.as_str());
                (kind, one.layer.as_deref(), one.row, one.field.as_deref(), said)
            })
            .collect()
    }

    #[test]
    fn titles_stand_above_the_header_of_a_csv_too() {
        let csv =
            Source::of_bytes("t.csv", "令和7年度の輪番\n,,\n開始,名称,備考\n18:00,甲医院,\n".as_bytes());
        let mut ledger = Ledger::new("t.csv");
        let rows = read(&csv, &ASKED, &mut ledger).expect("read");
        assert_eq!((rows.len(), rows[0].row, rows[0].get(0)), (1, 4, "甲医院"));
        assert!(ledger.findings.is_empty(), "{:?}", ledger.findings);
    }

    #[test]
    fn rows_before_a_second_header_are_rows() {
        let text =
            "名称,種別,所在地\n甲医院,診療所,\n乙医院,診療所,\n名称,種別,医療機関コード\n丙医院,診療所,\n";
        let asked =
            Asked {
                needed: &["名称", "種別"], optional: &["所在地", "医療機関コード"], ..Asked::default()
            };
        let mut ledger = Ledger::new("a.csv");
        let rows = read(&Source::of_bytes("a.csv", text.as_bytes()), &asked, &mut ledger).expect("read");
        let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(names, ["甲医院", "乙医院", "名称", "丙医院"], "nothing is taken for a title");
    }

    #[test]
    fn every_sheet_with_the_header_is_read_and_the_others_are_told() {
        let of_one = |name: &str| vec![row(&["開始", "名称"]), row(&["18:00", name])];
        let sheets = [
            ("甲府", of_one("甲医院")),
            ("富士吉田", [vec![row(&["当番表"])], of_one("乙医院"), of_one("丙医院")[1..].to_vec()].concat()),
            ("記入例", of_one("さくら診療所")),
            ("集計", vec![row(&["当番の数", "3"])]),
            ("説明", vec![row(&["表の題"]), row(&EXPLANATION), row(&["開始", "必要"])]),
            ("Sheet6", Vec::new()),
        ];
        let mut ledger = Ledger::new("t.xlsx");
        let rows = read(&book(&sheets), &ASKED, &mut ledger).expect("read");
        let found: Vec<_> = rows.iter().map(|row| (row.layer.as_deref(), row.row, row.get(0))).collect();
        let second = Some("富士吉田");
        assert_eq!(found, [(Some("甲府"), 2, "甲医院"), (second, 3, "乙医院"), (second, 4, "丙医院")]);
        let expected = [
            ("sheets_together", None, None, None, "甲府（1 行）・富士吉田（2 行）"),
            ("sheets_not_read", None, None, None, "記入例・集計"),
        ];
        assert_eq!(told(&ledger), expected);
        let sheets = sheets.map(|(name, rows)| (name, if name == "記入例" { rows } else { Vec::new() }));
        let rows = read(&book(&sheets), &ASKED, &mut Ledger::new("t.xlsx")).expect("read");
        assert_eq!(rows.len(), 1, "a sheet that is the only one is read whatever its name");
    }

    #[test]
    fn workbooks_of_an_archive_are_read_beside_its_csv() {
        let xlsx = |name: &str| book(&[("入力", vec![row(&["開始", "名称"]), row(&["18:00", name])])]);
        let [one, other] = ["甲医院", "乙医院"].map(|name| xlsx(name).whole().expect("bytes"));
        let csv = "開始,名称\n18:00,丙医院\n";
        let packed = zipped(&[("a.xlsx", &one), ("b.xlsx", &other), ("c.csv", csv.as_bytes())]);
        let rows =
            read(&Source::of_bytes("t.zip", &packed), &ASKED, &mut Ledger::new("t.zip")).expect("read");
        let names: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(names, ["甲医院", "乙医院", "丙医院"]);
        assert_eq!(rows[1].layer.as_deref(), Some("b.xlsx / 入力"));
    }

    #[test]
    fn columns_that_are_not_read_are_told_and_near_misses_by_what_they_may_mean() {
        let asked =
            Asked {
                needed: &["市区町村コード", "医師会名"], optional: &["町丁目"], ..Asked::default()
            };
        let head = row(&["市区町村コード", "市区町村名", "町丁目名", "医師会名", "会員数", "支部"]);
        let rows = vec![head.clone(), row(&["19201", "甲府市", "湯村", "甲府市", "200", "北"])];
        let mut ledger = Ledger::new("t.xlsx");
        let read_rows = read(&book(&[("表", rows)]), &asked, &mut ledger).expect("read");
        assert_eq!(read_rows[0].get(2), "");
        let expected = [
            ("column_misnamed", Some("表"), Some(1), Some("C1 町丁目名"), "町丁目名"),
            ("columns_not_used", Some("表"), Some(1), None, "会員数、支部"),
        ];
        assert_eq!(told(&ledger), expected);
        assert!(ledger.findings[0].meant.contains("「町丁目」のことではありませんか"));
        let wider = Asked { is_wider: true, ..asked };
        let mut ledger = Ledger::new("t.csv");
        let csv = Source::of_bytes("t.csv", format!("{}\n", head.join(",")).as_bytes());
        read(&csv, &wider, &mut ledger).expect("read");
        assert_eq!(told(&ledger), [("column_misnamed", None, Some(1), Some("町丁目名"), "町丁目名")]);
    }

    #[test]
    fn a_header_that_stands_twice_is_told_or_refused() {
        let heads = ["名称,開始,備考,備考", "名称,開始,名称"];
        for (head, is_refused) in heads.into_iter().zip([false, true]) {
            let cells: Vec<&str> = head.split(',').collect();
            let csv = Source::of_bytes("t.csv", format!("{head}\n甲,1,2,3\n").as_bytes());
            for source in [csv, book(&[("表", vec![row(&cells), row(&["甲", "1", "2"])])])] {
                let mut ledger = Ledger::new("t");
                let asked = Asked { optional: &["備考"], ..ASKED };
                match read(&source, &asked, &mut ledger) {
                    Ok(rows) => {
                        assert!(!is_refused, "{head}");
                        assert_eq!(rows[0].get(2), "");
                        assert_eq!(told(&ledger)[0].0, "column_twice");
                    }
                    Err(error) => {
                        assert!(is_refused && error.to_string().contains("「名称」が二つ"), "{error}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_are_near_when_one_holds_the_other_or_a_letter_differs() {
        for (said, name) in [
            ("町丁目名", "町丁目"),
            ("コード", "医療機関コード"),
            ("医療機関コート", "医療機関コード"),
            ("開始時刻", "開始"),
        ] {
            assert!(is_near(said, name), "{said} {name}");
        }
        for (said, name) in
            [("できない開始", "できない終了"), ("備考", "名称"), ("年", "策定年月"), ("住所", "所在地")]
        {
            assert!(!is_near(said, name), "{said} {name}");
        }
    }

    #[test]
    fn shares_of_a_day_become_times() {
        for (share, time) in [
            (0.75, "18:00"),
            (1.0, "24:00"),
            (0.354_166_666_7, "8:30"),
            (1.25, "30:00"),
            (-0.5, "-0.5"),
            (9.0, "9"),
        ] {
            assert_eq!(time_of_day(share), time);
        }
    }
}
