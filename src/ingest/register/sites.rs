//! Rows of P04: coordinates for records at the same house, and nobody new.

use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::Land;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::names::{akin, name_keys};
use crate::ingest::register::signature::{is_numbered, section_of};
use crate::ingest::study::SourceRow;
use crate::ingest::todokede::Section;
use std::collections::BTreeMap;

/// Gives the records the coordinates of those rows that name them at the same house. A row whose house
/// is another tells of an institution that moved or closed since, and tells nothing of today.
pub(super) fn take_sited(
    sited: &[(usize, ListedInstitution)],
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let mut houses: BTreeMap<(Section, (usize, String)), Vec<usize>> = BTreeMap::new();
    for (at, (_, one)) in sited.iter().enumerate() {
        let house = land.geocoder.house(&one.address).filter(|(_, house)| is_numbered(house));
        if let (Some(section), Some(house)) = (section_of(&one.class), house) {
            houses.entry((section, house)).or_default().push(at);
        }
    }
    let mut used: BTreeMap<usize, u64> = sited.iter().map(|(input, _)| (*input, 0)).collect();
    for draft in drafts.values_mut() {
        let (Some(section), Some(house)) = (draft.section, land.geocoder.house(&draft.address)) else {
            continue;
        };
        let names = name_keys(&draft.name);
        let at_house = houses.get(&(section, house)).into_iter().flatten();
        let named = at_house.map(|at| &sited[*at]).find(|(_, one)| akin(&name_keys(&one.name), &names));
        let Some((input, one)) = named else { continue };
        let source = SourceRow { input: *input, row: one.row, matched_by: "name+address".into() };
        draft.coordinates.extend(one.position.map(|point| (point, source.clone())));
        draft.sources.push(source);
        *used.entry(*input).or_default() += 1;
    }
    for (input, used) in used {
        let rows = sited.iter().filter(|(of, _)| *of == input).count();
        ledgers[input].note(Doubt {
            kind: "sites_used",
            row: 0,
            field: "",
            said: "",
            meant: format!("{rows}件のうち、名称と番地がほかの資料と合う {used}件の座標だけを使いました"),
        });
    }
}
