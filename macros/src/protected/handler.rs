//! A handler: its first argument becomes the caller's check and the argument.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, parse_quote};

use super::arguments::{all_models, argument_types, is_principal, models, parent, unscoped};
use super::attributes::Attributes;
use super::controller::endpoint_name;
use super::documented::{docs, parts};
use super::item::Function;
use crate::org_scoped::chain;
use crate::policy::{Emitted, Policy};
use crate::problems::Problems;

/// Wraps the first argument, so that the number of arguments stays. Returns the endpoint that belongs to the handler:
///
/// ```text
/// #[doc(hidden)]
/// pub struct list_builds_endpoint {}
/// impl Endpoint for list_builds_endpoint {
///     type Parent = ();
///     const RULE: Rule = {
///         const __ACCESS: Access = Access::of::<policy::Manager>();
///         const __MODELS: &[ModelAbout] = ModelAbout::checked(__ACCESS, &[Described::<Build>::MODEL.under(__ACCESS)]);
///         const __DOCS: Docs = Docs::of("", &[Takes::<()>::DOC, Takes::<Paging>::DOC, Gives::<Result<Json<Page<Build>>, ApiError>>::DOC, Gives::<ApiError>::DOC]);
///         Rule::new(__ACCESS, __MODELS, About::new("list_builds", place, "manager", __DOCS)).asking(Facts::MEMBERSHIPS)
///     };
/// }
/// pub async fn list_builds(Guarded(builds, _): Guarded<list_builds_endpoint, Scoped<Build>>, …) { … }
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
    // The types of the arguments stand here as well.
    let allowed = function.attrs.iter().filter_map(allowed);
    let generated = quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_camel_case_types)]
        #conditions
        #visibility struct #endpoint {}

        #conditions
        #(#allowed)*
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
        (true, _) => Some(format_ident!("ALL")),
        (false, true) => Some(format_ident!("MEMBERSHIPS")),
        (false, false) => None,
    };
    let loading = facts.map(|facts| quote!(.asking(#runtime::Facts::#facts)));
    let path = path(function, attributes, runtime, problems);
    let about = about(function, attributes, runtime);
    // The models have no names here, or there was a mistake.
    let named = check_models(function, attributes, problems) && problems.is_empty();
    let new = format_ident!("{}", if named { "new" } else { "of_unnamed_models" });
    let models = models(function).map(|(_, model)| {
        let span = Span::mixed_site().located_at(model.span());
        let runtime = chain::respan(runtime.clone(), span);
        quote_spanned!(span=> #runtime::Described::<#model>::MODEL.under(__ACCESS))
    });
    let (docs, parts) = (docs(function), parts(function, runtime));
    let models = quote!(&[#(#models),*]);
    let models = match named {
        true => quote!(#runtime::ModelAbout::checked(__ACCESS, #models)),
        false => models,
    };
    quote! {{
        use #runtime::Undescribed as _;
        #items
        const __ACCESS: #runtime::Access = #access;
        const __MODELS: &[#runtime::ModelAbout] = #models;
        // The first, which says nothing, uses the import.
        const __DOCS: #runtime::Docs = #runtime::Docs::of(#docs, &[#runtime::Takes::<()>::DOC, #(#parts),*]);
        #runtime::Rule::#new(__ACCESS, __MODELS, #about) #loading #path
    }}
}

/// Reports a policy that asks about models which are not there, or have no names; whether those that are there have names.
fn check_models(function: &Function, attributes: &Attributes, problems: &mut Problems) -> bool {
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
    !generic
}

/// What the handler allows: an `expect` of it is fulfilled there, and not once more.
fn allowed(attribute: &syn::Attribute) -> Option<TokenStream> {
    let lints = ["allow", "expect"]
        .iter()
        .any(|name| attribute.path().is_ident(name));
    let list = attribute.meta.require_list().ok().filter(|_| lints)?;
    let lints = &list.tokens;
    Some(quote!(#[allow(#lints)]))
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
    let line = line(name);
    let unscoped = unscoped(function, runtime);
    let unscoped = (!unscoped.is_empty()).then(|| quote!(.unscoped(&[#(#unscoped),*])));
    let overriding = attributes
        .overrides
        .is_some()
        .then(|| quote!(.overriding()));
    quote! {
        #runtime::About::new(#handler, (::core::module_path!(), ::core::file!(), #line), #policy, __DOCS) #unscoped #overriding
    }
}

/// The handler's own `org_field`, for the model of its first `Scoped` or `Object`.
fn path(
    function: &Function,
    attributes: &Attributes,
    runtime: &TokenStream,
    problems: &mut Problems,
) -> Option<TokenStream> {
    let org_field = attributes.org_field.as_ref()?;
    let Some((_, model)) = models(function).next() else {
        problems.at(
            org_field,
            "`org_field` says how a model reaches its organization, but this handler has no argument `Scoped<Model>` or `Object<Model>` [org36]",
        );
        return None;
    };
    let segments = chain::segments(org_field, problems)?;
    let path = chain::path(model, &segments, runtime);
    Some(quote!(.at_path(::core::any::TypeId::of::<#model>, #path, #org_field)))
}

/// The line of a name; `line!()` would be that of the attribute, and for all handlers of a controller the same.
fn line(name: &Ident) -> TokenStream {
    if !proc_macro::is_available() {
        return quote!(::core::line!());
    }
    let line = u32::try_from(name.span().unwrap().line()).unwrap_or(u32::MAX);
    quote!(#line)
}
