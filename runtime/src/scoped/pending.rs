//! What a filter names has to be visible to the caller: asked before rows are loaded, and for a page along with its total.

use std::marker::PhantomData;
use std::sync::Arc;

use diesel::dsl;

use crate::connection::Kind;
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::field_errors::FieldErrors;
use crate::model::OrgScoped;
use crate::selection::Chosen;
use crate::write::checks::{Checked, Failed};
use crate::write::plan::Plan;

/// Which values of a filter are refused.
pub type Refused<M> = dsl::select<Failed<M, ()>>;

/// What has to hold before rows are shown.
#[derive(Debug)]
pub(crate) struct Pending<K> {
    pub(crate) checked: Arc<Checked<K, ()>>,
    pub(crate) errors: FieldErrors,
    /// It cannot be said what is visible.
    pub(crate) undecided: bool,
}

impl<K> Pending<K> {
    pub(crate) fn new(plan: Plan<K>, errors: FieldErrors, undecided: bool) -> Self {
        let values = Arc::new(());
        Pending {
            checked: Arc::new(Checked { plan, values }),
            errors,
            undecided,
        }
    }

    /// Whether there is anything to ask.
    pub(crate) fn is_empty(&self) -> bool {
        !self.undecided && self.errors.is_empty() && self.checked.plan.checks.is_empty()
    }

    /// Whether it can be asked along with the total: nothing is wrong so far.
    pub(crate) fn fits_total(&self) -> bool {
        !self.undecided && self.errors.is_empty()
    }
}

impl<K: crate::key::Key> Pending<K> {
    /// The statement that says what is refused; `None` if the database need not be asked.
    pub(crate) fn statement<M>(&self) -> Option<Statement<Refused<M>, Chosen>>
    where
        M: OrgScoped<OrgKey = K>,
    {
        let (checked, model) = (self.checked.clone(), PhantomData);
        let asked = !self.undecided && !checked.plan.checks.is_empty();
        asked.then(|| Statement {
            query: diesel::select(Failed { checked, model }),
            rows: Chosen,
        })
    }

    /// What follows from its answer.
    pub(crate) fn outcome(&self, failed: &[i32]) -> Result<(), Error> {
        if self.undecided {
            return Err(Denied::Undecided.into());
        }
        let failed = failed.first().copied().unwrap_or(0);
        let errors = self.checked.plan.errors(failed, self.errors.clone());
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Error::Invalid(errors)),
        }
    }

    /// Asks the database.
    pub(crate) async fn look<M, C, A>(&self, conn: &mut C) -> Result<(), Error>
    where
        M: OrgScoped<OrgKey = K>,
        A: Kind,
        C: Send,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, A, i32>,
    {
        let failed = match self.statement::<M>() {
            Some(statement) => A::wait(statement.fetch(conn)).await?,
            None => Vec::new(),
        };
        self.outcome(&failed)
    }
}
