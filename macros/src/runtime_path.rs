//! Where the generated code finds its runtime.

use proc_macro2::TokenStream;
use quote::quote;

/// The path of everything that generated code calls: `::orgscope::macros`, or below the path of `crate = …`.
pub(crate) fn runtime(krate: Option<&syn::Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(#path::macros),
        None => quote!(::orgscope::macros),
    }
}
