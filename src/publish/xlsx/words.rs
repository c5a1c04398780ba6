//! Japanese words for what `summary.json` says in codes. A code that is not known here is shown as
//! it is.

use crate::ids::MunicipalityCode;
use crate::ingest::finding::Severity;
use crate::ingest::manifest::InputKind;
use crate::publish::summary::{CoverageFigures, StudyFigures, Summary};

/// Said under the title of every sheet.
pub fn caption(study: &StudyFigures) -> String {
    let invented = if study.invented { "【架空の県・実在しません】" } else { "" };
    format!(
        "{invented}{}　施設データ {} 時点　「未登録」はファイルが登録されていないことを示し、0ではありません",
        study.prefecture_name, study.as_of
    )
}

/// 適合, 不適合, 不明.
pub fn verdict(verdict: &str) -> &str {
    match verdict {
        "pass" => "適合",
        "fail" => "不適合",
        "unknown" => "不明",
        other => other,
    }
}

/// State of a row of the gaps.
pub fn gap(state: &str) -> &str {
    match state {
        "none" => "なし",
        "not loaded" => "未登録",
        other => other,
    }
}

/// Kind of a plan.
pub fn plan_kind(kind: &str) -> &str {
    match kind {
        "baseline" => "現行の区域",
        "proposal" => "提案",
        other => other,
    }
}

/// Status of the solver.
pub fn status(status: &str) -> &str {
    match status {
        "optimal" => "最適であることを証明済み",
        "infeasible" => "条件を満たす案がないことを証明済み",
        "node_limit" => "場合分けの上限に達して中断（証明は未完了）",
        other => other,
    }
}

/// How far an assumption is supported.
pub fn tag(tag: &str) -> &str {
    match tag {
        "V" => "確認済み",
        "D" => "算出",
        "M" => "要確認（出典を未照合）",
        "A" => "仮定",
        other => other,
    }
}

/// How much a finding matters.
pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Quarantined => "除外",
        Severity::Warning => "注意",
        Severity::Note => "参考",
    }
}

/// The limit of a row of the coverage.
pub fn limit(coverage: &CoverageFigures) -> String {
    match (coverage.minutes, coverage.radius_m) {
        (Some(minutes), _) => format!("車で{minutes}分以内"),
        (None, Some(metres)) => format!("直線{} km以内", f64::from(metres) / 1000.0),
        (None, None) => "範囲の指定なし".to_owned(),
    }
}

/// Kind of an input file.
pub const fn input(kind: InputKind) -> &'static str {
    match kind {
        InputKind::N03Boundary => "国土数値情報 行政区域",
        InputKind::AreaMembership => "市町村と圏域の対応表",
        InputKind::CensusMesh => "国勢調査 メッシュ統計",
        InputKind::FutureMesh => "国土数値情報 将来推計人口メッシュ",
        InputKind::IpssProjection => "社人研 地域別将来推計人口",
        InputKind::Todokede => "地方厚生局 届出受理医療機関名簿",
        InputKind::IryoJohoNet => "医療情報ネット",
        InputKind::InstitutionCodes => "保険医療機関コード一覧",
        InputKind::KaigoJigyosho => "介護サービス情報公表 事業所",
        InputKind::TownPoints => "大字・町丁目の位置",
        InputKind::MunicipalityMaster => "アドレス・ベース・レジストリ 市区町村",
        InputKind::MunicipalityPoints => "アドレス・ベース・レジストリ 市区町村の位置",
        InputKind::HomeDemand => "構想区域別 訪問診療の需要推計",
        InputKind::ActiveInstitutions => "積極的役割を担う医療機関の一覧",
        InputKind::LinkageHubs => "連携を担う拠点の一覧",
        InputKind::RoadsOsm => "OpenStreetMap 道路",
    }
}

/// Names of municipalities, in the order of the codes.
pub fn names(codes: &[MunicipalityCode], summary: &Summary) -> String {
    let names: Vec<String> = codes.iter().map(|code| name(*code, summary)).collect();
    names.join("、")
}

/// Name of a municipality; its code where the table has no such municipality.
pub fn name(code: MunicipalityCode, summary: &Summary) -> String {
    let known = summary.municipality_table.iter().find(|municipality| municipality.code == code);
    known.map_or_else(|| code.to_string(), |municipality| municipality.name.clone())
}
