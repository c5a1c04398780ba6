//! The prefecture's own lists as tables for people: what they say of areas and of the zones of every plan.

use crate::assess::own_lists::{ShareRange, zone_admissions, zone_area_flows, zone_flows};
use crate::assess::plans::NamedPlan;
use crate::ingest::own_lists::{
    AdmissionBeds, AreaFlow, ContinuityKind, ContinuityPlan, FlowDirection, LivingAreas, NightCalls,
    PatientFlow, Target,
};
use crate::ingest::study::{Area, AreaSystem, Study};
use crate::publish::results::Results;
use crate::publish::summary::{ListCell, ListTable};
use crate::units::AgeCounts;
use std::collections::{BTreeMap, BTreeSet};

/// A table of every list that was loaded.
#[must_use]
pub fn tables(results: &Results<'_>) -> Vec<ListTable> {
    let study = results.study;
    let lists = &study.own_lists;
    let plans: Vec<&NamedPlan> = results.plans.iter().map(|assessed| &assessed.plan).collect();
    let beds = lists.admission_beds.as_ref().map(|list| admission_beds(results, list, &plans));
    let flows = lists.patient_flows.as_ref().map(|list| patient_flows(list, &plans));
    let between = (!lists.area_flows.is_empty()).then(|| area_flows(&lists.area_flows));
    let within = (!lists.area_flows.is_empty()).then(|| zone_self_sufficiency(study, &plans));
    let calls = lists.night_calls.as_ref().map(|list| night_calls(study, list));
    let continuity = lists.continuity_plans.as_ref().map(|list| continuity(study, list, &plans));
    let targets = lists.targets.as_ref().map(|list| targets(list));
    let living = lists.living_areas.clone().or_else(|| living_areas_of_table(study));
    let living = living.map(|areas| living_areas(study, &areas, &plans));
    [beds, flows, within, between, calls, continuity, targets, living].into_iter().flatten().collect()
}

fn text(said: impl Into<String>) -> ListCell {
    ListCell::Text(said.into())
}

fn number(value: f64) -> ListCell {
    ListCell::Number(value)
}

fn count(value: u64) -> ListCell {
    number(value as f64)
}

fn table(id: &str, title: &str, note: &str, columns: &[&str], rows: Vec<Vec<ListCell>>) -> ListTable {
    ListTable {
        id: id.to_owned(),
        title: title.to_owned(),
        note: note.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows,
    }
}

fn admission_beds(results: &Results<'_>, list: &[AdmissionBeds], plans: &[&NamedPlan]) -> ListTable {
    let study = results.study;
    let mut rows = Vec::new();
    for plan in plans {
        let found = zone_admissions(study, list, &results.access.admissions, plan);
        for (at, zone) in plan.zones.iter().enumerate() {
            let head = [text(plan.name.as_str()), text(zone.name.as_str())];
            let mut of_zone = found.iter().filter(|one| one.zone == at).peekable();
            if of_zone.peek().is_none() {
                let none = [
                    text("なし"),
                    count(0),
                    text(""),
                    text(""),
                    ListCell::Unknown(()),
                    ListCell::Unknown(()),
                ];
                rows.push(head.clone().into_iter().chain(none).collect());
            }
            for one in of_zone {
                let line = &list[one.beds];
                let cells = [
                    text(study.institutions[line.institution].name.as_str()),
                    count(line.beds.into()),
                    text(line.time.words()),
                    text(line.area.name.as_str()),
                    one.mean_minutes.map_or(ListCell::Unknown(()), number),
                    count(one.beyond_limit),
                ];
                rows.push(head.clone().into_iter().chain(cells).collect());
            }
        }
    }
    table(
        "admission_beds",
        "急変時の受入病床",
        "圏域のうち一覧の地域に当たる人について、自宅から病院までの所要時間（75歳以上人口で重みづけた平均）。同じ病床が複数の圏域を受け持つときは、それぞれの圏域に同じ数を載せます。",
        &[
            "圏域案",
            "圏域",
            "医療機関",
            "受入病床数",
            "受け入れる時間",
            "地域",
            "所要時間の平均（分）",
            "移動時間の上限内に届かない75歳以上人口",
        ],
        rows,
    )
}

fn patient_flows(flows: &[PatientFlow], plans: &[&NamedPlan]) -> ListTable {
    let share = |range: Option<ShareRange>| match range {
        Some(range) => [range.least, range.most].map(|share| number((share * 100.0).round())),
        None => [text("非公表"), text("非公表")],
    };
    let mut rows = Vec::new();
    for plan in plans {
        for one in zone_flows(flows, plan) {
            let head = [
                text(plan.name.as_str()),
                text(plan.zones[one.zone].name.as_str()),
                text(one.kind.as_str()),
                text(one.year.to_string()),
            ];
            let shares = share(one.treated_at_home).into_iter().chain(share(one.of_the_zone));
            rows.push(head.into_iter().chain(shares).collect());
        }
    }
    table(
        "patient_flows",
        "患者の流れと圏域の完結率",
        "LI は圏域に住む患者のうち圏域内でかかった割合（%）、受け持ちは圏域内でかかった患者のうち圏域に住む割合（%）。伏せられた 1–9 件のため幅があります。10 件に満たない圏域は非公表です。",
        &[
            "圏域案",
            "圏域",
            "種類",
            "年",
            "LI 下限（%）",
            "LI 上限（%）",
            "圏域に住む患者の割合 下限（%）",
            "同 上限（%）",
        ],
        rows,
    )
}

/// Shares between 構想区域 with what the publisher has cut away.
fn area_flows(flows: &[AreaFlow]) -> ListTable {
    let mut rows: Vec<Vec<ListCell>> = Vec::new();
    let mut groups: BTreeMap<(FlowDirection, &str, &str), Vec<&AreaFlow>> = BTreeMap::new();
    for flow in flows {
        groups.entry((flow.direction, &flow.area, &flow.phase)).or_default().push(flow);
    }
    for ((direction, area, phase), flows) in groups {
        let row = |partner: &str, name: &str, rate: f64| {
            let percent = number((rate * 1_000.0).round() / 10.0);
            let name_of_area = flows[0].area_name.as_str();
            vec![
                text(direction.name()),
                text(area),
                text(name_of_area),
                text(phase),
                text(partner),
                text(name),
                percent,
            ]
        };
        rows.extend(flows.iter().map(|flow| row(&flow.partner, &flow.partner_name, flow.rate)));
        let rest = 1.0 - flows.iter().map(|flow| flow.rate).sum::<f64>();
        rows.push(row("", "公表で省かれた残り", rest.max(0.0)));
    }
    table(
        "area_flows",
        "構想区域間の患者の流出入",
        "入院患者の割合（公表値、%）。流出率は区域に住む患者がかかった区域、流入率は区域内でかかった患者の住む区域。小さい割合は公表で省かれており、その合計を「残り」に示します。",
        &["方向", "区域コード", "構想区域", "病期", "相手の区域コード", "相手の区域", "割合（%）"],
        rows,
    )
}

fn zone_self_sufficiency(study: &Study, plans: &[&NamedPlan]) -> ListTable {
    let mut rows = Vec::new();
    for plan in plans {
        for (zone, phase, range) in zone_area_flows(study, plan) {
            let [least, most] =
                [range.least, range.most].map(|share| number((share * 1_000.0).round() / 10.0));
            rows.push(vec![
                text(plan.name.as_str()),
                text(plan.zones[zone].name.as_str()),
                text(phase),
                least,
                most,
            ]);
        }
    }
    table(
        "zone_self_sufficiency",
        "圏域の入院の完結率（LI）",
        "構想区域をまとめた圏域だけ。公表された流出率から、圏域に住む患者のうち圏域内の構想区域にかかった割合。二つ以上の区域は65歳以上人口で重みづけた仮定（A）。省かれた残りが圏域内か外か分からないため幅があります。",
        &["圏域案", "圏域", "病期", "LI 下限（%）", "LI 上限（%）"],
        rows,
    )
}

fn night_calls(study: &Study, list: &[NightCalls]) -> ListTable {
    let row = |(at, municipality): (usize, &crate::ingest::study::Municipality)| {
        let own: Vec<&NightCalls> = list.iter().filter(|one| one.area.municipalities.contains(&at)).collect();
        let head = [text(municipality.code.as_str()), text(municipality.name.as_str())];
        let line = |one: Option<&NightCalls>| {
            let cells = match one {
                None => [text("不明"), text(""), text(""), text("")],
                Some(one) => [
                    text(one.rule.name()),
                    text(one.time.words()),
                    text(if one.taken_by.is_empty() { "不明" } else { &one.taken_by }),
                    text(one.institution.map_or("", |at| study.institutions[at].id.as_str())),
                ],
            };
            head.clone().into_iter().chain(cells).collect::<Vec<_>>()
        };
        if own.is_empty() { vec![line(None)] } else { own.into_iter().map(|one| line(Some(one))).collect() }
    };
    table(
        "night_calls",
        "夜間・休日の輪番のルールと受付",
        "一覧にない市町村のルールは「不明」です。「なし」ではありません。",
        &["コード", "市町村", "ルール", "時間", "連絡を受ける所", "医療機関コード"],
        study.municipalities.iter().enumerate().flat_map(row).collect(),
    )
}

fn continuity(study: &Study, list: &[ContinuityPlan], plans: &[&NamedPlan]) -> ListTable {
    let mut kinds: BTreeMap<usize, BTreeSet<ContinuityKind>> = BTreeMap::new();
    for one in list {
        kinds.entry(one.institution).or_default().insert(one.kind);
    }
    let counts = |inside: &BTreeSet<usize>| {
        let home = |at: &usize| study.institutions[*at].municipality.is_some_and(|at| inside.contains(&at));
        let of = |kind: ContinuityKind| {
            count(kinds.iter().filter(|(at, kinds)| home(at) && kinds.contains(&kind)).count() as u64)
        };
        ContinuityKind::ALL.map(of)
    };
    let row = |plan: &str, name: &str, inside: &BTreeSet<usize>| {
        [text(plan), text(name)].into_iter().chain(counts(inside)).collect::<Vec<_>>()
    };
    let municipalities = study.municipalities.iter().enumerate();
    let mut rows: Vec<Vec<ListCell>> =
        municipalities.map(|(at, one)| row("市町村", &one.name, &BTreeSet::from([at]))).collect();
    for plan in plans.iter().filter(|plan| plan.id != "municipalities") {
        for (zone, members) in plan.members() {
            rows.push(row(&plan.name, &plan.zones[zone].name, &members.into_iter().collect()));
        }
    }
    table(
        "continuity_plans",
        "業務継続計画（BCP）の策定状況",
        "一覧に載った医療機関等の数。一つの機関に二つ以上の BCP があれば、それぞれに数えます。一覧にない機関は数えません。",
        &["圏域案", "市町村・圏域", "自院", "連携型", "地域", "なし", "不明"],
        rows,
    )
}

fn targets(list: &[Target]) -> ListTable {
    let row = |one: &Target| {
        vec![
            text(one.item.as_str()),
            text(one.area.name.as_str()),
            one.now.map_or(text("不明"), number),
            number(one.value),
            text(one.unit.as_str()),
            text(one.deadline.as_str()),
            text(one.function.map_or("", |function| function.name())),
        ]
    };
    table(
        "targets",
        "数値目標",
        "",
        &["項目", "地域", "現状値", "目標値", "単位", "期限", "医療機能"],
        list.iter().map(row).collect(),
    )
}

/// The 日常生活圏域 as the table of areas tells them; `None` = no table does.
fn living_areas_of_table(study: &Study) -> Option<LivingAreas> {
    let of_cell = study.area_of_cells(AreaSystem::DailyLivingArea);
    let areas: BTreeSet<&Area> = of_cell.iter().flatten().copied().collect();
    let place: BTreeMap<&Area, usize> = areas.iter().copied().zip(0..).collect();
    (!areas.is_empty()).then(|| LivingAreas {
        names: areas.iter().map(|area| area.name.clone()).collect(),
        of_cell: of_cell.iter().map(|area| area.map(|area| place[area])).collect(),
    })
}

fn living_areas(study: &Study, areas: &LivingAreas, plans: &[&NamedPlan]) -> ListTable {
    let names = |of: BTreeSet<String>| of.into_iter().collect::<Vec<_>>().join("、");
    let row = |(at, name): (usize, &String)| {
        let cells = || study.cells.iter().zip(&areas.of_cell).filter(|(_, area)| **area == Some(at));
        let people: AgeCounts = cells().map(|(cell, _)| cell.population).sum();
        let homes: BTreeSet<usize> = cells().map(|(cell, _)| cell.municipality).collect();
        let municipalities = homes.iter().map(|at| study.municipalities[*at].name.clone()).collect();
        let zones = |plan: &&NamedPlan| {
            let zone = |at: &usize| Some(plan.zones[*plan.zone_of_municipality.get(*at)?].name.clone());
            text(names(homes.iter().filter_map(zone).collect()))
        };
        let people = [people.total, people.age_65_plus, people.age_75_plus, people.age_85_plus];
        let head = [text(name.as_str()), text(names(municipalities))];
        let people = people.map(|people| count(people.into()));
        head.into_iter().chain(people).chain(plans.iter().map(zones)).collect::<Vec<_>>()
    };
    let mut columns = vec!["日常生活圏域", "市町村", "人口", "65歳以上", "75歳以上", "85歳以上"];
    columns.extend(plans.iter().map(|plan| plan.name.as_str()));
    table(
        "living_areas",
        "日常生活圏域",
        "町丁目で分けた圏域の人口は、最も近い町丁目のメッシュを数えています。右の列は圏域案での圏域で、二つ以上あればその案は日常生活圏域を分けます。",
        &columns,
        areas.names.iter().enumerate().map(row).collect(),
    )
}
