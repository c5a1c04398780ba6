//! Listening to the search while it goes on, and ending it early.

use crate::zoning::certificate::SolverBound;
use highs::{Model, SolvedModel};
use highs_sys::{HighsCallbackDataIn, HighsCallbackDataOut, HighsInt};
use std::ffi::{c_char, c_int, c_void};

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Objective of the best plan so far: milli-receipts × deciseconds per month.
    pub objective: Option<u64>,
    /// No plan has a lower objective than this.
    pub bound: Option<u64>,
    /// Branch-and-bound nodes so far.
    pub nodes: u64,
}

/// Listens to a search, on the thread that searches.
pub trait Watch {
    /// The search has come so far; called often.
    fn standing(&self, standing: Standing);
    /// Whether the search should end with what it has.
    fn is_over(&self) -> bool;
}

/// What the solver calls back to during one run.
pub(super) struct Ear<'a> {
    pub(super) watch: &'a dyn Watch,
    pub(super) objective: Option<u64>,
    pub(super) scale: f64,
    /// The best bound known before this run, in the solver's scaled unit.
    pub(super) relaxed: f64,
    /// Nodes of the runs before.
    pub(super) nodes: u64,
}

impl Ear<'_> {
    /// Has the solver call back. The ear must stay where it is until it is [`removed`].
    #[expect(unsafe_code, reason = "the safe binding of HiGHS has no callbacks")]
    pub(super) fn listen(&self, model: &mut Model) {
        let highs = model.as_mut_ptr();
        let ear = std::ptr::from_ref(self).cast_mut().cast::<c_void>();
        // SAFETY: the pointer is that of a live model; the callback only reads the ear.
        unsafe {
            highs_sys::Highs_setCallback(highs, Some(heard), ear);
            for kind in [highs_sys::kHighsCallbackSimplexInterrupt, highs_sys::kHighsCallbackMipInterrupt] {
                highs_sys::Highs_startCallback(highs, kind as c_int);
            }
        }
    }

    fn hear(&self, bound: f64, nodes: u64) {
        let bound = SolverBound { scaled: bound.max(self.relaxed), scale: self.scale };
        let nodes = self.nodes + nodes;
        self.watch.standing(Standing {
            objective: self.objective,
            bound: bound.whole(self.objective),
            nodes,
        });
    }
}

/// Ends the callbacks of a model that has been solved.
#[expect(unsafe_code, reason = "the safe binding of HiGHS has no callbacks")]
pub(super) fn removed(solved: &mut SolvedModel) {
    let highs = solved.as_mut_ptr();
    // SAFETY: the pointer is that of a live model, and no callback is under way.
    unsafe {
        for kind in [highs_sys::kHighsCallbackSimplexInterrupt, highs_sys::kHighsCallbackMipInterrupt] {
            highs_sys::Highs_stopCallback(highs, kind as c_int);
        }
        highs_sys::Highs_setCallback(highs, None, std::ptr::null_mut());
    }
}

#[expect(unsafe_code, reason = "called by HiGHS")]
unsafe extern "C" fn heard(
    kind: c_int,
    _message: *const c_char,
    out: *const HighsCallbackDataOut,
    answer: *mut HighsCallbackDataIn,
    ear: *mut c_void,
) {
    // SAFETY: HiGHS hands back the ear that was given to it, which outlives the run, and its own data.
    let (ear, out, answer) = unsafe { (&*ear.cast::<Ear<'_>>(), out.as_ref(), answer.as_mut()) };
    if let Some(out) = out.filter(|_| kind as HighsInt == highs_sys::kHighsCallbackMipInterrupt) {
        ear.hear(out.mip_dual_bound, u64::try_from(out.mip_node_count).unwrap_or(0));
    }
    if let Some(answer) = answer.filter(|_| ear.watch.is_over()) {
        answer.user_interrupt = 1;
    }
}
