//! Counts of municipality codes of any year, brought onto the municipalities of the study.
//!
//! A count of a code that ended goes to what its land became: whole, or parted by shares of people. What
//! cannot be brought exactly stays unknown: a code that was parted by unknown shares, a municipality of
//! which one part is in no row, a suppressed count that would have to be added or parted.

use crate::ids::MunicipalityCode;
use crate::ingest::boundary::position_of;
use crate::ingest::crosswalk::Crosswalk;
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::Municipality;
use crate::ingest::wards::city_of_code;
use std::collections::{BTreeMap, BTreeSet};

/// Where codes are brought to.
pub(crate) struct Onto<'a> {
    pub(crate) crosswalk: &'a Crosswalk,
    pub(crate) municipalities: &'a [Municipality],
    /// People of a municipality of the study, where known, for codes that are newer than the boundaries.
    pub(crate) people: &'a dyn Fn(MunicipalityCode) -> Option<f64>,
}

impl Onto<'_> {
    /// The municipalities that a code is or became, in order, each with its share; none = unknown code.
    pub(crate) fn parts(&self, code: MunicipalityCode) -> Vec<(usize, Option<f64>)> {
        let is_known = |one| position_of(self.municipalities, one).is_some();
        let parts = self.crosswalk.onto(code, &is_known, self.people);
        parts
            .iter()
            .filter_map(|part| Some((position_of(self.municipalities, part.code)?, part.share)))
            .collect()
    }

    /// The municipalities that hold the land of a code: what it is or became, or the wards of a city.
    pub(crate) fn area(&self, code: MunicipalityCode) -> Vec<usize> {
        let parts: Vec<usize> = self.parts(code).into_iter().map(|(at, _)| at).collect();
        let city = || city_of_code(code, self.municipalities).map(|city| city.wards);
        if parts.is_empty() { city().unwrap_or_default() } else { parts }
    }

    /// The one municipality that a code is or became whole.
    pub(crate) fn whole(&self, code: MunicipalityCode) -> Option<usize> {
        match self.parts(code).as_slice() {
            [(at, _)] => Some(*at),
            _ => None,
        }
    }

    /// Tells that a code is read as others.
    pub(crate) fn tell_changed(&self, code: MunicipalityCode, row: u64, field: &str, ledger: &mut Ledger) {
        if let Some(city) = city_of_code(code, self.municipalities) {
            return ledger.note(Doubt {
                kind: "code_changed",
                row,
                field,
                said: code.as_str(),
                meant: format!(
                    "区のある市の全体のコードです。{}の {} 区のものとして読みます",
                    city.name,
                    city.wards.len()
                ),
            });
        }
        let parts = self.parts(code);
        let names: Vec<String> = parts
            .iter()
            .map(|(at, share)| {
                let one = &self.municipalities[*at];
                let share = match share {
                    _ if parts.len() == 1 => String::new(),
                    Some(share) => format!(" {:.1} %", share * 100.0),
                    None => " 割合不明".to_owned(),
                };
                format!("{} {}{share}", one.code, one.name)
            })
            .collect();
        let why = self.crosswalk.end_of(code).map_or("", |change| change.reason.as_str());
        ledger.note(Doubt {
            kind: "code_changed",
            row,
            field,
            said: code.as_str(),
            meant: format!(
                "行政区域にない時期のコードです（{why}）。{} のものとして読みます",
                names.join("・")
            ),
        });
    }
}

/// What is counted.
pub(crate) trait Amount: Clone {
    /// Both together; `None` where one of them is not known exactly.
    fn plus(&self, other: &Self) -> Option<Self>;

    /// Parted by shares that add up to 1, without loss; `None` where it is not known exactly.
    fn parted(&self, shares: &[f64]) -> Option<Vec<Self>>;
}

/// A count of a code; counts of one key are counts of one thing.
pub(crate) struct Told<K, T> {
    pub(crate) row: u64,
    /// Sheet or archive member.
    pub(crate) layer: Option<String>,
    pub(crate) key: K,
    pub(crate) code: MunicipalityCode,
    pub(crate) amount: T,
}

/// How findings about a table speak of it.
pub(crate) struct Words<'a, K> {
    /// Column of the code.
    pub(crate) field: &'a str,
    /// Kind and words of a second row of one code and key.
    pub(crate) duplicate: (&'static str, &'a dyn Fn(&K) -> String),
    /// Words of a code that no municipality has or had.
    pub(crate) unknown: &'static str,
}

/// Where a row stands: its sheet and its number.
type Line = (Option<String>, u64);

struct Contribution<T> {
    line: Line,
    code: MunicipalityCode,
    amount: T,
}

/// The contributions to each municipality, by key.
struct Gathered<K, T> {
    at: BTreeMap<(K, usize), Vec<Contribution<T>>>,
    /// Municipalities of which a part is unknown.
    blocked: BTreeSet<(K, usize)>,
    /// Municipalities to which a code of another time goes.
    changed: BTreeSet<(K, usize)>,
    /// Rows of codes that were parted in ways that nobody knows, by row.
    unknown: BTreeMap<Line, (MunicipalityCode, usize)>,
}

/// Brings counts onto the municipalities of the study and gives each to `take`, which says whether there
/// was none of that municipality and key before. Rows that go nowhere are withdrawn with a finding.
pub(crate) fn bring<K: Ord + Clone, T: Amount>(
    rows: Vec<Told<K, T>>,
    onto: &Onto<'_>,
    words: &Words<'_, K>,
    ledger: &mut Ledger,
    mut take: impl FnMut(K, usize, T) -> bool,
) {
    let mut codes: BTreeMap<K, BTreeSet<MunicipalityCode>> = BTreeMap::new();
    for row in &rows {
        codes.entry(row.key.clone()).or_default().insert(row.code);
    }
    let gathered = gather(rows, onto, words, ledger);
    let mut unknown = gathered.unknown;
    let (mut used, mut again) = (BTreeSet::new(), BTreeMap::new());
    for (place, contributions) in gathered.at {
        let (key, at) = place.clone();
        let code = onto.municipalities[at].code;
        // What a code was made of is no more than what it is told itself.
        let is_told = onto.crosswalk.is_made_anew(code) && contributions.iter().any(|one| one.code == code);
        let (contributions, former): (Vec<_>, Vec<_>) =
            contributions.into_iter().partition(|one| !is_told || one.code == code);
        again.extend(former.into_iter().map(|one| (one.line, (one.code, key.clone()))));
        let is_whole = !gathered.changed.contains(&place)
            || codes.get(&key).is_some_and(|told| onto.crosswalk.is_whole(code, told));
        let is_known = is_told || is_whole && !gathered.blocked.contains(&place);
        match is_known.then(|| sum(&contributions)).flatten() {
            Some(amount) if take(key.clone(), at, amount.clone()) => {
                used.extend(contributions.iter().map(|one| one.line.clone()));
            }
            Some(_) => {
                again.extend(contributions.iter().map(|one| (one.line.clone(), (one.code, key.clone()))));
            }
            None => unknown.extend(contributions.iter().map(|one| (one.line.clone(), (one.code, at)))),
        }
    }
    for (line, (code, key)) in again.iter().filter(|(line, _)| !used.contains(*line)) {
        let meant = (words.duplicate.1)(key);
        ledger.layer.clone_from(&line.0);
        ledger.withdraw(Doubt {
            kind: words.duplicate.0,
            row: line.1,
            field: words.field,
            said: code.as_str(),
            meant,
        });
    }
    for (line, (code, at)) in unknown.iter().filter(|(line, _)| !again.contains_key(*line)) {
        ledger.layer.clone_from(&line.0);
        // A row of which a part was used is not lost, though the rest of it is unknown.
        let is_used = used.contains(line);
        let municipality = &onto.municipalities[*at];
        let doubt = Doubt {
            kind: "count_not_brought",
            row: line.1,
            field: words.field,
            said: code.as_str(),
            meant: format!(
                "{} {} の今の区域の数を求められません（分割の割合、合わせる相手の行、秘匿のどれか）。{}",
                municipality.code,
                municipality.name,
                if is_used {
                    "その分は不明です"
                } else {
                    "この行は使わず、不明のままです"
                },
            ),
        };
        if is_used { ledger.warn(doubt) } else { ledger.withdraw(doubt) }
    }
}

fn sum<T: Amount>(contributions: &[Contribution<T>]) -> Option<T> {
    let (first, rest) = contributions.split_first()?;
    rest.iter().try_fold(first.amount.clone(), |sum, one| sum.plus(&one.amount))
}

/// Finds where each row goes. Second rows and those of codes that no municipality has or had are withdrawn.
fn gather<K: Ord + Clone, T: Amount>(
    rows: Vec<Told<K, T>>,
    onto: &Onto<'_>,
    words: &Words<'_, K>,
    ledger: &mut Ledger,
) -> Gathered<K, T> {
    let mut gathered = Gathered {
        at: BTreeMap::new(),
        blocked: BTreeSet::new(),
        changed: BTreeSet::new(),
        unknown: BTreeMap::new(),
    };
    let mut seen = BTreeSet::new();
    let mut told = BTreeSet::new();
    for row in rows {
        ledger.layer.clone_from(&row.layer);
        let withdrawn =
            |kind, meant| Doubt { kind, row: row.row, field: words.field, said: row.code.as_str(), meant };
        if !seen.insert((row.key.clone(), row.code)) {
            ledger.withdraw(withdrawn(words.duplicate.0, (words.duplicate.1)(&row.key)));
            continue;
        }
        let parts = onto.parts(row.code);
        let Some((first, _)) = parts.first().copied() else {
            ledger.withdraw(withdrawn("unknown_municipality", words.unknown.to_owned()));
            continue;
        };
        let is_itself = onto.municipalities[first].code == row.code;
        if !is_itself && told.insert(row.code) {
            onto.tell_changed(row.code, row.row, words.field, ledger);
        }
        let places = || parts.iter().map(|(at, _)| (row.key.clone(), *at));
        if !is_itself {
            gathered.changed.extend(places());
        }
        let shares: Option<Vec<f64>> = parts.iter().map(|(_, share)| *share).collect();
        let amounts = match shares {
            Some(shares) if shares.len() > 1 => row.amount.parted(&shares),
            Some(_) => Some(vec![row.amount.clone()]),
            None => None,
        };
        let Some(amounts) = amounts else {
            gathered.blocked.extend(places());
            gathered.unknown.insert((row.layer, row.row), (row.code, first));
            continue;
        };
        for (place, amount) in places().zip(amounts) {
            let contribution = Contribution { line: (row.layer.clone(), row.row), code: row.code, amount };
            gathered.at.entry(place).or_default().push(contribution);
        }
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::crosswalk::{Change, Part, distribute};
    use geo::MultiPolygon;

    impl Amount for Option<u32> {
        fn plus(&self, other: &Self) -> Option<Self> {
            Some(Some((*self)? + (*other)?))
        }

        fn parted(&self, shares: &[f64]) -> Option<Vec<Self>> {
            Some(distribute((*self)?, shares).into_iter().map(Some).collect())
        }
    }

    fn crosswalk(share: Option<f64>) -> Crosswalk {
        let mut crosswalk = Crosswalk::default();
        let code = |said: &str| said.parse().expect("a code");
        for (from, to) in [
            ("22134", vec![("22138", None)]),
            ("22135", vec![("22138", share), ("22139", share.map(|share| 1.0 - share))]),
            ("22136", vec![("22139", None)]),
            ("22137", vec![("22140", None)]),
        ] {
            let to = to.into_iter().map(|(to, share)| Part { code: code(to), share }).collect();
            let change = Change {
                day: 20240101,
                from: code(from),
                to,
                continues: false,
                reason: "区の再編".to_owned(),
            };
            crosswalk.add(change).expect("sound");
        }
        crosswalk
    }

    type Found = (Vec<(usize, Option<u32>)>, Vec<(String, Option<u64>)>, (u64, u64, u64));

    /// What becomes of counts of the years of old and new wards.
    fn brought(share: Option<f64>, rows: &[(&str, Option<u32>)]) -> Found {
        let municipalities = ["22138", "22139", "22140"].map(|code| Municipality {
            code: code.parse().expect("code"),
            name: code.to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: None,
        });
        let mut ledger = Ledger::new("c.csv");
        let told = rows.iter().zip(2..).map(|((code, amount), row)| {
            ledger.store();
            Told { row, layer: None, key: (), code: code.parse().expect("code"), amount: *amount }
        });
        let told: Vec<_> = told.collect();
        let crosswalk = crosswalk(share);
        let onto = Onto { crosswalk: &crosswalk, municipalities: &municipalities, people: &|_| None };
        let words = Words {
            field: "code",
            duplicate: ("duplicate", &|()| "二度".to_owned()),
            unknown: "行政区域にない",
        };
        let mut found = Vec::new();
        bring(told, &onto, &words, &mut ledger, |(), at, amount| {
            found.push((at, amount));
            true
        });
        let findings = ledger.findings.iter().map(|one| (one.kind.clone(), one.row)).collect();
        (found, findings, (ledger.read, ledger.stored, ledger.quarantined))
    }

    #[test]
    fn counts_of_old_wards_come_onto_those_of_today_without_loss() {
        let old = [("22134", Some(10)), ("22135", Some(7)), ("22136", Some(5)), ("22137", Some(2))];
        let (found, findings, rows) = brought(Some(0.4), &old);
        assert_eq!(found, [(0, Some(13)), (1, Some(9)), (2, Some(2))]);
        assert_eq!(found.iter().filter_map(|(_, count)| *count).sum::<u32>(), 24, "nobody is lost");
        assert!(findings.iter().all(|(kind, _)| kind == "code_changed") && findings.len() == 4);
        assert_eq!(rows, (4, 4, 0));
        let today = [("22138", Some(13)), ("22139", Some(9)), ("22140", Some(2))];
        assert_eq!(brought(Some(0.4), &today).0, found);
        assert!(brought(Some(0.4), &today).1.is_empty());
    }

    #[test]
    fn what_nobody_knows_stays_unknown_and_every_row_is_accounted_for() {
        let old = [("22134", Some(10)), ("22135", Some(7)), ("22136", Some(5)), ("22137", Some(2))];
        let (found, findings, rows) = brought(None, &old);
        assert_eq!(found, [(2, Some(2))], "22135 was parted in a way that no source tells");
        assert_eq!(rows, (4, 1, 3));
        assert_eq!(findings.iter().filter(|(kind, _)| kind == "count_not_brought").count(), 3);

        let (found, findings, rows) = brought(Some(0.4), &[("22134", Some(10)), ("22135", Some(7))]);
        assert_eq!(found, [(0, Some(13))], "22136 is missing for 22139");
        assert_eq!(rows, (2, 2, 0), "a part of 22135 was used");
        assert_eq!(findings.last(), Some(&("count_not_brought".to_owned(), Some(3))));

        let (found, _, rows) = brought(Some(0.4), &[("22134", None), ("22135", Some(7)), ("22136", Some(5))]);
        assert_eq!(found, [(1, Some(9))], "a suppressed count cannot be added");
        assert_eq!(rows, (3, 2, 1));
        let both = [("22138", Some(13)), ("22134", Some(10)), ("22135", Some(7)), ("22136", Some(5))];
        let (found, findings, rows) = brought(Some(0.4), &both);
        assert_eq!(found, [(0, Some(13)), (1, Some(9))], "22138 is told itself");
        assert_eq!((rows, findings.last()), ((4, 3, 1), Some(&("duplicate".to_owned(), Some(3)))));
        let (found, _, _) = brought(None, &both);
        assert_eq!(found, [(0, Some(13))], "whatever is unknown of what it was made of");

        let (found, findings, rows) =
            brought(Some(0.4), &[("22140", Some(1)), ("22140", Some(1)), ("29999", Some(1))]);
        assert_eq!(found, [(2, Some(1))]);
        assert_eq!(
            findings,
            [("duplicate".to_owned(), Some(3)), ("unknown_municipality".to_owned(), Some(4))]
        );
        assert_eq!(rows, (3, 1, 2));
    }
}
