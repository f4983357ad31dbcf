//! A function outside of a web framework: the principal is one of its arguments.

use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{FnArg, ItemFn, Pat, ReturnType};

use super::attributes::Attributes;
use super::handler::access;
use crate::problems::Problems;
use crate::suggest;

/// Puts the caller's check before the body, for functions that return a `Result` whose error is made from `Denied`:
///
/// ```text
/// fn purge(caller: &Principal, …) -> Result<(), E> {
///     if let Err(denied) = Principal::admitted(&caller, Access::of::<policy::Manager>()) {
///         return Err(From::from(denied));
///     }
///     …
/// }
/// ```
pub(super) fn guard(
    function: &mut ItemFn,
    principal: &Ident,
    attributes: &Attributes,
    problems: &mut Problems,
) {
    if let Some(org_field) = &attributes.org_field {
        problems.at(
            org_field,
            "`org_field` is for handlers; here the scope is made in the body: `Scope::<Model>::new::<Policy>(caller)`",
        );
    }
    for key in attributes.scope.iter().chain(&attributes.hidden) {
        problems.at(
            key,
            "this is for handlers; here the scope is made in the body: `Scope::<Model>::with_access(…, caller)`",
        );
    }
    let names: Vec<String> = function.sig.inputs.iter().filter_map(name).collect();
    if !names.iter().any(|name| principal == name) {
        let there_are = match names.is_empty() {
            true => "it has none that is named".to_owned(),
            false => format!(
                "its arguments are {}",
                suggest::list(names.iter().map(String::as_str))
            ),
        };
        problems.at(
            principal,
            format!("no argument of this function is called `{principal}`; {there_are}"),
        );
    }
    let ReturnType::Type(_, output) = &function.sig.output else {
        problems.at(
            &function.sig.ident,
            "a protected function returns a `Result<_, E>` with `E: From<Denied>`, so that it can refuse",
        );
        return;
    };
    if !problems.is_empty() {
        return;
    }
    let runtime = attributes.runtime();
    let access = access(attributes, &runtime);
    let span = Span::mixed_site().located_at(output.span());
    let body = &function.block;
    let guarded = quote_spanned!(span=> {
        if let ::core::result::Result::Err(denied) =
            #runtime::Principal::admitted(&#principal, const { #access })
        {
            return ::core::result::Result::Err(::core::convert::From::from(denied));
        }
        #body
    });
    if let Some(guarded) = problems.take(syn::parse2(guarded)) {
        *function.block = guarded;
    }
}

fn name(argument: &FnArg) -> Option<String> {
    match argument {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => Some(pattern.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
