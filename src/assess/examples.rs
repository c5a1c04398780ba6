//! The indicators that the guideline gives as examples (`shapes/tables/indicators.toml`), by function, element
//! and importance.

use crate::ingest::plain;
use crate::ingest::study::{Element, Function, Importance, Indicator};
use serde::Deserialize;
use std::sync::LazyLock;

/// The table of examples.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Where they come from.
    pub source: String,
    /// From which day the table holds.
    pub valid_from: String,
    /// `V`, `D`, `M` or `A`.
    pub tag: String,
    /// The examples in the order of the guideline.
    #[serde(rename = "indicator")]
    pub indicators: Vec<Example>,
}

/// An indicator of the guideline.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What is measured.
    pub name: String,
    /// For which function.
    pub function: Function,
    /// Structure, process or outcome.
    pub element: Element,
    /// 重点 or 参考.
    pub importance: Importance,
}

/// How an indicator is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classified {
    /// For which function.
    pub function: Option<Function>,
    /// Structure, process or outcome.
    pub element: Option<Element>,
    /// 重点 or 参考.
    pub importance: Option<Importance>,
}

static EXAMPLES: LazyLock<Examples> = LazyLock::new(|| {
    toml::from_str(include_str!("../../shapes/tables/indicators.toml"))
        .expect("the table of indicators is part of the program and tested")
});

impl Examples {
    /// The table that comes with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        &EXAMPLES
    }

    /// The example of a name, however its letters are written.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Example> {
        self.indicators.iter().find(|example| plain(&example.name) == plain(name))
    }
}

/// What the file of an indicator says of it, and where it says nothing the example of its name.
#[must_use]
pub fn classified(indicator: &Indicator) -> Classified {
    let example = Examples::shipped().named(&indicator.name);
    Classified {
        function: indicator.function.or(example.map(|one| one.function)),
        element: indicator.element.or(example.map(|one| one.element)),
        importance: indicator.importance.or(example.map(|one| one.importance)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_function_has_examples_of_both_kinds_and_no_name_stands_twice() {
        let examples = Examples::shipped();
        assert_eq!(examples.tag, "M", "the list was not held against the printed table");
        for function in Function::ALL {
            let of: BTreeSet<Importance> = examples
                .indicators
                .iter()
                .filter(|one| one.function == function)
                .map(|one| one.importance)
                .collect();
            assert_eq!(of.len(), 2, "{}", function.name());
        }
        let names: BTreeSet<String> = examples.indicators.iter().map(|one| plain(&one.name)).collect();
        assert_eq!(names.len(), examples.indicators.len());
        let written = examples.named("訪問診療を 受けた患者数").expect("by its letters");
        assert_eq!((written.element, written.importance), (Element::Process, Importance::Key));
    }
}
