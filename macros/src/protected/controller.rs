//! A controller: `#[protected(…)]` on a module or an `impl` block, whose handlers inherit it.
//!
//! Every function inside that is `pub` is a handler, unless `#[helper]` says that it is none. Each gets the controller's
//! arguments before its own, as `#[protected(@(controller) own)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, ImplItem, Item, ItemImpl, ItemMod, Meta, Visibility};

use super::attributes::{Attributes, Place};
use super::handler;
use crate::problems::Problems;

/// Hands the arguments down to everything in a module, nested modules included.
pub(super) fn module(arguments: &TokenStream, module: &mut ItemMod, problems: &mut Problems) {
    let name = module.ident.clone();
    let attributes = Attributes::read(arguments.clone(), &name, Place::Controller, problems);
    let Some((_, items)) = &mut module.content else {
        problems.at(
            &name,
            "`#[protected]` sees the handlers of a module that is written here: `mod foo { … }`",
        );
        return;
    };
    let runtime = attributes.runtime();
    for item in items {
        match item {
            Item::Fn(function) => {
                let is_handler = is_pub(&function.vis);
                inherit(&mut function.attrs, arguments, is_handler, &runtime);
            }
            Item::Mod(inner) => {
                let is_inline = inner.content.is_some();
                inherit(&mut inner.attrs, arguments, is_inline, &runtime);
            }
            Item::Impl(inner) => inherit(&mut inner.attrs, arguments, false, &runtime),
            _ => {}
        }
    }
}

/// Makes handlers of the functions of an `impl` block. Returns what stands beside the block.
pub(super) fn implementation(
    arguments: &TokenStream,
    block: &mut ItemImpl,
    problems: &mut Problems,
) -> TokenStream {
    let ty = &block.self_ty;
    Attributes::read(arguments.clone(), ty, Place::Controller, problems);
    let owner: String = ty.to_token_stream().to_string();
    let owner: String = owner.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let mut beside = TokenStream::new();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        let own = take_own(&mut method.attrs);
        let helper = take_helper(&mut method.attrs);
        if helper || (own.is_none() && !is_pub(&method.vis)) {
            continue;
        }
        let mut function = syn::ItemFn {
            attrs: std::mem::take(&mut method.attrs),
            vis: method.vis.clone(),
            modifiers: method.modifiers.clone(),
            sig: method.sig.clone(),
            block: Box::new(method.block.clone()),
        };
        let arguments = handed_down(arguments, own);
        let name = function.sig.ident.clone();
        let attributes = Attributes::read(arguments, &name, Place::Function, problems);
        let endpoint = format_ident!("{owner}_{name}");
        beside.extend(handler::guard(&mut function, &endpoint, &attributes, problems));
        method.attrs = function.attrs;
        method.sig = function.sig;
    }
    beside
}

/// Puts the controller's arguments before an item's own, or on an item without any that needs them.
fn inherit(
    attrs: &mut Vec<Attribute>,
    arguments: &TokenStream,
    needed: bool,
    runtime: &TokenStream,
) {
    if take_helper(attrs) {
        return;
    }
    let own = attrs.iter_mut().find(|attribute| super::is_protected(attribute));
    match own {
        Some(own) => {
            let rest = own_arguments(own);
            let path = own.path().clone();
            let arguments = handed_down(arguments, Some(rest));
            own.meta = syn::parse_quote!(#path(#arguments));
        }
        None if needed => {
            let arguments = handed_down(arguments, None);
            attrs.push(syn::parse_quote!(#[#runtime::protected(#arguments)]));
        }
        None => {}
    }
}

/// `@(controller) own`; what the controller itself has inherited stays before it.
fn handed_down(controller: &TokenStream, own: Option<TokenStream>) -> TokenStream {
    let (mut outer, controller) = super::attributes::inherited(controller.clone());
    outer.push(controller);
    quote!(#(@(#outer))* #own)
}

fn own_arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    }
}

fn take_own(attrs: &mut Vec<Attribute>) -> Option<TokenStream> {
    let at = attrs.iter().position(super::is_protected)?;
    Some(own_arguments(&attrs.remove(at)))
}

/// Removes `#[helper]`: the function is no handler.
fn take_helper(attrs: &mut Vec<Attribute>) -> bool {
    let before = attrs.len();
    attrs.retain(|attribute| !attribute.path().is_ident("helper"));
    attrs.len() < before
}

fn is_pub(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// The name of a handler's endpoint.
pub(super) fn endpoint_name(name: &Ident) -> Ident {
    use syn::ext::IdentExt;
    format_ident!(
        "__protected_{}",
        name.unraw(),
        span = proc_macro2::Span::mixed_site().located_at(name.span())
    )
}
