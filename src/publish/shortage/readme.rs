//! What the tables mean and rest on: every column, rule, formula, source and tag.

use super::ShortageResults;
use super::words;
use crate::access::floating_catchment::decay::Bands;
use crate::publish::attributions::attributions;

/// `README.txt`.
pub(super) fn readme(results: &ShortageResults<'_>) -> String {
    let parts = [
        opening(results),
        columns(results),
        rules(results),
        services(results),
        formulas(results),
        capacities(results),
        demand(results),
        sources(results),
    ];
    format!("\u{feff}{}", parts.join("\n"))
}

fn opening(results: &ShortageResults<'_>) -> String {
    let study = results.study;
    let invented = if study.invented { "（架空の県の見本）" } else { "" };
    let conditions = results.scenario.unwrap_or("平常の日");
    format!(
        "{}{invented}　在宅医療の不足の一覧（施設 {}、人口 {}年国勢調査、需要 {}年度、道路の条件: {conditions}）\n\
         CSV は UTF-8（BOM付き）で、Excel でそのまま開けます。shortages.geojson は QGIS で開けます。\n\
         「不明」は判定に必要なファイルが未登録、または位置などが分からないこと。「なし」や 0 とは別です。空欄は当てはまらないこと。\n\
         区分: V 原典で確認、D 計算で導いた値、M 記憶による値（要確認）、A 計画上の仮定。\n\
         秘匿の処理はしていません。小さい人数を公表するときは県の規則に従ってください。\n",
        study.prefecture_name, study.as_of, study.census_year, results.year
    )
}

fn columns(results: &ShortageResults<'_>) -> String {
    let rules = &results.tables.rules;
    let (slower, faster) = (rules.slower, rules.faster);
    format!(
        "■ 列\n\
         共通  人数・65歳以上・75歳以上・85歳以上: 国勢調査の人。需要（件/月）: 訪問診療のレセプト件数。改善できる所: 名前（最も近い対象メッシュまでの分、その所で改善する人数）\n\
         shortages.csv  サービスごとに、不足のある市区町村（順位つき）、不足のない市区町村、不足のあるメッシュ（順位つき）。\n\
         - 順位: 来る所がない（16km・時間・夜間）人の多い順、次に1か所だけの人を加えた順、最後に提供量の仮定による人を加えた順。\n\
         - ○○_人数: その原因のあるメッシュの人数（一つのメッシュに複数の原因があり得る）。判定できない原因: 必要なファイルがない原因。\n\
         - 速度低・速度高: すべての速度を{slower}倍・{faster}倍にした時に、{}分以内（円の定めがあれば円の内側）にだれも届かない人。\n\
         - 16km以内・16kmの判定が不確か・16kmの外: 位置の誤差を入れた三つの区分の人数（その市区町村・メッシュのすべての人、円の定めのないサービスは空欄）。原因と順位は点の位置だけで判定している。\n\
         depth.csv  市区町村ごと、{}分以内に届く医療機関等が 0・1・2・3以上 か所の人。\n\
         losses.csv  一つの医療機関等が止まった時（N−1）。届かなくなる: ほかにだれも届かない人。遠くなる: 次に近い所が今より遠い人と、その人たちの平均の増加分。\n\
         - 医師1人の診療所: コード内容別医療機関一覧表で医師（常勤・非常勤）が1人の診療所。shortages.csv の「医師1人の診療所だけ_人数」は、その1か所のほかにだれも来ない人（不明: 頼る所の医師数が分からない）。\n\
         - 24時間の体制: 届出あり・届出なし・不明。届出なしの所には、車で近い順に、24時間の体制の届出がある連携相手（そこまでの分、両方が届く人数）。\n\
         catchments.csv  メッシュごとの提供量と競合（下の式）。i2SFCA（最も空いている所）: 届く医療機関の混雑の最小。「なし」: 届く所がない。\n\
         capacities.csv  医療機関ごとの提供量と前提、i2SFCA の混雑（需要÷提供量）、RAAM の均衡での負荷。医師数（常勤換算）: 診療所が届けた医師数で、その時間の一部を訪問に充てると仮定する（不明: 種類ごとの仮定の医師数を使う）。「不明」: 前提のある種類に当たらない。\n\
         siting.csv  担える医療機関を 1〜{} か所加える時、75歳以上が最も多く届く選び方。差: 上界と厳密解の開きの割合（0 は最適の証明）。新たに届く: 厳密解で新しく届く人。\n\
         shortages.geojson  どれかのサービスで不足のあるメッシュ。causes:サービス は原因、「なし」は不足なし、null は不明。\n",
        rules.limit_minutes, rules.limit_minutes, rules.sites
    )
}

fn rules(results: &ShortageResults<'_>) -> String {
    let rules = &results.tables.rules;
    let mut text = format!(
        "■ 判定の規則（{}現在の表 shapes/tables/shortages.toml）\n\
         時間: 車で{}分以内〔{}〕{}\n\
         原因: 16km以内になし＝円の内側に位置の分かる所がない。時間内になし＝円の内側で{}分以内に来る所がない。夜間・休日だけ届かない＝来る所に24時間の体制の届出がない。1か所だけ＝来る所が一つ。\n\
         提供量の不足: E2SFCA が{}に届かない〔{}〕{}\n",
        rules.as_of,
        rules.limit_minutes,
        rules.limit_tag,
        rules.limit_source,
        rules.limit_minutes,
        rules.least_accessibility,
        rules.capacity_tag,
        rules.capacity_source,
    );
    let errors = results.tables.location_errors;
    text += &format!(
        "16kmの三つの区分（{}現在の表 shapes/tables/location_errors.toml）: 距離 d、位置の誤差 e（医療機関の誤差＋メッシュの対角線の半分）、円の半径 r とし、d<r−e は16km以内、d>r+e は16kmの外、その間は不確か。一つでも以内の所があれば以内。位置不明の医療機関は円を持たない\n",
        errors.as_of
    );
    for (place, error) in [
        ("位置の訂正", &errors.corrected),
        ("座標", &errors.point),
        ("街区・番地", &errors.block),
        ("丁目", &errors.chome),
        ("大字・町", &errors.town),
        ("市区町村の代表点", &errors.municipality),
    ] {
        text += &format!(
            "医療機関の位置の誤差（{place}）: {} m〔{}〕{}\n",
            error.metres, error.tag, error.source
        );
    }
    for night in &rules.night {
        let (service, by) = (&night.service, &night.around_the_clock);
        text += &format!("夜間（{service}）: {by}が来ること〔{}〕{}\n", night.tag, night.source);
    }
    for could in &rules.could {
        let (service, classes) = (&could.service, could.classes.join("、"));
        text += &format!("担える所（{service}）: {classes}〔{}〕{}\n", rules.could_tag, rules.could_source);
    }
    text
}

fn services(results: &ShortageResults<'_>) -> String {
    let mut text = "■ サービスの定義（shapes/tables/services.toml）\n".to_owned();
    for reach in &results.access.services {
        let service = &reach.service;
        let circle = service.circle_m.map_or_else(String::new, |metres| format!("、円 {metres} m"));
        let count = reach.providers.as_ref().map_or_else(
            || words::UNKNOWN.to_owned(),
            |providers| {
                let unlocated =
                    providers.iter().filter(|at| results.study.institutions[**at].position.is_none());
                format!("{}か所、うち位置不明 {}", providers.len(), unlocated.count())
            },
        );
        let (id, classes) = (&service.id, service.classes.join("、"));
        text += &format!("{id}: {classes}{circle}（{count}）〔{}〕{}\n", service.tag, service.source);
    }
    text
}

fn formulas(results: &ShortageResults<'_>) -> String {
    let table = &results.tables.catchments;
    let bands = |of: &Bands| {
        let told = of.bands.iter().map(|band| format!("{}分まで{}", band.until_minutes, band.weight));
        format!("{}〔{}〕{}", words::joined(told), of.tag, of.source)
    };
    let (two_step, kernel, raam) = (&table.two_step, &table.kernel_density, &table.raam);
    format!(
        "■ 提供量と競合の式（{}現在の表 shapes/tables/catchments.toml。D 需要、S 提供量、t 時間、W 重み、i メッシュ、j 医療機関）\n\
         2SFCA: A_i = Σ_j S_j / Σ_i D_i（{}分以内）〔{}〕{}\n\
         E2SFCA: A_i = Σ_j W_ij S_j / Σ_i W_ij D_i、W {}\n\
         E2SFCA（急な減衰）: W {}\n\
         KD2SFCA: W = (e^(−½(t/t₀)²) − e^(−½)) / (1 − e^(−½))、t₀ {}分〔{}〕{}\n\
         3SFCA: G_ij = W_ij / Σ_k W_ik、A_i = Σ_j G_ij W_ij S_j / Σ_i G_ij W_ij D_i、W {}\n\
         i2SFCA: C_j = Σ_i W_ij D_i / Σ_l W_il S_l、W は E2SFCA と同じ。Wang 2018, Professional Geographer 70:251–260\n\
         RAAM: 費用 = 混雑 L_j/(ρ S_j) + t_ij/{}分 の均衡、小さいほどよい〔{}〕{}\n",
        table.as_of,
        two_step.limit_minutes,
        two_step.tag,
        two_step.source,
        bands(&table.enhanced),
        bands(&table.enhanced_sharp),
        kernel.limit_minutes,
        kernel.tag,
        kernel.source,
        bands(&table.three_step),
        raam.tau_minutes,
        raam.tag,
        raam.source,
    )
}

fn capacities(results: &ShortageResults<'_>) -> String {
    let table = &results.tables.capacities;
    let mut text = format!(
        "■ 提供量の前提（{}現在の表 shapes/tables/capacities.toml）\n医師1人 月{}件〔{}〕{}\n",
        table.as_of, table.receipts_per_doctor, table.tag, table.source
    );
    for class in &table.classes {
        text += &format!("{}: 医師{}人〔{}〕{}\n", class.id, class.doctors, class.tag, class.source);
    }
    text
}

fn demand(results: &ShortageResults<'_>) -> String {
    let weights = results.weights;
    format!(
        "■ 需要（{}年度）\n\
         構想区域ごとの公式推計（件/月）を、メッシュの年齢別人口と重みの比で配分。1人月あたり 65歳未満{}、65–74歳{}、75–84歳{}、85歳以上{}〔{}〕{}\n",
        results.year,
        weights.age_under_65,
        weights.age_65_74,
        weights.age_75_84,
        weights.age_85_plus,
        weights.tag,
        weights.source
    )
}

fn sources(results: &ShortageResults<'_>) -> String {
    let mut text = "■ 入力ファイル\n".to_owned();
    for input in &results.study.inputs {
        let date = input.date.as_deref().unwrap_or("日付の記載なし");
        text += &format!("{}（{date}）SHA-256 {}\n", input.file, input.sha256);
    }
    text += "■ 出典\n";
    for source in attributions(results.study) {
        text += &format!("{source}\n");
    }
    text += "■ 見ていないもの\n隣接県の医療機関（県境では実際より不足に見えることがあります）、右左折の規制、冬期の閉鎖、時間帯。\
             位置不明の医療機関はどこにも届かないものとして数えています。\n";
    text
}
