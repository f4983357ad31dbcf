//! The rows that a field of a form may name, as a statement: keys and labels, as texts.

use std::sync::Arc;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::Text;
use futures_util::future::BoxFuture;

use crate::access::{Access, Intent};
use crate::choices::accepted;
use crate::connection::Asynchronous;
use crate::dialect::{Database, Dialect, KeyOn};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::fragment::Source;
use crate::identity::Layout;
use crate::key::{Key, RowKey};
use crate::model::OrgScoped;
use crate::path::Path;
use crate::policy::Replies;
use crate::pool::Pool;
use crate::predicate::{Reached, organizations};
use crate::reach::{Grant, Organizations};
use crate::relation::Relation;
use crate::selection::Chosen;
use crate::write::Writes;

/// A form with more would be no help; such a field takes the key as text.
pub(super) const MOST: usize = 500;

/// The rows that a field may name.
#[derive(Debug)]
pub struct Offered<K> {
    rows: Rows<K>,
    /// The key that a text stands for.
    pub(super) parse: fn(&str) -> Option<RowKey>,
}

#[derive(Debug)]
enum Rows<K> {
    /// Of another model.
    Related {
        reached: Reached<K>,
        path: Path,
        key: &'static str,
        label: &'static str,
    },
    /// Organizations; all of them without a condition.
    Organizations {
        organizations: Option<Organizations<K>>,
        layout: &'static Layout,
    },
}

impl<K: Key> Offered<K> {
    /// What the input `I` may name by a relation, or as the organization, under the grant of its endpoint.
    ///
    /// # Errors
    /// [`Denied::Undecided`] when it cannot be said what the caller may write.
    pub(super) fn by<I: Writes<Model: OrgScoped<OrgKey = K>>>(
        grant: &Grant<K>,
        path: Path,
        relation: Option<&Relation>,
    ) -> Result<Offered<K>, Denied> {
        let grant = grant.to_write();
        let (accepted, path) = accepted::<I>(&grant, path, relation)?;
        let (Some(relation), Some(path)) = (relation, path) else {
            let all = grant.caller().is_superuser();
            let of = |principal| Organizations::of(principal, accepted.roles, Intent::Write);
            let some = || grant.principal().map_or(Organizations::None, of);
            return Ok(Offered {
                rows: Rows::Organizations {
                    organizations: (!all).then(some),
                    layout: grant.layout(),
                },
                parse: K::parse,
            });
        };
        let principal = grant.principal().cloned();
        let among = Grant::new(
            principal,
            Access::among(accepted),
            Replies::default(),
            None,
            Intent::Read,
        );
        let reach = Arc::clone(among.reach(path.is_global()));
        Ok(Offered {
            rows: Rows::Related {
                reached: Reached::of(reach, path),
                path,
                key: relation.key,
                label: relation.label.unwrap_or(relation.key),
            },
            parse: relation.parse,
        })
    }
}

impl<K> Query for Offered<K> {
    type SqlType = (Text, Text);
}

// What it asks depends on the caller.
impl<K> QueryId for Offered<K> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K: KeyOn<DB>, DB: Dialect> QueryFragment<DB> for Offered<K>
where
    i32: KeyOn<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match &self.rows {
            Rows::Related {
                reached,
                path,
                key,
                label,
            } => {
                let source = Source::Model(path.table);
                out.push_sql("SELECT ");
                texts(source, key, label, &mut out)?;
                out.push_sql(" FROM ");
                DB::table(path.table, out.reborrow())?;
                out.push_sql(" WHERE ");
                reached.walk_ast(out.reborrow())?;
            }
            Rows::Organizations {
                organizations: some,
                layout,
            } => {
                let source = Source::Alias(1);
                out.push_sql("SELECT ");
                texts(source, "id", "slug", &mut out)?;
                layout.push(" FROM {organizations} AS orgscope_1 WHERE ", &mut out)?;
                match some {
                    None => out.push_sql("1 = 1"),
                    Some(some) => {
                        out.push_sql("orgscope_1.is_active AND ");
                        organizations("id", source, some, out.reborrow())?;
                    }
                }
            }
        }
        out.push_sql(" ORDER BY 2, 1 LIMIT ");
        out.push_sql(&(MOST + 1).to_string());
        Ok(())
    }
}

/// Writes the key and the label of a row as texts.
fn texts<DB: Dialect>(
    source: Source,
    key: &str,
    label: &str,
    out: &mut AstPass<'_, '_, DB>,
) -> QueryResult<()> {
    let text = match DB::DATABASE {
        Database::Mysql => " AS CHAR)",
        Database::Sqlite | Database::Postgres => " AS TEXT)",
    };
    out.push_sql("CAST(");
    source.column(key, out)?;
    out.push_sql(text);
    out.push_sql(", COALESCE(CAST(");
    source.column(label, out)?;
    out.push_sql(text);
    out.push_sql(", CAST(");
    source.column(key, out)?;
    out.push_sql(text);
    out.push_sql(")");
    Ok(())
}

/// A pool whose connections can be asked for the rows that forms offer, where organizations have keys of the type `K`: every one with a database of
/// ours.
#[diagnostic::on_unimplemented(
    message = "the connections of `{Self}` cannot be asked for what forms offer [org115]",
    note = "pages need a pool of diesel-async connections to SQLite, PostgreSQL or MySQL, or `AnyPool`"
)]
pub trait OffersRows<K>: Pool {
    /// Keys and labels.
    #[doc(hidden)]
    fn rows(
        offered: Offered<K>,
        conn: &mut Self::Connection,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, Error>>;
}

#[diagnostic::do_not_recommend]
impl<P, K> OffersRows<K> for P
where
    P: Pool,
    K: Key,
    Statement<Offered<K>, Chosen>: Fetch<'static, P::Connection, Asynchronous, (String, String)>,
{
    fn rows(
        offered: Offered<K>,
        conn: &mut P::Connection,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, Error>> {
        let (query, rows) = (offered, Chosen);
        Statement { query, rows }.fetch(conn)
    }
}
