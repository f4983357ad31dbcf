//! `INSERT INTO table (…) SELECT … WHERE …`: the row is written if all checks hold, in one statement.

use std::any::TypeId;
use std::marker::PhantomData;
use std::sync::Arc;

use diesel::dsl;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;

use super::checks::{Checked, Failed};
use super::input::{Input, OrgInput, Report, Writes};
use super::links::{Link, Links, replace};
use super::nested::{Around, Before};
use super::plan::{Under, Write};
use super::values::{Columns, Values};
use super::written::{Returning, Written};
use crate::access::{Intent, Shown};
use crate::connection::{Answers, Kind};
use crate::dialect::{Dialect, KeyOn};
use crate::error::{Denied, Error, Reason};
use crate::fetch::{Chosen, Command, Execute, Fetch, Statement, Whole};
use crate::field_errors::FieldErrors;
use crate::fragment::Source;
use crate::model::{Keyed, OrgScoped};
use crate::policy::Standing;
use crate::scoped::{Bounds, Scoped, Start};
use crate::transaction::{Transaction, finish};

/// An `INSERT` that writes its row only if the checks hold.
#[derive(Debug)]
pub struct InsertInto<M: OrgScoped, V> {
    pub(crate) checked: Arc<Checked<M::OrgKey, V>>,
    under: Option<Under>,
    /// The row is going to be read.
    read_back: bool,
    /// The database makes the key, by counting.
    counted: bool,
}

impl<M: OrgScoped, V: Columns> InsertInto<M, V> {
    /// Whether the row can be found again.
    fn has_key(&self) -> bool {
        let mut given = Vec::new();
        self.checked
            .values
            .columns(&mut |column, _| given.push(column));
        self.counted || M::KEY.iter().all(|key| given.contains(key))
    }
}

impl<M: OrgScoped, V> QueryId for InsertInto<M, V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M: OrgScoped, V, S: Expression> SelectDsl<S> for InsertInto<M, V> {
    type Output = Returning<Self, S>;

    fn select(self, selection: S) -> Self::Output {
        let write = self;
        Returning { write, selection }
    }
}

impl<M, V, DB> QueryFragment<DB> for InsertInto<M, V>
where
    M: OrgScoped,
    M::OrgKey: KeyOn<DB>,
    V: Values<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let values = &self.checked.values;
        let under = self.under.as_ref();
        let mut columns = Vec::new();
        // The row in the URL is not for the body to choose.
        values.columns(&mut |column, _| {
            if under.is_none_or(|under| under.relation.column != column) {
                columns.push(column);
            }
        });
        out.push_sql("INSERT INTO ");
        DB::table(M::TABLE, out.reborrow())?;
        let mut separator = " (";
        for column in columns
            .iter()
            .copied()
            .chain(under.map(|under| under.relation.column))
        {
            out.push_sql(separator);
            out.push_identifier(column)?;
            separator = ", ";
        }
        if !DB::RETURNING && self.read_back && !self.has_key() {
            let message = "this database does not return the key of a new row: the input has to give it, unless it is one number that the database counts";
            return Err(diesel::result::Error::QueryBuilderError(message.into()));
        }
        if separator == " (" {
            // What there is to check was checked before.
            out.push_sql(if DB::RETURNING {
                " DEFAULT VALUES"
            } else {
                " () VALUES ()"
            });
            return Ok(());
        }
        let mut separator = ") SELECT ";
        for column in &columns {
            out.push_sql(separator);
            if let Some(value) = values.value(column) {
                value.walk_ast(out.reborrow())?;
            }
            separator = ", ";
        }
        if let Some(under) = under {
            out.push_sql(separator);
            DB::user(&under.key, out.reborrow())?;
        }
        out.push_sql(DB::FROM_NOTHING);
        out.push_sql(" WHERE 1 = 1");
        self.checked.and_all(Source::Model(M::TABLE), out)
    }
}

/// The row that was just inserted, for databases that do not return it: by the key that was given, or that the database made.
#[derive(Debug)]
pub struct JustInserted<M: OrgScoped, V> {
    checked: Arc<Checked<M::OrgKey, V>>,
    under: Option<Under>,
}

impl<M: OrgScoped, V> Expression for JustInserted<M, V> {
    type SqlType = Bool;
}

impl<M: OrgScoped, V, QS> AppearsOnTable<QS> for JustInserted<M, V> {}
impl<M: OrgScoped, V, QS> SelectableExpression<QS> for JustInserted<M, V> {}

impl<M: OrgScoped, V> ValidGrouping<()> for JustInserted<M, V> {
    type IsAggregate = diesel::expression::is_aggregate::No;
}

impl<M: OrgScoped, V> QueryId for JustInserted<M, V> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M: OrgScoped, V: Values<DB>, DB: Dialect> QueryFragment<DB> for JustInserted<M, V> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut separator = "";
        for column in M::KEY {
            out.push_sql(separator);
            Source::Model(M::TABLE).column(column, &mut out)?;
            out.push_sql(" = ");
            match self.checked.values.value(column) {
                Some(value) => value.walk_ast(out.reborrow())?,
                None => out.push_sql("LAST_INSERT_ID()"),
            }
            separator = " AND ";
        }
        // A number from elsewhere does not find another tenant's row.
        let keys = M::RELATIONS
            .iter()
            .filter(|relation| relation.through.is_none());
        let keys = keys.map(|relation| relation.column);
        for column in keys.chain(M::ORGANIZATION.map(|organization| organization.column)) {
            let under = self.under.as_ref().map(|under| under.relation.column);
            if let Some(value) = self
                .checked
                .values
                .value(column)
                .filter(|_| under != Some(column))
            {
                out.push_sql(" AND ");
                Source::Model(M::TABLE).column(column, &mut out)?;
                out.push_sql(" = ");
                value.walk_ast(out.reborrow())?;
            }
        }
        Ok(())
    }
}

/// A model into which rows can be inserted on the connection `C`, with the values `V`.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` cannot be inserted on `{C}`",
    note = "the model needs `#[derive(Queryable, Selectable)]` and its primary key, and the values have to fit its columns"
)]
pub trait Inserts<C, K: Kind, V>: Keyed {
    #[doc(hidden)]
    fn insert<'c>(insert: InsertInto<Self, V>, conn: &'c mut C) -> K::Answer<'c, Vec<Self>>
    where
        Self: Send + 'c;

    #[doc(hidden)]
    fn execute<'c>(insert: InsertInto<Self, V>, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        Self: 'c;

    #[doc(hidden)]
    fn failed<'c>(
        checked: Arc<Checked<Self::OrgKey, V>>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<i32>>;

    #[doc(hidden)]
    fn link<'c>(link: Link, conn: &'c mut C) -> K::Answer<'c, usize>;
}

type JustInsertedRow<M, V> = dsl::Filter<Start<M>, JustInserted<M, V>>;

#[diagnostic::do_not_recommend]
impl<M, V, C, K> Inserts<C, K, V> for M
where
    M: Keyed + Send + 'static,
    K: Kind,
    V: Links<M> + 'static,
    Start<M>: FilterDsl<JustInserted<M, V>>,
    Written<InsertInto<M, V>, JustInsertedRow<M, V>, Whole<M>>: Fetch<'static, C, K, M>,
    Statement<dsl::select<Failed<M, V>>, Chosen>: Fetch<'static, C, K, i32>,
    Command<InsertInto<M, V>>: Execute<'static, C, K>,
    Command<Link>: Execute<'static, C, K>,
{
    fn execute<'c>(insert: InsertInto<M, V>, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        M: 'c,
    {
        Command(insert).execute(conn)
    }

    fn insert<'c>(insert: InsertInto<M, V>, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        M: 'c,
    {
        let back = JustInserted {
            checked: insert.checked.clone(),
            under: insert.under.clone(),
        };
        let back = diesel::query_builder::AsQuery::as_query(*M::SOURCE).filter(back);
        let (write, rows) = (insert, Whole::new());
        Written { write, back, rows }.fetch(conn)
    }

    fn failed<'c>(checked: Arc<Checked<M::OrgKey, V>>, conn: &'c mut C) -> K::Answer<'c, Vec<i32>> {
        let model = PhantomData;
        let query = diesel::select(Failed { checked, model });
        let rows = Chosen;
        Statement { query, rows }.fetch(conn)
    }

    fn link<'c>(link: Link, conn: &'c mut C) -> K::Answer<'c, usize> {
        Command(link).execute(conn)
    }
}

/// A row that is about to be inserted.
#[derive(Debug)]
pub struct ScopedInsert<M: OrgScoped, I: Writes> {
    bounds: Bounds<M::OrgKey>,
    inputs: Vec<Input<I>>,
}

impl<M: OrgScoped> Scoped<M> {
    /// Inserts a row, checked against the write role: its organization, every row that it refers to, and that they agree.
    /// An input of a handler is given as it came ([`Input`]), so that all of its mistakes are told together.
    ///
    /// Nothing happens before one of the statement's own methods is called.
    pub fn insert<I>(self, input: impl Into<Input<I>>) -> ScopedInsert<M, I>
    where
        I: OrgInput + Writes<Model = M>,
    {
        self.insert_many([input])
    }

    /// Inserts several rows, all of them or none. Mistakes are told under the number of the row, from 0.
    pub fn insert_many<I, N>(self, inputs: impl IntoIterator<Item = N>) -> ScopedInsert<M, I>
    where
        I: OrgInput + Writes<Model = M>,
        N: Into<Input<I>>,
    {
        ScopedInsert {
            bounds: self.to_write().bounds,
            inputs: inputs.into_iter().map(Into::into).collect(),
        }
    }
}

impl<M: OrgScoped, I: Writes<Model = M>> ScopedInsert<M, I> {
    /// Inserts, and returns the row.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what is wrong, by field; [`Error::Conflict`] where another row has what must be unique;
    /// [`Error::Denied`] for callers who may not write at all.
    pub fn get_result<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, M>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::map(self.get_results(conn), |rows| {
            rows?.pop().ok_or(Error::Denied(Denied::NotFound))
        })
    }

    /// Inserts, and returns the rows.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn get_results<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::map(self.run(Wanted::Rows, conn), |inserted| Ok(inserted?.rows))
    }

    /// Inserts, and returns the number of rows.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn execute<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::map(self.run(Wanted::Number, conn), |inserted| {
            Ok(inserted?.number)
        })
    }

    fn run<'c, C, K>(self, wanted: Wanted, conn: &'c mut C) -> K::Answer<'c, Changed<M>>
    where
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        I::Values: Links<M> + Before<C, K, M::OrgKey>,
        M: Inserts<C, K, I::Values> + Send + 'c,
    {
        K::in_turn(async move {
            let ScopedInsert { bounds, inputs } = self;
            may_write(&bounds)?;
            may_make(&bounds)?;
            let several = inputs.len() != 1 || I::IS_SEVERAL;
            if several {
                K::wait(conn.begin()).await?;
            }
            let inserted = insert_all::<C, K, M, I>(&bounds, inputs, wanted, &mut *conn).await;
            finish(several, inserted, conn).await
        })
    }
}

/// What is wanted of a write: its rows have to be read, and in some databases read again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    Rows,
    Number,
}

/// What a write did: the number of rows, and the rows if they were wanted.
pub(super) struct Changed<M> {
    pub(super) number: usize,
    pub(super) rows: Vec<M>,
}

impl<M> Changed<M> {
    pub(super) fn rows(rows: Vec<M>) -> Changed<M> {
        let number = rows.len();
        Changed { number, rows }
    }

    pub(super) fn number(number: usize) -> Changed<M> {
        let rows = Vec::new();
        Changed { number, rows }
    }
}

/// Whether the caller may write at all: nobody does without a login, whatever the body.
pub(super) fn may_write<K: crate::key::Key>(bounds: &Bounds<K>) -> Result<(), Denied> {
    if !bounds.grant.caller().is_authenticated() {
        return Err(Denied::Unauthenticated(Reason::NotAuthenticated));
    }
    bounds.grant.admit().outcome()
}

/// Whether the caller may make rows that belong to no tenant: the policy has to say so whatever the row is.
pub(super) fn may_make<K: crate::key::Key>(bounds: &Bounds<K>) -> Result<(), Denied> {
    if !bounds.path.is_global() || bounds.grant.caller().is_superuser() {
        return Ok(());
    }
    match bounds.grant.shown_for(Standing::Global, Intent::Write)? {
        Shown::All => Ok(()),
        Shown::None | Shown::Some(_) => Err(Denied::Forbidden(Reason::Policy)),
    }
}

/// Whether a key is a number that databases count.
fn is_number<Key: 'static>() -> bool {
    let key = TypeId::of::<Key>();
    [
        TypeId::of::<i32>(),
        TypeId::of::<i64>(),
        TypeId::of::<i16>(),
    ]
    .contains(&key)
}

async fn insert_all<C, K, M, I>(
    bounds: &Bounds<M::OrgKey>,
    inputs: Vec<Input<I>>,
    wanted: Wanted,
    conn: &mut C,
) -> Result<Changed<M>, Error>
where
    C: Send,
    K: Kind,
    I: Writes<Model = M>,
    I::Values: Links<M> + Before<C, K, M::OrgKey>,
    M: Inserts<C, K, I::Values> + Send,
{
    let single = inputs.len() == 1;
    let (mut all, mut errors) = (Changed::number(0), FieldErrors::none());
    for (number, input) in inputs.into_iter().enumerate() {
        let (values, mut report) = input.take_apart();
        let values = before::<C, K, M, I>(bounds, values, &mut report, &mut *conn).await?;
        let values = Arc::new(values);
        match insert_values::<C, K, M, I>(bounds, values, report, wanted, &mut *conn).await {
            Ok(inserted) => {
                all.number += inserted.number;
                all.rows.extend(inserted.rows);
            }
            Err(Error::Invalid(wrong)) if !single => errors.nest(number.to_string(), wrong),
            Err(error) => return Err(error),
        }
    }
    match errors.is_empty() {
        true => Ok(all),
        false => Err(Error::Invalid(errors)),
    }
}

/// Inserts the nested rows of one.
pub(super) async fn before<C, K, M, I>(
    bounds: &Bounds<M::OrgKey>,
    values: I::Values,
    report: &mut Report,
    conn: &mut C,
) -> Result<I::Values, Error>
where
    K: Kind,
    M: OrgScoped,
    I: Writes<Model = M>,
    I::Values: Before<C, K, M::OrgKey>,
{
    if !I::IS_SEVERAL {
        return Ok(values);
    }
    let name = crate::body::public_name::<I>;
    let around = Around { bounds, name };
    K::wait(values.before(&around, report, conn)).await
}

/// Inserts one row, and its joins after it.
pub(super) async fn insert_values<C, K, M, I>(
    bounds: &Bounds<M::OrgKey>,
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
    M: Inserts<C, K, I::Values> + Send,
{
    let mut errors = report.errors;
    let write = Write {
        grant: &bounds.grant,
        path: bounds.path,
        options: I::OPTIONS,
        under: bounds.under.as_ref(),
        nulls: &report.nulls,
        stored: false,
        errors: &mut errors,
    };
    let plan = write.plan::<M>(&*values)?;
    let checked = Arc::new(Checked { plan, values });
    let mut empty = bounds.under.is_none();
    checked.values.columns(&mut |_, _| empty = false);
    if empty && errors.is_empty() && !checked.plan.checks.is_empty() {
        // A row of defaults has no place for a condition.
        let failed = K::wait(M::failed(checked.clone(), &mut *conn)).await?;
        errors = checked
            .plan
            .errors(failed.first().copied().unwrap_or(0), errors);
    }
    if errors.is_empty() {
        let read_back = wanted == Wanted::Rows || I::IS_SEVERAL;
        let insert = InsertInto {
            checked: checked.clone(),
            under: bounds.under.clone(),
            read_back,
            counted: M::KEY.len() == 1 && is_number::<M::Key>(),
        };
        // The key of a row is needed to join it with others.
        let inserted = match wanted {
            Wanted::Number if !I::IS_SEVERAL => {
                Changed::number(K::wait(M::execute(insert, &mut *conn)).await?)
            }
            _ => Changed::rows(K::wait(M::insert(insert, &mut *conn)).await?),
        };
        let key = inserted
            .rows
            .first()
            .and_then(|row| checked.values.key(row));
        let links = key.map(|key| replace::<M>(&*checked.values, &key));
        for link in links.into_iter().flatten() {
            K::wait(M::link(link, &mut *conn)).await?;
        }
        if inserted.number > 0 {
            return Ok(inserted);
        }
    }
    if !checked.plan.checks.is_empty() {
        let failed = K::wait(M::failed(checked.clone(), conn)).await?;
        errors = checked
            .plan
            .errors(failed.first().copied().unwrap_or(0), errors);
    }
    match errors.is_empty() {
        // What stood in the way is gone by now.
        true => Err(Error::Conflict),
        false => Err(Error::Invalid(errors)),
    }
}
