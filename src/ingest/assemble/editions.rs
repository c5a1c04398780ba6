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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::assemble::parse;
    use crate::ingest::text::Source;

    const HEADER: &str =
        "都道府県コード又は市町村コード,No,市区町村名,事業所名,サービスの種類,住所,緯度,経度,事業所番号\n";

    fn offices(service: &str, numbers: std::ops::Range<u32>) -> String {
        let row = |at| format!("192015,{at},甲府市,事業所{at},{service},甲府市,,,195000000{at}\n");
        numbers.map(row).collect()
    }

    #[test]
    fn a_study_counts_a_service_as_its_newest_edition_does_and_tells_what_was_left_out() {
        let manifest: Manifest = toml::from_str(
            "[study]\nprefecture = \"19\"\nname = \"山梨県\"\nas_of = \"2026-07\"\ncensus_year = 2020\n\
             [[input]]\nkind = \"kaigo_jigyosho\"\npath = \"old.csv\"\ndate = \"2024-01-01\"\n\
             [[input]]\nkind = \"kaigo_jigyosho\"\npath = \"new.csv\"\ndate = \"2026-07-01\"\n",
        )
        .expect("a manifest");
        let old = format!("{HEADER}{}{}", offices("介護老人保健施設", 0..5), offices("訪問看護", 5..6));
        let new = format!("{HEADER}{}", offices("介護老人保健施設", 3..5));
        let mut ledgers = [Ledger::new("old.csv"), Ledger::new("new.csv")];
        let mut parsed = Vec::new();
        for ((entry, text), ledger) in manifest.inputs.iter().zip([old, new]).zip(&mut ledgers) {
            let source = Source::of_bytes(&entry.path, text.as_bytes());
            parsed.push(parse(entry, &source, "19", ledger).expect("read"));
        }
        for ledger in &mut ledgers {
            ledger.findings.clear();
        }
        keep_the_newest(&mut parsed, &manifest, &mut ledgers);
        let numbers = |of: &Parsed| match of {
            Parsed::Kaigo(read) => (read.offices.len(), read.services.len()),
            _ => (0, 0),
        };
        assert_eq!(
            (numbers(&parsed[0]), numbers(&parsed[1])),
            ((1, 1), (2, 1)),
            "訪問看護 is left of the old"
        );
        let told: Vec<&str> = ledgers[0].findings.iter().map(|one| one.meant.as_str()).collect();
        assert_eq!(
            told,
            [
                "介護老人保健施設 のより新しい版 new.csv（2026-07-01）があります。両方にある 2 件のほか、このファイルだけの 3 件も使いません"
            ]
        );
        assert!(ledgers[1].findings.is_empty());
    }
}
