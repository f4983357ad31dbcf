//! Users, organizations and memberships in tables that a service already has.

use std::net::Ipv4Addr;

use orgscope::AnyConnection;
use orgscope::dialect::Database;
use orgscope::facts::{Facts, GroupKind, Subscription};
use orgscope::identity::{
    GroupMembers, Groups, IdentityStore, LinkOptions, Mapping, Memberships, Migrations,
    Organizations, Stored, Subscriptions, Tables, TokenOptions, Users, issue_link, issue_token,
    list_tokens, principal_in, rotate_token_in, use_link_in,
};
use orgscope::key::Key as _;
use orgscope::password;
use orgscope::pool::Pool as _;
use orgscope::prelude::*;
use orgscope::signing::SigningKey;
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::Http;
use orgscope_tests::world::django::{self, Django};
use orgscope_tests::world::inputs::NewTemplate;
use orgscope_tests::world::models::Template;
use orgscope_tests::world::{Key, authentication, endpoints, key, models, quoted};
use serde_json::{Value, json};
use tower_sessions::{MemoryStore, SessionManagerLayer};

async fn connection(fresh: &Fresh) -> AnyConnection {
    fresh.pool.connection().await.unwrap()
}

const USER: Key = key(1);
const A: Key = key(11);
const B: Key = key(12);
const PASSWORD: &str = "correct horse battery staple";

/// The database of a Django service, without any table of ours but those that it lacks.
async fn make(fresh: &Fresh) {
    fresh.batch(&django::schema(fresh.database)).await;
    let migrations = Migrations::<Key, Key>::beside::<Django>();
    // They may be run again.
    for _ in 0..2 {
        fresh.batch(&migrations.up(fresh.database)).await;
    }
    fresh.batch(&models::schema(fresh.database)).await;
    let (user, a, b) = (quoted(USER), quoted(A), quoted(B));
    let membership = quoted(key(21));
    let hash = password::hash(PASSWORD).unwrap();
    fresh
        .batch(&format!(
            "INSERT INTO openwisp_users_user (id, username, email, password, is_active, is_superuser)
                VALUES ({user}, 'ann', 'Ann@example.org', '{hash}', TRUE, FALSE);
             INSERT INTO openwisp_users_organization VALUES ({a}, 'A', 'org-a', TRUE), ({b}, 'B', 'org-b', TRUE);
             INSERT INTO openwisp_users_organizationuser VALUES ({membership}, {user}, {a}, TRUE);
             INSERT INTO django_content_type VALUES (1, '{app}', 'template');
             INSERT INTO auth_permission VALUES (1, 'view_template', 1), (2, 'add_template', 1);
             INSERT INTO openwisp_users_user_user_permissions VALUES (1, {user}, 1);
             INSERT INTO authtoken_token VALUES ('0123456789abcdef0123456789abcdef01234567', {user});
             INSERT INTO templates VALUES (1, 'of A', {a}), (2, 'of B', {b}), (3, 'shared', NULL);",
            app = env!("CARGO_PKG_NAME")
        ))
        .await;
}

fn names(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap()).collect()
}

#[test]
fn a_database_of_django_is_served_as_it_is() {
    on_each(async |fresh| {
        make(&fresh).await;
        let conn = &mut connection(&fresh).await;
        django::import_tokens(conn).await.unwrap();
        // The token of Django is good, and stored as its digest.
        let token = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(list_tokens(USER, conn).await.unwrap().len(), 1);
        let tenancy = || Tenancy::stored_in::<Django>(fresh.pool.clone());
        let http = Http::serve(endpoints::routes().axum.into_axum().with_state(tenancy())).await;
        let at = |perms: &str| {
            format!("/plain/Template/organization/authenticated/manager/manager/not_found/{perms}")
        };
        let rows = http.get(&at("none"), token);
        assert_eq!(names(&rows.body), ["of A", "shared"], "{rows:?}");
        let of_a = http.get(&format!("{}?organization_slug=org-a", at("none")), token);
        assert_eq!(names(&of_a.body), ["of A"]);
        assert_eq!(http.get(&format!("{}/2", at("none")), token).status, 404);
        assert_eq!(http.get(&format!("{}/1", at("perms")), token).status, 200);
        let new = |id: i32, organization: Key| json!({ "id": id, "name": "new", "organization": organization });
        let created = http.json("POST", &at("none"), token, &new(4, A));
        assert_eq!(created.status, 201, "{created:?}");
        let refused = http.json("POST", &at("none"), token, &new(5, B));
        assert_eq!(
            refused.body["errors"],
            json!({ "organization": ["does_not_exist"] })
        );
        // The permission to add is missing.
        assert_eq!(
            http.json("POST", &at("perms"), token, &new(6, A)).status,
            403
        );
        // An owner who is no manager manages; a member does not.
        let mine = format!("WHERE user_id = {}", quoted(USER));
        fresh
            .batch(&format!(
                "UPDATE openwisp_users_organizationuser SET is_admin = FALSE {mine}"
            ))
            .await;
        assert_eq!(names(&http.get(&at("none"), token).body), [""; 0]);
        fresh
            .batch(&format!(
                "INSERT INTO openwisp_users_organizationowner VALUES ({}, {}, {})",
                quoted(key(31)),
                quoted(A),
                quoted(key(21))
            ))
            .await;
        assert_eq!(
            names(&http.get(&at("none"), token).body),
            ["of A", "shared", "new"]
        );
        let owner = principal_in::<Django, _, _>(USER, Facts::MEMBERSHIPS, conn)
            .await
            .unwrap();
        assert_eq!(owner.unwrap().role_in(&A), Some(Role::Owner));
        // The account expires at the end of its day, and so does the password.
        for column in ["expiration_date", "password_updated"] {
            let set = |day: &str| {
                let set = match day {
                    "NULL" => day.to_owned(),
                    day => format!("'{day}'"),
                };
                format!("UPDATE openwisp_users_user SET {column} = {set}")
            };
            for (day, status) in [("2000-01-01", 401), ("2999-01-01", 200), ("NULL", 200)] {
                fresh.batch(&set(day)).await;
                assert_eq!(
                    http.get(&at("none"), token).status,
                    status,
                    "{column} {day}"
                );
            }
        }
        fresh
    });
}

#[test]
fn times_that_nobody_can_read_are_over() {
    on_each(async |fresh| {
        make(&fresh).await;
        let conn = &mut connection(&fresh).await;
        let days: &[(&str, bool)] = match fresh.database {
            Database::Sqlite => &[("''", false), ("'soon'", false), ("'2999-01-01'", true)],
            Database::Postgres => &[("'infinity'", true), ("'-infinity'", false)],
            Database::Mysql => &[("'2999-01-01'", true), ("'1000-01-01'", false)],
        };
        for column in ["expiration_date", "password_updated"] {
            for (day, is_good) in days {
                fresh
                    .batch(&format!("UPDATE openwisp_users_user SET {column} = {day}"))
                    .await;
                for facts in [Facts::CALLER, Facts::MEMBERSHIPS, Facts::ALL] {
                    let found = principal_in::<Django, _, _>(USER, facts, conn).await;
                    assert_eq!(found.unwrap().is_some(), *is_good, "{column} {day}");
                }
            }
            fresh
                .batch(&format!("UPDATE openwisp_users_user SET {column} = NULL"))
                .await;
        }
        fresh
    });
}

#[test]
fn callers_from_elsewhere_ask_the_tables_of_the_service() {
    on_each(async |fresh| {
        make(&fresh).await;
        let conn = &mut connection(&fresh).await;
        let caller: Principal<Key> = Principal::with_highest_role(USER, false, Some(Role::Manager));
        let caller = caller.in_tables::<Django>();
        let rows = || Scope::<Template>::new::<policy::Manager>(&caller);
        assert_eq!(rows().count(conn).await.unwrap(), 2);
        assert_eq!(rows().get(1, conn).await.unwrap().name, "of A");
        assert!(rows().get(2, conn).await.is_err());
        assert_eq!(rows().find(1).delete().execute(conn).await.unwrap(), 1);
        let everything = Unscoped::<Template, Everything>::for_job_in::<Django>();
        let new = NewTemplate {
            id: 9,
            name: "new".into(),
            organization_id: Some(B),
        };
        everything.rows().insert(new).execute(conn).await.unwrap();
        assert_eq!(everything.rows().count(conn).await.unwrap(), 3);
        fresh
    });
}

struct Everything;

impl UnscopedReason for Everything {
    const REASON: &'static str = "the test looks at what there is";
}

#[test]
fn users_of_django_log_in_and_their_logins_are_noted() {
    on_each(async |fresh| {
        make(&fresh).await;
        let conn = &mut connection(&fresh).await;
        let tenancy = Tenancy::stored_in::<Django>(fresh.pool.clone());
        let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
        let routes = authentication::routes().axum;
        let http = Http::serve(routes.into_axum().layer(sessions).with_state(tenancy)).await;
        let store = Stored::<_, Django>::new(fresh.pool.clone());
        let user = USER.user_id();
        let last_login = async || {
            let account = store.by_user(&user, Facts::CALLER).await.unwrap();
            account.unwrap().last_login
        };
        assert_eq!(last_login().await, None);
        let json = vec![("content-type", b"application/json".to_vec())];
        for (name, status) in [("ann", 200), ("ann@EXAMPLE.org", 200), ("bob", 400)] {
            let body = json!({ "username": name, "password": PASSWORD }).to_string();
            let answer = http
                .raw("POST", "/token", &json, &body, Ipv4Addr::LOCALHOST)
                .await;
            assert_eq!(answer.status, status, "{answer:?}");
        }
        let noted = last_login().await.unwrap();
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        let age = i64::try_from(now.as_micros()).unwrap() - noted;
        assert!((0..60_000_000).contains(&age), "{age}");
        // To the microsecond: of two who have seen the same login, one is the first.
        for micros in [
            1_700_000_000_000_000,
            1_700_000_000_000_001,
            1_700_000_000_999_999,
        ] {
            let before = last_login().await;
            assert!(store.logged_in(&user, micros, Some(before)).await.unwrap());
            assert!(
                !store
                    .logged_in(&user, micros + 5, Some(before))
                    .await
                    .unwrap()
            );
            assert_eq!(last_login().await, Some(micros));
        }
        // Links and tokens of mapped users.
        let key = SigningKey::new([9; 32]);
        let options = LinkOptions {
            purpose: "login",
            seconds: 60,
        };
        let link = issue_link(USER, options, &key, conn).await.unwrap();
        for expected in [Some(USER), None] {
            let found = use_link_in::<Django, _, _>(link.reveal(), "login", &key, conn).await;
            assert_eq!(found.unwrap(), expected);
        }
        let tokens = list_tokens(USER, conn).await.unwrap();
        let successor = rotate_token_in::<Django, _, _>(USER, tokens[0].id, 0, conn)
            .await
            .unwrap();
        let found = store
            .by_token(successor.reveal(), Facts::CALLER)
            .await
            .unwrap();
        assert_eq!(found.unwrap().user_id(), &user);
        // Whoever is gone has no tokens.
        fresh
            .batch(&format!(
                "DELETE FROM openwisp_users_user WHERE id = {}",
                quoted(USER)
            ))
            .await;
        assert_eq!(list_tokens(USER, conn).await.unwrap().len(), 0);
        fresh
    });
}

diesel::table! { people (id) { id -> BigInt, login -> Text, enabled -> Bool, admin -> Bool } }
diesel::table! { companies (id) { id -> BigInt, short_name -> Text, enabled -> Bool } }
diesel::table! { staff (person_id, company_id) { person_id -> BigInt, company_id -> BigInt, position -> Text } }
diesel::table! { circles (id) { id -> Integer, title -> Text } }
diesel::table! { circle_people (circle_id, person_id) { circle_id -> Integer, person_id -> BigInt } }
diesel::table! { passes (id) { id -> Integer, person_id -> BigInt, since -> Timestamp, until -> Nullable<Timestamp> } }

/// Tables that nobody has made for an existing library.
struct Own;

impl Tables for Own {
    type User = i64;
    type Organization = i64;
    const MAPPING: Mapping<i64, i64> = Mapping::new(
        Users::new(people::id, people::login, people::enabled, people::admin),
        Organizations::new(companies::id, companies::short_name, companies::enabled),
        Memberships::by_name(
            staff::person_id,
            staff::company_id,
            staff::position,
            ["clerk", "head", "director's"],
        ),
    )
    .groups(
        Groups::new(circles::id, circles::title)
            .root("rooters")
            .public("everybody"),
        GroupMembers::new(circle_people::person_id, circle_people::circle_id),
    )
    .subscriptions(Subscriptions::new(
        passes::person_id,
        passes::since,
        passes::until,
    ));
}

#[test]
fn roles_may_have_names_and_groups_may_be_special() {
    on_each(async |fresh| {
        fresh
            .batch(
                "CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, login VARCHAR(50) NOT NULL, enabled BOOLEAN NOT NULL, admin BOOLEAN NOT NULL);
                 CREATE TABLE companies (id BIGINT NOT NULL PRIMARY KEY, short_name VARCHAR(50) NOT NULL, enabled BOOLEAN NOT NULL);
                 CREATE TABLE staff (person_id BIGINT NOT NULL, company_id BIGINT NOT NULL, position VARCHAR(50) NOT NULL, PRIMARY KEY (person_id, company_id));
                 CREATE TABLE circles (id INTEGER NOT NULL PRIMARY KEY, title VARCHAR(50) NOT NULL);
                 CREATE TABLE circle_people (circle_id INTEGER NOT NULL, person_id BIGINT NOT NULL, PRIMARY KEY (circle_id, person_id));
                 CREATE TABLE passes (id INTEGER NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL, since TIMESTAMP NOT NULL, until TIMESTAMP NULL);",
            )
            .await;
        let migrations = Migrations::<i64, i64>::beside::<Own>();
        fresh.batch(&migrations.up(fresh.database)).await;
        fresh
            .batch(
                "INSERT INTO people VALUES (1, 'ann', TRUE, FALSE), (2, 'bob', FALSE, FALSE);
                 INSERT INTO companies VALUES (1, 'a', TRUE), (2, 'b', TRUE), (3, 'c', TRUE), (4, 'd', TRUE), (5, 'e', FALSE);
                 INSERT INTO staff VALUES (1, 1, 'clerk'), (1, 2, 'head'), (1, 3, 'director''s'), (1, 4, 'guest'), (1, 5, 'head');
                 INSERT INTO circles VALUES (1, 'rooters'), (2, 'everybody'), (3, 'others');
                 INSERT INTO circle_people VALUES (3, 1);
                 INSERT INTO passes VALUES (1, 1, '2000-01-01 00:00:00', '2001-01-01 00:00:00');
                 INSERT INTO user_permissions VALUES (1, 'app.view');",
            )
            .await;
        let conn = &mut connection(&fresh).await;
        let all = Facts::ALL;
        let caller = principal_in::<Own, _, _>(1, all, conn)
            .await
            .unwrap()
            .unwrap();
        let roles: Vec<_> = [1, 2, 3, 4, 5]
            .iter()
            .map(|key| caller.role_in(key))
            .collect();
        let expected = [
            Some(Role::Member),
            Some(Role::Manager),
            Some(Role::Owner),
            None,
            None,
        ];
        assert_eq!(roles, expected);
        assert_eq!(caller.highest_role(), Some(Role::Owner));
        let knows = caller.caller();
        let mut groups: Vec<_> = knows
            .groups()
            .unwrap()
            .iter()
            .map(|group| (group.name.as_str(), group.kind))
            .collect();
        groups.sort_unstable_by_key(|(name, _)| *name);
        assert_eq!(
            groups,
            [("everybody", Some(GroupKind::Public)), ("others", None)]
        );
        assert_eq!(knows.is_root(), Some(false));
        assert_eq!(knows.has_permission("app.view"), Some(true));
        assert_eq!(knows.subscription(), Some(Subscription::Former));
        fresh
            .batch(
                "INSERT INTO passes VALUES (2, 1, '2002-01-01 00:00:00', NULL);
                 INSERT INTO circle_people VALUES (1, 1); UPDATE companies SET enabled = FALSE WHERE id = 3;",
            )
            .await;
        let caller = principal_in::<Own, _, _>(1, all, conn)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(caller.caller().is_root(), Some(true));
        assert_eq!(caller.caller().subscription(), Some(Subscription::Current));
        assert_eq!(caller.highest_role(), Some(Role::Manager));
        let caller = principal_in::<Own, _, _>(1, Facts::CALLER, conn)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(caller.highest_role(), Some(Role::Manager));
        assert!(
            principal_in::<Own, _, _>(2, all, conn)
                .await
                .unwrap()
                .is_none()
        );
        // There are no passwords and no logins to be noted: nothing is good for one login only.
        let store = Stored::<_, Own>::new(fresh.pool.clone());
        let user = 1_i64.user_id();
        assert!(store.logged_in(&user, 1, None).await.unwrap());
        assert!(!store.logged_in(&user, 1, Some(None)).await.unwrap());
        assert!(
            store
                .by_login("ann")
                .await
                .unwrap()
                .unwrap()
                .password
                .is_none()
        );
        let token = issue_token(1_i64, TokenOptions::default(), conn)
            .await
            .unwrap();
        let found = store
            .by_token(token.reveal(), Facts::MEMBERSHIPS)
            .await
            .unwrap();
        assert_eq!(found.unwrap().role_in(&2), Some(Role::Manager));
        fresh
    });
}
