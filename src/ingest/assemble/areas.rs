//! Areas and offices of the municipalities.

use crate::ids::MunicipalityCode;
use crate::ingest::area_cuts::{Claims, TownRow};
use crate::ingest::area_membership::Membership;
use crate::ingest::boundary::position_of;
use crate::ingest::bring::Onto;
use crate::ingest::crosswalk::Crosswalk;
use crate::ingest::ipss::ProjectionRow;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{AreaSystem, Municipality};
use geo::Point;
use std::collections::{BTreeMap, BTreeSet};

/// Gives the municipalities their areas. Rows that name a 町丁目 are kept until the cells are known; until
/// then the first of them stands for a municipality of which no row tells as a whole.
pub(super) fn assign_areas(
    tables: Vec<(usize, (AreaSystem, Vec<Membership>))>,
    municipalities: &mut [Municipality],
    crosswalk: &Crosswalk,
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> BTreeMap<(AreaSystem, usize), Claims> {
    let mut names = BTreeMap::new();
    let mut claims: BTreeMap<(AreaSystem, usize), Claims> = BTreeMap::new();
    for (input, (system, rows)) in tables {
        let ledger = &mut ledgers[input];
        let rows = own_rows(rows, prefecture, ledger);
        let (of_part, of_whole): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.town.is_some());
        take_areas(of_whole, system, municipalities, crosswalk, &mut names, ledger);
        let onto = Onto { crosswalk, municipalities, people: &|_| None };
        let mut changed = BTreeSet::new();
        for row in of_part {
            ledger.layer.clone_from(&row.layer);
            let Some(at) = onto.whole(row.municipality) else {
                ledger.withdraw(unknown_place(&row, &onto));
                continue;
            };
            if municipalities[at].code != row.municipality && changed.insert(row.municipality) {
                onto.tell_changed(row.municipality, row.row, "muni_code", ledger);
            }
            claims.entry((system, at)).or_default().rows.push(TownRow { input, row });
        }
    }
    for ((system, at), claims) in &mut claims {
        let areas = &mut municipalities[*at].areas;
        claims.rest = areas.get(system).cloned();
        if let Some(first) = claims.rows.first() {
            areas.entry(*system).or_insert_with(|| first.row.area.clone());
        }
    }
    claims
}

/// The rows of the prefecture.
fn own_rows(rows: Vec<Membership>, prefecture: &str, ledger: &mut Ledger) -> Vec<Membership> {
    let (own, others): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| row.municipality.prefecture() == prefecture);
    ledger.note_of_others(others.len());
    own
}

/// Why the town of a row lies in no municipality that is known.
fn unknown_place<'a>(row: &'a Membership, onto: &Onto<'_>) -> Doubt<'a> {
    let meant = match onto.parts(row.municipality).len() {
        0 if onto.area(row.municipality).is_empty() => return unknown_municipality(row),
        0 => "区のある市の全体のコードです。町丁目の行には区のコードを書いてください。この行は使いません",
        _ => {
            "今は二つ以上の市区町村に分かれたコードで、この町丁目がどこに入るかわかりません。今のコードを書いてください。この行は使いません"
        }
    };
    Doubt { meant: meant.to_owned(), ..unknown_municipality(row) }
}

/// Gives the municipalities their areas, those of codes of another time to what the codes became. The code
/// makes the area: under a second name it keeps the first, in `names`.
fn take_areas(
    rows: Vec<Membership>,
    system: AreaSystem,
    municipalities: &mut [Municipality],
    crosswalk: &Crosswalk,
    names: &mut BTreeMap<(AreaSystem, String), String>,
    ledger: &mut Ledger,
) {
    let mut rows = rows;
    // What is told of today's codes goes before what is told of others.
    rows.sort_by_key(|row| position_of(municipalities, row.municipality).is_none());
    for mut row in rows {
        ledger.layer.clone_from(&row.layer);
        let name = names.entry((system, row.area.code.clone())).or_insert_with(|| row.area.name.clone());
        if *name != row.area.name {
            ledger.warn(Doubt {
                kind: "area_code_with_two_names",
                row: row.row,
                field: "area_name",
                said: &row.area.name,
                meant: format!(
                    "{}のコード {} には「{name}」の名もあります。同じ圏域とみて「{name}」と呼びます",
                    system.name(),
                    row.area.code
                ),
            });
            row.area.name.clone_from(name);
        }
        let onto = Onto { crosswalk, municipalities, people: &|_| None };
        let places = onto.area(row.municipality);
        if !places.is_empty() && position_of(municipalities, row.municipality).is_none() {
            onto.tell_changed(row.municipality, row.row, "muni_code", ledger);
        }
        let is_free =
            |at: &usize| municipalities[*at].areas.get(&system).is_none_or(|area| *area == row.area);
        let free: Vec<usize> = places.iter().copied().filter(is_free).collect();
        if places.is_empty() {
            ledger.withdraw(unknown_municipality(&row));
        } else if system.may_overlap() {
            let names =
                places.iter().filter(|at| !free.contains(at)).map(|at| municipalities[*at].name.clone());
            let names: Vec<String> = names.collect();
            if !names.is_empty() {
                ledger.note(Doubt {
                    kind: "overlapping_areas",
                    meant: format!(
                        "{}が二つ以上の{}に属します。人口・需要・区域の分断・輪番の地域ではどちらにも数え、{}を単位とする案だけは先の行の区域に入れます",
                        names.join("・"),
                        system.name(),
                        system.name()
                    ),
                    ..unknown_municipality(&row)
                });
            }
        } else if free.is_empty() {
            ledger.withdraw(Doubt {
                kind: "duplicate_area",
                meant: format!(
                    "同じ市区町村が二つの{}にあります。先の行を使い、この行は使いません。市区町村が分かれるときは町丁目の列に分けて書いてください",
                    system.name()
                ),
                ..unknown_municipality(&row)
            });
        }
        for at in places.into_iter().filter(|at| !free.contains(at) && system.may_overlap()) {
            let further = municipalities[at].further.entry(system).or_default();
            if !further.contains(&row.area) {
                further.push(row.area.clone());
            }
        }
        for at in free {
            municipalities[at].areas.insert(system, row.area.clone());
        }
    }
}

fn unknown_municipality(row: &Membership) -> Doubt<'_> {
    Doubt {
        kind: "unknown_municipality",
        row: row.row,
        field: "muni_code",
        said: row.municipality.as_str(),
        meant: "行政区域にない市区町村です。この行は使いません".to_owned(),
    }
}

/// Tells which municipality lacks an area in a system that others have.
pub(super) fn tell_missing_areas(municipalities: &[Municipality], ledger: &mut Ledger) {
    let systems: BTreeSet<AreaSystem> =
        municipalities.iter().flat_map(|municipality| municipality.areas.keys().copied()).collect();
    for system in systems {
        for municipality in municipalities.iter().filter(|one| !one.areas.contains_key(&system)) {
            ledger.warn(Doubt {
                kind: "missing_area",
                row: 0,
                field: "",
                said: municipality.code.as_str(),
                meant: format!(
                    "{}の{}が表にありません。不明として扱います",
                    municipality.name,
                    system.name()
                ),
            });
        }
    }
}

/// Municipality points: アドレス・ベース・レジストリ first, else those beside the projections.
pub(super) fn take_offices(
    points: &[(MunicipalityCode, Point)],
    projections: &[(usize, Vec<ProjectionRow>)],
    municipalities: &mut [Municipality],
) {
    let beside =
        projections.iter().flat_map(|(_, rows)| rows).filter_map(|row| Some((row.code, row.office?)));
    for (code, point) in points.iter().copied().chain(beside) {
        if let Some(at) = position_of(municipalities, code) {
            municipalities[at].office.get_or_insert(point);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::{Change, Part};
    use crate::ingest::study::Area;
    use crate::ingest::wards::tests::municipalities;
    use geo::MultiPolygon;

    #[test]
    fn a_municipality_in_two_医師会_lies_in_both_and_in_two_保健所_in_the_first() {
        let area = |name: &str| Area { code: name.to_owned(), name: name.to_owned() };
        let take = |system| {
            let mut municipalities = [Municipality {
                code: "19201".parse().expect("code"),
                name: "甲府市".to_owned(),
                boundary: MultiPolygon(Vec::new()),
                areas: BTreeMap::new(),
                further: BTreeMap::new(),
                office: None,
            }];
            let row = |row, name| Membership {
                town: None,
                row,
                layer: None,
                municipality: "19201".parse().expect("code"),
                area: area(name),
            };
            let mut ledger = Ledger { read: 2, stored: 2, ..Ledger::new("a.csv") };
            let crosswalk = Crosswalk::default();
            let rows = vec![row(2, "甲府"), row(3, "中巨摩")];
            take_areas(rows, system, &mut municipalities, &crosswalk, &mut BTreeMap::new(), &mut ledger);
            let [one] = municipalities;
            let areas: Vec<String> = one.areas_of(system).map(|area| area.name.clone()).collect();
            let told = &ledger.findings[0];
            (areas, told.kind.clone(), told.row, ledger.stored)
        };
        let both = vec!["甲府".to_owned(), "中巨摩".to_owned()];
        let overlap = (both, "overlapping_areas".to_owned(), Some(3), 2);
        assert_eq!(take(AreaSystem::MedicalAssociation), overlap);
        let first = (vec!["甲府".to_owned()], "duplicate_area".to_owned(), Some(3), 1);
        assert_eq!(take(AreaSystem::Hokenjo), first);
    }

    #[test]
    fn an_area_code_with_two_names_is_one_area_and_told() {
        let at = |code: &str| Municipality {
            code: code.parse().expect("code"),
            name: code.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        };
        let row = |row, code: &str, name: &str| Membership {
            town: None,
            row,
            layer: None,
            municipality: code.parse().expect("code"),
            area: Area { code: "1901".to_owned(), name: name.to_owned() },
        };
        let rows = vec![row(2, "19201", "中北"), row(3, "19202", "中北医療圏"), row(4, "20201", "中北の隣")];
        let mut municipalities = [at("19201"), at("19202")];
        let mut ledger = Ledger { read: 3, stored: 3, ..Ledger::new("a.csv") };
        let system = AreaSystem::SecondaryMedicalArea;
        take_areas(
            own_rows(rows, "19", &mut ledger),
            system,
            &mut municipalities,
            &Crosswalk::default(),
            &mut BTreeMap::new(),
            &mut ledger,
        );
        for one in municipalities {
            assert_eq!(one.areas[&system], Area { code: "1901".into(), name: "中北".into() });
        }
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("rows_of_others", None), ("area_code_with_two_names", Some(3))]);
    }

    #[test]
    fn a_town_of_a_code_of_another_time_lies_in_its_one_successor_or_the_reason_is_told() {
        let code = |said: &str| said.parse().expect("a code");
        let mut crosswalk = Crosswalk::default();
        for (from, to) in [("22134", vec!["22138"]), ("22135", vec!["22138", "22139"])] {
            let to = to.into_iter().map(|to| Part { code: code(to), share: None }).collect();
            let reason = "区の再編".to_owned();
            let change = Change { day: 20240101, from: code(from), to, continues: false, reason };
            crosswalk.add(change).expect("sound");
        }
        let mut municipalities = municipalities(&[("22138", "浜松市中央区"), ("22139", "浜松市浜名区")]);
        let row = |row, municipality| Membership {
            town: Some("半田町".to_owned()),
            row,
            layer: None,
            municipality: code(municipality),
            area: Area { code: "甲".to_owned(), name: "甲".to_owned() },
        };
        let rows = vec![row(2, "22134"), row(3, "22135"), row(4, "22130"), row(5, "22999")];
        let mut ledgers = [Ledger { read: 4, stored: 4, ..Ledger::new("a.csv") }];
        let tables = vec![(0, (AreaSystem::MedicalAssociation, rows))];
        let claims = assign_areas(tables, &mut municipalities, &crosswalk, "22", &mut ledgers);
        let taken: Vec<_> = claims.iter().map(|((_, at), claims)| (*at, claims.rows.len())).collect();
        assert_eq!(taken, [(0, 1)]);
        let [ledger] = ledgers;
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.row, one.meant.as_str())).collect();
        assert_eq!((told.len(), ledger.stored), (4, 1));
        for ((row, meant), (expected, part)) in told.iter().zip([
            (2, "浜松市中央区"),
            (3, "分かれたコード"),
            (4, "区のコード"),
            (5, "行政区域にない"),
        ]) {
            assert!(*row == Some(expected) && meant.contains(part), "{meant}");
        }
    }
}
