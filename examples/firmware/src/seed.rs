//! The schema and the demo data: three organizations, a user for each role, and rows of everybody's.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use orgscope::audit::UNSCOPED;
use orgscope::identity::{
    Migrations, NewOrganization, NewUser, TokenOptions, add_membership, add_organization, add_user,
    issue_token, principal, set_password,
};
use orgscope::pool::Pool;
use orgscope::{AnyConnection, AnyPool, Facts, Principal, Role};

/// Key, name, superuser, memberships.
pub type User = (i32, &'static str, bool, &'static [(i32, Role)]);

/// Who is who.
pub const USERS: &[User] = &[
    (1, "mia, member of acme", false, &[(1, Role::Member)]),
    (2, "max, manager of acme", false, &[(1, Role::Manager)]),
    (
        3,
        "olga, owner of acme and member of bolt",
        false,
        &[(1, Role::Owner), (2, Role::Member)],
    ),
    (4, "bob, manager of bolt", false, &[(2, Role::Manager)]),
    (
        5,
        "dana, manager of closed (disabled)",
        false,
        &[(3, Role::Manager)],
    ),
    (6, "root, superuser", true, &[]),
];

/// The password of everybody.
pub const PASSWORD: &str = "demo";

const ORGANIZATIONS: &[(i32, &str, bool)] =
    &[(1, "acme", true), (2, "bolt", true), (3, "closed", false)];

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS categories (
        id INTEGER NOT NULL PRIMARY KEY,
        name VARCHAR(150) NOT NULL,
        organization_id INTEGER,
        FOREIGN KEY (organization_id) REFERENCES organizations (id)
    );
    CREATE TABLE IF NOT EXISTS builds (
        id INTEGER NOT NULL PRIMARY KEY,
        version VARCHAR(150) NOT NULL,
        category_id INTEGER NOT NULL,
        FOREIGN KEY (category_id) REFERENCES categories (id)
    );
    CREATE TABLE IF NOT EXISTS firmware_images (
        id INTEGER NOT NULL PRIMARY KEY,
        file VARCHAR(150) NOT NULL,
        build_id INTEGER NOT NULL,
        FOREIGN KEY (build_id) REFERENCES builds (id)
    );
    CREATE TABLE IF NOT EXISTS devices (
        id INTEGER NOT NULL PRIMARY KEY,
        name VARCHAR(150) NOT NULL,
        organization_id INTEGER NOT NULL,
        FOREIGN KEY (organization_id) REFERENCES organizations (id)
    );";

const ROWS: &str = "
    INSERT INTO categories VALUES (1, 'acme routers', 1), (2, 'bolt routers', 2), (3, 'closed routers', 3), (4, 'shared base', NULL);
    INSERT INTO builds VALUES (1, '1.0', 1), (2, '1.1', 1), (3, '7.0', 2), (4, '0.1', 3), (5, '22.03', 4);
    INSERT INTO firmware_images VALUES (1, 'acme-1.0.bin', 1), (2, 'acme-1.1.bin', 2), (3, 'bolt-7.0.bin', 3),
        (4, 'closed-0.1.bin', 4), (5, 'base-22.03.bin', 5);
    INSERT INTO devices VALUES (1, 'acme ap 1', 1), (2, 'acme ap 2', 1), (3, 'bolt ap 1', 2), (4, 'closed ap 1', 3);";

/// Makes the tables and fills them, unless they are filled already. Returns a fresh token for each of [`USERS`].
pub async fn seed(pool: &AnyPool) -> Result<Vec<String>, Box<dyn Error>> {
    let mut conn = pool.connection().await?;
    conn.batch_execute(&Migrations::<i32, i32>::new().up(conn.database()))
        .await?;
    conn.batch_execute(SCHEMA).await?;
    let first: Option<Principal> = principal(1, Facts::CALLER, &mut conn).await?;
    if first.is_none() {
        fill(&mut conn).await?;
    }
    let mut tokens = Vec::new();
    for (user, ..) in USERS {
        let options = TokenOptions {
            name: "demo".into(),
            expires_at: Some(tomorrow()?),
            ..TokenOptions::default()
        };
        let token = issue_token(*user, options, &mut conn).await?;
        tokens.push(token.reveal().to_owned());
    }
    Ok(tokens)
}

async fn fill(conn: &mut AnyConnection) -> Result<(), Box<dyn Error>> {
    for (id, slug, is_active) in ORGANIZATIONS {
        let organization = NewOrganization {
            id: *id,
            name: slug.to_string(),
            slug: slug.to_string(),
            is_active: *is_active,
        };
        add_organization(organization, conn).await?;
    }
    // The same for everybody here, so that it is hashed once.
    let password = orgscope::password::hash(PASSWORD)?;
    for (id, name, is_superuser, memberships) in USERS {
        let user = NewUser {
            id: *id,
            username: name.to_string(),
            is_active: true,
            is_superuser: *is_superuser,
        };
        add_user(user, conn).await?;
        set_password(*id, password.clone(), conn).await?;
        for (organization, role) in *memberships {
            add_membership(*id, *organization, *role, conn).await?;
        }
    }
    conn.batch_execute(&format!("{UNSCOPED} {ROWS}")).await?;
    Ok(())
}

fn tomorrow() -> Result<i64, Box<dyn Error>> {
    let time = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    Ok(i64::try_from(time.duration_since(UNIX_EPOCH)?.as_secs())?)
}
