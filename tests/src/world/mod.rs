//! The world of the recorded decisions: its models, its endpoints, and its rows as a `world.json` describes them.

pub mod authentication;
pub mod endpoints;
pub mod inputs;
pub mod models;
pub mod nested;
pub mod resources;
pub mod rows;
