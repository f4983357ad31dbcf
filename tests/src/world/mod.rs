//! The world of the recorded decisions: its models, its endpoints, and its rows as a `world.json` describes them.

pub mod endpoints;
pub mod models;
pub mod rows;
