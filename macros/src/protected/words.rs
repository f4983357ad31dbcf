//! The keys of `#[protected(policy, …)]` and the words that they take.

use proc_macro2::Ident;

use crate::authenticators::{AUTHENTICATE, THROTTLE};
use crate::keys::{Form, Key};
use crate::problems::Problems;
use crate::suggest;

pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "org_field",
        example: "org_field = \"category.organization\"",
        says: "another path to the organization than the model's, for the model of the first `Scoped` or `Object`",
        wrong: "org36, org52",
        form: Form::Text,
    },
    Key {
        name: "scope",
        example: "scope = manager",
        says: "the role that a row's organization must give the caller for the row to be visible: `member`, `manager` or `owner`; by default what the policy demands, else `member`. `scope = all, reason = \"…\"`: the rows of every organization, as far as the policy lets the caller reach them",
        wrong: "org06, org37, org40",
        form: Form::Word,
    },
    Key {
        name: "write",
        example: "write = manager",
        says: "the role that changing and deleting take; the scope role by default",
        wrong: "org06, org40",
        form: Form::Word,
    },
    Key {
        name: "hidden",
        example: "hidden = forbidden",
        says: "how a row that is not visible answers: `not_found` (the default), 404 as if it did not exist, or `forbidden`, 403",
        wrong: "org06",
        form: Form::Word,
    },
    Key {
        name: "principal",
        example: "principal = caller",
        says: "the function is no handler; the argument of that name is the caller",
        wrong: "org42, org43",
        form: Form::Word,
    },
    AUTHENTICATE,
    THROTTLE,
    Key {
        name: "reason",
        example: "reason = \"the auditors read every organization\"",
        says: "why `scope = all`; it stands in the access report",
        wrong: "org37",
        form: Form::Text,
    },
    Key {
        name: "override",
        example: "override",
        says: "before the policy, within a controller: replaces what it says",
        wrong: "org38",
        form: Form::Flag,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        says: "where `orgscope` is, if it is re-exported",
        wrong: "org04",
        form: Form::Path,
    },
];

/// The variants of `scope =`, `write =` and `hidden =`, and what they are in the runtime.
pub(super) const SCOPES: &[(&str, &str)] = &[
    ("member", "Member"),
    ("manager", "Manager"),
    ("owner", "Owner"),
    ("all", "All"),
];
pub(super) const ROLES: &[(&str, &str)] = &[
    ("member", "Member"),
    ("manager", "Manager"),
    ("owner", "Owner"),
];
pub(super) const HIDDEN: &[(&str, &str)] = &[("not_found", "NotFound"), ("forbidden", "Forbidden")];

/// How strong a role is; every organization is weaker than any.
pub(super) fn rank(role: &Ident) -> usize {
    let at = ROLES.iter().position(|(_, variant)| role == variant);
    at.map_or(0, |at| at + 1)
}

pub(super) fn variant(
    word: &Ident,
    key: &str,
    variants: &[(&str, &str)],
    problems: &mut Problems,
) -> Option<Ident> {
    let found = variants.iter().find(|(name, _)| word == name);
    if found.is_none() {
        let names = suggest::list(variants.iter().map(|(name, _)| *name));
        problems.at(word, format!("`{key}` is {names} [org06]"));
    }
    found.map(|(_, variant)| Ident::new(variant, word.span()))
}
