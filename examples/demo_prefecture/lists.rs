//! What the prefecture and the ministry hold: areas, lists of institutions, projections, demand.

use super::addresses::{Style, Town};
use super::facilities::{Institution, Office};
use super::files::{Csv, Quotes, Sheet, Value, workbook};
use super::place::{MUNICIPALITIES, Municipality, PREFECTURE, PREFECTURE_CODE, degrees, municipality};
use super::population::{CLASSES, Cell, FIRST_YEAR, from_class};

/// Municipality → area by a name column (保健所, 医師会, 消防本部).
fn membership(column: &str, area: impl Fn(&Municipality) -> &'static str) -> Csv {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row(["pref", "muni_code", column]);
    for one in MUNICIPALITIES {
        csv.row([PREFECTURE, one.code, area(one)]);
    }
    csv
}

pub fn health_centres() -> Vec<u8> {
    membership("hokenjo", |one| one.health_centre).utf8()
}

/// In CP932, as spreadsheets save it.
pub fn medical_associations() -> Vec<u8> {
    membership("ishikai", |one| one.medical_association).cp932()
}

pub fn fire_departments() -> Vec<u8> {
    membership("shobo", |one| one.fire_department).utf8_with_bom()
}

/// Municipality → 二次医療圏 by code, in the columns of the national table.
pub fn secondary_areas() -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row(["muni_code", "muni_name", "area_code", "area_name", "pref_code", "pref_name", "mapping_source"]);
    for one in MUNICIPALITIES {
        let (code, name) = one.secondary_area;
        csv.row([one.code, one.name, code, name, PREFECTURE_CODE, PREFECTURE, "A38b_001"]);
    }
    csv.utf8()
}

/// The first institution of a municipality with a filing.
pub fn with_filing<'a>(institutions: &'a [Institution], code: &str, symbol: &str) -> &'a Institution {
    institutions
        .iter()
        .find(|one| {
            one.address.municipality == municipality(code)
                && one.filings.iter().any(|(_, filed)| *filed == symbol)
        })
        .unwrap_or_else(|| panic!("{code} has nobody with {symbol}"))
}

/// 在宅医療において積極的役割を担う医療機関: three bodies that are none, and nobody else in 北磯.
pub fn active_institutions(institutions: &[Institution], offices: &[Office], towns: &[Town]) -> Vec<u8> {
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row([
        "圏域名",
        "医療機関コード",
        "名称",
        "所在地",
        "種別",
        "退院支援",
        "日常の療養支援",
        "急変時の対応",
        "看取り",
        "24時間対応",
    ]);
    let medical = [
        ("48201", "支援病１", true),
        ("48201", "支援診１", true),
        ("48201", "支援診２", false),
        ("48204", "支援診２", true),
        ("48321", "支援診２", true),
        ("48203", "支援病２", true),
        ("48203", "支援診２", true),
        ("48206", "支援病３", false),
        ("48202", "支援病２", true),
        ("48202", "支援診２", true),
        ("48303", "支援診２", true),
    ];
    for (code, symbol, with_code) in medical {
        let one = with_filing(institutions, code, symbol);
        let number = if with_code { format!("{PREFECTURE_CODE}1{}", one.number) } else { String::new() };
        let kind = if symbol.starts_with("支援病") { "病院" } else { "診療所" };
        let death_watch = if symbol.ends_with('１') || symbol.ends_with('２') { "1" } else { "" };
        let area = MUNICIPALITIES[municipality(code)].secondary_area.1;
        // Lines without a code are found by name, as the institution itself writes it.
        csv.row([
            area,
            &number,
            &one.name,
            &one.address.write(towns, Style::Bureau),
            kind,
            "1",
            "1",
            "1",
            death_watch,
            "1",
        ]);
    }
    let office = |code: &str| {
        let here = |one: &&Office| one.service.0 == "130" && one.address.municipality == municipality(code);
        offices.iter().find(here).expect("a 訪問看護 office")
    };
    for code in ["48201", "48205"] {
        let one = office(code);
        let area = MUNICIPALITIES[municipality(code)].secondary_area.1;
        csv.row([
            area,
            "",
            &one.name,
            &one.address.write(towns, Style::Bureau),
            "訪問看護ステーション",
            "1",
            "1",
            "1",
            "1",
            "1",
        ]);
    }
    let chemist = with_filing(institutions, "48203", "在薬");
    csv.row([
        "西汐",
        "",
        &chemist.name,
        &chemist.address.write(towns, Style::Bureau),
        "薬局",
        "",
        "1",
        "",
        "",
        "0",
    ]);
    csv.utf8_with_bom()
}

/// 在宅医療に必要な連携を担う拠点, in CP932.
pub fn linkage_hubs() -> Vec<u8> {
    const HUBS: [(&str, &str, &str, &str); 10] = [
        ("48201", "汐見市在宅医療・介護連携支援センター", "市町村", "48201"),
        ("48201", "汐見市医師会在宅医療相談室", "医師会", "48201;48322"),
        ("48204", "楠原地域在宅医療連携センター", "医師会", "48204;48342;48345"),
        ("48321", "松ヶ浦町在宅医療連携室", "市町村", "48321;48381"),
        ("48203", "鷹瀬市在宅医療・介護連携支援センター", "市町村", "48203;48341;48343"),
        ("48206", "西汐郡市医師会在宅医療支援室", "医師会", "48206;48323"),
        ("48202", "灘浜市在宅医療・介護連携支援センター", "市町村", "48202;48303;48304;48344"),
        ("48301", "東灘浦医師会在宅医療連携室", "医師会", "48301;48302"),
        ("48205", "北磯保健所在宅医療連携室", "保健所", "48205;48363;48364;48361"),
        ("48362", "荒磯野町在宅医療相談窓口", "市町村", "48362;48365"),
    ];
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row(["圏域名", "拠点名", "設置主体", "担当市町村コード", "所在地", "連絡先"]);
    for (number, (code, name, body, served)) in HUBS.into_iter().enumerate() {
        let one = &MUNICIPALITIES[municipality(code)];
        let address = format!("{PREFECTURE}{}役場内", one.full_name()).replace("市役場", "市役所");
        let telephone = format!("{}-00-{:04}", one.telephone, 100 + number);
        csv.row([one.secondary_area.1, name, body, served, &address, &telephone]);
    }
    csv.cp932()
}

/// People of some cells by class, in a year between those of the projection.
fn people(cells: &[Cell], belongs: impl Fn(&Cell) -> bool, year: f64) -> [f64; CLASSES] {
    let step = ((year - FIRST_YEAR as f64) / 5.0).floor();
    let (before, part) = (step as usize, (year - FIRST_YEAR as f64) / 5.0 - step);
    let mut sum = [0.0; CLASSES];
    for cell in cells.iter().filter(|cell| belongs(cell)) {
        for (class, people) in sum.iter_mut().enumerate() {
            let (a, b) = (cell.projection[before][class], cell.projection[(before + 1).min(10)][class]);
            *people += a + (b - a) * part;
        }
    }
    sum
}

/// 地域別将来推計人口 2020–2050 by three age groups; the prefecture first, as sum of its
/// municipalities.
pub fn projection(cells: &[Cell]) -> Vec<u8> {
    let years: Vec<usize> = (2020..=2050).step_by(5).collect();
    let groups = |position: usize, year: usize| -> [i64; 3] {
        let people = people(cells, |cell| cell.municipality == position, year as f64);
        [people[..3].iter().sum::<f64>(), people[3..13].iter().sum(), from_class(&people, 13)]
            .map(|sum| sum.round() as i64)
    };
    let mut csv = Csv::new(Quotes::WhereNeeded);
    csv.row([
        "muni_code",
        "name",
        "year",
        "total",
        "age0_14",
        "age15_64",
        "age65plus",
        "office_lon",
        "office_lat",
    ]);
    let mut add =
        |code: &str, name: &str, year: usize, [young, middle, old]: [i64; 3], place: [String; 2]| {
            let figures = [young + middle + old, young, middle, old].map(|figure| figure.to_string());
            let head = [code.to_owned(), name.to_owned(), year.to_string()];
            csv.row(head.into_iter().chain(figures).chain(place));
        };
    for year in &years {
        let all = (0..MUNICIPALITIES.len()).map(|position| groups(position, *year));
        let sum = all.fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
        add("48000", PREFECTURE, *year, sum, Default::default());
    }
    for (position, one) in MUNICIPALITIES.iter().enumerate() {
        let (longitude, latitude) = degrees(one.centre);
        for year in &years {
            let place = [format!("{longitude:.5}"), format!("{latitude:.5}")];
            add(one.code, one.name, *year, groups(position, *year), place);
        }
    }
    csv.utf8()
}

/// Receipts per month and person by class, for 訪問診療 and for 外来.
fn home_rate(class: usize) -> f64 {
    [(17, 0.064), (15, 0.0165), (13, 0.0034), (8, 0.0004)]
        .iter()
        .find(|(from, _)| class >= *from)
        .map_or(0.0001, |(_, rate)| *rate)
}

fn outpatient_rate(class: usize) -> f64 {
    [(15, 1.35), (13, 1.1), (8, 0.62), (3, 0.38)]
        .iter()
        .find(|(from, _)| class >= *from)
        .map_or(0.72, |(_, rate)| *rate)
}

/// 構想区域の医療需要推計: sheets of 在宅（訪問診療） and of 外来, in the layout of the ministry's workbook.
pub fn demand_workbook(cells: &[Cell]) -> Vec<u8> {
    workbook(&[
        demand_sheet(
            cells,
            "将来の在宅（訪問診療）需要推計",
            "在宅（訪問診療）需要推計",
            home_rate,
            [1.12, 0.86, 0.94, 0.71],
        ),
        demand_sheet(cells, "将来の外来需要推計", "外来需要推計", outpatient_rate, [1.04, 0.97, 0.99, 0.95]),
    ])
}

fn demand_sheet(
    cells: &[Cell],
    name: &str,
    subject: &str,
    rate: fn(usize) -> f64,
    supply: [f64; 4],
) -> Sheet {
    let text = |fields: &[&str]| fields.iter().map(|field| Value::from(*field)).collect::<Vec<Value>>();
    let span = format!("2024年度から2050年度にかけた{subject}（件/月）");
    let projected = [2030, 2035, 2040, 2045, 2050];
    let mut fourth: Vec<Value> = text(&["", "", "", "", "", "2024年度"]);
    fourth.extend(projected.iter().map(|year| Value::from(format!("{year}年度（現状投影）"))));
    let mut fifth = text(&["都道府県", "構想区域コード", "構想区域名", "人口(2024年度)", "人口(2040年)"]);
    fifth.extend((0..6).map(|_| Value::from("レセプト件数/月")));
    let mut rows = vec![
        (1, text(&[name])),
        (2, text(&["汐見県は架空の県です。様式は「構想区域の医療需要推計について」によります。"])),
        (3, text(&["", "", "", "", "", &span])),
        (4, fourth),
        (5, fifth),
    ];
    let mut areas: Vec<(&str, &str)> = MUNICIPALITIES.iter().map(|one| one.secondary_area).collect();
    areas.sort_unstable();
    areas.dedup();
    for (number, (code, area)) in areas.iter().enumerate() {
        let of = |year: f64| {
            people(cells, |cell| MUNICIPALITIES[cell.municipality].secondary_area.0 == *code, year)
        };
        let receipts = |people: [f64; CLASSES]| -> f64 {
            people.iter().enumerate().map(|(class, people)| people * rate(class)).sum::<f64>()
                * supply[number]
        };
        let mut row = text(&[PREFECTURE, code, area]);
        row.push(Value::from(from_class(&of(2024.0), 0).round()));
        row.push(Value::from(from_class(&of(2040.0), 0).round()));
        // What was counted is an average over twelve months; what is projected has no such grain.
        row.push(Value::from((receipts(of(2024.0)) * 12.0).round() / 12.0));
        row.extend(projected.iter().map(|year| Value::from(receipts(of(f64::from(*year))))));
        rows.push((6 + number, row));
    }
    Sheet { name: name.to_owned(), rows, merged: vec!["A2:K2", "F3:K3"] }
}
