//! Who is there when: 診療時間 of 医療情報ネット, the prefecture's 輪番 sheet and its conditions.

use super::facilities::{Institution, Kind};
use super::files::{Csv, Quotes};
use super::lists::with_filing;
use super::place::{PREFECTURE_CODE, municipality};
use super::registers::{is_missing, net_id};

const WEEK: [&str; 8] = ["月", "火", "水", "木", "金", "土", "日", "祝"];

/// From and until, or closed.
type Doors = Option<(&'static str, &'static str)>;

/// The 診療時間 table of one kind. One in fourteen has not told any; a few are open on Sundays.
pub fn opening_hours(institutions: &[Institution], kind: Kind) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    let mut columns = ["ID", "診療科目コード", "診療科目名", "診療時間帯"].map(str::to_owned).to_vec();
    for what in ["診療", "外来受付"] {
        let ends = |day: &&str| ["開始", "終了"].map(|end| format!("{day}_{what}{end}時間"));
        columns.extend(WEEK.iter().flat_map(ends));
    }
    csv.row(&columns);
    let listed = institutions.iter().filter(|one| one.kind == kind).enumerate();
    for (number, one) in listed.filter(|(number, _)| !is_missing(*number)) {
        for (session, name) in ["1", "2", "3"].into_iter().zip(["朝", "昼", "夜"]) {
            let doors = WEEK.map(|day| doors(kind, number, day, name));
            let fields = doors.iter().flat_map(|doors| doors.map_or(["", ""], |(from, until)| [from, until]));
            let fields: Vec<&str> = fields.collect();
            let head = [net_id(one, number), "1001".to_owned(), "内科".to_owned(), session.to_owned()];
            csv.row(
                head.iter().map(String::as_str).chain(fields.iter().copied()).chain(fields.iter().copied()),
            );
        }
    }
    csv.utf8_with_bom()
}

fn doors(kind: Kind, number: usize, day: &str, session: &str) -> Doors {
    let is_untold = number % 14 == 9;
    let is_rest = matches!(day, "日" | "祝") && !(day == "日" && number % 17 == 4);
    // One weekday is closed from noon on.
    let is_half = day == "土" || day == ["水", "木", "木", "火"][number % 4];
    if is_untold || is_rest {
        return None;
    }
    match (kind, session) {
        (Kind::Hospital, "朝") => Some(("08:30", "12:00")),
        (Kind::Hospital, "昼") if day != "土" => Some(("13:00", "17:00")),
        (Kind::Hospital, _) => None,
        (_, "朝") => Some(("09:00", "12:30")),
        (_, "昼") if !is_half => Some(("14:00", "18:00")),
        (_, "夜") if !is_half && number % 11 == 6 => Some(("18:00", "20:00")),
        _ => None,
    }
}

/// The 輪番 sheet in CP932: two clinics share the nights of an area, the island's own clinic is there from Monday to
/// Friday, and one institution answers by video. One line names nobody, two overlap.
pub fn rota(institutions: &[Institution]) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row(["医療機関コード", "名称", "曜日", "開始", "終了", "地域", "オンライン", "備考"]);
    let code = |one: &Institution| format!("{PREFECTURE_CODE}1{}", one.number);
    let first = |place: &str| {
        let here =
            |one: &&Institution| one.kind == Kind::Clinic && one.address.municipality == municipality(place);
        institutions.iter().find(here).expect("a clinic")
    };
    let island = first("48381");
    csv.row([&code(island), &island.name, "月～金", "8:00", "翌8:00", "凪島村", "0", "診療所の医師"]);
    let daytime = |one: &&Institution| {
        let filed = |symbol: &str| one.filings.iter().any(|filing| filing.1.starts_with(symbol));
        let east = one.address.municipality == municipality("48202");
        one.kind == Kind::Clinic && east && filed("在医総管") && !filed("支援診")
    };
    for (one, days) in institutions.iter().filter(daytime).zip(["月・水", "火・木"]) {
        csv.row([&code(one), "", days, "18:00", "翌8:00", "保健所:東灘浦", "", "当番医"]);
    }
    // By name alone, as the association writes it.
    let west = with_filing(institutions, "48323", "支援診３");
    csv.row(["", &west.name, "土日祝", "8:00", "18:00", "保健所:西汐", "", "休日当番"]);
    csv.row(["", &west.name, "土", "17:00", "22:00", "保健所:西汐", "", "休日当番"]);
    let video = with_filing(institutions, "48201", "支援診１");
    csv.row([&code(video), &video.name, "毎日", "18:00", "翌8:00", "全域", "1", "D to P with N"]);
    csv.row(["4819999999", "", "日", "8:00", "18:00", "汐見市", "", "閉院"]);
    csv.cp932()
}

/// What institutions can take of a rota.
pub fn rota_limits(institutions: &[Institution]) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row(["医療機関コード", "週の上限", "できない曜日", "できない開始", "できない終了"]);
    let code = |place: &str, symbol: &str| {
        format!("{PREFECTURE_CODE}1{}", with_filing(institutions, place, symbol).number)
    };
    csv.row([code("48205", "支援診２").as_str(), "2", "日", "", ""]);
    csv.row([code("48206", "支援診３").as_str(), "3", "毎日", "22:00", "翌6:00"]);
    csv.utf8_with_bom()
}
