//! The code of a filter. For
//!
//! ```text
//! #[derive(OrgFilter)]
//! #[diesel(table_name = builds)]
//! #[org_filter(model = Build, fields(organization, category, version(exact, contains)), order = [version])]
//! struct BuildFilter;
//!
//! impl OrgFilter for BuildFilter {
//!     type Model = Build;
//!     const PARAMETERS: &'static [Parameter] = &[
//!         Parameter { name: "organization", by: By::Organization },
//!         // A relation if the model has one of this name; else a column, which the inner `use` brings before the constant.
//!         Parameter { name: "category", by: {
//!             const category: NoColumn = NoColumn;
//!             { use builds::columns::*; by::<Build, _>("category", &category, &[], "…") }
//!         } },
//!         …
//!     ];
//!     const ORDER: &'static [(&'static str, &'static str)] = &[("version", column_name(builds::version))];
//!     const SEARCH: &'static [&'static str] = &[];
//!     const DENY_UNKNOWN: bool = false;
//! }
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{DeriveInput, Type};

use super::attributes::{Attributes, Field};

/// Everything that the derive emits.
pub(super) fn filter(input: &DeriveInput, model: &Type, attributes: &Attributes) -> TokenStream {
    let (runtime, ident, table) = (attributes.runtime(), &input.ident, &attributes.table);
    let parameters = attributes
        .fields
        .iter()
        .map(|field| parameter(field, model, attributes));
    let order = attributes.order.iter().map(|column| {
        let name = column.unraw().to_string();
        quote_spanned!(column.span()=> (#name, #runtime::column_name(#table::#column)))
    });
    let search = attributes.search.iter().map(|column| {
        quote_spanned!(column.span()=> #runtime::text_column(#table::#column))
    });
    let deny_unknown = attributes.deny_unknown;
    quote! {
        #[automatically_derived]
        impl #runtime::OrgFilter for #ident {
            type Model = #model;
            const PARAMETERS: &'static [#runtime::Parameter] = &[#(#parameters),*];
            const ORDER: &'static [(&'static str, &'static str)] = &[#(#order),*];
            const SEARCH: &'static [&'static str] = &[#(#search),*];
            const DENY_UNKNOWN: bool = #deny_unknown;
        }
    }
}

fn parameter(field: &Field, model: &Type, attributes: &Attributes) -> TokenStream {
    let runtime = attributes.runtime();
    let name = field.name.unraw().to_string();
    let at = Span::mixed_site().located_at(field.name.span());
    let by = match name.as_str() {
        "organization" => quote!(#runtime::By::Organization),
        "organization_slug" => quote!(#runtime::By::Slug),
        other => match other.strip_suffix("__organization") {
            Some(relation) => {
                let message = format!("the model has no relation `{relation}` with one row");
                quote_spanned!(at=> {
                    ::core::assert!(#runtime::has_relation::<#model>(#relation, false), #message);
                    #runtime::By::RelatedOrganization(#relation)
                })
            }
            None => relation_or_column(field, &name, model, attributes),
        },
    };
    quote_spanned!(at=> #runtime::Parameter { name: #name, by: #by })
}

fn relation_or_column(
    field: &Field,
    name: &str,
    model: &Type,
    attributes: &Attributes,
) -> TokenStream {
    let (runtime, table) = (attributes.runtime(), &attributes.table);
    let Field { name: ident, lookups } = field;
    // One hygiene for the constant and for what the `use` brings.
    let mut value = ident.clone();
    value.set_span(Span::call_site().located_at(ident.span()));
    let at = Span::mixed_site().located_at(ident.span());
    let message = format!("the model has neither a relation nor a column `{name}`");
    quote_spanned! {at=> {
        #[allow(non_upper_case_globals, dead_code)]
        const #value: #runtime::NoColumn = #runtime::NoColumn;
        {
            #[allow(unused_imports)]
            use #table::columns::*;
            #runtime::by::<#model, _>(#name, &#value, &[#(#runtime::Lookup::#lookups),*], #message)
        }
    }}
}

/// What stands for a filter with mistakes.
pub(super) fn stand_in(input: &DeriveInput, model: &Type, attributes: &Attributes) -> TokenStream {
    let (runtime, ident) = (attributes.runtime(), &input.ident);
    quote! {
        #[automatically_derived]
        impl #runtime::OrgFilter for #ident {
            type Model = #model;
            const PARAMETERS: &'static [#runtime::Parameter] = &[];
            const ORDER: &'static [(&'static str, &'static str)] = &[];
            const SEARCH: &'static [&'static str] = &[];
            const DENY_UNKNOWN: bool = false;
        }
    }
}
