//! Org paths as chains of calls that the compiler checks segment by segment.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::LitStr;

use crate::problems::Problems;

/// The segments of `"category.organization"`, as identifiers at the place of the text.
pub(crate) fn segments(text: &LitStr, problems: &mut Problems) -> Option<Vec<Ident>> {
    let value = text.value();
    let segments: Option<Vec<Ident>> = value
        .split('.')
        .map(|segment| identifier(segment.trim(), text.span()))
        .collect();
    if segments.is_none() {
        problems.at(
            text,
            "an org path is relations joined by dots, the organization last: `\"category.organization\"` [org52]",
        );
    }
    segments
}

/// An identifier from text, raw if it is a keyword.
pub(crate) fn identifier(text: &str, span: Span) -> Option<Ident> {
    let text = text.strip_prefix("r#").unwrap_or(text);
    let mut letters = text.chars();
    let word = letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_');
    if !word || matches!(text, "self" | "Self" | "super" | "crate" | "_") {
        return None;
    }
    let parsed = syn::parse_str::<Ident>(text)
        .or_else(|_| syn::parse_str::<Ident>(&format!("r#{text}")))
        .ok();
    parsed.map(|mut ident| {
        ident.set_span(span);
        ident
    })
}

/// The path of a model along the segments:
///
/// ```text
/// path::<Build, _>(|| <Build as OrgScoped>::paths().category().organization())
/// ```
///
/// The closure is never called; each segment is a method of the model before it.
pub(crate) fn path(model: impl ToTokens, segments: &[Ident], runtime: &TokenStream) -> TokenStream {
    let end = segments.last().map_or_else(Span::call_site, Ident::span);
    let span = Span::call_site().located_at(end);
    let (model, runtime) = (
        respan(model.to_token_stream(), span),
        respan(runtime.clone(), span),
    );
    quote_spanned! {span=>
        #runtime::path::<#model, _>(|| <#model as #runtime::OrgScoped>::paths() #(.#segments())*)
    }
}

/// The same tokens at another place, so that an error in what they are part of is shown there.
pub(crate) fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let respanned = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    respanned.collect()
}
