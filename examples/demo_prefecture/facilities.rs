//! Hospitals, clinics, dental clinics, pharmacies and care offices: who is where and what has been
//! filed. The tables of the different publishers are written from this by `registers`.

use super::addresses::{Address, Town};
use super::chance::Chance;
use super::place::{Km, MUNICIPALITIES, municipality};
use super::population::Cell;
use std::collections::BTreeSet;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    Hospital,
    Clinic,
    Dental,
    Pharmacy,
}

impl Kind {
    /// 機関区分 of 医療情報ネット.
    pub const fn net_code(self) -> usize {
        match self {
            Self::Hospital => 1,
            Self::Clinic => 2,
            Self::Dental => 3,
            Self::Pharmacy => 5,
        }
    }
}

/// 届出名称 and 受理記号.
pub type Filing = (&'static str, &'static str);

/// An institution under insurance law.
pub struct Institution {
    pub kind: Kind,
    /// Seven digits, unique within the prefecture and the kind of fee table.
    pub number: String,
    /// 法人格 and its name, if a corporation runs it (医療法人社団汐風会).
    pub corporation: String,
    pub name: String,
    pub kana: String,
    pub address: Address,
    pub place: Km,
    /// Beds: general and long-term (一般, 療養).
    pub beds: [u32; 2],
    pub filings: Vec<Filing>,
    pub telephone: String,
}

/// An office of 介護保険.
pub struct Office {
    /// Three digits of the publisher's file and the name of the service.
    pub service: (&'static str, &'static str),
    pub number: String,
    pub name: String,
    pub kana: String,
    pub corporation: String,
    pub address: Address,
    pub place: Km,
    pub telephone: String,
    pub capacity: u32,
}

/// Hospitals, clinics, dental clinics and pharmacies of a municipality; what is not listed is none.
#[rustfmt::skip]
const COUNTS: &[(&str, [usize; 4])] = &[
    ("48201", [8, 66, 36, 33]), ("48202", [4, 24, 13, 12]), ("48203", [3, 19, 11, 10]), ("48204", [2, 13, 7, 7]),
    ("48205", [2, 10, 5, 5]), ("48206", [1, 7, 4, 4]), ("48301", [1, 5, 2, 2]), ("48302", [0, 4, 2, 2]),
    ("48303", [1, 6, 3, 3]), ("48304", [0, 2, 1, 1]), ("48321", [1, 7, 4, 4]), ("48322", [0, 6, 3, 3]),
    ("48323", [0, 3, 2, 2]), ("48341", [0, 2, 1, 1]), ("48342", [0, 2, 1, 1]), ("48344", [0, 1, 0, 0]),
    ("48361", [1, 3, 2, 1]), ("48362", [0, 2, 1, 1]), ("48363", [0, 1, 1, 0]), ("48365", [0, 1, 0, 0]),
    ("48381", [0, 1, 0, 0]),
];

/// 支援診１, ２, ３; 支援病１, ２, ３; 在後病 of a municipality.
#[rustfmt::skip]
const HOME_CARE: &[(&str, [usize; 7])] = &[
    ("48201", [2, 7, 10, 1, 2, 1, 2]), ("48202", [0, 2, 5, 0, 1, 1, 1]), ("48203", [0, 2, 4, 0, 1, 0, 0]),
    ("48204", [0, 1, 3, 0, 0, 1, 0]), ("48205", [0, 1, 2, 0, 0, 1, 1]), ("48206", [0, 0, 2, 0, 0, 1, 0]),
    ("48301", [0, 0, 1, 0, 0, 0, 0]), ("48302", [0, 0, 1, 0, 0, 0, 0]), ("48303", [0, 1, 1, 0, 0, 0, 0]),
    ("48321", [0, 1, 1, 0, 0, 0, 0]), ("48322", [0, 0, 2, 0, 0, 0, 0]), ("48323", [0, 0, 1, 0, 0, 0, 0]),
    ("48361", [0, 0, 1, 0, 0, 0, 0]), ("48362", [0, 0, 1, 0, 0, 0, 0]),
];

/// Care services: file number, name, and how many where.
type Spread = (&'static str, &'static str, &'static [(&'static str, usize)]);
#[rustfmt::skip]
const SERVICES: &[Spread] = &[
    ("110", "訪問介護", &[("48201", 6), ("48202", 2), ("48203", 2), ("48204", 1), ("48205", 1), ("48206", 1), ("48301", 1), ("48303", 1), ("48321", 1), ("48361", 1), ("48342", 1)]),
    ("130", "訪問看護", &[("48201", 12), ("48202", 4), ("48203", 3), ("48204", 2), ("48205", 2), ("48206", 1), ("48301", 1), ("48303", 1), ("48321", 1), ("48322", 1), ("48361", 1)]),
    ("140", "訪問リハビリテーション", &[("48201", 4), ("48202", 2), ("48203", 1), ("48204", 1), ("48205", 1)]),
    ("150", "通所介護", &[("48201", 5), ("48202", 2), ("48203", 2), ("48204", 1), ("48205", 1), ("48206", 1), ("48302", 1), ("48304", 1), ("48322", 1), ("48341", 1), ("48344", 1), ("48362", 1), ("48381", 1)]),
    ("430", "居宅介護支援", &[("48201", 5), ("48202", 2), ("48203", 2), ("48204", 1), ("48205", 1), ("48206", 1), ("48301", 1), ("48323", 1), ("48361", 1), ("48363", 1)]),
    ("520", "介護老人保健施設", &[("48201", 3), ("48202", 1), ("48203", 1), ("48204", 1), ("48205", 1), ("48206", 1)]),
    ("760", "定期巡回・随時対応型訪問介護看護", &[("48201", 2), ("48202", 1)]),
    ("770", "看護小規模多機能型居宅介護（複合型サービス）", &[("48201", 2), ("48203", 1), ("48205", 1)]),
];

#[rustfmt::skip]
const SURNAMES: [(&str, &str); 44] = [
    ("相沢", "アイザワ"), ("青柳", "アオヤギ"), ("秋庭", "アキバ"), ("飯塚", "イイヅカ"), ("石黒", "イシグロ"), ("磯貝", "イソガイ"),
    ("今泉", "イマイズミ"), ("岩瀬", "イワセ"), ("内海", "ウツミ"), ("江口", "エグチ"), ("大沼", "オオヌマ"), ("小栗", "オグリ"),
    ("垣内", "カキウチ"), ("笠原", "カサハラ"), ("神林", "カンバヤシ"), ("北条", "キタジョウ"), ("久慈", "クジ"), ("倉田", "クラタ"),
    ("黒沢", "クロサワ"), ("小暮", "コグレ"), ("佐久", "サク"), ("塩見", "シオミ"), ("白浜", "シラハマ"), ("菅沼", "スガヌマ"),
    ("杉浦", "スギウラ"), ("瀬川", "セガワ"), ("高梨", "タカナシ"), ("滝本", "タキモト"), ("千葉", "チバ"), ("堤", "ツツミ"),
    ("戸田", "トダ"), ("長浜", "ナガハマ"), ("成瀬", "ナルセ"), ("野沢", "ノザワ"), ("浜口", "ハマグチ"), ("平岡", "ヒラオカ"),
    ("深津", "フカツ"), ("古川", "フルカワ"), ("真壁", "マカベ"), ("三枝", "サエグサ"), ("村瀬", "ムラセ"), ("望月", "モチヅキ"),
    ("山岸", "ヤマギシ"), ("渡会", "ワタライ"),
];
#[rustfmt::skip]
const WORDS: [(&str, &str); 24] = [
    ("みなと", "ミナト"), ("しおかぜ", "シオカゼ"), ("なぎさ", "ナギサ"), ("ひまわり", "ヒマワリ"), ("あおば", "アオバ"), ("さくら", "サクラ"),
    ("わかば", "ワカバ"), ("つばさ", "ツバサ"), ("みどり", "ミドリ"), ("かもめ", "カモメ"), ("はまなす", "ハマナス"), ("せせらぎ", "セセラギ"),
    ("こだま", "コダマ"), ("あさひ", "アサヒ"), ("ゆうなぎ", "ユウナギ"), ("いずみ", "イズミ"), ("けやき", "ケヤキ"), ("すみれ", "スミレ"),
    ("ほたる", "ホタル"), ("やまびこ", "ヤマビコ"), ("こもれび", "コモレビ"), ("はるかぜ", "ハルカゼ"), ("ともしび", "トモシビ"), ("おおぞら", "オオゾラ"),
];
#[rustfmt::skip]
const SPECIALITIES: [(&str, &str); 12] = [
    ("内科", "ナイカ"), ("内科クリニック", "ナイカクリニック"), ("医院", "イイン"), ("クリニック", "クリニック"), ("内科外科医院", "ナイカゲカイイン"),
    ("整形外科", "セイケイゲカ"), ("眼科", "ガンカ"), ("皮膚科", "ヒフカ"), ("小児科", "ショウニカ"), ("耳鼻咽喉科", "ジビインコウカ"),
    ("胃腸科クリニック", "イチョウカクリニック"), ("在宅クリニック", "ザイタククリニック"),
];
#[rustfmt::skip]
const HOSPITALS: [(&str, &str); 6] = [
    ("中央病院", "チュウオウビョウイン"), ("病院", "ビョウイン"), ("記念病院", "キネンビョウイン"), ("リハビリテーション病院", "リハビリテーションビョウイン"),
    ("総合病院", "ソウゴウビョウイン"), ("温泉病院", "オンセンビョウイン"),
];
const SOCIETIES: [&str; 14] = [
    "汐風会",
    "青潮会",
    "鷹翔会",
    "楠友会",
    "磯波会",
    "白帆会",
    "灘輝会",
    "和泉会",
    "慈海会",
    "清流会",
    "双葉会",
    "瑞光会",
    "穂波会",
    "仁潮会",
];
const DENTISTS: [(&str, &str); 4] = [
    ("歯科医院", "シカイイン"),
    ("歯科", "シカ"),
    ("デンタルクリニック", "デンタルクリニック"),
    ("歯科クリニック", "シカクリニック"),
];
const CHEMISTS: [(&str, &str); 3] =
    [("薬局", "ヤッキョク"), ("調剤薬局", "チョウザイヤッキョク"), ("ファーマシー", "ファーマシー")];

const SUPPORT_CLINIC: [Filing; 3] = [
    ("別添１の「第９」の１の(１)に規定する在宅療養支援診療所", "支援診１"),
    ("別添１の「第９」の１の(２)に規定する在宅療養支援診療所", "支援診２"),
    ("別添１の「第９」の１の(３)に規定する在宅療養支援診療所", "支援診３"),
];
const SUPPORT_HOSPITAL: [Filing; 3] = [
    ("別添１の「第14の２」の１の(１)に規定する在宅療養支援病院", "支援病１"),
    ("別添１の「第14の２」の１の(２)に規定する在宅療養支援病院", "支援病２"),
    ("別添１の「第14の２」の１の(３)に規定する在宅療養支援病院", "支援病３"),
];
const BACKUP_HOSPITAL: Filing = ("在宅療養後方支援病院", "在後病");
const HOME_MANAGEMENT: Filing = ("在宅時医学総合管理料及び施設入居時等医学総合管理料", "在医総管１");
const CANCER_AT_HOME: Filing = ("在宅がん医療総合診療料", "在総");
const PALLIATIVE: Filing =
    ("別添１の「第９」の２の(３)に規定する在宅緩和ケア充実診療所・病院加算", "在緩診実");
const RECORD_1: Filing = ("別添１の「第９」の２の(４)に規定する在宅療養実績加算１", "在診実１");

const BEDS_OF_CLINIC: Filing = ("有床診療所入院基本料", "診入院");
const DISCHARGE_SUPPORT: Filing = ("入退院支援加算", "入退支");
const EMERGENCY: Filing = ("救急医療管理加算", "救急医療");
const FACILITY_VISITS: Filing = ("往診料の注10に規定する介護保険施設等連携往診加算", "介保連");

#[rustfmt::skip]
const MEDICAL: [Filing; 9] = [
    ("医療ＤＸ推進体制整備加算", "医療ＤＸ"), ("外来・在宅ベースアップ評価料（Ⅰ）", "外在ベⅠ"), ("酸素の購入単価", "酸単"),
    ("外来感染対策向上加算", "外来感染"), ("ニコチン依存症管理料", "ニコ"), ("時間外対応加算３", "時間外３"), ("機能強化加算", "機能強化"),
    ("がん治療連携指導料", "がん指"), ("在宅持続陽圧呼吸療法指導管理料の注２に規定する遠隔モニタリング加算", "遠隔持陽"),
];
const WARD: Filing = ("一般病棟入院基本料", "一般入院");
#[rustfmt::skip]
const INPATIENT: [Filing; 6] = [
    ("データ提出加算", "データ提"), ("薬剤管理指導料", "薬"), ("ＣＴ撮影及びＭＲＩ撮影", "Ｃ・Ｍ"), ("運動器リハビリテーション料（Ⅰ）", "運Ⅰ"),
    ("入院時食事療養／生活療養（Ⅰ）", "食"), ("診療録管理体制加算３", "診療録３"),
];
#[rustfmt::skip]
const DENTAL: [Filing; 6] = [
    ("クラウン・ブリッジ維持管理料", "補管"), ("初診料（歯科）の注１に掲げる基準", "歯初診"),
    ("ＣＡＤ／ＣＡＭ冠及びＣＡＤ／ＣＡＭインレー", "歯ＣＡＤ"), ("歯科外来診療感染対策加算１", "外感染１"), ("歯科訪問診療料の注15に規定する基準", "歯訪診"),
    ("歯科治療時医療管理料", "医管"),
];
const SUPPORT_DENTIST: [Filing; 2] =
    [("在宅療養支援歯科診療所１", "歯援診１"), ("在宅療養支援歯科診療所２", "歯援診２")];
#[rustfmt::skip]
const CHEMIST: [Filing; 5] = [
    ("調剤基本料１", "調基１"), ("後発医薬品調剤体制加算３", "後発調３"), ("医療ＤＸ推進体制整備加算", "薬ＤＸ"), ("連携強化加算", "薬連強"),
    ("かかりつけ薬剤師指導料及びかかりつけ薬剤師包括管理料", "か薬"),
];
const CHEMIST_VISITS: Filing = ("在宅患者訪問薬剤管理指導料", "在薬");
const CHEMIST_SYSTEM: [Filing; 2] =
    [("在宅薬学総合体制加算１", "在薬総１"), ("在宅薬学総合体制加算２", "在薬総２")];

/// Draws seats, names and numbers without repeating any.
struct Registry<'a> {
    towns: &'a [Town],
    cells: &'a [Cell],
    chance: Chance,
    names: BTreeSet<String>,
    serial: usize,
}

impl Registry<'_> {
    /// A seat in a municipality, rather in crowded towns, the more so the larger `pull`.
    fn seat(&mut self, position: usize, pull: u32) -> (Address, Km) {
        let own: Vec<usize> =
            (0..self.towns.len()).filter(|at| self.towns[*at].municipality == position).collect();
        let numbers = [1 + self.chance.below(28), 1 + self.chance.below(19)];
        if own.is_empty() {
            // The village without 大字: near its most populous cell.
            let cell = self
                .cells
                .iter()
                .filter(|cell| cell.municipality == position)
                .max_by_key(|cell| cell.total());
            let place = cell.map_or(MUNICIPALITIES[position].centre, Cell::centre);
            return (Address { municipality: position, town: None, numbers }, place);
        }
        let weights: Vec<f64> = own
            .iter()
            .map(|at| (0..pull).fold(1.0, |weight, _| weight * f64::from(self.towns[*at].people)))
            .collect();
        let town = own[self.chance.weighted(&weights)];
        let middle = self.towns[town].place;
        let place = (middle.0 + self.chance.between(-0.13, 0.13), middle.1 + self.chance.between(-0.1, 0.1));
        (Address { municipality: position, town: Some(town), numbers }, place)
    }

    /// A name that nobody else has.
    fn name(&mut self, first: &[(&str, &str)], second: &[(&str, &str)]) -> (String, String) {
        loop {
            let (a, b) = (*self.chance.pick(first), *self.chance.pick(second));
            let (mut name, mut kana) = (format!("{}{}", a.0, b.0), format!("{}{}", a.1, b.1));
            if self.names.contains(&name) {
                let more = *self.chance.pick(&WORDS);
                name = format!("{}{name}", more.0);
                kana = format!("{}{kana}", more.1);
            }
            if self.names.insert(name.clone()) {
                return (name, kana);
            }
        }
    }

    fn telephone(&mut self, position: usize) -> String {
        format!("{}-00-{:04}", MUNICIPALITIES[position].telephone, self.chance.below(10_000))
    }

    /// 郡市区 (two digits), number (four) and check digit.
    fn number(&mut self, position: usize) -> String {
        self.serial += 1 + self.chance.below(3);
        let body = format!("{:02}{:04}", position + 1, 1000 + self.serial % 9000);
        let sum: usize = body
            .bytes()
            .zip([2, 1, 2, 1, 2, 1])
            .map(|(digit, weight)| {
                let product = usize::from(digit - b'0') * weight;
                product / 10 + product % 10
            })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }

    fn some(&mut self, from: &[Filing], probability: f64) -> Vec<Filing> {
        from.iter().filter(|_| self.chance.hit(probability)).copied().collect()
    }

    fn institution(&mut self, kind: Kind, position: usize, lead: bool) -> Institution {
        let one = &MUNICIPALITIES[position];
        let (address, place) = self.seat(position, if kind == Kind::Hospital { 3 } else { 1 });
        let (name, kana) = match kind {
            Kind::Hospital if lead => {
                let short = one.name.trim_end_matches(['市', '町']).to_owned();
                self.names.insert(format!("{short}中央病院"));
                let kana = one.kana.trim_end_matches("チョウ").trim_end_matches('シ');
                (format!("{short}中央病院"), format!("{kana}チュウオウビョウイン"))
            }
            Kind::Hospital => self.name(&[SURNAMES.as_slice(), &WORDS[..8]].concat(), &HOSPITALS[1..]),
            // A place with a single clinic has it from the municipality.
            Kind::Clinic if lead && one.is_village() => (
                format!("{}国民健康保険診療所", one.name),
                format!("{}コクミンケンコウホケンシンリョウジョ", one.kana),
            ),
            Kind::Clinic => self.name(&[SURNAMES.as_slice(), &WORDS].concat(), &SPECIALITIES),
            Kind::Dental => self.name(&[SURNAMES.as_slice(), &WORDS[..12]].concat(), &DENTISTS),
            Kind::Pharmacy => self.name(&[WORDS.as_slice(), &SURNAMES[..20]].concat(), &CHEMISTS),
        };
        let society = *self.chance.pick(&SOCIETIES);
        let corporation = match kind {
            Kind::Hospital if !lead => format!("医療法人社団{society}"),
            Kind::Clinic if !name.contains("国民健康保険") && self.chance.hit(0.45) => {
                format!("医療法人{society}")
            }
            Kind::Dental if self.chance.hit(0.25) => format!("医療法人{society}"),
            Kind::Pharmacy if self.chance.hit(0.7) => self
                .chance
                .pick(&["株式会社汐見メディカル", "有限会社なぎさ堂", "株式会社青潮ファルマ"])
                .to_string(),
            _ => String::new(),
        };
        let beds = match kind {
            Kind::Hospital if lead && position == 0 => [482, 0],
            Kind::Hospital => [
                (40 + self.chance.below(22) * 9) as u32,
                if self.chance.hit(0.5) { (30 + self.chance.below(6) * 10) as u32 } else { 0 },
            ],
            Kind::Clinic if self.chance.hit(0.08) => [19, 0],
            _ => [0, 0],
        };
        let mut filings = match kind {
            Kind::Hospital => [vec![WARD], self.some(&INPATIENT, 0.75), self.some(&MEDICAL, 0.5)].concat(),
            Kind::Clinic => self.some(&MEDICAL, 0.36),
            Kind::Dental => self.some(&DENTAL, 0.7),
            Kind::Pharmacy => [self.some(&CHEMIST, 0.75), self.some(&[CHEMIST_VISITS], 0.85)].concat(),
        };
        match kind {
            Kind::Dental if self.chance.hit(0.3) => {
                filings.push(if self.chance.hit(0.2) { SUPPORT_DENTIST[0] } else { SUPPORT_DENTIST[1] });
            }
            Kind::Pharmacy if self.chance.hit(0.45) => {
                filings.push(if self.chance.hit(0.2) { CHEMIST_SYSTEM[1] } else { CHEMIST_SYSTEM[0] });
            }
            Kind::Clinic if self.chance.hit(0.2) => filings.push(HOME_MANAGEMENT),
            _ => {}
        }
        let number = self.number(position);
        let telephone = self.telephone(position);
        Institution { kind, number, corporation, name, kana, address, place, beds, filings, telephone }
    }

    fn office(&mut self, service: (&'static str, &'static str), position: usize) -> Office {
        let (address, place) = self.seat(position, 1);
        let kinds: &[(&str, &str)] = match service.0 {
            "110" => &[
                ("訪問介護事業所", "ホウモンカイゴジギョウショ"),
                ("ヘルパーステーション", "ヘルパーステーション"),
            ],
            "130" => &[("訪問看護ステーション", "ホウモンカンゴステーション")],
            "140" => &[("訪問リハビリテーション", "ホウモンリハビリテーション")],
            "150" => &[("デイサービスセンター", "デイサービスセンター")],
            "430" => &[("居宅介護支援事業所", "キョタクカイゴシエンジギョウショ")],
            "520" => &[("介護老人保健施設", "カイゴロウジンホケンシセツ")],
            "760" => &[("定期巡回ステーション", "テイキジュンカイステーション")],
            _ => &[("看多機の家", "カンタキノイエ")],
        };
        let (name, kana) = loop {
            let (place_name, kind) = (*self.chance.pick(&WORDS), *self.chance.pick(kinds));
            let order = service.0 == "130" || service.0 == "520";
            let (name, kana) = if order {
                (format!("{}{}", kind.0, place_name.0), format!("{}{}", kind.1, place_name.1))
            } else {
                (format!("{}{}", place_name.0, kind.0), format!("{}{}", place_name.1, kind.1))
            };
            if self.names.insert(name.clone()) {
                break (name, kana);
            }
            let surname = *self.chance.pick(&SURNAMES);
            let (name, kana) = (format!("{name}{}", surname.0), format!("{kana}{}", surname.1));
            if self.names.insert(name.clone()) {
                break (name, kana);
            }
        };
        self.serial += 1;
        let society = *self.chance.pick(&SOCIETIES);
        let corporation = match service.0 {
            "520" | "140" => format!("医療法人社団{society}"),
            "150" | "430" => format!("社会福祉法人{society}"),
            _ => format!("株式会社{}ケアサービス", self.chance.pick(&WORDS).0),
        };
        let kind_digit = match service.0 {
            "130" => '6',
            "520" => '5',
            "760" | "770" => '9',
            _ => '7',
        };
        let capacity = match service.0 {
            "520" => 100,
            "770" => 29,
            "150" => 30,
            _ => 0,
        };
        let number = format!("48{kind_digit}{:02}{:05}", position + 1, 10 * self.serial + 3);
        let telephone = self.telephone(position);
        Office { service, number, name, kana, corporation, address, place, telephone, capacity }
    }
}

pub fn build(towns: &[Town], cells: &[Cell]) -> (Vec<Institution>, Vec<Office>) {
    let mut registry = Registry { towns, cells, chance: Chance::new(48), names: BTreeSet::new(), serial: 0 };
    let mut institutions = Vec::new();
    for (code, counts) in COUNTS {
        let kinds = [Kind::Hospital, Kind::Clinic, Kind::Dental, Kind::Pharmacy];
        for (kind, count) in kinds.into_iter().zip(counts) {
            for number in 0..*count {
                institutions.push(registry.institution(kind, municipality(code), number == 0));
            }
        }
    }
    file_home_care(&mut institutions);
    file_admission(&mut institutions);
    let mut offices = Vec::new();
    for (number, name, wheres) in SERVICES {
        for (code, count) in *wheres {
            for _ in 0..*count {
                offices.push(registry.office((number, name), municipality(code)));
            }
        }
    }
    (institutions, offices)
}

/// Specialities that seldom take home care on.
const NOT_GENERAL: [&str; 5] = ["眼科", "皮膚科", "耳鼻咽喉科", "小児科", "整形外科"];

/// Gives the filings of [`HOME_CARE`] to general clinics and to the last hospitals of each place.
fn file_home_care(institutions: &mut [Institution]) {
    for (code, counts) in HOME_CARE {
        let position = municipality(code);
        let of_kind = |institutions: &[Institution], kind: Kind| -> Vec<usize> {
            let here = |at: &usize| {
                institutions[*at].kind == kind && institutions[*at].address.municipality == position
            };
            (0..institutions.len()).filter(here).collect()
        };
        let mut clinics = of_kind(institutions, Kind::Clinic);
        clinics.sort_by_key(|at| {
            NOT_GENERAL.iter().any(|speciality| institutions[*at].name.contains(speciality))
        });
        let mut clinics = clinics.into_iter();
        let hospitals = of_kind(institutions, Kind::Hospital);
        let mut small = hospitals.iter().rev();
        for step in 0..3 {
            for nth in 0..counts[step] {
                let one = &mut institutions[clinics.next().expect("enough clinics")];
                one.filings.retain(|filing| *filing != HOME_MANAGEMENT);
                one.filings.extend([SUPPORT_CLINIC[step], HOME_MANAGEMENT]);
                if nth % 2 == 0 {
                    one.filings.push(CANCER_AT_HOME);
                }
                if step < 2 && nth % 3 == 0 {
                    one.filings.push(PALLIATIVE);
                }
                if step == 1 && nth % 3 == 1 {
                    one.filings.push(RECORD_1);
                }
            }
            for _ in 0..counts[3 + step] {
                let one = &mut institutions[*small.next().expect("enough hospitals")];
                one.filings.extend([SUPPORT_HOSPITAL[step], HOME_MANAGEMENT]);
            }
        }
        for at in hospitals.iter().take(counts[6]) {
            institutions[*at].filings.push(BACKUP_HOSPITAL);
        }
    }
}

/// Who admits, supports discharge and visits care facilities.
fn file_admission(institutions: &mut [Institution]) {
    let (mut hospitals, mut supporting) = (0, 0);
    for one in institutions {
        match one.kind {
            Kind::Hospital => {
                one.filings.extend((hospitals % 3 != 2).then_some(DISCHARGE_SUPPORT));
                one.filings.extend((hospitals % 2 == 0).then_some(EMERGENCY));
                hospitals += 1;
            }
            Kind::Clinic if one.beds[0] > 0 => one.filings.push(BEDS_OF_CLINIC),
            Kind::Clinic if one.filings.iter().any(|filing| SUPPORT_CLINIC[..2].contains(filing)) => {
                one.filings.extend((supporting % 3 == 0).then_some(FACILITY_VISITS));
                supporting += 1;
            }
            _ => {}
        }
    }
}

/// The filing that is followed by details of wards.
pub const WARD_SYMBOL: &str = WARD.1;
