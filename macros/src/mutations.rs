//! Every accepted input with a token too few, too many, elsewhere or another: no mutant makes a macro panic, what comes out is Rust, and what
//! is wrong is told at a token of the input.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::Visit;
use syn::{Attribute, Item, Macro, Meta};

/// One use of a macro.
#[derive(Clone)]
pub(crate) struct Use {
    pub(crate) file: String,
    which: Which,
    /// What stands in the parentheses of an attribute.
    arguments: TokenStream,
    item: TokenStream,
    /// In a controller, which says more of it.
    within: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Which {
    OrgScoped,
    OrgInput,
    OrgChangeset,
    OrgFilter,
    Protected,
    Policy,
}

impl Use {
    pub(crate) fn expand(&self) -> TokenStream {
        let item = self.item.clone();
        match self.which {
            Which::OrgScoped => crate::org_scoped::expand(item),
            Which::OrgInput => crate::input::expand(item, crate::input::Kind::New),
            Which::OrgChangeset => crate::input::expand(item, crate::input::Kind::Changes),
            Which::OrgFilter => crate::filter::expand(item),
            Which::Protected => crate::protected::expand(self.arguments.clone(), item, false),
            Which::Policy => crate::bundle::expand(item),
        }
    }

    /// The same with the token at a place, counted through all depths, changed in one of several ways.
    pub(crate) fn changed(self, (at, how): (usize, u8)) -> Use {
        let in_arguments = count(&self.arguments);
        let at = at % (in_arguments + count(&self.item)).max(1);
        match at.checked_sub(in_arguments) {
            None => Use {
                arguments: change(&self.arguments, &mut Some(at), how),
                ..self
            },
            Some(at) => Use {
                item: change(&self.item, &mut Some(at), how),
                ..self
            },
        }
    }

    /// Whether the compiler would give it to the macro: items are Rust before macros see them, what is in parentheses need not be.
    fn is_possible(&self) -> bool {
        self.which == Which::Policy || syn::parse2::<Item>(self.item.clone()).is_ok()
    }
}

impl std::fmt::Display for Use {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ({}) {}", self.file, self.arguments, self.item)
    }
}

/// The uses of macros in a file.
struct Uses {
    file: String,
    within: bool,
    found: Vec<Use>,
}

impl Uses {
    fn add(&mut self, which: Which, arguments: TokenStream, item: impl ToTokens) {
        let (file, item) = (self.file.clone(), item.to_token_stream());
        self.found.push(Use {
            file,
            which,
            arguments,
            item,
            within: self.within,
        });
    }

    /// What the macros above an item would be given.
    fn item(
        &mut self,
        attributes: &[Attribute],
        without: impl Fn(&dyn Fn(usize, &Attribute) -> bool) -> TokenStream,
    ) {
        for (at, attribute) in attributes.iter().enumerate() {
            if attribute.path().is_ident("protected") {
                let arguments = match &attribute.meta {
                    Meta::List(list) => list.tokens.clone(),
                    _ => TokenStream::new(),
                };
                let others = |other: usize, _: &Attribute| other != at;
                self.add(Which::Protected, arguments, without(&others));
            } else if attribute.path().is_ident("derive") {
                let derives = attribute.to_token_stream().to_string();
                let others = |_: usize, one: &Attribute| !one.path().is_ident("derive");
                for (name, which) in [
                    ("OrgScoped", Which::OrgScoped),
                    ("OrgInput", Which::OrgInput),
                    ("OrgChangeset", Which::OrgChangeset),
                    ("OrgFilter", Which::OrgFilter),
                ] {
                    if derives.contains(name) {
                        self.add(which, TokenStream::new(), without(&others));
                    }
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item(&mut self, item: &'ast Item) {
        macro_rules! attributes {
            ($($kind:ident),*) => {
                match item {
                    $(Item::$kind(item) => self.item(&item.attrs, |keep| {
                        let mut item = item.clone();
                        let attributes = std::mem::take(&mut item.attrs).into_iter().enumerate();
                        let kept = attributes.filter(|(at, attribute)| keep(*at, attribute));
                        item.attrs = kept.map(|(_, attribute)| attribute).collect();
                        quote!(#item)
                    }),)*
                    _ => {}
                }
            };
        }
        attributes!(Struct, Fn, Mod, Impl);
        let outer = self.within;
        self.within |= match item {
            Item::Mod(item) => is_protected(&item.attrs),
            Item::Impl(item) => is_protected(&item.attrs),
            _ => false,
        };
        syn::visit::visit_item(self, item);
        self.within = outer;
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        let last = item.path.segments.last();
        if last.is_some_and(|last| last.ident == "policy") {
            self.add(Which::Policy, TokenStream::new(), &item.tokens);
        }
    }
}

fn is_protected(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|one| one.path().is_ident("protected"))
}

/// The uses in the files that compile, of which there are many.
pub(crate) fn accepted() -> Vec<Use> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui-tests/accepts");
    let files = std::fs::read_dir(folder).expect("the accepted files");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| uses(path)).collect()
}

/// The uses in a file.
pub(crate) fn uses(path: &std::path::Path) -> Vec<Use> {
    let text = std::fs::read_to_string(path).expect("a text");
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let mut uses = Uses {
        file: file.unwrap_or_default(),
        within: false,
        found: Vec::new(),
    };
    uses.visit_file(&syn::parse_file(&text).expect("Rust"));
    uses.found
}

/// The stream as it is typed: each of its beginnings, at any depth, with what is open closed.
fn prefixes(stream: &TokenStream, each: &mut dyn FnMut(TokenStream)) {
    let mut before = TokenStream::new();
    each(before.clone());
    for token in stream.clone() {
        if let TokenTree::Group(group) = &token {
            prefixes(&group.stream(), &mut |inner| {
                let mut begun = Group::new(group.delimiter(), inner);
                begun.set_span(group.span());
                let mut typed = before.clone();
                typed.extend([TokenTree::from(begun)]);
                each(typed);
            });
        }
        before.extend([token]);
        each(before.clone());
    }
}

/// Calls a function with every stream that differs from this one in one place, at any depth.
fn mutants(stream: &TokenStream, each: &mut dyn FnMut(TokenStream)) {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let with = |at: usize, remove: usize, put: &[TokenTree]| -> TokenStream {
        let (before, after) = (&tokens[..at], &tokens[at + remove..]);
        [before, put, after].concat().into_iter().collect()
    };
    for (at, token) in tokens.iter().enumerate() {
        each(with(at, 1, &[]));
        each(with(at, 0, std::slice::from_ref(token)));
        if let Some(next) = tokens.get(at + 1) {
            each(with(at, 2, &[next.clone(), token.clone()]));
        }
        for other in others(token.span()) {
            each(with(at, 1, &[other]));
        }
        if let TokenTree::Group(group) = token {
            mutants(&group.stream(), &mut |inner| {
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                each(with(at, 1, &[changed.into()]));
            });
        }
    }
}

/// The number of tokens, at any depth.
fn count(stream: &TokenStream) -> usize {
    let tokens = stream.clone().into_iter();
    tokens
        .map(|token| match token {
            TokenTree::Group(group) => 1 + count(&group.stream()),
            _ => 1,
        })
        .sum()
}

/// The stream with the token at a place changed, for which no more is to be done.
fn change(stream: &TokenStream, at: &mut Option<usize>, how: u8) -> TokenStream {
    let mut changed = Vec::new();
    let mut tokens = stream.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let before = *at;
        *at = before.and_then(|at| at.checked_sub(1));
        if before == Some(0) {
            match how {
                0 => {}
                1 => changed.extend([token.clone(), token]),
                2 => changed.extend(tokens.next().into_iter().chain([token])),
                how => {
                    let others = others(token.span());
                    changed.push(others[usize::from(how) % others.len()].clone());
                }
            }
        } else if let (TokenTree::Group(group), Some(_)) = (&token, &at) {
            let mut inner = Group::new(group.delimiter(), change(&group.stream(), at, how));
            inner.set_span(group.span());
            changed.push(inner.into());
        } else {
            changed.push(token);
        }
    }
    changed.into_iter().collect()
}

/// What a token is replaced by.
fn others(span: Span) -> Vec<TokenTree> {
    let tokens = quote!(x 1 "text" , = | fn);
    let mut others: Vec<TokenTree> = tokens.into_iter().collect();
    others.push(Group::new(Delimiter::Parenthesis, TokenStream::new()).into());
    others.iter_mut().for_each(|token| token.set_span(span));
    others
}

/// What is wrong with what a use expands to, if anything.
pub(crate) fn wrong(one: &Use) -> Option<&'static str> {
    let Ok(expanded) = catch_unwind(AssertUnwindSafe(|| one.expand())) else {
        return Some("it panics");
    };
    if !one.is_possible() {
        return None;
    }
    if syn::parse2::<syn::File>(expanded.clone()).is_err() {
        return Some("what comes out is no Rust");
    }
    // Of an attribute without anything in parentheses, the attribute itself is the place.
    let is_bare = one.which == Which::Protected && one.arguments.is_empty();
    // A fuzzer's build has no places.
    let has_place = cfg!(fuzzing) || is_bare || !told_nowhere(expanded.clone());
    if !has_place {
        return Some("it is told nowhere");
    }
    (!have_codes(expanded)).then_some("an error does not end with its code")
}

/// Whether every error ends with the code under which `docs/errors.md` explains it.
fn have_codes(expanded: TokenStream) -> bool {
    let mut is_error = false;
    expanded.into_iter().all(|token| match token {
        TokenTree::Ident(name) => {
            is_error = name == "compile_error";
            true
        }
        TokenTree::Group(group) if std::mem::take(&mut is_error) => {
            let text = group.stream().to_string();
            let code = text
                .strip_suffix("]\"")
                .and_then(|text| text.rsplit_once(" [org"));
            code.is_some_and(|(_, number)| number.parse::<u8>().is_ok())
        }
        TokenTree::Group(group) => have_codes(group.stream()),
        _ => true,
    })
}

/// Whether an error has no place in the input.
fn told_nowhere(expanded: TokenStream) -> bool {
    expanded.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "compile_error" && name.span().byte_range().is_empty(),
        TokenTree::Group(group) => told_nowhere(group.stream()),
        _ => false,
    })
}

#[test]
fn every_accepted_use_expands_without_an_error() {
    let accepted = accepted();
    assert!(accepted.len() > 200, "{}", accepted.len());
    for one in accepted {
        let expanded = one.expand();
        assert!(wrong(&one).is_none(), "{}", one.file);
        let text = expanded.to_string();
        assert!(
            one.within || !text.contains("compile_error"),
            "{}: {text}",
            one.file
        );
    }
}

/// What is typed in the body of a handler, and in the parentheses above it, leaves the handler where it is.
#[test]
fn a_handler_survives_while_it_is_typed() {
    let mut typed = 0;
    for one in accepted() {
        let tokens: Vec<TokenTree> = one.item.clone().into_iter().collect();
        let (Ok(syn::Item::Fn(function)), Some(TokenTree::Group(body))) =
            (syn::parse2(one.item.clone()), tokens.last())
        else {
            continue;
        };
        let mut check = |mutant: Use, body: &TokenStream| {
            typed += 1;
            let expanded = mutant.expand();
            let (text, name) = (expanded.to_string(), &function.sig.ident);
            let is_there = text.contains(&format!("fn {name}")) && text.contains(&body.to_string());
            assert!(is_there, "{}: {} became {text}", mutant.file, mutant.item);
        };
        prefixes(&one.arguments, &mut |arguments| {
            check(
                Use {
                    arguments,
                    ..one.clone()
                },
                &body.stream(),
            );
        });
        prefixes(&body.stream(), &mut |inner| {
            let group = TokenTree::from(Group::new(Delimiter::Brace, inner.clone()));
            let (_, before) = tokens.split_last().expect("a function");
            let item = before.iter().cloned().chain([group]).collect();
            check(
                Use {
                    item,
                    ..one.clone()
                },
                &inner,
            );
        });
    }
    assert!(typed > 1_000, "{typed}");
}

#[test]
fn no_mutant_panics_and_what_comes_out_is_rust() {
    // Their panics are counted, and not shown.
    const QUIET: &str = "mutants";
    let show = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() != Some(QUIET) {
            show(info);
        }
    }));
    // Tokens stay in their thread.
    let threads = [0, 1].map(|half| {
        let uses = move || accepted().into_iter().skip(half).step_by(2);
        let thread = std::thread::Builder::new().name(QUIET.to_owned());
        thread.spawn(move || mutate_all(uses())).expect("a thread")
    });
    let counts = threads.map(|thread| thread.join().expect("no panic"));
    let number: usize = counts.iter().map(|(number, _)| number).sum();
    let failed: Vec<&String> = counts.iter().flat_map(|(_, failed)| failed).collect();
    assert!(
        failed.is_empty(),
        "{} of {number}: {:#?}",
        failed.len(),
        &failed[..failed.len().min(12)]
    );
    assert!(number >= 100_000, "{number} mutants");
}

/// The number of mutants, and those with which something is wrong.
fn mutate_all(uses: impl Iterator<Item = Use>) -> (usize, Vec<String>) {
    let (mut number, mut failed) = (0, Vec::new());
    for one in uses {
        let mut check = |mutant: Use| {
            number += 1;
            if let Some(wrong) = wrong(&mutant) {
                failed.push(format!("{wrong}: {mutant}"));
            }
        };
        mutants(&one.arguments, &mut |arguments| {
            check(Use {
                arguments,
                ..one.clone()
            })
        });
        mutants(&one.item, &mut |item| {
            check(Use {
                item,
                ..one.clone()
            })
        });
    }
    (number, failed)
}

/// Several changes at once, a few of them; the fuzz target `macros` tries more.
#[test]
fn several_changes_at_once_are_told_as_well() {
    let accepted = accepted();
    let mut random = 1_u32;
    let mut next = || {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize
    };
    for _ in 0..5_000 {
        let one = accepted[next() % accepted.len()].clone();
        let changes = 2 + next() % 4;
        let mutant =
            (0..changes).fold(one, |mutant, _| mutant.changed((next(), next() as u8 % 12)));
        assert_eq!(wrong(&mutant), None, "{mutant}");
    }
}
