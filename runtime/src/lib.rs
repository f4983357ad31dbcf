//! Multi-tenant scoping for [Diesel](diesel): a model says once how a row reaches its organization
//! ([`derive@OrgScoped`]), a handler says once who may call it ([`macro@protected`]), and lists, counts, joins and single
//! rows follow.
//!
//! ```
//! use diesel::prelude::*;
//! use orgscope::prelude::*;
//!
//! diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
//!
//! #[derive(Queryable, Selectable, OrgScoped)]
//! #[diesel(table_name = devices)]
//! struct Device { id: i32, organization_id: i32 }
//!
//! /// Refuses callers who manage nothing, and counts the devices of those that the caller manages.
//! #[protected(manager, principal = caller)]
//! fn count_devices(caller: &Principal, conn: &mut SqliteConnection) -> Result<i64, Error> {
//!     Scope::<Device>::new::<policy::Manager>(caller).count(conn)
//! }
//! # let nobody = Principal::new(1, false, []);
//! # assert!(count_devices(&nobody, &mut SqliteConnection::establish(":memory:").unwrap()).is_err());
//! ```
//!
//! Where to look: [`Scoped`] for queries, `axum` or `actix` (after the features) for handlers and the router, [`identity`] for the bundled tables and bearer
//! tokens, [`mod@policy`] and [`access`] for the meaning of roles.
#![forbid(unsafe_code)]
// What only requests, or only some databases, need is there without them as well: with all features, nothing is unused.
#![cfg_attr(
    not(any(feature = "axum", feature = "actix")),
    allow(dead_code, unused_imports, unused_macros)
)]

#[cfg(all(
    feature = "async",
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql"))
))]
compile_error!(
    "the feature `async` of orgscope needs a database: `sqlite`, `postgres` or `mysql` [org124]"
);

// So that the documentation's own examples, and the derive within this crate, can say `orgscope`.
extern crate self as orgscope;

#[cfg(feature = "__web")]
pub mod about;
pub mod access;
#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "async")]
pub mod any;
pub mod audit;
#[cfg(feature = "axum")]
pub mod axum;

#[cfg(feature = "async")]
pub mod authenticate;
pub mod body;
#[cfg(feature = "browsable")]
pub mod browsable;
pub mod choices;
#[doc(hidden)]
pub mod completion;
pub mod connection;
pub mod credential;
#[cfg(feature = "async")]
pub mod db;
pub mod ddl;
pub mod dialect;
#[cfg(feature = "uuid")]
mod django_uuid;
#[cfg(feature = "__web")]
mod documented;
pub mod error;
pub mod facts;
pub mod fetch;
pub mod field_errors;
pub mod filter;
mod fragment;
mod hex;
pub mod identity;
pub mod key;
mod membership;
pub mod model;
pub mod objects;
#[cfg(feature = "openapi")]
pub mod openapi;
mod organization_of;
mod outage;
pub mod page;
#[cfg(feature = "password")]
pub mod password;
pub mod path;
pub mod policy;
#[cfg(feature = "async")]
pub mod pool;
pub mod predicate;
pub mod prelude;
pub mod principal;
pub mod problem;
mod reach;
#[cfg(feature = "redis")]
mod redis;
pub mod relation;
#[cfg(feature = "__web")]
pub mod report;
pub mod role;
pub mod rows;
pub mod scoped;
pub mod selection;
#[cfg(feature = "sesame")]
pub mod sesame;
pub mod signing;
pub mod standing;
mod statements;
pub mod table_name;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "__web")]
pub mod throttle;
mod traits;
pub mod transaction;
pub mod unscoped;
#[cfg(feature = "__web")]
mod web;
pub mod write;

pub use access::{Access, Hidden};
#[cfg(feature = "async")]
pub use any::{AnyConnection, AnyPool};
#[cfg(feature = "async")]
pub use db::Db;
#[cfg(feature = "uuid")]
pub use django_uuid::{DjangoUuid, sql_types};
pub use error::{Denied, Error, OptionalRow, Reason};
pub use facts::{Facts, Group, GroupKind, Subscription};
pub use field_errors::FieldErrors;
pub use filter::OrgFilter;
pub use model::OrgScoped;
pub use model::{Global, Keyed};
pub use objects::ObjectPermissions;
pub use orgscope_macros::{OrgChangeset, OrgFilter, OrgInput, OrgScoped, policy, protected};
pub use principal::Principal;
pub use role::Role;
pub use rows::Rows;
pub use scoped::{Scope, Scoped};
pub use write::{Input, OrgChangeset, OrgInput};

/// Only for the code that the macros generate; not part of the public interface.
#[doc(hidden)]
pub mod macros {
    pub use std::sync::Arc;

    pub use diesel::expression::Expression;
    pub use diesel::query_source::{Column, Table};
    pub use orgscope_macros::{__protected_last, protected};

    #[cfg(feature = "__web")]
    pub use crate::about::{About, Described, ModelAbout, Undescribed};
    pub use crate::access::{Access, Hidden};
    pub use crate::body::Fields;
    pub use crate::choices::{ManyTo, Segment};
    pub use crate::completion;
    #[cfg(feature = "__web")]
    pub use crate::documented::{Docs, Gives, Takes};
    pub use crate::facts::{Facts, GroupRef};
    pub use crate::filter::{
        By, FilterColumn, Lookup, NoColumn, OrgFilter, Parameter, by, text_column,
    };
    pub use crate::key::{Key, KeyColumn, KeyText, NoKeyText};
    pub use crate::model::{ForKey, Global, Keyed, OrgScoped, can_be_null, never_null};
    pub use crate::objects::{Declared, GroupTable, Objects, Undeclared};
    pub use crate::path::{Ends, NoRelations, Path, Via, path};
    pub use crate::policy;
    pub use crate::principal::Principal;
    pub use crate::reach::Grant;
    pub use crate::relation::{Dependent, Organization, Relation, has_relation};
    pub use crate::role::Role;
    pub use crate::table_name::{NameOf, column_name};
    pub use crate::unscoped::UnscopedAbout;
    #[cfg(feature = "__web")]
    pub use crate::web::{Endpoint, Guarded, Rule};
    pub use crate::write::values::{Many, Set, SetTo};
    pub use crate::write::{
        Nested, Options, OrgChangeset, OrgInput, Shared, Writes, is_key, may_name, says_what_is,
    };
}
