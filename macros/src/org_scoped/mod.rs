//! `#[derive(OrgScoped)]`: read, check, emit.

pub(crate) mod attributes;
pub(crate) mod chain;
mod emit;
mod end;
mod model;
mod objects;
pub(crate) mod relation;
mod tables;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::problems::{Problems, coded};
use attributes::Attributes;
use model::Model;

pub(crate) use model::ColumnName;

/// Expands the derive. After a mistake it reports all of them and emits a stand-in, so that nothing else fails for it.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return coded(error).to_compile_error(),
    };
    let mut problems = Problems::default();
    let attributes = Attributes::read(&input, &mut problems);
    let model = Model::check(&input, &attributes, &mut problems);
    let emitted = match model {
        Some(model) if problems.is_empty() => emit::model(&model, &attributes),
        _ => emit::stand_in(&input, &attributes),
    };
    let problems = problems.into_tokens();
    quote!(#emitted #problems)
}
