//! What the register of institutions decided about the records of its sources, for review.

use crate::ingest::study::Precision;

/// A record of a source as it is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Number by which decisions name it: 医療機関コード, `iryo:` and `kaigo:` with the number of the source;
    /// empty for a source whose records have none.
    pub key: String,
    /// Name as written.
    pub name: String,
    /// Address as written.
    pub address: String,
    /// Position in the study's inputs.
    pub input: usize,
    /// First row in the file.
    pub row: u64,
}

/// A record and the institution that it was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Id of the institution.
    pub institution: String,
    /// The record.
    pub record: Record,
    /// 0 to 100: how sure that is.
    pub score: u8,
    /// Why, for people.
    pub reason: String,
}

/// Two records that may be one institution and were not joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtfulPair {
    /// The one.
    pub one: Record,
    /// The other.
    pub other: Record,
    /// 0 to 100: what speaks for it.
    pub score: u8,
    /// Why, for people.
    pub reason: String,
}

/// Where an address lies beside the coordinates that a source gives for the same institution.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressCheck {
    /// Id of the institution.
    pub institution: String,
    /// Position in the inputs of the source of the coordinates.
    pub input: usize,
    /// How exactly the address alone is known.
    pub precision: Precision,
    /// Metres from its point to the coordinates; `None` for an address that is not located.
    pub metres: Option<f64>,
}

/// Everything that can be reviewed, each list in order of institution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// Links that were made.
    pub links: Vec<Link>,
    /// Links that were not made.
    pub doubtful: Vec<DoubtfulPair>,
    /// Addresses beside coordinates.
    pub address_checks: Vec<AddressCheck>,
}
