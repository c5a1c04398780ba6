//! The places on the map at which times are sampled to draw isochrones.
//!
//! # What the polygon of a limit means
//! The plane is sampled at the centres of fine meshes. A sample point on land that has a road within the
//! drawing's reach is linked to it as any home is; the polygon contains such a point exactly when
//! its [`Sweep::time`] is at most the limit, and never contains another sample point. Between two
//! points the border lies where the time, taken as linear, passes the limit; towards a point in
//! the sea or beyond the reach it lies where land or reach end. Nothing is smoothed, filled or
//! bridged. Polygons of longer limits contain those of shorter ones; all are valid, exterior rings
//! counter-clockwise.
//!
//! Who is reached is never read from the polygons: cells and institutions have their own times.

use crate::geometry::locate::Locator;
use crate::geometry::plane::Plane;
use crate::network::graph::Network;
use crate::network::isochrone::contour::{Field, FieldRow, Margin, WHOLE};
use crate::network::isochrone::drawing::Drawing;
use crate::network::isochrone::grid::Grid;
use crate::network::isochrone::nearest::{Nearest, NearestRoad};
use crate::network::isochrone::{Road, Sweep};
use crate::network::link::{Link, fraction, leg, linkable_edges};
use crate::network::profile::Profile;
use crate::units::Deciseconds;
use geo::{Coord, MultiPolygon};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Sample points and their roads, made once for a network.
#[derive(Clone, Debug)]
pub struct Raster {
    grid: Grid,
    south: u32,
    rows: Arc<[Row]>,
    /// The roads in the order in which the rows meet them, so that a sweep over the rows finds
    /// them close together in memory.
    roads: Vec<Road>,
    /// Where the sample points of each road lie.
    spans: Arc<[Span]>,
}

/// The drawable sample points of one row, in order.
#[derive(Clone, Debug, Default)]
struct Row {
    columns: Vec<u32>,
    places: Vec<Place>,
    margins: Vec<Margin>,
}

/// Where a sample point stands on the network.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Position in [`Raster::roads`].
    road: u32,
    /// As in [`Link`].
    leg: u32,
    /// As in [`Link`].
    fraction: f64,
}

/// A rectangle of columns and rows, both ends inside; west > east when empty.
#[derive(Clone, Copy, Debug)]
struct Span {
    west: u32,
    east: u32,
    south: u32,
    north: u32,
}

impl Span {
    const EMPTY: Self = Self { west: u32::MAX, east: 0, south: u32::MAX, north: 0 };

    fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            east: self.east.max(other.east),
            south: self.south.min(other.south),
            north: self.north.max(other.north),
        }
    }
}

impl Raster {
    /// Links every sample point near a road. Distances are true near `latitude`, as for
    /// [`Linker`](crate::network::link::Linker). Without `land` everything counts as land.
    #[must_use]
    pub fn new(
        network: &Network,
        profile: &Profile,
        latitude: f64,
        drawing: &Drawing,
        land: Option<&Locator>,
    ) -> Self {
        let survey = Survey {
            grid: Grid::new(drawing.divisions),
            plane: Plane::at(latitude),
            reach_m: drawing.reach_m.min(profile.access_leg.longest_m),
            land,
        };
        let edges = linkable_edges(network, profile);
        let roads = NearestRoad::new(network, survey.plane, survey.grid, &edges);
        let range = roads.rows(survey.sight_m());
        let spots: Vec<Vec<Spot>> =
            range.clone().into_par_iter().map(|row| survey.spots(&roads, row)).collect();
        let row_of = |at: usize| spots.get(at).map_or(&[][..], Vec::as_slice);
        let row = |at: usize| {
            let rows = [row_of(at + 1), row_of(at), row_of(at.wrapping_sub(1))];
            survey.row(network, profile, rows, range.start + at as u32)
        };
        let mut rows: Vec<Row> = (0..spots.len()).into_par_iter().map(row).collect();
        let (roads, spans) = collect_roads(network, range.start, &mut rows);
        Self { grid: survey.grid, south: range.start, rows: rows.into(), roads, spans: spans.into() }
    }

    /// Takes over the weights of the network for which the raster was made, after
    /// [`Network::reweigh`].
    pub fn update(&mut self, network: &Network) {
        self.roads.par_iter_mut().for_each(|road| *road = Road::of(network, road.edge));
    }

    /// The sample points that can be drawn, and where they stand on the network; from the south.
    pub fn samples(&self) -> impl Iterator<Item = (Coord, Link)> {
        (self.south..).zip(self.rows.iter()).flat_map(move |(number, row)| {
            row.columns.iter().zip(&row.places).map(move |(column, place)| {
                let Place { road, leg, fraction } = *place;
                let link = Link { edge: self.roads[road as usize].edge, fraction, leg };
                (self.grid.point(*column, number), link)
            })
        })
    }

    /// The polygons of some limits, in their order; coordinates are multiples of 10⁻⁷ degree.
    ///
    /// The sweep should know times some minutes beyond the longest limit: where that of the next
    /// sample point is unknown the border lies half-way to it.
    #[must_use]
    pub fn contours(&self, sweep: &Sweep<'_>, limits: &[Deciseconds]) -> Vec<MultiPolygon> {
        let longest = limits.iter().map(|limit| limit.0).max().unwrap_or(0);
        let span = self.span(sweep, longest);
        if span.west > span.east {
            return vec![MultiPolygon::new(Vec::new()); limits.len()];
        }
        // The neighbours of what may be reached are beyond every limit.
        let columns = span.west.saturating_sub(1)..span.east + 2;
        let mut field = Field::new(self.grid, columns, span.south.saturating_sub(1)..span.north + 2);
        field.rows().for_each(|mut into| {
            let row = into.number.checked_sub(self.south).and_then(|at| self.rows.get(at as usize));
            if let Some(row) = row {
                row.sample(sweep, &self.roads, &mut into);
            }
        });
        field.contours(limits)
    }

    /// Where sample points can be that are reached within a limit.
    fn span(&self, sweep: &Sweep<'_>, limit: u32) -> Span {
        let is_near = |road: &Road| {
            let reached = |node: u32| sweep.times[node as usize] <= limit;
            road.ends(sweep.direction).into_iter().any(reached) || !sweep.origins_on(road.edge).is_empty()
        };
        let roads = self.roads.par_iter().zip(self.spans.par_iter());
        roads.filter(|(road, _)| is_near(road)).map(|(_, span)| *span).reduce(|| Span::EMPTY, Span::with)
    }
}

impl Row {
    /// Writes the times of its points.
    fn sample(&self, sweep: &Sweep<'_>, roads: &[Road], into: &mut FieldRow<'_>) {
        let Range { start, end } = into.columns();
        let first = self.columns.partition_point(|column| *column < start);
        let last = self.columns.partition_point(|column| *column < end);
        for at in first..last {
            let Place { road, leg, fraction } = self.places[at];
            let time = sweep.time_on(&roads[road as usize], fraction, leg);
            into.set(self.columns[at], time, self.margins[at]);
        }
    }
}

/// Numbers the roads, which the places name by their edges so far, in the order of the rows; the roads, and
/// where the sample points of each lie.
fn collect_roads(network: &Network, south: u32, rows: &mut [Row]) -> (Vec<Road>, Vec<Span>) {
    let (mut roads, mut spans) = (Vec::new(), Vec::new());
    let mut number_of = vec![None; network.edges.len()];
    for (row, points) in (south..).zip(rows) {
        for (column, place) in points.columns.iter().zip(&mut points.places) {
            let road = *number_of[place.road as usize].get_or_insert_with(|| {
                roads.push(Road::of(network, place.road));
                spans.push(Span::EMPTY);
                roads.len() as u32 - 1
            });
            place.road = road;
            let span: &mut Span = &mut spans[road as usize];
            *span = span.with(Span { west: *column, east: *column, south: row, north: row });
        }
    }
    (roads, spans)
}

/// The making of a raster.
struct Survey<'a> {
    grid: Grid,
    plane: Plane,
    reach_m: f64,
    land: Option<&'a Locator>,
}

/// A sample point with a road in sight.
struct Spot {
    column: u32,
    is_land: bool,
    nearest: Nearest,
}

impl Survey<'_> {
    /// The reach and one step more, so that the neighbours of every drawable point are in sight.
    fn sight_m(&self) -> f64 {
        let [east_m, north_m] = self.plane.metres(self.grid.step());
        self.reach_m + east_m.max(north_m)
    }

    fn is_land(&self, at: Coord) -> bool {
        self.land.is_none_or(|land| land.find(at).is_some())
    }

    fn is_drawable(&self, spot: &Spot) -> bool {
        spot.is_land && spot.nearest.distance_m <= self.reach_m
    }

    /// The sample points of a row that have a road in sight.
    fn spots(&self, roads: &NearestRoad<'_>, row: u32) -> Vec<Spot> {
        let spot = |column: u32| {
            let nearest = roads.find(column, row, self.sight_m())?;
            Some(Spot { column, is_land: self.is_land(self.grid.point(column, row)), nearest })
        };
        roads.columns(row, self.sight_m()).into_iter().flatten().filter_map(spot).collect()
    }

    /// The drawable points of a row, given the rows to the north and south of it.
    fn row(&self, network: &Network, profile: &Profile, rows: [&[Spot]; 3], number: u32) -> Row {
        let [north, here, south] = rows;
        let mut row = Row::default();
        for spot in here.iter().filter(|spot| self.is_drawable(spot)) {
            let Spot { column, nearest, .. } = spot;
            row.columns.push(*column);
            row.places.push(Place {
                road: nearest.edge,
                leg: leg(nearest.distance_m, profile),
                fraction: fraction(network, &self.plane, nearest.edge, nearest.piece, nearest.at),
            });
            row.margins.push([
                self.margin(spot, number, here, [column + 1, number]),
                self.margin(spot, number, north, [*column, number + 1]),
                self.margin(spot, number, here, [column.wrapping_sub(1), number]),
                self.margin(spot, number, south, [*column, number.wrapping_sub(1)]),
            ]);
        }
        row
    }

    /// How far land and reach go from a drawable point towards a neighbour, which lies in `row`.
    fn margin(&self, spot: &Spot, number: u32, row: &[Spot], neighbour: [u32; 2]) -> u8 {
        let known = row.binary_search_by_key(&neighbour[0], |other| other.column).ok().map(|at| &row[at]);
        let Some(other) = known else { return 0 };
        if self.is_drawable(other) {
            return WHOLE;
        }
        let (near_m, far_m) = (spot.nearest.distance_m, other.nearest.distance_m);
        let reach = if far_m > self.reach_m { (self.reach_m - near_m) / (far_m - near_m) } else { 1.0 };
        let land = if other.is_land {
            1.0
        } else {
            self.shore(self.grid.point(spot.column, number), self.grid.point(neighbour[0], neighbour[1]))
        };
        (reach.min(land) * f64::from(WHOLE)).min(f64::from(WHOLE) - 1.0) as u8
    }

    /// Share of the way from a point on land to one at sea at which the land ends, to 1/64.
    fn shore(&self, land: Coord, sea: Coord) -> f64 {
        let (mut dry, mut wet) = (0.0, 1.0);
        for _ in 0..6 {
            let middle: f64 = f64::midpoint(dry, wet);
            if self.is_land(land + (sea - land) * middle) {
                dry = middle;
            } else {
                wet = middle;
            }
        }
        dry
    }
}
