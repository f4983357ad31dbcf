//! Parsing tokens whole.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

/// Parses tokens, all of them. What is missing at their end is missed at the last of them, and not at the macro as a whole.
pub(crate) fn whole<T>(
    tokens: TokenStream,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let last = tokens.clone().into_iter().last();
    let end = last.map_or_else(Span::call_site, |token| token.span());
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(end);
    let within = |input: ParseStream<'_>| {
        let inner;
        syn::parenthesized!(inner in input);
        let value = parse(&inner)?;
        match inner.is_empty() {
            true => Ok(value),
            false => Err(inner.error("unexpected token")),
        }
    };
    within.parse2(TokenTree::Group(group).into())
}
