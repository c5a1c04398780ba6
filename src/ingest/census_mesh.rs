//! 国勢調査 地域メッシュ統計 (`tblT…`; cells of 1 km, 500 m, 250 m): people by age in each cell.
//!
//! The text has two header rows, codes and Japanese names. The code tells the table, the table of census
//! tables its census and its columns, and the names must agree with it. Ages of cells with few people are
//! suppressed (`*`, 秘匿, HTKSYORI 2) and added to those of a neighbour (合算, HTKSAKI; listed in its
//! GASSAN), so the ages of a receiver (HTKSYORI 1) are those of its whole group. Totals are never suppressed.
//!
//! A cell on the border of prefectures stands in the file of each, with the people of its side, and whole in
//! the file of its first-order mesh; ages are merged anew for every edition, so the receivers of these files
//! differ. Files are read one by one with [`read`] and put together with [`resolve`], which keeps apart what
//! has another [`Extent`].

use crate::geometry::mesh::MeshCode;
use crate::ingest::IngestError;
use crate::ingest::census_tables::{CensusTable, readable, table_of};
use crate::ingest::csv_table::{Row, rows};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::small_counts;
use crate::ingest::text::{Source, Text, place};
use crate::units::AgeCounts;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CensusCell {
    /// Row in the file.
    pub row: u64,
    /// Cell.
    pub mesh: MeshCode,
    /// People.
    pub population: AgeCounts,
    /// Ages are shared out from a group, or unknown.
    pub ages_estimated: bool,
}

/// More people than this in one cell is a damaged number: the densest 1 km cell of Japan has about
/// 35,000 people.
pub(crate) const MOST_PEOPLE_OF_CELL: u32 = 100_000;

/// More people than this in one study are damaged numbers: it is more than Japan has. Sums of people
/// are kept in 32 bits, which hold twenty times as many.
pub(crate) const MOST_PEOPLE_OF_STUDY: u64 = 200_000_000;

/// What a file has of a cell on the border of prefectures, as the name that e-Stat gives it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    /// The people who live in this prefecture: `tblT001100S19.txt`.
    Prefecture(u8),
    /// All of its people: the file of a first-order mesh, `tblT001100S5338.txt`.
    Whole,
    /// Nothing tells: a file of another name.
    Unknown,
}

impl Extent {
    /// From the name of a file or of a member of an archive.
    fn of_name(name: &str) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        // tbl, the number of the table, a letter for the size of the cells, and what the file is of.
        let of = name.strip_prefix("tblt").and_then(|rest| rest.get(7..)).unwrap_or_default();
        let digits = of.bytes().take_while(u8::is_ascii_digit).count();
        match (digits, of[..digits].parse()) {
            (2, Ok(prefecture)) => Self::Prefecture(prefecture),
            (4, _) => Self::Whole,
            _ => Self::Unknown,
        }
    }

    /// Whether the people are those of another prefecture.
    pub(crate) fn is_beyond(self, prefecture: &str) -> bool {
        matches!(self, Self::Prefecture(of) if format!("{of:02}") != prefecture)
    }
}

const KEYS: [&str; 4] = ["KEY_CODE", "HTKSYORI", "HTKSAKI", "GASSAN"];
/// Names in the second header row, without spaces and brackets.
const COUNTS: [&str; 4] = ["人口総数", "65歳以上人口総数", "75歳以上人口総数", "85歳以上人口総数"];

/// What a file says.
#[derive(Debug)]
pub(crate) struct CensusMesh {
    /// Year of the census.
    pub year: u16,
    /// Whether people aged 85 and over are told apart; else their number is 0 everywhere.
    pub tells_85_plus: bool,
    /// Rows in the order of the file.
    pub rows: Vec<Raw>,
}

/// One row as it stands.
#[derive(Debug)]
pub(crate) struct Raw {
    row: u64,
    mesh: MeshCode,
    extent: Extent,
    /// Cell that receives this cell's ages; `None` when they are its own.
    receiver: Option<MeshCode>,
    /// Cells whose ages this one received, as listed.
    received: Vec<MeshCode>,
    total: u32,
    /// 65+, 75+, 85+; zero in a suppressed cell.
    ages: [u32; 3],
}

impl Raw {
    /// Its cell.
    pub(crate) const fn mesh(&self) -> MeshCode {
        self.mesh
    }

    /// What its file has of its cell.
    pub(crate) const fn extent(&self) -> Extent {
        self.extent
    }
}

/// Positions of the columns of one text.
struct Columns {
    table: &'static CensusTable,
    keys: [usize; 4],
    /// 人口総数, 65+, 75+, 85+; `None` = the table has none.
    counts: [Option<usize>; 4],
    extent: Extent,
}

/// Reads all rows, in the order of the file.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<CensusMesh, IngestError> {
    let mut mesh: Option<CensusMesh> = None;
    for text in source.texts(&[".txt", ".csv"])? {
        ledger.layer.clone_from(&text.name);
        let rows = rows(&ledger.file, &text)?;
        let mut rows = rows.iter();
        let (Some(codes), Some(names)) = (rows.next(), rows.next()) else {
            return Err(broken(
                &text,
                1,
                "見出しが 2 行ありません".to_owned(),
                "符号の行と名称の行で始まる国勢調査メッシュ統計".to_owned(),
                ledger,
            ));
        };
        let columns = Columns::of(&codes, &names, &text, ledger)?;
        let (year, tells_85_plus) = (columns.table.year, columns.counts[3].is_some());
        let mesh = mesh.get_or_insert(CensusMesh { year, tells_85_plus, rows: Vec::new() });
        if (mesh.year, mesh.tells_85_plus) != (year, tells_85_plus) {
            return Err(broken(
                &text,
                1,
                format!("{year} 年の表です"),
                format!("ほかのファイルと同じ {} 年の表", mesh.year),
                ledger,
            ));
        }
        for row in rows {
            match columns.parse(&row) {
                Ok(cell) => {
                    ledger.store();
                    mesh.rows.push(cell);
                }
                Err((field, said)) => ledger.quarantine(Doubt {
                    kind: "bad_census_row",
                    row: row.row,
                    field,
                    said,
                    meant: "国勢調査メッシュの行として読めません。この行の人口は集計に入りません".to_owned(),
                }),
            }
        }
    }
    let mesh = mesh.ok_or_else(|| IngestError::NotFound { file: source.file.clone() })?;
    tell_suppressed(&mesh.rows, ledger);
    Ok(mesh)
}

/// Tells how many cells and people have no ages of their own.
fn tell_suppressed(rows: &[Raw], ledger: &mut Ledger) {
    let suppressed: Vec<&Raw> = rows.iter().filter(|cell| cell.receiver.is_some()).collect();
    let people = |cells: &[&Raw]| cells.iter().map(|cell| u64::from(cell.total)).sum::<u64>();
    let receivers: BTreeSet<MeshCode> = suppressed.iter().filter_map(|cell| cell.receiver).collect();
    let receiving: Vec<&Raw> = rows.iter().filter(|cell| receivers.contains(&cell.mesh)).collect();
    let how = format!(
        "そこに住む {} 人は総数に数え、年齢は合算先の {} メッシュ（{} 人）と人口の割合で分けた推計です",
        people(&suppressed),
        receiving.len(),
        people(&receiving)
    );
    small_counts::note_cells(ledger, KEYS[1], suppressed.len(), &how);
}

fn broken(text: &Text, line: u64, found: String, expected: String, ledger: &Ledger) -> IngestError {
    IngestError::Broken {
        file: ledger.file.clone(),
        place: place(text.name.as_deref(), line),
        found,
        expected,
        remedy: "e-Stat の tblT….txt をそのまま使ってください".to_owned(),
    }
}

/// A name of the second header row as compared: without spaces and brackets.
fn plain(name: &str) -> String {
    name.nfkc().filter(|letter| !letter.is_whitespace() && !"()".contains(*letter)).collect()
}

impl Columns {
    /// From the two header rows.
    fn of(codes: &Row, names: &Row, text: &Text, ledger: &Ledger) -> Result<Self, IngestError> {
        let table = table_of((0..codes.len()).map(|at| codes.get(at)));
        let Some((table, numbers)) = table.and_then(|table| Some((table, table.columns.as_ref()?))) else {
            return Err(broken(
                text,
                codes.row,
                format!("列の意味が分かっていない統計表です（{}）", codes.get(KEYS.len())),
                format!("統計表 {}", readable()),
                ledger,
            ));
        };
        let find = |wanted: &str, name: Option<&str>| {
            let is_here = |at: &usize| {
                codes.get(*at) == wanted && name.is_none_or(|name| plain(names.get(*at)) == name)
            };
            (0..codes.len()).find(is_here).ok_or_else(|| IngestError::Header {
                file: ledger.file.clone(),
                place: place(text.name.as_deref(), codes.row),
                missing: format!("{wanted} {}", name.unwrap_or_default()).trim_end().to_owned(),
                expected: [&KEYS[..], &COUNTS[..]].concat().join(","),
                found: (0..names.len())
                    .map(|at| format!("{}{}", codes.get(at), plain(names.get(at))))
                    .collect::<Vec<_>>()
                    .join(","),
            })
        };
        let mut keys = [0; 4];
        for (at, key) in keys.iter_mut().zip(KEYS) {
            *at = find(key, None)?;
        }
        let mut counts = [None; 4];
        let numbers = [
            Some(&numbers.total),
            Some(&numbers.age_65_plus),
            Some(&numbers.age_75_plus),
            numbers.age_85_plus.as_ref(),
        ];
        for ((at, number), name) in counts.iter_mut().zip(numbers).zip(COUNTS) {
            *at = number.map(|number| find(&format!("{}{number}", table.id), Some(name))).transpose()?;
        }
        let extent = Extent::of_name(text.name.as_deref().unwrap_or(&ledger.file));
        Ok(Self { table, keys, counts, extent })
    }

    fn parse<'a>(&self, row: &'a Row) -> Result<Raw, (&'static str, &'a str)> {
        let key = |at: usize| row.get(self.keys[at]);
        let mesh: MeshCode = key(0).parse().map_err(|_| (KEYS[0], key(0)))?;
        let count = |at: usize| {
            let Some(column) = self.counts[at] else { return Ok(0) };
            let said = row.get(column);
            said.parse::<u32>().map_err(|_| (COUNTS[at], said))
        };
        let receiver = match key(1) {
            "" | "0" | "1" => None,
            "2" => Some(key(2).parse::<MeshCode>().map_err(|_| (KEYS[2], key(2)))?),
            said => return Err((KEYS[1], said)),
        };
        let received = key(3).split(';').filter(|code| !code.trim().is_empty());
        let received: Result<Vec<MeshCode>, _> = received.map(|code| code.trim().parse()).collect();
        let total = count(0)?;
        if total > MOST_PEOPLE_OF_CELL {
            return Err((COUNTS[0], self.counts[0].map_or("", |column| row.get(column))));
        }
        let ages = match receiver {
            Some(_) => [0; 3],
            None => [count(1)?, count(2)?, count(3)?],
        };
        if !ages.is_sorted_by(|older, younger| older >= younger) {
            return Err((COUNTS[1], self.counts[1].map_or("", |column| row.get(column))));
        }
        let received = received.map_err(|_| (KEYS[3], key(3)))?;
        Ok(Raw { row: row.row, mesh, extent: self.extent, receiver, received, total, ages })
    }
}

/// The cells of a prefecture in all files of a census, each file with the position of its input.
///
/// The prefecture's own file has all of its people: beside it the files of neighbours and of first-order
/// meshes tell of nobody else. Without it the files of first-order meshes serve, less the people whom the
/// files of neighbours know as theirs. Those halves of a cell are never added up here, where each would be
/// counted as living in the prefecture; they meet where a zoning joins two prefectures.
pub(crate) fn resolve(
    files: Vec<(usize, Vec<Raw>)>,
    prefecture: &str,
    ledgers: &mut [Ledger],
) -> Vec<(usize, CensusCell)> {
    let mut own = Vec::new();
    let mut beyond: BTreeMap<Extent, Vec<(usize, Raw)>> = BTreeMap::new();
    let mut others: BTreeMap<Extent, Vec<(usize, Raw)>> = BTreeMap::new();
    for (input, row) in
        files.into_iter().flat_map(|(input, rows)| rows.into_iter().map(move |row| (input, row)))
    {
        match row.extent {
            extent if extent.is_beyond(prefecture) => beyond.entry(extent).or_default().push((input, row)),
            Extent::Prefecture(_) => own.push((input, row)),
            extent => others.entry(extent).or_default().push((input, row)),
        }
    }
    tell_of_others(beyond.values().flatten(), ledgers, "ほかの都道府県のファイルです");
    if !own.is_empty() {
        let meant = "都道府県別のファイルに人口があります";
        tell_of_others(others.values().flatten(), ledgers, meant);
        return share_ages(own, ledgers);
    }
    let mut theirs: BTreeMap<MeshCode, AgeCounts> = BTreeMap::new();
    for (_, cell) in beyond.into_values().flat_map(|rows| share_ages(rows, ledgers)) {
        *theirs.entry(cell.mesh).or_default() += cell.population;
    }
    let mut whole = share_ages(others.remove(&Extent::Whole).unwrap_or_default(), ledgers);
    for (_, cell) in &mut whole {
        if let Some(theirs) = theirs.get(&cell.mesh) {
            cell.population = less(cell.population, *theirs);
            cell.ages_estimated = true;
        }
    }
    let unknown = share_ages(others.remove(&Extent::Unknown).unwrap_or_default(), ledgers);
    let mut seen = BTreeSet::new();
    let cells = whole.into_iter().chain(unknown);
    cells.filter(|(input, cell)| is_new(&mut seen, *input, cell.row, cell.mesh, ledgers)).collect()
}

/// Tells once of every input whose rows count nobody of the prefecture.
fn tell_of_others<'a>(rows: impl Iterator<Item = &'a (usize, Raw)>, ledgers: &mut [Ledger], meant: &str) {
    let mut count: BTreeMap<usize, u64> = BTreeMap::new();
    for (input, _) in rows {
        *count.entry(*input).or_default() += 1;
    }
    for (input, cells) in count {
        ledgers[input].note(Doubt {
            kind: "census_of_others",
            row: 0,
            field: "",
            said: "",
            meant: format!(
                "{meant}。この県の人口には {cells} メッシュのどれも数えません（隣県の市区町村を加えるときに使います）"
            ),
        });
    }
}

/// The people of a cell without those of another prefecture, of no class of age more than of the wider one.
fn less(whole: AgeCounts, theirs: AgeCounts) -> AgeCounts {
    let total = whole.total.saturating_sub(theirs.total);
    let age_65_plus = whole.age_65_plus.saturating_sub(theirs.age_65_plus).min(total);
    let age_75_plus = whole.age_75_plus.saturating_sub(theirs.age_75_plus).min(age_65_plus);
    let age_85_plus = whole.age_85_plus.saturating_sub(theirs.age_85_plus).min(age_75_plus);
    AgeCounts { total, age_65_plus, age_75_plus, age_85_plus }
}

/// Shares the ages of every group out among its cells. The cells come in the order of the rows.
///
/// Of a cell that is there twice the first is used. A group whose ages are more than its people
/// cannot be used. Where the receiver of a group is in no file the people of its cells stay and
/// their ages are unknown: they are counted in the total and in no class of age. A cell that a receiver
/// lists and that is in no file is told: the ages of the group are then shared out without it.
fn share_ages(rows: Vec<(usize, Raw)>, ledgers: &mut [Ledger]) -> Vec<(usize, CensusCell)> {
    let mut seen = BTreeSet::new();
    let raw: Vec<(usize, Raw)> = rows
        .into_iter()
        .filter(|(input, row)| is_new(&mut seen, *input, row.row, row.mesh, ledgers))
        .collect();
    tell_unlike_groups(&raw, ledgers);
    let mut groups: BTreeMap<MeshCode, Vec<usize>> = BTreeMap::new();
    for (at, (_, cell)) in raw.iter().enumerate() {
        groups.entry(cell.receiver.unwrap_or(cell.mesh)).or_default().push(at);
    }
    let mut cells: Vec<Option<(usize, CensusCell)>> = vec![None; raw.len()];
    for (receiver, members) in groups {
        let totals: Vec<u32> = members.iter().map(|at| raw[*at].1.total).collect();
        let people: u64 = totals.iter().map(|total| u64::from(*total)).sum();
        let ages = members.iter().map(|at| &raw[*at].1).find(|cell| cell.receiver.is_none());
        let ages = ages.map(|receiver| receiver.ages);
        let populations = share_out(&totals, ages.unwrap_or_default());
        for (at, population) in members.iter().zip(populations) {
            let (input, row) = &raw[*at];
            let said = row.mesh.to_string();
            let doubt = |kind, meant| Doubt { kind, row: row.row, field: KEYS[0], said: &said, meant };
            if ages.is_some_and(|ages| u64::from(ages[0]) > people) {
                ledgers[*input].withdraw(doubt(
                    "ages_exceed_total",
                    format!(
                        "65歳以上が総数を超えています（合算先 {receiver}）。この行の人口は集計に入りません"
                    ),
                ));
                continue;
            }
            if ages.is_none() {
                ledgers[*input].warn(doubt(
                    "missing_receiver",
                    format!(
                        "合算先のメッシュ {receiver} がどのファイルにもありません。この行の {} 人は総数にだけ数え、年齢は不明として扱います",
                        row.total
                    ),
                ));
            }
            let ages_estimated = ages.is_none() || members.len() > 1;
            cells[*at] =
                Some((*input, CensusCell { row: row.row, mesh: row.mesh, population, ages_estimated }));
        }
    }
    cells.into_iter().flatten().collect()
}

/// Tells receivers whose list of cells (GASSAN) is not that of the cells that name them (HTKSAKI).
fn tell_unlike_groups(raw: &[(usize, Raw)], ledgers: &mut [Ledger]) {
    let mut given: BTreeMap<MeshCode, BTreeSet<MeshCode>> = BTreeMap::new();
    for (_, cell) in raw {
        if let Some(receiver) = cell.receiver {
            given.entry(receiver).or_default().insert(cell.mesh);
        }
    }
    for (input, cell) in raw.iter().filter(|(_, cell)| cell.receiver.is_none()) {
        let listed: BTreeSet<MeshCode> = cell.received.iter().copied().collect();
        let given = given.get(&cell.mesh).cloned().unwrap_or_default();
        if listed == given {
            continue;
        }
        let differing: Vec<String> = listed.symmetric_difference(&given).map(MeshCode::to_string).collect();
        ledgers[*input].warn(Doubt {
            kind: "unlike_group",
            row: cell.row,
            field: KEYS[3],
            said: &cell.mesh.to_string(),
            meant: format!(
                "合算元の一覧（GASSAN）と、ここを合算先（HTKSAKI）とするメッシュが違います（{}）。年齢別の人口は、読めたメッシュの間で分けます",
                differing.join("・")
            ),
        });
    }
}

/// Whether a cell was not there before; else its row is set aside.
fn is_new(
    seen: &mut BTreeSet<MeshCode>,
    input: usize,
    row: u64,
    mesh: MeshCode,
    ledgers: &mut [Ledger],
) -> bool {
    let is_new = seen.insert(mesh);
    if !is_new {
        ledgers[input].withdraw(Doubt {
            kind: "duplicate_cell",
            row,
            field: KEYS[0],
            said: &mesh.to_string(),
            meant: "同じメッシュが別の行かファイルにもあります。先の行を使い、この行の人口は集計に入りません"
                .to_owned(),
        });
    }
    is_new
}

/// Gives each cell its part of the group's ages in whole persons. Each class is shared out inside
/// the one that contains it (65+ by totals, 75+ by the shares of 65+, 85+ by those of 75+), so
/// that sums stay exact and no cell has more people of an age than of the wider age.
pub(crate) fn share_out(totals: &[u32], ages: [u32; 3]) -> Vec<AgeCounts> {
    let age_65_plus = largest_remainder(totals, ages[0]);
    let age_75_plus = largest_remainder(&age_65_plus, ages[1]);
    let age_85_plus = largest_remainder(&age_75_plus, ages[2]);
    (0..totals.len())
        .map(|at| AgeCounts {
            total: totals[at],
            age_65_plus: age_65_plus[at],
            age_75_plus: age_75_plus[at],
            age_85_plus: age_85_plus[at],
        })
        .collect()
}

/// Shares `whole` out in proportion to `weights` by the largest remainder (Hamilton); equal
/// remainders go to the earlier. With `whole` not above the sum of the weights, no share is above
/// its weight.
pub(crate) fn largest_remainder(weights: &[u32], whole: u32) -> Vec<u32> {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<u64> = weights.iter().map(|weight| u64::from(*weight) * u64::from(whole)).collect();
    // A quotient is at most `whole`, which is a u32.
    let mut shares: Vec<u32> = exact.iter().map(|part| (part / sum) as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(exact[*at] % sum));
    let left = whole - shares.iter().sum::<u32>();
    for at in order.into_iter().take(left as usize) {
        shares[at] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::text::tests::cp932;
    use proptest::prelude::*;

    const HEADER: &str = "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001100001,T001100002,T001100019,T001100022,T001100025\r\n\
        ,,,,　人口（総数）,　人口（総数）　男,　６５歳以上人口　総数,　７５歳以上人口　総数,　８５歳以上人口　総数\r\n";

    fn read_files(files: &[&str]) -> (Vec<(usize, CensusCell)>, Vec<Ledger>) {
        let mut ledgers: Vec<Ledger> = files.iter().map(|_| Ledger::new("t.txt")).collect();
        let raw = files.iter().enumerate().map(|(input, rows)| {
            let source = Source::of_bytes("t.txt", &cp932(&format!("{HEADER}{rows}")));
            (input, read(&source, &mut ledgers[input]).expect("read").rows)
        });
        let raw = raw.collect();
        (resolve(raw, "19", &mut ledgers), ledgers)
    }

    /// Files of these names, and people and 65+ of every cell of 山梨県.
    fn read_named(files: &[(&str, &str)]) -> (Vec<(String, u32, u32)>, Vec<Ledger>) {
        let mut ledgers: Vec<Ledger> = files.iter().map(|(name, _)| Ledger::new(name)).collect();
        let raw = files.iter().zip(&mut ledgers).enumerate().map(|(input, ((name, rows), ledger))| {
            let source = Source::of_bytes(name, &cp932(&format!("{HEADER}{rows}")));
            (input, read(&source, ledger).expect("read").rows)
        });
        let raw = raw.collect();
        let cells = resolve(raw, "19", &mut ledgers)
            .into_iter()
            .map(|(_, cell)| (cell.mesh.to_string(), cell.population.total, cell.population.age_65_plus));
        (cells.collect(), ledgers)
    }

    fn read_rows(rows: &str) -> (Vec<CensusCell>, Ledger) {
        let (cells, mut ledgers) = read_files(&[rows]);
        (cells.into_iter().map(|(_, cell)| cell).collect(), ledgers.remove(0))
    }

    fn counts(total: u32, age_65_plus: u32, age_75_plus: u32, age_85_plus: u32) -> AgeCounts {
        AgeCounts { total, age_65_plus, age_75_plus, age_85_plus }
    }

    #[test]
    fn a_group_keeps_its_sums_and_each_cell_its_own_total() {
        let (cells, ledger) = read_rows(
            "52386339,1,,52386348;52386349,34,16,22,9,5\r\n\
             52386348,2,52386339,,4,1,*,*,*\r\n\
             52386349,2,52386339,,4,2,*,*,*\r\n\
             52386400,0,,,100,50,30,20,10\r\n",
        );
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (4, 4, 0));
        let totals: Vec<u32> = cells.iter().map(|cell| cell.population.total).collect();
        assert_eq!(totals, [34, 4, 4, 100]);
        let sum: AgeCounts = cells.iter().map(|cell| cell.population).sum();
        assert_eq!(sum, counts(142, 52, 29, 15));
        // 22 * 34/42 = 17.8, 22 * 4/42 = 2.1
        assert_eq!(cells[0].population.age_65_plus, 18);
        assert_eq!(
            cells.iter().map(|cell| cell.ages_estimated).collect::<Vec<_>>(),
            [true, true, true, false]
        );
    }

    #[test]
    fn rows_that_cannot_be_used_are_quarantined_with_their_line() {
        let (cells, ledger) = read_rows(
            "5238633x,0,,,1,1,0,0,0\r\n52386340,0,,,100001,1,0,0,0\r\n52386341,0,,,5,1,6,0,0\r\n\
             52386342,0,,,5,1,1,2,0\r\n52386343,0,,,*,1,1,0,0\r\n52386344,0,,,5,1,1,1,0\r\n\
             52386344,0,,,5,1,1,1,0\r\n52386345,0,,,7,1,1,1,1\r\n52386346,9,,,7,1,1,1,1\r\n",
        );
        assert_eq!(cells.iter().map(|cell| cell.row).collect::<Vec<_>>(), [8, 10]);
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (9, 2, 7));
        let mut lines: Vec<Option<u64>> = ledger.findings.iter().map(|finding| finding.row).collect();
        lines.sort();
        assert_eq!(lines, [3, 4, 5, 6, 7, 9, 11].map(Some));
    }

    #[test]
    fn a_group_is_resolved_across_files_and_the_first_of_two_rows_of_a_cell_is_used() {
        let (cells, ledgers) = read_files(&[
            "52386348,2,52386339,,4,1,*,*,*\r\n52386349,0,,,7,3,2,1,0\r\n",
            "52386339,1,,52386348,36,16,20,10,0\r\n52386349,0,,,9,3,2,1,0\r\n",
        ]);
        let found: Vec<(usize, AgeCounts, bool)> =
            cells.iter().map(|(input, cell)| (*input, cell.population, cell.ages_estimated)).collect();
        let expected =
            [(0, counts(4, 2, 1, 0), true), (0, counts(7, 2, 1, 0), false), (1, counts(36, 18, 9, 0), true)];
        assert_eq!(found, expected);
        let told: Vec<&str> = ledgers[0].findings.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(told, ["suppressed_cell"]);
        assert_eq!((ledgers[1].stored, ledgers[1].quarantined), (1, 1));
        assert_eq!(ledgers[1].findings[0].kind, "duplicate_cell");
    }

    #[test]
    fn a_name_of_e_stat_tells_what_a_file_has_of_a_cell_on_the_border() {
        let of = Extent::of_name;
        assert_eq!(of("tblT001100S19.txt"), Extent::Prefecture(19));
        assert_eq!(of("隣県/TBLT001101H05 (1).zip"), Extent::Prefecture(5));
        assert_eq!(of("tblT001100S5338.txt"), Extent::Whole);
        let others = ["国勢調査.txt", "tblT001100S.txt", "tblT001100S192.txt", "tblT00110０S19.txt", "tblT0"];
        assert!(others.iter().all(|name| of(name) == Extent::Unknown));
    }

    /// A cell on the border, whose 65+ the edition of the first-order mesh merges into another cell.
    const OWN: &str = "53386243,0,,,74,35,35,18,5\r\n53386244,0,,,50,20,20,8,1\r\n";
    const THEIRS: &str = "53386243,0,,,105,50,25,12,9\r\n53386253,0,,,9,4,3,1,0\r\n";
    const WHOLE: &str = "53386243,1,,53386253,179,85,63,31,14\r\n53386244,0,,,50,20,20,8,1\r\n\
        53386253,2,53386243,,9,4,*,*,*\r\n";

    #[test]
    fn a_prefecture_counts_its_own_side_of_a_border_cell_whatever_files_lie_beside() {
        let own = ("tblT001100S19.txt", OWN);
        let theirs = ("tblT001100S22.txt", THEIRS);
        let whole = ("tblT001100S5338.txt", WHOLE);
        let expected = [("53386243".to_owned(), 74, 35), ("53386244".to_owned(), 50, 20)];
        for files in [vec![own], vec![theirs, own], vec![own, whole], vec![whole, theirs, own]] {
            let (cells, ledgers) = read_named(&files);
            assert_eq!(cells, expected, "{files:?}");
            for (ledger, (name, _)) in ledgers.iter().zip(&files) {
                assert_eq!(ledger.quarantined, 0, "{name}");
                let told: Vec<&str> = ledger.findings.iter().map(|one| one.kind.as_str()).collect();
                assert_eq!(told.contains(&"census_of_others"), *name != own.0, "{name}: {told:?}");
                assert!(!told.contains(&"duplicate_cell") && !told.contains(&"unlike_group"), "{name}");
            }
        }
    }

    #[test]
    fn of_a_whole_cell_the_people_whom_a_neighbour_knows_as_its_own_are_left_out() {
        let (cells, _) = read_named(&[("tblT001100S5338.txt", WHOLE), ("tblT001100S22.txt", THEIRS)]);
        // 63 of the group are shared out over 188 people: 60 and 3.
        let expected = [("53386243", 74, 35), ("53386244", 50, 20), ("53386253", 0, 0)];
        assert_eq!(cells, expected.map(|(mesh, total, aged)| (mesh.to_owned(), total, aged)));
        assert_eq!(less(counts(9, 5, 4, 3), counts(6, 1, 0, 0)), counts(3, 3, 3, 3));
    }

    #[test]
    fn the_same_file_twice_is_told_row_by_row() {
        let (cells, ledgers) = read_named(&[("tblT001100S19.txt", OWN), ("写し/tblT001100S19.txt", OWN)]);
        assert_eq!(cells.len(), 2);
        assert_eq!((ledgers[1].stored, ledgers[1].quarantined), (0, 2));
        assert_eq!(ledgers[1].findings[0].kind, "duplicate_cell");
    }

    #[test]
    fn people_whose_receiver_is_in_no_file_stay_with_unknown_ages() {
        let (cells, ledger) = read_rows("52386348,2,52386339,,4,1,*,*,*\r\n52386349,0,,,7,3,2,1,0\r\n");
        assert_eq!((cells[0].population, cells[0].ages_estimated), (counts(4, 0, 0, 0), true));
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (2, 2, 0));
        assert_eq!((ledger.findings[1].kind.as_str(), ledger.findings[1].row), ("missing_receiver", Some(3)));
    }

    #[test]
    fn sums_of_people_fit_into_their_type() {
        assert!(MOST_PEOPLE_OF_STUDY + u64::from(MOST_PEOPLE_OF_CELL) < u64::from(u32::MAX) / 20);
    }

    #[test]
    fn a_column_is_taken_only_where_number_and_name_agree() {
        let refused = |text: &str| {
            let source = Source::of_bytes("t.txt", text.as_bytes());
            read(&source, &mut Ledger::new("t.txt")).expect_err("refused")
        };
        let error = refused("KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001100001\n,,,,　人口総数\n");
        assert!(
            matches!(&error, IngestError::Header { missing, .. } if missing == "T001100019 65歳以上人口総数"),
            "{error}"
        );
        // The number of the edition of 2020 over a column of that of 2015.
        let error = refused(&HEADER.replace("　７５歳以上人口　総数", "　外国人人口　総数"));
        assert!(matches!(&error, IngestError::Header { missing, .. } if missing.starts_with("T001100022")));
        let error = refused(&HEADER.replace("T001100", "T999999")).to_string();
        assert!(error.contains("T999999001") && error.contains("T000847・T001100"), "{error}");
        assert!(refused(&HEADER.replace("T001100", "T000609")).to_string().contains("T000609001"));
        refused("");
    }

    #[test]
    fn the_edition_of_2015_has_other_columns_and_no_oldest_class() {
        let text = "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T000847001,T000847016,T000847019,T000847022\r\n\
            ,,,,　人口総数,　６５歳以上人口総数,　７５歳以上人口総数,　外国人人口総数\r\n\
            533844161,0,,,50,20,10,1\r\n";
        let mut ledger = Ledger::new("t.txt");
        let mesh = read(&Source::of_bytes("t.txt", &cp932(text)), &mut ledger).expect("read");
        assert_eq!((mesh.year, mesh.tells_85_plus, mesh.rows[0].ages), (2015, false, [20, 10, 0]));
    }

    #[test]
    fn a_receiver_whose_list_differs_from_its_cells_is_told() {
        let (cells, ledger) = read_rows(
            "52386339,1,,52386348;52386349,34,16,22,9,5\r\n52386348,2,52386339,,4,1,*,*,*\r\n\
             52386350,0,,,9,4,2,1,0\r\n",
        );
        assert_eq!((cells.len(), ledger.quarantined), (3, 0));
        let told: Vec<_> = ledger.findings.iter().map(|one| (one.kind.as_str(), one.row)).collect();
        assert_eq!(told, [("suppressed_cell", None), ("unlike_group", Some(3))]);
        let how = "1 メッシュの年齢別人口が公表元で秘匿されています。そこに住む 4 人は総数に数え、年齢は合算先の 1 メッシュ（34 人）";
        assert!(ledger.findings[0].meant.starts_with(how), "{}", ledger.findings[0].meant);
        assert!(ledger.findings[1].meant.contains("52386349"), "{}", ledger.findings[1].meant);
    }

    proptest! {
        #[test]
        fn sharing_out_keeps_every_sum_and_every_order(
            totals in prop::collection::vec(0_u32..5_000, 1..12),
            shares in [0.0..=1.0, 0.0..=1.0, 0.0..=1.0],
        ) {
            let people: u32 = totals.iter().sum();
            let age_65_plus = (f64::from(people) * shares[0]) as u32;
            let age_75_plus = (f64::from(age_65_plus) * shares[1]) as u32;
            let age_85_plus = (f64::from(age_75_plus) * shares[2]) as u32;
            let cells = share_out(&totals, [age_65_plus, age_75_plus, age_85_plus]);
            let sum: AgeCounts = cells.iter().copied().sum();
            prop_assert_eq!(sum, counts(people, age_65_plus, age_75_plus, age_85_plus));
            for (cell, total) in cells.iter().zip(&totals) {
                prop_assert_eq!(cell.total, *total);
                prop_assert!(cell.total >= cell.age_65_plus);
                prop_assert!(cell.age_65_plus >= cell.age_75_plus);
                prop_assert!(cell.age_75_plus >= cell.age_85_plus);
            }
        }

        #[test]
        fn arbitrary_rows_never_panic_and_are_all_counted(rows: String) {
            let mut ledger = Ledger::new("t.txt");
            let text = format!("{HEADER}{rows}");
            let raw = read(&Source::of_bytes("t.txt", text.as_bytes()), &mut ledger);
            // Rows that run together are refused as a whole.
            let Ok(raw) = raw else { return Ok(()) };
            let cells = resolve(vec![(0, raw.rows)], "19", std::slice::from_mut(&mut ledger));
            prop_assert_eq!(cells.len() as u64, ledger.stored);
            prop_assert_eq!(ledger.read, ledger.stored + ledger.quarantined);
        }
    }
}
