//! What a caller is by itself.

use super::*;
use crate::policy::{Anyone, Manager};

fn loaded(superuser: bool) -> Principal {
    Principal::with_highest_role(1, superuser, Some(Role::Manager))
}

#[test]
fn a_credential_that_may_less_is_narrowed() {
    assert!(!loaded(false).is_narrowed());
    assert!(!loaded(false).is_reading_only());
    let reading = loaded(false).reading_only();
    assert!(reading.is_narrowed() && reading.is_reading_only());
    // Of whoever was made by hand nobody knows.
    let given = Principal::new(1, false, [(7, Role::Manager)]);
    assert!(given.is_narrowed() && !given.is_reading_only());
    let narrowed = given.narrowed(|_, _| None);
    assert!(narrowed.is_narrowed());
    assert_eq!(narrowed.highest_role(), None);
}

#[test]
fn only_a_superuser_is_decided_without_memberships() {
    let decide = |caller: Principal| caller.decide::<Manager>(&7).outcome();
    assert_eq!(decide(loaded(true)), Ok(()));
    assert_eq!(decide(loaded(false)), Err(Denied::Undecided));
    let anyone = loaded(false);
    assert_eq!(
        anyone.decide::<Anyone>(&7).outcome(),
        Err(Denied::Undecided)
    );
}
