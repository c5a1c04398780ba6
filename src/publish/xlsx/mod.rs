//! `tables.xlsx`: the figures of a study as officials work with them, one sheet for each table.

mod functions;
mod indicators;
mod municipal;
mod plans;
mod quality;
mod sheet;
mod study;
mod words;

use crate::ingest::study::Study;
use crate::publish::summary::{Findings, StudyFigures, Summary};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::{Sheet, Styles};

/// The workbook's bytes, the same for the same figures.
///
/// # Errors
/// When the figures do not fit the limits of the format (32,767 characters in a cell and a
/// million rows are kept to; two sheets of one name are not to be expected).
pub fn workbook(summary: &Summary, findings: &Findings) -> Result<Vec<u8>, XlsxError> {
    bytes(&summary.study, "在宅医療圏の検討資料", sheets(summary, findings))
}

/// The workbook of the data alone: what was looked for, every file, every finding.
///
/// # Errors
/// As [`workbook`].
pub fn data_workbook(study: &StudyFigures, findings: &Findings) -> Result<Vec<u8>, XlsxError> {
    bytes(study, "データの質", data_sheets(study, findings))
}

/// The workbook for the municipality at a position of the table: what a prefecture gives it for its own plans.
///
/// # Errors
/// As [`workbook`].
pub fn municipal_workbook(summary: &Summary, study: &Study, at: usize) -> Result<Vec<u8>, XlsxError> {
    bytes(&summary.study, "市町村への提供資料", municipal::sheets(summary, study, at))
}

fn bytes(study: &StudyFigures, title: &str, sheets: Vec<Sheet>) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    workbook.set_default_format(styles.default(), 20, 72)?;
    // A fixed time: the file must depend on the study alone.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(format!("{} {title}", study.prefecture_name))
            .set_author("keniki")
            .set_creation_datetime(&created),
    );
    let caption = words::caption(study);
    for sheet in sheets {
        sheet.write(workbook.add_worksheet(), &styles, &caption)?;
    }
    workbook.save_to_buffer()
}

/// All sheets in order.
fn sheets(summary: &Summary, findings: &Findings) -> Vec<Sheet> {
    let mut sheets = vec![
        study::introduction(summary),
        study::municipalities(summary),
        study::areas(summary),
        study::population_by_year(summary),
        study::gaps(summary),
        study::coverage(summary),
        plans::comparison(summary),
    ];
    sheets.extend(summary.floods.iter().flat_map(|floods| [study::floods(floods), study::flooded(floods)]));
    sheets.extend((1..).zip(&summary.plans).map(|(number, plan)| plans::zones(number, plan, summary)));
    sheets.extend(indicators::sheets(summary));
    sheets.push(indicators::examples(summary));
    sheets.extend(indicators::lists(summary));
    sheets.extend([
        functions::bearers(summary),
        functions::per_people(summary),
        plans::audit(summary),
        plans::certificates(summary),
    ]);
    sheets.extend(data_sheets(&summary.study, findings));
    sheets
}

/// The sheets of the data in order.
fn data_sheets(study: &StudyFigures, findings: &Findings) -> Vec<Sheet> {
    let report = crate::publish::quality::quality(&study.inputs, &findings.findings);
    vec![quality::topics(&report), quality::inputs(&report, study), study::findings(findings)]
}

#[cfg(test)]
mod tests;
