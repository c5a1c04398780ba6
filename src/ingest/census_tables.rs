//! The table of census mesh tables (`shapes/tables/census_tables.toml`): which census a table belongs to
//! and where its columns are.

use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "source")]
    _source: String,
    table: Vec<CensusTable>,
}

/// One table of the census mesh statistics.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CensusTable {
    /// 統計表ID (T001100).
    pub id: String,
    /// Year of the census.
    pub year: u16,
    #[serde(rename = "mesh_m")]
    _mesh_m: u32,
    /// Numbers of the columns; `None` = not known, the table cannot be read.
    pub columns: Option<CensusColumns>,
    #[serde(rename = "tag")]
    _tag: String,
}

/// Numbers of the columns below the id of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CensusColumns {
    /// 人口総数.
    pub total: String,
    /// 65歳以上人口総数.
    pub age_65_plus: String,
    /// 75歳以上人口総数.
    pub age_75_plus: String,
    /// 85歳以上人口総数, where the table has it.
    pub age_85_plus: Option<String>,
}

static TABLES: LazyLock<Vec<CensusTable>> = LazyLock::new(|| {
    let tables: Tables = toml::from_str(include_str!("../../shapes/tables/census_tables.toml"))
        .expect("the table of census tables is part of the program and tested");
    tables.table
});

/// The table whose columns stand in a header of codes.
pub(crate) fn table_of<'a>(codes: impl Iterator<Item = &'a str>) -> Option<&'static CensusTable> {
    codes.into_iter().find_map(|code| TABLES.iter().find(|table| code.starts_with(&table.id)))
}

/// Ids of the tables that can be read, for messages.
pub(crate) fn readable() -> String {
    let ids = TABLES.iter().filter(|table| table.columns.is_some()).map(|table| table.id.as_str());
    ids.collect::<Vec<_>>().join("・")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_is_there_once_and_is_found_by_any_of_its_columns() {
        let ids: BTreeSet<&str> = TABLES.iter().map(|table| table.id.as_str()).collect();
        assert_eq!(ids.len(), TABLES.len());
        let year = |codes: &[&str]| table_of(codes.iter().copied()).map(|table| table.year);
        assert_eq!(year(&["KEY_CODE", "GASSAN", "T000846041"]), Some(2015));
        assert_eq!(year(&["T001142001"]), Some(2020));
        assert_eq!(year(&["KEY_CODE", "T999999001"]), None);
        assert!(readable().contains("T000847") && !readable().contains("T000609"));
    }
}
