//! Which state of the data a file holds: from its contents where they tell, else from its name.

use crate::ingest::census_tables::table_of;
use crate::ingest::future_mesh;
use crate::ingest::manifest::InputKind;
use crate::ingest::text::{Source, decode};
use crate::ingest::xlsx_table;
use unicode_normalization::UnicodeNormalization;

/// State of the data of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition {
    /// `2025-09-01`, `2025-09` or `2020`.
    pub date: String,
    /// Day on which it was made (作成), where the contents tell: of two of one state the later corrects the
    /// earlier.
    pub made: Option<String>,
    /// The contents tell it; else only the name does.
    pub is_in_contents: bool,
}

impl Edition {
    /// Of a file whose name alone tells its state.
    pub(crate) const fn by_name(date: String) -> Self {
        Self { date, made: None, is_in_contents: false }
    }
}

/// The first row of a table lies within so many bytes.
const HEAD_BYTES: usize = 64 * 1024;
/// Rows of a sheet in which a date is looked for.
const HEAD_ROWS: usize = 10;
/// First year of 令和, less one.
const REIWA: u16 = 2018;
/// First year of 平成, less one.
const HEISEI: u16 = 1988;

/// The state of a file of a kind; `None` = neither contents nor name tell it.
pub(crate) fn edition(kind: InputKind, source: &Source) -> Option<Edition> {
    let told = match kind {
        InputKind::CensusMesh => census_year(source).map(|year| (year.to_string(), None)),
        InputKind::FutureMesh => future_mesh::published(source).map(|year| (year.to_string(), None)),
        InputKind::Todokede | InputKind::CodeContents => dates_in_workbook(source),
        _ => None,
    };
    let by_name = || {
        let members = if source.is_zip() { source.member_names().unwrap_or_default() } else { Vec::new() };
        let own = source.path.file_name().map(|name| name.to_string_lossy().into_owned());
        own.into_iter().chain(members).find_map(|name| date_in_name(&name))
    };
    match told {
        Some((date, made)) => Some(Edition { date, made, is_in_contents: true }),
        None => by_name().map(Edition::by_name),
    }
}

/// Year of the census of a mesh file, by the number of its table.
pub(crate) fn census_year(source: &Source) -> Option<u16> {
    let members = source.members(&[".txt", ".csv"]).ok()?;
    let head = members.first()?.head(HEAD_BYTES).ok()?;
    let head = decode(head.split(|byte| *byte == b'\n').next()?).ok()?;
    table_of(head.trim_end().split(',').map(|code| code.trim_matches('"'))).map(|table| table.year)
}

/// The state of a workbook and the day on which it was made
/// (`[令和７年１０月１日 現在 ]令和７年１０月２２日作成`).
fn dates_in_workbook(source: &Source) -> Option<(String, Option<String>)> {
    let (mut date, mut made) = (None, None);
    xlsx_table::heads_of_each(source, HEAD_ROWS, |sheets| {
        let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
        for text in rows.flat_map(|row| row.texts().map(|(_, text)| text).collect::<Vec<_>>()) {
            date = date.take().or_else(|| japanese_date(&text));
            let after = text.rsplit(['現', ']']).next().filter(|rest| rest.contains("作成"));
            made = made.take().or_else(|| japanese_date(after?));
        }
    })
    .ok()?;
    date.map(|date| (date, made))
}

/// The first date such as 令和７年９月１日 in a text.
fn japanese_date(text: &str) -> Option<String> {
    let plain: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    [("令和", REIWA), ("平成", HEISEI)].into_iter().find_map(|(era, before)| {
        let (year, rest) = plain.split_once(era)?.1.split_once('年')?;
        let year: u16 = if year == "元" { 1 } else { year.parse().ok()? };
        let (month, rest) = rest.split_once('月')?;
        let (day, _) = rest.split_once('日')?;
        date(before.checked_add(year)?, month.parse().ok()?, day.parse().ok()?)
    })
}

fn date(year: u16, month: u8, day: u8) -> Option<String> {
    let is_date = (1950..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| format!("{year}-{month:02}-{day:02}"))
}

/// The first run of digits in a name that reads as YYYYMMDD, YYYYMM or YYMMDD.
pub(crate) fn date_in_name(name: &str) -> Option<String> {
    name.split(|letter: char| !letter.is_ascii_digit()).find_map(|digits| {
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
        let day = |year, from| date(year, part(from, from + 2)? as u8, part(from + 2, from + 4)? as u8);
        match digits.len() {
            8 => day(part(0, 4)?, 4),
            6 => {
                let month = part(4, 6).filter(|month| (1..=12).contains(month));
                let year = part(0, 4).filter(|year| (1950..2100).contains(year));
                match (year, month) {
                    (Some(year), Some(month)) => Some(format!("{year}-{month:02}")),
                    _ => day(2000 + part(0, 2)?, 2),
                }
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::zipped;
    use crate::ingest::xlsx_table::tests::workbook;

    #[test]
    fn names_tell_dates_in_the_ways_that_publishers_write_them() {
        for (name, date) in [
            ("01-1_hospital_facility_info_20250601.zip", Some("2025-06-01")),
            ("N03-22_19_220101_shp_cp932.zip", Some("2022-01-01")),
            ("202508_med_inst_cd_19.csv", Some("2025-08")),
            ("19_todokede_ika_202510.xlsx", Some("2025-10")),
            ("001728462_iryojuyo_suikei_R7.xlsx", None),
            ("jigyosho_2026.zip", None),
            ("99999999.csv", None),
        ] {
            assert_eq!(date_in_name(name).as_deref(), date, "{name}");
        }
    }

    #[test]
    fn a_workbook_tells_its_own_date_before_its_name_does() {
        let mut source = workbook("表", &[&[""], &["[令和７年１０月１日 現在 ]令和７年１０月２２日作成"]]);
        source.path = "x_202512.xlsx".into();
        let made = Some("2025-10-22".to_owned());
        let told = Edition { date: "2025-10-01".to_owned(), made, is_in_contents: true };
        assert_eq!(edition(InputKind::Todokede, &source), Some(told));
        let by_name = Edition::by_name("2025-12".to_owned());
        assert_eq!(edition(InputKind::HomeDemand, &source), Some(by_name));
        assert_eq!(japanese_date("平成元年4月30日"), Some("1989-04-30".to_owned()));
        assert_eq!(japanese_date("令和7年13月1日"), None);
    }

    #[test]
    fn a_census_mesh_is_of_the_year_of_its_table() {
        let file = zipped(&[("tblT000846S19.txt", b"KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T000846001\n")]);
        assert_eq!(census_year(&Source::of_bytes("m.zip", &file)), Some(2015));
        assert_eq!(census_year(&Source::of_bytes("m.txt", b"KEY_CODE,HTKSYORI,T999999001\n")), None);
    }
}
