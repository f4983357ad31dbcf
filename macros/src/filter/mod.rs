//! `#[derive(OrgFilter)]`: read, check, emit.

pub(crate) mod attributes;
mod emit;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use crate::problems::{Problems, coded};
use attributes::Attributes;

/// Expands the derive. After a mistake it reports all of them and emits a stand-in, so that nothing else fails for it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return coded(error).to_compile_error(),
    };
    let mut problems = Problems::default();
    let attributes = Attributes::read(&input, &mut problems);
    let without_fields = match &input.data {
        Data::Struct(data) => {
            matches!(&data.fields, Fields::Unit | Fields::Named(_)) && data.fields.is_empty()
        }
        _ => false,
    };
    if !without_fields {
        problems.at(
            &input.ident,
            "a filter is a struct without fields: its parameters stand in `#[org_filter(fields(…))]` [org80]",
        );
    }
    if let Some(parameter) = input.generics.params.first() {
        problems.at(parameter, "a filter has no parameters of its own [org80]");
    }
    let emitted = match &attributes.model {
        Some(model) if problems.is_empty() => emit::filter(&input, model, &attributes),
        Some(model) if input.generics.params.is_empty() => {
            emit::stand_in(&input, model, &attributes)
        }
        _ => TokenStream::new(),
    };
    let problems = problems.into_tokens();
    quote!(#emitted #problems)
}
