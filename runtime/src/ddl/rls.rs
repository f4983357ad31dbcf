//! Row-level security of PostgreSQL: a second wall, made from the same declaration as the scopes.
//!
//! [`policies`] writes the SQL for a model's table, for a migration. A service whose role does not own the tables then sees no rows but those of
//! the organizations that are [bound](Walls::bind) in its transaction, though its SQL forgets every condition.
//!
//! It is a wall against what is forgotten, and not against SQL that somebody else wrote: whoever can run a statement can bind other organizations.
//! Views pass it with the rights of their owners. Scoped writes lock shared rows that they refer to, which the wall takes for writing: they run without it.
//!
//! The wall knows tenancy, not policies: which organizations a caller may read and write, whether it sees shared rows, and whether it is a superuser.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;

use crate::connection::{Answers, Kind};
use crate::dialect::{Database, Dialect};
use crate::fetch::{Command, Execute};
use crate::key::Key;
use crate::model::OrgScoped;
use crate::path::Route;
use crate::principal::Principal;
use crate::role::Role;
use crate::table_name::{quoted, text};

/// The settings that a transaction binds: arrays of organizations, and three switches.
const READABLE: &str = "orgscope.readable";
const WRITABLE: &str = "orgscope.writable";
const SHARED: &str = "orgscope.shared";
const READS_ALL: &str = "orgscope.reads_all";
const WRITES_ALL: &str = "orgscope.writes_all";

/// The policies of the table of `M`, as SQL that may be run again. Of a model without a tenant there are none.
///
/// # Errors
/// [`Recursive`] for a path that comes back to its own table.
///
/// ```
/// # use diesel::prelude::*;
/// # use orgscope::prelude::*;
/// # diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = devices)]
/// # struct Device { id: i32, organization_id: i32 }
/// let sql = orgscope::ddl::rls::policies::<Device>()?;
/// assert!(sql.contains(r#"CREATE POLICY orgscope_select ON "devices" FOR SELECT USING ("#));
/// # Ok::<(), orgscope::ddl::rls::Recursive>(())
/// ```
pub fn policies<M: OrgScoped>() -> Result<String, Recursive> {
    let path = M::PATH;
    if path.is_global() {
        return Ok(String::new());
    }
    let table = text(path.table, Database::Postgres);
    if leads_to(path.route, &table) {
        return Err(Recursive(M::NAME));
    }
    // A shorter type would cut what is bound, and open the rows of another key.
    let key = match <M::OrgKey as Key>::IS_TEXT {
        true => "TEXT",
        false => <M::OrgKey as Key>::column(Database::Postgres),
    };
    let condition = |everything: &str, organizations, shared| {
        let rows = route(
            path.route,
            &table,
            1,
            &Bound {
                organizations,
                shared,
                key,
            },
        );
        format!("{} OR {rows}", is_on(everything))
    };
    let read = condition(READS_ALL, READABLE, true);
    let write = condition(WRITES_ALL, WRITABLE, false);
    let mut sql = format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n");
    for (name, command, clauses) in [
        ("select", "SELECT", format!("USING ({read})")),
        ("insert", "INSERT", format!("WITH CHECK ({write})")),
        (
            "update",
            "UPDATE",
            format!("USING ({write}) WITH CHECK ({write})"),
        ),
        ("delete", "DELETE", format!("USING ({write})")),
    ] {
        sql += &format!(
            "DROP POLICY IF EXISTS orgscope_{name} ON {table};\n\
             CREATE POLICY orgscope_{name} ON {table} FOR {command} {clauses};\n"
        );
    }
    Ok(sql)
}

/// The path of a model comes back to the table of the model: PostgreSQL asks a policy for the rows that the policy asks for, and gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path of `{0}` comes back to its own table, which no policy of PostgreSQL can")]
pub struct Recursive(&'static str);

/// Whether a route goes through a table.
fn leads_to(route: &Route, table: &str) -> bool {
    match route {
        Route::Global | Route::Column { .. } => false,
        Route::Hop { parent, rest, .. } => {
            text(*parent, Database::Postgres) == table || leads_to(rest, table)
        }
    }
}

/// What is bound, as policies ask for it.
struct Bound {
    organizations: &'static str,
    shared: bool,
    /// The type of the keys.
    key: &'static str,
}

/// Whether a switch is on; without a transaction that binds it, it is not.
fn is_on(setting: &str) -> String {
    format!("(SELECT COALESCE(current_setting('{setting}', true) = 'on', FALSE))")
}

/// The condition on a row of a table.
fn route(route: &Route, table: &str, depth: usize, bound: &Bound) -> String {
    let column = |name: &str| format!("{table}.{}", quoted(name, Database::Postgres));
    match route {
        Route::Global => "TRUE".to_owned(),
        Route::Column {
            column: name,
            shared,
        } => {
            let (
                column,
                Bound {
                    organizations, key, ..
                },
            ) = (column(name), bound);
            // After a transaction that bound it, a setting is an empty text.
            let keys =
                format!("(SELECT NULLIF(current_setting('{organizations}', true), '')::{key}[])");
            let own = format!("{column} = ANY ({keys}::{key}[])");
            match *shared && bound.shared {
                true => format!("({own} OR {column} IS NULL AND {})", is_on(SHARED)),
                false => own,
            }
        }
        Route::Hop {
            column: name,
            parent,
            key,
            rest,
        } => {
            let (alias, parent) = (
                format!("orgscope_{depth}"),
                text(*parent, Database::Postgres),
            );
            let rest = self::route(rest, &alias, depth + 1, bound);
            let key = quoted(key, Database::Postgres);
            format!(
                "{} IN (SELECT {alias}.{key} FROM {parent} AS {alias} WHERE {rest})",
                column(name)
            )
        }
    }
}

/// What a caller may see behind the walls.
#[derive(Clone, Debug)]
pub struct Walls {
    settings: [(&'static str, String); 5],
}

impl Walls {
    /// Reading the rows of organizations where the caller has the first role, and shared ones if it manages something; writing those where it has the
    /// second. Its memberships have to be known; without them there is nothing to see.
    pub fn of<K: Key>(caller: &Principal<K>, read: Role, write: Role) -> Walls {
        let writes = !caller.is_reading_only();
        let keys = |least: Role| {
            let memberships = caller.memberships().unwrap_or_default().iter();
            let keys = memberships.filter(|(_, role)| *role >= least);
            let keys = keys.map(|(key, _)| element(&key.to_string()));
            format!("{{{}}}", keys.collect::<Vec<_>>().join(","))
        };
        let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
        let manages = caller.highest_role() >= Some(Role::Manager);
        Walls {
            settings: [
                (READABLE, keys(read)),
                (WRITABLE, if writes { keys(write) } else { "{}".to_owned() }),
                (SHARED, switch(manages)),
                (READS_ALL, switch(caller.is_superuser())),
                (WRITES_ALL, switch(caller.is_superuser() && writes)),
            ],
        }
    }

    /// Binds them for the rest of the transaction that has begun on a connection (`SET LOCAL`): the next one on it begins without.
    ///
    /// # Errors
    /// What the database reports; others than PostgreSQL have no such walls.
    pub fn bind<'c, C, A>(self, conn: &'c mut C) -> A::Answer<'c, ()>
    where
        C: Answers<A>,
        A: Kind,
        Command<Walls>: Execute<'static, C, A>,
    {
        A::map(Command(self).execute(conn), |done| done.map(|_| ()))
    }
}

/// An element of an array as text.
fn element(key: &str) -> String {
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}

impl QueryId for Walls {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<DB: Dialect> QueryFragment<DB> for Walls {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if DB::DATABASE != Database::Postgres {
            let message = "row-level security is PostgreSQL's";
            return Err(diesel::result::Error::QueryBuilderError(message.into()));
        }
        let mut separator = "SELECT ";
        for (name, value) in &self.settings {
            out.push_sql(separator);
            out.push_sql("set_config('");
            out.push_sql(name);
            out.push_sql("', ");
            DB::text(value, out.reborrow())?;
            out.push_sql(", true)");
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_quoted() {
        assert_eq!(element("7"), "\"7\"");
        assert_eq!(element("a\"b\\,{}"), "\"a\\\"b\\\\,{}\"");
    }
}
