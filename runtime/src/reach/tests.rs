//! What a grant carries from one question to the next.

use super::*;
use crate::facts::{Group, Subscription};
use crate::policy::{And, Anyone, Manager, Member, ModelPerms, Not, Verb};

fn known(principal: Option<Principal>) -> [bool; 5] {
    let grant = Grant::at_once(principal, Access::of::<Anyone>());
    [
        Facts::CALLER,
        Facts::MEMBERSHIPS,
        Facts::GROUPS,
        Facts::PERMISSIONS,
        Facts::SUBSCRIPTION,
    ]
    .map(|facts| grant.knows(facts))
}

#[test]
fn a_grant_knows_what_was_loaded() {
    let loaded = |superuser| Principal::with_highest_role(1, superuser, Some(Role::Member));
    assert_eq!(known(None), [true; 5]);
    assert_eq!(known(Some(loaded(true))), [true; 5]);
    assert_eq!(
        known(Some(loaded(false))),
        [true, false, false, false, false]
    );
    // Whoever makes a caller by hand says all there is.
    let member = Principal::new(1, false, [(10, Role::Member)]);
    assert_eq!(known(Some(member)), [true; 5]);
    let grouped = loaded(false).with_groups([Group::new(1, "staff")]);
    assert_eq!(known(Some(grouped)), [true, false, true, false, false]);
    let permitted = loaded(false).with_permissions(["app.view_row"]);
    assert_eq!(known(Some(permitted)), [true, false, false, true, false]);
    let subscribed = loaded(false).with_subscription(Subscription::Never);
    assert_eq!(known(Some(subscribed)), [true, false, false, false, true]);
}

#[test]
fn another_model_has_its_own_permissions() {
    let caller = Principal::new(1, false, [(10, Role::Member)]);
    let caller = caller.with_permissions(["app.view_row"]);
    let action = Action {
        model: ("app", "row"),
        verb: Some(Verb::View),
    };
    let access = Access::of::<ModelPerms>();
    let grant = Grant::new(
        Some(caller),
        access,
        Replies::default(),
        Some(action),
        Intent::Read,
    );
    let grant = Arc::new(grant);
    assert!(grant.admit().is_granted());
    let same = grant.clone().for_model(("app", "row"));
    assert!(Arc::ptr_eq(&grant, &same));
    let other = grant.for_model(("app", "other"));
    assert!(!other.admit().is_granted());
    assert!(other.for_model(("app", "row")).admit().is_granted());
}

/// A caller who holds other roles than those that the policy shows reaches nothing, and no database is asked.
#[test]
fn roles_that_are_not_held_reach_nothing() {
    type OnlyMember = And<Member, Not<Manager>>;
    for (role, reaches) in [(Role::Member, true), (Role::Manager, false)] {
        let caller = Principal::new(1, false, [(10, role)]);
        let grant = Grant::at_once(Some(caller), Access::of::<OnlyMember>());
        let reach = grant.reach(false);
        let parts = matches!(&**reach, Reach::Parts(parts) if parts.len() == 1);
        assert_eq!(parts, reaches, "{role}: {reach:?}");
        assert_eq!(matches!(**reach, Reach::Nothing), !reaches, "{role}");
    }
}
