//! The macros of orgscope. Depend on `orgscope`, which re-exports them with their runtime.
//!
//! The examples of their documentation need that runtime: orgscope-tests compiles them.
#![forbid(unsafe_code)]

mod authenticators;
mod bundle;
mod filter;
mod input;
mod keys;
mod org_scoped;
mod policy;
mod problems;
mod protected;
mod runtime_path;
mod suggest;
mod ungroup;

use proc_macro::TokenStream;

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_scoped.md"))]
#[proc_macro_derive(OrgScoped, attributes(org_scoped, diesel))]
pub fn derive_org_scoped(item: TokenStream) -> TokenStream {
    org_scoped::expand(item.into()).into()
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_input.md"))]
#[proc_macro_derive(OrgInput, attributes(org_input, diesel))]
pub fn derive_org_input(item: TokenStream) -> TokenStream {
    input::expand(item.into(), input::Kind::New).into()
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_changeset.md"))]
#[proc_macro_derive(OrgChangeset, attributes(org_changeset, diesel))]
pub fn derive_org_changeset(item: TokenStream) -> TokenStream {
    input::expand(item.into(), input::Kind::Changes).into()
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_filter.md"))]
#[proc_macro_derive(OrgFilter, attributes(org_filter, diesel))]
pub fn derive_org_filter(item: TokenStream) -> TokenStream {
    filter::expand(item.into()).into()
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/protected.md"))]
#[proc_macro_attribute]
pub fn protected(arguments: TokenStream, item: TokenStream) -> TokenStream {
    protected::expand(arguments.into(), item.into(), false).into()
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/policy.md"))]
#[proc_macro]
pub fn policy(item: TokenStream) -> TokenStream {
    bundle::expand(item.into()).into()
}

/// `#[protected]` once all other attributes of the function have had their turn. Written by `#[protected]` itself.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __protected_last(arguments: TokenStream, item: TokenStream) -> TokenStream {
    protected::expand(arguments.into(), item.into(), true).into()
}
