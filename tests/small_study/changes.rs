//! What changed between two editions of the same small register.

use crate::scene::{CLINIC, DENTIST, HOSPITAL, ISLAND_CLINIC, KOU, UNLOCATED, study};
use geo::Point;
use keniki::ingest::changes::{Change, ChangeKind, changes};
use keniki::ingest::manifest::InputKind;
use keniki::ingest::study::{RowOf, Stop, StopKind, Stopped, Study};

/// The register with an address for everybody.
fn edition() -> Study {
    let mut study = study();
    for (number, one) in study.institutions.iter_mut().enumerate() {
        let municipality = one.municipality.map_or("", |at| study.municipalities[at].name.as_str());
        one.address = format!("小県{municipality}大字湯村{}番地2", number + 1);
    }
    study
}

fn told(old: &Study, new: &Study) -> Vec<(ChangeKind, String, String, String)> {
    let row = |change: &Change| (change.kind, change.id.clone(), change.before.clone(), change.after.clone());
    changes(old, new).changes.iter().map(row).collect()
}

fn only(old: &Study, new: &Study) -> (ChangeKind, String, String, String) {
    let told = told(old, new);
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].clone()
}

fn expected(kind: ChangeKind, id: &str, before: &str, after: &str) -> (ChangeKind, String, String, String) {
    (kind, id.to_owned(), before.to_owned(), after.to_owned())
}

#[test]
fn an_edition_beside_itself_has_no_changes() {
    let (old, new) = (edition(), edition());
    let found = changes(&old, &new);
    assert_eq!((found.changes.len(), found.in_both), (0, old.institutions.len()));
    assert!(found.incomparable_classes.is_empty() && found.incomparable_institutions == 0);
}

#[test]
fn another_spelling_of_name_and_address_is_no_change() {
    let (old, mut new) = (edition(), edition());
    new.institutions[CLINIC].name = "医療法人社団 緑会 乙診療所".to_owned();
    let address = &mut new.institutions[CLINIC].address;
    *address = address.replace("大字湯村", "湯村").replace("番地", "ー");
    assert!(told(&old, &new).is_empty());
}

#[test]
fn each_kind_of_change_is_told_alone() {
    let old = edition();
    let change = |change: &dyn Fn(&mut Study)| {
        let mut new = edition();
        change(&mut new);
        only(&old, &new)
    };
    let id = |at: usize| old.institutions[at].id.as_str();
    let clinic = id(CLINIC);

    let renamed = change(&|new| new.institutions[CLINIC].name = "さくら診療所".to_owned());
    assert_eq!(renamed, expected(ChangeKind::Renamed, clinic, "乙診療所", "さくら診療所"));

    let before = old.institutions[CLINIC].address.clone();
    let after = before.replace("2番地2", "30番地");
    let moved = change(&|new| new.institutions[CLINIC].address.clone_from(&after));
    assert_eq!(moved, expected(ChangeKind::Moved, clinic, &before, &after));

    let refiled = change(&|new| {
        let classes = &mut new.institutions[CLINIC].classes;
        classes.remove("支援診2");
        classes.insert("支援診1".to_owned());
    });
    assert_eq!(refiled, expected(ChangeKind::Refiled, clinic, "支援診2", "支援診1"));

    let renumbered = change(&|new| new.institutions[CLINIC].id = "4810000010".to_owned());
    assert_eq!(renumbered, expected(ChangeKind::Renumbered, "4810000010", clinic, "4810000010"));

    let gone = change(&|new| drop(new.institutions.remove(DENTIST)));
    assert_eq!((gone.0, gone.1.as_str()), (ChangeKind::Gone, id(DENTIST)));

    let stopped = change(&|new| {
        let institution = new.institutions.remove(ISLAND_CLINIC);
        let (kind, date) = (StopKind::Suspended, Some("2025-04-01".to_owned()));
        let stop = Stop { kind, date, source: RowOf { input: 0, row: 2 } };
        new.stopped.push(Stopped { institution, stop });
    });
    assert_eq!((stopped.0, stopped.3.as_str()), (ChangeKind::Stopped, "2025-04-01 休止"));
}

#[test]
fn the_other_way_round_what_was_gone_is_new_and_what_had_stopped_is_open_again() {
    let (mut old, new) = (edition(), edition());
    old.institutions.remove(DENTIST);
    let institution = old.institutions.remove(ISLAND_CLINIC);
    let stop = Stop { kind: StopKind::Closed, date: None, source: RowOf { input: 0, row: 2 } };
    old.stopped.push(Stopped { institution, stop });
    let told_of = told(&old, &new);
    let kinds: Vec<ChangeKind> = told_of.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds, [ChangeKind::Opened, ChangeKind::Reopened]);
    assert_eq!(told_of[1].2, "時期不明 廃止");
}

#[test]
fn who_had_stopped_by_a_list_that_the_new_edition_lacks_is_not_told_to_be_open_again() {
    let (mut old, new) = (edition(), edition());
    let institution = old.institutions.remove(ISLAND_CLINIC);
    let mut list = old.inputs[0].clone();
    list.kind = InputKind::StoppedInstitutions;
    old.inputs.push(list);
    let source = RowOf { input: old.inputs.len() - 1, row: 2 };
    old.stopped.push(Stopped { institution, stop: Stop { kind: StopKind::Closed, date: None, source } });
    let found = changes(&old, &new);
    assert_eq!((found.changes.len(), found.incomparable_institutions), (0, 1));
}

#[test]
fn a_new_number_is_known_by_the_name_or_the_house_and_never_guessed_between_two() {
    let old = edition();
    let mut new = edition();
    new.institutions[CLINIC].id = "4810000010".to_owned();
    new.institutions[CLINIC].name = "医療法人乙診療所クリニック".to_owned();
    let kinds: Vec<ChangeKind> = told(&old, &new).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [ChangeKind::Renamed, ChangeKind::Renumbered], "an akin name at the same house");

    let mut new = edition();
    new.institutions[CLINIC].id = "4810000010".to_owned();
    let mut twin = new.institutions[CLINIC].clone();
    twin.id = "4810000011".to_owned();
    new.institutions.push(twin);
    let kinds: Vec<ChangeKind> = told(&old, &new).into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, [ChangeKind::Opened, ChangeKind::Opened, ChangeKind::Gone]);
}

#[test]
fn a_move_into_another_municipality_tells_how_far() {
    let (old, mut new) = (edition(), edition());
    let one = &mut new.institutions[CLINIC];
    one.municipality = Some(KOU);
    one.position = one.position.map(|point| Point::new(point.x(), point.y() + 0.01));
    one.address = format!("小県{}湯村2-2", new.municipalities[KOU].name);
    let found = changes(&old, &new);
    let metres = found.changes[0].metres.expect("both are known");
    assert_eq!(found.changes[0].kind, ChangeKind::Moved);
    assert!((1_100.0..1_120.0).contains(&metres), "{metres}");
}

#[test]
fn what_only_one_edition_has_a_file_for_is_no_change() {
    let (old, mut new) = (edition(), edition());
    new.loaded_classes.remove("歯科診療所");
    new.loaded_classes.remove("歯援診1");
    new.institutions.remove(DENTIST);
    new.institutions[HOSPITAL].classes.remove("在後病");
    new.loaded_classes.remove("在後病");
    let found = changes(&old, &new);
    assert!(found.changes.is_empty(), "{:?}", found.changes);
    assert_eq!((found.incomparable_institutions, found.in_both), (1, UNLOCATED + 1));
    assert_eq!(
        found.incomparable_classes.into_iter().collect::<Vec<_>>(),
        ["在後病", "歯援診1", "歯科診療所"]
    );
}
