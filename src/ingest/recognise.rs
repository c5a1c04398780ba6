//! What a file is, told from what is in it and never from its name.
//!
//! Tables are told by columns that only their kind has, layers by their attributes, workbooks by
//! the words of their sheets, road files by their first block.

use crate::ingest::IngestError;
use crate::ingest::csv_table::{self, HEAD_ROWS, comparable, first_rows};
use crate::ingest::manifest::InputKind;
use crate::ingest::study::AreaSystem;
use crate::ingest::text::{Member, Source, decode_head, empty, is_utf_16};
use crate::ingest::vector::FieldsAndMembers;
use crate::ingest::xlsx_table::Sheet;
use crate::ingest::{a38_medical_area, code_changes, own_figures, print_list, vector, xlsx_table};
use std::collections::BTreeSet;

/// What a file was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recognised {
    /// A kind that studies are made from; a table of areas with its system.
    Kind(InputKind, Option<AreaSystem>),
    /// A known official file that no study uses; its name.
    Unused(&'static str),
}

/// A table by the columns that only it has.
struct TableSign {
    columns: &'static [&'static str],
    is: Recognised,
}

const fn table(kind: InputKind, columns: &'static [&'static str]) -> TableSign {
    TableSign { columns, is: Recognised::Kind(kind, None) }
}

const fn areas(system: AreaSystem, columns: &'static [&'static str]) -> TableSign {
    TableSign { columns, is: Recognised::Kind(InputKind::AreaMembership, Some(system)) }
}

const fn unused(name: &'static str, columns: &'static [&'static str]) -> TableSign {
    TableSign { columns, is: Recognised::Unused(name) }
}

/// In order: a sign stands before those whose columns are among its own.
const TABLES: &[TableSign] = &[
    table(InputKind::KaigoJigyosho, &["都道府県コード又は市町村コード", "サービスの種類", "事業所番号"]),
    table(InputKind::OpeningHours, &["ID", "診療科目コード", "診療時間帯"]),
    table(InputKind::IryoJohoNet, &["ID", "機関区分", "所在地座標(緯度)"]),
    table(InputKind::CensusMesh, &["KEY_CODE", "HTKSYORI"]),
    table(InputKind::TownPoints, &["市区町村コード", "大字町丁目コード", "緯度"]),
    table(InputKind::TownPoints, &["pref", "city", "town", "lng", "lat"]),
    table(InputKind::TownPoints, &["街区符号・地番", "住居表示フラグ", "代表フラグ"]),
    unused("アドレス・ベース・レジストリ 住居表示", &["lg_code", "machiaza_id", "blk_id"]),
    unused("アドレス・ベース・レジストリ 地番", &["lg_code", "machiaza_id", "prc_id"]),
    table(InputKind::TownMaster, &["lg_code", "machiaza_id", "oaza_cho"]),
    table(InputKind::TownPositions, &["lg_code", "machiaza_id", "rep_lon", "rep_lat"]),
    table(InputKind::MunicipalityMaster, &["lg_code", "city", "ablt_date"]),
    table(InputKind::MunicipalityPoints, &["lg_code", "rep_lon", "rep_lat"]),
    table(InputKind::IpssProjection, &["muni_code", "year", "total", "age65plus"]),
    areas(AreaSystem::Hokenjo, &["muni_code", "hokenjo"]),
    areas(AreaSystem::SecondaryMedicalArea, &["muni_code", "iryoken"]),
    areas(AreaSystem::MedicalAssociation, &["muni_code", "ishikai"]),
    areas(AreaSystem::FireDepartment, &["muni_code", "shobo"]),
    areas(AreaSystem::Hokenjo, &["市区町村コード", "保健所名"]),
    areas(AreaSystem::SecondaryMedicalArea, &["市区町村コード", "二次医療圏名"]),
    areas(AreaSystem::MedicalAssociation, &["市区町村コード", "医師会名"]),
    areas(AreaSystem::FireDepartment, &["市区町村コード", "消防本部名"]),
    areas(AreaSystem::CareInsurer, &["市区町村コード", "保険者名"]),
    areas(AreaSystem::PlanningArea, &["muni_code", "koso_kuiki"]),
    areas(AreaSystem::ElderlyWelfareArea, &["muni_code", "rojin_fukushi"]),
    areas(AreaSystem::DailyLivingArea, &["muni_code", "nichijo_seikatsu"]),
    areas(AreaSystem::MedicalControl, &["muni_code", "mc"]),
    areas(AreaSystem::PlanningArea, &["市区町村コード", "構想区域名"]),
    areas(AreaSystem::ElderlyWelfareArea, &["市区町村コード", "老人福祉圏名"]),
    areas(AreaSystem::DailyLivingArea, &["市区町村コード", "日常生活圏域名"]),
    areas(AreaSystem::MedicalControl, &["市区町村コード", "MC協議会名"]),
    areas(AreaSystem::SecondaryMedicalArea, &["muni_code", "area_code", "area_name"]),
    table(InputKind::ActiveInstitutions, &["名称", "種別", "医療機関コード"]),
    table(InputKind::ActiveInstitutions, &["名称", "種別", "24時間対応"]),
    table(InputKind::ActiveInstitutions, &["名称", "種別", "退院支援"]),
    table(InputKind::ActiveInstitutions, &["名称", "種別", "日常の療養支援"]),
    table(InputKind::ActiveInstitutions, &["名称", "種別", "急変時の対応"]),
    table(InputKind::ActiveInstitutions, &["名称", "種別", "看取り"]),
    table(InputKind::LinkageHubs, &["拠点名", "設置主体"]),
    table(InputKind::CohortCounts, &["区分", "市区町村コード", "年", "人数"]),
    table(InputKind::NightCalls, &["地域", "ルール"]),
    table(InputKind::CareFacilityPartners, &["施設の名称", "協力医療機関の有無"]),
    table(InputKind::EmergencyTools, &["地域", "取組", "状況"]),
    table(InputKind::AdmissionBeds, &["受入病床数", "地域"]),
    table(InputKind::IdentityDecisions, &["記録A", "記録B", "判定"]),
    table(InputKind::StoppedInstitutions, &["名称", "状態", "年月日"]),
    table(InputKind::PositionCorrections, &["名称", "経度", "緯度", "理由", "訂正者"]),
    table(InputKind::Rota, &["曜日", "開始", "終了", "地域"]),
    table(InputKind::ContinuityPlans, &["BCP", "名称"]),
    table(InputKind::ContinuityPlans, &["BCP", "医療機関コード"]),
    table(InputKind::Targets, &["項目", "目標値", "期限"]),
    table(InputKind::PatientFlows, &["患者の市区町村コード", "医療機関の市区町村コード", "件数"]),
    table(InputKind::LivingAreas, &["圏域名", "市区町村コード", "町丁目"]),
    table(InputKind::LivingAreas, &["圏域名", "市区町村コード", "メッシュ"]),
    table(InputKind::RotaLimits, &["週の上限"]),
    table(InputKind::AreaFlows, &["direction", "area_code", "partner_area_code", "rate"]),
    table(InputKind::CodeChanges, &code_changes::OWN),
];

/// A layer by an attribute that only it has.
const LAYERS: &[(&str, Recognised)] = &[
    ("N03_007", Recognised::Kind(InputKind::N03Boundary, None)),
    ("PT00_2025", Recognised::Kind(InputKind::FutureMesh, None)),
    ("PT0_2025", Recognised::Kind(InputKind::FutureMesh, None)),
    ("POP2010", Recognised::Unused("国土数値情報 将来推計人口メッシュ（平成29年）")),
    ("A38b_003", Recognised::Kind(InputKind::A38MedicalArea, None)),
    ("A38a_001", Recognised::Kind(InputKind::A38MedicalArea, None)),
    ("P04_001", Recognised::Kind(InputKind::P04Medical, None)),
    ("P14_001", Recognised::Kind(InputKind::P14Welfare, None)),
    ("A31a_105", Recognised::Kind(InputKind::A31aFlood, None)),
    ("A31a_205", Recognised::Kind(InputKind::A31aFlood, None)),
    ("A31a_305", Recognised::Unused("国土数値情報 洪水浸水想定区域（浸水継続時間）")),
    ("A31a_405", Recognised::Unused("国土数値情報 洪水浸水想定区域（家屋倒壊等）")),
    ("A31_101", Recognised::Unused("国土数値情報 洪水浸水想定区域（2019年までの様式）")),
    ("A31_201", Recognised::Unused("国土数値情報 洪水浸水想定区域（2019年までの様式）")),
    ("A31_301", Recognised::Unused("国土数値情報 洪水浸水想定区域（2019年までの様式、浸水継続時間）")),
    ("A31_401", Recognised::Unused("国土数値情報 洪水浸水想定区域（2019年までの様式、家屋倒壊等）")),
    ("A33_001", Recognised::Unused("国土数値情報 土砂災害警戒区域")),
    ("A40_003", Recognised::Unused("国土数値情報 津波浸水想定")),
    ("A22_001", Recognised::Unused("国土数値情報 豪雪地帯")),
    ("A30a5_001", Recognised::Unused("国土数値情報 土砂災害・雪崩メッシュ")),
    ("P23a_001", Recognised::Unused("国土数値情報 海岸保全施設")),
    ("P23b_001", Recognised::Unused("国土数値情報 海岸保全施設")),
    ("KEY_CODE", Recognised::Unused("国勢調査 小地域の境界")),
    ("A16_001", Recognised::Unused("国土数値情報 人口集中地区")),
];

/// A workbook by words that stand together in one row of one of its sheets.
const WORKBOOKS: &[(&[&str], Recognised)] = &[
    (&["項番", "受理記号"], Recognised::Kind(InputKind::Todokede, None)),
    (&code_changes::OFFICIAL, Recognised::Kind(InputKind::CodeChanges, None)),
    (&["構想区域コード", "レセプト件数/月"], Recognised::Kind(InputKind::HomeDemand, None)),
    (&["都道府県コード", "構想区域コード", "流入率"], Recognised::Kind(InputKind::AreaFlows, None)),
    (&["都道府県コード", "構想区域コード", "流出率"], Recognised::Kind(InputKind::AreaFlows, None)),
    (&["都道府県", "保険者", "総数"], Recognised::Kind(InputKind::CareNeed, None)),
    (&["コード", "市などの別", "市区町村"], Recognised::Kind(InputKind::IpssProjection, None)),
];

/// A table whose columns many have, by a word in the titles above them.
const TITLED: (&str, &[&str], InputKind) = ("積極的", &["名称", "種別"], InputKind::ActiveInstitutions);

/// The first rows of a table lie within so many bytes.
const HEAD_BYTES: usize = 128 * 1024;
/// Rows of a table without header that must look alike.
const ALIKE_ROWS: usize = 20;

/// A part of a file: the file itself, or the members of an archive that are one thing.
#[derive(Debug)]
pub(crate) struct Part {
    /// What it is; `None` = nothing that is known.
    pub is: Option<Recognised>,
    /// The members; none = the whole file.
    pub members: Vec<String>,
    /// Why it cannot be read.
    pub fault: Option<IngestError>,
}

impl Part {
    const fn new(is: Option<Recognised>, members: Vec<String>) -> Self {
        Self { is, members, fault: None }
    }

    /// What was found out, or why nothing could be.
    fn of(is: Result<Option<Recognised>, IngestError>, members: Vec<String>) -> Self {
        match is {
            Ok(is) => Self::new(is, members),
            Err(fault) => Self { fault: Some(fault), ..Self::new(None, members) },
        }
    }

    /// Whether its members are an input of their own: of layers readers take one, of workbooks too but for the
    /// lists that come in several, and the rows of 医療情報ネット are known by file and line.
    fn stands_alone(&self) -> bool {
        match self.is {
            Some(Recognised::Kind(
                InputKind::IryoJohoNet
                | InputKind::N03Boundary
                | InputKind::FutureMesh
                | InputKind::P04Medical
                | InputKind::P14Welfare,
                _,
            )) => true,
            Some(Recognised::Kind(InputKind::Todokede | InputKind::CodeContents, _)) => false,
            _ => self.is_one_book(),
        }
    }

    fn is_one_book(&self) -> bool {
        matches!(self.members.as_slice(), [book] if book.to_lowercase().ends_with(".xlsx"))
    }

    const fn is_kind(&self) -> bool {
        matches!(self.is, Some(Recognised::Kind(..)))
    }
}

/// Tells what a file is, of an archive what the first member is that is known; `None` = nothing that is known.
///
/// # Errors
/// A file that cannot be read as what its first bytes say that it is.
pub(crate) fn recognise(source: &Source) -> Result<Option<Recognised>, IngestError> {
    let first = parts(source)?.into_iter().next();
    first.map_or(Ok(None), |part| part.fault.map_or(Ok(part.is), Err))
}

/// Tells what each part of a file is, what studies are made from before the rest; of an archive also why a part
/// cannot be read.
///
/// # Errors
/// A file that cannot be read as what its first bytes say that it is.
pub(crate) fn parts(source: &Source) -> Result<Vec<Part>, IngestError> {
    let whole = |is| Ok(vec![Part::new(is, Vec::new())]);
    let head = source.head(HEAD_BYTES)?;
    if is_road_file(&head) {
        return whole(Some(Recognised::Kind(InputKind::RoadsOsm, None)));
    }
    if head.starts_with(xlsx_table::OLD_OFFICE) {
        return Err(xlsx_table::old_workbook(source, "ファイルの先頭"));
    }
    let is_layer = is_layer(&head);
    if !source.is_zip() && !is_layer {
        return whole(text(source, None, &head)?);
    }
    if is_layer || source.is_workbook()? {
        let found = if is_layer { layers(source)? } else { books(source)? };
        let whole = |part: Part| part.fault.map_or(Ok(Part::new(part.is, Vec::new())), Err);
        return found.into_iter().map(whole).collect();
    }
    let names: Vec<String> = source.member_names()?.into_iter().filter(|name| !name.ends_with('/')).collect();
    if names.is_empty() {
        return Err(empty(&source.file, "zip の中"));
    }
    let mut found = Vec::new();
    for (endings, read) in READERS {
        let of_reader: Vec<String> = names.iter().filter(|name| ends(name, endings)).cloned().collect();
        if !of_reader.is_empty() {
            found.extend(read(source).unwrap_or_else(|fault| vec![Part::of(Err(fault), of_reader)]));
        }
    }
    Ok(put_together(found, names))
}

fn ends(name: &str, endings: &[&str]) -> bool {
    let name = name.to_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

/// What tells the parts of an archive by the endings of its members.
type PartReader = fn(&Source) -> Result<Vec<Part>, IngestError>;

const READERS: [(&[&str], PartReader); 5] = [
    (&[".xlsx"], books),
    (&[".shp", ".dbf", ".geojson"], layers),
    (&[".csv", ".txt"], tables),
    (&[".xls"], old_books),
    (&[".zip"], inner_archives),
];

/// Whether two parts lie in files of one ending: a reader opens those of one ending only.
fn end_alike(one: &Part, other: &Part) -> bool {
    let ending = |part: &Part| {
        let (_, ending) = part.members.first()?.rsplit_once('.')?;
        Some(ending.to_lowercase())
    };
    ending(one) == ending(other)
}

/// Members of one thing go together. Where all tables of an archive are of one kind, it is meant as a whole.
fn put_together(found: Vec<Part>, names: Vec<String>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for new in found.into_iter().filter(|part| part.is.is_some() || part.fault.is_some()) {
        let goes_with = |part: &&mut Part| part.is == new.is && !new.stands_alone() && end_alike(part, &new);
        match parts.iter_mut().find(|part| new.is.is_some() && goes_with(part)) {
            Some(part) => part.members.extend(new.members),
            None => parts.push(new),
        }
    }
    parts.sort_by_key(|part| !part.is_kind());
    let known: BTreeSet<&str> = parts.iter().flat_map(|part| &part.members).map(String::as_str).collect();
    let stems: BTreeSet<String> = known.iter().filter_map(|name| stem(name)).collect();
    let is_left = |name: &String| !known.contains(name.as_str()) && !is_beside(name, &stems);
    let left: Vec<String> = names.into_iter().filter(is_left).collect();
    // Readers of layers pass over others that can be read; those of tables take every table for theirs.
    let is_table = |name: &String| ends(name, &[".csv", ".txt", ".xlsx"]);
    let others = || parts.iter().skip(1).flat_map(|part| &part.members).chain(&left);
    let is_mixed = parts.iter().skip(1).any(|part| part.is_kind() || part.fault.is_some())
        || parts.first().is_some_and(|one| one.members.iter().any(is_table) && others().any(is_table));
    match parts.first_mut() {
        None => return vec![Part::new(None, Vec::new())],
        // Most readers of workbooks open no archive.
        Some(first) if !is_mixed && !first.is_one_book() => first.members.clear(),
        Some(_) => {}
    }
    if !left.is_empty() {
        parts.push(Part::new(None, left));
    }
    parts
}

/// A name without its ending, in small letters.
fn stem(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(stem, _)| stem.to_lowercase())
}

/// What publishers pack beside their data: parts of a Shapefile, and descriptions of the whole.
fn is_beside(name: &str, stems: &BTreeSet<String>) -> bool {
    let Some((own, ending)) = name.rsplit_once('.') else { return false };
    let own = own.to_lowercase();
    match ending.to_lowercase().as_str() {
        "shx" | "dbf" | "prj" | "cpg" | "sbn" | "sbx" | "qix" => stems.contains(&own),
        "xml" | "html" | "htm" | "css" | "gif" | "jgw" => true,
        _ => false,
    }
}

/// The first block of a road file is called `OSMHeader` (OpenStreetMap Wiki, PBF Format).
pub(crate) fn is_road_file(bytes: &[u8]) -> bool {
    bytes.get(4..).is_some_and(|rest| rest.starts_with(b"\x0a\x09OSMHeader"))
}

/// A Shapefile begins with the number 9994, GeoJSON with a brace.
fn is_layer(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.starts_with(&9994_u32.to_be_bytes()) || bytes.trim_ascii_start().starts_with(b"{")
}

fn layers(source: &Source) -> Result<Vec<Part>, IngestError> {
    let medical_areas = a38_medical_area::tables_in(source)?;
    let is = Some(Recognised::Kind(InputKind::A38MedicalArea, None));
    if !medical_areas.is_empty() && !source.is_zip() {
        return Ok(vec![Part::new(is, Vec::new())]);
    }
    let names = if source.is_zip() { source.member_names()? } else { Vec::new() };
    if !medical_areas.is_empty() {
        let stems: BTreeSet<String> = medical_areas.iter().filter_map(|name| stem(name)).collect();
        let is_part = |name: &String| vector::is_part_of_layer(name);
        let (own, others): (Vec<String>, Vec<String>) = names
            .into_iter()
            .filter(is_part)
            .partition(|name| stem(name).is_some_and(|stem| stems.contains(&stem)));
        let mut parts = vec![Part::new(is, own)];
        if !others.is_empty() {
            parts.extend(layers(&source.clone().narrowed(&others)?)?);
        }
        return Ok(parts);
    }
    // Parts of a Shapefile without its geometry are no layer.
    if source.is_zip() && !names.iter().any(|name| ends(name, &[".shp", ".geojson"])) {
        return Ok(Vec::new());
    }
    let part = |(fields, members): FieldsAndMembers| Part::of(fields.map(|of| by_fields(&of)), members);
    Ok(vector::fields_by_member(source)?.into_iter().map(part).collect())
}

fn by_fields(fields: &[String]) -> Option<Recognised> {
    let sign = LAYERS.iter().find(|(attribute, _)| fields.iter().any(|field| field == attribute));
    sign.map(|(_, is)| *is)
}

/// The workbook that a source is, or those of an archive.
fn books(source: &Source) -> Result<Vec<Part>, IngestError> {
    let mut parts = Vec::new();
    xlsx_table::heads_by_member(source, HEAD_ROWS, |member, sheets| {
        let members = member.map(str::to_owned).into_iter().collect();
        let is = sheets.and_then(|sheets| {
            let is_empty = sheets.iter().all(|sheet| sheet.rows.is_empty());
            let nothing = || empty(&source.file, member.unwrap_or("ブック"));
            if is_empty { Err(nothing()) } else { Ok(by_sheets(&sheets)) }
        });
        parts.push(Part::of(is, members));
    })?;
    Ok(parts)
}

fn old_books(source: &Source) -> Result<Vec<Part>, IngestError> {
    unread(source, ".xls", xlsx_table::old_workbook)
}

fn inner_archives(source: &Source) -> Result<Vec<Part>, IngestError> {
    unread(source, ".zip", |source, _| IngestError::Broken {
        file: source.file.clone(),
        place: "zip の中".to_owned(),
        found: "zip の中に zip があります".to_owned(),
        expected: "公式ファイルがそのまま入った zip".to_owned(),
        remedy: "中の zip を取り出してフォルダーに置いてください".to_owned(),
    })
}

/// Members that nobody reads, each with the reason.
fn unread(
    source: &Source,
    ending: &str,
    why: fn(&Source, &str) -> IngestError,
) -> Result<Vec<Part>, IngestError> {
    let names = source.member_names()?.into_iter().filter(|name| ends(name, &[ending]));
    Ok(names.map(|name| Part::of(Err(why(source, &name)), vec![name])).collect())
}

fn tables(source: &Source) -> Result<Vec<Part>, IngestError> {
    let part = |member: Member| {
        let is = member.head(HEAD_BYTES).and_then(|head| text(source, member.name.clone(), &head));
        Part::of(is, member.name.into_iter().collect())
    };
    Ok(source.members(&[".csv", ".txt"])?.into_iter().map(part).collect())
}

fn by_sheets(sheets: &[Sheet]) -> Option<Recognised> {
    let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
    let mut signs = rows.filter_map(|row| {
        let texts: Vec<String> = row.texts().map(|(_, text)| text).collect();
        let said: BTreeSet<String> = texts.iter().map(|text| comparable(text)).collect();
        let stands = |words: &&[&str]| words.iter().all(|word| said.contains(&comparable(word)));
        let by_words = WORKBOOKS.iter().find(|(words, _)| stands(words)).map(|(_, is)| *is);
        by_words.or_else(|| texts.iter().find_map(|text| by_title(text)))
    });
    let texts =
        |sheet: &Sheet| sheet.rows.iter().map(|row| row.texts().map(|(_, text)| text).collect()).collect();
    signs.next().or_else(|| sheets.iter().find_map(|sheet| by_rows(texts(sheet))))
}

/// A list in print layout by its title.
fn by_title(text: &str) -> Option<Recognised> {
    if !print_list::is_title(text) {
        return None;
    }
    match (text.contains("コード内容別"), text.contains("訪問看護")) {
        (true, false) => Some(Recognised::Kind(InputKind::CodeContents, None)),
        (false, true) => Some(Recognised::Kind(InputKind::Todokede, None)),
        _ => None,
    }
}

/// A table by its header, which may stand below titles.
fn by_rows(rows: Vec<Vec<String>>) -> Option<Recognised> {
    let (word, columns, kind) = TITLED;
    let mut is_titled = false;
    rows.into_iter().find_map(|texts| {
        let heads: BTreeSet<String> = texts.iter().map(|text| comparable(text)).collect();
        let stands = |names: &[&str]| names.iter().all(|name| heads.contains(&comparable(name)));
        let sign = TABLES.iter().find(|sign| stands(sign.columns)).map(|sign| sign.is);
        let titled = (is_titled && stands(columns)).then_some(Recognised::Kind(kind, None));
        is_titled |= texts.iter().any(|text| text.contains(word));
        sign.or(titled)
    })
}

/// A table by its header; without one, by its rows. Only its beginning is looked at.
///
/// # Errors
/// Nothing stands in it, or there is no end of line in its whole beginning.
fn text(source: &Source, member: Option<String>, head: &[u8]) -> Result<Option<Recognised>, IngestError> {
    // What is no text behind its first rows, the reader tells with the line.
    let before_nul =
        if is_utf_16(head) { head } else { head.split(|byte| *byte == 0).next().unwrap_or_default() };
    let Some(mut said) = decode_head(before_nul) else { return Ok(None) };
    match said.rfind('\n') {
        Some(last) => said.truncate(last),
        None if before_nul.len() < head.len() => return Ok(None),
        None => {}
    }
    if said.contains("[study]") && said.contains("[[input]]") {
        return Ok(Some(Recognised::Unused("keniki の study.toml")));
    }
    if own_figures::is_mapping(&said) {
        return Ok(Some(Recognised::Kind(InputKind::OwnFigures, None)));
    }
    if said.starts_with("# keniki fetch が書いた記録です") {
        return Ok(Some(Recognised::Unused("keniki fetch の記録")));
    }
    let beginning = Source::of_bytes(&source.file, said.as_bytes());
    let Some(mut beginning) = beginning.texts(&[])?.pop() else { return Ok(None) };
    beginning.name = member;
    let rows = first_rows(&beginning, HEAD_ROWS);
    if rows.is_empty() {
        // Where not even the first row can be read, the reason is told.
        csv_table::rows(&source.file, &beginning)?;
        return Err(empty(&source.file, beginning.name.as_deref().unwrap_or("ファイルの先頭")));
    }
    let texts = rows.iter().map(|row| (0..row.len()).map(|at| row.get(at).to_owned()).collect());
    let is_number = |said: &str, length| said.len() == length && said.bytes().all(|b| b.is_ascii_digit());
    let is_code_list = || {
        rows.iter()
            .take(ALIKE_ROWS)
            .all(|row| row.len() >= 4 && is_number(row.get(0), 9) && is_number(row.get(1), 7))
    };
    let code_list = || is_code_list().then_some(Recognised::Kind(InputKind::InstitutionCodes, None));
    Ok(by_rows(texts.collect()).or_else(code_list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::{cp932, utf_16, zipped};
    use crate::ingest::xlsx_table::tests::workbook;

    fn is(source: &Source) -> Option<Recognised> {
        recognise(source).expect("readable")
    }

    const fn kind(kind: InputKind) -> Recognised {
        Recognised::Kind(kind, None)
    }

    #[test]
    fn tables_are_told_by_their_columns_whatever_their_name_encoding_and_archive() {
        let table = "名称,種別,医療機関コード\nあ医院,診療所,1910100001\n";
        for bytes in [table.as_bytes().to_vec(), cp932(table), zipped(&[("メモ.csv", table.as_bytes())])] {
            assert_eq!(is(&Source::of_bytes("x.dat", &bytes)), Some(kind(InputKind::ActiveInstitutions)));
        }
        let of = |text: &str| is(&Source::of_bytes("x", text.as_bytes()));
        assert_eq!(of("lg_code,rep_lon,rep_lat\n"), Some(kind(InputKind::MunicipalityPoints)));
        assert_eq!(of("lg_code,machiaza_id,rep_lon,rep_lat\n"), Some(kind(InputKind::TownPositions)));
        let towns = "lg_code,machiaza_id,city,oaza_cho,chome,koaza,ablt_date\n";
        assert_eq!(of(towns), Some(kind(InputKind::TownMaster)));
        assert_eq!(
            of("lg_code,machiaza_id,blk_id,rep_lon,rep_lat\n"),
            Some(Recognised::Unused("アドレス・ベース・レジストリ 住居表示"))
        );
        let hokenjo = Recognised::Kind(InputKind::AreaMembership, Some(AreaSystem::Hokenjo));
        assert_eq!(of("pref,muni_code,hokenjo\n"), Some(hokenjo));
        assert_eq!(of("191010001,1010001,あ,4000001,甲府市\n"), Some(kind(InputKind::InstitutionCodes)));
        assert_eq!(of("191010001,1010001,あ,4000001,甲府市\n合計,1\n"), None);
        assert_eq!(of("買い物,値段\nりんご,100\n"), None);
    }

    #[test]
    fn titles_may_stand_above_a_header_and_a_code_is_not_needed() {
        let of = |text: &str| is(&Source::of_bytes("x", text.as_bytes()));
        let rota = "令和7年度 当番表,,,\n,,,\n曜日,開始,終了,地域,名称\n月,18:00,8:00,甲府市,甲医院\n";
        assert_eq!(of(rota), Some(kind(InputKind::Rota)));
        let sheet: [&[&str]; 3] =
            [&["当番表"], &["作成 医療整備課"], &["曜日", "開始", "終了", "地域", "名称"]];
        assert_eq!(is(&workbook("輪番", &sheet)), Some(kind(InputKind::Rota)));
        let active = Some(kind(InputKind::ActiveInstitutions));
        assert_eq!(of("名称,種別,看取り\n甲医院,診療所,1\n"), active);
        assert_eq!(of("在宅医療において積極的役割を担う医療機関\n名称,種別\n甲医院,診療所\n"), active);
        assert_eq!(of("名称,種別\n甲病院,病院\n"), None, "any list of facilities has these columns");
        assert_eq!(of("医療機関コード,BCP\n1910110001,自院\n"), Some(kind(InputKind::ContinuityPlans)));
    }

    #[test]
    fn workbooks_are_told_by_a_row_and_layers_by_an_attribute() {
        let filings = workbook("Sheet1", &[&["令和７年"], &[], &["項番", "都道府県コード", "受理記号"]]);
        assert_eq!(is(&filings), Some(kind(InputKind::Todokede)));
        let list = workbook("入力", &[&["拠点名", "設置主体"], &["北の拠点", "医師会"]]);
        assert_eq!(is(&list), Some(kind(InputKind::LinkageHubs)));
        let stations = workbook("Sheet1", &[&[], &["", "届出受理指定訪問看護事業所名簿"]]);
        assert_eq!(is(&stations), Some(kind(InputKind::Todokede)));
        let contents = workbook("Sheet1", &[&["コード内容別医療機関一覧表", "[広島県]"]]);
        assert_eq!(is(&contents), Some(kind(InputKind::CodeContents)));
        let packed =
            zipped(&[("14神奈川/医科.xlsx", &filings.whole().expect("bytes")), ("略称.pdf", b"%PDF")]);
        assert_eq!(is(&Source::of_bytes("x", &packed)), Some(kind(InputKind::Todokede)));
        let prices = workbook("表", &[&["項番", "値段"]]);
        assert_eq!(is(&prices), None);
        let feature = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"N03_007":"19201"},"geometry":null}]}"#;
        assert_eq!(is(&Source::of_bytes("x", feature.as_bytes())), Some(kind(InputKind::N03Boundary)));
        let packed = zipped(&[("a/b.geojson", feature.replace("N03_007", "A16_001").as_bytes())]);
        assert_eq!(
            is(&Source::of_bytes("x", &packed)),
            Some(Recognised::Unused("国土数値情報 人口集中地区"))
        );
        assert!(recognise(&Source::of_bytes("x", b"{\"type\":")).is_err());
    }

    #[test]
    fn every_member_of_an_archive_is_told_and_a_restriction_only_where_kinds_are_mixed() {
        let hubs = "拠点名,設置主体\n北の拠点,医師会\n".as_bytes();
        let cohorts = "区分,市区町村コード,年,人数\n医療的ケア児,19201,2024,1\n".as_bytes();
        let told = |members: &[(&str, &[u8])]| -> Vec<(Option<Recognised>, String)> {
            let parts = parts(&Source::of_bytes("x", &zipped(members))).expect("readable");
            parts.into_iter().map(|part| (part.is, part.members.join(" "))).collect()
        };
        let of = |is, members: &str| (is, members.to_owned());
        let (hub, cohort) = (Some(kind(InputKind::LinkageHubs)), Some(kind(InputKind::CohortCounts)));
        assert_eq!(told(&[("a.csv", hubs), ("b.csv", hubs), ("説明.html", b"")]), [of(hub, "")]);
        assert_eq!(told(&[("a.csv", hubs), ("b.pdf", b"%PDF")]), [of(hub, ""), of(None, "b.pdf")]);
        assert_eq!(told(&[("a.csv", hubs), ("b.csv", cohorts)]), [of(hub, "a.csv"), of(cohort, "b.csv")]);
        assert_eq!(
            told(&[("a.csv", hubs), ("b.csv", b"x,y\n1,2\n"), ("c.zip", b"PK")]),
            [of(hub, "a.csv"), of(None, "c.zip"), of(None, "b.csv")]
        );
        let book = workbook("Sheet1", &[&["コード内容別医療機関一覧表", "[広島県]"]]).whole().expect("bytes");
        assert_eq!(
            told(&[("d.xlsx", &book), ("b.csv", cohorts)]),
            [of(Some(kind(InputKind::CodeContents)), "d.xlsx"), of(cohort, "b.csv")]
        );
        assert_eq!(told(&[("b.pdf", b"%PDF")]), [of(None, "")]);
    }

    fn told(members: &[(&str, &[u8])]) -> Vec<(Option<Recognised>, String, String)> {
        let parts = parts(&Source::of_bytes("x", &zipped(members))).expect("readable");
        let told = |part: Part| {
            let fault = part.fault.map(|fault| fault.to_string()).unwrap_or_default();
            (part.is, part.members.join(" "), fault)
        };
        parts.into_iter().map(told).collect()
    }

    #[test]
    fn each_layer_of_an_archive_is_an_input_of_its_own() {
        let layer = |attribute: &str, code: &str| {
            format!(
                r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"{attribute}":"{code}"}},"geometry":null}}]}}"#
            )
            .into_bytes()
        };
        let of = |of, member: &str| (Some(kind(of)), member.to_owned(), String::new());
        let (one, other) = (layer("N03_007", "19201"), layer("N03_007", "20201"));
        assert_eq!(
            told(&[("19.geojson", &one), ("20.geojson", &other), ("p.geojson", &layer("P04_001", "1"))]),
            [
                of(InputKind::N03Boundary, "19.geojson"),
                of(InputKind::N03Boundary, "20.geojson"),
                of(InputKind::P04Medical, "p.geojson")
            ]
        );
        assert_eq!(told(&[("19.geojson", &one)]), [of(InputKind::N03Boundary, "")]);
        let both = zipped(&[("19.geojson", &one), ("20.geojson", &other)]);
        let read = vector::with_layer(&Source::of_bytes("x.zip", &both), "N03_007", |_| Ok(()));
        let said = read.expect_err("which of both").to_string();
        assert!(said.contains("19.geojson と 20.geojson"), "{said}");

        // The geometry of the medical areas is never opened, the layer beside them is.
        let folder = tempfile::tempdir().expect("folder");
        let rows: [(&[&str], &str); 1] =
            [(&["19201", "1901"], "POLYGON ((138 35, 138 36, 139 36, 139 35, 138 35))")];
        let path = vector::tests::shapefile(folder.path(), &["A38b_001", "A38b_003"], &rows);
        let table = std::fs::read(path.with_extension("dbf")).expect("part");
        let areas = [("A38-20_2.shp", b"no geometry".as_slice()), ("A38-20_2.dbf", &table)];
        let (area, land) = (InputKind::A38MedicalArea, InputKind::N03Boundary);
        assert_eq!(
            told(&[areas[0], areas[1], ("N03.geojson", &one)]),
            [of(area, "A38-20_2.shp A38-20_2.dbf"), of(land, "N03.geojson")]
        );
        assert_eq!(told(&areas), [of(area, "")]);
    }

    #[test]
    fn a_book_that_cannot_be_read_hides_no_other_and_books_of_one_kind_stand_alone() {
        let demand = workbook("表", &[&["構想区域コード", "レセプト件数/月"]]).whole().expect("bytes");
        let told = told(&[("a.xlsx", xlsx_table::OLD_OFFICE), ("b.xlsx", &demand), ("c.xlsx", &demand)]);
        let names: Vec<_> = told.iter().map(|(is, name, _)| (*is, name.as_str())).collect();
        let kind = Some(kind(InputKind::HomeDemand));
        assert_eq!(names, [(kind, "b.xlsx"), (kind, "c.xlsx"), (None, "a.xlsx")]);
        assert!(told[2].2.contains("a.xlsx") && told[2].2.contains("パスワード"), "{}", told[2].2);
    }

    #[test]
    fn what_is_empty_or_of_another_encoding_is_told_as_such() {
        let said = |bytes: &[u8]| recognise(&Source::of_bytes("x.csv", bytes)).expect_err("told").to_string();
        assert!(said(b"").contains("空のファイル"));
        assert!(said(b"\r\n,,\r\n").contains("空のファイル"));
        let wide = utf_16("名称\t種別\t医療機関コード\r\nあ医院\t診療所\t1910100001\r\n");
        assert_eq!(is(&Source::of_bytes("x.txt", &wide)), Some(kind(InputKind::ActiveInstitutions)));
    }

    #[test]
    fn a_road_file_is_told_by_its_first_block() {
        assert_eq!(
            is(&Source::of_bytes("x", b"\0\0\0\x0e\x0a\x09OSMHeader\x18\x05")),
            Some(kind(InputKind::RoadsOsm))
        );
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_are_nothing_or_an_error(bytes: Vec<u8>, head in 0_usize..4) {
            let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"{", &[0, 0, 0x27, 0x0a]];
            let bytes = [heads[head], &bytes].concat();
            let _ = recognise(&Source::of_bytes("x", &bytes));
        }
    }
}
