//! Databases, servers and HTTP, for everything that tests or measures orgscope.
// Helpers of tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod databases;
pub mod http;
pub mod progress;
pub mod servers;
pub mod sessions;
