//! What has to hold for a write, as data: a list of checks, made from what the input gives and what the model says.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::access::Accepted;
use crate::dialect::Dialect;
use crate::field_errors::{FieldErrors, codes};
use crate::fragment::Source;
use crate::identity::Layout;
use crate::key::{Key, RowKey};
use crate::path::{Path, Route};
use crate::principal::{Authority, Principal};
use crate::relation::{Dependent, Organization, Relation};

/// The checks of one write, and the caller that they are about.
#[derive(Debug)]
pub(crate) struct Plan<K> {
    pub(crate) checks: Vec<Check>,
    pub(crate) superuser: bool,
    pub(crate) authority: Option<Authority<K>>,
    /// Where organizations are.
    pub(crate) layout: &'static Layout,
    /// What a new row takes from the row that its organization is mirrored from.
    pub(crate) takes: Option<Taken>,
}

/// The organization at the end of a path, for a column that repeats it.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) column: &'static str,
    pub(crate) route: &'static Route,
    /// The first foreign key of the path.
    pub(crate) key: TakenBy,
}

/// The foreign key by which an organization is taken.
#[derive(Clone, Debug)]
pub(crate) enum TakenBy {
    /// In the input.
    Given(&'static str),
    /// Of the row in the URL.
    Key(RowKey),
}

/// Conditions that all have to hold, or a field is refused.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) field: String,
    pub(crate) code: &'static str,
    /// Only told when nothing else is wrong.
    pub(crate) late: bool,
    pub(crate) conditions: Vec<Condition>,
}

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// The organization is one of those that the caller may name.
    Organization { of: Of, roles: [bool; 3] },
    /// The row that a relation names exists and may be named.
    Target {
        relation: &'static Relation,
        path: Path,
        of: Of,
        accepted: Accepted,
    },
    /// The row that a relation names belongs to the organization, or one of the two belongs to none.
    Agrees {
        relation: &'static Relation,
        of: Of,
        organization: Of,
        /// The stored organization, where nothing is asked as long as it stays.
        unless: Option<&'static str>,
        /// The organization repeats the one at the end of this path, which begins with the relation: it is that one, and not none.
        mirrors: Option<Path>,
    },
    /// So do the rows that a join table names, unless the organization stays.
    ManyAgree {
        relation: &'static Relation,
        organization: Organization,
    },
    /// No row elsewhere pins this one to its organization, or it stays.
    Unpinned {
        dependent: &'static Dependent,
        organization: Organization,
    },
}

/// Where a value is.
#[derive(Clone, Debug)]
pub(crate) enum Of {
    /// In the input.
    Given(&'static str),
    /// In the row as it is stored.
    Stored(&'static str),
    /// Here.
    Key(RowKey),
    /// At the end of a path.
    Taken(Taken),
}

/// The row in the URL that a row is written under.
#[derive(Clone, Debug)]
pub struct Under {
    pub(crate) relation: &'static Relation,
    pub(crate) key: RowKey,
    pub(crate) shared: bool,
}

impl Under {
    /// Writes that a row of the model's table belongs to it.
    pub(crate) fn holds<'b, DB: Dialect>(
        &'b self,
        source: Source,
        out: &mut AstPass<'_, 'b, DB>,
    ) -> QueryResult<()> {
        source.column(self.relation.column, out)?;
        out.push_sql(" = ");
        DB::user(&self.key, out.reborrow())
    }
}

impl<K: Key> Plan<K> {
    /// A plan without checks.
    pub(crate) fn of(principal: Option<&Principal<K>>) -> Plan<K> {
        Plan {
            checks: Vec::new(),
            superuser: principal.is_some_and(Principal::is_superuser),
            authority: principal.map(Principal::authority),
            layout: principal.map_or(Layout::bundled(), Principal::layout),
            takes: None,
        }
    }

    pub(crate) fn check(&mut self, field: &str, code: &'static str, condition: Condition) {
        let known = self
            .checks
            .iter_mut()
            .find(|check| check.field == field && check.code == code);
        match known {
            Some(check) => check.conditions.push(condition),
            None => self.checks.push(Check {
                field: field.to_owned(),
                code,
                late: code == codes::ORGANIZATION_MISMATCH || code == codes::INVALID,
                conditions: vec![condition],
            }),
        }
    }

    /// Whether what it relies on is in other rows that refer to this one: they are only seen once this one is locked.
    pub(crate) fn needs_lock(&self) -> bool {
        let mut conditions = self.checks.iter().flat_map(|check| &check.conditions);
        conditions.any(|condition| match condition {
            Condition::ManyAgree { .. } | Condition::Unpinned { .. } => true,
            Condition::Agrees { unless, .. } => unless.is_some(),
            Condition::Organization { .. } | Condition::Target { .. } => false,
        })
    }

    /// Whether its checks may hold for one row and fail for another.
    pub(crate) fn asks_of_rows(&self) -> bool {
        let stored = |of: &Of| matches!(of, Of::Stored(_));
        let mut conditions = self.checks.iter().flat_map(|check| &check.conditions);
        self.needs_lock()
            || conditions.any(|condition| match condition {
                Condition::Agrees {
                    of, organization, ..
                } => stored(of) || stored(organization),
                Condition::Organization { of, .. } | Condition::Target { of, .. } => stored(of),
                Condition::ManyAgree { .. } | Condition::Unpinned { .. } => true,
            })
    }

    /// The errors of the checks that failed: those with a bit in the mask.
    pub(crate) fn errors(&self, mask: i32, known: FieldErrors) -> FieldErrors {
        let failed = |late: bool| {
            let failed = self.checks.iter().enumerate();
            failed.filter(move |(at, check)| mask & bit(*at) != 0 && check.late == late)
        };
        let mut errors = known;
        failed(false).for_each(|(_, check)| errors.add(check.field.clone(), check.code));
        if errors.is_empty() {
            failed(true).for_each(|(_, check)| errors.add(check.field.clone(), check.code));
        }
        errors
    }
}

/// The bit of a check in the mask; the checks of a very long input share the last.
pub(crate) fn bit(at: usize) -> i32 {
    1 << at.min(29)
}
