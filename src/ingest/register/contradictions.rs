//! Sources that say different things of one institution. Each attribute keeps what the first source says; here
//! the planner is told of the others. Names are compared where a code joins two records
//! ([`compare_names`](super::compare_names)), municipalities where a place is found.

use crate::geometry::plane::geodesic_m;
use crate::ingest::classes::{self, ClassKind};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::quality::QualityTable;
use crate::ingest::register::Land;
use crate::ingest::register::draft::Draft;
use crate::ingest::register::scoring::{Evidence, Number, Place};
use crate::ingest::register::signature::{are_two_houses, signature};
use crate::ingest::register::work::Joined;
use crate::ingest::review::Record;
use crate::ingest::study::RowOf;
use geo::Point;
use std::collections::BTreeSet;

/// Tells of a record whose house is not that of the institution to which it was joined. A care office that
/// bears the number of a medical institution may be a branch.
pub(super) fn compare_houses(
    record: &Record,
    draft: &Draft,
    joined: Joined,
    land: &Land<'_>,
    ledger: &mut Ledger,
) {
    let Joined::By(Evidence { number: Number::Code | Number::None, place, .. }) = joined else { return };
    if matches!(place, Place::House | Place::Unnumbered) {
        return;
    }
    // A comma groups the digits of a number.
    let house = |address: &str| signature("", &address.replace([',', '，'], ""), land).house;
    if let (Some(own), Some(known)) = (house(&record.address), house(draft.address()))
        && are_two_houses(&own, &known)
    {
        ledger.warn(Doubt {
            kind: "addresses_differ",
            row: record.row,
            field: "所在地",
            said: &record.address,
            meant: format!(
                "{}: ほかのファイルか行の所在地は「{}」です。そちらを使います。移転していないか確かめてください",
                draft.name(),
                draft.address()
            ),
        });
    }
}

/// Tells of beds, kinds and coordinates in which sources of a finished record differ. `position` is that of
/// the coordinates which are used.
pub(super) fn tell_contradictions(
    draft: &Draft,
    position: Option<Point>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let mut tell = |kind, row: RowOf, field, said: &str, meant: String| {
        let ledger = &mut ledgers[row.input];
        ledger.warn(Doubt { kind, row: row.row, field, said, meant: format!("{}: {meant}", draft.name()) });
        if let Some(position) = position {
            ledger.place(position);
        }
    };
    if let Some(((used, _), others)) = draft.beds.split_first() {
        let mut told = BTreeSet::from([used]);
        for (beds, row) in others.iter().filter(|(beds, _)| told.insert(beds)) {
            let meant = format!("ほかの資料の病床数は {used} 床です。{used} 床を使います");
            tell("beds_differ", *row, "病床数", &beds.to_string(), meant);
        }
    }
    if let Some((kinds, row)) = two_kinds(draft, land) {
        let kinds = kinds.join("と");
        let meant = format!("資料によって{kinds}です。どちらかを確かめてください");
        tell("kinds_differ", row, "区分", &kinds, meant);
    }
    let apart = |(point, row): &(Point, RowOf)| {
        let metres = geodesic_m(position?, *point);
        (metres > QualityTable::shipped().coordinates_apart_m()).then_some((metres, *point, *row))
    };
    // Those before it lie outside of the municipality, which was told.
    let others = draft.coordinates.iter().skip_while(|(point, _)| Some(*point) != position);
    let farthest = others.filter_map(apart).max_by(|one, other| one.0.total_cmp(&other.0));
    if let Some((metres, point, row)) = farthest {
        let said = format!("{},{}", point.y(), point.x());
        let meant = format!("ほかの資料の座標から {metres:.0} m 離れています。先の資料の座標を使います");
        tell("coordinates_differ", row, "緯度経度", &said, meant);
    }
}

/// What the sources say that it is by law, where that is two things, and the row that says the other one.
fn two_kinds(draft: &Draft, land: &Land<'_>) -> Option<(Vec<String>, RowOf)> {
    let is_kind = |class: &String| {
        let known = classes::classes().iter().find(|known| known.id == *class);
        known.is_some_and(|known| known.kind == ClassKind::Institution)
    };
    let told: Vec<&String> = draft.classes.iter().filter(|class| is_kind(class)).collect();
    let beds = draft.beds.first().map(|(beds, _)| *beds);
    let derived = draft.section.map(|of| classes::derived(of, &draft.symbols, beds, land.loaded_classes));
    let derived = derived.unwrap_or_default();
    let kinds: BTreeSet<String> = told.iter().map(|class| (*class).clone()).chain(derived).collect();
    let row = |class: &&String| draft.origins.classes.get(*class).copied();
    let row = told.iter().filter_map(row).max_by_key(|row| (row.input, row.row))?;
    (kinds.len() > 1).then(|| (kinds.into_iter().collect(), row))
}
