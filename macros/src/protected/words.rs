//! The keys of `#[protected(policy, …)]` and the words that they take.

use proc_macro2::Ident;

use crate::authenticators::{AUTHENTICATE, THROTTLE};
use crate::keys::{Form, Key};
use crate::problems::Problems;
use crate::suggest;

pub(super) const KEYS: &[Key] = &[
    Key {
        name: "org_field",
        example: "org_field = \"category.organization\"",
        form: Form::Text,
    },
    Key {
        name: "scope",
        example: "scope = manager",
        form: Form::Word,
    },
    Key {
        name: "write",
        example: "write = manager",
        form: Form::Word,
    },
    Key {
        name: "hidden",
        example: "hidden = forbidden",
        form: Form::Word,
    },
    Key {
        name: "principal",
        example: "principal = caller",
        form: Form::Word,
    },
    AUTHENTICATE,
    THROTTLE,
    Key {
        name: "reason",
        example: "reason = \"the auditors read every organization\"",
        form: Form::Text,
    },
    Key {
        name: "override",
        example: "override",
        form: Form::Flag,
    },
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
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
