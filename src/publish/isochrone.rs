//! Isochrones as a layer.

use crate::access::isochrone::Isochrone;
use crate::ingest::study::Study;
use crate::network::graph::Network;
use crate::network::isochrone::drawing::Drawing;
use crate::network::link::Direction;
use crate::network::profile::Profile;
use crate::publish::attributions::attributions;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use geo::{Geometry, MultiLineString};

/// Isochrones, and on what they rest.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its roads.
    pub network: &'a Network,
    /// Speeds.
    pub profile: &'a Profile,
    /// Fineness of the areas.
    pub drawing: &'a Drawing,
    /// Id of the institution, or the place, from which they are.
    pub origin: &'a str,
    /// Who travels.
    pub direction: Direction,
    /// The isochrones.
    pub isochrones: &'a [Isochrone],
}

impl Drawn<'_> {
    /// The areas.
    #[must_use]
    pub fn areas(&self) -> Layer {
        let note = format!(
            "面は地図用（約{}mごとの点を道路に結んだ時間の等値線、道路から{}mまで、対象の市区町村の陸地のみ）。人数はメッシュごとの時間で数え、面からは数えない",
            1_000 / self.drawing.divisions,
            self.drawing.reach_m
        );
        let area = |isochrone: &Isochrone| Geometry::MultiPolygon(isochrone.area.clone());
        self.layer("isochrones", "到達圏", GeometryKind::MultiPolygon, &note, area)
    }

    /// The roads that are reached, cut where the time ends.
    #[must_use]
    pub fn roads(&self) -> Layer {
        let note = "時間の尽きる所で道路を切った正確な区間。人数はメッシュごとの時間で数える";
        let roads = |isochrone: &Isochrone| {
            let lines = isochrone.roads.iter().filter_map(|part| part.line(self.network));
            Geometry::MultiLineString(MultiLineString::new(lines.collect()))
        };
        self.layer("reached_roads", "到達できる道路", GeometryKind::MultiLineString, note, roads)
    }

    fn layer(
        &self,
        name: &str,
        title: &str,
        kind: GeometryKind,
        note: &str,
        geometry: impl Fn(&Isochrone) -> Geometry,
    ) -> Layer {
        let (direction, way) = match self.direction {
            Direction::Outward => ("outward", "ここから"),
            Direction::Inward => ("inward", "ここまで"),
        };
        let text = |text: &str| Value::Text(text.to_owned());
        let row = |isochrone: &Isochrone| {
            let people = &isochrone.people;
            Row {
                geometry: Some(geometry(isochrone)),
                values: vec![
                    Value::Real(isochrone.limit.minutes()),
                    text(self.origin),
                    text(direction),
                    Value::Integer(people.total.into()),
                    Value::Integer(people.age_65_plus.into()),
                    Value::Integer(people.age_75_plus.into()),
                    Value::Integer(people.age_85_plus.into()),
                    text(&self.profile.id),
                    text(note),
                ],
            }
        };
        let columns = [
            ("minutes", ColumnKind::Real),
            ("origin", ColumnKind::Text),
            ("direction", ColumnKind::Text),
            ("population", ColumnKind::Integer),
            ("age_65_plus", ColumnKind::Integer),
            ("age_75_plus", ColumnKind::Integer),
            ("age_85_plus", ColumnKind::Integer),
            ("profile", ColumnKind::Text),
            ("note", ColumnKind::Text),
        ];
        let sources = attributions(self.study).join("；");
        Layer {
            name: name.to_owned(),
            title: format!("{title}（{way}車で、{}、出典: {sources}）", self.profile.name),
            geometry: Some(kind),
            columns: columns.map(|(name, kind)| Column::new(name, kind)).into(),
            rows: self.isochrones.iter().map(row).collect(),
        }
    }
}
