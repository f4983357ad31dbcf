//! Every shape of org path: what a caller lists, gets, counts and checks is the same set of rows.

use diesel::prelude::*;
use orgscope::access::{Access, Hidden};
use orgscope::connection::Asynchronous;
use orgscope::policy::{Manager, Member};
use orgscope::scoped::{GetByKey, RunScoped};
use orgscope::{AnyConnection, Denied, Error, Keyed, OrgScoped, Principal, Scope};
use orgscope_suite::databases::on_each;

use crate::models::*;
use crate::support::*;

/// What one caller sees of a model: its list, which must be what single gets grant, what `check` grants, and what `count`
/// and `exists` say; the same whether the memberships were loaded or stay in the database.
async fn seen<M>(user: User, all: &[M::Key], conn: &mut AnyConnection) -> Vec<M::Key>
where
    M: OrgScoped<OrgKey = i32> + Keyed<Key: Ord + PartialEq + std::fmt::Debug> + Send,
    M: GetByKey<AnyConnection, Asynchronous>,
    Scope<M>: RunScoped<'static, AnyConnection, Asynchronous, M>,
{
    let mut views = Vec::new();
    for caller in [loaded(user), unloaded(user)] {
        let listed = list::<M>(&caller, conn).await;
        let mut gotten = Vec::new();
        for key in all {
            let scope = Scope::<M>::new::<Member>(&caller);
            match scope.clone().get(key.clone(), conn).await {
                Ok(row) => {
                    assert_eq!(row.key(), *key);
                    scope.check(&row, conn).await.unwrap();
                    gotten.push(key.clone());
                }
                Err(Error::Denied(Denied::NotFound)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(listed, gotten, "list and get of {} for {user:?}", M::NAME);
        views.push(listed);
    }
    assert_eq!(views[0], views[1], "loaded or not, for {user:?}");
    views.remove(0)
}

async fn list<M>(caller: &Principal, conn: &mut AnyConnection) -> Vec<M::Key>
where
    M: OrgScoped<OrgKey = i32> + Keyed<Key: Ord> + Send,
    Scope<M>: RunScoped<'static, AnyConnection, Asynchronous, M>,
{
    let rows: Vec<M> = Scope::<M>::new::<Member>(caller).load(conn).await.unwrap();
    let mut keys: Vec<_> = rows.iter().map(Keyed::key).collect();
    keys.sort();
    keys
}

#[test]
fn every_path_shows_the_same_rows_everywhere() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        // Managers see shared rows, members do not; an orphan shows to superusers only.
        for (user, expected) in [
            (NOBODY, vec![]),
            (MEMBER_A, vec![1]),
            (MANAGER_A, vec![1, 4]),
            (MANAGER_B, vec![2, 4]),
            (OWNER_A_MEMBER_B, vec![1, 2, 4]),
            (MANAGER_OF_DISABLED, vec![]),
            (SUPERUSER, vec![1, 2, 3, 4]),
        ] {
            let all = [1, 2, 3, 4, 9];
            let mut with_orphan = expected.clone();
            if user == SUPERUSER {
                with_orphan.push(9);
            }
            assert_eq!(seen::<Group>(user, &all, conn).await, expected);
            assert_eq!(seen::<Part>(user, &all, conn).await, with_orphan);
            assert_eq!(seen::<Screw>(user, &all, conn).await, with_orphan);
            let without_shared: Vec<_> = expected
                .iter()
                .copied()
                .filter(|id| *id != 4 || user == SUPERUSER)
                .collect();
            assert_eq!(seen::<PrivateGroup>(user, &all, conn).await, without_shared);
        }
        fresh
    });
}

#[test]
fn unusual_tables_are_scoped_too() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        // A node belongs to its parent's organization; its own column is irrelevant, and without a parent it is an orphan.
        let nodes = [1, 2, 3, 4, 5, 6];
        assert_eq!(seen::<Node>(MANAGER_A, &nodes, conn).await, [3]);
        assert_eq!(seen::<Node>(MANAGER_B, &nodes, conn).await, [4]);
        assert_eq!(seen::<Node>(SUPERUSER, &nodes, conn).await, nodes);
        // Two foreign keys to one table: the path says which one counts.
        assert_eq!(seen::<Transfer>(MEMBER_A, &[1, 2], conn).await, [1]);
        assert_eq!(seen::<Transfer>(MANAGER_B, &[1, 2], conn).await, [2]);
        // Keywords as names, another column name than the field's.
        assert_eq!(seen::<Order>(MEMBER_A, &[1, 2], conn).await, [1]);
        assert_eq!(seen::<Type>(MANAGER_B, &[1, 2], conn).await, [2]);
        // A composite key, in a struct that does not hold the organization column.
        assert_eq!(
            seen::<Seat>(MEMBER_A, &[(1, 1), (1, 2)], conn).await,
            [(1, 1)]
        );
        // A global model shows to everybody.
        assert_eq!(seen::<Country>(NOBODY, &[1, 2], conn).await, [1, 2]);
        fresh
    });
}

#[test]
fn schema_qualified_tables() {
    mod main {
        diesel::table! { main.crates (id) { id -> Integer, organization_id -> Integer } }
    }
    mod public {
        diesel::table! { public.crates (id) { id -> Integer, organization_id -> Integer } }
    }
    #[derive(Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = main::crates)]
    struct OnSqlite {
        id: i32,
    }
    #[derive(Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = public::crates)]
    struct OnPostgres {
        id: i32,
    }
    on_each(async |fresh| {
        use orgscope::dialect::Database;
        seed(&fresh).await;
        let rows = "CREATE TABLE crates (id INTEGER, organization_id INTEGER);
                    INSERT INTO crates VALUES (1, 10), (2, 20);";
        fresh.batch(rows).await;
        let conn = &mut connection(&fresh).await;
        match fresh.database {
            Database::Sqlite => assert_eq!(seen::<OnSqlite>(MEMBER_A, &[1, 2], conn).await, [1]),
            Database::Postgres => {
                assert_eq!(seen::<OnPostgres>(MEMBER_A, &[1, 2], conn).await, [1]);
            }
            // There a qualifier is the name of another database.
            Database::Mysql => {}
        }
        fresh
    });
}

#[test]
fn the_scope_role_and_the_policy_role_are_two_questions() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        let caller = loaded(OWNER_A_MEMBER_B);
        let managers = Access::of::<Manager>().scope(orgscope::Role::Member);
        let scope = Scope::<Group>::with_access(managers, &caller);
        let listed: Vec<Group> = scope.clone().order(groups::id).load(conn).await.unwrap();
        assert_eq!(listed.iter().map(Keyed::key).collect::<Vec<_>>(), [1, 4]);
        // B's row is visible to a member of B, but asks for a manager of B.
        let error = scope.clone().get(2, conn).await.unwrap_err();
        assert_eq!(denied(error).to_string(), "forbidden: role_manager");
        assert_eq!(
            denied(scope.get(3, conn).await.unwrap_err()),
            Denied::NotFound
        );
        let open_about_it = managers.hidden(Hidden::Forbidden);
        let scope = Scope::<Group>::with_access(open_about_it, &caller);
        let error = scope.clone().get(3, conn).await.unwrap_err();
        assert_eq!(denied(error).to_string(), "forbidden: role_manager");
        assert_eq!(
            denied(scope.clone().get(77, conn).await.unwrap_err()),
            Denied::NotFound
        );
        assert!(scope.get_optional(77, conn).await.unwrap().is_none());
        fresh
    });
}

fn denied(error: Error) -> Denied {
    match error {
        Error::Denied(denied) => denied,
        other => panic!("{other}"),
    }
}

#[test]
fn a_row_at_hand_is_judged_where_it_stands_now() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(&rows(fresh.database)).await;
        let conn = &mut connection(&fresh).await;
        let scope = Scope::<Item>::new::<Member>(&loaded(MEMBER_A));
        let item = scope.clone().get(1, conn).await.unwrap();
        scope.check(&item, conn).await.unwrap();
        fresh
            .batch("UPDATE items SET group_id = 2 WHERE id = 1")
            .await;
        assert_eq!(
            denied(scope.check(&item, conn).await.unwrap_err()),
            Denied::NotFound
        );
        fresh.batch("DELETE FROM items WHERE id = 1").await;
        assert_eq!(
            denied(scope.check(&item, conn).await.unwrap_err()),
            Denied::NotFound
        );
        fresh
    });
}
