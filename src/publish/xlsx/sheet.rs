//! A table on a sheet: what stands in it, and how it looks.

use rust_xlsxwriter::{ColNum, Color, Format, FormatAlign, FormatBorder, RowNum, Worksheet, XlsxError};

/// A sheet with one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Name on the tab, at most 31 characters.
    pub name: String,
    /// What the table says and in which unit.
    pub title: String,
    /// How a column is to be understood; empty where there is nothing to say.
    pub note: &'static str,
    /// Columns from the left.
    pub columns: Vec<Column>,
    /// How many columns from the left name the row: they stay in sight on screen and in print.
    pub keys: ColNum,
    /// Rows, each with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Width in characters of the default font.
    pub width: f64,
}

/// A column of that head and width.
pub fn column(head: impl Into<String>, width: f64) -> Column {
    Column { head: head.into(), width }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, wrapped.
    Text(String),
    /// A whole number of things or people.
    Count(u64),
    /// A number shown with one decimal.
    Decimal(f64),
    /// A number shown with two decimals.
    Hundredths(f64),
    /// A share, 0–1, shown in percent.
    Share(f64),
    /// A year, without thousands separator.
    Year(u16),
    /// A word in place of a number that is not there, and why.
    Absent(&'static str),
}

/// No file that was loaded can speak of it. Not the same as none.
pub const NOT_LOADED: Cell = Cell::Absent("未登録");

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A count, or that nothing was loaded to count.
    pub fn count(count: Option<u64>) -> Self {
        count.map_or(NOT_LOADED, Self::Count)
    }
}

/// Rows of a table that a sheet can hold with its title and head.
const MAX_ROWS: usize = 1_000_000;

/// Characters that a cell can hold.
const MAX_CHARACTERS: usize = 32_767;

const TITLE_ROW: RowNum = 0;
const CAPTION_ROW: RowNum = 1;
const NOTE_ROW: RowNum = 2;
const HEAD_ROW: RowNum = 3;
const A4: u8 = 9;

/// Characters of the default font that stand side by side on a page of A4 landscape printed at 45 %,
/// the smallest scale that can still be read.
const CHARACTERS_PER_PAGE: f64 = 290.0;

/// Height of a line of the default font, in points.
const LINE_HEIGHT: f64 = 14.0;

/// The highest row that Excel knows, in points.
const MAX_ROW_HEIGHT: f64 = 409.0;

/// The looks of the workbook. BIZ UDPゴシック comes with Windows; elsewhere the program that opens
/// the file takes its Japanese sans.
pub struct Styles {
    default: Format,
    title: Format,
    caption: Format,
    head: Format,
    text: Format,
    count: Format,
    decimal: Format,
    hundredths: Format,
    share: Format,
    year: Format,
    absent: Format,
}

impl Styles {
    pub fn new() -> Self {
        let default = Format::new()
            .set_font_name("BIZ UDPゴシック")
            .set_font_charset(128)
            .set_font_size(10)
            .set_align(FormatAlign::Top);
        let line = Color::RGB(0xBF_BF_BF);
        let cell = default.clone().set_border(FormatBorder::Thin).set_border_color(line);
        let number = |format: &str| cell.clone().set_num_format(format).set_align(FormatAlign::Right);
        Self {
            title: default.clone().set_bold().set_font_size(14),
            caption: default.clone().set_font_color(Color::RGB(0x40_40_40)),
            head: cell
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xE7_EE_F5)),
            text: cell.clone().set_text_wrap(),
            count: number("#,##0"),
            decimal: number("#,##0.0"),
            hundredths: number("0.00"),
            share: number("0.0%"),
            year: number("0"),
            absent: cell.set_align(FormatAlign::Right).set_font_color(Color::RGB(0x59_59_59)),
            default,
        }
    }

    pub const fn default(&self) -> &Format {
        &self.default
    }
}

impl Sheet {
    /// Puts the table on a worksheet under its title and the workbook's caption, ready to be
    /// filtered on screen and printed on A4 landscape.
    pub fn write(&self, sheet: &mut Worksheet, styles: &Styles, caption: &str) -> Result<(), XlsxError> {
        sheet.set_name(self.name.as_str())?;
        sheet.write_string_with_format(TITLE_ROW, 0, self.title.as_str(), &styles.title)?;
        sheet.write_string_with_format(CAPTION_ROW, 0, caption, &styles.caption)?;
        if !self.note.is_empty() {
            note(sheet, NOTE_ROW, self.note, styles)?;
        }
        for (col, column) in (0..).zip(&self.columns) {
            sheet.set_column_width(col, column.width)?;
            sheet.write_string_with_format(HEAD_ROW, col, column.head.as_str(), &styles.head)?;
        }
        let mut next = HEAD_ROW + 1;
        for row in self.rows.iter().take(MAX_ROWS) {
            for (col, cell) in (0..).zip(row) {
                write_cell(sheet, (next, col), cell, styles)?;
            }
            sheet.set_row_height(next, height(self.row_lines(row)))?;
            next += 1;
        }
        match self.rows.len().checked_sub(MAX_ROWS) {
            None if self.rows.is_empty() => note(sheet, next, "該当なし", styles)?,
            Some(left @ 1..) => {
                note(
                    sheet,
                    next,
                    &format!("ほか{left}行はこの表に入りません（JSONファイルにあります）"),
                    styles,
                )?;
            }
            _ => {}
        }
        let last = ColNum::try_from(self.columns.len().saturating_sub(1)).unwrap_or(ColNum::MAX);
        sheet.autofilter(HEAD_ROW, 0, next.saturating_sub(1).max(HEAD_ROW), last)?;
        sheet.set_row_height(HEAD_ROW, height(self.head_lines()))?;
        sheet.set_freeze_panes(HEAD_ROW + 1, self.keys)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(self.pages_wide(), 0);
        sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(HEAD_ROW, HEAD_ROW)?;
        if let Some(last_key) = self.keys.checked_sub(1) {
            sheet.set_repeat_columns(0, last_key)?;
        }
        sheet.set_footer("&L&A&R&P / &N");
        Ok(())
    }

    /// Lines of the head that needs most.
    fn head_lines(&self) -> u32 {
        self.columns.iter().map(|column| lines(&column.head, column.width)).max().unwrap_or(1)
    }

    /// Lines of the cell of a row that needs most; only text is wrapped.
    fn row_lines(&self, row: &[Cell]) -> u32 {
        let wrapped = |(column, cell): (&Column, &Cell)| match cell {
            Cell::Text(text) => lines(text, column.width),
            _ => 1,
        };
        self.columns.iter().zip(row).map(wrapped).max().unwrap_or(1)
    }

    /// Pages side by side on which the table can be read.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number of pages")]
    pub fn pages_wide(&self) -> u16 {
        let width: f64 = self.columns.iter().map(|column| column.width).sum();
        (width / CHARACTERS_PER_PAGE).ceil() as u16
    }
}

/// Height of a row of so many lines, in points.
fn height(lines: u32) -> f64 {
    (LINE_HEIGHT * f64::from(lines) + 2.0).min(MAX_ROW_HEIGHT)
}

/// Lines that a text takes when wrapped at a width in characters. A full-width letter takes two
/// characters; one character is left free, for no line may begin with a full stop or a bracket.
fn lines(text: &str, width: f64) -> u32 {
    let room = (width - 1.0).max(2.0);
    text.split('\n').fold(0, |lines, paragraph| {
        let (full, _) = paragraph.chars().map(letter_width).fold((0, 0.0), |(full, used), letter| {
            if used + letter > room { (full + 1, letter) } else { (full, used + letter) }
        });
        lines + full + 1
    })
}

/// Characters of a column's width that a letter takes.
fn letter_width(letter: char) -> f64 {
    if letter.is_ascii() || ('｡'..='ﾟ').contains(&letter) { 1.0 } else { 2.0 }
}

fn note(sheet: &mut Worksheet, row: RowNum, text: &str, styles: &Styles) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 0, text, &styles.caption)?;
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, col): (RowNum, ColNum),
    cell: &Cell,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string_with_format(row, col, fitting(text), &styles.text),
        #[expect(clippy::cast_precision_loss, reason = "Excel has no other numbers")]
        Cell::Count(count) => sheet.write_number_with_format(row, col, *count as f64, &styles.count),
        Cell::Decimal(number) => sheet.write_number_with_format(row, col, *number, &styles.decimal),
        Cell::Hundredths(number) => sheet.write_number_with_format(row, col, *number, &styles.hundredths),
        Cell::Share(share) => sheet.write_number_with_format(row, col, *share, &styles.share),
        Cell::Year(year) => sheet.write_number_with_format(row, col, *year, &styles.year),
        Cell::Absent(word) => sheet.write_string_with_format(row, col, *word, &styles.absent),
    }?;
    Ok(())
}

/// The text as far as a cell can hold it.
fn fitting(text: &str) -> String {
    if text.chars().count() <= MAX_CHARACTERS {
        text.to_owned()
    } else {
        text.chars().take(MAX_CHARACTERS - 1).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_letters_take_two_characters_and_paragraphs_begin_a_line() {
        assert_eq!(lines("", 10.0), 1);
        assert_eq!(lines("あいうえ", 9.0), 1);
        assert_eq!(lines("あいうえお", 9.0), 2);
        assert_eq!(lines("abcdefgh", 9.0), 1);
        assert_eq!(lines("ｱｲｳｴｵｶｷｸｹ", 9.0), 2);
        assert_eq!(lines("あいうえお\nか", 9.0), 3);
    }

    #[test]
    fn a_row_is_as_high_as_its_longest_text_and_never_higher_than_excel_allows() {
        let sheet = Sheet {
            name: String::new(),
            title: String::new(),
            note: "",
            columns: vec![column("", 9.0), column("", 5.0)],
            keys: 0,
            rows: Vec::new(),
        };
        assert_eq!(sheet.row_lines(&[Cell::text("あいうえお"), Cell::text("あいうえお")]), 3);
        assert_eq!(sheet.row_lines(&[Cell::text("あ"), Cell::Absent("上限内になし")]), 1);
        assert!((height(3) - 44.0).abs() < 1e-9);
        assert!((height(1_000) - 409.0).abs() < 1e-9);
    }
}
