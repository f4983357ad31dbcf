//! `#[protected(…, principal = argument)]`: functions outside of a web framework.

use orgscope::prelude::*;
use orgscope::{Denied, Reason};

use crate::support::*;

#[derive(Debug, PartialEq)]
enum Failure {
    Denied(Denied),
    Broken,
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Failure::Denied(denied)
    }
}

/// Doubles a number, for managers.
#[protected(manager, principal = caller)]
fn double(caller: &Principal, mut number: i32) -> Result<i32, Failure> {
    if number < 0 {
        return Err(Failure::Broken);
    }
    number *= 2;
    Ok(number + i32::from(caller.is_superuser()))
}

#[protected(owner, principal = who)]
async fn greet<T: std::fmt::Display>(greeting: T, who: Principal) -> Result<String, Denied> {
    Ok(format!("{greeting} {}", who.user_id()))
}

struct Job;

impl Job {
    #[protected(authenticated & !owner, principal = caller)]
    fn run(&self, caller: &Principal) -> Result<(), Failure> {
        let _ = caller;
        Ok(())
    }
}

fn role(role: Role) -> Denied {
    Denied::Forbidden(Reason::Role(role))
}

#[test]
fn the_check_comes_first() {
    assert_eq!(double(&loaded(MANAGER_A), 4), Ok(8));
    assert_eq!(double(&loaded(OWNER_A_MEMBER_B), 4), Ok(8));
    assert_eq!(double(&loaded(SUPERUSER), 4), Ok(9));
    assert_eq!(double(&loaded(MANAGER_A), -1), Err(Failure::Broken));
    for refused in [NOBODY, MEMBER_A, MANAGER_OF_DISABLED] {
        // The body would answer `Broken`.
        assert_eq!(
            double(&loaded(refused), -1),
            Err(Failure::Denied(role(Role::Manager)))
        );
    }
}

#[tokio::test]
async fn asynchronous_functions_too() {
    assert_eq!(
        greet("hi", loaded(OWNER_A_MEMBER_B)).await,
        Ok("hi 5".into())
    );
    assert_eq!(greet("hi", loaded(MANAGER_A)).await, Err(role(Role::Owner)));
}

#[test]
fn methods_and_negation() {
    assert_eq!(Job.run(&loaded(NOBODY)), Ok(()));
    // "Owner" is possible for an owner of something: only a row would tell.
    assert_eq!(Job.run(&loaded(OWNER_A_MEMBER_B)), Ok(()));
}
