//! Behaviour on real databases. One binary, because each further one is linked against everything again.
// Tests stop at the first thing that is not as it should be; fields of models are there to be selected.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

mod actix;
mod audit;
mod browsable;
mod builders;
mod cache;
mod credentials;
mod crowd;
mod decisions;
mod docs;
mod faults;
mod functions;
mod http;
mod http_writes;
mod keys;
mod leaks;
mod lints;
mod load;
mod mails;
mod mirrors;
mod models;
mod objects;
mod observed;
mod openapi;
mod pages;
mod parcels;
mod parsers;
mod paths;
mod policies;
mod pools;
mod related;
mod statements;
mod support;
mod testing;
mod throttles;
mod truth;
mod unscoped;
mod walls;
mod writes;
