//! A handler: its first argument becomes the caller's check and the argument.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, parse_quote};

use super::arguments::{all_models, argument_types, is_principal, models, parent, unscoped};
use super::attributes::Attributes;
use super::controller::endpoint_name;
use super::item::Function;
use crate::org_scoped::chain;
use crate::policy::{Emitted, Policy};
use crate::problems::Problems;

/// Wraps the first argument, so that the number of arguments stays. Returns the endpoint that belongs to the handler:
///
/// ```text
/// #[doc(hidden)]
/// pub struct __protected_list_builds;
/// impl Endpoint for __protected_list_builds {
///     type Parent = ();
///     const RULE: Rule = {
///         const __ACCESS: Access = Access::of::<policy::Manager>();
///         const __MODELS: &[ModelAbout] = &[Described::<Build>::MODEL.under(__ACCESS)];
///         const __PERMISSIONS: Option<(&str, &str)> = ModelAbout::permissions(__MODELS, __ACCESS);
///         Rule {
///             access: __ACCESS,
///             facts: ModelAbout::facts(__MODELS, __ACCESS).and(Facts::MEMBERSHIPS),
///             path: None,
///             rows: true,
///             permissions: __PERMISSIONS,
///             about: About { handler: "list_builds", policy: "manager", models: __MODELS, … },
///         }
///     };
/// }
/// pub async fn list_builds(Guarded(builds, _): Guarded<__protected_list_builds, Scoped<Build>>, …) { … }
/// ```
pub(super) fn guard(
    function: &mut Function,
    endpoint: &Ident,
    attributes: &Attributes,
    problems: &mut Problems,
) -> TokenStream {
    if let Some(FnArg::Receiver(receiver)) = function.sig.inputs.first() {
        problems.at(
            receiver,
            "a handler takes no `self`; state comes by `State<…>`. For a method outside of a router say `principal = argument` [org32]",
        );
        return TokenStream::new();
    }
    let runtime = attributes.runtime();
    let endpoint = endpoint_name(endpoint);
    let rule = rule(function, attributes, &runtime, problems);
    let parents = argument_types(function).filter(|(last, _)| last.ident == "Parent");
    for (_, second) in parents.skip(1) {
        problems.at(
            second,
            "a handler has one `Parent`; load the other row with `Scoped` and its key [org33]",
        );
    }
    let parent = parent(function);
    let visibility = &function.vis;
    let conditions = function
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let conditions = quote!(#(#conditions)*);
    let generated = quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #conditions
        #visibility struct #endpoint;

        #conditions
        #[automatically_derived]
        impl #runtime::Endpoint for #endpoint {
            type Parent = #parent;
            const RULE: #runtime::Rule = #rule;
        }
    };
    wrap_first(function, &endpoint, &runtime, problems);
    generated
}

fn wrap_first(
    function: &mut Function,
    endpoint: &Ident,
    runtime: &TokenStream,
    problems: &mut Problems,
) {
    match function.sig.inputs.first_mut() {
        None => function
            .sig
            .inputs
            .push(parse_quote!(_: #runtime::Guarded<#endpoint, ()>)),
        Some(FnArg::Typed(first)) => {
            let (pattern, ty) = (&first.pat, &first.ty);
            let span = ty.span().resolved_at(Span::mixed_site());
            *first.pat = parse_quote!(#runtime::Guarded(#pattern, _));
            let wrapped = quote_spanned!(span=> #runtime::Guarded<#endpoint, #ty>);
            if let Some(ty) = problems.take(syn::parse2(wrapped)) {
                *first.ty = ty;
            }
        }
        Some(FnArg::Receiver(_)) => {}
    }
}

fn rule(
    function: &Function,
    attributes: &Attributes,
    runtime: &TokenStream,
    problems: &mut Problems,
) -> TokenStream {
    let Emitted {
        items, ty: access, ..
    } = attributes.access(runtime);
    let lists = all_models(function).any(|(name, _)| name == "Scoped");
    let asks_anything = function.sig.inputs.iter().any(is_principal);
    let facts = match (asks_anything, lists) {
        (true, _) => format_ident!("ALL"),
        (false, true) => format_ident!("MEMBERSHIPS"),
        (false, false) => format_ident!("CALLER"),
    };
    let rows = all_models(function).next().is_some();
    let path = path(function, attributes, runtime, problems);
    let permissions = permissions(function, attributes, runtime, problems);
    let about = about(function, attributes, runtime);
    let models = models(function).map(|(_, model)| {
        let span = Span::mixed_site().located_at(model.span());
        let runtime = chain::respan(runtime.clone(), span);
        quote_spanned!(span=> #runtime::Described::<#model>::MODEL.under(__ACCESS))
    });
    quote! {{
        #[allow(unused_imports)]
        use #runtime::NoModel as _;
        #items
        const __ACCESS: #runtime::Access = #access;
        const __MODELS: &[#runtime::ModelAbout] = &[#(#models),*];
        const __PERMISSIONS: ::core::option::Option<(&'static str, &'static str)> = #permissions;
        #runtime::Rule {
            access: __ACCESS,
            facts: #runtime::ModelAbout::facts(__MODELS, __ACCESS).and(#runtime::Facts::#facts),
            path: #path,
            rows: #rows,
            permissions: __PERMISSIONS,
            about: #about,
        }
    }}
}

/// What the permissions of the first model are made of, for `model_perms`.
fn permissions(
    function: &Function,
    attributes: &Attributes,
    runtime: &TokenStream,
    problems: &mut Problems,
) -> TokenStream {
    let has_model = all_models(function).next().is_some();
    for (asks, message) in [
        (
            attributes
                .policy
                .as_ref()
                .is_some_and(Policy::asks_for_model),
            "`model_perms` asks for a permission on a model, but this handler has no argument `Scoped<Model>` or `Object<Model>` [org34]",
        ),
        (
            attributes.policy.as_ref().is_some_and(Policy::asks_for_row),
            "the policy asks about a row, but this handler has no argument `Scoped<Model>` or `Object<Model>` [org34]",
        ),
    ] {
        if asks && !has_model {
            problems.at(&function.sig.ident, message);
        }
    }
    let generic = has_model && models(function).next().is_none();
    if generic
        && attributes
            .policy
            .as_ref()
            .is_some_and(Policy::asks_for_model)
    {
        problems.at(
            &function.sig.ident,
            "`model_perms` cannot be asked about a model that the handler is generic over; name the permission: `perm(\"app.view_model\")` [org35]",
        );
    }
    if generic || !problems.is_empty() {
        // The model has no name here, or there was a mistake.
        return quote!(::core::option::Option::None);
    }
    quote!(#runtime::ModelAbout::permissions(__MODELS, __ACCESS))
}

/// What the access report says of the handler.
fn about(function: &Function, attributes: &Attributes, runtime: &TokenStream) -> TokenStream {
    let name = &function.sig.ident;
    let handler = name.unraw().to_string();
    let policy = attributes
        .policy
        .as_ref()
        .map(Policy::text)
        .unwrap_or_default();
    let org_field = match &attributes.org_field {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let overrides = attributes.overrides.is_some();
    let line = line(name);
    let unscoped = unscoped(function, runtime);
    quote! {
        #runtime::About {
            handler: #handler,
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: #line,
            policy: #policy,
            models: __MODELS,
            unscoped: &[#(#unscoped),*],
            org_field: #org_field,
            overrides: #overrides,
        }
    }
}

/// The handler's own `org_field`, for the model of its first `Scoped` or `Object`.
fn path(
    function: &Function,
    attributes: &Attributes,
    runtime: &TokenStream,
    problems: &mut Problems,
) -> TokenStream {
    let Some(org_field) = &attributes.org_field else {
        return quote!(::core::option::Option::None);
    };
    let Some((_, model)) = models(function).next() else {
        problems.at(
            org_field,
            "`org_field` says how a model reaches its organization, but this handler has no argument `Scoped<Model>` or `Object<Model>` [org36]",
        );
        return quote!(::core::option::Option::None);
    };
    let Some(segments) = chain::segments(org_field, problems) else {
        return quote!(::core::option::Option::None);
    };
    let path = chain::path(model, &segments, runtime);
    quote!(::core::option::Option::Some((::core::any::TypeId::of::<#model>, #path)))
}

/// The line of a name; `line!()` would be that of the attribute, and for all handlers of a controller the same.
fn line(name: &Ident) -> TokenStream {
    if !proc_macro::is_available() {
        return quote!(::core::line!());
    }
    let line = u32::try_from(name.span().unwrap().line()).unwrap_or(u32::MAX);
    quote!(#line)
}
