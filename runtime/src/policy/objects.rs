//! The atoms that are answered by the row itself: `can_view`, `can_edit` and `owns`.

use super::{Explanation, Needs, Policy, Question, Verdict};
use crate::error::Reason;
use crate::facts::Facts;

/// What a caller holds of one row; each implies those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// Nothing.
    Nothing = 0,
    /// May view it.
    View = 1,
    /// May edit it.
    Edit = 2,
    /// Owns it.
    Own = 3,
}

impl Hold {
    /// Every hold, the least first.
    pub const ALL: [Hold; 4] = [Hold::Nothing, Hold::View, Hold::Edit, Hold::Own];
}

fn decide_hold(hold: Hold, question: &Question<'_>) -> Verdict {
    let caller = &question.caller;
    // Groups decide about rows and make a root.
    let root = match (caller.is_authenticated(), caller.is_root()) {
        (true, None) => return Verdict::Unavailable,
        (_, root) => root == Some(true),
    };
    match question.row {
        _ if root => Verdict::Granted,
        None => Verdict::Possible,
        Some(row) if row.traits.hold() >= hold => Verdict::Granted,
        Some(_) => Verdict::Denied(Reason::Object(hold)),
    }
}

macro_rules! object_atoms {
    ($($(#[$doc:meta])* $name:ident, $text:literal, $hold:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        #[diagnostic::do_not_recommend]
        impl Policy for $name {
            const NEEDS: Needs = Needs {
                rows: true,
                ..Needs::facts(Facts::GROUPS)
            };

            #[inline]
            fn decide(question: &Question<'_>) -> Verdict {
                decide_hold(Hold::$hold, question)
            }

            fn explain(question: &Question<'_>) -> Explanation {
                let holds = question.row.map(|row| match row.traits.hold() {
                    Hold::Nothing => "holds nothing of the row",
                    Hold::View => "may only view the row",
                    Hold::Edit => "may only edit the row",
                    Hold::Own => "owns the row",
                });
                Explanation::leaf($text, Self::decide(question), holds.map(str::to_owned))
            }
        }
    )*};
}

object_atoms! {
    /// The caller may view the row: the model's `can_be_viewed_by`, one of the row's view groups, or [`CanEdit`].
    CanView, "can_view", View;
    /// The caller may edit the row: the model's `can_be_edited_by`, one of the row's edit groups, or [`Owns`].
    CanEdit, "can_edit", Edit;
    /// The caller owns the row: the model's `is_owned_by`, the row's owner group, or `root`.
    Owns, "owns", Own;
}
