//! Which state of the data a file holds: from its contents where they tell, else from its name.

use crate::ingest::census_tables::table_of;
use crate::ingest::future_mesh;
use crate::ingest::manifest::InputKind;
use crate::ingest::road_file;
use crate::ingest::text::{Source, decode, decode_head};
use crate::ingest::xlsx_table::{self, Sheet, SheetRow};
use std::path::Path;
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
    /// Of a table whose rows name their years, the last of which is this.
    pub(crate) fn of_rows(year: u16) -> Self {
        Self { date: year.to_string(), made: None, is_in_contents: true }
    }

    /// Of a file whose name alone tells its state.
    pub(crate) const fn by_name(date: String) -> Self {
        Self { date, made: None, is_in_contents: false }
    }
}

/// The first row of a table lies within so many bytes.
const HEAD_BYTES: usize = 64 * 1024;
/// Rows of a sheet in which a date is looked for.
const HEAD_ROWS: usize = 10;
/// A row of a table that has more cells is no title.
const MOST_TITLE_CELLS: usize = 2;
/// Years that a name or a title means.
const YEARS: std::ops::RangeInclusive<u16> = 2000..=2099;
/// No register of アドレス・ベース・レジストリ is older.
const FIRST_REGISTER: u16 = 2021;
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
        InputKind::TownMaster
        | InputKind::TownPositions
        | InputKind::MunicipalityMaster
        | InputKind::MunicipalityPoints => packed_on(source).map(|day| (day, None)),
        _ => date_in_titles(source).or_else(|| id_in_metadata(source)).map(|date| (date, None)),
    };
    let by_name = || {
        let members = if source.is_zip() { source.member_names().unwrap_or_default() } else { Vec::new() };
        let own = source.path.file_name().map(|name| name.to_string_lossy().into_owned());
        let names: Vec<String> = own.into_iter().chain(members).collect();
        let provided = names.iter().find_map(|name| provided_on(name));
        if let (InputKind::KaigoJigyosho, Some(day)) = (kind, provided) {
            return Some(Edition { date: half_year_before(&day)?, made: Some(day), is_in_contents: false });
        }
        let day = names.iter().find_map(|name| date_in_name(name));
        day.or_else(|| names.iter().find_map(|name| year_in_name(name))).map(Edition::by_name)
    };
    match told {
        Some((date, made)) => Some(Edition { date, made, is_in_contents: true }),
        None => by_name(),
    }
}

/// Day of a time of provision in a name (`jigyosho_130_all_20260709180342.csv`).
fn provided_on(name: &str) -> Option<String> {
    let mut times = name.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| digits.len() == 14);
    times.find_map(date_in_name)
}

/// The last end of June or December before a day: 介護サービス情報公表 tells the state of these days.
fn half_year_before(day: &str) -> Option<String> {
    let (year, rest) = day.split_once('-')?;
    let year: u16 = year.parse().ok()?;
    Some(if rest > "06-30" { format!("{year}-06-30") } else { format!("{}-12-31", year - 1) })
}

/// The state of the file at a path.
pub(crate) fn edition_at(kind: InputKind, path: &Path) -> Option<Edition> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if kind != InputKind::RoadsOsm {
        return edition(kind, &Source::open(&name, path).ok()?);
    }
    match road_file::made_on(path) {
        Some(date) => Some(Edition { date, made: None, is_in_contents: true }),
        None => date_in_name(&name).or_else(|| year_in_name(&name)).map(Edition::by_name),
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

/// The first date in the rows above the header of a table: rows of one or two cells above wider ones.
fn date_in_titles(source: &Source) -> Option<String> {
    if source.is_zip() {
        let is_part =
            |name: &String| name.ends_with("xl/workbook.xml") || name.to_lowercase().ends_with(".xlsx");
        if !source.member_names().ok()?.iter().any(is_part) {
            return None;
        }
        let mut found = None;
        xlsx_table::heads_of_each(source, HEAD_ROWS, |sheets| {
            let texts = |row: &SheetRow| row.texts().map(|(_, text)| text).collect::<Vec<_>>();
            let rows = |sheet: &Sheet| sheet.rows.iter().map(texts).collect::<Vec<_>>();
            found = found.take().or_else(|| sheets.iter().find_map(|sheet| date_above(&rows(sheet))));
        })
        .ok()?;
        return found;
    }
    let head = source.head(HEAD_BYTES).ok()?;
    if head.starts_with(b"{") {
        return None;
    }
    let text = decode_head(&head)?;
    let plain = |cell: &str| cell.trim_matches(['"', '\r', ' ']).to_owned();
    let cells =
        |line: &str| line.split([',', '\t']).map(plain).filter(|cell| !cell.is_empty()).collect::<Vec<_>>();
    date_above(&text.lines().take(HEAD_ROWS).map(cells).collect::<Vec<_>>())
}

fn date_above(rows: &[Vec<String>]) -> Option<String> {
    let widest = rows.iter().map(Vec::len).max()?;
    let titles = rows.iter().take_while(|row| row.len() <= MOST_TITLE_CELLS && row.len() < widest);
    titles.flatten().find_map(|text| said_date(text))
}

/// The edition in the title of the metadata of a file of 国土数値情報 (`国土数値情報 医療機関 沖縄県 P04-14_47`).
fn id_in_metadata(source: &Source) -> Option<String> {
    if !source.is_zip() {
        return None;
    }
    let members = source.members(&[".xml"]).ok()?;
    let metadata = members.iter().find(|member| {
        member.name.as_ref().is_some_and(|name| {
            name.rsplit(['/', '\\']).next().is_some_and(|name| name.starts_with("KS-META"))
        })
    })?;
    let head = metadata.head(HEAD_BYTES).ok()?;
    let text = decode_head(&head)?;
    let title = text.split_once("<title>")?.1.split_once("</title>")?.0;
    date_in_name(title).or_else(|| year_of_id(title))
}

/// Day on which the publisher packed the first table of an archive. The registers of アドレス・ベース・レジストリ tell no
/// other state: what they hold is that of this day.
fn packed_on(source: &Source) -> Option<String> {
    let (year, month, day) = source.packed_on(&[".csv"])?;
    (year >= FIRST_REGISTER).then(|| date(year, month, day))?
}

/// The first year or date in a text: `2024年度`, `令和5(2023)年推計`, `令和7年10月1日現在`.
fn said_date(text: &str) -> Option<String> {
    let plain: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    plain.match_indices('年').find_map(|(at, sign)| {
        let (before, after) = (&plain[..at], &plain[at + sign.len()..]);
        let year = year_before(before)?;
        let number = |text: &str, unit: char| text.split_once(unit)?.0.parse::<u8>().ok();
        let month = number(after, '月').filter(|month| (1..=12).contains(month));
        let day = month.and_then(|_| number(after.split_once('月')?.1, '日'));
        match (month, day) {
            (Some(month), Some(day)) => date(year, month, day),
            (Some(month), None) => Some(format!("{year}-{month:02}")),
            _ => Some(year.to_string()),
        }
    })
}

/// The year at the end of a text: of the Western calendar, in brackets too, or of an era.
fn year_before(text: &str) -> Option<u16> {
    let text = text.strip_suffix(')').unwrap_or(text);
    let from = text
        .rfind(|letter: char| !letter.is_ascii_digit())
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let (before, digits) = text.split_at(from);
    let (before, year) = match before.strip_suffix('元') {
        Some(before) if digits.is_empty() => (before, 1),
        _ => (before, digits.parse().ok()?),
    };
    let in_era =
        |signs: [&str; 2], first: u16| signs.iter().any(|sign| before.ends_with(sign)).then(|| first + year);
    if digits.len() == 4 {
        return YEARS.contains(&year).then_some(year);
    }
    let year = (1..100)
        .contains(&year)
        .then(|| in_era(["令和", "R"], REIWA).or_else(|| in_era(["平成", "H"], HEISEI)))??;
    YEARS.contains(&year).then_some(year)
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

/// The year in a name: `_2026.`, `_R7.`, `P04-20_`, or the version of 位置参照情報 (`-18.0b`: 2024).
fn year_in_name(name: &str) -> Option<String> {
    let plain: String = name.nfkc().collect();
    let words = || plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    let western = || words().filter(|word| word.len() == 4).find_map(year_before);
    let of_era = || {
        words().find_map(|word| {
            let word = word.to_ascii_uppercase();
            (matches!(word.len(), 2 | 3) && word.starts_with(['R', 'H'])).then(|| year_before(&word))?
        })
    };
    let year = western().or_else(of_era).map(|year| year.to_string());
    year.or_else(|| said_date(name)).or_else(|| year_of_id(&plain)).or_else(|| year_of_version(&plain))
}

/// Year of an id of 国土数値情報: `P04-20_13`, `A31a-20-24_19` (the later of the two numbers).
fn year_of_id(text: &str) -> Option<String> {
    text.match_indices('-').find_map(|(at, _)| {
        let id = text[..at].rsplit(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
        let mut letters = id.chars();
        let is_id = letters.next()?.is_ascii_uppercase()
            && (3..=5).contains(&id.len())
            && letters.next()?.is_ascii_digit();
        let numbers =
            text[at + 1..].split(|letter: char| !letter.is_ascii_digit() && letter != '-').next()?;
        let years: Vec<&str> = numbers.split('-').take_while(|number| number.len() == 2).collect();
        let year = is_id.then(|| years.last())??;
        Some(format!("20{year}"))
    })
}

/// Year of a version of 位置参照情報: 大字・町丁目レベル 18.0b and 街区レベル 23.0a are of 2024.
fn year_of_version(text: &str) -> Option<String> {
    [(".0b", 2006), (".0a", 2001)].into_iter().find_map(|(sign, first)| {
        let before = text.split_once(sign)?.0;
        let version: u16 = before.rsplit(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()?;
        (1..90).contains(&version).then(|| (first + version).to_string())
    })
}

/// The first run of digits in a name that reads as YYYYMMDD (a time of day may follow), YYYYMM or YYMMDD.
pub(crate) fn date_in_name(name: &str) -> Option<String> {
    name.split(|letter: char| !letter.is_ascii_digit()).find_map(|digits| {
        let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u16>().ok();
        let day = |year, from| date(year, part(from, from + 2)? as u8, part(from + 2, from + 4)? as u8);
        match digits.len() {
            8 | 14 => day(part(0, 4)?, 4),
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
            ("jigyosho_130_all_20260709180342.csv", Some("2026-07-09")),
            ("jigyosho_2026.zip", None),
            ("99999999.csv", None),
        ] {
            assert_eq!(date_in_name(name).as_deref(), date, "{name}");
        }
        for (name, year) in [
            ("jigyosho_2026.zip", Some("2026")),
            ("001728462_iryojuyo_suikei_R7.xlsx", Some("2025")),
            ("ipss_r5_19.csv", Some("2023")),
            ("輪番表（令和７年１０月〜）.xlsx", Some("2025-10")),
            ("A38-20_GML.zip", Some("2020")),
            ("P04-14_47-g_MedicalInstitution.shp", Some("2014")),
            ("P14-21_13_GML.zip", Some("2021")),
            ("A31a-20-24_19_GEOJSON.zip", Some("2024")),
            ("19000-18.0b.zip", Some("2024")),
            ("19000-23.0a.zip", Some("2024")),
            ("hokenjo_19.csv", None),
            ("tblT001100S5238.zip", None),
            ("192015_名簿.csv", None),
            ("4-20.csv", None),
        ] {
            assert_eq!(year_in_name(name).as_deref(), year, "{name}");
        }
    }

    #[test]
    fn a_time_of_provision_is_not_the_state_of_what_is_provided() {
        for (name, date, made) in [
            ("jigyosho_130_all_20260709180342.csv", "2026-06-30", Some("2026-07-09")),
            ("jigyosho_130_all_20260630235959.csv", "2025-12-31", Some("2026-06-30")),
            ("jigyosho_130_20260331.csv", "2026-03-31", None),
        ] {
            let source = Source::of_bytes(name, b"a,b\n");
            let edition = edition(InputKind::KaigoJigyosho, &source).expect("told");
            assert_eq!((edition.date.as_str(), edition.made.as_deref()), (date, made), "{name}");
        }
    }

    #[test]
    fn titles_above_the_header_and_metadata_tell_the_state() {
        let demand = workbook(
            "訪問診療",
            &[
                &["将来の在宅（訪問診療）需要推計"],
                &["", "", "2024年度から2050年度にかけた需要推計（件/月）"],
                &["都道府県", "構想区域コード", "構想区域名"],
            ],
        );
        let told = |kind, source: &Source| edition(kind, source).map(|one| (one.date, one.is_in_contents));
        assert_eq!(told(InputKind::HomeDemand, &demand), Some(("2024".to_owned(), true)));
        let below = workbook("一覧", &[&["名称", "策定年月", "地域"], &["甲病院", "2024年3月", ""]]);
        assert_eq!(told(InputKind::ContinuityPlans, &below), None, "a row of the table is no title");
        let titled = Source::of_bytes("rinban.csv", "輪番表（令和7年度）,,\n曜日,開始,終了\n".as_bytes());
        assert_eq!(told(InputKind::Rota, &titled), Some(("2025".to_owned(), true)));
        let metadata = "<MD_Metadata><title>国土数値情報 医療機関 沖縄県 P04-14_47</title></MD_Metadata>";
        let packed = zipped(&[("a/KS-META-P04-14_47-g.xml", metadata.as_bytes()), ("a/x.shp", b"")]);
        assert_eq!(
            told(InputKind::P04Medical, &Source::of_bytes("x.zip", &packed)),
            Some(("2014".to_owned(), true))
        );
        for (said, date) in [
            ("令和5(2023)年推計", Some("2023")),
            ("平成元年4月30日", None),
            ("令和元年5月", Some("2019-05")),
            ("年齢別", None),
            ("3年ごと、2024年", Some("2024")),
        ] {
            assert_eq!(said_date(said).as_deref(), date, "{said}");
        }
    }

    #[test]
    fn a_workbook_tells_its_own_date_before_its_name_does() {
        let mut source = workbook("表", &[&[""], &["[令和７年１０月１日 現在 ]令和７年１０月２２日作成"]]);
        source.path = "x_202512.xlsx".into();
        let made = Some("2025-10-22".to_owned());
        let told = Edition { date: "2025-10-01".to_owned(), made, is_in_contents: true };
        assert_eq!(edition(InputKind::Todokede, &source), Some(told));
        let mut source = workbook("表", &[&["都道府県", "保険者", "総数"]]);
        source.path = "x_202512.xlsx".into();
        let by_name = Edition::by_name("2025-12".to_owned());
        assert_eq!(edition(InputKind::CareNeed, &source), Some(by_name));
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
