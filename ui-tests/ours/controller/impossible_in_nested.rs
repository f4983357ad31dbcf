// A handler that excludes everybody whom the outer one of its controllers admits.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[protected(subscriber)]
    pub mod reports {
        use orgscope::prelude::*;

        #[protected(!member)]
        pub async fn list() {}
    }
}

fn main() {}
