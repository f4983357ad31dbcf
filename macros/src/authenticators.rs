//! `authenticate = […]`: which credentials an endpoint accepts.

use proc_macro2::Ident;

use crate::keys::{Form, Key};
use crate::problems::Problems;
use crate::suggest;

pub(crate) const AUTHENTICATE: Key = Key {
    name: "authenticate",
    example: "authenticate = [bearer]",
    form: Form::Words,
};

pub(crate) const THROTTLE: Key = Key {
    name: "throttle",
    example: "throttle = \"ipam\"",
    form: Form::Text,
};

/// The authenticators that there are. Bearer tokens are accepted by every endpoint.
const KNOWN: &[&str] = &["bearer"];

/// Reports names that are none.
pub(crate) fn check(at: &Ident, names: &[Ident], problems: &mut Problems) {
    let known = || KNOWN.iter().copied();
    if names.is_empty() {
        let message = format!(
            "name at least one authenticator: {}",
            suggest::list(known())
        );
        problems.at(at, message);
    }
    for (index, name) in names.iter().enumerate() {
        if !KNOWN.iter().any(|known| name == known) {
            let message = format!(
                "there is no authenticator `{name}`; there is {}",
                suggest::list(known())
            );
            problems.at(name, message);
        } else if names.iter().take(index).any(|other| other == name) {
            problems.at(name, format!("`{name}` is given twice; keep one of them"));
        }
    }
}

/// Reports a throttle without a name.
pub(crate) fn check_throttle(name: &syn::LitStr, problems: &mut Problems) {
    if name.value().trim().is_empty() {
        problems.at(name, "a throttle has a name: `throttle = \"ipam\"`; the service says its rate with `Tenancy::throttle`");
    }
}
