//! The macros, given what they accept with several tokens changed at once: no panic, what comes out is Rust, and every error has a code.
//! `cargo test -p orgscope-macros` changes one token of each, everywhere; this goes on from there.
#![no_main]
// Of a crate of macros, nobody can call a function: its modules are taken in, with what only the crate and its tests use.
#![allow(dead_code, unfulfilled_lint_expectations, unused_imports)]

extern crate proc_macro;

use std::cell::{OnceCell, RefCell};

use libfuzzer_sys::fuzz_target;

#[path = "../../macros/src/authenticators.rs"]
mod authenticators;
#[path = "../../macros/src/bundle.rs"]
mod bundle;
#[path = "../../macros/src/filter/mod.rs"]
mod filter;
#[path = "../../macros/src/input/mod.rs"]
mod input;
#[path = "../../macros/src/keys.rs"]
mod keys;
#[path = "../../macros/src/mutations.rs"]
mod mutations;
#[path = "../../macros/src/org_scoped/mod.rs"]
mod org_scoped;
#[path = "../../macros/src/policy/mod.rs"]
mod policy;
#[path = "../../macros/src/problems.rs"]
mod problems;
#[path = "../../macros/src/protected/mod.rs"]
mod protected;
#[path = "../../macros/src/runtime_path.rs"]
mod runtime_path;
#[path = "../../macros/src/suggest.rs"]
mod suggest;
#[path = "../../macros/src/ungroup.rs"]
mod ungroup;
#[path = "../../macros/src/whole.rs"]
mod whole;

thread_local! {
    static ACCEPTED: OnceCell<Vec<mutations::Use>> = const { OnceCell::new() };
    static MUTANT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A panic ends the fuzzer at once: what caused it is shown before.
fn show_mutants() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        MUTANT.with_borrow(|mutant| eprintln!("{mutant}"));
        abort(info);
    }));
}

// Which use; then, for each change, where it is and what.
fuzz_target!(init: show_mutants(), |input: (u16, Vec<(u16, u8)>)| {
    let (which, changes) = input;
    ACCEPTED.with(|accepted| {
        let accepted = accepted.get_or_init(mutations::accepted);
        let mutant = accepted[usize::from(which) % accepted.len()].clone();
        let changes = changes.iter().map(|(at, what)| (usize::from(*at), *what));
        let mutant = changes.take(12).fold(mutant, mutations::Use::changed);
        MUTANT.set(mutant.to_string());
        if let Some(wrong) = mutations::wrong(&mutant) {
            panic!("{wrong}");
        }
    });
});
