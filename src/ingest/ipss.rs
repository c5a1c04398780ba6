//! 社人研 日本の地域別将来推計人口 by municipality and year, as CSV.
//!
//! Columns: `muni_code`, `year`, `total`, `age65plus`; `office_lon`, `office_lat` where the table
//! gives the place of the municipal office. A code that ends in `000` is the prefecture itself.

use crate::ids::MunicipalityCode;
use crate::ingest::IngestError;
use crate::ingest::csv_table::{CsvTable, coordinates, whole_number};
use crate::ingest::ledger::{Doubt, Ledger};
use crate::ingest::study::Projection;
use crate::ingest::text::Source;
use geo::Point;

/// One municipality in one year.
pub(crate) struct ProjectionRow {
    /// Line in the file.
    pub row: u64,
    /// Municipality; or the prefecture, whose code ends in `000`.
    pub code: MunicipalityCode,
    /// Year.
    pub year: u16,
    /// People.
    pub projection: Projection,
    /// Municipal office, where given.
    pub office: Option<Point>,
}

/// Reads the table.
pub(crate) fn read(source: &Source, ledger: &mut Ledger) -> Result<Vec<ProjectionRow>, IngestError> {
    let mut projections = Vec::new();
    for text in source.texts(&[".csv"])? {
        let table = CsvTable::parse(&text, ledger)?;
        let [code, year, total, aged] = table.columns(&["muni_code", "year", "total", "age65plus"])?;
        let office = table.optional("office_lon").zip(table.optional("office_lat"));
        for row in &table.rows {
            let parsed = (
                row.get(code).parse().ok(),
                row.get(year).parse().ok(),
                whole_number(row.get(total)),
                whole_number(row.get(aged)),
            );
            let (Some(code), Some(year), Some(total), Some(age_65_plus)) = parsed else {
                ledger.quarantine(Doubt {
                    kind: "bad_projection_row",
                    row: row.row,
                    field: "",
                    said: row.get(code),
                    meant: "コード・年・人口のどれかが数字として読めません。この行の将来人口は使いません"
                        .to_owned(),
                });
                continue;
            };
            ledger.store();
            projections.push(ProjectionRow {
                row: row.row,
                code,
                year,
                projection: Projection { total, age_65_plus },
                office: office.and_then(|(x, y)| coordinates(row.get(x), row.get(y))),
            });
        }
    }
    Ok(projections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_offices_are_read_and_unreadable_rows_set_aside() {
        let text = "muni_code,name,year,total,age0_14,age15_64,age65plus,office_lon,office_lat\n\
            19000,山梨県,2020,809974,92723,467443,249808,,\n\
            19201,甲府市,2025,\"185,993\",19545,110812,55636,138.56758,35.65167\n\
            19201,甲府市,2030,-,1,1,1,,\n";
        let mut ledger = Ledger::new("i.csv");
        let rows = read(&Source::of_bytes("i.csv", text.as_bytes()), &mut ledger).expect("read");
        assert_eq!((ledger.read, ledger.stored, ledger.quarantined), (3, 2, 1));
        assert_eq!(rows[1].projection, Projection { total: 185_993, age_65_plus: 55_636 });
        assert_eq!(rows[1].office, Some(Point::new(138.56758, 35.65167)));
        assert_eq!(ledger.findings[0].row, Some(4));
    }
}
