//! Join tables: what a row is joined with is replaced by the keys of the input.

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;

use super::values::{Columns, Many, Set};
use crate::audit;
use crate::dialect::Dialect;
use crate::key::{Key, RowKey};
use crate::model::{Keyed, OrgScoped};
use crate::relation::{Relation, Through};

/// Values that may join rows of `M` with others. Only those that do need `M` to hold a key that can be written there.
pub trait Links<M: OrgScoped> {
    /// The key of a row, if it is needed.
    fn key(&self, row: &M) -> Option<RowKey>;
}

impl<M: OrgScoped> Links<M> for () {
    fn key(&self, _: &M) -> Option<RowKey> {
        None
    }
}

impl<M: OrgScoped, Col, E, Rest: Links<M>> Links<M> for (Set<Col, E>, Rest) {
    fn key(&self, row: &M) -> Option<RowKey> {
        self.1.key(row)
    }
}

impl<M: Keyed<Key: Key>, Rest> Links<M> for (Many, Rest) {
    fn key(&self, row: &M) -> Option<RowKey> {
        Some(row.key().user_id())
    }
}

/// The statements that replace what a row is joined with.
pub(crate) fn replace<M: OrgScoped>(values: &impl Columns, row: &RowKey) -> Vec<Link> {
    links::<M>(values, row, true)
}

/// The statements that join a new row, which is joined with nothing yet: to part it from nothing would lock the place where its joins go
/// (MySQL), so that two rows that are made at once would wait for each other.
pub(crate) fn join<M: OrgScoped>(values: &impl Columns, row: &RowKey) -> Vec<Link> {
    links::<M>(values, row, false)
}

fn links<M: OrgScoped>(values: &impl Columns, row: &RowKey, replaces: bool) -> Vec<Link> {
    let mut statements = Vec::new();
    values.many(&mut |name, keys| {
        let mut relations = M::RELATIONS.iter();
        let found = relations.find(|relation| relation.name == name);
        let Some(through) = found.and_then(|relation: &Relation| relation.through) else {
            return;
        };
        let mut link = |keys| {
            let row = row.clone();
            statements.push(Link { through, row, keys });
        };
        if replaces {
            link(Vec::new());
        }
        if !keys.is_empty() {
            link(keys.to_vec());
        }
    });
    statements
}

/// Joins a row with others; with none: parts it from all.
pub struct Link {
    through: Through,
    row: RowKey,
    keys: Vec<RowKey>,
}

impl QueryId for Link {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Dialect> QueryFragment<DB> for Link {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Through { table, row, target } = self.through;
        out.unsafe_to_cache_prepared();
        if self.keys.is_empty() {
            out.push_sql("DELETE FROM ");
            DB::table(table, out.reborrow())?;
            out.push_sql(" WHERE ");
            audit::scope_of(table, &mut out)?;
            out.push_identifier(row)?;
            out.push_sql(" = ");
            return DB::user(&self.row, out);
        }
        out.push_sql("INSERT INTO ");
        DB::table(table, out.reborrow())?;
        out.push_sql(" ");
        audit::scope_of(table, &mut out)?;
        out.push_sql("(");
        out.push_identifier(row)?;
        out.push_sql(", ");
        out.push_identifier(target)?;
        let mut separator = ") VALUES (";
        for key in &self.keys {
            out.push_sql(separator);
            DB::user(&self.row, out.reborrow())?;
            out.push_sql(", ");
            DB::user(key, out.reborrow())?;
            separator = "), (";
        }
        out.push_sql(")");
        Ok(())
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}
