//! The order of a list that is read by cursor: columns that are never NULL, the primary key last, as types and as SQL.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::expression::Expression;
use diesel::expression::expression_types::NotSelectable;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::query_source::Column;
use diesel::result::QueryResult;
use diesel::sql_types::{self, Bool};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::dialect::Dialect;
use crate::filter::value::Value;
use crate::fragment::{Source, expression_over_table};
use crate::key::RowKey;
use crate::model::OrgScoped;

/// The SQL types of columns that a list can be read by.
#[diagnostic::on_unimplemented(
    message = "a list cannot be read by cursor along a column of the SQL type `{Self}` [org120]",
    note = "columns of integers, texts and (feature `uuid`) UUIDs that are never NULL can"
)]
pub trait CursorColumn {
    /// What such a column holds.
    type Value: Serialize + DeserializeOwned + Clone + Send + 'static;

    #[doc(hidden)]
    fn key(value: Self::Value) -> RowKey;
}

macro_rules! columns {
    ($($(#[$meta:meta])* $sql:ident($value:ty) => $key:expr;)*) => {$(
        $(#[$meta])*
        #[diagnostic::do_not_recommend]
        impl CursorColumn for sql_types::$sql {
            type Value = $value;

            fn key(value: $value) -> RowKey {
                $key(value)
            }
        }
    )*};
}

columns! {
    SmallInt(i16) => |value| RowKey::Int(i32::from(value));
    Integer(i32) => RowKey::Int;
    BigInt(i64) => RowKey::BigInt;
    Text(String) => RowKey::Text;
    #[cfg(all(feature = "uuid", feature = "postgres"))]
    Uuid(uuid::Uuid) => RowKey::Uuid;
}

/// Columns with their directions.
#[diagnostic::on_unimplemented(
    message = "a list cannot be read by cursor along `{Self}` [org120]",
    note = "say the direction of each column, and take columns that are never NULL: `(builds::version.desc(), builds::id.asc())`"
)]
pub trait OrderColumns {
    /// The columns, as they are selected beside a row.
    type Columns: Expression;
    /// What they hold.
    type Values: Serialize + DeserializeOwned + Send + 'static;

    /// The names of the columns, and whether they go down.
    const COLUMNS: &'static [(&'static str, bool)];

    #[doc(hidden)]
    fn columns() -> Self::Columns;
    #[doc(hidden)]
    fn keys(values: Self::Values) -> Vec<RowKey>;
}

/// An order that a list can be read in by cursor: `column.asc()` or `column.desc()`, or up to three of them. It ends with the primary key
/// `Pk`, so that no two rows have the same position.
#[diagnostic::on_unimplemented(
    message = "a list cannot be read by cursor in this order [org120]",
    label = "not an order of columns with directions that ends with the primary key",
    note = "say the direction of each column, take columns that are never NULL, and end with the primary key: \
            `(builds::version.desc(), builds::id.asc())`"
)]
pub trait CursorOrder<Pk>: OrderColumns {}

macro_rules! directions {
    ($($direction:ident: $down:literal),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C> OrderColumns for diesel::dsl::$direction<C>
        where
            C: Column<SqlType: CursorColumn> + Default,
        {
            type Columns = C;
            type Values = <C::SqlType as CursorColumn>::Value;

            const COLUMNS: &'static [(&'static str, bool)] = &[(C::NAME, $down)];

            fn columns() -> C {
                C::default()
            }

            fn keys(value: Self::Values) -> Vec<RowKey> {
                vec![C::SqlType::key(value)]
            }
        }

        #[diagnostic::do_not_recommend]
        impl<C> CursorOrder<C> for diesel::dsl::$direction<C> where Self: OrderColumns {}
    )*};
}

directions!(Asc: false, Desc: true);

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: OrderColumns),*> OrderColumns for ($($name,)*)
        where
            ($($name::Columns,)*): Expression,
        {
            type Columns = ($($name::Columns,)*);
            type Values = ($($name::Values,)*);

            const COLUMNS: &'static [(&'static str, bool)] = &[$($name::COLUMNS[0]),*];

            fn columns() -> Self::Columns {
                ($($name::columns(),)*)
            }

            fn keys(values: Self::Values) -> Vec<RowKey> {
                let mut keys = Vec::new();
                $(keys.extend($name::keys(values.$at));)*
                keys
            }
        }
    };
}

tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);

#[diagnostic::do_not_recommend]
impl<A, Pk> CursorOrder<Pk> for (A,)
where
    Self: OrderColumns,
    A: CursorOrder<Pk>,
{
}

#[diagnostic::do_not_recommend]
impl<A, B, Pk> CursorOrder<Pk> for (A, B)
where
    Self: OrderColumns,
    B: CursorOrder<Pk>,
{
}

#[diagnostic::do_not_recommend]
impl<A, B, C, Pk> CursorOrder<Pk> for (A, B, C)
where
    Self: OrderColumns,
    C: CursorOrder<Pk>,
{
}

/// The rows behind a position, or all of them.
#[derive(Debug)]
pub struct After<M> {
    pub(super) columns: &'static [(&'static str, bool)],
    pub(super) reversed: bool,
    /// The position; none for the beginning.
    pub(super) values: Arc<[Value]>,
    pub(super) model: PhantomData<fn() -> M>,
}

/// The order, or its reverse.
#[derive(Debug)]
pub struct CursorOrdering<M> {
    pub(super) columns: &'static [(&'static str, bool)],
    pub(super) reversed: bool,
    pub(super) model: PhantomData<fn() -> M>,
}

expression_over_table!(After: Bool);
expression_over_table!(CursorOrdering: NotSelectable);

impl<M: OrgScoped, DB: Dialect> QueryFragment<DB> for After<M> {
    /// `a >= ? AND (a > ? OR (b >= ? AND (b > ? OR c > ?)))`: an index on the columns serves the first comparison.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let source = Source::Model(M::TABLE);
        out.push_sql("(1 = 1");
        let last = self.values.len().saturating_sub(1);
        for (at, ((column, down), value)) in self.columns.iter().zip(&*self.values).enumerate() {
            let (strictly, or_equal) = match *down == self.reversed {
                true => (" > ", " >= "),
                false => (" < ", " <= "),
            };
            out.push_sql(if at == 0 { " AND (" } else { " OR (" });
            if at != last {
                source.column(column, &mut out)?;
                out.push_sql(or_equal);
                value.bind(out.reborrow())?;
                out.push_sql(" AND (");
            }
            source.column(column, &mut out)?;
            out.push_sql(strictly);
            value.bind(out.reborrow())?;
        }
        for _ in 0..(2 * self.values.len()).saturating_sub(1) {
            out.push_sql(")");
        }
        out.push_sql(")");
        Ok(())
    }
}

impl<M: OrgScoped, DB: Dialect> QueryFragment<DB> for CursorOrdering<M> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut separator = "";
        for (column, down) in self.columns {
            out.push_sql(separator);
            Source::Model(M::TABLE).column(column, &mut out)?;
            if *down != self.reversed {
                out.push_sql(" DESC");
            }
            separator = ", ";
        }
        Ok(())
    }
}
