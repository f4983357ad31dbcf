//! Org paths: how a row reaches its organization, as data that a query fragment can write in any dialect.
//!
//! `category.organization` is two steps. The derive turns every relation of a model into a method of
//! [`OrgScoped::Paths`], so that the compiler checks each segment of a path where it is written; the *type* of such a
//! chain becomes a [`Path`].

use std::fmt;
use std::marker::PhantomData;

use diesel::query_source::Column;

use crate::model::OrgScoped;
use crate::table_name::TableName;

/// The way from a row to its organization.
#[derive(Clone, Copy)]
pub struct Path {
    /// The table that the path starts from.
    pub(crate) table: &'static dyn TableName,
    pub(crate) route: &'static Route,
}

/// What follows at one table of a path.
pub enum Route {
    /// The organization column of this table. `shared`: NULL means a shared row.
    Column {
        /// The column's name.
        column: &'static str,
        /// Whether NULL there means a shared row.
        shared: bool,
    },
    /// A foreign key to another table, and what follows there.
    Hop {
        /// The name of the foreign key column.
        column: &'static str,
        /// The table that it refers to.
        parent: &'static dyn TableName,
        /// The name of the column that it refers to.
        key: &'static str,
        /// The rest of the path.
        rest: &'static Route,
    },
    /// There is no way, because the model is global.
    Global,
}

/// The part of a chain before its first segment.
#[derive(Clone, Copy, Debug)]
pub struct Here;

/// The part of a chain up to a foreign key `Fk`, which refers to `Key` of the model `Parent`.
pub struct Via<P, Fk, Parent, Key>(PhantomData<(P, Fk, Parent, Key)>);

/// A chain that has reached the organization column `Col`; `SHARED` says whether NULL there means a shared row.
pub struct Ends<P, Col, const SHARED: bool>(PhantomData<fn() -> (P, Col)>);

impl<P, Col, const SHARED: bool> Default for Ends<P, Col, SHARED> {
    fn default() -> Self {
        Ends(PhantomData)
    }
}

/// The relations of a model without a tenant: a path cannot lead through it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRelations;

/// The beginning of a chain: [`Here`], or [`Via`] a foreign key.
pub trait Prefix {
    /// The route of the whole chain when `Tail` follows this beginning.
    type Then<Tail: Follows>: Follows;
}

/// The end of a chain, as a route.
pub trait Follows {
    /// The route.
    const ROUTE: &'static Route;
}

/// The hop over `Fk` to `Key` of `Parent`, and then `Tail`.
pub struct Hop<Fk, Parent, Key, Tail>(PhantomData<(Fk, Parent, Key, Tail)>);

/// The organization column `Col`.
pub struct End<Col, const SHARED: bool>(PhantomData<fn() -> Col>);

impl Prefix for Here {
    type Then<Tail: Follows> = Tail;
}

impl<P: Prefix, Fk: Column, Parent: OrgScoped, Key: Column> Prefix for Via<P, Fk, Parent, Key> {
    type Then<Tail: Follows> = P::Then<Hop<Fk, Parent, Key, Tail>>;
}

impl<Fk: Column, Parent: OrgScoped, Key: Column, Tail: Follows> Follows
    for Hop<Fk, Parent, Key, Tail>
{
    const ROUTE: &'static Route = &Route::Hop {
        column: Fk::NAME,
        parent: Parent::TABLE,
        key: Key::NAME,
        rest: Tail::ROUTE,
    };
}

impl<Col: Column, const SHARED: bool> Follows for End<Col, SHARED> {
    const ROUTE: &'static Route = &Route::Column {
        column: Col::NAME,
        shared: SHARED,
    };
}

/// A chain that ends at an organization, whose key is a `K`.
#[diagnostic::on_unimplemented(
    message = "this path does not end at an organization with a key of the type `{K}` [org110]",
    label = "the last segment has to be the organization: `….organization`",
    note = "a path that ends at a model goes on to the organization; one that ends at an organization with another key \
            type contradicts the model's own `org_field`"
)]
pub trait EndsAtOrganization<K> {
    /// The route of the chain.
    const ROUTE: &'static Route;
}

#[diagnostic::do_not_recommend]
impl<P: Prefix, Col: Column, K, const SHARED: bool> EndsAtOrganization<K> for Ends<P, Col, SHARED>
where
    Col::SqlType: crate::key::KeyColumn<Key = K>,
{
    const ROUTE: &'static Route = <P::Then<End<Col, SHARED>> as Follows>::ROUTE;
}

/// The path of a chain that starts at the model `M`. The chain is given as a function that is never called: only its type
/// counts.
pub const fn path<M: OrgScoped, T: EndsAtOrganization<M::OrgKey>>(_chain: fn() -> T) -> Path {
    Path {
        table: M::TABLE,
        route: T::ROUTE,
    }
}

impl Path {
    /// The path of a model without a tenant.
    pub const fn global(table: &'static dyn TableName) -> Path {
        let route = &Route::Global;
        Path { table, route }
    }

    /// Whether it goes on as another path does, from the same table.
    pub(crate) fn leads_like(&self, other: Path) -> bool {
        let (mut one, mut other) = (self.route, other.route);
        loop {
            match (one, other) {
                (Route::Column { column: a, .. }, Route::Column { column: b, .. }) => {
                    return a == b;
                }
                (
                    Route::Hop {
                        column: a,
                        key: ka,
                        rest: ra,
                        ..
                    },
                    Route::Hop {
                        column: b,
                        key: kb,
                        rest: rb,
                        ..
                    },
                ) if a == b && ka == kb => (one, other) = (ra, rb),
                _ => return false,
            }
        }
    }

    /// Whether the model has no tenant.
    pub(crate) fn is_global(&self) -> bool {
        matches!(self.route, Route::Global)
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.route.fmt(f)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Route::Global => f.write_str("global"),
            Route::Column { column, .. } => f.write_str(column),
            Route::Hop { column, rest, .. } => write!(f, "{column}.{rest:?}"),
        }
    }
}
