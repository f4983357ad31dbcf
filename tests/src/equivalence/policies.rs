//! Policies as data, and the types of the library that they stand for.
//!
//! A tree's shape is a type made of the library's own `And`, `Or` and `Not`; its atoms are looked up when they are asked, so that some hundred types
//! are all policies of up to three atoms.

use std::cell::RefCell;

use orgscope::Access;
use orgscope::Facts;
use orgscope::policy::{
    And, Anyone, Authenticated, CanEdit, CanView, Explanation, FormerSubscriber, Manager, Member,
    Needs, Not, Or, Owner, Owns, Policy, Question, Root, Subscriber, Verdict,
};
use orgscope::prelude::*;

/// The atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    Anyone,
    Authenticated,
    Member,
    Manager,
    Owner,
    Root,
    Subscriber,
    FormerSubscriber,
    InGroup,
    MayExport,
    CanView,
    CanEdit,
    Owns,
}

policy! {
    InGroup = in_group(1);
    MayExport = perm("app.export");
}

impl Atom {
    pub const ALL: [Atom; 13] = [
        Atom::Anyone,
        Atom::Authenticated,
        Atom::Member,
        Atom::Manager,
        Atom::Owner,
        Atom::Root,
        Atom::Subscriber,
        Atom::FormerSubscriber,
        Atom::InGroup,
        Atom::MayExport,
        Atom::CanView,
        Atom::CanEdit,
        Atom::Owns,
    ];

    /// Those whose answers depend on the row, and two that do not.
    const TELLING: [Atom; 7] = [
        Atom::Authenticated,
        Atom::Member,
        Atom::Manager,
        Atom::Owner,
        Atom::Root,
        Atom::CanView,
        Atom::CanEdit,
    ];

    /// What the library says.
    fn decide(self, question: &Question<'_>) -> Verdict {
        match self {
            Atom::Anyone => Anyone::decide(question),
            Atom::Authenticated => Authenticated::decide(question),
            Atom::Member => Member::decide(question),
            Atom::Manager => Manager::decide(question),
            Atom::Owner => Owner::decide(question),
            Atom::Root => Root::decide(question),
            Atom::Subscriber => Subscriber::decide(question),
            Atom::FormerSubscriber => FormerSubscriber::decide(question),
            Atom::InGroup => InGroup::decide(question),
            Atom::MayExport => MayExport::decide(question),
            Atom::CanView => CanView::decide(question),
            Atom::CanEdit => CanEdit::decide(question),
            Atom::Owns => Owns::decide(question),
        }
    }
}

/// A policy: the number of its shape, and its atoms.
#[derive(Clone, Copy, Debug)]
pub struct Tree {
    pub shape: usize,
    pub atoms: [Atom; 3],
}

impl Tree {
    /// The policy of whoever has logged in.
    pub fn authenticated() -> Tree {
        let (shape, atoms) = (0, [Atom::Authenticated; 3]);
        Tree { shape, atoms }
    }

    pub fn random(random: &mut fastrand::Rng) -> Tree {
        let mut atom = || Atom::ALL[random.usize(..Atom::ALL.len())];
        let atoms = [atom(), atom(), atom()];
        let shape = random.usize(..shapes::SHAPES.len());
        Tree { shape, atoms }
    }

    /// Every policy of up to so many of the telling atoms.
    pub fn all(most: usize) -> impl Iterator<Item = Tree> {
        let shapes = 0..shapes::SHAPES.len();
        let shapes = shapes.filter(move |shape| shapes::SHAPES[*shape].atoms <= most);
        shapes.flat_map(|shape| {
            let atoms = shapes::SHAPES[shape].atoms;
            let telling = Atom::TELLING;
            (0..telling
                .len()
                .pow(u32::try_from(atoms).expect("three at most")))
                .map(move |number| {
                    let at =
                        |place: u32| telling[number / telling.len().pow(place) % telling.len()];
                    let atoms = [at(0), at(1), at(2)];
                    Tree { shape, atoms }
                })
        })
    }

    /// The policy as the library has it; its atoms are those in use.
    pub fn access(&self) -> Access {
        shapes::SHAPES[self.shape].access
    }

    /// What the policy says, if its atoms say this.
    pub fn says(&self, atom: &impl Fn(Atom) -> Truth) -> Truth {
        (shapes::SHAPES[self.shape].says)(&|place| atom(self.atoms[place]))
    }
}

/// What an atom or a policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    No,
    /// Of some rows.
    Maybe,
    Yes,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }
}

impl std::ops::BitAnd for Truth {
    type Output = Truth;

    fn bitand(self, other: Truth) -> Truth {
        self.min(other)
    }
}

impl std::ops::BitOr for Truth {
    type Output = Truth;

    fn bitor(self, other: Truth) -> Truth {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::No => Truth::Yes,
            Truth::Maybe => Truth::Maybe,
            Truth::Yes => Truth::No,
        }
    }
}

/// The atom at a place of the tree in use.
struct At<const PLACE: usize>;

thread_local! {
    static IN_USE: RefCell<[Atom; 3]> = const { RefCell::new([Atom::Anyone; 3]) };
}

impl<const PLACE: usize> Policy for At<PLACE> {
    const NEEDS: Needs = Needs {
        rows: true,
        ..Needs::facts(Facts::ALL)
    };

    fn decide(question: &Question<'_>) -> Verdict {
        IN_USE.with_borrow(|atoms| atoms[PLACE].decide(question))
    }

    fn explain(question: &Question<'_>) -> Explanation {
        Anyone::explain(question)
    }
}

/// The shapes.
pub mod shapes {
    use super::*;

    /// A shape of trees.
    pub struct Shape {
        pub access: Access,
        pub atoms: usize,
        /// The same, of what stands at each place.
        pub says: fn(&dyn Fn(usize) -> Truth) -> Truth,
    }

    /// The atoms of this tree are those that are asked, on this thread.
    pub fn use_atoms(tree: &Tree) {
        IN_USE.set(tree.atoms);
    }

    macro_rules! of {
        (ty $place:literal) => { At<$place> };
        (ty ! $a:tt) => { Not<of!(in $a)> };
        (ty $a:tt & $b:tt) => { And<of!(in $a), of!(in $b)> };
        (ty $a:tt | $b:tt) => { Or<of!(in $a), of!(in $b)> };
        (in $place:literal) => { At<$place> };
        (in ($($tree:tt)+)) => { of!(ty $($tree)+) };
        (as $at:ident $place:literal) => { $at($place) };
        (as $at:ident ! $a:tt) => { !of!(of $at $a) };
        (as $at:ident $a:tt & $b:tt) => { of!(of $at $a) & of!(of $at $b) };
        (as $at:ident $a:tt | $b:tt) => { of!(of $at $a) | of!(of $at $b) };
        (of $at:ident $place:literal) => { $at($place) };
        (of $at:ident ($($tree:tt)+)) => { (of!(as $at $($tree)+)) };
    }

    macro_rules! shape {
        ($atoms:literal, $tree:tt) => {
            Shape {
                access: Access::of::<of!(in $tree)>(),
                atoms: $atoms,
                says: |at| of!(of at $tree),
            }
        };
    }

    /// Two trees joined, with and without a negation of the whole.
    macro_rules! joined {
        ($atoms:literal, $a:tt, $b:tt) => {
            [
                shape!($atoms, ($a & $b)),
                shape!($atoms, ($a | $b)),
                shape!($atoms, (!($a & $b))),
                shape!($atoms, (!($a | $b))),
            ]
        };
    }

    /// A tree joined with the third atom, which may be negated.
    macro_rules! with_third {
        ($($a:tt)*) => {
            [$(joined!(3, $a, 2), joined!(3, $a, (!2)), joined!(3, 2, $a), joined!(3, (!2), $a)),*]
        };
    }

    static ONE: [Shape; 2] = [shape!(1, (0)), shape!(1, (!0))];
    static TWO: [[Shape; 4]; 4] = [
        joined!(2, 0, 1),
        joined!(2, (!0), 1),
        joined!(2, 0, (!1)),
        joined!(2, (!0), (!1)),
    ];
    static THREE: [[Shape; 4]; 64] = with_third!((0 & 1)(0 | 1)(!(0 & 1))(!(0 | 1))((!0) & 1)(
        (!0) | 1
    )(!((!0) & 1))(!((!0) | 1))(0 & (!1))(
        0 | (!1)
    )(!(0 & (!1)))(!(0 | (!1)))((!0) & (!1))(
        (!0) | (!1)
    )(!((!0) & (!1)))(!((!0) | (!1))));

    /// All of them, of one, two and three atoms.
    pub static SHAPES: std::sync::LazyLock<Vec<&'static Shape>> = std::sync::LazyLock::new(|| {
        let two = TWO.iter().flatten();
        let three = THREE.iter().flatten();
        ONE.iter().chain(two).chain(three).collect()
    });
}
