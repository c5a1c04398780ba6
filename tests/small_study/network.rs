//! Municipalities on the road network: where junctions lie, and who is joined to whom.

use crate::scene::{HEI, KOU, OTSU, SAILING_DS, SHIMA, Scene, place};
use geo::Point;
use keniki::geometry::locate::Locator;
use keniki::geometry::touching::touching_pairs;
use keniki::network::areas::area_of_nodes;
use keniki::network::neighbours::{Inhabited, Joined, neighbours};
use keniki::units::Deciseconds;

impl Scene {
    /// The municipality of every junction.
    fn areas(&self) -> Vec<Option<usize>> {
        let boundaries: Vec<_> = self.study.municipalities.iter().map(|one| one.boundary.clone()).collect();
        area_of_nodes(&self.study, &self.roadway.network, &Locator::new(&boundaries))
    }

    /// Municipalities that a road or ferry joins, by the parameters of the study.
    pub fn neighbours(&self) -> Vec<(usize, usize)> {
        let parameters = &self.study.parameters;
        self.joined(parameters.neighbour_limit_minutes * 600, parameters.neighbour_share)
    }

    /// Municipalities that a road or ferry joins within so many deciseconds for such a share of the
    /// people who have a road.
    fn joined(&self, limit: u32, share: f64) -> Vec<(usize, usize)> {
        let mut inhabited = vec![Vec::new(); self.study.municipalities.len()];
        for (cell, link) in self.study.cells.iter().zip(&self.roadway.linkage.cells) {
            let place = link.map(|link| Inhabited { link, people: cell.population.total });
            inhabited[cell.municipality].extend(place);
        }
        neighbours(
            &self.roadway.network,
            &self.areas(),
            &inhabited,
            Joined { limit: Deciseconds(limit), share },
        )
    }

    /// Municipalities that share a border on the map.
    pub fn touching(&self) -> Vec<(usize, usize)> {
        let boundaries: Vec<_> = self.study.municipalities.iter().map(|one| one.boundary.clone()).collect();
        touching_pairs(&boundaries)
    }
}

#[test]
fn junctions_lie_in_their_municipality_and_piers_in_that_of_the_nearest_people() {
    let scene = Scene::new();
    let areas = scene.areas();
    let of = |letter: char| {
        let at = scene.roadway.network.nodes.iter().position(|at| Point::from(*at) == place(letter));
        areas[at.expect("a junction")]
    };
    assert_eq!(['W', 'B'].map(of), [Some(KOU); 2]);
    assert_eq!(['D', 'G', 'H'].map(of), [Some(OTSU); 3]);
    assert_eq!(['E', 'A'].map(of), [Some(HEI), Some(SHIMA)]);
    // The piers stand in the sea: P is a cell away from B, Q a cell away from A.
    assert_eq!(['P', 'Q'].map(of), [Some(KOU), Some(SHIMA)]);
    assert_eq!(of('Y'), None, "outside of all, and no pier");
    assert_eq!(scene.roadway.network.nodes.len(), 10, "C is no junction");
}

#[test]
fn the_ferry_joins_the_island_and_no_road_joins_what_only_touches() {
    let scene = Scene::new();
    assert_eq!(scene.neighbours(), [(KOU, OTSU), (KOU, SHIMA), (OTSU, HEI)]);
    assert_eq!(scene.touching(), [(KOU, OTSU), (KOU, HEI), (OTSU, HEI)]);
}

#[test]
fn neighbours_are_joined_within_the_limit_in_both_directions() {
    let scene = Scene::new();
    let for_anybody = |limit| scene.joined(limit, 0.0);
    // B–A 36 000; C–D 5 096 both ways (B→D 4 077 one way); D–E 3 329.
    assert_eq!(for_anybody(36_000), [(KOU, OTSU), (KOU, SHIMA), (OTSU, HEI)]);
    assert_eq!(for_anybody(35_999), [(KOU, OTSU), (OTSU, HEI)]);
    assert_eq!(for_anybody(5_096), [(KOU, OTSU), (OTSU, HEI)]);
    assert_eq!(for_anybody(5_095), [(OTSU, HEI)], "there is a way to 乙町 but none back");
    assert_eq!(for_anybody(3_329), [(OTSU, HEI)]);
    assert_eq!(for_anybody(3_328), []);
    assert_eq!(Scene::sailing(SAILING_DS + 1).neighbours(), [(KOU, OTSU), (OTSU, HEI)]);
}

#[test]
fn a_road_that_brings_too_few_people_within_the_limit_joins_nobody() {
    let scene = Scene::new();
    // Of the 6 400 of 乙町 D (256) is 4 077 from B, G (2 048) 12 306, H (4 096) 13 257; from E they
    // are 3 329, 11 558 and 12 509.
    assert_eq!(scene.joined(12_306, 0.36), [(KOU, OTSU), (OTSU, HEI)], "2 304 of 6 400 are 36 %");
    assert_eq!(scene.joined(12_305, 0.36), [(OTSU, HEI)]);
    assert_eq!(scene.joined(13_257, 1.0), [(KOU, OTSU), (OTSU, HEI)]);
    assert_eq!(scene.joined(13_256, 1.0), [(OTSU, HEI)]);
    assert_eq!(scene.joined(12_508, 1.0), []);
}

#[test]
fn a_ferry_joins_its_shores_when_anybody_is_within_the_limit() {
    // From the island 64 of the 192 people of 甲市 are within 60 minutes.
    assert_eq!(Scene::new().joined(36_000, 1.0), [(KOU, OTSU), (KOU, SHIMA), (OTSU, HEI)]);
    assert_eq!(Scene::new().joined(35_999, 1.0), [(KOU, OTSU), (OTSU, HEI)]);
}

#[test]
fn a_municipality_whose_people_have_no_road_has_no_neighbours() {
    let scene = Scene::with(|study| study.cells.retain(|cell| cell.mesh.to_string() != "53383479"));
    assert_eq!(scene.neighbours(), [(KOU, OTSU), (KOU, SHIMA)], "丙村 has only F left");
}
