//! Row-level security: what SQL without any scope sees behind the walls is what a scope shows.

use diesel::prelude::*;
use orgscope::ddl::rls::{Walls, policies};
use orgscope::dialect::Database;
use orgscope::pool::Pool;
use orgscope::prelude::*;
use orgscope::transaction::Transaction;
use orgscope::{AnyConnection, AnyPool, OrgScoped};
use orgscope_suite::databases::{Fresh, on_each};

use crate::models::*;
use crate::support::*;

/// A pool whose connections own nothing, behind the walls of the models.
async fn walled(fresh: &Fresh, size: usize) -> AnyPool {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
    fn of<M: OrgScoped>() -> String {
        policies::<M>().unwrap()
    }
    let walls = [
        of::<Group>(),
        of::<Item>(),
        of::<Part>(),
        of::<Screw>(),
        of::<Transfer>(),
        of::<Type>(),
        of::<Order>(),
        of::<Country>(),
    ];
    for _ in 0..2 {
        fresh.batch(&walls.concat()).await;
    }
    fresh.guest(size).await
}

/// Every row that the connection can see, by a statement without any condition.
macro_rules! all {
    ($model:ident, $table:ident, $conn:expr) => {{
        let everybody = Principal::new(0, true, []);
        let rows = Scope::<$model>::new::<policy::Anyone>(&everybody);
        let rows = rows.select($table::id).order($table::id).load($conn).await;
        let rows: Vec<i32> = rows.unwrap();
        rows
    }};
}

macro_rules! scoped {
    ($model:ident, $table:ident, $caller:expr, $role:expr, $conn:expr) => {{
        let access = orgscope::Access::of::<policy::Authenticated>().scope($role);
        let rows = Scope::<$model>::with_access(access, $caller);
        let rows: Vec<i32> = rows
            .select($table::id)
            .order($table::id)
            .load($conn)
            .await
            .unwrap();
        rows
    }};
}

#[test]
fn behind_the_walls_everything_is_what_a_scope_shows() {
    on_each(async |fresh| {
        if fresh.database != Database::Postgres {
            return fresh;
        }
        let pool = walled(&fresh, 1).await;
        let (guest, owner) = (
            &mut pool.connection().await.unwrap(),
            &mut connection(&fresh).await,
        );
        // PostgreSQL would go round in circles.
        let recursive = policies::<Node>().unwrap_err().to_string();
        assert!(recursive.starts_with("the path of `Node` comes back to its own table"));
        // Before anything is bound, nothing shows; what has no tenant does.
        assert_eq!(all!(Item, items, guest), [0; 0]);
        assert_eq!(all!(Country, countries, guest), [1, 2]);
        for user in USERS {
            let caller = loaded(user);
            for role in Role::ALL {
                guest.begin().await.unwrap();
                Walls::of(&caller, role, role).bind(guest).await.unwrap();
                let shown = (
                    all!(Group, groups, guest),
                    all!(Item, items, guest),
                    all!(Part, parts, guest),
                    all!(Screw, screws, guest),
                    all!(Transfer, transfers, guest),
                    all!(Type, types, guest),
                    all!(Order, orders, guest),
                );
                guest.commit().await.unwrap();
                let expected = (
                    scoped!(Group, groups, &caller, role, owner),
                    scoped!(Item, items, &caller, role, owner),
                    scoped!(Part, parts, &caller, role, owner),
                    scoped!(Screw, screws, &caller, role, owner),
                    scoped!(Transfer, transfers, &caller, role, owner),
                    scoped!(Type, types, &caller, role, owner),
                    scoped!(Order, orders, &caller, role, owner),
                );
                assert_eq!(shown, expected, "{user:?} as {role}");
                // What was bound ended with the transaction.
                assert_eq!(all!(Item, items, guest), [0; 0]);
            }
        }
        fresh
    });
}

#[test]
fn nothing_is_written_through_the_walls() {
    on_each(async |fresh| {
        if fresh.database != Database::Postgres {
            return fresh;
        }
        let pool = walled(&fresh, 1).await;
        let guest = &mut pool.connection().await.unwrap();
        let caller = loaded(OWNER_A_MEMBER_B);
        let tries = [
            ("UPDATE items SET name = 'own' WHERE id = 1", true),
            ("INSERT INTO items VALUES (50, 'own', 1)", true),
            ("INSERT INTO items VALUES (51, 'of B', 2)", false),
            ("INSERT INTO items VALUES (52, 'shared', 4)", false),
            ("INSERT INTO items VALUES (53, 'nobody''s', NULL)", false),
            ("UPDATE items SET group_id = 2 WHERE id = 1", false),
            ("INSERT INTO \"groups\" VALUES (50, NULL)", false),
            (
                "UPDATE \"groups\" SET organization_id = NULL WHERE id = 1",
                false,
            ),
        ];
        for (sql, allowed) in tries {
            guest.begin().await.unwrap();
            Walls::of(&caller, Role::Member, Role::Manager)
                .bind(guest)
                .await
                .unwrap();
            assert_eq!(guest.batch_execute(sql).await.is_ok(), allowed, "{sql}");
            guest.roll_back().await.unwrap();
        }
        // A credential that only reads writes nothing, a superuser's neither.
        for user in [OWNER_A_MEMBER_B, SUPERUSER] {
            guest.begin().await.unwrap();
            let reading = loaded(user).reading_only();
            let walls = Walls::of(&reading, Role::Member, Role::Member);
            walls.bind(guest).await.unwrap();
            assert!(all!(Item, items, guest).contains(&1));
            let insert = "INSERT INTO items VALUES (54, 'own', 1)";
            assert!(guest.batch_execute(insert).await.is_err());
            guest.roll_back().await.unwrap();
        }
        // Rows that are only read are not there to be changed: nothing happens to them.
        guest.begin().await.unwrap();
        Walls::of(&caller, Role::Member, Role::Manager)
            .bind(guest)
            .await
            .unwrap();
        guest
            .batch_execute("UPDATE items SET name = 'x' WHERE id IN (2, 4); DELETE FROM items WHERE id IN (2, 4)")
            .await
            .unwrap();
        guest.commit().await.unwrap();
        let owner = &mut connection(&fresh).await;
        let everybody = loaded(SUPERUSER);
        let rows = Scope::<Item>::new::<policy::Anyone>(&everybody);
        let names: Vec<String> = rows
            .filter(items::id.eq_any([2, 4]))
            .select(items::name)
            .order(items::id)
            .load(owner)
            .await
            .unwrap();
        assert_eq!(names, ["b", "shared"]);
        fresh
    });
}

#[test]
fn leak_28_what_was_bound_does_not_stay_on_a_pooled_connection() {
    on_each(async |fresh| {
        if fresh.database != Database::Postgres {
            return fresh;
        }
        let pool = walled(&fresh, 4).await;
        let tasks = (0..64).map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let (user, expected) = match number % 3 {
                    0 => (MEMBER_A, vec![1, 11]),
                    1 => (MANAGER_B, vec![2, 4]),
                    _ => (NOBODY, vec![]),
                };
                for _ in 0..5 {
                    let mut conn: AnyConnection = pool.connection().await.unwrap();
                    assert_eq!(all!(Item, items, &mut conn), [0; 0]);
                    conn.begin().await.unwrap();
                    let walls = Walls::of(&loaded(user), Role::Member, Role::Member);
                    walls.bind(&mut conn).await.unwrap();
                    assert_eq!(all!(Item, items, &mut conn), expected);
                    match number % 2 {
                        0 => conn.commit().await.unwrap(),
                        _ => conn.roll_back().await.unwrap(),
                    }
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        fresh
    });
}

#[test]
fn other_databases_have_no_walls() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let conn = &mut connection(&fresh).await;
        let bound = Walls::of(&loaded(MEMBER_A), Role::Member, Role::Member)
            .bind(conn)
            .await;
        assert_eq!(bound.is_ok(), fresh.database == Database::Postgres);
        fresh
    });
}
