//! The type of a policy: each node a type around its children's, so that nothing depends on how text is grouped.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::atoms::Atom;
use super::{Kind, Policy};

/// A policy as a type, and the items that the type needs:
///
/// ```text
/// enum __Atom0 {}
/// impl NamesGroup for __Atom0 { fn group() -> GroupRef { Into::into(COUNTER_ADMIN) } }
/// // and the type
/// Or<Root, InGroup<__Atom0>>
/// ```
#[derive(Default)]
pub(crate) struct Emitted {
    pub(crate) items: TokenStream,
    pub(crate) ty: TokenStream,
    count: usize,
}

impl Policy {
    pub(crate) fn emit(&self, runtime: &TokenStream) -> Emitted {
        let mut emitted = Emitted::default();
        emitted.ty = emitted.ty_of(self, runtime);
        emitted
    }
}

impl Emitted {
    /// What stands for a policy with mistakes, which does not compile anyway.
    pub(crate) fn stand_in(runtime: &TokenStream) -> Emitted {
        let ty = quote!(#runtime::policy::Authenticated);
        Emitted {
            ty,
            ..Emitted::default()
        }
    }

    fn ty_of(&mut self, policy: &Policy, runtime: &TokenStream) -> TokenStream {
        match &policy.kind {
            Kind::Atom(atom) => self.atom(atom, runtime),
            Kind::Elsewhere(path, _) => quote!(#path),
            Kind::And(a, b) => {
                let (a, b) = (self.ty_of(a, runtime), self.ty_of(b, runtime));
                quote!(#runtime::policy::And<#a, #b>)
            }
            Kind::Or(a, b) => {
                let (a, b) = (self.ty_of(a, runtime), self.ty_of(b, runtime));
                quote!(#runtime::policy::Or<#a, #b>)
            }
            Kind::Not(a) => {
                let a = self.ty_of(a, runtime);
                quote!(#runtime::policy::Not<#a>)
            }
        }
    }

    fn atom(&mut self, atom: &Atom, runtime: &TokenStream) -> TokenStream {
        match atom {
            Atom::Known(known, span) => {
                let name = Ident::new(known.ty, *span);
                quote!(#runtime::policy::#name)
            }
            Atom::Own(path) => quote!(#path),
            Atom::Group(group) => {
                let marker = self.marker();
                self.items.extend(quote! {
                    enum #marker {}
                    impl #runtime::policy::NamesGroup for #marker {
                        fn group() -> #runtime::GroupRef {
                            ::core::convert::Into::into(#group)
                        }
                    }
                });
                quote!(#runtime::policy::InGroup<#marker>)
            }
            Atom::Perm(codename) => {
                let marker = self.marker();
                self.items.extend(quote! {
                    enum #marker {}
                    impl #runtime::policy::Codename for #marker {
                        const CODENAME: &'static str = #codename;
                    }
                });
                quote!(#runtime::policy::Perm<#marker>)
            }
        }
    }

    fn marker(&mut self) -> Ident {
        let marker = format_ident!("__Atom{}", self.count, span = Span::mixed_site());
        self.count += 1;
        marker
    }
}
