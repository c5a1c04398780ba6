//! Judges any plan, whoever made it: figures, audit against the guideline.

pub mod associations;
pub mod audit;
pub mod beside;
pub mod drawings;
pub mod examples;
pub mod figures;
pub mod functions;
pub mod ground;
pub mod indicators;
pub mod needs;
pub mod objectives;
pub mod overlay;
pub mod own_lists;
pub mod own_units;
pub mod plans;
pub mod proposals;
pub mod shortages;
pub mod sites;
pub mod targets;
pub mod week;
pub mod what_if;
