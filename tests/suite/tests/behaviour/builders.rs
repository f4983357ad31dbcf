//! Diesel's builder methods and terminals on `Scoped`, on synchronous and asynchronous connections of three databases.

use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use futures_util::TryStreamExt;
use orgscope::connection::{Asynchronous, Blocking};
use orgscope::dialect::Database;
use orgscope::policy::Member;
use orgscope::{Denied, Error, OptionalRow, Scope, Scoped};
use orgscope_suite::databases::{Fresh, on_each};

use crate::models::*;
use crate::support::*;

fn items_of(user: User) -> Scoped<Item> {
    Scope::<Item>::new::<Member>(&loaded(user))
}

/// The same program on any connection. The kind of answer is named only because `AsyncConnectionWrapper` is both.
#[rustfmt::skip]
macro_rules! program {
    ($kind:ty, $conn:expr $(, $await:tt)?) => {{
        type K = $kind;
        let conn = $conn;
        // `run!` is `.await` on asynchronous connections, nothing on others.
        macro_rules! run {
                ($query:expr) => { $query$(.$await)?.unwrap() };
            }
        let ids = |rows: Vec<Item>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();

        let found = run!(
            items_of(MANAGER_A)
                .order(items::id.desc())
                .load::<_, K, _>(conn)
        );
        assert_eq!(ids(found), [11, 4, 1]);
        let found = run!(
            items_of(MANAGER_A)
                .filter(items::name.eq("b"))
                .load::<_, K, _>(conn)
        );
        assert_eq!(ids(found), [0; 0]);
        // An alternative widens the filter, not the scope; nor does one that comes last.
        let wide = items_of(MANAGER_A)
            .filter(items::id.eq(1))
            .or_filter(items::id.gt(0));
        assert_eq!(
            ids(run!(wide.order(items::id).load::<_, K, _>(conn))),
            [1, 4, 11]
        );
        let ordered = items_of(MANAGER_A)
            .order(items::name)
            .then_order_by(items::id.desc());
        assert_eq!(ids(run!(ordered.load::<_, K, _>(conn))), [11, 1, 4]);
        let page = items_of(MANAGER_A).order(items::id).limit(1).offset(1);
        assert_eq!(ids(run!(page.get_results::<_, K, _>(conn))), [4]);
        let names: Vec<String> = run!(
            items_of(MANAGER_A)
                .select(items::name)
                .distinct()
                .order(items::name)
                .load::<_, K, _>(conn)
        );
        assert_eq!(names, ["a", "shared"]);
        let grouped = items_of(MANAGER_A)
            .group_by(items::name)
            .select((items::name, diesel::dsl::count_star()))
            .order(items::name);
        let counts: Vec<(String, i64)> = run!(grouped.load::<_, K, _>(conn));
        assert_eq!(counts, [("a".to_owned(), 2), ("shared".to_owned(), 1)]);

        assert_eq!(
            run!(items_of(MANAGER_A).first::<_, K, _>(conn).optional_row()).map(|row| row.id),
            Some(1)
        );
        assert_eq!(
            run!(
                items_of(MEMBER_A)
                    .find(2)
                    .first::<_, K, _>(conn)
                    .optional_row()
            ),
            None
        );
        assert_eq!(
            run!(items_of(MANAGER_A).find(4).get_result::<_, K, _>(conn)).name,
            "shared"
        );
        assert_eq!(run!(items_of(MANAGER_A).count::<_, K>(conn)), 3);
        assert_eq!(run!(items_of(SUPERUSER).count::<_, K>(conn)), 6);
        assert_eq!(run!(items_of(NOBODY).count::<_, K>(conn)), 0);
        assert!(run!(
            items_of(MEMBER_A)
                .filter(items::id.eq(11))
                .exists::<_, K>(conn)
        ));
        assert!(!run!(
            items_of(MEMBER_A)
                .filter(items::id.eq(2))
                .exists::<_, K>(conn)
        ));
        assert!(!run!(items_of(NOBODY).exists::<_, K>(conn)));
        // The aggregate of no rows is a row.
        let highest = diesel::dsl::max(items::id);
        assert_eq!(
            run!(
                items_of(NOBODY)
                    .select(highest)
                    .get_result::<_, K, Option<i32>>(conn)
            ),
            None
        );
        assert_eq!(
            run!(
                items_of(MEMBER_A)
                    .select(highest)
                    .get_result::<_, K, Option<i32>>(conn)
            ),
            Some(11)
        );

        let of = |user| Scope::<Group>::new::<Member>(&loaded(user));
        let pairs: Vec<(Item, Group)> = run!(
            items_of(OWNER_A_MEMBER_B)
                .inner_join(of(OWNER_A_MEMBER_B))
                .order(items::id)
                .load::<_, K, _>(conn)
        );
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(item, group)| (item.id, group.id))
            .collect();
        assert_eq!(pairs, [(1, 1), (2, 2), (4, 4), (11, 1)]);
        // The joined table brings its own scope: a superuser's items with a member's groups.
        let pairs = run!(
            items_of(SUPERUSER)
                .left_join(of(MEMBER_A))
                .order(items::id)
                .load::<_, K, _>(conn)
        );
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(item, group)| (item.id, group.as_ref().map(|g| g.id)))
            .collect();
        assert_eq!(
            pairs,
            [
                (1, Some(1)),
                (2, None),
                (3, None),
                (4, None),
                (9, None),
                (11, Some(1))
            ]
        );
        // Another condition, and a model without a tenant.
        let named = run!(
            items_of(MEMBER_A)
                .inner_join(Scoped::<Country>::global().on(countries::id.eq(items::id)))
                .load::<_, K, _>(conn)
        );
        assert_eq!(named.len(), 1);
        assert_eq!(named[0].1.name, "France");
        let three = run!(
            items_of(MEMBER_A)
                .inner_join(of(MEMBER_A))
                .left_join(Scoped::<Country>::global().on(countries::id.eq(items::id)))
                .order(items::id)
                .load::<_, K, _>(conn)
        );
        assert_eq!(
            three
                .iter()
                .map(|(_, _, c)| c.is_some())
                .collect::<Vec<_>>(),
            [true, false]
        );
        let borrowed = String::from("shared");
        let found = run!(
            items_of(MANAGER_B)
                .filter(items::name.eq(borrowed.as_str()))
                .load::<_, K, _>(conn)
        );
        assert_eq!(ids(found), [4]);
    }};
}

/// `.optional()` on a result, and on a future of one.
trait OptionalAnswer: Sized {
    type Optional;
    fn optional_row(self) -> Self::Optional;
}

impl<T> OptionalAnswer for Result<T, Error> {
    type Optional = Result<Option<T>, Error>;
    fn optional_row(self) -> Self::Optional {
        self.optional()
    }
}

impl<'a, T: 'a> OptionalAnswer for futures_util::future::BoxFuture<'a, Result<T, Error>> {
    type Optional = futures_util::future::BoxFuture<'a, Result<Option<T>, Error>>;
    fn optional_row(self) -> Self::Optional {
        Box::pin(async move { self.await.optional() })
    }
}

async fn with_rows(fresh: &Fresh) {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
}

#[test]
fn asynchronous_connections() {
    on_each(async |fresh| {
        with_rows(&fresh).await;
        program!(Asynchronous, &mut connection(&fresh).await, await);
        fresh
    });
}

#[test]
fn synchronous_connections() {
    on_each(async |fresh| {
        with_rows(&fresh).await;
        let url = fresh.url().to_owned();
        let database = fresh.database;
        let running = tokio::task::spawn_blocking(move || match database {
            Database::Sqlite => program!(Blocking, &mut SqliteConnection::establish(&url).unwrap()),
            Database::Postgres => {
                program!(
                    Blocking,
                    &mut AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url).unwrap()
                )
            }
            Database::Mysql => {
                program!(
                    Blocking,
                    &mut AsyncConnectionWrapper::<AsyncMysqlConnection>::establish(&url).unwrap()
                )
            }
        });
        running.await.unwrap();
        fresh
    });
}

#[test]
fn boxed_queries_keep_the_scope() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    diesel::connection::SimpleConnection::batch_execute(&mut conn, &rows(Database::Sqlite))
        .unwrap();
    for only_named in [None, Some("a"), Some("b")] {
        let mut query = items_of(MEMBER_A).into_boxed::<diesel::sqlite::Sqlite>();
        if let Some(name) = only_named {
            query = query.filter(items::name.eq(name));
        }
        query = query.or_filter(items::id.eq(2));
        let found: Vec<Item> = query.load(&mut conn).unwrap();
        assert!(
            found.iter().all(|item| item.group_id == Some(1)),
            "{found:?}"
        );
        assert_eq!(found.len(), if only_named == Some("a") { 2 } else { 0 });
    }
}

#[test]
fn rows_stream() {
    on_each(async |fresh| {
        with_rows(&fresh).await;
        let conn = &mut connection(&fresh).await;
        for (user, expected) in [(NOBODY, 0), (MEMBER_A, 2), (SUPERUSER, 6)] {
            let stream = items_of(user).load_stream(conn).await.unwrap();
            let streamed: Vec<Item> = stream.try_collect().await.unwrap();
            assert_eq!(streamed.len(), expected);
        }
        fresh
    });
}

#[test]
fn rows_come_one_by_one_on_synchronous_connections() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    diesel::connection::SimpleConnection::batch_execute(&mut conn, &rows(Database::Sqlite))
        .unwrap();
    for (user, expected) in [(NOBODY, 0), (MEMBER_A, 2), (SUPERUSER, 6)] {
        let items = items_of(user).load_iter(&mut conn).unwrap();
        let items: Vec<Item> = items.collect::<Result<_, _>>().unwrap();
        assert_eq!(items.len(), expected);
    }
}

#[test]
fn a_missing_row_is_not_found_and_a_bad_query_is_an_error() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    diesel::connection::SimpleConnection::batch_execute(&mut conn, &rows(Database::Sqlite))
        .unwrap();
    let missing = items_of(MEMBER_A).find(77).first(&mut conn);
    assert!(matches!(missing, Err(Error::Denied(Denied::NotFound))));
    let bad = items_of(MEMBER_A).filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
        "no such column",
    ));
    assert!(matches!(bad.load(&mut conn), Err(Error::Query(_))));
    let one = items_of(MEMBER_A)
        .select(diesel::dsl::sql::<Integer>("1"))
        .limit(1);
    assert_eq!(one.load::<_, _, i32>(&mut conn).unwrap(), [1]);
}
