//! From a manifest to a finished study: reads every file, then puts together what they say.
//!
//! `kinds` reads a file of each kind; `held` tells what is in it and `editions` which of several count; `land`, `areas`, `people`, `towns`, `institutions`, `demand` and `lists` each
//! put one thing together; [`read_study`] calls them in the order in which they need each other.
//!
//! # How a kind is added
//!
//! 1. A word and a name in [`InputKind`], with its licence and attribution where it has some.
//! 2. A reader of its own, `fn read(&Source, &mut Ledger)`, that gives rows and accounts for every one.
//! 3. Two lines in `kinds`: what it says ([`Parsed`]) and which reader reads it; one in `held`, by what several files
//!    of it are compared, and in `overlap` how they go together.
//! 4. One line where what it tells is put together: `rows(files!(pile, Kind))` gives all rows of all its files with
//!    the position of their input, `None` where there is none. A list of the prefecture goes into `lists`.
//! 5. How `keniki import` recognises it (`recognise.rs`), how old it may be and what its findings are called
//!    (`shapes/tables/quality.toml`), a sample (`tests/support/samples.rs`) and a target (`fuzz/`). Tests fail as
//!    long as one of these is missing.

mod areas;
mod demand;
mod editions;
mod held;
mod institutions;
mod kinds;
mod land;
mod lists;
mod people;
mod towns;

pub(crate) use kinds::Parsed;

use crate::geometry::locate::Locator;
use crate::ingest::guard::no_panic;
use crate::ingest::ledger::Ledger;
use crate::ingest::lists::{take_active, take_hubs};
use crate::ingest::manifest::{InputEntry, InputKind, Manifest};
use crate::ingest::study::{Input, Study};
use crate::ingest::text::{Source, sha256_of};
use crate::ingest::{
    IngestError, area_cuts, code_names, cohort_counts, flood, own_figures, p14_welfare, unit_table,
};
use crate::progress::{Progress, Step};
use kinds::{Pile, all, files, rows};
use rayon::prelude::*;
use std::path::PathBuf;

/// Reads every file of the manifest into one study.
///
/// Files are read in parallel and put together in the order of the manifest, so the result and the
/// order of findings are always the same. Road files are only hashed; the network reads them.
///
/// # Errors
/// The first file in the order of the manifest that cannot be used; see [`IngestError`].
pub fn read_study(manifest: &Manifest, progress: &dyn Progress) -> Result<Study, IngestError> {
    let step = progress.step("公式ファイルを読む", manifest.inputs.len() as u64);
    let read: Vec<Result<_, IngestError>> =
        manifest.inputs.par_iter().map(|entry| read_input(entry, manifest, step.as_ref())).collect();
    drop(step);
    let mut parsed = Vec::new();
    let mut ledgers = Vec::new();
    let mut hashes = Vec::new();
    for one in read {
        let (says, ledger, sha256) = one?;
        parsed.push(says);
        ledgers.push(ledger);
        hashes.push(sha256);
    }
    let step = progress.step("読んだ内容を組み合わせる", 1);
    let mut study = put_together(parsed, &mut ledgers, manifest)?;
    step.advance(1);
    study.inputs = manifest
        .inputs
        .iter()
        .zip(&ledgers)
        .zip(hashes)
        .map(|((entry, ledger), sha256)| Input {
            kind: entry.kind,
            file: entry.path.clone(),
            date: entry.date.clone(),
            licence: entry.licence.clone(),
            attribution: entry.attribution.clone(),
            sha256,
            rows_read: ledger.read,
            rows_stored: ledger.stored,
            rows_quarantined: ledger.quarantined,
        })
        .collect();
    let of_study = std::mem::take(&mut study.findings);
    study.findings = ledgers.into_iter().flat_map(|ledger| ledger.findings).chain(of_study).collect();
    Ok(study)
}

fn read_input(
    entry: &InputEntry,
    manifest: &Manifest,
    step: &dyn Step,
) -> Result<(Parsed, Ledger, String), IngestError> {
    let path = manifest.folder.join(&entry.path);
    let mut ledger = Ledger::new(&entry.path);
    let read = if entry.kind == InputKind::RoadsOsm {
        (Parsed::Roads, sha256_of(&entry.path, &path)?)
    } else {
        let source = Source::open(&entry.path, &path)?.narrowed(&entry.members)?;
        let says = parse(entry, &source, &manifest.study.prefecture, &mut ledger)?;
        let sha256 = match entry.kind {
            InputKind::OwnFigures => own_figures::sha256(&source)?,
            _ => sha256_of(&entry.path, &path)?,
        };
        (says, sha256)
    };
    ledger.layer = None;
    step.advance(1);
    Ok((read.0, ledger, read.1))
}

/// Reads a file by its kind. The libraries below the readers were not written for damaged files:
/// where one of them gives up, the file is at fault.
pub(crate) fn parse(
    entry: &InputEntry,
    source: &Source,
    prefecture: &str,
    ledger: &mut Ledger,
) -> Result<Parsed, IngestError> {
    no_panic(|| kinds::read(entry, source, prefecture, ledger)).unwrap_or_else(|said| {
        Err(IngestError::Broken {
            file: entry.path.clone(),
            place: "ファイルの中".to_owned(),
            found: format!("壊れた値があり、読み取りを続けられません（{said}）"),
            expected: format!("{}のファイル", entry.kind.name()),
            remedy: "配布元からもう一度ダウンロードするか、元のソフトで開いて保存し直してください".to_owned(),
        })
    })
}

fn put_together(
    parsed: Vec<Parsed>,
    ledgers: &mut [Ledger],
    manifest: &Manifest,
) -> Result<Study, IngestError> {
    let header = &manifest.study;
    let mut parsed = parsed;
    editions::keep_the_newest(&mut parsed, manifest, ledgers);
    let mut pile = Pile::new(parsed);
    let mut of_study = Ledger::new("");

    let projected = files!(pile, Projections);
    let mut ground = land::lay(&mut pile, &projected, manifest, ledgers, &mut of_study)?;
    code_names::compare(&ground.municipalities, &header.name, ledgers);
    let people = people::count(&mut pile, projected, &ground, manifest, ledgers, &mut of_study)?;
    let cells = people.cells;
    let geocoder = towns::learn(&mut pile, &ground, header, ledgers);
    let claims = std::mem::take(&mut ground.claims);
    let area_cuts = area_cuts::take(claims, &mut ground.municipalities, &cells, &geocoder, ledgers);
    let locator = Locator::new(&ground.boundaries);
    let mut register = institutions::join(&mut pile, &ground, &cells, &geocoder, &locator, manifest, ledgers);
    let flooded = flood::take(&all(files!(pile, Flood)), &register.institutions, &cells);
    let welfare = Some(files!(pile, Welfare)).filter(|files| !files.is_empty());
    let welfare = welfare.map(|files| p14_welfare::take(files, &header.name, &locator, ledgers));
    let active_list = rows(files!(pile, Active))
        .map(|rows| take_active(rows, &register.institutions, &register.stopped, &geocoder, ledgers));
    let by_code = people::people_by_code(&ground.municipalities, &cells);
    let people_of = |code| by_code.get(&code).copied();
    let onto = ground.onto(&people_of);
    let linkage_list = rows(files!(pile, Hubs)).map(|rows| take_hubs(rows, &onto, &geocoder, ledgers));
    let files = kinds::newest_first(files!(pile, Cohorts), manifest);
    let cohorts = (!files.is_empty()).then(|| cohort_counts::take(files, &onto, &header.prefecture, ledgers));
    let indicators = lists::indicators(&mut pile, &onto, &geocoder, manifest, ledgers);
    let week = lists::week(&mut pile, &mut register, onto.municipalities, &header.name, ledgers);
    let home_demand =
        demand::take_demand(rows(files!(pile, Demand)).unwrap_or_default(), &manifest.inputs, ledgers)?;
    let own_lists = lists::own_lists(&mut pile, &mut register.institutions, &onto, manifest, ledgers);

    let mut study = Study {
        prefecture_code: header.prefecture.clone(),
        prefecture_name: header.name.clone(),
        invented: header.invented,
        as_of: header.as_of.clone(),
        census_year: header.census_year,
        parameters: manifest.parameters.clone(),
        inputs: Vec::new(),
        municipalities: ground.municipalities,
        area_cuts,
        unassigned_land: ground.unassigned_land,
        cells,
        earlier_censuses: people.earlier_censuses,
        institutions: register.institutions,
        stopped: register.stopped,
        review: register.review,
        projections: people.projections,
        home_demand,
        active_list,
        linkage_list,
        cohorts,
        indicators,
        own_lists,
        week,
        flooded,
        welfare,
        loaded_classes: register.loaded_classes,
        road_files: road_files(manifest),
        findings: of_study.findings,
    };
    let living = files!(pile, Living);
    if !living.is_empty() {
        let areas = unit_table::take_living_areas(&living, manifest, &study, ledgers)?;
        study.own_lists.living_areas = Some(areas);
    }
    Ok(study)
}

fn road_files(manifest: &Manifest) -> Vec<PathBuf> {
    let roads = manifest.inputs.iter().filter(|entry| entry.kind == InputKind::RoadsOsm);
    roads.map(|entry| manifest.folder.join(&entry.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::study::AreaSystem;
    use proptest::prelude::*;

    const KINDS: [InputKind; 30] = [
        InputKind::N03Boundary,
        InputKind::AreaMembership,
        InputKind::CensusMesh,
        InputKind::FutureMesh,
        InputKind::IpssProjection,
        InputKind::Todokede,
        InputKind::IryoJohoNet,
        InputKind::InstitutionCodes,
        InputKind::KaigoJigyosho,
        InputKind::TownPoints,
        InputKind::MunicipalityMaster,
        InputKind::MunicipalityPoints,
        InputKind::HomeDemand,
        InputKind::ActiveInstitutions,
        InputKind::LinkageHubs,
        InputKind::CohortCounts,
        InputKind::CodeContents,
        InputKind::CareNeed,
        InputKind::AreaFlows,
        InputKind::LivingAreas,
        InputKind::AdmissionBeds,
        InputKind::ContinuityPlans,
        InputKind::Targets,
        InputKind::NightCalls,
        InputKind::CareFacilityPartners,
        InputKind::EmergencyTools,
        InputKind::PatientFlows,
        InputKind::PositionCorrections,
        InputKind::IdentityDecisions,
        InputKind::StoppedInstitutions,
    ];

    /// Headers of the tables, so that arbitrary rows get past them.
    const HEADERS: [&str; 23] = [
        "",
        "muni_code,area_code,area_name\n",
        "muni_code,year,total,age65plus,office_lon,office_lat\n",
        "ID,正式名称,機関区分,都道府県コード,市区町村コード,所在地,所在地座標（緯度）,所在地座標（経度）,合計病床数\n",
        "都道府県コード又は市町村コード,事業所名,サービスの種類,住所,緯度,経度,事業所番号\n",
        "pref,city,town,koaza,lat,lng\n",
        "lg_code,county,city,ablt_date,rep_lon,rep_lat\n",
        "圏域名,医療機関コード,名称,所在地,種別,退院支援,日常の療養支援,急変時の対応,看取り,24時間対応\n",
        "記録A,記録B,判定\n",
        "施設番号,名称,所在地,状態,年月日\n",
        "施設番号,名称,所在地,経度,緯度,理由,訂正者,訂正日\n",
        "圏域名,拠点名,設置主体,担当市町村コード,所在地\n",
        "区分,市区町村コード,年,人数\n",
        "190102530,0102530,甲医院,4000073,甲府市\n",
        "direction,area_code,area_name,phase,partner_area_code,partner_area_name,rate\n",
        "圏域名,市区町村コード,メッシュ,町丁目\n",
        "受入病床数,地域,曜日,開始,終了,医療機関コード,名称\n",
        "BCP,策定年月,医療機関コード,名称\n",
        "項目,目標値,期限,単位,現状値,医療機能,地域\n",
        "地域,ルール,曜日,開始,終了,受付の医療機関コード,受付の名称\n",
        "施設の名称,協力医療機関の有無,介護事業所番号,地域,協力医療機関コード,協力医療機関の名称\n",
        "地域,取組,状況,名称,普及率,配布数\n",
        "種類,年,患者の市区町村コード,医療機関の市区町村コード,件数\n",
    ];

    fn entry(kind: InputKind, path: &str, system: Option<AreaSystem>) -> InputEntry {
        InputEntry { system, ..InputEntry::of(kind, path) }
    }

    fn parse_as(kind: InputKind, bytes: &[u8]) -> Ledger {
        let system = (kind == InputKind::AreaMembership).then_some(AreaSystem::FireDepartment);
        let mut ledger = Ledger::new("x");
        let _ = parse(&entry(kind, "x", system), &Source::of_bytes("x", bytes), "19", &mut ledger);
        ledger
    }

    #[test]
    fn a_workbook_on_which_its_reader_panics_is_refused_by_name() {
        let book = crate::ingest::xlsx_table::tests::workbook("訪問診療", &[&["項番"]]);
        let members: Vec<(String, Vec<u8>)> = book
            .members(&[""])
            .expect("a zip")
            .into_iter()
            .map(|member| {
                let bytes = member.whole().expect("readable");
                let bytes = match std::str::from_utf8(&bytes) {
                    Ok(text) => text.replace("r=\"A1\"", "r=\"A99999999999\"").into_bytes(),
                    Err(_) => bytes,
                };
                (member.name.unwrap_or_default(), bytes)
            })
            .collect();
        let members: Vec<(&str, &[u8])> =
            members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("book.xlsx");
        std::fs::write(&path, crate::ingest::text::tests::zipped(&members)).expect("written");
        for kind in [InputKind::HomeDemand, InputKind::Todokede] {
            let entry = entry(kind, "book.xlsx", None);
            let source = Source::open(&entry.path, &path).expect("open");
            let error = parse(&entry, &source, "19", &mut Ledger::new("book.xlsx")).err().expect("refused");
            assert!(error.to_string().starts_with("book.xlsx: ファイルの中: 壊れた値"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_reader_panics_on_arbitrary_bytes(bytes: Vec<u8>) {
            for kind in KINDS {
                parse_as(kind, &bytes);
            }
        }

        #[test]
        fn arbitrary_rows_below_a_good_header_are_all_counted(
            header in prop::sample::select(&HEADERS[..]),
            rows in prop::collection::vec(prop::collection::vec("[0-9]{0,10}|[-.,\"；;甲0-9]{0,6}", 0..11), 0..8),
        ) {
            let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            let text = format!("{header}{}", rows.join("\n"));
            for kind in KINDS {
                let ledger = parse_as(kind, text.as_bytes());
                prop_assert_eq!(ledger.read, ledger.stored + ledger.quarantined);
            }
        }

        #[test]
        fn damaged_workbooks_never_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let whole = crate::ingest::xlsx_table::tests::workbook("訪問診療", &[&["項番", "構想区域コード"], &["1", "1901"]]);
            let mut bytes = whole.whole().expect("in memory");
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            parse_as(InputKind::Todokede, &bytes);
            parse_as(InputKind::HomeDemand, &bytes);
        }
    }
}
