//! Changes of municipality codes: the official list (国土数値情報 `AdminiBoundary_CD.xlsx`, sheet
//! 行政区域コード), an office's own table (旧コード, 新コード, 施行日, 人口の割合, 編入, 事由), and the table that
//! the program carries (`shapes/tables/municipality_changes.toml`).
//!
//! Several rows of one code and day part it. In the official list 編入 among the reasons says that the new
//! code was there before; in an own table ○ under 編入 does.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::crosswalk::{Change, Crosswalk, Day, Part};
use crate::ingest::dates;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use chrono::Datelike;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Columns of the official list.
pub(crate) const OFFICIAL: [&str; 4] = ["行政区域コード", "コードの改定区分", "改正年月日", "改正後のコード"];
/// Columns of an own table.
pub(crate) const OWN: [&str; 3] = ["旧コード", "新コード", "施行日"];

/// The table that the program carries.
static SHIPPED: LazyLock<Vec<Change>> = LazyLock::new(|| {
    let table: ShippedTable = toml::from_str(include_str!("../../shapes/tables/municipality_changes.toml"))
        .expect("the table of changes is part of the program and tested");
    table.change.into_iter().map(Into::into).collect()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedTable {
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "source")]
    _source: String,
    change: Vec<ShippedChange>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedChange {
    date: String,
    from: MunicipalityCode,
    to: Vec<ShippedPart>,
    #[serde(default)]
    continues: bool,
    reason: String,
    #[serde(rename = "tag")]
    _tag: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedPart {
    code: MunicipalityCode,
    share: Option<f64>,
}

impl From<ShippedChange> for Change {
    fn from(said: ShippedChange) -> Self {
        Self {
            day: day(&said.date).unwrap_or_default(),
            from: said.from,
            to: said.to.iter().map(|part| Part { code: part.code, share: part.share }).collect(),
            continues: said.continues,
            reason: said.reason,
        }
    }
}

/// What files say first, then the table that the program carries.
pub(crate) fn crosswalk(of_files: Vec<Vec<Change>>) -> Crosswalk {
    let mut crosswalk = Crosswalk::default();
    for change in of_files.into_iter().flatten().chain(SHIPPED.iter().cloned()) {
        // Those of files were looked at when they were read.
        let _ = crosswalk.add(change);
    }
    crosswalk
}

/// One row: a code and one of the codes that its land went to.
struct ChangeRow {
    row: u64,
    layer: Option<String>,
    day: Day,
    from: MunicipalityCode,
    part: Part,
    continues: bool,
    reason: String,
}

/// Reads a list of changes.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<Change>, IngestError> {
    // A table that turns out to be the other one was not read yet.
    let mut of_official = Ledger::new(&ledger.file);
    let asked =
        Asked { needed: &OFFICIAL, optional: &["改正事由等"], is_wider: true, ..Asked::default() };
    let official = own_table::read(source, &asked, &mut of_official);
    let rows: Vec<Option<ChangeRow>> = match official {
        Ok(rows) => {
            *ledger = of_official;
            rows.iter().map(|row| official_row(row, ledger)).collect()
        }
        Err(IngestError::Header { .. }) => {
            let optional = ["人口の割合", "編入", "事由"];
            let asked = Asked { needed: &OWN, optional: &optional, ..Asked::default() };
            let rows = own_table::read(source, &asked, ledger)?;
            rows.iter().map(|row| own_row(row, ledger)).collect()
        }
        Err(error) => return Err(error),
    };
    let mut changes: BTreeMap<(Day, MunicipalityCode), Vec<ChangeRow>> = BTreeMap::new();
    for row in rows.into_iter().flatten() {
        let parts = changes.entry((row.day, row.from)).or_default();
        if parts.iter().all(|known| known.part.code != row.part.code) {
            parts.push(row);
        }
    }
    Ok(changes.into_values().filter_map(|rows| change(&rows, ledger)).collect())
}

fn change(rows: &[ChangeRow], ledger: &mut Ledger) -> Option<Change> {
    let first = rows.first()?;
    let change = Change {
        day: first.day,
        from: first.from,
        to: rows.iter().map(|row| row.part).collect(),
        continues: rows.iter().any(|row| row.continues),
        reason: first.reason.clone(),
    };
    if Crosswalk::default().add(change.clone()).is_ok() {
        return Some(change);
    }
    for row in rows {
        ledger.layer.clone_from(&row.layer);
        ledger.withdraw(doubt(
            row.row,
            "人口の割合",
            change.from.as_str(),
            "分割された区域の人口の割合が 0 から 1 までで、合わせて 1 になりません",
        ));
    }
    None
}

fn doubt<'a>(row: u64, field: &'a str, said: &'a str, meant: &str) -> Doubt<'a> {
    Doubt {
        kind: "bad_change_row", row, field, said, meant: format!("{meant}。この改定は使いません")
    }
}

fn municipality(said: &str) -> Option<MunicipalityCode> {
    digits(said, 5)?.parse().ok()
}

/// A row of the official list; most codes never changed.
fn official_row(row: &OwnRow, ledger: &mut Ledger) -> Option<ChangeRow> {
    ledger.layer.clone_from(&row.layer);
    let [code, _, date, new, reason] = [0, 1, 2, 3, 4];
    let Some(from) = municipality(row.get(code)) else {
        ledger.quarantine(doubt(
            row.row,
            row.place(code),
            row.get(code),
            "5 桁の行政区域コードではありません",
        ));
        return None;
    };
    let to = municipality(row.get(new)).filter(|to| *to != from);
    let Some(to) = to else {
        ledger.store();
        return None;
    };
    let Some(day) = day(row.get(date)) else {
        ledger.quarantine(doubt(row.row, row.place(date), row.get(date), "改正年月日が読めません"));
        return None;
    };
    ledger.store();
    Some(ChangeRow {
        row: row.row,
        layer: row.layer.clone(),
        day,
        from,
        part: Part { code: to, share: None },
        continues: row.get(reason).contains("編入"),
        reason: row.get(reason).to_owned(),
    })
}

fn own_row(row: &OwnRow, ledger: &mut Ledger) -> Option<ChangeRow> {
    ledger.layer.clone_from(&row.layer);
    let [old, new, date, share, continues, reason] = [0, 1, 2, 3, 4, 5];
    let (from, to) = (municipality(row.get(old)), municipality(row.get(new)));
    let begun = day(row.get(date));
    let people = row.get(share).parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    let wrong = [
        (from.is_none(), old, "5 桁の市区町村コードではありません"),
        (to.is_none(), new, "5 桁の市区町村コードではありません"),
        (begun.is_none(), date, "日付ではありません（2024-01-01、令和6年1月1日 など）"),
        (people.is_none() && !row.get(share).is_empty(), share, "0 から 1 までの割合ではありません"),
    ];
    if let Some((_, column, meant)) = wrong.into_iter().find(|(is_wrong, ..)| *is_wrong) {
        ledger.quarantine(doubt(row.row, row.place(column), row.get(column), meant));
        return None;
    }
    ledger.store();
    Some(ChangeRow {
        row: row.row,
        layer: row.layer.clone(),
        day: begun?,
        from: from?,
        part: Part { code: to?, share: people },
        continues: !row.get(continues).is_empty(),
        reason: row.get(reason).to_owned(),
    })
}

/// A day as the list of changes counts it.
fn day(said: &str) -> Option<Day> {
    let day = dates::day(said)?;
    Some(day.year().unsigned_abs() * 10_000 + day.month() * 100 + day.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::xlsx_table::tests::workbook;

    fn code(said: &str) -> MunicipalityCode {
        said.parse().expect("a code")
    }

    #[test]
    fn the_official_list_is_read_below_its_title_and_codes_that_never_changed_are_no_changes() {
        let head = [
            "行政区域コード",
            "都道府県名（漢字）",
            "市区町村名（漢字）",
            "コードの改定区分",
            "改正年月日",
            "改正後のコード",
            "改正事由等",
        ];
        let source = workbook(
            "行政区域コード",
            &[
                &["行政区域コード一覧"],
                &head,
                &["19201", "山梨県", "甲府市", "", "", "", ""],
                &["19341", "山梨県", "上九一色村", "欠番", "2006/3/1", "19201", "甲府市へ編入"],
                &["19341", "山梨県", "上九一色村", "欠番", "2006/3/1", "19430", "富士河口湖町へ編入"],
                &["40305", "福岡県", "那珂川町", "欠番", "平成30年10月1日", "40231", "市制施行"],
                &["1xx", "", "", "", "", "", ""],
                &["40306", "福岡県", "x", "欠番", "いつか", "40231", ""],
            ],
        );
        let mut ledger = Ledger::new("c.xlsx");
        let changes = read(&source, &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 4, 2));
        let told: Vec<_> =
            changes.iter().map(|one| (one.day, one.from, one.to.len(), one.continues)).collect();
        assert_eq!(told, [(20_060_301, code("19341"), 2, true), (20_181_001, code("40305"), 1, false)]);
        assert_eq!(changes[0].to[1], Part { code: code("19430"), share: None });
        assert_eq!(ledger.findings[0].field.as_deref(), Some("A7 行政区域コード"));
    }

    #[test]
    fn an_own_table_gives_shares_and_wrong_ones_are_set_aside() {
        let text = "旧コード,新コード,施行日,人口の割合,編入,事由\n22135,22138,2024-01-01,0.4,,再編\n22135,22139,2024-01-01,0.6,,再編\n\
                    19341,19201,2006-03-01,0.9,○,\n19341,19430,2006-03-01,0.9,○,\n22136,22139,2024-01-01,多い,,\n";
        let mut ledger = Ledger::new("c.csv");
        let changes = read(&Source::of_bytes("c.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (5, 2, 3));
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].to[0], Part { code: code("22138"), share: Some(0.4) });
        let crosswalk = crosswalk(vec![changes]);
        let parts = crosswalk.forward(code("22135"), 20_231_231, 20_240_101);
        assert_eq!(parts[1].share, Some(0.6), "the file goes before the table of the program");
    }

    /// The codes of 浜松 before and after, of 那珂川市 and of 富谷市, as official files have them.
    #[test]
    fn the_shipped_table_is_sound() {
        let crosswalk = crosswalk(Vec::new());
        assert!(
            SHIPPED
                .iter()
                .all(|change| Crosswalk::default().add(change.clone()).is_ok() && change.day > 20_101_001)
        );
        let after = |said: &str| -> Vec<String> {
            crosswalk
                .forward(code(said), 20_101_001, 20_261_130)
                .iter()
                .map(|part| part.code.to_string())
                .collect()
        };
        assert_eq!(after("22131"), ["22138"]);
        assert_eq!(after("22135"), ["22138", "22139"]);
        assert_eq!(after("22137"), ["22140"]);
        assert_eq!(after("40305"), ["40231"]);
        assert_eq!(after("04423"), ["04216"]);
        assert_eq!(after("19201"), ["19201"]);
    }

    /// Every new code of the shipped table is a municipality of today, and no old one is.
    #[test]
    fn the_shipped_table_agrees_with_the_address_registry() {
        let file = "yamanashi/address/mt_city_all.csv.zip";
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(file);
        if !path.is_file() {
            eprintln!("skipped: ../shared/data/{file} is absent");
            return;
        }
        let source = Source::open(file, &path).expect("readable");
        let master =
            crate::ingest::municipality_points::read_master(&source, &mut Ledger::new(file)).expect("read");
        let today: Vec<MunicipalityCode> = master.iter().map(|entry| entry.code).collect();
        for change in SHIPPED.iter() {
            assert!(!today.contains(&change.from), "{} is there still", change.from);
            assert!(change.to.iter().all(|part| today.contains(&part.code)), "{:?}", change.to);
        }
    }
}
