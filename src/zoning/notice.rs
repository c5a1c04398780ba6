//! What is remarkable about a problem before any solver starts, though it forbids no plan by itself.

use super::problem::Problem;

/// Something that a planner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The units fall into parts without connection (islands without ferry); each is zoned for itself.
    Parts {
        /// The units of each part, in order.
        parts: Vec<Vec<usize>>,
    },
    /// Units without any demand.
    NoDemand {
        /// The units, in order.
        units: Vec<usize>,
    },
}

impl Notice {
    /// The notice in Japanese, for people.
    #[must_use]
    pub fn meant(&self, problem: &Problem) -> String {
        let names = |units: &[usize]| {
            let names: Vec<&str> = units.iter().map(|unit| problem.units[*unit].name.as_str()).collect();
            names.join("・")
        };
        match self {
            Self::Parts { parts } => {
                let parts: Vec<String> = parts.iter().map(|units| format!("［{}］", names(units))).collect();
                format!(
                    "道路でも航路でもつながらない{}つの部分{}に分かれるため、部分ごとに圏域を定めます",
                    parts.len(),
                    parts.concat()
                )
            }
            Self::NoDemand { units } => format!("{}には需要がありません", names(units)),
        }
    }
}

/// Everything remarkable, each kind once. The problem must be well formed.
#[must_use]
pub fn notices(problem: &Problem) -> Vec<Notice> {
    let parts = problem.adjacency().components(|_| true);
    let units: Vec<usize> =
        (0..problem.units.len()).filter(|unit| problem.units[*unit].demand_milli == 0).collect();
    let parts = (parts.len() > 1).then_some(Notice::Parts { parts });
    let no_demand = (!units.is_empty()).then_some(Notice::NoDemand { units });
    parts.into_iter().chain(no_demand).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zoning::problem::tests::row;

    #[test]
    fn parts_and_units_without_demand_are_each_one_notice() {
        let mut problem = row(4, &[0]);
        assert_eq!(notices(&problem), []);
        problem.closed = vec![(1, 2)];
        problem.units[3].demand_milli = 0;
        let said: Vec<String> = notices(&problem).iter().map(|notice| notice.meant(&problem)).collect();
        assert_eq!(
            said,
            [
                "道路でも航路でもつながらない2つの部分［町0・町1］［町2・町3］に分かれるため、部分ごとに圏域を定めます",
                "町3には需要がありません"
            ]
        );
    }
}
