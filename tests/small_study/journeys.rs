//! Journeys between one place and all others, road by road.

use crate::scene::{A, B, C, D, E, F, HOSPITAL, Scene, place, profile};
use keniki::access::journeys::Journeys;
use keniki::access::matrix::{Missing, matrix};
use keniki::access::places::Places;
use keniki::network::build::Roadway;
use keniki::network::link::{Direction, Linker, RoadIndex};
use keniki::network::path::path;
use keniki::network::profile::Season;
use keniki::network::search::NO_LIMIT;
use keniki::network::weights::Conditions;
use keniki::progress::{Progress, Silent};
use keniki::units::Deciseconds;

#[test]
fn one_place_and_the_matrix_say_the_same_of_every_pair_in_both_directions() {
    let Scene { study, roadway } = Scene::new();
    let all: Vec<usize> = (0..study.institutions.len()).collect();
    let step = Silent.step("", 0);
    for direction in [Direction::Outward, Direction::Inward] {
        let times = matrix(&roadway, &all, direction, NO_LIMIT, step.as_ref());
        for (institution, link) in roadway.linkage.institutions.iter().enumerate() {
            let Some(link) = link else { continue };
            let journeys = Journeys::of(&roadway, link, direction);
            for (cell, time) in (0..).zip(&journeys.cells) {
                assert_eq!(*time, times.time(&roadway.linkage, institution, cell), "{institution} {cell}");
            }
        }
    }
}

#[test]
fn people_at_the_limit_are_reached_and_those_a_decisecond_beyond_are_not() {
    let Scene { study, roadway } = Scene::new();
    let places = Places::from(&study);
    let origin = roadway.linkage.institutions[HOSPITAL].expect("on the road");
    let journeys = Journeys::of(&roadway, &origin, Direction::Outward);
    // B to the island A is 60 minutes to the decisecond.
    assert_eq!(journeys.cells[A], Ok(Deciseconds(36_000)));
    let people = |cells: &[usize]| cells.iter().map(|cell| study.cells[*cell].population.total).sum::<u32>();
    let whole = people(&(0..study.cells.len()).collect::<Vec<_>>());
    assert_eq!(journeys.within(&places, 60).people.total, whole - people(&[F]));
    assert_eq!(journeys.within(&places, 59).people.total, whole - people(&[F, A]));
    assert_eq!(journeys.within(&places, 12).people.total, people(&[B, C, D]));
    assert_eq!(journeys.within(&places, 12).institutions, 3, "two in 甲市 and the one at D");
    assert_eq!(journeys.people_without(&places, Missing::CellNotLinked).total, people(&[F]));
    assert_eq!(journeys.people_without(&places, Missing::NoWay).total, 0);
}

#[test]
fn without_ferries_nobody_reaches_the_island_and_the_normal_day_stays_as_it_was() {
    let Scene { roadway, .. } = Scene::new();
    let profile = profile();
    let origin = roadway.linkage.institutions[HOSPITAL].expect("on the road");
    let of = |roadway: &Roadway| Journeys::of(roadway, &origin, Direction::Outward).cells;
    let no_ferries = Conditions { no_ferries: true, ..Conditions::default() };
    assert_eq!(of(&roadway.under(&profile, &no_ferries))[A], Err(Missing::NoWay));
    let snow = Conditions { season: Season::Snow, ..Conditions::default() };
    assert!(of(&roadway.under(&profile, &snow))[D].expect("a way") > Deciseconds(4_077));
    assert_eq!(of(&roadway)[A], Ok(Deciseconds(36_000)));
    assert_eq!(of(&roadway.under(&profile, &Conditions::default())), of(&roadway));
}

#[test]
fn a_path_names_the_roads_and_their_times() {
    let Scene { roadway, .. } = Scene::new();
    let (network, linkage) = (&roadway.network, &roadway.linkage);
    let link = |cell: usize| linkage.cells[cell].expect("on the road");
    let found = path(network, &link(B), &link(E)).expect("a way");
    // By the motorway to D, then the road to E.
    assert_eq!(found.deciseconds, 7_406);
    let driven: Vec<u32> = found.edges.iter().map(|(_, time)| *time).filter(|time| *time > 0).collect();
    assert_eq!(driven, [4_077, 3_329]);
    assert_eq!(path(network, &link(C), &link(C)).map(|path| path.deciseconds), Some(0));
    let all = linkage.cells.iter().flatten();
    for from in all.clone() {
        let journeys = Journeys::of(&roadway, from, Direction::Outward);
        for (to, time) in linkage.cells.iter().zip(&journeys.cells) {
            let found = to.and_then(|to| path(network, from, &to));
            assert_eq!(found.as_ref().map(|path| path.deciseconds), time.ok().map(|time| time.0));
            if let (Some(path), Some(to)) = (found, to) {
                let driven: u32 = path.edges.iter().map(|(_, time)| time).sum();
                assert_eq!(driven + from.leg + to.leg, path.deciseconds);
            }
        }
    }
}

#[test]
fn an_index_that_is_lent_finds_what_one_of_its_own_finds() {
    let Scene { roadway, .. } = Scene::new();
    let profile = profile();
    let index = RoadIndex::new(&roadway.network, &profile, 35.6);
    let lent = Linker::with_index(&roadway.network, &profile, &index);
    let own = Linker::new(&roadway.network, &profile, 35.6);
    for letter in "ABCDEFGH".chars() {
        assert_eq!(lent.link(place(letter)), own.link(place(letter)), "{letter}");
    }
}
