//! Empty lists for a prefecture to fill in (`shapes/tables/templates.toml`), as CSV and as workbooks with
//! explanations and checks. The readers of lists take them back.

use crate::ingest::own_table::EXPLANATION;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook,
    Worksheet, XlsxError,
};
use serde::Deserialize;
use std::sync::LazyLock;

/// A list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Name of the files, without ending.
    pub file: String,
    /// What the list is called.
    pub title: String,
    /// What stands in a row.
    pub purpose: String,
    /// Law, notice or file that it comes from.
    pub source: String,
    /// Columns from the left.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// A column of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its head.
    pub name: String,
    /// Every row needs it.
    pub needed: bool,
    /// How to fill it in.
    pub explanation: String,
    /// What it may look like.
    pub example: String,
    /// The only words that it may hold; empty = any.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Digits of a code.
    pub digits: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "as_of")]
    _as_of: String,
    list: Vec<List>,
}

static LISTS: LazyLock<Vec<List>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../shapes/tables/templates.toml"))
        .expect("the table of lists is part of the program and tested");
    table.list
});

/// All lists.
#[must_use]
pub fn lists() -> &'static [List] {
    &LISTS
}

/// Rows for which a workbook checks what is written.
const CHECKED_ROWS: u32 = 2_000;
/// Width of a column, in characters of the default font.
const WIDTH: f64 = 24.0;
/// Longest words of a check that Excel can show as a choice, with the commas between them.
const MOST_CHOICE_LETTERS: usize = 255;

impl List {
    /// The head of the list as CSV that Excel opens.
    #[must_use]
    pub fn csv(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        format!("\u{feff}{}\r\n", names.join(","))
    }

    /// The list as a workbook: a sheet to fill in, and one that explains it. The same bytes every time.
    ///
    /// # Errors
    /// None for the shipped lists; those of the format's limits.
    pub fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let properties = DocProperties::new().set_title(&self.title).set_creation_datetime(&created);
        workbook.set_properties(&properties);
        self.write_form(workbook.add_worksheet().set_name("入力")?)?;
        self.write_explanation(workbook.add_worksheet().set_name("説明")?)?;
        workbook.save_to_buffer()
    }

    fn write_form(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let head = Format::new().set_bold().set_background_color(0x00DD_EBF7);
        let needed = head.clone().set_background_color(0x00FF_E699);
        // Codes are text, so that Excel keeps their leading zeros.
        let text = Format::new().set_num_format("@");
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.write_with_format(0, at, &column.name, if column.needed { &needed } else { &head })?;
            sheet.insert_note(0, at, &Note::new(column.note()).set_width(260))?;
            sheet.set_column_width(at, WIDTH)?.set_column_format(at, &text)?;
            if let Some(check) = column.check()? {
                sheet.add_data_validation(1, at, CHECKED_ROWS, at, &check)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }

    fn write_explanation(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for (row, said) in (0_u32..).zip([&self.title, &self.purpose, &self.source]) {
            sheet.write(row, 0, said)?;
        }
        for (at, head) in (0_u16..).zip(EXPLANATION) {
            sheet.write_with_format(4, at, head, &bold)?;
            sheet.set_column_width(at, if at == 2 { 2.0 * WIDTH } else { WIDTH })?;
        }
        for (row, column) in (5_u32..).zip(&self.columns) {
            let needed = if column.needed { "必要" } else { "任意" };
            let cells =
                [&column.name, needed, &column.explanation, &column.example, &column.choices.join("・")];
            for (at, said) in (0_u16..).zip(cells) {
                sheet.write_with_format(row, at, said, &wrapped)?;
            }
        }
        Ok(())
    }
}

impl Column {
    fn note(&self) -> String {
        let needed = if self.needed { "必要" } else { "任意" };
        format!("{needed}: {}\n例: {}", self.explanation, self.example)
    }

    /// What Excel refuses while somebody types.
    fn check(&self) -> Result<Option<DataValidation>, XlsxError> {
        let check = DataValidation::new();
        let check = if !self.choices.is_empty() && self.choices.join(",").len() <= MOST_CHOICE_LETTERS {
            check.allow_list_strings(&self.choices)?
        } else if let Some(digits) = self.digits {
            check.allow_text_length(DataValidationRule::EqualTo(digits))
        } else {
            return Ok(None);
        };
        let check = check.set_error_title("書き方")?.set_error_message(&self.explanation)?;
        Ok(Some(check))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_named_once_and_every_example_fits_its_column() {
        let mut files: Vec<&str> = lists().iter().map(|list| list.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        assert_eq!(files.len(), lists().len());
        for list in lists() {
            assert!(list.columns.iter().any(|column| column.needed), "{}", list.file);
            for column in &list.columns {
                let place = format!("{} {}", list.file, column.name);
                assert!(!column.example.is_empty() && !column.explanation.is_empty(), "{place}");
                assert!(column.choices.is_empty() || column.choices.contains(&column.example), "{place}");
                let digits = column.digits.map(|digits| digits as usize);
                assert!(digits.is_none_or(|digits| column.example.len() == digits), "{place}");
            }
        }
    }

    #[test]
    fn a_workbook_is_the_same_every_time_and_a_table_begins_with_the_mark_of_utf8() {
        for list in lists() {
            assert_eq!(list.workbook().expect("fits"), list.workbook().expect("fits"), "{}", list.file);
        }
        let names = "名称";
        assert!(lists()[0].csv().starts_with('\u{feff}') && lists()[0].csv().contains(names));
    }
}
