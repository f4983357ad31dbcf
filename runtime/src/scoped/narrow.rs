//! The scope becomes the last condition of a query: the one place where it is decided whether it does.

use diesel::dsl;
use diesel::query_dsl::methods::FilterDsl;

use super::Scoped;
use super::run::WhenEmpty;
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::reach::Reach;

/// What a query has to become to show its scope and no more.
pub(super) enum Narrowed<F> {
    /// No query at all.
    Nothing,
    /// An error: it cannot be said what the scope is.
    Undecided,
    /// The query with the scope's condition; for superusers it is always true.
    Some(F),
}

impl<M: OrgScoped, Q: FilterDsl<InScope<M>>, R> Scoped<M, Q, R> {
    /// The query to run, and the rows to load from it.
    pub(super) fn narrow(self, when_empty: WhenEmpty) -> (Narrowed<dsl::Filter<Q, InScope<M>>>, R) {
        let narrowed = match self.scope(when_empty) {
            Narrowed::Nothing => Narrowed::Nothing,
            Narrowed::Undecided => Narrowed::Undecided,
            Narrowed::Some(scope) => Narrowed::Some(self.query.filter(scope)),
        };
        (narrowed, self.rows)
    }
}

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// The condition that becomes the last one of a query.
    pub(super) fn scope(&self, when_empty: WhenEmpty) -> Narrowed<InScope<M>> {
        let bounds = &self.bounds;
        match (&**bounds.grant.reach(bounds.path.is_global()), when_empty) {
            (Reach::Everything, _) => Narrowed::Some(InScope::new(bounds)),
            _ if !self.holders_are_known() => Narrowed::Undecided,
            (Reach::Undecided, _) => Narrowed::Undecided,
            (Reach::Nothing, WhenEmpty::Skip) => Narrowed::Nothing,
            _ => Narrowed::Some(InScope::new(bounds)),
        }
    }
}
