//! Callers and databases that many tests use: three organizations, of which the third is disabled.

use std::io::Write;
use std::sync::{Arc, Mutex};

use orgscope::identity::{
    Narrowed, NewOrganization, NewUser, TokenOptions, add_membership, add_organization, add_user,
    issue_token,
};
use orgscope::pool::Pool;
use orgscope::{AnyConnection, Principal, Role};
use orgscope_suite::databases::Fresh;

pub const A: i32 = 10;
pub const B: i32 = 20;
pub const DISABLED: i32 = 30;

/// A caller of the tests: id, superuser, memberships.
pub type User = (i32, bool, &'static [(i32, Role)]);

pub const NOBODY: User = (1, false, &[]);
pub const MEMBER_A: User = (2, false, &[(A, Role::Member)]);
pub const MANAGER_A: User = (3, false, &[(A, Role::Manager)]);
pub const MANAGER_B: User = (4, false, &[(B, Role::Manager)]);
pub const OWNER_A_MEMBER_B: User = (5, false, &[(A, Role::Owner), (B, Role::Member)]);
pub const MANAGER_OF_DISABLED: User = (6, false, &[(DISABLED, Role::Manager)]);
pub const SUPERUSER: User = (7, true, &[]);

pub const USERS: [User; 7] = [
    NOBODY,
    MEMBER_A,
    MANAGER_A,
    MANAGER_B,
    OWNER_A_MEMBER_B,
    MANAGER_OF_DISABLED,
    SUPERUSER,
];

/// Makes the bundled tables with the organizations and users above.
pub async fn seed(fresh: &Fresh) {
    let migrations = orgscope::identity::Migrations::<i32, i32>::new();
    fresh.batch(&migrations.up(fresh.database)).await;
    let conn = &mut connection(fresh).await;
    for (id, slug) in [(A, "a"), (B, "b"), (DISABLED, "disabled")] {
        let organization = NewOrganization {
            id,
            name: slug.into(),
            slug: slug.into(),
            is_active: id != DISABLED,
        };
        add_organization(organization, conn).await.unwrap();
    }
    for (id, is_superuser, memberships) in USERS {
        let user = NewUser {
            id,
            username: format!("user {id}"),
            is_active: true,
            is_superuser,
        };
        add_user(user, conn).await.unwrap();
        for (organization, role) in memberships {
            add_membership(id, *organization, *role, conn)
                .await
                .unwrap();
        }
    }
}

pub async fn connection(fresh: &Fresh) -> AnyConnection {
    fresh.pool.connection().await.unwrap()
}

/// A bearer token of a user.
pub async fn token(fresh: &Fresh, user: User) -> String {
    narrowed_token(fresh, user, Narrowed::nothing()).await
}

/// One that may less than its user.
pub async fn narrowed_token(fresh: &Fresh, user: User, narrowed: Narrowed) -> String {
    let options = TokenOptions {
        name: "test".into(),
        narrowed,
        ..TokenOptions::default()
    };
    let conn = &mut connection(fresh).await;
    let token = issue_token(user.0, options, conn).await.unwrap();
    token.reveal().to_owned()
}

/// The user as a caller whose memberships were loaded.
pub fn loaded((id, superuser, memberships): User) -> Principal {
    let enabled = memberships
        .iter()
        .filter(|(organization, _)| *organization != DISABLED);
    Principal::new(id, superuser, enabled.copied())
}

/// The user as a caller whose memberships stay in the database.
pub fn unloaded(user: User) -> Principal {
    let highest = loaded(user).highest_role();
    Principal::with_highest_role(user.0, user.1, highest)
}

/// A log in memory.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}
