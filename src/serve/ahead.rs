//! What the first questions need, computed before anybody asks.
//!
//! Everything is kept where a question looks for it, behind the same lock: whoever asks meanwhile waits
//! for what is under way, and nothing is computed twice.

use crate::serve::error::ServeError;
use crate::serve::ready::Ready;
use crate::serve::state::Workbench;
use crate::serve::travel::Roads;
use std::sync::Arc;
use tokio::task::spawn_blocking;

type Step = fn(&Workbench) -> Result<(), ServeError>;

/// One after the other, so that a question waits for one of them at most.
const STEPS: [Step; 4] = [
    |workbench| workbench.travel().map(|_| ()),
    |workbench| with_cover(workbench, |_, _| {}),
    |workbench| {
        with_cover(workbench, |ready, roads| {
            // Without an answer whoever asks is told why.
            let _ = ready.week(&roads.roadway, false);
            let _ = ready.shortage_of_capacity(&roads.roadway);
        })
    },
    |workbench| workbench.demanded().map(|_| ()),
];

/// Begins with the study that is shown; ends by itself, or with the server.
pub fn begin(workbench: Arc<Workbench>) {
    tokio::spawn(async move {
        for step in STEPS {
            let Ok(permit) = Arc::clone(&workbench.travelling).acquire_owned().await else { return };
            let workbench = Arc::clone(&workbench);
            let done = spawn_blocking(move || {
                let _permit = permit;
                step(&workbench)
            });
            // What cannot be read now is read, and its fault told, when somebody asks.
            let Ok(Ok(())) = done.await else { return };
        }
    });
}

/// Cover on the roads of an ordinary day; nothing while the folder holds another study.
fn with_cover(workbench: &Workbench, compute: impl FnOnce(&Ready, &Roads)) -> Result<(), ServeError> {
    if let (Some(travel), Some(study)) = (workbench.travel()?, workbench.whole()?) {
        let roads = travel.normal();
        compute(&*roads.ready(study)?, roads);
    }
    Ok(())
}
