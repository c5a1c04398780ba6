//! アドレス・ベース・レジストリ 町字: the names of towns (`mt_town`) and, in a table of its own, their points
//! (`mt_town_pos`), joined by 全国地方公共団体コード and 町字ID.
//!
//! A town with and without 住居表示 has a row for each in both tables, under one 町字ID. The two tables are
//! published at different times; a point whose 町字ID the names do not know has no name and cannot be used.
//!
//! Source: デジタル庁 アドレス・ベース・レジストリ データ項目定義書.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::address_point::{AddressLevel, AddressPoint, Shared, TownMunicipality};
use crate::ingest::csv_table::{CsvTable, coordinates};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::municipality_points::municipality;
use crate::ingest::text::Source;
use geo::Point;
use std::collections::BTreeMap;

/// Municipality and 町字ID.
type TownKey = (MunicipalityCode, String);

/// A town that exists today.
#[derive(Debug)]
pub(crate) struct NamedTown {
    /// Municipality and 町字ID.
    pub key: TownKey,
    /// 大字・町 and 丁目; empty where the municipality has none.
    town: String,
    /// 小字, empty where there is none.
    koaza: String,
}

/// The point of a town.
#[derive(Debug)]
pub(crate) struct TownPosition {
    /// Line in the file.
    row: u64,
    /// Municipality and 町字ID.
    pub key: TownKey,
    /// 大字町丁目コード of 位置参照情報 (12 digits), empty where there is none.
    code: String,
    position: Point,
}

fn bad_row(row: u64, said: &str) -> Doubt<'_> {
    Doubt {
        kind: "bad_town_row",
        row,
        field: "lg_code",
        said,
        meant: "団体コード・町字ID・代表点のどれかが読めません。この行は使いません".to_owned(),
    }
}

/// Reads `mt_town`. Abolished towns are counted only.
pub(crate) fn read_names(source: &Source, ledger: &mut Ledger) -> Result<Vec<NamedTown>, IngestError> {
    let mut towns = Vec::new();
    for text in source.tables()? {
        let (table, [code, id, oaza, chome, koaza, abolished]) = CsvTable::bind(
            &text,
            &["lg_code", "machiaza_id", "oaza_cho", "chome", "koaza", "ablt_date"],
            ledger,
        )?;
        for row in &table.rows {
            let (Some(code), false) = (municipality(row.get(code)), row.get(id).is_empty()) else {
                ledger.quarantine(bad_row(row.row, row.get(code)));
                continue;
            };
            ledger.store();
            if row.get(abolished).is_empty() {
                let town = format!("{}{}", row.get(oaza), row.get(chome));
                towns.push(NamedTown {
                    key: (code, row.get(id).to_owned()),
                    town,
                    koaza: row.get(koaza).to_owned(),
                });
            }
        }
    }
    Ok(towns)
}

/// Reads `mt_town_pos`.
pub(crate) fn read_positions(source: &Source, ledger: &mut Ledger) -> Result<Vec<TownPosition>, IngestError> {
    let mut positions = Vec::new();
    for text in source.tables()? {
        let (table, [code, id, x, y]) =
            CsvTable::bind(&text, &["lg_code", "machiaza_id", "rep_lon", "rep_lat"], ledger)?;
        let isj_code = table.optional("pos_oaza_cho_chome_code");
        for row in &table.rows {
            let parsed = municipality(row.get(code)).zip(coordinates(row.get(x), row.get(y)));
            let (Some((code, position)), false) = (parsed, row.get(id).is_empty()) else {
                ledger.quarantine(bad_row(row.row, row.get(code)));
                continue;
            };
            ledger.store();
            let key = (code, row.get(id).to_owned());
            positions.push(TownPosition {
                row: row.row,
                key,
                code: row.get_if(isj_code).to_owned(),
                position,
            });
        }
    }
    Ok(positions)
}

/// Gives the points their names, by input of the points. Points of the prefecture that no table names are
/// set aside.
pub(crate) fn join(
    names: &[NamedTown],
    positions: Vec<(usize, Vec<TownPosition>)>,
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<(usize, Vec<AddressPoint>)> {
    let mut by_key: BTreeMap<&TownKey, &NamedTown> = BTreeMap::new();
    for town in names {
        by_key.entry(&town.key).or_insert(town);
    }
    let mut shared = Shared::default();
    let mut joined = Vec::new();
    for (input, positions) in positions {
        let mut points = Vec::new();
        for one in positions.into_iter().filter(|one| one.key.0.prefecture() == prefecture) {
            let Some(named) = by_key.get(&one.key) else {
                ledgers[input].withdraw(Doubt {
                    kind: "town_without_name",
                    row: one.row,
                    field: "machiaza_id",
                    said: &format!("{} {}", one.key.0, one.key.1),
                    meant: "町字の表（mt_town）にない町字IDです。二つの表の時点を確かめてください。この点は使いません"
                        .to_owned(),
                });
                continue;
            };
            // The municipality itself, where it has no 大字.
            if named.town.is_empty() && named.koaza.is_empty() {
                continue;
            }
            points.push(AddressPoint {
                row: one.row,
                municipality: shared.municipality(TownMunicipality::Code(one.key.0)),
                town: shared.town(&named.town),
                koaza: named.koaza.clone(),
                block: String::new(),
                level: if named.koaza.is_empty() { AddressLevel::Town } else { AddressLevel::Koaza },
                code: one.code,
                position: one.position,
            });
        }
        joined.push((input, points));
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_take_the_names_of_their_towns_and_points_without_name_are_set_aside() {
        let names = "lg_code,machiaza_id,machiaza_type,pref,county,city,oaza_cho,chome,koaza,rsdt_addr_flg,efct_date,ablt_date\n\
            302015,0023001,2,和歌山県,,和歌山市,今福,１丁目,,1,1947-04-17,\n\
            302015,0023001,2,和歌山県,,和歌山市,今福,１丁目,,0,1947-04-17,\n\
            302015,0024101,3,和歌山県,,和歌山市,岩橋,,西山,0,1947-04-17,\n\
            302015,0025000,1,和歌山県,,和歌山市,廃町,,,0,1947-04-17,2004-01-01\n\
            304221,0000000,4,和歌山県,東牟婁郡,太地町,,,,0,1947-04-17,\n\
            302016,0026000,1,和歌山県,,和歌山市,検査数字違い,,,0,1947-04-17,\n";
        let positions = "lg_code,machiaza_id,rsdt_addr_flg,rep_lon,rep_lat,pos_oaza_cho_chome_code\n\
            302015,0023001,1,135.16,34.21,302010023001\n302015,0024101,0,135.22,34.22,\n\
            302015,0025000,0,135.23,34.23,\n304221,0000000,0,135.9,33.6,\n192015,0001000,1,138.5,35.6,\n\
            302015,0023001,0,,,\n";
        let mut ledgers = [Ledger::new("mt_town.csv"), Ledger::new("mt_town_pos.csv")];
        let source = |text: &str| Source::of_bytes("x.csv", text.as_bytes());
        let named = read_names(&source(names), &mut ledgers[0]).expect("names");
        let placed = read_positions(&source(positions), &mut ledgers[1]).expect("positions");
        let joined = join(&named, vec![(1, placed)], "30", &mut ledgers);
        let found: Vec<_> =
            joined[0].1.iter().map(|one| (one.row, one.town_and_koaza(), one.level)).collect();
        let expected = [(2, "今福１丁目", AddressLevel::Town), (3, "岩橋西山", AddressLevel::Koaza)];
        assert_eq!(found, expected.map(|(row, name, level)| (row, name.to_owned(), level)));
        assert_eq!(joined[0].1[0].code, "302010023001");
        let accounts = ledgers.each_ref().map(|one| (one.read, one.stored, one.quarantined));
        assert_eq!(accounts, [(6, 5, 1), (6, 4, 2)]);
        let told: Vec<_> = ledgers[1].findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("bad_town_row", Some(7)), ("town_without_name", Some(4))]);
    }
}
