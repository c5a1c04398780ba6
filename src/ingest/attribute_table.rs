//! The attribute table (dBASE, `.dbf`) of a Shapefile by itself: where only attributes are needed, the geometry is
//! never touched, however large it is, and of the table no more than a row is in memory.
//!
//! Reference: ESRI Shapefile Technical Description (1998), dBASE table; dBASE III header.

use crate::ingest::IngestError;
use crate::ingest::text::{Member, Source};
use std::io::Read;

const ENDING: &str = ".dbf";
/// The number with which a Shapefile begins.
const SHAPEFILE: u32 = 9994;
/// Before the fields.
const HEADER_BYTES: usize = 32;
/// Of each field.
const FIELD_BYTES: usize = 32;
/// No table has longer headers.
const MOST_HEADER_BYTES: usize = 1 << 16;

/// An attribute table whose header was read.
pub(crate) struct AttributeTable {
    member: Member,
    file: String,
    /// Name in the archive or beside the Shapefile.
    pub name: String,
    rows: u32,
    header_bytes: usize,
    row_bytes: usize,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    from: usize,
    length: usize,
}

/// The attribute tables in an archive, or the one beside a Shapefile; what is none is left out.
pub(crate) fn tables(source: &Source) -> Result<Vec<AttributeTable>, IngestError> {
    let members = if source.is_zip() {
        let names = source.member_names()?;
        let is_there = names.iter().any(|name| name.to_lowercase().ends_with(ENDING));
        if is_there { source.members(&[ENDING])? } else { Vec::new() }
    } else if source.head(4)? != SHAPEFILE.to_be_bytes() {
        Vec::new()
    } else {
        let beside = ["dbf", "DBF"].map(|ending| source.path.with_extension(ending));
        let path = beside.into_iter().find(|path| path.exists());
        match path {
            Some(path) => vec![Source::open(&source.file, &path)?.plain()],
            None => Vec::new(),
        }
    };
    Ok(members.into_iter().filter_map(|member| AttributeTable::of(source, member)).collect())
}

impl AttributeTable {
    fn of(source: &Source, member: Member) -> Option<Self> {
        let head = member.head(MOST_HEADER_BYTES).ok()?;
        let number = |at: usize, size: usize| {
            let bytes = head.get(at..at + size)?;
            Some(bytes.iter().rev().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)))
        };
        let (rows, header_bytes, row_bytes) =
            (number(4, 4)?, number(8, 2)? as usize, number(10, 2)? as usize);
        let mut fields = Vec::new();
        // The first byte of a row says whether it was deleted.
        let mut from = 1;
        for described in head.get(HEADER_BYTES..header_bytes)?.chunks_exact(FIELD_BYTES) {
            if described[0] == b'\r' {
                break;
            }
            let name = described[..11].split(|byte| *byte == 0).next().unwrap_or_default();
            let length = usize::from(described[16]);
            fields.push(Field { name: String::from_utf8_lossy(name).trim().to_owned(), from, length });
            from += length;
        }
        let is_table = !fields.is_empty() && from <= row_bytes;
        let name = member.name.clone().unwrap_or_else(|| source.file.clone());
        let file = source.file.clone();
        is_table.then_some(Self { member, file, name, rows, header_bytes, row_bytes, fields })
    }

    /// Whether it has an attribute.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// Hands the values of some attributes of every row, numbered from 1, to `work`: UTF-8 where the whole table is,
    /// else CP932.
    ///
    /// # Errors
    /// An attribute that is not there, letters of neither encoding, fewer rows than the table declares.
    pub(crate) fn for_each<const N: usize>(
        &self,
        names: [&str; N],
        mut work: impl FnMut(u64, [String; N]),
    ) -> Result<(), IngestError> {
        let found = names.map(|name| self.fields.iter().find(|field| field.name == name));
        let mut fields = Vec::new();
        for (field, name) in found.into_iter().zip(names) {
            fields.push(field.ok_or_else(|| IngestError::Header {
                file: self.file.clone(),
                place: format!("{} の属性", self.name),
                missing: name.to_owned(),
                expected: names.join(","),
                found: self.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(","),
            })?);
        }
        let mut is_utf_8 = true;
        self.rows(|_, row| {
            is_utf_8 &= fields.iter().all(|field| std::str::from_utf8(field.of(row)).is_ok());
            Ok(())
        })?;
        self.rows(|at, row| {
            let mut values = [const { String::new() }; N];
            for (value, field) in values.iter_mut().zip(&fields) {
                let said = if is_utf_8 {
                    String::from_utf8_lossy(field.of(row)).into_owned()
                } else {
                    cp932(field.of(row)).ok_or_else(|| IngestError::Encoding {
                        file: self.file.clone(),
                        place: format!("{} の {at} 行目", self.name),
                    })?
                };
                said.trim_matches([' ', '\0', '\u{3000}']).clone_into(value);
            }
            work(at, values);
            Ok(())
        })
    }

    fn rows(&self, mut take: impl FnMut(u64, &[u8]) -> Result<(), IngestError>) -> Result<(), IngestError> {
        let mut table = self.member.open();
        let mut bytes = vec![0; self.header_bytes];
        table.read_exact(&mut bytes).map_err(|error| self.member.fault(&error))?;
        bytes.resize(self.row_bytes, 0);
        for at in 1..=u64::from(self.rows) {
            table.read_exact(&mut bytes[..self.row_bytes]).map_err(|_| IngestError::Broken {
                file: self.file.clone(),
                place: format!("{} の {at} 行目", self.name),
                found: "属性表が途中で切れています".to_owned(),
                expected: format!("見出しにある {} 行", self.rows),
                remedy: "配布元からもう一度ダウンロードしてください".to_owned(),
            })?;
            if bytes[0] != b'*' {
                take(at, &bytes[..self.row_bytes])?;
            }
        }
        Ok(())
    }
}

impl Field {
    fn of<'a>(&self, row: &'a [u8]) -> &'a [u8] {
        row.get(self.from..self.from + self.length).unwrap_or_default()
    }
}

fn cp932(bytes: &[u8]) -> Option<String> {
    let (text, _, is_wrong) = encoding_rs::SHIFT_JIS.decode(bytes);
    (!is_wrong).then(|| text.into_owned())
}
