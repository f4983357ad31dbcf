// Names of authenticators: a misspelt one, one twice, one of one's own that is no constant, and none. (5 mistakes)
use orgscope::prelude::*;

#[protected(manager, authenticate = [bearer, sesion, bearer])]
async fn misspelt() {}

#[protected(manager, authenticate = [bearer, api_key])]
async fn own() {}

#[protected(manager, authenticate = [])]
async fn none() {}

#[protected(manager, authenticate = bearer)]
async fn no_list() {}

fn main() {}
