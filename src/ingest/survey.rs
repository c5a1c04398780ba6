//! A folder of downloads: what each file is, what can be read of it, and which files make a study.
//!
//! Every file is read by the reader of its kind, so that what is told of it is what a study would
//! get from it. Where several files say the same, the newest is taken and the others are named
//! (`superfluous`).

use crate::geometry::locate::Locator;
use crate::ingest::IngestError;
use crate::ingest::assemble::{Parsed, parse};
use crate::ingest::boundary;
use crate::ingest::edition::{Edition, census_year, edition, edition_at};
use crate::ingest::fetched::{FetchRecord, FetchedFile};
use crate::ingest::finding::Finding;
use crate::ingest::guard::no_panic;
use crate::ingest::ledger::Ledger;
use crate::ingest::manifest::{InputEntry, InputKind};
use crate::ingest::overlap::Held;
use crate::ingest::own_figures;
use crate::ingest::recognise::{Part, Recognised, is_road_file, parts};
use crate::ingest::road_file;
use crate::ingest::study::AreaSystem;
use crate::ingest::superfluous::{Answer, Reach, leave_out};
use crate::ingest::text::{Source, sha256_of};
use crate::progress::{Progress, Step};
use geo::{BoundingRect, MultiPolygon, Rect};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders within folders are followed so deep.
const MOST_DEPTH: usize = 16;
/// A file with more bytes than this, unpacked, is large.
const LARGE_BYTES: u64 = 64 << 20;
/// So many members of an archive are named.
const MOST_NAMED: usize = 5;
/// A folder of downloads has no more files than this.
const MOST_FILES: usize = 10_000;

/// What a folder holds.
#[derive(Debug)]
pub struct Survey {
    /// 都道府県コード, two digits.
    pub prefecture: String,
    /// Its name.
    pub prefecture_name: String,
    /// Every file, in the order of the paths.
    pub files: Vec<SurveyedFile>,
}

/// A file of the folder.
#[derive(Debug)]
pub struct SurveyedFile {
    /// Path below the folder.
    pub file: String,
    /// The members of an archive of which this is told; none = the whole file.
    pub members: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Survey {
    /// How many files there are, archives as one.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.iter().map(|file| &file.file).collect::<BTreeSet<_>>().len()
    }
}

impl SurveyedFile {
    /// The path, with the members that are meant (`a.zip（b.csv・c.csv）`).
    #[must_use]
    pub fn name(&self) -> String {
        if self.members.is_empty() {
            return self.file.clone();
        }
        let members: Vec<&str> = self.members.iter().take(MOST_NAMED).map(String::as_str).collect();
        let more = self.members.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!("・ほか {more}") } else { String::new() };
        format!("{}（{}{more}）", self.file, members.join("・"))
    }
}

/// What became of a file.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It can be an input of a study.
    Input(Readable),
    /// It could be an input, but nobody says of which prefecture the study is.
    Recognised(InputKind, Option<AreaSystem>),
    /// A known official file that no study uses; its name.
    Unused(&'static str),
    /// Part of the Shapefile, or the table of the mapping, of this name.
    Companion(String),
    /// Nothing that is known.
    Unknown,
    /// It cannot be read; why, for people.
    Refused(String),
}

/// A file that can be an input.
#[derive(Clone, Debug)]
pub struct Readable {
    /// What it is.
    pub kind: InputKind,
    /// Its area system, of a table of areas.
    pub system: Option<AreaSystem>,
    /// State of the data.
    pub edition: Option<Edition>,
    /// Year of the census, of a census mesh.
    pub census_year: Option<u16>,
    /// What `keniki fetch` recorded of the file, as long as it is still that file.
    pub fetched: Option<Box<FetchedFile>>,
    /// Roads in a road file, of which no row is counted; `None` where they cannot be counted.
    pub ways: Option<u64>,
    /// Rows met; 0 for roads, which the network reads.
    pub rows_read: u64,
    /// Rows used.
    pub rows_stored: u64,
    /// Rows set aside.
    pub rows_quarantined: u64,
    /// What is doubtful in it.
    pub findings: Vec<Finding>,
    /// How many there are of each kind of finding; of very many alike only the first are kept.
    pub counts: BTreeMap<&'static str, usize>,
    /// Why a study does not take it; `None` = it does.
    pub left_out: Option<String>,
}

/// Why a folder cannot be surveyed.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// The folder cannot be read.
    #[error("{folder}: フォルダーを読めません（{reason}）。読み取りの権限と path を確かめてください")]
    Folder {
        /// The folder.
        folder: String,
        /// What the operating system says.
        reason: String,
    },
    /// More files than a folder of downloads has.
    #[error(
        "{folder}: ファイルが {MOST_FILES} を超えています。この県の資料だけを置いたフォルダーを指定してください"
    )]
    TooManyFiles {
        /// The folder.
        folder: String,
    },
    /// Nobody says which prefecture it is.
    #[error(
        "どの都道府県か決まりません（行政区域のファイルにある都道府県: {known}）。--prefecture に二桁の都道府県コードを書いてください"
    )]
    Prefecture {
        /// Prefectures of the boundaries that were found.
        known: String,
        /// What every file is, as far as that is known without the prefecture.
        files: Vec<SurveyedFile>,
    },
    /// The record of what was fetched cannot be read.
    #[error(transparent)]
    Record(Box<IngestError>),
}

impl From<IngestError> for SurveyError {
    fn from(error: IngestError) -> Self {
        Self::Record(Box::new(error))
    }
}

/// How the name of a study ends that an import has replaced.
const FORMER_ENDING: &str = ".toml.bak";

/// A prefecture as the boundaries tell of it.
pub(super) struct Land {
    pub name: String,
    pub rectangle: Rect,
    pub locator: Locator,
}

/// Name and land of a prefecture in a file of boundaries.
type Outline = (String, MultiPolygon);

/// Reads every file of a folder. `prefecture` is the two-digit code; without it the boundaries tell.
///
/// # Errors
/// The folder itself, or that nobody says which prefecture it is; a file that cannot be used is an
/// [`Outcome`].
pub fn survey(
    folder: &Path,
    prefecture: Option<&str>,
    progress: &dyn Progress,
) -> Result<Survey, SurveyError> {
    let mut paths = Vec::new();
    walk(folder, 0, &mut paths)?;
    if paths.len() > MOST_FILES {
        return Err(SurveyError::TooManyFiles { folder: folder.display().to_string() });
    }
    let step = progress.step("ファイルを見分ける", paths.len() as u64);
    let sighted = of_every(&paths, |at| sight(&paths[at], &paths, step.as_ref()));
    drop(step);
    // An archive of several kinds is as many inputs.
    let parts = |(path, parts): (PathBuf, Vec<Seen>)| parts.into_iter().map(move |part| (path.clone(), part));
    let parts = paths.into_iter().zip(sighted).flat_map(parts);
    let (paths, mut seen): (Vec<PathBuf>, Vec<Seen>) = parts.unzip();
    tell_mapped_tables(&paths, &mut seen);
    let file_of = |(path, seen): (&PathBuf, &Seen)| SurveyedFile {
        file: shown(path.strip_prefix(folder).unwrap_or(path)),
        members: seen.members.clone(),
        outcome: Outcome::from(&seen.sighting),
    };
    let files: Vec<SurveyedFile> = paths.iter().zip(&seen).map(file_of).collect();
    let (prefecture, land) = match whose(&seen, prefecture) {
        Ok(known) => known,
        Err(known) => return Err(SurveyError::Prefecture { known, files }),
    };
    let step = progress.step("ファイルを読む", paths.len() as u64);
    let mut looks =
        of_every(&paths, |at| look(&paths[at], &seen[at], &prefecture, land.as_ref(), step.as_ref()));
    drop(step);
    take_record(&FetchRecord::read(folder)?, folder, &paths, &mut looks)?;
    let names: Vec<String> = files.iter().map(SurveyedFile::name).collect();
    let answers = looks.iter_mut().enumerate().filter_map(|(at, look)| match look {
        Look::Input(answer) => Some((at, answer)),
        Look::Other(_) => None,
    });
    leave_out(&names, &mut answers.collect());
    let files = files.into_iter().zip(looks);
    let files = files.map(|(file, look)| SurveyedFile { outcome: look.into(), ..file }).collect();
    let prefecture_name = land.map(|land| land.name).unwrap_or_default();
    Ok(Survey { prefecture, prefecture_name, files })
}

/// Whether a file is what systems and Excel keep beside the files of people, or the study that an import replaced.
fn is_no_download(name: &str) -> bool {
    let of_system = ["Thumbs.db", "desktop.ini"].iter().any(|known| name.eq_ignore_ascii_case(known));
    of_system || name.starts_with('.') || name.starts_with("~$") || name.ends_with(FORMER_ENDING)
}

/// Files below a folder in order of their paths; those of systems are no downloads. Links are not followed and
/// folders not beyond [`MOST_DEPTH`]; they stand among the files to be told of.
fn walk(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), SurveyError> {
    let failed = |error: std::io::Error| SurveyError::Folder {
        folder: folder.display().to_string(),
        reason: error.to_string(),
    };
    let entries: Result<Vec<_>, _> = std::fs::read_dir(folder).map_err(failed)?.collect();
    let mut entries = entries.map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let kind = entry.file_type().map_err(failed)?;
        if is_no_download(&entry.file_name().to_string_lossy()) || paths.len() > MOST_FILES {
            continue;
        }
        if kind.is_dir() && depth < MOST_DEPTH {
            walk(&entry.path(), depth + 1, paths)?;
        } else {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// Does the work for every path, in their order. Large files come one after another, so that no two of them
/// lie in memory at once.
fn of_every<T: Send>(paths: &[PathBuf], work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let is_small = |at: &usize| {
        let unpacked = Source::open("", &paths[*at]).and_then(|source| source.unpacked_bytes());
        unpacked.is_ok_and(|bytes| bytes <= LARGE_BYTES)
    };
    let small = (0..paths.len()).into_par_iter().map(|at| is_small(&at).then(|| work(at)));
    let small: Vec<Option<T>> = small.collect();
    small.into_iter().enumerate().map(|(at, done)| done.unwrap_or_else(|| work(at))).collect()
}

/// A file, or the members of an archive that are one thing, and what it was taken for.
struct Seen {
    members: Vec<String>,
    sighting: Sighting,
}

impl From<&Sighting> for Outcome {
    fn from(sighting: &Sighting) -> Self {
        match sighting {
            Sighting::Kind(kind, system, _) => Self::Recognised(*kind, *system),
            Sighting::Other(outcome) => outcome.clone(),
        }
    }
}

impl Seen {
    const fn whole(sighting: Sighting) -> Self {
        Self { members: Vec::new(), sighting }
    }
}

/// What a file was taken for before it is read whole.
enum Sighting {
    Kind(InputKind, Option<AreaSystem>, Vec<(String, Outline)>),
    Other(Outcome),
}

fn sight(path: &Path, all: &[PathBuf], step: &dyn Step) -> Vec<Seen> {
    let seen = no_panic(|| sight_of(path, all));
    step.advance(1);
    let refused = |why| vec![Seen::whole(Sighting::Other(Outcome::Refused(why)))];
    match seen {
        Ok(Ok(seen)) => seen,
        Ok(Err(error)) => refused(error.to_string()),
        Err(said) => refused(format!("{}: 壊れたファイルです（{said}）", name(path))),
    }
}

fn sight_of(path: &Path, all: &[PathBuf]) -> Result<Vec<Seen>, IngestError> {
    if let Some(reason) = no_file(path) {
        return Err(IngestError::Unreadable { file: name(path), reason: reason.to_owned() });
    }
    if let Some(shape) = shape_of(path, all) {
        return Ok(vec![Seen::whole(Sighting::Other(Outcome::Companion(name(&shape))))]);
    }
    if is_road_file(&head(path)) {
        return Ok(vec![Seen::whole(Sighting::Kind(InputKind::RoadsOsm, None, Vec::new()))]);
    }
    let open = || Source::open(&name(path), path);
    let seen = |Part { is, members, fault }: Part| {
        let sighting = match is {
            Some(Recognised::Kind(kind, system)) => {
                let boundaries = || lands(&open()?.narrowed(&members)?);
                let lands = if kind == InputKind::N03Boundary { boundaries()? } else { Vec::new() };
                Sighting::Kind(kind, system, lands)
            }
            Some(Recognised::Unused(name)) => Sighting::Other(Outcome::Unused(name)),
            None => {
                Sighting::Other(fault.map_or(Outcome::Unknown, |fault| Outcome::Refused(fault.to_string())))
            }
        };
        Ok(Seen { members, sighting })
    };
    parts(&open()?)?.into_iter().map(seen).collect()
}

/// A table of any layout that a mapping names is a part of the mapping.
fn tell_mapped_tables(paths: &[PathBuf], seen: &mut [Seen]) {
    let is_mapping = |of: &Seen| matches!(of.sighting, Sighting::Kind(InputKind::OwnFigures, ..));
    let mappings = paths.iter().zip(&*seen).filter(|(_, of)| is_mapping(of));
    let tables: Vec<(PathBuf, String)> =
        mappings.filter_map(|(path, _)| Some((own_figures::table_of(path)?, name(path)))).collect();
    for (path, seen) in paths.iter().zip(seen) {
        let mapping = tables.iter().find(|(table, _)| table == path);
        if let (Some((_, mapping)), Sighting::Other(_)) = (mapping, &seen.sighting) {
            seen.sighting = Sighting::Other(Outcome::Companion(mapping.clone()));
        }
    }
}

/// Why something in a folder is no file to be read.
fn no_file(path: &Path) -> Option<&'static str> {
    let found = path.symlink_metadata().ok()?;
    match path.to_str() {
        None => Some("名前が UTF-8 ではありません。名前を変えてください"),
        Some(name) if name.contains(char::is_control) => {
            Some("名前に制御文字があります。名前を変えてください")
        }
        _ if found.is_symlink() => Some("リンクです。たどりません。元のファイルをここに置いてください"),
        _ if found.is_dir() => Some("フォルダーの入れ子が深すぎます。浅い所に移してください"),
        // Opening a pipe would wait for whoever writes into it.
        _ if !found.is_file() => Some("パイプか装置です"),
        _ => None,
    }
}

/// The first bytes of a file; nothing where it cannot be read, which opening it will tell.
fn head(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = File::open(path).and_then(|file| file.take(64).read_to_end(&mut bytes));
    bytes
}

fn name(path: &Path) -> String {
    shown(Path::new(path.file_name().unwrap_or_default()))
}

/// A path for people: what is no letter cannot disturb a line.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(char::is_control, "\u{fffd}")
}

/// The Shapefile that a file is a part of.
fn shape_of(path: &Path, all: &[PathBuf]) -> Option<PathBuf> {
    let ending = path.extension()?.to_string_lossy().to_lowercase();
    if !["shx", "dbf", "prj", "cpg", "sbn", "sbx", "qix", "xml"].contains(&ending.as_str()) {
        return None;
    }
    // `a.shp.xml` is a companion of `a.shp` too.
    let stems = [path.to_owned(), path.with_extension("")];
    stems
        .iter()
        .flat_map(|stem| ["shp", "SHP"].map(|ending| stem.with_extension(ending)))
        .find(|shape| all.contains(shape))
}

/// The prefectures of a file of boundaries.
fn lands(source: &Source) -> Result<Vec<(String, Outline)>, IngestError> {
    let mut lands: BTreeMap<String, Outline> = BTreeMap::new();
    for part in boundary::read(source, &mut Ledger::new(&source.file))? {
        if let Some(code) = part.code {
            let none = || (part.prefecture, MultiPolygon(Vec::new()));
            lands.entry(code.prefecture().to_owned()).or_insert_with(none).1.0.extend(part.polygons);
        }
    }
    Ok(lands.into_iter().filter(|(_, (_, polygons))| !polygons.0.is_empty()).collect())
}

/// The prefecture that is asked for, or the only one that the boundaries have.
///
/// # Errors
/// Those that the boundaries have, where that is not one.
fn whose(seen: &[Seen], asked: Option<&str>) -> Result<(String, Option<Land>), String> {
    let mut known: BTreeMap<&str, &Outline> = BTreeMap::new();
    for Seen { sighting, .. } in seen {
        if let Sighting::Kind(_, _, lands) = sighting {
            known.extend(lands.iter().map(|(code, land)| (code.as_str(), land)));
        }
    }
    let land = |(name, polygons): &Outline| {
        let (rectangle, locator) = (polygons.bounding_rect()?, Locator::new(std::slice::from_ref(polygons)));
        Some(Land { name: name.clone(), rectangle, locator })
    };
    match (asked, known.len()) {
        (Some(code), _) => Ok((code.to_owned(), known.get(code).and_then(|outline| land(outline)))),
        (None, 1) => Ok(known
            .iter()
            .map(|(code, outline)| ((*code).to_owned(), land(outline)))
            .next()
            .unwrap_or_default()),
        (None, 0) => Err("なし".to_owned()),
        (None, _) => {
            let known: Vec<String> = known.iter().map(|(code, (name, _))| format!("{code} {name}")).collect();
            Err(known.join("・"))
        }
    }
}

/// A file after it was read.
enum Look {
    Input(Answer),
    Other(Outcome),
}

impl From<Look> for Outcome {
    fn from(look: Look) -> Self {
        match look {
            Look::Input(answer) => Self::Input(answer.readable),
            Look::Other(outcome) => outcome,
        }
    }
}

fn look(path: &Path, seen: &Seen, prefecture: &str, land: Option<&Land>, step: &dyn Step) -> Look {
    let looked = match &seen.sighting {
        Sighting::Other(outcome) => Look::Other(outcome.clone()),
        Sighting::Kind(kind, system, _) => {
            match read(path, &seen.members, *kind, *system, prefecture, land) {
                Ok(answer) => Look::Input(answer),
                Err(error) => Look::Other(Outcome::Refused(error.to_string())),
            }
        }
    };
    step.advance(1);
    looked
}

fn read(
    path: &Path,
    members: &[String],
    kind: InputKind,
    system: Option<AreaSystem>,
    prefecture: &str,
    land: Option<&Land>,
) -> Result<Answer, IngestError> {
    let mut readable = Readable {
        kind,
        system,
        edition: None,
        census_year: None,
        fetched: None,
        ways: None,
        rows_read: 0,
        rows_stored: 0,
        rows_quarantined: 0,
        findings: Vec::new(),
        counts: BTreeMap::new(),
        left_out: None,
    };
    if kind == InputKind::RoadsOsm {
        readable.edition = edition_at(kind, path);
        readable.ways = road_file::ways(path);
        // Of two files of one name in two folders neither is the other.
        let holds = Held::of(std::iter::once(Source::open(&name(path), path)?.sha256()?));
        return Ok(Answer { readable, holds, reach: Reach::default(), listed: BTreeSet::new() });
    }
    let source = Source::open(&name(path), path)?.narrowed(members)?;
    let entry = InputEntry { system, ..InputEntry::of(kind, &source.file) };
    let mut ledger = Ledger::new(&source.file);
    let parsed = parse(&entry, &source, prefecture, &mut ledger)?;
    let holds = parsed.holds(prefecture, land.map_or("", |land| &land.name));
    let answer = Answer {
        readable: Readable {
            edition: parsed.year().map(Edition::of_rows).or_else(|| edition(kind, &source)),
            census_year: (kind == InputKind::CensusMesh).then(|| census_year(&source)).flatten(),
            rows_read: ledger.read,
            rows_stored: ledger.stored,
            rows_quarantined: ledger.quarantined,
            left_out: holds.is_empty().then(|| nothing_usable(&ledger, prefecture, land.is_some())),
            counts: ledger.counts(),
            findings: ledger.findings,
            ..readable
        },
        reach: match &parsed {
            Parsed::Census(mesh) => Reach::of(mesh, land),
            Parsed::Sites(sites) => Reach::of_sites(sites, land),
            _ => Reach::default(),
        },
        listed: match &parsed {
            Parsed::IryoJohoNet(read) => read.institutions.iter().map(|one| one.id.clone()).collect(),
            _ => BTreeSet::new(),
        },
        holds,
    };
    Ok(answer)
}

/// Why a file tells nothing of the prefecture.
fn nothing_usable(ledger: &Ledger, prefecture: &str, is_name_known: bool) -> String {
    match (ledger.stored, ledger.quarantined) {
        (0, 0) => "見出しのほかに行がありません".to_owned(),
        (0, aside) => format!("読めた行がありません。{aside} 行すべてを除外しました"),
        _ if is_name_known => format!("都道府県コード {prefecture} の行がありません"),
        _ => format!(
            "都道府県コード {prefecture} の行がないか、県の名前がわからないので見分けられません。行政区域（N03）のファイルを同じフォルダーに置いてください"
        ),
    }
}

/// Gives the inputs that `keniki fetch` brought their date, licence and attribution.
fn take_record(
    record: &FetchRecord,
    folder: &Path,
    paths: &[PathBuf],
    looks: &mut [Look],
) -> Result<(), SurveyError> {
    for known in &record.files {
        let path = folder.join(&known.path);
        let parts = paths.iter().zip(&mut *looks).filter(|(one, _)| **one == path);
        let inputs: Vec<&mut Answer> = parts
            .filter_map(|(_, look)| match look {
                Look::Input(answer) => Some(answer),
                Look::Other(_) => None,
            })
            .collect();
        if inputs.is_empty() || sha256_of(&known.path, &path)? != known.sha256 {
            continue;
        }
        for Answer { readable, .. } in inputs {
            if !readable.edition.as_ref().is_some_and(|edition| edition.is_in_contents)
                && let Some(date) = &known.date
            {
                readable.edition = Some(Edition::by_name(date.clone()));
            }
            readable.fetched = Some(Box::new(known.clone()));
        }
    }
    Ok(())
}
