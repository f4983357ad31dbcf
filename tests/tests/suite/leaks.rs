//! Classes of leaks, by their numbers in the catalogue: two organizations with rows in both, a superuser, a stranger and
//! shared rows.

use diesel::prelude::*;
use orgscope::connection::{Answers, Kind};
use orgscope::policy::{Manager, Member};
use orgscope::{AnyConnection, Principal, Role, Scope};
use orgscope_tests::databases::{Fresh, on_each};

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

#[test]
fn leak_36_a_hundred_thousand_organizations() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let many = (0..100_000).map(|n| (if n == 0 { A } else { 1_000 + n }, Role::Member));
        // The caller of the loaded set is in A only, as far as the database knows: beyond a dialect's limit of binds the
        // database is asked, and answers the same.
        let caller = Principal::new(MEMBER_A.0, false, many);
        let scope = Scope::<Item>::new::<Member>(&caller);
        let found: Vec<i32> = scope
            .select(items::id)
            .order(items::id)
            .load(conn)
            .await
            .unwrap();
        assert_eq!(found, [1, 11]);
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
    fn answers<C: Answers<K>, K: Kind>(_: &C) {}
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        answers(conn);
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
