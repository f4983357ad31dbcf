//! What of a user's row a token depends on: when that changes, the token is no longer good.

use secrecy::ExposeSecret;
use time::{OffsetDateTime, UtcOffset};

/// The columns of a user that tokens depend on.
#[derive(Clone, Default)]
pub struct Account {
    /// The password field as it is stored, hashed.
    pub password: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// When the user last logged in.
    pub last_login: Option<LastLogin>,
}

impl Account {
    /// Those of an account of the service, whose logins are in UTC.
    pub fn of<K>(account: &crate::identity::Account<K>) -> Account {
        let password = account.password.as_ref();
        Account {
            password: password.map(|password| password.expose_secret().to_owned()),
            email: account.email.clone(),
            last_login: account.last_login.map(LastLogin::utc),
        }
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("last_login", &self.last_login)
            .finish_non_exhaustive()
    }
}

/// When a user last logged in, as Django loads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastLogin {
    /// Microseconds since 1970-01-01T00:00:00, in UTC or, without an offset, on the clock of the server.
    pub unix_micros: i64,
    /// The offset from UTC in seconds: 0 with `USE_TZ` on, `None` with it off. The same instant with another offset is another
    /// token.
    pub utc_offset: Option<i32>,
}

impl LastLogin {
    /// An instant in UTC.
    pub fn utc(unix_micros: i64) -> LastLogin {
        let utc_offset = Some(0);
        LastLogin {
            unix_micros,
            utc_offset,
        }
    }

    /// The text that is signed: `2023-11-01T08:30:15.123456+00:00`.
    fn text(self) -> Option<String> {
        let nanos = i128::from(self.unix_micros) * 1000;
        let instant = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
        let offset = UtcOffset::from_whole_seconds(self.utc_offset.unwrap_or(0)).ok()?;
        let at = instant.checked_to_offset(offset)?;
        let (date, (hour, minute, second, micro)) = (at.date(), at.time().as_hms_micro());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if micro != 0 {
            text.push_str(&format!(".{micro:06}"));
        }
        if self.utc_offset.is_some() {
            let (hours, minutes, seconds) = offset.as_hms();
            let sign = if offset.is_negative() { '-' } else { '+' };
            let (hours, minutes) = (hours.unsigned_abs(), minutes.unsigned_abs());
            text.push_str(&format!("{sign}{hours:02}:{minutes:02}"));
            if seconds != 0 {
                text.push_str(&format!(":{:02}", seconds.unsigned_abs()));
            }
        }
        Some(text)
    }
}

/// What invalidates a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Revocation {
    pub(super) password: bool,
    pub(super) email: bool,
    pub(super) login: bool,
}

impl Revocation {
    /// The text that is signed for the account; `None` where a column that counts is NULL and may not be.
    pub(super) fn text(self, account: &Account) -> Option<String> {
        let mut text = String::new();
        if let (true, Some(password)) = (self.password, &account.password) {
            text.push_str(tail(password));
        }
        if self.email {
            text.push_str(account.email.as_deref()?);
        }
        if let (true, Some(last_login)) = (self.login, account.last_login) {
            text.push_str(&last_login.text()?);
        }
        Some(text)
    }
}

/// The end of a stored password, as much of it as the algorithm's digest has (SESAME_FORMAT 3); all of it for other algorithms.
fn tail(password: &str) -> &str {
    let algorithm = password.split('$').next().unwrap_or(password);
    let characters = match algorithm {
        "pbkdf2_sha256" => 44,
        "pbkdf2_sha1" => 28,
        "argon2" => 22,
        "bcrypt_sha256" | "bcrypt" => 31,
        "sha1" => 40,
        "md5" => 32,
        "crypt" => 11,
        _ => return password,
    };
    let start = password.char_indices().rev().nth(characters - 1);
    &password[start.map_or(0, |(at, _)| at)..]
}
