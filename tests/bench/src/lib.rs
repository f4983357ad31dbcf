//! What benches share: the operations that are measured, and how instructions are counted. A crate of its own, so that the guard is built
//! without everything that tests need.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod callgrind;
pub mod operations;
