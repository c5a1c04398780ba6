//! A point of an address, the same for every source of points: what the geocoder learns from.

use crate::ids::MunicipalityCode;
use geo::Point;
use std::fmt;
use std::sync::Arc;

/// One row of a table of points. Rows of one municipality and town share their names: a prefecture
/// has up to a million blocks.
#[derive(Clone, Debug)]
pub(crate) struct AddressPoint {
    /// Line in the file.
    pub row: u64,
    /// Municipality by code, or by name with 郡 where the table has no codes.
    pub municipality: Arc<TownMunicipality>,
    /// 大字・町丁目 as written; the 丁目 in Chinese numerals or in digits.
    pub town: Arc<str>,
    /// 小字・通称名 as written; empty where there is none.
    pub koaza: String,
    /// 街区符号 or 地番 as written; empty but at the levels of blocks and lots.
    pub block: String,
    /// What the point stands for.
    pub level: AddressLevel,
    /// 大字町丁目コード (12 digits); empty where the table gives none.
    pub code: String,
    /// Longitude and latitude in degrees.
    pub position: Point,
}

/// What a point stands for, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AddressLevel {
    /// A 大字・町丁目.
    Town,
    /// A 小字 (通称) within its 大字.
    Koaza,
    /// A block with 住居表示: all house numbers (号) of one 街区符号 (番).
    Block,
    /// A lot, or the lots with one 本番, where there is no 住居表示: one 地番.
    Lot,
}

/// How a table of points names the municipality.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TownMunicipality {
    /// Code of five digits.
    Code(MunicipalityCode),
    /// Prefecture and municipality with 郡.
    Name {
        /// 都道府県名.
        prefecture: String,
        /// 郡 and 市区町村名; wards with their city.
        municipality: String,
    },
}

impl fmt::Display for TownMunicipality {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(to, "{code}"),
            Self::Name { municipality, .. } => to.write_str(municipality),
        }
    }
}

impl AddressPoint {
    /// 大字・町丁目 with 小字.
    pub(crate) fn town_and_koaza(&self) -> String {
        format!("{}{}", self.town, self.koaza)
    }
}

/// Names of the row before, so that the rows of a town share one.
#[derive(Default)]
pub(crate) struct Shared {
    municipality: Option<Arc<TownMunicipality>>,
    town: Option<Arc<str>>,
}

impl Shared {
    /// The municipality, the same one as in the row before where it is equal.
    pub(crate) fn municipality(&mut self, municipality: TownMunicipality) -> Arc<TownMunicipality> {
        match &self.municipality {
            Some(known) if **known == municipality => known.clone(),
            _ => self.municipality.insert(Arc::new(municipality)).clone(),
        }
    }

    /// The town, the same one as in the row before where it is equal.
    pub(crate) fn town(&mut self, town: &str) -> Arc<str> {
        match &self.town {
            Some(known) if **known == *town => known.clone(),
            _ => self.town.insert(town.into()).clone(),
        }
    }
}
