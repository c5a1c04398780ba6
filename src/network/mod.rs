//! The road network: graph, speeds, links from places to roads, travel times.

pub mod areas;
pub mod barriers;
pub mod build;
pub mod closed_areas;
pub mod faults;
pub mod graph;
pub mod hierarchy;
pub mod isochrone;
pub mod link;
pub mod municipal_map;
pub mod neighbours;
pub mod osm;
pub mod path;
pub mod profile;
pub mod restricted;
pub mod scenario;
pub mod search;
pub mod tags;
pub mod weights;

/// Why a network could not be made. Every message names the file, the place, what was expected
/// and what to do.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A speed table is damaged.
    #[error("速度表 {file}: {reason}")]
    Profile {
        /// The table.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The table of how isochrones are drawn is damaged.
    #[error("到達圏の描き方の表 {file}: {reason}")]
    Drawing {
        /// The table.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A scenario, or a file that it names, is not what it should be.
    #[error("シナリオ {file} の {place}: {found}。{expected}")]
    Scenario {
        /// The file at fault.
        file: String,
        /// Line or key.
        place: String,
        /// What was found.
        found: String,
        /// What was expected, and what to do.
        expected: String,
    },
    /// A road file cannot be read to its end.
    #[error(
        "道路ファイル {file} の {block} 番目のブロックを読めません（{reason}）。OpenStreetMapの .osm.pbf 形式の完全なファイルが必要です。取得し直してください"
    )]
    Unreadable {
        /// The file.
        file: String,
        /// Block counted from 1.
        block: usize,
        /// What the reader said.
        reason: String,
    },
    /// No road in any of the files.
    #[error(
        "道路ファイル {files} に自動車の通れる道路（highway）がありません。対象の県を含む .osm.pbf を指定してください"
    )]
    NoRoads {
        /// The files.
        files: String,
    },
    /// More roads than 32-bit numbers can count.
    #[error(
        "道路ファイルが大きすぎます（節点 {nodes}）。県とその周辺を切り出した .osm.pbf を指定してください"
    )]
    TooLarge {
        /// Nodes met.
        nodes: usize,
    },
}
