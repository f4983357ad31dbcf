// A policy within cfg_attr is not seen.
use orgscope::prelude::*;

#[protected(manager)]
mod api {
    use orgscope::prelude::*;

    #[cfg_attr(all(), protected(anyone))]
    async fn open() {}
}

fn main() {}
