//! The overlay zonings of a manifest (`[[overlay]]`), published with the plans.

use crate::assess::overlay::{Floor, Overlay};
use crate::assess::proposals::{MUNICIPALITIES, ProposalError, Request, Unheard};
use crate::ingest::finding::{Finding, Severity};
use crate::ingest::manifest::{Manifest, OverlayEntry};
use crate::progress::Progress;
use crate::publish::overlays::Overlaid;
use crate::zoning::rules::Rules;

/// The overlays of the manifest, each with its best plan. One that cannot be laid, because what it needs is
/// not loaded, is a finding.
pub(super) fn proposed(
    manifest: &Manifest,
    floor: &Floor<'_>,
    rules: &Rules,
    progress: &dyn Progress,
) -> (Vec<Overlaid>, Vec<Finding>) {
    let (mut overlays, mut findings) = (Vec::new(), Vec::new());
    for entry in &manifest.overlays {
        match propose(entry, manifest, floor, rules, progress) {
            Ok(overlaid) => overlays.push(overlaid),
            Err(error) => findings.push(no_overlay(entry, &error)),
        }
    }
    (overlays, findings)
}

fn propose(
    entry: &OverlayEntry,
    manifest: &Manifest,
    floor: &Floor<'_>,
    rules: &Rules,
    progress: &dyn Progress,
) -> Result<Overlaid, ProposalError> {
    let overlay = Overlay::named(&entry.name, &manifest.folder)?;
    let units = entry.units.clone().unwrap_or_else(|| MUNICIPALITIES.to_owned());
    let request = Request { overlay: Some(overlay.clone()), units, ..Request::default() };
    let laid = overlay.lay(floor, progress)?;
    let stated = request.state(&request.rules(rules)?, &laid.study, &laid.ground)?;
    let mut answer = stated.answer(&request, &Unheard)?;
    laid.sign(&mut answer);
    Ok(Overlaid { laid, answer })
}

fn no_overlay(entry: &OverlayEntry, error: &ProposalError) -> Finding {
    Finding {
        severity: Severity::Warning,
        kind: "no_overlay".to_owned(),
        file: String::new(),
        layer: None,
        row: None,
        field: None,
        said: entry.name.clone(),
        meant: format!("重ねる圏域を作れません。{error}"),
        place: None,
    }
}
