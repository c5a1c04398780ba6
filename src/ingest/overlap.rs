//! Several files of one kind: which of them are parts of a whole, which are editions of the same, and what
//! is then left out of the older.
//!
//! Files are compared by the things of which they speak, in groups (区分, services). Two files that share
//! at least half of the things of a group are editions of it; others (病院 and 診療所 of one 区分, the lists
//! of two municipalities) add to each other.

use crate::ingest::edition::Edition;
use crate::ingest::manifest::InputKind;
use crate::ingest::study::AreaSystem;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The group of a kind that has none.
pub(crate) const WHOLE: &str = "全体";

/// What a file says: groups, the things of each, and what it says of each thing. Where a kind is compared by
/// its things alone, nothing stands there.
#[derive(Debug, Default)]
pub(crate) struct Held(pub BTreeMap<String, Things>);

type Things = BTreeMap<String, BTreeSet<String>>;

impl Held {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Things without groups, of which nothing is compared.
    pub(crate) fn of(things: impl Iterator<Item = String>) -> Self {
        things.map(|thing| (WHOLE.to_owned(), thing)).collect()
    }

    /// Things without groups, and what is said of them.
    pub(crate) fn said(lines: impl Iterator<Item = (String, String)>) -> Self {
        let mut things = Things::new();
        for (thing, said) in lines {
            things.entry(thing).or_default().insert(said);
        }
        Self(if things.is_empty() { BTreeMap::new() } else { [(WHOLE.to_owned(), things)].into() })
    }

    /// A group that is spoken of, be it that nothing is in it.
    pub(crate) fn group(&mut self, group: &str) -> &mut Things {
        self.0.entry(group.to_owned()).or_default()
    }

    /// Every thing of every group.
    pub(crate) fn things(&self) -> impl Iterator<Item = &String> {
        self.0.values().flat_map(BTreeMap::keys)
    }

    fn count(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }
}

impl FromIterator<(String, String)> for Held {
    /// From groups and things.
    fn from_iter<T: IntoIterator<Item = (String, String)>>(groups: T) -> Self {
        let mut held = Self::default();
        for (group, thing) in groups {
            held.group(&group).entry(thing).or_default();
        }
        held
    }
}

/// How files of a kind that speak of the same things go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Nothing may be met twice: the second file is left out.
    Once,
    /// What is gone from the newest edition is gone: of each group only that edition counts.
    Newest,
    /// Lists of the prefecture: an older edition is left out, others add to each other.
    Lists,
    /// Whatever is not yet said is added.
    Union,
}

/// The rule of a kind, of tables of areas with their system.
pub(crate) fn rule(kind: InputKind, system: Option<AreaSystem>) -> Rule {
    match kind {
        // Each association may have a table of its own.
        InputKind::AreaMembership if system.is_some_and(AreaSystem::may_overlap) => Rule::Lists,
        InputKind::N03Boundary
        | InputKind::A38MedicalArea
        | InputKind::CensusMesh
        | InputKind::FutureMesh
        | InputKind::IpssProjection
        | InputKind::HomeDemand
        | InputKind::AreaFlows => Rule::Once,
        InputKind::AreaMembership
        | InputKind::Todokede
        | InputKind::IryoJohoNet
        | InputKind::OpeningHours
        | InputKind::InstitutionCodes
        | InputKind::CodeContents
        | InputKind::KaigoJigyosho
        | InputKind::CareNeed
        | InputKind::P14Welfare => Rule::Newest,
        InputKind::P04Medical
        | InputKind::A31aFlood
        | InputKind::TownPoints
        | InputKind::TownMaster
        | InputKind::TownPositions
        | InputKind::MunicipalityMaster
        | InputKind::MunicipalityPoints
        | InputKind::RoadsOsm => Rule::Union,
        _ => Rule::Lists,
    }
}

/// Whether the rows of a kind name their years: they tell of these years for good, and no file is an older edition
/// of another.
pub(crate) const fn rows_name_years(kind: InputKind) -> bool {
    matches!(kind, InputKind::CohortCounts | InputKind::PatientFlows | InputKind::OwnFigures)
}

/// A file to be compared.
pub(crate) struct Compared<'a> {
    /// Its name, for people.
    pub file: &'a str,
    /// State of its data.
    pub edition: Option<&'a Edition>,
    /// What it says.
    pub held: &'a Held,
}

/// Why the things of a group are not taken from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Another file says all of it.
    Contained,
    /// Another is newer.
    Older,
    /// The state of the other is known, and its own is not.
    Undated,
    /// Nobody knows which is newer.
    Unordered,
    /// Nothing may be met twice.
    Twice,
}

/// What is left out of a file, or shared by two that are both taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overlap {
    /// Position of the file.
    pub file: usize,
    /// The group.
    pub group: String,
    /// Position of the file that is taken before it.
    pub by: usize,
    /// Why it is left out; `None` = it is not.
    pub why: Option<Why>,
    /// Things that both have.
    pub shared: usize,
    /// Things that only the file has.
    pub only: usize,
}

impl Overlap {
    /// Kind of the finding that tells of it.
    pub(crate) const fn kind(&self) -> &'static str {
        if self.why.is_some() { "edition_left_out" } else { "editions_overlap" }
    }

    /// For people: what becomes of it and why.
    pub(crate) fn told(&self, files: &[Compared<'_>]) -> String {
        let by = &files[self.by];
        let by = by
            .edition
            .map_or_else(|| format!("{} ", by.file), |edition| format!("{}（{}）", by.file, edition.date));
        let of = if self.group == WHOLE { String::new() } else { format!("{} の", self.group) };
        let (shared, only) = (self.shared, self.only);
        let lost = if only > 0 {
            format!("。両方にある {shared} 件のほか、このファイルだけの {only} 件も使いません")
        } else {
            String::new()
        };
        match self.why {
            Some(Why::Contained) if only > 0 => {
                format!("このファイルの{of} {} 件はすべて {by}かほかのファイルにもあります", shared + only)
            }
            Some(Why::Contained) => format!("このファイルの{of} {shared} 件はすべて {by}にもあります"),
            Some(Why::Older) => format!("{of}より新しい版 {by}があります{lost}"),
            Some(Why::Undated) => format!(
                "{of}同じものが {by}にあり、このファイルは時点がわかりません。時点のわかるほうを使います{lost}。こちらが新しければ、こちらだけを残してください"
            ),
            Some(Why::Unordered) => format!(
                "{of}同じものが {by}にあり、どちらが新しいかわかりません。先のファイルを使います{lost}。新しいほうだけを残してください"
            ),
            Some(Why::Twice) => format!("{of}同じものが {by}にあり、二度は数えられません{lost}"),
            None => format!(
                "{of} {shared} 件は {by}にもあります。両方を使います。古い版なら、新しいほうだけを残してください"
            ),
        }
    }
}

/// The order in which files are taken: the newest first, of one state the one made later, then the larger.
pub(crate) fn rank(one: &Compared<'_>, other: &Compared<'_>) -> Ordering {
    let key = |of: &Compared<'_>| {
        (of.edition.map(|edition| (edition.date.clone(), edition.made.clone())), of.held.count())
    };
    key(other).cmp(&key(one))
}

/// Compares files of a kind, in the order in which they are taken.
pub(crate) fn overlaps(rule: Rule, files: &[Compared<'_>]) -> Vec<Overlap> {
    let groups: BTreeSet<&String> = files.iter().flat_map(|file| file.held.0.keys()).collect();
    let mut found = Vec::new();
    for group in groups {
        let mut taken: Vec<(usize, &Things)> = Vec::new();
        for (file, one) in files.iter().enumerate() {
            let Some(things) = one.held.0.get(group) else { continue };
            let overlap = closest(files, file, things, &taken, rule).map(|(by, shared, why)| Overlap {
                file,
                group: group.clone(),
                by,
                why,
                shared,
                only: things.len() - shared,
            });
            if overlap.as_ref().is_none_or(|overlap| overlap.why.is_none()) {
                taken.push((file, things));
            }
            found.extend(overlap);
        }
    }
    found.sort_by_key(|overlap| overlap.file);
    found
}

/// The file among those that are taken by which one is left out, or else with which it shares the most.
fn closest(
    files: &[Compared<'_>],
    file: usize,
    things: &Things,
    taken: &[(usize, &Things)],
    rule: Rule,
) -> Option<(usize, usize, Option<Why>)> {
    let shared: Vec<(usize, usize, &Things)> = taken
        .iter()
        .map(|(by, others)| {
            let (few, many) = if things.len() < others.len() { (things, *others) } else { (*others, things) };
            (*by, few.keys().filter(|thing| many.contains_key(*thing)).count(), *others)
        })
        .collect();
    let most = shared.iter().max_by_key(|(by, shared, _)| (*shared, std::cmp::Reverse(*by)))?;
    let all_said = things.iter().all(|(thing, said)| {
        said.is_empty() && taken.iter().any(|(_, others)| others.contains_key(thing))
            || !said.is_empty()
                && said.iter().all(|one| {
                    taken.iter().any(|(_, others)| others.get(thing).is_some_and(|said| said.contains(one)))
                })
    });
    let left_out = shared.iter().find_map(|(by, shared, others)| {
        let why = why_not(&files[file], &files[*by], rule)?;
        let (own, other) = (things.len(), others.len());
        let are_editions = match rule {
            Rule::Once => *shared > 0,
            // What is newer may be less: where all is closed, nothing is left.
            Rule::Newest => 2 * shared >= own.min(other) && (*shared > 0 || why == Why::Older),
            Rule::Lists => 2 * shared >= own,
            Rule::Union => false,
        };
        are_editions.then_some((*by, *shared, Some(why)))
    });
    // All that is said elsewhere is no loss, whichever is the newer.
    if all_said && rule != Rule::Newest {
        return Some((most.0, most.1, Some(Why::Contained)));
    }
    left_out.or_else(|| {
        let is_order_known = why_not(&files[file], &files[most.0], Rule::Newest).is_none();
        match (all_said, most.1) {
            (true, _) => Some((most.0, most.1, Some(Why::Contained))),
            (false, 0) => None,
            // Files of one edition may share what they like, and places are not of an edition.
            _ if rule == Rule::Union || rule == Rule::Newest && is_order_known => None,
            (false, shared) => Some((most.0, shared, None)),
        }
    })
}

/// Why a file gives way to one that is taken before it, should they be editions of the same.
fn why_not(one: &Compared<'_>, before: &Compared<'_>, rule: Rule) -> Option<Why> {
    if rule == Rule::Once {
        return Some(if is_older(one, before) == Some(true) { Why::Older } else { Why::Twice });
    }
    match (is_older(one, before), one.edition, before.edition) {
        (Some(true), ..) => Some(Why::Older),
        (Some(false), ..) => None,
        (None, ..) if rule != Rule::Newest => None,
        (None, None, Some(_)) => Some(Why::Undated),
        (None, ..) => Some(Why::Unordered),
    }
}

/// Whether a file is of an older state than another; `None` = nobody knows, `false` = they are of one state.
fn is_older(one: &Compared<'_>, before: &Compared<'_>) -> Option<bool> {
    let (one, before) = (one.edition?, before.edition?);
    match before.date.strip_prefix(&one.date) {
        Some("") => Some(one.made.is_some() && before.made.is_some() && one.made < before.made),
        // 2026 may be before or after 2026-07.
        Some(_) => None,
        None if one.date.starts_with(&before.date) => None,
        None => Some(one.date < before.date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files by their date and things: `("2025-10", "a b")`; what is behind a colon is said of the thing.
    fn compare(rule: Rule, files: &[(Option<&str>, &str)]) -> Vec<(usize, usize, Option<Why>, usize, usize)> {
        let editions: Vec<_> =
            files.iter().map(|(date, _)| date.map(|date| Edition::by_name(date.to_owned()))).collect();
        let held = |things: &str| {
            let lines = things.split(' ').map(|word| word.split_once(':').unwrap_or((word, "")));
            Held::said(lines.map(|(thing, said)| (thing.to_owned(), said.to_owned())))
        };
        let held: Vec<Held> = files.iter().map(|(_, things)| held(things)).collect();
        let files: Vec<Compared<'_>> = editions
            .iter()
            .zip(&held)
            .map(|(edition, held)| Compared { file: "x", edition: edition.as_ref(), held })
            .collect();
        let found = overlaps(rule, &files).into_iter();
        found.map(|one| (one.file, one.by, one.why, one.shared, one.only)).collect()
    }

    #[test]
    fn halves_of_one_edition_add_and_an_older_edition_gives_way() {
        let new = Some("2026-07-01");
        assert_eq!(compare(Rule::Newest, &[(new, "a b"), (new, "c d")]), []);
        assert_eq!(compare(Rule::Newest, &[(new, "a b"), (Some("2026-06-01"), "c d")]), []);
        let older = compare(Rule::Newest, &[(new, "a b"), (Some("2024-01-01"), "a b c d e")]);
        assert_eq!(older, [(1, 0, Some(Why::Older), 2, 3)]);
        let cut = compare(Rule::Newest, &[(new, "a b c"), (new, "a b")]);
        assert_eq!(cut, [(1, 0, Some(Why::Contained), 2, 0)]);
        assert_eq!(compare(Rule::Newest, &[(new, "a b c"), (new, "c d")]), [], "of one state");
        let few = compare(Rule::Newest, &[(new, "a b c d"), (Some("2024-01-01"), "a x y z")]);
        assert_eq!(few, [(1, 0, None, 1, 3)], "told, and both taken");
    }

    #[test]
    fn what_has_no_date_or_one_that_tells_too_little_gives_way_with_that_reason() {
        let undated = compare(Rule::Newest, &[(Some("2025"), "a b"), (None, "a b c")]);
        assert_eq!(undated, [(1, 0, Some(Why::Undated), 2, 1)]);
        let unknown = compare(Rule::Newest, &[(None, "a b"), (None, "a c")]);
        assert_eq!(unknown, [(1, 0, Some(Why::Unordered), 1, 1)]);
        let rough = compare(Rule::Newest, &[(Some("2026-07"), "a b"), (Some("2026"), "a c")]);
        assert_eq!(rough, [(1, 0, Some(Why::Unordered), 1, 1)]);
    }

    #[test]
    fn lists_of_two_offices_add_and_only_the_same_lines_or_an_older_edition_are_left_out() {
        assert_eq!(compare(Rule::Lists, &[(None, "a:1"), (None, "b:1")]), []);
        assert_eq!(
            compare(Rule::Lists, &[(None, "a:1 b:2"), (None, "b:2")]),
            [(1, 0, Some(Why::Contained), 1, 0)]
        );
        assert_eq!(compare(Rule::Lists, &[(None, "a:1 b:2"), (None, "b:3")]), [(1, 0, None, 1, 0)]);
        let dates = (Some("2025-10"), Some("2024-10"));
        assert_eq!(
            compare(Rule::Lists, &[(dates.0, "a:1 b:2"), (dates.1, "a:3 b:4 c:5")]),
            [(1, 0, Some(Why::Older), 2, 1)]
        );
        assert_eq!(
            compare(Rule::Lists, &[(dates.0, "a:1"), (dates.1, "a:3 b:4 c:5")]),
            [(1, 0, None, 1, 2)],
            "a new list of one office is no new edition of all"
        );
    }

    #[test]
    fn nothing_is_met_twice_and_places_are_added() {
        assert_eq!(
            compare(Rule::Once, &[(Some("2022"), "a b"), (Some("2020"), "b c d")]),
            [(1, 0, Some(Why::Older), 1, 2)]
        );
        assert_eq!(compare(Rule::Once, &[(None, "a"), (None, "a")]), [(1, 0, Some(Why::Contained), 1, 0)]);
        assert_eq!(compare(Rule::Once, &[(None, "a"), (None, "a b")]), [(1, 0, Some(Why::Twice), 1, 1)]);
        assert_eq!(compare(Rule::Union, &[(Some("2022"), "a b"), (Some("2020"), "a b c")]), []);
        assert_eq!(
            compare(Rule::Union, &[(Some("2022"), "a"), (None, "b"), (None, "a b")]),
            [(2, 0, Some(Why::Contained), 1, 1)]
        );
    }
}
