//! Classes of leaks, by their numbers in the catalogue: two organizations with rows in both, a superuser, a stranger and
//! shared rows.

use std::time::Duration;

use diesel::prelude::*;
use orgscope::dialect::Database;
use orgscope::identity::principal;
use orgscope::policy::{Manager, Member};
use orgscope::pool::Pool;
use orgscope::{AnyConnection, AnyPool, Facts, Principal, Role, Scope};
use orgscope_suite::databases::{Fresh, on_each};

use crate::models::*;
use crate::support::*;

async fn with_rows(fresh: &Fresh) -> AnyConnection {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
    connection(fresh).await
}

async fn ids(user: User, conn: &mut AnyConnection) -> Vec<i32> {
    let scope = Scope::<Item>::new::<Member>(&loaded(user));
    scope
        .select(items::id)
        .order(items::id)
        .load(conn)
        .await
        .unwrap()
}

#[test]
fn leak_05_an_outer_join_neither_drops_nor_leaks() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        // A superuser's items beside a member's groups: the items of other groups stay, their groups do not show.
        let items_of_all = Scope::<Item>::new::<Member>(&loaded(SUPERUSER));
        let groups_of_a = Scope::<Group>::new::<Member>(&loaded(MEMBER_A));
        let rows = items_of_all
            .left_join(groups_of_a)
            .load(conn)
            .await
            .unwrap();
        assert_eq!(rows.len(), 6);
        for (item, group) in rows {
            assert_eq!(group.is_some(), item.group_id == Some(1), "{item:?}");
        }
        fresh
    });
}

#[test]
fn leak_06_aggregates_have_the_same_source() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        for user in USERS {
            let scope = || Scope::<Item>::new::<Member>(&loaded(user));
            let listed = ids(user, conn).await;
            assert_eq!(scope().count(conn).await.unwrap(), listed.len() as i64);
            assert_eq!(scope().exists(conn).await.unwrap(), !listed.is_empty());
            let highest = scope().select(diesel::dsl::max(items::id));
            let highest: Option<i32> = highest.get_result(conn).await.unwrap();
            assert_eq!(highest, listed.last().copied());
        }
        fresh
    });
}

#[test]
fn leak_10_a_key_does_not_bypass_the_scope() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        for user in USERS {
            let listed = ids(user, conn).await;
            for id in [1, 2, 3, 4, 9, 11] {
                let scope = || Scope::<Item>::new::<Member>(&loaded(user));
                let found = scope().find(id).first(conn).await.is_ok();
                assert_eq!(found, listed.contains(&id));
                assert_eq!(scope().get(id, conn).await.is_ok(), found);
            }
        }
        fresh
    });
}

#[test]
fn leak_21_shared_rows_show_to_those_who_manage_something() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        for user in USERS {
            let manages = loaded(user).highest_role() >= Some(Role::Manager);
            let shows = ids(user, conn).await.contains(&4);
            assert_eq!(shows, manages || user == SUPERUSER, "{user:?}");
        }
        fresh
    });
}

#[test]
fn leak_22_a_role_in_one_organization_is_none_in_another() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let scope = Scope::<Item>::new::<Manager>(&loaded(OWNER_A_MEMBER_B));
        let managed: Vec<i32> = scope
            .select(items::id)
            .order(items::id)
            .load(conn)
            .await
            .unwrap();
        assert_eq!(managed, [1, 4, 11]);
        fresh
    });
}

#[test]
fn leak_25_an_alternative_cannot_widen_the_scope() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        for user in USERS {
            let scope = Scope::<Item>::new::<Member>(&loaded(user));
            let wide = scope
                .filter(items::id.eq(1))
                .or_filter(items::id.ne(0))
                .or_filter(items::name.ne(""));
            let wide: Vec<i32> = wide
                .select(items::id)
                .order(items::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(wide, ids(user, conn).await);
        }
        fresh
    });
}

/// Text in a predicate cannot take the scope's condition apart.
#[test]
fn leak_25_an_alternative_in_text_cannot_widen_the_scope() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let everything = || diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 1 OR 1 = 1");
        for user in USERS {
            let scope = || Scope::<Item>::new::<Member>(&loaded(user));
            let expected = ids(user, conn).await;
            let first: Vec<i32> = scope()
                .filter(everything())
                .select(items::id)
                .order(items::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(first, expected);
            let alternative: Vec<i32> = scope()
                .or_filter(everything())
                .select(items::id)
                .order(items::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(alternative, expected);
            assert_eq!(
                scope().filter(everything()).count(conn).await.unwrap(),
                expected.len() as i64
            );
        }
        fresh
    });
}

/// A request that was aborted leaves no answer behind for the next one.
#[test]
fn leak_28_a_pooled_connection_carries_no_answer_over() {
    on_each(async |fresh| {
        let _ = with_rows(&fresh).await;
        let slow = match fresh.database {
            Database::Sqlite => {
                "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT COUNT(*) FROM n) > 0"
            }
            Database::Postgres => "pg_sleep(0.6) IS NOT NULL",
            Database::Mysql => "SLEEP(0.3) = 0",
        };
        let pool = AnyPool::connect(fresh.url(), 1).unwrap();
        for _ in 0..3 {
            let mut conn = pool.connection().await.unwrap();
            let scope = Scope::<Item>::new::<Member>(&loaded(SUPERUSER));
            let slow = scope.filter(diesel::dsl::sql::<diesel::sql_types::Bool>(slow));
            let slow = slow.select(items::id).load::<_, _, i32>(&mut conn);
            assert!(
                tokio::time::timeout(Duration::from_millis(50), slow)
                    .await
                    .is_err(),
                "not slow enough"
            );
            drop(conn);
            let mut conn = pool.connection().await.unwrap();
            assert_eq!(ids(MEMBER_A, &mut conn).await, [1, 11]);
        }
        fresh
    });
}

/// A caller that is given less than its user has, has less: in lists and for one row.
#[test]
fn leak_30_a_narrowed_caller_is_not_widened_by_the_tables() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        for (given, expected) in [(vec![], vec![]), (vec![(B, Role::Member)], vec![2])] {
            // In the tables it is a manager of A.
            let caller = Principal::new(MANAGER_A.0, false, given);
            let scope = Scope::<Item>::new::<Member>(&caller);
            let listed: Vec<i32> = scope.clone().select(items::id).load(conn).await.unwrap();
            assert_eq!(listed, expected);
            for id in [1, 2, 4] {
                let gets = scope.clone().get(id, conn).await.is_ok();
                assert_eq!(gets, expected.contains(&id), "{id}");
            }
        }
        fresh
    });
}

#[test]
fn leak_36_a_hundred_thousand_organizations() {
    const DIGITS: &str = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
        UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let number = "1000 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d";
        let numbers = format!(
            "FROM {DIGITS} AS a, {DIGITS} AS b, {DIGITS} AS c, {DIGITS} AS e, {DIGITS} AS f"
        );
        let text = match fresh.database {
            orgscope::dialect::Database::Mysql => format!("CAST({number} AS CHAR)"),
            _ => format!("CAST({number} AS VARCHAR(20))"),
        };
        fresh
            .batch(&format!(
                "INSERT INTO organizations (id, name, slug) SELECT {number}, 'many', {text} {numbers};
                 INSERT INTO memberships (user_id, organization_id, role) SELECT {0}, {number}, 1 {numbers};",
                MEMBER_A.0
            ))
            .await;
        for facts in [Facts::MEMBERSHIPS, Facts::CALLER] {
            let caller: Principal = principal(MEMBER_A.0, facts, conn).await.unwrap().unwrap();
            if facts == Facts::MEMBERSHIPS {
                assert_eq!(caller.memberships().unwrap().len(), 100_001);
            }
            let scope = Scope::<Item>::new::<Member>(&caller);
            let found: Vec<i32> = scope
                .clone()
                .select(items::id)
                .order(items::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(found, [1, 11]);
            assert!(scope.clone().get(1, conn).await.is_ok());
            assert!(scope.get(2, conn).await.is_err());
        }
        fresh
    });
}

#[test]
fn leak_39_a_broken_path_belongs_to_nobody() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        for user in USERS {
            assert_eq!(
                ids(user, conn).await.contains(&9),
                user == SUPERUSER,
                "{user:?}"
            );
        }
        fresh
    });
}

/// Every order of callers on one connection: nobody runs the statement that was prepared for another.
#[test]
fn leak_41_no_caller_runs_anothers_statement() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let mut expected = Vec::new();
        for user in USERS {
            let fresh_connection = &mut connection(&fresh).await;
            expected.push(observed(user, fresh_connection).await);
        }
        for first in 0..USERS.len() {
            for second in 0..USERS.len() {
                for third in 0..USERS.len() {
                    for at in [first, second, third] {
                        assert_eq!(observed(USERS[at], conn).await, expected[at]);
                    }
                }
            }
        }
        fresh
    });
}

/// Everything that can be asked about items, in a few statements of every kind.
async fn observed(user: User, conn: &mut AnyConnection) -> (Vec<i32>, i64, bool, Vec<bool>, usize) {
    let scope = || Scope::<Item>::new::<Member>(&loaded(user));
    let mut gets = Vec::new();
    for id in [1, 2, 4] {
        gets.push(scope().get(id, conn).await.is_ok());
    }
    let groups = Scope::<Group>::new::<Member>(&loaded(user));
    (
        ids(user, conn).await,
        scope().count(conn).await.unwrap(),
        scope().filter(items::id.eq(4)).exists(conn).await.unwrap(),
        gets,
        scope().inner_join(groups).load(conn).await.unwrap().len(),
    )
}

/// Every class of the catalogue has a test that is named after it, here or among the errors of the compiler.
#[test]
fn every_class_of_leaks_has_its_test() {
    let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = String::new();
    for folder in ["tests/behaviour", "../tests/replays"] {
        for entry in std::fs::read_dir(tests.join(folder)).unwrap() {
            names += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    for entry in std::fs::read_dir(tests.join("../../ui-tests/rustc/leaks")).unwrap() {
        names += &format!("fn {}\n", entry.unwrap().file_name().display());
    }
    let missing = (1..=41).filter(|number| !names.contains(&format!("fn leak_{number:02}_")));
    assert_eq!(missing.collect::<Vec<_>>(), [0; 0]);
}
