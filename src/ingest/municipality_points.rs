//! アドレス・ベース・レジストリ: the municipalities of the country (`mt_city_all`) and their
//! representative points (`mt_city_pos_all`).

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, coordinates};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::public_body;
use crate::ingest::text::Source;
use geo::Point;

/// A municipality of the master that exists today.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MasterEntry {
    /// Code without check digit.
    pub code: MunicipalityCode,
    /// 都道府県.
    pub prefecture: String,
    /// 郡, empty where there is none.
    pub county: String,
    /// Name; wards with their city.
    pub name: String,
}

/// A municipality by its 全国地方公共団体コード.
pub(crate) fn municipality(said: &str) -> Option<MunicipalityCode> {
    // The table is of the whole country, so its five digits are six without the zero in front.
    public_body::read(said, true)?.parse().ok()
}

fn bad_row<'a>(row: u64, said: &'a str, meant: &str) -> Doubt<'a> {
    Doubt { kind: "bad_municipality_row", row, field: "lg_code", said, meant: meant.to_owned() }
}

/// Reads `mt_city_all`. Abolished municipalities are counted only.
pub(crate) fn read_master(source: &Source, ledger: &mut Ledger) -> Result<Vec<MasterEntry>, IngestError> {
    let mut entries = Vec::new();
    for text in source.tables()? {
        let (table, [code, prefecture, county, city, abolished]) =
            CsvTable::bind(&text, &["lg_code", "pref", "county", "city", "ablt_date"], ledger)?;
        let ward = table.optional("ward");
        for row in &table.rows {
            let Some(parsed) = municipality(row.get(code)) else {
                ledger.quarantine(bad_row(
                    row.row,
                    row.get(code),
                    "検査数字の合う 6 桁の団体コードではありません。この行は使いません",
                ));
                continue;
            };
            ledger.store();
            if row.get(abolished).is_empty() {
                entries.push(MasterEntry {
                    code: parsed,
                    prefecture: row.get(prefecture).to_owned(),
                    county: row.get(county).to_owned(),
                    name: format!("{}{}", row.get(city), row.get_if(ward)),
                });
            }
        }
    }
    Ok(entries)
}

/// Reads `mt_city_pos_all`.
pub(crate) fn read_points(
    source: &Source,
    ledger: &mut Ledger,
) -> Result<Vec<(MunicipalityCode, Point)>, IngestError> {
    let mut points = Vec::new();
    for text in source.tables()? {
        let (table, [code, x, y]) = CsvTable::bind(&text, &["lg_code", "rep_lon", "rep_lat"], ledger)?;
        for row in &table.rows {
            let parsed = municipality(row.get(code)).zip(coordinates(row.get(x), row.get(y)));
            let Some(point) = parsed else {
                ledger.quarantine(bad_row(
                    row.row,
                    row.get(code),
                    "団体コードか代表点が読めません。この行は使いません",
                ));
                continue;
            };
            ledger.store();
            points.push(point);
        }
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abolished_municipalities_are_left_out_and_codes_lose_their_check_digit() {
        let text = "lg_code,pref,county,city,ward,efct_date,ablt_date\n193640,山梨県,南巨摩郡,早川町,,1947-04-17,\n\
            193623,山梨県,南巨摩郡,中富町,,1947-04-17,2004-09-12\nx,,,,,,\n";
        let mut ledger = Ledger::new("m.csv");
        let entries = read_master(&Source::of_bytes("m.csv", text.as_bytes()), &mut ledger).expect("read");
        let expected = MasterEntry {
            code: "19364".parse().expect("code"),
            prefecture: "山梨県".into(),
            county: "南巨摩郡".into(),
            name: "早川町".into(),
        };
        assert_eq!(entries, [expected]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (3, 2, 1));
    }

    #[test]
    fn points_are_read_by_name_and_bad_ones_set_aside() {
        let text = "lg_code,rep_lon,rep_lat,rep_srid\n192015,138.56,35.66,EPSG:6668\n192023,,,EPSG:6668\n";
        let mut ledger = Ledger::new("p.csv");
        let points = read_points(&Source::of_bytes("p.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!(points, [("19201".parse().expect("code"), Point::new(138.56, 35.66))]);
        assert_eq!(ledger.quarantined, 1);
    }
}
