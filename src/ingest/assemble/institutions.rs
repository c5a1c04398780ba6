//! The institutions: one record each, where they stand and whether they still do.

use crate::geometry::locate::Locator;
use crate::ingest::assemble::kinds::{Pile, files, rows};
use crate::ingest::assemble::land::Ground;
use crate::ingest::classes::{self, Seen};
use crate::ingest::corrections::take_corrections;
use crate::ingest::geocode::Geocoder;
use crate::ingest::inhabited::move_to_inhabited;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::{InputKind, Manifest};
use crate::ingest::opening_hours::HoursById;
use crate::ingest::register::{self, Land, Sources};
use crate::ingest::review::Review;
use crate::ingest::stops::take_stopped;
use crate::ingest::study::{Cell, Institution, Stopped};
use crate::ingest::{admission_beds, quality};
use std::collections::BTreeSet;

/// The register.
pub(super) struct Register {
    pub institutions: Vec<Institution>,
    pub stopped: Vec<Stopped>,
    pub review: Review,
    pub loaded_classes: BTreeSet<String>,
    /// Input, row and id of each row of 医療情報ネット, to which opening hours belong.
    pub listed: Vec<(usize, u64, String)>,
    /// Opening hours that stand in the tables of institutions themselves.
    pub hours: Vec<(usize, HoursById)>,
}

/// Joins what the files say of institutions.
pub(super) fn join(
    pile: &mut Pile,
    ground: &Ground,
    cells: &[Cell],
    geocoder: &Geocoder,
    locator: &Locator,
    manifest: &Manifest,
    ledgers: &mut [Ledger],
) -> Register {
    let header = &manifest.study;
    let mut hours = Vec::new();
    let (sources, seen) = sources(pile, &header.name, &mut hours, ledgers);
    let mut loaded_classes = classes::loaded(&seen);
    if manifest.inputs.iter().any(|entry| entry.kind == InputKind::AdmissionBeds) {
        loaded_classes.insert(admission_beds::CLASS.to_owned());
    }
    let land = Land {
        prefecture: &header.name,
        municipalities: &ground.municipalities,
        locator,
        geocoder,
        loaded_classes: &loaded_classes,
    };
    let listed = sources.listed.iter().map(|(input, one)| (*input, one.row, one.id.clone())).collect();
    let (mut institutions, review) = register::build(sources, &land, ledgers);
    let corrections = rows(files!(pile, Corrections)).unwrap_or_default();
    take_corrections(corrections, &mut institutions, geocoder, locator, ledgers);
    let stops = rows(files!(pile, Stops)).unwrap_or_default();
    let stopped = take_stopped(stops, &mut institutions, geocoder, &header.as_of, &manifest.inputs, ledgers);
    quality::tell_placeholders(&institutions, geocoder, ledgers);
    quality::tell_editions(manifest, ledgers);
    move_to_inhabited(&mut institutions, cells, ledgers);
    Register { institutions, stopped, review, loaded_classes, listed, hours }
}

/// The rows of all files about institutions, and of which classes the files can speak. `prefecture` is its name:
/// of files that tell none of its code, what is of others is left out.
fn sources(
    pile: &mut Pile,
    prefecture: &str,
    hours: &mut Vec<(usize, HoursById)>,
    ledgers: &mut [Ledger],
) -> (Sources, Seen) {
    fn with<T>(input: usize, rows: Vec<T>) -> impl Iterator<Item = (usize, T)> {
        rows.into_iter().map(move |row| (input, row))
    }
    let (mut sources, mut seen) = (Sources::default(), Seen::default());
    for (input, read) in files!(pile, Todokede) {
        seen.sections.extend(read.sections);
        sources.filed.extend(with(input, read.institutions));
        let stations = own(read.stations, prefecture, &mut ledgers[input]);
        seen.sections.extend(stations.first().map(|station| station.section));
        seen.station_symbols.extend(stations.iter().flat_map(|station| station.symbols.clone()));
        sources.stations.extend(with(input, stations));
    }
    for (input, read) in files!(pile, Contents) {
        let rows = own(read.rows, prefecture, &mut ledgers[input]);
        seen.contents
            .extend(rows.iter().filter_map(|row| Some(classes::contents_word(row.section, row.kind?))));
        sources.contents.extend(with(input, rows));
    }
    for (input, read) in files!(pile, IryoJohoNet) {
        seen.iryo_joho_net.extend(read.classes);
        if !read.hours.is_empty() {
            hours.push((input, read.hours));
        }
        sources.listed.extend(with(input, read.institutions));
    }
    for (input, read) in files!(pile, Kaigo) {
        seen.services.extend(read.services);
        sources.offices.extend(with(input, read.offices));
    }
    sources.sited = rows(files!(pile, Sites)).unwrap_or_default();
    sources.coded = rows(files!(pile, Codes)).unwrap_or_default();
    sources.decisions = rows(files!(pile, Decisions)).unwrap_or_default();
    (sources, seen)
}

/// What is of the prefecture of this name; told where all is of others.
fn own<T>(all: Vec<(String, T)>, prefecture: &str, ledger: &mut Ledger) -> Vec<T> {
    let others = all.first().map(|(name, _)| name.clone());
    let own: Vec<T> = all.into_iter().filter(|(name, _)| name == prefecture).map(|(_, one)| one).collect();
    if let (true, Some(others)) = (own.is_empty(), others) {
        ledger.layer = None;
        ledger.warn(Doubt {
            kind: "no_row_of_prefecture",
            row: 0,
            field: "",
            said: &others,
            meant: format!("{prefecture}の行がありません（見出しの都道府県名を確かめてください）"),
        });
    }
    own
}
