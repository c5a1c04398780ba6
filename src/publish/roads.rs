//! The road network as a layer of the study, and back: what is stored is all that travel times need.

use crate::network::graph::{Attributes, CLOSED, Edge, Network};
use crate::network::osm::FERRY;
use crate::network::profile::Profile;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, LayerFault, Row, Value};
use geo::{Geometry, LineString};
use std::num::NonZeroU8;

/// Name of the layer.
pub const NAME: &str = "roads";

/// Value of the column `class` for ferries.
const FERRY_CLASS: &str = "ferry";

/// Pairs are along the geometry and against it; times are deciseconds, null where cars may not drive.
const COLUMNS: [(&str, ColumnKind); 24] = [
    ("class", ColumnKind::Text),
    ("length_m", ColumnKind::Real),
    ("from_node", ColumnKind::Integer),
    ("to_node", ColumnKind::Integer),
    ("osm_way", ColumnKind::Integer),
    ("forward_ds", ColumnKind::Integer),
    ("backward_ds", ColumnKind::Integer),
    ("limit_forward_kmh", ColumnKind::Integer),
    ("limit_backward_kmh", ColumnKind::Integer),
    ("signals_forward", ColumnKind::Integer),
    ("signals_backward", ColumnKind::Integer),
    ("sailing_ds", ColumnKind::Integer),
    ("toll", ColumnKind::Boolean),
    ("winter_closed", ColumnKind::Boolean),
    ("structure", ColumnKind::Boolean),
    ("destination", ColumnKind::Boolean),
    ("dense", ColumnKind::Boolean),
    ("linkable", ColumnKind::Boolean),
    ("drivable_forward", ColumnKind::Boolean),
    ("drivable_backward", ColumnKind::Boolean),
    ("junction_forward", ColumnKind::Boolean),
    ("junction_backward", ColumnKind::Boolean),
    ("boards_forward", ColumnKind::Boolean),
    ("boards_backward", ColumnKind::Boolean),
];

/// The columns that the map shows.
pub const SHOWN: [&str; 2] = ["class", "length_m"];

fn columns() -> Vec<Column> {
    COLUMNS.iter().map(|(name, kind)| Column::new(*name, *kind)).collect()
}

/// Every edge as a line, in the order of the network, which was built with this profile.
#[must_use]
pub fn layer(network: &Network, profile: &Profile) -> Layer {
    let row = |edge: &Edge| Row {
        geometry: Some(LineString::from(network.shape(edge).to_vec()).into()),
        values: values(edge, profile),
    };
    Layer {
        name: NAME.to_owned(),
        title: "道路・航路".to_owned(),
        geometry: Some(GeometryKind::LineString),
        columns: columns(),
        rows: network.edges.iter().map(row).collect(),
    }
}

fn values(edge: &Edge, profile: &Profile) -> Vec<Value> {
    let Attributes {
        drivable,
        dense,
        destination,
        winter_closed,
        structure,
        toll,
        limit_kmh,
        signals,
        ends_at_junction,
        sailing,
        boards,
    } = &edge.road;
    let class = match edge.class {
        FERRY => FERRY_CLASS,
        at => profile.classes.get(usize::from(at)).map_or("", |class| class.highway.as_str()),
    };
    let integer = |number: u32| Value::Integer(number.into());
    let known = |number: Option<u32>| number.map_or(Value::Null, integer);
    let weight = |weight: u32| known((weight != CLOSED).then_some(weight));
    let limit = |limit: Option<NonZeroU8>| known(limit.map(|limit| limit.get().into()));
    vec![
        Value::Text(class.to_owned()),
        Value::Real(edge.length_m),
        integer(edge.from),
        integer(edge.to),
        Value::Integer(edge.way),
        weight(edge.forward),
        weight(edge.backward),
        limit(limit_kmh[0]),
        limit(limit_kmh[1]),
        integer(signals[0].into()),
        integer(signals[1].into()),
        known(*sailing),
        Value::Boolean(*toll),
        Value::Boolean(*winter_closed),
        Value::Boolean(*structure),
        Value::Boolean(*destination),
        Value::Boolean(*dense),
        Value::Boolean(edge.linkable),
        Value::Boolean(drivable[0]),
        Value::Boolean(drivable[1]),
        Value::Boolean(ends_at_junction[0]),
        Value::Boolean(ends_at_junction[1]),
        Value::Boolean(boards[0]),
        Value::Boolean(boards[1]),
    ]
}

/// The network of a layer that [`layer`] made, equal in every number and position.
///
/// # Errors
/// [`LayerFault`]: other columns, or a row that cannot be of a network built with this profile.
pub fn network(layer: &Layer, profile: &Profile) -> Result<Network, LayerFault> {
    let fault = |row, fault: &str| LayerFault { layer: NAME.to_owned(), row, fault: fault.to_owned() };
    if layer.columns != columns() {
        return Err(fault(None, "列がこの版の keniki のものではありません"));
    }
    // Every junction is the end of an edge.
    let most_junctions = 2 * layer.rows.len() as u64;
    let mut edges = Vec::with_capacity(layer.rows.len());
    let mut shapes = Vec::new();
    for (number, row) in (1..).zip(&layer.rows) {
        let Some(Geometry::LineString(line)) = row.geometry.as_ref().filter(|_| !row.values.is_empty())
        else {
            return Err(fault(Some(number), "線がありません"));
        };
        let begin = shapes.len();
        shapes.extend_from_slice(&line.0);
        let mut edge = edge(&row.values, profile)
            .filter(|edge| u64::from(edge.from.max(edge.to)) < most_junctions && line.0.len() >= 2)
            .ok_or_else(|| fault(Some(number), "道路の値として読めません"))?;
        edge.shape = begin..shapes.len();
        edges.push(edge);
    }
    Ok(Network::from_edges(edges, shapes))
}

/// The edge of a row, without its geometry; `None` when a value cannot be.
fn edge(values: &[Value], profile: &Profile) -> Option<Edge> {
    use Value::{Boolean, Integer, Real, Text};
    let [
        Text(class),
        Real(length_m),
        Integer(from),
        Integer(to),
        Integer(way),
        forward,
        backward,
        limit_forward,
        limit_backward,
        Integer(signals_forward),
        Integer(signals_backward),
        sailing,
        Boolean(toll),
        Boolean(winter_closed),
        Boolean(structure),
        Boolean(destination),
        Boolean(dense),
        Boolean(linkable),
        Boolean(drivable_forward),
        Boolean(drivable_backward),
        Boolean(junction_forward),
        Boolean(junction_backward),
        Boolean(boards_forward),
        Boolean(boards_backward),
    ] = values
    else {
        return None;
    };
    let weight = |value: &Value| known::<u32>(value).map(|weight| weight.unwrap_or(CLOSED));
    let limit = |value: &Value| known::<u8>(value).map(|limit| limit.and_then(NonZeroU8::new));
    Some(Edge {
        from: (*from).try_into().ok()?,
        to: (*to).try_into().ok()?,
        class: if class == FERRY_CLASS { FERRY } else { profile.class(class)? },
        forward: weight(forward)?,
        backward: weight(backward)?,
        length_m: *length_m,
        linkable: *linkable,
        way: *way,
        road: Attributes {
            drivable: [*drivable_forward, *drivable_backward],
            dense: *dense,
            destination: *destination,
            winter_closed: *winter_closed,
            structure: *structure,
            toll: *toll,
            limit_kmh: [limit(limit_forward)?, limit(limit_backward)?],
            signals: [(*signals_forward).try_into().ok()?, (*signals_backward).try_into().ok()?],
            ends_at_junction: [*junction_forward, *junction_backward],
            sailing: known(sailing)?,
            boards: [*boards_forward, *boards_backward],
        },
        shape: 0..0,
    })
}

/// A number that may be null; `None` when it is something else or too large.
#[expect(clippy::option_option, reason = "null is a value here")]
fn known<T: TryFrom<i64>>(value: &Value) -> Option<Option<T>> {
    match value {
        Value::Null => Some(None),
        Value::Integer(number) => T::try_from(*number).ok().map(Some),
        _ => None,
    }
}
