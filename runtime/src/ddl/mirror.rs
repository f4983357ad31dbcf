//! A mirrored organization: the key that keeps it the same as the one it repeats.

use crate::dialect::Database;
use crate::model::OrgScoped;
use crate::path::{Path, Route};
use crate::table_name::{TableName, plain, quoted, reference};

/// The composite key of a model that says `mirrors = "category.organization"`: its rows name a category and the organization of that category
/// together, so that the two cannot differ as long as both are there: a row without an organization is not compared (the column should be `NOT NULL`
/// where it can). When the category moves, they follow.
///
/// ```
/// # use diesel::prelude::*;
/// # use orgscope::prelude::*;
/// # diesel::table! { categories (id) { id -> Integer, organization_id -> Integer } }
/// # diesel::table! { builds (id) { id -> Integer, category_id -> Integer, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = categories)]
/// # struct Category { id: i32, organization_id: i32 }
/// use orgscope::ddl::mirror::Mirror;
/// use orgscope::dialect::Database;
///
/// #[derive(Queryable, Selectable, OrgScoped)]
/// #[diesel(table_name = builds, belongs_to(Category))]
/// #[org_scoped(mirrors = "category.organization")]
/// struct Build { id: i32, category_id: i32, organization_id: i32 }
///
/// let mirror = Mirror::of::<Build>(Database::Sqlite).unwrap();
/// assert_eq!(
///     mirror.index(),
///     "CREATE UNIQUE INDEX categories_id_organization_id ON `categories` (`id`, `organization_id`)",
/// );
/// assert_eq!(
///     mirror.clause(),
///     "FOREIGN KEY (`category_id`, `organization_id`) REFERENCES `categories` (`id`, `organization_id`) ON UPDATE CASCADE",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    index: String,
    clause: String,
    add: String,
}

/// The names that a composite key is made of.
#[derive(Clone, Copy)]
pub(super) struct Names {
    table: &'static dyn TableName,
    /// The foreign key, and the organization.
    pub(super) own: [&'static str; 2],
    pub(super) parent: &'static dyn TableName,
    pub(super) other: [&'static str; 2],
}

impl Names {
    /// Those of a mirrored path; `None` where the next table has no organization of its own, so that there is nothing to refer to.
    pub(super) fn of(path: Path, organization: &'static str) -> Option<Names> {
        let Route::Hop {
            column,
            parent,
            key,
            rest: Route::Column { column: other, .. },
        } = path.route
        else {
            return None;
        };
        Some(Names {
            table: path.table,
            own: [column, organization],
            parent: *parent,
            other: [key, other],
        })
    }

    pub(super) fn mirror(&self, database: Database) -> Mirror {
        let list = |names: [&str; 2]| names.map(|name| quoted(name, database)).join(", ");
        let (table, parent) = (
            reference(self.table, database),
            reference(self.parent, database),
        );
        let (own, other) = (list(self.own), list(self.other));
        let clause = format!("FOREIGN KEY ({own}) REFERENCES {parent} ({other}) ON UPDATE CASCADE");
        Mirror {
            index: format!(
                "CREATE UNIQUE INDEX {}_{} ON {parent} ({other})",
                plain(self.parent),
                self.other.join("_")
            ),
            add: format!("ALTER TABLE {table} ADD {clause}"),
            clause,
        }
    }
}

impl Mirror {
    /// That of a model; `None` for one that mirrors nothing, or the organization of a table that has none of its own: mirror it there first.
    pub fn of<M: OrgScoped>(database: Database) -> Option<Mirror> {
        let organization = M::ORGANIZATION?.column;
        Some(Names::of(M::MIRRORS?, organization)?.mirror(database))
    }

    /// The unique index that the other table needs, to be referred to.
    pub fn index(&self) -> &str {
        &self.index
    }

    /// The key, as a part of `CREATE TABLE`: on SQLite there is no other way.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// The key, for a table that is there.
    pub fn alter_table(&self) -> &str {
        &self.add
    }
}
