//! Tables in CSV: columns bound by name, rows numbered as people see them.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::text::{Text, place};
use csv::StringRecord;
use unicode_normalization::UnicodeNormalization;

/// A table with one header row.
pub(crate) struct CsvTable {
    file: String,
    member: Option<String>,
    header: Row,
    /// Rows below the header that have as many fields as it.
    pub rows: Vec<Row>,
}

/// One row.
pub(crate) struct Row {
    /// Line in the text, counted from 1.
    pub row: u64,
    fields: StringRecord,
}

impl Row {
    /// A field without surrounding white space; empty when the row is too short.
    pub(crate) fn get(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default().trim()
    }

    /// A field of a column that need not be there; empty when it is not.
    pub(crate) fn get_if(&self, column: Option<usize>) -> &str {
        column.map_or("", |column| self.get(column))
    }

    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    fn names(&self) -> String {
        self.fields.iter().collect::<Vec<_>>().join(",")
    }
}

/// No row of an official table is as long as this. A longer one is the rest of the file behind a
/// quotation mark that nobody closed.
const MOST_LINES: u64 = 50;
const MOST_BYTES: u64 = 64 * 1024;

/// All rows of a text, without knowledge of a header. Empty lines are no rows.
///
/// # Errors
/// A row that is longer than any row of a table can be.
pub(crate) fn rows(file: &str, text: &Text) -> Result<Vec<Row>, IngestError> {
    let bytes = text.text.as_bytes();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut rows = Vec::new();
    let mut fields = StringRecord::new();
    // Reading valid UTF-8 from memory into records of any length cannot fail.
    while let Ok(true) = reader.read_record(&mut fields) {
        let (first_byte, row) = fields.position().map_or((0, 0), |at| {
            // The position is that of the empty lines before the record.
            let rest = bytes.get(at.byte() as usize..).unwrap_or_default();
            let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let lines = rest[..blank].split(|byte| *byte == b'\n').count() - 1;
            (at.byte() + blank as u64, at.line() + lines as u64)
        });
        let end = reader.position();
        let lines = end.line().saturating_sub(row);
        if lines > MOST_LINES || end.byte().saturating_sub(first_byte) > MOST_BYTES {
            return Err(IngestError::Broken {
                file: file.to_owned(),
                place: place(text.name.as_deref(), row),
                found: format!("この行から {lines} 行が一つの行としてつながっています"),
                expected: format!("一つの行は {MOST_LINES} 行・{} KiB まで", MOST_BYTES / 1024),
                remedy: "この行の「\"」が閉じているか確かめてください".to_owned(),
            });
        }
        rows.push(Row { row, fields: fields.clone() });
    }
    Ok(rows)
}

/// A column name as compared: NFKC, no white space, lower case.
pub(crate) fn comparable(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

impl CsvTable {
    /// Splits a text into header and rows. Rows with another number of fields than the header are
    /// quarantined; empty fields at the end do not count.
    pub(crate) fn parse(text: &Text, ledger: &mut Ledger) -> Result<Self, IngestError> {
        ledger.layer.clone_from(&text.name);
        let mut rows = rows(&ledger.file, text)?.into_iter();
        let header = rows.next().ok_or_else(|| IngestError::Broken {
            file: ledger.file.clone(),
            place: place(text.name.as_deref(), 1),
            found: "空のファイルです".to_owned(),
            expected: "見出し行のある CSV".to_owned(),
            remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
        })?;
        let mut table =
            Self { file: ledger.file.clone(), member: text.name.clone(), header, rows: Vec::new() };
        for row in rows {
            let filled = (0..row.len()).rfind(|at| !row.get(*at).is_empty()).map_or(0, |last| last + 1);
            if row.len() < table.header.len() || filled > table.header.len() {
                ledger.quarantine(Doubt {
                    kind: "field_count",
                    row: row.row,
                    field: "",
                    said: &row.names(),
                    meant: format!(
                        "見出しは {} 列、この行は {} 列です。この行は使いません",
                        table.header.len(),
                        row.len()
                    ),
                });
            } else {
                table.rows.push(row);
            }
        }
        Ok(table)
    }

    /// Positions of the named columns.
    ///
    /// # Errors
    /// A column that is absent, or there twice.
    pub(crate) fn columns<const N: usize>(&self, names: &[&str; N]) -> Result<[usize; N], IngestError> {
        let mut positions = [0; N];
        for (position, name) in positions.iter_mut().zip(names) {
            *position = self.optional(name).ok_or_else(|| IngestError::Header {
                file: self.file.clone(),
                place: place(self.member.as_deref(), self.header.row),
                missing: (*name).to_owned(),
                expected: names.join(","),
                found: self.header.names(),
            })?;
        }
        Ok(positions)
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

    fn text(text: &str) -> Text {
        Text { name: None, text: text.to_owned() }
    }

    fn read(said: &str) -> Vec<Row> {
        rows("a.csv", &text(said)).expect("rows")
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
        let long = format!("a\n\"{}\"\n", "x".repeat(70_000));
        assert!(matches!(rows("a.csv", &text(&long)), Err(IngestError::Broken { .. })));
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
        assert_eq!(table.rows.len(), 2);
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
