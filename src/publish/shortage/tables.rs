//! The tables. What was not loaded is 不明, never none; what does not apply is empty.

use super::ShortageResults;
use super::words::{self, PEOPLE, UNKNOWN};
use crate::access::cover::Concerned;
use crate::access::depth::Depth;
use crate::access::loss::Loss;
use crate::access::partners::Partner;
use crate::access::shortage::{Cause, Places, Unreached};
use crate::access::standing::Standing;
use crate::assess::shortages::{CirclePicture, CoverPicture, ServiceShortage};
use crate::assess::sites::SitingStep;
use crate::publish::table::Table;

fn text(text: &str) -> String {
    text.to_owned()
}

/// Column names with what they count before each.
fn prefixed(prefix: &str) -> [String; 5] {
    PEOPLE.map(|name| format!("{prefix}_{name}"))
}

/// Every municipality and every cell on the list of every service.
pub(super) fn shortages(results: &ShortageResults<'_>) -> Table {
    let most = results.tables.rules.remedies;
    let mut table =
        Table::new(&["サービス", "区分", "順位", "市区町村コード", "市区町村", "メッシュ", "状態"]);
    table.header.extend(PEOPLE.map(text));
    table.header.extend(["原因", "判定できない原因"].map(text));
    table.header.extend(Cause::ALL.map(|cause| format!("{}_人数", words::cause(cause))));
    table.header.extend((1..=most).map(|at| format!("改善できる所{at}")));
    for speed in [text("速度低"), text("計画速度"), text("速度高")] {
        table.header.extend([format!("{speed}_届かない人数"), format!("{speed}_届かない75歳以上")]);
    }
    table.header.extend(Standing::ALL.map(|standing| format!("{}_人数", standing.name())));
    table.header.push(text("医師1人の診療所だけ_人数"));
    for service in &results.shortages.services {
        match &service.shortage.places {
            Some(places) => table.rows.extend(places_of(results, service, places)),
            None => table.rows.extend(unknown_places(results, service, table.header.len())),
        }
    }
    table
}

fn unknown_places(
    results: &ShortageResults<'_>,
    service: &ServiceShortage,
    columns: usize,
) -> Vec<Vec<String>> {
    let row = |at: usize| {
        let [code, name] = words::municipality(results.study, at);
        let mut row =
            vec![service.shortage.service.clone(), text("市区町村"), text(""), code, name, text("")];
        row.resize(columns, text(UNKNOWN));
        row
    };
    (0..results.study.municipalities.len()).map(row).collect()
}

fn places_of(results: &ShortageResults<'_>, service: &ServiceShortage, places: &Places) -> Vec<Vec<String>> {
    let (study, most) = (results.study, results.tables.rules.remedies);
    let id = &service.shortage.service;
    let causes = |of: &dyn Fn(Cause) -> Option<u32>| {
        let told = Cause::ALL.iter().copied().filter(|cause| of(*cause).is_some());
        let unjudged = places.unjudged.iter().map(|cause| words::cause(*cause));
        let people = Cause::ALL.map(|cause| match of(cause) {
            None if places.unjudged.contains(&cause) => text(UNKNOWN),
            people => people.unwrap_or(0).to_string(),
        });
        let texts = [words::joined(told.map(words::cause)), words::joined(unjudged)];
        texts.into_iter().chain(people).collect::<Vec<_>>()
    };
    let mut rows = Vec::new();
    for (rank, short) in places.municipalities.iter().enumerate() {
        let [code, name] = words::municipality(study, short.municipality);
        let head =
            [text(id), text("市区町村"), (rank + 1).to_string(), code, name, text(""), text("不足あり")];
        rows.push(
            [
                head.to_vec(),
                words::people(&short.concerned),
                causes(&|cause| short.causes.get(&cause).map(|of| of.people.total)),
                words::remedies(study, service, &short.remedies, most),
                unreached(&places.unreached[short.municipality]),
                standing(service, |circle| circle.municipalities[short.municipality].map(people_of)),
                vec![on_single_doctor(service, short.municipality)],
            ]
            .concat(),
        );
    }
    let is_short = |at: &usize| places.municipalities.iter().any(|short| short.municipality == *at);
    for at in (0..study.municipalities.len()).filter(|at| !is_short(at)) {
        let [code, name] = words::municipality(study, at);
        let head = [text(id), text("市区町村"), text(""), code, name, text(""), text("不足なし")];
        rows.push(
            [
                head.to_vec(),
                words::people(&Concerned::default()),
                causes(&|_| None),
                vec![text(""); most],
                unreached(&places.unreached[at]),
                standing(service, |circle| circle.municipalities[at].map(people_of)),
                vec![on_single_doctor(service, at)],
            ]
            .concat(),
        );
    }
    for (rank, short) in places.cells.iter().enumerate() {
        let [code, name, mesh] = words::cell(study, &study.cells[short.cell]);
        let head = [text(id), text("メッシュ"), (rank + 1).to_string(), code, name, mesh, text("不足あり")];
        let people = short.concerned.people.total;
        rows.push(
            [
                head.to_vec(),
                words::people(&short.concerned),
                causes(&|cause| short.causes.contains(&cause).then_some(people)),
                words::remedies(study, service, &short.remedies, most),
                unreached(&short.unreached),
                standing(service, |circle| {
                    let own = circle.standings[short.cell];
                    Standing::ALL.map(|one| if one == own { people } else { 0 })
                }),
                vec![text("")],
            ]
            .concat(),
        );
    }
    rows
}

fn unreached(unreached: &Unreached) -> Vec<String> {
    let told = |of: Option<Concerned>| match of {
        Some(of) => [of.people.total.to_string(), of.people.age_75_plus.to_string()],
        None => [UNKNOWN, UNKNOWN].map(text),
    };
    [Some(unreached.slower), Some(unreached.planned), unreached.faster].into_iter().flat_map(told).collect()
}

/// Those in a municipality who depend on one clinic with a single doctor.
fn on_single_doctor(service: &ServiceShortage, municipality: usize) -> String {
    let of = service.cover.as_ref().and_then(|cover| cover.on_single_doctors[municipality]);
    of.map_or_else(|| text(UNKNOWN), |of| of.people.total.to_string())
}

const fn people_of(concerned: Concerned) -> u32 {
    concerned.people.total
}

/// People by where they stand to the circle; empty where the service has none.
fn standing(service: &ServiceShortage, people: impl Fn(&CirclePicture) -> [u32; 3]) -> Vec<String> {
    match &service.circle {
        Some(circle) => people(circle).map(|people| people.to_string()).to_vec(),
        None => vec![text(""); Standing::ALL.len()],
    }
}

/// People by the number of institutions behind them.
pub(super) fn depth(results: &ShortageResults<'_>) -> Table {
    let mut table = Table::new(&["サービス", "市区町村コード", "市区町村", "か所数"]);
    table.header.extend(PEOPLE.map(text));
    for service in &results.shortages.services {
        for at in 0..results.study.municipalities.len() {
            let [code, name] = words::municipality(results.study, at);
            let head = [text(&service.shortage.service), code, name];
            let depth = service.cover.as_ref().map(|cover| cover.depth[at]);
            table.rows.extend(levels(depth).into_iter().map(|level| [head.to_vec(), level].concat()));
        }
    }
    table
}

fn levels(depth: Option<Depth>) -> Vec<Vec<String>> {
    let Some(depth) = depth else { return vec![words::unknown(1 + PEOPLE.len())] };
    [("0", depth.none), ("1", depth.one), ("2", depth.two), ("3以上", depth.three_or_more)]
        .iter()
        .map(|(level, of)| [vec![text(level)], words::people(of)].concat())
        .collect()
}

/// What stops with each institution, and with whom it could share its nights.
pub(super) fn losses(results: &ShortageResults<'_>) -> Table {
    let most = results.tables.rules.remedies;
    let mut table = Table::new(&["サービス", "順位", "機関コード", "機関名", "市区町村", "届出等の種類"]);
    table.header.extend(prefixed("届かなくなる"));
    table.header.extend(
        ["届かなくなる市区町村", "遠くなる_人数", "遠くなる分（平均）", "医師1人の診療所", "24時間の体制"]
            .map(text),
    );
    table.header.extend((1..=most).map(|at| format!("近い連携相手{at}")));
    for service in &results.shortages.services {
        let id = text(&service.shortage.service);
        let Some(cover) = &service.cover else {
            table.rows.push([vec![id], words::unknown(table.header.len() - 1)].concat());
            continue;
        };
        for (rank, loss) in cover.losses.iter().enumerate() {
            table
                .rows
                .push([vec![id.clone(), (rank + 1).to_string()], of_loss(results, cover, loss)].concat());
        }
    }
    table
}

fn of_loss(results: &ShortageResults<'_>, cover: &CoverPicture, loss: &Loss) -> Vec<String> {
    let (study, most) = (results.study, results.tables.rules.remedies);
    let mut places: Vec<usize> = loss.lost_cells.iter().map(|cell| study.cells[*cell].municipality).collect();
    places.dedup();
    places.sort_unstable();
    places.dedup();
    let places = words::joined(places.into_iter().map(|at| study.municipalities[at].name.clone()));
    let farther = loss.extra_minutes.map_or_else(String::new, |minutes| words::decimal(minutes, 1));
    let seeks = cover.partners.as_ref().map(|partners| partners.get(&loss.institution));
    let partner = |one: &Partner| {
        let (name, minutes) = (&study.institutions[one.institution].name, one.time.minutes());
        format!("{name}（{minutes:.1}分、共に届く{}人）", one.shared.people.total)
    };
    let (night, mut partners) = match seeks {
        None => (UNKNOWN, words::unknown(most)),
        Some(None) => ("届出あり", Vec::new()),
        Some(Some(partners)) => ("届出なし", partners.iter().map(partner).collect()),
    };
    partners.resize(most, text(""));
    let alone = match study.institutions[loss.institution].has_single_doctor() {
        Some(true) => "はい",
        Some(false) => "いいえ",
        None => UNKNOWN,
    };
    [
        words::institution(study, loss.institution),
        words::people(&loss.lost),
        vec![places, loss.farther.people.total.to_string(), farther, text(alone), text(night)],
        partners,
    ]
    .concat()
}

/// Capacity and competition of each cell.
pub(super) fn catchments(results: &ShortageResults<'_>) -> Table {
    let mut table = Table::new(&["市区町村コード", "市区町村", "メッシュ"]);
    table.header.extend(PEOPLE.map(text));
    table.header.extend(
        ["2SFCA", "E2SFCA", "E2SFCA（急な減衰）", "KD2SFCA", "3SFCA", "i2SFCA（最も空いている所）", "RAAM"]
            .map(text),
    );
    table.header.push(text("提供量の前提"));
    let capacity = results.shortages.capacity.as_ref();
    for (at, cell) in results.study.cells.iter().enumerate() {
        let scores = capacity.map_or_else(
            || words::unknown(8),
            |of| {
                let supply =
                    [&of.two_step, &of.enhanced, &of.enhanced_sharp, &of.kernel_density, &of.three_step];
                let none =
                    |cost: Option<f64>| cost.map_or_else(|| text("なし"), |cost| words::decimal(cost, 6));
                let crowd = [of.least_crowded[at], of.raam.cells[at]].map(none);
                let supply = supply.map(|cells| words::decimal(cells[at], 6));
                let tag = text(&results.tables.capacities.tag);
                supply.into_iter().chain(crowd).chain([tag]).collect()
            },
        );
        let place = words::cell(results.study, cell).to_vec();
        let people = words::people(&results.residents.of(std::iter::once(at)));
        table.rows.push([place, people, scores].concat());
    }
    table
}

/// Capacity, crowdedness and load of each institution.
pub(super) fn capacities(results: &ShortageResults<'_>) -> Table {
    let mut table = Table::new(&["機関コード", "機関名", "市区町村", "届出等の種類"]);
    table.header.extend(
        [
            "提供量（件/月）",
            "前提の種類",
            "前提の出典",
            "前提の区分",
            "医師数（常勤換算）",
            "i2SFCA混雑",
            "RAAM負荷（件/月）",
        ]
        .map(text),
    );
    let Some(of) = &results.shortages.capacity else {
        table.rows.push(words::unknown(table.header.len()));
        return table;
    };
    let service = &results.tables.rules.capacity_service;
    let reach = results.access.services.iter().find(|reach| reach.service.id == *service);
    for at in reach.and_then(|reach| reach.providers.as_ref()).into_iter().flatten() {
        let head = words::institution(results.study, *at);
        let figures = of.capacities.get(at).map_or_else(
            || words::unknown(7),
            |capacity| {
                let class = capacity.assumed_of.as_ref();
                let classes = &results.tables.capacities.classes;
                let assumed = class.and_then(|id| classes.iter().find(|class| class.id == *id));
                let [id, source, tag] = assumed.map_or_else(
                    || ["実数", "数えた医師数", ""].map(text),
                    |class| [&class.id, &class.source, &class.tag].map(|part| text(part)),
                );
                let place = of.institutions.iter().position(|one| one == at);
                vec![
                    words::decimal(capacity.receipts_per_month, 1),
                    id,
                    source,
                    tag,
                    words::known(capacity.doctors, 1),
                    words::known(of.crowdedness.get(at).copied(), 6),
                    words::known(place.map(|place| of.raam.loads[place]), 3),
                ]
            },
        );
        table.rows.push([head, figures].concat());
    }
    table
}

/// The best sites for 1, 2, … added providers.
pub(super) fn sitings(results: &ShortageResults<'_>) -> Table {
    let mut table = Table::new(&["サービス", "加える数", "今届く75歳以上"]);
    table.header.extend(
        ["厳密解_届く75歳以上", "上界", "差", "証明", "貪欲解_届く75歳以上", "厳密解_施設", "貪欲解_施設"]
            .map(text),
    );
    table.header.extend(prefixed("新たに届く"));
    table.header.push(text("新たに届く市区町村"));
    let service = text(&results.tables.rules.capacity_service);
    match &results.shortages.sitings {
        Some(steps) => {
            let row = |step: &SitingStep| [vec![service.clone()], of_step(results, step)].concat();
            table.rows.extend(steps.iter().map(row));
        }
        None => table.rows.push([vec![service], words::unknown(table.header.len() - 1)].concat()),
    }
    table
}

fn of_step(results: &ShortageResults<'_>, step: &SitingStep) -> Vec<String> {
    let study = results.study;
    let bound = step.exact.bound.map_or_else(|| text(UNKNOWN), |bound| bound.to_string());
    let proof = if step.exact.is_proven() { "最適" } else { "未証明" };
    let gained = step.gained.values().fold(Concerned::default(), |sum, of| sum.and(*of));
    let places = step
        .gained
        .iter()
        .map(|(at, of)| format!("{} {}人", study.municipalities[*at].name, of.people.total));
    [
        [step.most.to_string(), step.now.to_string(), step.exact.objective.to_string(), bound].to_vec(),
        vec![words::known(step.exact.gap(), 6), text(proof), step.greedy.objective.to_string()],
        vec![words::chosen(study, &step.exact), words::chosen(study, &step.greedy)],
        words::people(&gained),
        vec![words::joined(places)],
    ]
    .concat()
}
