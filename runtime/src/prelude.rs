//! What a service with protected handlers needs: `use orgscope::prelude::*;`.

#[cfg(feature = "async")]
pub use crate::db::Db;
pub use crate::error::{Denied, Error, OptionalRow};
pub use crate::field_errors::FieldErrors;
pub use crate::objects::ObjectPermissions;
pub use crate::page::{Cursor, CursorPage, Page, Paging};
pub use crate::policy;
pub use crate::principal::Principal;
pub use crate::role::Role;
pub use crate::rows::Rows;
pub use crate::scoped::{Scope, Scoped};
pub use crate::unscoped::{Unscoped, UnscopedReason};
#[cfg(feature = "__web")]
pub use crate::web::{
    ApiError, Created, Filtered, NoContent, Object, Parent, Tenancy, UnscopedSql, public,
};
pub use crate::write::{Input, Writes as _};
pub use orgscope_macros::{OrgChangeset, OrgFilter, OrgInput, OrgScoped, protected};
