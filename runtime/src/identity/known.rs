//! The statement that loads a caller with groups, permissions or the subscription: each of them a branch of one `UNION ALL`,
//! so that none multiplies the rows of another.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::caller::{Beside, BesideSql, Found, HIGHEST_ROLE};
use super::layout::{Layout, Tables};
use super::lookup::Lookup;
use super::now;
use crate::audit;
use crate::dialect::Dialect;
use crate::facts::{Facts, Group, GroupKind, Subscription};
use crate::key::Key;
use crate::principal::Principal;
use crate::role::Role;

/// The user with exactly these facts.
#[derive(Debug)]
pub struct FactsQuery<L, T> {
    lookup: L,
    facts: Facts,
    now: i64,
    tables: PhantomData<fn() -> T>,
}

/// `(kind, user, superuser, beside, organization, number, group, text)`
pub type FactRow<U, K> = (
    i32,
    U,
    bool,
    Beside,
    Option<K>,
    Option<i32>,
    Option<i32>,
    Option<String>,
);

/// What the first column says about a row: the user, with a membership or the highest role in the number.
const USER: i32 = 0;
/// A group, with its kind in the number.
const GROUP: i32 = 1;
/// A permission, with its codename in the text.
const PERMISSION: i32 = 2;
/// There are subscriptions; the number says whether one covers now.
const SUBSCRIPTION: i32 = 3;

impl<L, T> FactsQuery<L, T> {
    pub(super) fn new(lookup: L, facts: Facts) -> Self {
        FactsQuery {
            lookup,
            facts,
            now: now(),
            tables: PhantomData,
        }
    }
}

impl<L, T: Tables> Query for FactsQuery<L, T> {
    type SqlType = (
        Integer,
        <T::User as Key>::SqlType,
        Bool,
        BesideSql,
        Nullable<<T::Organization as Key>::SqlType>,
        Nullable<Integer>,
        Nullable<Integer>,
        Nullable<Text>,
    );
}

impl<L, T, C> RunQueryDsl<C> for FactsQuery<L, T> {}

// The text depends on the facts, which are a value.
impl<L, T> QueryId for FactsQuery<L, T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// What every row says of the user.
const CALLER: &str = "c.id, c.is_superuser, c.beside0, c.beside1, c.beside2, c.beside3, c.beside4";

impl<L: Lookup<DB>, T: Tables, DB: Dialect> QueryFragment<DB> for FactsQuery<L, T>
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        let layout = Layout::of::<T>();
        let public = GroupKind::Public.code();
        let groups = format!(
            "SELECT g.id FROM {{access_groups}} AS g WHERE g.kind = {public} \
             OR g.id IN (SELECT gm.group_id FROM {{group_members}} AS gm WHERE gm.user_id = c.id)"
        );
        out.push_sql("WITH caller AS (SELECT u.id AS id, u.is_superuser AS is_superuser");
        for (at, column) in L::COLUMNS.iter().enumerate() {
            out.push_sql(&format!(", {column} AS beside{at}"));
        }
        self.lookup.from(layout, "", out.reborrow())?;
        out.push_sql(&format!(") SELECT {USER}, {CALLER}, o.id, "));
        // The outer joins of what is not asked for give its columns their types.
        let memberships = match self.facts.memberships {
            true => "m.role, n.id, n.name FROM caller AS c \
                     LEFT JOIN {memberships} AS m ON m.user_id = c.id AND NOT c.is_superuser"
                .to_owned(),
            false => format!(
                "{HIGHEST_ROLE}c.id AND o.is_active ORDER BY m.role DESC LIMIT 1), n.id, n.name \
                 FROM caller AS c LEFT JOIN {{memberships}} AS m ON 1 = 0"
            ),
        };
        layout.push(&memberships, &mut out)?;
        layout.push(
            " LEFT JOIN {organizations} AS o ON o.id = m.organization_id AND o.is_active \
             LEFT JOIN {access_groups} AS n ON 1 = 0",
            &mut out,
        )?;
        if self.facts.groups {
            let groups = format!(
                " UNION ALL SELECT {GROUP}, {CALLER}, NULL, a.kind, a.id, a.name \
                 FROM caller AS c INNER JOIN {{access_groups}} AS a ON a.id IN ({groups})"
            );
            layout.push(&groups, &mut out)?;
        }
        if self.facts.permissions {
            let permissions = format!(
                " UNION ALL SELECT {PERMISSION}, {CALLER}, NULL, NULL, NULL, p.codename \
                 FROM caller AS c INNER JOIN {{user_permissions}} AS p ON p.user_id = c.id \
                 UNION ALL SELECT {PERMISSION}, {CALLER}, NULL, NULL, NULL, p.codename \
                 FROM caller AS c INNER JOIN {{group_permissions}} AS p ON p.group_id IN ({groups})"
            );
            layout.push(&permissions, &mut out)?;
        }
        if self.facts.subscription {
            out.push_sql(&format!(
                " UNION ALL SELECT {SUBSCRIPTION}, {CALLER}, NULL, MAX(CASE WHEN s.starts_at <= "
            ));
            out.push_bind_param::<BigInt, i64>(&self.now)?;
            out.push_sql(" AND (s.ends_at IS NULL OR s.ends_at > ");
            out.push_bind_param::<BigInt, i64>(&self.now)?;
            let subscriptions = format!(
                ") THEN 1 ELSE 0 END), NULL, NULL \
                 FROM caller AS c INNER JOIN {{subscriptions}} AS s ON s.user_id = c.id GROUP BY {CALLER}"
            );
            layout.push(&subscriptions, &mut out)?;
        }
        Ok(())
    }
}

pub(super) fn from_facts<U: Key, K: Key>(
    rows: Vec<FactRow<U, K>>,
    facts: Facts,
) -> Option<Found<K>> {
    let (_, user, superuser, beside, ..) = rows.first()?.clone();
    let mut highest = None;
    let (mut memberships, mut groups, mut permissions) = (Vec::new(), Vec::new(), Vec::new());
    let mut subscription = Subscription::Never;
    for (kind, .., organization, number, group, text) in rows {
        match kind {
            USER => {
                let role = number.and_then(Role::from_code);
                highest = highest.max(role);
                memberships.extend(organization.zip(role));
            }
            GROUP => groups.extend(group.zip(text).map(|(id, name)| {
                let kind = number.and_then(GroupKind::from_code);
                Group { id, name, kind }
            })),
            PERMISSION => permissions.extend(text),
            SUBSCRIPTION if number == Some(1) => subscription = Subscription::Current,
            _ => subscription = Subscription::Former,
        }
    }
    let mut principal = match facts.memberships {
        true => Principal::loaded(user.user_id(), superuser, memberships),
        false => Principal::with_highest_role(user, superuser, highest),
    };
    if facts.groups {
        principal = principal.with_groups(groups);
    }
    if facts.permissions {
        principal = principal.with_permissions(permissions);
    }
    if facts.subscription {
        principal = principal.with_subscription(subscription);
    }
    Some(Found { principal, beside })
}
