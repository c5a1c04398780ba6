//! A plan that somebody drew, in a CSV file: what the independent checker says of it, and its repair.

use crate::assess::drawings::Repaired;
use crate::assess::proposals::{Listener, Stated};
use crate::ingest::study::Study;
use crate::zoning::checker::{Judgement, Rule};
use crate::zoning::plan::Plan;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// The municipalities of each zone of a plan, positions in the study in the order of the file: a CSV file
/// with a municipality (name or code) and its zone in each line; a first line that begins with 市町村 is a
/// heading.
pub(super) fn zones(study: &Study, file: &Path) -> anyhow::Result<BTreeMap<String, Vec<usize>>> {
    let shown = file.display();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("{shown} を読めません"))?;
    let mut zones: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (record, line) in reader.records().zip(1..) {
        let record = record.with_context(|| format!("{shown} の {line} 行目が CSV ではありません"))?;
        let (Some(said), Some(zone)) = (record.get(0), record.get(1)) else {
            bail!("{shown} の {line} 行目に列が足りません。市町村,圏域 の順に書いてください");
        };
        let said = said.trim_start_matches('\u{feff}');
        if line == 1 && said.starts_with("市町村") {
            continue;
        }
        let known = study.municipalities.iter().position(|one| one.name == said || one.code.as_str() == said);
        let Some(known) = known else {
            bail!(
                "{shown} の {line} 行目の「{said}」はこの県にありません。市町村名か5桁のコードを書いてください"
            );
        };
        zones.entry(zone.to_owned()).or_default().push(known);
    }
    Ok(zones)
}

fn read(stated: &Stated<'_>, file: &Path) -> anyhow::Result<Plan> {
    let study = stated.facts.study;
    let codes =
        |zone: Vec<usize>| zone.into_iter().map(|at| study.municipalities[at].code.to_string()).collect();
    let zones: Vec<Vec<String>> = zones(study, file)?.into_values().map(codes).collect();
    stated.drawn(&zones).with_context(|| format!("{} の案を使えません", file.display()))
}

/// Tells whether the plan of a file keeps the rules.
pub(super) fn check(stated: &Stated<'_>, file: &Path) -> anyhow::Result<Value> {
    let plan = read(stated, file)?;
    let report = stated.check(&plan);
    println!(
        "{}",
        if report.accepts() {
            "条件をすべて満たします"
        } else {
            "満たさない条件があります"
        }
    );
    let verdicts = report.verdicts.iter().map(|verdict| {
        let place = verdict.zone.map_or("案全体".to_owned(), |zone| format!("圏域{}", zone + 1));
        let name = match &verdict.rule {
            Rule::Condition(name) | Rule::Resource(name) => name.as_str(),
            _ => "",
        };
        if matches!(verdict.judgement, Judgement::Fail | Judgement::Tolerated) {
            println!("  満たさない条件: {place} {name} {}", verdict.reason);
        }
        json!({
            "rule": verdict.rule.as_str(),
            "name": name,
            "zone": verdict.zone.map(|zone| zone + 1),
            "judgement": verdict.judgement.as_str(),
            "reason": verdict.reason,
        })
    });
    Ok(json!({ "accepted": report.accepts(), "verdicts": verdicts.collect::<Vec<_>>() }))
}

/// Mends the plan of a file with the fewest moves.
pub(super) fn repair(
    stated: &Stated<'_>,
    file: &Path,
    node_limit: u64,
    listener: &dyn Listener,
) -> anyhow::Result<Value> {
    let plan = read(stated, file)?;
    let repaired: Repaired = stated.repair(&plan, node_limit, listener)?;
    let said = match (repaired.moves, repaired.is_proven) {
        (Some(moves), true) => {
            format!("{moves}地域の移し替えで条件を満たします（これより少なくはできません）")
        }
        (Some(moves), false) => format!("{moves}地域の移し替えで条件を満たします（最少とは未確認です）"),
        (None, _) => "条件を満たす案に直せません".to_owned(),
    };
    println!("{said}");
    Ok(serde_json::to_value(repaired)?)
}
