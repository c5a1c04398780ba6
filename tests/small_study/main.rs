//! A study of four municipalities and eight cells, small enough to be worked out by hand: every
//! room after the readers is held to figures that a person computed.
//!
//! [`scene`] draws the study. Populations are powers of two, so that a sum says who was counted.

mod access;
mod assess;
mod changes;
mod demand;
mod journeys;
mod layers;
mod network;
mod overlay;
mod publish;
mod scene;
mod shortage;
mod units;
mod zoning;
