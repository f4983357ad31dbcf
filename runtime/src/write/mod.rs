//! Writes: what is inserted and changed is checked against the caller's write role in the statement that writes it.
//!
//! An input is a list of [values], one for each column. From these and from what the model says about its
//! [relations](crate::relation) follow the checks (`plan.rs`, by `rules.rs`): which organizations and which rows may be named, and that row and
//! relation agree on the organization. The checks are conditions (`conditions.rs`) of the `INSERT` or `UPDATE` itself, which locks
//! the rows that it relies on, so that nothing can change between check and write. Only when nothing was written is the
//! database asked which of them failed.

mod about_model;
pub(crate) mod checks;
mod conditions;
mod input;
mod insert;
mod insert_into;
mod links;
mod mirrored;
mod nested;
pub(crate) mod plan;
pub(crate) mod rules;
mod update;
mod update_set;
mod upsert;
pub mod values;
mod wanted;
mod written;

pub use about_model::{is_key, may_name, says_what_is};
pub use input::{Input, Options, OrgChangeset, OrgInput, Report, Shared, Writes};
pub use insert::ScopedInsert;
pub use insert_into::{InsertInto, Inserts, JustInserted};
pub use links::{Link, Links};
pub use nested::{Around, Before, Nested};
pub use update::ScopedUpdate;
pub(crate) use update::reachable;
pub use update_set::{UpdateSet, Updates};
pub use upsert::ScopedUpsert;
pub use written::{Returning, Written};
