//! The bundled tables of users, organizations, memberships, groups, permissions, subscriptions and tokens, and what is read
//! from them.
//!
//! | table | columns |
//! | --- | --- |
//! | `users` | `id`, `username`, `is_active`, `is_superuser` |
//! | `organizations` | `id`, `name`, `slug`, `is_active` |
//! | `memberships` | `user_id`, `organization_id`, `role` (1 member, 2 manager, 3 owner; at most one owner each) |
//! | `access_groups` | `id`, `name`, `kind` (1 the root group, 2 the public group, NULL for all others; at most one each) |
//! | `group_members` | `user_id`, `group_id` |
//! | `user_permissions` | `user_id`, `codename` (`app.codename`) |
//! | `group_permissions` | `group_id`, `codename` |
//! | `subscriptions` | `user_id`, `starts_at`, `ends_at` (Unix seconds; the end is exclusive, NULL for none) |
//! | `tokens` | `id`, `user_id`, `digest` (SHA-256), `name`, `created_at`, `expires_at`, `last_used_at` (Unix seconds) |
//!
//! The key types of users and organizations are the user's choice: every item here takes them as type parameters. Groups have
//! `i32` keys.

pub mod caller;
mod known;
mod lookup;
mod migrations;
pub mod tokens;
pub mod write;

pub use caller::principal;
pub use migrations::Migrations;
pub use tokens::{BearerToken, TokenOptions, issue_token};
pub use write::{
    NewOrganization, NewUser, add_group, add_group_member, add_group_permission, add_membership,
    add_organization, add_subscription, add_user, add_user_permission,
};

#[cfg(feature = "async")]
mod store;
#[cfg(feature = "async")]
pub use store::{Bundled, IdentityStore};

/// Seconds since 1970-01-01T00:00:00Z, as the tables store times.
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
