//! The table of subscriptions.

use std::marker::PhantomData;

use diesel::expression::Expression;
use diesel::query_source::Column;

use super::time::{Edge, Time, TimeColumn};
use super::view::{NamedOnce, Plain, Table, Value, View};
use crate::key::Key;

/// The table of subscriptions of a service.
#[derive(Debug)]
pub struct Subscriptions<U> {
    view: Plain,
    key: PhantomData<fn() -> U>,
}

impl<U: Key> Subscriptions<U> {
    /// The table with these columns: whose it is, and from when to when; the end is exclusive, and NULL for none.
    pub const fn new<User, Starts, Ends>(user: User, starts_at: Starts, ends_at: Ends) -> Self
    where
        User: Column<Table: NamedOnce> + Expression<SqlType = U::SqlType> + Copy,
        Starts: Column<Table = User::Table, SqlType: Time> + Copy,
        Ends: Column<Table = User::Table, SqlType: Time> + Copy,
    {
        Subscriptions {
            view: Plain::new(Table::of(user))
                .with("user_id", Value::Column(User::NAME))
                .with(
                    "starts_at",
                    Value::Seconds(TimeColumn::of(starts_at), Edge::Start),
                )
                .with(
                    "ends_at",
                    Value::Seconds(TimeColumn::of(ends_at), Edge::End),
                ),
            key: PhantomData,
        }
    }

    pub(super) const fn view(self) -> View {
        View::Plain(self.view)
    }
}
