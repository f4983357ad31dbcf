//! Policy expressions: parsed into a tree, never spliced as text.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, Token, UnOp};

use crate::problems::Problems;
use crate::suggest;

/// The atoms and the types that stand for them in `orgscope::policy`.
const ATOMS: &[(&str, &str)] = &[
    ("anyone", "Anyone"),
    ("authenticated", "Authenticated"),
    ("member", "Member"),
    ("manager", "Manager"),
    ("owner", "Owner"),
];

/// A policy as a tree.
pub(crate) enum Policy {
    Atom(&'static str, proc_macro2::Span),
    /// A type of the user's that implements `Policy`.
    Own(syn::Path),
    And(Box<Policy>, Box<Policy>),
    Or(Box<Policy>, Box<Policy>),
    Not(Box<Policy>),
}

impl Policy {
    /// Reads an expression; `None` when there was a mistake in it.
    pub(crate) fn read(expr: &Expr, problems: &mut Problems) -> Option<Policy> {
        match expr {
            Expr::Paren(inner) => Policy::read(&inner.expr, problems),
            Expr::Group(inner) => Policy::read(&inner.expr, problems),
            Expr::Path(path) if path.qself.is_none() => atom(&path.path, problems),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let inner = Policy::read(&unary.expr, problems)?;
                Some(Policy::Not(Box::new(inner)))
            }
            Expr::Binary(binary) => {
                let join = match binary.op {
                    BinOp::BitAnd(_) => Policy::And,
                    BinOp::BitOr(_) => Policy::Or,
                    op => {
                        let message = "policies are joined by `&`, `|` and `!`, with parentheses";
                        problems.at(op, message);
                        return None;
                    }
                };
                let left = Policy::read(&binary.left, problems);
                let right = Policy::read(&binary.right, problems);
                Some(join(Box::new(left?), Box::new(right?)))
            }
            Expr::Call(call) => joined(call, problems),
            other => {
                problems.at(
                    other,
                    "this is no policy; write atoms such as `manager`, joined by `&`, `|` and `!`",
                );
                None
            }
        }
    }

    /// The type of the tree, each node a type around its children's.
    pub(crate) fn ty(&self, runtime: &TokenStream) -> TokenStream {
        match self {
            Policy::Atom(name, span) => {
                let name = proc_macro2::Ident::new(name, *span);
                quote!(#runtime::policy::#name)
            }
            Policy::Own(path) => quote!(#path),
            Policy::And(a, b) => {
                let (a, b) = (a.ty(runtime), b.ty(runtime));
                quote!(#runtime::policy::And<#a, #b>)
            }
            Policy::Or(a, b) => {
                let (a, b) = (a.ty(runtime), b.ty(runtime));
                quote!(#runtime::policy::Or<#a, #b>)
            }
            Policy::Not(a) => {
                let a = a.ty(runtime);
                quote!(#runtime::policy::Not<#a>)
            }
        }
    }
}

/// `all(a, b)` and `any(a, b)`.
fn joined(call: &syn::ExprCall, problems: &mut Problems) -> Option<Policy> {
    let join = match &*call.func {
        Expr::Path(path) if path.path.is_ident("all") => Policy::And,
        Expr::Path(path) if path.path.is_ident("any") => Policy::Or,
        other => {
            let message =
                "no atom takes arguments here; policies are joined by `all(…)` and `any(…)`";
            problems.at(other, message);
            return None;
        }
    };
    let parts: &Punctuated<Expr, Token![,]> = &call.args;
    if parts.is_empty() {
        problems.at(call, "name at least one policy between the parentheses");
    }
    let parts: Vec<_> = parts
        .iter()
        .map(|part| Policy::read(part, problems))
        .collect();
    let parts: Option<Vec<_>> = parts.into_iter().collect();
    parts?
        .into_iter()
        .reduce(|left, right| join(Box::new(left), Box::new(right)))
}

fn atom(path: &syn::Path, problems: &mut Problems) -> Option<Policy> {
    let Some(ident) = path.get_ident() else {
        return Some(Policy::Own(path.clone()));
    };
    let name = ident.to_string();
    if let Some((_, ty)) = ATOMS.iter().find(|(atom, _)| *atom == name) {
        return Some(Policy::Atom(ty, ident.span()));
    }
    // A type of the user's is written like a type.
    if name.starts_with(|first: char| first.is_uppercase()) {
        return Some(Policy::Own(path.clone()));
    }
    let atoms = || ATOMS.iter().map(|(atom, _)| *atom);
    problems.at(
        ident,
        match suggest::nearest(&name, atoms()) {
            Some(nearest) => format!("there is no atom `{name}`; did you mean `{nearest}`?"),
            None => format!(
                "there is no atom `{name}`; the atoms are {}, and types that implement `Policy`",
                suggest::list(atoms())
            ),
        },
    );
    None
}
