//! Sheets of the plans: side by side, zone by zone, and how they were judged.

use super::sheet::{Cell, NOT_LOADED, Sheet, column};
use super::study::{PEOPLE, people};
use super::words;
use crate::ingest::study::AreaSystem;
use crate::publish::summary::{
    CertificateFigures, DividedArea, Figures, PlanFigures, SplitFigures, Summary, Verdict, ZoneDemand,
    ZoneFigures,
};
use std::collections::BTreeMap;

/// None of the demand is within reach.
const UNREACHED: Cell = Cell::Absent("到達なし");

/// Head of the institution by whose travel times the optimiser formed a zone.
const LEAD: &str = "計算上の中心（候補の一つ）";
const LEAD_NOTE: &str = "「計算上の中心（候補の一つ）」は、所要時間を計算するために候補から選んだ医療機関です。積極的役割を担う医療機関の指定ではありません。";

/// A figure by which zones and plans are compared.
struct Figure {
    head: String,
    /// Width of its column where zones stand below one another, in characters.
    width: f64,
    cell: Box<dyn Fn(&Figures) -> Cell>,
}

/// All figures that zones and plans have in common.
fn figures(summary: &Summary) -> Vec<Figure> {
    fn figure(head: impl Into<String>, width: f64, cell: impl Fn(&Figures) -> Cell + 'static) -> Figure {
        Figure { head: head.into(), width, cell: Box::new(cell) }
    }
    let first = summary.demand.official_years.first().map_or_else(String::new, |year| format!("{year}年度"));
    let mut figures = vec![figure("市町村数", 6.0, |f| Cell::Count(f.municipalities))];
    figures.extend((0..4).zip(PEOPLE).map(|(class, head)| {
        figure(head, 10.5, move |f| people(f.population).into_iter().nth(class).unwrap_or(NOT_LOADED))
    }));
    figures.extend([
        figure(format!("訪問診療の需要 {first}"), 10.0, |f| Cell::Decimal(f.demand_first)),
        figure("訪問診療の需要 2040年度", 10.0, |f| {
            f.demand_2040.map_or(Cell::Absent("推計なし"), Cell::Decimal)
        }),
        figure("需要が最大の年度", 8.0, |f| Cell::Year(f.peak_year)),
    ]);
    figures.extend(summary.services.iter().map(|service| {
        let id = service.id.clone();
        figure(id.clone(), 7.0, move |f| Cell::count(f.institutions.get(&id).copied().flatten()))
    }));
    figures.extend([
        figure("積極的役割を担う医療機関の候補", 8.0, |f| Cell::count(f.active_candidates)),
        figure("積極的役割を担う医療機関（一覧）", 8.0, |f| Cell::count(f.active_listed)),
        figure("連携を担う拠点の候補", 8.0, |f| Cell::count(f.linkage_candidates)),
        figure("連携を担う拠点（一覧）", 8.0, |f| Cell::count(f.linkage_listed)),
        figure("圏域内の24時間対応施設からの平均（分）", 9.0, |f| {
            f.mean_minutes_in_zone.map_or(UNREACHED, Cell::Decimal)
        }),
        figure("圏域内の24時間対応施設から30分以内の需要", 9.0, |f| {
            f.share_30_minutes_in_zone.map_or(Cell::Absent("不明"), Cell::Share)
        }),
        figure("圏域内の24時間対応施設が届かない需要", 9.0, |f| {
            f.share_unreached_in_zone.map_or(Cell::Absent("不明"), Cell::Share)
        }),
    ]);
    figures
}

/// A figure of a whole plan; the optimiser may have found that there is none.
fn of_plan(plan: &PlanFigures, cell: &dyn Fn(&Figures) -> Cell) -> Cell {
    plan.figures.as_ref().map_or(Cell::Absent("案なし"), cell)
}

/// 圏域案の比較: one row for each figure, one column for each plan.
pub fn comparison(summary: &Summary) -> Sheet {
    let mut columns = vec![column("指標", 44.0)];
    columns.extend(summary.plans.iter().map(|plan| column(plan.name.clone(), 18.0)));
    let row = |head: &str, cell: &dyn Fn(&PlanFigures) -> Cell| {
        std::iter::once(Cell::text(head)).chain(summary.plans.iter().map(cell)).collect::<Vec<_>>()
    };
    let mut rows = vec![
        row("種類", &|plan| Cell::text(words::plan_kind(&plan.kind))),
        row("圏域数", &|plan| of_plan(plan, &|figures| Cell::Count(figures.zones))),
    ];
    rows.extend(figures(summary).iter().map(|figure| row(&figure.head, &|plan| of_plan(plan, &figure.cell))));
    rows.push(row("最も小さい圏域の訪問診療の需要", &|plan| {
        of_plan(plan, &|figures| Cell::Decimal(figures.smallest_zone_demand))
    }));
    for system in AreaSystem::ALL {
        rows.push(row(&format!("分かれる区域の数：{}", system.name()), &|plan| {
            let of_system = plan.splits.iter().find(|one| one.system == system.name());
            of_system.map_or(Cell::Absent("案なし"), split_cell)
        }));
    }
    for word in ["pass", "fail", "unknown"] {
        rows.push(row(&format!("判定が「{}」の項目数", words::verdict(word)), &|plan| {
            Cell::Count(plan.audit.iter().filter(|verdict| verdict.verdict == word).count() as u64)
        }));
    }
    rows.push(row("最適性の証明", &|plan| match &plan.certificate {
        Some(certificate) => Cell::text(words::status(&certificate.status)),
        None => Cell::Absent("対象外"),
    }));
    Sheet {
        name: "圏域案の比較".to_owned(),
        title: format!("圏域案の比較（需要の単位 {}）", summary.demand.unit),
        columns,
        note: "",
        keys: 1,
        rows,
    }
}

/// How many areas of a system a plan divides.
fn split_cell(of: &SplitFigures) -> Cell {
    let divided = of.divided.len() as u64;
    match (of.areas, of.untold.len()) {
        (None, _) => NOT_LOADED,
        (Some(_), 0) => Cell::Count(divided),
        (Some(_), untold) => Cell::text(format!("{divided}以上（{untold}市町村の区域は不明）")),
    }
}

/// The zones of one plan.
pub fn zones(number: u32, plan: &PlanFigures, summary: &Summary) -> Sheet {
    let peaks: BTreeMap<&str, &ZoneDemand> = summary
        .demand
        .zones
        .iter()
        .filter(|demand| demand.plan == plan.id)
        .map(|demand| (demand.zone.as_str(), demand))
        .collect();
    let figures = figures(summary);
    let mut columns = vec![column("圏域", 16.0), column("市町村", 24.0)];
    columns.extend(figures.iter().map(|figure| column(figure.head.clone(), figure.width)));
    columns.extend([
        column("需要の最大値", 10.0),
        column("ひと続きか", 7.0),
        column(LEAD, 14.0),
        column("適合状況", 24.0),
    ]);
    let rows = plan
        .zones
        .iter()
        .map(|zone| {
            let mut row =
                vec![Cell::text(zone.name.as_str()), Cell::text(words::names(&zone.municipalities, summary))];
            row.extend(figures.iter().map(|figure| (figure.cell)(&zone.figures)));
            row.push(peaks.get(zone.id.as_str()).map_or(NOT_LOADED, |demand| Cell::Decimal(demand.peak)));
            row.extend(judgement(zone));
            row
        })
        .collect();
    Sheet {
        name: tab(number, &plan.name),
        title: format!("圏域案「{}」の圏域（需要の単位 {}）", plan.name, summary.demand.unit),
        columns,
        note: LEAD_NOTE,
        keys: 1,
        rows,
    }
}

fn judgement(zone: &ZoneFigures) -> [Cell; 3] {
    let verdicts: Vec<String> = zone
        .audit
        .iter()
        .map(|v| format!("{}：{}", words::verdict(&v.verdict), words::rule(&v.rule)))
        .collect();
    [
        Cell::text(if zone.contiguous { "はい" } else { "いいえ" }),
        zone.lead_institution.as_deref().map_or(Cell::Absent("対象外"), Cell::text),
        Cell::text(verdicts.join("\n")),
    ]
}

/// The name of a plan's sheet: the number keeps names apart that are alike when cut.
fn tab(number: u32, plan: &str) -> String {
    let allowed = |c: char| if "[]:*?/\\'".contains(c) { '・' } else { c };
    format!("案{number} {plan}").chars().map(allowed).take(31).collect()
}

/// 適合状況: every verdict on every plan and zone.
pub fn audit(summary: &Summary) -> Sheet {
    let row = |plan: &PlanFigures, zone: &str, verdict: &Verdict| {
        let (rule, word) = (words::rule(&verdict.rule), words::verdict(&verdict.verdict));
        [&plan.name, zone, rule, word, &verdict.reason, &verdict.clause].map(Cell::text).to_vec()
    };
    let mut rows = Vec::new();
    for plan in &summary.plans {
        rows.extend(plan.audit.iter().map(|verdict| row(plan, "全体", verdict)));
        rows.extend(plan.splits.iter().map(|splits| split_row(plan, splits)));
        for zone in &plan.zones {
            rows.extend(zone.audit.iter().map(|verdict| row(plan, &zone.name, verdict)));
        }
    }
    Sheet {
        name: "適合状況".to_owned(),
        title: "指針への適合状況".to_owned(),
        columns: vec![
            column("圏域案", 24.0),
            column("圏域", 18.0),
            column("項目", 28.0),
            column("判定", 10.0),
            column("理由", 60.0),
            column("根拠となる条項", 44.0),
        ],
        note: "",
        keys: 0,
        rows,
    }
}

/// How a plan divides the areas of a system, beside the verdicts: nothing demands that it does not.
fn split_row(plan: &PlanFigures, of: &SplitFigures) -> Vec<Cell> {
    let divided = |area: &DividedArea| {
        let zones = plan.zones.iter().filter(|zone| area.zones.contains(&zone.id));
        format!("{}（{}）", area.name, zones.map(|zone| zone.name.as_str()).collect::<Vec<_>>().join("・"))
    };
    let names: Vec<String> = of.divided.iter().map(divided).collect();
    let reason = match of.areas {
        None => "対応表が未登録です".to_owned(),
        Some(areas) if names.is_empty() => format!("{areas}のうち分かれる区域はありません"),
        Some(areas) => format!("{areas}のうち{}が分かれます: {}", names.len(), names.join("、")),
    };
    let more = match of.untold.len() {
        untold if of.areas.is_some() && untold > 0 => format!("。{untold}市町村の区域は不明です"),
        _ => String::new(),
    };
    let rule = format!("{}との対応", of.system);
    let clause = "適否の基準ではなく、関係者の管轄との違いを見るための参考";
    let words = [&plan.name, "全体", &rule, "参考", &format!("{reason}{more}"), clause];
    words.map(Cell::text).to_vec()
}

/// 最適性の証明: why no other plan of the kind is better.
pub fn certificates(summary: &Summary) -> Sheet {
    let rows = summary
        .plans
        .iter()
        .filter_map(|plan| Some((plan, plan.certificate.as_ref()?)))
        .flat_map(|(plan, certificate)| {
            certificate_rows(certificate).into_iter().map(|(about, item, cell)| {
                vec![Cell::text(plan.name.as_str()), Cell::text(about), Cell::text(item), cell]
            })
        })
        .collect();
    Sheet {
        name: "最適性の証明".to_owned(),
        title: "提案した圏域案が、条件を満たす中で最もよいことの証明".to_owned(),
        columns: vec![
            column("圏域案", 28.0),
            column("対象", 26.0),
            column("項目", 36.0),
            column("内容", 80.0),
        ],
        note: "",
        keys: 0,
        rows,
    }
}

/// Each with what it speaks of: the whole plan, or the place that the checker judged.
fn certificate_rows(certificate: &CertificateFigures) -> Vec<(String, String, Cell)> {
    let number = |number: Option<f64>| number.map_or(Cell::Absent("案なし"), Cell::Decimal);
    let mut rows = vec![
        ("求めた内容", Cell::text(certificate.statement.as_str())),
        ("状態", Cell::text(words::status(&certificate.status))),
        ("目的値（需要×分）", number(certificate.objective)),
        ("証明された下限", number(certificate.bound)),
        ("残差（目的値に対する割合）", certificate.gap.map_or(Cell::Absent("案なし"), Cell::Share)),
        ("場合分けの数", Cell::Count(certificate.nodes)),
        ("条件を追加した回数", Cell::Count(certificate.rounds)),
        ("計算に用いた式のSHA-256", Cell::text(certificate.model_sha256.as_str())),
    ]
    .into_iter()
    .map(|(item, cell)| ("案全体".to_owned(), item.to_owned(), cell))
    .collect::<Vec<_>>();
    rows.extend(certificate.checker.iter().map(|verdict| {
        let text = format!("{}　{}", words::verdict(&verdict.verdict), verdict.reason);
        (verdict.clause.clone(), format!("独立した検査：{}", words::check(&verdict.rule)), Cell::text(text))
    }));
    rows
}
