// A handler that has its policy from its controller is called by hand, without the check.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    pub async fn purge(_db: Db) {}
}

async fn around(db: Db) {
    api::purge(db).await;
}

fn main() {}
