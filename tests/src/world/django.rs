//! The users of a database that Django made for openwisp-users, and the service that finds its callers there.

use diesel::prelude::*;
use orgscope::AnyConnection;
use orgscope::dialect::Database;
use orgscope::identity::{
    Codenames, GroupMembers, GroupPermissions, Groups, Mapping, Memberships, Organizations, Tables,
    TokenOptions, UserPermissions, Users, import_token,
};
use orgscope::key::Key as _;
use orgscope::prelude::*;

use super::Key;
use orgscope_suite::databases::unscoped;

/// A table whose keys are UUIDs.
macro_rules! table {
    ($name:ident { $($column:ident -> $type:ty,)* }) => {
        diesel::table! {
            use diesel::sql_types::*;
            use orgscope::sql_types::DjangoUuid;
            $name (id) { $($column -> $type,)* }
        }
    };
}

table! {
    openwisp_users_user {
        id -> DjangoUuid, username -> Text, email -> Nullable<Text>, password -> Text, is_active -> Bool, is_superuser -> Bool,
        last_login -> Nullable<Timestamptz>, expiration_date -> Nullable<Date>, password_updated -> Nullable<Date>,
    }
}
table! {
    openwisp_users_organization { id -> DjangoUuid, name -> Text, slug -> Text, is_active -> Bool, }
}
table! {
    openwisp_users_organizationuser {
        id -> DjangoUuid, user_id -> DjangoUuid, organization_id -> DjangoUuid, is_admin -> Bool,
    }
}
table! {
    openwisp_users_organizationowner {
        id -> DjangoUuid, organization_id -> DjangoUuid, organization_user_id -> DjangoUuid,
    }
}
table! { auth_group { id -> Integer, name -> Text, } }
table! { openwisp_users_user_groups { id -> Integer, user_id -> DjangoUuid, group_id -> Integer, } }
table! { django_content_type { id -> Integer, app_label -> Text, model -> Text, } }
table! { auth_permission { id -> Integer, codename -> Text, content_type_id -> Integer, } }
table! {
    openwisp_users_user_user_permissions { id -> Integer, user_id -> DjangoUuid, permission_id -> Integer, }
}
table! { auth_group_permissions { id -> Integer, group_id -> Integer, permission_id -> Integer, } }
diesel::table! {
    use diesel::sql_types::*;
    use orgscope::sql_types::DjangoUuid;
    authtoken_token (key) { key -> Text, user_id -> DjangoUuid, }
}

use auth_permission as permission;
use django_content_type as content_type;
use openwisp_users_organization as organization;
use openwisp_users_organizationowner as owner;
use openwisp_users_organizationuser as membership;
use openwisp_users_user as user;
use openwisp_users_user_groups as member;
use openwisp_users_user_user_permissions as user_permission;

/// For how many days a password is good.
const PASSWORD_DAYS: u32 = 180;

/// The names of permissions.
const NAMES: Codenames<auth_permission::table> =
    Codenames::new(permission::id, permission::codename).app(
        permission::content_type_id,
        content_type::id,
        content_type::app_label,
    );

/// The tables of Django.
#[derive(Debug)]
pub struct Django;

impl Tables for Django {
    type User = Key;
    type Organization = Key;
    const MAPPING: Mapping<Key, Key> = Mapping::new(
        Users::new(
            user::id,
            user::username,
            user::is_active,
            user::is_superuser,
        )
        .email(user::email)
        .password(user::password)
        .last_login(user::last_login)
        .expires_at(user::expiration_date)
        .password_expires(user::password_updated, PASSWORD_DAYS * 86_400),
        Organizations::new(
            organization::id,
            organization::slug,
            organization::is_active,
        ),
        Memberships::by_flag(
            membership::user_id,
            membership::organization_id,
            membership::is_admin,
        )
        .owners(membership::id, owner::organization_user_id),
    )
    .groups(
        Groups::new(auth_group::id, auth_group::name),
        GroupMembers::new(member::user_id, member::group_id),
    )
    .permissions(
        UserPermissions::named(
            user_permission::user_id,
            user_permission::permission_id,
            NAMES,
        ),
        GroupPermissions::named(
            auth_group_permissions::group_id,
            auth_group_permissions::permission_id,
            NAMES,
        ),
    );
}

/// The tables as Django makes them.
pub fn schema(database: Database) -> String {
    const SCHEMA: &str = "
    CREATE TABLE openwisp_users_user (
        id {key} NOT NULL PRIMARY KEY, username VARCHAR(150) NOT NULL UNIQUE, email VARCHAR(254), password VARCHAR(128) NOT NULL,
        is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, last_login {time}, expiration_date DATE, password_updated DATE);
    CREATE TABLE openwisp_users_organization (
        id {key} NOT NULL PRIMARY KEY, name VARCHAR(60) NOT NULL, slug VARCHAR(200) NOT NULL UNIQUE, is_active BOOLEAN NOT NULL);
    CREATE TABLE openwisp_users_organizationuser (
        id {key} NOT NULL PRIMARY KEY, user_id {key} NOT NULL, organization_id {key} NOT NULL, is_admin BOOLEAN NOT NULL,
        UNIQUE (user_id, organization_id));
    CREATE TABLE openwisp_users_organizationowner (
        id {key} NOT NULL PRIMARY KEY, organization_id {key} NOT NULL UNIQUE, organization_user_id {key} NOT NULL UNIQUE);
    CREATE TABLE auth_group (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(150) NOT NULL UNIQUE);
    CREATE TABLE openwisp_users_user_groups (
        id INTEGER NOT NULL PRIMARY KEY, user_id {key} NOT NULL, group_id INTEGER NOT NULL, UNIQUE (user_id, group_id));
    CREATE TABLE django_content_type (id INTEGER NOT NULL PRIMARY KEY, app_label VARCHAR(100) NOT NULL, model VARCHAR(100) NOT NULL);
    CREATE TABLE auth_permission (
        id INTEGER NOT NULL PRIMARY KEY, codename VARCHAR(100) NOT NULL, content_type_id INTEGER NOT NULL,
        UNIQUE (content_type_id, codename));
    CREATE TABLE openwisp_users_user_user_permissions (
        id INTEGER NOT NULL PRIMARY KEY, user_id {key} NOT NULL, permission_id INTEGER NOT NULL, UNIQUE (user_id, permission_id));
    CREATE TABLE auth_group_permissions (
        id INTEGER NOT NULL PRIMARY KEY, group_id INTEGER NOT NULL, permission_id INTEGER NOT NULL, UNIQUE (group_id, permission_id));
    CREATE TABLE authtoken_token (`key` VARCHAR(40) NOT NULL PRIMARY KEY, user_id {key} NOT NULL);";
    let (time, quote) = match database {
        Database::Sqlite => ("DATETIME", "\""),
        Database::Postgres => ("TIMESTAMP WITH TIME ZONE", "\""),
        Database::Mysql => ("DATETIME(6)", "`"),
    };
    SCHEMA
        .replace("{key}", Key::column(database))
        .replace("{time}", time)
        .replace('`', quote)
}

/// Makes users, organizations and what they have there what they are in the bundled tables, where the events of the replay happen. What
/// Django alone knows (logins) stays.
pub fn mirror(database: Database) -> String {
    const MIRROR: &str = "
    DELETE FROM openwisp_users_user_user_permissions;
    DELETE FROM auth_group_permissions;
    DELETE FROM openwisp_users_user_groups;
    DELETE FROM auth_group;
    DELETE FROM auth_permission;
    DELETE FROM django_content_type;
    DELETE FROM openwisp_users_organizationowner;
    DELETE FROM openwisp_users_organizationuser;
    DELETE FROM openwisp_users_organization;
    DELETE FROM openwisp_users_user WHERE id NOT IN (SELECT id FROM users);
    INSERT INTO openwisp_users_organization (id, name, slug, is_active) SELECT id, name, slug, is_active FROM organizations;
    INSERT INTO openwisp_users_user (id, username, password, is_active, is_superuser)
        SELECT id, username, '', is_active, is_superuser FROM users WHERE id NOT IN (SELECT o.id FROM openwisp_users_user AS o);
    UPDATE openwisp_users_user SET
        is_active = (SELECT u.is_active FROM users AS u WHERE u.id = openwisp_users_user.id),
        is_superuser = (SELECT u.is_superuser FROM users AS u WHERE u.id = openwisp_users_user.id),
        email = (SELECT u.email FROM users AS u WHERE u.id = openwisp_users_user.id),
        password = (SELECT COALESCE(u.password, '!') FROM users AS u WHERE u.id = openwisp_users_user.id),
        expiration_date = (SELECT {epoch} FROM users AS u WHERE u.id = openwisp_users_user.id AND u.expires_at IS NOT NULL),
        password_updated = (SELECT {epoch} FROM users AS u WHERE u.id = openwisp_users_user.id AND u.password_expires_at IS NOT NULL);
    INSERT INTO openwisp_users_organizationuser (id, user_id, organization_id, is_admin)
        SELECT {random}, user_id, organization_id, role = 2 FROM memberships;
    INSERT INTO openwisp_users_organizationowner (id, organization_id, organization_user_id)
        SELECT {random}, o.organization_id, o.id FROM openwisp_users_organizationuser AS o
        INNER JOIN memberships AS m ON m.user_id = o.user_id AND m.organization_id = o.organization_id WHERE m.role = 3;
    INSERT INTO auth_group (id, name) SELECT id, name FROM access_groups;
    INSERT INTO openwisp_users_user_groups (id, user_id, group_id)
        SELECT ROW_NUMBER() OVER (ORDER BY user_id, group_id), user_id, group_id FROM group_members;
    INSERT INTO django_content_type (id, app_label, model) VALUES (1, '{app}', 'any');
    INSERT INTO auth_permission (id, codename, content_type_id)
        SELECT ROW_NUMBER() OVER (ORDER BY p.codename), SUBSTR(p.codename, {from}), 1
        FROM (SELECT codename FROM user_permissions UNION SELECT codename FROM group_permissions) AS p;
    INSERT INTO openwisp_users_user_user_permissions (id, user_id, permission_id)
        SELECT ROW_NUMBER() OVER (ORDER BY u.user_id, p.id), u.user_id, p.id
        FROM user_permissions AS u INNER JOIN auth_permission AS p ON p.codename = SUBSTR(u.codename, {from});
    INSERT INTO auth_group_permissions (id, group_id, permission_id)
        SELECT ROW_NUMBER() OVER (ORDER BY g.group_id, p.id), g.group_id, p.id
        FROM group_permissions AS g INNER JOIN auth_permission AS p ON p.codename = SUBSTR(g.codename, {from});";
    let (epoch, random) = match database {
        Database::Sqlite => ("'1970-01-01'", "LOWER(HEX(RANDOMBLOB(16)))"),
        Database::Postgres => ("DATE '1970-01-01'", "GEN_RANDOM_UUID()"),
        Database::Mysql => ("DATE '1970-01-01'", "REPLACE(UUID(), '-', '')"),
    };
    let app = env!("CARGO_PKG_NAME");
    MIRROR
        .replace("{epoch}", epoch)
        .replace("{random}", random)
        .replace("{from}", &(app.len() + 2).to_string())
        .replace("{app}", app)
}

/// A token as Django stores it: as it is.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = authtoken_token, primary_key(key))]
#[org_scoped(global, reason = "the migration of tokens reads all of them")]
pub struct PlainToken {
    key: String,
    user_id: Key,
}

/// Stores the digests of all of Django's tokens, and removes the tokens.
///
/// # Errors
/// What the database reports.
pub async fn import_tokens(conn: &mut AnyConnection) -> Result<(), Error> {
    let tokens: Vec<PlainToken> = Scope::<PlainToken>::global().load(conn).await?;
    for token in tokens {
        let options = TokenOptions {
            name: "of Django".into(),
            ..TokenOptions::default()
        };
        import_token(token.user_id, &token.key, options, conn).await?;
    }
    conn.batch_execute(&unscoped("DELETE FROM authtoken_token"))
        .await
}
