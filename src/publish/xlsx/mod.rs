//! `tables.xlsx`: the figures of a study as officials work with them, one sheet for each table.

mod functions;
mod plans;
mod sheet;
mod study;
mod words;

use crate::publish::summary::{Findings, Summary};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::{Sheet, Styles};

/// The workbook's bytes, the same for the same figures.
///
/// # Errors
/// When the figures do not fit the limits of the format (32,767 characters in a cell and a
/// million rows are kept to; two sheets of one name are not to be expected).
pub fn workbook(summary: &Summary, findings: &Findings) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let mut workbook = Workbook::new();
    workbook.set_default_format(styles.default(), 20, 72)?;
    // A fixed time: the file must depend on the study alone.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(format!("{} 在宅医療圏の検討資料", summary.study.prefecture_name))
            .set_author("keniki")
            .set_creation_datetime(&created),
    );
    let caption = words::caption(&summary.study);
    for sheet in sheets(summary, findings) {
        sheet.write(workbook.add_worksheet(), &styles, &caption)?;
    }
    workbook.save_to_buffer()
}

/// All sheets in order.
fn sheets(summary: &Summary, findings: &Findings) -> Vec<Sheet> {
    let mut sheets = vec![
        study::introduction(summary),
        study::municipalities(summary),
        study::population_by_year(summary),
        study::gaps(summary),
        study::coverage(summary),
        plans::comparison(summary),
    ];
    sheets.extend(summary.floods.iter().flat_map(|floods| [study::floods(floods), study::flooded(floods)]));
    sheets.extend((1..).zip(&summary.plans).map(|(number, plan)| plans::zones(number, plan, summary)));
    sheets.extend([
        functions::bearers(summary),
        functions::per_people(summary),
        plans::audit(summary),
        plans::certificates(summary),
        study::inputs(summary),
        study::findings(findings),
    ]);
    sheets
}

#[cfg(test)]
mod tests;
