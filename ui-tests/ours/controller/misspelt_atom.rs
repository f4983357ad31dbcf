// A misspelt atom of a controller: it is reported once, however many handlers there are.
use orgscope::prelude::*;

#[protected(managr)]
mod api {
    pub async fn list() {}

    pub async fn purge() {}
}

fn main() {}
