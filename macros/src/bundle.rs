//! `policy! { pub Name = expression; }`: a policy with a name.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Token, Visibility};

use crate::authenticators::{self, AUTHENTICATE, THROTTLE};
use crate::keys::{Entry, Form, Key, Keys, Value};
use crate::policy::{Emitted, Policy};
use crate::problems::{Problems, coded};
use crate::runtime_path::runtime;
use crate::whole::whole;

/// What may follow the policy, each ended by `;`.
pub(crate) const KEYS: &[Key] = &[
    AUTHENTICATE,
    THROTTLE,
    Key {
        name: "crate",
        example: "crate = my_crate::orgscope",
        says: "where `orgscope` is, if it is re-exported",
        wrong: "org04",
        form: Form::Path,
    },
];

/// One or more named policies.
struct Bundles(Vec<Bundle>);

struct Bundle {
    attrs: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    policy: Expr,
    /// The keys behind it, joined by commas.
    keys: TokenStream,
}

impl Parse for Bundles {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut bundles = Vec::new();
        while !input.is_empty() {
            bundles.push(input.parse()?);
        }
        if bundles.is_empty() {
            let message = "name a policy: `pub IpamApi = manager & model_perms;` [org26]";
            return Err(syn::Error::new(Span::call_site(), message));
        }
        Ok(Bundles(bundles))
    }
}

impl Parse for Bundle {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let name = input.parse::<Ident>()?;
        input.parse::<Token![=]>()?;
        if input.peek(Token![;]) {
            return Err(input.error("say who passes it: `= manager & model_perms;` [org26]"));
        }
        let policy = input.parse()?;
        end(input)?;
        let mut keys = TokenStream::new();
        // A key is a word in small letters; the next policy begins with an attribute, a visibility or its name.
        while is_key(input) {
            let mut last = input.span();
            while !input.is_empty() && !input.peek(Token![;]) {
                let token = input.parse::<proc_macro2::TokenTree>()?;
                last = token.span();
                keys.extend([token]);
            }
            end(input)?;
            keys.extend(quote_spanned!(last=> ,));
        }
        Ok(Bundle {
            attrs,
            visibility,
            name,
            policy,
            keys,
        })
    }
}

/// The `;` behind a part; the last one may be left out.
fn end(input: ParseStream<'_>) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![;]>()?;
    }
    Ok(())
}

fn is_key(input: ParseStream<'_>) -> bool {
    let name = input.fork().call(Ident::parse_any);
    name.is_ok_and(|name| {
        name != "pub"
            && name
                .to_string()
                .starts_with(|first: char| first.is_lowercase())
    })
}

/// Expands the macro:
///
/// ```text
/// pub struct IpamApi;
/// const _: () = {
///     type Of = And<Manager, ModelPerms>;
///     impl Policy for IpamApi { … calls Of … }
/// };
/// ```
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let bundles: Bundles = match whole(tokens, Bundles::parse) {
        Ok(bundles) => bundles,
        Err(error) => return coded(error).to_compile_error(),
    };
    bundles.0.iter().map(expand_one).collect()
}

fn expand_one(bundle: &Bundle) -> TokenStream {
    let mut problems = Problems::default();
    let mut keys = Keys::default();
    keys.read(bundle.keys.clone(), "policy!", KEYS, &mut problems);
    let (mut krate, mut throttle, mut authenticate) = (None, None, None);
    for Entry { name, value } in keys.entries {
        match value {
            Value::Path(path) => krate = Some(path),
            Value::Text(text) => {
                authenticators::check_throttle(&text, &mut problems);
                throttle = Some(text);
            }
            Value::Paths(names) => {
                authenticate = Some(authenticators::read(&name, &names, &mut problems));
            }
            _ => {}
        }
    }
    let runtime = runtime(krate.as_ref());
    let Bundle {
        attrs,
        visibility,
        name,
        policy,
        ..
    } = bundle;
    let Emitted { items, ty, .. } = match Policy::read(policy, &mut problems) {
        Some(policy) => policy.emit(&runtime),
        None => Emitted::stand_in(&runtime),
    };
    let text = name.unraw().to_string();
    if !text.starts_with(|first: char| first.is_uppercase()) {
        problems.at(
            name,
            "a policy is named like a type: `IpamApi`; words in small letters are atoms [org26]",
        );
    }
    let explained = quote!(.named(#text));
    let throttle = throttle.map(|name| quote!(.throttle(#name)));
    let keys = quote!(#throttle #authenticate);
    let policy = implementation(name, &items, &ty, &explained, &keys, &runtime);
    let problems = problems.into_tokens();
    quote! {
        #(#attrs)*
        #visibility struct #name;
        #policy
        #problems
    }
}

/// A policy under the name of a type of its own.
pub(crate) fn implementation(
    name: &Ident,
    items: &TokenStream,
    ty: &TokenStream,
    explained: &TokenStream,
    keys: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    quote! {
        const _: () = {
            #items
            type __Of = #ty;

            #[automatically_derived]
            impl #runtime::policy::Policy for #name {
                const NEEDS: #runtime::policy::Needs = <__Of as #runtime::policy::Policy>::NEEDS #keys;

                #[inline]
                fn decide(question: &#runtime::policy::Question<'_>) -> #runtime::policy::Verdict {
                    <__Of as #runtime::policy::Policy>::decide(question)
                }

                fn explain(question: &#runtime::policy::Question<'_>) -> #runtime::policy::Explanation {
                    <__Of as #runtime::policy::Policy>::explain(question) #explained
                }

                fn permissions(each: &mut dyn ::core::ops::FnMut(#runtime::policy::OwnPermission)) {
                    <__Of as #runtime::policy::Policy>::permissions(each)
                }
            }
        };
    }
}
