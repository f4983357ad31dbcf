//! A policy that says nothing is a mistake: always true, always false, a part that is repeated or that can never decide. All
//! found by asking the tree for every combination of answers that its atoms can give.

use quote::ToTokens;

use super::{Kind, Policy};
use crate::problems::Problems;

/// Beyond this number of different atoms there are too many combinations to try.
const MOST_ATOMS: usize = 12;

const LOGIN: &str = "authenticated";

/// What the atoms of a policy can answer together.
struct Worlds {
    /// The names of the atoms; the login is always one of them, because negation asks for it.
    atoms: Vec<String>,
    /// The combinations, an atom a bit.
    possible: Vec<usize>,
}

/// What stands in for a part of the tree.
#[derive(Clone, Copy)]
struct Instead<'a> {
    part: &'a Policy,
    value: bool,
}

impl Policy {
    /// Reports what says nothing in it; whether there is no such thing.
    pub(super) fn check(&self, problems: &mut Problems) -> bool {
        if let Some(double) = self.double_negation() {
            problems.at(
                &double.at,
                "two negations undo each other; remove both [org20]",
            );
            return false;
        }
        let Some(worlds) = Worlds::of(self) else {
            return true;
        };
        if let Some(message) = worlds.constant(self) {
            problems.at(&self.at, message);
            return false;
        }
        let mut fine = true;
        self.check_parts(self, &worlds, &mut |at, message| {
            problems.at(at, message);
            fine = false;
        });
        fine
    }

    /// Reports a policy that can never hold together with its controller's.
    pub(super) fn check_possible(&self, controller: &Policy, problems: &mut Problems) -> bool {
        let names = |policy: &Policy| {
            let mut atoms = Vec::new();
            policy.atoms(&mut atoms);
            let there = atoms.into_iter().filter(|atom| atom.depends_on_place());
            there.map(super::Atom::text).collect::<Vec<_>>()
        };
        let (all, outer) = (names(self), names(controller));
        let ambiguous = |name| all.iter().filter(|other| *other == name).count() > 1;
        if outer.iter().any(ambiguous) {
            return true;
        }
        let never = Worlds::of(self)
            .is_some_and(|worlds| !worlds.any(|world| worlds.holds(self, world, None)));
        if never {
            let controller = controller.text();
            let message = format!(
                "nobody can pass this within the controller's `{controller}`; `override` replaces that [org25]"
            );
            problems.at(&self.at, message);
        }
        !never
    }

    fn double_negation(&self) -> Option<&Policy> {
        match &self.kind {
            Kind::Atom(_) => None,
            Kind::Not(inner) if matches!(inner.kind, Kind::Not(_)) => Some(self),
            Kind::Not(inner) | Kind::Elsewhere(_, inner) => inner.double_negation(),
            Kind::And(a, b) | Kind::Or(a, b) => a.double_negation().or_else(|| b.double_negation()),
        }
    }

    /// `whole` is the tree that this one is a part of.
    fn check_parts(
        &self,
        whole: &Policy,
        worlds: &Worlds,
        report: &mut impl FnMut(&dyn ToTokens, String),
    ) {
        match &self.kind {
            Kind::Atom(_) => {}
            Kind::Not(inner) | Kind::Elsewhere(_, inner) => {
                inner.check_parts(whole, worlds, report)
            }
            Kind::Or(a, b) => {
                // The later of two equal alternatives is the one too many.
                let useless = [&**b, &**a].into_iter().find(|part| {
                    let value = false;
                    worlds.same(whole, Instead { part, value })
                });
                match useless {
                    Some(part) => report(&part.at, worlds.useless(part)),
                    None => {
                        a.check_parts(whole, worlds, report);
                        b.check_parts(whole, worlds, report);
                    }
                }
            }
            Kind::And(..) => {
                let mut operands = Vec::new();
                self.operands(&mut operands);
                for (at, part) in operands.iter().enumerate() {
                    let text = part.text();
                    if operands
                        .iter()
                        .take(at)
                        .any(|earlier| earlier.text() == text)
                    {
                        report(&part.at, format!("`{text}` is repeated; remove it [org24]"));
                    } else if worlds.all(|world| worlds.holds(part, world, None)) {
                        report(
                            &part.at,
                            format!("`{text}` always holds and changes nothing here [org23]"),
                        );
                    } else {
                        part.check_parts(whole, worlds, report);
                    }
                }
            }
        }
    }

    /// The parts of a chain of `&`.
    fn operands<'a>(&'a self, operands: &mut Vec<&'a Policy>) {
        match &self.kind {
            Kind::And(a, b) => {
                a.operands(operands);
                b.operands(operands);
            }
            _ => operands.push(self),
        }
    }

    fn atoms<'a>(&'a self, atoms: &mut Vec<&'a super::Atom>) {
        match &self.kind {
            Kind::Atom(atom) => atoms.push(atom),
            Kind::Not(a) | Kind::Elsewhere(_, a) => a.atoms(atoms),
            Kind::And(a, b) | Kind::Or(a, b) => {
                a.atoms(atoms);
                b.atoms(atoms);
            }
        }
    }
}

impl Worlds {
    /// `None` for too many atoms.
    fn of(policy: &Policy) -> Option<Worlds> {
        let mut leaves = Vec::new();
        policy.atoms(&mut leaves);
        let mut atoms = vec![LOGIN.to_owned()];
        let mut implied = vec![Vec::new()];
        for leaf in leaves {
            let name = leaf.text();
            if !atoms.contains(&name) {
                atoms.push(name);
                implied.push(leaf.implied());
            }
        }
        if atoms.len() > MOST_ATOMS {
            return None;
        }
        let at = |name: &str| atoms.iter().position(|atom| atom == name);
        let consistent = |world: &usize| {
            atoms
                .iter()
                .zip(&implied)
                .enumerate()
                .all(|(bit, (name, implied))| {
                    let holds = world >> bit & 1 == 1;
                    let all_implied = || {
                        let mut bits = implied.iter().filter_map(|name| at(name));
                        bits.all(|bit| world >> bit & 1 == 1)
                    };
                    if name == "anyone" {
                        holds
                    } else {
                        !holds || all_implied()
                    }
                })
        };
        let possible = (0..1_usize << atoms.len()).filter(consistent).collect();
        Some(Worlds { atoms, possible })
    }

    fn holds(&self, policy: &Policy, world: usize, instead: Option<Instead<'_>>) -> bool {
        if let Some(instead) = instead.filter(|instead| std::ptr::eq(instead.part, policy)) {
            return instead.value;
        }
        let is = |name: &str| {
            let bit = self.atoms.iter().position(|atom| atom == name);
            bit.is_some_and(|bit| world >> bit & 1 == 1)
        };
        match &policy.kind {
            Kind::Atom(atom) => is(&atom.text()),
            Kind::Elsewhere(_, inner) => self.holds(inner, world, instead),
            Kind::And(a, b) => self.holds(a, world, instead) && self.holds(b, world, instead),
            Kind::Or(a, b) => self.holds(a, world, instead) || self.holds(b, world, instead),
            // Negation admits nobody without a login.
            Kind::Not(a) => is(LOGIN) && !self.holds(a, world, instead),
        }
    }

    fn all(&self, holds: impl Fn(usize) -> bool) -> bool {
        self.possible.iter().all(|world| holds(*world))
    }

    fn any(&self, holds: impl Fn(usize) -> bool) -> bool {
        self.possible.iter().any(|world| holds(*world))
    }

    /// Whether the whole means the same with another part.
    fn same(&self, whole: &Policy, instead: Instead<'_>) -> bool {
        self.all(|world| self.holds(whole, world, None) == self.holds(whole, world, Some(instead)))
    }

    /// What is wrong with a policy that does not depend on its atoms.
    fn constant(&self, policy: &Policy) -> Option<String> {
        if let Kind::Atom(_) = policy.kind {
            return None;
        }
        let holds = |world| self.holds(policy, world, None);
        let login = |world: usize| world & 1 == 1;
        if !self.any(holds) {
            return Some("nobody can pass this policy: it is always false [org22]".to_owned());
        }
        if self.all(holds) {
            return Some(
                "this policy is always true; if everybody may call this, write `anyone` [org21]"
                    .to_owned(),
            );
        }
        let same_as_login = self.all(|world| holds(world) == login(world));
        same_as_login.then(|| {
            "this policy is true for every caller who is logged in; write `authenticated` [org21]"
                .to_owned()
        })
    }

    fn useless(&self, part: &Policy) -> String {
        let text = part.text();
        if !self.any(|world| self.holds(part, world, None)) {
            return format!("`{text}` is always false and can never decide; remove it [org23]");
        }
        format!("`{text}` can never decide: whoever passes it passes without it; remove it [org23]")
    }
}
