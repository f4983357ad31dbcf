//! The macros, given what they accept with several tokens changed at once: no panic, what comes out is Rust, and every error has a place and a
//! code. `cargo test -p orgscope-macros` changes one token of each, everywhere; this goes on from there.
#![no_main]
// Of a crate of macros, nobody can call a function: its modules are taken in.
#![allow(dead_code, unused_imports)]

use std::cell::OnceCell;

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
}

// Which use; then, for each change, where it is and what.
fuzz_target!(|input: (u16, Vec<(u16, u8)>)| {
    let (which, changes) = input;
    ACCEPTED.with(|accepted| {
        let accepted = accepted.get_or_init(mutations::accepted);
        let mutant = accepted[usize::from(which) % accepted.len()].clone();
        let changes = changes.iter().map(|(at, what)| (usize::from(*at), *what));
        let mutant = changes.take(12).fold(mutant, mutations::Use::changed);
        if let Some(wrong) = mutations::wrong(&mutant) {
            panic!("{wrong}: {mutant}");
        }
    });
});
