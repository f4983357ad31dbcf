//! `INSERT INTO table (…) SELECT … WHERE …`: the row is written if all checks hold, in one statement.

use super::checks::{Checked, Failed};
use super::links::{Link, Links};
use super::plan::Under;
use super::values::{Columns, Values};
use super::written::{Returning, Written};
use crate::audit;
use crate::connection::Kind;
use crate::dialect::{Dialect, KeyOn};
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::fragment::Source;
use crate::model::{Keyed, OrgScoped};
use crate::scoped::Start;
use crate::selection::{Chosen, Whole};
use diesel::dsl;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use std::any::TypeId;
use std::marker::PhantomData;
use std::sync::Arc;

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

impl<M: Keyed, V> InsertInto<M, V> {
    pub(super) fn new(
        checked: Arc<Checked<M::OrgKey, V>>,
        under: Option<Under>,
        read_back: bool,
    ) -> Self {
        InsertInto {
            checked,
            under,
            read_back,
            counted: M::KEY.len() == 1 && is_number::<M::Key>(),
        }
    }
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
        let (under, takes) = (self.under.as_ref(), self.checked.plan.takes.as_ref());
        let mut columns = Vec::new();
        // The row in the URL is not for the body to choose.
        values.columns(&mut |column, _| {
            if under.is_none_or(|under| under.relation.column != column) {
                columns.push(column);
            }
        });
        out.push_sql("INSERT INTO ");
        DB::table(M::TABLE, out.reborrow())?;
        out.push_sql(" ");
        audit::scope_of(M::TABLE, &mut out)?;
        let mut separator = "(";
        for column in columns
            .iter()
            .copied()
            .chain(under.map(|under| under.relation.column))
            .chain(takes.map(|taken| taken.column))
        {
            out.push_sql(separator);
            out.push_identifier(column)?;
            separator = ", ";
        }
        if !DB::RETURNING && self.read_back && !self.has_key() {
            let message = "this database does not return the key of a new row: the input has to give it, unless it is one number that the database counts";
            return Err(diesel::result::Error::QueryBuilderError(message.into()));
        }
        if separator == "(" {
            // What there is to check was checked before.
            out.push_sql(if DB::RETURNING {
                "DEFAULT VALUES"
            } else {
                "() VALUES ()"
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
        if let Some(taken) = takes {
            out.push_sql(", ");
            let source = Source::Model(M::TABLE);
            self.checked
                .taken(taken, source, DB::LOCK)
                .write(&mut out)?;
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
        audit::scope_of(M::TABLE, &mut out)?;
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
    message = "rows of `{Self}` cannot be inserted on `{C}` [org114]",
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
