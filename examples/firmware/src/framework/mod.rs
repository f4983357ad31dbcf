//! What differs between the web frameworks: `axum`, or `actix` where the feature says so.

use orgscope::browsable::Browsable;

#[cfg(feature = "actix")]
mod actix;
#[cfg(not(feature = "actix"))]
mod axum;

#[cfg(feature = "actix")]
pub use actix::*;
#[cfg(not(feature = "actix"))]
pub use axum::*;

/// What browsers see.
fn pages() -> Browsable {
    Browsable::new("Firmware")
        .login("/login", "/logout")
        .explaining()
}
