//! Policy expressions: parsed into a tree, never spliced as text.

mod atoms;
mod check;
mod emit;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{BinOp, Expr, UnOp};

use crate::problems::Problems;
use atoms::Atom;
#[cfg(test)]
pub(crate) use atoms::names as atoms;
pub(crate) use emit::Emitted;

/// A policy as a tree.
#[derive(Clone)]
pub(crate) struct Policy {
    kind: Kind,
    /// What the user wrote for it.
    at: TokenStream,
}

#[derive(Clone)]
enum Kind {
    Atom(Atom),
    And(Box<Policy>, Box<Policy>),
    Or(Box<Policy>, Box<Policy>),
    Not(Box<Policy>),
    /// A policy that stands elsewhere as a type.
    Elsewhere(syn::Path, Box<Policy>),
}

type Join = fn(Box<Policy>, Box<Policy>) -> Kind;

impl Policy {
    /// Reads an expression and checks that it says something; `None` when there was a mistake in it.
    pub(crate) fn read(expr: &Expr, problems: &mut Problems) -> Option<Policy> {
        let policy = Policy::tree(expr, problems)?;
        policy.check(problems).then_some(policy)
    }

    /// Both hold. `None` when that can never be.
    pub(crate) fn within(self, controller: &Policy, problems: &mut Problems) -> Option<Policy> {
        let at = self.at.clone();
        let kind = Kind::And(Box::new(controller.clone()), Box::new(self));
        let both = Policy { kind, at };
        both.check_possible(controller, problems).then_some(both)
    }

    /// Whether the atom `model_perms` is in it.
    pub(crate) fn asks_for_model(&self) -> bool {
        self.has(&|atom| atom.is(&["model_perms"]))
    }

    /// Whether an atom is in it that only a row can answer.
    pub(crate) fn asks_for_row(&self) -> bool {
        self.has(&|atom| atom.is(&["can_view", "can_edit", "owns"]))
    }

    fn has(&self, wanted: &impl Fn(&Atom) -> bool) -> bool {
        match &self.kind {
            Kind::Atom(atom) => wanted(atom),
            Kind::And(a, b) | Kind::Or(a, b) => a.has(wanted) || b.has(wanted),
            Kind::Not(a) | Kind::Elsewhere(_, a) => a.has(wanted),
        }
    }

    /// The same policy, of which the type stands elsewhere.
    pub(crate) fn at_path(self, path: syn::Path) -> Policy {
        let at = self.at.clone();
        let kind = Kind::Elsewhere(path, Box::new(self));
        Policy { kind, at }
    }

    /// The tree itself, wherever its type stands.
    fn bare(&self) -> &Policy {
        match &self.kind {
            Kind::Elsewhere(_, inner) => inner.bare(),
            _ => self,
        }
    }

    fn tree(expr: &Expr, problems: &mut Problems) -> Option<Policy> {
        let kind = match expr {
            Expr::Paren(inner) => return Policy::tree(&inner.expr, problems),
            Expr::Group(inner) => return Policy::tree(&inner.expr, problems),
            Expr::Path(path) if path.qself.is_none() => {
                Kind::Atom(Atom::named(&path.path, problems)?)
            }
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                Kind::Not(Box::new(Policy::tree(&unary.expr, problems)?))
            }
            Expr::Binary(binary) => {
                let join: Join = match binary.op {
                    BinOp::BitAnd(_) => Kind::And,
                    BinOp::BitOr(_) => Kind::Or,
                    op => {
                        let message =
                            "policies are joined by `&`, `|` and `!`, with parentheses [org14]";
                        problems.at(op, message);
                        return None;
                    }
                };
                let left = Policy::tree(&binary.left, problems);
                let right = Policy::tree(&binary.right, problems);
                join(Box::new(left?), Box::new(right?))
            }
            Expr::Call(call) => return Policy::call(call, problems),
            other => {
                problems.at(
                    other,
                    "this is no policy; write atoms such as `manager`, joined by `&`, `|` and `!` [org14]",
                );
                return None;
            }
        };
        let at = expr.to_token_stream();
        Some(Policy { kind, at })
    }

    /// `all(a, b)`, `any(a, b)`, and the atoms that take arguments.
    fn call(call: &syn::ExprCall, problems: &mut Problems) -> Option<Policy> {
        let join: Join = match &*call.func {
            Expr::Path(path) if path.path.is_ident("all") => Kind::And,
            Expr::Path(path) if path.path.is_ident("any") => Kind::Or,
            _ => {
                let (atoms, join) = atoms::call(call, problems)?;
                let atoms = atoms.into_iter().map(|(atom, at)| Policy {
                    kind: Kind::Atom(atom),
                    at,
                });
                return Policy::joined(atoms.collect(), join, call);
            }
        };
        if call.args.is_empty() {
            problems.at(
                call,
                "name at least one policy between the parentheses [org14]",
            );
        }
        let parts = call.args.iter().map(|part| Policy::tree(part, problems));
        let parts: Vec<_> = parts.collect();
        Policy::joined(parts.into_iter().collect::<Option<_>>()?, join, call)
    }

    fn joined(parts: Vec<Policy>, join: Join, at: impl ToTokens) -> Option<Policy> {
        let at = at.to_token_stream();
        parts.into_iter().reduce(|left, right| Policy {
            kind: join(Box::new(left), Box::new(right)),
            at: at.clone(),
        })
    }

    /// The policy as text, for the access report.
    pub(crate) fn text(&self) -> String {
        let part = |policy: &Policy| match policy.bare().kind {
            Kind::Or(..) => format!("({})", policy.text()),
            _ => policy.text(),
        };
        match &self.kind {
            Kind::Atom(atom) => atom.text(),
            Kind::And(a, b) => format!("{} & {}", part(a), part(b)),
            Kind::Or(a, b) => format!("{} | {}", a.text(), b.text()),
            Kind::Not(a) => match a.bare().kind {
                Kind::Atom(_) | Kind::Not(_) => format!("!{}", a.text()),
                _ => format!("!({})", a.text()),
            },
            Kind::Elsewhere(_, inner) => inner.text(),
        }
    }
}
