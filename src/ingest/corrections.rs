//! Points that were set by hand (位置の訂正) go before those of every source.

use crate::geometry::locate::Locator;
use crate::geometry::plane::geodesic_m;
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::location_errors::LocationErrors;
use crate::ingest::named_institution::Finder;
use crate::ingest::position_corrections::CorrectionRow;
use crate::ingest::register::CERTAIN;
use crate::ingest::study::{Correction, Institution, Precision, SourceRow};
use std::collections::BTreeMap;

/// Sets the points and tells which line finds no institution, which one lies outside its municipality,
/// and where the sources agree or disagree with it by more than the errors of both.
pub(crate) fn take_corrections(
    rows: Vec<(usize, CorrectionRow)>,
    institutions: &mut [Institution],
    geocoder: &Geocoder,
    locator: &Locator,
    ledgers: &mut [Ledger],
) {
    let finder = Finder::new(institutions, geocoder);
    let meant = |one: &CorrectionRow| {
        if one.id.is_empty() { finder.by_name(&one.name, &one.address) } else { finder.by_id(&one.id) }
    };
    let found: Vec<_> = rows.into_iter().map(|(input, one)| (meant(&one), input, one)).collect();
    let mut corrected: BTreeMap<usize, u64> = BTreeMap::new();
    for (at, input, row) in found {
        let ledger = &mut ledgers[input];
        let doubt = |kind, meant: String| Doubt { kind, row: row.row, field: "", said: &row.name, meant };
        let Some(at) = at else {
            ledger.withdraw(doubt(
                "correction_without_institution",
                format!(
                    "訂正する施設（{}）が今の資料にありません。廃止・移転・番号の変更を確かめてください。この行は使いません",
                    if row.id.is_empty() { &row.address } else { &row.id }
                ),
            ));
            continue;
        };
        if let Some(first) = corrected.get(&at) {
            let meant = format!("{first} 行目が同じ施設を訂正しています。先の行を使い、この行は使いません");
            ledger.withdraw(doubt("duplicate_correction", meant));
            continue;
        }
        corrected.insert(at, row.row);
        let institution = &mut institutions[at];
        if let Some((kind, meant)) = compare(institution, &row) {
            if kind == "correction_differs" {
                ledger.warn(doubt(kind, meant));
            } else {
                ledger.note(doubt(kind, meant));
            }
        }
        let inside = locator.find(row.position.0);
        if institution.municipality.is_some() && inside != institution.municipality {
            ledger.warn(doubt(
                "correction_outside_municipality",
                "訂正した位置が所在地の市区町村の外です。訂正した位置を使います".to_owned(),
            ));
        }
        institution.municipality = institution.municipality.or(inside);
        institution.position = Some(row.position);
        institution.precision = Precision::Corrected;
        institution.sources.push(SourceRow {
            input,
            row: row.row,
            matched_by: "correction".into(),
            score: CERTAIN,
        });
        let CorrectionRow { reason, by, date, .. } = row;
        institution.correction = Some(Correction { reason, by, date, input, row: row.row });
    }
}

/// What the sources say of the place beside the correction. The point of a town cannot confirm one.
fn compare(institution: &Institution, row: &CorrectionRow) -> Option<(&'static str, String)> {
    let errors = LocationErrors::shipped();
    let of_sources = errors.metres(institution.precision)?;
    let metres = geodesic_m(institution.position?, row.position);
    let error = of_sources + errors.corrected.metres;
    if metres > f64::from(error) {
        let meant = format!(
            "資料の位置は訂正した位置から {metres:.0} m 離れ、誤差（{error} m）を超えます。訂正した位置を使います"
        );
        return Some(("correction_differs", meant));
    }
    let is_exact = institution.precision <= Precision::Block;
    let meant = format!(
        "資料の位置は訂正した位置と {metres:.0} m の差で一致します。訂正はもう要らないかもしれません"
    );
    is_exact.then_some(("correction_agrees", meant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::Municipality;
    use geo::{MultiPolygon, Point, Rect};
    use std::collections::BTreeSet;

    fn institution(id: &str, name: &str, precision: Precision) -> Institution {
        Institution {
            id: id.to_owned(),
            name: name.to_owned(),
            address: "山梨県甲府市湯村1".to_owned(),
            municipality: Some(0),
            position: Some(Point::new(138.5, 35.5)),
            precision,
            correction: None,
            classes: BTreeSet::new(),
            beds: None,
            practice: crate::ingest::study::Practice::default(),
            sources: Vec::new(),
            origins: crate::ingest::study::Origins::default(),
        }
    }

    fn row(row: u64, id: &str, name: &str, y: f64) -> (usize, CorrectionRow) {
        let [id, name, address, reason, by, date] =
            [id, name, "甲府市湯村1番地", "入口の確認", "甲府保健所", "2025-10-01"].map(str::to_owned);
        (0, CorrectionRow { row, id, name, address, position: Point::new(138.5, y), reason, by, date })
    }

    #[test]
    fn a_point_set_by_hand_wins_and_what_no_longer_fits_is_told() {
        let boundary = MultiPolygon(vec![Rect::new((138.0, 35.0), (139.0, 36.0)).to_polygon()]);
        let municipality = Municipality {
            code: "19201".parse().expect("code"),
            name: "甲府市".to_owned(),
            boundary: boundary.clone(),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        };
        let geocoder = Geocoder::new("山梨県", &[municipality], &BTreeMap::new(), &[]);
        let mut institutions = [
            institution("1910000001", "甲医院", Precision::Point),
            institution("1910000002", "乙医院", Precision::Point),
            institution("1910000003", "丙医院", Precision::Town),
            institution("1910000004", "丁医院", Precision::Town),
            institution("1910000005", "戊医院", Precision::Unlocated),
        ];
        let rows = vec![
            row(2, "1910000001", "甲", 35.501),
            row(3, "", "乙医院", 35.51),
            row(4, "", "丙医院", 35.501),
            row(5, "", "丁医院", 36.5),
            row(6, "1910000009", "閉じた医院", 35.5),
            row(7, "", "乙医院", 35.7),
            row(8, "", "戊医院", 35.6),
        ];
        let mut ledgers = [Ledger { read: 7, stored: 7, ..Ledger::new("c.csv") }];
        take_corrections(rows, &mut institutions, &geocoder, &Locator::new(&[boundary]), &mut ledgers);
        let places: Vec<f64> = institutions.iter().map(|one| one.position.expect("a point").y()).collect();
        assert_eq!(places, [35.501, 35.51, 35.501, 36.5, 35.6]);
        assert!(institutions.iter().all(|one| one.precision == Precision::Corrected));
        let correction = institutions[0].correction.as_ref().expect("a reason");
        assert_eq!((correction.reason.as_str(), correction.row), ("入口の確認", 2));
        assert_eq!(institutions[0].sources[0].matched_by, "correction");
        let told: Vec<_> =
            ledgers[0].findings.iter().map(|one| (one.row.unwrap_or(0), one.kind.as_str())).collect();
        let expected = [
            (2, "correction_agrees"),
            (3, "correction_differs"),
            (5, "correction_differs"),
            (5, "correction_outside_municipality"),
            (6, "correction_without_institution"),
            (7, "duplicate_correction"),
        ];
        assert_eq!(told, expected);
        assert_eq!((ledgers[0].stored, ledgers[0].quarantined), (5, 2));
    }
}
