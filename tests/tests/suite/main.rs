//! Behaviour on real databases. One binary, because each further one is linked against everything again.
// Tests stop at the first thing that is not as it should be; fields of models are there to be selected.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

mod builders;
mod credentials;
mod decisions;
mod equivalence;
mod functions;
mod http;
mod http_writes;
mod identity;
mod keys;
mod leaks;
mod load;
mod mails;
mod models;
mod objects;
mod pages;
mod parsers;
mod paths;
mod policies;
mod recorded;
mod related;
mod sesame;
mod statements;
mod support;
mod throttles;
mod truth;
mod unscoped;
mod walls;
mod writes;
