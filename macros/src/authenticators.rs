//! `authenticate = […]`: which credentials an endpoint accepts, and in which order they are asked for.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::keys::{Form, Key};
use crate::problems::Problems;
use crate::suggest;

pub(crate) const AUTHENTICATE: Key = Key {
    name: "authenticate",
    example: "authenticate = [bearer]",
    says: "which credentials are accepted, in the order in which they are asked for: `bearer`, `session`, `sesame`, and the constants that name your own [`Authenticator`](https://docs.rs/orgscope/latest/orgscope/authenticate/trait.Authenticator.html)s; all that the service has, unless you say",
    wrong: "org27",
    form: Form::Paths,
};

pub(crate) const THROTTLE: Key = Key {
    name: "throttle",
    example: "throttle = \"ipam\"",
    says: "how often one caller may call; the service says the rate: `Tenancy::throttle(\"ipam\", Rate::per_minute(60))`",
    wrong: "org28",
    form: Form::Text,
};

/// The authenticators that the runtime brings.
const KNOWN: &[&str] = &["bearer", "session", "sesame"];

/// Reads the names: of those that the runtime brings, and constants with the names of others. Reports names that are none.
pub(crate) fn read(at: &Ident, names: &[syn::Path], problems: &mut Problems) -> TokenStream {
    let known = || KNOWN.iter().copied();
    if names.is_empty() {
        let message = format!(
            "name at least one authenticator: {} [org27]",
            suggest::list(known())
        );
        problems.at(at, message);
    }
    let mut read: Vec<(String, TokenStream)> = Vec::new();
    for path in names {
        let text = path.to_token_stream().to_string().replace(' ', "");
        if read.iter().any(|(other, _)| *other == text) {
            problems.at(
                path,
                format!("`{text}` is given twice; keep one of them [org03]"),
            );
            continue;
        }
        match path.get_ident() {
            Some(_) if KNOWN.contains(&&*text) => read.push((text.clone(), quote!(#text))),
            Some(_) if text.starts_with(|first: char| first.is_lowercase()) => {
                let meant = match suggest::nearest(&text, known()) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!(
                        "name {}, or one of your own by its constant: `API_KEY`",
                        suggest::list(known())
                    ),
                };
                problems.at(
                    path,
                    format!("there is no authenticator `{text}`; {meant} [org27]"),
                );
            }
            _ => read.push((text, quote!(#path))),
        }
    }
    let names = read.into_iter().map(|(_, name)| name);
    quote!(.authenticate(&[#(#names),*]))
}

/// Reports a throttle without a name.
pub(crate) fn check_throttle(name: &syn::LitStr, problems: &mut Problems) {
    if name.value().trim().is_empty() {
        problems.at(name, "a throttle has a name: `throttle = \"ipam\"`; the service says its rate with `Tenancy::throttle` [org28]");
    }
}
