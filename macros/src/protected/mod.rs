//! `#[protected(…)]`: read, check, emit.

mod arguments;
mod attributes;
mod controller;
mod documented;
mod function;
mod handler;
mod inherited;
mod item;
pub(crate) mod words;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Item};

use crate::problems::Problems;
use attributes::{Attributes, Place};
use item::Function;

/// Expands the attribute on one item. The item survives every mistake. `last`: other attributes have gone first.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream, last: bool) -> TokenStream {
    let mut problems = Problems::default();
    if let Ok(function) = syn::parse2::<Function>(item.clone()) {
        let expanded = self::function(arguments, function, last, &mut problems);
        let problems = problems.into_tokens();
        return quote!(#expanded #problems);
    }
    let expanded = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Mod(mut module)) => {
            check_given_once(&mut module.attrs, &mut problems);
            let beside = controller::module(&arguments, &mut module, &mut problems);
            quote!(#module #beside)
        }
        Ok(Item::Impl(mut block)) if block.trait_.is_none() => {
            check_given_once(&mut block.attrs, &mut problems);
            let beside = controller::implementation(&arguments, &mut block, &mut problems);
            quote!(#block #beside)
        }
        _ => {
            let message = "`#[protected]` goes on a function (a handler, or one with `principal = argument`), or on a controller: a module of handlers, or an `impl` block without a trait [org30]";
            return quote!(::core::compile_error! { #message } #item);
        }
    };
    let problems = problems.into_tokens();
    quote!(#expanded #problems)
}

fn function(
    arguments: TokenStream,
    mut function: Function,
    last: bool,
    problems: &mut Problems,
) -> TokenStream {
    check_given_once(&mut function.attrs, problems);
    if problems.is_empty() && !last && wants_to_be_last(&function) {
        return below_others(&arguments, &function);
    }
    let name = function.sig.ident.clone();
    let attributes = Attributes::read(arguments, &name, Place::Function, problems);
    let generated = match &attributes.principal {
        Some(principal) => {
            function::guard(&mut function, principal, &attributes, problems);
            TokenStream::new()
        }
        None => handler::guard(&mut function, &name, &attributes, problems),
    };
    quote!(#function #generated)
}

fn check_given_once(attrs: &mut Vec<Attribute>, problems: &mut Problems) {
    for second in attrs.iter().filter(|other| is_protected(other)) {
        let message =
            "`#[protected]` is given twice; join the policies by `&` in one of them [org31]";
        problems.at(second, message);
    }
    attrs.retain(|other| !is_protected(other));
}

fn is_protected(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == "protected")
}

/// Attributes of the compiler's own, which do not look at the signature.
const BUILT_IN: &[&str] = &[
    "allow",
    "automatically_derived",
    "cfg",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "inline",
    "must_use",
    "track_caller",
    "warn",
];

/// Other attribute macros must see the signature as the user wrote it (utoipa reads its arguments, `debug_handler` calls the
/// function with as many), so that they go first. A function without arguments gets one, which those above would not
/// expect.
fn wants_to_be_last(function: &Function) -> bool {
    let foreign = |attribute: &syn::Attribute| {
        let path = attribute.path();
        let built_in = path
            .get_ident()
            .is_some_and(|name| BUILT_IN.iter().any(|known| name == known));
        let tool = path.segments.first().is_some_and(|first| {
            first.ident == "clippy" || first.ident == "rustfmt" || first.ident == "diagnostic"
        });
        !built_in && !tool
    };
    !function.sig.inputs.is_empty() && function.attrs.iter().any(foreign)
}

/// The same item with this attribute below all others.
fn below_others(arguments: &TokenStream, function: &Function) -> TokenStream {
    let above = &function.attrs;
    let attrs = Vec::new();
    let rest = Function {
        attrs,
        ..function.clone()
    };
    let runtime = Attributes::runtime_of(arguments);
    quote!(#(#above)* #[#runtime::__protected_last(#arguments)] #rest)
}
