//! A planner's own units and neighbours, from tables, as the ground of a proposal.

use crate::assess::ground::Ground;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::given::Given;
use crate::ingest::neighbour_table::{Edit, NeighbourEdit, edit_neighbours};
use crate::ingest::study::Study;
use crate::ingest::unit_table::{KnownTown, read_units};
use crate::ingest::{Account, IngestError};
use crate::network::build::Roadway;
use crate::network::municipal_map::joined_parts;
use crate::zoning::contiguity::Adjacency;
use crate::zoning::statement::Grouping;
use serde::Serialize;
use std::collections::BTreeMap;

/// Units for a proposal, and what tells where they come from.
pub struct OwnUnits {
    /// The units with their neighbours.
    pub grouping: Grouping,
    /// The same for people and maps.
    pub told: ToldUnits,
}

/// The units of an answer, where a table drew or edited them.
#[derive(Clone, Debug, Serialize)]
pub struct ToldUnits {
    /// The units in order.
    pub units: Vec<ToldUnit>,
    /// Neighbours that an editor added or cut.
    pub edits: Vec<ToldEdit>,
    /// What became of the rows of each table.
    pub tables: Vec<Account>,
}

/// One unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToldUnit {
    /// Its name.
    pub name: String,
    /// Codes of the municipalities that lie in it as a whole.
    pub municipalities: Vec<String>,
    /// Its cells in municipalities that are split, by code of the municipality: mesh codes.
    pub meshes: BTreeMap<String, Vec<String>>,
    /// People at the census.
    pub people: u64,
    /// Demand in the first year, receipts per month.
    pub demand_receipts_per_month: f64,
    /// Names of its neighbours.
    pub neighbours: Vec<String>,
}

/// One edit of an editor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToldEdit {
    /// Names of the two units.
    pub units: [String; 2],
    /// What was done.
    pub edit: Edit,
    /// Why.
    pub reason: String,
}

/// Zones hang together as far as their units do.
fn in_pieces(file: &str, name: &str, municipalities: &[&str]) -> Finding {
    Finding {
        severity: Severity::Warning,
        kind: "unit_in_pieces".to_owned(),
        file: file.to_owned(),
        layer: None,
        row: None,
        field: Some("unit".to_owned()),
        said: name.to_owned(),
        meant: format!(
            "この単位の {} 側は互いに道路・航路でつながりません。圏域はこの単位の中では地続きとみなします",
            municipalities.join("・")
        ),
        place: None,
    }
}

impl OwnUnits {
    /// The units of a table over the cells of the study.
    ///
    /// # Errors
    /// A table that cannot be used.
    pub fn read(
        given: Given<'_>,
        study: &Study,
        roadway: &Roadway,
        towns: &[KnownTown],
    ) -> Result<Self, IngestError> {
        let mut table = read_units(given, study, towns)?;
        let parts = table.parts(study);
        let joined = joined_parts(study, roadway, &parts);
        let grouping = Grouping::of_table(&table, &parts, &joined);
        let way = Adjacency::new(parts.unit.len(), &joined);
        for (unit, name) in table.names.iter().enumerate() {
            let pieces = way.components(|part| parts.unit[part] == unit);
            if pieces.len() > 1 {
                let municipality = |piece: &Vec<usize>| {
                    let at = parts.municipality[piece[0]];
                    study.municipalities[at].name.as_str()
                };
                let names: Vec<&str> = pieces.iter().map(municipality).collect();
                table.account.findings.push(in_pieces(&table.account.file, name, &names));
            }
        }
        Ok(Self::new(grouping, vec![table.account]))
    }

    /// Units that no table drew.
    #[must_use]
    pub fn of(grouping: Grouping) -> Self {
        Self::new(grouping, Vec::new())
    }

    fn new(grouping: Grouping, tables: Vec<Account>) -> Self {
        Self { grouping, told: ToldUnits { units: Vec::new(), edits: Vec::new(), tables } }
    }

    /// Adds and cuts neighbours as a table says.
    ///
    /// # Errors
    /// A table that cannot be used.
    pub fn edit(&mut self, given: Given<'_>, study: &Study, ground: &Ground) -> Result<(), IngestError> {
        let grouping = &self.grouping;
        let mut pairs = ground.facts(study).neighbours(grouping);
        let unit = |said: &str| {
            let named = grouping.names.iter().position(|name| name == said);
            let municipality = || {
                let all = &study.municipalities;
                let at = all.iter().position(|one| one.code.as_str() == said || one.name == said)?;
                match grouping.units_of_municipality[at][..] {
                    [unit] => Some(unit),
                    _ => None,
                }
            };
            named.or_else(municipality)
        };
        let edited = edit_neighbours(given, &mut pairs, &unit)?;
        let told = |NeighbourEdit { pair: (a, b), edit, reason }| ToldEdit {
            units: [a, b].map(|unit: usize| grouping.names[unit].clone()),
            edit,
            reason,
        };
        self.told.edits.extend(edited.edits.into_iter().map(told));
        self.told.tables.push(edited.account);
        self.grouping.neighbours = Some(pairs);
        Ok(())
    }

    /// Describes the units as they now are.
    pub fn describe(&mut self, study: &Study, ground: &Ground) {
        let grouping = &self.grouping;
        let facts = ground.facts(study);
        let neighbours = facts.neighbours(grouping);
        let unit = |(at, name): (usize, &String)| {
            let other = |(a, b): &(usize, usize)| if *a == at { Some(*b) } else { (*b == at).then_some(*a) };
            ToldUnit {
                name: name.clone(),
                municipalities: Vec::new(),
                meshes: BTreeMap::new(),
                people: 0,
                demand_receipts_per_month: 0.0,
                neighbours: neighbours
                    .iter()
                    .filter_map(other)
                    .map(|at| grouping.names[at].clone())
                    .collect(),
            }
        };
        let mut units: Vec<ToldUnit> = grouping.names.iter().enumerate().map(unit).collect();
        for (municipality, inside) in study.municipalities.iter().zip(&grouping.units_of_municipality) {
            if let [unit] = inside[..] {
                units[unit].municipalities.push(municipality.code.to_string());
            }
        }
        for ((cell, unit), demand) in study.cells.iter().zip(&grouping.unit_of_cell).zip(facts.demand) {
            let (unit, municipality) = (&mut units[*unit], cell.municipality);
            unit.people += u64::from(cell.population.total);
            unit.demand_receipts_per_month += demand;
            if grouping.units_of_municipality[municipality].len() > 1 {
                let code = study.municipalities[municipality].code.to_string();
                unit.meshes.entry(code).or_default().push(cell.mesh.to_string());
            }
        }
        self.told.units = units;
    }
}
