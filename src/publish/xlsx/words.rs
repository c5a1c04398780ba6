//! Japanese words for what `summary.json` says in codes. A code that is not known here is shown as
//! it is.

use crate::ids::MunicipalityCode;
use crate::ingest::finding::Severity;
use crate::ingest::quality::QualityTable;
use crate::ingest::study::Precision;
use crate::publish::summary::{CoverageFigures, StudyFigures, Summary};
use std::collections::{BTreeMap, BTreeSet};

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
        "tolerated" => "許容",
        "unknown" => "不明",
        other => other,
    }
}

/// A rule by which every plan is judged.
pub fn rule(id: &str) -> &str {
    match id {
        "partition" => "全市町村がちょうど一つの圏域に属する",
        "contiguous" => "圏域が地続き",
        "active" => "積極的役割を担う医療機関が一つ以上",
        "linkage" => "連携拠点が一つ以上",
        "active_is_medical" => "積極的役割を担う医療機関が病院・診療所である",
        "discharge" => "①退院支援の担い手がいる",
        "daily" => "②日常の療養支援の担い手がいる",
        "sudden" => "③急変時の対応の担い手がいる",
        "end_of_life" => "④看取りの担い手がいる",
        other => other,
    }
}

/// A condition that the independent checker looks at.
pub fn check(id: &str) -> &str {
    match id {
        "partition" => "全地域の割当",
        "zone_count" => "圏域の数",
        "contiguity" => "地続き",
        "lead_candidate" => "中心の候補がある",
        "lead_inside" => "中心が圏域の中にある",
        "travel" => "中心からの所要時間",
        "demand" => "需要の下限",
        "resource" => "連携拠点の候補",
        "condition" => "追加の条件",
        other => other,
    }
}

/// Kind of a finding.
pub fn finding(kind: &str) -> &str {
    QualityTable::shipped().name_of(kind).unwrap_or(kind)
}

/// Names of files without the folders they lie in, which say where they lay on one machine; of two of one name
/// with as many folders as tell them apart.
pub struct FileNames<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> FileNames<'a> {
    /// Of all files that stand in one table.
    pub fn of(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let paths: BTreeSet<&str> = paths.into_iter().collect();
        let last = |path: &'a str, parts: usize| {
            let start = path.rmatch_indices(['/', '\\']).nth(parts - 1).map_or(0, |(at, _)| at + 1);
            &path[start..]
        };
        let name = |path: &'a str| {
            let is_alone = |parts: &usize| {
                paths.iter().all(|other| *other == path || last(other, *parts) != last(path, *parts))
            };
            let most = path.split(['/', '\\']).count();
            last(path, (1..most).find(is_alone).unwrap_or(most))
        };
        Self(paths.iter().map(|path| (*path, name(path))).collect())
    }

    /// The name of one of them.
    pub fn name(&self, path: &'a str) -> &'a str {
        self.0.get(path).copied().unwrap_or(path)
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

/// How exactly a place is known.
pub const fn precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Corrected => "手で訂正",
        Precision::Point => "座標",
        Precision::Block => "街区・番地",
        Precision::Chome => "丁目の代表点",
        Precision::Town => "大字・町の代表点",
        Precision::Municipality => "市区町村の代表点",
        Precision::Unlocated => "位置不明",
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
