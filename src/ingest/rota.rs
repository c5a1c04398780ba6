//! The prefecture's 輪番 sheet and the limits of its institutions, matched to institutions and areas.

use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::{CERTAIN, compare_names, name_keys};
use crate::ingest::rota_limits::LimitRow;
use crate::ingest::rota_sheet::{Named, RotaRow, withdraw};
use crate::ingest::study::{Institution, Municipality, SourceRow};
use crate::ingest::wards::{city_called, city_of_code};
use crate::ingest::week::{Duty, DutyLimit};
use std::collections::{BTreeMap, BTreeSet};

/// Institutions by code and by name.
pub(crate) struct Register<'a> {
    institutions: &'a [Institution],
    by_id: BTreeMap<&'a str, usize>,
    by_name: BTreeMap<String, BTreeSet<usize>>,
}

impl<'a> Register<'a> {
    pub(crate) fn new(institutions: &'a [Institution]) -> Self {
        let by_id = institutions.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
        let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, one) in institutions.iter().enumerate() {
            for name in name_keys(&one.name) {
                by_name.entry(name).or_default().insert(at);
            }
        }
        Self { institutions, by_id, by_name }
    }

    /// By code, else by name; of several with the name the only one in some municipalities. `None`,
    /// with the reason in the ledger and the row set aside, when that is nobody or not one alone.
    pub(crate) fn find(
        &self,
        who: &Named,
        near: &BTreeSet<usize>,
        ledger: &mut Ledger,
    ) -> Option<(usize, &'static str)> {
        if let Some(code) = &who.code {
            let Some(at) = self.by_id.get(code.as_str()).copied() else {
                self.refuse(who, &BTreeSet::new(), ledger);
                return None;
            };
            if !who.name.is_empty() {
                compare_names(code, &self.institutions[at].name, &who.name, who.row, ledger);
            }
            return Some((at, "code"));
        }
        let named = self.named(&who.name);
        let found = self.only(&named, near);
        if found.is_none() {
            self.refuse(who, &named, ledger);
        }
        found
    }

    /// As [`Self::find`], of somebody who need not be an institution.
    pub(crate) fn known(&self, who: &Named, near: &BTreeSet<usize>) -> Option<usize> {
        self.known_among(who, near, |_| true)
    }

    /// The same among some institutions: a facility often has the name of a hospital beside it. The code may
    /// be a 介護事業所番号.
    pub(crate) fn known_among(
        &self,
        who: &Named,
        near: &BTreeSet<usize>,
        is_meant: impl Fn(&Institution) -> bool,
    ) -> Option<usize> {
        let is_meant = |at: &usize| is_meant(&self.institutions[*at]);
        if let Some(code) = &who.code {
            let ids = [code.clone(), format!("kaigo:{code}")];
            return ids.iter().filter_map(|id| self.by_id.get(id.as_str()).copied()).find(is_meant);
        }
        let named = self.named(&who.name).into_iter().filter(is_meant).collect();
        self.only(&named, near).map(|(at, _)| at)
    }

    fn named(&self, name: &str) -> BTreeSet<usize> {
        name_keys(name).iter().filter_map(|name| self.by_name.get(name)).flatten().copied().collect()
    }

    /// The only one of some, or the only one in some municipalities.
    fn only(&self, named: &BTreeSet<usize>, near: &BTreeSet<usize>) -> Option<(usize, &'static str)> {
        let is_near = |at: &&usize| self.institutions[**at].municipality.is_some_and(|at| near.contains(&at));
        let only = |mut found: Vec<usize>| found.pop().filter(|_| found.is_empty());
        let all = only(named.iter().copied().collect()).map(|at| (at, "name"));
        all.or_else(|| only(named.iter().filter(is_near).copied().collect()).map(|at| (at, "name+area")))
    }

    fn refuse(&self, who: &Named, named: &BTreeSet<usize>, ledger: &mut Ledger) {
        let ids: Vec<&str> = named.iter().map(|at| self.institutions[*at].id.as_str()).collect();
        let (kind, meant) = if ids.is_empty() {
            let meant = "どの施設の記録にもない機関です。この行は使いません。10 桁の医療機関コードか名称を確かめてください";
            ("unknown_rota_institution", meant.to_owned())
        } else {
            let ids = ids.join("、");
            let meant = format!(
                "同じ名称の機関が複数あり、地域でも一つに決まりません。医療機関コードを書いてください（{ids}）。この行は使いません"
            );
            ("ambiguous_rota_institution", meant)
        };
        withdraw(who, &who.place, kind, who.said(), meant, ledger);
    }
}

/// Matches the lines of 輪番 sheets and tells which of one institution and area overlap. Those stay:
/// who is there twice is there.
pub(crate) fn take_rota(
    rows: Vec<(usize, RotaRow)>,
    institutions: &[Institution],
    municipalities: &[Municipality],
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<Duty> {
    let register = Register::new(institutions);
    let mut taken: Vec<(Duty, Named)> = Vec::new();
    for (input, row) in rows {
        let ledger = &mut ledgers[input];
        let areas = areas_called(&row.area, municipalities, prefecture);
        let [area] = areas.as_slice() else {
            let (kind, meant) = match areas.len() {
                0 => (
                    "unknown_rota_area",
                    "圏域にも市区町村にもない地域です。この行は使いません。地域の名か「全域」を書いてください",
                ),
                _ => (
                    "ambiguous_rota_area",
                    "同じ名の圏域が複数あり、範囲が違います。「保健所:名」のように書いてください。この行は使いません",
                ),
            };
            withdraw(&row.who, &row.area_place, kind, &row.area, meant.to_owned(), ledger);
            continue;
        };
        let Some((institution, matched_by)) = register.find(&row.who, area, ledger) else { continue };
        let source = SourceRow { input, row: row.who.row, matched_by: matched_by.into(), score: CERTAIN };
        let RotaRow { who, days, hours, area: name, online, .. } = row;
        let duty =
            Duty { institution, days, hours, area: name, municipalities: area.clone(), online, source };
        tell_overlap(&taken, &duty, &who, ledger);
        taken.push((duty, who));
    }
    taken.into_iter().map(|(duty, _)| duty).collect()
}

/// Tells the first earlier line of the same institution and area that has hours in common.
fn tell_overlap(taken: &[(Duty, Named)], duty: &Duty, who: &Named, ledger: &mut Ledger) {
    let same = taken.iter().filter(|(other, _)| {
        other.institution == duty.institution && !other.municipalities.is_disjoint(&duty.municipalities)
    });
    let overlap = same.into_iter().find_map(|(other, line)| {
        let days = other.days.iter().flat_map(|first| duty.days.iter().map(move |second| (*first, *second)));
        let mut meeting = days.filter(|(first, second)| other.hours.meet(*first, duty.hours, *second));
        meeting.next().map(|days| (other, line, days))
    });
    if let Some((other, line, (first, second))) = overlap {
        ledger.layer.clone_from(&who.layer);
        ledger.warn(Doubt {
            kind: "overlapping_duties",
            row: who.row,
            field: "開始",
            said: who.said(),
            meant: format!(
                "{}{} は {} 行目の {}{} と重なります。どちらも当番として数えます",
                second.name(),
                duty.hours,
                line.row,
                first.name(),
                other.hours
            ),
        });
        ledger.layer = None;
    }
}

/// The different sets of municipalities that a name can mean: the whole prefecture (全域), a
/// municipality or a city with wards by name or code, an area of any system by name or code, an area of one system
/// (`保健所:中北`).
pub(crate) fn areas_called(
    said: &str,
    municipalities: &[Municipality],
    prefecture: &str,
) -> Vec<BTreeSet<usize>> {
    if said == "全域" || said == "県全域" || said == prefecture {
        return vec![(0..municipalities.len()).collect()];
    }
    let called = |at: &usize| municipalities[*at].name == said || municipalities[*at].code.as_str() == said;
    let mut areas: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    areas.insert((0..municipalities.len()).filter(called).collect());
    let of_code = said.parse().ok().and_then(|code| city_of_code(code, municipalities));
    let city = of_code.or_else(|| city_called(said, municipalities));
    areas.extend(city.map(|city| city.wards.into_iter().collect()));
    let (of_system, name) = said.split_once([':', '：']).map_or((None, said), |(of, name)| (Some(of), name));
    let systems: BTreeSet<_> = municipalities.iter().flat_map(|one| one.areas.keys().copied()).collect();
    for system in systems.into_iter().filter(|system| of_system.is_none_or(|of| of == system.name())) {
        let codes: BTreeSet<&str> = municipalities
            .iter()
            .flat_map(|one| one.areas_of(system))
            .filter(|area| area.name == name || area.code == name)
            .map(|area| area.code.as_str())
            .collect();
        for code in codes {
            let lies = |at: &usize| municipalities[*at].areas_of(system).any(|area| area.code == code);
            areas.insert((0..municipalities.len()).filter(lies).collect());
        }
    }
    areas.into_iter().filter(|area| !area.is_empty()).collect()
}

/// Matches the limits; those of several lines of one institution hold together, of several numbers
/// the lowest.
pub(crate) fn take_limits(
    rows: Vec<(usize, LimitRow)>,
    institutions: &[Institution],
    ledgers: &mut [Ledger],
) -> BTreeMap<usize, DutyLimit> {
    let register = Register::new(institutions);
    let mut limits: BTreeMap<usize, DutyLimit> = BTreeMap::new();
    for (input, LimitRow { who, limit }) in rows {
        let Some((at, _)) = register.find(&who, &BTreeSet::new(), &mut ledgers[input]) else { continue };
        let known = limits.entry(at).or_default();
        known.most_per_week = known.most_per_week.into_iter().chain(limit.most_per_week).min();
        known.unable.extend(limit.unable);
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Area, AreaSystem, Practice, Precision};
    use crate::ingest::text::Source;
    use crate::ingest::{rota_limits, rota_sheet};
    use geo::MultiPolygon;

    /// 甲市 and 乙町 lie in the 保健所 中, 丙村 in 北; the 医師会 中 is 甲市 alone.
    fn municipalities() -> Vec<Municipality> {
        [("48201", "甲市", "中", "中"), ("48301", "乙町", "中", "北"), ("48302", "丙村", "北", "北")]
            .map(|(code, name, hokenjo, ishikai)| {
                let area = |name: &str| Area { code: name.to_owned(), name: name.to_owned() };
                let areas = [(AreaSystem::Hokenjo, hokenjo), (AreaSystem::MedicalAssociation, ishikai)];
                Municipality {
                    code: code.parse().expect("code"),
                    name: name.to_owned(),
                    boundary: MultiPolygon(Vec::new()),
                    areas: areas.map(|(system, name)| (system, area(name))).into(),
                    further: BTreeMap::new(),
                    office: None,
                }
            })
            .into()
    }

    fn institutions() -> Vec<Institution> {
        [("4810110001", "佐久医院", 0), ("4810110002", "森川医院", 0), ("4810110003", "森川医院", 2)]
            .map(|(id, name, municipality)| Institution {
                id: id.to_owned(),
                name: name.to_owned(),
                address: String::new(),
                municipality: Some(municipality),
                position: None,
                precision: Precision::Unlocated,
                correction: None,
                classes: BTreeSet::new(),
                beds: None,
                practice: Practice::default(),
                sources: Vec::new(),
                origins: crate::ingest::study::Origins::default(),
            })
            .into()
    }

    fn take(lines: &str) -> (Vec<Duty>, Ledger) {
        let text = format!("医療機関コード,名称,曜日,開始,終了,地域\n{lines}");
        let mut ledger = Ledger::new("r.csv");
        let rows = rota_sheet::read(&Source::of_bytes("r.csv", text.as_bytes()), &mut ledger).expect("read");
        let rows = rows.into_iter().map(|row| (0, row)).collect();
        let mut ledgers = [ledger];
        let duties = take_rota(rows, &institutions(), &municipalities(), "小県", &mut ledgers);
        let [ledger] = ledgers;
        (duties, ledger)
    }

    fn told(ledger: &Ledger) -> Vec<(u64, &str)> {
        ledger.findings.iter().map(|one| (one.row.expect("row"), one.kind.as_str())).collect()
    }

    #[test]
    fn institutions_are_found_by_code_by_name_and_by_name_in_the_area() {
        let (duties, ledger) = take(
            "4810110001,,月,18:00,22:00,全域\n,佐久医院,火,18:00,22:00,丙村\n,森川医院,水,18:00,22:00,保健所:北\n\
             ,森川医院,木,18:00,22:00,全域\n,山田医院,金,18:00,22:00,全域\n4819999999,,土,18:00,22:00,全域\n",
        );
        let found: Vec<usize> = duties.iter().map(|duty| duty.institution).collect();
        assert_eq!(found, [0, 0, 2]);
        assert_eq!(
            told(&ledger),
            [
                (5, "ambiguous_rota_institution"),
                (6, "unknown_rota_institution"),
                (7, "unknown_rota_institution")
            ]
        );
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (6, 3, 3));
        assert!(ledger.findings[0].meant.contains("4810110002、4810110003"), "{:?}", ledger.findings[0]);
    }

    #[test]
    fn an_area_is_a_municipality_or_an_area_of_one_meaning() {
        let areas = |said: &str| areas_called(said, &municipalities(), "小県");
        assert_eq!(areas("乙町"), [BTreeSet::from([1])]);
        assert_eq!(areas("48302"), [BTreeSet::from([2])]);
        assert_eq!(areas("小県"), [BTreeSet::from([0, 1, 2])]);
        assert_eq!(areas("中").len(), 2, "保健所 and 医師会 mean different places");
        assert_eq!(areas("医師会:中"), [BTreeSet::from([0])]);
        assert!(areas("南").is_empty());
        let wards = crate::ingest::wards::tests::municipalities(&[
            ("48101", "港市北区"),
            ("48102", "港市南区"),
            ("48201", "甲市"),
        ]);
        for said in ["港市", "48100"] {
            assert_eq!(areas_called(said, &wards, "小県"), [BTreeSet::from([0, 1])], "{said}");
        }
        let (_, ledger) = take("4810110001,,月,18:00,22:00,中\n4810110001,,月,18:00,22:00,南\n");
        assert_eq!(told(&ledger), [(2, "ambiguous_rota_area"), (3, "unknown_rota_area")]);
        assert_eq!(ledger.findings[1].field.as_deref(), Some("地域"));
    }

    #[test]
    fn overlapping_hours_of_one_institution_and_area_are_told_and_stay() {
        let (duties, ledger) = take(
            "4810110001,,月,18:00,翌8:00,甲市\n4810110001,,火,7:00,12:00,全域\n4810110001,,祝,7:00,9:00,甲市\n\
             4810110001,,火,12:00,13:00,甲市\n4810110002,,月,18:00,翌8:00,甲市\n4810110001,,月,18:00,22:00,丙村\n",
        );
        assert_eq!(duties.len(), 6);
        // Line 7 meets line 3 (全域) in no minute, and line 2 in no municipality.
        assert_eq!(told(&ledger), [(3, "overlapping_duties"), (4, "overlapping_duties")]);
        assert!(ledger.findings[0].meant.starts_with("火7:00–12:00 は 2 行目の 月18:00–翌8:00 と重なります"));
        assert_eq!((ledger.stored, ledger.quarantined), (6, 0));
    }

    #[test]
    fn limits_of_several_lines_hold_together() {
        let text = "医療機関コード,週の上限,できない曜日\n4810110001,3,土\n4810110001,2,日\n4819999999,1,\n";
        let mut ledger = Ledger::new("l.csv");
        let rows = rota_limits::read(&Source::of_bytes("l.csv", text.as_bytes()), &mut ledger).expect("read");
        let rows = rows.into_iter().map(|row| (0, row)).collect();
        let mut ledgers = [ledger];
        let limits = take_limits(rows, &institutions(), &mut ledgers);
        assert_eq!(limits.len(), 1);
        assert_eq!((limits[&0].most_per_week, limits[&0].unable.len()), (Some(2), 2));
        assert_eq!(told(&ledgers[0]), [(4, "unknown_rota_institution")]);
    }
}
