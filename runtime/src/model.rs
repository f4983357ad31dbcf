//! What the derive says about a model.

use std::sync::Arc;

use diesel::query_builder::AsQuery;
use diesel::query_source::Table;
use diesel::sql_types::SqlType;

use crate::key::Key;
use crate::objects::Objects;
use crate::path::{Here, Path};
use crate::reach::Grant;
use crate::relation::{Dependent, Organization, Relation};
use crate::table_name::{NameOf, NamedTable, TableName};

/// A model that belongs to organizations, or is declared global. Implemented by `#[derive(OrgScoped)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how it reaches its organization [org105]",
    label = "this model has no `#[derive(OrgScoped)]`",
    note = "derive `OrgScoped` on it; a model without a tenant says `#[org_scoped(global, reason = \"…\")]`"
)]
pub trait OrgScoped: Sized {
    /// The table of the model.
    type Table: Table
        + AsQuery<Query: Clone + Send + Sync>
        + NamedTable
        + Copy
        + Send
        + Sync
        + 'static;
    /// The key type of the organization at the end of the path.
    type OrgKey: Key;
    /// The relations of the model, as methods: the segments that a path may continue with.
    type Paths<P>: Default;

    /// The name of the model.
    const NAME: &'static str;
    /// The table's value, for its name.
    const SOURCE: &'static Self::Table;
    /// The table's name as query fragments write it.
    const TABLE: &'static dyn TableName = &NameOf::<Self::Table>(Self::SOURCE);
    /// How a row reaches its organization.
    const PATH: Path;
    /// The path as written: `category.organization`; empty without a tenant.
    const ORG_FIELD: &'static str;
    /// Why the model has no tenant; `None` for a model that has one.
    const GLOBAL: Option<&'static str> = None;
    /// The foreign keys, and the join tables.
    const RELATIONS: &'static [Relation] = &[];
    /// The organization column of the model's own table, if it has one.
    const ORGANIZATION: Option<Organization> = None;
    /// The path at whose end is the organization that the model's own column repeats, if it does.
    const MIRRORS: Option<Path> = None;
    /// Rows elsewhere that pin a row to its organization.
    const DEPENDENTS: &'static [Dependent] = &[];
    /// The columns of the primary key.
    const KEY: &'static [&'static str] = &["id"];
    /// The column by which forms call a row; the key without one.
    const LABEL: Option<&'static str> = None;
    /// Who holds the rows, for `can_view`, `can_edit` and `owns`.
    const OBJECTS: Objects<Self> = Objects::NONE;
    /// What the codenames of the model's permissions are made of, for `model_perms`: the name of the package and that of the
    /// model in small letters. `("firmware", "build")` has `firmware.view_build`, `.add_build`, `.change_build` and
    /// `.delete_build`, as Django names them.
    const PERMISSIONS: (&'static str, &'static str);

    /// The start of a chain of relations.
    fn paths() -> Self::Paths<Here> {
        Default::default()
    }
}

/// A model that can be used in a service whose organizations have keys of the type `K`: every model with such keys, and
/// every global one. Implemented by the derive.
#[diagnostic::on_unimplemented(
    message = "the organizations of `{Self}` have another key type than those of this service, `{K}` [org106]",
    note = "the service's key type is the last parameter of its `Tenancy`; the model's is the type of its organization column"
)]
pub trait ForKey<K: Key>: OrgScoped {
    #[doc(hidden)]
    fn grant(grant: Arc<Grant<K>>) -> Arc<Grant<Self::OrgKey>>;
}

/// A model that is declared without a tenant: everybody may read its rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` belongs to organizations: its rows need a scope [org107]",
    note = "only models with `#[org_scoped(global, reason = \"…\")]` can be queried without one"
)]
pub trait Global: OrgScoped {
    /// Why the model has no tenant.
    const REASON: &'static str;
}

/// A model whose struct holds its primary key.
#[diagnostic::on_unimplemented(
    message = "the struct `{Self}` does not hold its primary key, so that no row can be found by it [org108]",
    note = "add the field of the primary key (`id`, or `#[diesel(primary_key(…))]`) to the struct"
)]
pub trait Keyed: OrgScoped {
    /// The type of the primary key; a tuple for a composite one.
    type Key: Clone + Send + 'static;

    /// The primary key of this row.
    fn key(&self) -> Self::Key;
}

/// The declaration of a nullable organization column says what NULL means; that of another one does not. Used by the
/// derive.
#[diagnostic::on_unimplemented(
    message = "the organization column is nullable, and `shared` does not say what NULL means [org109]",
    note = "say `#[org_scoped(shared = read)]` (NULL rows are shared, read-only) or `#[org_scoped(shared = none)]`"
)]
pub trait NeverNull {}

#[diagnostic::do_not_recommend]
impl NeverNull for diesel::sql_types::is_nullable::NotNull {}

/// The column of `shared = …` is nullable. Used by the derive.
#[diagnostic::on_unimplemented(
    message = "`shared` says what NULL means, but the organization column is never NULL [org109]",
    note = "remove `shared = …`"
)]
pub trait CanBeNull {}

#[diagnostic::do_not_recommend]
impl CanBeNull for diesel::sql_types::is_nullable::IsNullable {}

/// Checks at compile time that a column's SQL type is never NULL.
pub const fn never_null<ST: SqlType<IsNull: NeverNull>>() {}

/// Checks at compile time that a column's SQL type can be NULL.
pub const fn can_be_null<ST: SqlType<IsNull: CanBeNull>>() {}
