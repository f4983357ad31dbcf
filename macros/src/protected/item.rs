//! The function under the attribute.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
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
        let body = input.parse::<TokenTree>()?;
        if !is_block(&body) {
            return Err(syn::Error::new(
                body.span(),
                "a function has a body [org30]",
            ));
        }
        Ok(Function {
            attrs,
            vis,
            sig,
            body: body.into(),
        })
    }
}

/// Whether it stands in braces; a block that a macro was given stands in a group that nobody sees as well.
fn is_block(body: &TokenTree) -> bool {
    let TokenTree::Group(group) = body else {
        return false;
    };
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut inner = group.stream().into_iter();
            inner.next().is_some_and(|first| is_block(&first)) && inner.next().is_none()
        }
        _ => false,
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
