//! Where official files are published and who must be named for them (`shapes/tables/sources.toml`).

use crate::ingest::IngestError;
use crate::ingest::manifest::{InputKind, line_of};
use crate::ingest::text::{Source, decode, place};
use serde::Deserialize;
use std::path::Path;
use std::sync::LazyLock;

/// The table that the program carries.
static SHIPPED: LazyLock<SourceTable> = LazyLock::new(|| {
    SourceTable::parse("shapes/tables/sources.toml", include_str!("../../shapes/tables/sources.toml"))
        .expect("the table of sources is part of the program and tested")
});

/// Publishers of official files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceTable {
    /// Day on which the addresses were last looked through.
    pub as_of: String,
    /// Where they come from.
    pub source: String,
    /// Names of the prefectures in order of their codes (JIS X 0401): the first is that of `01`.
    pub prefectures: Vec<String>,
    /// What is published, in the order in which it is fetched.
    #[serde(rename = "files")]
    pub sources: Vec<OfficialSource>,
}

/// Files that one publisher gives out under one licence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficialSource {
    /// Stable word.
    pub id: String,
    /// What a study takes it for; `None` = no study uses it.
    pub kind: Option<InputKind>,
    /// Japanese name.
    pub name: String,
    /// Who publishes it.
    pub publisher: String,
    /// Page on which a person finds it.
    pub page: String,
    /// Under which conditions it may be used.
    pub licence: String,
    /// What outputs must say of it.
    pub attribution: String,
    /// What the files are.
    pub format: FileFormat,
    /// Name under which a file is kept; without it that of its address.
    pub file: Option<String>,
    /// What stands for `{value}`, one file each; without it there is one file.
    #[serde(default)]
    pub values: Vec<String>,
    /// Fixed addresses, newest first.
    #[serde(default)]
    pub address: Vec<Address>,
    /// Links on pages, where addresses change.
    #[serde(default)]
    pub link: Vec<Link>,
    /// Fetched only when it is named.
    #[serde(default)]
    pub on_request: bool,
}

/// What a file must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Zip archive, or a workbook where a publisher changed to one.
    Zip,
    /// Excel workbook.
    Xlsx,
    /// Table as text.
    Csv,
    /// OpenStreetMap roads.
    Pbf,
}

/// An address that stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Prefectures for which it holds; none = all.
    #[serde(default)]
    pub prefectures: Vec<String>,
    /// With `{PP}` and `{value}`.
    pub url: String,
    /// State of the data, where the address tells it.
    pub date: Option<String>,
    /// `V`, `M-H`, `M-M` or `M-L`.
    pub tag: String,
}

/// A link that changes, on a page that stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Prefectures for which it holds; none = all.
    #[serde(default)]
    pub prefectures: Vec<String>,
    /// The page.
    pub page: String,
    /// What the link looks like, a regular expression with `{PP}`, `{prefecture}` and `{value}`. Of
    /// several that fit, the one with the greatest group `edition` is taken, else the first.
    pub href: String,
    /// What the words of the link and of its row look like.
    pub text: Option<String>,
    /// Takes every link that fits.
    #[serde(default)]
    pub many: bool,
    /// Of the links that fit each of these regular expressions must be in the address or the words of one: a part
    /// of the page that is gone is told, and the others are fetched all the same.
    #[serde(default)]
    pub parts: Vec<String>,
    /// `V`, `M-H`, `M-M` or `M-L`.
    pub tag: String,
}

impl SourceTable {
    /// The table that the program carries.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a table of a mirror.
    ///
    /// # Errors
    /// [`IngestError`] with file and line: not readable, not TOML, an unknown key.
    pub fn read(path: &Path) -> Result<Self, IngestError> {
        let file = path.display().to_string();
        let source = Source::open(&file, path)?;
        let text = decode(&source.whole()?)
            .map_err(|line| IngestError::Encoding { file: file.clone(), place: place(None, line) })?;
        Self::parse(&file, &text)
    }

    fn parse(file: &str, text: &str) -> Result<Self, IngestError> {
        toml::from_str(text).map_err(|error| IngestError::Manifest {
            file: file.to_owned(),
            place: error.span().map_or_else(|| "全体".to_owned(), |span| line_of(text, span.start)),
            found: error.message().to_owned(),
            expected: "shapes/tables/sources.toml と同じキーの TOML".to_owned(),
        })
    }

    /// Name of a prefecture by its two-digit code.
    #[must_use]
    pub fn prefecture_name(&self, code: &str) -> Option<&str> {
        let at = code.parse::<usize>().ok()?.checked_sub(1)?;
        self.prefectures.get(at).map(String::as_str)
    }

    /// The first source of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: InputKind) -> Option<&OfficialSource> {
        self.sources.iter().find(|source| source.kind == Some(kind))
    }
}

/// Whether a list of prefectures, none = all, has one.
#[must_use]
pub fn holds_for(prefectures: &[String], code: &str) -> bool {
    prefectures.is_empty() || prefectures.iter().any(|one| one == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_prefecture_has_a_name_roads_a_bureau_and_each_source_one_way_to_its_files() {
        let table = SourceTable::shipped();
        assert_eq!((table.prefectures.len(), table.as_of.as_str()), (47, "2026-11-30"));
        for (code, name) in [("01", "北海道"), ("19", "山梨県"), ("22", "静岡県"), ("47", "沖縄県")]
        {
            assert_eq!(table.prefecture_name(code), Some(name));
        }
        assert_eq!((table.prefecture_name("00"), table.prefecture_name("48")), (None, None));
        let ids: BTreeSet<&str> = table.sources.iter().map(|source| source.id.as_str()).collect();
        assert_eq!(ids.len(), table.sources.len());
        for source in &table.sources {
            assert!(source.address.is_empty() != source.link.is_empty(), "{}", source.id);
            for code in (1..=47).map(|code| format!("{code:02}")) {
                let links = source.link.iter().filter(|link| holds_for(&link.prefectures, &code)).count();
                let addresses =
                    source.address.iter().filter(|one| holds_for(&one.prefectures, &code)).count();
                assert!(links == 1 || addresses >= 1, "{} of {code}", source.id);
            }
            let tags =
                source.address.iter().map(|one| &one.tag).chain(source.link.iter().map(|one| &one.tag));
            for tag in tags {
                assert!(["V", "M-H", "M-M", "M-L"].contains(&tag.as_str()), "{}: {tag}", source.id);
            }
        }
        for kind in [InputKind::N03Boundary, InputKind::CensusMesh, InputKind::Todokede, InputKind::RoadsOsm]
        {
            assert!(table.of_kind(kind).is_some());
        }
    }

    #[test]
    fn a_table_with_an_unknown_key_is_refused_with_its_line() {
        let text = "as_of = \"x\"\nsource = \"y\"\nprefectures = []\nmirror = 1\nfiles = []\n";
        let told = SourceTable::parse("m.toml", text).expect_err("refused").to_string();
        assert!(told.contains("m.toml") && told.contains("4 行目「mirror = 1」"), "{told}");
    }
}
