//! Tables in CSV, read row by row: columns bound by name, rows numbered as people see them.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::{Decoded, Text, lines, place};
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

    /// True when the row fits below a header of this width; empty fields at its end do not count.
    fn fits(&self, width: usize) -> bool {
        self.len() >= width && (width..self.len()).all(|at| self.get(at).is_empty())
    }
}

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
    width: Option<usize>,
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

/// All rows of a text, without knowledge of a header. Empty lines are no rows.
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
            core: csv_core::Reader::new(),
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
                    return Ok(Some(Row { row, text, ends: self.ends[..fields].to_vec() }));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }
}

impl Iterator for Records {
    type Item = Result<Row, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.read().transpose();
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}

/// A column name as compared: NFKC, no white space, lower case.
pub(crate) fn comparable(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

impl CsvTable {
    /// Splits a text into header and rows. Rows with another number of fields than the header are
    /// quarantined; empty fields at the end do not count.
    pub(crate) fn parse(text: &Text, ledger: &mut Ledger) -> Result<Self, IngestError> {
        Self::parse_below(text, 0, ledger)
    }

    /// The same of a table with so many rows of titles above its header.
    pub(crate) fn parse_below(text: &Text, titles: usize, ledger: &mut Ledger) -> Result<Self, IngestError> {
        ledger.layer.clone_from(&text.name);
        let file = ledger.file.clone();
        let mut records = Records::new(text).map(|row| row.map_err(|fault| fault.told(&file, text)));
        let header = records.nth(titles).transpose()?.ok_or_else(|| IngestError::Broken {
            file: file.clone(),
            place: place(text.name.as_deref(), 1),
            found: "空のファイルです".to_owned(),
            expected: "見出し行のある CSV".to_owned(),
            remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
        })?;
        let width = header.len();
        for row in records {
            let row = row?;
            if !row.fits(width) {
                ledger.quarantine(Doubt {
                    kind: "field_count",
                    row: row.row,
                    field: "",
                    // A finding is published, and a cell may be a count of few.
                    said: "",
                    meant: format!("見出しは {width} 列、この行は {} 列です。この行は使いません", row.len()),
                });
            }
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
        let name = comparable(name);
        let mut found = (0..self.header.len()).filter(|at| comparable(self.header.get(*at)) == name);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// A whole number as tables write it: with or without thousands separators.
pub(crate) fn whole_number(said: &str) -> Option<u32> {
    let plain: String = said.nfkc().filter(|c| *c != ',').collect();
    plain.trim().parse().ok()
}

/// Whether a pair of degrees is `0.0,0.0`, which stands for "unknown".
pub(crate) fn is_zero(longitude: &str, latitude: &str) -> bool {
    [longitude, latitude].iter().all(|said| said.parse() == Ok(0.0))
}

/// A pair of degrees. `None` for empty, `0.0` (the official mark of "unknown") and anything that
/// is no place on Earth.
pub(crate) fn coordinates(longitude: &str, latitude: &str) -> Option<geo::Point> {
    let (x, y): (f64, f64) = (longitude.parse().ok()?, latitude.parse().ok()?);
    let on_earth = (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y);
    (on_earth && (x != 0.0 || y != 0.0)).then(|| geo::Point::new(x, y))
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
    fn zero_coordinates_are_unknown() {
        assert_eq!(coordinates("0.0", "0.0"), None);
        assert_eq!(coordinates("", ""), None);
        assert_eq!(coordinates("NaN", "35"), None);
        assert_eq!(coordinates("138.5", "35.6"), Some(geo::Point::new(138.5, 35.6)));
    }
}
