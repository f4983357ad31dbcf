//! What differs between the web frameworks: `axum`, or `actix` where the feature says so.

#[cfg(feature = "actix")]
mod actix;
#[cfg(not(feature = "actix"))]
mod axum;

#[cfg(feature = "actix")]
pub use actix::*;
#[cfg(not(feature = "actix"))]
pub use axum::*;
