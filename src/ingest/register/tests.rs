use crate::geometry::locate::Locator;
use crate::ingest::geocode::Geocoder;
use crate::ingest::institution_codes::CodedInstitution;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::kaigo::CareOffice;
use crate::ingest::ledger::Ledger;
use crate::ingest::register::{Land, Sources, build};
use crate::ingest::study::{Institution, Municipality, Precision};
use crate::ingest::todokede::{FiledInstitution, Section};
use geo::{MultiPolygon, Point, Rect};
use std::collections::BTreeMap;

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
    let mut geocoder = Geocoder::new("山梨県", &municipalities, &BTreeMap::new(), &[]);
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
