//! What is asked of a write, who may ask it, and what it did.

use crate::access::{Intent, Shown};
use crate::error::{Denied, Reason};
use crate::policy::Standing;
use crate::principal::Principal;
use crate::scoped::Bounds;

/// What is wanted of a write: its rows have to be read, and in some databases read again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    Rows,
    Number,
}

/// What a write did: the number of rows, and the rows if they were wanted.
pub(super) struct Changed<M> {
    pub(super) number: usize,
    pub(super) rows: Vec<M>,
}

impl<M> Changed<M> {
    pub(super) fn rows(rows: Vec<M>) -> Changed<M> {
        let number = rows.len();
        Changed { number, rows }
    }

    pub(super) fn number(number: usize) -> Changed<M> {
        let rows = Vec::new();
        Changed { number, rows }
    }
}

/// Whether the caller may write at all: nobody does without a login, whatever the body.
pub(super) fn may_write<K: crate::key::Key>(bounds: &Bounds<K>) -> Result<(), Denied> {
    if !bounds.grant.caller().is_authenticated() {
        return Err(Denied::Unauthenticated(Reason::NotAuthenticated));
    }
    with_writing_credential(bounds)?;
    bounds.grant.admit().outcome()
}

/// Whether the caller's credential is not one that only reads.
pub(super) fn with_writing_credential<K: crate::key::Key>(
    bounds: &Bounds<K>,
) -> Result<(), Denied> {
    match bounds
        .grant
        .principal()
        .is_some_and(Principal::is_reading_only)
    {
        true => Err(Denied::Forbidden(Reason::ReadOnlyCredential)),
        false => Ok(()),
    }
}

/// Whether the caller may make rows that belong to no tenant: the policy has to say so whatever the row is.
pub(super) fn may_make<K: crate::key::Key>(bounds: &Bounds<K>) -> Result<(), Denied> {
    if !bounds.path.is_global() || bounds.grant.caller().is_superuser() {
        return Ok(());
    }
    match bounds.grant.shown_for(Standing::Global, Intent::Write)? {
        Shown::All => Ok(()),
        Shown::None | Shown::Some(_) => Err(Denied::Forbidden(Reason::Policy)),
    }
}
