//! A first audit of any plan against the guideline: pass, fail or unknown, with the clause.

use crate::assess::figures::Figures;
use crate::assess::functions::judge;
use crate::assess::plans::NamedPlan;
use crate::ingest::manifest::InputKind;
use crate::ingest::study::Study;
use crate::zoning::checker::{Judgement, Rule};
use crate::zoning::rules::Rules;
use std::collections::BTreeSet;

/// A verdict on one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Rule id of the rule table, or the id of a function.
    pub rule: String,
    /// Where the rule comes from.
    pub clause: String,
    /// The judgement.
    pub judgement: Judgement,
    /// Why, in Japanese.
    pub reason: String,
}

/// Verdicts on each zone, in order.
#[must_use]
pub fn audit_zones(study: &Study, plan: &NamedPlan, zones: &[Figures], rules: &Rules) -> Vec<Vec<Verdict>> {
    let members = plan.members();
    let of_zone = |(zone, figures): (usize, &Figures)| {
        let mut verdicts = vec![
            checked("contiguous", plan, &Rule::Contiguity, Some(zone), rules),
            active(study, figures, rules),
            linkage(study, figures, rules),
        ];
        let inside: BTreeSet<usize> = members[&zone].iter().copied().collect();
        verdicts.extend(rules.functions.iter().map(|function| {
            let (judgement, reason) = judge(study, function, &inside);
            Verdict { rule: function.id.clone(), clause: function.clause.clone(), judgement, reason }
        }));
        verdicts
    };
    zones.iter().enumerate().map(of_zone).collect()
}

/// Verdicts on the plan as a whole; a rule that any zone breaks is broken.
#[must_use]
pub fn audit_plan(study: &Study, plan: &NamedPlan, zones: &[Vec<Verdict>], rules: &Rules) -> Vec<Verdict> {
    let mut verdicts = vec![checked("partition", plan, &Rule::Partition, None, rules)];
    let of_table = ["contiguous", "active", "linkage"].map(|rule| (rule, rules.clause(rule)));
    let functions = rules.functions.iter().map(|function| (function.id.as_str(), function.clause.as_str()));
    for (rule, clause) in of_table.into_iter().chain(functions) {
        verdicts.push(over_zones(plan, zones, rule, clause));
    }
    verdicts.push(active_is_medical(study, rules));
    verdicts
}

fn verdict(rule: &str, rules: &Rules, judgement: Judgement, reason: String) -> Verdict {
    Verdict { rule: rule.to_owned(), clause: rules.clause(rule).to_owned(), judgement, reason }
}

/// The independent checker's word on one of its rules.
fn checked(id: &str, plan: &NamedPlan, rule: &Rule, zone: Option<usize>, rules: &Rules) -> Verdict {
    let word = plan.report.verdicts.iter().find(|word| word.rule == *rule && word.zone == zone);
    let (judgement, reason) = word
        .map_or((Judgement::Unknown, "検証器の判定がありません".to_owned()), |word| {
            (word.judgement, word.reason.clone())
        });
    verdict(id, rules, judgement, reason)
}

/// 「候補はnか所」, or that no file tells.
fn candidates(number: Option<usize>) -> String {
    number.map_or_else(|| "候補も未登録".to_owned(), |number| format!("候補は{number}か所"))
}

/// Rows of a list that could not be used.
fn unread(study: &Study, kind: InputKind) -> (usize, &'static str) {
    let rows = study.inputs.iter().filter(|input| input.kind == kind).map(|input| input.rows_quarantined);
    (rows.sum::<u64>() as usize, "使えない行（データの質）")
}

/// Of what a list does not show in a zone: it is not there, or rows of the list may be it.
fn missing(doubts: [(usize, &str); 2]) -> (Judgement, String) {
    let told: Vec<String> = doubts
        .iter()
        .filter(|(rows, _)| *rows > 0)
        .map(|(rows, what)| format!("{what}が名簿に{rows}件あります"))
        .collect();
    match told.as_slice() {
        [] => (Judgement::Fail, String::new()),
        told => (Judgement::Unknown, format!("。{}", told.join("。"))),
    }
}

fn active(study: &Study, figures: &Figures, rules: &Rules) -> Verdict {
    let candidates = candidates(figures.active_candidates);
    match figures.active_listed {
        None => {
            let reason = format!("積極的役割を担う医療機関の名簿が未登録です（{candidates}）");
            verdict("active", rules, Judgement::Unknown, reason)
        }
        Some(0) => {
            let unplaced = study
                .active_list
                .iter()
                .flatten()
                .filter(|entry| entry.is_medical && entry.municipality.is_none())
                .count();
            let doubts = [(unplaced, "所在地の分からない行"), unread(study, InputKind::ActiveInstitutions)];
            let (judgement, more) = missing(doubts);
            let reason = format!("名簿の病院・診療所がありません（{candidates}）{more}");
            verdict("active", rules, judgement, reason)
        }
        Some(listed) => {
            verdict("active", rules, Judgement::Pass, format!("名簿の病院・診療所が{listed}か所あります"))
        }
    }
}

fn linkage(study: &Study, figures: &Figures, rules: &Rules) -> Verdict {
    let candidates = candidates(figures.linkage_candidates);
    match figures.linkage_listed {
        None => {
            let reason = format!("連携拠点の名簿が未登録です（{candidates}）");
            verdict("linkage", rules, Judgement::Unknown, reason)
        }
        Some(0) => {
            let placeless = |entry: &&crate::ingest::study::LinkageEntry| {
                entry.municipality.is_none() && entry.served.is_empty()
            };
            let unplaced = study.linkage_list.iter().flatten().filter(placeless).count();
            let doubts = [(unplaced, "所在地も担当も分からない行"), unread(study, InputKind::LinkageHubs)];
            let (judgement, more) = missing(doubts);
            let reason = format!("名簿の連携拠点がありません（{candidates}）{more}");
            verdict("linkage", rules, judgement, reason)
        }
        Some(listed) => {
            verdict("linkage", rules, Judgement::Pass, format!("名簿の連携拠点が{listed}か所あります"))
        }
    }
}

/// The worst verdict of the zones, naming those that have it.
fn over_zones(plan: &NamedPlan, zones: &[Vec<Verdict>], rule: &str, clause: &str) -> Verdict {
    let with = |judgement: Judgement| -> Vec<&str> {
        let has =
            |verdicts: &[Verdict]| verdicts.iter().any(|one| one.rule == rule && one.judgement == judgement);
        plan.zones
            .iter()
            .zip(zones)
            .filter(|(_, verdicts)| has(verdicts))
            .map(|(zone, _)| zone.name.as_str())
            .collect()
    };
    let (failed, unknown) = (with(Judgement::Fail), with(Judgement::Unknown));
    let (judgement, reason) = if !failed.is_empty() {
        (Judgement::Fail, format!("{}の圏域が満たしません: {}", failed.len(), failed.join("、")))
    } else if !unknown.is_empty() {
        (Judgement::Unknown, format!("{}の圏域について判定できません", unknown.len()))
    } else {
        (Judgement::Pass, format!("{}の圏域すべてが満たします", zones.len()))
    };
    Verdict { rule: rule.to_owned(), clause: clause.to_owned(), judgement, reason }
}

fn active_is_medical(study: &Study, rules: &Rules) -> Verdict {
    let rule = "active_is_medical";
    let Some(list) = &study.active_list else {
        return verdict(
            rule,
            rules,
            Judgement::Unknown,
            "積極的役割を担う医療機関の名簿が未登録です".to_owned(),
        );
    };
    let others: Vec<String> = list
        .iter()
        .filter(|entry| !entry.is_medical)
        .map(|entry| format!("{}（{}）", entry.name, entry.body_type))
        .collect();
    if others.is_empty() {
        return verdict(
            rule,
            rules,
            Judgement::Pass,
            format!("名簿の{}か所すべてが病院・診療所です", list.len()),
        );
    }
    let reason = format!("病院・診療所以外が{}か所あります: {}", others.len(), others.join("、"));
    verdict(rule, rules, Judgement::Fail, reason)
}
