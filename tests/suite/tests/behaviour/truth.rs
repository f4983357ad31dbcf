//! The types that the macro makes, run over every combination of answers: all trees of up to three atoms, and those of four
//! without negations. That the macro makes the right types of all trees of four atoms, its own tests show.

use orgscope::Access;
use orgscope::policy::{Answer, Asked, Check, Permission, Policy};
use orgscope::prelude::*;

use crate::support::*;

/// `None` is "unavailable".
type Truth = Option<bool>;

/// An atom whose answer the caller brings along.
macro_rules! atoms {
    ($($name:ident: $number:literal;)*) => {$(
        struct $name;

        impl Permission for $name {
            fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
                let says = |word: &str| {
                    let codename = format!("t{}.{word}", $number);
                    asked.caller().has_permission(&codename) == Some(true)
                };
                match (says("yes"), says("no")) {
                    (true, false) => Answer::Yes.into(),
                    (false, true) => Answer::No.into(),
                    _ => Answer::Unavailable("nobody knows".into()).into(),
                }
            }
        }
    )*};
}

atoms! { T0: 0; T1: 1; T2: 2; T3: 3; }

/// Every combination of answers of four atoms, with a caller who brings them.
fn worlds() -> Vec<([Truth; 4], Principal)> {
    let world = |number: usize| {
        let answer = |atom: u32| [Some(false), None, Some(true)][number / 3_usize.pow(atom) % 3];
        let answers = [answer(0), answer(1), answer(2), answer(3)];
        let permissions = answers.iter().enumerate().filter_map(|(atom, answer)| {
            answer.map(|answer| format!("t{atom}.{}", if answer { "yes" } else { "no" }))
        });
        let caller = Principal::new(1, false, [(A, Role::Member)]).with_permissions(permissions);
        (answers, caller)
    };
    (0..81).map(world).collect()
}

/// Evaluates the text of an expression, by a grammar of its own: alternatives of conjunctions of negations.
struct Interpreter<'a> {
    tokens: Vec<char>,
    answers: &'a [Truth; 4],
}

impl Interpreter<'_> {
    fn evaluate(text: &str, answers: &[Truth; 4]) -> Truth {
        let tokens = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != 'T');
        let mut interpreter = Interpreter {
            tokens: tokens.rev().collect(),
            answers,
        };
        let truth = interpreter.alternatives();
        assert!(interpreter.tokens.is_empty(), "{text}");
        truth
    }

    fn next_is(&mut self, token: char) -> bool {
        let is = self.tokens.last() == Some(&token);
        if is {
            self.tokens.pop();
        }
        is
    }

    fn alternatives(&mut self) -> Truth {
        let mut truth = self.conjunction();
        while self.next_is('|') {
            let other = self.conjunction();
            truth = match (truth, other) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        truth
    }

    fn conjunction(&mut self) -> Truth {
        let mut truth = self.operand();
        while self.next_is('&') {
            let other = self.operand();
            truth = match (truth, other) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        truth
    }

    fn operand(&mut self) -> Truth {
        if self.next_is('!') {
            return self.operand().map(|truth| !truth);
        }
        if self.next_is('(') {
            let truth = self.alternatives();
            assert!(self.next_is(')'));
            return truth;
        }
        let number = self.tokens.pop().and_then(|digit| digit.to_digit(10));
        self.answers[number.expect("an atom") as usize]
    }
}

fn agrees<P: Policy>(text: &str, worlds: &[([Truth; 4], Principal)]) {
    for (answers, caller) in worlds {
        let decided = match caller.admitted(const { Access::of::<P>() }) {
            Ok(()) => Some(true),
            Err(Denied::Undecided) => None,
            Err(_) => Some(false),
        };
        assert_eq!(
            decided,
            Interpreter::evaluate(text, answers),
            "{text} of {answers:?}"
        );
    }
}

macro_rules! check {
    ($worlds:ident, $tree:tt) => {{
        policy! { Checked = $tree; }
        agrees::<Checked>(stringify!($tree), &$worlds);
    }};
}

/// Calls `$next` with the two trees joined in both ways, with and without a negation.
macro_rules! join {
    ($next:ident, $worlds:ident, $a:tt, $b:tt) => {
        $next!($worlds, ($a & $b));
        $next!($worlds, ($a | $b));
        $next!($worlds, (!($a & $b)));
        $next!($worlds, (!($a | $b)));
    };
}

/// Joins the tree with the third atom, on either side.
macro_rules! join_third {
    ($worlds:ident, $ab:tt) => {
        join!(check, $worlds, $ab, T2);
        join!(check, $worlds, $ab, (!T2));
        join!(check, $worlds, T2, $ab);
        join!(check, $worlds, (!T2), $ab);
    };
}

/// Trees of four atoms in their five shapes.
macro_rules! shapes_of_four {
    ($worlds:ident, $([$x:tt $y:tt $z:tt])*) => {$(
        check!($worlds, (((T0 $x T1) $y T2) $z T3));
        check!($worlds, ((T0 $x (T1 $y T2)) $z T3));
        check!($worlds, ((T0 $x T1) $y (T2 $z T3)));
        check!($worlds, (T0 $x ((T1 $y T2) $z T3)));
        check!($worlds, (T0 $x (T1 $y (T2 $z T3))));
        check!($worlds, (T0 $x T1 $y T2 $z T3));
    )*};
}

#[test]
fn trees_of_two_atoms() {
    let worlds = worlds();
    check!(worlds, T0);
    check!(worlds, (!T0));
    join!(check, worlds, T0, T1);
    join!(check, worlds, (!T0), T1);
    join!(check, worlds, T0, (!T1));
    join!(check, worlds, (!T0), (!T1));
}

#[test]
fn trees_of_three_atoms() {
    let worlds = worlds();
    join!(join_third, worlds, T0, T1);
    join!(join_third, worlds, (!T0), T1);
    join!(join_third, worlds, T0, (!T1));
    join!(join_third, worlds, (!T0), (!T1));
}

#[test]
fn trees_of_four_atoms() {
    let worlds = worlds();
    shapes_of_four!(worlds, [& & &] [& & |] [& | &] [& | |] [| & &] [| & |] [| | &] [| | |]);
}

#[test]
fn no_negation_admits_a_caller_without_a_login() {
    use orgscope::facts::Caller;
    use orgscope::policy::{And, Anyone, Manager, Not, Or, Question, Verdict};
    let anonymous = Question::of(Caller::ANONYMOUS);
    let denied = |verdict| matches!(verdict, Verdict::Denied(_));
    assert!(denied(<Not<Manager>>::decide(&anonymous)));
    assert!(denied(<Not<Not<Manager>>>::decide(&anonymous)));
    assert!(denied(<Not<Anyone>>::decide(&anonymous)));
    assert!(denied(<And<Anyone, Not<Manager>>>::decide(&anonymous)));
    assert!(denied(<Or<Manager, Not<Anyone>>>::decide(&anonymous)));
}
