//! A query block: one `SELECT`, `INSERT`, `UPDATE` or `DELETE` of a statement, with its tables and its marks.

/// The table without rows, and what Diesel asks PostgreSQL about its types.
const PASSED: &[&str] = &["dual", "pg_type", "pg_namespace"];

/// One `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
#[derive(Default)]
pub(super) struct Block {
    pub(super) sources: Vec<Named>,
    pub(super) marked: Vec<String>,
    /// `USING` names more tables, and not columns.
    pub(super) uses_tables: bool,
    /// It is a `DELETE`, whose first table is no query.
    pub(super) deletes: bool,
}

pub(super) struct Named {
    pub(super) table: String,
    pub(super) alias: Option<String>,
    /// With parentheses, it is a function.
    pub(super) read: bool,
    /// It is the name of a query.
    pub(super) is_query: bool,
}

impl Block {
    /// Whether a table is named in it.
    pub(super) fn names(&self, table: &str) -> bool {
        self.sources.iter().any(|source| source.table == table)
    }

    /// The tables of the block without a mark, if they are not the library's own.
    pub(super) fn unmarked(&self) -> impl Iterator<Item = &str> {
        let unmarked = self.sources.iter().filter(|source| {
            let alias = source.alias.as_deref();
            let is_ours = alias.is_some_and(|alias| alias.starts_with("orgscope_"));
            let is_passed = PASSED
                .iter()
                .any(|passed| source.table.eq_ignore_ascii_case(passed));
            // A mark speaks of the table by its own name.
            let is_marked = self.marked.contains(&source.table)
                && alias.is_none_or(|alias| alias == source.table);
            !(source.is_query || is_ours || is_passed || is_marked)
        });
        unmarked.map(|source| source.table.as_str())
    }
}
