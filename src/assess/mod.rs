//! Judges any plan, whoever made it: figures, audit against the guideline.

pub mod audit;
pub mod figures;
pub mod plans;
pub mod shortages;
pub mod week;
