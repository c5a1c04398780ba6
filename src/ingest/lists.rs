//! The prefecture's own lists, matched to institutions and municipalities.

use crate::ingest::active_list::ActiveRow;
use crate::ingest::bring::Onto;
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::linkage_list::LinkageRow;
use crate::ingest::named_institution::Finder;
use crate::ingest::register::compare_names;
use crate::ingest::study::{ActiveEntry, Institution, LinkageEntry, Stopped};
use std::collections::BTreeSet;

/// Matches the list of 積極的役割を担う医療機関 by code, else by name within the municipality of the
/// address, else by name and house. Lines that match nothing stay in the list; of one that means a
/// suspended or closed institution that is told.
pub(crate) fn take_active(
    rows: Vec<(usize, ActiveRow)>,
    institutions: &[Institution],
    stopped: &[Stopped],
    geocoder: &Geocoder,
    ledgers: &mut [Ledger],
) -> Vec<ActiveEntry> {
    let finder = Finder::new(institutions, geocoder);
    let stopped_institutions: Vec<Institution> = stopped.iter().map(|one| one.institution.clone()).collect();
    let stopped_finder = Finder::new(&stopped_institutions, geocoder);
    rows.into_iter()
        .map(|(input, row)| {
            let house = geocoder.house(&row.address);
            let by_code_in = |finder: &Finder<'_>| row.code.as_deref().and_then(|code| finder.by_id(code));
            let by_code = by_code_in(&finder);
            let institution = by_code.or_else(|| finder.by_name(&row.name, &row.address));
            if let (Some(at), Some(code)) = (by_code, &row.code) {
                compare_names(code, &institutions[at].name, &row.name, row.row, &mut ledgers[input]);
            }
            let is_medical = is_medical(&row.body_type);
            let doubt = |kind, meant: &str| Doubt {
                kind,
                row: row.row,
                field: "",
                said: &row.name,
                meant: meant.to_owned(),
            };
            if institution.is_none() {
                let is_stopped = || {
                    by_code_in(&stopped_finder).or_else(|| stopped_finder.by_name(&row.name, &row.address))
                };
                let (kind, meant) = match is_stopped() {
                    Some(at) => (
                        "stopped_active_institution",
                        format!(
                            "{}の施設です。一覧には残しますが、位置と届出は使いません",
                            stopped[at].stop.kind.name()
                        ),
                    ),
                    None => (
                        "unmatched_active_institution",
                        "どの施設の記録とも照合できません。一覧には残しますが、位置と届出は分かりません。医療機関コードか所在地を書いてください"
                            .to_owned(),
                    ),
                };
                ledgers[input].warn(doubt(kind, &meant));
            }
            if !is_medical {
                ledgers[input].warn(doubt(
                    "non_medical_active_institution",
                    &format!("種別「{}」は病院・診療所ではありません。見直しの対象です", row.body_type),
                ));
            }
            ActiveEntry {
                is_medical,
                institution,
                municipality: house
                    .map(|(at, _)| at)
                    .or_else(|| institution.and_then(|at| institutions[at].municipality)),
                name: row.name,
                body_type: row.body_type,
            }
        })
        .collect()
}

/// Whether 種別 is a hospital or clinic. Dental clinics are not: 訪問診療 is billed by 医科.
fn is_medical(body_type: &str) -> bool {
    (body_type.contains("病院") || body_type.contains("診療所")) && !body_type.contains("歯科")
}

/// Resolves the municipalities of the list of 連携拠点.
pub(crate) fn take_hubs(
    rows: Vec<(usize, LinkageRow)>,
    onto: &Onto<'_>,
    geocoder: &Geocoder,
    ledgers: &mut [Ledger],
) -> Vec<LinkageEntry> {
    rows.into_iter()
        .map(|(input, row)| {
            let mut served = BTreeSet::new();
            for code in &row.served {
                let places = onto.area(*code);
                let is_itself = places.iter().any(|at| onto.municipalities[*at].code == *code);
                if places.is_empty() {
                    ledgers[input].warn(Doubt {
                        kind: "unknown_municipality",
                        row: row.row,
                        field: "担当市町村コード",
                        said: code.as_str(),
                        meant: format!("{}: 行政区域にない市区町村です。担当から除きます", row.name),
                    });
                } else if !is_itself {
                    onto.tell_changed(*code, row.row, "担当市町村コード", &mut ledgers[input]);
                }
                served.extend(places);
            }
            LinkageEntry {
                municipality: geocoder.municipality(&row.address).map(|(at, _)| at),
                served: served.into_iter().collect(),
                name: row.name,
                body_type: row.body_type,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::Crosswalk;
    use crate::ingest::study::{Municipality, Practice, Precision, RowOf, Stop, StopKind};
    use geo::MultiPolygon;
    use std::collections::BTreeMap;

    fn municipalities() -> Vec<Municipality> {
        [("19201", "甲府市"), ("19202", "富士吉田市")]
            .map(|(code, name)| Municipality {
                code: code.parse().expect("code"),
                name: name.to_owned(),
                boundary: MultiPolygon(Vec::new()),
                areas: BTreeMap::new(),
                further: BTreeMap::new(),
                office: None,
            })
            .into()
    }

    fn institution(id: &str, name: &str, address: &str) -> Institution {
        Institution {
            id: id.to_owned(),
            name: name.to_owned(),
            address: address.to_owned(),
            municipality: Some(0),
            position: None,
            precision: Precision::Unlocated,
            correction: None,
            classes: BTreeSet::new(),
            beds: None,
            practice: Practice::default(),
            sources: Vec::new(),
            origins: crate::ingest::study::Origins::default(),
        }
    }

    fn active(
        row: u64,
        code: Option<&str>,
        name: &str,
        address: &str,
        body_type: &str,
    ) -> (usize, ActiveRow) {
        let row = ActiveRow {
            row,
            code: code.map(str::to_owned),
            name: name.to_owned(),
            address: address.to_owned(),
            body_type: body_type.to_owned(),
        };
        (0, row)
    }

    #[test]
    fn active_institutions_are_matched_by_code_then_name_then_house() {
        let institutions = [
            institution("1910000001", "甲医院", "山梨県甲府市湯村1"),
            institution("1910000002", "鈴木医院", "山梨県甲府市湯村2-1"),
            institution("1910000003", "鈴木医院", "山梨県甲府市湯村2-2"),
        ];
        let rows = vec![
            active(2, Some("1910000002"), "別の名", "", "病院"),
            active(3, None, "医療法人緑会　甲医院", "甲府市湯村", "診療所"),
            active(4, None, "鈴木医院", "甲府市湯村２番２", "診療所"),
            active(5, None, "鈴木医院", "甲府市", "診療所"),
            active(6, None, "富士訪問看護", "富士吉田市", "訪問看護ステーション"),
            active(7, Some("1910000001"), "甲医院", "", "歯科診療所"),
            active(8, None, "甲医院", "", "診療所"),
            active(9, None, "鈴木医院", "", "診療所"),
            active(10, Some("0190000001"), "甲医院", "", "診療所"),
            active(11, Some("1910000009"), "乙医院", "", "診療所"),
            active(12, None, "乙医院", "", "診療所"),
        ];
        let stop = Stop { kind: StopKind::Suspended, date: None, source: RowOf { input: 0, row: 2 } };
        let stopped = [Stopped {
            institution: institution("1910000009", "乙医院", "山梨県甲府市湯村3"),
            stop,
        }];
        let geocoder = Geocoder::new("山梨県", &municipalities(), &BTreeMap::new(), &[]);
        let mut ledgers = [Ledger::new("a.csv")];
        let entries = take_active(rows, &institutions, &stopped, &geocoder, &mut ledgers);
        let found: Vec<(Option<usize>, Option<usize>, bool)> =
            entries.iter().map(|entry| (entry.institution, entry.municipality, entry.is_medical)).collect();
        let expected = [
            (Some(1), Some(0), true),
            (Some(0), Some(0), true),
            (Some(2), Some(0), true),
            (None, Some(0), true),
            (None, Some(1), false),
            (Some(0), Some(0), false),
            (Some(0), Some(0), true),
            (None, None, true),
            (Some(0), Some(0), true),
            (None, None, true),
            (None, None, true),
        ];
        assert_eq!(found, expected);
        let told: Vec<(Option<u64>, &str)> =
            ledgers[0].findings.iter().map(|finding| (finding.row, finding.kind.as_str())).collect();
        let expected = [
            (Some(2), "names_differ"),
            (Some(5), "unmatched_active_institution"),
            (Some(6), "unmatched_active_institution"),
            (Some(6), "non_medical_active_institution"),
            (Some(7), "non_medical_active_institution"),
            (Some(9), "unmatched_active_institution"),
            (Some(11), "stopped_active_institution"),
            (Some(12), "stopped_active_institution"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn hubs_serve_known_municipalities_once_each() {
        let row = LinkageRow {
            row: 2,
            name: "連携センター".to_owned(),
            body_type: "医師会".to_owned(),
            served: ["19202", "19201", "19202", "20201"].map(|code| code.parse().expect("code")).into(),
            address: "富士吉田市下吉田1".to_owned(),
        };
        let municipalities = municipalities();
        let geocoder = Geocoder::new("山梨県", &municipalities, &BTreeMap::new(), &[]);
        let crosswalk = Crosswalk::default();
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
        let mut ledgers = [Ledger::new("l.csv")];
        let entries = take_hubs(vec![(0, row)], &onto, &geocoder, &mut ledgers);
        assert_eq!((entries[0].served.as_slice(), entries[0].municipality), ([0, 1].as_slice(), Some(1)));
        assert_eq!(ledgers[0].findings[0].kind, "unknown_municipality");
    }
}
