// A misspelt atom of one handler in a controller: it is reported once.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[protected(subscribr)]
    pub async fn list() {}

    pub async fn purge() {}
}

fn main() {}
