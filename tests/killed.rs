//! A run that is killed at any moment leaves the old study or the new one, whole.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::{assert_same_bytes, files, path_text, plan, root};

/// Moments at which a run is killed.
const KILLS: u32 = 50;

/// The demonstration with another limit of travel, in a folder of its own.
fn study(folder: &Path, limit: u32) -> std::path::PathBuf {
    let folder = folder.join(format!("study-{limit}"));
    fs::create_dir(&folder).expect("created");
    for entry in fs::read_dir(root().join("shapes/demo")).expect("readable") {
        let from = entry.expect("readable").path();
        fs::copy(&from, folder.join(from.file_name().expect("a name"))).expect("copied");
    }
    let manifest = folder.join("study.toml");
    let text = fs::read_to_string(&manifest).expect("readable");
    fs::write(&manifest, format!("{text}travel_limit_minutes = {limit}\n")).expect("written");
    manifest
}

#[test]
fn a_run_that_is_killed_leaves_the_old_study_or_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let studies = [60, 61].map(|limit| study(folder.path(), limit));
    let wanted = [0, 1].map(|at| folder.path().join(format!("wanted-{at}")));
    plan(&studies[0], &wanted[0]);
    let begun = Instant::now();
    plan(&studies[1], &wanted[1]);
    let whole_run = begun.elapsed();
    assert_ne!(files(&wanted[0]), files(&wanted[1]), "the two studies can be told apart");

    let out = folder.path().join("out");
    plan(&studies[0], &out);
    let mut held = 0;
    let mut replaced = 0;
    for kill in 0..KILLS {
        let asked = 1 - held;
        let mut run = Command::new(env!("CARGO_BIN_EXE_keniki"))
            .args(["plan", path_text(&studies[asked]), "--out", path_text(&out)])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("started");
        // Multiples of the golden ratio spread over the whole run, a little beyond its end included.
        let share = (f64::from(kill) * 0.618_033_988_75).fract() * 1.1;
        std::thread::sleep(Duration::from_secs_f64(whole_run.as_secs_f64() * share));
        let _ = run.kill();
        run.wait().expect("ended");
        let is_new =
            fs::read(out.join("summary.json")).ok() == fs::read(wanted[asked].join("summary.json")).ok();
        held = if is_new { asked } else { held };
        replaced += u32::from(is_new);
        assert_same_bytes(&out, &wanted[held]);
    }
    println!("{KILLS} runs killed, {replaced} of them after the new study was in place");
    plan(&studies[held], &out);
    assert_nothing_is_left_over(folder.path());
}

/// What killed runs leave in hiding is cleared away by the run after them.
fn assert_nothing_is_left_over(folder: &Path) {
    let names = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("an entry").file_name());
    let hidden: Vec<_> = names.filter(|name| name.as_encoded_bytes().starts_with(b".")).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn an_import_that_is_killed_leaves_the_old_study_file_or_the_new_one() {
    let place = tempfile::tempdir().expect("a folder");
    let folders = [0, 1].map(|number| place.path().join(format!("資料{number}")));
    for folder in &folders {
        fs::create_dir(folder).expect("created");
        for name in ["N03-20220101_48_GML.zip", "hokenjo_48.csv"] {
            fs::copy(root().join("shapes/demo").join(name), folder.join(name)).expect("copied");
        }
    }
    let out = place.path().join("out");
    fs::create_dir(&out).expect("created");
    let out = out.join("study.toml");
    let import = |folder: &Path| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_keniki"));
        run.args(["import", path_text(folder), "--force", "--out", path_text(&out)]);
        run.stderr(Stdio::null()).stdout(Stdio::null());
        run
    };
    let begun = Instant::now();
    let wanted = [1, 0].map(|number: usize| {
        assert!(import(&folders[number]).status().expect("started").success());
        fs::read(&out).expect("written")
    });
    let whole_run = begun.elapsed() / 2;
    assert_ne!(wanted[0], wanted[1], "the two studies can be told apart");
    let wanted = [&wanted[1], &wanted[0]];

    let mut held = 0;
    let mut replaced = 0;
    for kill in 0..2 * KILLS {
        let asked = 1 - held;
        let mut run = import(&folders[asked]).spawn().expect("started");
        // Every other kill falls near the end, where the file is written.
        let spread = (f64::from(kill) * 0.618_033_988_75).fract();
        let share = if kill % 2 == 0 { spread * 1.1 } else { 0.8 + spread * 0.4 };
        std::thread::sleep(Duration::from_secs_f64(whole_run.as_secs_f64() * share));
        let _ = run.kill();
        run.wait().expect("ended");
        let is_new = &fs::read(&out).expect("a study at any time") == wanted[asked];
        held = if is_new { asked } else { held };
        replaced += u32::from(is_new);
        assert!(&fs::read(&out).expect("a study at any time") == wanted[held], "after kill {kill}");
    }
    println!("{} imports killed, {replaced} of them after the new file was in place", 2 * KILLS);
    assert!(import(&folders[held]).status().expect("started").success());
    assert_nothing_is_left_over(out.parent().expect("a folder"));
}
