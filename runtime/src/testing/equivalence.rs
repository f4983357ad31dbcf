//! List = single row = delete = the rules, for the rows that a database holds.

use std::fmt;

use super::callers::Caller;
use super::subject::{Seen, Subject, answers, seen};
use super::truth::Home;
use crate::access::Access;
use crate::connection::{Answers, Kind};
use crate::key::Key;
use crate::model::Keyed;
use crate::policy;
use crate::role::Role;
use crate::transaction::Transaction;

/// How many organizations callers have roles in.
const ORGANIZATIONS: usize = 3;

/// What was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Equivalence {
    /// The number of answers that were compared with the rules.
    pub decisions: usize,
    /// What differs, in words.
    pub differences: Vec<String>,
    /// How many organizations have rows.
    pub organizations: usize,
}

impl Equivalence {
    /// Panics where something differs, and where there was too little to tell one organization from another.
    ///
    /// # Panics
    /// With what differs.
    #[track_caller]
    #[allow(clippy::panic)]
    pub fn assert_holds(&self) {
        if self.organizations < 2 {
            panic!(
                "rows of {} organizations show nothing: seed rows of at least two",
                self.organizations
            );
        }
        if !self.differences.is_empty() {
            panic!("{self}");
        }
    }
}

impl Equivalence {
    /// Compares what a caller got of a row with what the rules give.
    fn compare<M: Keyed<Key: fmt::Debug>>(
        &mut self,
        caller: &Caller<M::OrgKey>,
        role: Role,
        row: &Seen<M>,
        is: [bool; 3],
    ) {
        let (reads, writes) = (
            caller.reads(role, &row.home),
            caller.writes(role, &row.home),
        );
        let asked = [("listed", reads), ("found", reads), ("deleted", writes)];
        for ((what, should), is) in asked.into_iter().zip(is) {
            self.decisions += 1;
            if is != should {
                let (model, caller, key) = (M::NAME, &caller.name, &row.key);
                let not = if is { "" } else { "not " };
                self.differences.push(format!(
                    "{model} {key:?} is {not}{what} for {caller} where {role} is asked for"
                ));
            }
        }
    }
}

impl fmt::Display for Equivalence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        let (decisions, differences) = (self.decisions, self.differences.len());
        write!(f, "{decisions} decisions, {differences} differences")
    }
}

/// Compares, for every row of the model `M` in a database and for callers with each role in the first organizations, what a list shows, what a get
/// finds and what a delete takes with what the rules say of the row's organization. Deletes are undone. For a database with some hundred rows.
///
/// # Errors
/// What the database reports.
pub fn equivalence<'c, M, C, K>(conn: &'c mut C) -> K::Answer<'c, Equivalence>
where
    M: Subject<C, K> + 'c,
    C: Answers<K> + Transaction<K> + Send,
    K: Kind,
{
    K::in_turn(async move {
        let rows = seen::<M, C, K>(&mut *conn).await?;
        let organizations = organizations(&rows);
        let mut report = Equivalence {
            organizations: organizations.len(),
            ..Equivalence::default()
        };
        for caller in callers(&organizations) {
            for (role, access) in [
                (Role::Member, Access::of::<policy::Member>()),
                (Role::Manager, Access::of::<policy::Manager>()),
                (Role::Owner, Access::of::<policy::Owner>()),
            ] {
                let answers = answers::<M, C, K>(&caller, access, &rows, &mut *conn).await?;
                for (row, is) in rows.iter().zip(answers) {
                    report.compare(&caller, role, row, is);
                }
            }
        }
        Ok(report)
    })
}

/// The organizations that have rows, in order.
fn organizations<M: Keyed>(rows: &[Seen<M>]) -> Vec<M::OrgKey> {
    let mut keys: Vec<_> = rows
        .iter()
        .filter_map(|row| match &row.home {
            Home::Of(key) => Some(key.clone()),
            Home::Shared | Home::Nobody => None,
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A stranger, a superuser, and who has one role or two.
fn callers<K: Key>(organizations: &[K]) -> Vec<Caller<K>> {
    let some = &organizations[..organizations.len().min(ORGANIZATIONS)];
    let mut callers = vec![Caller::anonymous(), Caller::stranger(), Caller::superuser()];
    for key in some {
        callers.extend(Role::ALL.map(|role| Caller::with(&[(key, role)])));
    }
    for pair in some.windows(2) {
        for (one, other) in [(Role::Member, Role::Manager), (Role::Owner, Role::Member)] {
            callers.push(Caller::with(&[(&pair[0], one), (&pair[1], other)]));
        }
    }
    callers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(differences: &[&str], organizations: usize) -> Equivalence {
        Equivalence {
            decisions: 9,
            differences: differences.iter().map(|text| (*text).to_owned()).collect(),
            organizations,
        }
    }

    #[test]
    fn nothing_is_asserted_of_nothing() {
        report(&[], 2).assert_holds();
        for wrong in [
            report(&["Device 1 is listed for stranger"], 2),
            report(&[], 1),
            report(&[], 0),
        ] {
            assert!(std::panic::catch_unwind(|| wrong.assert_holds()).is_err());
        }
        assert_eq!(
            report(&["x"], 2).to_string(),
            "x\n9 decisions, 1 differences"
        );
    }
}
