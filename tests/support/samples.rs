//! A small file of every kind of input in its official layout, row by row, so that it can be varied.

use keniki::ingest::manifest::InputKind;
use keniki::ingest::study::AreaSystem;
use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::{Map, Value, json};

/// Two digits of the prefecture of which the samples speak.
pub const PREFECTURE: &str = "19";

/// A file of one kind.
pub struct Sample {
    /// What it is.
    pub kind: InputKind,
    /// Its area system, of a table of areas.
    pub system: Option<AreaSystem>,
    /// Rows above the data: column names; of a layer the names of its attributes.
    pub head: Vec<Vec<String>>,
    /// Rows of data; of a layer the values of the attributes and, last, the geometry as GeoJSON.
    pub rows: Vec<Vec<String>>,
    /// What it is kept in.
    pub container: Container,
    /// Columns without which a row is a note between the rows; empty = any text makes a row.
    pub keys: &'static [usize],
}

/// What tables are kept in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Comma-separated text.
    Csv,
    /// A sheet of this name in a workbook.
    Sheet(&'static str),
    /// GeoJSON.
    Layer,
}

/// Every kind of input there is, by construction: those that the schema of the kinds lists.
pub fn kinds() -> Vec<InputKind> {
    let schema = schemars::schema_for!(InputKind).to_value();
    let words = |variant: &Value| -> Vec<Value> {
        let listed = variant["enum"].as_array().cloned().unwrap_or_default();
        listed.into_iter().chain(variant.get("const").cloned()).collect()
    };
    let variants = schema["oneOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    let kinds = variants.iter().flat_map(words);
    let kinds: Vec<InputKind> =
        kinds.map(|word| serde_json::from_value(word).expect("a word of a kind")).collect();
    assert!(kinds.len() >= 22, "the schema of the kinds has another shape: {schema}");
    kinds
}

/// The samples of a kind; none = nobody has written one yet. Roads are read by the network.
#[expect(clippy::too_many_lines, reason = "a row of a table for each kind")]
pub fn samples(kind: InputKind) -> Vec<Sample> {
    let csv = |head: &[&str], rows: &[&str]| vec![table(kind, Container::Csv, head, rows)];
    let sheet = |name, head: &[&str], rows: &[&str]| vec![table(kind, Container::Sheet(name), head, rows)];
    // By word, so that a new kind is a missing sample and not an error of the compiler.
    match kind.word() {
        "n03_boundary" => vec![layer(
            kind,
            "N03_001,N03_002,N03_003,N03_004,N03_007",
            &["山梨県,,,甲府市,19201", "山梨県,,南巨摩郡,早川町,19364"],
            &square(),
        )],
        "a38_medical_area" => {
            vec![layer(kind, "A38b_001,A38b_002,A38b_003,A38b_004", &["19201,甲府市,1901,中北"], &square())]
        }
        "p04_medical" => {
            let point = json!({"type": "Point", "coordinates": [138.5, 35.6]});
            vec![layer(
                kind,
                "P04_001,P04_002,P04_003",
                &["1,甲病院,甲府市丸の内1", "3,乙歯科,甲府市湯村2"],
                &point,
            )]
        }
        "future_mesh" => vec![future_mesh(kind)],
        "area_membership" => {
            let systems = [
                (AreaSystem::Hokenjo, "muni_code,muni_name,hokenjo", "19201,甲府市,甲府市保健所"),
                (
                    AreaSystem::SecondaryMedicalArea,
                    "pref,muni_code,area_code,area_name",
                    "山梨県,19201,1901,中北",
                ),
                (AreaSystem::MedicalAssociation, "市区町村コード,医師会名", "19201,甲府市医師会"),
                (AreaSystem::FireDepartment, "市区町村コード,消防本部名", "19201,甲府消防"),
            ];
            let of = |(system, head, row)| Sample {
                system: Some(system),
                ..table(kind, Container::Csv, &[head], &[row, row])
            };
            systems.map(of).into()
        }
        "census_mesh" => csv(
            &[
                "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001100001,T001100019,T001100022,T001100025",
                ",,,,人口（総数）,65歳以上人口（総数）,75歳以上人口（総数）,85歳以上人口（総数）",
            ],
            &["53383700,0,,,120,40,20,5", "53383701,2,53383700,,3,*,*,*", "53383710,1,,53383711,30,9,4,1"],
        ),
        "ipss_projection" => vec![
            table(
                kind,
                Container::Csv,
                &["muni_code,muni_name,year,total,age0_14,age15_64,age65plus,office_lon,office_lat"],
                &["19201,甲府市,2020,189591,22000,110000,57000,138.568,35.662"],
            ),
            Sample {
                keys: &[0],
                ..table(
                    kind,
                    Container::Sheet("Sheet1"),
                    &[
                        "結果表2-3　65歳以上人口および指数,,,,,",
                        "コード,市などの別,都道府県,市区町村,65歳以上人口,",
                        ",,,,2020年,2050年",
                    ],
                    &["19000,a,山梨県,,249808,243000", "19201,2,山梨県,甲府市,55636,54000"],
                )
            },
        ],
        "todokede" => sheet(
            "Sheet1",
            &[
                "[令和７年９月１日 現在],,,,,,,",
                "項番,都道府県コード,区分,医療機関番号,医療機関名称,医療機関所在地（住所）,病床数,受理記号",
            ],
            &[
                "1,19,医科,0110001,甲病院,甲府市丸の内1,一般　　120／療養　　30,支援病2",
                "2,19,歯科,3010002,乙歯科,甲府市湯村2,,歯援診1",
            ],
        ),
        "iryo_joho_net" => csv(
            &[
                "ID,正式名称,機関区分,都道府県コード,市区町村コード,所在地,所在地座標（緯度）,所在地座標（経度）,合計病床数",
            ],
            &[
                "1,甲病院,1,19,201,山梨県甲府市丸の内1,35.6,138.5,120",
                "2,乙病院,1,01,101,北海道札幌市,0.0,0.0,",
            ],
        ),
        "institution_codes" => csv(
            &[],
            &["190110001,0110001,甲病院,4000031,甲府市丸の内1", "010110002,0110002,乙,0600001,札幌市"],
        ),
        "kaigo_jigyosho" => csv(
            &[
                "都道府県コード又は市町村コード,No,市区町村名,事業所名,サービスの種類,住所,緯度,経度,事業所番号",
            ],
            &["192015,1,甲府市,丙,訪問看護,甲府市丸の内1,35.6,138.5,1960100011"],
        ),
        "town_points" => {
            let official =
                "都道府県コード,都道府県名,市区町村コード,市区町村名,大字町丁目コード,大字町丁目名,緯度,経度";
            let recut = "pref,city,town,koaza,lat,lng";
            let blocks = "都道府県名,市区町村名,大字・丁目名,小字・通称名,街区符号・地番,座標系番号,Ｘ座標,Ｙ座標,緯度,経度,住居表示フラグ,代表フラグ,更新前履歴フラグ,更新後履歴フラグ";
            let of = |head, row| table(kind, Container::Csv, &[head], &[row]);
            vec![
                of(blocks, "山梨県,甲府市,丸の内一丁目,,6,8,-37000.1,6000.2,35.6,138.5,1,1,0,0"),
                of(official, "19,山梨県,19201,甲府市,192010001001,丸の内一丁目,35.6,138.5"),
                of(recut, "山梨県,甲府市,丸の内一丁目,,35.6,138.5"),
            ]
        }
        "town_master" => csv(
            &["lg_code,machiaza_id,pref,city,oaza_cho,chome,koaza,efct_date,ablt_date"],
            &["192015,0001001,山梨県,甲府市,丸の内,一丁目,,1947-04-17,"],
        ),
        "town_positions" => csv(
            &["lg_code,machiaza_id,rep_lon,rep_lat,rep_srid,pos_oaza_cho_chome_code"],
            &["192015,0001001,138.568,35.662,EPSG:6668,192010001001"],
        ),
        "p14_welfare" => {
            let point = json!({"type": "Point", "coordinates": [138.5, 35.6]});
            let names = |count| (1..=count).map(|at| format!("P14_{at:03}")).collect::<Vec<_>>().join(",");
            vec![
                layer(kind, &names(11), &["山梨県,甲府市,丸の内1,19,19001,206,甲,3,,原典,資料"], &point),
                layer(kind, &names(10), &["山梨県,甲府市,19201,丸の内1,02,0201,020101,乙,3,1"], &point),
            ]
        }
        "a31a_flood" => vec![layer(
            kind,
            "A31a_201,A31a_202,A31a_203,A31a_204,A31a_205",
            &["8303090001,笛吹川,1,国,3", "8303090001,笛吹川,1,国,1"],
            &square(),
        )],
        "municipality_master" => csv(
            &["lg_code,pref,county,city,ward,efct_date,ablt_date"],
            &["192015,山梨県,,甲府市,,1947-04-17,"],
        ),
        "municipality_points" => csv(&["lg_code,rep_lon,rep_lat"], &["192015,138.568,35.662"]),
        "home_demand" => vec![Sample {
            keys: &[1, 4, 5],
            ..table(
                kind,
                Container::Sheet("将来の在宅（訪問診療）需要推計"),
                &[
                    ",,,,2024年度,2030年度",
                    "都道府県,構想区域コード,構想区域名,人口,レセプト件数/月,レセプト件数/月",
                ],
                &["山梨県,1901,中北,470000,2777.58,2990.5", "北海道,0101,南渡島,340005,4382.75,4942.96"],
            )
        }],
        "active_institutions" => csv(
            &[
                "圏域名,医療機関コード,名称,所在地,種別,退院支援,日常の療養支援,急変時の対応,看取り,24時間対応",
            ],
            &["中央圏域,1910110001,甲病院,甲府市丸の内1,病院,1,1,0,,1"],
        ),
        "linkage_hubs" => csv(
            &["圏域名,拠点名,設置主体,担当市町村コード,所在地,連絡先"],
            &["中央圏域,連携センター,医師会,19201;19364,甲府市丸の内1,055-000-0000"],
        ),
        "cohort_counts" => csv(&["区分,市区町村コード,年,人数"], &["医療的ケア児,19201,2024,12"]),
        "opening_hours" => {
            let days = ["月", "火", "水", "木", "金", "土", "日", "祝"];
            let times = days.map(|day| format!("{day}_診療開始時間,{day}_診療終了時間"));
            let head = format!("ID,診療科目コード,診療科目名,診療時間帯,{}", times.join(","));
            let row = format!("1,01001,内科,1{}", ",9:00,12:00".repeat(days.len()));
            csv(&[&head], &[&row])
        }
        "rota" => csv(
            &["曜日,開始,終了,地域,医療機関コード,名称,オンライン"],
            &["月,18:00,翌8:00,甲府市,1910110001,甲病院,0"],
        ),
        "code_changes" => {
            csv(&["旧コード,新コード,施行日,人口の割合,編入,事由"], &["19341,19201,2006-03-01,,○,編入"])
        }
        "identity_decisions" => csv(&["点数,記録A,記録B,判定"], &["60,1910110001,iryo:5,同じ"]),
        "stopped_institutions" => {
            csv(&["施設番号,名称,所在地,状態,年月日"], &["1910110001,甲病院,甲府市丸の内1,休止,2025-10-01"])
        }
        // Numbers hold commas themselves.
        "code_contents" => vec![with_commas(table(
            kind,
            Container::Sheet("Sheet1"),
            &[
                "コード内容別医療機関一覧表,[山梨県]",
                "[令和 8年 2月 1日現在　医科　現存/休止],令和 8年 2月 2日作成　 1頁",
            ],
            &[
                "1,01・1001・3,甲　病院,〒400－0031甲府市丸の内1,055,会社,長,昭32. 7. 1,一般　　,病院",
                ",(01・3001・7),,,常　勤:　　 3,,,新規,　　一般    131,現存",
                "2,01・1003・9,乙医院,〒400－0043甲府市国母1,055,乙,乙,平15. 3. 23,内,診療所",
            ],
        ))],
        "care_need" => sheet(
            "04-1-1h①",
            &[
                "都道府県,保険者,総数",
                ",,要支援１,要支援２,要介護１,要介護２,要介護３,要介護４,要介護５,合計",
            ],
            &["山梨県,甲府市,1,2,3,4,5,6,7,28"],
        ),
        "area_flows" => {
            let head = ["direction,area_code,area_name,phase,partner_area_code,partner_area_name,rate"];
            let printed = [
                "19,山梨県,中北,46.1,1335.6",
                "1901",
                "(2)流出率",
                ",高度急性期+急性期",
                ",都道府県コード,都道府県名,構想区域コード,構想区域名,,流出率",
            ];
            vec![
                table(kind, Container::Csv, &head, &["流出率,1901,中北,慢性期,1902,峡東,0.06"]),
                table(
                    kind,
                    Container::Sheet("流出率"),
                    &printed,
                    &[",19,山梨県,1901,中北,,0.9", ",19,山梨県,1902,峡東,,0.06"],
                ),
            ]
        }
        "living_areas" => csv(&["圏域名,市区町村コード,町丁目"], &["北圏域,19201,丸の内一丁目;湯村"]),
        "admission_beds" => csv(
            &["医療機関コード,名称,受入病床数,曜日,開始,終了,地域"],
            &["1910110001,甲病院,2,月,18:00,翌8:00,甲府市"],
        ),
        "continuity_plans" => {
            csv(&["医療機関コード,名称,BCP,策定年月"], &["1910110001,甲病院,連携型,2024-03"])
        }
        "targets" => {
            csv(&["項目,目標値,期限,単位,現状値,医療機能,地域"], &["訪問診療,100,2029年度,件,90,,甲府市"])
        }
        "night_calls" => csv(
            &["地域,ルール,曜日,開始,終了,受付の医療機関コード,受付の名称"],
            &["甲府市,あり,月,18:00,翌8:00,1910110001,甲病院"],
        ),
        "care_facility_partners" => csv(
            &["施設の名称,協力医療機関の有無,介護事業所番号,地域,協力医療機関コード,協力医療機関の名称"],
            &["甲苑,あり,1970100001,甲府市,1910110001,甲病院"],
        ),
        "emergency_tools" => csv(
            &["地域,取組,状況,名称,普及率,配布数"],
            &["甲府市,救急医療情報キット,あり,命のカプセル,12.5,300"],
        ),
        "patient_flows" => csv(
            &["種類,年,患者の市区町村コード,医療機関の市区町村コード,件数"],
            &["訪問診療,2024,19201,19364,12"],
        ),
        "position_corrections" => csv(
            &["施設番号,名称,所在地,経度,緯度,理由,訂正者,訂正日"],
            &["1910110001,甲病院,甲府市丸の内1,138.5,35.6,地図で確かめた,佐藤,2025-10-01"],
        ),
        "rota_limits" => csv(
            &["医療機関コード,名称,週の上限,できない曜日,できない開始,できない終了"],
            &["1910110001,甲病院,2,土日祝,9:00,12:00"],
        ),
        _ => Vec::new(),
    }
}

fn fields(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

fn table(kind: InputKind, container: Container, head: &[&str], rows: &[&str]) -> Sample {
    let lines = |lines: &[&str]| lines.iter().map(|line| fields(line)).collect();
    Sample { kind, system: None, head: lines(head), rows: lines(rows), container, keys: &[] }
}

/// `・` in a sample stands for a comma within a field.
fn with_commas(mut sample: Sample) -> Sample {
    sample.rows.iter_mut().flatten().for_each(|field| *field = field.replace('・', ","));
    sample
}

fn layer(kind: InputKind, head: &str, rows: &[&str], geometry: &Value) -> Sample {
    let mut sample = table(kind, Container::Layer, &[head], rows);
    sample.rows.iter_mut().for_each(|row| row.push(geometry.to_string()));
    sample
}

fn square() -> Value {
    json!({"type": "Polygon", "coordinates": [[[138.0, 35.0], [139.0, 35.0], [139.0, 36.0], [138.0, 36.0], [138.0, 35.0]]]})
}

fn future_mesh(kind: InputKind) -> Sample {
    let of_year = |year: u16| {
        let classes: String = (0..=20).map(|class| format!("PT{class:02}_{year},")).collect();
        format!("PTN_{year},{classes}HITOKU{year},GASSAN{year}")
    };
    let head = format!("MESH_ID,SHICODE,{},{}", of_year(2025), of_year(2030));
    let values = format!("100,100,{},,", ["5"; 20].join(","));
    let row = |mesh: &str| format!("{mesh},19201,{values},{values}");
    layer(kind, &head, &[&row("533837001"), &row("533837002")], &square())
}

impl Sample {
    /// The file with its own rows.
    pub fn file(&self) -> Vec<u8> {
        self.with_rows(&self.rows)
    }

    /// The file with other rows.
    pub fn with_rows(&self, rows: &[Vec<String>]) -> Vec<u8> {
        match self.container {
            Container::Csv => csv(self.head.iter().chain(rows)),
            Container::Sheet(name) => workbook(name, self.head.iter().chain(rows)),
            Container::Layer => features(&self.head[0], rows),
        }
    }

    /// The table on several sheets of a workbook, each with its rows below a title and the header.
    pub fn on_sheets(&self, sheets: &[(&str, &[Vec<String>])]) -> Vec<u8> {
        let mut book = Workbook::new();
        let title = [vec!["令和7年度の表".to_owned()]];
        for (name, rows) in sheets {
            let sheet = book.add_worksheet().set_name(*name).expect("a name");
            write(sheet, title.iter().chain(&self.head).chain(*rows));
        }
        book.save_to_buffer().expect("a workbook")
    }

    /// Whether somebody who looks at the row would say that it tells something.
    pub fn tells(&self, row: &[String]) -> bool {
        let is_key = |at: usize| self.keys.is_empty() || self.keys.contains(&at);
        let told = row.iter().enumerate().any(|(at, field)| is_key(at) && !field.trim().is_empty());
        told || self.container == Container::Layer
    }
}

fn csv<'a>(rows: impl Iterator<Item = &'a Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    rows.for_each(|row| writer.write_record(row).expect("written"));
    writer.into_inner().expect("written")
}

fn workbook<'a>(name: &str, rows: impl Iterator<Item = &'a Vec<String>>) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet().set_name(name).expect("a name"), rows);
    book.save_to_buffer().expect("a workbook")
}

fn write<'a>(sheet: &mut Worksheet, rows: impl Iterator<Item = &'a Vec<String>>) {
    for (row, fields) in rows.enumerate() {
        for (column, field) in fields.iter().enumerate().filter(|(_, field)| !field.is_empty()) {
            // A code with a zero in front is a text, as publishers write it.
            let number =
                field.parse::<f64>().ok().filter(|number| number.is_finite() && !field.starts_with('0'));
            let (row, column) = (row as u32, column as u16);
            match number {
                Some(number) => sheet.write_number(row, column, number),
                None => sheet.write_string(row, column, field),
            }
            .expect("a cell");
        }
    }
}

fn features(names: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let feature = |row: &Vec<String>| {
        let geometry = row.last().and_then(|geometry| serde_json::from_str::<Value>(geometry).ok());
        let properties: Map<String, Value> =
            names.iter().zip(row).map(|(name, said)| (name.clone(), attribute(said))).collect();
        json!({"type": "Feature", "properties": properties, "geometry": geometry})
    };
    let features: Vec<Value> = rows.iter().map(feature).collect();
    json!({"type": "FeatureCollection", "features": features}).to_string().into_bytes()
}

fn attribute(said: &str) -> Value {
    let number = said.parse::<f64>().ok().filter(|number| number.is_finite() && said.len() < 5);
    number.map_or_else(|| Value::from(said), Value::from)
}
