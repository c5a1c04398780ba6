//! GeoPackage geometry blobs: the `GP` header (clause 2.1.3) and ISO WKB, little-endian, in two
//! dimensions.

use geo::{BoundingRect, Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon, Rect};

/// Header flags: little-endian, envelope of four numbers.
const FLAGS: u8 = 0b0000_0011;
/// Header flags of an empty geometry: little-endian, no envelope, the empty bit.
const FLAGS_EMPTY: u8 = 0b0001_0001;
/// WKB geometry types.
const POINT: u32 = 1;
const LINE_STRING: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_LINE_STRING: u32 = 5;
const MULTI_POLYGON: u32 = 6;

/// The blob of a geometry together with its envelope; `None` for kinds that no layer has.
pub fn encode(geometry: &Geometry, srs_id: i32) -> Option<(Vec<u8>, Option<Rect>)> {
    let envelope = geometry.bounding_rect();
    let mut blob = Vec::with_capacity(64);
    blob.extend_from_slice(b"GP\0");
    blob.push(if envelope.is_some() { FLAGS } else { FLAGS_EMPTY });
    blob.extend_from_slice(&srs_id.to_le_bytes());
    if let Some(envelope) = envelope {
        let (min, max) = (envelope.min(), envelope.max());
        for bound in [min.x, max.x, min.y, max.y] {
            blob.extend_from_slice(&bound.to_le_bytes());
        }
    }
    write_geometry(&mut blob, geometry)?;
    Some((blob, envelope))
}

fn write_geometry(blob: &mut Vec<u8>, geometry: &Geometry) -> Option<()> {
    match geometry {
        Geometry::Point(point) => {
            write_head(blob, POINT);
            write_coord(blob, point.0);
        }
        Geometry::LineString(line) => write_line(blob, line)?,
        Geometry::Polygon(polygon) => write_polygon(blob, polygon)?,
        Geometry::MultiLineString(lines) => {
            write_head(blob, MULTI_LINE_STRING);
            write_count(blob, lines.0.len())?;
            lines.0.iter().try_for_each(|line| write_line(blob, line))?;
        }
        Geometry::MultiPolygon(polygons) => {
            write_head(blob, MULTI_POLYGON);
            write_count(blob, polygons.0.len())?;
            polygons.0.iter().try_for_each(|polygon| write_polygon(blob, polygon))?;
        }
        _ => return None,
    }
    Some(())
}

fn write_head(blob: &mut Vec<u8>, kind: u32) {
    blob.push(1);
    blob.extend_from_slice(&kind.to_le_bytes());
}

fn write_count(blob: &mut Vec<u8>, count: usize) -> Option<()> {
    blob.extend_from_slice(&u32::try_from(count).ok()?.to_le_bytes());
    Some(())
}

fn write_coord(blob: &mut Vec<u8>, coord: Coord) {
    blob.extend_from_slice(&coord.x.to_le_bytes());
    blob.extend_from_slice(&coord.y.to_le_bytes());
}

fn write_coords(blob: &mut Vec<u8>, line: &LineString) -> Option<()> {
    write_count(blob, line.0.len())?;
    line.0.iter().for_each(|coord| write_coord(blob, *coord));
    Some(())
}

fn write_line(blob: &mut Vec<u8>, line: &LineString) -> Option<()> {
    write_head(blob, LINE_STRING);
    write_coords(blob, line)
}

fn write_polygon(blob: &mut Vec<u8>, polygon: &Polygon) -> Option<()> {
    write_head(blob, POLYGON);
    if polygon.exterior().0.is_empty() {
        return write_count(blob, 0);
    }
    write_count(blob, polygon.interiors().len() + 1)?;
    write_coords(blob, polygon.exterior())?;
    polygon.interiors().iter().try_for_each(|ring| write_coords(blob, ring))
}

/// The geometry of a blob; `None` when it is not a blob of this module's kind: another byte order,
/// a third dimension, cut short, or with bytes left over.
pub fn decode(blob: &[u8]) -> Option<Geometry> {
    let mut rest = Bytes(blob);
    if rest.take(3)? != b"GP\0" {
        return None;
    }
    let envelope_length = match rest.take(1)? {
        [FLAGS] => 32,
        [FLAGS_EMPTY] => 0,
        _ => return None,
    };
    rest.take(4 + envelope_length)?;
    let geometry = rest.geometry()?;
    rest.0.is_empty().then_some(geometry)
}

/// Bytes not yet read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn f64(&mut self) -> Option<f64> {
        self.take(8)?.try_into().ok().map(f64::from_le_bytes)
    }

    fn kind(&mut self) -> Option<u32> {
        (self.take(1)? == [1]).then_some(())?;
        self.u32()
    }

    fn geometry(&mut self) -> Option<Geometry> {
        Some(match self.kind()? {
            POINT => Geometry::Point(Point(self.coord()?)),
            LINE_STRING => Geometry::LineString(self.line()?),
            POLYGON => Geometry::Polygon(self.polygon()?),
            MULTI_LINE_STRING => {
                Geometry::MultiLineString(MultiLineString(self.many(LINE_STRING, Self::line)?))
            }
            MULTI_POLYGON => Geometry::MultiPolygon(MultiPolygon(self.many(POLYGON, Self::polygon)?)),
            _ => return None,
        })
    }

    fn coord(&mut self) -> Option<Coord> {
        Some(Coord { x: self.f64()?, y: self.f64()? })
    }

    fn line(&mut self) -> Option<LineString> {
        let count = self.u32()?;
        (0..count).map(|_| self.coord()).collect::<Option<Vec<_>>>().map(LineString)
    }

    fn polygon(&mut self) -> Option<Polygon> {
        let count = self.u32()?;
        let mut rings = (0..count).map(|_| self.line()).collect::<Option<Vec<_>>>()?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Some(Polygon::new(exterior, rings.collect()))
    }

    fn many<T>(&mut self, kind: u32, read: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()?;
        (0..count).map(|_| (self.kind()? == kind).then(|| read(self))?).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, point, polygon};

    #[test]
    fn a_point_has_the_bytes_of_the_standard() {
        let (blob, _) = encode(&point! { x: 1.0, y: 2.0 }.into(), 6668).unwrap();
        let mut expected = vec![0x47, 0x50, 0x00, 0x03, 0x0C, 0x1A, 0x00, 0x00];
        for number in [1.0_f64, 1.0, 2.0, 2.0] {
            expected.extend_from_slice(&number.to_le_bytes());
        }
        expected.extend_from_slice(&[0x01, 0x01, 0x00, 0x00, 0x00]);
        for number in [1.0_f64, 2.0] {
            expected.extend_from_slice(&number.to_le_bytes());
        }
        assert_eq!(blob, expected);
    }

    #[test]
    fn every_kind_comes_back_as_it_went() {
        let line = line_string![(x: 138.0, y: 35.0), (x: 138.5, y: 35.25)];
        let holed = polygon! {
            exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 0.)],
            interiors: [[(x: 2., y: 1.), (x: 3., y: 2.), (x: 3., y: 1.), (x: 2., y: 1.)]],
        };
        let geometries: [Geometry; 6] = [
            point! { x: 138.5, y: 35.5 }.into(),
            line.clone().into(),
            MultiLineString(vec![line.clone(), line]).into(),
            holed.clone().into(),
            MultiPolygon(vec![holed.clone(), holed]).into(),
            MultiPolygon(vec![]).into(),
        ];
        for geometry in geometries {
            let (blob, envelope) = encode(&geometry, 6668).unwrap();
            assert_eq!(envelope, geometry.bounding_rect());
            assert_eq!(decode(&blob), Some(geometry));
        }
    }

    #[test]
    fn a_blob_cut_anywhere_is_refused_without_panic() {
        let geometry = MultiPolygon(vec![polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.)]]);
        let (mut blob, _) = encode(&geometry.into(), 6668).unwrap();
        for length in 0..blob.len() {
            assert_eq!(decode(&blob[..length]), None, "cut at {length}");
        }
        blob.push(0);
        assert_eq!(decode(&blob), None);
    }

    #[test]
    fn a_count_larger_than_the_blob_is_refused_without_reserving_memory() {
        let (mut blob, _) = encode(&line_string![(x: 0., y: 0.), (x: 1., y: 1.)].into(), 6668).unwrap();
        blob[45..49].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(decode(&blob), None);
    }
}
