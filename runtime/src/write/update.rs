//! `UPDATE table SET … WHERE …`: rows that the caller may change, if all checks hold, in one statement.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::dsl;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, IntoUpdateTarget, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;

use super::checks::{Checked, Failed, MayWrite};
use super::input::{Input, OrgChangeset, Report, Writes};
use super::insert::{Changed, Wanted, may_write};
use super::links::{Link, Links, replace};
use super::plan::{Under, Write};
use super::values::{Columns, Values};
use super::written::{Returning, Written};
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::error::{Denied, Error};
use crate::fetch::{Chosen, Command, Execute, Fetch, Statement, Whole};
use crate::field_errors::FieldErrors;
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::reach::Reach;
use crate::scoped::{Bounds, Refused, Scoped};
use crate::transaction::{Transaction, finish};

/// An `UPDATE` of the rows for which the condition `W` holds.
#[derive(Debug)]
pub struct UpdateSet<M: OrgScoped, V, W> {
    checked: Arc<Checked<M::OrgKey, V>>,
    condition: W,
    under: Option<Under>,
    /// Nothing is changed: the rows are locked.
    locks: bool,
}

impl<M: OrgScoped, V, W> QueryId for UpdateSet<M, V, W> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M: OrgScoped, V, W, S: Expression> SelectDsl<S> for UpdateSet<M, V, W> {
    type Output = Returning<Self, S>;

    fn select(self, selection: S) -> Self::Output {
        let write = self;
        Returning { write, selection }
    }
}

impl<M, V, W, DB> QueryFragment<DB> for UpdateSet<M, V, W>
where
    M: OrgScoped,
    V: Values<DB>,
    W: QueryFragment<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        DB::table(M::TABLE, out.reborrow())?;
        let mut columns = Vec::new();
        // Keys stay, and the row in the URL is not for the body to choose.
        self.checked.values.columns(&mut |column, _| {
            let under = self.under.as_ref().map(|under| under.relation.column);
            if !self.locks && !M::KEY.contains(&column) && under != Some(column) {
                columns.push(column);
            }
        });
        let mut separator = " SET ";
        for column in columns {
            let Some(value) = self.checked.values.value(column) else {
                continue;
            };
            out.push_sql(separator);
            out.push_identifier(column)?;
            out.push_sql(" = ");
            value.walk_ast(out.reborrow())?;
            separator = ", ";
        }
        if let (" SET ", Some(key)) = (separator, M::KEY.first()) {
            out.push_sql(separator);
            out.push_identifier(key)?;
            out.push_sql(" = ");
            out.push_identifier(key)?;
        }
        self.condition.walk_ast(out)
    }
}

type Narrowed<Q, M> = dsl::Filter<Q, InScope<M>>;
type Checking<Q, M, V> = dsl::Filter<Q, MayWrite<M, V>>;
type Condition<Q, M, V> = <Checking<Q, M, V> as IntoUpdateTarget>::WhereClause;
type Failing<Q, M, V> = dsl::Select<Narrowed<Q, M>, Failed<M, V>>;

/// A query `Self` whose rows can be updated on the connection `C`, with the values `V`.
#[diagnostic::on_unimplemented(
    message = "the rows of this query cannot be changed on `{C}`",
    note = "an update follows `find` and `filter` only; the model needs `#[derive(Queryable, Selectable)]` and its primary key, \
            and the values have to fit its columns"
)]
pub trait Updates<C, K: Kind, M: OrgScoped, V>: Sized {
    /// The rows that the checks admit, read and not written.
    #[doc(hidden)]
    fn read<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        M: Send + 'c;

    #[doc(hidden)]
    fn update<'c>(
        self,
        may: MayWrite<M, V>,
        bounds: &Bounds<M::OrgKey>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<M>>
    where
        M: Send + 'c;

    #[doc(hidden)]
    fn execute<'c>(
        self,
        may: MayWrite<M, V>,
        under: Option<Under>,
        conn: &'c mut C,
    ) -> K::Answer<'c, usize>;

    /// Locks the rows.
    #[doc(hidden)]
    fn lock<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, usize>;

    #[doc(hidden)]
    fn failed<'c>(
        self,
        scope: InScope<M>,
        checked: Arc<Checked<M::OrgKey, V>>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<i32>>;

    #[doc(hidden)]
    fn link<'c>(link: Link, conn: &'c mut C) -> K::Answer<'c, usize>;
}

#[diagnostic::do_not_recommend]
impl<Q, M, V, C, K> Updates<C, K, M, V> for Q
where
    M: OrgScoped + Send + 'static,
    K: Kind,
    V: 'static,
    Q: Clone + FilterDsl<InScope<M>> + FilterDsl<MayWrite<M, V>>,
    Narrowed<Q, M>: SelectDsl<Failed<M, V>> + 'static,
    Failing<Q, M, V>: 'static,
    Checking<Q, M, V>: IntoUpdateTarget<Table = M::Table> + 'static,
    Condition<Q, M, V>: 'static,
    Statement<Failing<Q, M, V>, Chosen>: Fetch<'static, C, K, i32>,
    Statement<Checking<Q, M, V>, Whole<M>>: Fetch<'static, C, K, M>,
    Written<UpdateSet<M, V, Condition<Q, M, V>>, Narrowed<Q, M>, Whole<M>>: Fetch<'static, C, K, M>,
    Command<UpdateSet<M, V, Condition<Q, M, V>>>: Execute<'static, C, K>,
    Command<Link>: Execute<'static, C, K>,
{
    fn execute<'c>(
        self,
        may: MayWrite<M, V>,
        under: Option<Under>,
        conn: &'c mut C,
    ) -> K::Answer<'c, usize> {
        Command(set(self, may, under)).execute(conn)
    }

    fn lock<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, usize> {
        let set = set(self, may.scope_only(), None);
        Command(UpdateSet { locks: true, ..set }).execute(conn)
    }

    fn read<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        M: 'c,
    {
        let query = FilterDsl::filter(self, may);
        let rows = Whole::new();
        Statement { query, rows }.fetch(conn)
    }

    fn update<'c>(
        self,
        may: MayWrite<M, V>,
        bounds: &Bounds<M::OrgKey>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<M>>
    where
        M: 'c,
    {
        let back = FilterDsl::filter(self.clone(), InScope::new(bounds));
        let (write, rows) = (set(self, may, bounds.under.clone()), Whole::new());
        Written { write, back, rows }.fetch(conn)
    }

    fn failed<'c>(
        self,
        scope: InScope<M>,
        checked: Arc<Checked<M::OrgKey, V>>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<i32>> {
        let model = PhantomData;
        let query = FilterDsl::filter(self, scope).select(Failed { checked, model });
        let rows = Chosen;
        Statement { query, rows }.fetch(conn)
    }

    fn link<'c>(link: Link, conn: &'c mut C) -> K::Answer<'c, usize> {
        Command(link).execute(conn)
    }
}

/// The statement that changes the rows of a query.
fn set<Q, M, V>(
    query: Q,
    may: MayWrite<M, V>,
    under: Option<Under>,
) -> UpdateSet<M, V, Condition<Q, M, V>>
where
    M: OrgScoped,
    Q: FilterDsl<MayWrite<M, V>>,
    Checking<Q, M, V>: IntoUpdateTarget<Table = M::Table>,
{
    let checked = may.checked.clone();
    let target = query.filter(may).into_update_target();
    let condition = target.where_clause;
    UpdateSet {
        checked,
        condition,
        under,
        locks: false,
    }
}

/// Rows that are about to be changed.
#[derive(Debug)]
pub struct ScopedUpdate<M: OrgScoped, Q, I: Writes> {
    scope: Scoped<M, Q>,
    input: Input<I>,
}

impl<M: OrgScoped, Q> Scoped<M, Q> {
    /// Changes the rows of this query that the caller may change. Changes are checked like the rows of an
    /// [`insert`](Scoped::insert), and the row has to be the caller's to change before and after.
    ///
    /// Nothing happens before one of the statement's own methods is called.
    pub fn update<I>(self, changes: impl Into<Input<I>>) -> ScopedUpdate<M, Q, I>
    where
        I: OrgChangeset + Writes<Model = M>,
    {
        ScopedUpdate {
            scope: self.to_write(),
            input: changes.into(),
        }
    }
}

impl<M: OrgScoped, Q, I: Writes<Model = M>> ScopedUpdate<M, Q, I> {
    /// Changes the row, and returns it.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when there is no such row that the caller may change; [`Error::Invalid`] with what is wrong, by
    /// field; [`Error::Conflict`] where another row has what must be unique.
    pub fn get_result<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, M>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::map(self.get_results(conn), |rows| {
            rows?.pop().ok_or(Error::Denied(Denied::NotFound))
        })
    }

    /// Changes the rows, and returns the number of them.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn execute<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::map(
            self.run(Wanted::Number, conn),
            |changed| Ok(changed?.number),
        )
    }

    /// Changes the rows, and returns them. A database that does not return them is asked for the rows of the same query
    /// again.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn get_results<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::map(self.run(Wanted::Rows, conn), |changed| Ok(changed?.rows))
    }

    fn run<'c, C, K>(self, wanted: Wanted, conn: &'c mut C) -> K::Answer<'c, Changed<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M>,
        M: Send + 'c,
        Q: Updates<C, K, M, I::Values> + Clone + Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
    {
        K::in_turn(async move {
            let ScopedUpdate { scope, input } = self;
            may_write(&scope.bounds)?;
            let (values, report) = input.take_apart();
            let several = I::IS_SEVERAL || moves::<M>(&values);
            if several {
                K::wait(conn.begin()).await?;
            }
            let values = Arc::new(values);
            let updated = update::<C, K, M, Q, I>(scope, values, report, wanted, &mut *conn).await;
            finish(several, updated, conn).await
        })
    }
}

/// Whether the row may move to another organization, away from what it refers to and what refers to it.
fn moves<M: OrgScoped>(values: &impl Columns) -> bool {
    let mut moves = false;
    values.columns(&mut |column, _| {
        moves |= M::ORGANIZATION.is_some_and(|organization| organization.column == column);
    });
    moves && !(M::RELATIONS.is_empty() && M::DEPENDENTS.is_empty())
}

/// Changes the rows of a scope. In a transaction, where the row may move.
pub(super) async fn update<C, K, M, Q, I>(
    scope: Scoped<M, Q>,
    values: Arc<I::Values>,
    report: Report,
    wanted: Wanted,
    conn: &mut C,
) -> Result<Changed<M>, Error>
where
    C: Send,
    K: Kind,
    I: Writes<Model = M>,
    I::Values: Links<M>,
    M: OrgScoped + Send,
    Q: Updates<C, K, M, I::Values> + Clone + Send,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    reachable(&scope)?;
    if let Some(pending) = &scope.pending {
        pending.look::<M, C, K>(&mut *conn).await?;
    }
    let (bounds, query) = (scope.bounds, scope.query);
    let mut errors = report.errors;
    let write = Write {
        grant: &bounds.grant,
        path: bounds.path,
        options: I::OPTIONS,
        under: bounds.under.as_ref(),
        nulls: &report.nulls,
        stored: true,
        errors: &mut errors,
    };
    let plan = write.plan::<M>(&*values)?;
    let mut changes = false;
    values.columns(&mut |_, _| changes = true);
    let checked = Arc::new(Checked { plan, values });
    if errors.is_empty() {
        let may = || MayWrite::new(&bounds, checked.clone());
        if checked.plan.needs_lock() {
            K::wait(query.clone().lock(may(), &mut *conn)).await?;
        }
        let (may, under) = (may(), bounds.under.clone());
        let query = query.clone();
        let changed = match (changes || I::IS_SEVERAL, wanted) {
            (false, _) => Changed::rows(K::wait(query.read(may, &mut *conn)).await?),
            (true, Wanted::Number) if !I::IS_SEVERAL => {
                Changed::number(K::wait(query.execute(may, under, &mut *conn)).await?)
            }
            (true, _) => Changed::rows(K::wait(query.update(may, &bounds, &mut *conn)).await?),
        };
        let keys = changed
            .rows
            .iter()
            .filter_map(|row| checked.values.key(row));
        let links = keys.flat_map(|key| replace::<M>(&*checked.values, &key));
        for link in links.collect::<Vec<_>>() {
            K::wait(Q::link(link, &mut *conn)).await?;
        }
        if changed.number > 0 {
            return Ok(changed);
        }
    }
    let failed = query.failed(InScope::new(&bounds), checked.clone(), conn);
    let failed = K::wait(failed).await?;
    if failed.is_empty() {
        return Err(Error::Denied(Denied::NotFound));
    }
    let failed = failed.into_iter().fold(0, |all, one| all | one);
    let errors: FieldErrors = checked.plan.errors(failed, errors);
    match errors.is_empty() {
        true => Err(Error::Conflict),
        false => Err(Error::Invalid(errors)),
    }
}

/// Whether there can be rows at all.
pub(crate) fn reachable<M: OrgScoped, Q>(scope: &Scoped<M, Q>) -> Result<(), Denied> {
    if !scope.holders_are_known() {
        return Err(Denied::Undecided);
    }
    match **scope.bounds.grant.reach(scope.bounds.path.is_global()) {
        Reach::Nothing => Err(Denied::NotFound),
        Reach::Undecided => Err(Denied::Undecided),
        _ => Ok(()),
    }
}
