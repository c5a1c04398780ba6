//! Official files from their publishers' addresses, into a folder that `keniki import` reads.
//!
//! One file after the other and one connection at a time, so no publisher is asked twice at once. A file
//! that was cut off is continued where it stopped, as long as the publisher still has the same one.
//! Nothing of this runs unless somebody asks for it.

mod address;
mod client;
mod contents;
mod download;
mod page;

use crate::ingest::IngestError;
use crate::ingest::edition::edition_at;
use crate::ingest::fetched::{FetchRecord, FetchedFile};
use crate::ingest::sources::{OfficialSource, SourceTable};
use crate::progress::Progress;
use client::Client;
use download::Download;
use page::Wanted;
use reqwest::Url;
use std::path::Path;
use std::time::Duration;

pub use address::Base;

/// What is asked for.
pub struct Order<'a> {
    /// 都道府県コード, two digits.
    pub prefecture: &'a str,
    /// Folder of the files; it is there.
    pub folder: &'a Path,
    /// Where files are published.
    pub table: &'a SourceTable,
    /// Ids of the sources; none = all that are not on request.
    pub only: &'a [String],
    /// A mirror that holds the files under `/HOST/PATH`.
    pub base: Option<&'a Base>,
    /// Fetches again what is there already.
    pub again: bool,
    /// How long to wait and how often to try.
    pub patience: Patience,
}

/// How long to wait for a publisher and how often to ask again.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Nothing, or next to nothing, for so long means that the connection is dead.
    pub silence: Duration,
    /// Times that a file is asked for without a byte coming.
    pub tries: u32,
    /// Wait before the second time; it doubles with every further one.
    pub first_wait: Duration,
}

/// What became of one file.
#[derive(Debug)]
pub struct Outcome {
    /// Japanese name of its source.
    pub source: String,
    /// What happened.
    pub result: Result<Got, FetchError>,
}

/// A file that is in the folder now.
#[derive(Debug)]
pub struct Got {
    /// Its record.
    pub file: FetchedFile,
    /// It was there before, unchanged.
    pub was_there: bool,
    /// Bytes that an earlier, broken off attempt had brought.
    pub continued_from: u64,
}

/// Why a file, or all of them, could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The record of the folder cannot be read.
    #[error(transparent)]
    Record(Box<IngestError>),
    /// No prefecture has the code.
    #[error("--prefecture が {0} です。01 から 47 までの二桁の都道府県コードを書いてください")]
    Prefecture(String),
    /// No source has the id.
    #[error("「{asked}」という資料はありません。--list で一覧が出ます（{known}）")]
    UnknownSource {
        /// What was asked.
        asked: String,
        /// The ids that are known.
        known: String,
    },
    /// The table of sources has an address or a pattern that is none.
    #[error("資料の表の {id}: 「{said}」は{what}として読めません（{reason}）。表を直してください")]
    Table {
        /// Id of the source.
        id: String,
        /// What stands there.
        said: String,
        /// What it should be.
        what: &'static str,
        /// Why it is none.
        reason: String,
    },
    /// The address tells of no file.
    #[error("{address}: ファイルがありません（HTTP {status}）。{}", by_hand(.page))]
    NotThere {
        /// The last address that was asked.
        address: String,
        /// What the server said.
        status: u16,
        /// Page on which a person finds it.
        page: String,
    },
    /// Something came that is no such file.
    #[error("{address}: {found}。配布元のページが変わったと思われます。{}", by_hand(.page))]
    WrongContents {
        /// The address.
        address: String,
        /// What came.
        found: String,
        /// Page on which a person finds it.
        page: String,
    },
    /// The page has no link that fits.
    #[error("{address}: 「{wanted}」に当たるリンクがありません。ページの書き方が変わったと思われます。{}", by_hand(.address))]
    NoLink {
        /// The page.
        address: String,
        /// What was looked for.
        wanted: String,
    },
    /// Redirected round and round, or out of the mirror.
    #[error("{address}: 転送が繰り返されるか、許されていない所へ転送されます。{}", by_hand(.page))]
    Redirected {
        /// The address.
        address: String,
        /// Page on which a person finds it.
        page: String,
    },
    /// More than a file of its kind has.
    #[error("{address}: 大きすぎます（{bytes} バイト、上限 {most} バイト）。{}", by_hand(.page))]
    TooLarge {
        /// The address.
        address: String,
        /// Length so far or as announced.
        bytes: u64,
        /// The limit.
        most: u64,
        /// Page on which a person finds it.
        page: String,
    },
    /// It was asked for again and again.
    #[error(
        "{address}: {tries} 回試しましたが受け取れません（{last}）。時間をおいて同じ命令をもう一度実行すると、続きから受け取ります"
    )]
    GaveUp {
        /// The address.
        address: String,
        /// How often.
        tries: u32,
        /// What happened last.
        last: String,
    },
    /// Nobody answers, whoever is asked.
    #[error(
        "どの配布元にもつながりません（{last}）。ネットワークとプロキシの設定（HTTPS_PROXY など）を確かめてください。つながらない所では、keniki fetch --list のページから別のパソコンで受け取り、フォルダーに置いて keniki import してください"
    )]
    NoNetwork {
        /// What happened last.
        last: String,
    },
    /// A file in the folder is not the one that was fetched.
    #[error(
        "{file}: 前に受け取ったものと中身が違います（SHA-256）。直したものなら別の名前にしてください。受け取り直すなら消すか --again をつけてください"
    )]
    Changed {
        /// Its name.
        file: String,
    },
    /// The folder cannot be written.
    #[error("{file}: {reason}。空き容量と書き込みの権限を確かめてください")]
    Folder {
        /// File or folder.
        file: String,
        /// What the operating system says.
        reason: String,
    },
    /// No connection can be made at all.
    #[error(
        "通信の用意ができません（{0}）。証明書の置き場所とプロキシの設定（HTTPS_PROXY など）を確かめてください"
    )]
    Client(String),
}

impl From<IngestError> for FetchError {
    fn from(error: IngestError) -> Self {
        Self::Record(Box::new(error))
    }
}

/// What a person can do where the program cannot.
fn by_hand(page: &str) -> String {
    format!("{page} を開いて目的のファイルを探し、このフォルダーに置いてください（名前は何でもかまいません）")
}

fn folder_error(path: &Path, error: &std::io::Error) -> FetchError {
    FetchError::Folder { file: path.display().to_string(), reason: error.to_string() }
}

/// Fetches what is asked for, telling of every file as soon as it is there or has failed.
///
/// # Errors
/// What concerns all files. What concerns one is told with it, and the others are fetched all the same.
pub async fn fetch(
    order: &Order<'_>,
    progress: &dyn Progress,
    tell: &mut (dyn FnMut(&Outcome) + Send),
) -> Result<Vec<Outcome>, FetchError> {
    let name = order.table.prefecture_name(order.prefecture);
    let name = name.ok_or_else(|| FetchError::Prefecture(order.prefecture.to_owned()))?;
    let sources = asked_sources(order)?;
    let mut run = Run {
        order,
        prefecture_name: name,
        client: Client::new(order.base, order.patience)?,
        record: FetchRecord::read(order.folder)?,
        progress,
        pages: Vec::new(),
    };
    let mut outcomes = Vec::new();
    for source in sources {
        for result in run.source(source).await {
            if matches!(result, Err(FetchError::NoNetwork { .. })) {
                return result.map(|_| outcomes);
            }
            let outcome = Outcome { source: source.name.clone(), result };
            tell(&outcome);
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

fn asked_sources<'a>(order: &Order<'a>) -> Result<Vec<&'a OfficialSource>, FetchError> {
    let sources = &order.table.sources;
    if let Some(asked) = order.only.iter().find(|id| sources.iter().all(|source| source.id != **id)) {
        let known: Vec<&str> = sources.iter().map(|source| source.id.as_str()).collect();
        return Err(FetchError::UnknownSource { asked: asked.clone(), known: known.join("・") });
    }
    let is_asked = |source: &&OfficialSource| match order.only {
        [] => !source.on_request,
        ids => ids.contains(&source.id),
    };
    Ok(sources.iter().filter(is_asked).collect())
}

/// One run of the command.
struct Run<'a> {
    order: &'a Order<'a>,
    prefecture_name: &'a str,
    client: Client,
    record: FetchRecord,
    progress: &'a dyn Progress,
    /// Pages that were read, by address.
    pages: Vec<(Url, String)>,
}

impl Run<'_> {
    /// Fetches the files of a source.
    async fn source(&mut self, source: &OfficialSource) -> Vec<Result<Got, FetchError>> {
        let names =
            address::Names { prefecture: self.order.prefecture, prefecture_name: self.prefecture_name };
        let mut results = Vec::new();
        let one = [String::new()];
        let values = if source.values.is_empty() { &one[..] } else { &source.values };
        for value in values {
            let fixed = match address::fixed(source, &names, value) {
                Ok(fixed) => fixed,
                Err(error) => {
                    results.push(Err(error));
                    continue;
                }
            };
            if !fixed.is_empty() {
                let name = source.file.as_deref().map(|name| names.fill(name, value));
                results.push(self.first_that_is_there(source, fixed, name.as_deref()).await);
            }
            match self.linked(source, &names, value).await {
                Ok((wanted, gone)) => {
                    for one in wanted {
                        results.push(self.file(source, &one, None).await);
                    }
                    results.extend(gone.into_iter().map(Err));
                }
                Err(error) => results.push(Err(error)),
            }
        }
        results
    }

    /// The newest of several editions that the publisher has.
    async fn first_that_is_there(
        &mut self,
        source: &OfficialSource,
        addresses: Vec<Wanted>,
        name: Option<&str>,
    ) -> Result<Got, FetchError> {
        let mut last = None;
        for wanted in &addresses {
            match self.file(source, wanted, name).await {
                Err(error @ FetchError::NotThere { .. }) => last = Some(error),
                done => return done,
            }
        }
        Err(last.unwrap_or_else(|| FetchError::NotThere {
            address: source.page.clone(),
            status: 404,
            page: source.page.clone(),
        }))
    }

    /// The links of a source that fit, from its pages, and the parts of the pages that are gone.
    async fn linked(
        &mut self,
        source: &OfficialSource,
        names: &address::Names<'_>,
        value: &str,
    ) -> Result<(Vec<Wanted>, Vec<FetchError>), FetchError> {
        let (mut wanted, mut gone) = (Vec::new(), Vec::new());
        for link in source.link.iter().filter(|link| names.concerns(&link.prefectures)) {
            let url = address::url(source, &names.fill(&link.page, value))?;
            if self.pages.iter().all(|(known, _)| *known != url) {
                let html = self.page(source, &url).await?;
                self.pages.push((url.clone(), html));
            }
            let html = self.pages.iter().find(|(known, _)| *known == url).map_or("", |(_, html)| html);
            let (found, missing) = page::find(source, link, names, value, &url, html)?;
            wanted.extend(found);
            gone.extend(missing);
        }
        Ok((wanted, gone))
    }

    /// Text of a page of links.
    async fn page(&self, source: &OfficialSource, url: &Url) -> Result<String, FetchError> {
        let download = Download {
            client: &self.client,
            url,
            page: &source.page,
            most_bytes: download::MOST_PAGE_BYTES,
            progress: self.progress,
        };
        let path = self.order.folder.join(".page");
        let done = download.fetch_into(&path, "配布元のページ").await;
        let text = done.and_then(|_| std::fs::read(&path).map_err(|error| folder_error(&path, &error)));
        download::forget(&path);
        Ok(page::text(&text?))
    }

    /// One file, unless it is there already.
    async fn file(
        &mut self,
        source: &OfficialSource,
        wanted: &Wanted,
        name: Option<&str>,
    ) -> Result<Got, FetchError> {
        let known = self.record.files.iter().find(|known| known.address == wanted.url.as_str());
        if let Some(known) =
            known.filter(|known| !self.order.again && self.order.folder.join(&known.path).exists())
        {
            return if download::sha256(&self.order.folder.join(&known.path))? == known.sha256 {
                Ok(Got { file: known.clone(), was_there: true, continued_from: 0 })
            } else {
                Err(FetchError::Changed { file: known.path.clone() })
            };
        }
        let name = match known {
            Some(known) => known.path.clone(),
            None => self.free_name(source, name.unwrap_or(&address::file_name(&wanted.url))),
        };
        let path = self.order.folder.join(&name);
        let part = self.order.folder.join(format!(".{name}.part"));
        let download = Download {
            client: &self.client,
            url: &wanted.url,
            page: &source.page,
            most_bytes: download::MOST_BYTES,
            progress: self.progress,
        };
        let done = download.fetch_into(&part, &name).await?;
        if let Err(found) = contents::check(&part, source.format) {
            download::forget(&part);
            let address = wanted.url.to_string();
            return Err(FetchError::WrongContents { address, found, page: source.page.clone() });
        }
        let sha256 = download::sha256(&part)?;
        std::fs::rename(&part, &path).map_err(|error| folder_error(&path, &error))?;
        download::forget(&part);
        let date = wanted.date.clone();
        let date = date.or_else(|| source.kind.and_then(|kind| edition_at(kind, &path)).map(|one| one.date));
        let file = FetchedFile {
            path: name,
            source: source.id.clone(),
            address: wanted.url.to_string(),
            page: source.page.clone(),
            fetched_on: chrono::Utc::now().format("%Y-%m-%d").to_string(),
            date,
            last_modified: done.last_modified,
            bytes: done.bytes,
            sha256,
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
            attribution: source.attribution.clone(),
        };
        self.record.keep(file.clone());
        self.record.write(self.order.folder).map_err(|error| folder_error(self.order.folder, &error))?;
        Ok(Got { file, was_there: false, continued_from: done.continued_from })
    }

    /// The name, with the source before it where a file of another source or of somebody else has it. A newer
    /// edition of the same name takes the place of the older.
    fn free_name(&self, source: &OfficialSource, name: &str) -> String {
        let is_of_others = self.record.of(name).is_none_or(|known| known.source != source.id);
        if is_of_others && self.order.folder.join(name).exists() {
            format!("{}_{name}", source.id)
        } else {
            name.to_owned()
        }
    }
}
