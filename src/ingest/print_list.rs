//! Lists that bureaus publish as they are printed: no names over the columns, several physical lines
//! for one institution, headings again on every page. A record begins on the line that carries its
//! running number (項番) and, right of it, the number of the institution; what else stands in it is
//! told by its looks and not by its column.

use crate::ingest::todokede::{Section, digits};
use crate::ingest::xlsx_table::{Sheet, SheetRow};
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
    let (mut in_heading, mut column) = (true, None);
    for row in &sheet.rows {
        let texts: Vec<(u32, String)> = row.texts().filter(|(_, text)| !text.is_empty()).collect();
        in_heading |= texts.iter().any(|(_, text)| is_title(text));
        let begins = begins(&texts).filter(|(at, _)| column.is_none_or(|known| known == *at));
        if let Some((at, number_column)) = begins {
            (column, in_heading) = (Some(at), false);
            list.records.push(Record { lines: vec![row], number_column });
        } else if in_heading {
            for (_, text) in &texts {
                list.take_heading(&plain(text));
            }
        } else if let (Some(record), false) = (list.records.last_mut(), texts.is_empty()) {
            record.lines.push(row);
        }
    }
    Some(list)
}

/// Columns of the running number and of the text after it, where a line begins with a number.
fn begins(texts: &[(u32, String)]) -> Option<(u32, u32)> {
    let [(at, number), (next, _), ..] = texts else { return None };
    let number = plain(number);
    (number.len() <= 6 && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some((*at, *next))
}

impl PrintList<'_> {
    fn take_heading(&mut self, text: &str) {
        let bare = text.trim_matches(['[', ']', '(', ')']);
        if self.prefecture.is_empty()
            && (3..=4).contains(&bare.chars().count())
            && bare.ends_with(['都', '道', '府', '県'])
        {
            bare.clone_into(&mut self.prefecture);
        }
        let words = ["訪問看護", "医科", "歯科", "薬局"];
        let named = words.iter().find(|word| text.contains(*word));
        self.section = self.section.or_else(|| named.and_then(|word| Section::from_name(word)));
    }
}

impl Record<'_> {
    /// The row at which people look for it.
    pub(crate) fn row(&self) -> u64 {
        self.lines.first().map_or(0, |line| line.row)
    }

    /// Number of seven digits (`01,1047,8`, `01-1857-5`, `01・1857・5`); `None` = anything else.
    pub(crate) fn number(&self) -> Option<String> {
        number(&self.lines.first()?.text(self.number_column))
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
        parts.map(|text| without_postcode(&text).to_owned()).collect()
    }
}

/// NFKC without white space.
pub(crate) fn plain(text: &str) -> String {
    text.nfkc().filter(|letter| !letter.is_whitespace()).collect()
}

/// Seven digits, whatever stands between them; spreadsheets drop leading zeros.
pub(crate) fn number(said: &str) -> Option<String> {
    let said = plain(said);
    let separators = [',', '-', '.', '・', '(', ')', '‐', '−', '－'];
    let bare: String = said.chars().filter(|letter| !separators.contains(letter)).collect();
    let is_whole = bare.len() == 7 || bare.len() == said.len() && (5..7).contains(&bare.len());
    is_whole.then(|| digits(&bare, 7)).flatten()
}

/// What follows `〒730－8652`.
fn without_postcode(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('〒') else { return text };
    let mut digits = 0;
    let is_after = |letter: char| {
        digits += usize::from(letter.is_numeric());
        digits > 7 || !(letter.is_numeric() || letter.is_whitespace() || "-－−‐ー―".contains(letter))
    };
    let end = rest.find(is_after).unwrap_or(rest.len());
    rest[end..].trim()
}

/// First years of the eras, less one.
const ERAS: [(char, u16); 5] = [('令', 2018), ('平', 1988), ('昭', 1925), ('大', 1911), ('明', 1867)];

/// A day such as `昭32. 7. 1`, `平元.4.1` or `令和6年6月1日` as `YYYY-MM-DD`; `None` = no such day.
pub(crate) fn era_day(said: &str) -> Option<String> {
    let said = plain(said);
    let mut letters = said.chars();
    let era = letters.next()?;
    let (_, before) = ERAS.iter().find(|(name, _)| *name == era)?;
    let rest: String = letters.skip_while(|letter| "和成正治".contains(*letter)).collect();
    let parts: Vec<&str> = rest.split(['.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let year: u16 = if *year == "元" { 1 } else { year.parse().ok().filter(|year| *year > 0)? };
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    let is_day = (1..=12).contains(&month) && (1..=31).contains(&day);
    is_day.then(|| Some(format!("{}-{month:02}-{day:02}", before.checked_add(year)?))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ledger::Ledger;
    use crate::ingest::xlsx_table;
    use crate::ingest::xlsx_table::tests::workbook;

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
    fn numbers_and_days_are_read_in_the_ways_of_the_bureaus() {
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
        for (said, day) in [
            ("昭32. 7. 1", Some("1957-07-01")),
            ("平元. 4. 1", Some("1989-04-01")),
            ("令和 6年 6月 1日", Some("2024-06-01")),
            ("令5.13. 1", None),
            ("新規", None),
            ("令", None),
        ] {
            assert_eq!(era_day(said).as_deref(), day, "{said}");
        }
        assert_eq!(without_postcode("〒730－8652広島市"), "広島市");
        assert_eq!(without_postcode("〒７３０−８６５２　１番町"), "１番町");
        assert_eq!(without_postcode("広島市"), "広島市");
    }
}
