//! Official files, one reader each, into one [`study::Study`].
//!
//! [`read_study`] reads every file of a manifest, places and joins what they say and returns the
//! finished study. What is doubtful becomes a [`finding::Finding`]; only what makes a file
//! unusable as a whole is an [`IngestError`].

pub mod alone;
pub mod beyond;
pub mod fetched;
pub mod finding;
pub mod flood;
pub mod given;
pub mod guard;
pub mod manifest;
pub mod neighbour_table;
pub mod own_lists;
pub mod sources;
pub mod study;
pub mod unit_table;
pub mod week;

mod a38_medical_area;
mod abr_towns;
mod active_list;
mod address;
mod address_point;
mod admission_beds;
mod area_cuts;
mod area_flows;
mod area_membership;
mod assemble;
mod attribute_table;
mod boundary;
mod bring;
mod care_facility_partners;
mod care_need;
mod cells;
mod census_mesh;
mod census_tables;
mod censuses;
pub mod changes;
pub mod classes;
mod code_changes;
mod code_contents;
mod code_names;
mod cohort_counts;
mod continuity_plans;
mod corrections;
mod crosswalk;
mod csv_table;
mod dates;
pub mod edition;
mod emergency_tools;
mod future_mesh;
mod geocode;
mod home_demand;
mod identity_decisions;
mod inhabited;
mod institution_codes;
mod ipss;
mod iryo_joho_net;
mod kaigo;
mod ledger;
mod linkage_list;
mod listed_lines;
mod lists;
pub mod location_errors;
mod municipality_points;
mod named_institution;
mod night_calls;
#[cfg(test)]
mod official_files;
mod opening_hours;
mod overlap;
mod own_figures;
pub(crate) mod own_table;
mod p04_medical;
mod p14_welfare;
mod patient_flows;
mod population;
mod position_corrections;
mod print_list;
mod projections;
mod public_body;
pub mod quality;
mod recognise;
mod register;
pub mod review;
mod road_file;
mod rota;
mod rota_limits;
mod rota_sheet;
mod small_counts;
mod split;
mod stopped_list;
mod stops;
mod superfluous;
pub mod survey;
mod targets;
pub(crate) mod text;
mod todokede;
mod town_points;
mod vector;
mod wards;
mod xlsx_table;

pub use assemble::read_study;
pub(crate) use dates::year;
pub use ledger::Account;
pub(crate) use print_list::plain;

/// Why files could not be read. Every message names the file, the place, what was expected and
/// what to do.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file is not where the manifest says.
    #[error(
        "{file}: ファイルがありません。path を確かめてください（相対パスはマニフェストのあるフォルダーから数えます）"
    )]
    NotFound {
        /// File as written in the manifest.
        file: String,
    },
    /// The operating system refuses to give the file.
    #[error(
        "{file}: 読めません（{reason}）。通常のファイルであること、読み取りの権限があることを確かめてください"
    )]
    Unreadable {
        /// File as written in the manifest.
        file: String,
        /// What the operating system says.
        reason: String,
    },
    /// The file, or what is packed in it, is larger than the reader accepts.
    #[error(
        "{file}: {place}が大きすぎます（上限 {limit_bytes} バイト）。必要な都道府県の分だけのファイルを使ってください"
    )]
    TooLarge {
        /// File as written in the manifest.
        file: String,
        /// The file itself or a member of the archive.
        place: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// Text that is neither UTF-8 nor CP932, nor what its BOM says.
    #[error(
        "{file}: {place}の文字コードが UTF-8 でも CP932（Shift_JIS）でも BOM のある UTF-16 でもありません。UTF-8 か Shift_JIS の CSV として保存し直してください"
    )]
    Encoding {
        /// File as written in the manifest.
        file: String,
        /// First line that cannot be read, and the archive member.
        place: String,
    },
    /// A table without the columns that its kind has.
    #[error(
        "{file}: {place}の見出しに「{missing}」がありません。必要な列: {expected}。実際の見出し: {found}。kind とファイルの組み合わせ、配布元の様式の版を確かめてください"
    )]
    Header {
        /// File as written in the manifest.
        file: String,
        /// Row (and sheet or member) of the header.
        place: String,
        /// Columns that were looked for and not found, or found twice.
        missing: String,
        /// All columns that are needed.
        expected: String,
        /// The header as it is.
        found: String,
    },
    /// A file that is damaged or is not what its kind says.
    #[error("{file}: {place}: {found}。期待したもの: {expected}。{remedy}")]
    Broken {
        /// File as written in the manifest.
        file: String,
        /// Where in the file.
        place: String,
        /// What was found there.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do.
        remedy: String,
    },
    /// A manifest that cannot be used.
    #[error("{file}: {place}: {found}。期待したもの: {expected}。マニフェストを直してください")]
    Manifest {
        /// Path of the manifest.
        file: String,
        /// Line and column, or the key.
        place: String,
        /// What is written there.
        found: String,
        /// What was expected.
        expected: String,
    },
}
