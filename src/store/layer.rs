//! A table with or without geometry, as every output format sees it.

use geo::{CoordsIter, Geometry};
use std::collections::BTreeSet;
use std::fmt;

/// A named table. Coordinates are longitude and latitude in degrees, JGD2011.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Name in files and addresses: lower-case ASCII letters, digits and `_`, first a letter.
    pub name: String,
    /// What it shows, for people.
    pub title: String,
    /// The one kind of geometry that all rows have; `None` for a plain table.
    pub geometry: Option<GeometryKind>,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Rows in order.
    pub rows: Vec<Row>,
}

/// Kind of geometry of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// [`Geometry::Point`].
    Point,
    /// [`Geometry::LineString`].
    LineString,
    /// [`Geometry::MultiLineString`].
    MultiLineString,
    /// [`Geometry::Polygon`].
    Polygon,
    /// [`Geometry::MultiPolygon`].
    MultiPolygon,
}

impl GeometryKind {
    /// The kind of a geometry; `None` for kinds that no layer has (triangles, collections …).
    #[must_use]
    pub const fn of(geometry: &Geometry) -> Option<Self> {
        match geometry {
            Geometry::Point(_) => Some(Self::Point),
            Geometry::LineString(_) => Some(Self::LineString),
            Geometry::MultiLineString(_) => Some(Self::MultiLineString),
            Geometry::Polygon(_) => Some(Self::Polygon),
            Geometry::MultiPolygon(_) => Some(Self::MultiPolygon),
            _ => None,
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name, unique in its layer without regard to case.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
}

impl Column {
    /// A column of that name and kind.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: ColumnKind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// Kind of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// [`Value::Integer`].
    Integer,
    /// [`Value::Real`].
    Real,
    /// [`Value::Text`].
    Text,
    /// [`Value::Boolean`].
    Boolean,
}

/// A row: at most one geometry, and one value for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where; `None` in plain tables and where the place is not known.
    pub geometry: Option<Geometry>,
    /// Values in the order of the columns.
    pub values: Vec<Value>,
}

/// A value; unknown is [`Value::Null`], whatever the column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not known.
    Null,
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Real(f64),
    /// Text.
    Text(String),
    /// True or false.
    Boolean(bool),
}

impl Value {
    /// Kind of column it belongs in; `None` for [`Value::Null`], which belongs in all.
    #[must_use]
    pub const fn kind(&self) -> Option<ColumnKind> {
        match self {
            Self::Null => None,
            Self::Integer(_) => Some(ColumnKind::Integer),
            Self::Real(_) => Some(ColumnKind::Real),
            Self::Text(_) => Some(ColumnKind::Text),
            Self::Boolean(_) => Some(ColumnKind::Boolean),
        }
    }
}

/// What is wrong with a layer, and in which row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("レイヤー {layer}{}: {fault}", Place(*.row))]
pub struct LayerFault {
    /// Name of the layer.
    pub layer: String,
    /// Row counted from 1; `None` for a fault of the layer as a whole.
    pub row: Option<usize>,
    /// What was expected and what was met.
    pub fault: String,
}

struct Place(Option<usize>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |row| write!(f, " の{row}行目"))
    }
}

fn named(kind: Option<GeometryKind>) -> String {
    kind.map_or_else(|| "レイヤーに使わない種類".to_owned(), |kind| format!("{kind:?}"))
}

/// Names that the GeoPackage gives its own columns.
const RESERVED_COLUMNS: [&str; 2] = ["fid", "geom"];

impl Layer {
    /// Holds the layer to what the fields promise.
    ///
    /// # Errors
    /// [`LayerFault`] naming the first row that breaks a promise.
    pub fn check(&self) -> Result<(), LayerFault> {
        self.check_names().map_err(|fault| self.fault(None, fault))?;
        for (index, row) in self.rows.iter().enumerate() {
            self.check_geometry(row)
                .and_then(|()| self.check_values(row))
                .map_err(|fault| self.fault(Some(index + 1), fault))?;
        }
        Ok(())
    }

    fn fault(&self, row: Option<usize>, fault: String) -> LayerFault {
        LayerFault { layer: self.name.clone(), row, fault }
    }

    fn check_names(&self) -> Result<(), String> {
        let mut letters = self.name.chars();
        if !letters.next().is_some_and(|first| first.is_ascii_lowercase())
            || !letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            return Err("名前は a–z、0–9、_ からなり、英小文字で始まります".to_owned());
        }
        let mut seen = BTreeSet::from(RESERVED_COLUMNS.map(str::to_owned));
        for Column { name, .. } in &self.columns {
            if name.is_empty() || !seen.insert(name.to_lowercase()) {
                return Err(format!("列名 {name:?} は空か、予約された名前か、重複しています"));
            }
        }
        Ok(())
    }

    fn check_geometry(&self, row: &Row) -> Result<(), String> {
        let Some(geometry) = &row.geometry else { return Ok(()) };
        let met = GeometryKind::of(geometry);
        if met.is_none() || met != self.geometry {
            return Err(format!("図形は {} のはずですが、{} です", named(self.geometry), named(met)));
        }
        if geometry.coords_iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
            return Err("座標が有限の数ではありません".to_owned());
        }
        Ok(())
    }

    fn check_values(&self, row: &Row) -> Result<(), String> {
        if row.values.len() != self.columns.len() {
            return Err(format!("値は{}個のはずですが、{}個です", self.columns.len(), row.values.len()));
        }
        for (column, value) in self.columns.iter().zip(&row.values) {
            let fits = value.kind().is_none_or(|kind| kind == column.kind);
            let finite = !matches!(value, Value::Real(number) if !number.is_finite());
            if !fits || !finite {
                return Err(format!("列 {} は {:?} のはずですが、{value:?} です", column.name, column.kind));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, point};

    fn layer(columns: Vec<Column>, rows: Vec<Row>) -> Layer {
        Layer {
            name: "places".to_owned(),
            title: "場所".to_owned(),
            geometry: Some(GeometryKind::Point),
            columns,
            rows,
        }
    }

    fn fault_of(layer: &Layer) -> String {
        layer.check().unwrap_err().to_string()
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_its_row() {
        let columns = vec![Column::new("people", ColumnKind::Integer)];
        let rows = vec![
            Row { geometry: None, values: vec![Value::Null] },
            Row { geometry: None, values: vec![Value::Real(1.0)] },
        ];
        assert_eq!(
            fault_of(&layer(columns, rows)),
            "レイヤー places の2行目: 列 people は Integer のはずですが、Real(1.0) です"
        );
    }

    #[test]
    fn a_missing_value_is_refused() {
        let columns = vec![Column::new("people", ColumnKind::Integer)];
        let rows = vec![Row { geometry: None, values: vec![] }];
        assert_eq!(fault_of(&layer(columns, rows)), "レイヤー places の1行目: 値は1個のはずですが、0個です");
    }

    #[test]
    fn a_coordinate_that_is_no_number_is_refused() {
        let rows = vec![Row { geometry: Some(Point::new(f64::NAN, 35.0).into()), values: vec![] }];
        assert_eq!(fault_of(&layer(vec![], rows)), "レイヤー places の1行目: 座標が有限の数ではありません");
    }

    #[test]
    fn a_geometry_of_another_kind_is_refused() {
        let mut lines =
            layer(vec![], vec![Row { geometry: Some(point! { x: 138.0, y: 35.0 }.into()), values: vec![] }]);
        lines.geometry = Some(GeometryKind::LineString);
        assert_eq!(fault_of(&lines), "レイヤー places の1行目: 図形は LineString のはずですが、Point です");
    }

    #[test]
    fn names_that_collide_or_cannot_be_a_file_name_are_refused() {
        let twice = vec![Column::new("Code", ColumnKind::Text), Column::new("code", ColumnKind::Text)];
        assert!(layer(twice, vec![]).check().is_err());
        assert!(layer(vec![Column::new("fid", ColumnKind::Integer)], vec![]).check().is_err());
        assert!(Layer { name: "../x".to_owned(), ..layer(vec![], vec![]) }.check().is_err());
        assert!(layer(vec![], vec![]).check().is_ok());
    }
}
