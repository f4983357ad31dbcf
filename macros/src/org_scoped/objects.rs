//! Who holds the rows of a model: `owner_group`, `edit_groups`, `view_groups`, and the model's own rules.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::attributes::Attributes;
use super::model::Model;
use super::relation::snake_case;
use crate::keys::Join;

/// The constant of the model:
///
/// ```text
/// const OBJECTS: Objects<Self> = {
///     use Undeclared as _;
///     Objects::NONE
///         .rules(Declared::<Counter>::RULES)
///         .owner_group(<counters::owner_group_id as Column>::NAME)
///         .edit_groups(GroupTable::new::<_, _, <counters::table as Table>::PrimaryKey>(
///             &NameOf(&counter_edit_groups::table), counter_edit_groups::counter_id, counter_edit_groups::group_id,
///         ))
/// };
/// ```
pub(super) fn objects(model: &Model<'_>, attributes: &Attributes) -> TokenStream {
    let (runtime, table, ident) = (&model.runtime, model.table, &model.input.ident);
    let (_, generics, _) = model.input.generics.split_for_impl();
    let owner = attributes.owner_group.iter().map(|column| {
        quote_spanned!(column.span()=> .owner_group(#runtime::column_name(#table::#column)))
    });
    let edit = attributes.edit_groups.iter().map(|join| {
        let table = group_table(model, join);
        quote!(.edit_groups(#table))
    });
    let view = attributes.view_groups.iter().map(|join| {
        let table = group_table(model, join);
        quote!(.view_groups(#table))
    });
    quote! {
        const OBJECTS: #runtime::Objects<Self> = {
            #[allow(unused_imports)]
            use #runtime::Undeclared as _;
            #runtime::Objects::NONE
                .rules(#runtime::Declared::<#ident #generics>::RULES)
                #(#owner)* #(#edit)* #(#view)*
        };
    }
}

/// A join table with its columns: by default `counter_id`, after the model, and `group_id`.
fn group_table(model: &Model<'_>, join: &Join) -> TokenStream {
    let (runtime, own) = (&model.runtime, model.table);
    let table = &join.table;
    let span = table.span();
    let (row, group) = join.columns.clone().unwrap_or_else(|| {
        let name = snake_case(&model.input.ident.unraw());
        (
            format_ident!("{name}_id", span = span),
            format_ident!("group_id", span = span),
        )
    });
    quote_spanned! {span=>
        #runtime::GroupTable::new::<_, _, <#own::table as #runtime::Table>::PrimaryKey>(
            &#runtime::NameOf(&#table::table), #table::#row, #table::#group,
        )
    }
}
