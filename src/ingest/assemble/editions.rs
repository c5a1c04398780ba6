//! Several editions of one kind in a study: what is gone from the newest is gone.

use crate::ingest::assemble::kinds::Parsed;
use crate::ingest::edition::Edition;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::{InputKind, Manifest};
use crate::ingest::overlap::{Compared, Held, Rule, overlaps, rank};
use std::collections::BTreeMap;

/// Leaves out of older editions what the newest speaks of, group by group, and tells how much it was.
pub(super) fn keep_the_newest(parsed: &mut [Parsed], manifest: &Manifest, ledgers: &mut [Ledger]) {
    let header = &manifest.study;
    let mut of_kind: BTreeMap<InputKind, Vec<usize>> = BTreeMap::new();
    for (input, entry) in manifest.inputs.iter().enumerate() {
        if has_editions(entry.kind) {
            of_kind.entry(entry.kind).or_default().push(input);
        }
    }
    for inputs in of_kind.into_values().filter(|inputs| inputs.len() > 1) {
        let editions: Vec<Option<Edition>> =
            inputs.iter().map(|input| manifest.inputs[*input].date.clone().map(Edition::by_name)).collect();
        let held: Vec<Held> =
            inputs.iter().map(|input| parsed[*input].holds(&header.prefecture, &header.name)).collect();
        let compared = |at: usize| Compared {
            file: &manifest.inputs[inputs[at]].path,
            edition: editions[at].as_ref(),
            held: &held[at],
        };
        let mut order: Vec<usize> = (0..inputs.len()).collect();
        order.sort_by(|one, other| rank(&compared(*one), &compared(*other)));
        let files: Vec<Compared<'_>> = order.iter().map(|at| compared(*at)).collect();
        for overlap in overlaps(Rule::Newest, &files) {
            let input = inputs[order[overlap.file]];
            if overlap.why.is_some() {
                parsed[input].leave_out(&overlap.group, &header.name);
            }
            let ledger = &mut ledgers[input];
            ledger.layer = None;
            ledger.warn(Doubt {
                kind: overlap.kind(),
                row: 0,
                field: "",
                said: &overlap.group,
                meant: overlap.told(&files),
            });
        }
    }
}

/// Kinds of which [`Parsed::leave_out`] takes a group out.
const fn has_editions(kind: InputKind) -> bool {
    matches!(
        kind,
        InputKind::Todokede
            | InputKind::IryoJohoNet
            | InputKind::OpeningHours
            | InputKind::InstitutionCodes
            | InputKind::CodeContents
            | InputKind::KaigoJigyosho
            | InputKind::P14Welfare
    )
}
