// A controller over every organization that does not say why.
use orgscope::prelude::*;

#[protected(root, scope = all)]
mod api {
    pub async fn list() {}
}

fn main() {}
