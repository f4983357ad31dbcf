//! One row by its primary key: loaded and judged in one statement.

use diesel::dsl;
use diesel::query_dsl::methods::{FindDsl, SelectDsl};

use super::Scoped;
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::model::{Keyed, OrgScoped};
use crate::policy::{Decision, Row};
use crate::reach::Grant;
use crate::selection::{Chosen, Judged};
use crate::standing::StandingOf;

/// The query for one row of a model.
pub(super) type Find<M> = dsl::Find<<M as OrgScoped>::Table, <M as Keyed>::Key>;

/// A model of which one row can be loaded by its primary key on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "no single `{Self}` can be loaded by its key on `{C}` [org114]",
    note = "the model needs `#[derive(Queryable, Selectable)]` and a primary key that Diesel accepts"
)]
pub trait GetByKey<C, K: Kind>: Keyed {
    #[doc(hidden)]
    fn judged<'c>(
        key: Self::Key,
        standing: StandingOf<Self>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<(Self, Option<i32>)>>
    where
        Self: Send;

    #[doc(hidden)]
    fn standing<'c>(
        key: Self::Key,
        standing: StandingOf<Self>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<Option<i32>>>
    where
        Self: Send;
}

#[diagnostic::do_not_recommend]
impl<M, C, K> GetByKey<C, K> for M
where
    M: Keyed + Send,
    K: Kind,
    M::Table: FindDsl<M::Key>,
    Find<M>: SelectDsl<StandingOf<M>> + 'static,
    dsl::Select<Find<M>, StandingOf<M>>: 'static,
    Statement<Find<M>, Judged<M>>: Fetch<'static, C, K, (M, Option<i32>)>,
    Statement<dsl::Select<Find<M>, StandingOf<M>>, Chosen>: Fetch<'static, C, K, Option<i32>>,
{
    fn judged<'c>(
        key: M::Key,
        standing: StandingOf<M>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<(M, Option<i32>)>> {
        let query = M::SOURCE.find(key);
        let rows = Judged(standing);
        Statement { query, rows }.fetch(conn)
    }

    fn standing<'c>(
        key: M::Key,
        standing: StandingOf<M>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<Option<i32>>> {
        let query = M::SOURCE.find(key).select(standing);
        let rows = Chosen;
        Statement { query, rows }.fetch(conn)
    }
}

impl<M: OrgScoped> Scoped<M> {
    /// The row with this primary key, loaded and checked in one statement, whatever the number of the caller's
    /// organizations.
    ///
    /// # Errors
    /// [`Denied::NotFound`] for a row that does not exist or is hidden, [`Denied::Forbidden`] for one that the caller may
    /// not have (see [`Access::judge`](crate::access::Access::judge)); else as [`load`](Scoped::load).
    pub fn get<'c, C, K>(self, key: M::Key, conn: &'c mut C) -> K::Answer<'c, M>
    where
        C: Answers<K>,
        K: Kind,
        M: GetByKey<C, K> + Send,
    {
        // Of a superuser's row nothing is asked but that it is there.
        let standing = match self.bounds.grant.caller().is_superuser() {
            true => StandingOf::of_any_row(&self.bounds),
            false if !self.holders_are_known() => return K::ready(Err(Denied::Undecided.into())),
            false => self.standing_of(),
        };
        let reading = standing.reading();
        let judged = M::judged(key, standing, conn);
        let grant = self.bounds.grant;
        K::map(judged, move |rows| {
            let (model, code) = first(rows?)?;
            judge::<M>(&grant, reading.row(code).ok_or(Denied::NotFound)?).outcome()?;
            Ok(model)
        })
    }

    /// [`get`](Self::get), with `None` for a row that does not exist or is hidden.
    ///
    /// # Errors
    /// As [`get`](Self::get), but never [`Denied::NotFound`].
    pub fn get_optional<'c, C, K>(self, key: M::Key, conn: &'c mut C) -> K::Answer<'c, Option<M>>
    where
        C: Answers<K>,
        K: Kind,
        M: GetByKey<C, K> + Send,
    {
        K::map(self.get(key, conn), crate::error::OptionalRow::optional)
    }

    /// Checks a row that is at hand, however it was loaded: asks the database where it stands now.
    ///
    /// # Errors
    /// As [`get`](Self::get) for the row's key.
    pub fn check<'c, C, K>(&'c self, row: &M, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        C: Answers<K>,
        K: Kind,
        M: GetByKey<C, K> + Send,
    {
        K::map(
            self.decision(row, conn),
            |decision| Ok(decision?.outcome()?),
        )
    }

    /// The decision about a row that is at hand, with its reasons.
    ///
    /// # Errors
    /// [`Denied::NotFound`] for a row that does not exist any more; else as [`load`](Scoped::load). A denial is no error
    /// here.
    pub fn decision<'c, C, K>(&'c self, row: &M, conn: &'c mut C) -> K::Answer<'c, Decision<'c>>
    where
        C: Answers<K>,
        K: Kind,
        M: GetByKey<C, K> + Send,
    {
        if !self.holders_are_known() {
            return K::ready(Err(Denied::Undecided.into()));
        }
        let standing = self.standing_of();
        let reading = standing.reading();
        let standings = M::standing(row.key(), standing, conn);
        let grant = &*self.bounds.grant;
        K::map(standings, move |codes| {
            let row = reading.row(first(codes?)?).ok_or(Denied::NotFound)?;
            Ok(judge::<M>(grant, row))
        })
    }

    fn standing_of(&self) -> StandingOf<M> {
        StandingOf::new(&self.bounds)
    }
}

fn judge<'g, M: OrgScoped>(grant: &'g Grant<M::OrgKey>, row: Row<'static>) -> Decision<'g> {
    let decision = grant.judge(row);
    decision.log(M::NAME);
    decision
}

fn first<T>(rows: Vec<T>) -> Result<T, Error> {
    rows.into_iter()
        .next()
        .ok_or(Error::Denied(Denied::NotFound))
}
