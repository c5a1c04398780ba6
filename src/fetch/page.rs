//! Links of a publisher's page, and those among them that are wanted.

use crate::fetch::FetchError;
use crate::fetch::address::Names;
use crate::ingest::edition::date_in_name;
use crate::ingest::sources::{Link, OfficialSource};
use crate::ingest::text::decode;
use regex::Regex;
use reqwest::Url;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Links of one page that are taken at most.
const MOST_LINKS: usize = 40;

/// A file to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) url: Url,
    /// State of the data, where the address tells it.
    pub(super) date: Option<String>,
}

static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?is)<a\s[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>(.*?)</a\s*>"#));
static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)<!--.*?-->"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)<[^>]*>"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are tested")
}

/// A page as text; letters that are in neither encoding do not matter for its links.
pub(super) fn text(bytes: &[u8]) -> String {
    decode(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}

/// A link and the words of its row, item or paragraph up to its end.
struct Anchor {
    href: String,
    words: String,
}

fn anchors(html: &str) -> Vec<Anchor> {
    let html = COMMENT.replace_all(html, "");
    let plain = html.to_ascii_lowercase();
    let mut anchors = Vec::new();
    for found in ANCHOR.captures_iter(&html) {
        let (Some(whole), Some(href)) = (found.get(0), found.get(1).or_else(|| found.get(2))) else {
            continue;
        };
        let from = block_around(&plain, whole.start()).unwrap_or(whole.start());
        let words = TAG.replace_all(&html[from..whole.end()], " ");
        let words: String = unescaped(&words).nfkc().filter(|letter| !letter.is_whitespace()).collect();
        anchors.push(Anchor { href: unescaped(href.as_str().trim()), words });
    }
    anchors
}

/// Blocks whose words belong to a link in them, the outermost of its kind of reader first: a row of a table
/// tells of all links in it, whatever stands inside its cells.
const BLOCKS: [&str; 5] = ["tr", "li", "dd", "p", "div"];

/// Where the block around a place begins.
fn block_around(plain: &str, at: usize) -> Option<usize> {
    let before = &plain[..at];
    let is_tag =
        |end: usize| before[end..].starts_with(|next: char| next == '>' || next.is_ascii_whitespace());
    BLOCKS.iter().find_map(|name| {
        let (open, close) = (format!("<{name}"), format!("</{name}"));
        let begun = before.rmatch_indices(&open).map(|(from, tag)| (from, from + tag.len()));
        let (from, _) = begun.into_iter().find(|(_, end)| is_tag(*end))?;
        (!before[from..].contains(&close)).then_some(from)
    })
}

fn unescaped(text: &str) -> String {
    text.replace("&nbsp;", " ").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// The links of a page that a source wants, and an error for each part of it that no link belongs to any more.
pub(super) fn find(
    source: &OfficialSource,
    link: &Link,
    names: &Names<'_>,
    value: &str,
    page: &Url,
    html: &str,
) -> Result<(Vec<Wanted>, Vec<FetchError>), FetchError> {
    let regex = |said: &str| {
        let said = names.fill(said, value);
        Regex::new(&said).map_err(|fault| FetchError::Table {
            id: source.id.clone(),
            said,
            what: "正規表現",
            reason: fault.to_string(),
        })
    };
    let href = regex(&link.href)?;
    let text = link.text.as_deref().map(regex).transpose()?;
    let parts = link.parts.iter().map(|part| regex(part)).collect::<Result<Vec<_>, _>>()?;
    let mut missing: Vec<&Regex> = parts.iter().collect();
    let mut found: Vec<(String, Wanted)> = Vec::new();
    for anchor in anchors(html) {
        let Ok(url) = page.join(&anchor.href) else { continue };
        let Some(fits) = href.captures(url.as_str()) else { continue };
        let is_named = text.as_ref().is_none_or(|text| text.is_match(&anchor.words));
        if !is_named
            || !["http", "https"].contains(&url.scheme())
            || found.iter().any(|(_, one)| one.url == url)
        {
            continue;
        }
        missing.retain(|part| !part.is_match(url.as_str()) && !part.is_match(&anchor.words));
        let edition = fits.name("edition").map_or("", |edition| edition.as_str()).to_owned();
        let date = date_in_name(&edition);
        found.push((edition, Wanted { url, date }));
    }
    if !link.many {
        // The first of the newest.
        let newest = found.iter().map(|(edition, _)| edition.clone()).max();
        found.retain(|(edition, _)| Some(edition) == newest.as_ref());
        found.truncate(1);
    }
    if found.is_empty() || found.len() > MOST_LINKS {
        let wanted = [Some(href.as_str()), text.as_ref().map(Regex::as_str)];
        let wanted = wanted.into_iter().flatten().collect::<Vec<_>>().join(" ＋ ");
        return Err(FetchError::NoLink { address: page.to_string(), wanted });
    }
    let gone = |part: &Regex| FetchError::NoLink { address: page.to_string(), wanted: part.to_string() };
    Ok((found.into_iter().map(|(_, wanted)| wanted).collect(), missing.into_iter().map(gone).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::sources::SourceTable;

    const NAMES: Names<'_> = Names { prefecture: "32", prefecture_name: "島根県" };

    fn found(link: &Link, value: &str, html: &str) -> Result<Vec<String>, FetchError> {
        let source = &SourceTable::shipped().sources[0];
        let page = Url::parse("https://a.jp/b/index.html").expect("an address");
        let (found, missing) = find(source, link, &NAMES, value, &page, html)?;
        let missing = missing.into_iter().map(|error| error.to_string());
        let found = found.into_iter().map(|one| format!("{} {}", one.url, one.date.unwrap_or_default()));
        Ok(found.chain(missing).collect())
    }

    fn link(href: &str, text: Option<&str>, many: bool) -> Link {
        let (page, tag) = ("https://a.jp/".to_owned(), "V".to_owned());
        Link {
            prefectures: Vec::new(),
            page,
            href: href.to_owned(),
            text: text.map(str::to_owned),
            many,
            parts: Vec::new(),
            tag,
        }
    }

    #[test]
    fn a_part_of_the_page_that_is_gone_is_told_beside_what_is_there() {
        let html =
            "<p>医科 <a href='i.zip'>ZIP</a></p><p>歯科 <a href='000.zip'>ZIP</a></p><p>薬局は準備中</p>";
        let link = Link {
            parts: ["医科", "歯科", "薬局"].map(str::to_owned).to_vec(),
            ..link(r"\.zip$", None, true)
        };
        let all = found(&link, "", html).expect("two");
        assert_eq!(all[..2], ["https://a.jp/b/i.zip ", "https://a.jp/b/000.zip "]);
        assert_eq!(all.len(), 3);
        assert!(all[2].contains("「薬局」に当たるリンクがありません"), "{}", all[2]);
    }

    #[test]
    fn the_newest_edition_is_taken_wherever_it_stands() {
        let html = r#"<ul><li><a href="/c/02-1_x_20251201.csv.zip">旧</a></li>
            <li><a class='n' href='https://a.jp/c/02-1_x_20260601.csv.zip?a=1&amp;b=2'>新</a>
            <!-- <a href="/c/02-1_x_20270601.zip">下書き</a> --></li></ul>"#;
        let link = link(r"/{value}_(?<edition>\d{8})(\.csv)?\.zip", None, false);
        assert_eq!(
            found(&link, "02-1_x", html).expect("one"),
            ["https://a.jp/c/02-1_x_20260601.csv.zip?a=1&b=2 2026-06-01"]
        );
        assert!(matches!(found(&link, "05_y", html), Err(FetchError::NoLink { .. })));
    }

    #[test]
    fn links_are_told_by_the_words_of_their_row() {
        let html = "<table><tr><td>鳥取県</td><td><a href=\"000001.zip\">ＺＩＰ</a></td></tr>
            <tr><td>島根県（医科）</td><td><a href=\"000002.zip\">ZIP</a></td><td><a href='../000003.xlsx'>Excel</a></td></tr>
            <tr><td>島根県</td><td><a href=\"x.pdf\">PDF</a></td></tr></table>";
        let all = found(&link(r"\.(zip|xlsx)$", Some("{prefecture}"), true), "", html).expect("two");
        assert_eq!(all, ["https://a.jp/b/000002.zip ", "https://a.jp/000003.xlsx "]);
        let after = format!("{html}</table><a href='z.zip'>ZIP</a>");
        assert_eq!(found(&link(r"z\.zip$", Some("島根県"), true), "", &after).ok(), None, "after the table");
        let nested = "<tr><td><p>島根県</p></td><td><p><a href='n.zip'>ZIP</a></p></td></tr>";
        assert!(found(&link("n", Some("島根県"), false), "", nested).is_ok(), "paragraphs in cells");
        let one = found(&link(r"\.zip$", Some("ZIP"), false), "", html).expect("full width is folded");
        assert_eq!(one, ["https://a.jp/b/000001.zip "]);
    }

    #[test]
    fn every_pattern_of_the_shipped_table_is_one() {
        for source in &SourceTable::shipped().sources {
            for link in &source.link {
                let page = Url::parse(&link.page).expect("an address");
                let nothing = find(source, link, &NAMES, "x", &page, "");
                assert!(matches!(nothing, Err(FetchError::NoLink { .. })), "{}: {nothing:?}", source.id);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_page(html in "(<a href=|<tr|\"|'|>|</a>|<!--|[a-z&;あ]|\\PC){0,60}") {
            let _ = found(&link(r".", None, true), "", &html);
        }
    }
}
