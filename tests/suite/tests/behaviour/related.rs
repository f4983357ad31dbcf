//! Classes of leaks among related rows, statements and locks, by their numbers in the catalogue.

use diesel::prelude::*;
use orgscope::dialect::Database;
use orgscope::policy::{Manager, Member};
use orgscope::prelude::*;
use orgscope::transaction::Transaction;
use orgscope::{AnyConnection, AnyPool, OrgChangeset};
use orgscope_suite::databases::{Fresh, on_each};

use crate::models::*;
use crate::support::*;

async fn with_rows(fresh: &Fresh) -> AnyConnection {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
    connection(fresh).await
}

#[test]
fn leak_07_children_of_whatever_parents_are_scoped_again() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        // The parents of everybody, as a superuser's list would have them.
        let everything = Scope::<Item>::new::<Member>(&loaded(SUPERUSER));
        let parents: Vec<i32> = everything.select(items::id).load(conn).await.unwrap();
        assert_eq!(parents.len(), 6);
        for (user, expected) in [
            (MEMBER_A, vec![1]),
            (MANAGER_B, vec![2, 4]),
            (NOBODY, vec![]),
        ] {
            let children = Scope::<Part>::new::<Member>(&loaded(user));
            let children = children.filter(parts::item_id.eq_any(parents.clone()));
            let ids: Vec<i32> = children
                .select(parts::id)
                .order(parts::id)
                .load(conn)
                .await
                .unwrap();
            assert_eq!(ids, expected, "{user:?}");
        }
        fresh
    });
}

#[test]
fn leak_08_a_foreign_key_does_not_lead_to_another_tenants_row() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let caller = loaded(MANAGER_A);
        // Both ways of a transfer are seen by who receives it; the group that it came from is another's.
        let received = Scope::<Transfer>::new::<Manager>(&caller);
        let from: Vec<i32> = received
            .select(transfers::from_group_id)
            .load(conn)
            .await
            .unwrap();
        assert_eq!(from, [2]);
        let sender = Scope::<Group>::new::<Manager>(&caller).get(2, conn).await;
        assert!(matches!(sender, Err(Error::Denied(Denied::NotFound))));
        let own = Scope::<Group>::new::<Manager>(&caller).get(1, conn).await;
        assert_eq!(own.unwrap().organization_id, Some(A));
        fresh
    });
}

#[test]
fn leak_26_statements_that_one_connection_keeps_are_nobodys() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let expected = [
            (MEMBER_A, vec![1, 11]),
            (MANAGER_B, vec![2, 4]),
            (OWNER_A_MEMBER_B, vec![1, 2, 4, 11]),
            (SUPERUSER, vec![1, 2, 3, 4, 9, 11]),
            (NOBODY, vec![]),
        ];
        // Over and over on one connection, which keeps what it has prepared.
        for round in 0..40 {
            for turn in 0..expected.len() {
                let (user, rows) = &expected[(turn * (round + 1)) % expected.len()];
                let scope = || Scope::<Item>::new::<Member>(&loaded(*user));
                let ids: Vec<i32> = scope()
                    .select(items::id)
                    .order(items::id)
                    .load(conn)
                    .await
                    .unwrap();
                assert_eq!(ids, *rows, "{user:?}");
                assert_eq!(scope().count(conn).await.unwrap(), rows.len() as i64);
                let one = scope().get(2, conn).await;
                assert_eq!(one.is_ok(), rows.contains(&2), "{user:?}");
            }
        }
        fresh
    });
}

#[derive(OrgChangeset)]
#[diesel(table_name = items)]
#[org_changeset(model = Item)]
struct Renamed {
    name: Option<String>,
}

#[test]
fn leak_37_a_change_keeps_nobody_from_what_it_only_looked_at() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let lock = match fresh.database {
            Database::Sqlite => return fresh,
            Database::Postgres => "SELECT id FROM \"groups\" WHERE id = 1 FOR SHARE NOWAIT",
            Database::Mysql => "SELECT id FROM `groups` WHERE id = 1 LOCK IN SHARE MODE NOWAIT",
        };
        conn.begin().await.unwrap();
        let caller = loaded(MANAGER_A);
        let rows = Scope::<Item>::new::<Manager>(&caller).find(1);
        let name = Some("renamed".to_owned());
        let changed = rows.update(Renamed { name }).execute(conn).await;
        assert_eq!(changed.unwrap(), 1);
        // Another row below the same parent is changed, and the parent itself is read and relied upon.
        let pool = AnyPool::connect(fresh.url(), 1).unwrap();
        let mut other = orgscope::pool::Pool::connection(&pool).await.unwrap();
        other.batch_execute(lock).await.unwrap();
        let rows = Scope::<Item>::new::<Manager>(&caller).find(11);
        let name = Some("also".to_owned());
        let changing = rows.update(Renamed { name }).execute(&mut other);
        let changed = tokio::time::timeout(std::time::Duration::from_secs(5), changing).await;
        assert_eq!(changed.expect("it waits for nobody").unwrap(), 1);
        conn.commit().await.unwrap();
        fresh
    });
}
