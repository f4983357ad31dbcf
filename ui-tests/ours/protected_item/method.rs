// A method as a handler.
use orgscope::prelude::*;

struct Api;

impl Api {
    #[protected(manager)]
    async fn purge(&self) {}
}

fn main() {}
