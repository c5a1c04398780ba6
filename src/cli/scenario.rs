//! A study's network under the conditions of a scenario.

use crate::ingest::finding::Finding;
use crate::network::build::Roadway;
use crate::network::profile::Profile;
use crate::network::scenario::Scenario;
use crate::network::weights::Conditions;

/// The network under a scenario, the scenario's name where it changes anything, and what in it
/// changes nothing.
pub(super) fn under<'a>(
    scenario: Option<&'a Scenario>,
    roadway: Roadway,
    profile: &Profile,
) -> (Roadway, Option<&'a str>, Vec<Finding>) {
    let Some(scenario) = scenario else { return (roadway, None, Vec::new()) };
    let (conditions, findings) = scenario.conditions(&roadway.network, profile);
    if conditions == Conditions::default() {
        return (roadway, None, findings);
    }
    (roadway.under(profile, &conditions), Some(scenario.name.as_str()), findings)
}

/// Tells on the terminal what publishes no findings of its own.
pub(super) fn tell(finding: &Finding) {
    eprintln!("注意: {}: {}", finding.said, finding.meant);
}
