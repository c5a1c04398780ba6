//! The prefecture's list of care facilities (介護保険施設) and the medical institutions that have agreed to
//! help them (協力医療機関): 施設の名称 and 協力医療機関の有無 (あり, なし or 不明), and where they are filled
//! in 介護事業所番号, 地域, and the code or the name of the institution. A facility with several has a line for
//! each.

use crate::ingest::IngestError;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::listed_lines::{area, choice, filled};
use crate::ingest::own_lists::{FacilityPartner, ListedInstitution, Told};
use crate::ingest::own_table::{self, Asked, OwnRow};
use crate::ingest::rota::Register;
use crate::ingest::rota_sheet::Named;
use crate::ingest::study::{Institution, Municipality};
use crate::ingest::text::Source;
use crate::ingest::todokede::digits;
use std::collections::BTreeSet;

/// One line.
pub(crate) struct PartnerRow {
    facility: Named,
    area: String,
    told: Told,
    partner: Named,
}

const FACILITY: usize = 0;
const TOLD: usize = 1;
const NUMBER: usize = 2;
const AREA: usize = 3;
const CODE: usize = 4;
const NAME: usize = 5;

impl PartnerRow {
    /// What the line is about, and what it says of it.
    pub(crate) fn about(&self) -> (String, String) {
        let (facility, partner) = (self.facility.said(), self.partner.said());
        (format!("{} {facility}", self.area), format!("{:?} {partner}", self.told))
    }
}

/// Reads the list.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<PartnerRow>, IngestError> {
    let asked = Asked {
        needed: &["施設の名称", "協力医療機関の有無"],
        optional: &["介護事業所番号", "地域", "協力医療機関コード", "協力医療機関の名称"],
        ..Asked::default()
    };
    let rows = own_table::read(source, &asked, ledger)?;
    Ok(rows.iter().filter_map(|row| line(row, ledger)).collect())
}

fn line(row: &OwnRow, ledger: &mut Ledger) -> Option<PartnerRow> {
    filled(row, FACILITY, ledger)?;
    let told = choice(row, TOLD, &Told::ALL, Told::name, ledger)?;
    ledger.store();
    let named = |[number, name]: [usize; 2]| {
        let code = digits(row.get(number), 10);
        let place = row.place(if code.is_some() { number } else { name }).to_owned();
        Named { code, place, ..Named::of_line(row, row.get(name)) }
    };
    Some(PartnerRow {
        facility: named([NUMBER, FACILITY]),
        area: row.get(AREA).to_owned(),
        told,
        partner: named([CODE, NAME]),
    })
}

/// Matches the lines to facilities and institutions where they are known; the names stay in any case.
pub(crate) fn take(
    rows: Vec<(usize, PartnerRow)>,
    institutions: &[Institution],
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<FacilityPartner> {
    let register = Register::new(institutions);
    let nowhere = BTreeSet::new();
    let mut taken = Vec::new();
    for (input, row) in rows {
        let ledger = &mut ledgers[input];
        let place = match row.area.as_str() {
            "" => None,
            said => match area(said, &row.facility, municipalities, prefecture, ledger) {
                None => continue,
                place => place,
            },
        };
        let near = place.as_ref().map_or(&nowhere, |place| &place.municipalities);
        let of_facility = register.known_among(&row.facility, near, Institution::is_care_facility);
        let of_partner = register.known_among(&row.partner, near, Institution::is_medical);
        let of_area = near.first().copied().filter(|_| near.len() == 1);
        taken.push(FacilityPartner {
            municipality: of_facility.map_or(of_area, |at| institutions[at].municipality),
            facility: listed(row.facility, of_facility, institutions, ledger),
            told: row.told,
            partner: listed(row.partner, of_partner, institutions, ledger),
        });
    }
    taken
}

/// Somebody whom a line names, told of when no record is known.
fn listed(
    named: Named,
    institution: Option<usize>,
    institutions: &[Institution],
    ledger: &mut Ledger,
) -> ListedInstitution {
    if institution.is_none() && !named.said().is_empty() {
        ledger.layer.clone_from(&named.layer);
        ledger.warn(Doubt {
            kind: "unknown_list_institution",
            row: named.row,
            field: &named.place,
            said: named.said(),
            meant: "どの施設の記録とも一つに照合できません。名称だけを残します".to_owned(),
        });
        ledger.layer = None;
    }
    let name = match institution {
        Some(at) if named.name.is_empty() => institutions[at].name.clone(),
        _ if named.name.is_empty() => named.code.unwrap_or_default(),
        _ => named.name,
    };
    ListedInstitution { name, institution }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_says_nothing_usable_sets_its_row_aside_by_name() {
        let text = "施設の名称,協力医療機関の有無,介護事業所番号,地域,協力医療機関コード,協力医療機関の名称\n\
            汐見苑,あり,4870100013,汐見市,4810110141,\n\
            ,あり,,,,汐見病院\n\
            浜の里,たぶん,,,,\n\
            浜の里,なし,,,,\n";
        let mut ledger = Ledger::new("k.csv");
        let rows = read(&Source::of_bytes("k.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 2, 2));
        assert_eq!((rows[0].facility.said(), rows[0].partner.said()), ("4870100013", "4810110141"));
        assert_eq!((rows[1].told, rows[1].partner.said()), (Told::No, ""));
        let told: Vec<(u64, &str)> = ledger
            .findings
            .iter()
            .map(|one| (one.row.expect("row"), one.field.as_deref().expect("field")))
            .collect();
        assert_eq!(told, [(3, "施設の名称"), (4, "協力医療機関の有無")]);
    }
}
