//! `#[derive(OrgInput)]` and `#[derive(OrgChangeset)]`: read, check, emit.

pub(crate) mod attributes;
mod emit;
pub(crate) mod field;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use crate::problems::{Problems, coded};
use attributes::Attributes;
use field::Field;

/// What the struct is for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Rows to insert.
    New,
    /// Changes of a row.
    Changes,
}

impl Kind {
    /// The name of the attribute.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Kind::New => "org_input",
            Kind::Changes => "org_changeset",
        }
    }
}

/// Expands the derive. After a mistake it reports all of them and emits a stand-in, so that nothing else fails for it.
pub(crate) fn expand(item: TokenStream, kind: Kind) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return coded(error).to_compile_error(),
    };
    let mut problems = Problems::default();
    let attributes = Attributes::read(&input.attrs, kind, &mut problems);
    let fields = fields(&input, &attributes, kind, &mut problems);
    attributes.check(&input, kind, &mut problems);
    let emitted = match (&attributes.model, &attributes.table) {
        (Some(model), Some(table)) if problems.is_empty() => {
            emit::input(&input, model, table, &attributes, &fields, kind)
        }
        (Some(model), _) => emit::stand_in(&input, model, &attributes, kind),
        (None, _) => TokenStream::new(),
    };
    let problems = problems.into_tokens();
    quote!(#emitted #problems)
}

fn fields<'a>(
    input: &'a DeriveInput,
    attributes: &Attributes,
    kind: Kind,
    problems: &mut Problems,
) -> Vec<Field<'a>> {
    if let Some(parameter) = input.generics.params.first() {
        problems.at(
            parameter,
            "an input owns its values and has no parameters: `String` instead of `&'a str` [org71]",
        );
    }
    let Data::Struct(data) = &input.data else {
        problems.at(
            &input.ident,
            "only a struct with named fields can be an input [org70]",
        );
        return Vec::new();
    };
    let Fields::Named(named) = &data.fields else {
        problems.at(
            &input.ident,
            "an input is read by the names of its fields: give them names [org70]",
        );
        return Vec::new();
    };
    let fields = named.named.iter();
    fields
        .filter_map(|field| Field::read(field, attributes, kind, problems))
        .collect()
}
