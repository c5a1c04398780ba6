//! One institution, one record: 届出受理, code list, 医療情報ネット and care offices brought together.
//!
//! Filings and code list share the 医療機関コード. 医療情報ネット has ids of its own; its rows are
//! joined by name within municipality and price list, confirmed by address where several carry the
//! name, or by house where the names are only akin; otherwise they become records of their own, one
//! for all rows of the same name and house. A care office whose 事業所番号 is a 医療機関コード
//! (みなし指定 of a medical institution) is joined to that institution when municipality and name
//! or house agree; other care offices are records of their own.

use crate::geometry::locate::Locator;
use crate::ids::MunicipalityCode;
use crate::ingest::address::comparable;
use crate::ingest::boundary::position_of;
use crate::ingest::classes;
use crate::ingest::geocode::{Geocoder, Located};
use crate::ingest::institution_codes::CodedInstitution;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::kaigo::CareOffice;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::{Institution, Municipality, Precision, SourceRow};
use crate::ingest::todokede::{FiledInstitution, Section};
use geo::Point;
use std::collections::{BTreeMap, BTreeSet};

/// What the register needs to know of the land and of the files.
pub(crate) struct Land<'a> {
    /// Name of the prefecture.
    pub prefecture: &'a str,
    /// Municipalities in order of code.
    pub municipalities: &'a [Municipality],
    /// Municipality of a point.
    pub locator: &'a Locator,
    /// Place of an address.
    pub geocoder: &'a Geocoder,
    /// Classes of which any file can speak.
    pub loaded_classes: &'a BTreeSet<String>,
}

/// Rows of all institution files, each with the position of its input.
#[derive(Default)]
pub(crate) struct Sources {
    /// 届出受理.
    pub filed: Vec<(usize, FiledInstitution)>,
    /// Code list.
    pub coded: Vec<(usize, CodedInstitution)>,
    /// 医療情報ネット.
    pub listed: Vec<(usize, ListedInstitution)>,
    /// 国土数値情報 P04.
    pub sited: Vec<(usize, ListedInstitution)>,
    /// 介護サービス情報公表.
    pub offices: Vec<(usize, CareOffice)>,
}

/// A record under construction.
struct Draft {
    name: String,
    address: String,
    /// Price list, for records with a 医療機関コード.
    section: Option<Section>,
    symbols: BTreeSet<String>,
    classes: BTreeSet<String>,
    beds: Option<u32>,
    /// Municipality of a code beside the address.
    hint: Option<MunicipalityCode>,
    /// Coordinates of a source, with the source.
    coordinates: Vec<(Point, SourceRow)>,
    sources: Vec<SourceRow>,
}

impl Draft {
    fn new(name: &str, address: &str, section: Option<Section>) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            section,
            symbols: BTreeSet::new(),
            classes: BTreeSet::new(),
            beds: None,
            hint: None,
            coordinates: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// Builds the records, in order of id.
pub(crate) fn build(sources: Sources, land: &Land<'_>, ledgers: &mut [Ledger]) -> Vec<Institution> {
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    take_filed(sources.filed, &mut drafts, ledgers);
    take_coded(sources.coded, &mut drafts, ledgers);
    take_listed(sources.listed, &mut drafts, land, ledgers);
    take_sited(&sources.sited, &mut drafts, land, ledgers);
    take_offices(sources.offices, &mut drafts, land, ledgers);
    drafts.into_iter().map(|(id, draft)| finish(id, draft, land, ledgers)).collect()
}

/// Tells where one 医療機関コード stands beside two names that have nothing in common: a changed name,
/// a number given to another institution, or a slip.
pub(crate) fn compare_names(code: &str, known: &str, name: &str, row: u64, ledger: &mut Ledger) {
    let (keys, others) = (name_keys(known), name_keys(name));
    if keys.is_disjoint(&others) && !akin(&keys, &others) {
        ledger.warn(Doubt {
            kind: "names_differ",
            row,
            field: "名称",
            said: name,
            meant: format!(
                "医療機関コード {code} はほかのファイルか行では「{known}」です。一つの施設として扱いますが、コードを確かめてください"
            ),
        });
    }
}

fn take_filed(
    filed: Vec<(usize, FiledInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    ledgers: &mut [Ledger],
) {
    for (input, one) in filed {
        let draft = drafts
            .entry(one.code.clone())
            .or_insert_with(|| Draft::new(&one.name, &one.address, Some(one.section)));
        let row = one.rows.first().copied().unwrap_or_default();
        compare_names(&one.code, &draft.name, &one.name, row, &mut ledgers[input]);
        draft.beds = draft.beds.or(one.beds);
        draft.classes.extend(classes::of_filings(one.section, &one.symbols));
        draft.symbols.extend(one.symbols);
        draft.sources.extend(one.rows.into_iter().map(|row| SourceRow {
            input,
            row,
            matched_by: "code".into(),
        }));
    }
}

fn take_coded(
    coded: Vec<(usize, CodedInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    ledgers: &mut [Ledger],
) {
    for (input, one) in coded {
        let draft = drafts
            .entry(one.code.clone())
            .or_insert_with(|| Draft::new(&one.name, &one.address, Some(Section::Medical)));
        compare_names(&one.code, &draft.name, &one.name, one.row, &mut ledgers[input]);
        draft.sources.push(SourceRow { input, row: one.row, matched_by: "code".into() });
    }
}

/// The price list by which a 機関区分 bills.
fn section_of(class: &str) -> Option<Section> {
    match class {
        "1" | "2" => Some(Section::Medical),
        "3" => Some(Section::Dental),
        "5" => Some(Section::Pharmacy),
        _ => None,
    }
}

fn take_listed(
    listed: Vec<(usize, ListedInstitution)>,
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let joined = join(&listed, drafts, land, ledgers);
    for ((input, one), joined) in listed.into_iter().zip(joined) {
        let source = |how: &'static str| SourceRow { input, row: one.row, matched_by: how.into() };
        let (draft, source) = if let Some((id, matched_by)) = joined {
            let draft = drafts.entry(id).or_insert_with(|| Draft::new(&one.name, &one.address, None));
            (draft, source(matched_by))
        } else {
            let draft = drafts
                .entry(format!("iryo:{}", one.id))
                .or_insert_with(|| Draft::new(&one.name, &one.address, None));
            let matched_by = if draft.sources.is_empty() { "own record" } else { "id" };
            (draft, source(matched_by))
        };
        draft.beds = draft.beds.or(one.beds);
        draft.hint = draft.hint.or(one.municipality);
        draft.classes.extend(classes::of_iryo_joho_net(&one.class));
        draft.coordinates.extend(one.position.map(|point| (point, source.clone())));
        draft.sources.push(source);
    }
}

/// Gives the records the coordinates of those rows that name them at the same house. A row whose house
/// is another tells of an institution that moved or closed since, and tells nothing of today.
fn take_sited(
    sited: &[(usize, ListedInstitution)],
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let mut houses: BTreeMap<(Section, (usize, String)), Vec<usize>> = BTreeMap::new();
    for (at, (_, one)) in sited.iter().enumerate() {
        let house = land.geocoder.house(&one.address).filter(|(_, house)| is_numbered(house));
        if let (Some(section), Some(house)) = (section_of(&one.class), house) {
            houses.entry((section, house)).or_default().push(at);
        }
    }
    let mut used: BTreeMap<usize, u64> = sited.iter().map(|(input, _)| (*input, 0)).collect();
    for draft in drafts.values_mut() {
        let (Some(section), Some(house)) = (draft.section, land.geocoder.house(&draft.address)) else {
            continue;
        };
        let names = name_keys(&draft.name);
        let at_house = houses.get(&(section, house)).into_iter().flatten();
        let named = at_house.map(|at| &sited[*at]).find(|(_, one)| akin(&name_keys(&one.name), &names));
        let Some((input, one)) = named else { continue };
        let source = SourceRow { input: *input, row: one.row, matched_by: "name+address".into() };
        draft.coordinates.extend(one.position.map(|point| (point, source.clone())));
        draft.sources.push(source);
        *used.entry(*input).or_default() += 1;
    }
    for (input, used) in used {
        let rows = sited.iter().filter(|(of, _)| *of == input).count();
        ledgers[input].note(Doubt {
            kind: "sites_used",
            row: 0,
            field: "",
            said: "",
            meant: format!("{rows}件のうち、名称と番地がほかの資料と合う {used}件の座標だけを使いました"),
        });
    }
}

/// A row or record as the join sees it.
struct Signature {
    names: BTreeSet<String>,
    /// Municipality and house.
    house: Option<(usize, String)>,
}

/// For every listed row, the record that it speaks of and how that was found.
fn join(
    listed: &[(usize, ListedInstitution)],
    drafts: &BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) -> Vec<Option<(String, &'static str)>> {
    let records: Vec<(&String, Section, Signature)> = drafts
        .iter()
        .filter_map(|(id, draft)| Some((id, draft.section?, signature(&draft.name, &draft.address, land))))
        .collect();
    let mut by_name: BTreeMap<(Section, usize, &str), BTreeSet<usize>> = BTreeMap::new();
    for (at, (_, section, signature)) in records.iter().enumerate() {
        let Some((municipality, _)) = signature.house else { continue };
        for name in &signature.names {
            by_name.entry((*section, municipality, name)).or_default().insert(at);
        }
    }
    let rows: Vec<Signature> =
        listed.iter().map(|(_, one)| signature(&one.name, &one.address, land)).collect();
    let candidates: Vec<BTreeSet<usize>> = rows
        .iter()
        .zip(listed)
        .map(|(row, (_, one))| {
            let (Some(section), Some((municipality, _))) = (section_of(&one.class), row.house.as_ref())
            else {
                return BTreeSet::new();
            };
            let named =
                row.names.iter().filter_map(|name| by_name.get(&(section, *municipality, name.as_str())));
            named.flatten().copied().collect()
        })
        .collect();
    let mut wanted: BTreeMap<usize, usize> = BTreeMap::new();
    for record in candidates.iter().flatten() {
        *wanted.entry(*record).or_default() += 1;
    }
    let same_house =
        |row: usize, record: usize| rows[row].house.is_some() && rows[row].house == records[record].2.house;
    let mut joined = Vec::new();
    for (row, of_row) in candidates.iter().enumerate() {
        let at_house: Vec<usize> = of_row.iter().copied().filter(|record| same_house(row, *record)).collect();
        let has_rival_at_house = |record: usize| {
            candidates
                .iter()
                .enumerate()
                .any(|(other, theirs)| other != row && theirs.contains(&record) && same_house(other, record))
        };
        let only = of_row.first().filter(|record| of_row.len() == 1 && wanted.get(record) == Some(&1));
        let (input, one) = &listed[row];
        let mut tell = |kind, meant: &str| {
            let others: Vec<&str> = of_row.iter().map(|record| records[*record].0.as_str()).collect();
            let meant = format!("{meant}（{}）", others.join("、"));
            ledgers[*input].warn(Doubt { kind, row: one.row, field: "", said: &one.name, meant });
        };
        joined.push(match (only, at_house.as_slice()) {
            (Some(record), _) => Some((*record, "name+municipality")),
            (None, [record]) => {
                if has_rival_at_house(*record) {
                    tell(
                        "institution_listed_twice",
                        "同じ名称と住所の行がほかにもあります。一つの施設として扱います",
                    );
                }
                Some((*record, "name+address"))
            }
            _ if of_row.is_empty() => None,
            _ => {
                tell(
                    "ambiguous_institution",
                    "同じ市区町村に同名の医療機関があり、住所でも一つに決まりません。別の施設として扱います",
                );
                None
            }
        });
    }
    join_at_houses(listed, &records, &rows, &candidates, &mut joined);
    let mut joined: Vec<Option<(String, &'static str)>> =
        joined.into_iter().map(|found| found.map(|(record, how)| (records[record].0.clone(), how))).collect();
    join_twins(listed, &rows, &mut joined, ledgers);
    joined
}

/// Joins the rows that no record claims but that carry the same name at the same house: each to the
/// first of them.
fn join_twins(
    listed: &[(usize, ListedInstitution)],
    rows: &[Signature],
    joined: &mut [Option<(String, &'static str)>],
    ledgers: &mut [Ledger],
) {
    let mut known: BTreeMap<(&str, &(usize, String), &str), usize> = BTreeMap::new();
    for (row, (input, one)) in listed.iter().enumerate() {
        let house = rows[row].house.as_ref().filter(|(_, house)| is_numbered(house));
        let (None, Some(house)) = (&joined[row], house) else { continue };
        let keys = || rows[row].names.iter().map(|name| (one.class.as_str(), house, name.as_str()));
        let first = keys().find_map(|key| known.get(&key).copied()).unwrap_or(row);
        for key in keys() {
            known.entry(key).or_insert(first);
        }
        let original = &listed[first].1;
        if original.id == one.id {
            continue;
        }
        let id = format!("iryo:{}", original.id);
        ledgers[*input].warn(Doubt {
            kind: "institution_listed_twice",
            row: one.row,
            field: "",
            said: &one.name,
            meant: format!("同じ名称と住所の行がほかにもあります。一つの施設として扱います（{id}）"),
        });
        joined[row] = Some((id, "name+address"));
    }
}

fn is_numbered(house: &str) -> bool {
    house.contains(|letter: char| letter.is_ascii_digit())
}

/// Joins what is left where one row and one record of a price list stand alone at the same house
/// and their names are akin (a name changed, shortened or with its owner before it).
fn join_at_houses(
    listed: &[(usize, ListedInstitution)],
    records: &[(&String, Section, Signature)],
    rows: &[Signature],
    candidates: &[BTreeSet<usize>],
    joined: &mut [Option<(usize, &'static str)>],
) {
    type Rest = (Vec<usize>, Vec<usize>);
    let mut houses: BTreeMap<(Section, &(usize, String)), Rest> = BTreeMap::new();
    for (row, (_, one)) in listed.iter().enumerate() {
        if let (None, true, Some(section), Some(house)) =
            (joined[row], candidates[row].is_empty(), section_of(&one.class), &rows[row].house)
        {
            houses.entry((section, house)).or_default().0.push(row);
        }
    }
    let taken: BTreeSet<usize> = joined.iter().flatten().map(|(record, _)| *record).collect();
    for (record, (_, section, signature)) in records.iter().enumerate() {
        if let (false, Some(house)) = (taken.contains(&record), &signature.house)
            && let Some((_, of_house)) = houses.get_mut(&(*section, house))
        {
            of_house.push(record);
        }
    }
    for ((_, (_, house)), (of_rows, of_records)) in houses {
        if let ([row], [record]) = (of_rows.as_slice(), of_records.as_slice())
            && is_numbered(house)
            && akin(&rows[*row].names, &records[*record].2.names)
        {
            joined[*row] = Some((*record, "address+akin name"));
        }
    }
}

/// Words that say nothing of who an institution is.
const COMMON_WORDS: [&str; 13] = [
    "クリニツク",
    "リハビリテーション",
    "耳鼻咽喉科",
    "整形外科",
    "小児科",
    "皮膚科",
    "外科",
    "内科",
    "眼科",
    "歯科",
    "診療所",
    "医院",
    "病院",
];

/// True when one name holds the other, or both hold the same four letters beside common words.
fn akin(names: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    let distinct =
        |name: &String| COMMON_WORDS.iter().fold(name.clone(), |name, word| name.replace(word, ""));
    names.iter().any(|name| {
        others.iter().any(|other| {
            let holds = name.contains(other.as_str()) || other.contains(name.as_str());
            let letters: Vec<char> = distinct(name).chars().collect();
            let other = distinct(other);
            holds || letters.windows(4).any(|part| other.contains(&part.iter().collect::<String>()))
        })
    })
}

fn signature(name: &str, address: &str, land: &Land<'_>) -> Signature {
    Signature { names: name_keys(name), house: land.geocoder.house(address) }
}

/// Forms of legal persons with which a name may begin.
const LEGAL_FORMS: [&str; 29] = [
    "(医社)",
    "(医財)",
    "(医)",
    "医)",
    "(福)",
    "(株)",
    "(有)",
    "社会医療法人財団",
    "社会医療法人社団",
    "社会医療法人",
    "特定医療法人財団",
    "特定医療法人社団",
    "特定医療法人",
    "医療法人財団",
    "医療法人社団",
    "医療法人",
    "社会福祉法人",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "地方独立行政法人",
    "独立行政法人",
    "国立大学法人",
    "学校法人",
    "宗教法人",
    "株式会社",
    "有限会社",
    "合同会社",
];

/// Comparable forms of a name: as written, and without the legal person in front of it. The end of
/// the person's own name is known only where a space or 会 marks it, so both cuts are tried.
pub(crate) fn name_keys(name: &str) -> BTreeSet<String> {
    let plain = |name: &str| comparable(name).replace(['・', '·', '.', '-', '(', ')'], "");
    let whole = plain(name);
    let mut keys = BTreeSet::from([whole.clone()]);
    let compared = comparable(name);
    let Some(rest) = LEGAL_FORMS.iter().find_map(|form| compared.strip_prefix(form)) else { return keys };
    let ends = rest.match_indices('会').map(|(at, end)| at + end.len());
    keys.extend(std::iter::once(0).chain(ends).map(|end| plain(&rest[end..])));
    let words: Vec<&str> = name.split_whitespace().collect();
    keys.extend((1..words.len()).map(|from| plain(&words[from..].concat())));
    keys.retain(|key| key.chars().count() >= 3 || *key == whole);
    keys
}

/// What a care office and the medical institution of its number have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Agreement {
    /// The house, so that the coordinates of the one are those of the other.
    House,
    /// Municipality and name only.
    Name,
    /// Nothing but the number.
    None,
}

fn agreement(office: &CareOffice, draft: &Draft, land: &Land<'_>) -> Agreement {
    let one = signature(&office.name, &office.address, land);
    let other = signature(&draft.name, &draft.address, land);
    let hint = office.municipality.and_then(|code| position_of(land.municipalities, code));
    let municipality = one.house.as_ref().map(|(at, _)| *at).or(hint);
    let Some((of_record, house)) = other.house.filter(|(at, _)| Some(*at) == municipality) else {
        return Agreement::None;
    };
    // The number is the same, so a 町 that one of the two leaves out tells nothing apart.
    let plain = |(at, house): (usize, String)| (at, house.replace('町', ""));
    if is_numbered(&house) && one.house.map(plain) == Some(plain((of_record, house))) {
        Agreement::House
    } else if akin(&one.names, &other.names) {
        Agreement::Name
    } else {
        Agreement::None
    }
}

fn take_offices(
    offices: Vec<(usize, CareOffice)>,
    drafts: &mut BTreeMap<String, Draft>,
    land: &Land<'_>,
    ledgers: &mut [Ledger],
) {
    let mut unknown = BTreeSet::new();
    for (input, office) in offices {
        let medical = drafts.get(&office.number);
        let agreement = medical.map(|draft| agreement(&office, draft, land));
        if let (Some(medical), Some(Agreement::None)) = (medical, agreement) {
            ledgers[input].warn(Doubt {
                kind: "care_number_of_another",
                row: office.row,
                field: "事業所番号",
                said: &office.number,
                meant: format!(
                    "{}: 番号は{}の医療機関コードと同じですが、名称も住所も違います。別の施設として扱います",
                    office.name, medical.name
                ),
            });
        }
        let id = match agreement {
            Some(Agreement::House | Agreement::Name) => office.number.clone(),
            Some(Agreement::None) | None => format!("kaigo:{}", office.number),
        };
        let draft = drafts.entry(id).or_insert_with(|| Draft::new(&office.name, &office.address, None));
        let matched_by = if draft.sources.is_empty() { "own record" } else { "number" };
        let source = SourceRow { input, row: office.row, matched_by: matched_by.into() };
        draft.hint = draft.hint.or(office.municipality);
        if agreement != Some(Agreement::Name) {
            draft.coordinates.extend(office.position.map(|point| (point, source.clone())));
        }
        draft.sources.push(source);
        let classes: Vec<String> = classes::of_service(&office.service).collect();
        let is_known = !classes.is_empty();
        draft.classes.extend(classes);
        if !is_known && unknown.insert(office.service.clone()) {
            ledgers[input].warn(Doubt {
                kind: "unknown_service",
                row: office.row,
                field: "サービスの種類",
                said: &office.service,
                meant: "施設の種類の表にないサービスです。事業所は残しますが、どの種類にも数えません"
                    .to_owned(),
            });
        }
    }
}

/// Locates a record and tells what is doubtful about its place.
fn finish(id: String, mut draft: Draft, land: &Land<'_>, ledgers: &mut [Ledger]) -> Institution {
    let is_known = draft.classes.iter().any(|class| {
        classes::classes()
            .iter()
            .any(|known| known.id == *class && known.kind == classes::ClassKind::Institution)
    });
    if let Some(section) = draft.section.filter(|_| !is_known) {
        draft.classes.extend(classes::derived(section, &draft.symbols, draft.beds, land.loaded_classes));
    }
    draft.sources.sort_by_key(|source| (source.input, source.row));
    let hint = draft.hint.and_then(|code| position_of(land.municipalities, code));
    let located = place(&draft, hint, land, ledgers);
    let address = full_address(&draft.address, located.municipality, land);
    if located.precision >= Precision::Municipality
        && let Some(first) = draft.sources.first()
    {
        let (kind, meant) = match located.precision {
            Precision::Municipality => {
                ("located_at_municipality", "町丁目が分からないため、市区町村の代表点に置きました")
            }
            _ => ("unlocated", "所在地から場所が分かりません。地図と所要時間の計算には入りません"),
        };
        ledgers[first.input].warn(Doubt {
            kind,
            row: first.row,
            field: "所在地",
            said: &draft.address,
            meant: format!("{}（{id}）: {meant}", draft.name),
        });
        if let Some(position) = located.position {
            ledgers[first.input].place(position);
        }
    }
    Institution {
        id,
        name: draft.name,
        address,
        municipality: located.municipality,
        position: located.position,
        precision: located.precision,
        classes: draft.classes,
        beds: draft.beds,
        sources: draft.sources,
    }
}

/// The first coordinates that lie in the municipality of the address; else the address. Where the
/// address names no municipality, that of the code beside it or of the coordinates counts.
fn place(draft: &Draft, hint: Option<usize>, land: &Land<'_>, ledgers: &mut [Ledger]) -> Located {
    let mut located = land.geocoder.locate(&draft.address, hint);
    let named = land.geocoder.municipality(&draft.address).map(|(at, _)| at);
    if let (Some(named), Some(hint), Some(source)) = (named, hint, draft.sources.last())
        && named != hint
    {
        let name = |at: usize| &land.municipalities[at].name;
        ledgers[source.input].warn(Doubt {
            kind: "municipality_conflict",
            row: source.row,
            field: "市区町村コード",
            said: &draft.address,
            meant: format!(
                "{}: 所在地は{}、コードは{}です。所在地に従います",
                draft.name,
                name(named),
                name(hint)
            ),
        });
    }
    for (point, source) in &draft.coordinates {
        let inside = land.locator.find(point.0);
        let municipality = located.municipality.or(inside);
        if municipality.is_some() && municipality == inside {
            located = Located { municipality, position: Some(*point), precision: Precision::Point };
            break;
        }
        ledgers[source.input].warn(Doubt {
            kind: "coordinates_outside_municipality",
            row: source.row,
            field: "緯度経度",
            said: &format!("{},{}", point.y(), point.x()),
            meant: format!("{}: 座標が所在地の市区町村の外にあります。座標は使いません", draft.name),
        });
        ledgers[source.input].place(*point);
    }
    located
}

/// The address with prefecture and municipality in front.
fn full_address(address: &str, municipality: Option<usize>, land: &Land<'_>) -> String {
    if address.starts_with(land.prefecture) {
        return address.to_owned();
    }
    let named = land.geocoder.municipality(address).is_some();
    let municipality = municipality.filter(|_| !named).map_or("", |at| &land.municipalities[at].name);
    format!("{}{municipality}{address}", land.prefecture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{MultiPolygon, Rect};

    fn municipalities() -> Vec<Municipality> {
        let at = |code: &str, name: &str, west: f64| Municipality {
            code: code.parse().expect("code"),
            name: name.to_owned(),
            boundary: MultiPolygon(vec![Rect::new((west, 0.0), (west + 1.0, 1.0)).to_polygon()]),
            areas: BTreeMap::new(),
            office: Some(Point::new(west + 0.5, 0.5)),
        };
        vec![at("19201", "甲府市", 0.0), at("19202", "富士吉田市", 1.0)]
    }

    fn filed(number: u32, name: &str, address: &str, symbols: &[&str]) -> (usize, FiledInstitution) {
        let institution = FiledInstitution {
            code: format!("191{number:07}"),
            section: Section::Medical,
            name: name.to_owned(),
            address: address.to_owned(),
            beds: None,
            symbols: symbols.iter().map(|symbol| (*symbol).to_owned()).collect(),
            rows: vec![u64::from(number)],
        };
        (0, institution)
    }

    fn listed(id: &str, class: &str, name: &str, address: &str) -> (usize, ListedInstitution) {
        let institution = ListedInstitution {
            row: id.parse().expect("number"),
            id: id.to_owned(),
            name: name.to_owned(),
            class: class.to_owned(),
            municipality: None,
            address: address.to_owned(),
            position: None,
            beds: None,
        };
        (1, institution)
    }

    fn office(row: u64, number: &str, service: &str, position: Option<Point>) -> (usize, CareOffice) {
        let office = CareOffice {
            row,
            number: number.to_owned(),
            name: "ステーション".to_owned(),
            service: service.to_owned(),
            municipality: Some("19202".parse().expect("code")),
            address: "下吉田1-1".to_owned(),
            position,
        };
        (2, office)
    }

    fn built(sources: Sources) -> (Vec<Institution>, Vec<Ledger>) {
        built_with(sources, &["病院", "診療所"])
    }

    fn built_with(sources: Sources, loaded: &[&str]) -> (Vec<Institution>, Vec<Ledger>) {
        let municipalities = municipalities();
        let mut geocoder = Geocoder::new("山梨県", &municipalities, &BTreeMap::new());
        geocoder.learn(0, "湯村", Point::new(0.2, 0.2));
        let boundaries: Vec<MultiPolygon> = municipalities.iter().map(|one| one.boundary.clone()).collect();
        let land = Land {
            prefecture: "山梨県",
            municipalities: &municipalities,
            locator: &Locator::new(&boundaries),
            geocoder: &geocoder,
            loaded_classes: &loaded.iter().map(|class| (*class).to_owned()).collect(),
        };
        let mut ledgers = vec![Ledger::new("t.xlsx"), Ledger::new("i.csv"), Ledger::new("k.csv")];
        (build(sources, &land, &mut ledgers), ledgers)
    }

    fn ids(institutions: &[Institution]) -> Vec<&str> {
        institutions.iter().map(|one| one.id.as_str()).collect()
    }

    #[test]
    fn rows_that_speak_of_one_institution_become_one_record_with_all_its_sources() {
        let coded = CodedInstitution {
            row: 9,
            code: "1910000001".to_owned(),
            name: "甲医院".to_owned(),
            address: "甲府市湯村1".to_owned(),
        };
        let (institutions, ledgers) = built(Sources {
            filed: vec![filed(1, "医療法人社団　緑会　甲医院", "甲府市湯村１", &["支援診2"])],
            coded: vec![(0, coded)],
            listed: vec![
                listed("5", "2", "甲医院", "山梨県甲府市湯村1番地"),
                listed("6", "5", "甲医院", "山梨県甲府市湯村1"),
            ],
            sited: vec![],
            offices: vec![],
        });
        assert_eq!(ids(&institutions), ["1910000001", "iryo:6"], "a pharmacy is no clinic");
        let one = &institutions[0];
        assert_eq!(one.classes.iter().collect::<Vec<_>>(), ["支援診2", "診療所"]);
        assert_eq!(one.address, "山梨県甲府市湯村１");
        assert_eq!(one.precision, Precision::Town);
        let how: Vec<(usize, u64, &str)> =
            one.sources.iter().map(|source| (source.input, source.row, source.matched_by.as_ref())).collect();
        assert_eq!(how, [(0, 1, "code"), (0, 9, "code"), (1, 5, "name+municipality")]);
        assert!(ledgers.iter().all(|ledger| ledger.findings.is_empty()));
    }

    #[test]
    fn an_older_survey_gives_coordinates_to_who_is_still_at_the_same_house_and_adds_nobody() {
        let sited = |row: u64, name: &str, address: &str, x: f64| {
            let (_, mut one) = listed(&row.to_string(), "2", name, address);
            one.position = Some(Point::new(x, 0.3));
            (2, one)
        };
        let (institutions, ledgers) = built(Sources {
            filed: vec![
                filed(1, "医療法人社団　緑会　甲医院", "甲府市湯村１－２", &[]),
                filed(2, "乙医院", "甲府市湯村3-4", &[]),
            ],
            sited: vec![
                sited(7, "（医）緑会甲医院", "甲府市湯村1番2号", 0.25),
                sited(8, "乙医院", "甲府市湯村9-9", 0.35),
                sited(9, "閉じた医院", "甲府市湯村3-4", 0.45),
            ],
            ..Sources::default()
        });
        let places: Vec<_> = institutions.iter().map(|one| (one.precision, one.position)).collect();
        let town = Some(Point::new(0.2, 0.2));
        assert_eq!(places, [(Precision::Point, Some(Point::new(0.25, 0.3))), (Precision::Town, town)]);
        assert!(ledgers[2].findings[0].meant.starts_with("3件のうち、名称と番地がほかの資料と合う 1件"));
    }

    #[test]
    fn one_code_under_two_names_is_one_record_and_told() {
        let coded = |row, name: &str| {
            let address = "甲府市湯村1".to_owned();
            (1, CodedInstitution { row, code: "1910000001".to_owned(), name: name.to_owned(), address })
        };
        let (institutions, ledgers) = built(Sources {
            filed: vec![filed(1, "医療法人社団　緑会　甲医院", "甲府市湯村１", &[])],
            coded: vec![coded(7, "甲医院"), coded(8, "医療法人緑会　甲醫院"), coded(9, "乙病院")],
            ..Sources::default()
        });
        assert_eq!((institutions.len(), institutions[0].sources.len()), (1, 4));
        let told: Vec<_> = ledgers[1].findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("names_differ", Some(9))]);
        assert!(ledgers[1].findings[0].meant.contains("緑会　甲医院"));
    }

    #[test]
    fn names_that_collide_are_told_apart_by_house_or_not_joined() {
        let (institutions, ledgers) = built(Sources {
            filed: vec![
                filed(1, "鈴木医院", "甲府市湯村1-1", &[]),
                filed(2, "鈴木医院", "甲府市湯村2-2", &[]),
                filed(3, "佐藤医院", "甲府市湯村3", &[]),
            ],
            listed: vec![
                listed("5", "2", "鈴木医院", "山梨県甲府市湯村２番２号"),
                listed("6", "2", "鈴木医院", "山梨県甲府市湯村9-9"),
                listed("7", "2", "佐藤医院", "山梨県富士吉田市湯村3"),
                listed("8", "2", "鈴木醫院", "山梨県甲府市湯村２－２"),
            ],
            ..Sources::default()
        });
        let own = ["1910000001", "1910000002", "1910000003", "iryo:6", "iryo:7"];
        assert_eq!(ids(&institutions), own);
        assert_eq!(institutions[1].sources[1].matched_by, "name+address");
        assert_eq!(institutions[1].sources.len(), 3, "listed twice, one institution");
        let told: Vec<(Option<u64>, &str)> = ledgers[1]
            .findings
            .iter()
            .filter(|finding| finding.kind.contains("institution"))
            .map(|finding| (finding.row, finding.kind.as_str()))
            .collect();
        let expected = [
            (Some(5), "institution_listed_twice"),
            (Some(6), "ambiguous_institution"),
            (Some(8), "institution_listed_twice"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_changed_name_is_joined_only_alone_at_its_house() {
        let (institutions, _) = built(Sources {
            filed: vec![
                filed(1, "恵信韮崎病院", "甲府市湯村1865番1", &["支援病3"]),
                filed(2, "甲内科クリニック", "甲府市湯村7", &["支援診3"]),
            ],
            listed: vec![
                listed("5", "1", "医療法人恵信韮崎会　恵信韮崎相互病院", "山梨県甲府市湯村１８６５－１"),
                listed("6", "2", "乙内科クリニック", "山梨県甲府市湯村7"),
            ],
            ..Sources::default()
        });
        assert_eq!(ids(&institutions), ["1910000001", "1910000002", "iryo:6"]);
        assert_eq!(institutions[0].sources[1].matched_by, "address+akin name");
        assert!(institutions[1].classes.contains("診療所"), "a 支援診 is a clinic whoever lists it");
    }

    #[test]
    fn filings_alone_make_no_class_that_no_file_lists() {
        let filed = || Sources {
            filed: vec![filed(1, "甲病院", "甲府市湯村1", &["支援病3"])],
            ..Sources::default()
        };
        let classes =
            |loaded: &[&str]| built_with(filed(), loaded).0[0].classes.iter().cloned().collect::<Vec<_>>();
        assert_eq!(classes(&["支援病3"]), ["支援病3"]);
        assert_eq!(classes(&["支援病3", "病院"]), ["支援病3", "病院"]);
    }

    #[test]
    fn services_of_an_office_are_one_record_and_coordinates_elsewhere_are_not_used() {
        let inside = Point::new(1.5, 0.5);
        let (institutions, ledgers) = built(Sources {
            sited: vec![],
            offices: vec![
                office(2, "1970100001", "訪問看護", Some(Point::new(121.3, 25.0))),
                office(3, "1970100001", "訪問入浴介護", Some(inside)),
                office(4, "1970100002", "占い", Some(Point::new(0.5, 0.5))),
            ],
            ..Sources::default()
        });
        assert_eq!(ids(&institutions), ["kaigo:1970100001", "kaigo:1970100002"]);
        assert_eq!(institutions[0].classes.len(), 2);
        assert_eq!((institutions[0].position, institutions[0].precision), (Some(inside), Precision::Point));
        assert_eq!(institutions[0].address, "山梨県富士吉田市下吉田1-1");
        assert_eq!(institutions[1].precision, Precision::Municipality);
        let kinds: Vec<&str> = ledgers[2].findings.iter().map(|finding| finding.kind.as_str()).collect();
        let expected = [
            "unknown_service",
            "coordinates_outside_municipality",
            "coordinates_outside_municipality",
            "located_at_municipality",
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn a_pharmacy_that_is_listed_twice_at_one_house_is_one_institution() {
        let (institutions, ledgers) = built(Sources {
            listed: vec![
                listed("5", "5", "サンロード調剤丸の内店", "山梨県甲府市湯村１－１６－１１"),
                listed("6", "5", "サンロード調剤　丸の内店", "山梨県甲府市湯村１丁目１６－１１"),
                listed("7", "5", "株式会社みどり　サンロード調剤丸の内店", "山梨県甲府市湯村1-16-11"),
                listed("8", "5", "サンロード調剤丸の内店", "山梨県甲府市湯村２－１"),
                listed("9", "3", "サンロード調剤丸の内店", "山梨県甲府市湯村１－１６－１１"),
                listed("10", "5", "サンロード調剤丸の内店", "山梨県甲府市湯村"),
                listed("11", "5", "サンロード調剤丸の内店", "山梨県甲府市湯村"),
            ],
            ..Sources::default()
        });
        assert_eq!(ids(&institutions), ["iryo:10", "iryo:11", "iryo:5", "iryo:8", "iryo:9"]);
        let how: Vec<(u64, &str)> =
            institutions[2].sources.iter().map(|source| (source.row, source.matched_by.as_ref())).collect();
        assert_eq!(how, [(5, "own record"), (6, "name+address"), (7, "name+address")]);
        let told: Vec<(Option<u64>, &str)> =
            ledgers[1].findings.iter().map(|finding| (finding.row, finding.kind.as_str())).collect();
        assert_eq!(told, [(Some(6), "institution_listed_twice"), (Some(7), "institution_listed_twice")]);
    }

    #[test]
    fn a_care_office_with_the_number_of_a_medical_institution_is_that_institution_if_all_agrees() {
        let at = |row: u64, number: u32, name: &str, address: &str, code: &str, x: f64| {
            let (input, mut office) =
                office(row, &format!("191{number:07}"), "訪問リハビリテーション", Some(Point::new(x, 0.7)));
            office.name = name.to_owned();
            office.address = address.to_owned();
            office.municipality = Some(code.parse().expect("code"));
            (input, office)
        };
        let (institutions, ledgers) = built(Sources {
            filed: vec![
                filed(1, "市立湯村病院", "甲府市湯村1-1", &[]),
                filed(2, "医療法人峡南会　峡南病院", "甲府市湯村1806", &[]),
                filed(3, "かえで診療所", "甲府市湯村3", &[]),
                filed(4, "さくら病院", "甲府市湯村4", &[]),
            ],
            sited: vec![],
            offices: vec![
                at(2, 1, "訪問リハビリテーションかぞく", "山梨県甲府市湯村町1番地1", "19201", 0.31),
                at(3, 2, "峡南病院訪問リハビリテーション", "湯村1544-1", "19201", 0.32),
                at(4, 3, "通所センター和叶", "甲府市湯村888-1", "19201", 0.33),
                at(5, 4, "さくら病院", "富士吉田市下吉田1", "19202", 1.34),
            ],
            ..Sources::default()
        });
        let own = ["1910000001", "1910000002", "1910000003", "1910000004"];
        assert_eq!(ids(&institutions), [&own[..], &["kaigo:1910000003", "kaigo:1910000004"]].concat());
        assert!(institutions[0].classes.contains("訪問リハ"));
        assert_eq!(institutions[0].position, Some(Point::new(0.31, 0.7)), "the same house");
        assert_eq!(institutions[0].precision, Precision::Point);
        assert!(institutions[1].classes.contains("訪問リハ"));
        assert_eq!(institutions[1].position, Some(Point::new(0.2, 0.2)), "its annex is elsewhere");
        assert_eq!(institutions[1].sources[1].matched_by, "number");
        let told: Vec<(Option<u64>, &str)> =
            ledgers[2].findings.iter().map(|finding| (finding.row, finding.kind.as_str())).collect();
        assert_eq!(told, [(Some(4), "care_number_of_another"), (Some(5), "care_number_of_another")]);
    }

    #[test]
    fn names_are_compared_with_and_without_the_legal_person() {
        for (name, key) in [
            ("医療法人社団愛全会愛全病院", "愛全病院"),
            ("社会医療法人青虎会　　ツル虎ノ門外科病院", "ツル虎ノ門外科病院"),
            ("（医）秀紘会今井小児科", "今井小児科"),
            ("医）双雄会　堀内整形外科医院", "堀内整形外科医院"),
        ] {
            let keys = name_keys(name);
            assert!(keys.contains(&comparable(key)), "{keys:?}");
        }
        assert_eq!(name_keys("会田医院").len(), 1);
        assert!(!name_keys("医療法人社団内科").contains(""), "nothing is no name");
    }
}
