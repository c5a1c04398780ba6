//! Containers: CP932, CSV, zip and xlsx, each written so that the same content gives the same bytes.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Text in Windows code page 932.
pub fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!unmappable, "not in CP932: {text}");
    bytes.into_owned()
}

/// A zip whose members all carry the same date.
pub struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    pub fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    fn options() -> SimpleFileOptions {
        let date = DateTime::from_date_and_time(2025, 12, 1, 0, 0, 0).expect("a date");
        SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(date)
            .unix_permissions(0o644)
    }

    pub fn folder(&mut self, name: &str) {
        self.0.add_directory(name, Self::options()).expect("writing to memory");
    }

    pub fn file(&mut self, name: &str, bytes: &[u8]) {
        self.0.start_file(name, Self::options()).expect("writing to memory");
        self.0.write_all(bytes).expect("writing to memory");
    }

    pub fn finish(self) -> Vec<u8> {
        self.0.finish().expect("writing to memory").into_inner()
    }
}

/// How a CSV quotes its fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quotes {
    Always,
    WhereNeeded,
}

/// Lines of CSV, ended by CR LF.
pub struct Csv {
    text: String,
    quotes: Quotes,
}

impl Csv {
    pub fn new(quotes: Quotes) -> Self {
        Self { text: String::new(), quotes }
    }

    pub fn row<T: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = T>) {
        for (position, field) in fields.into_iter().enumerate() {
            let field = field.as_ref();
            if position > 0 {
                self.text.push(',');
            }
            if self.quotes == Quotes::Always || field.contains([',', '"', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&field.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push_str("\r\n");
    }

    pub fn utf8(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    pub fn utf8_with_bom(self) -> Vec<u8> {
        ["\u{feff}".as_bytes(), self.text.as_bytes()].concat()
    }

    pub fn cp932(self) -> Vec<u8> {
        cp932(&self.text)
    }
}

/// What stands in a spreadsheet cell.
pub enum Value {
    Text(String),
    Number(f64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// A worksheet; row 1 is the first.
pub struct Sheet {
    pub name: String,
    pub rows: Vec<(usize, Vec<Value>)>,
    pub merged: Vec<&'static str>,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Column letter of a position (0 = A); up to Z.
fn letter(position: usize) -> char {
    char::from(b'A' + u8::try_from(position).expect("at most 26 columns"))
}

/// An Office Open XML workbook (ECMA-376) with shared strings.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const SHEET_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut strings = Strings::default();
    let pages: Vec<String> =
        sheets.iter().map(|sheet| format!("{HEAD}{}", worksheet(sheet, MAIN, &mut strings))).collect();
    let numbers = 1..=sheets.len();
    let overrides: String = numbers
        .clone()
        .map(|n| format!(r#"<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>"#))
        .collect();
    let listed: String = sheets
        .iter()
        .zip(numbers.clone())
        .map(|(sheet, n)| format!(r#"<sheet name="{}" sheetId="{n}" r:id="rId{n}"/>"#, escaped(&sheet.name)))
        .collect();
    let relation = |id: usize, kind: &str, target: &str| {
        format!(r#"<Relationship Id="rId{id}" Type="{RELATIONS}/{kind}" Target="{target}"/>"#)
    };
    let related: String = numbers
        .map(|n| relation(n, "worksheet", &format!("worksheets/sheet{n}.xml")))
        .chain([
            relation(sheets.len() + 1, "styles", "styles.xml"),
            relation(sheets.len() + 2, "sharedStrings", "sharedStrings.xml"),
        ])
        .collect();
    let mut archive = Archive::new();
    let mut part = |name: &str, body: String| archive.file(name, format!("{HEAD}{body}").as_bytes());
    part(
        "[Content_Types].xml",
        format!(
            r#"<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>{overrides}<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET_TYPE}.sharedStrings+xml"/></Types>"#
        ),
    );
    part(
        "_rels/.rels",
        format!(
            r#"<Relationships xmlns="{PACKAGE}/relationships">{}</Relationships>"#,
            relation(1, "officeDocument", "xl/workbook.xml")
        ),
    );
    part(
        "xl/workbook.xml",
        format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>"#),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        format!(r#"<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>"#),
    );
    part(
        "xl/styles.xml",
        format!(
            r#"<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#
        ),
    );
    part("xl/sharedStrings.xml", strings.table(MAIN));
    for (number, page) in pages.iter().enumerate() {
        archive.file(&format!("xl/worksheets/sheet{}.xml", number + 1), page.as_bytes());
    }
    archive.finish()
}

#[derive(Default)]
struct Strings {
    positions: std::collections::BTreeMap<String, usize>,
    in_order: Vec<String>,
    uses: usize,
}

impl Strings {
    fn position(&mut self, text: &str) -> usize {
        self.uses += 1;
        if let Some(position) = self.positions.get(text) {
            return *position;
        }
        self.positions.insert(text.to_owned(), self.in_order.len());
        self.in_order.push(text.to_owned());
        self.in_order.len() - 1
    }

    fn table(&self, main: &str) -> String {
        let items: String = self
            .in_order
            .iter()
            .map(|text| format!(r#"<si><t xml:space="preserve">{}</t></si>"#, escaped(text)))
            .collect();
        format!(
            r#"<sst xmlns="{main}" count="{}" uniqueCount="{}">{items}</sst>"#,
            self.uses,
            self.in_order.len()
        )
    }
}

fn worksheet(sheet: &Sheet, main: &str, strings: &mut Strings) -> String {
    let mut body = String::new();
    for (row, values) in &sheet.rows {
        body.push_str(&format!(r#"<row r="{row}">"#));
        for (position, value) in values.iter().enumerate() {
            let cell = format!("{}{row}", letter(position));
            body.push_str(&match value {
                Value::Text(text) => format!(r#"<c r="{cell}" t="s"><v>{}</v></c>"#, strings.position(text)),
                Value::Number(number) => format!(r#"<c r="{cell}"><v>{number}</v></c>"#),
            });
        }
        body.push_str("</row>");
    }
    let first = sheet.rows.iter().map(|(row, _)| *row).min().unwrap_or(1);
    let last = sheet.rows.iter().map(|(row, _)| *row).max().unwrap_or(1);
    let widest = sheet.rows.iter().map(|(_, values)| values.len()).max().unwrap_or(1).max(1);
    let merged = if sheet.merged.is_empty() {
        String::new()
    } else {
        let cells: String =
            sheet.merged.iter().map(|range| format!(r#"<mergeCell ref="{range}"/>"#)).collect();
        format!(r#"<mergeCells count="{}">{cells}</mergeCells>"#, sheet.merged.len())
    };
    format!(
        r#"<worksheet xmlns="{main}"><dimension ref="A{first}:{}{last}"/><sheetData>{body}</sheetData>{merged}</worksheet>"#,
        letter(widest - 1)
    )
}
