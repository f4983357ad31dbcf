//! What a handler's arguments say, by the names of their types.

use super::item::Function;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, PathArguments, Type};

use crate::org_scoped::chain;
use crate::ungroup;

/// `Principal` or `Option<Principal>`: the handler may ask it for any membership.
pub(super) fn is_principal(argument: &FnArg) -> bool {
    let FnArg::Typed(argument) = argument else {
        return false;
    };
    let Type::Path(path) = ungroup::ty(&argument.ty) else {
        return false;
    };
    path.path
        .segments
        .last()
        .is_some_and(|last| {
            match &last.arguments {
        PathArguments::AngleBracketed(inner) if last.ident == "Option" => {
            inner.to_token_stream().into_iter().any(
                |token| matches!(token, proc_macro2::TokenTree::Ident(name) if name == "Principal"),
            )
        }
        _ => last.ident == "Principal",
    }
        })
}

/// The arguments that name a model, but for those that the function is generic over: outside of it they have no name.
pub(super) fn models(function: &Function) -> impl Iterator<Item = (String, &Type)> {
    let parameters = function.sig.generics.type_params();
    let parameters: Vec<_> = parameters
        .map(|parameter| parameter.ident.clone())
        .collect();
    all_models(function).filter(move |(_, model)| {
        let mut tokens = model.to_token_stream().into_iter();
        !tokens.any(|token| match token {
            proc_macro2::TokenTree::Ident(name) => parameters.contains(&name),
            _ => false,
        })
    })
}

/// The argument `Parent<Model>`, as written; `()` without one.
pub(super) fn parent(function: &Function) -> TokenStream {
    let mut arguments = argument_types(function);
    let parent = arguments.find(|(last, _)| last.ident == "Parent");
    parent.map_or_else(|| quote!(()), |(_, ty)| ty.to_token_stream())
}

/// The types of the arguments that are paths, with their last segments.
pub(super) fn argument_types(
    function: &Function,
) -> impl Iterator<Item = (&syn::PathSegment, &Type)> {
    function.sig.inputs.iter().filter_map(|argument| {
        let FnArg::Typed(argument) = argument else {
            return None;
        };
        let Type::Path(path) = ungroup::ty(&argument.ty) else {
            return None;
        };
        Some((path.path.segments.last()?, &*argument.ty))
    })
}

/// The arguments that name a model: `Scoped<Model>` and `Object<Model>`, by the last segment of their type.
pub(super) fn all_models(function: &Function) -> impl Iterator<Item = (String, &Type)> {
    argument_types(function).filter_map(|(last, _)| {
        let (name, model) = (last.ident.to_string(), inner(last)?);
        matches!(name.as_str(), "Scoped" | "Object").then_some((name, model))
    })
}

/// The first type in the angle brackets of a type.
pub(super) fn inner(last: &syn::PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

/// What the handler does without a scope: its arguments `Unscoped<Model, Reason>` and `UnscopedSql<Reason>`.
pub(super) fn unscoped(function: &Function, runtime: &TokenStream) -> Vec<TokenStream> {
    let arguments = argument_types(function).filter_map(|(last, _)| {
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        let about = match last.ident.to_string().as_str() {
            "Unscoped" => format_ident!("model", span = last.ident.span()),
            "UnscopedSql" => format_ident!("statements", span = last.ident.span()),
            _ => return None,
        };
        let types = &arguments.args;
        let span = Span::mixed_site().located_at(types.span());
        let runtime = chain::respan(runtime.clone(), span);
        Some(quote_spanned!(span=> #runtime::UnscopedAbout::#about::<#types>()))
    });
    arguments.collect()
}
