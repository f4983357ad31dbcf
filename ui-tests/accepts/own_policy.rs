// A policy of one's own, by its name and by a path to it.
use orgscope::axum::Router;
use orgscope::prelude::*;

mod policies {
    use orgscope::policy::{Policy, Question, Verdict};
    use orgscope::{Reason, Role};

    /// Whoever owns an organization, whichever it is.
    pub struct OwnsSomething;

    impl Policy for OwnsSomething {
        const DEMANDS: Option<Role> = None;

        fn decide(question: &Question) -> Verdict {
            if question.caller.has_anywhere(Role::Owner) {
                Verdict::Granted
            } else {
                Verdict::Denied(Reason::Role(Role::Owner))
            }
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
