//! The macro against an interpreter that knows nothing of it: every tree of up to four atoms, and random larger ones.

use proc_macro2::TokenStream;
use proptest::prelude::*;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use super::Policy;
use crate::problems::Problems;

/// A tree of the test's own.
#[derive(Clone, Debug)]
enum Tree {
    Atom(usize),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
    Not(Box<Tree>),
}

/// `None` is "unavailable".
type Truth = Option<bool>;

impl Tree {
    /// Kleene's logic, by its definition: the minimum, the maximum and the complement, unknown being in the middle.
    fn truth(&self, atoms: &[Truth]) -> Truth {
        let level = |truth: Truth| match truth {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        };
        let truth = |level: i32| match level {
            0 => Some(false),
            1 => None,
            _ => Some(true),
        };
        match self {
            Tree::Atom(number) => atoms[*number],
            Tree::And(a, b) => truth(level(a.truth(atoms)).min(level(b.truth(atoms)))),
            Tree::Or(a, b) => truth(level(a.truth(atoms)).max(level(b.truth(atoms)))),
            Tree::Not(a) => truth(2 - level(a.truth(atoms))),
        }
    }

    /// With as few parentheses as Rust's precedence takes.
    fn sparse(&self) -> String {
        match self {
            Tree::Atom(number) => format!("T{number}"),
            Tree::Or(a, b) => match **b {
                Tree::Or(..) => format!("{} | ({})", a.sparse(), b.sparse()),
                _ => format!("{} | {}", a.sparse(), b.sparse()),
            },
            Tree::And(a, b) => {
                let left = match **a {
                    Tree::Or(..) => format!("({})", a.sparse()),
                    _ => a.sparse(),
                };
                let right = match **b {
                    Tree::Or(..) | Tree::And(..) => format!("({})", b.sparse()),
                    _ => b.sparse(),
                };
                format!("{left} & {right}")
            }
            Tree::Not(a) => match **a {
                Tree::Atom(_) => format!("!{}", a.sparse()),
                _ => format!("!({})", a.sparse()),
            },
        }
    }

    /// With `all(…)` and `any(…)`.
    fn called(&self) -> String {
        match self {
            Tree::Atom(number) => format!("T{number}"),
            Tree::And(a, b) => format!("all({}, {},)", a.called(), b.called()),
            Tree::Or(a, b) => format!("any({}, {})", a.called(), b.called()),
            Tree::Not(a) => format!("!{}", a.called()),
        }
    }
}

/// What the type means that the macro emits: `And<…>`, `Or<…>`, `Not<…>` as the runtime defines them.
fn truth_of_type(ty: &Type, atoms: &[Truth]) -> Truth {
    let Type::Path(path) = ty else {
        panic!("no path")
    };
    let last = path.path.segments.last().unwrap();
    let parts: Vec<Truth> = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .map(|argument| match argument {
                GenericArgument::Type(ty) => truth_of_type(ty, atoms),
                _ => panic!("no type"),
            })
            .collect(),
        _ => Vec::new(),
    };
    match (last.ident.to_string().as_str(), parts.as_slice()) {
        ("And", [Some(false), _] | [_, Some(false)]) => Some(false),
        ("And", [Some(true), Some(true)]) => Some(true),
        ("Or", [Some(true), _] | [_, Some(true)]) => Some(true),
        ("Or", [Some(false), Some(false)]) => Some(false),
        ("And" | "Or", [_, _]) => None,
        ("Not", [a]) => a.map(|a| !a),
        (atom, []) => atoms[atom.strip_prefix('T').unwrap().parse::<usize>().unwrap()],
        other => panic!("{other:?}"),
    }
}

fn read(text: &str) -> Result<Policy, String> {
    let problems = &mut Problems::default();
    let policy = Policy::read(&syn::parse_str(text).unwrap(), problems);
    let errors = std::mem::take(problems).into_tokens().to_string();
    policy.ok_or(errors)
}

fn emitted(policy: &Policy) -> Type {
    let runtime: TokenStream = quote!(orgscope);
    syn::parse2(policy.emit(&runtime).ty).unwrap()
}

/// Checks a tree in every spelling over every combination of answers.
fn agrees(tree: &Tree, atoms: usize) {
    for text in [tree.sparse(), tree.called()] {
        let policy = read(&text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
        let ty = emitted(&policy);
        // The report's text reads as the same policy.
        let again = emitted(&read(&policy.text()).unwrap());
        for world in 0..3_usize.pow(atoms as u32) {
            let answer =
                |atom: usize| [Some(false), None, Some(true)][world / 3_usize.pow(atom as u32) % 3];
            let answers: Vec<Truth> = (0..atoms).map(answer).collect();
            let expected = tree.truth(&answers);
            assert_eq!(
                truth_of_type(&ty, &answers),
                expected,
                "{text} of {answers:?}"
            );
            assert_eq!(
                truth_of_type(&again, &answers),
                expected,
                "{} of {answers:?}",
                policy.text()
            );
        }
    }
}

/// Every tree over these atoms in this order, with and without a negation at each node.
fn trees(atoms: &[usize]) -> Vec<Tree> {
    let mut plain = Vec::new();
    if let [atom] = atoms {
        plain.push(Tree::Atom(*atom));
    }
    for at in 1..atoms.len() {
        for left in trees(&atoms[..at]) {
            for right in trees(&atoms[at..]) {
                let both = || (Box::new(left.clone()), Box::new(right.clone()));
                let (a, b) = both();
                plain.push(Tree::And(a, b));
                let (a, b) = both();
                plain.push(Tree::Or(a, b));
            }
        }
    }
    let negated: Vec<_> = plain
        .iter()
        .map(|tree| Tree::Not(Box::new(tree.clone())))
        .collect();
    plain.extend(negated);
    plain
}

#[test]
fn every_tree_of_up_to_four_atoms() {
    let mut count = 0;
    for atoms in 1..=4 {
        for tree in trees(&(0..atoms).collect::<Vec<_>>()) {
            agrees(&tree, atoms);
            count += 1;
        }
    }
    assert_eq!(count, 2 + 16 + 256 + 5120);
}

/// A tree over the atoms in order; the seed decides its shape.
fn shaped(atoms: std::ops::Range<usize>, seed: &mut impl Iterator<Item = u8>) -> Tree {
    let choice = seed.next().unwrap_or(0);
    let tree = match atoms.len() {
        1 => Tree::Atom(atoms.start),
        many => {
            let at = atoms.start + 1 + usize::from(choice / 4) % (many - 1);
            let left = Box::new(shaped(atoms.start..at, seed));
            let right = Box::new(shaped(at..atoms.end, seed));
            if choice & 1 == 0 {
                Tree::And(left, right)
            } else {
                Tree::Or(left, right)
            }
        }
    };
    if choice & 2 == 0 {
        tree
    } else {
        Tree::Not(Box::new(tree))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_trees_of_up_to_eight_atoms(atoms in 5_usize..=8, seed in prop::collection::vec(any::<u8>(), 16)) {
        agrees(&shaped(0..atoms, &mut seed.into_iter()), atoms);
    }

    /// Whatever is written: an answer or an error, never a panic.
    #[test]
    fn any_expression_is_read(words in prop::collection::vec(prop::sample::select(vec![
        "manager", "owner", "anyone", "authenticated", "member", "root", "owns", "can_view", "subscriber", "T0", "a::B", "managr",
        "&", "|", "!", "(", ")", "all(", "any(", ",", "perm(", "\"a.b\"", "[", "]", "in_group(", "7", "==", "&&", "model_perms",
    ]), 1..12)) {
        if let Ok(expr) = syn::parse_str(&words.join(" ")) {
            let problems = &mut Problems::default();
            let policy = Policy::read(&expr, problems);
            prop_assert_eq!(policy.is_none(), !problems.is_empty());
        }
    }
}

#[test]
fn what_says_nothing_is_an_error() {
    for (text, error) in [
        ("manager | !manager", "logged in"),
        ("anyone | subscriber", "always true"),
        ("manager & !manager", "always false"),
        ("owner & !member", "always false"),
        ("root & !can_view", "always false"),
        ("manager & manager", "`manager` is repeated"),
        ("manager & subscriber & manager", "`manager` is repeated"),
        ("manager | manager", "`manager` can never decide"),
        ("owner | manager", "`owner` can never decide"),
        ("manager | subscriber | owner", "`owner` can never decide"),
        (
            "manager & (manager | subscriber)",
            "`subscriber` can never decide",
        ),
        (
            "subscriber | subscriber & root",
            "`subscriber & root` can never decide",
        ),
        (
            "subscriber | manager & !member",
            "`manager & !member` is always false",
        ),
        ("manager & anyone", "`anyone` always holds"),
        ("!!manager", "two negations"),
        ("!(!manager)", "two negations"),
        (
            "in_group(A) | in_group(A)",
            "`in_group(A)` can never decide",
        ),
        ("perm([\"a.b\", \"a.b\"])", "`perm(\"a.b\")` is repeated"),
    ] {
        let errors = read(text).err().unwrap_or_default();
        assert!(
            errors.contains(&error.replace('"', "\\\"")),
            "{text}: {errors}"
        );
    }
    for text in [
        "anyone",
        "manager & authenticated",
        "manager & member",
        "in_group(A) | in_group(B)",
        "subscriber & (manager | root) | !subscriber & owner",
        "!(manager & subscriber)",
        "can_view | manager",
    ] {
        assert!(read(text).is_ok(), "{text}: {:?}", read(text).err());
    }
}
