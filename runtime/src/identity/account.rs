//! A user with what credentials depend on.

use secrecy::SecretString;

use super::caller::Found;
use crate::key::UserId;
use crate::principal::Principal;

/// An active user as a caller, with the columns that credentials depend on.
#[derive(Clone, Debug)]
pub struct Account<K> {
    /// The caller.
    pub principal: Principal<K>,
    /// The password field as it is stored, hashed.
    pub password: Option<SecretString>,
    /// The e-mail address.
    pub email: Option<String>,
    /// When the user last logged in, in Unix microseconds.
    pub last_login: Option<i64>,
}

impl<K> From<Found<K>> for Account<K> {
    fn from(found: Found<K>) -> Account<K> {
        let (_, last_login, password, email, _) = found.beside;
        Account {
            principal: found.principal,
            password: password.map(SecretString::from),
            email,
            last_login,
        }
    }
}

/// A user whom an identifier names, who may not be active, and whose password is still to be checked.
#[derive(Clone, Debug)]
pub struct LoginCandidate {
    /// The user.
    pub user: UserId,
    /// The password field as it is stored, hashed.
    pub password: Option<SecretString>,
    /// Whether the user may log in.
    pub is_active: bool,
}
