//! The week: who is there in each band of each day, whom they reach, whom nobody does, and a fair rota.

pub mod cover;
pub mod presence;
pub mod rota;
mod rota_model;
pub mod table;
