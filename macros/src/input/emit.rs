//! The code of an input. For
//!
//! ```text
//! #[derive(OrgInput)]
//! #[diesel(table_name = builds)]
//! #[org_input(model = Build)]
//! struct NewBuild { version: String, category_id: i32 }
//!
//! impl Writes for NewBuild {
//!     type Model = Build;
//!     type Values = (SetTo<builds::version, String>, (SetTo<builds::category_id, i32>, ()));
//!     const OPTIONS: Options = Options { shared: Shared::None, cross_org: &[], ignored: &[], names: &[] };
//!     const IS_SEVERAL: bool = false;
//!     fn values(self) -> Self::Values { (Set::value(self.version), (Set::value(self.category_id), ())) }
//!     fn read(fields: &mut Fields<'_>) -> Result<Self, Self::Values> {
//!         let __orgscope_version = fields.required::<String>(column_name(builds::version));
//!         let __orgscope_category_id = fields.required::<i32>(column_name(builds::category_id));
//!         match (__orgscope_version, (__orgscope_category_id, ())) {
//!             (Some(version), (Some(category_id), ())) => Ok(Self { version, category_id }),
//!             (version, (category_id, ())) => Err((Set::maybe(version), (Set::maybe(category_id), ()))),
//!         }
//!     }
//! }
//! impl OrgInput for NewBuild {}
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, Type};

use super::Kind;
use super::attributes::Attributes;
use super::field::{Field, Shape};
use crate::org_scoped::chain;

/// Everything that the derive emits.
pub(super) fn input(
    input: &DeriveInput,
    model: &Type,
    table: &syn::Path,
    attributes: &Attributes,
    fields: &[Field<'_>],
    kind: Kind,
) -> TokenStream {
    let (runtime, ident) = (&attributes.runtime(), &input.ident);
    let of = Of { runtime, table };
    let types = list(fields.iter().map(|field| of.ty(field)));
    let values = list(fields.iter().map(|field| at(field, of.value(field))));
    let reads = fields.iter().map(|field| of.read(field));
    let names: Vec<&Ident> = fields.iter().map(|field| field.ident).collect();
    let found = list(fields.iter().map(|field| local(field).into_token_stream()));
    let all = list(fields.iter().map(whole_pattern));
    let finals = fields.iter().map(|field| field_value(field));
    let partial = list(fields.iter().map(|field| at(field, of.partial(field))));
    let options = options(attributes, fields, &of);
    let several = fields.iter().any(|field| !field.is_column());
    let marker = marker(kind);
    let checks = checks(ident, attributes, fields, &of);
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #runtime::Writes for #ident {
                type Model = #model;
                type Values = #types;
                const OPTIONS: #runtime::Options = #options;
                const IS_SEVERAL: bool = #several;

                #[allow(clippy::unused_unit)]
                fn values(self) -> Self::Values {
                    #values
                }

                #[allow(unused_variables, clippy::match_single_binding, clippy::unused_unit)]
                fn read(
                    __orgscope: &mut #runtime::Fields<'_>,
                ) -> ::core::result::Result<Self, Self::Values> {
                    #(#reads)*
                    match #found {
                        #all => ::core::result::Result::Ok(Self { #(#names: #finals),* }),
                        #[allow(unreachable_patterns)]
                        #found => ::core::result::Result::Err(#partial),
                    }
                }
            }

            #[automatically_derived]
            impl #runtime::#marker for #ident {}

            #checks
        };
    }
}

/// `(a, (b, ()))`.
fn list(items: impl DoubleEndedIterator<Item = TokenStream>) -> TokenStream {
    items
        .rev()
        .fold(quote!(()), |rest, item| quote!((#item, #rest)))
}

/// What is said of a field is said at its type.
fn at(field: &Field<'_>, tokens: TokenStream) -> TokenStream {
    match field.shape {
        // That it is no input is told for its type, and would be told here again.
        Shape::Nested(_) => tokens,
        _ => chain::respan(tokens, field.ty.span()),
    }
}

fn marker(kind: Kind) -> Ident {
    match kind {
        Kind::New => format_ident!("OrgInput"),
        Kind::Changes => format_ident!("OrgChangeset"),
    }
}

struct Of<'a> {
    runtime: &'a TokenStream,
    table: &'a syn::Path,
}

impl Of<'_> {
    fn column(&self, field: &Field<'_>) -> TokenStream {
        let (table, column) = (self.table, &field.column);
        quote_spanned!(field.column.span()=> #table::#column)
    }

    fn ty(&self, field: &Field<'_>) -> TokenStream {
        let column = self.column(field);
        let at = Span::mixed_site().located_at(field.ty.span());
        let runtime = chain::respan(self.runtime.clone(), at);
        let set = |ty: TokenStream| quote_spanned!(at=> #runtime::SetTo<#column, #ty>);
        let stored = |ty: &Type| match &field.serialize_as {
            Some(other) => quote!(#other),
            None => quote!(#ty),
        };
        match field.shape {
            Shape::Value(ty) | Shape::Maybe(ty) => set(stored(ty)),
            Shape::MaybeNull(ty) | Shape::Null(ty) => {
                let ty = stored(ty);
                set(quote!(::core::option::Option<#ty>))
            }
            Shape::Many { .. } => quote_spanned!(at=> #runtime::Many),
            Shape::Nested(ty) => {
                let runtime = self.runtime;
                quote!(#runtime::Nested<#column, #ty>)
            }
        }
    }

    /// The value of a whole input.
    fn value(&self, field: &Field<'_>) -> TokenStream {
        let (runtime, ident) = (self.runtime, field.ident);
        let own = quote!(self.#ident);
        let some = quote!(::core::option::Option::Some);
        let stored = |value: TokenStream, depth: usize| stored(field, value, depth);
        match field.shape {
            Shape::Value(_) => {
                let value = stored(own, 0);
                quote!(#runtime::Set::value(#value))
            }
            Shape::Maybe(_) => {
                let value = stored(own, 1);
                quote!(#runtime::Set::maybe(#value))
            }
            Shape::MaybeNull(_) => {
                let value = stored(own, 2);
                quote!(#runtime::Set::nullable(#value))
            }
            Shape::Null(_) => {
                let value = stored(own, 1);
                quote!(#runtime::Set::nullable(#some(#value)))
            }
            Shape::Many { optional, .. } => {
                let name = ident.unraw().to_string();
                let keys = if optional { own } else { quote!(#some(#own)) };
                quote!(#runtime::Many::keys(#name, #keys))
            }
            Shape::Nested(_) => quote!(#runtime::Nested::whole(#own)),
        }
    }

    /// Reads one field; `None` after a mistake.
    fn read(&self, field: &Field<'_>) -> TokenStream {
        let (runtime, ident) = (self.runtime, local(field));
        let name = field.ident.unraw().to_string();
        let column = self.column(field);
        let column = quote!(<#column as #runtime::Column>::NAME);
        let read = match field.shape {
            Shape::Value(ty) => quote!(required::<#ty>(#column)),
            Shape::Maybe(ty) if field.kind == Kind::Changes => quote!(change::<#ty>(#column)),
            Shape::Null(ty) if field.kind == Kind::Changes => quote!(nullable::<#ty>(#column)),
            Shape::Maybe(ty) | Shape::Null(ty) => quote!(optional::<#ty>(#column)),
            Shape::MaybeNull(ty) => quote!(change_or_null::<#ty>(#column)),
            Shape::Many { key, .. } => quote!(many::<#key>(#name)),
            Shape::Nested(ty) => quote!(nested::<#ty>(#column)),
        };
        let read = at(field, quote!(__orgscope.#read));
        quote!(let #ident = #read;)
    }

    /// The value of a field of an input that has mistakes.
    fn partial(&self, field: &Field<'_>) -> TokenStream {
        let (runtime, ident) = (self.runtime, local(field));
        let flat = quote!(::core::option::Option::flatten(#ident));
        match field.shape {
            Shape::Value(_) => {
                let value = stored(field, quote!(#ident), 1);
                quote!(#runtime::Set::maybe(#value))
            }
            Shape::Maybe(_) => {
                let value = stored(field, flat, 1);
                quote!(#runtime::Set::maybe(#value))
            }
            Shape::MaybeNull(_) => {
                let value = stored(field, flat, 2);
                quote!(#runtime::Set::nullable(#value))
            }
            Shape::Null(_) => {
                let value = stored(field, quote!(#ident), 2);
                quote!(#runtime::Set::nullable(#value))
            }
            Shape::Many { .. } => {
                let name = field.ident.unraw().to_string();
                quote!(#runtime::Many::keys(#name, #flat))
            }
            Shape::Nested(_) => quote!(#runtime::Nested::read(#ident)),
        }
    }
}

/// What is kept in the database instead of the field's own type, below so many `Option`s.
fn stored(field: &Field<'_>, value: TokenStream, depth: usize) -> TokenStream {
    let Some(other) = &field.serialize_as else {
        return value;
    };
    let into = quote!(<#other as ::core::convert::From<_>>::from);
    match depth {
        0 => quote!(#into(#value)),
        1 => quote!(::core::option::Option::map(#value, #into)),
        _ => {
            quote!(::core::option::Option::map(#value, |value| ::core::option::Option::map(value, #into)))
        }
    }
}

/// The variable of a field: its own name could be that of a column in scope.
fn local(field: &Field<'_>) -> Ident {
    format_ident!(
        "__orgscope_{}",
        field.ident.unraw().to_string().to_lowercase()
    )
}

/// What was read of a field without mistakes.
fn whole_pattern(field: &Field<'_>) -> TokenStream {
    let ident = local(field);
    match field.shape {
        Shape::Nested(_) => {
            quote!(::core::option::Option::Some(::core::result::Result::Ok(#ident)))
        }
        _ => quote!(::core::option::Option::Some(#ident)),
    }
}

/// What a field of the struct is when everything could be read.
fn field_value(field: &Field<'_>) -> TokenStream {
    let ident = local(field);
    match field.shape {
        Shape::Many {
            optional: false, ..
        } => quote!(::core::option::Option::unwrap_or_default(#ident)),
        _ => quote!(#ident),
    }
}

fn options(attributes: &Attributes, fields: &[Field<'_>], of: &Of<'_>) -> TokenStream {
    let runtime = of.runtime;
    let words = |words: &[Ident]| {
        let words = words.iter().map(|word| word.unraw().to_string());
        quote!(&[#(#words),*])
    };
    let shared = match (attributes.all_shared, attributes.shared.is_empty()) {
        (true, _) => quote!(All),
        (_, true) => quote!(None),
        _ => {
            let names = words(&attributes.shared);
            quote!(Only(#names))
        }
    };
    let (cross_org, ignored) = (words(&attributes.cross_org), words(&attributes.ignored));
    let names = fields.iter().filter_map(|field| {
        let own = field.ident.unraw().to_string();
        let name = match &field.name {
            Some(name) => name.value(),
            // A column of another name than the field: the field's is the one that is known.
            None if field.is_column() && field.column != *field.ident => own.clone(),
            None => return None,
        };
        let column = of.column(field);
        Some(match field.shape {
            Shape::Many { .. } => quote!((#own, #name)),
            _ => quote!((<#column as #runtime::Column>::NAME, #name)),
        })
    });
    quote! {
        #runtime::Options {
            shared: #runtime::Shared::#shared,
            cross_org: #cross_org,
            ignored: #ignored,
            names: &[#(#names),*],
        }
    }
}

/// What only the model can say: which columns refer to other rows, and which relations there are. It is named by way of the input: where it
/// is none, the compiler has said so once.
fn checks(
    input: &Ident,
    attributes: &Attributes,
    fields: &[Field<'_>],
    of: &Of<'_>,
) -> TokenStream {
    let runtime = of.runtime;
    let keys = fields
        .iter()
        .filter(|field| field.is_column() && !field.plain);
    let keys = keys.filter(|field| field.column.unraw().to_string().ends_with("_id"));
    let keys = keys.map(|field| {
        let (column, at) = (of.column(field), field.ident.span());
        let at = Span::mixed_site().located_at(at);
        let message = format!(
            "`{}` looks like a foreign key, but the model does not say to what: declare the relation there (`#[diesel(belongs_to(…))]`, \
             `#[org_scoped(relation(…))]`), or say here that it is none: `plain` [org78]",
            field.ident
        );
        quote_spanned!(at=> const _: () = ::core::assert!(#runtime::says_what_is::<#input>(<#column as #runtime::Column>::NAME), #message);)
    });
    let fixed = fields
        .iter()
        .filter(|field| field.kind == Kind::Changes && field.is_column());
    let fixed = fixed.map(|field| {
        let (column, at) = (of.column(field), field.ident.span());
        let at = Span::mixed_site().located_at(at);
        let message = format!("`{}` is part of the primary key, which does not change: leave it out [org77]", field.ident);
        quote_spanned!(at=> const _: () = ::core::assert!(!#runtime::is_key::<#input>(<#column as #runtime::Column>::NAME), #message);)
    });
    let many = fields
        .iter()
        .filter(|field| matches!(field.shape, Shape::Many { .. }))
        .map(|field| field.ident);
    let many = many.map(|name| relation_check(runtime, input, name, &[true]));
    let named = attributes.shared.iter().chain(&attributes.cross_org);
    let named = named.map(|name| relation_check(runtime, input, name, &[false, true]));
    quote!(#(#keys)* #(#fixed)* #(#many)* #(#named)*)
}

fn relation_check(
    runtime: &TokenStream,
    input: &Ident,
    name: &Ident,
    many: &[bool],
) -> TokenStream {
    let at = Span::mixed_site().located_at(name.span());
    let text = name.unraw().to_string();
    let message = match many {
        [true] => format!(
            "the model has no relation `{text}` with many rows; declare it there: `#[org_scoped(many(name = {text}, model = …, through = table(column, column)))]` [org79]"
        ),
        _ => format!("the model has no relation `{text}` [org79]"),
    };
    let any = many
        .iter()
        .map(|many| quote!(#runtime::may_name::<#input>(#text, #many)));
    quote_spanned!(at=> const _: () = ::core::assert!(#(#any)||*, #message);)
}

/// What stands for an input with mistakes.
pub(super) fn stand_in(
    input: &DeriveInput,
    model: &Type,
    attributes: &Attributes,
    kind: Kind,
) -> TokenStream {
    let (runtime, ident, marker) = (attributes.runtime(), &input.ident, marker(kind));
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::Writes for #ident #ty_generics #where_clause {
            type Model = #model;
            type Values = ();
            const OPTIONS: #runtime::Options = #runtime::Options::NONE;
            fn values(self) {}
            fn read(_: &mut #runtime::Fields<'_>) -> ::core::result::Result<Self, ()> {
                ::core::result::Result::Err(())
            }
        }
        #[automatically_derived]
        impl #impl_generics #runtime::#marker for #ident #ty_generics #where_clause {}
    }
}
