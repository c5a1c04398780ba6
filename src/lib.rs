//! `keniki` (圏域) is the workbench with which a Japanese prefecture designs its 在宅医療圏,
//! the zones inside which home medical care is organised.
//!
//! The rooms below stand in the order in which data flow. A room uses only the rooms above it;
//! `tests/architecture.rs` holds every `use crate::…` to that order.

pub mod ids;
pub mod progress;
pub mod units;

pub mod solver;

pub mod geometry;

pub mod ingest;

pub mod fetch;

pub mod store;

pub mod network;

pub mod access;

pub mod demand;

pub mod zoning;

pub mod assess;

pub mod publish;

pub mod serve;

pub mod cli;
