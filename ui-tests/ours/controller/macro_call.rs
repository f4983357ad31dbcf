// Handlers that a macro makes are not seen.
use orgscope::prelude::*;

macro_rules! handlers {
    () => {
        pub async fn made() {}
    };
}

#[protected(manager)]
mod api {
    handlers!();
}

fn main() {}
