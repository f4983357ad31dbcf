//! The users of a case, and credentials in the state that it names.

use std::sync::LazyLock;

use orgscope::facts::Facts;
use orgscope::identity::{
    Account, BearerToken, Bundled, IdentityStore, Stored, TokenOptions, list_tokens, revoke_tokens,
    rotate_token, rotate_token_in, set_email, set_password, set_superuser, set_user_active,
};
use orgscope::key::Key as _;
use orgscope::pool::Pool;
use orgscope::sesame::{self, Sesame, TokenKey};
use orgscope::{AnyConnection, Error, password};
use serde_json::Value;

use super::sending::PASSWORD;
use super::{HERE, Identity, Service};
use crate::world::django::Django;
use crate::world::{Key, key, quoted};
use orgscope_suite::databases::Fresh;

/// The hash of [`PASSWORD`]; hashing takes a while.
static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).expect("a hash"));
/// That of another one.
static OTHER: LazyLock<String> = LazyLock::new(|| password::hash("another one").expect("a hash"));

/// A key that no user has.
const NOBODY: Key = key(999_999);

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
            let (user, id) = (&users[name], quoted(made.id(name)));
            let (active, superuser) = (user["active"] != false, user["superuser"] == true);
            sql += &format!(
                "INSERT INTO users (id, username, is_active, is_superuser, email, password)
                 VALUES ({id}, '{name}', {active}, {superuser}, '{name}@example.com', '{}');",
                *HASH
            );
        }
        fresh.batch(&sql).await;
        made.settle(&mut made.connection().await).await;
        made
    }

    async fn connection(&self) -> AnyConnection {
        self.fresh.pool.connection().await.expect("a connection")
    }

    /// The successor of a token.
    async fn rotated(
        &self,
        token: i64,
        user: Key,
        conn: &mut AnyConnection,
    ) -> Result<BearerToken, Error> {
        match self.service.identity {
            Identity::Bundled | Identity::Cached => rotate_token(user, token, 0, conn).await,
            Identity::Django => rotate_token_in::<Django, _, _>(user, token, 0, conn).await,
        }
    }

    /// Brings what has happened to where the service looks.
    async fn settle(&self, conn: &mut AnyConnection) {
        let settled = self.service.identity.settle(conn).await;
        settled.expect("tables");
    }

    /// The key of a user; of a name that nobody has, a key that nobody has.
    fn id(&self, name: &str) -> Key {
        let position = self.names.iter().position(|one| one == name);
        let number = position.and_then(|position| u128::try_from(position + 1).ok());
        number.map_or(NOBODY, key)
    }

    /// The name of the caller that an endpoint told.
    pub(super) fn name(&self, caller: &Value) -> Value {
        let is_it = |name: &&String| *caller == self.id(name).to_string();
        let name = self.names.iter().find(is_it);
        name.map_or(Value::Null, |name| name.as_str().into())
    }

    /// A bearer token of a user, issued a while ago.
    pub(super) async fn bearer(&self, name: &str) -> String {
        let options = TokenOptions {
            name: "replay".into(),
            ..TokenOptions::default()
        };
        let conn = &mut self.connection().await;
        let token = self.service.identity.token(self.id(name), options, conn);
        token.await.expect("a token")
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
            self.settle(conn).await;
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
    async fn sesame(&self, user: Key, scope: &str, age: i64) -> String {
        let sesame = self
            .service
            .sesame
            .as_ref()
            .map_or_else(super::any_sesame, Sesame::clone);
        let (pool, id) = (self.fresh.pool.clone(), user.user_id());
        let found = match self.service.identity {
            Identity::Bundled | Identity::Cached => {
                let store = Stored::<_, Bundled<Key, Key>>::new(pool);
                store.by_user(&id, Facts::CALLER).await
            }
            Identity::Django => {
                let store = Stored::<_, Django>::new(pool);
                store.by_user(&id, Facts::CALLER).await
            }
        };
        let account: Option<Account<Key>> = found.expect("an answer");
        let account = account.as_ref();
        let account = account.map_or_else(sesame::Account::default, sesame::Account::of);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = i64::try_from(now.expect("after 1970").as_secs()).expect("a time");
        let key = TokenKey::Uuid(user.0.into_bytes());
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
            self.settle(conn).await;
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
                    .batch(&format!("DELETE FROM users WHERE id = {};", quoted(user)))
                    .await;
            }
            "token-deleted" => drop(revoke_tokens(user, conn).await.expect("tokens")),
            "token-renewed-old-presented" => {
                let old = list_tokens(user, conn).await.expect("tokens").remove(0);
                self.rotated(old.id, user, conn)
                    .await
                    .expect("another token");
            }
            "token-renewed-new-presented" => {
                let old = list_tokens(user, conn).await.expect("tokens").remove(0);
                let new = self
                    .rotated(old.id, user, conn)
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
        self.settle(conn).await;
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
