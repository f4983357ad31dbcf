//! The function under the attribute.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Visibility};

/// A function whose body nobody has read: while it is typed it may be no Rust yet, and the function is there all the same.
#[derive(Clone)]
pub(super) struct Function {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) sig: Signature,
    /// With its braces.
    pub(super) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, sig) = (input.parse()?, input.parse()?);
        let body = input.parse::<Group>()?;
        match body.delimiter() {
            Delimiter::Brace => Ok(Function {
                attrs,
                vis,
                sig,
                body: body.into_token_stream(),
            }),
            _ => Err(syn::Error::new(body.span(), "a function has a body")),
        }
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Function {
            attrs,
            vis,
            sig,
            body,
        } = self;
        tokens.extend(quote::quote!(#(#attrs)* #vis #sig #body));
    }
}
