//! Tables in xlsx workbooks, read cell by cell so that a sheet with far-off cells costs nothing.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::{Bytes, Member, Source};
use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::BufReader;

/// One worksheet.
pub(crate) struct Sheet {
    /// Its name.
    pub name: String,
    /// Rows with at least one cell.
    pub rows: Vec<SheetRow>,
    /// Its formulas.
    formulas: Formulas,
}

/// Cells with a formula: how many, and the first of them (`D5`).
#[derive(Default)]
struct Formulas {
    with_result: Option<(u64, String)>,
    without_result: Option<(u64, String)>,
}

/// One row of a worksheet.
pub(crate) struct SheetRow {
    /// Row number as Excel shows it.
    pub row: u64,
    /// In order of column.
    cells: Vec<(u32, Cell)>,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Text, or anything else that is shown as text.
    Text(String),
    /// A number.
    Number(f64),
    /// A formula that failed, as Excel shows it (`#VALUE!`).
    Error(String),
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Error(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl SheetRow {
    /// The cell of a column counted from 0.
    pub(crate) fn cell(&self, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        Some(&self.cells[at].1)
    }

    /// The cell as trimmed text; whole numbers without a decimal point, nothing as empty.
    pub(crate) fn text(&self, column: u32) -> String {
        self.cell(column).map(Cell::text).unwrap_or_default()
    }

    /// Columns and texts of all cells.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (u32, String)> {
        self.cells.iter().map(|(column, cell)| (*column, cell.text()))
    }
}

/// The letters over a column counted from 0, as Excel shows them (A … Z, AA …).
pub(crate) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A sheet unpacked, and what is read whole besides: shared texts, and the small parts.
const MOST_SHEET_BYTES: u64 = 256 << 20;
const MOST_SHARED_BYTES: u64 = 64 << 20;
const MOST_PART_BYTES: u64 = 16 << 20;
/// Cells of a workbook, some times those of the largest official one, and bytes of all their texts.
const MOST_CELLS: usize = 5_000_000;
/// A row takes as much memory as so many cells.
const ROW_CELLS: usize = 5;
const MOST_TEXT_BYTES: usize = 256 << 20;

/// Reads every worksheet. A formula is never computed: its cell holds what Excel has stored as its result.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<Sheet>, IngestError> {
    let sheets = heads(source, usize::MAX)?;
    let layer = ledger.layer.take();
    for sheet in &sheets {
        ledger.layer = Some(sheet.name.clone());
        sheet.formulas.tell(ledger);
    }
    ledger.layer = layer;
    Ok(sheets)
}

impl Formulas {
    fn count(&mut self, has_result: bool, row: u32, column: u32) {
        let of = if has_result { &mut self.with_result } else { &mut self.without_result };
        let first = || (0, format!("{}{}", column_letters(column), u64::from(row) + 1));
        of.get_or_insert_with(first).0 += 1;
    }

    fn tell(&self, ledger: &mut Ledger) {
        let doubt = |kind, (count, first): &(u64, String), meant: &str| Doubt {
            kind,
            row: 0,
            field: "",
            said: "",
            meant: format!("数式のセルが {count} 個あります（最初は {first}）。{meant}"),
        };
        if let Some(cells) = &self.with_result {
            ledger.note(doubt("formula", cells, "計算し直さず、保存されている結果を使います"));
        }
        if let Some(cells) = &self.without_result {
            let meant = "結果が保存されていないため、空のセルとして扱います。Excel で開いて保存し直すか、値に変えてください";
            ledger.warn(doubt("formula_without_result", cells, meant));
        }
    }
}

/// First bytes of what Excel wrote before 2007, and of workbooks under a password (MS-CFB 2.2).
pub(crate) const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

pub(crate) fn old_workbook(source: &Source, place: &str) -> IngestError {
    IngestError::Broken {
        file: source.file.clone(),
        place: place.to_owned(),
        found: "古い Excel の形式（.xls）か、パスワードのついたブックです".to_owned(),
        expected: "パスワードのない .xlsx か .csv".to_owned(),
        remedy: "Excel で開き、パスワードがあれば外して、「.xlsx」として保存し直してください".to_owned(),
    }
}

/// Reads the first rows of every worksheet, at most so many.
pub(crate) fn heads(source: &Source, most: usize) -> Result<Vec<Sheet>, IngestError> {
    let broken = |place: &str, found: String| broken(source, place, found);
    if source.head(OLD_OFFICE.len())? == OLD_OFFICE {
        return Err(old_workbook(source, "ファイルの先頭"));
    }
    if !source.is_zip() {
        return Err(broken("ファイルの先頭", "xlsx ではありません（zip の印がありません）".to_owned()));
    }
    source.members(&[""])?.iter().try_for_each(|member| check(source, member))?;
    let mut workbook = Xlsx::new(BufReader::new(source.reader()))
        .map_err(|error| broken("ブック", format!("xlsx として読めません（{error}）")))?;
    let mut sheets = Vec::new();
    let mut room = Room { cells: MOST_CELLS, text_bytes: MOST_TEXT_BYTES };
    for name in workbook.sheet_names() {
        let place = format!("シート「{name}」");
        match read_sheet(&mut workbook, &name, most, &mut room) {
            Ok(Some(sheet)) => sheets.push(sheet),
            Ok(None) => return Err(broken(&place, too_much())),
            Err(XlsxError::NotAWorksheet(_)) => {}
            Err(error) => return Err(broken(&place, format!("読めません（{error}）"))),
        }
    }
    Ok(sheets)
}

/// Gives `take` the worksheets of every workbook: of the source itself, or of each in an archive, one
/// after the other so that only one is in memory. Sheets of an archive are named with their member.
///
/// # Errors
/// What is no workbook and holds none, what cannot be read, and the errors of `take`.
pub(crate) fn read_each(
    source: &Source,
    ledger: &mut Ledger,
    mut take: impl FnMut(&[Sheet], &mut Ledger) -> Result<(), IngestError>,
) -> Result<(), IngestError> {
    each_book(source, |member, book| {
        let mut sheets = read(&book?, ledger)?;
        name_with(member, &mut sheets);
        take(&sheets, ledger)
    })
}

/// The same of the first rows, at most so many.
pub(crate) fn heads_of_each(
    source: &Source,
    most: usize,
    mut take: impl FnMut(&[Sheet]),
) -> Result<(), IngestError> {
    each_book(source, |member, book| {
        let mut sheets = heads(&book?, most)?;
        name_with(member, &mut sheets);
        take(&sheets);
        Ok(())
    })
}

/// The same with the member that each workbook is (`None` = the source itself), or why it cannot be read.
pub(crate) fn heads_by_member(
    source: &Source,
    most: usize,
    mut take: impl FnMut(Option<&str>, Result<Vec<Sheet>, IngestError>),
) -> Result<(), IngestError> {
    each_book(source, |member, book| {
        take(member, book.and_then(|book| heads(&book, most)));
        Ok(())
    })
}

fn each_book(
    source: &Source,
    mut take: impl FnMut(Option<&str>, Result<Source, IngestError>) -> Result<(), IngestError>,
) -> Result<(), IngestError> {
    let is_book = |name: &String| name.to_lowercase().ends_with(".xlsx");
    let is_archive = source.is_zip() && !source.is_workbook()? && source.member_names()?.iter().any(is_book);
    if !is_archive {
        return take(None, Ok(source.clone()));
    }
    for member in source.members(&[".xlsx"])? {
        let name = member.name.clone().unwrap_or_default();
        let book = |bytes: Vec<u8>| Source::of_bytes(&format!("{}（{name}）", source.file), &bytes);
        take(Some(&name), member.whole().map(book))?;
    }
    Ok(())
}

fn name_with(member: Option<&str>, sheets: &mut [Sheet]) {
    for (sheet, member) in sheets.iter_mut().zip(member.into_iter().cycle()) {
        sheet.name = format!("{member} / {}", sheet.name);
    }
}

fn broken(source: &Source, place: &str, found: String) -> IngestError {
    IngestError::Broken {
        file: source.file.clone(),
        place: place.to_owned(),
        found,
        expected: "Excel ブック（.xlsx）".to_owned(),
        remedy: "配布元からもう一度ダウンロードするか、Excel で .xlsx として保存し直してください".to_owned(),
    }
}

fn too_much() -> String {
    format!(
        "セルが {MOST_CELLS} 個（行は {ROW_CELLS} 個と数えます）か、文字が {} MiB を超えています",
        MOST_TEXT_BYTES >> 20
    )
}

/// The workbook reader itself knows no limit: it reserves what a part declares and holds small parts whole.
fn check(source: &Source, member: &Member) -> Result<(), IngestError> {
    let name = member.name.clone().unwrap_or_default();
    let lower = name.to_lowercase();
    let ends = |ending: &str| lower.ends_with(ending);
    let is_shared = ends("sharedstrings.xml");
    let is_part = ends(".rels") || ends("styles.xml") || ends("workbook.xml");
    let limit = match (is_shared, is_part) {
        (true, _) => MOST_SHARED_BYTES,
        (_, true) => MOST_PART_BYTES,
        _ => MOST_SHEET_BYTES,
    };
    if member.size() > limit {
        return Err(broken(
            source,
            &name,
            format!("{} バイトあります（上限 {limit} バイト）", member.size()),
        ));
    }
    if !is_shared {
        return member.verify();
    }
    let shared = member.whole()?;
    // The shortest text, `<si/>`, has five bytes.
    match declared_texts(&shared).find(|declared| *declared > shared.len() as u64 / 5) {
        Some(declared) => {
            Err(broken(source, &name, format!("{declared} 個の文字列があることになっています")))
        }
        None => Ok(()),
    }
}

/// Days between the two beginnings from which workbooks count (ECMA-376 18.17.4.1).
const DAYS_1900_TO_1904: f64 = 1_462.0;

/// A date as every workbook but those of old Macs counts it; a time of day has no beginning.
fn since_1900(date: ExcelDateTime) -> f64 {
    let days = date.as_f64();
    let plain = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, false);
    let counts_from_1904 = date.to_ymd_hms_milli() != plain.to_ymd_hms_milli();
    if days >= 1.0 && date.is_datetime() && counts_from_1904 { days + DAYS_1900_TO_1904 } else { days }
}

/// The numbers behind `uniqueCount`.
fn declared_texts(shared: &[u8]) -> impl Iterator<Item = u64> {
    const WORD: &[u8] = b"uniqueCount";
    let places = shared.windows(WORD.len()).enumerate().filter(|(_, bytes)| *bytes == WORD);
    places.map(|(at, _)| {
        let rest = shared[at + WORD.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
        let digits = rest.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}

/// What a workbook may still bring.
struct Room {
    cells: usize,
    text_bytes: usize,
}

impl Room {
    /// Whether there is room for another cell, the first of its row or a later one.
    fn take(&mut self, cell: &Cell, is_first: bool) -> bool {
        let bytes = match cell {
            Cell::Text(text) | Cell::Error(text) => text.len(),
            Cell::Number(_) => 0,
        };
        let cells = if is_first { ROW_CELLS } else { 1 };
        let left = self.cells.checked_sub(cells).zip(self.text_bytes.checked_sub(bytes));
        (self.cells, self.text_bytes) = left.unwrap_or_default();
        left.is_some()
    }
}

/// Reads a sheet; `None` = there is no room for it.
fn read_sheet(
    workbook: &mut Xlsx<BufReader<Bytes>>,
    name: &str,
    most: usize,
    room: &mut Room,
) -> Result<Option<Sheet>, XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, Vec<(u32, Cell)>> = BTreeMap::new();
    let mut formulas = Formulas::default();
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        let (row, column) = cell.pos;
        if cell.formula.is_some() {
            formulas.count(cell.value != DataRef::Empty, row, column);
        }
        let value = match cell.value {
            DataRef::Empty => continue,
            DataRef::String(text) => Cell::Text(text),
            DataRef::SharedString(text) => Cell::Text(text.to_owned()),
            DataRef::Int(number) => Cell::Number(number as f64),
            DataRef::Float(number) => Cell::Number(number),
            DataRef::Bool(flag) => Cell::Number(f64::from(u8::from(flag))),
            DataRef::DateTime(date) => Cell::Number(since_1900(date)),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text),
            DataRef::Error(error) => Cell::Error(error.to_string()),
        };
        let is_first = !rows.contains_key(&row);
        if is_first && rows.len() == most {
            break;
        }
        if !room.take(&value, is_first) {
            return Ok(None);
        }
        rows.entry(row).or_default().push((column, value));
    }
    let rows =
        rows.into_iter().map(|(row, cells)| SheetRow { row: u64::from(row) + 1, cells: in_order(cells) });
    Ok(Some(Sheet { name: name.to_owned(), rows: rows.collect(), formulas }))
}

/// Cells by column; of two in one column the later one counts.
fn in_order(mut cells: Vec<(u32, Cell)>) -> Vec<(u32, Cell)> {
    cells.reverse();
    cells.sort_by_key(|(column, _)| *column);
    cells.dedup_by_key(|(column, _)| *column);
    cells.shrink_to_fit();
    cells
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::ingest::text::tests::zipped;
    use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

    /// A workbook with one sheet of texts; `""` leaves a cell empty, `=…` is a failed formula.
    pub(crate) fn workbook(sheet: &str, rows: &[&[&str]]) -> Source {
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        book(&[(sheet, rows.iter().map(cells).collect())])
    }

    /// The same with several sheets.
    pub(crate) fn book(sheets: &[(&str, Vec<Vec<String>>)]) -> Source {
        let mut book = Workbook::new();
        for (name, rows) in sheets {
            write(book.add_worksheet().set_name(*name).expect("name"), rows);
        }
        Source::of_bytes("book.xlsx", &book.save_to_buffer().expect("book"))
    }

    fn write(worksheet: &mut Worksheet, rows: &[Vec<String>]) {
        for (row, cells) in rows.iter().enumerate() {
            for (column, said) in cells.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                if let Some(result) = said.strip_prefix('=') {
                    worksheet.write_formula(row, column, Formula::new("=1/0").set_result(result))
                } else if let Ok(number) = said.parse::<f64>()
                    && !said.starts_with('0')
                {
                    worksheet.write_number(row, column, number)
                } else if said.is_empty() {
                    continue;
                } else {
                    worksheet.write_string(row, column, said)
                }
                .expect("cell");
            }
        }
    }

    #[test]
    fn days_that_count_from_1904_are_those_of_1900() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let (day, time) = (Format::new().set_num_format("yyyy/m/d"), Format::new().set_num_format("h:mm"));
        sheet.write_number_with_format(0, 0, 44_469.0, &day).expect("cell");
        sheet.write_number_with_format(0, 1, 0.75, &time).expect("cell");
        sheet.write_number(0, 2, 44_469.0).expect("cell");
        let plain = Source::of_bytes("b.xlsx", &book.save_to_buffer().expect("book"));
        let members = plain.members(&[""]).expect("members").into_iter().map(|member| {
            let (name, bytes) = (member.name.clone().expect("named"), member.whole().expect("bytes"));
            let text = String::from_utf8(bytes).expect("XML");
            (name, text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ").into_bytes())
        });
        let members: Vec<(String, Vec<u8>)> = members.collect();
        let members: Vec<(&str, &[u8])> =
            members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let old = Source::of_bytes("b.xlsx", &zipped(&members));
        let texts = |source: &Source| -> Vec<String> {
            let sheets = read(source, &mut Ledger::new("b.xlsx")).expect("read");
            sheets[0].rows[0].texts().map(|(_, text)| text).collect()
        };
        assert_eq!(texts(&plain), ["44469", "0.75", "44469"]);
        assert_eq!(texts(&old), ["45931", "0.75", "44469"], "2025-10-01");
    }

    #[test]
    fn cells_keep_text_numbers_and_errors_apart() {
        let source = workbook("表", &[&[], &["0101", "12.5", "=#DIV/0!"]]);
        let mut ledger = Ledger::new("book.xlsx");
        let sheets = read(&source, &mut ledger).expect("readable");
        assert_eq!(sheets[0].name, "表");
        let told = &ledger.findings[0];
        assert_eq!((told.kind.as_str(), told.layer.as_deref()), ("formula", Some("表")));
        assert!(told.meant.contains("1 個") && told.meant.contains("C2"), "{}", told.meant);
        let row = &sheets[0].rows[0];
        assert_eq!(row.row, 2);
        assert_eq!(row.cell(0), Some(&Cell::Text("0101".to_owned())));
        assert_eq!(row.cell(1), Some(&Cell::Number(12.5)));
        assert_eq!(row.cell(2), Some(&Cell::Error("#DIV/0!".to_owned())));
        assert_eq!(row.text(3), "");
    }

    #[test]
    fn columns_are_called_as_excel_calls_them() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn what_is_no_workbook_is_refused_with_the_file_name() {
        let zip = crate::ingest::text::tests::zipped(&[("a.csv", b"1,2")]);
        for bytes in [b"a,b\n1,2\n".as_slice(), zip.as_slice(), b"", &zip[..20]] {
            let error =
                read(&Source::of_bytes("t.xlsx", bytes), &mut Ledger::new("t")).err().expect("refused");
            assert!(error.to_string().starts_with("t.xlsx: "), "{error}");
        }
    }
}
