//! What changed between two editions of the register of institutions.
//!
//! An institution is the same in both when its id is, else when name, municipality and kind of source are
//! and no other has them (its number changed), else when house and an akin name are. What a file that only
//! one edition loaded tells is no change.

use crate::geometry::plane::geodesic_m;
use crate::ids::MunicipalityCode;
use crate::ingest::address::{comparable, house_key, town};
use crate::ingest::boundary::position_of;
use crate::ingest::classes::of_symbol;
use crate::ingest::register::{akin, is_same_lot, name_keys};
use crate::ingest::study::{Institution, Stopped, Study};
use std::collections::{BTreeMap, BTreeSet};

/// What happened to an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// In the new edition only.
    Opened,
    /// In the old edition only; it has closed, or the sources no longer name it.
    Gone,
    /// A source of the new edition says that it is suspended or closed.
    Stopped,
    /// Stopped in the old edition, open in the new one.
    Reopened,
    /// At another house.
    Moved,
    /// Under a name that has nothing in common with the old one.
    Renamed,
    /// Under another number.
    Renumbered,
    /// Has other classes.
    Refiled,
    /// Has another number of beds.
    Beds,
}

impl ChangeKind {
    /// All of them in order.
    pub const ALL: [Self; 9] = [
        Self::Opened,
        Self::Gone,
        Self::Stopped,
        Self::Reopened,
        Self::Moved,
        Self::Renamed,
        Self::Renumbered,
        Self::Refiled,
        Self::Beds,
    ];

    /// The word for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "新規",
            Self::Gone => "資料から消えた",
            Self::Stopped => "休止・廃止",
            Self::Reopened => "再開",
            Self::Moved => "移転",
            Self::Renamed => "名称変更",
            Self::Renumbered => "番号変更",
            Self::Refiled => "届出・区分の変更",
            Self::Beds => "病床数の変更",
        }
    }
}

/// One change of one institution.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// Position in the old edition's institutions.
    pub old: Option<usize>,
    /// Position in the new edition's institutions.
    pub new: Option<usize>,
    /// Id, the new one where there is one.
    pub id: String,
    /// Name, the new one where there is one.
    pub name: String,
    /// Municipality, the new one where there is one.
    pub municipality: Option<MunicipalityCode>,
    /// What was; empty for what is new.
    pub before: String,
    /// What is; empty for what is no more.
    pub after: String,
    /// Metres between the old and the new position of a move, where both are known.
    pub metres: Option<f64>,
}

/// What changed, by kind and id, and what cannot be compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The changes.
    pub changes: Vec<Change>,
    /// Institutions that are in both editions.
    pub in_both: usize,
    /// Classes of which only one edition can speak.
    pub incomparable_classes: BTreeSet<String>,
    /// Institutions of which only one edition has a file that could name them.
    pub incomparable_institutions: usize,
}

/// Compares two editions of a prefecture.
#[must_use]
pub fn changes(old: &Study, new: &Study) -> Changes {
    let pairs = pairs(old, new);
    let of_new: BTreeSet<usize> = pairs.values().copied().collect();
    let mut found = Changes {
        in_both: pairs.len(),
        incomparable_classes: old.loaded_classes.symmetric_difference(&new.loaded_classes).cloned().collect(),
        ..Changes::default()
    };
    for (at, institution) in old.institutions.iter().enumerate() {
        match pairs.get(&at) {
            Some(now) => found.changes.extend(between(old, at, new, *now)),
            None => match stopped(new, institution) {
                Some(stopped) => found.changes.push(stop(old, at, stopped)),
                None if could_name(new, old, institution) => {
                    found.changes.push(one_sided(ChangeKind::Gone, old, at));
                }
                None => found.incomparable_institutions += 1,
            },
        }
    }
    for (at, institution) in new.institutions.iter().enumerate().filter(|(at, _)| !of_new.contains(at)) {
        if let Some(stopped) = stopped(old, institution) {
            if could_stop(new, old, stopped) {
                let before = stop_told(stopped);
                found.changes.push(Change { before, ..one_sided(ChangeKind::Reopened, new, at) });
            } else {
                found.incomparable_institutions += 1;
            }
        } else if could_name(old, new, institution) {
            found.changes.push(one_sided(ChangeKind::Opened, new, at));
        } else {
            found.incomparable_institutions += 1;
        }
    }
    found.changes.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
    found
}

/// By position in the old edition, the same institution in the new one.
fn pairs(old: &Study, new: &Study) -> BTreeMap<usize, usize> {
    let by_id: BTreeMap<&str, usize> =
        new.institutions.iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
    let same_id = |(at, one): (usize, &Institution)| Some((at, *by_id.get(one.id.as_str())?));
    let mut pairs: BTreeMap<usize, usize> = old.institutions.iter().enumerate().filter_map(same_id).collect();
    let by_name = |study: &Study, one: &Institution| -> Vec<String> {
        let Some(at) = one.municipality else { return Vec::new() };
        let of = format!("{} {}", kind_of(one), study.municipalities[at].code);
        name_keys(&one.name).into_iter().map(|name| format!("{of} {name}")).collect()
    };
    pair_by(old, new, &mut pairs, by_name, |_, _| true);
    let by_house = |study: &Study, one: &Institution| -> Vec<String> {
        let house =
            house(study, one).filter(|(_, house)| house.contains(|letter: char| letter.is_ascii_digit()));
        house.map(|(code, house)| format!("{} {code} {house}", kind_of(one))).into_iter().collect()
    };
    pair_by(old, new, &mut pairs, by_house, |one, other| {
        akin(&name_keys(&one.name), &name_keys(&other.name))
    });
    pairs
}

/// Pairs those without a partner that share a key which nobody else without a partner has.
fn pair_by(
    old: &Study,
    new: &Study,
    pairs: &mut BTreeMap<usize, usize>,
    keys: impl Fn(&Study, &Institution) -> Vec<String>,
    agree: impl Fn(&Institution, &Institution) -> bool,
) {
    let of_new: BTreeSet<usize> = pairs.values().copied().collect();
    let mut by_key: BTreeMap<String, (BTreeSet<usize>, BTreeSet<usize>)> = BTreeMap::new();
    for (at, one) in old.institutions.iter().enumerate().filter(|(at, _)| !pairs.contains_key(at)) {
        for key in keys(old, one) {
            by_key.entry(key).or_default().0.insert(at);
        }
    }
    for (at, one) in new.institutions.iter().enumerate().filter(|(at, _)| !of_new.contains(at)) {
        for key in keys(new, one) {
            by_key.entry(key).or_default().1.insert(at);
        }
    }
    let mut taken = of_new;
    for (of_old, of_key) in by_key.into_values() {
        let (Some(at), Some(now), 1, 1) = (of_old.first(), of_key.first(), of_old.len(), of_key.len()) else {
            continue;
        };
        let is_free = !pairs.contains_key(at) && !taken.contains(now);
        if is_free && agree(&old.institutions[*at], &new.institutions[*now]) {
            pairs.insert(*at, *now);
            taken.insert(*now);
        }
    }
}

/// What makes two numbers those of one system: the price list of a 医療機関コード, or the source.
fn kind_of(institution: &Institution) -> &str {
    match institution.id.split_once(':') {
        Some((source, _)) => source,
        None => institution.id.get(2..3).unwrap_or_default(),
    }
}

/// A municipality, and a town with its number.
type House = (MunicipalityCode, String);

/// Municipality and house of an address, without what is left out at times.
fn house(study: &Study, institution: &Institution) -> Option<House> {
    let municipality = &study.municipalities[institution.municipality?];
    let address = comparable(&institution.address);
    let name = comparable(&municipality.name);
    let rest = address.split_once(name.as_str()).map_or(address.as_str(), |(_, rest)| rest);
    let plain = ["大字", "小字", "字", "町"].iter().fold(town(rest), |text, part| text.replace(part, ""));
    Some((municipality.code, house_key(&plain)))
}

fn stopped<'a>(study: &'a Study, institution: &Institution) -> Option<&'a Stopped> {
    study.stopped.iter().find(|one| one.institution.id == institution.id)
}

/// Whether an edition has a file that could name an institution of another one: a file of one of its kinds
/// that can speak of one of its classes.
fn could_name(study: &Study, of: &Study, institution: &Institution) -> bool {
    let kinds: BTreeSet<&str> = study.inputs.iter().map(|input| input.kind.word()).collect();
    let mut sources = institution.sources.iter().map(|source| of.inputs[source.input].kind.word());
    let classes = &institution.classes;
    sources.any(|kind| kinds.contains(kind))
        && (classes.is_empty() || classes.iter().any(|class| study.loaded_classes.contains(class)))
}

/// Whether an edition has a file of the kind by which another one knows that an institution has stopped.
fn could_stop(study: &Study, of: &Study, stopped: &Stopped) -> bool {
    let kind = of.inputs[stopped.stop.source.input].kind;
    study.inputs.iter().any(|input| input.kind == kind)
}

fn one_sided(kind: ChangeKind, study: &Study, at: usize) -> Change {
    let one = &study.institutions[at];
    let said = format!("{} {}", one.address, joined(one.classes.iter()));
    let is_old = kind == ChangeKind::Gone;
    let (before, after) = if is_old { (said, String::new()) } else { (String::new(), said) };
    Change {
        kind,
        old: is_old.then_some(at),
        new: (!is_old).then_some(at),
        id: one.id.clone(),
        name: one.name.clone(),
        municipality: one.municipality.map(|at| study.municipalities[at].code),
        before,
        after,
        metres: None,
    }
}

fn stop(old: &Study, at: usize, stopped: &Stopped) -> Change {
    let after = stop_told(stopped);
    Change { kind: ChangeKind::Stopped, after, ..one_sided(ChangeKind::Gone, old, at) }
}

fn stop_told(stopped: &Stopped) -> String {
    format!("{} {}", stopped.stop.date.as_deref().unwrap_or("時期不明"), stopped.stop.kind.name())
}

/// What changed of an institution that is in both editions.
fn between(old: &Study, at: usize, new: &Study, now: usize) -> Vec<Change> {
    let (one, other) = (&old.institutions[at], &new.institutions[now]);
    let change = |kind, before: String, after: String| Change {
        old: Some(at),
        before,
        after,
        ..one_sided(kind, new, now)
    };
    let mut changes = Vec::new();
    if one.id != other.id {
        changes.push(change(ChangeKind::Renumbered, one.id.clone(), other.id.clone()));
    }
    if name_keys(&one.name).is_disjoint(&name_keys(&other.name)) {
        changes.push(change(ChangeKind::Renamed, one.name.clone(), other.name.clone()));
    }
    let is_known = |code| {
        position_of(&old.municipalities, code).is_some() && position_of(&new.municipalities, code).is_some()
    };
    let is_elsewhere = |(before, after): (House, House)| {
        is_elsewhere(&before, &after, !is_known(before.0) || !is_known(after.0))
    };
    if house(old, one).zip(house(new, other)).is_some_and(is_elsewhere) {
        let metres = one.position.zip(other.position).map(|(before, after)| geodesic_m(before, after));
        let moved = change(ChangeKind::Moved, one.address.clone(), other.address.clone());
        changes.push(Change { metres, ..moved });
    }
    let comparable: BTreeSet<&String> = old.loaded_classes.intersection(&new.loaded_classes).collect();
    let lost = one.classes.difference(&other.classes).filter(|class| comparable.contains(class));
    let gained = other.classes.difference(&one.classes).filter(|class| comparable.contains(class));
    let (mut lost, mut gained) = (joined(lost), joined(gained));
    if lost == gained && tells_filings(old) && tells_filings(new) {
        (lost, gained) = refiled(one, other, &comparable);
    }
    if lost != gained {
        changes.push(change(ChangeKind::Refiled, lost, gained));
    }
    if let (Some(before), Some(after)) = (one.beds, other.beds)
        && before != after
    {
        changes.push(change(ChangeKind::Beds, before.to_string(), after.to_string()));
    }
    changes
}

/// Whether an edition keeps the symbols of filings.
fn tells_filings(study: &Study) -> bool {
    study.institutions.iter().any(|one| !one.practice.filings.is_empty())
}

/// Symbols that only one of two editions has, where the classes are the same in both (支援診2, 支援診2ア), with
/// the day from which they hold.
fn refiled(one: &Institution, other: &Institution, comparable: &BTreeSet<&String>) -> (String, String) {
    let only = |of: &Institution, not: &Institution| {
        let is_only = |symbol: &&String| {
            !not.practice.filings.contains_key(*symbol)
                && of_symbol(symbol).any(|class| comparable.iter().any(|known| *known == class))
        };
        let named = |symbol: &String| match &of.practice.filings[symbol] {
            Some(day) => format!("{symbol}（{day} から）"),
            None => symbol.clone(),
        };
        of.practice.filings.keys().filter(is_only).map(named).collect::<Vec<_>>().join("・")
    };
    (only(one, other), only(other, one))
}

/// Whether two houses are two places: in different municipalities, unless one of them is called otherwise in the
/// other edition (a town that became a city), or with towns or numbers of which neither only says less.
fn is_elsewhere(one: &House, other: &House, is_renamed: bool) -> bool {
    let says_less = |short: &str, long: &str| {
        long.strip_prefix(short).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    let is_other = !says_less(&one.1, &other.1) && !says_less(&other.1, &one.1);
    is_other && !is_same_lot(&(0, one.1.clone()), &(0, other.1.clone())) || one.0 != other.0 && !is_renamed
}

fn joined<'a>(words: impl Iterator<Item = &'a String>) -> String {
    words.map(String::as_str).collect::<Vec<_>>().join("・")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::{Origins, Practice, Precision};

    #[test]
    fn a_new_name_of_a_municipality_or_a_quarter_that_is_told_is_no_move() {
        let house = |code: &str, town: &str| (code.parse().expect("a code"), town.to_owned());
        for (one, other, is_renamed, expected) in [
            (house("48321", "錦2-27-18"), house("48207", "錦2-27-18"), true, false),
            (house("48321", "錦2-27-18"), house("48207", "錦2-27-19"), true, true),
            (house("48201", "錦2-27-18"), house("48202", "錦2-27-18"), false, true),
            (house("48201", "平田188"), house("48201", "平田参宮地188"), false, false),
            (house("48201", "平田188"), house("48201", "平田参宮地189"), false, true),
            (house("48201", "平田18"), house("48201", "平田188"), false, true),
        ] {
            assert_eq!(is_elsewhere(&one, &other, is_renamed), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn a_filing_that_changed_within_its_class_is_told_by_its_symbol_and_day() {
        let filed = |filings: &[(&str, Option<&str>)]| {
            let filings = filings.iter().map(|(symbol, day)| ((*symbol).to_owned(), day.map(str::to_owned)));
            Institution {
                id: "1910000001".to_owned(),
                name: "甲医院".to_owned(),
                address: String::new(),
                municipality: None,
                position: None,
                precision: Precision::Unlocated,
                correction: None,
                classes: BTreeSet::new(),
                beds: None,
                practice: Practice { filings: filings.collect(), ..Practice::default() },
                sources: Vec::new(),
                origins: Origins::default(),
            }
        };
        let old = filed(&[("支援診2", Some("2018-04-01")), ("在医総管1", None), ("在薬", None)]);
        let new = filed(&[("支援診2ア", Some("2026-06-01")), ("在医総管1", Some("2016-04-01"))]);
        let classes = ["支援診2".to_owned(), "在医総管".to_owned()];
        let changed = refiled(&old, &new, &classes.iter().collect());
        assert_eq!(
            changed,
            ("支援診2（2018-04-01 から）".to_owned(), "支援診2ア（2026-06-01 から）".to_owned())
        );
        assert_eq!(refiled(&new, &new, &classes.iter().collect()), (String::new(), String::new()));
    }
}
