//! What can go wrong, in three outcomes: denied, not there, unavailable.

use std::fmt;

use diesel::result::DatabaseErrorKind;

use crate::facts::Caller;
use crate::field_errors::FieldErrors;
use crate::outage;
use crate::policy::Hold;
use crate::role::Role;

/// Which check refused. The [`Display`](fmt::Display) form is the `reason` of a problem document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody has logged in.
    NotAuthenticated,
    /// A credential was presented and is not valid.
    AuthenticationFailed,
    /// The caller lacks this role, anywhere or in the organization of the row.
    Role(Role),
    /// The row is outside the caller's scope, and the policy names no role.
    Hidden,
    /// A negated part of the policy holds for the caller.
    Excluded,
    /// The caller lacks a permission, or that on the model.
    Permission,
    /// The caller is not in the group.
    Group,
    /// The caller is neither a superuser nor in the root group.
    Root,
    /// The caller does not subscribe.
    Subscription,
    /// The caller does not hold as much of the row.
    Object(Hold),
    /// An own permission refused.
    Policy,
    /// The row is shared, and shared rows are read-only.
    SharedReadOnly,
    /// The credential only reads.
    ReadOnlyCredential,
    /// A request with a session does not show that the site itself sent it.
    Csrf,
}

impl Reason {
    /// The words that stand for reasons: there are no others.
    #[cfg(feature = "__web")]
    const WORDS: [&str; 18] = [
        "not_authenticated",
        "authentication_failed",
        "role_member",
        "role_manager",
        "role_owner",
        "hidden",
        "excluded",
        "permission",
        "group",
        "root",
        "subscription",
        "owns",
        "can_edit",
        "can_view",
        "policy",
        "shared_read_only",
        "read_only_credential",
        "csrf",
    ];

    /// The word for a reason that a text is; `None` for another text.
    #[cfg(feature = "__web")]
    pub(crate) fn word(text: &str) -> Option<&'static str> {
        Self::WORDS.into_iter().find(|word| *word == text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NotAuthenticated => f.write_str("not_authenticated"),
            Reason::AuthenticationFailed => f.write_str("authentication_failed"),
            Reason::Role(role) => write!(f, "role_{role}"),
            Reason::Hidden => f.write_str("hidden"),
            Reason::Excluded => f.write_str("excluded"),
            Reason::Permission => f.write_str("permission"),
            Reason::Group => f.write_str("group"),
            Reason::Root => f.write_str("root"),
            Reason::Subscription => f.write_str("subscription"),
            Reason::Object(Hold::Own) => f.write_str("owns"),
            Reason::Object(Hold::Edit) => f.write_str("can_edit"),
            Reason::Object(Hold::View | Hold::Nothing) => f.write_str("can_view"),
            Reason::Policy => f.write_str("policy"),
            Reason::SharedReadOnly => f.write_str("shared_read_only"),
            Reason::ReadOnlyCredential => f.write_str("read_only_credential"),
            Reason::Csrf => f.write_str("csrf"),
        }
    }
}

/// A decision against the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody valid has logged in: 401.
    #[error("unauthenticated: {0}")]
    Unauthenticated(Reason),
    /// The caller may not do this: 403.
    #[error("forbidden: {0}")]
    Forbidden(Reason),
    /// The row does not exist, or the caller may not learn that it does: 404.
    #[error("not found")]
    NotFound,
    /// Something that the policy asks is not known or not available: 503, neither a grant nor a denial.
    #[error("the decision is unavailable")]
    Undecided,
}

impl Denied {
    /// A caller without a login is asked to log in rather than told "forbidden" (401 instead of 403).
    pub(crate) fn for_caller(self, caller: Caller<'_>) -> Denied {
        match self {
            Denied::Forbidden(_) if !caller.authenticated => {
                Denied::Unauthenticated(Reason::NotAuthenticated)
            }
            other => other,
        }
    }
}

/// What running a scoped query can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A decision against the caller, or a row that is not there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database could not be reached or did not answer. Never a denial, and never a shorter list.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The input is wrong: 400 with the fields.
    #[error("the input is wrong")]
    Invalid(FieldErrors),
    /// Another row stands in the way: 409, without saying whose.
    #[error("another row stands in the way")]
    Conflict,
    /// The database refused the query.
    #[error("the query failed")]
    Query(#[source] diesel::result::Error),
}

impl Error {
    /// [`Error::Unavailable`] for that reason.
    pub(crate) fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
        Error::Unavailable(Box::new(cause))
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Error {
        Error::Invalid(errors)
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Error {
        match error {
            diesel::result::Error::NotFound => Error::Denied(Denied::NotFound),
            // A scope that could not be decided, found out while the statement was written.
            diesel::result::Error::QueryBuilderError(inner) if inner.is::<Denied>() => {
                Error::Denied(Denied::Undecided)
            }
            diesel::result::Error::DatabaseError(
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::RestrictViolation
                | DatabaseErrorKind::ExclusionViolation,
                _,
            ) => Error::Conflict,
            diesel::result::Error::DatabaseError(
                DatabaseErrorKind::NotNullViolation | DatabaseErrorKind::CheckViolation,
                _,
            ) => Error::Invalid(FieldErrors::none()),
            other if outage::is_bad_value(&other) => Error::Invalid(FieldErrors::none()),
            other if outage::is_outage(&other) => Error::unavailable(other),
            other => Error::Query(other),
        }
    }
}

/// `.optional()` on the result of a scoped query, as Diesel has it on its own.
pub trait OptionalRow<T> {
    /// Turns "not found" into `Ok(None)`.
    ///
    /// # Errors
    /// Every other error stays.
    fn optional(self) -> Result<Option<T>, Error>;
}

impl<T> OptionalRow<T> for Result<T, Error> {
    fn optional(self) -> Result<Option<T>, Error> {
        match self {
            Ok(row) => Ok(Some(row)),
            Err(Error::Denied(Denied::NotFound)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
