//! What the derives of inputs ask of the model, at compile time. The model is named by way of the input: where it is none, the compiler
//! has said so once.

use super::input::Writes;
use crate::model::OrgScoped;
use crate::relation::{has_relation, same};

/// Whether the model of an input says what a column is: a relation, or its organization. Asked of every column of an input that looks like a
/// foreign key.
pub const fn says_what_is<I: Writes>(column: &str) -> bool {
    let mut at = 0;
    while at < I::Model::RELATIONS.len() {
        let relation = I::Model::RELATIONS[at];
        if relation.through.is_none() && same(relation.column, column) {
            return true;
        }
        at += 1;
    }
    matches!(I::Model::ORGANIZATION, Some(organization) if same(organization.column, column))
}

/// Whether a column is part of the model's primary key, which changes do not touch.
pub const fn is_key<I: Writes>(column: &str) -> bool {
    let mut at = 0;
    while at < I::Model::KEY.len() {
        if same(I::Model::KEY[at], column) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the model has a relation of a name, with one row or with many.
pub const fn may_name<I: Writes>(name: &str, many: bool) -> bool {
    has_relation::<I::Model>(name, many)
}
