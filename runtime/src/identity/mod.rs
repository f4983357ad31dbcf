//! The bundled tables of users, organizations, memberships, groups, permissions, subscriptions and tokens, and what is read
//! from them.
//!
//! | table | columns |
//! | --- | --- |
//! | `users` | `id`, `username`, `is_active`, `is_superuser`, `email`, `password` (hashed), `last_login` (Unix microseconds), `expires_at`, `password_expires_at`, `password_changed_at` (Unix seconds) |
//! | `organizations` | `id`, `name`, `slug`, `is_active` |
//! | `memberships` | `user_id`, `organization_id`, `role` (1 member, 2 manager, 3 owner; at most one owner each) |
//! | `access_groups` | `id`, `name`, `kind` (1 the root group, 2 the public group, NULL for all others; at most one each) |
//! | `group_members` | `user_id`, `group_id` |
//! | `user_permissions` | `user_id`, `codename` (`app.codename`) |
//! | `group_permissions` | `group_id`, `codename` |
//! | `subscriptions` | `user_id`, `starts_at`, `ends_at` (Unix seconds; the end is exclusive, NULL for none) |
//! | `tokens` | `id`, `user_id`, `digest` (SHA-256), `name`, `created_at`, `expires_at`, `last_used_at` (Unix seconds), `narrowed` (JSON: what the token may less than its user) |
//! | `facts_epochs`, `facts_epoch_of_all` | only with [`Migrations::with_epochs`]: `user_id` and `epoch`, and the `epoch` of all, with `is_believed` |
//! | `login_links` | `digest` (SHA-256 of the id), `user_id`, `purpose`, `created_at`, `expires_at`, `used_at` (Unix seconds) |
//!
//! The key types of users and organizations are the user's choice: every item here takes them as type parameters. Groups have
//! `i32` keys.

mod account;
#[cfg(feature = "cache")]
pub mod cache;
pub mod caller;
pub mod changes;
mod known;
pub mod layout;
pub mod links;
pub mod logins;
mod lookup;
mod migrations;
mod narrowed;
pub mod tokens;
pub mod write;

pub use account::{Account, LoginCandidate};
pub use caller::{principal, principal_in};
pub use changes::{
    join_organization, leave_organization, set_manager, set_organization_active, set_superuser,
    set_user_active, transfer_ownership,
};
pub use layout::{
    Bundled, Codenames, GroupMembers, GroupPermissions, Groups, Layout, Mapping, Memberships,
    Organizations, Subscriptions, Tables, UserPermissions, Users,
};
pub use links::{LinkOptions, LoginLink, issue_link, revoke_links, use_link, use_link_in};
pub use logins::{set_email, set_password};
pub use migrations::Migrations;
pub use narrowed::Narrowed;
pub use tokens::{
    BearerToken, TokenInfo, TokenOptions, import_token, issue_token, list_tokens, rename_token,
    revoke_token, revoke_tokens, rotate_token, rotate_token_in, token_digest,
};
pub use write::{
    NewOrganization, NewUser, add_group, add_group_member, add_group_permission, add_membership,
    add_organization, add_subscription, add_user, add_user_permission,
};

#[cfg(feature = "async")]
mod store;
#[cfg(feature = "async")]
mod stored;
#[cfg(feature = "async")]
pub use store::IdentityStore;
#[cfg(feature = "async")]
pub use stored::Stored;

/// Seconds since 1970-01-01T00:00:00Z, as the tables store most times.
pub(crate) fn now() -> i64 {
    now_micros() / 1_000_000
}

/// Microseconds since then, as the tables store logins.
pub(crate) fn now_micros() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    })
}
