//! Institutions as the publishers' tables have them: 届出受理医療機関名簿, 医療情報ネット,
//! 保険医療機関コード一覧, 介護サービス情報公表.

use super::addresses::{Address, Style, Town, wide};
use super::chance::Chance;
use super::facilities::{Institution, Kind, Office, WARD_SYMBOL};
use super::files::{Csv, Quotes, Sheet, Value, workbook};
use super::place::{MUNICIPALITIES, PREFECTURE, PREFECTURE_CODE, code_with_check_digit, degrees};

#[rustfmt::skip]
const FILING_COLUMNS: [&str; 24] = [
    "項番", "都道府県コード", "都道府県名", "区分", "医療機関番号", "併設医療機関番号", "医療機関記号番号", "医療機関名称",
    "医療機関所在地（郵便番号）", "医療機関所在地（住所）", "電話番号", "FAX番号", "病床数", "受理届出名称", "受理記号", "受理番号",
    "算定開始年月日", "個別有効開始年月日", "備考（見出し）", "備考（データ）", "市町村コード", "市町村名", "種別コード", "種別",
];

/// The workbook of one 区分 (医科, 歯科, 薬局).
pub fn filings(institutions: &[Institution], towns: &[Town], division: &str, kinds: &[Kind]) -> Vec<u8> {
    let mut chance = Chance::new(7000 + division.len() as u64 + kinds.len() as u64);
    let title = "[令和７年９月１日 現在 ]令和７年１０月２日作成 全医療機関出力";
    let row = |fields: &[&str]| -> Vec<Value> { fields.iter().map(|field| Value::from(*field)).collect() };
    let blank = |first: &str| {
        let mut fields = vec![""; 24];
        fields[0] = first;
        row(&fields)
    };
    let mut rows = vec![(2, blank(title)), (3, blank("")), (4, row(&FILING_COLUMNS))];
    let listed = institutions.iter().filter(|one| kinds.contains(&one.kind));
    for (number, one) in listed.enumerate() {
        let item = (number + 1).to_string();
        let post = one.address.post_code(towns);
        let beds = bed_text(one);
        let sign = sign(one, division);
        let head: Vec<String> = vec![
            item,
            PREFECTURE_CODE.to_owned(),
            PREFECTURE.to_owned(),
            division.to_owned(),
            one.number.clone(),
            String::new(),
            sign,
            official_name(one),
            format!("{}-{}", &post[..3], &post[3..]),
            one.address.write(towns, Style::Bureau),
            one.telephone.clone(),
            String::new(),
            beds,
        ];
        let mut add = |tail: [String; 7]| {
            let fields = head.iter().cloned().chain(tail).chain(std::iter::repeat_n(String::new(), 4));
            let place = rows.len() + 2;
            rows.push((place, fields.map(Value::from).collect()));
        };
        if one.filings.is_empty() {
            add(Default::default());
        }
        for (name, symbol) in &one.filings {
            let accepted = accepted_number(&mut chance);
            let since = era_date(&mut chance);
            let filing = |heading: &str, data: &str| {
                [name, symbol, accepted.as_str(), since.as_str(), "", heading, data].map(str::to_owned)
            };
            add(filing("", ""));
            if *symbol == WARD_SYMBOL {
                let count = format!("{}床", one.beds[0]);
                let wards = format!("{}棟", one.beds[0].div_ceil(50));
                for (heading, data) in [
                    ("病棟種別", "一般"),
                    ("病床区分", "一般"),
                    ("病棟数　", &wards),
                    ("病床数　", &count),
                    ("区分", "急性期一般入院料４"),
                ] {
                    add(filing(heading, data));
                }
            }
        }
    }
    workbook(&[Sheet { name: "Sheet1".to_owned(), rows, merged: Vec::new() }])
}

/// 医療機関記号番号, with the first letter of the municipality.
fn sign(one: &Institution, division: &str) -> String {
    let first = MUNICIPALITIES[one.address.municipality].name.chars().next().unwrap_or('汐');
    let letter = division.chars().next().unwrap_or('医');
    format!("{first}{letter}{}", one.number[2..6].trim_start_matches('0'))
}

fn accepted_number(chance: &mut Chance) -> String {
    format!("第{}号", 1 + chance.below(600))
}

/// A date as the bureaus pad it (令和 6年 6月 1日).
fn era_date(chance: &mut Chance) -> String {
    let month = 1 + chance.below(12);
    if chance.hit(0.3) {
        format!("平成{:2}年{month:2}月 1日", 18 + chance.below(13))
    } else {
        format!("令和{:2}年{month:2}月 1日", 2 + chance.below(5))
    }
}

fn bed_text(one: &Institution) -> String {
    let [general, long_term] = one.beds;
    match (general, long_term) {
        (0, 0) => String::new(),
        (beds, 0) => format!("一般　　{beds}"),
        (beds, long_term) => format!("一般　　{beds}／療養　　{long_term}"),
    }
}

/// With the corporation in front, as the bureaus have it.
fn official_name(one: &Institution) -> String {
    if one.corporation.is_empty() { one.name.clone() } else { format!("{}　{}", one.corporation, one.name) }
}

/// As 医療情報ネット has it: the corporation often left out, letters of the other width or kind.
fn public_name(one: &Institution, chance: &mut Chance) -> String {
    let clinic = if chance.hit(0.1) { "ｸﾘﾆｯｸ" } else { "クリニック" };
    let respelled = one.name.replace('ヶ', "ケ").replace("クリニック", clinic);
    match chance.below(6) {
        0 if !one.corporation.is_empty() => format!("{}{respelled}", one.corporation),
        1 if !one.corporation.is_empty() => format!("{} {respelled}", one.corporation),
        2 => respelled,
        _ => one.name.replace('ヶ', "ケ"),
    }
}

/// 保険医療機関コード一覧: 医科, no header.
pub fn code_list(institutions: &[Institution], towns: &[Town]) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    for one in institutions.iter().filter(|one| one.kind <= Kind::Clinic) {
        csv.row([
            format!("{PREFECTURE_CODE}{}", one.number),
            one.number.clone(),
            official_name(one).replace('　', " "),
            one.address.post_code(towns),
            one.address.write(towns, Style::Bureau),
        ]);
    }
    csv.utf8()
}

const DAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// Header of the 医療情報ネット table of a kind.
fn net_columns(kind: Kind) -> Vec<String> {
    if kind == Kind::Pharmacy {
        return pharmacy_columns();
    }
    let lead = [
        "ID",
        "正式名称",
        "正式名称（フリガナ）",
        "略称",
        "略称（フリガナ）",
        "英語表記（ローマ字表記）",
        "機関区分",
        "都道府県コード",
        "市区町村コード",
        "所在地",
        "所在地座標（緯度）",
        "所在地座標（経度）",
        "案内用ホームページアドレス",
    ];
    let mut columns: Vec<String> = lead.map(str::to_owned).to_vec();
    columns.extend(DAYS.iter().map(|day| format!("毎週決まった曜日に休診（{day}）")));
    for week in 1..=5 {
        columns.extend(DAYS.iter().map(|day| format!("決まった週に休診（定期週）第{week}週（{day}）")));
    }
    columns.extend(["祝日に休診", "その他の休診日（gw、お盆等）"].map(str::to_owned));
    columns.extend(bed_columns(kind).iter().map(|name| (*name).to_owned()));
    columns
}

fn bed_columns(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Hospital => &[
            "一般病床",
            "療養病床",
            "療養病床のうち医療保険適用",
            "療養病床のうち介護保険適用",
            "精神病床",
            "結核病床",
            "感染症病床",
            "合計病床数",
        ],
        Kind::Clinic => &[
            "一般病床",
            "療養病床",
            "療養病床のうち医療保険適用",
            "療養病床のうち介護保険適用",
            "合計病床数",
        ],
        _ => &[],
    }
}

fn pharmacy_columns() -> Vec<String> {
    let week = ["月", "火", "水", "木", "金", "土", "日", "祝"];
    let lead = [
        "ID",
        "名称",
        "フリガナ",
        "ローマ字",
        "機関区分",
        "都道府県コード",
        "市区町村コード",
        "所在地",
        "所在地座標（緯度）",
        "所在地座標（経度）",
        "薬局のホームページアドレス",
    ];
    let mut columns: Vec<String> = lead.map(str::to_owned).to_vec();
    columns.extend(week.iter().map(|day| format!("営業日（{day}）")));
    columns.extend(week.iter().map(|day| format!("定期閉店毎週（{day}）")));
    for number in ["１", "２", "３", "４", "５"] {
        columns.extend(DAYS.iter().map(|day| format!("定期閉店第{number}週（{day}）")));
    }
    columns.extend(["祝日", "その他の閉店日（GW、お盆等）"].map(str::to_owned));
    for number in 1..=4 {
        for day in week {
            columns.push(format!("{day}_開店時間帯{number}_開始時間"));
            columns.push(format!("{day}_開店時間帯{number}_終了時間"));
        }
    }
    columns
}

/// The 医療情報ネット table of one kind, with the faults of the real one: some rows without
/// coordinates (0.0, 0.0), some institutions twice, some not at all.
pub fn net_table(institutions: &[Institution], towns: &[Town], kind: Kind) -> Vec<u8> {
    let mut chance = Chance::new(8000 + kind.net_code() as u64);
    let columns = net_columns(kind);
    let mut csv = Csv::new(Quotes::Always);
    csv.row(&columns);
    for (number, one) in institutions.iter().filter(|one| one.kind == kind).enumerate() {
        let twice = number % 53 == 29;
        let name = public_name(one, &mut chance);
        if !is_missing(number) {
            csv.row(net_row(one, towns, number, &name, &columns, &mut chance));
        }
        if twice {
            // The same place again under another number and an older spelling.
            let name = if one.corporation.is_empty() {
                format!("{}　", one.name)
            } else {
                format!("{}{}", one.corporation, one.name)
            };
            csv.row(net_row(one, towns, number + 5000, &name, &columns, &mut chance));
        }
    }
    csv.utf8_with_bom()
}

/// Whether 医療情報ネット does not know the institution of a number.
pub fn is_missing(number: usize) -> bool {
    number % 61 == 47
}

/// ID of 医療情報ネット of the institution of a number of its kind.
pub fn net_id(one: &Institution, number: usize) -> String {
    let local = &MUNICIPALITIES[one.address.municipality].code[2..];
    format!("{PREFECTURE_CODE}{}{local}{:07}", one.kind.net_code(), (number + 1) * 10)
}

fn net_row(
    one: &Institution,
    towns: &[Town],
    number: usize,
    name: &str,
    columns: &[String],
    chance: &mut Chance,
) -> Vec<String> {
    let local = &MUNICIPALITIES[one.address.municipality].code[2..];
    let id = net_id(one, number);
    // Nobody measured the place of those whose address has no 大字.
    let known = one.kind == Kind::Hospital || (one.address.town.is_some() && !chance.hit(0.06));
    let (longitude, latitude) = degrees(one.place);
    let (north, east) = if known {
        (format!("{latitude:.6}"), format!("{longitude:.6}"))
    } else {
        ("0.0".to_owned(), "0.0".to_owned())
    };
    let spelt = if number.is_multiple_of(3) { "ケ" } else { "ヶ" };
    let address = one.address.write(towns, Style::Net).replace('ヶ', spelt);
    let closed = chance.below(6);
    columns
        .iter()
        .map(|column| match column.as_str() {
            "ID" => id.clone(),
            "正式名称" | "名称" => name.to_owned(),
            "正式名称（フリガナ）" | "フリガナ" => one.kana.clone(),
            "略称" if one.kind == Kind::Hospital => one.name.clone(),
            "機関区分" => one.kind.net_code().to_string(),
            "都道府県コード" => PREFECTURE_CODE.to_owned(),
            "市区町村コード" => local.to_owned(),
            "所在地" => address.clone(),
            "所在地座標（緯度）" => north.clone(),
            "所在地座標（経度）" => east.clone(),
            "一般病床" => bed_figure(one.beds[0]),
            "療養病床" | "療養病床のうち医療保険適用" => bed_figure(one.beds[1]),
            "合計病床数" => bed_figure(one.beds[0] + one.beds[1]),
            "祝日に休診" | "祝日" => "0".to_owned(),
            weekly => weekly_figure(weekly, closed),
        })
        .collect()
}

fn bed_figure(beds: u32) -> String {
    if beds == 0 { String::new() } else { beds.to_string() }
}

/// Open is 1 in the columns named 休診, as in the real tables; Sunday and one weekday are closed.
fn weekly_figure(column: &str, closed: usize) -> String {
    let day = DAYS
        .iter()
        .position(|day| column.ends_with(&format!("（{day}）")) || column.starts_with(&format!("{day}_")));
    let is_open = day.is_some_and(|day| day < 6 && day != closed);
    if column.starts_with("毎週決まった") || column.starts_with("営業日") {
        return if is_open { "1" } else { "0" }.to_owned();
    }
    let hours =
        [("1_開始時間", "09:00"), ("1_終了時間", "13:00"), ("2_開始時間", "14:00"), ("2_終了時間", "18:00")];
    let found = hours.iter().find(|(end, _)| column.contains("開店時間帯") && column.ends_with(end));
    found.filter(|_| is_open).map_or(String::new(), |(_, time)| (*time).to_owned())
}

#[rustfmt::skip]
const OFFICE_COLUMNS: [&str; 24] = [
    "都道府県コード又は市町村コード", "No", "都道府県名", "市区町村名", "事業所名", "事業所名カナ", "サービスの種類", "住所",
    "方書（ビル名等）", "緯度", "経度", "電話番号", "FAX番号", "法人番号", "法人の名称", "事業所番号", "利用可能曜日", "利用可能曜日特記事項",
    "定員", "URL", "高齢者の方と障害者の方が同時一体的に利用できるサービス", "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている", "備考",
];

/// Numbers of the services, one file for each.
#[rustfmt::skip]
pub const SERVICE_FILES: [(&str, &str); 8] = [
    ("110", "jigyosho_110.csv"), ("130", "jigyosho_130.csv"), ("140", "jigyosho_140.csv"), ("150", "jigyosho_150.csv"),
    ("430", "jigyosho_430.csv"), ("520", "jigyosho_520.csv"), ("760", "jigyosho_760.csv"), ("770", "jigyosho_770.csv"),
];

/// 介護サービス情報公表 of one service: UTF-8 with BOM, quoted only where needed.
pub fn care_table(offices: &[Office], towns: &[Town], service: &str) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row(OFFICE_COLUMNS);
    for (number, office) in offices.iter().filter(|office| office.service.0 == service).enumerate() {
        let one = &MUNICIPALITIES[office.address.municipality];
        let (longitude, latitude) = degrees(office.place);
        // One in twenty gives no coordinates, one in nine leaves the prefecture out.
        let placed = number % 20 != 17;
        let address = care_address(&office.address, towns, number % 9 == 4);
        let figure = |value: f64| if placed { format!("{value:.15}") } else { String::new() };
        csv.row([
            code_with_check_digit(one.code),
            office.number.clone(),
            PREFECTURE.to_owned(),
            one.name.to_owned(),
            office.name.clone(),
            office.kana.clone(),
            office.service.1.to_owned(),
            address,
            String::new(),
            figure(latitude),
            figure(longitude),
            office.telephone.clone(),
            String::new(),
            String::new(),
            office.corporation.clone(),
            office.number.clone(),
            "平日,土曜日".to_owned(),
            String::new(),
            office.capacity.to_string(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }
    csv.utf8_with_bom()
}

fn care_address(address: &Address, towns: &[Town], short: bool) -> String {
    let full = address.write(towns, Style::Care);
    if short { wide(full.trim_start_matches(PREFECTURE)) } else { full }
}
