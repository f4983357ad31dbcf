//! Facts of callers in a cache: whatever changes is seen by the next request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::migration::MigrationSource;
use diesel::{Connection as _, SqliteConnection};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncMysqlConnection, AsyncPgConnection};
use futures_util::future::BoxFuture;
use orgscope::dialect::Database;
use orgscope::facts::{Facts, Group};
use orgscope::identity::cache::{CachedFacts, FactsCache, MemoryCache, RedisCache};
use orgscope::identity::{Bundled, IdentityStore, Migrations, Stored};
use orgscope::key::UserId;
use orgscope::signing::SigningKey;
use orgscope::{AnyPool, Role};
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::servers;
use redis::AsyncCommands as _;

use crate::support::*;

const KEPT: Facts = Facts {
    subscription: false,
    ..Facts::ALL
};

/// Counts what is put into a cache: as often were facts loaded.
#[derive(Clone)]
struct Counted<C>(Arc<(C, AtomicUsize)>);

impl<C> Counted<C> {
    fn new(cache: C) -> Self {
        Counted(Arc::new((cache, AtomicUsize::new(0))))
    }

    fn loaded(&self) -> usize {
        self.0.1.swap(0, Ordering::SeqCst)
    }
}

impl<C: FactsCache<i32>> FactsCache<i32> for Counted<C> {
    fn get<'a>(&'a self, user: &'a UserId) -> BoxFuture<'a, Option<CachedFacts<i32>>> {
        self.0.0.get(user)
    }

    fn put<'a>(&'a self, user: &'a UserId, facts: CachedFacts<i32>) -> BoxFuture<'a, ()> {
        self.0.1.fetch_add(1, Ordering::SeqCst);
        self.0.0.put(user, facts)
    }
}

type Store = Stored<AnyPool, Bundled<i32, i32>>;

fn plain(fresh: &Fresh) -> Store {
    Store::new(fresh.pool.clone())
}

fn cached(fresh: &Fresh, cache: impl FactsCache<i32>) -> Store {
    plain(fresh).cached_in(cache)
}

async fn make(fresh: &Fresh) {
    seed(fresh).await;
    let migrations = Migrations::<i32, i32>::new().with_epochs();
    // They may be run again.
    for _ in 0..2 {
        fresh.batch(&migrations.up(fresh.database)).await;
    }
    fresh
        .batch(
            "INSERT INTO access_groups (id, name, kind) VALUES (1, 'one', NULL), (2, 'root', 1), (3, 'all', 2);
             INSERT INTO user_permissions (user_id, codename) VALUES (2, 'a.x');
             INSERT INTO group_permissions (group_id, codename) VALUES (1, 'a.y'), (3, 'a.z');
             INSERT INTO group_members (user_id, group_id) VALUES (2, 1), (3, 2);",
        )
        .await;
}

/// Everything that is kept of a caller.
#[derive(Debug, PartialEq)]
struct Has {
    superuser: bool,
    highest: Option<Role>,
    memberships: Vec<(i32, Role)>,
    groups: Vec<Group>,
    permissions: Vec<bool>,
}

async fn has(store: &Store, user: i32) -> Option<Has> {
    let account = store.by_user(&UserId::Int(user), KEPT).await.unwrap()?;
    let principal = account.principal;
    let caller = principal.caller();
    let mut groups = caller.groups().unwrap().to_vec();
    groups.sort_by_key(|group| group.id);
    let codenames = ["a.x", "a.y", "a.z"];
    Some(Has {
        superuser: principal.is_superuser(),
        highest: principal.highest_role(),
        memberships: principal.memberships().unwrap().to_vec(),
        groups,
        permissions: codenames
            .map(|one| caller.has_permission(one).unwrap())
            .to_vec(),
    })
}

const EVERYBODY: [i32; 4] = [2, 3, 5, 7];

const KINDS: usize = 20;

/// A change to anything that users have. Some cannot be made, for others there is nothing to change.
fn change(database: Database, kind: usize, chance: &mut fastrand::Rng) -> String {
    let user = EVERYBODY[chance.usize(..EVERYBODY.len())];
    let other = EVERYBODY[chance.usize(..EVERYBODY.len())];
    let (organization, group) = ([A, B, DISABLED][chance.usize(..3)], chance.i32(1..4));
    let (role, flag) = (chance.i32(1..4), chance.bool());
    let codename = ["a.x", "a.y", "a.z"][chance.usize(..3)];
    let upsert = |table: &str, columns: &str, values: String, key: &str, column: &str| {
        match database {
            Database::Postgres => format!(
                "INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}"
            ),
            Database::Sqlite | Database::Mysql => {
                format!("REPLACE INTO {table} ({columns}) VALUES ({values})")
            }
        }
    };
    match kind {
        0 => format!("INSERT INTO memberships (user_id, organization_id, role) VALUES ({user}, {organization}, {role})"),
        1 => upsert("memberships", "user_id, organization_id, role", format!("{user}, {organization}, {role}"), "user_id, organization_id", "role"),
        2 => format!("UPDATE memberships SET role = {role} WHERE user_id = {user}"),
        3 => format!("UPDATE memberships SET user_id = {other} WHERE user_id = {user}"),
        4 => format!("UPDATE memberships SET organization_id = {organization} WHERE user_id = {user}"),
        5 => format!("DELETE FROM memberships WHERE organization_id = {organization}"),
        6 | 7 => format!("UPDATE organizations SET is_active = {flag} WHERE id = {organization}"),
        8 => format!("DELETE FROM memberships WHERE organization_id = {A}; DELETE FROM organizations WHERE id = {A};
             INSERT INTO organizations (id, name, slug) VALUES ({A}, 'again', 'again')"),
        9 => upsert("organizations", "id, name, slug, is_active", format!("{organization}, 'x', 'x{organization}', {flag}"), "id", "is_active"),
        10 => format!("UPDATE access_groups SET kind = CASE WHEN {flag} THEN 1 END WHERE id = {group} AND {group} <> 3"),
        11 => format!("UPDATE access_groups SET name = 'name {}' WHERE id = {group}", chance.u32(..)),
        12 => format!("DELETE FROM access_groups WHERE id = {group}; INSERT INTO access_groups (id, name) VALUES ({group}, 'again {group}')"),
        13 => format!("INSERT INTO group_members (user_id, group_id) VALUES ({user}, {group})"),
        14 => format!("UPDATE group_members SET user_id = {other} WHERE user_id = {user}"),
        15 => format!("DELETE FROM group_members WHERE group_id = {group}"),
        16 => format!("INSERT INTO user_permissions (user_id, codename) VALUES ({user}, '{codename}')"),
        17 => format!("DELETE FROM user_permissions WHERE codename = '{codename}'; INSERT INTO group_permissions (group_id, codename) VALUES ({group}, '{codename}')"),
        // Its rows in other tables go by themselves.
        18 => format!("DELETE FROM users WHERE id = {user}; INSERT INTO users (id, username, is_superuser) VALUES ({user}, 'again {user}', {flag})"),
        _ => match (database, chance.u8(..4)) {
            (Database::Postgres, 0) => "TRUNCATE memberships".into(),
            (Database::Postgres, 1) => "TRUNCATE access_groups CASCADE".into(),
            _ => format!("UPDATE users SET is_active = {flag}, is_superuser = {} WHERE id = {user}", chance.bool()),
        },
    }
}

/// Changes this and that, asks after each change, and compares the answers with those without a cache.
async fn nothing_is_stale(fresh: &Fresh, cache: impl FactsCache<i32> + Clone, changes: usize) {
    make(fresh).await;
    let cache = Counted::new(cache);
    let (with, without) = (cached(fresh, cache.clone()), plain(fresh));
    let mut chance = fastrand::Rng::with_seed(7);
    let mut asked = 0;
    let mut made = [0; KINDS];
    for number in 0..changes {
        let kind = chance.usize(..KINDS);
        let mut change = change(fresh.database, kind, &mut chance);
        if number % 7 == 0 {
            change = format!("BEGIN; {change}; ROLLBACK");
        }
        let conn = &mut connection(fresh).await;
        let marked = orgscope_suite::databases::unscoped(&change);
        match conn.batch_execute(&marked).await {
            Ok(()) => made[kind] += 1,
            // The database refused it, and the transaction may still be open.
            Err(_) => drop(conn.batch_execute("ROLLBACK").await),
        }
        for user in EVERYBODY {
            asked += 1;
            let (cached, stored) = (has(&with, user).await, has(&without, user).await);
            assert_eq!(cached, stored, "user {user} after {change}");
        }
    }
    let loaded = cache.loaded();
    assert!(
        (1..asked * 3 / 4).contains(&loaded),
        "{loaded} of {asked} were loaded"
    );
    for user in EVERYBODY {
        drop((has(&with, user).await, has(&with, user).await));
    }
    assert_eq!(cache.loaded(), 0, "nothing had changed");
}

#[test]
fn whatever_changes_is_seen_at_once() {
    on_each(async |fresh| {
        nothing_is_stale(&fresh, Arc::new(MemoryCache::new(1 << 20)), 240).await;
        fresh
    });
}

/// A name under which no other run keeps anything.
fn service(fresh: &Fresh) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("cache-{:?}-{}", fresh.database, since.unwrap().as_nanos())
}

/// A cache of its own in Redis.
fn in_redis(fresh: &Fresh, url: &str) -> RedisCache {
    RedisCache::connect(url, &service(fresh), SigningKey::new([7; 32])).unwrap()
}

#[test]
fn whatever_changes_is_seen_at_once_with_redis() {
    let Some(redis) = servers::redis() else {
        return;
    };
    on_each(async |fresh| {
        nothing_is_stale(&fresh, in_redis(&fresh, redis), 120).await;
        fresh
    });
}

#[test]
fn who_writes_to_redis_gives_nobody_a_role() {
    let Some(redis) = servers::redis() else {
        return;
    };
    on_each(async |fresh| {
        make(&fresh).await;
        let service = service(&fresh);
        let cache = RedisCache::connect(redis, &service, SigningKey::new([7; 32])).unwrap();
        let cache = Counted::new(cache);
        let store = cached(&fresh, cache.clone());
        let member = has(&store, 2).await;
        assert_eq!(cache.loaded(), 1);
        // The facts of another user, and those that another key has signed.
        let (two, three) = (UserId::Int(2), UserId::Int(3));
        let of_two = cache.get(&two).await.unwrap();
        cache.put(&three, of_two.clone()).await;
        let manager = has(&store, 3).await.unwrap();
        assert_eq!(manager.highest, Some(Role::Manager));
        assert_eq!(manager, has(&plain(&fresh), 3).await.unwrap());
        // What is signed for one user, copied to another by hand.
        let client = redis::Client::open(redis).unwrap();
        let mut raw = client.get_multiplexed_async_connection().await.unwrap();
        let keys: Vec<String> = raw.keys(format!("{service}:facts:*")).await.unwrap();
        assert_eq!(keys.len(), 2);
        let signed: String = raw.get(format!("{service}:facts:3")).await.unwrap();
        let () = raw
            .set(format!("{service}:facts:2"), signed.clone())
            .await
            .unwrap();
        assert!(cache.get(&two).await.is_none());
        assert!(cache.get(&three).await.is_some());
        // With more rights, and the same signature.
        let forged = signed.replace("\"superuser\":false", "\"superuser\":true");
        assert_ne!(forged, signed);
        let () = raw.set(format!("{service}:facts:3"), forged).await.unwrap();
        assert!(cache.get(&three).await.is_none());
        let elsewhere = RedisCache::connect(redis, "elsewhere", SigningKey::new([7; 32])).unwrap();
        let forger = RedisCache::connect(redis, "elsewhere", SigningKey::new([8; 32])).unwrap();
        elsewhere.put(&two, of_two.clone()).await;
        let read: Option<CachedFacts<i32>> = forger.get(&two).await;
        assert!(read.is_none());
        let read: Option<CachedFacts<i32>> = elsewhere.get(&two).await;
        assert_eq!(read.unwrap().to_text(), of_two.to_text());
        assert_eq!(has(&store, 2).await, member);
        fresh
    });
}

#[test]
fn without_redis_or_epochs_facts_are_loaded() {
    on_each(async |fresh| {
        make(&fresh).await;
        // Nothing listens there.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("redis://{}/", listener.local_addr().unwrap());
        drop(listener);
        let gone = cached(&fresh, in_redis(&fresh, &url));
        assert_eq!(has(&gone, 3).await, has(&plain(&fresh), 3).await);
        assert!(RedisCache::connect("no address", "x", SigningKey::new([7; 32])).is_err());
        fresh
            .batch("UPDATE facts_epoch_of_all SET is_believed = FALSE")
            .await;
        let cache = Counted::new(Arc::new(MemoryCache::new(1 << 20)));
        let store = cached(&fresh, cache.clone());
        assert_eq!(has(&store, 3).await, has(&plain(&fresh), 3).await);
        assert_eq!(cache.loaded(), 0);
        fresh
    });
}

/// Makes the tables, gives the epochs up, and writes to the tables that had triggers.
fn give_epochs_up<C, DB>(mut conn: C)
where
    C: diesel::connection::BoxableConnection<DB>,
    DB: orgscope::dialect::Dialect,
    Migrations<i32, i32>: MigrationSource<DB>,
{
    let migrations = Migrations::<i32, i32>::new().with_epochs();
    let steps = migrations.migrations().unwrap();
    for step in &steps {
        step.run(&mut conn).unwrap();
    }
    let insert = "INSERT INTO users (id, username) VALUES (1, 'a')";
    steps[2].revert(&mut conn).unwrap();
    conn.batch_execute(insert).unwrap();
    for step in steps[..2].iter().rev() {
        step.revert(&mut conn).unwrap();
    }
    assert!(conn.batch_execute(insert).is_err(), "there are no tables");
}

#[test]
fn epochs_can_be_given_up() {
    on_each(async |fresh| {
        let (database, url) = (fresh.database, fresh.url().to_owned());
        // The wrappers block on a runtime of their own.
        let given_up = tokio::task::spawn_blocking(move || match database {
            Database::Sqlite => give_epochs_up(SqliteConnection::establish(&url).unwrap()),
            Database::Postgres => {
                let conn = AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url);
                give_epochs_up::<_, diesel::pg::Pg>(conn.unwrap());
            }
            Database::Mysql => {
                let conn = AsyncConnectionWrapper::<AsyncMysqlConnection>::establish(&url);
                give_epochs_up::<_, diesel::mysql::Mysql>(conn.unwrap());
            }
        });
        given_up.await.unwrap();
        fresh
    });
}

/// While the triggers are made anew, nothing is believed: afterwards whatever was kept before is not.
#[test]
fn making_the_triggers_again_forgets_what_was_kept() {
    on_each(async |fresh| {
        make(&fresh).await;
        let cache = Counted::new(Arc::new(MemoryCache::new(1 << 20)));
        let store = cached(&fresh, cache.clone());
        assert!(has(&store, 3).await.unwrap().highest.is_some());
        let drop_trigger = match fresh.database {
            Database::Postgres => "DROP TRIGGER facts_epoch_memberships_delete ON memberships",
            Database::Sqlite | Database::Mysql => "DROP TRIGGER facts_epoch_memberships_delete",
        };
        fresh.batch(drop_trigger).await;
        fresh.batch("DELETE FROM memberships").await;
        assert!(
            has(&store, 3).await.unwrap().highest.is_some(),
            "nobody could know"
        );
        let migrations = Migrations::<i32, i32>::new().with_epochs();
        fresh.batch(&migrations.up(fresh.database)).await;
        assert_eq!(has(&store, 3).await.unwrap().highest, None);
        assert_eq!(cache.loaded(), 2);
        fresh
    });
}

/// Whoever forgets the migration grants nobody anything, and is told what is missing.
#[test]
fn without_the_tables_of_epochs_nobody_is_found_and_the_error_names_them() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let store = cached(&fresh, Arc::new(MemoryCache::new(1 << 20)));
        let error = store.by_user(&UserId::Int(3), KEPT).await.unwrap_err();
        let told = format!("{error:?}");
        assert!(told.contains("facts_epoch"), "{told}");
        fresh
    });
}

#[test]
fn what_is_kept_can_be_written_and_read() {
    let facts = r#"{"user":"7","epoch":-3,"superuser":false,"memberships":[["10",2]],"groups":[[1,"one",null],[2,"root",1]],"permissions":["a.x"]}"#;
    let user = UserId::Int(7);
    let read = CachedFacts::<i32>::from_text(&user, facts).unwrap();
    assert_eq!(read.to_text().as_deref(), Some(facts));
    assert_eq!(read.principal().role_in(&10), Some(Role::Manager));
    for wrong in [
        "",
        "{}",
        &facts.replace("\"10\"", "\"ten\""),
        &facts.replace("10\",2", "10\",4"),
        &facts.replace("\"root\",1", "\"root\",9"),
        &facts.replace("\"user\":\"7\"", "\"user\":\"8\""),
    ] {
        assert!(
            CachedFacts::<i32>::from_text(&user, wrong).is_none(),
            "{wrong}"
        );
    }
}
