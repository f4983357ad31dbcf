#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

// So that the documentation's own examples, and the derive within this crate, can say `orgscope`.
extern crate self as orgscope;

pub mod access;
#[cfg(feature = "async")]
pub mod any;
#[cfg(feature = "axum")]
pub mod axum;
pub mod bearer;
pub mod connection;
#[cfg(feature = "async")]
pub mod db;
pub mod dialect;
pub mod error;
pub mod fetch;
mod fragment;
pub mod identity;
pub mod key;
mod membership;
pub mod model;
#[cfg(feature = "async")]
pub mod page;
pub mod path;
pub mod policy;
#[cfg(feature = "async")]
pub mod pool;
pub mod predicate;
pub mod prelude;
pub mod principal;
pub mod problem;
mod reach;
pub mod role;
pub mod scoped;
pub mod standing;

pub use access::{Access, Hidden};
#[cfg(feature = "async")]
pub use any::{AnyConnection, AnyPool};
#[cfg(feature = "async")]
pub use db::Db;
pub use error::{Denied, Error, OptionalRow, Reason};
pub use model::OrgScoped;
pub use model::{Global, Keyed};
pub use orgscope_macros::{OrgScoped, protected};
pub use principal::{Facts, Principal};
pub use role::Role;
pub use scoped::{Scope, Scoped};

/// Only for the code that the macros generate; not part of the public interface.
#[doc(hidden)]
pub mod macros {
    pub use std::sync::Arc;

    pub use diesel::expression::Expression;
    pub use diesel::query_source::Table;
    pub use orgscope_macros::protected;

    pub use crate::access::{Access, Hidden};
    #[cfg(feature = "axum")]
    pub use crate::axum::{Endpoint, Guarded, Rule};
    pub use crate::key::{Key, KeyColumn};
    pub use crate::model::{ForKey, Global, Keyed, OrgScoped, can_be_null, never_null};
    pub use crate::path::{Ends, Path, Via, path};
    pub use crate::policy;
    pub use crate::principal::{Facts, Principal};
    pub use crate::reach::Grant;
    pub use crate::role::Role;
}
