//! How long work tells of itself without knowing who listens.

/// Listens to the steps of a long job.
pub trait Progress: Sync {
    /// A step begins that will [`Step::advance`] through `total` pieces of work. `label` is for
    /// people. The step ends when the returned value is dropped.
    fn step(&self, label: &str, total: u64) -> Box<dyn Step>;
}

/// One step under way.
pub trait Step: Send + Sync {
    /// `pieces` more pieces of work are done.
    fn advance(&self, pieces: u64);
}

/// Listens to nothing.
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _label: &str, _total: u64) -> Box<dyn Step> {
        Box::new(Silent)
    }
}

impl Step for Silent {
    fn advance(&self, _pieces: u64) {}
}
