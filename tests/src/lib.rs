//! What the tests, replays and benches of orgscope share.
// Helpers of tests stop at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

pub mod conformance;
pub mod equivalence;
pub mod sesame;
pub mod world;

/// The examples of the README, of the book and of the macros' documentation compile and run.
#[cfg(doctest)]
mod examples {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/README.md")]
    struct Book;
    #[doc = include_str!("../../docs/first-hour.md")]
    struct FirstHour;
    #[doc = include_str!("../../docs/models.md")]
    struct Models;
    #[doc = include_str!("../../docs/policies.md")]
    struct Policies;
    #[doc = include_str!("../../docs/reading.md")]
    struct Reading;
    #[doc = include_str!("../../docs/writing.md")]
    struct Writing;
    #[doc = include_str!("../../docs/serving.md")]
    struct Serving;
    #[doc = include_str!("../../docs/browsing.md")]
    struct Browsing;
    #[doc = include_str!("../../docs/authenticating.md")]
    struct Authenticating;
    #[doc = include_str!("../../docs/testing.md")]
    struct Testing;
    #[doc = include_str!("../../docs/operating.md")]
    struct Operating;
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
