//! What leaves the program: figures, tables, layers. This room only formats.

pub mod assumptions;
pub mod attributions;
pub mod changes;
pub mod demand;
pub mod doubts;
pub mod floods;
pub mod geojson;
pub mod isochrone;
pub mod layers;
pub mod matrix_table;
pub mod mvt;
pub mod overlays;
mod own_lists;
pub mod planned;
pub mod population;
pub mod quality;
pub mod reach;
pub mod register;
pub mod report;
pub mod results;
pub mod roads;
pub mod schema;
pub mod shortage;
pub mod summary;
mod table;
pub mod templates;
pub mod week;
mod words;
pub mod xlsx;

#[cfg(test)]
pub(crate) mod sample;

use crate::assess::beside::Beside;
use crate::ingest::study::Study;
use crate::store::geopackage::{self, GeoPackageError};
use crate::store::layer::Layer;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use summary::{Findings, Summary};

/// A layer, and where it is published besides the GeoPackage.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedLayer {
    /// The layer.
    pub layer: Layer,
    /// Also as `layers/<name>.geojson`. Not for layers so large that nobody wants them as text.
    pub geojson: bool,
}

/// The study itself, as [`write_study`] writes it.
pub const STUDY: &str = "study.json";

/// What proposals need beside it, as [`write_study`] writes it.
pub const BESIDE: &str = "beside.json";

/// What to do about a fault of the program.
const REPORT_IT: &str = "プログラムの誤りです。この文を添えて開発者に知らせてください";

/// Why a file could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The disk refused.
    #[error("{}: 書けません（{cause}）。空き容量と書き込みの権限を確認してください", .file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the file system says.
        cause: io::Error,
    },
    /// Figures that JSON cannot hold.
    #[error("{}: JSON にできません（{cause}）。{}", .file.display(), REPORT_IT)]
    Json {
        /// The file.
        file: PathBuf,
        /// What cannot be written.
        cause: serde_json::Error,
    },
    /// A layer that GeoJSON cannot hold, or the disk refused.
    #[error("{}: GeoJSON に書けません（{cause}）。空き容量と書き込みの権限を確認してください", .file.display())]
    GeoJson {
        /// The file.
        file: PathBuf,
        /// What cannot be written.
        cause: ::geojson::Error,
    },
    /// A table that cannot be written as text.
    #[error("{}: 書けません（{cause}）。空き容量と書き込みの権限を確認してください", .file.display())]
    Csv {
        /// The file.
        file: PathBuf,
        /// What the writer says.
        cause: csv::Error,
    },
    /// Tables that a workbook cannot hold.
    #[error("{}: ブックにできません（{cause}）。{}", .file.display(), REPORT_IT)]
    Xlsx {
        /// The file.
        file: PathBuf,
        /// What cannot be written.
        cause: rust_xlsxwriter::XlsxError,
    },
    /// The GeoPackage could not be written.
    #[error(transparent)]
    GeoPackage(#[from] GeoPackageError),
}

/// Writes every published file into an empty folder: `summary.json`, `findings.json`,
/// `tables.xlsx`, `study.gpkg` and `layers/<name>.geojson`. The same values give the same bytes.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_all(
    folder: &Path,
    summary: &Summary,
    findings: &Findings,
    layers: &[PublishedLayer],
) -> Result<(), PublishError> {
    write_json(folder.join("summary.json"), summary)?;
    write_json(folder.join("findings.json"), findings)?;
    let tables = folder.join("tables.xlsx");
    let workbook = xlsx::workbook(summary, findings)
        .map_err(|cause| PublishError::Xlsx { file: tables.clone(), cause })?;
    write_file(tables, &workbook)?;
    geopackage::write(&folder.join("study.gpkg"), layers.iter().map(|published| &published.layer))?;
    let texts = folder.join("layers");
    fs::create_dir(&texts).map_err(|cause| PublishError::Write { file: texts.clone(), cause })?;
    for PublishedLayer { layer, .. } in layers.iter().filter(|published| published.geojson) {
        write_geojson(texts.join(format!("{}.geojson", layer.name)), layer)?;
    }
    Ok(())
}

/// Writes the study itself as `study.json`, and what proposals need besides as `beside.json`, so that the
/// workbench can ask it new questions.
///
/// # Errors
/// [`PublishError`] naming the file.
pub fn write_study(folder: &Path, study: &Study, beside: &Beside) -> Result<(), PublishError> {
    write_compact(folder.join(STUDY), study)?;
    write_compact(folder.join(BESIDE), beside)
}

/// Writes a workbook for every municipality into a folder, named by its code and name; how many.
///
/// # Errors
/// [`PublishError`] naming the file; what was written before it stays.
pub fn write_municipal(folder: &Path, summary: &Summary, study: &Study) -> Result<usize, PublishError> {
    for (at, one) in summary.municipality_table.iter().enumerate() {
        let file = folder.join(format!("{}_{}.xlsx", one.code, one.name));
        let workbook = xlsx::municipal_workbook(summary, study, at)
            .map_err(|cause| PublishError::Xlsx { file: file.clone(), cause })?;
        write_file(file, &workbook)?;
    }
    Ok(summary.municipality_table.len())
}

fn write_compact(file: PathBuf, value: &impl Serialize) -> Result<(), PublishError> {
    let json = serde_json::to_vec(value).map_err(|cause| PublishError::Json { file: file.clone(), cause })?;
    write_file(file, &json)
}

/// Pretty JSON with a newline at its end.
fn write_json(file: PathBuf, value: &impl Serialize) -> Result<(), PublishError> {
    let mut text =
        serde_json::to_vec_pretty(value).map_err(|cause| PublishError::Json { file: file.clone(), cause })?;
    text.push(b'\n');
    write_file(file, &text)
}

fn write_file(file: PathBuf, bytes: &[u8]) -> Result<(), PublishError> {
    fs::write(&file, bytes).map_err(|cause| PublishError::Write { file, cause })
}

fn write_geojson(file: PathBuf, layer: &Layer) -> Result<(), PublishError> {
    let into = File::create_new(&file).map_err(|cause| PublishError::Write { file: file.clone(), cause })?;
    geojson::write(layer, BufWriter::new(into)).map_err(|cause| PublishError::GeoJson { file, cause })
}

/// Writes one layer as a GeoJSON file of its own, in the place of an older one; all of it or nothing.
///
/// # Errors
/// [`PublishError`] naming the file, which then is as it was.
pub fn replace_geojson(file: &Path, layer: &Layer) -> Result<(), PublishError> {
    let refused = |cause| PublishError::Write { file: file.to_owned(), cause };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = fs::Permissions::from_mode(0o644);
    let mut new = tempfile::Builder::new().permissions(permissions).tempfile_in(folder).map_err(refused)?;
    geojson::write(layer, BufWriter::new(&mut new))
        .map_err(|cause| PublishError::GeoJson { file: file.to_owned(), cause })?;
    new.persist(file).map_err(|failed| refused(failed.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::layer::{GeometryKind, Row};
    use geo::point;

    fn layer(name: &str, geojson: bool) -> PublishedLayer {
        let place = Row { geometry: Some(point! { x: 138.5, y: 35.5 }.into()), values: vec![] };
        let layer = Layer {
            name: name.to_owned(),
            title: name.to_owned(),
            geometry: Some(GeometryKind::Point),
            columns: vec![],
            rows: vec![place],
        };
        PublishedLayer { layer, geojson }
    }

    const FILES: [&str; 5] =
        ["summary.json", "findings.json", "tables.xlsx", "study.gpkg", "layers/facilities.geojson"];

    fn published() -> Vec<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let layers = [layer("facilities", true), layer("roads", false)];
        write_all(folder.path(), &sample::summary(), &sample::findings(), &layers).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5, "four files and the folder of layers");
        assert_eq!(fs::read_dir(folder.path().join("layers")).unwrap().count(), 1);
        FILES.map(|file| fs::read(folder.path().join(file)).unwrap()).into()
    }

    #[test]
    fn the_same_study_gives_the_same_bytes_in_every_file() {
        for ((name, first), second) in FILES.iter().zip(published()).zip(published()) {
            assert!(first == second, "{name}");
        }
    }

    #[test]
    fn figures_come_back_from_json_as_they_went() {
        let files = published();
        assert!(files[0].ends_with(b"}\n") && files[1].ends_with(b"}\n"));
        let findings: Findings = serde_json::from_slice(&files[1]).unwrap();
        assert_eq!(findings, sample::findings());
        let written: serde_json::Value = serde_json::from_slice(&files[0]).unwrap();
        assert_eq!(written["demand"]["years"]["2030"], 1400.0);
        assert_eq!(written["plans"][0]["assignment"]["99301"], "1");
        assert!(written["facilities"]["訪問看護"].is_null());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let message = write_all(Path::new("/nowhere"), &sample::summary(), &sample::findings(), &[])
            .unwrap_err()
            .to_string();
        assert!(message.starts_with("/nowhere/summary.json: 書けません（"), "{message}");
    }
}
