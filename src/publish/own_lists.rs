//! The prefecture's own lists as tables for people: what they say of areas and of the zones of every plan.

use crate::assess::indicators::shown_indicators;
use crate::assess::own_lists::{ShareRange, zone_admissions, zone_area_flows, zone_flows};
use crate::assess::plans::NamedPlan;
use crate::assess::targets::{Beside, BesideValue, beside_targets};
use crate::geometry::plane::geodesic_m;
use crate::ingest::own_lists::{
    AdmissionBeds, AreaFlow, ContinuityKind, ContinuityPlan, EmergencyTool, FacilityPartner, FlowDirection,
    LivingAreas, NightCalls, PatientFlow, Target, Told, ToolKind,
};
use crate::ingest::study::{ActiveEntry, Area, AreaSystem, Function, LinkageEntry, Study};
use crate::ingest::{plain, year};
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
    let active = study.active_list.as_ref().map(|list| active_institutions(study, list));
    let hubs = study.linkage_list.as_ref().map(|list| linkage_hubs(study, list));
    let beds = lists.admission_beds.as_ref().map(|list| admission_beds(results, list, &plans));
    let flows = lists.patient_flows.as_ref().map(|list| patient_flows(list, &plans));
    let between = (!lists.area_flows.is_empty()).then(|| area_flows(&lists.area_flows));
    let within = (!lists.area_flows.is_empty()).then(|| zone_self_sufficiency(study, &plans));
    let calls = lists.night_calls.as_ref().map(|list| night_calls(study, list));
    let partners = lists.care_facility_partners.as_ref();
    let partners_of_zones = partners.map(|list| partners_of_zones(study, list, &plans));
    let partners = partners.map(|list| care_facility_partners(study, list));
    let tools = lists.emergency_tools.as_ref().map(|list| emergency_tools(study, list));
    let continuity = lists.continuity_plans.as_ref().map(|list| continuity(study, list, &plans));
    let beside = lists.targets.as_ref().map(|list| target_checks(results, list, &plans));
    let targets = lists.targets.as_ref().map(|list| targets(list));
    let living = lists.living_areas.clone().or_else(|| living_areas_of_table(study));
    let living = living.map(|areas| living_areas(study, &areas, &plans));
    let of_facilities = [partners_of_zones, partners, tools];
    let others = [active, hubs, beds, flows, within, between, calls, continuity, targets, beside, living];
    others.into_iter().chain(of_facilities).flatten().collect()
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

fn active_institutions(study: &Study, list: &[ActiveEntry]) -> ListTable {
    let mark = |told: Option<bool>| match told {
        Some(true) => text("○"),
        Some(false) => text("×"),
        None => ListCell::Unknown(()),
    };
    let row = |one: &ActiveEntry| {
        let home = one.municipality.map(|at| study.municipalities[at].name.as_str());
        let id = one.institution.map(|at| study.institutions[at].id.as_str());
        let head = [
            text(one.zone.as_str()),
            text(one.name.as_str()),
            text(one.body_type.as_str()),
            text(home.unwrap_or("不明")),
            text(id.unwrap_or_default()),
        ];
        let functions = Function::ALL.map(|function| mark(one.functions.get(&function).copied()));
        head.into_iter().chain(functions).chain([mark(one.all_hours)]).collect::<Vec<_>>()
    };
    let mut columns = vec!["一覧の圏域名", "名称", "種別", "市町村", "施設番号"];
    columns.extend(Function::ALL.map(Function::name));
    columns.push("24時間対応");
    table(
        "active_institutions",
        "積極的役割を担う医療機関",
        "県の一覧のとおり。一覧に書かれていない機能と 24時間対応は「不明」で、「×」ではありません。施設番号が空の行は、どの施設の記録とも照合できていません。",
        &columns,
        list.iter().map(row).collect(),
    )
}

fn linkage_hubs(study: &Study, list: &[LinkageEntry]) -> ListTable {
    let name = |at: usize| study.municipalities[at].name.as_str();
    let row = |one: &LinkageEntry| {
        let served: Vec<&str> = one.served.iter().map(|at| name(*at)).collect();
        vec![
            text(one.zone.as_str()),
            text(one.name.as_str()),
            text(one.body_type.as_str()),
            text(one.municipality.map_or("不明", name)),
            text(if served.is_empty() { "不明".to_owned() } else { served.join("、") }),
        ]
    };
    table(
        "linkage_hubs",
        "連携を担う拠点",
        "県の一覧のとおり。",
        &["一覧の圏域名", "拠点名", "設置主体", "所在地の市町村", "担当の市町村"],
        list.iter().map(row).collect(),
    )
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

/// A 介護保険施設 and what the list says of it.
struct Facility<'a> {
    name: &'a str,
    /// Position of its municipality.
    municipality: Option<usize>,
    /// Position in the study; `None` = the list alone knows it.
    institution: Option<usize>,
    lines: Vec<&'a FacilityPartner>,
}

impl Facility<'_> {
    /// Whether it has a partner: one line that names one is enough.
    fn told(&self) -> Told {
        self.lines.iter().map(|line| line.told).min().unwrap_or(Told::Unknown)
    }
}

/// The facilities of the study in its order, then those that the list alone knows.
fn facilities<'a>(study: &'a Study, list: &'a [FacilityPartner]) -> Vec<Facility<'a>> {
    let is_facility = |at: &usize| study.institutions[*at].is_care_facility();
    let known = (0..study.institutions.len()).filter(is_facility).map(|at| Facility {
        name: &study.institutions[at].name,
        municipality: study.institutions[at].municipality,
        institution: Some(at),
        lines: list.iter().filter(|line| line.facility.institution == Some(at)).collect(),
    });
    let mut others: BTreeMap<(Option<usize>, &str), Vec<&FacilityPartner>> = BTreeMap::new();
    for line in list.iter().filter(|line| line.facility.institution.is_none()) {
        others.entry((line.municipality, &line.facility.name)).or_default().push(line);
    }
    let others = others.into_iter().map(|((municipality, name), lines)| Facility {
        name,
        municipality,
        institution: None,
        lines,
    });
    known.chain(others).collect()
}

fn care_facility_partners(study: &Study, list: &[FacilityPartner]) -> ListTable {
    let mut rows = Vec::new();
    for facility in facilities(study, list) {
        let home = facility.municipality.map(|at| &study.municipalities[at]);
        let own = facility.institution.map(|at| &study.institutions[at]);
        let head = [
            text(home.map_or("", |one| one.code.as_str())),
            text(home.map_or("不明", |one| one.name.as_str())),
            text(own.map_or("", |one| one.id.as_str())),
            text(facility.name),
        ];
        let row = |told: Told, line: Option<&FacilityPartner>| {
            let partner = line.and_then(|line| line.partner.institution).map(|at| &study.institutions[at]);
            let straight = own.and_then(|one| one.position).zip(partner.and_then(|one| one.position));
            let straight = straight.map(|(from, to)| (geodesic_m(from, to) / 100.0).round() / 10.0);
            let cells = [
                text(told.name()),
                text(line.map_or("", |line| line.partner.name.as_str())),
                text(partner.map_or("", |one| one.id.as_str())),
                straight.map_or(ListCell::Unknown(()), number),
            ];
            head.clone().into_iter().chain(cells).collect::<Vec<_>>()
        };
        if facility.lines.is_empty() {
            rows.push(row(Told::Unknown, None));
        }
        rows.extend(facility.lines.iter().map(|line| row(line.told, Some(line))));
    }
    table(
        "care_facility_partners",
        "介護保険施設と協力医療機関",
        "一覧にない介護保険施設の協力医療機関は「不明」です。「なし」ではありません。",
        &[
            "コード",
            "市町村",
            "施設番号",
            "介護保険施設",
            "協力医療機関",
            "協力医療機関の名称",
            "医療機関コード",
            "直線距離（km）",
        ],
        rows,
    )
}

fn partners_of_zones(study: &Study, list: &[FacilityPartner], plans: &[&NamedPlan]) -> ListTable {
    let facilities = facilities(study, list);
    let mut rows = Vec::new();
    for plan in plans {
        for (zone, members) in plan.members() {
            let members: BTreeSet<usize> = members.into_iter().collect();
            let inside: Vec<&Facility<'_>> = facilities
                .iter()
                .filter(|one| one.municipality.is_some_and(|home| members.contains(&home)))
                .collect();
            let of = |told| count(inside.iter().filter(|one| one.told() == told).count() as u64);
            let head = [text(plan.name.as_str()), text(plan.zones[zone].name.as_str())];
            let counts = [count(inside.len() as u64), of(Told::Yes), of(Told::No), of(Told::Unknown)];
            rows.push(head.into_iter().chain(counts).collect());
        }
    }
    table(
        "care_facility_partners_of_zones",
        "圏域ごとの介護保険施設の協力医療機関",
        "介護保険施設は介護サービス情報公表の種類（特養・地域密着型特養・老健・介護医療院）と一覧から数えます。市町村の分からない施設は数えません。",
        &["圏域案", "圏域", "介護保険施設", "協力医療機関あり", "なし", "不明"],
        rows,
    )
}

fn emergency_tools(study: &Study, list: &[EmergencyTool]) -> ListTable {
    let mut rows = Vec::new();
    for (at, municipality) in study.municipalities.iter().enumerate() {
        for kind in ToolKind::ALL {
            let is_meant = |one: &&EmergencyTool| one.kind == kind && one.area.municipalities.contains(&at);
            let own: Vec<&EmergencyTool> = list.iter().filter(is_meant).collect();
            let row = |told: Told, one: Option<&EmergencyTool>| {
                let value = |value: Option<f64>| value.map_or(ListCell::Unknown(()), number);
                vec![
                    text(municipality.code.as_str()),
                    text(municipality.name.as_str()),
                    text(kind.name()),
                    text(told.name()),
                    text(one.map_or("", |one| one.name.as_str())),
                    text(one.map_or("", |one| one.area.name.as_str())),
                    value(one.and_then(|one| one.share_percent)),
                    value(one.and_then(|one| one.handed_out).map(f64::from)),
                ]
            };
            if own.is_empty() && kind != ToolKind::Other {
                rows.push(row(Told::Unknown, None));
            }
            rows.extend(own.into_iter().map(|one| row(one.told, Some(one))));
        }
    }
    table(
        "emergency_tools",
        "救急医療情報キット・ACPのツール",
        "一覧にない市町村の状況は「不明」です。「なし」ではありません。普及率と配布数は「地域」全体の値です。",
        &["コード", "市町村", "取組", "状況", "名称", "地域", "普及率（%）", "配布数"],
        rows,
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

/// The value of a target today, as it may be shown.
enum Now {
    Known(f64),
    /// So few patients that they are not told.
    Small,
    Unknown,
}

fn now(target: &Target) -> Now {
    match target.now {
        Some(value) if value > 0.0 && value < 10.0 && counts_patients(target) => Now::Small,
        Some(value) => Now::Known(value),
        None => Now::Unknown,
    }
}

/// Who is counted in persons without being a patient.
const STAFF: [&str; 10] =
    ["医師", "看護師", "薬剤師", "栄養士", "衛生士", "療法士", "専門員", "職員", "従事者", "研修"];

/// Whether a target counts persons who may be patients.
fn counts_patients(target: &Target) -> bool {
    let unit = plain(&target.unit);
    (unit.starts_with('人') || unit.starts_with('名')) && !STAFF.iter().any(|word| target.item.contains(word))
}

fn targets(list: &[Target]) -> ListTable {
    let row = |one: &Target| {
        vec![
            text(one.item.as_str()),
            text(one.area.name.as_str()),
            match now(one) {
                Now::Known(value) => number(value),
                Now::Small => text("1–9"),
                Now::Unknown => text("不明"),
            },
            number(one.value),
            text(one.unit.as_str()),
            text(one.deadline.as_str()),
            text(one.function.map_or("", |function| function.name())),
            text(one.plan.as_str()),
        ]
    };
    table(
        "targets",
        "数値目標",
        "",
        &["項目", "地域", "現状値", "目標値", "単位", "期限", "医療機能", "計画"],
        list.iter().map(row).collect(),
    )
}

/// Every target beside the demand, other targets and figures of the same thing.
fn target_checks(results: &Results<'_>, list: &[Target], plans: &[&NamedPlan]) -> ListTable {
    let shown = shown_indicators(results.study, plans);
    let row = |one: &Beside| {
        let target = &list[one.target];
        let own = one.part.is_none();
        let (now, today) = match now(target) {
            Now::Known(value) if own => (Some(value), number(value)),
            Now::Small if own => (None, text("1–9")),
            _ => (None, ListCell::Unknown(())),
        };
        // The target is of its deadline; what is now is of a year that nobody tells, but not of that one.
        let is_of_deadline = one.year.is_some() && one.year == year(&target.deadline);
        let difference = |of: Option<f64>| match one.value {
            BesideValue::Exact(value) if own => of.map_or(ListCell::Unknown(()), |of| number(of - value)),
            _ => ListCell::Unknown(()),
        };
        let (value, why) = match &one.value {
            BesideValue::Exact(value) if is_of_deadline => (number(*value), ""),
            BesideValue::Exact(value) => (number(*value), "目標の期限とは年度が違います"),
            BesideValue::AtLeast(value) => {
                (text(format!("{value}以上")), "伏せられた小さい数があり、下限しか分かりません")
            }
            BesideValue::Unknown(why) => (ListCell::Unknown(()), why.as_str()),
        };
        let why = if own { why } else { "この構想区域の目標値が登録されていません" };
        vec![
            text(target.item.as_str()),
            text(one.part.as_deref().unwrap_or(&target.area.name)),
            text(target.plan.as_str()),
            text(target.deadline.as_str()),
            text(target.unit.as_str()),
            if own { number(target.value) } else { ListCell::Unknown(()) },
            today,
            text(one.what.as_str()),
            one.year.map_or(ListCell::Unknown(()), |year| text(year.to_string())),
            value,
            difference(is_of_deadline.then_some(target.value)),
            difference(now.filter(|_| !is_of_deadline)),
            text(why),
        ]
    };
    let beside = beside_targets(results.study, list, results.demand, &shown);
    table(
        "target_checks",
        "数値目標の照合",
        "項目・単位・年度・地域が同じ数だけ目標値との差を示し、ほかは理由を示します。現状値との差は、期限とは違う年度の数についてだけ示します（現状値の年度は一覧にありません）。差は適否の基準ではありません。需要推計の年度の間は直線で補います。",
        &[
            "項目",
            "地域",
            "計画",
            "期限",
            "単位",
            "目標値",
            "現状値",
            "並べる数",
            "年度",
            "値",
            "目標値との差（目標値−値）",
            "現状値との差（現状値−値）",
            "比べられない理由",
        ],
        beside.iter().map(row).collect(),
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
