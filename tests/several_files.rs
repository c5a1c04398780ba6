//! Several files of one kind in a folder: parts of a whole are all taken, older editions and what another says
//! as well are named with the reason.

mod support;

use keniki::ingest::manifest::{InputKind, Manifest};
use keniki::ingest::study::Study;
use keniki::ingest::survey::{Outcome, Readable, survey};
use keniki::progress::Silent;
use std::collections::BTreeMap;
use std::fs;
use support::hostile::{Packed, archive};
use support::samples::{PREFECTURE, Sample, kinds, samples};
use support::{keniki_succeeds, path_text, root};

/// The sample of a kind by its word.
fn sample(word: &str) -> Sample {
    let kind = kinds().into_iter().find(|kind| kind.word() == word).expect("a kind");
    samples(kind).remove(0)
}

/// A file of the sample of a kind with other rows, their fields between commas.
fn file(word: &str, rows: &[&str]) -> Vec<u8> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.split(',').map(str::to_owned).collect()).collect();
    sample(word).with_rows(&rows)
}

/// The inputs of a folder with these files, by name.
fn inputs(files: &[(&str, Vec<u8>)]) -> BTreeMap<String, Readable> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("written");
    }
    let survey = survey(folder.path(), Some(PREFECTURE), &Silent).expect("readable");
    let inputs = survey.files.into_iter().filter_map(|file| match file.outcome {
        Outcome::Input(readable) => Some((file.file, readable)),
        _ => None,
    });
    inputs.collect()
}

/// The reason for which a file is left out; empty = it is taken.
fn left_out<'a>(inputs: &'a BTreeMap<String, Readable>, file: &str) -> &'a str {
    inputs[file].left_out.as_deref().unwrap_or_default()
}

#[test]
fn lists_of_two_municipalities_are_both_taken_and_a_copy_is_not() {
    let rota = |row| file("rota", &[row]);
    let head = sample("rota").head[0].join(",");
    let row = |area: &str, name: &str| {
        let of = |column: &str| {
            match column {
                "曜日" => "月",
                "開始" => "18:00",
                "終了" => "22:00",
                "地域" => area,
                "名称" => name,
                _ => "",
            }
            .to_owned()
        };
        head.split(',').map(of).collect::<Vec<_>>().join(",")
    };
    let (kofu, fuji) = (row("甲府市", "甲医院"), row("富士吉田市", "乙医院"));
    let inputs =
        inputs(&[("甲府.csv", rota(&kofu)), ("甲府の写し.csv", rota(&kofu)), ("富士吉田.csv", rota(&fuji))]);
    assert_eq!((left_out(&inputs, "甲府.csv"), left_out(&inputs, "富士吉田.csv")), ("", ""));
    assert_eq!(left_out(&inputs, "甲府の写し.csv"), "このファイルの 1 件はすべて 甲府.csv にもあります");
}

#[test]
fn lists_in_files_of_several_endings_in_one_archive_are_all_read() {
    let list = sample("linkage_hubs").file();
    let packed = [Packed::honest("a.csv", &list), Packed::honest("b.txt", &list)];
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.zip"), archive(&packed)).expect("written");
    let survey = survey(folder.path(), Some(PREFECTURE), &Silent).expect("readable");
    let rows = survey.files.iter().map(|file| match &file.outcome {
        Outcome::Input(readable) => readable.rows_read,
        other => panic!("{}: {other:?}", file.name()),
    });
    assert_eq!(rows.collect::<Vec<u64>>(), [sample("linkage_hubs").rows.len() as u64; 2]);
}

#[test]
fn flows_the_other_way_are_another_thing() {
    let rows = sample("area_flows").rows.clone();
    let text = |from: &str, to: &str| {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.replace(from, to)).collect()).collect();
        sample("area_flows").with_rows(&rows)
    };
    let inputs = inputs(&[("a.csv", text("流出率", "流入率")), ("b.csv", text("流入率", "流出率"))]);
    assert_eq!((left_out(&inputs, "a.csv"), left_out(&inputs, "b.csv")), ("", ""));
}

#[test]
fn lists_of_every_kind_that_speak_of_other_places_are_both_taken() {
    let other =
        |field: &str| field.replace("甲府市", "南アルプス市").replace("19201", "19208").replace('甲', "乙");
    for word in [
        "active_institutions",
        "linkage_hubs",
        "cohort_counts",
        "rota",
        "living_areas",
        "admission_beds",
        "continuity_plans",
        "targets",
        "night_calls",
        "care_facility_partners",
        "emergency_tools",
        "patient_flows",
    ] {
        let sample = sample(word);
        let first = sample.rows[..1].to_vec();
        let numbered = |row: &Vec<String>| -> Vec<String> {
            let row = row.iter().map(|field| other(field));
            row.map(|field| {
                if field.len() == 10 && field.starts_with("191") { "1910109999".to_owned() } else { field }
            })
            .collect()
        };
        let second: Vec<Vec<String>> = first.iter().map(numbered).collect();
        assert_ne!(first, second, "{word}: a sample without a place or a name");
        let inputs = inputs(&[("a", sample.with_rows(&first)), ("b", sample.with_rows(&second))]);
        let told = [left_out(&inputs, "a"), left_out(&inputs, "b")];
        assert_eq!(told, ["", ""], "{word}");
    }
}

#[test]
fn a_municipality_in_the_tables_of_two_medical_associations_is_taken_from_both() {
    let table = |rows: &str| format!("市区町村コード,医師会名\n{rows}").into_bytes();
    let inputs = inputs(&[
        ("甲.csv", table("19201,甲医師会\n19202,甲医師会\n")),
        ("乙.csv", table("19201,乙医師会\n")),
        ("甲の写し.csv", table("19201,甲医師会\n")),
    ]);
    assert_eq!((left_out(&inputs, "甲.csv"), left_out(&inputs, "乙.csv")), ("", ""));
    assert!(left_out(&inputs, "甲の写し.csv").contains("甲.csv"));
}

#[test]
fn tables_of_areas_that_contradict_each_other_are_no_copies() {
    let table = |rows: &str| format!("市区町村コード,二次医療圏名\n{rows}").into_bytes();
    let inputs = inputs(&[
        ("一.csv", table("19201,中北\n19202,富士・東部\n")),
        ("二.csv", table("19201,峡中\n19202,富士・東部\n")),
    ]);
    let told = left_out(&inputs, "二.csv");
    assert!(told.contains("どちらが新しいかわかりません"), "甲府市 lies elsewhere in it: {told}");
}

#[test]
fn counts_of_an_earlier_year_are_no_older_edition() {
    let table = |rows: &str| format!("区分,市区町村コード,年,人数\n{rows}").into_bytes();
    let inputs = inputs(&[
        ("a.csv", table("在宅人工呼吸,19201,2025,11\n医療的ケア児,19201,2024,40\n")),
        ("b.csv", table("医療的ケア児,19201,2024,40\n医療的ケア児,19202,2024,20\n")),
    ]);
    assert_eq!((left_out(&inputs, "a.csv"), left_out(&inputs, "b.csv")), ("", ""));
}

#[test]
fn places_of_institutions_of_another_prefecture_are_left_out() {
    let sites = |x: f64| {
        let feature = format!(
            r#"{{"type":"Feature","properties":{{"P04_001":"1","P04_002":"甲病院","P04_003":"一丁目"}},"geometry":{{"type":"Point","coordinates":[{x},35.65]}}}}"#
        );
        format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#).into_bytes()
    };
    let boundary = sample("n03_boundary");
    let land = boundary.with_rows(&boundary.rows[..1]);
    let files = [("0.geojson", land), ("P04_47.geojson", sites(127.7))];
    let told = inputs(&files);
    assert!(left_out(&told, "P04_47.geojson").contains("別の地域"), "{told:?}");
    let [_, far] = files;
    assert_eq!(left_out(&inputs(&[far]), "P04_47.geojson"), "", "without boundaries nobody knows");
}

#[test]
fn a_newer_table_of_renamed_associations_goes_before_the_older() {
    let table = |rows: &str| format!("市区町村コード,医師会名\n{rows}").into_bytes();
    let inputs = inputs(&[
        ("医師会_2023.csv", table("19201,甲府市医師会\n19202,富士吉田医師会\n")),
        ("医師会_2025.csv", table("19201,甲府市・中巨摩医師会\n19202,富士吉田医師会\n")),
    ]);
    assert_eq!(left_out(&inputs, "医師会_2025.csv"), "");
    assert!(left_out(&inputs, "医師会_2023.csv").contains("より新しい版 医師会_2025.csv"));
}

#[test]
fn hospitals_and_clinics_of_one_section_are_two_files_of_one_edition() {
    let row = |number: &str, name: &str| format!("1,19,医科,{number},{name},甲府市一丁目,,支援診２");
    let of = |rows: &[&str]| file("todokede", rows);
    let (hospital, clinic) = (row("0100001", "甲病院"), row("0100002", "乙医院"));
    let files = [("病院.xlsx", of(&[&hospital])), ("診療所.xlsx", of(&[&clinic]))];
    let taken = inputs(&files);
    assert_eq!((left_out(&taken, "病院.xlsx"), left_out(&taken, "診療所.xlsx")), ("", ""));
    let [hospitals, clinics] = files;
    let whole = inputs(&[("全部.xlsx", of(&[&hospital, &clinic])), hospitals, clinics]);
    for part in ["病院.xlsx", "診療所.xlsx"] {
        assert!(
            left_out(&whole, part).contains("1 件はすべて 全部.xlsx（2025-09-01）にもあります"),
            "{part}"
        );
    }
}

#[test]
fn the_newest_edition_of_a_service_leaves_out_the_older_with_its_count() {
    let office = |service: &str, number: u32| {
        let head = sample("kaigo_jigyosho").head[0].join(",");
        let of = |column: &str| match column {
            "都道府県コード又は市町村コード" => "192015".to_owned(),
            "事業所名" => format!("事業所{number}"),
            "サービスの種類" => service.to_owned(),
            "住所" => "甲府市".to_owned(),
            "事業所番号" => format!("1950{number:06}"),
            _ => String::new(),
        };
        head.split(',').map(of).collect::<Vec<_>>().join(",")
    };
    let of = |rows: Vec<String>| file("kaigo_jigyosho", &rows.iter().map(String::as_str).collect::<Vec<_>>());
    let health = |count| (0..count).map(|at| office("介護老人保健施設", at));
    let new = of(health(2).collect());
    let old = of(health(5).collect());
    let mixed = of(health(5).chain([office("訪問看護", 9)]).collect());
    let inputs = inputs(&[
        ("a_20240101.csv", old.clone()),
        ("b_20260701.csv", new),
        ("c_20230101.csv", mixed),
        ("d.csv", old),
    ]);
    assert_eq!(left_out(&inputs, "b_20260701.csv"), "");
    let told = "介護老人保健施設 のより新しい版 b_20260701.csv（2026-07-01）があります。両方にある 2 件のほか、このファイルだけの 3 件も使いません";
    assert_eq!(left_out(&inputs, "a_20240101.csv"), told);
    assert!(left_out(&inputs, "d.csv").contains("このファイルは時点がわかりません"));
    let mixed = &inputs["c_20230101.csv"];
    assert_eq!(mixed.left_out, None, "訪問看護 stands in it alone");
    let finding = mixed.findings.iter().find(|finding| finding.kind == "edition_left_out").expect("told");
    assert_eq!((finding.said.as_str(), finding.meant.as_str()), ("介護老人保健施設", told));
}

#[test]
fn the_finest_mesh_of_the_prefecture_is_taken_and_one_of_another_region_is_not() {
    let mesh = |keys: &[&str]| {
        let rows: Vec<String> = keys.iter().map(|key| format!("{key},0,,,120,40,20,5")).collect();
        file("census_mesh", &rows.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let boundary = sample("n03_boundary");
    let inputs = inputs(&[
        ("0.geojson", boundary.with_rows(&boundary.rows[..1])),
        ("1km.txt", mesh(&["53383700", "53383701"])),
        ("2_500m.txt", mesh(&["533837001", "533837002", "533837011"])),
        ("3_250m.txt", mesh(&["5338370011"])),
        ("4_elsewhere.txt", mesh(&["51300000", "51300001"])),
    ]);
    let told = "同じ調査のより細かいメッシュ 2_500m.txt（500 m、こちらは 1 km）を使います";
    assert_eq!((left_out(&inputs, "2_500m.txt"), left_out(&inputs, "1km.txt")), ("", told));
    assert!(left_out(&inputs, "3_250m.txt").contains("県をより広く含むメッシュ 2_500m.txt"));
    assert!(left_out(&inputs, "4_elsewhere.txt").contains("別の地域"));
}

#[test]
fn opening_hours_of_another_prefecture_are_left_out() {
    let listed = sample("iryo_joho_net");
    let id = listed.head[0].iter().position(|name| name.contains("ID")).expect("a column");
    let hours = sample("opening_hours");
    let at = hours.head[0].iter().position(|name| name.contains("ID")).expect("a column");
    let of = |id: &str| {
        let mut row = hours.rows[0].clone();
        id.clone_into(&mut row[at]);
        hours.with_rows(&[row])
    };
    let own = listed.rows[0][id].clone();
    let files = [("施設.csv", listed.file()), ("県.csv", of(&own)), ("他.csv", of("99999"))];
    let inputs = inputs(&files);
    assert_eq!(inputs["県.csv"].kind, InputKind::OpeningHours);
    assert_eq!(left_out(&inputs, "県.csv"), "");
    let told = left_out(&inputs, "他.csv");
    assert!(told.contains("どれの診療時間でもありません"), "{told}");
}

#[test]
fn every_member_of_a_mixed_archive_is_told_and_those_that_can_be_used_are() {
    let other: &[u8] = b"name,price\n1,2\n";
    let members = [
        ("コード内容別.xlsx", sample("code_contents").file()),
        ("届出.xlsx", sample("todokede").file()),
        ("拠点.csv", sample("linkage_hubs").file()),
        ("時間.csv", sample("opening_hours").file()),
        ("買い物.csv", other.to_vec()),
        ("略称.pdf", b"%PDF".to_vec()),
    ];
    let packed: Vec<Packed> = members.iter().map(|(name, bytes)| Packed::honest(name, bytes)).collect();
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.zip"), archive(&packed)).expect("written");
    let survey = survey(folder.path(), Some(PREFECTURE), &Silent).expect("readable");
    assert_eq!(survey.file_count(), 1);
    let told: BTreeMap<String, String> = survey
        .files
        .iter()
        .map(|file| {
            let outcome = match &file.outcome {
                Outcome::Input(readable) => format!("{} {}", readable.kind.word(), readable.rows_quarantined),
                other => format!("{other:?}"),
            };
            (file.name(), outcome)
        })
        .collect();
    let expected = [
        ("a.zip（コード内容別.xlsx）", "code_contents 0"),
        ("a.zip（届出.xlsx）", "todokede 0"),
        ("a.zip（拠点.csv）", "linkage_hubs 0"),
        ("a.zip（時間.csv）", "opening_hours 0"),
        ("a.zip（買い物.csv・略称.pdf）", "Unknown"),
    ];
    let expected = expected.map(|(name, outcome)| (name.to_owned(), outcome.to_owned()));
    assert_eq!(told, BTreeMap::from(expected));
}

/// Rows read and stored of the inputs of each kind.
fn rows(study: &Study) -> BTreeMap<InputKind, (u64, u64)> {
    let mut rows: BTreeMap<InputKind, (u64, u64)> = BTreeMap::new();
    for input in &study.inputs {
        let sum = rows.entry(input.kind).or_default();
        *sum = (sum.0 + input.rows_read, sum.1 + input.rows_stored);
    }
    rows
}

#[test]
fn the_demonstration_in_one_archive_gives_the_rows_and_institutions_of_its_files() {
    let demo = Manifest::read(&root().join("shapes/demo/study.toml")).expect("shipped");
    let folder = tempfile::tempdir().expect("a folder");
    let mut packed = Vec::new();
    for input in &demo.inputs {
        let bytes = fs::read(demo.folder.join(&input.path)).expect("shipped");
        if [".csv", ".xlsx"].iter().any(|ending| input.path.ends_with(ending)) {
            packed.push(Packed::honest(&input.path, &bytes));
        } else {
            fs::write(folder.path().join(&input.path), bytes).expect("written");
        }
    }
    fs::write(folder.path().join("all.zip"), archive(&packed)).expect("written");
    keniki_succeeds(&["import", path_text(folder.path())]);
    let manifest = Manifest::read(&folder.path().join("study.toml")).expect("written");
    let read = |manifest: &Manifest| keniki::ingest::read_study(manifest, &Silent).expect("read");
    let (packed, files) = (read(&manifest), read(&demo));
    assert_eq!(rows(&packed), rows(&files));
    let ids =
        |study: &Study| -> Vec<String> { study.institutions.iter().map(|one| one.id.clone()).collect() };
    assert_eq!(ids(&packed), ids(&files));
}
