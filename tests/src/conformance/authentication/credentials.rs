//! The users of a case, and credentials in the state that it names.

use std::sync::LazyLock;

use orgscope::facts::Facts;
use orgscope::identity::{
    Account, Bundled, IdentityStore, TokenOptions, issue_token, list_tokens, revoke_tokens,
    rotate_token, set_email, set_password, set_superuser, set_user_active,
};
use orgscope::key::UserId;
use orgscope::pool::Pool;
use orgscope::sesame::{self, Sesame, TokenKey};
use orgscope::{AnyConnection, password};
use serde_json::Value;

use super::sending::PASSWORD;
use super::{HERE, Service};
use crate::databases::Fresh;

/// The hash of [`PASSWORD`]; hashing takes a while.
static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).expect("a hash"));
/// That of another one.
static OTHER: LazyLock<String> = LazyLock::new(|| password::hash("another one").expect("a hash"));

/// A key that no user has.
const NOBODY: i32 = 999_999;

pub(super) struct Credentials<'a> {
    fresh: &'a Fresh,
    service: &'a Service,
    /// The names of the users; their keys are one more than the positions.
    names: Vec<String>,
}

/// A session of a logged-in user.
pub(super) struct Session {
    pub(super) cookie: String,
    pub(super) csrf: String,
}

impl<'a> Credentials<'a> {
    /// Makes the users of the world anew.
    pub(super) async fn of(fresh: &'a Fresh, world: &'a Value, service: &'a Service) -> Self {
        let users = world["users"].as_object().expect("users");
        let names = users.keys().filter(|name| *name != "anonymous").cloned();
        let made = Credentials {
            fresh,
            service,
            names: names.collect(),
        };
        let mut sql = "DELETE FROM tokens; DELETE FROM users;".to_owned();
        for name in &made.names {
            let (user, id) = (&users[name], made.id(name));
            let (active, superuser) = (user["active"] != false, user["superuser"] == true);
            sql += &format!(
                "INSERT INTO users (id, username, is_active, is_superuser, email, password)
                 VALUES ({id}, '{name}', {active}, {superuser}, '{name}@example.com', '{}');",
                *HASH
            );
        }
        fresh.batch(&sql).await;
        made
    }

    async fn connection(&self) -> AnyConnection {
        self.fresh.pool.connection().await.expect("a connection")
    }

    /// The key of a user; of a name that nobody has, a key that nobody has.
    fn id(&self, name: &str) -> i32 {
        let position = self.names.iter().position(|one| one == name);
        let id = position.and_then(|position| i32::try_from(position + 1).ok());
        id.unwrap_or(NOBODY)
    }

    /// The name of the caller that an endpoint told.
    pub(super) fn name(&self, caller: &Value) -> Value {
        let position = caller.as_u64().and_then(|id| usize::try_from(id - 1).ok());
        let name = position.and_then(|position| self.names.get(position));
        name.map_or(Value::Null, |name| name.as_str().into())
    }

    /// A bearer token of a user, issued a while ago.
    pub(super) async fn bearer(&self, name: &str) -> String {
        let options = TokenOptions {
            name: "replay".into(),
            ..TokenOptions::default()
        };
        let conn = &mut self.connection().await;
        let token = issue_token(self.id(name), options, conn)
            .await
            .expect("a token");
        token.reveal().to_owned()
    }

    /// Logs a user in with the password.
    pub(super) async fn session(&self, name: &str) -> Session {
        let body = serde_json::json!({ "username": name, "password": PASSWORD }).to_string();
        let json = vec![("content-type", b"application/json".to_vec())];
        let answer = self
            .service
            .http
            .raw("POST", "/login", &json, &body, HERE)
            .await;
        let cookie = answer
            .cookie
            .as_deref()
            .and_then(|cookie| cookie.split(';').next());
        let csrf = answer.body["csrf_token"].as_str();
        // Whoever may not log in has no session.
        Session {
            cookie: cookie.unwrap_or_default().to_owned(),
            csrf: csrf.unwrap_or_default().to_owned(),
        }
    }

    /// Gives the user whom an e-mail address names that address.
    pub(super) async fn set_passwords(&self, given: &Value) {
        let identifier = given["identifier"].as_str().unwrap_or_default();
        if let Some((name, _)) = identifier.split_once('@') {
            let email = Some(identifier.to_lowercase());
            let conn = &mut self.connection().await;
            let user = self.id(&name.to_lowercase());
            set_email(user, email, conn).await.expect("a user");
        }
    }

    /// The scheme that a case's credential is of.
    fn is_sesame(given: &Value) -> bool {
        let accepts = |scheme: &str| {
            let schemes = given["accepted_schemes"].as_array();
            schemes.is_some_and(|schemes| schemes.contains(&scheme.into()))
        };
        match given["header_scheme"].as_str() {
            Some(scheme) => scheme == "sesame" && accepts("sesame"),
            None => accepts("sesame"),
        }
    }

    /// A magic link of a user, as it was issued some seconds ago.
    async fn sesame(&self, user: i32, scope: &str, age: i64) -> String {
        let sesame = self
            .service
            .sesame
            .as_ref()
            .map_or_else(super::any_sesame, Sesame::clone);
        let store = Bundled::<_, i32>::new(self.fresh.pool.clone());
        let id = UserId::Int(user);
        let found = IdentityStore::<i32>::by_user(&store, &id, Facts::CALLER);
        let account: Option<Account<i32>> = found.await.expect("an answer");
        let account = account.as_ref();
        let account = account.map_or_else(sesame::Account::default, sesame::Account::of);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = i64::try_from(now.expect("after 1970").as_secs()).expect("a time");
        let key = TokenKey::Int(user.into());
        sesame
            .issue(&key, &account, scope, now - age)
            .expect("a token")
    }

    /// A credential of `manager_a`, after what its state says has happened to it or to its owner.
    pub(super) async fn issue(&self, given: &Value, state: &str) -> String {
        let user = self.id("manager_a");
        let superuser = state.starts_with("superuser-");
        if superuser {
            let conn = &mut self.connection().await;
            set_superuser(user, true, conn).await.expect("a user");
        }
        // A credential that is good elsewhere.
        let is_other = state.contains("other scheme");
        let mut token = match Self::is_sesame(given) != is_other {
            true => {
                // It was issued before the second in which it is presented begins.
                let age = given["credential_age_seconds"].as_i64();
                let age = age.map_or(0, |age| age - 1);
                let scope = if state.contains("scope") { "other" } else { "" };
                self.sesame(user, scope, age).await
            }
            false => self.bearer("manager_a").await,
        };
        let conn = &mut self.connection().await;
        match state.strip_prefix("superuser-").unwrap_or(state) {
            "user-inactive" | "inactive" => {
                set_user_active(user, false, conn).await.expect("a user")
            }
            "user-deleted" | "owner-deleted" => {
                self.fresh
                    .batch(&format!("DELETE FROM users WHERE id = {user};"))
                    .await;
            }
            "token-deleted" => drop(revoke_tokens(user, conn).await.expect("tokens")),
            "token-renewed-old-presented" => {
                let old = list_tokens(user, conn).await.expect("tokens").remove(0);
                rotate_token(user, old.id, 0, conn)
                    .await
                    .expect("another token");
            }
            "token-renewed-new-presented" => {
                let old = list_tokens(user, conn).await.expect("tokens").remove(0);
                let new = rotate_token(user, old.id, 0, conn)
                    .await
                    .expect("another token");
                token = new.reveal().to_owned();
            }
            "token-expired" | "expired" => {
                self.fresh.batch("UPDATE tokens SET expires_at = 1;").await;
            }
            "account-expiration-date-passed" => {
                self.fresh.batch("UPDATE users SET expires_at = 1;").await;
            }
            "password-expired" => {
                self.fresh
                    .batch("UPDATE users SET password_expires_at = 1;")
                    .await;
            }
            state if state.starts_with("password-changed") => {
                set_password(user, OTHER.clone(), conn)
                    .await
                    .expect("a user");
            }
            state if state.starts_with("email-changed") => {
                let email = Some("other@example.com".to_owned());
                set_email(user, email, conn).await.expect("a user");
            }
            state if state.contains("tampered") => {
                let at = token.len() - 3;
                let other = if &token[at..=at] == "A" { "B" } else { "A" };
                token.replace_range(at..=at, other);
            }
            // The others say how often, how old, or for what it is presented.
            _ => {}
        }
        token
    }

    /// A header with a credential that is as it should be, but was never issued.
    pub(super) async fn unknown(&self, given: &Value) -> Option<Vec<u8>> {
        let scheme = given["header_scheme"].as_str()?;
        let token = match Self::is_sesame(given) {
            true => self.sesame(NOBODY, "", 0).await,
            false => format!("{}{}", "0".repeat(39), 1),
        };
        Some(format!("{scheme} {token}").into_bytes())
    }
}
