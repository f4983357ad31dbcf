//! The schema and the demo data.

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

use orgscope::audit::UNSCOPED;
use orgscope::identity::{
    Migrations, NewUser, TokenOptions, add_group, add_group_member, add_subscription, add_user,
    issue_token,
};
use orgscope::pool::Pool;
use orgscope::{AnyPool, Group, GroupKind};

/// The group that administers counters.
pub const COUNTER_ADMIN: i32 = 3;

const STAFF: i32 = 4;
const DAY: i64 = 24 * 60 * 60;

/// Key, name, group, days until the subscription ends.
pub const USERS: &[(i32, &str, Option<i32>, Option<i64>)] = &[
    (1, "sam, subscriber", None, Some(30)),
    (
        2,
        "kim, subscriber and keeper of the office",
        None,
        Some(30),
    ),
    (3, "fay, former subscriber", None, Some(-1)),
    (4, "ada, counter admin", Some(COUNTER_ADMIN), None),
    (5, "stu, subscriber in the staff", Some(STAFF), Some(30)),
];

const ROWS: &str = "
    CREATE TABLE counters (
        id INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        keeper_id INTEGER REFERENCES users (id),
        owner_group_id INTEGER REFERENCES access_groups (id)
    );
    CREATE TABLE counter_edit_groups (
        counter_id INTEGER NOT NULL REFERENCES counters (id) ON DELETE CASCADE,
        group_id INTEGER NOT NULL REFERENCES access_groups (id),
        PRIMARY KEY (counter_id, group_id)
    );
    CREATE TABLE counter_view_groups (
        counter_id INTEGER NOT NULL REFERENCES counters (id) ON DELETE CASCADE,
        group_id INTEGER NOT NULL REFERENCES access_groups (id),
        PRIMARY KEY (counter_id, group_id)
    );
    INSERT INTO counters VALUES (1, 'foyer', 'bar', NULL, NULL), (2, 'office', 'office', 2, NULL),
        (3, 'vault', 'office', NULL, 3), (4, 'garden', 'bar', NULL, 4);
    INSERT INTO counter_edit_groups VALUES (1, 4);
    INSERT INTO counter_view_groups VALUES (2, 2);";

/// Makes the tables and fills them. Returns a token for each of [`USERS`].
pub async fn seed(pool: &AnyPool) -> Result<Vec<String>, Box<dyn Error>> {
    let conn = &mut pool.connection().await?;
    conn.batch_execute(&Migrations::<i32, i32>::new().up(conn.database()))
        .await?;
    for group in [
        Group::new(1, "root").of_kind(GroupKind::Root),
        Group::new(2, "public").of_kind(GroupKind::Public),
        Group::new(COUNTER_ADMIN, "counter admins"),
        Group::new(STAFF, "staff"),
    ] {
        add_group(group, conn).await?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = i64::try_from(now)?;
    let mut tokens = Vec::new();
    for (id, name, group, days) in USERS {
        let user = NewUser {
            id: *id,
            username: (*name).to_owned(),
            is_active: true,
            is_superuser: false,
        };
        add_user(user, conn).await?;
        if let Some(group) = group {
            add_group_member(*id, *group, conn).await?;
        }
        if let Some(days) = days {
            add_subscription(*id, now - 365 * DAY, Some(now + days * DAY), conn).await?;
        }
        let options = TokenOptions {
            name: "demo".into(),
            expires_at: Some(now + DAY),
            ..TokenOptions::default()
        };
        tokens.push(issue_token(*id, options, conn).await?.reveal().to_owned());
    }
    conn.batch_execute(&format!("{UNSCOPED} {ROWS}")).await?;
    Ok(tokens)
}
