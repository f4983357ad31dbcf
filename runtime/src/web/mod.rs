//! What a request asks of a service, whatever the web framework: the caller's check, the arguments of handlers, their answers.
//!
//! Everything here works on the head of a request as the `http` crate has it. [`axum`](crate::axum) and [`actix`](crate::actix) bring
//! it to their handlers, and show it under their own names.

mod answer;
mod done;
mod extract;
mod filtered;
mod guard;
mod input;
#[cfg(feature = "password")]
pub mod login;
pub(crate) mod observed;
mod paging;
pub(crate) mod parent;
mod peer;
mod public;
mod request;
mod routes;
mod rule;
mod tenancy;
mod unscoped;

pub(crate) use answer::Answered;
pub use answer::ApiError;
pub use done::{Created, NoContent};
pub use extract::{Object, PathKey};
pub use filtered::Filtered;
pub use guard::{Checked, Endpoint, Guarded};
#[cfg(feature = "browsable")]
pub(crate) use guard::{Dry, Passed};
pub(crate) use guard::{enter, refuse_method};
pub(crate) use input::unread;
pub use parent::{
    IncludeShared, IsParent, Parent, Parents, SameParent, WhichParents, WithoutShared,
};
pub use public::{Public, public};
pub use request::{FromBody, FromHead, Sent};
#[cfg(any(feature = "actix", feature = "browsable"))]
pub(crate) use routes::segments;
pub(crate) use routes::{Routes, below};
pub use rule::Rule;
pub use tenancy::{HasTenancy, Tenancy};
pub use unscoped::UnscopedSql;
