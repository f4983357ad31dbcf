//! A controller: `#[protected(…)]` on a module or an `impl` block, whose handlers inherit it.
//!
//! Every function inside that is `pub` is a handler, unless `#[helper]` says that it is none. Each gets the controller's
//! arguments before its own, as `#[protected(@{ [type of its policy] (its arguments) } own)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, ImplItem, Item, ItemImpl, ItemMod, Meta, Visibility};

use super::attributes::{Attributes, Place};
use super::item::Function;
use super::{function, handler};
use crate::bundle;
use crate::policy::Emitted;
use crate::problems::Problems;

/// Hands the arguments down to everything in a module, nested modules included. Returns what stands beside the module: its
/// policy as a type, so that it means what it says where it is written, outside of the module.
pub(super) fn module(
    arguments: &TokenStream,
    module: &mut ItemMod,
    problems: &mut Problems,
) -> TokenStream {
    let name = module.ident.clone();
    let attributes = Attributes::read(arguments.clone(), &name, Place::Controller, problems);
    let Some((_, items)) = &mut module.content else {
        problems.at(
            &name,
            "`#[protected]` sees the handlers of a module that is written here: `mod foo { … }` [org30]",
        );
        return TokenStream::new();
    };
    let runtime = attributes.runtime();
    let ty = format_ident!("__controller_{}", name.unraw());
    let controller = Controller {
        ty: quote!(super::#ty),
        arguments,
        runtime: &runtime,
    };
    for item in items {
        controller.hand_to_item(item, problems);
    }
    let policy = match &attributes.policy {
        Some(policy) => policy.emit(&runtime),
        None => Emitted::stand_in(&runtime),
    };
    let explained = TokenStream::new();
    let policy = bundle::implementation(
        &ty,
        &policy.items,
        &policy.ty,
        &explained,
        &explained,
        &runtime,
    );
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        enum #ty {}
        #policy
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
    let owner: String = owner
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    let mut beside = TokenStream::new();
    for item in &mut block.items {
        let ImplItem::Fn(method) = item else { continue };
        let helper = take_helper(&mut method.attrs, problems);
        let own = take_own(&mut method.attrs);
        if helper || (own.is_none() && !is_pub(&method.vis)) {
            continue;
        }
        let mut function = Function {
            attrs: std::mem::take(&mut method.attrs),
            vis: method.vis.clone(),
            sig: method.sig.clone(),
            body: method.block.to_token_stream(),
        };
        let arguments = handed_down(arguments, None, own);
        let name = function.sig.ident.clone();
        let attributes = Attributes::read(arguments, &name, Place::Function, problems);
        match &attributes.principal {
            Some(principal) => {
                function::guard(&mut function, principal, &attributes, problems);
            }
            None => {
                let endpoint = format_ident!("{owner}_{}", name.unraw());
                beside.extend(handler::guard(
                    &mut function,
                    &endpoint,
                    &attributes,
                    problems,
                ));
            }
        }
        method.attrs = function.attrs;
        method.sig = function.sig;
        if let Some(block) = problems.take(syn::parse2(function.body)) {
            method.block = block;
        }
    }
    beside
}

/// What a module hands to the items in it.
struct Controller<'a> {
    /// The type of its policy, as the items see it.
    ty: TokenStream,
    arguments: &'a TokenStream,
    runtime: &'a TokenStream,
}

/// Macros that make no handlers.
const HARMLESS: &[&str] = &[
    "allow_tables_to_appear_in_same_query",
    "joinable",
    "policy",
    "table",
];

impl Controller<'_> {
    fn hand_to_item(&self, item: &mut Item, problems: &mut Problems) {
        match item {
            Item::Fn(function) => {
                let is_handler = is_pub(&function.vis);
                self.hand_to(&mut function.attrs, is_handler, problems);
            }
            Item::Mod(inner) => {
                no_helper(&inner.attrs, problems);
                let is_inline = inner.content.is_some();
                self.hand_to(&mut inner.attrs, is_inline, problems);
            }
            Item::Impl(inner) => {
                no_helper(&inner.attrs, problems);
                let is_controller = inner.attrs.iter().any(super::is_protected);
                self.hand_to(&mut inner.attrs, false, problems);
                for item in &mut inner.items {
                    if let (ImplItem::Fn(method), false) = (item, is_controller) {
                        self.hand_to(&mut method.attrs, false, problems);
                    }
                }
            }
            Item::Macro(call) if call.ident.is_none() => {
                let name = call
                    .mac
                    .path
                    .segments
                    .last()
                    .map(|last| last.ident.to_string());
                let harmless = name.is_some_and(|name| HARMLESS.contains(&&*name));
                if !take_helper(&mut call.attrs, problems) && !harmless {
                    problems.at(
                        &call.mac.path,
                        "a controller does not see the handlers that a macro makes; write them out, or `#[helper]` above it if it makes none [org41]",
                    );
                }
            }
            _ => {}
        }
    }

    /// Puts what is inherited before an item's own arguments, or on an item without any that needs them.
    fn hand_to(&self, attrs: &mut Vec<Attribute>, needed: bool, problems: &mut Problems) {
        if take_helper(attrs, problems) {
            return;
        }
        let hidden = attrs.iter().find(|attribute| {
            let tokens = || attribute.meta.to_token_stream().to_string();
            attribute.path().is_ident("cfg_attr") && tokens().contains("protected")
        });
        if let Some(hidden) = hidden {
            let message = "a controller does not see a policy within `cfg_attr`; put `#[cfg(…)]` on two functions [org41]";
            problems.at(hidden, message);
        }
        let own = attrs
            .iter_mut()
            .find(|attribute| super::is_protected(attribute));
        let ty = Some(&self.ty);
        match own {
            Some(own) => {
                let arguments = handed_down(self.arguments, ty, Some(own_arguments(own)));
                let path = own.path().clone();
                own.meta = syn::parse_quote!(#path(#arguments));
            }
            None if needed => {
                let arguments = handed_down(self.arguments, ty, None);
                let runtime = self.runtime;
                attrs.push(syn::parse_quote!(#[#runtime::protected(#arguments)]));
            }
            None => {}
        }
    }
}

/// `@{ [type] (controller) } own`
fn handed_down(
    controller: &TokenStream,
    ty: Option<&TokenStream>,
    own: Option<TokenStream>,
) -> TokenStream {
    let ty = ty.into_iter();
    quote!(@{ #([#ty])* (#controller) } #own)
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

/// Only functions are marked: a module or an `impl` block has handlers or has none.
fn no_helper(attrs: &[Attribute], problems: &mut Problems) {
    if let Some(helper) = attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("helper"))
    {
        problems.at(
            helper,
            "`#[helper]` goes on the functions that are no handlers [org41]",
        );
    }
}

/// Removes `#[helper]`: the function is no handler.
fn take_helper(attrs: &mut Vec<Attribute>, problems: &mut Problems) -> bool {
    let is_helper = |attribute: &Attribute| attribute.path().is_ident("helper");
    let Some(at) = attrs.iter().position(is_helper) else {
        return false;
    };
    if attrs.iter().any(super::is_protected) {
        problems.at(
            &attrs[at],
            "a function with a policy of its own is a handler; remove `#[helper]` or the policy [org41]",
        );
    }
    attrs.remove(at);
    true
}

fn is_pub(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// The name of a handler's endpoint: errors show it, so that it is one that explains itself.
pub(super) fn endpoint_name(name: &Ident) -> Ident {
    format_ident!(
        "{}_endpoint",
        name.unraw(),
        span = proc_macro2::Span::mixed_site().located_at(name.span())
    )
}
