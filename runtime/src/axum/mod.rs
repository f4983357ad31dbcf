//! Extractors, answers and the router for axum 0.8.

#[cfg(feature = "browsable")]
mod browse;
mod extract;
mod guard;
mod handles;
#[cfg(feature = "password")]
pub mod login;
mod router;
mod span;

pub use crate::web::{
    ApiError, Checked, Created, Endpoint, Filtered, FromBody, FromHead, Guarded, HasTenancy,
    IncludeShared, IsParent, NoContent, Object, Parent, Parents, PathKey, Public, Rule, SameParent,
    Sent, Tenancy, UnscopedSql, WhichParents, WithoutShared, public,
};
pub use extract::{from_body, from_head};
pub use handles::Handles;
pub use router::Router;
pub use span::request_span;
