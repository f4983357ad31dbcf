//! The table of users.

use std::marker::PhantomData;

use diesel::expression::Expression;
use diesel::query_builder::AstPass;
use diesel::query_source::Column;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable, Text};

use super::time::{Edge, Instant, Moment, Time, TimeColumn};
use super::view::{ColumnOf, NamedOnce, Plain, Table, Value, View};
use crate::dialect::Dialect;
use crate::key::Key;

/// The table of users `T` of a service, with keys `U`.
#[derive(Debug)]
pub struct Users<U, T> {
    names: Names,
    email: Value,
    password: Option<&'static str>,
    last_login: Option<TimeColumn>,
    /// When the account, and when its password expires, and when that was changed.
    times: [Value; 3],
    types: PhantomData<fn() -> (U, T)>,
}

/// The SQL types of columns that hold a text, or nothing.
#[diagnostic::on_unimplemented(
    message = "a column of the SQL type `{Self}` does not hold a text [org121]"
)]
pub trait TextOrNull {}

impl TextOrNull for Text {}
impl TextOrNull for Nullable<Text> {}

/// The columns that there always are.
#[derive(Clone, Copy, Debug)]
struct Names {
    table: Table,
    id: &'static str,
    username: &'static str,
    is_active: &'static str,
    is_superuser: &'static str,
}

/// The table as it is read, and as it is changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) view: View,
    pub(super) accounts: Accounts,
}

/// The table as logins change it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accounts {
    /// The bundled one if there is none.
    table: Option<Table>,
    id: &'static str,
    password: Option<&'static str>,
    pub(super) last_login: Option<TimeColumn>,
}

impl Accounts {
    pub(super) const BUNDLED: Accounts = Accounts {
        table: None,
        id: "id",
        password: Some("password"),
        last_login: Some(TimeColumn::MICROS),
    };

    pub(crate) fn table<DB: Dialect>(&self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        match &self.table {
            Some(table) => table.write(out),
            None => out.push_identifier("users"),
        }
    }

    pub(crate) fn id<DB: Dialect>(&self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        out.push_identifier(self.id)
    }

    /// # Errors
    /// There is no such column.
    pub(crate) fn password<DB: Dialect>(&self, out: &mut AstPass<'_, '_, DB>) -> QueryResult<()> {
        out.push_identifier(self.password.ok_or_else(missing)?)
    }

    /// # Errors
    /// There is no such column.
    pub(crate) fn last_login(&self) -> QueryResult<TimeColumn> {
        self.last_login.ok_or_else(missing)
    }
}

fn missing() -> diesel::result::Error {
    diesel::result::Error::QueryBuilderError("the mapping of users has no such column".into())
}

impl<U: Key, T: NamedOnce> Users<U, T> {
    /// The table with these columns: the key, the name to log in with, and whether the user is active and a superuser.
    pub const fn new<Id, Username, Active, Superuser>(
        id: Id,
        username: Username,
        is_active: Active,
        is_superuser: Superuser,
    ) -> Self
    where
        Id: Column<Table = T> + Expression<SqlType = U::SqlType> + Copy,
        Username: ColumnOf<T, Text>,
        Active: ColumnOf<T, Bool>,
        Superuser: ColumnOf<T, Bool>,
    {
        let _ = (username, is_active, is_superuser);
        Users {
            names: Names {
                table: Table::of(id),
                id: Id::NAME,
                username: Username::COLUMN,
                is_active: Active::COLUMN,
                is_superuser: Superuser::COLUMN,
            },
            email: Value::NoText,
            password: None,
            last_login: None,
            times: [Value::NoNumber; 3],
            types: PhantomData,
        }
    }

    /// Their e-mail addresses.
    pub const fn email<C>(mut self, email: C) -> Self
    where
        C: Column<Table = T, SqlType: TextOrNull> + Copy,
    {
        let _ = email;
        self.email = Value::Column(C::NAME);
        self
    }

    /// Their hashed passwords, as [`password`](crate::password) or Django writes them. They log in with them, and better hashes are
    /// stored there.
    pub const fn password<C>(mut self, password: C) -> Self
    where
        C: Column<Table = T, SqlType: TextOrNull> + Copy,
    {
        let _ = password;
        self.password = Some(C::NAME);
        self
    }

    /// When they last logged in, which logins note there. Without it no link is good for one login only.
    pub const fn last_login<C>(mut self, last_login: C) -> Self
    where
        C: Column<Table = T, SqlType: Instant> + Copy,
    {
        self.last_login = Some(TimeColumn::of(last_login));
        self
    }

    /// When their accounts expire.
    pub const fn expires_at<C>(mut self, expires_at: C) -> Self
    where
        C: Column<Table = T, SqlType: Time> + Copy,
    {
        self.times[0] = Value::Seconds(TimeColumn::of(expires_at), Edge::End);
        self
    }

    /// When their passwords were last changed: tokens and links that are older are refused. Without it, whatever changes a password has to call
    /// [`revoke_tokens`](crate::identity::revoke_tokens) and [`revoke_links`](crate::identity::revoke_links).
    pub const fn password_changed_at<C>(mut self, at: C) -> Self
    where
        C: Column<Table = T, SqlType: Moment> + Copy,
    {
        self.times[2] = Value::Seconds(TimeColumn::of(at), Edge::Start);
        self
    }

    /// For how many seconds a password is good after the time in this column.
    pub const fn password_expires<C>(mut self, changed: C, after_seconds: u32) -> Self
    where
        C: Column<Table = T, SqlType: Time> + Copy,
    {
        self.times[1] = Value::After(TimeColumn::of(changed), after_seconds);
        self
    }

    pub(super) const fn columns(self) -> Columns {
        let names = self.names;
        let password = match self.password {
            Some(password) => Value::Column(password),
            None => Value::NoText,
        };
        let last_login = match self.last_login {
            Some(last_login) => Value::Micros(last_login),
            None => Value::NoNumber,
        };
        let view = Plain::new(names.table)
            .with("id", Value::Column(names.id))
            .with("username", Value::Column(names.username))
            .with("is_active", Value::Column(names.is_active))
            .with("is_superuser", Value::Column(names.is_superuser))
            .with("email", self.email)
            .with("password", password)
            .with("last_login", last_login)
            .with("expires_at", self.times[0])
            .with("password_expires_at", self.times[1])
            .with("password_changed_at", self.times[2]);
        let accounts = Accounts {
            table: Some(names.table),
            id: names.id,
            password: self.password,
            last_login: self.last_login,
        };
        Columns {
            view: View::Plain(view),
            accounts,
        }
    }
}
