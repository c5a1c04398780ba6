//! What the targets of the readers share: the bytes of the fuzzer become a file, plain or as the inside of an
//! archive, a Shapefile or a workbook, and go the way of every file.

use keniki::ingest::alone::{kind_of, read_bytes};
use keniki::ingest::guard::no_panic;
use keniki::ingest::manifest::InputKind;
use keniki::ingest::study::AreaSystem;
use std::panic::set_hook;
use std::sync::Once;

#[path = "../../tests/support/hostile.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod hostile;

use hostile::{Packed, archive, workbook};

/// A target for the readers of one kind, by the word of the manifest.
#[macro_export]
macro_rules! reader {
    ($word:literal) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::read($word, data));
    };
}

/// Reads the bytes as a kind. The first byte tells what they are the inside of, so that changes reach the
/// reader and do not end at a checksum.
///
/// # Panics
/// A row is lost, an error does not name its file, or code of ours panics: then there is something to mend.
pub fn read(word: &str, data: &[u8]) {
    abort_on_our_panics();
    let Some((form, inside)) = data.split_first() else { return };
    let kind: InputKind = serde_json::from_value(word.into()).expect("a word of a kind");
    let systems = [
        AreaSystem::Hokenjo,
        AreaSystem::SecondaryMedicalArea,
        AreaSystem::MedicalAssociation,
        AreaSystem::FireDepartment,
    ];
    let system = systems[usize::from(form >> 4) % systems.len()];
    let file = file(form & 15, inside);
    let _ = no_panic(|| kind_of("f", &file));
    match read_bytes(kind, Some(system), "f", &file, "19") {
        Ok(account) => assert_eq!(account.rows_read, account.rows_stored + account.rows_quarantined),
        Err(error) => assert!(error.to_string().starts_with("f: "), "{error}"),
    }
}

/// The file of a form: itself, a member of an archive, the parts of a Shapefile, or a sheet.
fn file(form: u8, inside: &[u8]) -> Vec<u8> {
    match form {
        1 => archive(&[Packed::honest("a.csv", inside)]),
        2 => archive(&[Packed::honest("a.geojson", inside)]),
        3 => {
            let ([shp, shx], dbf) = parts(inside);
            let part = |ending, bytes| Packed::honest(ending, bytes);
            archive(&[part("a.shp", shp), part("a.shx", shx), part("a.dbf", dbf)])
        }
        4 => {
            let ([sheet, shared], _) = parts(inside);
            let part = |name, bytes| Packed::honest(name, bytes);
            let shared = (!shared.is_empty()).then(|| part("xl/sharedStrings.xml", shared));
            workbook(part("xl/worksheets/sheet1.xml", sheet), shared)
        }
        _ => inside.to_vec(),
    }
}

/// Two parts, each with its length in four bytes before both, and the rest.
#[must_use]
pub fn parts(inside: &[u8]) -> ([&[u8]; 2], &[u8]) {
    let length = |at: usize| {
        let bytes = inside.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes) as usize
    };
    let rest = inside.get(8..).unwrap_or_default();
    let (first, rest) = rest.split_at(length(0).min(rest.len()));
    let (second, rest) = rest.split_at(length(4).min(rest.len()));
    ([first, second], rest)
}

/// A panic of a library is caught and told, as everywhere; one of ours is a fault.
pub fn abort_on_our_panics() {
    static OURS: Once = Once::new();
    OURS.call_once(|| {
        // The first call sets the hook of the guard, over which ours is set.
        let _ = no_panic(|| ());
        set_hook(Box::new(|panic| {
            let place = panic.location().map(|place| place.file().to_owned()).unwrap_or_default();
            if !place.contains("/registry/") {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    });
}
