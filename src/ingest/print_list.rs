//! Lists that bureaus publish as they are printed: no names over the columns, several physical lines
//! for one institution, headings again on every page. A record begins on the line that carries its
//! running number (項番) and, right of it, the number of the institution; what else stands in it is
//! told by its looks and not by its column.
//!
//! Every line below the title is a heading, a line of a record, or a record of its own that says why it is
//! none: a line with anything but a number in the column of the 項番, or that begins like a record without
//! one, never joins the institution above it. A running number that skips others is told.

use crate::ingest::address::after_post_code;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::todokede::{Section, digits};
use crate::ingest::xlsx_table::{Sheet, SheetRow};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// A sheet of such a list.
pub(crate) struct PrintList<'a> {
    /// Name of the prefecture, from the heading (`[広島県]`); empty where it has none.
    pub prefecture: String,
    /// Which price list, from the heading; `None` where it names none.
    pub section: Option<Section>,
    /// The records in order.
    pub records: Vec<Record<'a>>,
}

/// The lines of one institution.
pub(crate) struct Record<'a> {
    /// Physical lines, the first with the running number.
    pub lines: Vec<&'a SheetRow>,
    /// The running number (項番); `None` = there is none, or it is no number.
    pub order: Option<u32>,
    /// Column of the running number.
    order_column: u32,
    /// Column of the number of the institution.
    pub number_column: u32,
}

/// What is printed over the records of either list.
const TITLES: [(&str, &str); 2] = [("コード内容別", "一覧表"), ("届出受理", "名簿")];

/// Whether a text is the title of such a list.
pub(crate) fn is_title(text: &str) -> bool {
    let text = plain(text);
    TITLES.iter().any(|(begin, end)| text.starts_with(begin) && text.ends_with(end))
}

/// Lines from the top of a sheet among which its title stands.
const HEAD_LINES: usize = 30;

/// Splits a sheet; `None` = it has no title of such a list.
pub(crate) fn read(sheet: &Sheet) -> Option<PrintList<'_>> {
    let mut list = PrintList { prefecture: String::new(), section: None, records: Vec::new() };
    let has_title = |row: &SheetRow| row.texts().any(|(_, text)| is_title(&text));
    if !sheet.rows.iter().take(HEAD_LINES).any(has_title) {
        return None;
    }
    let (order_column, number_column) = columns(sheet);
    let (mut is_below_title, mut in_heading) = (false, true);
    for row in &sheet.rows {
        let texts: Vec<(u32, String)> = row
            .texts()
            .map(|(column, text)| (column, plain(&text)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let has_title = texts.iter().any(|(_, text)| is_title(text));
        (is_below_title, in_heading) = (is_below_title || has_title, in_heading || has_title);
        let has_columns = texts.iter().any(|(_, text)| text == "項番");
        if !is_below_title || has_columns || texts.iter().all(|(_, text)| is_of_heading(text, in_heading)) {
            for (_, text) in &texts {
                list.take_heading(text);
            }
            continue;
        }
        in_heading = false;
        let order = texts.iter().find(|(column, _)| *column == order_column).map(|(_, text)| text.as_str());
        let last = list.records.last_mut().filter(|last| order.is_none() && !last.is_followed_by(&texts));
        if let Some(last) = last {
            last.lines.push(row);
            continue;
        }
        let order = order.and_then(running_number);
        // The number of the institution is the next text, wherever it stands.
        let next = texts.iter().map(|(column, _)| *column).find(|column| *column > order_column);
        let number_column = order.and(next).unwrap_or(number_column);
        list.records.push(Record { lines: vec![row], order, order_column, number_column });
    }
    Some(list)
}

/// Columns of the running numbers and of the numbers of institutions: those of most lines that begin with one and
/// the other, else of most that begin with a number.
fn columns(sheet: &Sheet) -> (u32, u32) {
    let mut lines: BTreeMap<(bool, u32, u32), usize> = BTreeMap::new();
    for row in &sheet.rows {
        let mut texts = row.texts().filter(|(_, text)| !text.is_empty());
        let (Some((at, order)), Some((next, said))) = (texts.next(), texts.next()) else { continue };
        if running_number(&plain(&order)).is_some() {
            *lines.entry((number(&said).is_some(), at, next)).or_default() += 1;
        }
    }
    // The leftmost of those that are equally frequent.
    let most = lines.into_iter().rev().max_by_key(|((is_number, ..), count)| (*is_number, *count));
    most.map_or((0, 1), |((_, at, next), _)| (at, next))
}

/// A running number.
fn running_number(text: &str) -> Option<u32> {
    let is_number = (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// What is written over the columns, or a part of it.
const COLUMN_NAMES: [&str; 16] = [
    "番号",
    "コード",
    "名",
    "所在地",
    "電話",
    "勤務医",
    "開設者",
    "管理者",
    "年月日",
    "開始日",
    "病床数",
    "診療科",
    "備考",
    "届出",
    "受理",
    "記号",
];

/// Whether a text without spaces is of a heading: the title, `[山梨県]`, `令和8年2月2日作成1頁`; and, as long as no
/// record has followed the title, a state, a prefecture or the name of a column.
fn is_of_heading(text: &str, in_heading: bool) -> bool {
    let is_page = || text.strip_suffix('頁').is_some_and(|rest| rest.ends_with(char::is_numeric));
    let is_column =
        || !text.contains(char::is_numeric) && COLUMN_NAMES.iter().any(|name| text.contains(name));
    is_title(text)
        || text.starts_with('[') && text.ends_with(']')
        || text.ends_with("作成")
        || is_page()
        || in_heading && (text.contains("現在") || is_prefecture(text) || is_column())
}

/// `山梨県`, by its looks.
fn is_prefecture(text: &str) -> bool {
    (3..=4).contains(&text.chars().count()) && text.ends_with(['都', '道', '府', '県'])
}

impl PrintList<'_> {
    fn take_heading(&mut self, text: &str) {
        let bare = text.trim_matches(['[', ']', '(', ')']);
        if self.prefecture.is_empty() && is_prefecture(bare) {
            bare.clone_into(&mut self.prefecture);
        }
        let words = ["訪問看護", "医科", "歯科", "薬局"];
        let named = words.iter().find(|word| text.contains(*word));
        self.section = self.section.or_else(|| named.and_then(|word| Section::from_name(word)));
    }

    /// Tells where running numbers skip others. They begin again at 1 where a bureau begins again.
    pub(crate) fn tell_gaps(&self, ledger: &mut Ledger) {
        let mut expected = None;
        for record in &self.records {
            let Some(order) = record.order else {
                expected = expected.map(|number: u32| number + 1);
                continue;
            };
            if let Some(expected) = expected.filter(|number| *number != order && order != 1) {
                ledger.warn(Doubt {
                    kind: "running_number_gap",
                    row: record.row(),
                    field: "項番",
                    said: &order.to_string(),
                    meant: format!(
                        "{expected} のはずの項番が {order} です。間の医療機関がこのファイルにないか、項番が違います"
                    ),
                });
            }
            expected = Some(order + 1);
        }
    }
}

impl Record<'_> {
    /// The row at which people look for it.
    pub(crate) fn row(&self) -> u64 {
        self.lines.first().map_or(0, |line| line.row)
    }

    /// Number of seven digits (`01,1047,8`, `01-1857-5`, `01・1857・5`); `None` = anything else, or no running
    /// number before it.
    pub(crate) fn number(&self) -> Option<String> {
        self.order?;
        number(&self.lines.first()?.text(self.number_column))
    }

    /// Sets all its lines aside, for its running number or else for the number of its institution (in the column
    /// of this name).
    pub(crate) fn set_aside(&self, kind: &'static str, number_field: &str, ledger: &mut Ledger) {
        let (field, column, why) = match self.order {
            None => ("項番", self.order_column, "項番が数ではなく、どの医療機関の行か分かりません"),
            Some(_) => (number_field, self.number_column, "番号か名称が読めません"),
        };
        for line in &self.lines {
            ledger.quarantine(Doubt {
                kind,
                row: line.row,
                field,
                said: &line.text(column),
                meant: format!("{why}。この行は使いません"),
            });
        }
    }

    /// Whether a line without a running number begins a record of its own all the same: it has the number of an
    /// institution (another one of the same institution stands in brackets), or an address where there is one.
    fn is_followed_by(&self, texts: &[(u32, String)]) -> bool {
        texts.iter().any(|(column, text)| {
            let has_number =
                *column == self.number_column && !text.starts_with('(') && number(text).is_some();
            let has_address = text.starts_with('〒') && self.address_column() == Some(*column);
            has_number || has_address
        })
    }

    /// Texts of a line with their columns, each line of a cell for itself.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (u32, String)> {
        let cells = self.lines.iter().flat_map(|line| line.texts());
        cells.flat_map(|(column, text)| {
            let parts: Vec<_> = text.lines().map(|part| (column, part.trim().to_owned())).collect();
            parts.into_iter().filter(|(_, part)| !part.is_empty())
        })
    }

    /// Column of the address: the first that begins with a postcode.
    pub(crate) fn address_column(&self) -> Option<u32> {
        self.cells().find(|(_, text)| text.starts_with('〒')).map(|(column, _)| column)
    }

    /// Lines of the name: what stands between number and address.
    pub(crate) fn names(&self) -> Vec<String> {
        let end = self.address_column().unwrap_or(self.number_column + 2);
        let between = |column: u32| self.number_column < column && column < end;
        self.cells().filter(|(column, _)| between(*column)).map(|(_, text)| text).collect()
    }

    /// The address without its postcode; empty where there is none.
    pub(crate) fn address(&self) -> String {
        let Some(own) = self.address_column() else { return String::new() };
        let parts = self.cells().filter(|(column, _)| *column == own).map(|(_, text)| text);
        parts.map(|text| after_post_code(&text).to_owned()).collect()
    }
}

/// NFKC without white space.
pub(crate) fn plain(text: &str) -> String {
    text.nfkc().filter(|letter| !letter.is_whitespace()).collect()
}

/// Seven digits, whatever stands between them; spreadsheets drop leading zeros. Of several lines the first counts that
/// is not in brackets, as another number of the same institution is.
pub(crate) fn number(said: &str) -> Option<String> {
    let mut lines = said.lines().map(plain).filter(|line| !line.is_empty());
    let said = lines.clone().find(|line| !line.starts_with('(')).or_else(|| lines.next())?;
    let separators = [',', '-', '.', '・', '(', ')', '‐', '−', '－'];
    let bare: String = said.chars().filter(|letter| !separators.contains(letter)).collect();
    let is_whole = bare.len() == 7 || bare.len() == said.len() && (5..7).contains(&bare.len());
    is_whole.then(|| digits(&bare, 7)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ledger::Ledger;
    use crate::ingest::xlsx_table;
    use crate::ingest::xlsx_table::tests::workbook;

    #[test]
    fn of_two_numbers_in_a_cell_the_one_without_brackets_counts() {
        for said in ["01,1001,3\n(01,3001,7)", "(01,3001,7)\n01・1001・3", "01-1001-3"] {
            assert_eq!(number(said).as_deref(), Some("0110013"), "{said}");
        }
        assert_eq!(number("(01,3001,7)").as_deref(), Some("0130017"));
    }

    #[test]
    fn records_run_over_lines_and_pages_and_headings_are_none_of_them() {
        let source = workbook(
            "Sheet1",
            &[
                &["コード内容別医療機関一覧表", "[広島県]"],
                &["[令和 8年 2月 1日現在　医科　現存/休止]", "令和 8年 2月 2日作成　 1頁"],
                &["1", "01,1001,3", "甲病院", "〒730－8652広島市中区"],
                &["", "(01,3001,7)", "", "", "常　勤:　31"],
                &[],
                &["コード内容別医療機関一覧表", "[広島県]"],
                &["[令和 8年 2月 1日現在　医科]", "2頁"],
                &["2", "01・1003・9", "乙医院", "〒734－0025"],
                &["", "", "", "広島市南区東本浦町２２"],
            ],
        );
        let sheets = xlsx_table::read(&source, &mut Ledger::new("t")).expect("sheets");
        let list = read(&sheets[0]).expect("a list");
        assert_eq!((list.prefecture.as_str(), list.section), ("広島県", Some(Section::Medical)));
        let found: Vec<_> =
            list.records.iter().map(|one| (one.row(), one.lines.len(), one.number())).collect();
        assert_eq!(found, [(3, 2, Some("0110013".to_owned())), (8, 2, Some("0110039".to_owned()))]);
        assert_eq!(list.records[0].address(), "広島市中区");
        assert_eq!(list.records[1].address(), "広島市南区東本浦町２２");
        assert_eq!(list.records[1].names(), ["乙医院"]);
        let other = xlsx_table::read(&workbook("Sheet1", &[&["1", "01,1001,3"]]), &mut Ledger::new("t"))
            .expect("sheets");
        assert!(read(&other[0]).is_none());
    }

    #[test]
    fn a_line_that_begins_no_record_and_continues_none_is_a_record_without_running_number() {
        let postcode = "〒730－0025広島市";
        let source = workbook(
            "Sheet1",
            &[
                &["コード内容別医療機関一覧表", "[広島県]"],
                &["[令和 8年 2月 1日現在　医科]", "1頁"],
                &["項番", "医療機関番号", "医療機関", "所在地"],
                &["", "", "名称"],
                &["", "", "", "誰のものでもない"],
                &["1", "01,1001,3", "甲", postcode],
                &["x", "01,1002,1", "乙", postcode],
                &["", "", "", "", "常　勤:　1"],
                &["3", "01,1003,9", "丙", postcode],
                &["", "(01,3003,7)", "", "", "常　勤:　1"],
                &["", "01,1004,7", "丁", postcode],
                &["", "番号なし", "戊", postcode],
                &["コード内容別医療機関一覧表", "[広島県]"],
                &["", "", "", "前の頁の続き"],
                &["8", "01,1005,4", "己", postcode],
                &["", "新規"],
                &["*"],
            ],
        );
        let sheets = xlsx_table::read(&source, &mut Ledger::new("t")).expect("sheets");
        let list = read(&sheets[0]).expect("a list");
        let found: Vec<_> = list.records.iter().map(|one| (one.row(), one.lines.len(), one.order)).collect();
        let expected = [
            (5, 1, None),
            (6, 1, Some(1)),
            (7, 2, None),
            (9, 2, Some(3)),
            (11, 1, None),
            (12, 2, None),
            (15, 2, Some(8)),
            (17, 1, None),
        ];
        assert_eq!(found, expected);
        let mut ledger = Ledger::new("t");
        list.records[2].set_aside("bad", "番号", &mut ledger);
        list.tell_gaps(&mut ledger);
        let told: Vec<_> =
            ledger.findings.iter().map(|one| (one.kind.as_str(), one.row, one.said.as_str())).collect();
        let gap = "running_number_gap";
        assert_eq!(told, [("bad", Some(7), "x"), ("bad", Some(8), ""), (gap, Some(15), "8")]);
        assert_eq!((ledger.read, ledger.quarantined), (2, 2));
    }

    #[test]
    fn numbers_are_read_in_the_ways_of_the_bureaus() {
        for (said, number) in [
            ("01,1047,8", Some("0110478")),
            ("01-1857-5", Some("0118575")),
            ("０１．１８５７．５", Some("0118575")),
            ("(01,3001,7)", Some("0130017")),
            ("110478", Some("0110478")),
            ("01,1047", None),
            ("昭32. 7. 1", None),
            ("", None),
        ] {
            assert_eq!(super::number(said).as_deref(), number, "{said}");
        }
    }
}
