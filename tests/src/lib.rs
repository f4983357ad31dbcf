//! What the tests, replays and benches of orgscope share.
// Helpers of tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod conformance;
pub mod databases;
pub mod equivalence;
pub mod http;
pub mod servers;
pub mod sesame;
pub mod sessions;
pub mod world;

/// The examples of the README and of the macros' documentation compile and run.
#[cfg(doctest)]
mod examples {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/coming-from.md")]
    struct ComingFrom;
    #[doc = include_str!("../../macros/docs/org_scoped.md")]
    struct OrgScoped;
    #[doc = include_str!("../../macros/docs/org_input.md")]
    struct OrgInput;
    #[doc = include_str!("../../macros/docs/org_changeset.md")]
    struct OrgChangeset;
    #[doc = include_str!("../../macros/docs/org_filter.md")]
    struct OrgFilter;
    #[doc = include_str!("../../macros/docs/protected.md")]
    struct Protected;
    #[doc = include_str!("../../macros/docs/policy.md")]
    struct Policy;
}
