//! The macros of orgscope. Depend on `orgscope`, which re-exports them with their runtime.
//!
//! The examples of their documentation need that runtime: orgscope-tests compiles them.
#![forbid(unsafe_code)]

mod authenticators;
mod bundle;
mod completion;
#[cfg(test)]
#[allow(clippy::expect_used)]
mod expansions;
mod filter;
mod input;
#[cfg(test)]
#[allow(clippy::expect_used)]
mod key_tables;
mod keys;
#[cfg(test)]
#[allow(clippy::expect_used)]
mod mutations;
mod org_scoped;
mod policy;
mod problems;
mod protected;
mod runtime_path;
mod suggest;
mod ungroup;
mod whole;

use proc_macro::TokenStream;

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_scoped.md"))]
#[cfg_attr(not(doctest), doc = include_str!("../docs/keys/org_scoped.md"))]
#[cfg_attr(not(doctest), doc = "\n# What it becomes\n\nFrom\n\n```text")]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/from_model.rs"))]
#[cfg_attr(
    not(doctest),
    doc = "```\n\nit makes, the whole paths of the runtime's items left out,\n\n```text"
)]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/model.rs"))]
#[cfg_attr(not(doctest), doc = "```")]
#[proc_macro_derive(OrgScoped, attributes(org_scoped, diesel))]
pub fn derive_org_scoped(item: TokenStream) -> TokenStream {
    let item = item.into();
    let completion = completion::of_derive("org_scoped", "org_scoped", &item);
    with(org_scoped::expand(item), completion)
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_input.md"))]
#[cfg_attr(not(doctest), doc = include_str!("../docs/keys/org_input.md"))]
#[cfg_attr(not(doctest), doc = "\n# What it becomes\n\nFrom\n\n```text")]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/from_input.rs"))]
#[cfg_attr(
    not(doctest),
    doc = "```\n\nit makes, the whole paths of the runtime's items left out,\n\n```text"
)]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/input.rs"))]
#[cfg_attr(not(doctest), doc = "```")]
#[proc_macro_derive(OrgInput, attributes(org_input, diesel))]
pub fn derive_org_input(item: TokenStream) -> TokenStream {
    let item = item.into();
    let completion = completion::of_derive("org_input", "org_input", &item);
    with(input::expand(item, input::Kind::New), completion)
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_changeset.md"))]
#[proc_macro_derive(OrgChangeset, attributes(org_changeset, diesel))]
pub fn derive_org_changeset(item: TokenStream) -> TokenStream {
    let item = item.into();
    let completion = completion::of_derive("org_changeset", "org_input", &item);
    with(input::expand(item, input::Kind::Changes), completion)
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/org_filter.md"))]
#[cfg_attr(not(doctest), doc = include_str!("../docs/keys/org_filter.md"))]
#[cfg_attr(not(doctest), doc = "\n# What it becomes\n\nFrom\n\n```text")]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/from_filter.rs"))]
#[cfg_attr(
    not(doctest),
    doc = "```\n\nit makes, the whole paths of the runtime's items left out,\n\n```text"
)]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/filter.rs"))]
#[cfg_attr(not(doctest), doc = "```")]
#[proc_macro_derive(OrgFilter, attributes(org_filter, diesel))]
pub fn derive_org_filter(item: TokenStream) -> TokenStream {
    let item = item.into();
    let completion = completion::of_derive("org_filter", "org_filter", &item);
    with(filter::expand(item), completion)
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/protected.md"))]
#[cfg_attr(not(doctest), doc = include_str!("../docs/keys/protected.md"))]
#[cfg_attr(not(doctest), doc = "\n# What it becomes\n\nFrom\n\n```text")]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/from_handler.rs"))]
#[cfg_attr(
    not(doctest),
    doc = "```\n\nit makes, the whole paths of the runtime's items left out,\n\n```text"
)]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/handler.rs"))]
#[cfg_attr(not(doctest), doc = "```")]
#[proc_macro_attribute]
pub fn protected(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let arguments = arguments.into();
    let completion = completion::of_attribute("protected", &arguments);
    with(protected::expand(arguments, item.into(), false), completion)
}

#[cfg_attr(not(doctest), doc = include_str!("../docs/policy.md"))]
#[cfg_attr(not(doctest), doc = include_str!("../docs/keys/policy.md"))]
#[cfg_attr(not(doctest), doc = "\n# What it becomes\n\nFrom\n\n```text")]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/from_policy.rs"))]
#[cfg_attr(
    not(doctest),
    doc = "```\n\nit makes, the whole paths of the runtime's items left out,\n\n```text"
)]
#[cfg_attr(not(doctest), doc = include_str!("../docs/expansions/policy.rs"))]
#[cfg_attr(not(doctest), doc = "```")]
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

/// What is emitted, and what an editor wants before it: it looks for the word that is typed by its place in what comes out.
fn with(
    expanded: proc_macro2::TokenStream,
    mut completion: proc_macro2::TokenStream,
) -> TokenStream {
    completion.extend(expanded);
    completion.into()
}
