//! Invisible groups: what a `macro_rules` macro substitutes arrives in them.

use syn::parse::{Parse, ParseStream};
use syn::{Expr, Type};

/// The type inside of invisible groups.
pub(crate) fn ty(mut ty: &Type) -> &Type {
    while let Type::Group(group) = ty {
        ty = &group.elem;
    }
    ty
}

/// A path, perhaps in invisible groups.
pub(crate) struct Path(pub(crate) syn::Path);

impl Parse for Path {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut expr: Expr = input.parse()?;
        loop {
            match expr {
                Expr::Group(group) => expr = *group.expr,
                Expr::Path(path) if path.qself.is_none() => return Ok(Path(path.path)),
                other => return Err(syn::Error::new_spanned(other, "expected a path")),
            }
        }
    }
}
