//! Which files of a folder a study does not need: another says the same, is a newer edition, a finer mesh, or
//! they are of another land.

use crate::ingest::census_mesh::CensusMesh;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::InputKind;
use crate::ingest::overlap::{Compared, Held, Overlap, overlaps, rank, rows_name_years, rule};
use crate::ingest::population::{digits_of, wider};
use crate::ingest::study::AreaSystem;
use crate::ingest::survey::{Land, Readable};
use geo::Contains;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

/// What a reader made of an input: the answer, and what it is compared by.
pub(super) struct Answer {
    pub readable: Readable,
    /// What the file speaks of.
    pub holds: Held,
    /// How much of the prefecture a census mesh covers.
    pub reach: Reach,
    /// IDs of the institutions of the prefecture, of a file of 医療情報ネット.
    pub listed: BTreeSet<String>,
}

/// How a census mesh, or the places of P04, lie to the prefecture.
#[derive(Clone, Copy, Default)]
pub(super) struct Reach {
    /// Cells of 1 km that have a part in the prefecture.
    inside: usize,
    /// Share of the file's cells in the prefecture, in millionths.
    share: usize,
    /// Cells, or places of institutions, in the rectangle around the prefecture.
    near: usize,
    /// Digits of the first cell: the more, the finer.
    digits: usize,
}

impl Reach {
    /// Of a mesh; without boundaries all of it counts as inside.
    pub(super) fn of(mesh: &CensusMesh, land: Option<&Land>) -> Self {
        let (mut inside, mut cells, mut near) = (BTreeSet::new(), 0, 0);
        for cell in mesh.rows.iter().map(crate::ingest::census_mesh::Raw::mesh) {
            let is_near = land.is_none_or(|land| land.rectangle.contains(&cell.centre()));
            near += usize::from(is_near);
            if is_near && land.is_none_or(|land| land.locator.find(cell.centre().0).is_some()) {
                inside.insert(wider(cell, 8));
                cells += 1;
            }
        }
        let share = cells * 1_000_000 / mesh.rows.len().max(1);
        let digits = mesh.rows.first().map_or(0, |cell| digits_of(cell.mesh()));
        Self { inside: inside.len(), share, near, digits }
    }

    /// Of the places of institutions; without boundaries all of them are near.
    pub(super) fn of_sites(sites: &[ListedInstitution], land: Option<&Land>) -> Self {
        let is_near = |site: &&ListedInstitution| {
            land.is_none_or(|land| site.position.is_some_and(|position| land.rectangle.contains(&position)))
        };
        Self { near: sites.iter().filter(is_near).count(), ..Self::default() }
    }

    /// Sizes of cells, for people.
    const fn size(self) -> &'static str {
        match self.digits {
            8 => "1 km",
            9 => "500 m",
            10 => "250 m",
            _ => "大きさのわからない",
        }
    }
}

/// Leaves out what says nothing new. `files` are the names of all files; the answers are those that can be
/// inputs, by the position of their file.
pub(super) fn leave_out(files: &[String], answers: &mut BTreeMap<usize, &mut Answer>) {
    leave_out_other_lands(answers);
    let mut of_kind: BTreeMap<(InputKind, Option<AreaSystem>), Vec<usize>> = BTreeMap::new();
    for (at, answer) in &*answers {
        if answer.readable.left_out.is_none() {
            of_kind.entry((answer.readable.kind, answer.readable.system)).or_default().push(*at);
        }
    }
    for ((kind, system), mut order) in of_kind {
        let compared = |at: &usize| Compared {
            file: &files[*at],
            edition: answers[at].readable.edition.as_ref().filter(|_| !rows_name_years(kind)),
            held: &answers[at].holds,
        };
        order.sort_by(|one, other| rank(&compared(one), &compared(other)));
        if kind == InputKind::CensusMesh {
            sort_meshes(&mut order, answers);
        }
        let compared: Vec<Compared<'_>> = order.iter().map(compared).collect();
        let found = overlaps(rule(kind, system), &compared).into_iter();
        let told: Vec<(Overlap, String)> = found
            .map(|overlap| {
                let of = |at: usize| &*answers[&order[at]];
                let finer = (kind == InputKind::CensusMesh)
                    .then(|| {
                        told_of_meshes(&overlap, of(overlap.file), of(overlap.by), &files[order[overlap.by]])
                    })
                    .flatten();
                let told = finer.unwrap_or_else(|| overlap.told(&compared));
                (overlap, told)
            })
            .collect();
        for (overlap, meant) in told {
            let at = order[overlap.file];
            if let Some(answer) = answers.get_mut(&at) {
                answer.tell(&overlap, meant, &files[at]);
            }
        }
    }
}

impl Answer {
    /// A file of which every group is left out is left out; else a finding tells of the group.
    fn tell(&mut self, overlap: &Overlap, meant: String, file: &str) {
        if overlap.why.is_some() {
            self.holds.0.remove(&overlap.group);
        }
        if self.holds.is_empty() {
            self.readable.left_out = Some(meant);
        } else if overlap.shared + overlap.only > 0 {
            let mut ledger = Ledger::new(file);
            let (kind, said) = (overlap.kind(), overlap.group.as_str());
            ledger.warn(Doubt { kind, row: 0, field: "", said, meant });
            self.readable.findings.append(&mut ledger.findings);
        }
    }
}

/// Meshes of another region, and opening hours of which no institution of the prefecture is listed.
fn leave_out_other_lands(answers: &mut BTreeMap<usize, &mut Answer>) {
    let listed: BTreeSet<String> =
        answers.values().flat_map(|answer| answer.listed.iter().cloned()).collect();
    for answer in answers.values_mut().filter(|answer| answer.readable.left_out.is_none()) {
        let why = match answer.readable.kind {
            InputKind::CensusMesh if answer.reach.near == 0 => {
                "県とそのまわりのメッシュが一つもありません（別の地域のファイルです）".to_owned()
            }
            InputKind::P04Medical if answer.reach.near == 0 => {
                "県とそのまわりの医療機関が一つもありません（別の地域のファイルです）".to_owned()
            }
            InputKind::OpeningHours
                if !listed.is_empty() && answer.holds.things().all(|id| !listed.contains(id)) =>
            {
                format!(
                    "医療情報ネットにあるこの県の {} 施設のどれの診療時間でもありません（別の都道府県のものか、施設のファイルが足りません）",
                    listed.len()
                )
            }
            _ => continue,
        };
        answer.readable.left_out = Some(why);
    }
}

/// Of meshes of one census those come first that cover the whole prefecture, of these the finest, of one size
/// that with the least beside it.
fn sort_meshes(order: &mut [usize], answers: &BTreeMap<usize, &mut Answer>) {
    let mut most: BTreeMap<Option<u16>, usize> = BTreeMap::new();
    for at in &*order {
        let (year, inside) = (answers[at].readable.census_year, answers[at].reach.inside);
        let most = most.entry(year).or_default();
        *most = inside.max(*most);
    }
    order.sort_by_key(|at| {
        let Answer { readable, reach, .. } = &*answers[at];
        // Cells at the border have their centre inside or outside by their size.
        let is_whole = reach.inside * 20 >= most[&readable.census_year] * 19;
        Reverse((readable.census_year, is_whole, reach.digits, reach.share))
    });
}

/// Why of two meshes of one census this one is left out, for people; `None` = as of other files.
fn told_of_meshes(overlap: &Overlap, one: &Answer, by: &Answer, file: &str) -> Option<String> {
    let (own, other) = (one.reach.size(), by.reach.size());
    let only = match overlap.only {
        0 => String::new(),
        only => format!("。このファイルだけの 1 km メッシュ {only} 個も使いません"),
    };
    match one.reach.digits.cmp(&by.reach.digits) {
        Ordering::Less => {
            Some(format!("同じ調査のより細かいメッシュ {file}（{other}、こちらは {own}）を使います{only}"))
        }
        Ordering::Greater => Some(format!(
            "同じ調査で県をより広く含むメッシュ {file}（{other}、こちらは {own}）を使います{only}"
        )),
        Ordering::Equal if one.reach.share < by.reach.share => {
            Some(format!("同じメッシュが、県の外の少ない {file} にあります{only}"))
        }
        Ordering::Equal => None,
    }
}
