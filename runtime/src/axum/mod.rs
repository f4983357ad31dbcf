//! Extractors, answers and the router for axum 0.8.

mod answer;
mod extract;
mod filtered;
mod guard;
mod handles;
mod input;
#[cfg(feature = "password")]
pub mod login;
mod observed;
mod paging;
mod parent;
mod peer;
mod router;
mod rule;
mod tenancy;
mod unscoped;

pub use answer::ApiError;
pub use extract::{Object, PathKey};
pub use filtered::Filtered;
pub use guard::{Checked, Endpoint, Guarded};
pub use handles::{Handles, SameParent};
pub use observed::request_span;
pub use parent::{IncludeShared, IsParent, Parent, Parents, WhichParents, WithoutShared};
pub use router::{Public, Router, public};
pub use rule::Rule;
pub use tenancy::{HasTenancy, Tenancy};
pub use unscoped::UnscopedSql;
