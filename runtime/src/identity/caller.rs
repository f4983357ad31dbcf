//! The statement that loads a caller: the user, and exactly the memberships that the handler needs, in one.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::known::{FactRow, FactsQuery, from_facts};
use super::layout::{Bundled, Layout, Tables};
use super::lookup::{ByKey, Lookup};
use super::now;
use crate::audit;
use crate::connection::{Answers, Kind};
use crate::dialect::Dialect;
use crate::facts::Facts;
use crate::fetch::{Fetch, Statement};
use crate::key::Key;
use crate::principal::Principal;
use crate::role::Role;
use crate::selection::Chosen;

/// The highest role in any enabled organization, up to the user.
pub(super) const HIGHEST_ROLE: &str = "(SELECT m.role FROM {memberships} AS m \
     INNER JOIN {organizations} AS o ON o.id = m.organization_id WHERE m.user_id = ";

/// The user and the highest role in any enabled organization: one row.
#[derive(Debug)]
pub struct UserQuery<L, T> {
    lookup: L,
    tables: PhantomData<fn() -> T>,
}

/// The user with every membership in an enabled organization: one row each, and one without if there is none.
#[derive(Debug)]
pub struct MembershipsQuery<L, T> {
    lookup: L,
    tables: PhantomData<fn() -> T>,
}

/// What is loaded beside the user: two numbers and two texts, whose meaning the lookup knows, and the epoch of the facts, if it is asked for.
pub type Beside = (
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<i64>,
);
/// The SQL types of [`Beside`].
pub type BesideSql = (
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<BigInt>,
);
/// `(user, superuser, beside, highest role)`
pub type UserRow<U> = (U, bool, Beside, Option<i32>);
/// `(user, superuser, beside, organization, role)`
pub type MembershipRow<U, K> = (U, bool, Beside, Option<K>, Option<i32>);

impl<L, T: Tables> Query for UserQuery<L, T> {
    type SqlType = (
        <T::User as Key>::SqlType,
        Bool,
        BesideSql,
        Nullable<Integer>,
    );
}

impl<L, T: Tables> Query for MembershipsQuery<L, T> {
    type SqlType = (
        <T::User as Key>::SqlType,
        Bool,
        BesideSql,
        Nullable<<T::Organization as Key>::SqlType>,
        Nullable<Integer>,
    );
}

impl<L, T, C> RunQueryDsl<C> for UserQuery<L, T> {}
impl<L, T, C> RunQueryDsl<C> for MembershipsQuery<L, T> {}

// The texts depend on the types alone.
impl<L: 'static, T: Tables> QueryId for UserQuery<L, T> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<L: 'static, T: Tables> QueryId for MembershipsQuery<L, T> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

/// Writes the columns of the user, and what is loaded beside it. It is walked with every request, if only for its binds.
fn user_columns<L: Lookup<DB>, DB: Dialect>(out: &mut AstPass<'_, '_, DB>) {
    out.push_sql("SELECT u.id, u.is_superuser");
    for column in L::COLUMNS {
        out.push_sql(", ");
        out.push_sql(column);
    }
}

impl<L: Lookup<DB>, T: Tables, DB: Dialect> QueryFragment<DB> for UserQuery<L, T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        user_columns::<L, DB>(&mut out);
        let layout = Layout::of::<T>();
        out.push_sql(", ");
        layout.push(HIGHEST_ROLE, &mut out)?;
        out.push_sql("u.id AND o.is_active ORDER BY m.role DESC LIMIT 1)");
        self.lookup.from(layout, "", out)
    }
}

impl<L: Lookup<DB>, T: Tables, DB: Dialect> QueryFragment<DB> for MembershipsQuery<L, T> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        audit::identity(&mut out);
        user_columns::<L, DB>(&mut out);
        out.push_sql(", o.id, m.role");
        // Two flat outer joins: SQLite cannot plan a nested one. A disabled organization leaves `o.id` NULL.
        // A superuser needs none.
        let joins = " LEFT JOIN {memberships} AS m ON m.user_id = u.id AND NOT u.is_superuser \
                     LEFT JOIN {organizations} AS o ON o.id = m.organization_id AND o.is_active";
        self.lookup.from(Layout::of::<T>(), joins, out)
    }
}

/// A caller, and what was loaded beside it.
pub struct Found<K> {
    pub(super) principal: Principal<K>,
    pub(super) beside: Beside,
}

impl<K> Found<K> {
    /// The epoch of the facts; `None` where it was not asked for, and where one is missing.
    #[cfg(feature = "cache")]
    pub(super) fn epoch(&self) -> Option<i64> {
        self.beside.4
    }
}

impl<K> std::fmt::Debug for Found<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found")
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}

pub(super) fn from_user<U: Key, K: Key>(row: UserRow<U>) -> Found<K> {
    let (user, superuser, beside, highest) = row;
    let highest = highest.and_then(Role::from_code);
    Found {
        principal: Principal::with_highest_role(user, superuser, highest),
        beside,
    }
}

pub(super) fn from_memberships<U: Key, K: Key>(rows: Vec<MembershipRow<U, K>>) -> Option<Found<K>> {
    let (user, superuser, beside, ..) = rows.first()?.clone();
    let memberships = rows.into_iter().filter_map(|(.., organization, role)| {
        let role = Role::from_code(role?)?;
        Some((organization?, role))
    });
    let principal = Principal::loaded(user.user_id(), superuser, memberships);
    Some(Found { principal, beside })
}

/// A way to find callers in the tables `T` on the connection `C`.
pub trait Find<T: Tables, C, A: Kind>: Sized {
    #[doc(hidden)]
    fn find<'c>(
        self,
        facts: Facts,
        conn: &'c mut C,
    ) -> A::Answer<'c, Option<Found<T::Organization>>>;
}

impl<L, T, C, A> Find<T, C, A> for L
where
    L: 'static,
    T: Tables,
    A: Kind,
    Statement<UserQuery<L, T>, Chosen>: Fetch<'static, C, A, UserRow<T::User>>,
    Statement<MembershipsQuery<L, T>, Chosen>:
        Fetch<'static, C, A, MembershipRow<T::User, T::Organization>>,
    Statement<FactsQuery<L, T>, Chosen>: Fetch<'static, C, A, FactRow<T::User, T::Organization>>,
{
    fn find<'c>(
        self,
        facts: Facts,
        conn: &'c mut C,
    ) -> A::Answer<'c, Option<Found<T::Organization>>> {
        let (lookup, tables) = (self, PhantomData);
        let stored = |found: Found<T::Organization>| Found {
            principal: found.principal.stored_in(Layout::of::<T>()),
            ..found
        };
        match facts {
            Facts::CALLER => {
                let query = UserQuery { lookup, tables };
                let rows = Statement::own(query).fetch(conn);
                A::map(rows, move |rows| {
                    Ok(rows?.into_iter().next().map(from_user).map(stored))
                })
            }
            Facts::MEMBERSHIPS => {
                let query = MembershipsQuery { lookup, tables };
                let rows = Statement::own(query).fetch(conn);
                A::map(rows, move |rows| Ok(from_memberships(rows?).map(stored)))
            }
            _ => {
                let rows = Statement::own(FactsQuery::new(lookup, facts)).fetch(conn);
                A::map(rows, move |rows| Ok(from_facts(rows?, facts).map(stored)))
            }
        }
    }
}

/// Loads an active user as the caller, for jobs, command lines and other places without a request. One statement.
///
/// `None` when there is no such user or it is not active.
///
/// # Errors
/// What the database reports.
pub fn principal<'c, U, K, C, A>(
    user: U,
    facts: Facts,
    conn: &'c mut C,
) -> A::Answer<'c, Option<Principal<K>>>
where
    U: Key,
    ByKey: Find<Bundled<U, K>, C, A>,
    K: Key,
    C: Answers<A>,
    A: Kind,
{
    principal_in::<Bundled<U, K>, C, A>(user, facts, conn)
}

/// [`principal`], whose user is in the tables `T`.
///
/// # Errors
/// What the database reports.
pub fn principal_in<'c, T, C, A>(
    user: T::User,
    facts: Facts,
    conn: &'c mut C,
) -> A::Answer<'c, Option<Principal<T::Organization>>>
where
    T: Tables,
    ByKey: Find<T, C, A>,
    C: Answers<A>,
    A: Kind,
{
    let (user, now) = (user.user_id(), now());
    A::map(ByKey { user, now }.find(facts, conn), |found| {
        Ok(found?.map(|found| found.principal))
    })
}

impl<Q> Statement<Q, Chosen> {
    /// A query that says itself what it selects.
    pub(crate) fn own(query: Q) -> Self {
        let rows = Chosen;
        Statement { query, rows }
    }
}
