//! What the two query fragments of a model share: they are expressions over the model's table, and their text depends on
//! values, so that they have no static query id (Diesel would hand one caller's statement to the next).

macro_rules! expression_over_table {
    ($fragment:ident: $sql_type:ty) => {
        impl<M: crate::model::OrgScoped> diesel::expression::Expression for $fragment<M> {
            type SqlType = $sql_type;
        }

        impl<M, QS> diesel::expression::AppearsOnTable<QS> for $fragment<M>
        where
            M: crate::model::OrgScoped,
            QS: diesel::query_source::AppearsInFromClause<
                    M::Table,
                    Count = diesel::query_source::Once,
                >,
        {
        }

        impl<M, QS> diesel::expression::SelectableExpression<QS> for $fragment<M>
        where
            M: crate::model::OrgScoped,
            Self: diesel::expression::AppearsOnTable<QS>,
        {
        }

        impl<M: crate::model::OrgScoped> diesel::expression::ValidGrouping<()> for $fragment<M> {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl<M: crate::model::OrgScoped> diesel::query_builder::QueryId for $fragment<M> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}

pub(crate) use expression_over_table;

use diesel::query_builder::{AstPass, QueryFragment};
use diesel::result::QueryResult;

use crate::dialect::Dialect;
use crate::key::RowKey;
use crate::organization_of::of_key;
use crate::path::Route;
use crate::table_name::TableName;

/// A table within a fragment: the model's own, or one that the fragment brings under a name of its own.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Model(&'static dyn TableName),
    Alias(usize),
}

impl Source {
    /// The table that the fragment brings next.
    pub(crate) fn next(self) -> Source {
        Source::Alias(match self {
            Source::Model(_) => 1,
            Source::Alias(n) => n + 1,
        })
    }

    /// Writes the name under which the table is known in the statement.
    pub(crate) fn name<DB: Dialect>(self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        match self {
            Source::Model(table) => DB::table(table, out.reborrow()),
            Source::Alias(n) => {
                // Written several times for each statement.
                match n {
                    1 => out.push_sql("orgscope_1"),
                    2 => out.push_sql("orgscope_2"),
                    3 => out.push_sql("orgscope_3"),
                    n => out.push_sql(&format!("orgscope_{n}")),
                }
                Ok(())
            }
        }
    }

    /// Writes a column of the table.
    pub(crate) fn column<DB: Dialect>(
        self,
        column: &str,
        out: &mut AstPass<'_, '_, DB>,
    ) -> QueryResult<()> {
        self.name(out)?;
        out.push_sql(".");
        out.push_identifier(column)
    }
}

/// What a comparison compares: a column, or a value that is to be written.
pub(crate) enum Operand<'b, DB: Dialect> {
    Column(Source, &'static str),
    Value(&'b dyn QueryFragment<DB>),
    Key(&'b RowKey),
    /// The organization at the end of a route whose first foreign key is this value; a lock follows what is read on the way.
    OrganizationOf(&'static Route, &'b dyn QueryFragment<DB>, &'static str),
    OrganizationOfKey(&'static Route, &'b RowKey, &'static str),
}

impl<DB: Dialect> Clone for Operand<'_, DB> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<DB: Dialect> Copy for Operand<'_, DB> {}

impl<'b, DB: Dialect> Operand<'b, DB> {
    pub(crate) fn write(self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match self {
            Operand::Column(source, column) => source.column(column, out),
            Operand::Value(value) => value.walk_ast(out.reborrow()),
            Operand::Key(key) => DB::user(key, out.reborrow()),
            Operand::OrganizationOf(route, value, lock) => {
                of_key(route, Operand::Value(value), lock, out)
            }
            Operand::OrganizationOfKey(route, key, lock) => {
                of_key(route, Operand::Key(key), lock, out)
            }
        }
    }
}
