//! Isochrones as a layer.

use crate::access::journeys::Reached;
use crate::network::graph::Network;
use crate::network::isochrone::drawing::Drawing;
use crate::network::isochrone::edges::Part;
use crate::network::link::Direction;
use crate::network::profile::Profile;
use crate::publish::reach::direction_word;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::{Geometry, MultiLineString, MultiPolygon};

/// Who is reached within some limits, and on what that rests.
#[derive(Clone, Copy, Debug)]
pub struct Isochrones<'a> {
    /// Id of the institution, or the place, from which (inward: to which) journeys go.
    pub origin: &'a str,
    /// Who travels.
    pub direction: Direction,
    /// Who is reached, in the order of the limits.
    pub reached: &'a [Reached],
    /// Speeds.
    pub profile: &'a Profile,
    /// Whom to name wherever the figures are shown.
    pub attributions: &'a [String],
}

impl Isochrones<'_> {
    /// As areas for the map, one for each limit.
    #[must_use]
    pub fn areas(&self, drawing: &Drawing, areas: Vec<MultiPolygon>) -> Layer {
        let note = format!(
            "面は地図用（約{}mごとの点を道路に結んだ時間の等値線、道路から{}mまで、対象の市区町村の陸地のみ）。人数はメッシュごとの時間で数え、面からは数えない",
            1_000 / drawing.divisions,
            drawing.reach_m
        );
        let geometries = areas.into_iter().map(Geometry::MultiPolygon);
        self.layer("isochrones", "到達圏", GeometryKind::MultiPolygon, &note, geometries)
    }

    /// As the roads that are reached, cut where the time ends.
    #[must_use]
    pub fn roads(&self, network: &Network, parts: &[Vec<Part>]) -> Layer {
        let note = "時間の尽きる所で道路を切った正確な区間。人数はメッシュごとの時間で数える";
        let lines = |parts: &Vec<Part>| parts.iter().filter_map(|part| part.line(network)).collect();
        let geometries =
            parts.iter().map(|parts| Geometry::MultiLineString(MultiLineString::new(lines(parts))));
        self.layer("reached_roads", "到達できる道路", GeometryKind::MultiLineString, note, geometries)
    }

    fn layer(
        &self,
        name: &str,
        title: &str,
        kind: GeometryKind,
        note: &str,
        geometries: impl Iterator<Item = Geometry>,
    ) -> Layer {
        let text = |text: &str| Value::Text(text.to_owned());
        let count = |people: u32| Value::Integer(people.into());
        let row = |(reached, geometry): (&Reached, Geometry)| Row {
            geometry: Some(geometry),
            values: vec![
                count(reached.minutes),
                text(self.origin),
                text(direction_word(self.direction)),
                count(reached.people.total),
                count(reached.people.age_65_plus),
                count(reached.people.age_75_plus),
                count(reached.people.age_85_plus),
                count(reached.institutions as u32),
                text(&self.profile.id),
                text(note),
            ],
        };
        let columns = [
            ("minutes", ColumnKind::Integer),
            ("origin", ColumnKind::Text),
            ("direction", ColumnKind::Text),
            ("total", ColumnKind::Integer),
            ("age_65_plus", ColumnKind::Integer),
            ("age_75_plus", ColumnKind::Integer),
            ("age_85_plus", ColumnKind::Integer),
            ("institutions", ColumnKind::Integer),
            ("profile", ColumnKind::Text),
            ("note", ColumnKind::Text),
        ];
        let way = match self.direction {
            Direction::Outward => "ここから",
            Direction::Inward => "ここまで",
        };
        Layer {
            name: name.to_owned(),
            title: format!(
                "{title}（{way}車で、{}、出典: {}）",
                self.profile.name,
                self.attributions.join("；")
            ),
            geometry: Some(kind),
            columns: columns.map(|(name, kind)| Column::new(name, kind)).into(),
            rows: self.reached.iter().zip(geometries).map(row).collect(),
        }
    }
}
