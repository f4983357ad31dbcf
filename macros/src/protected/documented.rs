//! What the documentation of an API is told of a handler: its own words, and the types of its arguments and of its answer.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Meta, ReturnType, Type};

use super::arguments::{argument_types, inner};
use super::item::Function;
use crate::org_scoped::chain;

/// The arguments that have nothing to say.
const SILENT: &[&str] = &["Db", "Principal", "Scoped", "Unscoped", "UnscopedSql"];

/// What the types say: `Takes::<Paging>::PART`, `Answers::<Json<Build>>::PART`.
pub(super) fn parts(function: &Function, runtime: &TokenStream) -> Vec<TokenStream> {
    let unnamed = unnamed(function);
    let part = |of: &str, ty: &Type, part: &str| {
        let span = Span::mixed_site().located_at(ty.span());
        let runtime = chain::respan(runtime.clone(), span);
        let (of, part) = (Ident::new(of, span), Ident::new(part, span));
        has_a_name(ty, &unnamed).then(|| quote_spanned!(span=> #runtime::#of::<#ty>::#part))
    };
    let arguments = argument_types(function);
    let arguments = arguments.filter(|(last, _)| SILENT.iter().all(|name| last.ident != name));
    // Without the wrapper: of one around something else, the compiler has told once.
    let arguments = arguments.filter_map(|(last, ty)| match inner(last) {
        Some(filter) if last.ident == "Filtered" => part("Takes", filter, "FILTERS"),
        _ => part("Takes", ty, "PART"),
    });
    let answer = match &function.sig.output {
        ReturnType::Type(_, answer) => part("Answers", answer, "PART"),
        ReturnType::Default => None,
    };
    arguments.chain(answer).collect()
}

/// The doc comment, line by line, without the space that begins each.
pub(super) fn docs(function: &Function) -> String {
    let lines = function.attrs.iter().filter_map(|attribute| {
        let Meta::NameValue(named) = &attribute.meta else {
            return None;
        };
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = &named.value
        else {
            return None;
        };
        named.path.is_ident("doc").then(|| text.value())
    });
    let lines: Vec<String> = lines
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// What the handler is generic over: outside of it these have no name.
fn unnamed(function: &Function) -> Vec<Ident> {
    let generics = function.sig.generics.params.iter();
    let names = generics.map(|parameter| match parameter {
        syn::GenericParam::Lifetime(lifetime) => lifetime.lifetime.ident.clone(),
        syn::GenericParam::Type(ty) => ty.ident.clone(),
        syn::GenericParam::Const(constant) => constant.ident.clone(),
    });
    names.collect()
}

/// Whether the type can be written outside of the handler.
fn has_a_name(ty: &Type, unnamed: &[Ident]) -> bool {
    fn every_word(tokens: TokenStream, fits: &dyn Fn(&Ident) -> bool) -> bool {
        tokens.into_iter().all(|token| match token {
            TokenTree::Ident(word) => fits(&word),
            TokenTree::Group(group) => every_word(group.stream(), fits),
            TokenTree::Punct(_) | TokenTree::Literal(_) => true,
        })
    }
    let fits = |word: &Ident| {
        let word = word.unraw();
        word != "impl" && word != "Self" && unnamed.iter().all(|name| name.unraw() != word)
    };
    every_word(ty.to_token_stream(), &fits)
}
