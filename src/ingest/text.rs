//! Bytes and text of input files, plain or zipped: read piece by piece, so that no file fills the memory,
//! however large it is or however much is packed in it.

use crate::ingest::IngestError;
use encoding_rs::{Decoder, DecoderResult, Encoding, SHIFT_JIS, UTF_8};
use flate2::Crc;
use flate2::read::DeflateDecoder;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// No file, and no sum of what is unpacked of an archive, may be larger than this.
const LIMIT_BYTES: u64 = 1 << 30;
/// Nor may an archive, of which only what is needed is unpacked (A38 of the whole country has 1.1 GB).
const ARCHIVE_LIMIT_BYTES: u64 = 4 << 30;
/// What has to lie in memory as a whole (layers, manifests) may not be larger than this.
pub(crate) const WHOLE_LIMIT_BYTES: u64 = 512 << 20;
/// No archive of official files has as many members.
const MOST_MEMBERS: usize = 10_000;
/// The end of an archive and its comment lie within so many bytes of the end of the file (PKWARE
/// APPNOTE 6.3.10, 4.3.16), and before them the locator of ZIP64 (4.3.15).
const ARCHIVE_END_BYTES: u64 = 22 + 65_535 + 20;
/// No line of a table is longer; rows are held to a limit of their own.
const MOST_LINE_BYTES: usize = 1 << 20;
/// Bytes that are decoded at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// The beginning of a text, which tells what stands between its fields.
const BEGINNING_BYTES: usize = 8 * 1024;

/// An input file.
#[derive(Clone)]
pub(crate) struct Source {
    /// Path as written in the manifest.
    pub file: String,
    /// Where it lies; companions of a Shapefile lie beside it.
    pub path: PathBuf,
    bytes: Bytes,
    /// The members of the archive that are meant; empty = all.
    only: BTreeSet<String>,
}

/// A part of an input: the file itself, or one member of an archive.
#[derive(Clone)]
pub(crate) struct Member {
    /// Name inside the archive, as a label only: nothing is ever written under it. `None` for a plain file.
    pub name: Option<String>,
    file: String,
    bytes: Bytes,
    packed: Option<Packed>,
}

/// How a member lies in its archive.
#[derive(Clone, Copy)]
struct Packed {
    is_deflated: bool,
    size: u64,
    crc: u32,
}

/// A part of an input as text.
#[derive(Clone)]
pub(crate) struct Text {
    /// Name inside the archive; `None` for a plain file.
    pub name: Option<String>,
    /// What stands between the fields of its rows: a comma or a tab.
    pub separator: u8,
    member: Member,
    encoding: &'static Encoding,
}

/// A stretch of a file. Every copy reads at a place of its own.
#[derive(Clone)]
pub(crate) struct Bytes {
    contents: Contents,
    at: u64,
    end: u64,
}

#[derive(Clone)]
enum Contents {
    OnDisk(Arc<File>),
    InMemory(Arc<[u8]>),
}

impl Bytes {
    fn of_file(file: &str, path: &Path) -> Result<Self, IngestError> {
        let (opened, length) = open(file, path)?;
        Ok(Self { contents: Contents::OnDisk(Arc::new(opened)), at: 0, end: length })
    }

    fn in_memory(bytes: Vec<u8>) -> Self {
        let end = bytes.len() as u64;
        Self { contents: Contents::InMemory(bytes.into()), at: 0, end }
    }

    fn length(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }

    fn window(&self, at: u64, length: u64) -> Self {
        Self { at, end: self.end.min(at.saturating_add(length)), ..self.clone() }
    }
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.length()).unwrap_or(usize::MAX));
        let read = match &self.contents {
            Contents::OnDisk(file) => file.read_at(&mut buffer[..most], self.at)?,
            Contents::InMemory(bytes) => {
                let from = bytes.get(self.at as usize..).unwrap_or_default();
                let most = most.min(from.len());
                buffer[..most].copy_from_slice(&from[..most]);
                most
            }
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Bytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(beyond) => self.end.checked_add_signed(beyond),
            SeekFrom::Current(beyond) => self.at.checked_add_signed(beyond),
        };
        self.at = place.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Source {
    /// Opens a file.
    pub(crate) fn open(file: &str, path: &Path) -> Result<Self, IngestError> {
        let bytes = Bytes::of_file(file, path)?;
        let length = bytes.length();
        let source = Self { file: file.to_owned(), path: path.to_owned(), bytes, only: BTreeSet::new() };
        let limit = if source.is_zip() { ARCHIVE_LIMIT_BYTES } else { LIMIT_BYTES };
        if length > limit {
            return Err(too_large(file, "ファイル", limit));
        }
        Ok(source)
    }

    /// The same archive as if it held these members only, all of them where none is named; a workbook alone is
    /// read as if it were the file.
    ///
    /// # Errors
    /// One of them is not there.
    pub(crate) fn narrowed(self, members: &[String]) -> Result<Self, IngestError> {
        if members.is_empty() {
            return Ok(self);
        }
        let there = if self.is_zip() { self.member_names()? } else { Vec::new() };
        match members.iter().find(|member| !there.contains(member)) {
            None => {
                let only = Self { only: members.iter().cloned().collect(), ..self };
                match members {
                    [book] if book.to_lowercase().ends_with(".xlsx") => only.book(),
                    _ => Ok(only),
                }
            }
            Some(missing) => Err(IngestError::Broken {
                file: self.file,
                place: "zip の中".to_owned(),
                found: format!("{missing} がありません"),
                expected: "members に書いたファイルを含む zip".to_owned(),
                remedy: "keniki import をもう一度行うか、members を直してください".to_owned(),
            }),
        }
    }

    /// The only member that is meant, as a file of its own.
    fn book(self) -> Result<Self, IngestError> {
        let book = self.members(&[".xlsx"])?.first().map(Member::whole).transpose()?;
        Ok(Self { bytes: Bytes::in_memory(book.unwrap_or_default()), only: BTreeSet::new(), ..self })
    }

    fn is_meant(&self, member: &str) -> bool {
        !is_of_finder(member) && (self.only.is_empty() || self.only.contains(member))
    }

    /// A source that lies in memory.
    pub(crate) fn of_bytes(file: &str, bytes: &[u8]) -> Self {
        let (path, bytes) = (PathBuf::from(file), Bytes::in_memory(bytes.to_vec()));
        Self { file: file.to_owned(), path, bytes, only: BTreeSet::new() }
    }

    /// Its bytes, to be read from the beginning.
    pub(crate) fn reader(&self) -> Bytes {
        self.bytes.clone()
    }

    /// SHA-256 of the contents, in hexadecimal.
    pub(crate) fn sha256(&self) -> Result<String, IngestError> {
        digest(self.reader()).map_err(|error| unreadable(&self.file, &error))
    }

    /// The first bytes, at most so many.
    pub(crate) fn head(&self, most: usize) -> Result<Vec<u8>, IngestError> {
        self.plain().head(most)
    }

    /// All bytes.
    pub(crate) fn whole(&self) -> Result<Vec<u8>, IngestError> {
        self.plain().whole()
    }

    /// Bytes that its contents have as a whole, unpacked.
    pub(crate) fn unpacked_bytes(&self) -> Result<u64, IngestError> {
        let members = self.members(&[""])?;
        Ok(members.iter().fold(0, |sum, member| member.size().saturating_add(sum)))
    }

    /// True when the contents are a zip archive, whatever the name says.
    pub(crate) fn is_zip(&self) -> bool {
        let head = self.head(4).unwrap_or_default();
        head == b"PK\x03\x04" || head == b"PK\x05\x06"
    }

    /// The file itself as its only part.
    pub(crate) fn plain(&self) -> Member {
        Member { name: None, file: self.file.clone(), bytes: self.bytes.clone(), packed: None }
    }

    /// The members whose names end with one of `endings` (lower case, with dot), in order of name.
    /// A plain file is its own only member, whatever its name. [`LIMIT_BYTES`] holds for the sum of what
    /// they declare.
    pub(crate) fn members(&self, endings: &[&str]) -> Result<Vec<Member>, IngestError> {
        if !self.is_zip() {
            return Ok(vec![self.plain()]);
        }
        let mut archive = self.archive()?;
        let mut members = Vec::new();
        let mut left = LIMIT_BYTES;
        for at in 0..archive.len() {
            let member = archive.by_index(at).map_err(|error| self.broken_member(at, &error))?;
            let name = member_name(member.name_raw());
            let is_wanted =
                self.is_meant(&name) && endings.iter().any(|ending| name.to_lowercase().ends_with(ending));
            if member.is_dir() || name.ends_with('/') || !is_wanted {
                continue;
            }
            let size = member.size();
            left = left.checked_sub(size).ok_or_else(|| too_large(&self.file, &name, LIMIT_BYTES))?;
            let start = member.data_start().unwrap_or(u64::MAX);
            members.push(Member {
                name: Some(name),
                file: self.file.clone(),
                bytes: self.bytes.window(start, member.compressed_size()),
                packed: Some(Packed {
                    is_deflated: member.compression() != zip::CompressionMethod::Stored,
                    size,
                    crc: member.crc32(),
                }),
            });
        }
        if members.is_empty() {
            return Err(IngestError::Broken {
                file: self.file.clone(),
                place: "zip の中".to_owned(),
                found: format!("{} のファイルがありません", endings.join(" か ")),
                expected: format!("{} を一つ以上含む zip", endings.join(" か ")),
                remedy: "配布元の zip をそのまま使うか、取り出したファイルを path に書いてください"
                    .to_owned(),
            });
        }
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(members)
    }

    /// True when the contents are an Excel workbook, whatever the name says.
    pub(crate) fn is_workbook(&self) -> Result<bool, IngestError> {
        Ok(self.is_zip() && self.member_names()?.iter().any(|name| name == "xl/workbook.xml"))
    }

    /// Names of all members of an archive, in its order.
    pub(crate) fn member_names(&self) -> Result<Vec<String>, IngestError> {
        let mut archive = self.archive()?;
        let count = archive.len();
        let name = |at| {
            let member = archive.by_index_raw(at).map_err(|error| self.broken_member(at, &error))?;
            Ok(member_name(member.name_raw()))
        };
        let names: Vec<String> = (0..count).map(name).collect::<Result<_, IngestError>>()?;
        Ok(names.into_iter().filter(|name| self.is_meant(name)).collect())
    }

    /// Day on which the first member with one of these endings was last changed, as the archive tells.
    pub(crate) fn packed_on(&self, endings: &[&str]) -> Option<(u16, u8, u8)> {
        let mut archive = self.is_zip().then(|| self.archive().ok())??;
        (0..archive.len()).find_map(|at| {
            let member = archive.by_index_raw(at).ok()?;
            let name = member_name(member.name_raw());
            let is_wanted =
                self.is_meant(&name) && endings.iter().any(|ending| name.to_lowercase().ends_with(ending));
            let day = member.last_modified().filter(|_| is_wanted)?;
            Some((day.year(), day.month(), day.day()))
        })
    }

    /// The table of contents of an archive. What it declares is bounded before anything is reserved for it.
    fn archive(&self) -> Result<zip::ZipArchive<BufReader<Bytes>>, IngestError> {
        let place = "zip の目次";
        let length = self.bytes.length();
        let tail = self.bytes.window(length.saturating_sub(ARCHIVE_END_BYTES), ARCHIVE_END_BYTES);
        let mut end = Vec::new();
        BufReader::new(tail).read_to_end(&mut end).map_err(|error| unreadable(&self.file, &error))?;
        if end.windows(4).any(|bytes| bytes == b"PK\x06\x07") {
            return Err(broken_zip(
                &self.file,
                place,
                &"1 万を超えるファイルか 4 GiB を超える長さのための ZIP64",
            ));
        }
        let archive = zip::ZipArchive::new(BufReader::new(self.reader()))
            .map_err(|error| broken_zip(&self.file, place, &error))?;
        if archive.len() > MOST_MEMBERS {
            return Err(IngestError::Broken {
                file: self.file.clone(),
                place: place.to_owned(),
                found: format!("{} 個のファイルが入っています", archive.len()),
                expected: format!("{MOST_MEMBERS} 個以下のファイルの入った zip"),
                remedy: "必要なファイルだけを取り出して使ってください".to_owned(),
            });
        }
        Ok(archive)
    }

    fn broken_member(&self, at: usize, error: &dyn std::fmt::Display) -> IngestError {
        broken_zip(&self.file, &format!("zip の {} 番目のファイル", at + 1), error)
    }

    /// The tables as text: the `.csv` of an archive, of one without any the `.txt`.
    pub(crate) fn tables(&self) -> Result<Vec<Text>, IngestError> {
        let is_table = |name: &String| name.to_lowercase().ends_with(".csv");
        let is_plain = self.is_zip() && !self.member_names()?.iter().any(is_table);
        self.texts(if is_plain { &[".csv", ".txt"] } else { &[".csv"] })
    }

    /// The members as text: UTF-16 with BOM, UTF-8 (with or without BOM), else CP932.
    pub(crate) fn texts(&self, endings: &[&str]) -> Result<Vec<Text>, IngestError> {
        self.members(endings)?.into_iter().map(Text::new).collect()
    }
}

impl Member {
    /// Bytes when unpacked, as the archive declares them.
    pub(crate) fn size(&self) -> u64 {
        self.packed.map_or_else(|| self.bytes.length(), |packed| packed.size)
    }

    /// Its contents from the beginning. A length or a checksum other than declared is an error.
    pub(crate) fn open(&self) -> Box<dyn Read> {
        let bytes = BufReader::with_capacity(CHUNK_BYTES, self.bytes.clone());
        let Some(packed) = self.packed else { return Box::new(bytes) };
        let inner: Box<dyn Read> =
            if packed.is_deflated { Box::new(DeflateDecoder::new(bytes)) } else { Box::new(bytes) };
        Box::new(Checked { inner, left: packed.size, crc: Crc::new(), expected: packed.crc })
    }

    /// The first bytes, at most so many.
    pub(crate) fn head(&self, most: usize) -> Result<Vec<u8>, IngestError> {
        let mut head = Vec::new();
        let read = self.open().take(most as u64).read_to_end(&mut head);
        read.map(|_| head).map_err(|error| self.fault(&error))
    }

    /// All bytes.
    pub(crate) fn whole(&self) -> Result<Vec<u8>, IngestError> {
        if self.size() > WHOLE_LIMIT_BYTES {
            return Err(too_large(&self.file, self.name.as_deref().unwrap_or("ファイル"), WHOLE_LIMIT_BYTES));
        }
        // What is declared may be a lie: only as much is reserved as is there.
        let mut whole = Vec::new();
        let read = self.open().take(WHOLE_LIMIT_BYTES + 1).read_to_end(&mut whole);
        read.map(|_| whole).map_err(|error| self.fault(&error))
    }

    /// Unpacks it once to see that it is what the archive declares.
    pub(crate) fn verify(&self) -> Result<(), IngestError> {
        io::copy(&mut self.open(), &mut io::sink()).map(|_| ()).map_err(|error| self.fault(&error))
    }

    /// Why it could not be read.
    pub(crate) fn fault(&self, error: &io::Error) -> IngestError {
        match &self.name {
            Some(name) => broken_zip(&self.file, name, error),
            None => unreadable(&self.file, error),
        }
    }
}

/// Holds what is unpacked against what the archive declares.
struct Checked<R> {
    inner: R,
    left: u64,
    crc: Crc,
    expected: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wrong = |said: &str| io::Error::new(ErrorKind::InvalidData, said);
        let read = self.inner.read(buffer)?;
        self.crc.update(&buffer[..read]);
        self.left =
            self.left.checked_sub(read as u64).ok_or_else(|| wrong("目次にある長さより長い中身です"))?;
        let is_wrong = read == 0 && !buffer.is_empty() && (self.left > 0 || self.crc.sum() != self.expected);
        if is_wrong { Err(wrong("目次にある長さか検査値と違う中身です")) } else { Ok(read) }
    }
}

impl Text {
    /// Finds out the encoding: UTF-16 where its BOM says so, UTF-8 strictly, else CP932 strictly.
    ///
    /// # Errors
    /// None of them, or a NUL character, which no text has.
    fn new(member: Member) -> Result<Self, IngestError> {
        let mut furthest = 1;
        for encoding in encodings(&member.head(BOM_BYTES)?) {
            match first_fault(member.open(), encoding).map_err(|error| member.fault(&error))? {
                None => {
                    let text = Self { name: member.name.clone(), separator: b',', member, encoding };
                    let separator = text.find_separator().map_err(|error| text.fault(&error))?;
                    return Ok(Self { separator, ..text });
                }
                Some(Fault { line, is_nul: true }) => return Err(nul(&member, line)),
                // The encoding that gets further is the one that was meant.
                Some(Fault { line, .. }) => furthest = furthest.max(line),
            }
        }
        Err(IngestError::Encoding {
            file: member.file.clone(),
            place: place(member.name.as_deref(), furthest),
        })
    }

    /// A tab where the beginning has more tabs than commas, as in what Excel calls Unicode text.
    fn find_separator(&self) -> io::Result<u8> {
        // Room for the last letter.
        let (mut beginning, mut length) = (vec![0; BEGINNING_BYTES + 8], 0);
        let mut text = self.open();
        while length < BEGINNING_BYTES {
            match text.read(&mut beginning[length..])? {
                0 => break,
                read => length += read,
            }
        }
        let count = |separator| {
            let beginning = beginning[..length.min(BEGINNING_BYTES)].iter();
            beginning.map(|byte| usize::from(*byte == separator)).sum::<usize>()
        };
        Ok(if count(b'\t') > count(b',') { b'\t' } else { b',' })
    }

    /// The text as UTF-8 without BOM, from the beginning.
    pub(crate) fn open(&self) -> Decoded {
        Decoded {
            inner: self.member.open(),
            decoder: self.encoding.new_decoder_with_bom_removal(),
            input: vec![0; CHUNK_BYTES],
            from: 0,
            to: 0,
            is_last: false,
            is_done: false,
        }
    }

    /// Why it could not be read to its end.
    pub(crate) fn fault(&self, error: &io::Error) -> IngestError {
        self.member.fault(error)
    }
}

/// Text under way from its encoding to UTF-8.
pub(crate) struct Decoded {
    inner: Box<dyn Read>,
    decoder: Decoder,
    input: Vec<u8>,
    from: usize,
    to: usize,
    is_last: bool,
    is_done: bool,
}

impl Decoded {
    /// Decodes the next piece into `buffer`, which has room for some characters; 0 = the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_done {
            if self.from == self.to && !self.is_last {
                (self.from, self.to) = (0, self.inner.read(&mut self.input)?);
                self.is_last = self.to == 0;
            }
            let input = &self.input[self.from..self.to];
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(input, buffer, self.is_last);
            self.from += read;
            self.is_done = self.is_last && result == DecoderResult::InputEmpty;
            match result {
                DecoderResult::Malformed(..) => return Err(ErrorKind::InvalidData.into()),
                _ if written > 0 => return Ok(written),
                _ => {}
            }
        }
        Ok(0)
    }
}

/// No mark of an encoding is longer.
const BOM_BYTES: usize = 3;

/// The encodings that a text can have, by its first bytes.
fn encodings(head: &[u8]) -> Vec<&'static Encoding> {
    match Encoding::for_bom(head) {
        Some((encoding, _)) if encoding != UTF_8 => vec![encoding],
        _ => vec![UTF_8, SHIFT_JIS],
    }
}

/// Whether a text says by its BOM that it is UTF-16, of whose bytes many are NUL.
pub(crate) fn is_utf_16(head: &[u8]) -> bool {
    Encoding::for_bom(head).is_some_and(|(encoding, _)| encoding != UTF_8)
}

/// Where a text is none.
struct Fault {
    line: u64,
    is_nul: bool,
}

/// The first line that is not in this encoding, as far as lines are no longer than those of a table: no
/// reader comes further.
fn first_fault(mut bytes: impl Read, encoding: &'static Encoding) -> io::Result<Option<Fault>> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut input = vec![0; CHUNK_BYTES];
    let mut output = vec![0; CHUNK_BYTES];
    let (mut line, mut line_bytes) = (1, 0);
    loop {
        let length = bytes.read(&mut input)?;
        let mut from = 0;
        loop {
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(&input[from..length], &mut output, length == 0);
            let done = &output[..written];
            let nul = done.iter().position(|byte| *byte == 0);
            line += lines(&done[..nul.unwrap_or(done.len())]);
            from += read;
            let is_nul = nul.is_some();
            let last_break = done.iter().rposition(|byte| *byte == b'\n');
            line_bytes = last_break.map_or(line_bytes + done.len(), |at| done.len() - at);
            match result {
                _ if line_bytes > MOST_LINE_BYTES => return Ok(None),
                _ if is_nul => return Ok(Some(Fault { line, is_nul })),
                DecoderResult::Malformed(..) => return Ok(Some(Fault { line, is_nul })),
                DecoderResult::OutputFull => {}
                DecoderResult::InputEmpty => break,
            }
        }
        if length == 0 {
            return Ok(None);
        }
    }
}

/// Line ends in a part of a text.
#[expect(clippy::naive_bytecount, reason = "a small part of what reading the text takes")]
pub(crate) fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn nul(member: &Member, line: u64) -> IngestError {
    IngestError::Broken {
        file: member.file.clone(),
        place: place(member.name.as_deref(), line),
        found: "文字ではない 0 のバイト（NUL）があります".to_owned(),
        expected: "UTF-8・CP932（Shift_JIS）・BOM のある UTF-16 のどれかの文字だけのファイル".to_owned(),
        remedy: "BOM のない UTF-16 のファイルか壊れたファイルです。UTF-8 の CSV として保存し直してください"
            .to_owned(),
    }
}

/// That nothing stands in a file, or in a part of it.
pub(crate) fn empty(file: &str, place: &str) -> IngestError {
    IngestError::Broken {
        file: file.to_owned(),
        place: place.to_owned(),
        found: "空のファイルです".to_owned(),
        expected: "見出しと行、または図形のあるファイル".to_owned(),
        remedy: "配布元からもう一度ダウンロードするか、保存し直してください".to_owned(),
    }
}

/// A line of a member, for people.
pub(crate) fn place(member: Option<&str>, line: u64) -> String {
    match member {
        Some(name) => format!("{name} の {line} 行目"),
        None => format!("{line} 行目"),
    }
}

/// SHA-256 of a file of any length, in hexadecimal.
pub(crate) fn sha256_of(file: &str, path: &Path) -> Result<String, IngestError> {
    digest(open(file, path)?.0).map_err(|error| unreadable(file, &error))
}

pub(crate) fn digest(mut bytes: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    io::copy(&mut bytes, &mut digest)?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// An ordinary file and its length. Opening a pipe would wait for whoever writes into it.
fn open(file: &str, path: &Path) -> Result<(File, u64), IngestError> {
    let found = path.metadata().map_err(|error| unreadable(file, &error))?;
    if found.is_dir() {
        return Err(unreadable(file, &ErrorKind::IsADirectory.into()));
    }
    if !found.is_file() {
        return Err(unreadable(file, &io::Error::other("パイプか装置です")));
    }
    let opened = File::open(path).map_err(|error| unreadable(file, &error))?;
    Ok((opened, found.len()))
}

fn unreadable(file: &str, error: &io::Error) -> IngestError {
    match error.kind() {
        ErrorKind::NotFound => IngestError::NotFound { file: file.to_owned() },
        _ => IngestError::Unreadable { file: file.to_owned(), reason: error.to_string() },
    }
}

pub(crate) fn too_large(file: &str, place: &str, limit_bytes: u64) -> IngestError {
    IngestError::TooLarge { file: file.to_owned(), place: place.to_owned(), limit_bytes }
}

fn broken_zip(file: &str, place: &str, error: &dyn std::fmt::Display) -> IngestError {
    IngestError::Broken {
        file: file.to_owned(),
        place: place.to_owned(),
        found: format!("zip として読めません（{error}）"),
        expected: "壊れていない、パスワードのない zip".to_owned(),
        remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
    }
}

/// Names in Japanese archives are UTF-8 or CP932, whatever the flag says; `\` separates folders
/// in some. What is neither keeps its readable characters.
fn member_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => SHIFT_JIS.decode_without_bom_handling(raw).0.into_owned(),
    };
    name.replace('\\', "/").replace(char::is_control, "�")
}

/// What the Finder of macOS packs beside every member: the files are in bytes of its own, whatever they are called.
fn is_of_finder(member: &str) -> bool {
    let name = member.rsplit('/').next().unwrap_or_default();
    member.starts_with("__MACOSX/") || name.starts_with("._") || name == ".DS_Store"
}

/// UTF-16 with BOM, UTF-8 strictly, with or without BOM, else CP932 strictly; else the first line that is none.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, u64> {
    let rest = &bytes[Encoding::for_bom(bytes).map_or(0, |(_, length)| length)..];
    let encodings = encodings(bytes);
    let decoded = encodings
        .iter()
        .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(rest));
    decoded.map(Cow::into_owned).ok_or_else(|| {
        let faults = encodings.iter().map(|encoding| first_fault(bytes, encoding));
        faults.flatten().flatten().map(|fault| fault.line).max().unwrap_or(1)
    })
}

/// The beginning of a text, which may end within a letter; `None` = no text.
pub(crate) fn decode_head(head: &[u8]) -> Option<String> {
    (0..4).find_map(|cut| decode(&head[..head.len().saturating_sub(cut)]).ok())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    /// A zip archive with the given members.
    pub(crate) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("member");
            archive.write_all(bytes).expect("contents");
        }
        archive.finish().expect("archive").into_inner()
    }

    /// Text in CP932.
    pub(crate) fn cp932(text: &str) -> Vec<u8> {
        let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
        assert!(!lossy, "{text}");
        bytes.into_owned()
    }

    #[test]
    fn utf8_with_and_without_bom_and_cp932_say_the_same() {
        for bytes in ["\u{feff}髙﨑,町".as_bytes().to_vec(), "髙﨑,町".into(), cp932("髙﨑,町")] {
            assert_eq!(decode(&bytes), Ok("髙﨑,町".to_owned()));
        }
    }

    /// Text in UTF-16 with BOM, the lower byte of each letter first.
    pub(crate) fn utf_16(text: &str) -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn what_the_finder_packs_beside_members_is_none() {
        let packed = zipped(&[
            ("a/t.csv", b"a\n".as_slice()),
            ("__MACOSX/a/._t.csv", b"\0\0"),
            ("a/.DS_Store", b"\0"),
        ]);
        let source = Source::of_bytes("a.zip", &packed);
        assert_eq!(source.member_names().expect("names"), ["a/t.csv"]);
        assert_eq!(source.texts(&[".csv"]).expect("texts").len(), 1);
    }

    #[test]
    fn utf16_is_told_by_its_bom_and_a_tab_between_fields_by_their_number() {
        let said = "名称\t所在地\n髙﨑\t甲府市, 1\n";
        let swapped: Vec<u8> = utf_16(said).chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        for bytes in [utf_16(said), swapped, said.into(), cp932(said)] {
            assert_eq!(decode(&bytes), Ok(said.to_owned()));
            let texts = Source::of_bytes("a.txt", &bytes).texts(&[".csv"]).expect("text");
            assert_eq!(texts[0].separator, b'\t');
        }
        let texts = Source::of_bytes("a.csv", "a,b\n1\t,2\n".as_bytes()).texts(&[".csv"]).expect("text");
        assert_eq!(texts[0].separator, b',');
        for (bytes, part) in [
            (utf_16("a\n\0\n"), "2 行目: 文字ではない 0 のバイト"),
            (b"\xff\xfea\0\n\0\0\xd8\n\0".to_vec(), "2 行目の文字コード"),
        ] {
            let error = Source::of_bytes("a", &bytes).texts(&[".csv"]).err().expect("refused");
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn text_in_neither_encoding_names_its_first_bad_line() {
        let source = Source::of_bytes("a.csv", b"ok\nok\n\xff\xfe\x80\n");
        let error = source.texts(&[".csv"]).err().expect("refused");
        assert!(matches!(&error, IngestError::Encoding { place, .. } if place == "3 行目"), "{error}");
    }

    #[test]
    fn members_are_chosen_by_ending_and_their_names_read_as_cp932() {
        let archive = zipped(&[("b/二.csv", b"2"), ("a.html", b"x"), ("A.CSV", b"1")]);
        let members = Source::of_bytes("z", &archive).members(&[".csv"]).expect("readable");
        let named: Vec<_> =
            members.iter().map(|one| (one.name.as_deref(), one.whole().expect("read"))).collect();
        assert_eq!(named, [(Some("A.CSV"), b"1".to_vec()), (Some("b/二.csv"), b"2".to_vec())]);
        assert_eq!(member_name(&cp932("山梨\\届出.csv")), "山梨/届出.csv");
    }

    #[test]
    fn a_narrowed_archive_holds_what_was_named_and_nothing_else() {
        let archive = zipped(&[("a.csv", b"1"), ("b.csv", b"2")]);
        let narrowed = |member: &str| Source::of_bytes("z", &archive).narrowed(&[member.to_owned()]);
        let members = narrowed("b.csv").expect("there").members(&[".csv"]).expect("readable");
        assert_eq!(members.iter().map(|one| one.name.as_deref()).collect::<Vec<_>>(), [Some("b.csv")]);
        let error = narrowed("c.csv").err().expect("refused");
        assert!(error.to_string().contains("c.csv がありません"), "{error}");
    }

    #[test]
    fn an_archive_without_the_wanted_file_or_cut_short_is_an_error() {
        let archive = zipped(&[("a.html", b"x")]);
        assert!(matches!(
            Source::of_bytes("z", &archive).members(&[".csv"]),
            Err(IngestError::Broken { .. })
        ));
        assert!(matches!(
            Source::of_bytes("z", &archive[..archive.len() / 2]).members(&[".html"]),
            Err(IngestError::Broken { .. })
        ));
    }

    /// Overwrites a field of four bytes in the table of contents of an archive with one member.
    fn declare(archive: &mut [u8], field: usize, value: u32) {
        let entry = archive.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").expect("an entry");
        archive[entry + field..entry + field + 4].copy_from_slice(&value.to_le_bytes());
    }

    #[test]
    fn what_is_packed_is_held_against_what_the_archive_declares() {
        let [crc, size] = [16, 24];
        let whole = zipped(&[("a.csv", &[b'x'; 600])]);
        for (field, value) in [(size, 599), (size, 601), (crc, 1)] {
            let mut archive = whole.clone();
            declare(&mut archive, field, value);
            let error = Source::of_bytes("z", &archive).texts(&[".csv"]).err().expect("refused");
            assert!(error.to_string().starts_with("z: a.csv: "), "{error}");
        }
        let mut archive = whole.clone();
        declare(&mut archive, size, 4_000_000_000);
        let refused = Source::of_bytes("z", &archive).members(&[".csv"]);
        assert!(matches!(refused, Err(IngestError::TooLarge { place, .. }) if place == "a.csv"));
        assert_eq!(Source::of_bytes("z", &whole).unpacked_bytes().expect("read"), 600);
    }

    #[test]
    fn texts_are_decoded_across_the_borders_of_chunks_and_nul_is_no_text() {
        let long = format!("x{}", "髙﨑,\n".repeat(20_000));
        for bytes in [format!("\u{feff}{long}").into_bytes(), cp932(&long)] {
            let texts = Source::of_bytes("a", &bytes).texts(&[".csv"]).expect("text");
            let (mut read, mut buffer) = (Vec::<u8>::new(), [0; 999]);
            let mut from = texts[0].open();
            loop {
                let length = from.read(&mut buffer).expect("decoded");
                read.extend(&buffer[..length]);
                if length == 0 {
                    break;
                }
            }
            assert!(read == long.as_bytes());
        }
        let error = Source::of_bytes("a", b"x\ny\0\n").texts(&[".csv"]).err().expect("refused");
        assert!(error.to_string().starts_with("a: 2 行目: 文字ではない 0 のバイト"), "{error}");
    }

    #[test]
    fn a_missing_file_and_a_folder_are_told_apart() {
        assert!(matches!(
            Source::open("x.csv", Path::new("/nowhere/x.csv")),
            Err(IngestError::NotFound { file }) if file == "x.csv"
        ));
        let folder = tempfile::tempdir().expect("folder");
        assert!(matches!(Source::open("d", folder.path()), Err(IngestError::Unreadable { .. })));
        assert!(matches!(Source::open("n", Path::new("/dev/null")), Err(IngestError::Unreadable { .. })));
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>, as_zip: bool) {
            let mut bytes = bytes;
            if as_zip {
                bytes.splice(0..0, *b"PK\x03\x04");
            }
            let _ = Source::of_bytes("x", &bytes).texts(&[".csv"]);
        }
    }
}
