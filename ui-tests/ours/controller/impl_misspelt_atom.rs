// A misspelt atom of an `impl` block: it is reported once, however many handlers there are.
use orgscope::prelude::*;

struct Api;

#[protected(managr)]
impl Api {
    pub async fn list() {}

    pub async fn purge() {}
}

fn main() {}
