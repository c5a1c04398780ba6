//! From a draft to a record: what it must be, and where it stands.

use crate::geometry::plane::geodesic_m;
use crate::ingest::address::{PREFECTURES, after_post_code};
use crate::ingest::boundary::position_of;
use crate::ingest::classes;
use crate::ingest::geocode::{Candidate, Located};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::register::Land;
use crate::ingest::register::contradictions::tell_contradictions;
use crate::ingest::register::draft::Draft;
use crate::ingest::review::AddressCheck;
use crate::ingest::study::{Institution, Origins, Practice, Precision, RowOf, SourceRow};
use geo::Point;

/// Locates a record, tells what is doubtful about its place, and keeps how far its address lies from its
/// coordinates.
pub(super) fn finish(
    id: String,
    mut draft: Draft,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
    checks: &mut Vec<AddressCheck>,
) -> Institution {
    let (beds, beds_origin) = draft.beds.first().copied().unzip();
    let is_known = draft.classes.iter().any(|class| {
        classes::classes()
            .iter()
            .any(|known| known.id == *class && known.kind == classes::ClassKind::Institution)
    });
    if let Some(section) = draft.section.filter(|_| !is_known) {
        draft.classes.extend(classes::derived(section, &draft.symbols, beds, land.loaded_classes));
    }
    draft.sources.sort_by_key(|source| (source.input, source.row));
    let hint = draft.hint.and_then(|code| position_of(land.municipalities, code));
    let place = place(&id, &draft, hint, land, ledgers, checks);
    let point = place.position.filter(|_| place.precision == Precision::Point);
    tell_contradictions(&draft, point, land, ledgers);
    let address = full_address(draft.address(), place.municipality, land);
    if let Some(first) = draft.sources.first() {
        tell_place(&id, &draft, &place, first, &mut ledgers[first.input]);
    }
    Institution {
        id,
        name: draft.record.name,
        address,
        municipality: place.municipality,
        position: place.position,
        precision: place.precision,
        correction: None,
        classes: draft.classes,
        beds,
        practice: Practice { filings: draft.filings, capacities: draft.capacities, ..draft.practice },
        sources: draft.sources,
        origins: Origins { position: place.origin, beds: beds_origin, ..draft.origins },
    }
}

/// Where a record stands.
struct Place {
    municipality: Option<usize>,
    position: Option<Point>,
    precision: Precision,
    /// The row that tells the position.
    origin: Option<RowOf>,
    /// What else the address may mean, where nothing better than the address is known.
    candidates: Vec<Candidate>,
}

/// Tells what is doubtful about the place.
fn tell_place(id: &str, draft: &Draft, place: &Place, source: &SourceRow, ledger: &mut Ledger) {
    let mut warn = |kind, meant: &str| {
        let meant = format!("{}（{id}）: {meant}", draft.name());
        ledger.warn(Doubt { kind, row: source.row, field: "所在地", said: draft.address(), meant });
        if let Some(position) = place.position {
            ledger.place(position);
        }
    };
    if !place.candidates.is_empty() {
        let candidate = |one: &Candidate| match one.position {
            Some(point) => format!("{}（{:.5},{:.5}）", one.name, point.y(), point.x()),
            None => one.name.clone(),
        };
        let candidates: Vec<String> = place.candidates.iter().map(candidate).collect();
        warn(
            "ambiguous_address",
            &format!(
                "所在地だけでは次のどれか決まりません。位置の訂正で決めてください: {}",
                candidates.join("、")
            ),
        );
    }
    match place.precision {
        Precision::Municipality => {
            warn("located_at_municipality", "町丁目が分からないため、市区町村の代表点に置きました");
        }
        Precision::Unlocated => {
            warn("unlocated", "所在地から場所が分かりません。地図と所要時間の計算には入りません");
        }
        _ => {}
    }
}

/// The first coordinates that lie in the municipality of the address; else the address. Where the
/// address names no municipality, that of the code beside it or of the coordinates counts.
fn place(
    id: &str,
    draft: &Draft,
    hint: Option<usize>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
    checks: &mut Vec<AddressCheck>,
) -> Place {
    // Every source of the register says that its institutions are of this prefecture.
    let located = land.geocoder.locate(&full_address(draft.address(), None, land), hint);
    let named = land.geocoder.municipality(draft.address()).map(|(at, _)| at);
    if let (Some(named), Some(hint), Some(source)) = (named, hint, draft.sources.last())
        && named != hint
    {
        let name = |at: usize| &land.municipalities[at].name;
        ledgers[source.input].warn(Doubt {
            kind: "municipality_conflict",
            row: source.row,
            field: "市区町村コード",
            said: draft.address(),
            meant: format!(
                "{}: 所在地は{}、コードは{}です。所在地に従います",
                draft.name(),
                name(named),
                name(hint)
            ),
        });
    }
    for (point, source) in &draft.coordinates {
        let inside = land.locator.find(point.0);
        let municipality = located.municipality.or(inside);
        if municipality.is_some() && municipality == inside {
            let metres = located.position.map(|address| geodesic_m(address, *point));
            let (institution, precision) = (id.to_owned(), located.precision());
            checks.push(AddressCheck { institution, input: source.input, precision, metres });
            let (position, precision) = (Some(*point), Precision::Point);
            let origin = Some(*source);
            return Place { municipality, position, precision, origin, candidates: Vec::new() };
        }
        ledgers[source.input].warn(Doubt {
            kind: "coordinates_outside_municipality",
            row: source.row,
            field: "緯度経度",
            said: &format!("{},{}", point.y(), point.x()),
            meant: format!("{}: 座標が所在地の市区町村の外にあります。座標は使いません", draft.name()),
        });
        ledgers[source.input].place(*point);
    }
    let precision = located.precision();
    let Located { municipality, position, candidates, .. } = located;
    let origin = draft.origins.address.filter(|_| position.is_some());
    Place { municipality, position, precision, origin, candidates }
}

/// The address with prefecture and municipality in front, unless it is one of another prefecture.
fn full_address(address: &str, municipality: Option<usize>, land: &Land<'_>) -> String {
    let address = after_post_code(address);
    if PREFECTURES.iter().any(|name| address.starts_with(name)) || address.starts_with(land.prefecture) {
        return address.to_owned();
    }
    let named = land.geocoder.municipality(address).is_some();
    let municipality = municipality.filter(|_| !named).map_or("", |at| &land.municipalities[at].name);
    format!("{}{municipality}{address}", land.prefecture)
}
