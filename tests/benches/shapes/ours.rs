//! The operations as a scope has them.

use diesel::prelude::*;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use orgscope::connection::Blocking as K;
use orgscope::page::Paging;
use orgscope::policy::Manager;
use orgscope::{OrgChangeset, Principal, Scope};

use crate::data::{Child, Model, Owned, Shared, children, own_row, owned, shared};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operation {
    /// The newest 20.
    List,
    Count,
    /// The newest 20, and how many there are.
    Page,
    Exists,
    Get,
    Update,
}

impl Operation {
    pub(crate) const ALL: [Operation; 6] = [
        Operation::List,
        Operation::Count,
        Operation::Page,
        Operation::Exists,
        Operation::Get,
        Operation::Update,
    ];
}

#[derive(OrgChangeset)]
#[diesel(table_name = owned)]
#[org_changeset(model = Owned)]
struct OwnedChanges {
    created: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = shared)]
#[org_changeset(model = Shared)]
struct SharedChanges {
    created: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = children)]
#[org_changeset(model = Child)]
struct ChildChanges {
    created: Option<i32>,
}

/// A connection that runs the operations; each comes to a number.
pub(crate) trait Ours {
    fn ours(&mut self, operation: Operation, model: Model, caller: &Principal, k: i32) -> i64;
}

macro_rules! run {
    ($conn:expr, $model:expr, $operation:expr, $caller:expr, $k:expr, $Model:ident, $table:ident, $Changes:ident) => {{
        let (conn, scope) = ($conn, Scope::<$Model>::new::<Manager>($caller));
        let newest = $table::created.desc();
        match $operation {
            Operation::List => {
                let rows = scope.order(newest).limit(20).load::<_, K, _>(conn);
                rows.unwrap().iter().map(|row| i64::from(row.id)).sum()
            }
            Operation::Count => scope.count::<_, K>(conn).unwrap(),
            Operation::Page => {
                let first = Paging::read("/", "").unwrap();
                let page = scope.page::<_, K, $Model, _>(first, newest, conn).unwrap();
                page.count
                    + page
                        .results
                        .iter()
                        .map(|row| i64::from(row.id))
                        .sum::<i64>()
            }
            Operation::Exists => scope.exists::<_, K>(conn).unwrap().into(),
            Operation::Get => scope
                .get::<_, K>(own_row($model, $k), conn)
                .unwrap()
                .id
                .into(),
            Operation::Update => {
                let changes = $Changes { created: Some(7) };
                let update = scope.find(own_row($model, $k)).update(changes);
                update.execute::<_, K>(conn).unwrap() as i64
            }
        }
    }};
}

macro_rules! ours {
    ($($connection:ty),*) => {$(
        impl Ours for $connection {
            fn ours(&mut self, operation: Operation, model: Model, caller: &Principal, k: i32) -> i64 {
                match model {
                    Model::Owned => run!(self, model, operation, caller, k, Owned, owned, OwnedChanges),
                    Model::Shared => run!(self, model, operation, caller, k, Shared, shared, SharedChanges),
                    Model::Path => run!(self, model, operation, caller, k, Child, children, ChildChanges),
                }
            }
        }
    )*};
}

ours!(
    SqliteConnection,
    AsyncConnectionWrapper<AsyncPgConnection>,
    AsyncConnectionWrapper<AsyncMysqlConnection>
);
