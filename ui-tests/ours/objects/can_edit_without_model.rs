// `can_edit` on a handler that takes no model: there is no row that it could be asked about.
use orgscope::prelude::*;

#[protected(can_edit)]
async fn purge(_db: Db) {}

fn main() {}
