//! 地方厚生局 コード内容別医療機関一覧表: doctors, beds, specialities, designation and state of every
//! insured institution, several physical lines each.
//!
//! A record holds, right of number, name and address, a column of staff (`常　勤:　 31`, `(医　 30)`,
//! `(歯　 1)`, `(薬　 2)`, `非常勤:　 30` …), the days of designation and of the current period, beds
//! (`一般　　 131`, or the kind on one line and the number on the next) above the specialities, and
//! the kind of institution above 現存 or 休止. The layout is that of a file of 広島県 as of 2026-02-01.

use crate::ingest::IngestError;
use crate::ingest::dates::era_day;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::print_list::{self, Record, plain};
use crate::ingest::study::{Posts, Practice, Staff};
use crate::ingest::text::Source;
use crate::ingest::todokede::Section;
use crate::ingest::xlsx_table::{self, Sheet};
use std::collections::BTreeMap;

/// One institution.
#[derive(Debug, PartialEq)]
pub(crate) struct ContentsRow {
    /// Its first line.
    pub row: u64,
    /// Which price list.
    pub section: Section,
    /// Number of seven digits.
    pub number: String,
    /// Name.
    pub name: String,
    /// Address, without prefecture.
    pub address: String,
    /// 病院 or 診療所, where told.
    pub kind: Option<&'static str>,
    /// Beds of all kinds; `None` = none is told, or a number cannot be read.
    pub beds: Option<u32>,
    /// Staff, designation, specialities and state.
    pub practice: Practice,
}

/// What a file says, of each prefecture by its name.
#[derive(Debug, Default)]
pub(crate) struct CodeContents {
    /// Prefecture and institution, in the order of the file.
    pub rows: Vec<(String, ContentsRow)>,
}

/// Reads every sheet with the title.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<CodeContents, IngestError> {
    let mut read = CodeContents::default();
    let (mut read_any, mut left) = (false, Vec::new());
    xlsx_table::read_each(source, ledger, |sheets, ledger| {
        for sheet in sheets {
            let is_list = read_sheet(sheet, &mut read, ledger);
            read_any |= is_list;
            left.extend((!is_list && !sheet.rows.is_empty()).then(|| sheet.name.clone()));
        }
        Ok(())
    })?;
    if read_any {
        ledger.warn_sheets_not_read(
            &left,
            "コード内容別の一覧表の題と医科・歯科・薬局の別がないので、読みません",
        );
        return Ok(read);
    }
    Err(IngestError::Broken {
        file: source.file.clone(),
        place: "どのシート".to_owned(),
        found: "「コード内容別…一覧表」の見出しと「医科・歯科・薬局」の別がありません".to_owned(),
        expected: "コード内容別医療機関一覧表（項番・医療機関番号・名称・所在地の順）".to_owned(),
        remedy: "配布元の Excel をそのまま使ってください".to_owned(),
    })
}

fn read_sheet(sheet: &Sheet, read: &mut CodeContents, ledger: &mut Ledger) -> bool {
    let Some(list) = print_list::read(sheet) else { return false };
    // The list of stations has another layout, and no doctors.
    let Some(section) = list.section.filter(|section| *section != Section::Nursing) else { return false };
    ledger.layer = Some(sheet.name.clone());
    list.tell_gaps(ledger);
    for record in &list.records {
        let (Some(number), false) = (record.number(), record.names().is_empty()) else {
            record.set_aside("bad_contents_row", "医療機関番号", ledger);
            continue;
        };
        record.lines.iter().for_each(|_| ledger.store());
        read.rows.push((list.prefecture.clone(), contents(record, section, number, ledger)));
    }
    true
}

fn contents(record: &Record<'_>, section: Section, number: String, ledger: &mut Ledger) -> ContentsRow {
    let cells: Vec<(u32, String)> = record.cells().collect();
    let mut days = cells.iter().filter_map(|(column, text)| Some((*column, era_day(text)?)));
    let designated = days.next();
    let last_column = cells.iter().find(|(_, text)| kind(text).is_some() || suspended(text).is_some());
    // Beds and specialities stand between the days and the kind of institution.
    let from = designated.as_ref().map_or(u32::MAX, |(column, _)| column + 1);
    let until = last_column.map_or(from.saturating_add(1), |(column, _)| *column);
    let between = cells.iter().filter(|(column, _)| (from..until).contains(column));
    let (beds, specialities) = beds_and_specialities(between.map(|(_, text)| text.as_str()));
    if beds.is_err() {
        tell(record, "病床数", "病床数として読めません。この医療機関の病床数は不明として扱います", ledger);
    }
    ContentsRow {
        row: record.row(),
        section,
        number,
        name: record.names().concat(),
        address: record.address(),
        kind: cells.iter().find_map(|(_, text)| kind(text)),
        beds: beds.unwrap_or_default(),
        practice: Practice {
            staff: staff(record, cells.iter().map(|(_, text)| plain(text)), ledger),
            designated: designated.map(|(_, day)| day),
            specialities,
            suspended: cells.iter().find_map(|(_, text)| suspended(text)),
            filings: BTreeMap::new(),
            capacities: BTreeMap::new(),
        },
    }
}

fn kind(text: &str) -> Option<&'static str> {
    match plain(text).as_str() {
        "診療所" => Some("診療所"),
        "病院" | "特定機能病院" | "特定機能" | "地域支援病院" => Some("病院"),
        _ => None,
    }
}

fn suspended(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "休止" => Some(true),
        "現存" => Some(false),
        _ => None,
    }
}

/// Whose posts the lines in brackets tell.
#[derive(Clone, Copy)]
enum Of {
    FullTime,
    PartTime,
}

/// Posts; `None` = no line tells any.
fn staff(record: &Record<'_>, texts: impl Iterator<Item = String>, ledger: &mut Ledger) -> Option<Staff> {
    let (mut staff, mut totals, mut of) = (Staff::default(), [None, None], None);
    for text in texts {
        if let Some(total) = text.strip_prefix("常勤:") {
            (of, totals[0]) = (Some(Of::FullTime), Some(total.parse().ok()));
        } else if let Some(total) = text.strip_prefix("非常勤:") {
            (of, totals[1]) = (Some(Of::PartTime), Some(total.parse().ok()));
        } else if let (Some(of), Some(inner)) =
            (of, text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')))
        {
            let posts = match of {
                Of::FullTime => &mut staff.full_time,
                Of::PartTime => &mut staff.part_time,
            };
            take_posts(posts, inner);
        }
    }
    let sums = [staff.full_time, staff.part_time].map(Posts::sum);
    let agrees = |(total, sum): (Option<Option<u32>>, u32)| total.is_none_or(|total| total == Some(sum));
    if totals == [None, None] {
        return None;
    }
    if !totals.into_iter().zip(sums).all(agrees) {
        tell(record, "勤務医数", "常勤・非常勤の合計と医・歯・薬の内訳が合いません。内訳を使います", ledger);
    }
    Some(staff)
}

/// `医30` of a line `(医　　30)`.
fn take_posts(posts: &mut Posts, inner: &str) {
    let mut letters = inner.chars();
    let of = match letters.next() {
        Some('医') => &mut posts.doctors,
        Some('歯') => &mut posts.dentists,
        Some('薬') => &mut posts.pharmacists,
        _ => return,
    };
    if let Ok(number) = letters.as_str().parse::<u16>() {
        *of = number.into();
    }
}

/// Kinds of beds of 医療法 第7条.
const BED_KINDS: [&str; 6] = ["一般", "療養", "精神", "結核", "感染", "その他"];

/// A number of beds that is none.
struct NoNumber;

/// Beds (`None` = no kind has a number) and specialities. A kind
/// without a number stands before a line with one, or is a kind of which there are none.
fn beds_and_specialities<'a>(
    lines: impl Iterator<Item = &'a str>,
) -> (Result<Option<u32>, NoNumber>, Vec<String>) {
    let (mut beds, mut specialities) = (Ok(None), Vec::new());
    let mut after_kind = false;
    for line in lines {
        let text = plain(line);
        let words = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let number = &text[words.len()..];
        let mut rest = words.replace(['(', ')'], "");
        for kind in BED_KINDS {
            rest = rest.replace(kind, "");
        }
        let is_beds = rest.is_empty() && (!words.is_empty() || after_kind);
        if !is_beds {
            specialities.extend(line.split_whitespace().map(str::to_owned));
        } else if !number.is_empty() {
            let more = number.parse::<u16>().map(u32::from).map_err(|_| NoNumber);
            beds = beds.and_then(|known: Option<u32>| Ok(Some(known.unwrap_or(0) + more?)));
        }
        after_kind = is_beds && number.is_empty();
    }
    (beds, specialities)
}

fn tell(record: &Record<'_>, field: &'static str, meant: &str, ledger: &mut Ledger) {
    let said = record.names().concat();
    ledger.warn(Doubt {
        kind: "bad_contents_value",
        row: record.row(),
        field,
        said: &said,
        meant: meant.to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    const HEAD: [&[&str]; 3] = [
        &["コード内容別医療機関一覧表", "[広島県]"],
        &["[令和 8年 2月 1日現在　医科　現存/休止]", "令和 8年 2月 2日作成　 1頁"],
        &[],
    ];

    fn read_rows(rows: &[&[&str]]) -> (Vec<ContentsRow>, Ledger) {
        let mut ledger = Ledger::new("c.xlsx");
        let all: Vec<&[&str]> = HEAD.iter().chain(rows).copied().collect();
        let read = read(&workbook("Sheet1", &all), &mut ledger).expect("read");
        assert!(read.rows.iter().all(|(prefecture, _)| prefecture == "広島県"));
        (read.rows.into_iter().map(|(_, row)| row).collect(), ledger)
    }

    #[test]
    fn a_hospital_and_a_clinic_on_several_lines_are_two_institutions() {
        let (rows, ledger) = read_rows(&[
            &[
                "1",
                "01,1001,3",
                "甲　病院",
                "〒730－8652広島市中区",
                "082",
                "会社",
                "長",
                "昭32. 7. 1",
                "一般　　",
                "病院",
            ],
            &["", "(01,3001,7)", "", "", "常　勤:　　 3", "", "", "新規", "　　一般    131", "現存"],
            &["", "", "", "", "(医　　　 2)", "", "", "令5. 7. 1", "一般(感染)", ""],
            &["", "", "", "", "(歯　　　 1)", "", "", "", "      4", ""],
            &["", "", "", "", "非常勤:　 2", "", "", "", "内　外　歯", ""],
            &["", "", "", "", "(薬　　　 2)"],
            &[
                "2",
                "01,1003,9",
                "乙医院",
                "〒734－0025広島市南区",
                "",
                "乙",
                "管理者不在",
                "平15. 3. 23",
                "小",
                "診療所",
            ],
            &["", "", "", "", "", "", "", "", "", "休止"],
        ]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined, ledger.findings.len()), (8, 8, 0, 0));
        let staff = Staff {
            full_time: Posts { doctors: 2, dentists: 1, pharmacists: 0 },
            part_time: Posts { doctors: 0, dentists: 0, pharmacists: 2 },
        };
        let hospital = ContentsRow {
            row: 3 + 1,
            section: Section::Medical,
            number: "0110013".to_owned(),
            name: "甲　病院".to_owned(),
            address: "広島市中区".to_owned(),
            kind: Some("病院"),
            beds: Some(135),
            practice: Practice {
                staff: Some(staff),
                designated: Some("1957-07-01".to_owned()),
                specialities: ["内", "外", "歯"].map(str::to_owned).into(),
                suspended: Some(false),
                filings: BTreeMap::new(),
                capacities: BTreeMap::new(),
            },
        };
        assert_eq!(rows[0], hospital);
        let clinic = &rows[1];
        assert_eq!((clinic.kind, clinic.beds, &clinic.practice.staff), (Some("診療所"), None, &None));
        assert_eq!(clinic.practice.suspended, Some(true));
    }

    #[test]
    fn sums_that_differ_and_numbers_that_are_none_are_told() {
        let (rows, ledger) = read_rows(&[
            &[
                "1",
                "01,1001,3",
                "甲医院",
                "〒730－8652中区",
                "",
                "",
                "",
                "平元. 7. 1",
                "一般99999999",
                "診療所",
            ],
            &["", "", "", "", "常　勤:　 3", "", "", "", "", "現存"],
            &["", "", "", "", "(医　　 2)"],
            &["2", "番号なし", "乙医院", "〒734－0025南区"],
            &["", "", "", "", "常　勤:　 1"],
            &["三", "01,1003,9", "丙医院", "〒734－0025南区"],
        ]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 3, 3));
        let told: Vec<_> =
            ledger.findings.iter().map(|one| (one.kind.as_str(), one.row, one.field.as_deref())).collect();
        let expected = [
            ("bad_contents_value", Some(4), Some("病床数")),
            ("bad_contents_value", Some(4), Some("勤務医数")),
            ("bad_contents_row", Some(7), Some("医療機関番号")),
            ("bad_contents_row", Some(8), Some("医療機関番号")),
            ("bad_contents_row", Some(9), Some("項番")),
        ];
        assert_eq!(told, expected);
        assert_eq!((rows.len(), rows[0].beds), (1, None));
    }

    #[test]
    fn a_workbook_without_the_title_is_refused() {
        let source = workbook("Sheet1", &[&["1", "01,1001,3", "甲"]]);
        let error = read(&source, &mut Ledger::new("c.xlsx")).expect_err("refused");
        assert!(error.to_string().contains("コード内容別"), "{error}");
    }
}
