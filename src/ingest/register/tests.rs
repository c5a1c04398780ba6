use crate::geometry::locate::Locator;
use crate::ingest::code_contents::ContentsRow;
use crate::ingest::geocode::Geocoder;
use crate::ingest::identity_decisions::Decision;
use crate::ingest::institution_codes::CodedInstitution;
use crate::ingest::iryo_joho_net::ListedInstitution;
use crate::ingest::kaigo::CareOffice;
use crate::ingest::ledger::Ledger;
use crate::ingest::register::{Land, Sources, build};
use crate::ingest::review::Review;
use crate::ingest::study::{Institution, Municipality, Practice, Precision, RowOf};
use crate::ingest::todokede::{FiledInstitution, Section};
use geo::{MultiPolygon, Point, Rect};
use std::collections::{BTreeMap, BTreeSet};

fn municipalities() -> Vec<Municipality> {
    let at = |code: &str, name: &str, west: f64| Municipality {
        code: code.parse().expect("code"),
        name: name.to_owned(),
        boundary: MultiPolygon(vec![Rect::new((west, 0.0), (west + 1.0, 1.0)).to_polygon()]),
        areas: BTreeMap::new(),
        further: BTreeMap::new(),
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
        since: BTreeMap::new(),
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
        capacity: Some(row as u32),
    };
    (2, office)
}

fn built(sources: Sources) -> (Vec<Institution>, Vec<Ledger>) {
    let (institutions, _, ledgers) = built_with(sources, &["病院", "診療所"]);
    (institutions, ledgers)
}

fn reviewed(sources: Sources) -> (Vec<Institution>, Review, Vec<Ledger>) {
    built_with(sources, &["病院", "診療所"])
}

fn built_with(sources: Sources, loaded: &[&str]) -> (Vec<Institution>, Review, Vec<Ledger>) {
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
    let (institutions, review) = build(sources, &land, &mut ledgers);
    (institutions, review, ledgers)
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
        ..Sources::default()
    });
    assert_eq!(ids(&institutions), ["1910000001", "iryo:6"], "a pharmacy is no clinic");
    let one = &institutions[0];
    assert_eq!(one.classes.iter().collect::<Vec<_>>(), ["支援診2", "診療所"]);
    assert_eq!(one.address, "山梨県甲府市湯村１");
    assert_eq!(one.precision, Precision::Town);
    let how: Vec<(usize, u64, &str)> =
        one.sources.iter().map(|source| (source.input, source.row, source.matched_by.as_ref())).collect();
    assert_eq!(how, [(0, 1, "code"), (0, 9, "code"), (1, 5, "name+address")]);
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

fn contents(row: u64, number: &str, name: &str, practice: Practice) -> (usize, ContentsRow) {
    let row = ContentsRow {
        row,
        section: Section::Medical,
        number: number.to_owned(),
        name: name.to_owned(),
        address: "甲府市湯村1".to_owned(),
        kind: Some("診療所"),
        beds: Some(4),
        practice,
    };
    (1, row)
}

#[test]
fn the_code_list_by_contents_gives_doctors_and_tells_who_is_suspended() {
    let practice = |suspended| Practice { suspended: Some(suspended), ..Practice::default() };
    let (institutions, _) = built(Sources {
        filed: vec![filed(1, "甲医院", "甲府市湯村1", &["支援診3"]), filed(2, "乙医院", "甲府市湯村1", &[])],
        contents: vec![
            contents(4, "0000001", "甲医院", practice(false)),
            contents(7, "0000002", "乙医院", practice(true)),
            contents(9, "0000003", "丙医院", practice(false)),
        ],
        ..Sources::default()
    });
    assert_eq!(ids(&institutions), ["1910000001", "1910000002", "1910000003"]);
    let classes = |at: usize| institutions[at].classes.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        [classes(0), classes(1), classes(2)],
        [vec!["支援診3", "診療所"], vec!["診療所"], vec!["診療所"]]
    );
    assert_eq!((institutions[0].beds, institutions[0].practice.suspended), (Some(4), Some(false)));
    assert_eq!(institutions[1].practice.suspended, Some(true), "ingest::stops sets it aside");
}

#[test]
fn what_sources_say_against_each_other_is_told_and_the_first_is_followed() {
    let with = |(input, one): (usize, ListedInstitution), beds, position| {
        (input, ListedInstitution { beds: Some(beds), position: Some(position), ..one })
    };
    let beds =
        |(input, one): (usize, FiledInstitution), beds| (input, FiledInstitution { beds: Some(beds), ..one });
    let near = Point::new(0.2, 0.2);
    let (institutions, ledgers) = built(Sources {
        filed: vec![
            beds(filed(1, "甲病院", "甲府市湯村829-3", &["支援病3"]), 40),
            beds(filed(2, "乙病院", "甲府市湯村字川向1045-2", &["支援病3"]), 30),
        ],
        listed: vec![
            with(listed("5", "2", "甲病院", "山梨県甲府市湯村18-1"), 38, near),
            with(listed("6", "1", "乙病院", "山梨県甲府市湯村１，０４５"), 30, near),
        ],
        sited: vec![],
        offices: vec![
            office(8, "1970100001", "訪問看護", Some(Point::new(1.5, 0.5))),
            office(9, "1970100001", "訪問入浴介護", Some(Point::new(1.502, 0.5))),
            office(10, "1970100001", "訪問介護", Some(Point::new(1.51, 0.5))),
        ],
        ..Sources::default()
    });
    assert_eq!((institutions[0].beds, institutions[1].beds), (Some(40), Some(30)));
    let office = institutions.iter().find(|one| one.id == "kaigo:1970100001").expect("the office");
    assert_eq!(office.capacities(), "訪問介護 10・訪問入浴介護 9・訪問看護 8");
    assert_eq!(office.practice.capacities["訪問介護"].origin, RowOf { input: 2, row: 10 });
    let told: Vec<_> = ledgers
        .iter()
        .flat_map(|ledger| &ledger.findings)
        .filter(|one| one.kind.ends_with("differ"))
        .map(|one| (one.kind.as_str(), one.row, one.said.as_str()))
        .collect();
    let expected = [
        ("addresses_differ", Some(5), "山梨県甲府市湯村18-1"),
        ("beds_differ", Some(5), "38"),
        ("kinds_differ", Some(5), "病院と診療所"),
        ("coordinates_differ", Some(10), "0.5,1.51"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_day_of_a_filing_is_not_forgotten_for_a_list_without_days() {
    let filed_on = |day: Option<&str>| {
        let (input, mut one) = filed(1, "甲医院", "甲府市丸の内1-6-1", &["支援診2"]);
        one.since = day.map(|day| ("支援診2".to_owned(), day.to_owned())).into_iter().collect();
        (input, one)
    };
    for days in [[Some("2024-06-01"), None], [None, Some("2024-06-01")]] {
        let filed = days.map(filed_on).into();
        let (institutions, _) = built(Sources { filed, ..Sources::default() });
        assert_eq!(institutions[0].practice.filings["支援診2"].as_deref(), Some("2024-06-01"), "{days:?}");
    }
}

fn station(row: u64, number: &str, name: &str, address: &str) -> (usize, FiledInstitution) {
    let station = FiledInstitution {
        code: number.to_owned(),
        section: Section::Nursing,
        name: name.to_owned(),
        address: address.to_owned(),
        beds: None,
        symbols: BTreeSet::from(["訪看23".to_owned()]),
        since: BTreeMap::new(),
        rows: vec![row],
    };
    (1, station)
}

#[test]
fn stations_are_joined_to_care_offices_by_number_name_or_house() {
    let named = |row, number: &str, name: &str, address: &str| {
        let (input, office) = office(row, number, "訪問看護", None);
        let (name, address) = (name.to_owned(), address.to_owned());
        (input, CareOffice { name, address, municipality: None, ..office })
    };
    let (institutions, _, ledgers) = built_with(
        Sources {
            offices: vec![
                named(2, "1960000001", "甲訪問看護ステーション", "甲府市湯村1-1"),
                named(3, "1960000002", "乙訪問看護ステーション", "甲府市湯村2-2"),
                named(4, "1960000003", "丙訪問看護ステーション", "甲府市湯村3-3"),
            ],
            stations: vec![
                station(9, "0000001", "甲訪問看護", "甲府市湯村１－１"),
                station(10, "0000009", "乙訪問看護ステーション", "甲府市丸の内"),
                station(11, "0000008", "丙訪問看護ステーションみらい", "甲府市湯村３－３"),
                station(12, "0000003", "丁訪問看護", "富士吉田市下吉田1"),
            ],
            ..Sources::default()
        },
        &["訪問看護", "訪問看護24時間"],
    );
    let ids: Vec<&str> = ids(&institutions);
    assert_eq!(ids, ["1960000003", "kaigo:1960000001", "kaigo:1960000002", "kaigo:1960000003"]);
    let how = |at: usize| institutions[at].sources.first().map(|source| source.matched_by.as_ref());
    let joined = [how(0), how(1), how(2), how(3)];
    let expected = ["own record", "number", "name+municipality", "address+akin name"];
    assert_eq!(joined, expected.map(Some));
    assert!(institutions.iter().all(|one| one.classes.contains("訪問看護24時間")));
    let told: Vec<_> = ledgers[1].findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
    assert!(told.contains(&("unmatched_station", Some(12))) && told.contains(&("station_symbols", None)));
    assert_eq!(ledgers[1].findings[0].said, "訪看23 4");
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
        filed: vec![filed(1, "甲病院", "甲府市湯村1", &["支援病3", "検体検査"])],
        ..Sources::default()
    };
    let classes =
        |loaded: &[&str]| built_with(filed(), loaded).0[0].classes.iter().cloned().collect::<Vec<_>>();
    assert_eq!(classes(&["支援病3"]), ["支援病3"]);
    let filings = built_with(filed(), &[]).0[0].practice.filings.clone();
    assert_eq!(filings.into_keys().collect::<Vec<_>>(), ["支援病3"], "what is of no class is not kept");
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

/// Records, score and reason of the pairs that were not joined.
fn doubts(review: &Review) -> Vec<(&str, &str, u8)> {
    let pairs = review.doubtful.iter();
    pairs.map(|pair| (pair.one.key.as_str(), pair.other.key.as_str(), pair.score)).collect()
}

fn decision(row: u64, one: &str, other: &str, is_same: bool) -> (usize, Decision) {
    (2, Decision { row, layer: None, records: [one.to_owned(), other.to_owned()], is_same })
}

#[test]
fn what_is_not_sure_enough_is_not_joined_but_listed() {
    let (institutions, review, _) = reviewed(Sources {
        filed: vec![
            filed(1, "ひがき耳鼻咽喉科", "甲府市湯村1-1", &[]),
            filed(2, "鈴木医院", "甲府市湯村2-1", &[]),
            filed(3, "鈴木医院", "甲府市湯村2-2", &[]),
            filed(4, "山の手通り田中内科", "甲府市湯村4-1", &[]),
            filed(5, "渡辺クリニック", "甲府市湯村5-1", &[]),
            filed(6, "遠い医院", "甲府市湯村6-1", &[]),
        ],
        listed: vec![
            listed("11", "2", "桧垣耳鼻咽喉科", "山梨県甲府市湯村1番1号"),
            listed("12", "2", "鈴木医院", "山梨県甲府市湯村2-3"),
            listed("14", "2", "山の手通りクリニック", "山梨県甲府市湯村4-9"),
            listed("15", "2", "渡辺クリニック", "山梨県富士吉田市下吉田5"),
            listed("16", "2", "別の診療所", "山梨県甲府市湯村7-1"),
        ],
        ..Sources::default()
    });
    assert_eq!(institutions.len(), 11, "nothing is joined");
    let expected = [
        ("1910000002", "iryo:12", 65),
        ("1910000003", "iryo:12", 65),
        ("1910000001", "iryo:11", 65),
        ("1910000004", "iryo:14", 60),
        ("1910000005", "iryo:15", 50),
    ];
    assert_eq!(doubts(&review), expected);
    let reason = "仮名と漢字の違いのほかは名称が同じ・番地まで同じ・ほかに候補がない";
    assert_eq!(review.doubtful[2].reason, reason);
}

#[test]
fn names_that_may_read_alike_at_one_number_are_listed_and_never_joined() {
    let (institutions, review, _) = reviewed(Sources {
        filed: vec![
            filed(1, "ひがき耳鼻咽喉科医院", "甲府市湯村188", &[]),
            filed(2, "たかはし医院", "甲府市湯村9", &[]),
            filed(3, "さいとう医院", "甲府市湯村9", &[]),
            filed(4, "こばやし医院", "甲府市湯村10", &[]),
        ],
        listed: vec![
            listed("11", "2", "桧垣耳鼻咽喉科医院", "山梨県甲府市湯村字参宮地１８８"),
            listed("12", "2", "高橋医院", "山梨県甲府市湯村字原９"),
            listed("13", "2", "斉藤医院", "山梨県甲府市湯村字原９"),
            listed("14", "2", "小林医院", "山梨県甲府市湯村字原１１"),
            listed("15", "3", "小林医院", "山梨県甲府市湯村字原１０"),
        ],
        ..Sources::default()
    });
    assert_eq!(institutions.len(), 9, "nothing is joined");
    let expected = [
        ("1910000001", "iryo:11", 65),
        ("1910000002", "iryo:12", 45),
        ("1910000003", "iryo:12", 45),
        ("1910000002", "iryo:13", 45),
        ("1910000003", "iryo:13", 45),
    ];
    assert_eq!(doubts(&review), expected, "not another number, nor a dentist");
}

#[test]
fn what_a_planner_decided_goes_before_every_score() {
    let sources = |decisions| Sources {
        filed: vec![
            filed(1, "ひがき耳鼻咽喉科", "甲府市湯村1-1", &["支援診3"]),
            filed(2, "佐藤医院", "甲府市湯村2", &[]),
        ],
        listed: vec![
            listed("11", "2", "桧垣耳鼻咽喉科", "山梨県甲府市湯村1番1号"),
            listed("12", "2", "佐藤医院", "山梨県甲府市湯村2"),
        ],
        offices: vec![office(9, "1970100001", "訪問看護", None)],
        decisions,
        ..Sources::default()
    };
    let (institutions, _, _) = reviewed(sources(vec![]));
    assert_eq!(ids(&institutions), ["1910000001", "1910000002", "iryo:11", "kaigo:1970100001"]);
    let (institutions, review, ledgers) = reviewed(sources(vec![
        decision(2, "iryo:11", "1910000001", true),
        decision(3, "1910000002", "iryo:12", false),
        decision(4, "1910000009", "iryo:12", true),
        decision(5, "1910000001", "iryo:11", false),
    ]));
    assert_eq!(ids(&institutions), ["1910000001", "1910000002", "iryo:12", "kaigo:1970100001"]);
    let joined = &institutions[0].sources[1];
    assert_eq!((joined.matched_by.as_ref(), joined.score, joined.row), ("decision", 100, 11));
    assert!(doubts(&review).is_empty(), "what is decided is not asked again");
    let told: Vec<_> = ledgers[2].findings.iter().map(|one| (one.row, one.kind.as_str())).collect();
    let expected = [(Some(4), "decision_without_record"), (Some(5), "decision_not_followed")];
    assert_eq!(told[..2], expected);
}

#[test]
fn decisions_join_records_of_any_two_sources() {
    let (institutions, _, _) = reviewed(Sources {
        filed: vec![filed(1, "甲病院", "甲府市湯村1-1", &[])],
        offices: vec![office(9, "1970100001", "訪問看護", Some(Point::new(1.5, 0.5)))],
        decisions: vec![decision(2, "kaigo:1970100001", "1910000001", true)],
        ..Sources::default()
    });
    assert_eq!(ids(&institutions), ["1910000001"], "the record with a 医療機関コード keeps its id");
    assert!(institutions[0].classes.contains("訪問看護"));
    assert_eq!(institutions[0].sources.len(), 2);
}

#[test]
fn each_attribute_knows_its_row_and_each_link_its_score() {
    let (institutions, review, _) = reviewed(Sources {
        filed: vec![filed(1, "甲病院", "甲府市湯村1-1", &["支援病3"])],
        listed: vec![{
            let (input, mut one) = listed("5", "1", "甲病院", "山梨県甲府市湯村1番地1");
            one.position = Some(Point::new(0.25, 0.2));
            one.beds = Some(40);
            (input, one)
        }],
        ..Sources::default()
    });
    let one = &institutions[0];
    let (filing, listing) = (Some(RowOf { input: 0, row: 1 }), Some(RowOf { input: 1, row: 5 }));
    assert_eq!((one.origins.name, one.origins.address, one.origins.beds), (filing, filing, listing));
    assert_eq!(one.origins.position, listing);
    let class = |class: &str| one.origins.classes.get(class).copied();
    assert_eq!((class("支援病3"), class("病院")), (filing, listing));
    let scores: Vec<u8> = one.sources.iter().map(|source| source.score).collect();
    assert_eq!(scores, [100, 100], "name, house and nobody else");
    assert_eq!(review.links[1].reason, "名称が同じ・番地まで同じ・ほかに候補がない");
    let check = &review.address_checks[0];
    assert_eq!(
        (check.institution.as_str(), check.input, check.precision),
        ("1910000001", 1, Precision::Town)
    );
    let metres = check.metres.expect("both are known");
    assert!((5_560.0..5_570.0).contains(&metres), "0.05 degrees at 0.2° N: {metres}");
}

#[test]
fn a_post_code_hides_no_address_and_another_prefecture_is_none_of_ours() {
    let of_tokyo = CareOffice {
        address: "東京都千代田区丸の内1丁目1-1".to_owned(),
        ..office(4, "1960200001", "訪問看護", None).1
    };
    let (institutions, _) = built(Sources {
        filed: vec![
            filed(1, "甲医院", "〒400-0000 山梨県甲府市湯村１", &[]),
            filed(2, "乙医院", "400-0000 甲府市湯村２", &[]),
        ],
        offices: vec![(2, of_tokyo)],
        ..Sources::default()
    });
    let found: Vec<_> =
        institutions.iter().map(|one| (one.address.as_str(), one.position.is_some())).collect();
    let expected =
        [("山梨県甲府市湯村１", true), ("山梨県甲府市湯村２", true), ("東京都千代田区丸の内1丁目1-1", false)];
    assert_eq!(found, expected);
}

#[test]
fn two_stations_in_one_building_are_two() {
    let hotaru = || CareOffice {
        name: "訪問看護ステーションほたる".to_owned(),
        address: "甲府市湯村1-18 ビル2階".to_owned(),
        municipality: None,
        ..office(4, "1960199901", "訪問看護", None).1
    };
    for other in ["訪問看護ステーションとんぼ", "訪問看護ステーションほたるの森"]
    {
        let (institutions, _, _) = built_with(
            Sources {
                offices: vec![(2, hotaru())],
                stations: vec![
                    station(2, "0199912", other, "甲府市湯村1-18 5階"),
                    station(3, "0199901", "訪問看護ステーションほたる", "甲府市湯村1-18 2階"),
                ],
                ..Sources::default()
            },
            &["訪問看護", "訪問看護24時間"],
        );
        assert_eq!(ids(&institutions), ["1960199912", "kaigo:1960199901"]);
    }
}
