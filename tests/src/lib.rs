//! What the tests, replays and benches of orgscope share.
// Helpers of tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod conformance;
pub mod databases;
pub mod http;
pub mod servers;
pub mod world;
