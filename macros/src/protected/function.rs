//! A function outside of a web framework: the principal is one of its arguments.

use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{FnArg, Pat, ReturnType};

use super::attributes::Attributes;
use super::item::Function;
use crate::policy::{Emitted, Policy};
use crate::problems::Problems;
use crate::suggest;

/// Puts the caller's check before the body, for functions that return a `Result` whose error is made from `Denied`:
///
/// ```text
/// fn purge(caller: &Principal, …) -> Result<(), E> {
///     const __ACCESS: Access = Access::of::<policy::Manager>();
///     if let Err(denied) = Principal::admitted(&caller, __ACCESS) {
///         return Err(From::from(denied));
///     }
///     …
/// }
/// ```
pub(super) fn guard(
    function: &mut Function,
    principal: &Ident,
    attributes: &Attributes,
    problems: &mut Problems,
) {
    if let Some(org_field) = &attributes.org_field {
        problems.at(
            org_field,
            "`org_field` is for handlers; here the scope is made in the body: `Scope::<Model>::new::<Policy>(caller)` [org44]",
        );
    }
    for key in &attributes.own_keys {
        problems.at(
            key,
            "this is for handlers; here the scope is made in the body: `Scope::<Model>::with_access(…, caller)` [org44]",
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
            format!("no argument of this function is called `{principal}`; {there_are} [org42]"),
        );
    }
    let ReturnType::Type(_, output) = &function.sig.output else {
        problems.at(
            &function.sig.ident,
            "a protected function returns a `Result<_, E>` with `E: From<Denied>`, so that it can refuse [org43]",
        );
        return;
    };
    if !problems.is_empty() {
        return;
    }
    if attributes
        .policy
        .as_ref()
        .is_some_and(Policy::asks_for_model)
    {
        problems.at(
            principal,
            "`model_perms` asks for the permission that an HTTP method takes, and here is none; name it: `perm(\"app.change_model\")` [org45]",
        );
        return;
    }
    if attributes.policy.as_ref().is_some_and(Policy::asks_for_row) {
        problems.at(
            principal,
            "the policy asks about a row, and here is none: check it in the body, `Scope::<Model>::new::<policy::CanEdit>(caller)` [org45]",
        );
        return;
    }
    let runtime = attributes.runtime();
    let Emitted {
        items, ty: access, ..
    } = attributes.access(&runtime);
    let span = Span::mixed_site().located_at(output.span());
    let body = &function.body;
    // Own permissions may wait where the function may.
    let admitted = match function.sig.asyncness {
        Some(_) => quote_spanned!(span=> admitted_later(&#principal, __ACCESS).await),
        None => quote_spanned!(span=> admitted(&#principal, __ACCESS)),
    };
    let guarded = quote_spanned!(span=> {
        const __ACCESS: #runtime::Access = { #items #access };
        const _: () = __ACCESS.check_without_rows();
        if let ::core::result::Result::Err(denied) = #runtime::Principal::#admitted {
            return ::core::result::Result::Err(::core::convert::From::from(denied));
        }
        #body
    });
    function.body = guarded;
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
