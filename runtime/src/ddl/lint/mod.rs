//! What a database lacks for its models: indexes, composite keys, declarations.
//!
//! | lint | what it finds |
//! | --- | --- |
//! | `missing_table`, `missing_column` | what a model's path names and the database does not have |
//! | `missing_index` | a column of a path that no index begins with: lists scan the table |
//! | `unique_without_organization` | a unique index over columns of one tenant's rows alone: a conflict tells that another tenant has the value |
//! | `missing_composite_key` | a mirrored organization that no foreign key keeps the same as the one it mirrors |
//! | `null_organization` | an organization that may be NULL in the database, where the model says that NULL is nobody's |
//! | `type_mismatch` | a foreign key of another type than the key that it refers to, or an organization of another than the model's |
//! | `undeclared_table` | a table that no model declares |

mod catalogue;
mod checks;

use std::collections::BTreeSet;
use std::fmt;

use catalogue::{Asks, Catalogue, Row};

use crate::connection::{Answers, Kind};
use crate::dialect::Database;
use crate::error::Error;
use crate::fetch::{Fetch, Statement};
use crate::key::Key;
use crate::model::OrgScoped;
use crate::path::Path;
use crate::relation::{Organization, Relation};
use crate::selection::Chosen;
use crate::table_name::plain;

/// The models of a service, to be compared with the catalogue of a database.
///
/// ```
/// use diesel::prelude::*;
/// use orgscope::ddl::lint::Lint;
/// use orgscope::prelude::*;
///
/// diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = devices)]
/// struct Device { id: i32, organization_id: i32 }
///
/// let mut conn = SqliteConnection::establish(":memory:")?;
/// diesel::sql_query("CREATE TABLE devices (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL)").execute(&mut conn)?;
/// diesel::sql_query("CREATE TABLE outbox (id INTEGER PRIMARY KEY)").execute(&mut conn)?;
///
/// let findings = Lint::new().model::<Device>().except("outbox").run(&mut conn)?;
/// assert_eq!(findings.len(), 1);
/// assert_eq!(
///     findings[0].to_string(),
///     "missing_index: no index of devices begins with organization_id: CREATE INDEX devices_organization_id ON `devices` (`organization_id`)",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Lint {
    models: Vec<Declared>,
    except: BTreeSet<String>,
}

/// Something that a database lacks, or has and should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the lint.
    pub lint: &'static str,
    /// The table.
    pub table: String,
    /// What was found, in words.
    pub message: String,
    /// SQL that mends it, where there is one way to do so.
    pub fix: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.lint, self.message)?;
        match &self.fix {
            Some(fix) => write!(f, ": {fix}"),
            None => Ok(()),
        }
    }
}

impl Lint {
    /// No models yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A model, with what its path leads through and what it is joined with.
    #[must_use]
    pub fn model<M: OrgScoped>(mut self) -> Self {
        self.models.push(Declared::of::<M>());
        self
    }

    /// Says nothing of a table or an index with this name.
    #[must_use]
    pub fn except(mut self, name: &str) -> Self {
        self.except.insert(name.to_owned());
        self
    }

    /// Reads the catalogue of the database (of the schemas that its SQL finds without their names), and compares.
    ///
    /// # Errors
    /// What the database reports.
    pub fn run<'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, Vec<Finding>>
    where
        C: Answers<K> + Send,
        K: Kind,
        Statement<Asks, Chosen>: Fetch<'static, C, K, Row>,
    {
        K::in_turn(async move {
            let catalogue = Catalogue::read::<C, K>(conn).await?;
            Ok::<_, Error>(self.findings(&catalogue))
        })
    }
}

/// What a model says of its table.
#[derive(Clone, Debug)]
struct Declared {
    name: &'static str,
    path: Path,
    mirrors: Option<Path>,
    organization: Option<Organization>,
    relations: &'static [Relation],
    /// The tables of edit and view groups.
    groups: Vec<String>,
    /// The type of the keys of organizations.
    key: fn(Database) -> &'static str,
}

impl Declared {
    fn of<M: OrgScoped>() -> Self {
        let groups = [&M::OBJECTS.edit_groups, &M::OBJECTS.view_groups];
        Declared {
            name: M::NAME,
            path: M::PATH,
            mirrors: M::MIRRORS,
            organization: M::ORGANIZATION,
            relations: M::RELATIONS,
            groups: groups
                .into_iter()
                .flatten()
                .map(|groups| plain(groups.table))
                .collect(),
            key: <M::OrgKey as Key>::column,
        }
    }
}
