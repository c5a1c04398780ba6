//! Rows of P04: coordinates for records at the same house, and nobody new.

use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::Doubt;
use crate::ingest::register::scoring::Evidence;
use crate::ingest::register::signature::{House, Signature, is_numbered, section_of, signature};
use crate::ingest::register::work::{Joined, Work, row_of};
use crate::ingest::review::Record;
use crate::ingest::todokede::Section;
use std::collections::BTreeMap;

/// Gives the records the coordinates of those rows that name them at the same house. A row whose house
/// is another tells of an institution that moved or closed since, and tells nothing of today.
pub(super) fn take_sited(sited: &[(usize, ListedInstitution)], work: &mut Work<'_>) {
    let mut houses: BTreeMap<(Section, House), Vec<(usize, Signature)>> = BTreeMap::new();
    for (at, (_, one)) in sited.iter().enumerate() {
        let signature = signature(&one.name, &one.address, work.land);
        let house = signature.house.clone().filter(|(_, house)| is_numbered(house));
        if let (Some(section), Some(house)) = (section_of(&one.class), house) {
            houses.entry((section, house)).or_default().push((at, signature));
        }
    }
    let mut used: BTreeMap<usize, u64> = sited.iter().map(|(input, _)| (*input, 0)).collect();
    let ids: Vec<String> = work.drafts.keys().cloned().collect();
    for id in ids {
        let draft = &work.drafts[&id];
        let own = signature(draft.name(), draft.address(), work.land);
        let Some(key) = draft.section.zip(own.house.clone()) else { continue };
        let Some(at_house) = houses.get(&key) else { continue };
        let evidence = |(at, site): &(usize, Signature)| (*at, Evidence::of(site, &own));
        let mut pairs: Vec<(usize, Evidence)> = at_house.iter().map(evidence).collect();
        let is_only = pairs.iter().filter(|(_, evidence)| evidence.is_named()).count() == 1;
        for (_, evidence) in &mut pairs {
            evidence.alone = is_only && evidence.is_named();
        }
        let best = pairs.into_iter().filter(|(_, evidence)| evidence.joins());
        let Some((at, evidence)) =
            best.min_by_key(|(at, evidence)| (std::cmp::Reverse(evidence.score()), *at))
        else {
            continue;
        };
        let (input, one) = &sited[at];
        let record = Record {
            key: String::new(),
            name: one.name.clone(),
            address: one.address.clone(),
            input: *input,
            row: one.row,
        };
        let of_row = row_of(&record);
        let draft = work.take(&id, record, None, Joined::By(evidence));
        draft.coordinates.extend(one.position.map(|point| (point, of_row)));
        *used.entry(*input).or_default() += 1;
    }
    for (input, used) in used {
        let rows = sited.iter().filter(|(of, _)| *of == input).count();
        work.ledgers[input].note(Doubt {
            kind: "sites_used",
            row: 0,
            field: "",
            said: "",
            meant: format!("{rows}件のうち、名称と番地がほかの資料と合う {used}件の座標だけを使いました"),
        });
    }
}
