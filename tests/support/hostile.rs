//! Files that no publisher makes: archives that promise or hold more than they show, and parts of them.

use flate2::{Compress, Compression, Crc, FlushCompress};

/// A member as the table of contents tells of it.
pub struct Packed {
    /// Name, as bytes.
    pub name: Vec<u8>,
    /// What lies in the archive.
    pub data: Vec<u8>,
    /// Whether that is deflated.
    pub is_deflated: bool,
    /// Length that is declared.
    pub size: u64,
    /// Checksum that is declared.
    pub crc: u32,
}

impl Packed {
    /// A member as it should be.
    pub fn honest(name: &str, contents: &[u8]) -> Self {
        Self::repeated(name, [b"", contents, b""], 1)
    }

    /// A head, a piece so many times, and a tail: the piece is packed once, so that it costs nothing to make.
    pub fn repeated(name: &str, [head, piece, tail]: [&[u8]; 3], times: usize) -> Self {
        let mut data = deflated(head, FlushCompress::Full);
        let packed = deflated(piece, FlushCompress::Full);
        data.extend(packed.repeat(times));
        data.extend(deflated(tail, FlushCompress::Finish));
        let mut crc = Crc::new();
        crc.update(head);
        for _ in 0..times {
            crc.update(piece);
        }
        crc.update(tail);
        let size = (head.len() + piece.len() * times + tail.len()) as u64;
        Self { name: name.as_bytes().to_vec(), data, is_deflated: true, size, crc: crc.sum() }
    }
}

/// Raw deflate that ends at the border of a byte, so that more can follow.
fn deflated(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes.len() + 1024);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(bytes, &mut packed, flush).expect("deflated");
    assert_eq!(compress.total_in(), bytes.len() as u64);
    packed
}

/// An archive, written field by field (PKWARE APPNOTE 6.3.10, 4.3) so that any field may lie.
pub fn archive(members: &[Packed]) -> Vec<u8> {
    let (mut file, mut contents) = (Vec::new(), Vec::new());
    for member in members {
        let at = file.len() as u32;
        let is_long = member.size >= u64::from(u32::MAX);
        let size = if is_long { u32::MAX } else { member.size as u32 };
        let extra =
            if is_long { [&[1, 0, 8, 0], member.size.to_le_bytes().as_slice()].concat() } else { vec![] };
        let mut common = Vec::new();
        for half in [20, 1 << 11, u16::from(member.is_deflated) * 8, 0, 0x21] {
            common.extend(half.to_le_bytes());
        }
        for word in [member.crc, member.data.len() as u32, size] {
            common.extend(word.to_le_bytes());
        }
        for half in [member.name.len() as u16, extra.len() as u16] {
            common.extend(half.to_le_bytes());
        }
        file.extend([b"PK\x03\x04".as_slice(), &common, &member.name, &extra, &member.data].concat());
        contents.extend([b"PK\x01\x02\x14\x03".as_slice(), &common, &[0; 10]].concat());
        contents.extend([at.to_le_bytes().as_slice(), &member.name, &extra].concat());
    }
    let (at, count) = (file.len() as u32, members.len() as u16);
    file.extend(&contents);
    file.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count.to_le_bytes(), &count.to_le_bytes()].concat());
    file.extend([(contents.len() as u32).to_le_bytes(), at.to_le_bytes()].concat());
    file.extend([0, 0]);
    file
}

/// A workbook with one sheet, written part by part.
pub fn workbook(sheet: Packed, shared: Option<Packed>) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{office}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let mut members = vec![
        Packed::honest("[Content_Types].xml", types.as_bytes()),
        Packed::honest("_rels/.rels", rels("officeDocument", "xl/workbook.xml").as_bytes()),
        Packed::honest("xl/workbook.xml", book.as_bytes()),
        Packed::honest("xl/_rels/workbook.xml.rels", rels("worksheet", "worksheets/sheet1.xml").as_bytes()),
        sheet,
    ];
    members.extend(shared);
    archive(&members)
}

/// The sheet of such a workbook: rows as they are, so many times.
pub fn sheet(head: &str, rows: &str, times: usize) -> Packed {
    let head = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>{head}"#
    );
    let parts = [head.as_bytes(), rows.as_bytes(), b"</sheetData></worksheet>"];
    Packed::repeated("xl/worksheets/sheet1.xml", parts, times)
}
