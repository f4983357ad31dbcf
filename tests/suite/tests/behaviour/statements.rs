//! How many statements a request costs, counted on the connections of the service.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection};
use orgscope::axum::Router;
use orgscope::dialect::Database;
use orgscope::facts::Facts;
use orgscope::identity::cache::MemoryCache;
use orgscope::identity::{Bundled, IdentityStore, Migrations, Stored, TokenOptions, issue_token};
use orgscope::key::UserId;
use orgscope::policy::Member;
use orgscope::prelude::*;
use orgscope_suite::databases::on_each;
use orgscope_suite::http::Http;

use crate::models::*;
use crate::objects::{Counter, counters, fill};
use crate::support::*;

/// Counts the statements that a connection runs.
struct Statements(Arc<AtomicUsize>);

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { .. } = event {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A pool whose statements are counted.
macro_rules! listened {
    ($fresh:expr, $connection:ty, $count:expr) => {{
        let counter = $count.clone();
        let mut config = ManagerConfig::<$connection>::default();
        config.recycling_method = diesel_async::pooled_connection::RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |url| {
            let connecting = <$connection>::establish(url);
            let counter = Statements(counter.clone());
            Box::pin(async move {
                let mut conn = connecting.await?;
                conn.set_instrumentation(counter);
                Ok(conn)
            })
        });
        let manager = AsyncDieselConnectionManager::new_with_config($fresh.url(), config);
        Pool::builder(manager).build().unwrap()
    }};
}

/// A router, and the counted costs of its requests, for the connections of one database.
macro_rules! counted {
    ($fresh:expr, $connection:ty) => {{
        type Connections = Pool<$connection>;

        #[protected(member)]
        async fn list(
            rows: Scoped<Item>,
            paging: Paging,
            mut db: Db<Connections>,
        ) -> Result<Json<i64>, ApiError> {
            Ok(Json(rows.page(paging, items::id, &mut db).await?.count))
        }

        #[protected(member)]
        async fn get(item: Object<Item>) -> String {
            item.name.clone()
        }

        #[protected(authenticated)]
        async fn nothing() {}

        #[protected(in_group(1) | subscriber | perm("a.b"))]
        async fn facts() {}

        #[protected(member & !in_group(1) & !subscriber & !perm("a.b"))]
        async fn list_with_facts(
            rows: Scoped<Item>,
            paging: Paging,
            mut db: Db<Connections>,
        ) -> Result<Json<i64>, ApiError> {
            Ok(Json(rows.page(paging, items::id, &mut db).await?.count))
        }

        #[protected(can_view | manager)]
        async fn list_objects(
            rows: Scoped<Counter>,
            paging: Paging,
            mut db: Db<Connections>,
        ) -> Result<Json<i64>, ApiError> {
            Ok(Json(rows.page(paging, counters::id, &mut db).await?.count))
        }

        #[protected(can_edit & model_perms)]
        async fn get_object(counter: Object<Counter>) -> String {
            counter.kind.clone()
        }

        let count = Arc::new(AtomicUsize::new(0));
        let pool: Connections = listened!($fresh, $connection, count);
        let routes: Router<Tenancy<Connections>> = Router::new()
            .get("/items", list)
            .get("/items/{id}", get)
            .get("/nothing", nothing)
            .get("/facts", facts)
            .get("/facts/items", list_with_facts)
            .get("/counters", list_objects)
            .get("/counters/{id}", get_object);
        let http = Http::serve(routes.into_axum().with_state(Tenancy::new(pool))).await;
        let conn = &mut connection(&$fresh).await;
        for (user, list_costs) in [(MEMBER_A, 3), (SUPERUSER, 3), (NOBODY, 1)] {
            let options = TokenOptions {
                name: "test".into(),
                expires_at: None,
                ..TokenOptions::default()
            };
            let token = issue_token(user.0, options, conn).await.unwrap();
            // A use that is due to be noted is one more statement, apart from the request.
            $fresh
                .batch("UPDATE tokens SET last_used_at = 32503680000")
                .await;
            for (path, costs) in [
                ("/nothing", 1),
                ("/items", list_costs),
                ("/items/1", 2),
                ("/items/77", 2),
                ("/items/x", 1),
                ("/facts", 1),
                ("/facts/items", list_costs),
                // One statement for the rows and one for their number, however many rows there are.
                ("/counters", list_costs),
                // Without the permission nothing is loaded.
                ("/counters/1", if user.1 { 2 } else { 1 }),
            ] {
                count.store(0, Ordering::SeqCst);
                http.get(path, token.reveal());
                assert_eq!(count.load(Ordering::SeqCst), costs, "{path} for {user:?}");
            }
        }
    }};
}

#[test]
fn a_request_costs_one_statement_for_the_caller_two_for_a_page_and_one_for_a_row() {
    on_each(async |fresh| {
        fill(&fresh, &crate::objects::rows()).await;
        fresh.batch(&rows(fresh.database)).await;
        match fresh.database {
            Database::Sqlite => counted!(fresh, SyncConnectionWrapper<diesel::SqliteConnection>),
            Database::Postgres => counted!(fresh, AsyncPgConnection),
            Database::Mysql => counted!(fresh, AsyncMysqlConnection),
        }
        fresh
    });
}

/// How many statements find a caller whose facts are kept.
macro_rules! found {
    ($fresh:expr, $connection:ty) => {{
        let count = Arc::new(AtomicUsize::new(0));
        let pool: Pool<$connection> = listened!($fresh, $connection, count);
        let callers = Stored::<_, Bundled>::new(pool).cached_in(MemoryCache::new(1 << 20));
        for (facts, costs) in [
            (Facts::CALLER, 1),
            // They are loaded the first time, and again when something has changed.
            (Facts::MEMBERSHIPS, 2),
            (Facts::MEMBERSHIPS, 1),
            (Facts::GROUPS, 1),
            (Facts::PERMISSIONS.and(Facts::MEMBERSHIPS), 1),
            // What ends by itself is asked for.
            (Facts::ALL, 1),
        ] {
            count.store(0, Ordering::SeqCst);
            let found = callers.by_user(&UserId::Int(MEMBER_A.0), facts).await;
            assert!(found.unwrap().is_some());
            assert_eq!(count.load(Ordering::SeqCst), costs, "{facts:?}");
        }
    }};
}

#[test]
fn a_caller_whose_facts_are_kept_costs_one_statement() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let migrations = Migrations::<i32, i32>::new().with_epochs();
        fresh.batch(&migrations.up(fresh.database)).await;
        match fresh.database {
            Database::Sqlite => found!(fresh, SyncConnectionWrapper<diesel::SqliteConnection>),
            Database::Postgres => found!(fresh, AsyncPgConnection),
            Database::Mysql => found!(fresh, AsyncMysqlConnection),
        }
        fresh
    });
}

#[test]
fn an_empty_scope_runs_no_query() {
    use diesel::Connection as _;
    let count = Arc::new(AtomicUsize::new(0));
    let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
    conn.set_instrumentation(Statements(count.clone()));
    // There is not even a table.
    let scope = || Scope::<Item>::new::<Member>(&loaded(NOBODY));
    assert!(scope().load(&mut conn).unwrap().is_empty());
    assert!(scope().first(&mut conn).is_err());
    assert_eq!(scope().count(&mut conn).unwrap(), 0);
    assert!(!scope().exists(&mut conn).unwrap());
    assert!(
        scope()
            .select(items::id)
            .load::<_, _, i32>(&mut conn)
            .unwrap()
            .is_empty()
    );
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

/// The number of statements of each write, in one database.
macro_rules! written {
    ($fresh:expr, $connection:ty, $read_back:expr) => {{
        let count = Arc::new(AtomicUsize::new(0));
        let mut conn = <$connection>::establish($fresh.url()).await.unwrap();
        conn.set_instrumentation(Statements(count.clone()));
        let conn = &mut conn;
        let tools = || managed::<Tool>(MANAGER_A);
        let renamed = |name: &str| ToolChanges {
            name: Some(name.into()),
            organization_id: None,
            kind_id: None,
        };
        let counted = |what: &str, costs: usize| {
            assert_eq!(count.swap(0, Ordering::SeqCst), costs, "{what}");
        };
        let number = tools().insert(tool(A, 1)).execute(conn).await.unwrap();
        counted("insert", number);
        let row = tools().insert(tool(A, 1)).get_result(conn).await.unwrap();
        counted("insert and return", 1 + $read_back);
        tools()
            .find(1)
            .update(renamed("x"))
            .execute(conn)
            .await
            .unwrap();
        counted("update", 1);
        tools()
            .find(1)
            .update(renamed("y"))
            .get_result(conn)
            .await
            .unwrap();
        counted("update and return", 1 + $read_back);
        let kind = ToolChanges {
            name: None,
            organization_id: None,
            kind_id: Some(Some(1)),
        };
        tools().find(1).update(kind).execute(conn).await.unwrap();
        counted("update of a relation", 1);
        tools().find(row.id).delete().execute(conn).await.unwrap();
        counted("delete", 1);
        // What is wrong is asked once more.
        assert!(tools().insert(tool(A, 2)).execute(conn).await.is_err());
        counted("a refused insert", 2);
        assert!(
            tools()
                .find(2)
                .update(renamed("x"))
                .execute(conn)
                .await
                .is_err()
        );
        counted("an update of a row of others", 2);
        assert!(tools().find(2).delete().execute(conn).await.is_err());
        counted("a delete of a row of others", 1);
    }};
}

#[test]
fn a_write_is_one_statement_and_one_more_where_a_database_does_not_return_rows() {
    use crate::writes::{Tool, ToolChanges, managed, tool, with_rows};
    on_each(async |fresh| {
        drop(with_rows(&fresh).await);
        match fresh.database {
            Database::Sqlite => {
                written!(fresh, SyncConnectionWrapper<diesel::SqliteConnection>, 0);
            }
            Database::Postgres => written!(fresh, AsyncPgConnection, 0),
            Database::Mysql => written!(fresh, AsyncMysqlConnection, 1),
        }
        fresh
    });
}
