//! Extractors, answers and the router for axum 0.8.

mod answer;
mod extract;
mod guard;
mod handles;
mod input;
mod router;
mod tenancy;

pub use answer::ApiError;
pub use extract::{Object, PathKey};
pub use guard::{Checked, Endpoint, Guarded, Rule};
pub use handles::Handles;
pub use router::{Public, Router, public};
pub use tenancy::{HasTenancy, Tenancy};
