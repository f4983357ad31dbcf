//! The scope becomes the last condition of a query: the one place where it is decided whether and how.

use diesel::dsl;
use diesel::query_dsl::methods::FilterDsl;

use super::Scoped;
use super::run::WhenEmpty;
use crate::model::OrgScoped;
use crate::path::Route;
use crate::predicate::InScope;
use crate::reach::Reach;

/// What a query has to become to show its scope and no more.
pub(super) enum Narrowed<Q, F> {
    /// No query at all.
    Nothing,
    /// The query as it is: for superusers, and on global models.
    Everything(Q),
    /// The query with the scope's condition.
    Some(F),
}

impl<M: OrgScoped, Q: FilterDsl<InScope<M>>, R> Scoped<M, Q, R> {
    /// The query to run, and the rows to load from it.
    pub(super) fn narrow(
        self,
        when_empty: WhenEmpty,
    ) -> (Narrowed<Q, dsl::Filter<Q, InScope<M>>>, R) {
        let (query, rows, reach) = (self.query, self.rows, self.grant.reach());
        let narrowed = match (&**reach, self.path.route, when_empty) {
            (_, Route::Global, _) | (Reach::Everything, ..) => Narrowed::Everything(query),
            (Reach::Nothing, _, WhenEmpty::Skip) => Narrowed::Nothing,
            (Reach::Nothing | Reach::Some { .. }, ..) => {
                Narrowed::Some(query.filter(InScope::new(reach.clone(), self.path)))
            }
        };
        (narrowed, rows)
    }
}
