//! Zoning: which units form a zone together, and which institution leads it.
//!
//! The room knows units, institutions and numbers only; what they stand for (municipalities or
//! 保健所 areas, receipts per month, travel times) is decided by whoever states the [`problem`].
//! [`exact`] finds the best plan or proves that none exists, [`certificate`] is its proof,
//! [`checker`] judges any plan whoever made it and shares no code with the optimiser.

pub mod certificate;
pub mod checker;
pub mod colour;
pub mod contiguity;
pub mod exact;
pub mod infeasibility;
mod min_cut;
pub mod needs;
pub mod plan;
pub mod problem;
mod reach;
mod separator;
