use super::*;
use geo::MultiPolygon;

fn geocoder() -> Geocoder {
    let municipality = |code: &str, name: &str, office: Option<Point>| Municipality {
        code: code.parse().expect("code"),
        name: name.to_owned(),
        boundary: MultiPolygon(Vec::new()),
        areas: BTreeMap::new(),
        further: BTreeMap::new(),
        office,
    };
    let municipalities = [
        municipality("19201", "甲府市", Some(Point::new(1.0, 0.0))),
        municipality("19364", "早川町", Some(Point::new(2.0, 0.0))),
        municipality("19422", "道志村", Some(Point::new(3.0, 0.0))),
        municipality("19205", "山梨市", None),
        municipality("22131", "浜松市中区", None),
        municipality("22138", "静岡市中区", None),
        municipality("22134", "浜松市北区", None),
    ];
    let counties = BTreeMap::from([("19364".parse().expect("code"), "南巨摩郡".to_owned())]);
    let mut geocoder = Geocoder::new("山梨県", &municipalities, &counties, &[]);
    for (municipality, name, x) in [
        (0, "湯村三丁目", 11.0),
        (0, "湯村", 12.0),
        (0, "丸の内二丁目", 13.0),
        (0, "上", 14.0),
        (0, "蓬沢町", 15.0),
        (0, "大手一丁目", 16.0),
        (0, "大手二丁目", 16.01),
        (0, "大手町", 16.5),
        (0, "荒川一丁目", 17.0),
        (0, "荒川二丁目", 17.1),
        (1, "大字薬袋", 21.0),
        (3, "上神内川", 31.0),
        (6, "細江町気賀", 41.0),
    ] {
        geocoder.learn(municipality, name, Point::new(x, 1.0));
    }
    geocoder
}

fn x_and_precision(address: &str) -> (Option<f64>, Precision) {
    let located = geocoder().locate(address, None);
    (located.position.map(geo::Point::x), located.precision())
}

#[test]
fn every_spelling_of_a_town_finds_its_point() {
    for address in [
        "甲府市湯村三丁目１－８",
        "山梨県甲府市湯村３丁目1番8号",
        "甲府市湯村３－１－８",
        "甲府市大字湯村3-1-8",
    ] {
        assert_eq!(x_and_precision(address), (Some(11.0), Precision::Chome), "{address}");
    }
    assert_eq!(x_and_precision("甲府市蓬澤１０４７－２"), (Some(15.0), Precision::Town), "町 left out");
    assert_eq!(x_and_precision("甲府市大手（１～３丁目）１－６"), (Some(16.0), Precision::Chome));
    assert_eq!(x_and_precision("甲府市湯村９番地"), (Some(12.0), Precision::Town));
    assert_eq!(x_and_precision("甲府市丸之内二丁目1"), (Some(13.0), Precision::Chome));
    assert_eq!(x_and_precision("南巨摩郡早川町薬袋５９"), (Some(21.0), Precision::Town));
    assert_eq!(x_and_precision("早川町字薬袋５９"), (Some(21.0), Precision::Town));
    assert_eq!(x_and_precision("山梨県山梨市上神内川１３０９"), (Some(31.0), Precision::Town));
}

#[test]
fn without_a_known_town_the_municipality_point_stands_in_or_nothing() {
    assert_eq!(x_and_precision("道志村６１８１"), (Some(3.0), Precision::Municipality));
    assert_eq!(x_and_precision("甲府市上帯那町1"), (Some(1.0), Precision::Municipality), "one letter");
    assert_eq!(x_and_precision("甲府市上1"), (Some(14.0), Precision::Town));
    assert_eq!(x_and_precision("山梨市小原西1"), (None, Precision::Unlocated));
    assert_eq!(x_and_precision("広島県府中市府川町"), (None, Precision::Unlocated));
}

#[test]
fn a_town_without_its_chome_lies_in_the_middle_of_them_where_they_are_one_place() {
    for address in ["甲府市大手", "甲府市大手５６番地", "甲府市大字大手", "甲府市大手（県庁内）"]
    {
        let (x, precision) = x_and_precision(address);
        assert!(x.is_some_and(|x| (x - 16.005).abs() < 1e-9), "{address} {x:?}");
        assert_eq!(precision, Precision::Town);
    }
    let municipality = (Some(1.0), Precision::Municipality);
    assert_eq!(x_and_precision("甲府市荒川"), municipality, "9 km from one 丁目 to the other");
    assert_eq!(x_and_precision("甲府市丸の内九丁目1"), municipality, "an unknown 丁目");
    assert_eq!(x_and_precision("甲府市大手通1"), municipality, "another name");
    assert_eq!(x_and_precision("甲府市大手町1"), (Some(16.5), Precision::Town));
    assert_eq!(x_and_precision("甲府市大手2-1"), (Some(16.01), Precision::Chome));
}

#[test]
fn one_name_at_two_places_is_told_and_never_chosen_between() {
    let mut geocoder = geocoder();
    assert_eq!(geocoder.learn(0, "大字湯村", Point::new(12.005, 1.0)), None);
    let metres = geocoder.learn(0, "湯村", Point::new(12.02, 1.0)).expect("two places");
    assert!((2_200.0..2_250.0).contains(&metres), "{metres}");
    let located = geocoder.locate("甲府市湯村", None);
    assert_eq!((located.level, located.position), (Level::Municipality, Some(Point::new(1.0, 0.0))));
    let candidates: Vec<_> =
        located.candidates.iter().map(|one| (one.name.as_str(), one.position.map(Point::x))).collect();
    assert_eq!(candidates, [("甲府市湯村", Some(12.0)), ("甲府市湯村", Some(12.02))]);
}

#[test]
fn a_town_whose_chome_lie_apart_is_told_with_all_of_them() {
    let located = geocoder().locate("甲府市荒川", None);
    let candidates: Vec<&str> = located.candidates.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(candidates, ["甲府市荒川1丁目", "甲府市荒川2丁目"]);
}

#[test]
fn a_ward_that_two_cities_have_is_not_guessed() {
    let geocoder = geocoder();
    assert_eq!(geocoder.municipality("中区元城町1"), None);
    assert_eq!(geocoder.municipality("北区細江町気賀1").map(|(at, _)| at), Some(6));
    assert_eq!(geocoder.municipality("静岡市中区1").map(|(at, _)| at), Some(5));
}

#[test]
fn a_hint_is_used_only_where_the_address_names_no_municipality() {
    let geocoder = geocoder();
    assert_eq!(geocoder.locate("湯村三丁目1", Some(0)).precision(), Precision::Chome);
    assert_eq!(geocoder.locate("早川町薬袋1", Some(0)).municipality, Some(1));
}

/// A municipality of the table below: code, 郡 (or nothing), name, its towns, and its blocks as town, 小字
/// and number.
type Known = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [Block]);
type Block = (&'static str, &'static str, &'static str);

const KNOWN: &[(&str, &[Known])] = &[
    (
        "山梨県",
        &[
            (
                "19201",
                "",
                "甲府市",
                &["丸の内一丁目", "丸の内二丁目", "湯村三丁目", "湯村", "蓬沢町", "上帯那町", "寿町"],
                &[
                    ("丸の内一丁目", "", "6"),
                    ("湯村三丁目", "", "1"),
                    ("蓬沢町", "", "1047"),
                    ("上帯那町", "中組", "1234"),
                    ("上帯那町", "", "20-3"),
                ],
            ),
            ("19364", "南巨摩郡", "早川町", &["大字薬袋", "高住"], &[]),
            ("19422", "南都留郡", "道志村", &[], &[]),
            ("19205", "", "山梨市", &["上神内川", "小原西"], &[]),
            ("19202", "", "富士吉田市", &["上吉田", "松山"], &[]),
            ("19368", "南巨摩郡", "富士川町", &["鰍沢", "最勝寺"], &[]),
            ("19211", "", "笛吹市", &["石和町四日市場", "御坂町八千蔵", "一宮町末木"], &[]),
            ("19213", "", "甲州市", &["塩山上於曽", "勝沼町勝沼"], &[]),
        ],
    ),
    (
        "北海道",
        &[
            (
                "01101",
                "",
                "札幌市中央区",
                &["北一条西二丁目", "北一条西三丁目", "南二十条西十丁目", "大通西五丁目"],
                &[],
            ),
            ("01102", "", "札幌市北区", &["北七条西四丁目"], &[]),
            ("01204", "", "旭川市", &["二条通七丁目"], &[]),
            ("01631", "河東郡", "士幌町", &["字士幌東二線"], &[]),
            ("01233", "", "伊達市", &["鹿島町", "梅本町"], &[]),
        ],
    ),
    (
        "東京都",
        &[
            ("13206", "", "府中市", &["宮町一丁目", "府中町一丁目"], &[]),
            ("13101", "", "千代田区", &["霞が関一丁目", "六番町", "九段南一丁目", "神田神保町二丁目"], &[]),
        ],
    ),
    (
        "京都府",
        &[
            ("26104", "", "京都市中京区", &["上本能寺前町", "寺町"], &[("上本能寺前町", "", "488")]),
            ("26102", "", "京都市上京区", &["藪之内町"], &[]),
        ],
    ),
    ("岩手県", &[("03482", "下閉伊郡", "山田町", &["大沢第三地割", "飯岡第一地割"], &[])]),
    ("愛媛県", &[("38202", "", "今治市", &["菊間町浜"], &[("菊間町浜", "", "甲712")])]),
    ("石川県", &[("17202", "", "七尾市", &["袖ヶ江町"], &[("袖ヶ江町", "", "イ25")])]),
    (
        "静岡県",
        &[
            ("22131", "", "浜松市中区", &["元城町"], &[("元城町", "", "103-2")]),
            ("22134", "", "浜松市北区", &["細江町気賀", "三ヶ日町三ヶ日"], &[]),
            ("22101", "", "静岡市葵区", &["追手町"], &[]),
        ],
    ),
    ("埼玉県", &[("11241", "", "鶴ヶ島市", &["三ツ木", "五味ヶ谷", "上広谷"], &[])]),
];

/// Municipalities whose names others bear too.
const ELSEWHERE: [(&str, &str); 4] =
    [("東京都", "府中市"), ("広島県", "府中市"), ("北海道", "伊達市"), ("福島県", "伊達市")];

/// What is known of a prefecture, each name at a point of its own, and the names of the points.
fn knowing(prefecture: &str) -> (Geocoder, Vec<(String, Point)>) {
    let (_, known) = KNOWN.iter().find(|(name, _)| *name == prefecture).expect("a prefecture");
    let mut points: Vec<(String, Point)> = Vec::new();
    let mut next = |name: String| {
        let point = Point::new(130.0 + points.len() as f64 * 0.01, 35.0);
        points.push((name, point));
        point
    };
    let municipalities: Vec<Municipality> = known
        .iter()
        .map(|(code, _, name, ..)| Municipality {
            code: code.parse().expect("code"),
            name: (*name).to_owned(),
            boundary: MultiPolygon(Vec::new()),
            areas: BTreeMap::new(),
            further: BTreeMap::new(),
            office: Some(next((*name).to_owned())),
        })
        .collect();
    let counties = known
        .iter()
        .filter(|(_, county, ..)| !county.is_empty())
        .map(|(code, county, ..)| (code.parse().expect("code"), (*county).to_owned()))
        .collect();
    let elsewhere = ELSEWHERE.map(|(of, name)| (of.to_owned(), name.to_owned()));
    let mut geocoder = Geocoder::new(prefecture, &municipalities, &counties, &elsewhere);
    for (at, (_, _, name, towns, blocks)) in known.iter().enumerate() {
        for town in *towns {
            geocoder.learn(at, town, next(format!("{name}/{town}")));
        }
        for (town, koaza, block) in *blocks {
            let point = next(format!("{name}/{town}{koaza}/{block}"));
            geocoder.learn_block(at, town, koaza, block, point);
        }
    }
    (geocoder, points)
}

const NONE: &str = "-";

/// Prefecture of the study, address, how much of it is found, and what.
const CASES: &[(&str, &str, Level, &str)] = &[
    ("山梨県", "甲府市丸の内一丁目6番1号", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "山梨県甲府市丸の内１－６－１", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸ノ内1丁目6-1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸之内一丁目６の１", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1−6−1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1ー6ー1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1‐6‐1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1―6―1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内一－六－一", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内一丁目六番一号", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1丁目6番地", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1-6-1　県庁別館3階", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1-6-1-301号室", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1-6 3F", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "〒400-0031　山梨県甲府市丸の内1-6-1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市大字丸の内1-6-1", Level::Block, "甲府市/丸の内一丁目/6"),
    ("山梨県", "甲府市丸の内1丁目99番1号", Level::Town, "甲府市/丸の内一丁目"),
    ("山梨県", "甲府市丸の内一丁目", Level::Town, "甲府市/丸の内一丁目"),
    ("山梨県", "甲府市丸の内２－９", Level::Town, "甲府市/丸の内二丁目"),
    ("山梨県", "甲府市湯村三丁目1-8", Level::Block, "甲府市/湯村三丁目/1"),
    ("山梨県", "甲府市湯村3丁目1番8号　アルカディアビル３階", Level::Block, "甲府市/湯村三丁目/1"),
    ("山梨県", "甲府市湯村三丁目１番地ノ８", Level::Block, "甲府市/湯村三丁目/1"),
    ("山梨県", "甲 府 市 湯 村 三 丁 目 １ － ８", Level::Block, "甲府市/湯村三丁目/1"),
    ("山梨県", "甲府市湯村9番地", Level::Town, "甲府市/湯村"),
    ("山梨県", "甲府市蓬澤町1047-2", Level::Block, "甲府市/蓬沢町/1047"),
    ("山梨県", "甲府市蓬沢1047番地の2", Level::Block, "甲府市/蓬沢町/1047"),
    ("山梨県", "甲府市蓬沢町千四十七番地", Level::Block, "甲府市/蓬沢町/1047"),
    ("山梨県", "甲府市蓬沢町1047番地イ", Level::Block, "甲府市/蓬沢町/1047"),
    ("山梨県", "甲府市上帯那町字中組1234", Level::Block, "甲府市/上帯那町中組/1234"),
    ("山梨県", "甲府市上帯那町中組1234番地2", Level::Block, "甲府市/上帯那町中組/1234"),
    ("山梨県", "甲府市上帯那町1234番地", Level::Block, "甲府市/上帯那町中組/1234"),
    ("山梨県", "甲府市上帯那町20番地3", Level::Block, "甲府市/上帯那町/20-3"),
    ("山梨県", "甲府市上帯那町20番地4", Level::Town, "甲府市/上帯那町"),
    ("山梨県", "甲府市上帯那町無番地", Level::Town, "甲府市/上帯那町"),
    ("山梨県", "甲府市壽町3-1", Level::Town, "甲府市/寿町"),
    ("山梨県", "甲府市", Level::Municipality, "甲府市"),
    ("山梨県", "甲府市某町1-1", Level::Municipality, "甲府市"),
    ("山梨県", "山梨県", Level::Prefecture, NONE),
    ("山梨県", "", Level::None, NONE),
    ("山梨県", "南巨摩郡早川町薬袋59", Level::Town, "早川町/大字薬袋"),
    ("山梨県", "早川町大字薬袋字向畑59", Level::Town, "早川町/大字薬袋"),
    ("山梨県", "山梨県早川町薬袋五十九番地", Level::Town, "早川町/大字薬袋"),
    ("山梨県", "西八代郡早川町薬袋59", Level::Town, "早川町/大字薬袋"),
    ("山梨県", "早川町髙住650", Level::Town, "早川町/高住"),
    ("山梨県", "道志村6181", Level::Municipality, "道志村"),
    ("山梨県", "南都留郡道志村六千百八十一番地1", Level::Municipality, "道志村"),
    ("山梨県", "山梨市上神内川1309", Level::Town, "山梨市/上神内川"),
    ("山梨県", "山梨県山梨市上神内川１３０９", Level::Town, "山梨市/上神内川"),
    ("山梨県", "冨士吉田市上吉田1丁目1", Level::Town, "富士吉田市/上吉田"),
    ("山梨県", "富士川町鰍澤1599", Level::Town, "富士川町/鰍沢"),
    ("山梨県", "南巨摩郡冨士川町最勝寺1215-1", Level::Town, "富士川町/最勝寺"),
    ("山梨県", "笛吹市石和町四日市場2031", Level::Town, "笛吹市/石和町四日市場"),
    ("山梨県", "笛吹市御坂町ハ千蔵500", Level::Town, "笛吹市/御坂町八千蔵"),
    ("山梨県", "笛吹市一宮町末木九〇〇番地", Level::Town, "笛吹市/一宮町末木"),
    ("山梨県", "甲州市塩山上於曾977", Level::Town, "甲州市/塩山上於曽"),
    ("山梨県", "甲州市鹽山上於曽977", Level::Town, "甲州市/塩山上於曽"),
    ("山梨県", "甲州市勝沼町大字勝沼756-1", Level::Town, "甲州市/勝沼町勝沼"),
    ("山梨県", "長野県松本市城西1-5-16", Level::None, NONE),
    ("山梨県", "神奈川県相模原市緑区小渕1", Level::None, NONE),
    ("山梨県", "丸の内1-6-1", Level::None, NONE),
    ("北海道", "札幌市中央区北1条西2丁目1-1", Level::Town, "札幌市中央区/北一条西二丁目"),
    ("北海道", "北海道札幌市中央区北一条西２－１", Level::Town, "札幌市中央区/北一条西二丁目"),
    ("北海道", "中央区北１条西３丁目", Level::Town, "札幌市中央区/北一条西三丁目"),
    ("北海道", "札幌市北1条西3丁目5", Level::Town, "札幌市中央区/北一条西三丁目"),
    ("北海道", "札幌市北7条西4丁目", Level::Town, "札幌市北区/北七条西四丁目"),
    ("北海道", "札幌市中央区南20条西10丁目1-1", Level::Town, "札幌市中央区/南二十条西十丁目"),
    ("北海道", "札幌市中央区大通西五丁目8番地", Level::Town, "札幌市中央区/大通西五丁目"),
    ("北海道", "札幌市", Level::Prefecture, NONE),
    ("北海道", "旭川市2条通7丁目", Level::Town, "旭川市/二条通七丁目"),
    ("北海道", "旭川市二条通7-左1", Level::Town, "旭川市/二条通七丁目"),
    ("北海道", "士幌町字士幌東2線132", Level::Town, "士幌町/字士幌東二線"),
    ("北海道", "河東郡士幌町士幌東二線132番地", Level::Town, "士幌町/字士幌東二線"),
    ("北海道", "河東郡士幌町士幌東第二線132番地", Level::Town, "士幌町/字士幌東二線"),
    ("北海道", "伊達市鹿島町20-1", Level::Town, "伊達市/鹿島町"),
    ("北海道", "北海道伊達市鹿島町20-1", Level::Town, "伊達市/鹿島町"),
    ("北海道", "伊達市保原町舟橋1", Level::None, NONE),
    ("北海道", "北海道伊達市保原町舟橋1", Level::Municipality, "伊達市"),
    ("北海道", "福島県伊達市保原町舟橋1", Level::None, NONE),
    ("東京都", "府中市宮町1-41", Level::Town, "府中市/宮町一丁目"),
    ("東京都", "府中市府川町315", Level::None, NONE),
    ("東京都", "東京都府中市府川町315", Level::Municipality, "府中市"),
    ("東京都", "千代田区霞ヶ関1-2-2", Level::Town, "千代田区/霞が関一丁目"),
    ("東京都", "東京都千代田区霞ケ関一丁目2番2号", Level::Town, "千代田区/霞が関一丁目"),
    ("東京都", "千代田区六番町6-28", Level::Town, "千代田区/六番町"),
    ("東京都", "千代田区6番町6番地28", Level::Town, "千代田区/六番町"),
    ("東京都", "千代田區九段南1-2-1", Level::Town, "千代田区/九段南一丁目"),
    ("東京都", "千代田区神田神保町2丁目13", Level::Town, "千代田区/神田神保町二丁目"),
    ("京都府", "京都市中京区寺町通御池上る上本能寺前町488", Level::Block, "京都市中京区/上本能寺前町/488"),
    ("京都府", "中京区寺町通御池上ル上本能寺前町488番地", Level::Block, "京都市中京区/上本能寺前町/488"),
    ("京都府", "京都市上京区下立売通新町西入薮ノ内町", Level::Town, "京都市上京区/藪之内町"),
    ("京都府", "京都市上京区下立売通新町西入ル藪之内町85", Level::Town, "京都市上京区/藪之内町"),
    ("京都府", "京都市上本能寺前町488", Level::Block, "京都市中京区/上本能寺前町/488"),
    ("京都府", "京都市中京区寺町通御池上る", Level::Municipality, "京都市中京区"),
    ("岩手県", "山田町大沢3地割12-1", Level::Town, "山田町/大沢第三地割"),
    ("岩手県", "下閉伊郡山田町大沢第3地割12番地1", Level::Town, "山田町/大沢第三地割"),
    ("岩手県", "岩手県下閉伊郡山田町大澤3-12-1", Level::Town, "山田町/大沢第三地割"),
    ("愛媛県", "今治市菊間町浜甲712", Level::Block, "今治市/菊間町浜/甲712"),
    ("愛媛県", "今治市菊間町濱甲712番地1", Level::Block, "今治市/菊間町浜/甲712"),
    ("愛媛県", "今治市菊間町浜乙712", Level::Town, "今治市/菊間町浜"),
    ("石川県", "七尾市袖ケ江町イ25-1", Level::Block, "七尾市/袖ヶ江町/イ25"),
    ("石川県", "七尾市袖が江町ロ25", Level::Town, "七尾市/袖ヶ江町"),
    ("静岡県", "浜松市中区元城町103-2", Level::Block, "浜松市中区/元城町/103-2"),
    ("静岡県", "濱松市元城町103番地の2", Level::Block, "浜松市中区/元城町/103-2"),
    ("静岡県", "北区細江町気賀305", Level::Town, "浜松市北区/細江町気賀"),
    ("静岡県", "浜松市北区三ケ日町三ヶ日500-1", Level::Town, "浜松市北区/三ヶ日町三ヶ日"),
    ("静岡県", "静岡市追手町5番1号", Level::Town, "静岡市葵区/追手町"),
    ("静岡県", "葵区追手町5-1", Level::Town, "静岡市葵区/追手町"),
    ("埼玉県", "鶴ケ島市三ッ木16", Level::Town, "鶴ヶ島市/三ツ木"),
    ("埼玉県", "鶴が島市三つ木16-1", Level::Town, "鶴ヶ島市/三ツ木"),
    ("埼玉県", "鶴ヶ島市五味ガ谷237", Level::Town, "鶴ヶ島市/五味ヶ谷"),
    ("埼玉県", "鶴ヶ島市上廣谷18-3", Level::Town, "鶴ヶ島市/上広谷"),
];

#[test]
fn addresses_are_found_as_far_as_they_are_known_and_no_further() {
    assert!(CASES.len() >= 80, "{}", CASES.len());
    for (prefecture, address, level, place) in CASES {
        let (geocoder, points) = knowing(prefecture);
        let located = geocoder.locate(address, None);
        let found = points.iter().find(|(_, point)| Some(*point) == located.position);
        let found = found.map_or(NONE, |(name, _)| name.as_str());
        assert_eq!((located.level, found), (*level, *place), "{prefecture}: {address}");
    }
}

#[test]
fn what_is_left_open_is_told_with_its_candidates() {
    for (prefecture, address, candidates) in [
        ("北海道", "伊達市保原町舟橋1", &["伊達市", "福島県伊達市"][..]),
        ("東京都", "府中市府川町315", &["府中市", "広島県府中市"]),
        ("北海道", "札幌市", &["札幌市中央区", "札幌市北区"]),
        ("山梨県", "丸の内1-6-1", &["甲府市"]),
        ("山梨県", "甲府市某町1-1", &[]),
        ("東京都", "東京都府中市府川町315", &[]),
    ] {
        let located = knowing(prefecture).0.locate(address, None);
        let names: Vec<&str> = located.candidates.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, candidates, "{address}");
    }
}

#[test]
fn lots_of_one_number_in_two_koaza_tell_the_town_and_both() {
    let (mut geocoder, _) = knowing("山梨県");
    geocoder.learn_block(0, "上帯那町", "下組", "1234", Point::new(133.0, 35.0));
    let located = geocoder.locate("甲府市上帯那町1234", None);
    assert_eq!((located.level, located.candidates.len()), (Level::Town, 2));
    let located = geocoder.locate("甲府市上帯那町字下組1234", None);
    assert_eq!((located.level, located.position), (Level::Block, Some(Point::new(133.0, 35.0))));
}

#[test]
fn a_town_that_only_its_blocks_tell_of_lies_in_the_middle_of_them() {
    let (mut geocoder, _) = knowing("岩手県");
    geocoder.learn_block(0, "船越", "", "1", Point::new(141.0, 39.0));
    geocoder.learn_block(0, "船越", "", "2", Point::new(141.002, 39.0));
    let located = geocoder.locate("山田町船越9-1", None);
    assert_eq!(located.level, Level::Town);
    assert!((located.position.expect("a point").x() - 141.001).abs() < 1e-9);
}

/// The same address in full width, in half width, with other dashes, or with its prefecture added or taken
/// away.
fn rewritten(prefecture: &str, address: &str, way: usize, dash: char) -> String {
    let full_width = |letter: char| match letter {
        '0'..='9' | '-' => char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter),
        _ => letter,
    };
    match way {
        0 => address.chars().map(full_width).collect(),
        1 => unicode_normalization::UnicodeNormalization::nfkc(address).collect(),
        2 => address.replace('-', &dash.to_string()),
        _ => match address.strip_prefix(prefecture) {
            Some(rest) => rest.to_owned(),
            None => format!("{prefecture}{address}"),
        },
    }
}

proptest::proptest! {
    #[test]
    fn how_an_address_is_written_never_changes_where_it_is(
        case in proptest::sample::select(CASES),
        ways in proptest::collection::vec(0_usize..4, 1..4),
        dash in proptest::sample::select(&['-', '－', '−', '‐', '―', 'ー', '–', '—', '─'][..]),
    ) {
        let (prefecture, address, ..) = case;
        // A name of two prefectures, and an address that names no municipality, live by the prefecture.
        let lives_by_it = ["伊達市", "府中市"].iter().any(|name| address.contains(name))
            || address.strip_prefix(prefecture).unwrap_or(address).is_empty()
            || address.starts_with("丸の内")
            || address.contains('〒')
            || ["長野県", "神奈川県"].iter().any(|other| address.starts_with(other));
        proptest::prop_assume!(!(lives_by_it && ways.contains(&3)));
        let (geocoder, _) = knowing(prefecture);
        let written = ways.iter().fold((*address).to_owned(), |text, way| rewritten(prefecture, &text, *way, dash));
        let (one, other) = (geocoder.locate(address, None), geocoder.locate(&written, None));
        proptest::prop_assert_eq!(one, other, "{} as {}", address, written);
    }

    #[test]
    fn any_text_is_located_without_panic(text: String, known in "(甲府市|早川町)?[一二三丁目番地号の0-9イ甲上ル\\-町郡〒 ]{0,12}") {
        let (geocoder, _) = knowing("山梨県");
        for text in [text, known] {
            let located = geocoder.locate(&text, None);
            proptest::prop_assert!(located.position.is_none() || located.level >= Level::Municipality);
        }
    }
}
