// A policy of one's own, by its name and by a path to it.
use orgscope::axum::Router;
use orgscope::prelude::*;

mod policies {
    use orgscope::Role;
    use orgscope::policy::{Asked, Check, Permission};

    /// Whoever owns an organization, whichever it is.
    pub struct OwnsSomething;

    impl Permission for OwnsSomething {
        fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
            asked.caller().has_anywhere(Role::Owner).into()
        }
    }
}

use policies::OwnsSomething;

#[protected(OwnsSomething)]
async fn alone() {}

#[protected(member & !policies::OwnsSomething)]
async fn joined() {}

#[protected(any(crate::own_policy::policies::OwnsSomething, manager))]
async fn called() {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/alone", alone)
        .get("/joined", joined)
        .get("/called", called)
}

fn main() {}
