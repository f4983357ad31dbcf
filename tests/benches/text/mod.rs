//! Statements as somebody writes them who knows the database: text with named values, which Diesel keeps prepared as it keeps ours.

use std::marker::PhantomData;
use std::sync::OnceLock;

use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::mysql::Mysql;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{self as sql, Array, BigInt, Binary, HasSqlType, Integer};
use diesel::sqlite::Sqlite;

/// A value that a statement names.
pub(crate) enum Value {
    Int(i32),
    BigInt(i64),
    /// A digest. Not every bench has one.
    #[allow(dead_code)]
    Bytes(Vec<u8>),
    /// A set of keys: an array, a list, or on SQLite JSON if there are more than a few, which is made when it is bound.
    Keys(Vec<i32>, OnceLock<String>),
}

impl Value {
    pub(crate) fn keys(keys: Vec<i32>) -> Value {
        Value::Keys(keys, OnceLock::new())
    }
}

/// Up to here a list of binds is the better set on SQLite, as it is for a scope.
pub(crate) const LONGEST_LIST: usize = 8;

/// A database with its way to bind a set of keys.
pub(crate) trait BindsKeys:
    Backend + HasSqlType<Integer> + HasSqlType<BigInt> + HasSqlType<Binary>
{
    fn bind_keys<'b>(
        keys: &'b [i32],
        json: &'b OnceLock<String>,
        out: AstPass<'_, 'b, Self>,
    ) -> QueryResult<()>;
}

impl BindsKeys for Pg {
    fn bind_keys<'b>(
        keys: &'b [i32],
        _json: &'b OnceLock<String>,
        mut out: AstPass<'_, 'b, Self>,
    ) -> QueryResult<()> {
        out.push_bind_param::<Array<Integer>, [i32]>(keys)
    }
}

impl BindsKeys for Sqlite {
    fn bind_keys<'b>(
        keys: &'b [i32],
        json: &'b OnceLock<String>,
        mut out: AstPass<'_, 'b, Self>,
    ) -> QueryResult<()> {
        match keys.len() > LONGEST_LIST {
            true => {
                let json = json.get_or_init(|| format!("{keys:?}"));
                out.push_bind_param::<sql::Text, str>(json)
            }
            false => list(keys, out),
        }
    }
}

impl BindsKeys for Mysql {
    fn bind_keys<'b>(
        keys: &'b [i32],
        _json: &'b OnceLock<String>,
        out: AstPass<'_, 'b, Self>,
    ) -> QueryResult<()> {
        list(keys, out)
    }
}

fn list<'b, DB>(keys: &'b [i32], mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<Integer>,
    i32: ToSql<Integer, DB>,
{
    let mut separator = "";
    for key in keys {
        out.push_sql(separator);
        out.push_bind_param::<Integer, i32>(key)?;
        separator = ", ";
    }
    Ok(())
}

/// A statement with columns of the type `ST`; where it says `{name}`, the value of that name is bound.
pub(crate) struct Text<'a, ST> {
    text: &'a str,
    values: &'a [(&'static str, Value)],
    columns: PhantomData<ST>,
}

impl<'a, ST> Text<'a, ST> {
    pub(crate) fn new(text: &'a str, values: &'a [(&'static str, Value)]) -> Self {
        let columns = PhantomData;
        Text {
            text,
            values,
            columns,
        }
    }
}

impl<ST> Query for Text<'_, ST> {
    type SqlType = ST;
}

impl<ST, C> RunQueryDsl<C> for Text<'_, ST> {}

impl<ST> QueryId for Text<'_, ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST, DB: BindsKeys> QueryFragment<DB> for Text<'_, ST>
where
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut rest = self.text;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            out.push_sql(before);
            let value = self.values.iter().find(|(named, _)| *named == name);
            match &value.unwrap_or_else(|| panic!("{name}")).1 {
                Value::Int(number) => out.push_bind_param::<Integer, i32>(number)?,
                Value::BigInt(number) => out.push_bind_param::<BigInt, i64>(number)?,
                Value::Bytes(bytes) => out.push_bind_param::<Binary, Vec<u8>>(bytes)?,
                Value::Keys(keys, json) => DB::bind_keys(keys, json, out.reborrow())?,
            }
            rest = after;
        }
        out.push_sql(rest);
        Ok(())
    }
}
