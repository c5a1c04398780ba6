//! What the tables of the week mean and rest on: every column, rule, formula, source and tag.

use super::{RotaAnswer, WeekResults};
use crate::publish::attributions::attributions;
use crate::publish::words::{UNKNOWN, joined};

/// `README.txt`.
pub(super) fn readme(results: &WeekResults<'_>) -> String {
    let parts = [
        opening(results),
        columns(results),
        rules(results),
        services(results),
        rota(results),
        sources(results),
    ];
    format!("\u{feff}{}", parts.join("\n"))
}

fn opening(results: &WeekResults<'_>) -> String {
    let study = results.study;
    let invented = if study.invented { "（架空の県の見本）" } else { "" };
    format!(
        "{}{invented}　在宅医療の週間の体制（施設 {}、人口 {}年国勢調査、需要 {}年度）\n\
         CSV は UTF-8（BOM付き）で、Excel でそのまま開けます。week.geojson は QGIS で開けます。\n\
         「不明」は判定に必要なファイルが未登録、または書かれていないこと。「なし」や 0 とは別です。\n\
         区分: V 原典で確認、D 計算で導いた値、M 記憶による値（要確認）、A 計画上の仮定。\n\
         秘匿の処理はしていません。小さい人数を公表するときは県の規則に従ってください。\n",
        study.prefecture_name, study.as_of, study.census_year, results.year
    )
}

fn columns(results: &WeekResults<'_>) -> String {
    let minutes = results.week.limit_minutes;
    format!(
        "■ 列\n\
         week.csv  サービス×曜日×時間帯ごとに、都道府県・圏域・市区町村の人数（国勢調査）。祝は、何曜日に当たるか分からない祝日。\n\
         - 届く: {minutes}分以内（円の定めがあればその内側）に来る所が、枠の初めから終わりまで（交代でも）いる。\n\
         - 一部の時間だけ: 枠の一部の時間はだれもいない。来られる所が不在: 届く所はあるが、枠の間はいない。来られる所がない: 何曜日の何時でも届く所がない。\n\
         - 穴: 上の三つの合計。不明: 届く所に、いる時間の分からない所があり、ほかの所だけでは枠が埋まらない。\n\
         - 来られる所の数: 枠の一部でもいて、その地域のだれかに届く医療機関等の数（不明の所は入れない）。\n\
         who.csv  枠ごとに、いる医療機関等と根拠、届く人数と市区町村。曜日が不明の行は、いる時間の分からない所。\n\
         findings.csv  診療時間・輪番表・輪番の条件のファイルで疑わしい所を、行とセルで。\n\
         week.geojson  一つでも届かない枠のあるメッシュ。holes:サービス:時間帯 は穴のある曜日（空は穴なし、null は不明）、hole_slots・unknown_slots は枠の数。\n"
    )
}

fn rules(results: &WeekResults<'_>) -> String {
    let (table, week) = (results.table, results.week);
    let mut text = format!("■ 判定の規則（{}現在の表 shapes/tables/week.toml）\n", table.as_of);
    text += &if week.limit_minutes == table.limit_minutes {
        format!("時間: 車で{}分以内〔{}〕{}\n", table.limit_minutes, table.limit_tag, table.limit_source)
    } else {
        format!(
            "時間: 車で{}分以内〔A〕指定された値（表の値は{}分）\n",
            week.limit_minutes, table.limit_minutes
        )
    };
    for band in &table.bands {
        text += &format!(
            "{} {} {}–{}〔{}〕{}\n",
            band.name, band.days, band.from, band.until, band.tag, band.source
        );
    }
    text += "翌日にかかる枠は、始まる曜日の枠とします。祝日の前後の日は、何曜日でも成り立つ時だけいるとみなします。\n";
    for rules in &table.services {
        let service = &rules.service;
        if !rules.always.is_empty() {
            text += &format!("{service} いつもいる: {}\n", rules.always.join("、"));
        }
        text += &format!("{service} 24時間〔{}〕{}\n", rules.always_tag, rules.always_source);
        text += &format!("{service} 診療時間〔{}〕{}\n", rules.open_tag, rules.open_source);
        text += &format!("{service} 輪番表で数える種類: {}\n", rules.duty.join("、"));
    }
    let online = match week.online {
        Some(true) => "数える",
        Some(false) => "数えない",
        None => "不明（訪問看護のファイルが未登録のため数えられない）",
    };
    let untold = results.study.week.rota.iter().flatten().filter(|duty| duty.online.is_none()).count();
    text + &format!(
        "オンライン（{}）: {online}〔{}〕{}。輪番表のうち、オンラインの可否が書かれていない当番 {untold} 行\n",
        table.online.service, table.online.tag, table.online.source
    )
}

fn services(results: &WeekResults<'_>) -> String {
    let files = &results.study.week;
    let loaded =
        |is: bool, count: usize| if is { format!("{count}件") } else { format!("{UNKNOWN}（未登録）") };
    let mut text = format!(
        "■ いる時間のファイル\n診療時間: {}、輪番表: {}、輪番の条件: {}\n",
        loaded(
            files.opening_hours.is_some(),
            files.opening_hours.as_ref().map_or(0, std::collections::BTreeMap::len)
        ),
        loaded(files.rota.is_some(), files.rota.as_ref().map_or(0, Vec::len)),
        loaded(
            files.rota_limits.is_some(),
            files.rota_limits.as_ref().map_or(0, std::collections::BTreeMap::len)
        ),
    );
    text += "■ サービスの定義（shapes/tables/services.toml）\n";
    let used = results
        .access
        .services
        .iter()
        .filter(|reach| results.table.services.iter().any(|rules| rules.service == reach.service.id));
    for reach in used {
        let service = &reach.service;
        let circle = service.circle_m.map_or_else(String::new, |metres| format!("、円 {metres} m"));
        let count =
            reach.providers.as_ref().map_or_else(|| UNKNOWN.to_owned(), |all| format!("{}か所", all.len()));
        let classes = joined(service.classes.iter().cloned());
        text +=
            &format!("{}: {classes}{circle}（{count}）〔{}〕{}\n", service.id, service.tag, service.source);
    }
    text
}

fn rota(results: &WeekResults<'_>) -> String {
    let rules = &results.table.rota;
    let asked = match results.rota {
        None => return String::new(),
        Some(RotaAnswer::NotLoaded) => format!("{UNKNOWN}: 当番を担う医療機関のファイルが未登録です。\n"),
        Some(RotaAnswer::Found(_)) => String::new(),
    };
    let mut text = format!(
        "■ 輪番の案（{}の医療機関と、輪番表にある医療機関による）\n{asked}当番の枠〔{}〕{}\n",
        rules.service, rules.tag, rules.source
    );
    for shift in &rules.shifts {
        text += &format!("{} {} {}–{}\n", shift.name, shift.days, shift.from, shift.until);
    }
    text + "祝日も週に一日あるものとして数えます。24時間の届出があることは見ていません（全員が同じように当番に入る案です）。\n\
        x_is = 1: 医療機関 i が枠 s の当番。届く所のある人 h と枠 s のすべてで Σ_{h に届く i} x_is ≧ 1（だれかが必ず届く）、Σ_s x_is ≦ 週の上限、できない枠は x_is = 0。\n\
        目的（前のものを保ったまま順に）: 1 上限のため届かない人×枠を最少、2 当番の総数を最少、3 一機関の最多を最少、4 最多と最少の差を最少、5 当番の数の二乗の和を最少（最多と最少の間も均す）。\n\
        届く人を共にする医療機関をつないでグループとし、グループごとに解きます（互いに独立）。厳密解法（HiGHS）。下界: これより小さい案はないという証明。1〜4 の下界と値がすべて等しければ「最適」。5 は探索を途中で止めるので、下界との差が均せる余地の上限です。\n\
        rota.csv 枠ごとの当番。rota_institutions.csv 医療機関ごとの当番の数。rota_groups.csv グループごとの値と下界。rota_unfilled.csv 条件の下で埋まらない枠とその理由、どの枠でも届かない人。\n\
        できない曜日の時間が当番の枠と一分でも重なれば、その枠はできないとみなします（土曜ができない所は金曜の夜もできない）。\n"
}

fn sources(results: &WeekResults<'_>) -> String {
    let mut text = "■ 入力ファイル\n".to_owned();
    for input in &results.study.inputs {
        let date = input.date.as_deref().unwrap_or("日付の記載なし");
        text += &format!("{}（{date}）SHA-256 {}\n", input.file, input.sha256);
    }
    text += "■ 出典\n";
    for source in attributions(results.study) {
        text += &format!("{source}\n");
    }
    text + "■ 見ていないもの\n隣接県の医療機関、第何週かで変わる休診、臨時の休診、届出のある所の実際の応需、同時に複数の往診が要る場合、時間帯による道路の混雑。\n"
}
