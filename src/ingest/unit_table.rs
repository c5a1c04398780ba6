//! A planner's own units: municipalities joined, and municipalities split by mesh cells or 町丁目.
//!
//! CSV or workbook. Columns: `unit` (name), `muni_code` (code or name of a municipality) and, where they are needed, `mesh`
//! (a mesh code; all populated cells in it, of that municipality if one is written) or `town` (大字・町丁目, or its
//! 12-digit code; the cells to which no other known town of the municipality is nearer). A row with neither
//! takes what no such row takes of its municipality. Municipalities without a row are units of their own. The
//! table of 日常生活圏域 (日常生活圏域名 or 圏域名, 市区町村コード, メッシュ, 町丁目; several towns apart by `;`) is
//! read alike.
//!
//! Every populated cell comes into exactly one unit: one that no row takes goes to the unit of the nearest cell
//! of its municipality, with a finding.

use crate::geometry::mesh::MeshCode;
use crate::geometry::plane::short_m;
use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::address::{comparable, town};
use crate::ingest::address_point::{AddressLevel, TownMunicipality};
use crate::ingest::boundary::position_of;
use crate::ingest::csv_table;
use crate::ingest::finding::Finding;
use crate::ingest::geocode::without_chome;
use crate::ingest::given::Given;
use crate::ingest::ledger::{Account, Doubt, Ledger};
use crate::ingest::manifest::{InputKind, Manifest};
use crate::ingest::own_lists::LivingAreas;
use crate::ingest::own_table::{self, Asked};
use crate::ingest::study::{Municipality, Study};
use crate::ingest::text::Source;
use crate::ingest::town_points;
use geo::Point;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Units that a planner drew over the cells and municipalities of a study.
#[derive(Clone, Debug)]
pub struct UnitTable {
    /// Names: those of the table in its order, then the municipalities that it does not name.
    pub names: Vec<String>,
    /// Unit of each cell of the study.
    pub unit_of_cell: Vec<usize>,
    /// Units of each municipality, in order; never none.
    pub units_of_municipality: Vec<Vec<usize>>,
    /// What became of the rows.
    pub account: Account,
}

/// The parts into which units cut the municipalities: each lies in one unit and in one municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Part of each cell of the study.
    pub of_cell: Vec<usize>,
    /// Municipality of each part.
    pub municipality: Vec<usize>,
    /// Unit of each part.
    pub unit: Vec<usize>,
}

impl UnitTable {
    /// The parts, in order of municipality and unit.
    #[must_use]
    pub fn parts(&self, study: &Study) -> Parts {
        let all: BTreeSet<(usize, usize)> = self
            .units_of_municipality
            .iter()
            .enumerate()
            .flat_map(|(municipality, units)| units.iter().map(move |unit| (municipality, *unit)))
            .collect();
        let place: BTreeMap<(usize, usize), usize> = all.iter().copied().zip(0..).collect();
        let cells = study.cells.iter().zip(&self.unit_of_cell);
        Parts {
            of_cell: cells.map(|(cell, unit)| place[&(cell.municipality, *unit)]).collect(),
            municipality: all.iter().map(|(municipality, _)| *municipality).collect(),
            unit: all.iter().map(|(_, unit)| *unit).collect(),
        }
    }
}

/// A 大字・町丁目 that is known with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownTown {
    /// Its municipality.
    pub municipality: MunicipalityCode,
    /// Its name made comparable.
    pub name: String,
    /// Its 12-digit code; empty = not known.
    pub code: String,
    /// Its place.
    pub position: Point,
}

/// Reads the units of a study, some of them perhaps made of these towns.
///
/// # Errors
/// A table that cannot be used; rows that cannot are findings of the account.
pub fn read_units(given: Given<'_>, study: &Study, towns: &[KnownTown]) -> Result<UnitTable, IngestError> {
    let source = given.source()?;
    let mut ledger = Ledger::new(&source.file);
    let rows = read_rows(&source, &mut ledger)?;
    let are_towns_asked = rows.iter().any(UnitRow::asks_for_towns);
    let towns = if are_towns_asked { of_study(towns, study, &mut ledger) } else { Vec::new() };
    let mut claims = Claims::new(study, towns);
    for row in &rows {
        claims.take_row(row, &mut ledger);
    }
    Ok(claims.resolve(ledger, &source.sha256()?))
}

/// What the columns are called, in the order of unit, municipality, mesh and town: as a planner's own units,
/// as the table of the areas 日常生活圏域, and as a list of them with several towns in a row.
const COLUMNS: [[&str; 4]; 3] = [
    ["unit", "muni_code", "mesh", "town"],
    ["日常生活圏域名", "市区町村コード", "メッシュ", "町丁目"],
    ["圏域名", "市区町村コード", "メッシュ", "町丁目"],
];

/// A row of the table, CSV or workbook.
pub(crate) struct UnitRow {
    /// One for each town of the row, at least one.
    lines: Vec<Line>,
    /// Where each column of the row stands.
    places: [String; 4],
    layer: Option<String>,
}

impl UnitRow {
    pub(crate) fn asks_for_towns(&self) -> bool {
        self.lines.iter().any(|line| !line.town.is_empty())
    }

    /// What each of its lines is about, and what it says of it.
    pub(crate) fn about(&self) -> impl Iterator<Item = (String, String)> {
        let about = |line: &Line| {
            (format!("{} {}", line.unit, line.municipality), format!("{} {}", line.mesh, line.town))
        };
        self.lines.iter().map(about)
    }
}

/// Reads the rows; each is stored until it turns out that it cannot be used.
pub(crate) fn read_rows(source: &Source, ledger: &mut Ledger) -> Result<Vec<UnitRow>, IngestError> {
    let heads = own_table::heads(source)?;
    let is_there = |columns: &&[&str; 4]| heads.contains(&csv_table::comparable(columns[0]));
    let [unit, municipality, mesh, town] = *COLUMNS.iter().find(is_there).unwrap_or(&COLUMNS[0]);
    let mut rows = Vec::new();
    let asked = Asked { needed: &[unit, municipality], optional: &[mesh, town], ..Asked::default() };
    for row in own_table::read(source, &asked, ledger)? {
        ledger.store();
        let line = |town: &str| Line {
            row: row.row,
            unit: row.get(0).to_owned(),
            municipality: row.get(1).to_owned(),
            mesh: row.get(2).to_owned(),
            town: town.trim().to_owned(),
        };
        let lines = row.get(3).split([';', '；']).map(line).collect();
        let places = [0, 1, 2, 3].map(|column| row.place(column).to_owned());
        rows.push(UnitRow { lines, places, layer: row.layer.clone() });
    }
    Ok(rows)
}

/// The 日常生活圏域 of a study. Of municipalities without a row nothing is known.
///
/// # Errors
/// The files of towns cannot be read again.
pub(crate) fn take_living_areas(
    rows: &[(usize, Vec<UnitRow>)],
    manifest: &Manifest,
    study: &Study,
    ledgers: &mut [Ledger],
) -> Result<LivingAreas, IngestError> {
    let are_towns_asked = rows.iter().flat_map(|(_, rows)| rows).any(UnitRow::asks_for_towns);
    let mut asked = Ledger::default();
    let towns = if are_towns_asked {
        of_study(&known_towns(manifest, study)?, study, &mut asked)
    } else {
        Vec::new()
    };
    let mut claims = Claims::new(study, towns);
    for (input, rows) in rows {
        for row in rows {
            claims.take_row(row, &mut ledgers[*input]);
        }
    }
    let unmentioned: BTreeSet<usize> = claims.unmentioned();
    let table = claims.resolve(Ledger::default(), "");
    let told = table.account.findings.into_iter().filter(|one| one.kind != "municipality_without_unit");
    if let Some((input, _)) = rows.first() {
        let file = ledgers[*input].file.clone();
        let told = told.chain(asked.findings).map(|finding| Finding { file: file.clone(), ..finding });
        ledgers[*input].findings.extend(told);
    }
    let of_cell = study.cells.iter().zip(table.unit_of_cell);
    let of_cell = of_cell.map(|(cell, unit)| (!unmentioned.contains(&cell.municipality)).then_some(unit));
    let of_cell: Vec<Option<usize>> = of_cell.collect();
    let known: BTreeSet<usize> = of_cell.iter().flatten().copied().collect();
    let place: BTreeMap<usize, usize> = known.iter().copied().zip(0..).collect();
    Ok(LivingAreas {
        names: known.iter().map(|unit| table.names[*unit].clone()).collect(),
        of_cell: of_cell.into_iter().map(|unit| unit.map(|unit| place[&unit])).collect(),
    })
}

/// One place that a row puts into a unit.
struct Line {
    row: u64,
    unit: String,
    municipality: String,
    mesh: String,
    town: String,
}

/// A town of the prefecture that is known with its place.
struct Town {
    municipality: usize,
    /// 大字・町丁目 made comparable.
    name: String,
    code: String,
    position: Point,
    unit: Option<usize>,
}

/// The towns of the manifest's files that lie in municipalities of the study.
///
/// # Errors
/// A file that cannot be used.
pub fn known_towns(manifest: &Manifest, study: &Study) -> Result<Vec<KnownTown>, IngestError> {
    let mut known = Vec::new();
    for entry in manifest.inputs.iter().filter(|entry| entry.kind == InputKind::TownPoints) {
        let source = Source::open(&entry.path, &manifest.folder.join(&entry.path))?;
        // What is doubtful in this file was said when the study was read.
        let points = town_points::read(&source, &mut Ledger::new(&entry.path))?;
        for one in points.into_iter().filter(|one| one.level <= AddressLevel::Koaza) {
            let municipality = study.municipalities.iter().find(|at| match &*one.municipality {
                TownMunicipality::Code(code) => at.code == *code,
                TownMunicipality::Name { prefecture, municipality } => {
                    *prefecture == study.prefecture_name && is_named(at, municipality)
                }
            });
            let name = town(&comparable(&one.town_and_koaza()));
            known.extend(municipality.map(|municipality| KnownTown {
                municipality: municipality.code,
                name,
                code: one.code,
                position: one.position,
            }));
        }
    }
    Ok(known)
}

/// The known towns by the positions of their municipalities.
fn of_study(known: &[KnownTown], study: &Study, ledger: &mut Ledger) -> Vec<Town> {
    if known.is_empty() {
        ledger.warn(Doubt {
            kind: "no_town_points",
            row: 0,
            field: "town",
            said: "",
            meant: "町丁目の位置（kind = \"town_points\"）が study.toml にないため、町丁目の行は使えません"
                .to_owned(),
        });
    }
    let town = |KnownTown { municipality, name, code, position }: &KnownTown| {
        let municipality = position_of(&study.municipalities, *municipality)?;
        let (name, code) = (name.clone(), code.clone());
        Some(Town { municipality, name, code, position: *position, unit: None })
    };
    known.iter().filter_map(town).collect()
}

/// Whether a name with or without 郡 is that of a municipality.
fn is_named(municipality: &Municipality, said: &str) -> bool {
    said.strip_suffix(municipality.name.as_str())
        .is_some_and(|county| county.is_empty() || county.ends_with('郡'))
}

/// Why a row is not used: column, what it says, what that means.
type Refusal<'a> = (&'static str, &'a str, String);

/// What the rows take, each cell and municipality once.
struct Claims<'a> {
    study: &'a Study,
    names: Vec<String>,
    /// Cells by the digits of their mesh code.
    by_mesh: BTreeMap<String, Vec<usize>>,
    towns: Vec<Town>,
    cells: BTreeMap<usize, usize>,
    municipalities: BTreeMap<usize, usize>,
    /// Units with rows for less than a municipality.
    finer: BTreeSet<usize>,
}

impl<'a> Claims<'a> {
    fn new(study: &'a Study, towns: Vec<Town>) -> Self {
        let mut by_mesh: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, cell) in study.cells.iter().enumerate() {
            by_mesh.entry(cell.mesh.to_string()).or_default().push(at);
        }
        Self {
            study,
            names: Vec::new(),
            by_mesh,
            towns,
            cells: BTreeMap::new(),
            municipalities: BTreeMap::new(),
            finer: BTreeSet::new(),
        }
    }

    /// Takes what can be used of a row; one of which nothing can is set aside.
    fn take_row(&mut self, row: &UnitRow, ledger: &mut Ledger) {
        ledger.layer.clone_from(&row.layer);
        let taken: Vec<Result<(), Refusal<'_>>> = row.lines.iter().map(|line| self.take(line)).collect();
        let is_used = taken.iter().any(Result::is_ok);
        for (nth, refused) in taken.into_iter().filter_map(Result::err).enumerate() {
            let (column, said, meant) = refused;
            let column = COLUMNS[0].iter().position(|name| *name == column).unwrap_or(0);
            let (row, field) = (row.lines[0].row, row.places[column].as_str());
            let doubt = Doubt { kind: "bad_unit_row", row, field, said, meant };
            if !is_used && nth == 0 {
                ledger.withdraw(doubt);
            } else {
                ledger.warn(doubt);
            }
        }
        ledger.layer = None;
    }

    /// Municipalities of which no row speaks.
    fn unmentioned(&self) -> BTreeSet<usize> {
        let by_town = self.towns.iter().filter(|town| town.unit.is_some()).map(|town| town.municipality);
        let by_cell = self.cells.keys().map(|cell| self.study.cells[*cell].municipality);
        let mentioned: BTreeSet<usize> =
            by_town.chain(by_cell).chain(self.municipalities.keys().copied()).collect();
        (0..self.study.municipalities.len()).filter(|at| !mentioned.contains(at)).collect()
    }

    fn take<'b>(&mut self, line: &'b Line) -> Result<(), Refusal<'b>> {
        if line.unit.is_empty() {
            return Err(("unit", "", "単位の名前が空です。この行は使いません".to_owned()));
        }
        let municipality = self.municipality(&line.municipality)?;
        match (line.mesh.as_str(), line.town.as_str()) {
            ("", "") => self.take_municipality(line, municipality),
            (_, "") => self.take_mesh(line, municipality),
            ("", _) => self.take_town(line, municipality),
            _ => Err((
                "mesh",
                &line.mesh,
                "mesh と town はどちらか一方だけを書いてください。この行は使いません".to_owned(),
            )),
        }
    }

    fn municipality<'b>(&self, said: &'b str) -> Result<Option<usize>, Refusal<'b>> {
        if said.is_empty() {
            return Ok(None);
        }
        let all = &self.study.municipalities;
        let found = all.iter().position(|one| one.code.as_str() == said || one.name == said);
        let unknown = || {
            let meant = "この県の市町村にありません。5桁のコードか名前で書いてください。この行は使いません";
            ("muni_code", said, meant.to_owned())
        };
        found.map(Some).ok_or_else(unknown)
    }

    fn take_municipality<'b>(
        &mut self,
        line: &'b Line,
        municipality: Option<usize>,
    ) -> Result<(), Refusal<'b>> {
        let meant = "市町村・メッシュ・町丁目のどれもありません。この行は使いません";
        let municipality = municipality.ok_or_else(|| ("muni_code", "", meant.to_owned()))?;
        self.refuse_other("muni_code", &line.municipality, line, self.municipalities.get(&municipality))?;
        let unit = self.unit(&line.unit);
        self.municipalities.insert(municipality, unit);
        Ok(())
    }

    fn take_mesh<'b>(&mut self, line: &'b Line, municipality: Option<usize>) -> Result<(), Refusal<'b>> {
        if line.mesh.parse::<MeshCode>().is_err() {
            let meant = "メッシュコードは 8～10 桁の数字です。この行は使いません";
            return Err(("mesh", &line.mesh, meant.to_owned()));
        }
        let inside =
            self.by_mesh.range(line.mesh.clone()..).take_while(|(code, _)| code.starts_with(&line.mesh));
        let is_of = |cell: &usize| municipality.is_none_or(|at| self.study.cells[*cell].municipality == at);
        let cells: Vec<usize> = inside.flat_map(|(_, cells)| cells).copied().filter(is_of).collect();
        if cells.is_empty() {
            let digits = self.by_mesh.keys().next().map_or(0, String::len);
            let meant = format!("人の住むメッシュ（{digits} 桁）がその中にありません。この行は使いません");
            return Err(("mesh", &line.mesh, meant));
        }
        let taken = cells.iter().filter_map(|cell| self.cells.get(cell));
        let other = taken.copied().find(|unit| self.names[*unit] != line.unit);
        self.refuse_other("mesh", &line.mesh, line, other.as_ref())?;
        let unit = self.unit(&line.unit);
        self.finer.insert(unit);
        self.cells.extend(cells.into_iter().map(|cell| (cell, unit)));
        Ok(())
    }

    fn take_town<'b>(&mut self, line: &'b Line, municipality: Option<usize>) -> Result<(), Refusal<'b>> {
        let name = town(&comparable(&line.town));
        let is_meant = |one: &Town| {
            let is_named = one.name == name || without_chome(&one.name) == Some(name.as_str());
            let is_coded = !one.code.is_empty() && one.code == line.town;
            is_coded && municipality.is_none_or(|at| at == one.municipality)
                || is_named && Some(one.municipality) == municipality
        };
        let meant: Vec<usize> = (0..self.towns.len()).filter(|at| is_meant(&self.towns[*at])).collect();
        if meant.is_empty() {
            let meant = "その市町村の町丁目の位置のファイルにない名前かコードです（名前の行には muni_code も要ります）。この行は使いません";
            return Err(("town", &line.town, meant.to_owned()));
        }
        let other =
            meant.iter().find_map(|at| self.towns[*at].unit.filter(|unit| self.names[*unit] != line.unit));
        self.refuse_other("town", &line.town, line, other.as_ref())?;
        let unit = self.unit(&line.unit);
        self.finer.insert(unit);
        for at in meant {
            self.towns[at].unit = Some(unit);
        }
        Ok(())
    }

    /// A place that a former row put into another unit stays there.
    fn refuse_other<'b>(
        &self,
        field: &'static str,
        said: &'b str,
        line: &Line,
        taken: Option<&usize>,
    ) -> Result<(), Refusal<'b>> {
        match taken.map(|unit| &self.names[*unit]).filter(|name| **name != line.unit) {
            Some(name) => {
                Err((field, said, format!("先の行で単位「{name}」に入っています。この行は使いません")))
            }
            None => Ok(()),
        }
    }

    fn unit(&mut self, name: &str) -> usize {
        self.names.iter().position(|one| one == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    /// Puts every cell and every municipality into a unit.
    fn resolve(mut self, mut ledger: Ledger, sha256: &str) -> UnitTable {
        ledger.layer = None;
        let mut unit_of_cell: Vec<Option<usize>> = self.unit_by_rows();
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); self.study.municipalities.len()];
        for (at, cell) in self.study.cells.iter().enumerate() {
            inside[cell.municipality].push(at);
        }
        let mut units_of_municipality = Vec::new();
        let mut own = Vec::new();
        for (at, municipality) in self.study.municipalities.iter().enumerate() {
            let taken: Vec<usize> =
                inside[at].iter().copied().filter(|cell| unit_of_cell[*cell].is_some()).collect();
            let rest = match self.municipalities.get(&at) {
                Some(unit) => Some(*unit),
                None if taken.is_empty() => {
                    own.push(municipality.name.as_str());
                    Some(self.unit(&municipality.name))
                }
                None => None,
            };
            let left: Vec<usize> =
                inside[at].iter().copied().filter(|cell| unit_of_cell[*cell].is_none()).collect();
            for cell in &left {
                unit_of_cell[*cell] = rest.or_else(|| unit_of_cell[self.nearest(*cell, &taken)?]);
            }
            if rest.is_none() && !left.is_empty() {
                ledger.warn(self.left_over(municipality, &left));
            }
            let units: BTreeSet<usize> = inside[at].iter().filter_map(|cell| unit_of_cell[*cell]).collect();
            let units = if units.is_empty() { rest.into_iter().collect() } else { units };
            units_of_municipality.push(units.into_iter().collect());
        }
        if !own.is_empty() {
            ledger.note(doubt(
                "municipality_without_unit",
                &own.join("・"),
                format!("表に行のない {} 市町村は、それぞれを一つの単位とします", own.len()),
            ));
        }
        self.note_spanning(&units_of_municipality, &mut ledger);
        // Every municipality with cells has a rest or a cell that is taken.
        let unit_of_cell = unit_of_cell.into_iter().flatten().collect();
        self.filled(unit_of_cell, units_of_municipality, ledger, sha256)
    }

    /// The table without the units for which other rows left nothing.
    fn filled(
        self,
        mut unit_of_cell: Vec<usize>,
        mut units_of_municipality: Vec<Vec<usize>>,
        mut ledger: Ledger,
        sha256: &str,
    ) -> UnitTable {
        let filled: BTreeSet<usize> = units_of_municipality.iter().flatten().copied().collect();
        let place: BTreeMap<usize, usize> = filled.into_iter().zip(0..).collect();
        let mut names = Vec::new();
        for (unit, name) in self.names.into_iter().enumerate() {
            if place.contains_key(&unit) {
                names.push(name);
            } else {
                let meant = "この単位に残る人の住むメッシュがないため、単位にしません".to_owned();
                ledger.warn(doubt("empty_unit", &name, meant));
            }
        }
        for unit in unit_of_cell.iter_mut().chain(units_of_municipality.iter_mut().flatten()) {
            *unit = place[unit];
        }
        UnitTable { names, unit_of_cell, units_of_municipality, account: ledger.account(sha256) }
    }

    /// By mesh, else by the nearest town of the municipality.
    fn unit_by_rows(&self) -> Vec<Option<usize>> {
        let split: BTreeSet<usize> =
            self.towns.iter().filter(|town| town.unit.is_some()).map(|town| town.municipality).collect();
        let by_town = |cell: usize| {
            let cell = &self.study.cells[cell];
            let towns = self.towns.iter().filter(|town| town.municipality == cell.municipality);
            let metres = |town: &&Town| short_m(cell.centre.0, town.position.0);
            towns.min_by(|a, b| metres(a).total_cmp(&metres(b)))?.unit
        };
        let of = |cell: usize| {
            let by_mesh = self.cells.get(&cell).copied();
            by_mesh.or_else(|| split.contains(&self.study.cells[cell].municipality).then(|| by_town(cell))?)
        };
        (0..self.study.cells.len()).map(of).collect()
    }

    fn nearest(&self, cell: usize, among: &[usize]) -> Option<usize> {
        let metres =
            |other: &usize| short_m(self.study.cells[cell].centre.0, self.study.cells[*other].centre.0);
        among.iter().copied().min_by(|a, b| metres(a).total_cmp(&metres(b)))
    }

    fn left_over<'b>(&self, municipality: &'b Municipality, cells: &[usize]) -> Doubt<'b> {
        let people: u64 = cells.iter().map(|cell| u64::from(self.study.cells[*cell].population.total)).sum();
        let meant = format!(
            "{} メッシュ（{people} 人）はどの行にも当たらないため、それぞれ市町村内の最も近いメッシュの単位に入れました",
            cells.len()
        );
        doubt("cells_without_unit", &municipality.name, meant)
    }

    /// Two municipalities may both have a 中央圏域: a unit of that name would join them.
    fn note_spanning(&self, units_of_municipality: &[Vec<usize>], ledger: &mut Ledger) {
        for unit in &self.finer {
            let across: Vec<&str> = units_of_municipality
                .iter()
                .zip(&self.study.municipalities)
                .filter(|(units, _)| units.contains(unit))
                .map(|(_, municipality)| municipality.name.as_str())
                .collect();
            if across.len() > 1 {
                ledger.note(doubt(
                    "unit_across_municipalities",
                    &self.names[*unit],
                    format!(
                        "この単位は {} にまたがります。同じ名前の別の単位なら名前を変えてください",
                        across.join("・")
                    ),
                ));
            }
        }
    }
}

/// A doubt about the table as a whole.
fn doubt<'a>(kind: &'static str, said: &'a str, meant: String) -> Doubt<'a> {
    Doubt { kind, row: 0, field: "unit", said, meant }
}
