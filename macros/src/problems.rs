//! Every mistake of an item at once.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far. All of them are reported, each at the user's own token.
#[derive(Default)]
pub(crate) struct Problems(Vec<syn::Error>);

impl Problems {
    /// Reports a mistake at some tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, message));
    }

    /// Takes a result apart, reporting its error.
    pub(crate) fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.0.push(coded(error))).ok()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mistakes as `compile_error!` items.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// A parser's own words, with the code that leads to `docs/errors.md`; our messages bring one.
pub(crate) fn coded(error: syn::Error) -> syn::Error {
    let mut coded = error.into_iter().map(|one| {
        let text = one.to_string();
        match text.ends_with(']') && text.contains(" [org") {
            true => one,
            false => syn::Error::new(one.span(), format!("{text} [org01]")),
        }
    });
    let Some(first) = coded.next() else {
        // There is always one.
        return syn::Error::new(
            proc_macro2::Span::call_site(),
            "expected something else [org01]",
        );
    };
    coded.fold(first, |mut all, one| {
        all.combine(one);
        all
    })
}
