//! The epoch of a caller's facts, read by the statement that finds the caller.

use diesel::query_builder::AstPass;
use diesel::result::QueryResult;

use crate::dialect::Dialect;
use crate::identity::layout::Layout;
use crate::identity::lookup::Lookup;

/// A lookup that reads the epoch as well: that of the user's own facts, and that of what concerns everybody (organizations, groups), as
/// one number, because each is random. It is NULL where one of them is missing, and then nothing is kept.
#[derive(Clone, Debug)]
pub struct WithEpoch<L>(pub(super) L);

impl<L: Lookup<DB>, DB: Dialect> Lookup<DB> for WithEpoch<L> {
    const COLUMNS: [&'static str; 5] = {
        let [a, b, c, d, _] = L::COLUMNS;
        let epoch = "(SELECT e.epoch FROM facts_epoch_of_all AS e WHERE e.is_believed) + w.epoch";
        [a, b, c, d, epoch]
    };

    fn from<'b>(
        &'b self,
        layout: &'static Layout,
        joins: &str,
        out: AstPass<'_, 'b, DB>,
    ) -> QueryResult<()> {
        let joins = format!(" LEFT JOIN facts_epochs AS w ON w.user_id = u.id{joins}");
        self.0.from(layout, &joins, out)
    }
}
