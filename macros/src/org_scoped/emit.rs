//! The code of a model. For a model `Build` whose path is `category.organization`:
//!
//! ```text
//! const _: () = {
//!     pub struct BuildRelations<P>(PhantomData<fn() -> P>);
//!     impl<P> BuildRelations<P> {
//!         pub fn category(self) -> <Category as OrgScoped>::Paths<Via<P, builds::category_id, Category, …>> { … }
//!     }
//!     impl OrgScoped for Build {
//!         type Table = builds::table;
//!         type OrgKey = <Category as OrgScoped>::OrgKey;
//!         type Paths<P> = BuildRelations<P>;
//!         const PATH: Path = path::<Build, _>(|| <Build as OrgScoped>::paths().category().organization());
//!         …
//!     }
//!     impl Keyed for Build { … }
//! };
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;
use syn::ext::IdentExt;

use super::attributes::Attributes;
use super::chain;
use super::end::End;
use super::model::{Model, Tenant, is_self};
use super::objects::objects;
use super::relation::{Many, Relation};
use super::tables::tables;

/// Everything that the derive emits.
pub(super) fn model(model: &Model<'_>, attributes: &Attributes) -> TokenStream {
    let about = about(model, attributes);
    let (relations, org_scoped) = match &model.tenant {
        Tenant::Global { reason } => (TokenStream::new(), global(model, reason, &about)),
        Tenant::Organization {
            relations,
            end,
            path,
            mirrors,
        } => {
            let mirrors = mirrors.as_ref().map(|segments| {
                let (runtime, chain) = (&model.runtime, chain::path(quote!(Self), segments, &model.runtime));
                quote! {
                    const MIRRORS: ::core::option::Option<#runtime::Path> = ::core::option::Option::Some(#chain);
                }
            });
            let about = quote!(#about #mirrors);
            (
                relations_type(model, relations, &attributes.many, end.as_ref()),
                tenant(model, relations, end.as_ref(), path, &about),
            )
        }
    };
    let keyed = keyed(model);
    quote! {
        const _: () = {
            #relations
            #org_scoped
            #keyed
        };
    }
}

/// The relations of the model as methods.
fn relations_type(
    model: &Model<'_>,
    relations: &[&Relation],
    many: &[Many],
    end: Option<&End>,
) -> TokenStream {
    let (name, runtime) = (relations_name(model.input), &model.runtime);
    let many = many.iter().map(|Many { name, model, .. }| {
        let text = name.unraw().to_string();
        quote! {
            pub fn #name(self) -> #runtime::ManyTo<#model> {
                #runtime::ManyTo::named(#text)
            }
        }
    });
    let methods = relations
        .iter()
        .map(|relation| relation_method(model, relation));
    let end = end.map(|end| end_method(model, end));
    quote! {
        #[doc(hidden)]
        pub struct #name<P>(::core::marker::PhantomData<fn() -> P>);

        #[automatically_derived]
        impl<P> ::core::default::Default for #name<P> {
            fn default() -> Self {
                #name(::core::marker::PhantomData)
            }
        }

        #[automatically_derived]
        impl<P> #runtime::Segment for #name<P> {
            type Prefix = P;
        }

        #[allow(dead_code)]
        impl<P> #name<P> {
            #(#methods)*
            #(#many)*
            #end
        }
    }
}

fn relations_name(input: &DeriveInput) -> Ident {
    format_ident!(
        "{}Relations",
        input.ident.unraw(),
        span = Span::mixed_site()
    )
}

fn relation_method(model: &Model<'_>, relation: &Relation) -> TokenStream {
    let (runtime, table) = (&model.runtime, model.table);
    let Relation {
        name,
        model: parent,
        column,
        key,
        ..
    } = relation;
    let key = match key {
        Some(key) => quote!(#key),
        None => quote!(<<#parent as #runtime::OrgScoped>::Table as #runtime::Table>::PrimaryKey),
    };
    let via = quote!(#runtime::Via<P, #table::#column, #parent, #key>);
    quote! {
        pub fn #name(self) -> <#parent as #runtime::OrgScoped>::Paths<#via> {
            ::core::default::Default::default()
        }
    }
}

fn end_method(model: &Model<'_>, end: &End) -> TokenStream {
    let (runtime, table) = (&model.runtime, model.table);
    let End {
        name,
        column,
        shared,
        ..
    } = end;
    let shared = shared.unwrap_or(false);
    quote! {
        pub fn #name(self) -> #runtime::Ends<P, #table::#column, #shared> {
            ::core::default::Default::default()
        }
    }
}

fn tenant(
    model: &Model<'_>,
    relations: &[&Relation],
    end: Option<&End>,
    path: &[Ident],
    about: &TokenStream,
) -> TokenStream {
    let (input, runtime, table) = (model.input, &model.runtime, model.table);
    let (ident, relations_name) = (&input.ident, relations_name(input));
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let key = org_key(model, relations, end, path);
    let chain = chain::path(quote!(Self), path, runtime);
    let null_check = end.map(|end| null_check(model, end));
    quote! {
        type __OrgKey = #key;

        #[automatically_derived]
        impl #impl_generics #runtime::OrgScoped for #ident #ty_generics #where_clause {
            type Table = #table::table;
            type OrgKey = __OrgKey;
            type Paths<P> = #relations_name<P>;
            const SOURCE: &'static Self::Table = &#table::table;
            const PATH: #runtime::Path = #chain;
            #about
        }

        #[automatically_derived]
        impl #impl_generics #runtime::ForKey<__OrgKey> for #ident #ty_generics #where_clause {
            fn grant(grant: #runtime::Arc<#runtime::Grant<__OrgKey>>) -> #runtime::Arc<#runtime::Grant<__OrgKey>> {
                grant
            }
        }
        #null_check
    }
}

/// The key type of the organization: that of the next model, or that of the column.
fn org_key(
    model: &Model<'_>,
    relations: &[&Relation],
    end: Option<&End>,
    path: &[Ident],
) -> TokenStream {
    let (runtime, table) = (&model.runtime, model.table);
    for segment in path {
        let parent = relations
            .iter()
            .find(|relation| &relation.name == segment)
            .and_then(|relation| relation.model.as_ref());
        match parent {
            // Back to this model: the next segment says.
            Some(parent) if is_self(parent, model.input) => {}
            Some(parent) => return quote!(<#parent as #runtime::OrgScoped>::OrgKey),
            None => break,
        }
    }
    let column = end.map_or_else(
        || format_ident!("organization_id"),
        |end| end.column.clone(),
    );
    quote!(<<#table::#column as #runtime::Expression>::SqlType as #runtime::KeyColumn>::Key)
}

/// `shared` is said exactly where the column can be NULL.
fn null_check(model: &Model<'_>, end: &End) -> TokenStream {
    let (runtime, table, column) = (&model.runtime, model.table, &end.column);
    let span = Span::mixed_site().located_at(end.span);
    let check = match end.shared {
        Some(_) => quote_spanned!(span=> can_be_null),
        None => quote_spanned!(span=> never_null),
    };
    let sql_type = quote_spanned!(span=> <#table::#column as #runtime::Expression>::SqlType);
    quote!(const _: () = #runtime::#check::<#sql_type>();)
}

fn global(model: &Model<'_>, reason: &syn::LitStr, about: &TokenStream) -> TokenStream {
    let (input, runtime, table) = (model.input, &model.runtime, model.table);
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let mut for_any_key = input.generics.clone();
    for_any_key
        .params
        .push(syn::parse_quote!(__OrgKey: #runtime::Key));
    let (any_generics, ..) = for_any_key.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::OrgScoped for #ident #ty_generics #where_clause {
            type Table = #table::table;
            type OrgKey = i32;
            type Paths<P> = #runtime::NoRelations;
            const SOURCE: &'static Self::Table = &#table::table;
            const PATH: #runtime::Path = #runtime::Path::global(Self::TABLE);
            const GLOBAL: ::core::option::Option<&'static str> = ::core::option::Option::Some(#reason);
            #about
        }

        #[automatically_derived]
        impl #any_generics #runtime::ForKey<__OrgKey> for #ident #ty_generics #where_clause {
            fn grant(grant: #runtime::Arc<#runtime::Grant<__OrgKey>>) -> #runtime::Arc<#runtime::Grant<i32>> {
                #runtime::Grant::without_organizations(&grant)
            }
        }

        #[automatically_derived]
        impl #impl_generics #runtime::Global for #ident #ty_generics #where_clause {
            const REASON: &'static str = #reason;
        }
    }
}

/// The primary key, where the struct holds it.
fn keyed(model: &Model<'_>) -> TokenStream {
    let (input, runtime) = (model.input, &model.runtime);
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (ty, value) = match model.key.as_slice() {
        [] => return TokenStream::new(),
        [(member, ty)] => (
            quote!(#ty),
            quote!(::core::clone::Clone::clone(&self.#member)),
        ),
        several => {
            let members = several.iter().map(|(member, _)| member);
            let types = several.iter().map(|(_, ty)| ty);
            (
                quote!((#(#types),*)),
                quote!((#(::core::clone::Clone::clone(&self.#members)),*)),
            )
        }
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::Keyed for #ident #ty_generics #where_clause {
            type Key = #ty;

            fn key(&self) -> Self::Key {
                #value
            }
        }
    }
}

/// What every model says of itself, with a tenant or without.
fn about(model: &Model<'_>, attributes: &Attributes) -> TokenStream {
    let names = names(model.input);
    let org_field = match &model.tenant {
        Tenant::Global { .. } => String::new(),
        Tenant::Organization { path, .. } => {
            let segments: Vec<_> = path
                .iter()
                .map(|segment| segment.unraw().to_string())
                .collect();
            segments.join(".")
        }
    };
    let objects = objects(model, attributes);
    let end = match &model.tenant {
        Tenant::Global { .. } => None,
        Tenant::Organization { end, .. } => end.as_ref(),
    };
    let tables = tables(model, attributes, end);
    quote! {
        #names
        const ORG_FIELD: &'static str = #org_field;
        #objects
        #tables
    }
}

/// The name of the model, and what its permissions are made of.
fn names(input: &DeriveInput) -> TokenStream {
    let name = input.ident.unraw().to_string();
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let model = name.to_lowercase();
    quote! {
        const NAME: &'static str = #name;
        const PERMISSIONS: (&'static str, &'static str) = (#package, #model);
    }
}

/// What stands for a model with mistakes, so that code which uses the model does not fail for the same mistakes again.
pub(super) fn stand_in(input: &DeriveInput, attributes: &Attributes) -> TokenStream {
    let Some(table) = &attributes.table else {
        return TokenStream::new();
    };
    let (runtime, ident) = (attributes.runtime(), &input.ident);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let names = names(input);
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::OrgScoped for #ident #ty_generics #where_clause {
            type Table = #table::table;
            type OrgKey = i32;
            type Paths<P> = #runtime::NoRelations;
            #names
            const ORG_FIELD: &'static str = "";
            const OBJECTS: #runtime::Objects<Self> = #runtime::Objects::NONE.owner_group("");
            const SOURCE: &'static Self::Table = &#table::table;
            const PATH: #runtime::Path = #runtime::Path::global(Self::TABLE);
        }
    }
}
