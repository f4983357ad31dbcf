//! Pages. By cursor: complete in both directions, of the caller's scope, and of no list but their own. By number: parts of the list.

use axum::Json;
use diesel::ExpressionMethods as _;
use orgscope::axum::Router;
use orgscope::dialect::Database;
use orgscope::prelude::*;
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::{Answer, Http};
use serde_json::json;

use crate::models::*;
use crate::support::*;

/// A page of the names, in an order.
macro_rules! pages {
    ($name:ident, $order:expr) => {
        #[protected(member)]
        async fn $name(
            rows: Scoped<Item>,
            cursor: Cursor,
            mut db: Db,
        ) -> Result<Json<CursorPage<i32>>, ApiError> {
            let page = rows.cursor_page(cursor, $order, &mut db).await?;
            Ok(Json(page.map(|item| item.id)))
        }
    };
}

pages!(by_id, items::id.asc());
pages!(by_name_down, (items::name.desc(), items::id.asc()));
pages!(by_name_and_id_down, (items::name.asc(), items::id.desc()));

/// Items 20 to 39 of A, five with each name; others of B between them.
async fn serve(fresh: &Fresh) -> Http {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
    for id in 20..40 {
        let name = ["ab", "B", "a", "Z"][id % 4];
        let insert = format!(
            "INSERT INTO items VALUES ({id}, '{name}', 1), ({}, '{name}', 2);",
            id + 100
        );
        fresh.batch(&insert).await;
    }
    let routes = Router::new()
        .get("/by-id", by_id)
        .get("/by-name", by_name_down)
        .get("/by-name-too", by_name_and_id_down);
    let state = Tenancy::new(fresh.pool.clone());
    Http::serve(routes.into_axum().with_state(state)).await
}

fn ids(page: &Answer) -> Vec<i64> {
    assert_eq!(page.status, 200, "{page:?}");
    let rows = page.body["results"].as_array().unwrap();
    rows.iter().map(|row| row.as_i64().unwrap()).collect()
}

/// The pages from a link on, by the links of one direction.
fn follow(http: &Http, from: &str, direction: &str, token: &str) -> Vec<Answer> {
    let mut pages = vec![http.get(from, token)];
    while let Some(link) = pages.last().unwrap().body[direction].as_str() {
        assert!(pages.len() < 50, "the links do not end");
        pages.push(http.get(link, token));
    }
    pages
}

#[test]
fn a_list_is_read_by_cursor_in_both_directions() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let token = token(&fresh, MEMBER_A).await;
        for path in ["/by-id", "/by-name", "/by-name-too"] {
            let whole = ids(&http.get(&format!("{path}?page_size=100"), &token));
            let mut of_a: Vec<i64> = [1, 11].into_iter().chain(20..40).collect();
            if path != "/by-id" {
                assert_ne!(whole, of_a, "the order is another one");
            }
            for size in [1, 3, 7, 22, 23] {
                let from = format!("{path}?page_size={size}&other=1%262");
                let pages = follow(&http, &from, "next", &token);
                assert_eq!(pages.len(), 22_usize.div_ceil(size), "{from}");
                assert_eq!(pages[0].body["previous"], json!(null));
                let rows: Vec<i64> = pages.iter().flat_map(ids).collect();
                assert_eq!(rows, whole, "{from}");
                let Some(last) = pages.last().unwrap().body["previous"].as_str() else {
                    assert_eq!(pages.len(), 1);
                    continue;
                };
                assert!(last.contains("other=1%262"), "{last}");
                let back = follow(&http, last, "previous", &token);
                let before: Vec<i64> = back.iter().rev().flat_map(ids).collect();
                let ended = whole.len() - ids(pages.last().unwrap()).len();
                assert_eq!(before, whole[..ended], "{last}");
                // And forwards again, from the first page reached backwards.
                let again = back.last().unwrap().body["next"].as_str().unwrap();
                assert_eq!(
                    ids(&http.get(again, &token))[0],
                    whole[ids(back.last().unwrap()).len()]
                );
            }
            of_a.sort_unstable();
            let mut sorted = whole;
            sorted.sort_unstable();
            assert_eq!(sorted, of_a);
        }
        // A row that comes in before the position does not push another one onto the next page.
        let first = http.get("/by-id?page_size=2", &token);
        fresh.batch("INSERT INTO items VALUES (5, 'new', 1);").await;
        let next = http.get(first.body["next"].as_str().unwrap(), &token);
        assert_eq!((ids(&first), ids(&next)), (vec![1, 11], vec![20, 21]));
        fresh
    });
}

#[test]
fn leak_32_a_cursor_is_of_its_list_and_shows_its_readers_rows() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let (superuser, member) = (
            token(&fresh, SUPERUSER).await,
            token(&fresh, MEMBER_A).await,
        );
        let stranger = token(&fresh, NOBODY).await;
        let page = http.get("/by-name?page_size=3", &superuser);
        let next = page.body["next"].as_str().unwrap();
        assert_eq!(ids(&http.get(next, &superuser)).len(), 3);
        // The scope is that of whoever reads.
        for link in follow(&http, next, "next", &member) {
            assert!(ids(&link).iter().all(|id| *id < 100), "{link:?}");
        }
        assert_eq!(ids(&http.get(next, &stranger)), [0; 0]);
        let cursor = next.split_once("cursor=").unwrap().1;
        let refused = |path: String| {
            let answer = http.get(&path, &member);
            assert_eq!(answer.status, 400, "{path}: {answer:?}");
            assert_eq!(answer.body["errors"], json!({"cursor": ["invalid"]}));
        };
        refused(format!("/by-id?cursor={cursor}"));
        refused(format!("/by-name-too?cursor={cursor}"));
        for at in (0..cursor.len()).step_by(7) {
            let other = if &cursor[at..=at] == "A" { "B" } else { "A" };
            refused(format!(
                "/by-name?cursor={}{other}{}",
                &cursor[..at],
                &cursor[at + 1..]
            ));
            refused(format!("/by-name?cursor={}", &cursor[..at.max(1)]));
        }
        for text in ["%00", "x", "null", "%F0%9F%92%A9", "=", &"A".repeat(5_000)] {
            refused(format!("/by-name?cursor={text}"));
        }
        // No cursor is the first page; another service's is nobody's.
        assert_eq!(
            ids(&http.get("/by-name?page_size=3&cursor=", &superuser)),
            ids(&page)
        );
        let other = serve_again(&fresh).await;
        assert_eq!(other.get(next, &member).status, 400);
        fresh
    });
}

/// The same service after a restart, with another key.
async fn serve_again(fresh: &Fresh) -> Http {
    let routes = Router::new().get("/by-name", by_name_down);
    let key = orgscope::signing::SigningKey::new([7; 32]);
    let state = Tenancy::new(fresh.pool.clone()).signing_key(key);
    Http::serve(routes.into_axum().with_state(state)).await
}

/// What a page counts is what a list has, whatever the ranges: of organizations and of shared rows, with filters and alternatives.
#[test]
fn a_total_is_the_length_of_the_list() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        for user in USERS {
            let scope = || Scope::<Group>::new::<orgscope::policy::Member>(&loaded(user));
            let first = || Paging::read("/groups", "page_size=1").unwrap();
            macro_rules! agrees {
                ($scope:expr) => {{
                    let all: Vec<Group> = $scope.load(conn).await.unwrap();
                    let page = $scope.page(first(), groups::id.asc(), conn);
                    let page: Page<Group> = page.await.unwrap();
                    assert_eq!(page.count, all.len() as i64, "{user:?}");
                    assert_eq!(page.results.len(), all.len().min(1));
                    assert_eq!($scope.count(conn).await.unwrap(), page.count);
                }};
            }
            agrees!(scope());
            agrees!(scope().filter(groups::id.gt(1)));
            agrees!(scope().filter(groups::id.eq(1)).or_filter(groups::id.eq(4)));
            agrees!(scope().distinct());
        }
        fresh
    });
}

/// An index counts each of the two ranges; their union it does not.
#[test]
fn shared_rows_are_counted_by_themselves() {
    use diesel::connection::{Connection as _, InstrumentationEvent};
    use std::sync::{Arc, Mutex};

    let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
    let tables = rows(Database::Sqlite);
    diesel::connection::SimpleConnection::batch_execute(&mut conn, &tables).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let asking = asked.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            asking.lock().unwrap().push(query.to_string());
        }
    });
    let counts = |user: User, conn: &mut diesel::SqliteConnection| {
        asked.lock().unwrap().clear();
        let scope = Scope::<Group>::new::<orgscope::policy::Member>(&loaded(user));
        let first = Paging::read("/groups", "").unwrap();
        let page: Page<Group> = scope.page(first, groups::id.asc(), conn).unwrap();
        assert!(page.count > 0);
        asked.lock().unwrap()[0].matches("COUNT(*)").count()
    };
    assert_eq!(counts(MANAGER_A, &mut conn), 2);
    // Members do not see shared rows, and superusers see all.
    assert_eq!(counts(MEMBER_A, &mut conn), 1);
    assert_eq!(counts(SUPERUSER, &mut conn), 1);
}

const SOME: [i32; 5] = [10, 20, 30, 40, 50];

/// Rows of each kind, more than are asked of a range, of all the organizations and, where they may be, of none. Names repeat.
fn many_rows() -> String {
    let rows = (100..400).map(|id| {
        let organization = match id % 6 {
            0 => "NULL".to_owned(),
            n => SOME[n as usize - 1].to_string(),
        };
        let name = id * 7 % 13;
        format!(
            "INSERT INTO common VALUES ({id}, 'name {name:02}', {organization}); INSERT INTO owned VALUES ({id}, 'name {name:02}', {});",
            SOME[id as usize % 5]
        )
    });
    rows.collect()
}

diesel::table! { owned (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(diesel::Queryable, diesel::Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = owned)]
struct Owned {
    id: i32,
    name: String,
    organization_id: i32,
}

diesel::table! { common (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

#[derive(diesel::Queryable, diesel::Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = common)]
#[org_scoped(shared = read)]
struct Common {
    id: i32,
    name: String,
    organization_id: Option<i32>,
}

/// All pages together are the list, however the database is asked for their first rows.
#[test]
fn pages_are_the_list_in_parts() {
    on_each(async |fresh| {
        seed(&fresh).await;
        for (table, null) in [("owned", "NOT NULL"), ("common", "")] {
            let columns = "id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL";
            let table = format!("CREATE TABLE {table} ({columns}, organization_id INTEGER {null})");
            fresh.batch(&table).await;
        }
        fresh.batch(&many_rows()).await;
        let conn = &mut connection(&fresh).await;
        let roles = |of: &'static [i32], role| of.iter().map(move |one| (*one, role));
        for caller in [
            Principal::new(1, false, roles(&SOME[..1], Role::Manager)),
            Principal::new(1, false, roles(&SOME, Role::Manager)),
            Principal::new(1, false, roles(&SOME, Role::Member)),
            Principal::new(1, true, []),
        ] {
            macro_rules! parts {
                ($model:ty, $scope:expr, $order:expr) => {{
                    let all: Vec<$model> = $scope.order($order).load(conn).await.unwrap();
                    assert!(all.len() > 3, "{caller:?}");
                    for size in [7, 100] {
                        let mut parts = Vec::new();
                        let mut query = format!("page_size={size}");
                        loop {
                            let paging = Paging::read("/", &query).unwrap();
                            let page: Page<$model> =
                                $scope.page(paging, $order, conn).await.unwrap();
                            assert_eq!(page.count, all.len() as i64);
                            parts.extend(page.results);
                            match page.next {
                                Some(next) => query = next.split_once('?').unwrap().1.to_owned(),
                                None => break,
                            }
                        }
                        assert_eq!(parts, all, "{caller:?} {size}");
                    }
                }};
            }
            let common = || Scope::<Common>::new::<orgscope::policy::Member>(&caller);
            let owned = || Scope::<Owned>::new::<orgscope::policy::Member>(&caller);
            parts!(Common, common(), (common::name.desc(), common::id.asc()));
            parts!(Owned, owned(), (owned::name.desc(), owned::id.asc()));
            let some = || common().filter(common::name.gt("name 03"));
            parts!(Common, some(), (common::name.asc(), common::id.desc()));
            let some = || {
                owned()
                    .filter(owned::name.gt("name 03"))
                    .or_filter(owned::id.lt(120))
            };
            parts!(Owned, some(), (owned::name.asc(), owned::id.desc()));
            let distinct = || owned().distinct();
            parts!(Owned, distinct(), (owned::name.asc(), owned::id.desc()));
        }
        fresh
    });
}

/// SQLite is asked for the first rows of either range, within the scope, and plans none of it anew for a limit.
#[test]
fn first_rows_are_asked_of_each_range() {
    use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
    use std::sync::{Arc, Mutex};

    let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
    let columns =
        "id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, organization_id INTEGER";
    conn.batch_execute(&format!(
        "CREATE TABLE common ({columns}); CREATE TABLE owned ({columns});"
    ))
    .unwrap();
    conn.batch_execute(&many_rows()).unwrap();
    let heard = Arc::new(Mutex::new(String::new()));
    let hearing = heard.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            *hearing.lock().unwrap() = query.to_string();
        }
    });
    let of = |organizations: &'static [i32]| {
        let roles = organizations.iter().map(|one| (*one, Role::Manager));
        Principal::new(1, false, roles)
    };
    let caller = of(&SOME);
    let common = || Scope::<Common>::new::<orgscope::policy::Manager>(&caller);
    let order = common::id.asc();
    let first = || Paging::read("/", "").unwrap();

    let _: Page<Common> = common().page(first(), order, &mut conn).unwrap();
    let text = heard.lock().unwrap().clone();
    assert_eq!(text.matches("UNION ALL").count(), 1, "{text}");
    assert_eq!(text.matches("/* orgscope `common` */").count(), 3, "{text}");
    assert_eq!(text.matches("`organization_id` IN").count(), 2, "{text}");
    assert_eq!(
        text.matches("`organization_id` IS NULL").count(),
        2,
        "{text}"
    );
    assert!(
        !text.contains("LIMIT ?") && text.contains("LIMIT +?"),
        "{text}"
    );

    // An own selection, rows far from the start, one range: as they are.
    let _: Page<i32> = common()
        .select(common::id)
        .page(first(), order, &mut conn)
        .unwrap();
    assert!(!heard.lock().unwrap().contains("UNION"));
    let far = Paging::read("/", "page=3&page_size=100").unwrap();
    let _: Page<Common> = common().page(far, order, &mut conn).unwrap();
    assert!(!heard.lock().unwrap().contains("UNION"));
    let owned = Scope::<Owned>::new::<orgscope::policy::Manager>(&caller);
    let _: Page<Owned> = owned.page(first(), owned::id.asc(), &mut conn).unwrap();
    assert!(!heard.lock().unwrap().contains("UNION"));
}

#[test]
fn a_page_has_no_limit_but_its_own() {
    use diesel::connection::{Connection as _, SimpleConnection as _};

    let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
    conn.batch_execute(
        "CREATE TABLE common (id INTEGER PRIMARY KEY, name TEXT NOT NULL, organization_id INTEGER)",
    )
    .unwrap();
    conn.batch_execute("INSERT INTO common VALUES (1, 'a', 10), (2, 'b', 10), (3, 'c', NULL)")
        .unwrap();
    let caller = Principal::new(1, false, [(10, Role::Manager)]);
    let rows = || Scope::<Common>::new::<orgscope::policy::Manager>(&caller);
    macro_rules! refused {
        ($rows:expr) => {{
            let first = Paging::read("/", "").unwrap();
            let page: Result<Page<Common>, Error> = $rows.page(first, common::id.asc(), &mut conn);
            let Err(Error::Query(error)) = page else {
                panic!("a query of its own");
            };
            assert!(error.to_string().contains("`limit`"));
        }};
    }
    refused!(rows().limit(1));
    refused!(rows().offset(1));
}
