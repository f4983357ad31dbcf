//! Who gets what of two organizations: a matrix of callers, rows and operations.

use std::collections::BTreeMap;
use std::fmt;

use super::callers::Caller;
use super::steps::{Creating, Filtering, Offering, Step, Updating};
use super::subject::{Seen, Subject, answers, seen};
use super::truth::Home;
use crate::access::Access;
use crate::choices::Choice;
use crate::connection::{Answers, Kind};
use crate::filter::OrgFilter;
use crate::identity::Tables;
use crate::model::{Keyed, OrgScoped};
use crate::path::Here;
use crate::policy::Manager;
use crate::principal::Principal;
use crate::role::Role;
use crate::scoped::Scoped;
use crate::transaction::Transaction;
use crate::write::{OrgChangeset, OrgInput, Writes};

/// What was asked, and for whom it should have been allowed.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// What each caller was allowed to do, by caller and by kind of rows.
    cells: BTreeMap<(usize, usize), Vec<&'static str>>,
    callers: Vec<String>,
    columns: Vec<String>,
    /// What was allowed and should not have been, or the reverse, in words.
    pub differences: Vec<String>,
    /// What kinds of rows there are too few of to show anything.
    pub missing: Vec<String>,
}

impl Matrix {
    /// Panics where a caller got more or less than the rules give, and where an organization has no rows.
    ///
    /// # Panics
    /// With the matrix and what differs.
    #[track_caller]
    #[allow(clippy::panic)]
    pub fn assert_isolated(&self) {
        if !self.differences.is_empty() || !self.missing.is_empty() {
            panic!(
                "{}\n{}\n{self}",
                self.differences.join("\n"),
                self.missing.join("\n")
            );
        }
    }

    pub(super) fn note(
        &mut self,
        caller: &str,
        column: &str,
        operation: &'static str,
        is: bool,
        should: bool,
    ) {
        let place = (
            index(&mut self.callers, caller),
            index(&mut self.columns, column),
        );
        let cell = self.cells.entry(place).or_default();
        if is && !cell.contains(&operation) {
            cell.push(operation);
        }
        if is != should {
            let verb = if is { "was allowed" } else { "was refused" };
            let difference = format!("{operation} of {column} {verb} for {caller}");
            if !self.differences.contains(&difference) {
                self.differences.push(difference);
            }
        }
    }
}

fn index(names: &mut Vec<String>, name: &str) -> usize {
    names
        .iter()
        .position(|known| known == name)
        .unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (row, caller) in self.callers.iter().enumerate() {
            writeln!(f, "{caller}")?;
            for (at, column) in self.columns.iter().enumerate() {
                let operations = self.cells.get(&(row, at));
                let operations = operations.map_or_else(String::new, |all| all.join(", "));
                let text = if operations.is_empty() {
                    "nothing"
                } else {
                    &operations
                };
                writeln!(f, "    {column}: {text}")?;
            }
        }
        Ok(())
    }
}

/// Two organizations, and what is asked of the rows of a model `M` beside lists, single rows and deletes.
///
/// Callers are the managers of both, a superuser, somebody without any role and nobody at all; rows are those of both organizations, and shared
/// ones. What is written is undone.
#[derive(Debug)]
pub struct Isolation<M: OrgScoped, S = ()> {
    a: M::OrgKey,
    b: M::OrgKey,
    place: fn(Principal<M::OrgKey>) -> Principal<M::OrgKey>,
    steps: S,
}

impl<M: OrgScoped> Isolation<M> {
    /// Between two organizations that have rows.
    pub fn between(a: M::OrgKey, b: M::OrgKey) -> Self {
        Isolation {
            a,
            b,
            place: |principal| principal,
            steps: (),
        }
    }
}

impl<M: OrgScoped, S> Isolation<M, S> {
    fn and<T>(self, step: T) -> Isolation<M, (S, T)> {
        let Isolation { a, b, place, steps } = self;
        let steps = (steps, step);
        Isolation { a, b, place, steps }
    }

    /// In a service whose organizations are in the tables `T`, where writes and filters look for them.
    #[must_use]
    pub fn stored_in<T: Tables<Organization = M::OrgKey>>(self) -> Self {
        let place = |principal: Principal<M::OrgKey>| principal.in_tables::<T>();
        Isolation { place, ..self }
    }

    /// Creates as well: the function makes a row of the organization that it is given.
    pub fn creating<I, F>(self, make: F) -> Isolation<M, (S, Creating<F>)>
    where
        I: OrgInput + Writes<Model = M>,
        F: Fn(&M::OrgKey) -> I,
    {
        self.and(Creating(make))
    }

    /// Updates as well, with changes that are right for every row.
    pub fn updating<I, F>(self, change: F) -> Isolation<M, (S, Updating<F>)>
    where
        I: OrgChangeset + Writes<Model = M>,
        F: Fn() -> I,
    {
        self.and(Updating(change))
    }

    /// Filters by organization as well, by the parameter `organization` of a filter.
    pub fn filtering<F: OrgFilter<Model = M>>(self) -> Isolation<M, (S, Filtering<F>)> {
        self.and(Filtering::new())
    }

    /// Asks as well what a form of `I` offers for a relation to `N`.
    pub fn offering<I, N, T, R>(self, relation: R) -> Isolation<M, (S, Offering<I, N, R>)>
    where
        I: Writes<Model = M>,
        N: OrgScoped<OrgKey = M::OrgKey>,
        T: Choice<N>,
        R: Fn(M::Paths<Here>) -> T,
    {
        self.and(Offering::new(relation))
    }

    /// Asks for everything.
    ///
    /// # Errors
    /// What the database reports.
    pub fn run<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, Matrix>
    where
        M: Subject<C, K> + 'c,
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
        S: Step<M, C, K> + Send + 'c,
    {
        K::in_turn(async move {
            let rows = seen::<M, C, K>(&mut *conn).await?;
            let Isolation { a, b, place, steps } = self;
            let mut asked = Asked {
                a,
                b,
                place,
                rows: Vec::new(),
                matrix: Matrix::default(),
            };
            asked.look_for_rows(&rows);
            asked.rows = rows;
            if asked.a == asked.b {
                asked
                    .matrix
                    .missing
                    .push("the two organizations are one".to_owned());
            }
            K::wait(asked.basics(&mut *conn)).await?;
            K::wait(steps.take(&mut asked, conn)).await?;
            Ok(asked.matrix)
        })
    }
}

/// What is asked, and what came of it.
pub struct Asked<M: Keyed> {
    pub(super) a: M::OrgKey,
    pub(super) b: M::OrgKey,
    place: fn(Principal<M::OrgKey>) -> Principal<M::OrgKey>,
    pub(super) rows: Vec<Seen<M>>,
    pub(super) matrix: Matrix,
}

impl<M: Keyed> fmt::Debug for Asked<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Asked { a, b, matrix, .. } = self;
        f.debug_struct("Asked")
            .field("a", a)
            .field("b", b)
            .field("matrix", matrix)
            .finish()
    }
}

impl<M: Keyed> Asked<M> {
    pub(super) fn callers(&self) -> [Caller<M::OrgKey>; 5] {
        let manager = |key| Caller::with(&[(key, Role::Manager)]);
        let callers = [
            manager(&self.a),
            manager(&self.b),
            Caller::stranger(),
            Caller::anonymous(),
            Caller::superuser(),
        ];
        callers.map(|caller| caller.placed(self.place))
    }

    /// The kind of a row; rows of third organizations and of nobody are asked for as well.
    pub(super) fn column(home: &Home<M::OrgKey>) -> String {
        match home {
            Home::Of(key) => format!("rows of {key}"),
            Home::Shared => "shared rows".to_owned(),
            Home::Nobody => "rows of nobody".to_owned(),
        }
    }

    /// Notes which of the organizations has no rows of a model: nothing is shown by them.
    pub(super) fn look_for_rows<N: Keyed<OrgKey = M::OrgKey>>(&mut self, rows: &[Seen<N>]) {
        for key in [&self.a, &self.b] {
            let own = Home::Of(key.clone());
            if !rows.iter().any(|row| row.home == own) {
                let missing = format!("organization {key} has no rows of {}", N::NAME);
                self.matrix.missing.push(missing);
            }
        }
    }

    pub(super) fn scope(caller: &Caller<M::OrgKey>) -> Scoped<M> {
        caller.scope(Access::of::<Manager>())
    }

    fn basics<'c, C, K>(&'c mut self, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        M: Subject<C, K>,
        C: Answers<K> + Transaction<K> + Send,
        K: Kind,
    {
        K::in_turn(async move {
            for caller in self.callers() {
                let access = Access::of::<Manager>();
                let answers = answers::<M, C, K>(&caller, access, &self.rows, &mut *conn).await?;
                for (row, [listed, got, deleted]) in self.rows.iter().zip(answers) {
                    let reads = caller.reads(Role::Manager, &row.home);
                    let writes = caller.writes(Role::Manager, &row.home);
                    let column = Self::column(&row.home);
                    for (operation, is, should) in [
                        ("list", listed, reads),
                        ("detail", got, reads),
                        ("delete", deleted, writes),
                    ] {
                        self.matrix
                            .note(&caller.name, &column, operation, is, should);
                    }
                }
            }
            Ok(())
        })
    }
}
