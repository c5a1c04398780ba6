//! The need for a service that the state or the prefecture has stated (訪問看護の必要量 …), which comes in with the
//! prefecture's own figures, beside the demand that keniki computes.
//!
//! An indicator is taken for a stated need where its name holds the word 必要量 and the name of a layer.

use crate::assess::indicators::{ShownValue, shown_indicator};
use crate::demand::layers::Layer;
use crate::demand::zones::Division;
use crate::ingest::plain;
use crate::ingest::study::Study;

const NEED: &str = "必要量";

/// A stated need and the layer of demand that is of the same service.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// Position in [`Study::indicators`].
    pub indicator: usize,
    /// Position of the layer.
    pub layer: usize,
    /// Whether both are counted in one unit, so that the numbers may be held against each other.
    pub same_unit: bool,
    /// For the zones of each division what is stated, as it may be shown.
    pub stated: Vec<Vec<ShownValue>>,
}

/// Every stated need, in the order of the study.
#[must_use]
pub fn needs(study: &Study, layers: &[Layer], divisions: &[Division]) -> Vec<Need> {
    let zones: Vec<Vec<Vec<usize>>> = divisions
        .iter()
        .map(|division| division.zones.iter().map(|zone| zone.municipalities.clone()).collect())
        .collect();
    let need = |(at, indicator): (usize, &crate::ingest::study::Indicator)| {
        let layer = layer_of(&indicator.name, layers)?;
        Some(Need {
            indicator: at,
            layer,
            same_unit: plain(&indicator.unit) == plain(&layers[layer].unit),
            stated: shown_indicator(indicator, &zones).zones,
        })
    };
    study.indicators.iter().enumerate().filter_map(need).collect()
}

/// The layer whose name stands in that of a need; the longest of several (小児の訪問診療 before 訪問診療).
fn layer_of(name: &str, layers: &[Layer]) -> Option<usize> {
    let name = plain(name);
    let is_named = |at: &usize| name.contains(NEED) && name.contains(&plain(&layers[*at].id));
    (0..layers.len()).filter(is_named).max_by_key(|at| layers[*at].id.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_need_is_of_the_service_whose_whole_name_it_bears() {
        let layer = |id: &str| Layer {
            id: id.to_owned(),
            name_en: String::new(),
            unit: String::new(),
            formula: String::new(),
            source: String::new(),
            tag: String::new(),
            years: BTreeMap::new(),
        };
        let layers = ["訪問診療", "小児の訪問診療", "訪問看護"].map(layer);
        assert_eq!(layer_of("訪問看護の必要量（医療保険）", &layers), Some(2));
        assert_eq!(layer_of("小児の訪問診療 必要量", &layers), Some(1));
        assert_eq!(layer_of("訪問診療の必要量", &layers), Some(0));
        assert_eq!(layer_of("訪問看護を受けた患者数", &layers), None);
        assert_eq!(layer_of("訪問リハの必要量", &layers), None);
    }
}
