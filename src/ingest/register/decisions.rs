//! What a planner decided about pairs of records (施設の名寄せ). Pairs that are kept apart were kept apart by
//! the steps; here the records that are one institution become one.

use crate::ingest::identity_decisions::Decision;
use crate::ingest::ledger::Doubt;
use crate::ingest::register::scoring::CERTAIN;
use crate::ingest::register::work::Work;
use std::collections::BTreeMap;

/// Joins what is the same, and tells which decisions meet no records or cannot be followed. An institution
/// with a 医療機関コード keeps its id, else the first of the decision.
pub(super) fn follow(decisions: &[(usize, Decision)], work: &mut Work<'_>) {
    let links = work.review.links.iter().filter(|link| !link.record.key.is_empty());
    let mut of_key: BTreeMap<String, String> =
        links.map(|link| (link.record.key.clone(), link.institution.clone())).collect();
    for (input, decision) in decisions {
        let [one, other] = &decision.records;
        let (kept, joined) = match (of_key.get(one), of_key.get(other)) {
            (Some(kept), Some(joined)) => (kept.clone(), joined.clone()),
            (found, _) => {
                let missing = if found.is_some() { other } else { one };
                tell(
                    *input,
                    decision,
                    "decision_without_record",
                    missing,
                    "この番号の記録が今の資料にありません",
                    work,
                );
                continue;
            }
        };
        if decision.is_same && kept != joined {
            let has_code = |id: &String| work.drafts.get(id).is_some_and(|draft| draft.section.is_some());
            let swaps = has_code(&joined) && !has_code(&kept);
            let (kept, joined) = if swaps { (joined, kept) } else { (kept, joined) };
            join(&kept, &joined, work);
            of_key.values_mut().filter(|id| **id == joined).for_each(|id| id.clone_from(&kept));
        } else if !decision.is_same && kept == joined {
            let meant = "二つの記録は同じ番号か、ほかの判定で一つの施設です。分けられません";
            tell(*input, decision, "decision_not_followed", other, meant, work);
        }
    }
    work.review.doubtful.retain(|pair| {
        let ids = [&pair.one.key, &pair.other.key].map(|key| of_key.get(key));
        ids[0].is_none() || ids[0] != ids[1]
    });
}

/// Makes the institution `joined` a part of `kept`.
fn join(kept: &str, joined: &str, work: &mut Work<'_>) {
    let Some(mut absorbed) = work.drafts.remove(joined) else { return };
    for source in &mut absorbed.sources {
        source.matched_by = "decision".into();
        source.score = CERTAIN;
    }
    for link in work.review.links.iter_mut().filter(|link| link.institution == joined) {
        kept.clone_into(&mut link.institution);
        link.score = CERTAIN;
        "施設の名寄せの判定".clone_into(&mut link.reason);
    }
    if let Some(draft) = work.drafts.get_mut(kept) {
        draft.absorb(absorbed);
    }
}

fn tell(input: usize, decision: &Decision, kind: &'static str, said: &str, meant: &str, work: &mut Work<'_>) {
    let doubt = Doubt { kind, row: decision.row, field: "判定", said, meant: meant.to_owned() };
    work.ledgers[input].layer.clone_from(&decision.layer);
    work.ledgers[input].warn(doubt);
}
