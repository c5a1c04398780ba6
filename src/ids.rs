//! The names by which things are known: official codes and positions in the study's own tables.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A code that does not have the shape its system prescribes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said:?} is not a {system}: expected {expected}")]
pub struct InvalidCode {
    /// What was read.
    pub said: String,
    /// The code system.
    pub system: &'static str,
    /// The shape that was expected.
    pub expected: &'static str,
}

/// 市区町村コード (JIS X 0402): two digits of the prefecture and three of the municipality,
/// without check digit. `07999` is the joint area 福島浜通り of the population projections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityCode([u8; 5]);

impl MunicipalityCode {
    /// The five digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a municipality code holds ASCII digits only")
    }

    /// The two digits of the prefecture (JIS X 0401).
    #[must_use]
    pub fn prefecture(&self) -> &str {
        &self.as_str()[..2]
    }
}

impl JsonSchema for MunicipalityCode {
    fn schema_name() -> Cow<'static, str> {
        "MunicipalityCode".into()
    }

    fn inline_schema() -> bool {
        true // so that maps keyed by it constrain their keys
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "市区町村コード (JIS X 0402), without check digit",
            "pattern": "^[0-9]{5}$",
        })
    }
}

impl FromStr for MunicipalityCode {
    type Err = InvalidCode;

    fn from_str(said: &str) -> Result<Self, InvalidCode> {
        <[u8; 5]>::try_from(said.as_bytes())
            .ok()
            .filter(|digits| digits.iter().all(u8::is_ascii_digit))
            .map(Self)
            .ok_or_else(|| InvalidCode {
                said: said.to_owned(),
                system: "市区町村コード",
                expected: "five digits such as 19201",
            })
    }
}

impl TryFrom<String> for MunicipalityCode {
    type Error = InvalidCode;

    fn try_from(said: String) -> Result<Self, InvalidCode> {
        said.parse()
    }
}

impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
