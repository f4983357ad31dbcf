//! A decision, and why.

use std::fmt;

use super::{Explanation, Question, Verdict};
use crate::access::Access;
use crate::error::Denied;

/// What a rule decided about a caller, or about a caller and a row.
///
/// ```
/// use orgscope::prelude::*;
/// let caller = Principal::new(1, false, [(7, Role::Member)]);
/// let decision = caller.decide::<policy::Manager>(&7);
/// assert!(!decision.is_granted());
/// assert_eq!(
///     decision.explain().to_string(),
///     "manager of org 7: no, member only"
/// );
/// ```
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    outcome: Result<(), Denied>,
    access: &'a Access,
    question: Question<'a>,
}

impl<'a> Decision<'a> {
    #[inline]
    pub(crate) fn new(
        outcome: Result<(), Denied>,
        access: &'a Access,
        question: Question<'a>,
    ) -> Decision<'a> {
        Decision {
            outcome,
            access,
            question,
        }
    }

    /// Whether it is a grant.
    #[inline]
    pub fn is_granted(&self) -> bool {
        self.outcome.is_ok()
    }

    /// The decision without its reasons.
    ///
    /// # Errors
    /// The denial; [`Denied::Undecided`] where something that the policy asks is not known.
    pub fn outcome(&self) -> Result<(), Denied> {
        self.outcome
    }

    /// Writes the reason tree to the log, at debug level.
    pub(crate) fn log(&self, what: &'static str) {
        if tracing::enabled!(tracing::Level::DEBUG) {
            tracing::debug!(outcome = ?self.outcome, reasons = %self.explain(), "{what}");
        }
    }

    /// The reason tree: for logs and tests, never for the public answer. It asks the policy again.
    pub fn explain(&self) -> Explanation {
        let explanation = self.access.explain(&self.question);
        let holds = matches!(explanation.verdict(), Verdict::Granted | Verdict::Possible);
        match self.outcome {
            // The policy is not what refused: the write role, a shared row, or a row that is missing.
            Err(Denied::Forbidden(reason)) if holds => Explanation::node(
                reason.to_string(),
                Verdict::Denied(reason),
                vec![explanation],
            ),
            _ => explanation,
        }
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n{}", self.outcome, self.explain())
    }
}
