//! `#[protected(…)]`: read, check, emit.

mod attributes;
mod function;
mod handler;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;

use crate::problems::Problems;
use attributes::Attributes;

/// Expands the attribute on one item. The item survives every mistake.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(_) => {
            let message =
                "`#[protected]` goes on a function: a handler, or one with `principal = argument`";
            return quote!(::core::compile_error! { #message } #item);
        }
    };
    let mut problems = Problems::default();
    let attributes = Attributes::read(arguments.clone(), &function, &mut problems);
    if attributes.first_pass && wants_to_be_last(&function) {
        return last(&arguments, &attributes, &function);
    }
    let generated = match &attributes.principal {
        Some(principal) => {
            function::guard(&mut function, principal, &attributes, &mut problems);
            TokenStream::new()
        }
        None => handler::guard(&mut function, &attributes, &mut problems),
    };
    let problems = problems.into_tokens();
    quote!(#function #generated #problems)
}

/// Attributes of the compiler's own, which do not look at the signature.
const BUILT_IN: &[&str] = &[
    "allow",
    "automatically_derived",
    "cfg",
    "cfg_attr",
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
fn wants_to_be_last(function: &ItemFn) -> bool {
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
fn last(arguments: &TokenStream, attributes: &Attributes, function: &ItemFn) -> TokenStream {
    let (above, rest) = (
        &function.attrs,
        ItemFn {
            attrs: Vec::new(),
            ..function.clone()
        },
    );
    let runtime = attributes.runtime();
    let span = proc_macro2::Span::call_site();
    quote_spanned!(span=> #(#above)* #[#runtime::protected(#arguments, last)] #rest)
}
