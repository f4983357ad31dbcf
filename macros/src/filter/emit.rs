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
//!             by::<BuildFilter, _>("category", { use builds::columns::*; &category }, &[], "…")
//!         } },
//!         …
//!     ];
//!     const ORDER: &'static [(&'static str, &'static str)] = &[("version", column_name(builds::version))];
//!     const SEARCH: &'static [&'static str] = &[];
//!     const DENY_UNKNOWN: bool = false;
//! }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{DeriveInput, Type};

use super::attributes::{Attributes, Field};
use crate::org_scoped::chain;

/// Everything that the derive emits.
pub(super) fn filter(input: &DeriveInput, model: &Type, attributes: &Attributes) -> TokenStream {
    let (runtime, ident, table) = (attributes.runtime(), &input.ident, &attributes.table);
    let parameters = attributes
        .fields
        .iter()
        .map(|field| parameter(field, ident, attributes));
    let order = attributes.order.iter().map(|column| {
        let (name, column) = (column.unraw().to_string(), in_scope(column));
        quote_spanned!(column.span()=> (#name, #runtime::column_name(#table::#column)))
    });
    let search = attributes.search.iter().map(|column| {
        let column = in_scope(column);
        let runtime = chain::respan(runtime.clone(), column.span());
        // A constant of its own: the compiler says at which column it is wrong.
        quote_spanned!(column.span()=> { const __COLUMN: &str = #runtime::text_column(#table::#column); __COLUMN })
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

/// The model is named by way of the filter: where it is none, the compiler has said so once.
fn parameter(field: &Field, filter: &Ident, attributes: &Attributes) -> TokenStream {
    let name = field.name.unraw().to_string();
    let at = Span::mixed_site().located_at(field.name.span());
    let runtime = chain::respan(attributes.runtime(), at);
    let by = match name.as_str() {
        "organization" => quote_spanned!(at=> #runtime::By::Organization),
        "organization_slug" => quote_spanned!(at=> #runtime::By::Slug),
        other => match other.strip_suffix("__organization") {
            Some(relation) => {
                let message =
                    format!("the model has no relation `{relation}` with one row [org79]");
                quote_spanned!(at=> {
                    ::core::assert!(#runtime::has_relation::<<#filter as #runtime::OrgFilter>::Model>(#relation, false), #message);
                    #runtime::By::RelatedOrganization(#relation)
                })
            }
            None => relation_or_column(field, &name, filter, attributes),
        },
    };
    // A constant of its own: the compiler looks at it whether the filter is used or not.
    quote_spanned!(at=> #runtime::Parameter {
        name: #name,
        by: { const __BY: #runtime::By = #by; __BY },
    })
}

fn relation_or_column(
    field: &Field,
    name: &str,
    filter: &Ident,
    attributes: &Attributes,
) -> TokenStream {
    let table = &attributes.table;
    let Field {
        name: ident,
        lookups,
    } = field;
    // One hygiene for the constant and for what the `use` brings.
    let value = in_scope(ident);
    let at = Span::mixed_site().located_at(ident.span());
    let runtime = chain::respan(attributes.runtime(), at);
    let message = format!("the model has neither a relation nor a column `{name}` [org79]");
    quote_spanned! {at=> {
        #[allow(non_upper_case_globals, dead_code)]
        const #value: #runtime::NoColumn = #runtime::NoColumn;
        #runtime::by::<#filter, _>(
            #name,
            {
                #[allow(unused_imports)]
                use #table::columns::*;
                &#value
            },
            &[#(#runtime::Lookup::#lookups),*],
            #message,
        )
    }}
}

/// A name as an identifier of the user's code, raw if it is a keyword.
fn in_scope(name: &Ident) -> Ident {
    let span = Span::call_site().located_at(name.span());
    chain::identifier(&name.to_string(), span).unwrap_or_else(|| name.clone())
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
