//! Credentials: tokens through their lives, narrowed ones, links for one use, sessions, passwords, and authenticators of one's own.

use std::net::Ipv4Addr;

use axum::Json;
use axum::http::StatusCode;
use futures_util::future::BoxFuture;
use orgscope::authenticate::{Authenticator, SesameLinks, Sessions, Unauthenticated};
use orgscope::axum::login::LinkPages;
use orgscope::axum::{Router, login};
use orgscope::facts::Facts;
use orgscope::identity::{
    Account, Bundled, IdentityStore, LinkOptions, Narrowed, Stored, issue_link, list_tokens,
    rename_token, revoke_links, revoke_token, revoke_tokens, rotate_token, set_email, set_password,
};
use orgscope::key::UserId;
use orgscope::password::{self, Verdict};
use orgscope::prelude::*;
use orgscope::sesame::{self, Lifetime, Packer, Settings, TokenKey};
use orgscope::signing::SigningKey;
use orgscope::throttle::Rate;
use orgscope_suite::databases::{Fresh, on_each};
use orgscope_suite::http::{Answer, Http};
use serde_json::{Value, json};
use tower_sessions::{MemoryStore, SessionManagerLayer};

use crate::models::*;
use crate::support::*;

/// The name of an authenticator of the test's own.
const API_KEY: &str = "api-key";

#[protected(member)]
async fn list(rows: Scoped<Item>, mut db: Db) -> Result<Json<Vec<i32>>, ApiError> {
    let rows = rows.select(items::id).load(&mut db).await?;
    Ok(Json(rows))
}

#[protected(manager)]
async fn get(item: Object<Item>) -> String {
    item.name.clone()
}

#[protected(manager)]
async fn remove(
    item: Object<Item>,
    rows: Scoped<Item>,
    mut db: Db,
) -> Result<StatusCode, ApiError> {
    rows.find(item.id).delete().execute(&mut db).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes, though a GET should not.
#[protected(manager)]
async fn remove_by_get(rows: Scoped<Item>, mut db: Db) -> Result<StatusCode, ApiError> {
    rows.find(1).delete().execute(&mut db).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[protected(root)]
async fn for_root(caller: Principal) -> Json<bool> {
    Json(caller.is_narrowed())
}

#[protected(authenticated, authenticate = [session])]
async fn by_session(caller: Principal) -> String {
    caller.user_id().to_string()
}

#[protected(authenticated, authenticate = [session])]
async fn change_by_session(caller: Principal) -> String {
    caller.user_id().to_string()
}

#[protected(authenticated, authenticate = [sesame])]
async fn by_link(caller: Principal) -> String {
    caller.user_id().to_string()
}

#[protected(authenticated, authenticate = [bearer, API_KEY])]
async fn by_key(caller: Principal) -> String {
    caller.user_id().to_string()
}

/// Nobody has added an authenticator of this name.
#[protected(anyone, authenticate = [MISSING])]
async fn by_nothing() {}

const MISSING: &str = "missing";

/// `X-Api-Key: key of 3` is user 3.
struct ApiKeys;

impl Authenticator<i32> for ApiKeys {
    fn name(&self) -> &str {
        API_KEY
    }

    fn authenticate<'a>(
        &'a self,
        request: Unauthenticated<'a, i32>,
    ) -> BoxFuture<'a, Result<Option<Principal>, Error>> {
        Box::pin(async move {
            let Some(key) = request.parts.headers.get("x-api-key") else {
                return Ok(None);
            };
            let user = key
                .to_str()
                .ok()
                .and_then(|key| key.strip_prefix("key of "));
            let user = user.and_then(|user| request.identity.user_id(user));
            let found = match &user {
                Some(user) => request.identity.by_user(user, request.facts).await?,
                None => None,
            };
            let refused = Denied::Unauthenticated(orgscope::Reason::AuthenticationFailed);
            Ok(Some(found.ok_or(refused)?.principal))
        })
    }
}

fn links() -> sesame::Sesame {
    let settings = Settings::new("a secret of the test", Packer::I32, Lifetime::minutes(10));
    settings.one_time(true).build().unwrap()
}

async fn serve(fresh: &Fresh) -> Http {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
    let routes = Router::new()
        .get("/items", list)
        .get("/items/{id}", get)
        .delete("/items/{id}", remove)
        .get("/remove", remove_by_get)
        .get("/root", for_root)
        .get("/session", by_session)
        .post("/session", change_by_session)
        .get("/by-link", by_link)
        .get("/key", by_key)
        .get("/nothing", by_nothing)
        .merge(login::token_routes())
        .merge(login::session_routes())
        .merge(login::link_routes(
            LinkPages::leading_to("/home").accepting(links()),
        ));
    let tenancy = Tenancy::new(fresh.pool.clone())
        .authenticator(Sessions)
        .authenticator(SesameLinks::new(links()))
        .authenticator(ApiKeys)
        .signing_key(signing_key())
        .trusted_proxies(["127.9.0.0/16".parse().unwrap()])
        .login_rates(Rate::per_day(4), Rate::per_day(6));
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
    let app = routes.into_axum().layer(sessions).with_state(tenancy);
    Http::serve(app).await
}

fn signing_key() -> SigningKey {
    SigningKey::new([5; 32])
}

/// Whom a store finds by a token.
async fn finds(fresh: &Fresh, token: &str) -> bool {
    let store = Stored::<_, Bundled>::new(fresh.pool.clone());
    let found: Option<Principal> = store.by_token(token, Facts::CALLER).await.unwrap();
    found.is_some()
}

#[test]
fn tokens_are_renamed_rotated_and_revoked_by_their_users_only() {
    on_each(async |fresh| {
        seed(&fresh).await;
        let first = token(&fresh, MEMBER_A).await;
        let second = token(&fresh, MEMBER_A).await;
        let of_others = token(&fresh, MANAGER_B).await;
        let conn = &mut connection(&fresh).await;
        let (user, other) = (MEMBER_A.0, MANAGER_B.0);
        let tokens = list_tokens(user, conn).await.unwrap();
        assert_eq!(tokens.len(), 2);
        let id = tokens[0].id;
        rename_token(user, id, "laptop", conn).await.unwrap();
        for refused in [
            rename_token(other, id, "mine", conn).await,
            revoke_token(other, id, conn).await,
            rotate_token(other, id, 0, conn).await.map(|_| ()),
            revoke_token(user, 999, conn).await,
        ] {
            assert!(
                matches!(refused, Err(Error::Denied(Denied::NotFound))),
                "{refused:?}"
            );
        }
        // Within the grace period both are accepted, and the successor is called the same.
        let successor = rotate_token(user, id, 60, conn).await.unwrap();
        assert!(finds(&fresh, &first).await && finds(&fresh, successor.reveal()).await);
        let tokens = list_tokens(user, conn).await.unwrap();
        let names: Vec<&str> = tokens.iter().map(|token| token.name.as_str()).collect();
        assert_eq!(names, ["laptop", "test", "laptop"]);
        assert!(tokens[0].expires_at.is_some() && tokens[2].expires_at.is_none());
        // Without one the old token is refused at once, and so is another rotation of it.
        let again = rotate_token(user, tokens[2].id, 0, conn).await.unwrap();
        assert!(!finds(&fresh, successor.reveal()).await && finds(&fresh, again.reveal()).await);
        assert!(rotate_token(user, tokens[2].id, 0, conn).await.is_err());
        revoke_token(user, id, conn).await.unwrap();
        assert!(!finds(&fresh, &first).await && finds(&fresh, &second).await);
        assert_eq!(revoke_tokens(user, conn).await.unwrap(), 3);
        assert!(!finds(&fresh, &second).await && finds(&fresh, &of_others).await);
        // A token of before the password is refused even in the second in which that changed.
        set_password(other, "!".into(), conn).await.unwrap();
        assert!(!finds(&fresh, &of_others).await);
        fresh
    });
}

#[test]
fn a_narrowed_token_may_less_than_its_user() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let ids = |answer: &Answer| -> Vec<i64> {
            let rows = answer
                .body
                .as_array()
                .unwrap_or_else(|| panic!("{answer:?}"));
            let mut ids: Vec<i64> = rows.iter().map(|id| id.as_i64().unwrap()).collect();
            ids.sort_unstable();
            ids
        };
        let status = |method: &str, path: &str, token: &str| {
            let answer = http.ask(method, path, Some(&format!("Bearer {token}")));
            (answer.status, answer.body["reason"].clone())
        };
        // An owner of A and member of B.
        let whole = token(&fresh, OWNER_A_MEMBER_B).await;
        assert_eq!(ids(&http.get("/items", &whole)), [1, 2, 4, 11]);
        let reader = narrowed_token(&fresh, OWNER_A_MEMBER_B, Narrowed::read_only()).await;
        assert_eq!(ids(&http.get("/items", &reader)), [1, 2, 4, 11]);
        assert_eq!(status("GET", "/items/1", &reader).0, 200);
        for (method, path) in [("DELETE", "/items/1"), ("GET", "/remove")] {
            let refused = (403, json!("read_only_credential"));
            assert_eq!(status(method, path, &reader), refused, "{path}");
        }
        let in_b = Narrowed::nothing().in_organizations([B]);
        let in_b = narrowed_token(&fresh, OWNER_A_MEMBER_B, in_b).await;
        assert_eq!(ids(&http.get("/items", &in_b)), [2]);
        assert_eq!(
            status("GET", "/items/1", &in_b),
            (403, json!("role_manager"))
        );
        assert_eq!(
            status("GET", "/remove", &in_b),
            (403, json!("role_manager"))
        );
        let member = Narrowed::nothing().at_most(Role::Member);
        let member = narrowed_token(&fresh, OWNER_A_MEMBER_B, member).await;
        assert_eq!(ids(&http.get("/items", &member)), [1, 2, 11]);
        assert_eq!(
            status("DELETE", "/items/1", &member),
            (403, json!("role_manager"))
        );
        // The root group is not for it.
        fresh.batch("INSERT INTO access_groups (id, name, kind) VALUES (1, 'root', 1); INSERT INTO group_members VALUES (5, 1);").await;
        assert_eq!(status("GET", "/root", &whole).0, 200);
        assert_eq!(status("GET", "/root", &reader).0, 200);
        assert_eq!(status("GET", "/root", &in_b), (403, json!("root")));
        // A superuser's is that of an ordinary user.
        let narrowed = Narrowed::nothing().in_organizations([A]);
        let superuser = narrowed_token(&fresh, SUPERUSER, narrowed).await;
        assert_eq!(ids(&http.get("/items", &superuser)), [0; 0]);
        // What nobody understands is not a token that may everything.
        fresh
            .batch("UPDATE tokens SET narrowed = '{\"new\": 1}' WHERE narrowed IS NOT NULL")
            .await;
        assert_eq!(status("GET", "/items", &reader).0, 401);
        assert_eq!(status("GET", "/items", &whole).0, 200);
        fresh
    });
}

#[test]
fn of_two_presentations_of_a_link_for_one_use_exactly_one_passes() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        for round in 0..5 {
            let link = magic_link(&fresh, MEMBER_A.0).await;
            let header = vec![("authorization", format!("sesame {link}").into_bytes())];
            let ask = || http.raw("GET", "/by-link", &header, "", Ipv4Addr::LOCALHOST);
            let answers = tokio::join!(ask(), ask(), ask(), ask());
            let mut statuses = [answers.0, answers.1, answers.2, answers.3].map(|one| one.status);
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 401, 401, 401], "round {round}");
        }
        fresh
    });
}

/// A link of a user, as it was issued now.
async fn magic_link(fresh: &Fresh, user: i32) -> String {
    let store = Stored::<_, Bundled>::new(fresh.pool.clone());
    let id = UserId::Int(user);
    let account: Option<Account<i32>> = store.by_user(&id, Facts::CALLER).await.unwrap();
    let account = sesame::Account::of(&account.unwrap());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = i64::try_from(now.unwrap().as_secs()).unwrap();
    links()
        .issue(&TokenKey::Int(user.into()), &account, "", now)
        .unwrap()
}

#[test]
fn a_login_link_is_shown_by_get_and_used_by_post() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let conn = &mut connection(&fresh).await;
        let (user, key) = (MEMBER_A.0, signing_key());
        let link = async |purpose: &str, seconds: u32| {
            let options = LinkOptions { purpose, seconds };
            let conn = &mut connection(&fresh).await;
            let link = issue_link(user, options, &key, conn).await.unwrap();
            format!("token={}", link.reveal())
        };
        let form = vec![(
            "content-type",
            b"application/x-www-form-urlencoded".to_vec(),
        )];
        let post = |body: String| {
            let (http, form) = (&http, &form);
            async move {
                http.raw("POST", "/link", form, &body, Ipv4Addr::LOCALHOST)
                    .await
            }
        };
        for is_sesame in [false, true] {
            // A login ends all links of django-sesame that were issued before.
            let token = match is_sesame {
                true => format!("sesame={}", magic_link(&fresh, user).await),
                false => link(login::LOGIN, 600).await,
            };
            // A scanner, a preview, and the reader: the page is for all of them.
            for method in ["HEAD", "GET", "GET"] {
                let page = http.ask(method, &format!("/link?{token}"), None);
                assert_eq!(page.status, 200, "{page:?}");
                assert_eq!(page.cookie, None);
                let (_, value) = token.split_once('=').unwrap();
                assert_eq!(page.text.contains(value), method == "GET");
            }
            let raw = http
                .raw(
                    "GET",
                    &format!("/link?{token}"),
                    &[],
                    "",
                    Ipv4Addr::LOCALHOST,
                )
                .await;
            assert_eq!(raw.referrer_policy.as_deref(), Some("no-referrer"));
            let answers = tokio::join!(
                post(token.clone()),
                post(token.clone()),
                post(token.clone())
            );
            let mut statuses = [answers.0.status, answers.1.status, answers.2.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 400, 400]);
            let cookies = [answers.0.cookie, answers.1.cookie, answers.2.cookie];
            let cookie = cookies.into_iter().flatten().next().unwrap();
            let cookie = cookie.split(';').next().unwrap().to_owned();
            let session = http.ask_with("GET", "/session", &[("cookie", &cookie)]);
            assert_eq!(session.text, "2");
            assert_eq!(post(token).await.status, 400);
        }
        // Not for this purpose, too late, revoked, of before the password, and no link at all.
        for purpose_and_time in [("confirm", 600), (login::LOGIN, 0)] {
            let (purpose, seconds) = purpose_and_time;
            assert_eq!(post(link(purpose, seconds).await).await.status, 400);
        }
        let revoked = link(login::LOGIN, 600).await;
        assert!(revoke_links(user, conn).await.unwrap() > 0);
        assert_eq!(post(revoked).await.status, 400);
        let older = link(login::LOGIN, 600).await;
        set_password(user, "!".into(), conn).await.unwrap();
        assert_eq!(post(older).await.status, 400);
        for nonsense in [
            "",
            "token=",
            "token=%3Cscript%3E",
            "token=a&token=b",
            "other=1",
            "sesame=AAAA",
        ] {
            assert_eq!(post(nonsense.to_owned()).await.status, 400, "{nonsense}");
        }
        let page = http.ask("GET", "/link?token=%22%3E%3Cscript%3E", None);
        assert_eq!(page.status, 400);
        assert!(!page.text.contains("script"));
        fresh
    });
}

/// Requests of one browser.
struct Browser<'a> {
    http: &'a Http,
    cookie: Option<String>,
    csrf: String,
}

impl Browser<'_> {
    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        body: &Value,
        more: &[(&str, &str)],
    ) -> Answer {
        let mut headers = vec![("content-type", b"application/json".to_vec())];
        headers.extend(
            more.iter()
                .map(|(name, value)| (*name, value.as_bytes().to_vec())),
        );
        headers.extend(
            self.cookie
                .iter()
                .map(|cookie| ("cookie", cookie.clone().into_bytes())),
        );
        let body = body.to_string();
        let from = Ipv4Addr::LOCALHOST;
        let answer = self.http.raw(method, path, &headers, &body, from).await;
        if let Some(cookie) = &answer.cookie {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        if let Some(csrf) = answer.body["csrf_token"].as_str() {
            self.csrf = csrf.to_owned();
        }
        answer
    }
}

#[test]
fn sessions_begin_end_and_are_not_ridden() {
    let hash = password::hash("a password").unwrap();
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let conn = &mut connection(&fresh).await;
        set_password(MEMBER_A.0, hash.clone(), conn).await.unwrap();
        let login = json!({"username": "user 2", "password": "a password"});
        let (cookie, csrf) = (None, String::new());
        let mut browser = Browser {
            http: &http,
            cookie,
            csrf,
        };
        let nothing = Value::Null;
        assert_eq!(
            browser.ask("GET", "/session", &nothing, &[]).await.status,
            401
        );
        assert_eq!(browser.ask("GET", "/csrf", &nothing, &[]).await.status, 401);
        let from_elsewhere = [("sec-fetch-site", "cross-site")];
        let refused = browser.ask("POST", "/login", &login, &from_elsewhere).await;
        assert_eq!(
            (refused.status, &refused.body["reason"]),
            (403, &json!("csrf"))
        );
        assert_eq!(browser.ask("POST", "/login", &login, &[]).await.status, 200);
        let before = browser.cookie.clone();
        // Whoever knew the id of before the login is not logged in with it.
        assert_eq!(browser.ask("POST", "/login", &login, &[]).await.status, 200);
        assert_ne!(browser.cookie, before);
        let after = std::mem::replace(&mut browser.cookie, before);
        assert_eq!(
            browser.ask("GET", "/session", &nothing, &[]).await.status,
            401
        );
        browser.cookie = after;
        assert_eq!(
            browser.ask("GET", "/session", &nothing, &[]).await.text,
            "2"
        );
        let csrf = browser.csrf.clone();
        assert_eq!(
            browser.ask("GET", "/csrf", &nothing, &[]).await.body["csrf_token"],
            csrf
        );
        for (headers, status) in [
            (vec![], 403),
            (vec![("x-csrf-token", "wrong")], 403),
            (vec![("sec-fetch-site", "cross-site")], 403),
            (vec![("sec-fetch-site", "same-origin")], 200),
            (vec![("x-csrf-token", csrf.as_str())], 200),
        ] {
            let answer = browser.ask("POST", "/session", &nothing, &headers).await;
            assert_eq!(answer.status, status, "{headers:?}");
        }
        // Sessions are one authenticator among others: bearer endpoints take them too, unless they say otherwise.
        assert_eq!(
            browser.ask("GET", "/items", &nothing, &[]).await.status,
            200
        );
        assert_eq!(browser.ask("GET", "/key", &nothing, &[]).await.status, 401);
        // A changed password ends the session.
        set_password(MEMBER_A.0, hash.clone(), conn).await.unwrap();
        assert_eq!(
            browser.ask("GET", "/session", &nothing, &[]).await.status,
            200
        );
        let other = password::hash("another one").unwrap();
        set_password(MEMBER_A.0, other, conn).await.unwrap();
        assert_eq!(
            browser.ask("GET", "/session", &nothing, &[]).await.status,
            401
        );
        let login = json!({"username": "user 2", "password": "another one"});
        assert_eq!(browser.ask("POST", "/login", &login, &[]).await.status, 200);
        let csrf = browser.csrf.clone();
        assert_eq!(
            browser.ask("POST", "/logout", &nothing, &[]).await.status,
            403
        );
        let headers = [("x-csrf-token", csrf.as_str())];
        assert_eq!(
            browser
                .ask("POST", "/logout", &nothing, &headers)
                .await
                .status,
            204
        );
        assert_eq!(
            browser.ask("GET", "/session", &nothing, &[]).await.status,
            401
        );
        fresh
    });
}

#[test]
fn logins_tell_nothing_and_are_counted() {
    let hash = password::hash("a password").unwrap();
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let conn = &mut connection(&fresh).await;
        for user in [MEMBER_A, MANAGER_A, MANAGER_B, NOBODY] {
            set_password(user.0, hash.clone(), conn).await.unwrap();
            let email = Some(format!("User{}@Example.com", user.0));
            set_email(user.0, email, conn).await.unwrap();
        }
        fresh
            .batch("UPDATE users SET is_active = FALSE WHERE id = 4")
            .await;
        let from = |last: u8| Ipv4Addr::new(127, 0, 1, last);
        let login = async |username: &str, password: &str, from: Ipv4Addr, forwarded: &str| {
            let body = json!({"username": username, "password": password}).to_string();
            let headers = vec![
                ("content-type", b"application/json".to_vec()),
                ("x-forwarded-for", forwarded.as_bytes().to_vec()),
            ];
            http.raw("POST", "/token", &headers, &body, from).await
        };
        let right = login("user 2", "a password", from(1), "1.1.1.1").await;
        let token = right.body["token"]
            .as_str()
            .unwrap_or_else(|| panic!("{right:?}"));
        assert_eq!(http.get("/items", token).status, 200);
        let by_email = login("USER2@example.COM", "a password", from(1), "1.1.1.1").await;
        assert_eq!(by_email.status, 200);
        assert_eq!(
            login("User 2", "a password", from(2), "1.1.1.1")
                .await
                .status,
            400
        );
        // Wrong, unknown and inactive are the same bytes.
        let wrong = login("user 2", "wrong", from(2), "1.1.1.1").await;
        assert_eq!(wrong.status, 400);
        for (username, password) in [
            ("nobody", "a password"),
            ("user 4", "a password"),
            ("a\0", "b"),
        ] {
            let answer = login(username, password, from(3), "1.1.1.1").await;
            let expected = match username.contains('\0') {
                true => json!({"username": ["invalid"]}),
                false => json!({"non_field_errors": ["authorization"]}),
            };
            assert_eq!((answer.status, &answer.body["errors"]), (400, &expected));
        }
        // Four a day for an account, whatever the name and wherever from, and the right password as well.
        let fourth = login("user2@example.com", "a password", from(4), "1.1.1.1").await;
        assert_eq!(fourth.status, 200);
        let fifth = login("user 2", "a password", from(5), "9.9.9.9").await;
        assert_eq!(fifth.status, 429);
        assert!(fifth.retry_after.is_some());
        assert_eq!(
            login("user 3", "a password", from(5), "9.9.9.9")
                .await
                .status,
            200
        );
        // Six a day from an address; what a client says of itself does not count.
        for attempt in 0..7 {
            let forwarded = format!("8.8.8.{attempt}");
            let answer = login(&format!("name {attempt}"), "x", from(6), &forwarded).await;
            assert_eq!(
                answer.status,
                if attempt < 6 { 400 } else { 429 },
                "{attempt}"
            );
        }
        // A proxy of ours says whom it speaks for.
        let proxy = Ipv4Addr::new(127, 9, 0, 1);
        for attempt in 0..7 {
            let forwarded = format!("5.5.5.5, 8.8.8.{attempt}");
            let answer = login(&format!("other {attempt}"), "x", proxy, &forwarded).await;
            assert_eq!(answer.status, 400, "{attempt}");
        }
        fresh
    });
}

#[test]
fn passwords_of_django_are_right_and_hashed_again_at_a_login() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../data/django_passwords.json")).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    for vector in vectors {
        let (password, stored) = (vector["password"].as_str(), vector["stored"].as_str());
        let (password, stored) = (password.unwrap(), stored.unwrap());
        let verdict = password::verify(password, stored);
        match vector["algorithm"].as_str().unwrap() {
            "unusable" => assert_eq!(verdict, Verdict::Wrong),
            "argon2" => assert_ne!(verdict, Verdict::Wrong, "{vector}"),
            _ => assert_eq!(verdict, Verdict::RightButOld, "{vector}"),
        }
        assert_eq!(
            password::verify(&format!("{password} "), stored),
            Verdict::Wrong
        );
    }
    let old = vectors[0]["stored"].as_str().unwrap();
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        fresh
            .batch(&format!("UPDATE users SET password = '{old}' WHERE id = 2"))
            .await;
        let store = Stored::<_, Bundled>::new(fresh.pool.clone());
        let hash = async || {
            let found = IdentityStore::<i32>::by_login(&store, "user 2")
                .await
                .unwrap();
            let password = found.unwrap().password.unwrap();
            use secrecy::ExposeSecret;
            password.expose_secret().to_owned()
        };
        let body = json!({"username": "user 2", "password": vectors[0]["password"]}).to_string();
        let headers = vec![("content-type", b"application/json".to_vec())];
        let ask = || http.raw("POST", "/token", &headers, &body, Ipv4Addr::LOCALHOST);
        let first = ask().await;
        assert_eq!(first.status, 200, "{first:?}");
        let new = hash().await;
        assert!(new.starts_with("argon2$argon2id$"), "{new}");
        // The password is still the same one: what was issued before stays good.
        assert_eq!(
            http.get("/items", first.body["token"].as_str().unwrap())
                .status,
            200
        );
        assert_eq!(ask().await.status, 200);
        assert_eq!(hash().await, new);
        fresh
    });
}

#[test]
fn authenticators_of_ones_own_are_asked_in_order() {
    on_each(async |fresh| {
        let http = serve(&fresh).await;
        let bearer = format!("Bearer {}", token(&fresh, MEMBER_A).await);
        let ask = |headers: &[(&str, &str)]| http.ask_with("GET", "/key", headers);
        assert_eq!(ask(&[("x-api-key", "key of 3")]).text, "3");
        assert_eq!(
            ask(&[("x-api-key", "key of 3"), ("authorization", &bearer)]).text,
            "2"
        );
        // A credential that is refused is final.
        let refused = ask(&[("x-api-key", "key of 3"), ("authorization", "Bearer wrong")]);
        assert_eq!(
            (refused.status, refused.challenge.as_deref()),
            (401, Some("Bearer"))
        );
        assert_eq!(ask(&[("x-api-key", "key of 99")]).status, 401);
        assert_eq!(ask(&[("x-api-key", "nonsense")]).status, 401);
        // An endpoint whose credentials nobody can check is out of order, and not open.
        assert_eq!(http.ask("GET", "/nothing", None).status, 503);
        // Nobody's path is a problem document, too.
        let nowhere = http.ask("GET", "/there/is/nothing", None);
        assert_eq!(nowhere.status, 404);
        assert_eq!(
            nowhere.media_type.as_deref(),
            Some("application/problem+json")
        );
        fresh
    });
}

#[test]
fn identity_works_on_synchronous_connections_as_well() {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use orgscope::identity::{
        Migrations, NewUser, TokenOptions, add_user, issue_token, principal, use_link,
    };

    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    let migrations = Migrations::<i32, i32>::new();
    let tables = migrations.up(orgscope::dialect::Database::Sqlite);
    conn.batch_execute(&tables).unwrap();
    let user = NewUser {
        id: 1,
        username: "ann".into(),
        is_active: true,
        is_superuser: false,
    };
    add_user(user, &mut conn).unwrap();
    for facts in [Facts::CALLER, Facts::MEMBERSHIPS, Facts::ALL] {
        let caller: Option<Principal> = principal(1, facts, &mut conn).unwrap();
        assert_eq!(caller.unwrap().user_id(), &UserId::Int(1));
    }
    issue_token(1, TokenOptions::default(), &mut conn).unwrap();
    let tokens = list_tokens(1, &mut conn).unwrap();
    rotate_token(1, tokens[0].id, 0, &mut conn).unwrap();
    let (purpose, seconds) = ("login", 60);
    let options = LinkOptions { purpose, seconds };
    let link = issue_link(1, options, &signing_key(), &mut conn).unwrap();
    for expected in [Some(1), None] {
        let found = use_link::<i32, _, _>(link.reveal(), purpose, &signing_key(), &mut conn);
        assert_eq!(found.unwrap(), expected);
    }
    set_password(1, "!".into(), &mut conn).unwrap();
    assert_eq!(list_tokens(1, &mut conn).unwrap(), []);
}
