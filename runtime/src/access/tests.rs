//! What a rule says by itself, without a handler around it.

use super::*;
use crate::facts::{Group, GroupKind};
use crate::policy::{Anyone, Authenticated, CanEdit, Decision, Hold, Manager, Subscriber};
use crate::principal::Principal;

fn member() -> Principal {
    Principal::new(1, false, [(10, Role::Member)])
}

#[test]
fn without_a_login_nothing_is_changed_that_belongs_to_nobody() {
    let access = Access::of::<Anyone>();
    let nobodys = Row::of(Standing::Global);
    let judge = |caller, intent| access.judge(&Question::of(caller).about(nobodys), intent);
    let caller = member();
    for intent in [Intent::Read, Intent::Write] {
        assert_eq!(judge(caller.caller(), intent), Ok(()));
    }
    assert_eq!(judge(Caller::ANONYMOUS, Intent::Read), Ok(()));
    assert_eq!(
        judge(Caller::ANONYMOUS, Intent::Write),
        Err(Denied::Unauthenticated(Reason::NotAuthenticated))
    );
}

#[test]
fn who_is_root_holds_every_row_in_scope() {
    let access = Access::of::<CanEdit>();
    let root = Group::new(3, "wheel").of_kind(GroupKind::Root);
    let root = member().with_groups([root]);
    let other = member().with_groups([Group::new(4, "root")]);
    let judge = |caller: &Principal, standing| {
        let row = Row::of(standing);
        access.judge(&Question::of(caller.caller()).about(row), Intent::Read)
    };
    let of_mine = Standing::Of(Role::Member);
    assert_eq!(judge(&root, of_mine), Ok(()));
    assert_eq!(judge(&root, Standing::Foreign), Err(Denied::NotFound));
    assert_eq!(
        judge(&other, of_mine),
        Err(Denied::Forbidden(Reason::Object(Hold::Edit)))
    );
    // The groups were not loaded.
    let unloaded = Principal::with_highest_role(1, false, Some(Role::Member));
    assert_eq!(judge(&unloaded, of_mine), Err(Denied::Undecided));
}

#[test]
fn a_row_out_of_scope_says_so_where_the_policy_would_have_agreed() {
    let caller = member();
    let explain = |access: Access, standing| {
        let question = Question::of(caller.caller()).about(Row::of(standing));
        access.explain(&question).to_string()
    };
    let authenticated = Access::of::<Authenticated>();
    assert_eq!(
        explain(authenticated, Standing::Foreign),
        "in the scope of members: no\n  authenticated: yes"
    );
    assert_eq!(
        explain(authenticated, Standing::Of(Role::Member)),
        "authenticated: yes"
    );
    // Its own reasons say more.
    assert_eq!(
        explain(Access::of::<Manager>(), Standing::Foreign),
        "manager of the row's organization: no, no role"
    );
}

#[test]
fn a_write_role_that_refuses_stands_above_the_policy() {
    let access = Access::of::<Authenticated>().write(Role::Owner);
    let caller = member();
    let question = Question::of(caller.caller()).about(Row::of(Standing::Of(Role::Member)));
    let decision = |intent| Decision::new(access.judge(&question, intent), &access, question);
    let refused = decision(Intent::Write);
    assert!(!refused.is_granted());
    let tree = refused.explain();
    assert_eq!(tree.text(), Reason::Role(Role::Owner).to_string());
    assert_eq!(tree.parts(), [decision(Intent::Read).explain()]);
    assert_eq!(decision(Intent::Read).explain().text(), "authenticated");
    let debug = format!("{refused:?}");
    assert_eq!(debug, format!("{:?}\n{tree}", refused.outcome()));
    // A policy that refuses by itself has no second reason.
    let access = Access::of::<Subscriber>();
    let decision = Decision::new(access.judge(&question, Intent::Write), &access, question);
    assert_eq!(
        decision.outcome(),
        Err(Denied::Forbidden(Reason::Subscription))
    );
    assert_eq!(decision.explain().parts(), []);
}

#[test]
fn a_rule_shows_what_it_is() {
    let access = Access::of::<Manager>().write(Role::Owner);
    let debug = format!("{access:?}");
    for part in [
        "scope: Some(Manager)",
        "write: Some(Owner)",
        "hidden: NotFound",
    ] {
        assert!(debug.contains(part), "{debug}");
    }
}
