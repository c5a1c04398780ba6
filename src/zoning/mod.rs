//! Zoning: which units form a zone together, and which institution leads it.
//!
//! A [`problem`] knows units, institutions and numbers only; [`statement`] says what they stand for
//! (municipalities or 保健所 areas, receipts per month, travel times) under the [`rules`].
//! What planners ask for in words ([`asked`], [`aims`]) becomes a [`condition`] or a [`measure`].
//! [`search`] finds good plans fast and many of them, [`exact`] finds the best plan or proves that none
//! exists, [`certificate`] is its proof; [`goals`] come one after the other or are weighed against each
//! other; [`alternatives`] and [`indicators`] compare plans, [`conflict`], [`relax`] and [`repair`] help
//! where there is none. [`checker`] judges any plan whoever made it and shares no code with the optimiser.

pub mod aims;
pub mod alternatives;
pub mod asked;
pub mod certificate;
mod change;
pub mod checker;
pub mod colour;
pub mod condition;
pub mod conflict;
pub mod contiguity;
mod cover;
pub mod exact;
pub mod goals;
pub mod indicators;
pub mod infeasibility;
pub mod leads;
pub mod measure;
mod min_cut;
pub mod needs;
pub mod notice;
pub mod parts;
pub mod plan;
pub mod problem;
mod reach;
pub mod relax;
pub mod repair;
pub mod rules;
mod score;
pub mod search;
mod separator;
pub mod statement;
