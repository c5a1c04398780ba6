//! From the table of sources to addresses.

use crate::fetch::FetchError;
use crate::fetch::page::Wanted;
use crate::ingest::sources::{OfficialSource, holds_for};
use reqwest::Url;

/// What stands for the words in braces.
pub(super) struct Names<'a> {
    pub(super) prefecture: &'a str,
    pub(super) prefecture_name: &'a str,
}

impl Names<'_> {
    /// A text with `{PP}`, `{prefecture}` and `{value}` filled in.
    pub(super) fn fill(&self, text: &str, value: &str) -> String {
        text.replace("{PP}", self.prefecture)
            .replace("{prefecture}", self.prefecture_name)
            .replace("{value}", value)
    }

    /// Whether a list of prefectures has the one that is asked for.
    pub(super) fn concerns(&self, prefectures: &[String]) -> bool {
        holds_for(prefectures, self.prefecture)
    }
}

/// An address of the table as one.
pub(super) fn url(source: &OfficialSource, said: &str) -> Result<Url, FetchError> {
    let error = |reason: String| FetchError::Table {
        id: source.id.clone(),
        said: said.to_owned(),
        what: "http か https の場所",
        reason,
    };
    let url = Url::parse(said).map_err(|fault| error(fault.to_string()))?;
    if ["http", "https"].contains(&url.scheme()) && url.has_host() {
        Ok(url)
    } else {
        Err(error(url.scheme().to_owned()))
    }
}

/// The fixed addresses of a source for a prefecture, newest first.
pub(super) fn fixed(
    source: &OfficialSource,
    names: &Names<'_>,
    value: &str,
) -> Result<Vec<Wanted>, FetchError> {
    let own = source.address.iter().filter(|address| names.concerns(&address.prefectures));
    own.map(|address| {
        Ok(Wanted { url: url(source, &names.fill(&address.url, value))?, date: address.date.clone() })
    })
    .collect()
}

/// Name under which a file of an address is kept: its last part, of letters that every disk takes.
pub(super) fn file_name(url: &Url) -> String {
    let last = url.path().rsplit('/').find(|part| !part.is_empty()).unwrap_or("file");
    let plain: String =
        last.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).take(MOST_LETTERS).collect();
    let plain = plain.trim_start_matches('.');
    if plain.is_empty() { "file".to_owned() } else { plain.to_owned() }
}

/// Longest name of a file.
const MOST_LETTERS: usize = 120;

const fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-')
}

/// A mirror that holds the files of every host under `/HOST/PATH`.
#[derive(Clone, Debug)]
pub struct Base(Url);

impl Base {
    /// The mirror at an address.
    ///
    /// # Errors
    /// Why the text is no address of a mirror, for people.
    pub fn parse(said: &str) -> Result<Self, String> {
        let expected = "http://localhost:8000 のような http か https の場所を書いてください";
        let mut url = Url::parse(said).map_err(|error| format!("{error}。{expected}"))?;
        if !(["http", "https"].contains(&url.scheme()) && url.has_host()) {
            return Err(expected.to_owned());
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }

    /// Where the mirror holds what the publisher has at `url`.
    pub(super) fn of(&self, url: &Url) -> Url {
        let mut there = self.0.clone();
        there.set_path(&format!("{}{}{}", self.0.path(), url.host_str().unwrap_or_default(), url.path()));
        there.set_query(url.query());
        there
    }

    /// Whether an address is one of the mirror.
    pub(super) fn holds(&self, url: &Url) -> bool {
        url.origin() == self.0.origin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_cannot_leave_the_folder_or_hide() {
        for (address, name) in [
            ("https://a.jp/x/N03-20250101_19_GML.zip", "N03-20250101_19_GML.zip"),
            ("https://a.jp/x/data?code=19&format=csv", "data"),
            ("https://a.jp/x/..%2f..%2fetc%2fpasswd", "_2f.._2fetc_2fpasswd"),
            ("https://a.jp/.hidden/", "hidden"),
            ("https://a.jp/名簿.xlsx", "_E5_90_8D_E7_B0_BF.xlsx"),
            ("https://a.jp", "file"),
        ] {
            assert_eq!(file_name(&Url::parse(address).expect("an address")), name, "{address}");
        }
        let long = Url::parse(&format!("https://a.jp/{}", "x".repeat(500))).expect("an address");
        assert_eq!(file_name(&long).len(), 120);
    }

    #[test]
    fn a_mirror_holds_every_host_below_itself() {
        let base = Base::parse("http://127.0.0.1:8000/mirror").expect("a mirror");
        let there = base.of(&Url::parse("https://www.e-stat.go.jp/gis/data?code=19").expect("an address"));
        assert_eq!(there.as_str(), "http://127.0.0.1:8000/mirror/www.e-stat.go.jp/gis/data?code=19");
        assert!(base.holds(&there) && !base.holds(&Url::parse("http://127.0.0.1:8001/").expect("one")));
        assert!(Base::parse("ftp://a.jp").is_err() && Base::parse("here").is_err());
    }
}
