//! List = single row = delete = the rules, for the rows that a database holds.

use std::fmt;

use super::callers::Caller;
use super::subject::{Seen, Subject, allowed, seen};
use super::truth::Home;
use crate::access::Access;
use crate::connection::{Answers, Kind};
use crate::key::Key;
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
                let scope = || caller.scope::<M>(access);
                let listed = K::wait(M::list(scope(), &mut *conn)).await?;
                let listed: Vec<M::Key> = listed.iter().map(M::key).collect();
                for row in &rows {
                    let got = K::wait(scope().get(row.key.clone(), &mut *conn)).await;
                    K::wait(conn.begin()).await?;
                    let deleted = K::wait(M::delete(scope(), row.key.clone(), &mut *conn)).await;
                    K::wait(conn.roll_back()).await?;
                    let (reads, writes) = (
                        caller.reads(role, &row.home),
                        caller.writes(role, &row.home),
                    );
                    for (what, is, should) in [
                        ("listed", listed.contains(&row.key), reads),
                        ("found", allowed(got)?, reads),
                        ("deleted", allowed(deleted)?, writes),
                    ] {
                        report.decisions += 1;
                        if is != should {
                            report.differences.push(format!(
                                "{} {:?} is {}{what} for {} where {role} is asked for",
                                M::NAME,
                                row.key,
                                if is { "" } else { "not " },
                                caller.name,
                            ));
                        }
                    }
                }
            }
        }
        Ok(report)
    })
}

/// The organizations that have rows, in order.
fn organizations<M: crate::model::Keyed>(rows: &[Seen<M>]) -> Vec<M::OrgKey> {
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
