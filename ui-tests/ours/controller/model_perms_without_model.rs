// A controller with `model_perms`, and a handler in it that takes no model.
use orgscope::prelude::*;

#[protected(manager & model_perms)]
mod api {
    pub async fn restart() {}
}

fn main() {}
