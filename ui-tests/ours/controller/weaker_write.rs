// A handler cannot weaken the write role of its controller.
use orgscope::prelude::*;

#[protected(manager, write = owner)]
mod api {
    use orgscope::prelude::*;

    #[protected(write = member)]
    pub async fn touch() {}
}

fn main() {}
