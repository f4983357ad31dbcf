//! The lints.

use std::collections::BTreeSet;

use super::catalogue::{Catalogue, ForeignKey, Index};
use super::{Declared, Finding, Lint};
use crate::ddl::mirror::Names;
use crate::dialect::Database;
use crate::path::Route;
use crate::table_name::{TableName, plain, quoted, reference};

/// The tables that [`Migrations`](crate::identity::Migrations) makes, and those in which migrations are counted.
const KNOWN: &[&str] = &[
    "users",
    "organizations",
    "memberships",
    "access_groups",
    "group_members",
    "user_permissions",
    "group_permissions",
    "subscriptions",
    "tokens",
    "login_links",
    "facts_epochs",
    "facts_epoch_of_all",
    "__diesel_schema_migrations",
];

/// What was found, and of what nothing is to be said.
struct Findings<'a> {
    catalogue: &'a Catalogue,
    except: &'a BTreeSet<String>,
    found: Vec<Finding>,
}

impl Lint {
    pub(super) fn findings(&self, catalogue: &Catalogue) -> Vec<Finding> {
        let mut findings = Findings {
            catalogue,
            except: &self.except,
            found: Vec::new(),
        };
        for model in &self.models {
            findings.path(model);
            findings.unique(model);
            findings.mirror(model);
        }
        findings.undeclared(&self.models);
        findings.found
    }
}

impl Findings<'_> {
    fn add(&mut self, lint: &'static str, table: &str, message: String, fix: Option<String>) {
        let finding = Finding {
            lint,
            table: table.to_owned(),
            message,
            fix,
        };
        // Paths of several models lead through one table.
        if !self.except.contains(table) && !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    /// The columns of a path: there, of the right type, indexed, and NULL only where that means something.
    fn path(&mut self, model: &Declared) {
        let mut of = model.path.table;
        if !self.exists(&plain(of), model) {
            return;
        }
        let mut route = model.path.route;
        loop {
            let table = plain(of);
            match route {
                Route::Global => return,
                Route::Column { column, shared } => {
                    if self.has_column(&table, column, model) {
                        self.indexed(of, column);
                        self.organization(of, column, *shared, model);
                    }
                    return;
                }
                Route::Hop {
                    column,
                    parent,
                    key,
                    rest,
                } => {
                    let (next, parent) = (*parent, plain(*parent));
                    if !self.has_column(&table, column, model)
                        || !self.exists(&parent, model)
                        || !self.has_column(&parent, key, model)
                    {
                        return;
                    }
                    self.indexed(of, column);
                    self.same_type(&table, column, &parent, key);
                    (of, route) = (next, rest);
                }
            }
        }
    }

    fn exists(&mut self, table: &str, model: &Declared) -> bool {
        let exists = self.catalogue.has_table(table);
        if !exists {
            let message = format!("{} needs the table {table}, which is not there", model.name);
            self.add("missing_table", table, message, None);
        }
        exists
    }

    fn has_column(&mut self, table: &str, column: &str, model: &Declared) -> bool {
        let exists = self.catalogue.column(table, column).is_some();
        if !exists {
            let message = format!("{} needs {table}.{column}, which is not there", model.name);
            self.add("missing_column", table, message, None);
        }
        exists
    }

    fn indexed(&mut self, of: &'static dyn TableName, column: &str) {
        let table = &plain(of);
        let begins = |index: &Index| {
            let first = index.columns.first();
            !index.partial && first.is_some_and(|first| first == column)
        };
        if self.catalogue.indexes(table).any(begins) {
            return;
        }
        let message = format!("no index of {table} begins with {column}");
        let database = self.catalogue.database;
        let (on, by) = (reference(of, database), quoted(column, database));
        let fix = format!("CREATE INDEX {table}_{column} ON {on} ({by})");
        self.add("missing_index", table, message, Some(fix));
    }

    fn organization(
        &mut self,
        of: &'static dyn TableName,
        column: &str,
        shared: bool,
        model: &Declared,
    ) {
        let table = &plain(of);
        let Some(found) = self.catalogue.column(table, column).cloned() else {
            return;
        };
        if found.nullable && !shared {
            let message = format!("{table}.{column} may be NULL, and such rows belong to nobody");
            let (on, by) = (
                reference(of, self.catalogue.database),
                quoted(column, self.catalogue.database),
            );
            let fix = match self.catalogue.database {
                Database::Postgres => {
                    Some(format!("ALTER TABLE {on} ALTER COLUMN {by} SET NOT NULL"))
                }
                Database::Mysql => Some(format!(
                    "ALTER TABLE {on} MODIFY {by} {} NOT NULL",
                    found.sql_type
                )),
                // A column is what it was made there.
                Database::Sqlite => None,
            };
            self.add("null_organization", table, message, fix);
        }
        let wanted = (model.key)(self.catalogue.database);
        if self.family(&found.sql_type) != self.family(wanted) {
            let message = format!(
                "{table}.{column} is {}, and the organizations of {} have keys of the type {wanted}",
                found.sql_type, model.name
            );
            self.add("type_mismatch", table, message, None);
        }
    }

    fn same_type(&mut self, table: &str, column: &str, parent: &str, key: &str) {
        let of = |table, column| {
            let found = self.catalogue.column(table, column);
            found
                .map(|column| column.sql_type.clone())
                .unwrap_or_default()
        };
        let (own, other) = (of(table, column), of(parent, key));
        if self.family(&own) != self.family(&other) {
            let message = format!("{table}.{column} is {own}, and {parent}.{key} is {other}");
            self.add("type_mismatch", table, message, None);
        }
    }

    /// What a type is compared by: names for the same thing, and lengths of texts, make no difference.
    fn family(&self, sql_type: &str) -> String {
        let lower = sql_type.to_ascii_lowercase();
        let word: String = lower
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        let unsigned = if lower.contains("unsigned") {
            " unsigned"
        } else {
            ""
        };
        match (word.as_str(), self.catalogue.database) {
            ("int" | "integer" | "bigint" | "smallint" | "tinyint", Database::Sqlite) => {
                "integer".to_owned()
            }
            ("int" | "integer", _) => format!("integer{unsigned}"),
            ("text" | "varchar" | "char" | "character", _) => "text".to_owned(),
            _ => format!("{word}{unsigned}"),
        }
    }

    /// A unique index of a tenant's rows says to one tenant that another has a value, unless the organization, or what leads to it, is a part.
    fn unique(&mut self, model: &Declared) {
        let table = plain(model.path.table);
        let leads = match model.path.route {
            Route::Global => return,
            Route::Column { column, .. } | Route::Hop { column, .. } => *column,
        };
        let leads = [
            Some(leads),
            model.organization.map(|organization| organization.column),
        ];
        let leads: Vec<&str> = leads.into_iter().flatten().collect();
        let keys: Vec<Index> = self.catalogue.indexes(&table).cloned().collect();
        let primary = keys.iter().find(|index| index.primary);
        let primary = primary
            .map(|index| index.columns.clone())
            .unwrap_or_default();
        for index in keys.iter().filter(|index| index.unique && !index.primary) {
            let has = |column: &str| index.columns.iter().any(|one| one == column);
            let holds_key = !primary.is_empty() && primary.iter().all(|column| has(column));
            if leads.iter().any(|column| has(column))
                || holds_key
                || self.except.contains(&index.name)
            {
                continue;
            }
            let (name, columns) = (&index.name, index.columns.join(", "));
            let message = format!(
                "the unique index {name} of {table} ({columns}) has no organization: a conflict tells of other tenants' rows"
            );
            self.add("unique_without_organization", &table, message, None);
        }
    }

    /// A mirrored organization is kept by a key over both columns.
    fn mirror(&mut self, model: &Declared) {
        let (Some(path), Some(organization)) = (model.mirrors, model.organization) else {
            return;
        };
        let table = plain(path.table);
        let Some(names) = Names::of(path, organization.column) else {
            let message = format!(
                "{} mirrors an organization over more than one table: no key can keep it; mirror it in the tables between",
                model.name
            );
            return self.add("missing_composite_key", &table, message, None);
        };
        let parent = plain(names.parent);
        let wanted = [
            (names.own[0], names.other[0]),
            (names.own[1], names.other[1]),
        ];
        let keeps = |key: &ForeignKey| {
            let has = |(own, other)| key.columns.iter().any(|(a, b)| a == own && b == other);
            key.table == table && key.parent == parent && wanted.into_iter().all(has)
        };
        if self.catalogue.foreign_keys.iter().any(keeps) {
            return;
        }
        let message = format!(
            "no foreign key keeps {table}.{} the same as {}.{}",
            names.own[1], parent, names.other[1]
        );
        let mirror = names.mirror(self.catalogue.database);
        let fix = match self.catalogue.database {
            // A table's keys are made with it there.
            Database::Sqlite => None,
            _ => Some(format!("{}; {}", mirror.index(), mirror.alter_table())),
        };
        self.add("missing_composite_key", &table, message, fix);
    }

    fn undeclared(&mut self, models: &[Declared]) {
        let mut declared: BTreeSet<String> = KNOWN.iter().map(|name| (*name).to_owned()).collect();
        for model in models {
            declared.insert(plain(model.path.table));
            declared.extend(model.groups.iter().cloned());
            let through = model
                .relations
                .iter()
                .filter_map(|relation| relation.through);
            declared.extend(through.map(|through| plain(through.table)));
        }
        let tables: BTreeSet<String> = self
            .catalogue
            .columns
            .iter()
            .map(|column| column.table.clone())
            .collect();
        for table in tables.difference(&declared) {
            let message = format!("no model declares {table}: what it holds is nobody's to filter");
            self.add("undeclared_table", table, message, None);
        }
    }
}
