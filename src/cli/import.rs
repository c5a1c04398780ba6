//! `keniki import FOLDER`: what the files of a folder are, and a study of them.

use crate::cli::bars::Bars;
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::{InputKind, Parameters, UNKNOWN_STATE};
use crate::ingest::quality::QualityTable;
use crate::ingest::study::AreaSystem;
use crate::ingest::survey::{Outcome, Readable, Survey, SurveyError, SurveyedFile, survey};
use crate::store::staging::replace_file;
use anyhow::{Context, bail};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What `keniki import` is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Request {
    /// ダウンロードした公式ファイルと県の名簿を置いたフォルダー（zip のままでよい）
    folder: PathBuf,
    /// 都道府県コード（省略すると行政区域のファイルから決める）
    #[arg(long, value_name = "二桁")]
    prefecture: Option<String>,
    /// 書き出す study.toml（省略するとフォルダーの中の study.toml）
    #[arg(long)]
    out: Option<PathBuf>,
    /// すでにある study.toml を書き換える（前のものは study.toml.bak に残す）
    #[arg(long)]
    force: bool,
}

/// Tells of every file and writes the study.
pub(super) fn run(request: &Request) -> anyhow::Result<()> {
    let out = request.out.clone().unwrap_or_else(|| request.folder.join("study.toml"));
    if out.exists() && !request.force {
        bail!("{} はすでにあります。別の --out を指定するか、--force をつけてください", out.display());
    }
    if let Some(code) = &request.prefecture
        && !(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_digit()))
    {
        bail!("--prefecture が {code} です。二桁の都道府県コード（19 など）を書いてください");
    }
    let survey = match survey(&request.folder, request.prefecture.as_deref(), &Bars) {
        Err(SurveyError::Prefecture { known, files }) => {
            print!("{}", told_files(&files));
            return Err(SurveyError::Prefecture { known, files }.into());
        }
        survey => survey?,
    };
    print!("{}", report(&survey));
    let text = study_file(&survey, &request.folder, &out)?;
    keep_former(&out, &text)?;
    replace_file(&out, text.as_bytes())?;
    println!("{} を書きました。年度や日付を確かめ、条件を直して keniki plan に渡してください", out.display());
    for (kind, needed) in [
        (InputKind::N03Boundary, "これがないと計画できません"),
        (InputKind::CensusMesh, "これがないと計画できません"),
        (InputKind::RoadsOsm, "これがないと所要時間がわかりません"),
        (InputKind::Todokede, "これがないと在支診・在支病がわかりません"),
        (InputKind::HomeDemand, "これがないと需要がわかりません"),
    ] {
        if inputs(&survey).all(|(_, one)| one.kind != kind) {
            println!("足りないもの: {}（{needed}）", kind.name());
        }
    }
    Ok(())
}

/// Keeps a study.toml that is about to be replaced by another one: a person may have edited it.
fn keep_former(out: &Path, text: &str) -> anyhow::Result<()> {
    let Ok(former) = std::fs::read(out) else { return Ok(()) };
    if former != text.as_bytes() {
        let kept = out.with_extension("toml.bak");
        replace_file(&kept, &former)?;
        println!("前の {} は {} に残しました", out.display(), kept.display());
    }
    Ok(())
}

/// The inputs that the study takes.
fn inputs(survey: &Survey) -> impl Iterator<Item = (&SurveyedFile, &Readable)> {
    survey.files.iter().filter_map(|file| match &file.outcome {
        Outcome::Input(readable) if readable.left_out.is_none() => Some((file, readable)),
        _ => None,
    })
}

/// One line a file, and its findings by kind.
fn report(survey: &Survey) -> String {
    let head =
        format!("{} {}: {} ファイル\n", survey.prefecture, survey.prefecture_name, survey.file_count());
    head + &told_files(&survey.files)
}

fn told_files(files: &[SurveyedFile]) -> String {
    let mut text = String::new();
    for file in files {
        let _ = writeln!(text, "{}\t{}", file.name(), told(&file.outcome));
        if let Outcome::Input(readable) = &file.outcome {
            for line in findings_told(readable) {
                let _ = writeln!(text, "\t{line}");
            }
        }
    }
    text
}

/// One line for each kind of finding, the gravest first: how many there are, and the first of them.
fn findings_told(readable: &Readable) -> Vec<String> {
    let mut first: Vec<&Finding> = Vec::new();
    for finding in &readable.findings {
        if first.iter().all(|one| one.kind != finding.kind) {
            first.push(finding);
        }
    }
    first.sort_by_key(|finding| finding.severity);
    let line = |finding: &&Finding| {
        let severity = match finding.severity {
            Severity::Quarantined => "除外",
            Severity::Warning => "注意",
            Severity::Note => "参考",
        };
        let name = QualityTable::shipped().name_of(&finding.kind).unwrap_or(&finding.kind);
        let count = readable.counts.get(finding.kind.as_str()).copied().unwrap_or(1);
        format!("{severity} {name} {count}件: {}{}", place_of(finding), finding.meant)
            .replace(char::is_control, " ")
    };
    first.iter().map(line).collect()
}

/// Where the first finding of a kind is, and what stands there.
fn place_of(finding: &Finding) -> String {
    let row = finding.row.map(|row| format!("{row}行目"));
    let field = finding.field.as_ref().map(|field| format!("「{field}」"));
    let parts: Vec<String> = [finding.layer.clone(), row, field].into_iter().flatten().collect();
    let said = if finding.said.is_empty() { String::new() } else { format!("「{}」", finding.said) };
    match (parts.is_empty(), said.is_empty()) {
        (true, true) => String::new(),
        (false, false) => format!("{} に{said}。", parts.join(" ")),
        _ => format!("{}{said} ", parts.join(" ")),
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Input(readable) => input_told(readable),
        Outcome::Recognised(kind, system) => name_of_input(*kind, *system),
        Outcome::Unused(name) => format!("{name}（入力には使いません）"),
        Outcome::Companion(shape) => format!("{shape} の一部"),
        Outcome::Unknown => "見分けられません。使いません".to_owned(),
        Outcome::Refused(why) => format!("読めません: {why}"),
    }
}

fn name_of_input(kind: InputKind, system: Option<AreaSystem>) -> String {
    let system = system.map(|system| format!("（{}）", system.name()));
    format!("{}{}", kind.name(), system.unwrap_or_default())
}

fn input_told(readable: &Readable) -> String {
    let mut told = name_of_input(readable.kind, readable.system);
    match &readable.edition {
        Some(edition) if edition.is_in_contents => _ = write!(told, " {}", edition.date),
        Some(edition) => _ = write!(told, " {}（名前から）", edition.date),
        None => told.push_str(" 時点不明"),
    }
    if readable.kind == InputKind::RoadsOsm {
        match readable.ways {
            Some(ways) => _ = write!(told, " 道路 {ways} 本"),
            None => told.push_str(" 道路の本数は読めません"),
        }
    } else {
        let (read, stored, aside) = (readable.rows_read, readable.rows_stored, readable.rows_quarantined);
        let _ = write!(told, " {read}行（使う {stored}・除外 {aside}）");
    }
    let warnings = readable.findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    if warnings > 0 {
        let _ = write!(told, " 注意 {warnings}件");
    }
    if let Some(why) = &readable.left_out {
        let _ = write!(told, " → 使いません（{}）", in_one_line(why));
    }
    told
}

/// A text in which words of a file may stand, as one line: a line break would end a comment of study.toml.
fn in_one_line(said: &str) -> String {
    said.replace(char::is_control, " ")
}

/// The study as a file that a person goes on editing.
fn study_file(survey: &Survey, folder: &Path, out: &Path) -> anyhow::Result<String> {
    let quoted = |said: &str| toml::Value::String(said.to_owned()).to_string();
    let census = inputs(survey).filter_map(|(_, one)| one.census_year).max();
    let mut text = format!(
        "# {} の資料から keniki import が作りました。手で直せます。path はこのファイルから数えます。\n\n[study]\nprefecture = {}\nname = {}\nas_of = {}\ncensus_year = {}\n",
        folder.display().to_string().replace(char::is_control, "\u{fffd}"),
        quoted(&survey.prefecture),
        quoted(name_of(survey)),
        quoted(&as_of(survey)),
        census.map_or_else(|| "2020 # 国勢調査の年を確かめてください".to_owned(), |year| year.to_string()),
    );
    let base = base(folder, out)?;
    for file in &survey.files {
        let Outcome::Input(readable) = &file.outcome else { continue };
        let entry = entry(readable, &base.join(&file.file).to_string_lossy(), &file.members);
        text.push('\n');
        match &readable.left_out {
            None => text.push_str(&entry),
            Some(why) => {
                let _ = writeln!(text, "# 使いません: {}", in_one_line(why));
                entry.lines().for_each(|line| _ = writeln!(text, "# {line}"));
            }
        }
    }
    for file in &survey.files {
        if !matches!(file.outcome, Outcome::Input(_) | Outcome::Companion(_)) {
            let told = told(&file.outcome);
            let _ = write!(text, "\n# {}\n#   {}\n", file.name(), told.replace('\n', " "));
        }
    }
    let parameters = toml::to_string(&Parameters::default()).context("条件の既定値を書けません")?;
    let _ = write!(text, "\n[parameters]\n{parameters}");
    Ok(text)
}

fn name_of(survey: &Survey) -> &str {
    if survey.prefecture_name.is_empty() { "（都道府県名）" } else { &survey.prefecture_name }
}

fn entry(readable: &Readable, path: &str, members: &[String]) -> String {
    let quoted = |said: &str| toml::Value::String(said.to_owned()).to_string();
    let mut text = format!("[[input]] # {}\nkind = {}\n", readable.kind.name(), quoted(readable.kind.word()));
    if let Some(system) = readable.system {
        let _ = writeln!(text, "system = {}", quoted(system.name()));
    }
    let _ = writeln!(text, "path = {}", quoted(path));
    if !members.is_empty() {
        let members: Vec<String> = members.iter().map(|member| quoted(member)).collect();
        let _ = writeln!(text, "members = [{}]", members.join(", "));
    }
    match &readable.edition {
        Some(edition) if edition.is_in_contents => _ = writeln!(text, "date = {}", quoted(&edition.date)),
        Some(edition) => {
            let from = match &readable.fetched {
                Some(fetched) if fetched.date.as_ref() == Some(&edition.date) => "keniki fetch の記録から",
                _ => "ファイル名から",
            };
            let _ = writeln!(text, "date = {} # {from}", quoted(&edition.date));
        }
        None => text.push_str("# date = \"\" # 時点がわかれば書いてください\n"),
    }
    if let Some(fetched) = &readable.fetched {
        let _ = writeln!(text, "licence = {}", quoted(&fetched.licence));
        let _ = writeln!(text, "attribution = {}", quoted(&fetched.attribution));
    }
    text
}

/// State of the facility files: that of the newest filings, else of the newest file.
fn as_of(survey: &Survey) -> String {
    let newest = |filings_only: bool| {
        let dates = inputs(survey)
            .filter(|(_, one)| !filings_only || one.kind == InputKind::Todokede)
            .filter_map(|(_, one)| one.edition.as_ref());
        dates.map(|edition| edition.date.chars().take(7).collect::<String>()).max()
    };
    newest(true).or_else(|| newest(false)).unwrap_or_else(|| UNKNOWN_STATE.to_owned())
}

/// The way from the folder of the study to the folder of the files.
fn base(folder: &Path, out: &Path) -> anyhow::Result<PathBuf> {
    let whole = |path: &Path| {
        path.canonicalize()
            .with_context(|| format!("{} がありません。先にフォルダーを作ってください", path.display()))
    };
    let beside = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => whole(parent)?,
        _ => whole(Path::new("."))?,
    };
    let folder = whole(folder)?;
    Ok(folder.strip_prefix(&beside).map_or(folder.clone(), Path::to_owned))
}
