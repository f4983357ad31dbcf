// SQL text on a handler's database handle.
use diesel::prelude::*;
use orgscope::prelude::*;

#[protected(member)]
async fn purge(mut db: Db) {
    let _ = diesel::sql_query("DELETE FROM devices").execute(&mut db);
}

fn main() {}
