//! Shapefiles and GeoJSON through GDAL, plain or zipped, checked for completeness beforehand:
//! GDAL itself reads a damaged Shapefile as far as it goes and says nothing.

use crate::ingest::IngestError;
use crate::ingest::text::{Member, Source, WHOLE_LIMIT_BYTES, decode, too_large};
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};
use gdal::vector::{Feature, Layer, LayerAccess, geometry_type_flatten};
use gdal::vsi::{MemFileRef, create_mem_file_from_ref};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::Geometry;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

/// The companions of a Shapefile that are read.
const COMPANIONS: [&str; 4] = [".shp", ".shx", ".dbf", ".prj"];

const GEOJSON: &str = ".geojson";

/// What a file is stands within so many bytes of its beginning.
const HEAD_BYTES: usize = 1024;

/// Nothing in a FeatureCollection of official data is nested as deep: collection, list, feature, geometry,
/// and the four levels of a multipolygon.
const MOST_DEPTH: usize = 32;

/// An opened layer.
pub(crate) struct VectorLayer<'a> {
    file: &'a str,
    /// Name of the file the features come from.
    pub name: String,
    layer: Layer<'a>,
    fields: Vec<String>,
    expected_features: u64,
}

/// Opens the layer of a source whose attributes include `wanted_field` and hands it to `work`. Of a Shapefile and
/// a GeoJSON, which publishers pack together, the Shapefile is taken.
///
/// # Errors
/// No such layer, two of one format, or what `work` gives.
pub(crate) fn with_layer<T>(
    source: &Source,
    wanted_field: &str,
    work: impl FnOnce(VectorLayer<'_>) -> Result<T, IngestError>,
) -> Result<T, IngestError> {
    let mut found = Vec::new();
    let mut all = candidates(source)?.into_iter();
    while let Some(candidate) = all.next() {
        let is_geojson = candidate.is_geojson();
        let mut checked = Checked::new(source, candidate)?;
        let fields = checked.open(source, |layer| Ok(layer.fields))?;
        if fields.iter().any(|field| field == wanted_field) {
            for other in all.filter(|other| other.is_geojson() == is_geojson) {
                let mut other = Checked::new(source, other)?;
                let fields = other.open(source, |layer| Ok(layer.fields))?;
                if fields.iter().any(|field| field == wanted_field) {
                    return Err(several(source, &checked.name, &other.name));
                }
            }
            return checked.open(source, work);
        }
        found.push(format!("{}: {}", checked.name, fields.join(",")));
    }
    Err(no_layer(source, wanted_field, &found))
}

/// That no layer has an attribute; `found` are those that they have.
pub(crate) fn no_layer(source: &Source, wanted_field: &str, found: &[String]) -> IngestError {
    IngestError::Header {
        file: source.file.clone(),
        place: "属性".to_owned(),
        missing: wanted_field.to_owned(),
        expected: wanted_field.to_owned(),
        found: found.join(" / "),
    }
}

/// Hands every layer that has one of the attributes to `work`, in the order of the members. Answers with the
/// names of the others.
pub(crate) fn each_layer(
    source: &Source,
    wanted: &[&str],
    mut work: impl FnMut(VectorLayer<'_>) -> Result<(), IngestError>,
) -> Result<Vec<String>, IngestError> {
    let mut others = Vec::new();
    for candidate in candidates(source)? {
        let mut checked = Checked::new(source, candidate)?;
        let fields = checked.open(source, |layer| Ok(layer.fields))?;
        if fields.iter().any(|field| wanted.contains(&field.as_str())) {
            checked.open(source, &mut work)?;
        } else {
            others.push(checked.name);
        }
    }
    Ok(others)
}

/// Names of the attributes of every layer of a source.
pub(crate) fn fields(source: &Source) -> Result<Vec<Vec<String>>, IngestError> {
    fields_by_member(source)?.into_iter().map(|(fields, _)| fields).collect()
}

/// Names of attributes, or why a layer cannot be read, and the members of an archive in which it lies.
pub(crate) type FieldsAndMembers = (Result<Vec<String>, IngestError>, Vec<String>);

/// The same with the members of the archive in which each layer lies; one that cannot be read hides no other.
pub(crate) fn fields_by_member(source: &Source) -> Result<Vec<FieldsAndMembers>, IngestError> {
    let of = |one: Candidate| {
        let members = one.parts.iter().filter_map(|(_, part)| part.name.clone()).collect();
        let checked = Checked::new(source, one);
        (checked.and_then(|mut layer| layer.open(source, |layer| Ok(layer.fields))), members)
    };
    Ok(candidates(source)?.into_iter().map(of).collect())
}

/// A layer whose files were found whole.
struct Checked {
    name: String,
    parts: Vec<(&'static str, Vec<u8>)>,
    encoding: Option<&'static str>,
    features: u64,
}

impl Checked {
    /// Reads the parts of a layer, together no more than one file may have.
    fn new(source: &Source, candidate: Candidate) -> Result<Self, IngestError> {
        let Candidate { name, parts } = candidate;
        if parts.iter().map(|(_, part)| part.size()).sum::<u64>() > WHOLE_LIMIT_BYTES {
            return Err(too_large(&source.file, &name, WHOLE_LIMIT_BYTES));
        }
        let whole = |(ending, part): (&'static str, Member)| {
            let bytes = part.whole()?;
            Ok((ending, if ending == GEOJSON { in_utf_8(&source.file, &name, bytes)? } else { bytes }))
        };
        let parts = parts.into_iter().map(whole);
        let parts: Vec<(&'static str, Vec<u8>)> = parts.collect::<Result<_, IngestError>>()?;
        let features = match part(&parts, GEOJSON) {
            Some(bytes) => check_geojson(&source.file, &name, bytes)?,
            None => check_shapefile(&source.file, &name, &parts)?,
        };
        Ok(Self { encoding: encoding(&parts), name, parts, features })
    }

    fn open<T>(
        &mut self,
        source: &Source,
        work: impl FnOnce(VectorLayer<'_>) -> Result<T, IngestError>,
    ) -> Result<T, IngestError> {
        static QUIET: Once = Once::new();
        QUIET.call_once(|| gdal::config::set_error_handler(|_, _, said| tracing::debug!(said, "GDAL")));
        open(&source.file, &self.name, &mut self.parts, self.encoding, self.features, work)
    }
}

/// A layer that is not yet read.
struct Candidate {
    name: String,
    parts: Vec<(&'static str, Member)>,
}

impl Candidate {
    fn is_geojson(&self) -> bool {
        self.parts.iter().any(|(ending, _)| *ending == GEOJSON)
    }
}

fn several(source: &Source, one: &str, other: &str) -> IngestError {
    IngestError::Broken {
        file: source.file.clone(),
        place: "zip の中".to_owned(),
        found: format!("同じ種類の層が二つ以上あります（{one} と {other}）"),
        expected: "同じ種類の層が一つだけの zip".to_owned(),
        remedy: "study.toml の [[input]] を層ごとに分けて members に書くか、keniki import に作らせてください"
            .to_owned(),
    }
}

fn candidates(source: &Source) -> Result<Vec<Candidate>, IngestError> {
    if !source.is_zip() {
        let head = source.head(HEAD_BYTES)?;
        let is_json = head.iter().find(|byte| !byte.is_ascii_whitespace() && byte.is_ascii()) == Some(&b'{');
        let parts = if is_json { vec![(GEOJSON, source.plain())] } else { siblings(source)? };
        return Ok(vec![Candidate { name: source.file.clone(), parts }]);
    }
    let endings: Vec<&str> = COMPANIONS.into_iter().chain([GEOJSON]).collect();
    let members = source.members(&endings)?;
    let mut found = Vec::new();
    let stems: Vec<String> = members.iter().filter_map(|member| stem(member, ".shp")).collect();
    for stem in stems {
        let parts = COMPANIONS.into_iter().filter_map(|ending| {
            let part = members.iter().find(|member| self::stem(member, ending).as_ref() == Some(&stem))?;
            Some((ending, part.clone()))
        });
        let parts = parts.collect();
        found.push(Candidate { name: format!("{stem}.shp"), parts });
    }
    for member in members {
        if stem(&member, GEOJSON).is_some() {
            found.push(Candidate {
                name: member.name.clone().unwrap_or_default(),
                parts: vec![(GEOJSON, member)],
            });
        }
    }
    if found.is_empty() {
        return Err(IngestError::Broken {
            file: source.file.clone(),
            place: "zip の中".to_owned(),
            found: ".shp も .geojson もありません".to_owned(),
            expected: "Shapefile 一式か GeoJSON".to_owned(),
            remedy: "国土数値情報の zip をそのまま使ってください".to_owned(),
        });
    }
    Ok(found)
}

/// Whether a member of this name is a part of a layer.
pub(crate) fn is_part_of_layer(name: &str) -> bool {
    let name = name.to_lowercase();
    COMPANIONS.into_iter().chain([GEOJSON]).any(|ending| name.ends_with(ending))
}

/// Name of a member without this ending; `None` when it has another one.
fn stem(member: &Member, ending: &str) -> Option<String> {
    let name = member.name.as_deref()?;
    let cut = name.len().checked_sub(ending.len())?;
    (name.is_char_boundary(cut) && name[cut..].eq_ignore_ascii_case(ending)).then(|| name[..cut].to_owned())
}

/// The files beside a plain `.shp`, whatever the case of their endings.
fn siblings(source: &Source) -> Result<Vec<(&'static str, Member)>, IngestError> {
    let mut parts = vec![(".shp", source.plain())];
    for ending in &COMPANIONS[1..] {
        let beside = [ending.to_string(), ending.to_uppercase()]
            .map(|ending| source.path.with_extension(&ending[1..]))
            .into_iter()
            .find(|path| path.exists());
        if let Some(path) = beside {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            parts.push((*ending, Source::open(&name, &path)?.plain()));
        }
    }
    Ok(parts)
}

fn part<'a>(parts: &'a [(&'static str, Vec<u8>)], ending: &str) -> Option<&'a [u8]> {
    parts.iter().find(|(other, _)| *other == ending).map(|(_, bytes)| bytes.as_slice())
}

/// Holds the lengths in the headers against the lengths of the files and every index entry
/// against the end of the geometry. Answers with the number of records.
///
/// Reference: ESRI Shapefile Technical Description (1998).
fn check_shapefile(file: &str, name: &str, parts: &[(&'static str, Vec<u8>)]) -> Result<u64, IngestError> {
    let broken = |place: String, found: String, expected: String| IngestError::Broken {
        file: file.to_owned(),
        place,
        found,
        expected,
        remedy: "ファイルが途中で切れているか壊れています。配布元からもう一度ダウンロードしてください"
            .to_owned(),
    };
    let header_length = |ending: &str| {
        let bytes = part(parts, ending).ok_or_else(|| {
            broken(
                name.to_owned(),
                format!("{ending} がありません"),
                ".shp・.shx・.dbf が揃った Shapefile".to_owned(),
            )
        })?;
        let place = || format!("{name} の {ending} の先頭 100 バイト");
        if big_endian(bytes, 0) != Some(9994) || bytes.len() < 100 {
            return Err(broken(
                place(),
                "Shapefile ではありません".to_owned(),
                "番号 9994 で始まる見出し".to_owned(),
            ));
        }
        let declared = u64::from(big_endian(bytes, 24).unwrap_or(0)) * 2;
        if declared != bytes.len() as u64 {
            return Err(broken(
                place(),
                format!("ファイルは {} バイト", bytes.len()),
                format!("見出しにある {declared} バイト"),
            ));
        }
        Ok(bytes)
    };
    let geometry = header_length(".shp")?;
    let index = header_length(".shx")?;
    let records = (index.len() as u64 - 100) / 8;
    for record in 0..records {
        let at = 100 + record as usize * 8;
        let words = |at| u64::from(big_endian(index, at).unwrap_or(0));
        let end = (words(at) + words(at + 4)) * 2 + 8;
        if end > geometry.len() as u64 {
            return Err(broken(
                format!("{name} の {} 番目の図形", record + 1),
                format!("図形の終わりが {end} バイト目"),
                format!(".shp の長さ {} バイト以内", geometry.len()),
            ));
        }
    }
    let table = part(parts, ".dbf").unwrap_or_default();
    let little = |at: usize, size: usize| {
        let bytes = table.get(at..at + size)?;
        Some(bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    let (Some(rows), Some(head), Some(row)) = (little(4, 4), little(8, 2), little(10, 2)) else {
        return Err(broken(
            format!("{name} の .dbf"),
            "属性表がないか、切れています".to_owned(),
            "dBASE の属性表".to_owned(),
        ));
    };
    if rows != records || (table.len() as u64) < head + rows * row {
        return Err(broken(
            format!("{name} の .dbf"),
            format!("{rows} 行、{} バイト", table.len()),
            format!("図形と同じ {records} 行、{} バイト以上", head + rows * row),
        ));
    }
    Ok(records)
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// Encoding of a `.dbf` to be told to GDAL: that of UTF-8 and CP932 in which fewer letters are none. Files without
/// a `.cpg` are many, and those whose `.cpg` is wrong are not rare.
fn encoding(parts: &[(&'static str, Vec<u8>)]) -> Option<&'static str> {
    let table = part(parts, ".dbf")?;
    // Behind its header: the lengths of the fields in it are no letters.
    let head = table.get(8..10).map_or(0, |bytes| usize::from(bytes[0]) | usize::from(bytes[1]) << 8);
    let rows = table.get(head..).unwrap_or_default();
    let faults = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling(rows).0.matches(char::REPLACEMENT_CHARACTER).count()
    };
    let is_utf_8 = std::str::from_utf8(rows).is_ok() || faults(UTF_8) < faults(SHIFT_JIS);
    Some(if is_utf_8 { "ENCODING=UTF-8" } else { "ENCODING=CP932" })
}

/// A GeoJSON in CP932 or UTF-16 as UTF-8, which is what it should be.
fn in_utf_8(file: &str, name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, IngestError> {
    if std::str::from_utf8(&bytes).is_ok() {
        return Ok(bytes);
    }
    decode(&bytes).map(String::into_bytes).map_err(|line| IngestError::Encoding {
        file: file.to_owned(),
        place: format!("{name} の {line} 行目"),
    })
}

/// Parses a GeoJSON once for its well-formedness and the number of its features.
fn check_geojson(file: &str, name: &str, bytes: &[u8]) -> Result<u64, IngestError> {
    #[derive(serde::Deserialize)]
    struct Collection {
        features: Vec<serde::de::IgnoredAny>,
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(line) = too_deep(bytes) {
        return Err(IngestError::Broken {
            file: file.to_owned(),
            place: format!("{name} の {line} 行目"),
            found: format!("入れ子が {MOST_DEPTH} 段を超えています"),
            expected: "GeoJSON の FeatureCollection".to_owned(),
            remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
        });
    }
    let collection: Collection = serde_json::from_slice(bytes).map_err(|error| IngestError::Broken {
        file: file.to_owned(),
        place: format!("{name} の {} 行 {} 文字目", error.line(), error.column()),
        found: format!("GeoJSON として読めません（{error}）"),
        expected: "GeoJSON の FeatureCollection".to_owned(),
        remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
    })?;
    Ok(collection.features.len() as u64)
}

/// The line at which braces and brackets are nested deeper than [`MOST_DEPTH`].
fn too_deep(json: &[u8]) -> Option<usize> {
    let (mut depth, mut line) = (0_usize, 1);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b'\n' => line += 1,
            b'{' | b'[' if !is_text => depth += 1,
            b'}' | b']' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MOST_DEPTH {
            return Some(line);
        }
    }
    None
}

/// Opens the parts as one dataset in GDAL's memory files.
fn open<T>(
    file: &str,
    name: &str,
    parts: &mut [(&'static str, Vec<u8>)],
    encoding: Option<&str>,
    features: u64,
    work: impl FnOnce(VectorLayer<'_>) -> Result<T, IngestError>,
) -> Result<T, IngestError> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let broken = |found: String| IngestError::Broken {
        file: file.to_owned(),
        place: name.to_owned(),
        found,
        expected: "経緯度（JGD2011 など）の Shapefile か GeoJSON".to_owned(),
        remedy: "国土数値情報のファイルをそのまま使ってください".to_owned(),
    };
    let stem = PathBuf::from(format!("/vsimem/keniki-{}/layer", NEXT.fetch_add(1, Ordering::Relaxed)));
    let mut path = stem.clone();
    let mut held: Vec<MemFileRef<'_>> = Vec::new();
    for (ending, bytes) in parts.iter_mut().filter(|(_, bytes)| !bytes.is_empty()) {
        let part = stem.with_extension(&ending[1..]);
        held.push(create_mem_file_from_ref(&part, bytes).map_err(|error| broken(error.to_string()))?);
        if matches!(*ending, ".shp" | GEOJSON) {
            path = part;
        }
    }
    let open_options: Vec<&str> = encoding.into_iter().collect();
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_VECTOR | GdalOpenFlags::GDAL_OF_READONLY,
        allowed_drivers: Some(&["ESRI Shapefile", "GeoJSON"]),
        open_options: Some(&open_options),
        sibling_files: None,
    };
    let dataset =
        Dataset::open_ex(&path, options).map_err(|error| broken(format!("開けません（{error}）")))?;
    let layer = dataset.layer(0).map_err(|error| broken(format!("レイヤーがありません（{error}）")))?;
    if let Some(reference) = layer.spatial_ref() {
        let wkt = reference.to_wkt().unwrap_or_default();
        if !reference.is_geographic() || wkt.contains("Tokyo") {
            return Err(broken(format!("座標系が {} です", reference.name().unwrap_or(wkt))));
        }
    }
    let fields = layer.defn().fields().map(|field| field.name()).collect();
    let result =
        work(VectorLayer { file, name: name.to_owned(), layer, fields, expected_features: features });
    drop(dataset);
    drop(held);
    result
}

impl VectorLayer<'_> {
    /// Names of the attributes.
    pub(crate) fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Position of an attribute that need not be there.
    pub(crate) fn optional(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field == name)
    }

    /// Position of an attribute.
    pub(crate) fn field(&self, name: &str) -> Result<usize, IngestError> {
        self.optional(name).ok_or_else(|| IngestError::Header {
            file: self.file.to_owned(),
            place: format!("{} の属性", self.name),
            missing: name.to_owned(),
            expected: name.to_owned(),
            found: self.fields.join(","),
        })
    }

    /// Hands every feature, numbered from 1, to `work`.
    ///
    /// # Errors
    /// Fewer features came than the file holds.
    pub(crate) fn for_each(mut self, mut work: impl FnMut(u64, &Feature<'_>)) -> Result<(), IngestError> {
        let mut count = 0;
        for feature in self.layer.features() {
            count += 1;
            work(count, &feature);
        }
        if count == self.expected_features {
            return Ok(());
        }
        Err(IngestError::Broken {
            file: self.file.to_owned(),
            place: format!("{} の {} 番目の地物", self.name, count + 1),
            found: "読めません".to_owned(),
            expected: format!("{} 件の地物", self.expected_features),
            remedy: "ファイルが壊れています。配布元からもう一度ダウンロードしてください".to_owned(),
        })
    }
}

/// The geometry in two dimensions: heights and measures, which some programs add, tell nothing here.
pub(crate) fn geometry(feature: &Feature<'_>) -> Option<Geometry> {
    let geometry = feature.geometry()?;
    let kind = geometry.geometry_type();
    // A feature without geometry has one of no kind, which cannot be copied.
    if geometry_type_flatten(kind) == kind {
        return geometry.to_geo().ok();
    }
    let mut flat = geometry.clone();
    flat.flatten_to_2d();
    flat.to_geo().ok()
}

/// An attribute as trimmed text; null as empty.
pub(crate) fn text(feature: &Feature<'_>, field: usize) -> String {
    feature.field_as_string(field).ok().flatten().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use gdal::DriverManager;
    use gdal::spatial_ref::SpatialRef;
    use gdal::vector::{FieldDefn, LayerOptions, OGRFieldType, OGRwkbGeometryType};
    use std::path::Path;

    /// Writes a Shapefile in CP932 without `.cpg` and answers with its path.
    pub(crate) fn shapefile(folder: &Path, fields: &[&str], rows: &[(&[&str], &str)]) -> PathBuf {
        let path = folder.join("layer.shp");
        let mut dataset = DriverManager::get_driver_by_name("ESRI Shapefile")
            .and_then(|driver| driver.create_vector_only(&path))
            .expect("dataset");
        let reference = SpatialRef::from_epsg(6668).expect("EPSG:6668");
        let layer = dataset
            .create_layer(LayerOptions {
                name: "layer",
                srs: Some(&reference),
                ty: OGRwkbGeometryType::wkbPolygon,
                options: Some(&["ENCODING=CP932"]),
            })
            .expect("layer");
        for field in fields {
            let defined = FieldDefn::new(field, OGRFieldType::OFTString).expect("field");
            defined.add_to_layer(&layer).expect("field");
        }
        for (values, wkt) in rows {
            let mut feature = Feature::new(layer.defn()).expect("feature");
            feature.set_geometry(gdal::vector::Geometry::from_wkt(wkt).expect("geometry")).expect("set");
            for (field, value) in values.iter().enumerate() {
                feature.set_field_string(field, value).expect("value");
            }
            feature.create(&layer).expect("created");
        }
        drop(dataset);
        std::fs::remove_file(path.with_extension("cpg")).expect("cpg");
        path
    }

    fn read(source: &Source) -> Result<Vec<String>, IngestError> {
        with_layer(source, "名称", |layer| {
            let field = layer.field("名称")?;
            let mut names = Vec::new();
            layer.for_each(|_, feature| names.push(text(feature, field)))?;
            Ok(names)
        })
    }

    const SQUARE: &str = "POLYGON ((138 35, 138 36, 139 36, 139 35, 138 35))";

    #[test]
    fn a_shapefile_without_cpg_is_read_as_cp932_plain_and_zipped() {
        let folder = tempfile::tempdir().expect("folder");
        let path = shapefile(folder.path(), &["名称"], &[(&["髙根町"], SQUARE), (&["早川町"], SQUARE)]);
        let plain = Source::open("a.shp", &path).expect("open");
        assert_eq!(read(&plain).expect("plain"), ["髙根町", "早川町"]);
        let parts: Vec<(String, Vec<u8>)> = ["shp", "shx", "dbf", "prj"]
            .iter()
            .map(|ending| {
                (format!("x/L.{ending}"), std::fs::read(path.with_extension(ending)).expect("part"))
            })
            .collect();
        let members: Vec<(&str, &[u8])> =
            parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let zip = Source::of_bytes("a.zip", &crate::ingest::text::tests::zipped(&members));
        assert_eq!(read(&zip).expect("zipped"), ["髙根町", "早川町"]);
    }

    #[test]
    fn letters_are_read_whatever_the_cpg_says_and_however_wide_the_field_is() {
        let folder = tempfile::tempdir().expect("folder");
        let path = shapefile(folder.path(), &["名称"], &[(&["髙根町"], SQUARE)]);
        let source = Source::open("a.shp", &path).expect("open");
        std::fs::write(path.with_extension("cpg"), "UTF-8").expect("written");
        assert_eq!(read(&source).expect("a .cpg that is wrong"), ["髙根町"]);
        let driver = DriverManager::get_driver_by_name("ESRI Shapefile").expect("driver");
        let wide = folder.path().join("wide.shp");
        let mut dataset = driver.create_vector_only(&wide).expect("dataset");
        let options = Some(["ENCODING=UTF-8"].as_slice());
        let layer = dataset.create_layer(LayerOptions { name: "wide", options, ..Default::default() });
        let layer = layer.expect("layer");
        let defined = FieldDefn::new("名称", OGRFieldType::OFTString).expect("field");
        defined.set_width(254);
        defined.add_to_layer(&layer).expect("field");
        let mut feature = Feature::new(layer.defn()).expect("feature");
        feature.set_field_string(0, "早川町").expect("value");
        feature.create(&layer).expect("created");
        drop(feature);
        drop(dataset);
        for label in [None, Some("CP932")] {
            match label {
                None => std::fs::remove_file(wide.with_extension("cpg")).expect("removed"),
                Some(label) => std::fs::write(wide.with_extension("cpg"), label).expect("written"),
            }
            assert_eq!(read(&Source::open("w.shp", &wide).expect("open")).expect("read"), ["早川町"]);
        }
        let json = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"早川町"},"geometry":null}]}"#;
        let source = Source::of_bytes("a.geojson", &crate::ingest::text::tests::cp932(json));
        assert_eq!(read(&source).expect("a GeoJSON in CP932"), ["早川町"]);
    }

    #[test]
    fn heights_are_left_out() {
        let json = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Polygon","coordinates":[[[138,35,2],[139,35,2],[139,36,2],[138,35,2]]]}}]}"#;
        let mut found = Vec::new();
        let read = with_layer(&Source::of_bytes("a.geojson", json.as_bytes()), "a", |layer| {
            layer.for_each(|_, feature| found.extend(geometry(feature)))
        });
        read.expect("read");
        assert!(
            matches!(found.as_slice(), [Geometry::Polygon(one)] if one.exterior().0.len() == 4),
            "{found:?}"
        );
    }

    #[test]
    fn a_shapefile_cut_short_anywhere_names_file_and_place() {
        let folder = tempfile::tempdir().expect("folder");
        let path = shapefile(folder.path(), &["名称"], &[(&["あ"], SQUARE), (&["い"], SQUARE)]);
        for ending in ["shp", "shx", "dbf"] {
            let part = path.with_extension(ending);
            let whole = std::fs::read(&part).expect("part");
            for length in [0, 50, whole.len() / 2, whole.len() - 2] {
                std::fs::write(&part, &whole[..length]).expect("cut");
                let error = read(&Source::open("N03.shp", &path).expect("open")).expect_err("refused");
                let message = error.to_string();
                assert!(message.starts_with("N03.shp: "), "{ending} {length}: {message}");
                assert!(matches!(error, IngestError::Broken { .. }), "{ending} {length}: {message}");
            }
            std::fs::write(&part, &whole).expect("whole again");
        }
        assert_eq!(read(&Source::open("N03.shp", &path).expect("open")).expect("whole").len(), 2);
    }

    #[test]
    fn a_geojson_is_read_and_one_cut_short_names_its_line() {
        let whole = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}",
            r#"{"type":"Feature","properties":{"名称":"早川町"},"geometry":{"type":"Point","coordinates":[138,35]}}"#
        );
        assert_eq!(read(&Source::of_bytes("a.geojson", whole.as_bytes())).expect("read"), ["早川町"]);
        let cut = Source::of_bytes("a.geojson", &whole.as_bytes()[..whole.len() - 4]);
        let message = read(&cut).expect_err("refused").to_string();
        assert!(message.contains("a.geojson") && message.contains("2 行"), "{message}");
        let deep = format!("{{\"features\":[\n{}", "[".repeat(100_000));
        let message = read(&Source::of_bytes("a.geojson", deep.as_bytes())).expect_err("refused").to_string();
        assert!(message.starts_with("a.geojson: a.geojson の 2 行目: 入れ子"), "{message}");
    }

    #[test]
    fn a_layer_without_the_attribute_and_a_file_of_another_kind_are_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let path = shapefile(folder.path(), &["別名"], &[(&["あ"], SQUARE)]);
        let error = read(&Source::open("a.shp", &path).expect("open")).expect_err("refused");
        assert!(matches!(error, IngestError::Header { .. }), "{error}");
        assert!(matches!(read(&Source::of_bytes("a.shp", b"hello")), Err(IngestError::Broken { .. })));
    }

    proptest::proptest! {
        #[test]
        fn damaged_bytes_never_panic(at in 0_usize..400, byte: u8) {
            let folder = tempfile::tempdir().expect("folder");
            let path = shapefile(folder.path(), &["名称"], &[(&["あ"], SQUARE)]);
            for ending in ["shp", "shx", "dbf"] {
                let part = path.with_extension(ending);
                let mut bytes = std::fs::read(&part).expect("part");
                let at = at % bytes.len();
                bytes[at] = byte;
                std::fs::write(&part, &bytes).expect("damaged");
                let _ = read(&Source::open("a.shp", &path).expect("open"));
            }
        }
    }
}
