//! The atoms of policies: one table makes the parser, the suggestions and the checks.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, ExprLit, Lit, LitStr};

use super::{Join, Kind};
use crate::problems::Problems;
use crate::suggest;

/// An atom without arguments.
pub(super) struct Known {
    pub(super) name: &'static str,
    /// The type that stands for it in `orgscope::policy`.
    pub(super) ty: &'static str,
    /// What holds wherever it holds.
    implies: &'static [&'static str],
}

const fn known(name: &'static str, ty: &'static str, implies: &'static [&'static str]) -> Known {
    Known { name, ty, implies }
}

/// Each names what it implies directly.
static ATOMS: &[Known] = &[
    known("anyone", "Anyone", &[]),
    known("authenticated", "Authenticated", &[]),
    known("member", "Member", &["authenticated"]),
    known("manager", "Manager", &["member"]),
    known("owner", "Owner", &["manager"]),
    known("root", "Root", &["authenticated", "owns"]),
    known("subscriber", "Subscriber", &["former_subscriber"]),
    known("former_subscriber", "FormerSubscriber", &["authenticated"]),
    known("model_perms", "ModelPerms", &["authenticated"]),
    known("can_view", "CanView", &[]),
    known("can_edit", "CanEdit", &["can_view"]),
    known("owns", "Owns", &["can_edit"]),
];

/// The atoms with arguments, and what they look like.
const CALLS: &[(&str, &str)] = &[
    ("in_group", "in_group(COUNTER_ADMIN)"),
    ("perm", "perm(\"app.codename\")"),
    ("all", "all(manager, subscriber)"),
    ("any", "any(manager, subscriber)"),
];

/// The name of each atom, and what it is.
#[cfg(test)]
pub(crate) fn names() -> Vec<(String, String)> {
    let known = ATOMS.iter().map(|atom| {
        let says = format!("The atom `orgscope::policy::{}`.", atom.ty);
        (atom.name.to_owned(), says)
    });
    let calls = CALLS.iter().map(|(name, example)| {
        let says = format!("Written `{example}`.");
        ((*name).to_owned(), says)
    });
    known.chain(calls).collect()
}

/// What a leaf of the tree is.
#[derive(Clone)]
pub(super) enum Atom {
    Known(&'static Known, Span),
    /// `in_group(expression)`
    Group(Box<Expr>),
    /// `perm("app.codename")`
    Perm(LitStr),
    /// A type of the user's that implements `Permission`, or a bundle.
    Own(syn::Path),
}

impl Atom {
    /// The atom of this name.
    pub(super) fn named(path: &syn::Path, problems: &mut Problems) -> Option<Atom> {
        let Some(ident) = path.get_ident() else {
            return Some(Atom::Own(path.clone()));
        };
        let name = ident.to_string();
        if let Some(known) = ATOMS.iter().find(|atom| atom.name == name) {
            return Some(Atom::Known(known, ident.span()));
        }
        // A type of the user's is written like a type.
        if name.starts_with(|first: char| first.is_uppercase()) {
            return Some(Atom::Own(path.clone()));
        }
        let names = || ATOMS.iter().map(|atom| atom.name);
        let call = CALLS.iter().find(|(call, _)| *call == name);
        problems.at(
            ident,
            match (call, suggest::nearest(&name, names().chain(CALLS.iter().map(|(call, _)| *call)))) {
                (Some((_, example)), _) => format!("`{name}` takes arguments: `{example}` [org12]"),
                (None, Some(nearest)) => format!("there is no atom `{name}`; did you mean `{nearest}`? [org11]"),
                (None, None) => format!(
                    "there is no atom `{name}`; the atoms are {}, `in_group(…)`, `perm(…)`, and types that implement `Permission` [org11]",
                    suggest::list(names())
                ),
            },
        );
        None
    }

    pub(super) fn is(&self, names: &[&str]) -> bool {
        matches!(self, Atom::Known(known, _) if names.contains(&known.name))
    }

    /// Whether its text may mean something else in another module.
    pub(super) fn depends_on_place(&self) -> bool {
        matches!(self, Atom::Group(_) | Atom::Own(_))
    }

    /// What it is called: two atoms of one name are the same question.
    pub(super) fn text(&self) -> String {
        match self {
            Atom::Known(known, _) => known.name.to_owned(),
            Atom::Group(group) => format!("in_group({})", compact(group)),
            Atom::Perm(codename) => format!("perm({:?})", codename.value()),
            Atom::Own(path) => compact(path),
        }
    }

    /// The names of all atoms that hold wherever it holds.
    pub(super) fn implied(&self) -> Vec<&'static str> {
        let mut implied: Vec<&'static str> = match self {
            Atom::Known(known, _) => known.implies.to_vec(),
            Atom::Group(_) | Atom::Perm(_) => vec!["authenticated"],
            Atom::Own(_) => Vec::new(),
        };
        let mut at = 0;
        while let Some(name) = implied.get(at).copied() {
            let further = ATOMS.iter().filter(|atom| atom.name == name);
            implied.extend(further.flat_map(|atom| atom.implies));
            at += 1;
        }
        implied
    }
}

/// `in_group(…)`, `perm("…")`, `perm(["…", "…"], any)`; with how several are joined.
pub(super) fn call(
    call: &syn::ExprCall,
    problems: &mut Problems,
) -> Option<(Vec<(Atom, TokenStream)>, Join)> {
    let name = match &*call.func {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    };
    let arguments: Vec<&Expr> = call.args.iter().collect();
    match (name.as_deref(), arguments.as_slice()) {
        (Some("in_group"), [group]) => {
            let atom = Atom::Group(Box::new((*group).clone()));
            Some((vec![(atom, call.to_token_stream())], Kind::And))
        }
        (Some("in_group"), _) => {
            problems.at(
                call,
                "`in_group` takes one group, by id or name: `in_group(COUNTER_ADMIN)` [org16]",
            );
            None
        }
        (Some("perm"), [codenames, rest @ ..]) => perm(call, codenames, rest, problems),
        (Some("perm"), []) => {
            problems.at(
                call,
                "name the permission: `perm(\"app.codename\")` [org17]",
            );
            None
        }
        (Some(name), _) if ATOMS.iter().any(|atom| atom.name == name) => {
            problems.at(call, format!("`{name}` takes no arguments [org13]"));
            None
        }
        (Some(name), _) if name.starts_with(|first: char| first.is_uppercase()) => {
            problems.at(
                call,
                "an own permission takes no arguments; write the type alone [org13]",
            );
            None
        }
        (name, _) => {
            let calls = || CALLS.iter().map(|(call, _)| *call);
            let nearest = name.and_then(|name| suggest::nearest(name, calls()));
            problems.at(
                &call.func,
                match nearest {
                    Some(nearest) => {
                        format!("there is no such atom; did you mean `{nearest}(…)`? [org11]")
                    }
                    None => format!(
                        "this is no policy; with arguments there are {} [org14]",
                        suggest::list(calls())
                    ),
                },
            );
            None
        }
    }
}

const LIST: &str =
    "several permissions stand in a list: `perm([\"app.one\", \"app.two\"], any)` [org18]";

fn perm(
    call: &syn::ExprCall,
    codenames: &Expr,
    rest: &[&Expr],
    problems: &mut Problems,
) -> Option<(Vec<(Atom, TokenStream)>, Join)> {
    let is = |word: &str| matches!(rest, [Expr::Path(path)] if path.path.is_ident(word));
    let join: Join = match codenames {
        _ if rest.is_empty() || is("all") => Kind::And,
        _ if is("any") => Kind::Or,
        Expr::Lit(_) if rest.iter().all(|rest| matches!(rest, Expr::Lit(_))) => {
            problems.at(&call.args, LIST);
            return None;
        }
        _ => {
            for rest in rest {
                problems.at(
                    rest,
                    "after the permissions comes `any` or `all` (the default) [org18]",
                );
            }
            return None;
        }
    };
    match codenames {
        Expr::Array(list) if list.elems.is_empty() => {
            problems.at(list, "name at least one permission [org17]");
            None
        }
        Expr::Array(list) => {
            let atoms = list.elems.iter().map(|one| codename(one, problems));
            let atoms: Vec<_> = atoms.collect();
            let atoms: Option<Vec<_>> = atoms.into_iter().collect();
            let ats = list.elems.iter().map(ToTokens::to_token_stream);
            Some((atoms?.into_iter().zip(ats).collect(), join))
        }
        one if !rest.is_empty() => {
            problems.at(one, LIST);
            None
        }
        one => Some((
            vec![(codename(one, problems)?, call.to_token_stream())],
            join,
        )),
    }
}

fn codename(expr: &Expr, problems: &mut Problems) -> Option<Atom> {
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = expr
    else {
        problems.at(
            expr,
            "a permission is a text: `perm(\"app.codename\")` [org17]",
        );
        return None;
    };
    let value = text.value();
    match value.split_once('.') {
        Some((app, codename)) if !app.is_empty() && !codename.is_empty() => {
            Some(Atom::Perm(text.clone()))
        }
        _ => {
            problems.at(
                text,
                "a permission is `app.codename`, with the app before the dot [org17]",
            );
            None
        }
    }
}

/// Tokens as text, spaced as people write them; texts within stay as they are.
fn compact(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    for token in tokens.to_token_stream() {
        let word = |text: &str| text.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                text = text + open + &compact(group.stream()) + close;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => text.push_str(", "),
            TokenTree::Punct(punct) => text.push(punct.as_char()),
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if word(&text) {
                    text.push(' ');
                }
                text.push_str(&token.to_string());
            }
        }
    }
    text
}
