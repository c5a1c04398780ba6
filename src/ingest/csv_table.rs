//! Tables in CSV or between tabs, read row by row: columns bound by name, rows numbered as people see them.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::{Decoded, Text, empty, lines, place};
use csv_core::ReadRecordResult;
use std::io;
use unicode_normalization::UnicodeNormalization;

/// A table with one header row.
pub(crate) struct CsvTable {
    file: String,
    member: Option<String>,
    header: Row,
    /// Rows below the header that have as many fields as it.
    pub rows: Rows,
}

/// One row.
pub(crate) struct Row {
    /// Line in the text, counted from 1.
    pub row: u64,
    text: String,
    ends: Vec<usize>,
    /// Whether an end of line follows: the text may have been cut short within a row without one.
    is_ended: bool,
}

impl Row {
    /// A field without surrounding white space; empty when the row is too short.
    pub(crate) fn get(&self, column: usize) -> &str {
        let from = column.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let field = from.zip(self.ends.get(column)).and_then(|(from, to)| self.text.get(from..*to));
        field.unwrap_or_default().trim()
    }

    /// A field of a column that need not be there; empty when it is not.
    pub(crate) fn get_if(&self, column: Option<usize>) -> &str {
        column.map_or("", |column| self.get(column))
    }

    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All fields, as they stand beside each other.
    pub(crate) fn names(&self) -> String {
        (0..self.len()).map(|at| self.get(at)).collect::<Vec<_>>().join(",")
    }

    /// True when the row fits below a header; empty fields at its end do not count.
    fn fits(&self, width: Width) -> bool {
        let is_short = self.is_ended && width.needed.is_some_and(|needed| self.len() > needed);
        let is_longer = (width.header..self.len()).any(|at| !self.get(at).is_empty());
        (is_short || self.len() >= width.header) && !is_longer
    }

    /// Position of the field that says this; of two there is none.
    fn position(&self, name: &str) -> Option<usize> {
        let name = comparable(name);
        let mut found = (0..self.len()).filter(|at| comparable(self.get(*at)) == name);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Whether nothing but white space stands in it.
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// How wide the rows of a table are.
#[derive(Clone, Copy)]
struct Width {
    /// Columns of the header.
    header: usize,
    /// The last column that must be there. Excel leaves out the empty fields behind it where it saves rows.
    needed: Option<usize>,
}

/// Among so many rows the header of a table is looked for.
pub(crate) const HEAD_ROWS: usize = 30;

/// No row of an official table is as long as this. A longer one is the rest of the file behind a
/// quotation mark that nobody closed, or no row at all.
const MOST_LINES: u64 = 50;
const MOST_BYTES: usize = 64 * 1024;
const MOST_COLUMNS: usize = 4_096;

/// Rows of a text, read anew whenever they are gone through, so that none but the one at hand lies in
/// memory.
pub(crate) struct Rows {
    text: Text,
    skipped: usize,
    width: Option<Width>,
}

impl Rows {
    /// Goes through the rows. They were read to their end before; what changes on disk meanwhile is no row
    /// of this table.
    ///
    /// # Panics
    /// The file has changed since. Readers are called through `no_panic`, which names the file.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row> {
        let fits = |row: &Row| self.width.is_none_or(|width| row.fits(width));
        let rows =
            Records::new(&self.text).map(|row| row.expect("the file was not changed while it was read"));
        rows.skip(self.skipped).filter(fits)
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = Row;
    type IntoIter = Box<dyn Iterator<Item = Row> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// All rows of a text, without knowledge of a header. Lines without anything in them are no rows.
///
/// # Errors
/// A row that is longer than any row of a table can be.
pub(crate) fn rows(file: &str, text: &Text) -> Result<Rows, IngestError> {
    for row in Records::new(text) {
        row.map_err(|fault| fault.told(file, text))?;
    }
    Ok(Rows { text: text.clone(), skipped: 0, width: None })
}

/// The first rows, as far as they can be read.
pub(crate) fn first_rows(text: &Text, most: usize) -> Vec<Row> {
    Records::new(text).map_while(Result::ok).take(most).collect()
}

/// Splits a text into rows (RFC 4180).
struct Records {
    text: Decoded,
    core: csv_core::Reader,
    input: Vec<u8>,
    from: usize,
    to: usize,
    /// Line of the next byte.
    line: u64,
    output: Vec<u8>,
    ends: Vec<usize>,
    is_over: bool,
}

/// Why there is no next row.
#[derive(Debug)]
enum RowFault {
    /// More than a row can hold, from this line on, over so many lines as far as they were read.
    TooLong {
        row: u64,
        lines: u64,
    },
    Unreadable(io::Error),
}

impl RowFault {
    fn told(self, file: &str, text: &Text) -> IngestError {
        match self {
            Self::Unreadable(error) => text.fault(&error),
            Self::TooLong { row, lines } => IngestError::Broken {
                file: file.to_owned(),
                place: place(text.name.as_deref(), row),
                found: format!("この行から {lines} 行が一つの長い行としてつながっています"),
                expected: format!(
                    "一つの行は {MOST_LINES} 行・{} KiB・{MOST_COLUMNS} 列まで",
                    MOST_BYTES / 1024
                ),
                remedy: "この行の「\"」が閉じているか、行の終わりに改行があるか確かめてください".to_owned(),
            },
        }
    }
}

impl Records {
    fn new(text: &Text) -> Self {
        Self {
            text: text.open(),
            core: csv_core::ReaderBuilder::new().delimiter(text.separator).build(),
            input: vec![0; MOST_BYTES],
            from: 0,
            to: 0,
            line: 1,
            output: vec![0; MOST_BYTES],
            ends: vec![0; MOST_COLUMNS],
            is_over: false,
        }
    }

    /// Makes sure that there is input, unless the text is at its end.
    fn fill(&mut self) -> io::Result<()> {
        if self.from == self.to {
            (self.from, self.to) = (0, self.text.read(&mut self.input)?);
        }
        Ok(())
    }

    fn consume(&mut self, length: usize) {
        let read = &self.input[self.from..self.from + length];
        self.line += lines(read);
        self.from += length;
    }

    /// Passes over empty lines, and the rest of the line break behind the last row.
    fn skip_line_breaks(&mut self) -> io::Result<()> {
        loop {
            self.fill()?;
            let rest = &self.input[self.from..self.to];
            let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.consume(breaks);
            if self.from < self.to || breaks == 0 {
                return Ok(());
            }
        }
    }

    fn read(&mut self) -> Result<Option<Row>, RowFault> {
        self.skip_line_breaks().map_err(RowFault::Unreadable)?;
        let row = self.line;
        let (mut written, mut fields) = (0, 0);
        loop {
            self.fill().map_err(RowFault::Unreadable)?;
            let (result, read, out, ended) = self.core.read_record(
                &self.input[self.from..self.to],
                &mut self.output[written..],
                &mut self.ends[fields..],
            );
            self.consume(read);
            let is_ended = read > 0 && matches!(self.input[self.from - 1], b'\r' | b'\n');
            written += out;
            fields += ended;
            let too_long = RowFault::TooLong { row, lines: (self.line - row).max(1) };
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return Err(too_long),
                ReadRecordResult::Record if self.line - row > MOST_LINES => return Err(too_long),
                ReadRecordResult::Record => {
                    let text = String::from_utf8(self.output[..written].to_vec());
                    let text = text.map_err(|error| RowFault::Unreadable(io::Error::other(error)))?;
                    return Ok(Some(Row { row, text, ends: self.ends[..fields].to_vec(), is_ended }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

impl Iterator for Records {
    type Item = Result<Row, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            let next = self.read().transpose();
            self.is_over = !matches!(next, Some(Ok(_)));
            if !matches!(&next, Some(Ok(row)) if row.is_blank()) {
                return next;
            }
        }
        None
    }
}

/// A column name as compared: NFKC, no white space, lower case.
pub(crate) fn comparable(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

impl CsvTable {
    /// Splits a text into header, which is its first row, and rows. Rows with another number of fields than the
    /// header are quarantined; empty fields at the end do not count.
    pub(crate) fn parse(text: &Text, ledger: &mut Ledger) -> Result<Self, IngestError> {
        Self::parse_below(text, 0, &[], ledger)
    }

    /// The table below the first row that has all the named columns, and their positions.
    ///
    /// # Errors
    /// A column that is absent, or there twice.
    pub(crate) fn bind<const N: usize>(
        text: &Text,
        names: &[&str; N],
        ledger: &mut Ledger,
    ) -> Result<(Self, [usize; N]), IngestError> {
        let first = first_rows(text, HEAD_ROWS);
        let header = first.iter().position(|row| names.iter().all(|name| row.position(name).is_some()));
        let header = header.unwrap_or(0);
        let needed = first.get(header).map(|row| names.iter().filter_map(|name| row.position(name)));
        let needed: Vec<usize> = needed.into_iter().flatten().collect();
        let table = Self::parse_below(text, header, &needed, ledger)?;
        let columns = table.columns(names)?;
        Ok((table, columns))
    }

    /// The table with so many rows of titles above its header. Rows that end behind the last of the columns that
    /// are `needed` are taken as if empty fields followed.
    pub(crate) fn parse_below(
        text: &Text,
        titles: usize,
        needed: &[usize],
        ledger: &mut Ledger,
    ) -> Result<Self, IngestError> {
        ledger.layer.clone_from(&text.name);
        let file = ledger.file.clone();
        let mut records = Records::new(text).map(|row| row.map_err(|fault| fault.told(&file, text)));
        let header = records.nth(titles).transpose()?;
        let header = header.ok_or_else(|| empty(&file, &place(text.name.as_deref(), 1)))?;
        let width = Width { header: header.len(), needed: needed.iter().max().copied() };
        let mut short = 0;
        for row in records {
            let row = row?;
            if row.fits(width) {
                short += usize::from(row.len() < width.header);
            } else {
                ledger.quarantine(Doubt {
                    kind: "field_count",
                    row: row.row,
                    field: "",
                    // A finding is published, and a cell may be a count of few.
                    said: "",
                    meant: format!(
                        "見出しは {} 列、この行は {} 列です。この行は使いません",
                        width.header,
                        row.len()
                    ),
                });
            }
        }
        if short > 0 {
            ledger.note(Doubt {
                kind: "short_rows",
                row: 0,
                field: "",
                said: "",
                meant: format!("{short} 行は見出しより列が少なく、ない列を空欄として読みました"),
            });
        }
        let rows = Rows { text: text.clone(), skipped: titles + 1, width: Some(width) };
        Ok(Self { file, member: text.name.clone(), header, rows })
    }

    /// Positions of the named columns.
    ///
    /// # Errors
    /// A column that is absent, or there twice.
    pub(crate) fn columns<const N: usize>(&self, names: &[&str; N]) -> Result<[usize; N], IngestError> {
        let mut positions = [0; N];
        for (position, name) in positions.iter_mut().zip(names) {
            *position = self.column(name, names)?;
        }
        Ok(positions)
    }

    /// Position of one of the named columns.
    ///
    /// # Errors
    /// As [`Self::columns`].
    pub(crate) fn column(&self, name: &str, names: &[&str]) -> Result<usize, IngestError> {
        self.optional(name).ok_or_else(|| IngestError::Header {
            file: self.file.clone(),
            place: place(self.member.as_deref(), self.header.row),
            missing: name.to_owned(),
            expected: names.join(","),
            found: self.header.names(),
        })
    }

    /// Position of a column that need not be there; a name that occurs twice is not there.
    pub(crate) fn optional(&self, name: &str) -> Option<usize> {
        self.header.position(name)
    }
}

/// A whole number as tables write it: with or without thousands separators, or as programs write numbers (`120.0`).
pub(crate) fn whole_number(said: &str) -> Option<u32> {
    let plain: String = said.nfkc().filter(|c| *c != ',').collect();
    let plain = plain.trim();
    plain.strip_suffix(".0").unwrap_or(plain).parse().ok()
}

/// The number by which a file tells institutions apart: letters and digits. `None` for anything else, above all for
/// what a spreadsheet made of a long number (`1.97E+09`), which is that of many.
pub(crate) fn identifier(said: &str) -> Option<String> {
    let plain: String = said.nfkc().collect();
    let plain = plain.trim();
    let is_sound = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_sound.then(|| plain.to_owned())
}

/// What to do about a number that a spreadsheet has rounded; nothing about others.
pub(crate) fn remedy_of_rounding(said: &str) -> &'static str {
    if said.contains("E+") {
        "。表計算ソフトが番号を丸めています。配布元のファイルをそのまま使ってください"
    } else {
        ""
    }
}

/// A degree; `None` for what is no number.
fn degrees(said: &str) -> Option<f64> {
    said.nfkc().collect::<String>().trim().parse().ok()
}

/// A pair of degrees. `None` for empty, `0.0` (the official mark of "unknown") and anything that
/// is no place on Earth.
pub(crate) fn coordinates(longitude: &str, latitude: &str) -> Option<geo::Point> {
    let (x, y) = (degrees(longitude)?, degrees(latitude)?);
    let on_earth = (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y);
    (on_earth && (x != 0.0 || y != 0.0)).then(|| geo::Point::new(x, y))
}

/// What was found where the coordinates of a file stand.
pub(crate) struct Positions {
    /// Name of the column of latitudes.
    field: &'static str,
    rows: usize,
    zeros: usize,
}

impl Positions {
    /// Nothing is read yet.
    pub(crate) const fn new(field: &'static str) -> Self {
        Self { field, rows: 0, zeros: 0 }
    }

    /// The coordinates of a row, from its columns of longitude and latitude; what is none is told.
    pub(crate) fn of(&mut self, row: &Row, columns: [usize; 2], ledger: &mut Ledger) -> Option<geo::Point> {
        let [longitude, latitude] = columns.map(|column| row.get(column));
        let is_zero = [longitude, latitude].iter().all(|said| degrees(said) == Some(0.0));
        self.rows += 1;
        self.zeros += usize::from(is_zero);
        let position = coordinates(longitude, latitude);
        if position.is_none() && !is_zero && !(longitude.is_empty() && latitude.is_empty()) {
            ledger.warn(Doubt {
                kind: "bad_coordinates",
                row: row.row,
                field: self.field,
                said: &format!("{latitude}, {longitude}"),
                meant: "緯度と経度として読めません。不明として扱い、位置は所在地から求めます".to_owned(),
            });
        }
        position
    }

    /// Tells how many coordinates are zero.
    pub(crate) fn tell_zeros(&self, ledger: &mut Ledger) {
        if self.zeros > 0 {
            ledger.layer = None;
            ledger.note(Doubt {
                kind: "zero_coordinates",
                row: 0,
                field: self.field,
                said: "0.0",
                meant: format!(
                    "県の {} 行のうち {} 行の座標が 0 です。不明として扱い、位置は所在地から求めます",
                    self.rows, self.zeros
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::Source;

    fn text(text: &str) -> Text {
        let texts = Source::of_bytes("a.csv", text.as_bytes()).texts(&[".csv"]);
        texts.expect("text").remove(0)
    }

    fn read(said: &str) -> Vec<Row> {
        rows("a.csv", &text(said)).expect("rows").iter().collect()
    }

    #[test]
    fn rows_are_numbered_by_line_across_blank_lines_and_quoted_breaks() {
        let found: Vec<u64> =
            read("a,b\r\n\r\n1,2\r\n\"x\ny\",3\r\n4,5").into_iter().map(|row| row.row).collect();
        assert_eq!(found, [1, 3, 4, 6]);
    }

    #[test]
    fn a_quotation_mark_that_nobody_closed_is_refused_with_its_line() {
        let rest = "3,4\n".repeat(60);
        let error = rows("a.csv", &text(&format!("a,b\n\n1,\"2\n{rest}"))).err().expect("refused");
        let message = error.to_string();
        for part in ["a.csv: 3 行目", "61 行", "「\"」"] {
            assert!(message.contains(part), "{message}");
        }
        for long in [format!("\"{}\"", "x".repeat(70_000)), ",".repeat(5_000), "x".repeat(70_000)] {
            let error = rows("a.csv", &text(&format!("a\n{long}\n"))).err().expect("refused");
            assert!(error.to_string().starts_with("a.csv: 2 行目: "), "{error}");
        }
        assert_eq!(read(&format!("a,b\n{rest}1,\"2\n{}\"\n5,6\n", "x\n".repeat(40))).len(), 63);
    }

    #[test]
    fn columns_are_found_by_name_whatever_the_width_of_their_letters() {
        let mut ledger = Ledger::new("a.csv");
        let table = CsvTable::parse(&text("第１週,FAX番号\n1,2\n"), &mut ledger).expect("table");
        assert_eq!(table.columns(&["ＦＡＸ番号", "第1週"]).expect("both"), [1, 0]);
        let error = table.columns(&["第1週", "名称"]).expect_err("absent");
        let message = error.to_string();
        for part in ["a.csv", "1 行目", "名称", "第1週,名称", "第１週,FAX番号"] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn rows_of_another_length_are_quarantined_and_counted() {
        let mut ledger = Ledger::new("a.csv");
        let table = CsvTable::parse(&text("a,b\n1,2\n1\n1,2,3\n1,2,\n"), &mut ledger).expect("table");
        assert_eq!(table.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 5]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (2, 0, 2));
        assert_eq!(ledger.findings[0].row, Some(3));
    }

    #[test]
    fn rows_without_their_last_fields_are_taken_where_nothing_needed_is_missing() {
        let mut ledger = Ledger::new("a.csv");
        let said = text("題\na,b,c\n1,2\n3\n,,\n4,5,6\n7,8,9,10\n11,1");
        let (table, columns) = CsvTable::bind(&said, &["b", "a"], &mut ledger).expect("table");
        assert_eq!(columns, [1, 0]);
        assert_eq!(table.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 6]);
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        let expected = [4, 7, 8].map(|row| ("field_count", Some(row)));
        assert_eq!(told[..3], expected);
        assert_eq!((told[3], ledger.read), (("short_rows", None), 3));
        assert!(CsvTable::bind(&said, &["d"], &mut ledger).is_err());
    }

    #[test]
    fn what_a_spreadsheet_has_rounded_identifies_nothing() {
        for (said, meant) in [
            (" 01B0100011 ", Some("01B0100011")),
            ("１９６", Some("196")),
            ("1.97E+09", None),
            ("", None),
            ("甲", None),
        ] {
            assert_eq!(identifier(said).as_deref(), meant, "{said}");
        }
        assert_eq!(
            [whole_number("1,234"), whole_number("120.0"), whole_number("1.5")],
            [Some(1234), Some(120), None]
        );
    }

    #[test]
    fn zero_coordinates_are_unknown() {
        assert_eq!(coordinates("0.0", "0.0"), None);
        assert_eq!(coordinates("", ""), None);
        assert_eq!(coordinates("NaN", "35"), None);
        assert_eq!(coordinates("138.5", "35.6"), Some(geo::Point::new(138.5, 35.6)));
    }
}
