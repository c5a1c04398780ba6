//! 位置の訂正: points that a planner set by hand. The columns are ours: 名称, 経度, 緯度, 理由, 訂正者 and
//! 訂正日 must be filled in; 施設番号 (医療機関コード, or the id of the list of institutions) or 所在地 says
//! which institution is meant.

use crate::ingest::IngestError;
use crate::ingest::csv_table::coordinates;
use crate::ingest::dates;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::text::Source;
use geo::{Contains, Point, Rect};

/// One line.
#[derive(Debug)]
pub(crate) struct CorrectionRow {
    /// Line in the file.
    pub row: u64,
    /// Sheet or archive member.
    pub layer: Option<String>,
    /// 施設番号, empty where the line has none.
    pub id: String,
    /// 名称.
    pub name: String,
    /// 所在地, empty where the line has none.
    pub address: String,
    /// 経度 and 緯度.
    pub position: Point,
    /// 理由.
    pub reason: String,
    /// 訂正者.
    pub by: String,
    /// 訂正日 as `2025-10-01`, or as written where it is no day.
    pub date: String,
}

const NEEDED: [&str; 6] = ["名称", "経度", "緯度", "理由", "訂正者", "訂正日"];
const OPTIONAL: [&str; 2] = ["施設番号", "所在地"];
const LONGITUDE: usize = 1;
const LATITUDE: usize = 2;
const DATE: usize = 5;

/// West, south, east and north of Japan with its islands, in degrees.
const JAPAN: [f64; 4] = [122.0, 20.0, 154.0, 46.0];

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<CorrectionRow>, IngestError> {
    let asked = Asked { needed: &NEEDED, optional: &OPTIONAL, ..Asked::default() };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| correction(row, ledger)).collect())
}

fn correction(row: &OwnRow, ledger: &mut Ledger) -> Option<CorrectionRow> {
    ledger.layer.clone_from(&row.layer);
    let mut refuse = |column: usize, meant: String| {
        let said = if row.get(column).is_empty() { row.said() } else { row.get(column).to_owned() };
        let field = row.place(column);
        ledger.quarantine(Doubt { kind: "bad_correction_row", row: row.row, field, said: &said, meant });
    };
    if let Some(empty) = (0..NEEDED.len()).find(|column| row.get(*column).is_empty()) {
        refuse(empty, format!("{}が空です。この行は使いません", NEEDED[empty]));
        return None;
    }
    let [west, south, east, north] = JAPAN;
    let japan = Rect::new((west, south), (east, north));
    let position = coordinates(row.get(LONGITUDE), row.get(LATITUDE));
    let Some(position) = position.filter(|point| japan.contains(point)) else {
        let meant = "日本の中の経度・緯度（度の小数、経度が先）ではありません。この行は使いません";
        refuse(LONGITUDE, meant.to_owned());
        return None;
    };
    ledger.store();
    let [name, _, _, reason, by, said, id, address] =
        [0, 1, 2, 3, 4, 5, 6, 7].map(|at| row.get(at).to_owned());
    let date = dates::iso_day(&said).unwrap_or_else(|| {
        ledger.warn(Doubt {
            kind: "bad_list_date",
            row: row.row,
            field: row.place(DATE),
            said: &said,
            meant: "日付ではありません。書かれたまま示します。2025-10-01 か 令和7年10月1日 のように書いてください".to_owned(),
        });
        said.clone()
    });
    let layer = row.layer.clone();
    Some(CorrectionRow { row: row.row, layer, id, name, address, position, reason, by, date })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_reason_or_outside_japan_are_set_aside_by_cell() {
        let text = "施設番号,名称,所在地,経度,緯度,理由,訂正者,訂正日\n\
            1910102530,甲医院,,138.56,35.66,移転を確認,甲府保健所,令和7年10月1日\n\
            ,乙医院,甲府市湯村1,35.66,138.56,入口,甲府保健所,2025-10-01\n\
            ,丙医院,甲府市湯村2,138.56,35.66,,甲府保健所,2025-10-01\n\
            ,丁医院,甲府市湯村3,138度,35.66,入口,甲府保健所,2025-10-01\n";
        let mut ledger = Ledger::new("c.csv");
        let rows = read(&Source::of_bytes("c.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 1, 3));
        assert_eq!((rows[0].id.as_str(), rows[0].position), ("1910102530", Point::new(138.56, 35.66)));
        assert_eq!((rows[0].reason.as_str(), rows[0].by.as_str()), ("移転を確認", "甲府保健所"));
        assert_eq!(rows[0].date, "2025-10-01");
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.row, one.field.as_deref())).collect();
        assert_eq!(told, [(Some(3), Some("経度")), (Some(4), Some("理由")), (Some(5), Some("経度"))]);
    }
}
