//! What is recorded and what is made at random, replayed. Apart from the suite, which need not wait for the world of the recorded decisions.
// Tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod equivalence;
mod identity;
mod recorded;
mod sesame;
