//! A multi-tenant API in the shape of the OpenWISP firmware upgrader: models, the [`api`], its [`framework`], and the demo data ([`seed`]).
#![forbid(unsafe_code)]

pub mod api;
#[cfg(test)]
mod browser;
pub mod framework;
mod models;
pub mod seed;
#[cfg(test)]
mod tests;
