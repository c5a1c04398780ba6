//! What the figures rest on beside the files: every assumption with its source and tag.

use crate::ingest::study::Study;
use crate::publish::results::Results;
use crate::publish::summary::Assumption;
use crate::units::percent;

/// All assumptions: of the roads, of the demand, of the plans, of the services.
#[must_use]
pub fn assumptions(results: &Results<'_>) -> Vec<Assumption> {
    [roads(results), demand(results), plans(results), services(results), functions(results)].concat()
}

fn row(subject: &str, text: String, source: &str, tag: &str) -> Assumption {
    Assumption { subject: subject.to_owned(), text, source: source.to_owned(), tag: tag.to_owned() }
}

fn roads(results: &Results<'_>) -> Vec<Assumption> {
    let profile = results.profile;
    let (dense, leg, ferry, fragment) =
        (&profile.dense, &profile.access_leg, &profile.ferry, &profile.fragment);
    vec![
        row("道路の速度", format!("{}（{}年）", profile.name, profile.year), &profile.source, &profile.tag),
        row(
            "密集地の速度",
            format!("人口密度{}人/km²以上のメッシュでは低い速度", dense.people_per_km2),
            &dense.source,
            &dense.tag,
        ),
        row(
            "交通の条件",
            results.scenario.map_or_else(
                || "平常の日の昼間。通行止めなし".to_owned(),
                |name| format!("シナリオ「{name}」の条件での所要時間"),
            ),
            "計画の前提",
            "A",
        ),
        row(
            "道路までの区間",
            format!("直線で時速{}km。{}mを超えて道路がない地点は「道路なし」", leg.speed_kmh, leg.longest_m),
            &leg.source,
            &leg.tag,
        ),
        row(
            "私道・関係者の道路",
            "出発地・目的地としてだけ通り、通り抜けない".to_owned(),
            &profile.access.source,
            &profile.access.tag,
        ),
        row(
            "規制速度",
            format!("地図に規制速度があれば、その{}%を上限とする", percent(profile.maxspeed.share)),
            &profile.maxspeed.source,
            &profile.maxspeed.tag,
        ),
        row(
            "信号・交差点",
            format!("信号{}秒、交差点{}秒を加える", profile.delay.signal_s, profile.delay.junction_s),
            &profile.delay.source,
            &profile.delay.tag,
        ),
        row("航路", format!("待ち時間{}分", ferry.wait_minutes), &ferry.source, &ferry.tag),
        row(
            "道路の断片",
            format!("延長{}km未満の孤立した道路には結ばない", fragment.shortest_km),
            &fragment.source,
            &fragment.tag,
        ),
        row(
            "見ていないもの",
            "右左折の規制、時間帯や車種による通行規制".to_owned(),
            "道路ファイルの範囲",
            "A",
        ),
        row(
            "県外の医療機関",
            "隣接県の医療機関は数えていない（県境では実際より不足に見えることがある）".to_owned(),
            "入力ファイルの範囲",
            "A",
        ),
    ]
}

fn demand(results: &Results<'_>) -> Vec<Assumption> {
    let weights = results.weights;
    vec![
        row(
            "訪問診療の年齢別の重み",
            format!(
                "1人月あたり 65歳未満{}、65–74歳{}、75–84歳{}、85歳以上{}（比だけを使い、構想区域の合計は公式推計に一致）",
                weights.age_under_65, weights.age_65_74, weights.age_75_84, weights.age_85_plus
            ),
            &weights.source,
            &weights.tag,
        ),
        row("需要の年の間", "公式の推計年の間は直線で補間".to_owned(), "計画上の仮定", "A"),
        row(
            "境にまたがるメッシュ",
            "土地の面積から始め、メッシュの人口と市町村の国勢調査人口の両方に合うように人を分ける（比例反復法）"
                .to_owned(),
            "Deming & Stephan 1940",
            "A",
        ),
        row("需要を配分する人口", population_base(results.study), "入力ファイルの範囲", "A"),
    ]
}

/// On which people the demand of an area is spread.
fn population_base(study: &Study) -> String {
    let census = if study.projections.is_empty() {
        "国勢調査の年齢別人口のまま（将来推計が未登録）"
    } else {
        "国勢調査の年齢別人口に、市町村の将来推計の年齢別（65歳以上、分かれていれば75歳以上・85歳以上）の伸びを掛けたもの"
    };
    let from_mesh = study.cells.iter().filter(|cell| !cell.future.is_empty()).count();
    match study.cells.len() - from_mesh {
        0 => "将来推計人口メッシュの年齢別人口（推計年の間は補間）".to_owned(),
        _ if from_mesh == 0 => census.to_owned(),
        others => format!(
            "将来推計人口メッシュの年齢別人口（推計年の間は補間）。ないメッシュ（{others}）は{census}"
        ),
    }
}

fn plans(results: &Results<'_>) -> Vec<Assumption> {
    let (rules, parameters) = (results.rules, &results.study.parameters);
    let (candidates, figures) = (&rules.candidates, &rules.figures);
    vec![
        row(
            "積極的役割を担う医療機関の候補",
            candidates.active_classes.join("、"),
            &candidates.active_source,
            &candidates.tag,
        ),
        row(
            "連携拠点の候補",
            candidates.linkage_classes.join("、"),
            &candidates.linkage_source,
            &candidates.tag,
        ),
        row(
            "提案の条件",
            format!(
                "組み合わせる単位（市町村または保健所）ごとに需要の{}%以上が中心の医療機関から{}分以内、圏域の需要は月{}件以上。中心は計算上の候補の一つであり、指定ではない",
                percent(parameters.zone_travel_share),
                parameters.zone_travel_limit_minutes,
                parameters.zone_min_demand_receipts_per_month
            ),
            "study.toml の parameters",
            "A",
        ),
        row(
            "市町村の隣接",
            format!(
                "二つの市町村だけを通る道路または航路で、互いの人口の{}%以上に{}分以内で行き来できる（航路は一人でも）",
                percent(parameters.neighbour_share),
                parameters.neighbour_limit_minutes
            ),
            "study.toml の parameters",
            "A",
        ),
        row(
            "近さと目標年",
            format!("{}分以内を近いとし、{}年を現在と並べる", figures.near_minutes, figures.horizon_year),
            &format!("{}；{}", figures.near_source, figures.horizon_source),
            &figures.tag,
        ),
    ]
}

fn services(results: &Results<'_>) -> Vec<Assumption> {
    let of_service = |reach: &crate::access::reach::Reach| {
        let service = &reach.service;
        let subject = format!("サービスの定義: {}", service.id);
        row(&subject, service.classes.join("、"), &service.source, &service.tag)
    };
    results.access.services.iter().map(of_service).collect()
}

/// Who is taken to bear a part of the four functions.
fn functions(results: &Results<'_>) -> Vec<Assumption> {
    let naming = &results.rules.naming;
    let mut rows = vec![row("医療機能の担い手の記載", naming.rule.clone(), &naming.source, &naming.tag)];
    for part in results.rules.functions.iter().flat_map(|function| &function.parts) {
        let text = format!("{}のどれかがある所を担い手とみなす", part.classes.join("・"));
        rows.push(row(&format!("医療機能の担い手: {}", part.id), text, &part.source, &part.tag));
        if let Some(national) = &part.national {
            let text = format!(
                "人口10万人当たり全国{}、都道府県{}–{}（{}年）",
                national.per_100k, national.lowest, national.highest, national.year
            );
            rows.push(row(&format!("全国値: {}", part.id), text, &national.source, &national.tag));
        }
    }
    rows
}
