// A group by a local variable of the function around the handler.
use orgscope::prelude::*;

fn routes() {
    let admin = 4;

    #[protected(in_group(admin))]
    async fn purge() {}
}

fn main() {}
