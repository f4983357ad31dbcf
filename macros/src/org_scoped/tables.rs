//! What a model says about its tables, as data: foreign keys, join tables, dependents, the organization column and the key.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::attributes::Attributes;
use super::end::End;
use super::model::Model;
use super::relation::{Dependents, Many, Relation};

/// ```text
/// const RELATIONS: &'static [Relation] = &[
///     Relation::one::<Category, <<Category as OrgScoped>::Table as Table>::PrimaryKey>("category", "category_id"),
/// ];
/// const ORGANIZATION: Option<Organization> = None;
/// const KEY: &'static [&'static str] = &["id"];
/// const LABEL: Option<&'static str> = Some("name");
/// ```
pub(super) fn tables(model: &Model<'_>, attributes: &Attributes, end: Option<&End>) -> TokenStream {
    let runtime = &model.runtime;
    let is_end = |relation: &&Relation| end.is_some_and(|end| end.name == relation.name);
    let relations = attributes
        .relations
        .iter()
        .filter(|relation| !is_end(relation))
        .filter_map(|relation| one(model, relation));
    let many = attributes.many.iter().map(|relation| many(model, relation));
    let dependents = attributes
        .dependents
        .iter()
        .map(|one| dependents(model, one));
    let organization = end.map(|end| {
        let (name, table, column) = (end.name.unraw().to_string(), model.table, &end.column);
        quote! {
            const ORGANIZATION: ::core::option::Option<#runtime::Organization> =
                ::core::option::Option::Some(#runtime::Organization {
                    name: #name,
                    column: <#table::#column as #runtime::Column>::NAME,
                });
        }
    });
    let key = attributes.primary_key.iter().map(|column| {
        let table = model.table;
        quote_spanned!(column.span()=> #runtime::column_name(#table::#column))
    });
    let key = (!attributes.primary_key.is_empty())
        .then(|| quote!(const KEY: &'static [&'static str] = &[#(#key),*];));
    let label = attributes.label.as_ref().map(|column| {
        let table = model.table;
        let name = quote_spanned!(column.span()=> #runtime::column_name(#table::#column));
        quote!(const LABEL: ::core::option::Option<&'static str> = ::core::option::Option::Some(#name);)
    });
    quote! {
        const RELATIONS: &'static [#runtime::Relation] = &[#(#relations,)* #(#many,)*];
        const DEPENDENTS: &'static [#runtime::Dependent] = &[#(#dependents),*];
        #organization
        #key
        #label
    }
}

fn one(model: &Model<'_>, relation: &Relation) -> Option<TokenStream> {
    let (runtime, table) = (&model.runtime, model.table);
    let (name, column) = (relation.name.unraw().to_string(), &relation.column);
    let parent = relation.model.as_ref()?;
    let key = match &relation.key {
        Some(key) => quote!(#key),
        None => quote!(<<#parent as #runtime::OrgScoped>::Table as #runtime::Table>::PrimaryKey),
    };
    let column = quote_spanned!(column.span()=> <#table::#column as #runtime::Column>::NAME);
    let parse = parse(runtime, &key);
    Some(quote!(#runtime::Relation::one::<#parent, #key>(#name, #column, #parse)))
}

/// How the keys in a column are read from text.
fn parse(runtime: &TokenStream, column: &TokenStream) -> TokenStream {
    quote! {{
        #[allow(unused_imports)]
        use #runtime::NoKeyText as _;
        #runtime::KeyText::<<#column as #runtime::Expression>::SqlType>::PARSE
    }}
}

fn many(model: &Model<'_>, relation: &Many) -> TokenStream {
    let runtime = &model.runtime;
    let Many {
        name,
        model: other,
        table,
        row,
        target,
    } = relation;
    let name = name.unraw().to_string();
    let parse = parse(runtime, &quote!(#table::#target));
    quote! {
        #runtime::Relation::many::<Self, #other>(
            #name,
            &#runtime::NameOf(&#table::table),
            #runtime::column_name(#table::#row),
            #runtime::column_name(#table::#target),
            #parse,
        )
    }
}

fn dependents(model: &Model<'_>, dependents: &Dependents) -> TokenStream {
    let runtime = &model.runtime;
    let Dependents { table, column } = dependents;
    quote! {
        #runtime::Dependent::new::<Self>(
            &#runtime::NameOf(&#table::table),
            #runtime::column_name(#table::#column),
        )
    }
}
