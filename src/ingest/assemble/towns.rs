//! Towns, blocks and lots that the geocoder learns.

use crate::ingest::abr_towns;
use crate::ingest::address_point::{AddressLevel, AddressPoint, TownMunicipality};
use crate::ingest::assemble::kinds::{Pile, all, files};
use crate::ingest::assemble::land::Ground;
use crate::ingest::bring::Onto;
use crate::ingest::geocode::Geocoder;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::manifest::StudyHeader;
use std::sync::Arc;

/// The geocoder with all towns, blocks and lots of the files.
pub(super) fn learn(
    pile: &mut Pile,
    ground: &Ground,
    header: &StudyHeader,
    ledgers: &mut [Ledger],
) -> Geocoder {
    let (name, prefecture) = (header.name.as_str(), header.prefecture.as_str());
    let mut geocoder = Geocoder::new(name, &ground.municipalities, &ground.counties, &ground.elsewhere);
    let names = all(files!(pile, TownNames));
    let of_registry = abr_towns::join(&names, files!(pile, TownPositions), prefecture, ledgers);
    for (input, towns) in files!(pile, Towns).into_iter().chain(of_registry) {
        take_towns(towns, &mut geocoder, &ground.onto(&|_| None), name, &mut ledgers[input]);
    }
    geocoder
}

/// Teaches the geocoder the towns, blocks and lots of one file.
fn take_towns(
    points: Vec<AddressPoint>,
    geocoder: &mut Geocoder,
    onto: &Onto<'_>,
    prefecture: &str,
    ledger: &mut Ledger,
) {
    // The rows of a municipality follow each other and share its name.
    let mut last: Option<(Arc<TownMunicipality>, Whose)> = None;
    for point in points {
        let whose = match &last {
            Some((named, whose)) if Arc::ptr_eq(named, &point.municipality) => *whose,
            _ => whose(&point.municipality, geocoder, onto, prefecture),
        };
        last = Some((point.municipality.clone(), whose));
        match whose {
            Whose::Other => {}
            Whose::Unknown => ledger.withdraw(Doubt {
                kind: "unknown_municipality",
                row: point.row,
                field: "",
                said: &point.municipality.to_string(),
                meant: "行政区域にない市区町村です。この町丁目は使いません".to_owned(),
            }),
            Whose::Own(at) if point.level > AddressLevel::Koaza => {
                geocoder.learn_block(at, &point.town, &point.koaza, &point.block, point.position);
            }
            Whose::Own(at) => {
                let name = point.town_and_koaza();
                let Some(metres) = geocoder.learn(at, &name, point.position) else { continue };
                ledger.note(Doubt {
                    kind: "same_town_far_apart",
                    row: point.row,
                    field: "",
                    said: &name,
                    meant: format!(
                        "{}に同じ名の町丁目が約 {:.1} km 離れて二つあります。所在地がこの名だけの施設は市区町村の代表点に置き、候補を知らせます",
                        onto.municipalities[at].name,
                        metres / 1_000.0
                    ),
                });
            }
        }
    }
}

/// Of whom a point is.
#[derive(Clone, Copy)]
enum Whose {
    /// Of the municipality at this position.
    Own(usize),
    /// Of another prefecture.
    Other,
    /// Of the prefecture, but of no municipality that the boundaries know.
    Unknown,
}

fn whose(named: &TownMunicipality, geocoder: &Geocoder, onto: &Onto<'_>, prefecture: &str) -> Whose {
    let found = match named {
        TownMunicipality::Code(code) if code.prefecture() != onto.municipalities[0].code.prefecture() => {
            return Whose::Other;
        }
        TownMunicipality::Name { prefecture: other, .. } if other != prefecture => return Whose::Other,
        TownMunicipality::Code(code) => onto.whole(*code),
        TownMunicipality::Name { municipality, .. } => geocoder.municipality(municipality).map(|(at, _)| at),
    };
    found.map_or(Whose::Unknown, Whose::Own)
}
