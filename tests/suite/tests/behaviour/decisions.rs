//! Decisions without a database: atoms, own permissions, reasons.

use orgscope::policy::{Answer, Asked, Check, Needs, Permission, Policy};
use orgscope::prelude::*;
use orgscope::{Facts, Group, GroupKind, Reason, Subscription};

use crate::support::*;

const ADMINS: i32 = 4;

policy! {
    InAdmins = in_group(ADMINS);
    InStaff = in_group("staff");
    IsRoot = root;
    Subscribes = subscriber;
    Subscribed = former_subscriber;
    MayExport = perm("ipam.export");
    MayAny = perm(["ipam.export", "ipam.import"], any);
    MayAll = perm(["ipam.export", "ipam.import"]);
    NotAdmin = !in_group(ADMINS);
}

fn plain() -> Principal {
    Principal::new(1, false, [(A, Role::Member)])
}

fn holds<P: Policy>(caller: &Principal) -> Result<(), Denied> {
    caller.decide::<P>(&A).outcome()
}

fn denied<P: Policy>(caller: &Principal) -> Option<Reason> {
    match holds::<P>(caller) {
        Err(Denied::Forbidden(reason)) => Some(reason),
        Ok(()) => None,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn groups_by_id_and_by_name() {
    let admin = plain().with_groups([Group::new(ADMINS, "admins")]);
    let staff = plain().with_groups([Group::new(9, "staff"), Group::new(ADMINS + 1, "admin")]);
    assert_eq!(denied::<InAdmins>(&admin), None);
    assert_eq!(denied::<InAdmins>(&staff), Some(Reason::Group));
    assert_eq!(denied::<InStaff>(&staff), None);
    assert_eq!(denied::<InStaff>(&admin), Some(Reason::Group));
    assert_eq!(denied::<NotAdmin>(&admin), Some(Reason::Excluded));
    assert_eq!(denied::<NotAdmin>(&staff), None);
}

#[test]
fn root_is_the_superuser_and_the_root_group() {
    let named_root = plain().with_groups([Group::new(1, "root")]);
    let root = plain().with_groups([Group::new(3, "wheel").of_kind(GroupKind::Root)]);
    assert_eq!(denied::<IsRoot>(&plain()), Some(Reason::Root));
    assert_eq!(denied::<IsRoot>(&named_root), Some(Reason::Root));
    assert_eq!(denied::<IsRoot>(&root), None);
    // Tenancy is lifted by the superuser flag alone.
    assert_eq!(root.decide::<IsRoot>(&B).outcome(), Err(Denied::NotFound));
    assert_eq!(holds::<IsRoot>(&Principal::new(1, true, [])), Ok(()));
}

#[test]
fn subscriptions_now_and_ever() {
    for (subscription, now, ever) in [
        (Subscription::Never, false, false),
        (Subscription::Former, false, true),
        (Subscription::Current, true, true),
    ] {
        let caller = plain().with_subscription(subscription);
        assert_eq!(
            holds::<Subscribes>(&caller).is_ok(),
            now,
            "{subscription:?}"
        );
        assert_eq!(
            holds::<Subscribed>(&caller).is_ok(),
            ever,
            "{subscription:?}"
        );
    }
    assert_eq!(denied::<Subscribes>(&plain()), Some(Reason::Subscription));
}

#[test]
fn permissions_one_any_and_all() {
    for (permissions, export, any, all) in [
        (&[][..], false, false, false),
        (&["ipam.import"], false, true, false),
        (&["ipam.import", "ipam.export"], true, true, true),
        (
            &["ipam.Export", "xipam.export", "ipam.export2"],
            false,
            false,
            false,
        ),
    ] {
        let caller = plain().with_permissions(permissions.iter().copied());
        assert_eq!(
            holds::<MayExport>(&caller).is_ok(),
            export,
            "{permissions:?}"
        );
        assert_eq!(holds::<MayAny>(&caller).is_ok(), any, "{permissions:?}");
        assert_eq!(holds::<MayAll>(&caller).is_ok(), all, "{permissions:?}");
    }
    assert_eq!(denied::<MayExport>(&plain()), Some(Reason::Permission));
}

#[test]
fn without_a_row_nothing_about_rows_is_taken_for_granted() {
    policy! {
        NotEdited = member & !can_edit;
        Edited = member & can_edit;
        NotOwn = member & !OfSomeRows;
    }
    struct OfSomeRows;
    impl Permission for OfSomeRows {
        fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
            Check::rows(Rows::<crate::models::Item>::none())
        }
    }
    assert!(holds::<NotEdited>(&plain()).is_err());
    assert!(holds::<Edited>(&plain()).is_err());
    assert!(holds::<NotOwn>(&plain()).is_err());
    assert!(plain().admitted(orgscope::Access::of::<NotOwn>()).is_err());
}

/// `!` over what is not known never grants, whatever the fact.
#[test]
fn what_was_not_loaded_is_undecided_in_either_sense() {
    policy! {
        NotStaff = !in_group("staff");
        NotSubscriber = !subscriber;
        MayNotExport = !perm("ipam.export");
        NotRoot = !root;
    }
    let unknown: Principal = Principal::with_highest_role(1, false, Some(Role::Member));
    let undecided = [
        unknown.admitted(orgscope::Access::of::<InStaff>()),
        unknown.admitted(orgscope::Access::of::<NotStaff>()),
        unknown.admitted(orgscope::Access::of::<Subscribes>()),
        unknown.admitted(orgscope::Access::of::<NotSubscriber>()),
        unknown.admitted(orgscope::Access::of::<MayExport>()),
        unknown.admitted(orgscope::Access::of::<MayNotExport>()),
        unknown.admitted(orgscope::Access::of::<IsRoot>()),
        unknown.admitted(orgscope::Access::of::<NotRoot>()),
    ];
    assert_eq!(undecided, [Err(Denied::Undecided); 8]);
}

#[test]
fn a_policy_needs_exactly_the_facts_of_its_atoms() {
    policy! {
        Nothing = manager & !owner;
        Several = subscriber & (in_group(1) | perm("a.b")) & InAdmins;
        Objects = manager & can_edit;
        Mine = member & Busy;
    }
    struct Busy;
    impl Permission for Busy {
        const FACTS: Facts = Facts::SUBSCRIPTION;
        fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
            true.into()
        }
    }
    let facts = |needs: Needs| needs.facts;
    assert_eq!(facts(Nothing::NEEDS), Facts::CALLER);
    assert_eq!(
        facts(Several::NEEDS),
        Facts {
            memberships: false,
            ..Facts::ALL
        }
    );
    assert_eq!(facts(Objects::NEEDS), Facts::GROUPS);
    assert_eq!(facts(Mine::NEEDS), Facts::SUBSCRIPTION);
    assert_eq!(facts(InAdmins::NEEDS), Facts::GROUPS);
    assert_eq!(facts(MayAny::NEEDS), Facts::PERMISSIONS);
    assert_eq!(Several::NEEDS.demands, None);
    assert_eq!(Objects::NEEDS.demands, Some(Role::Manager));
}

/// A popular library splices the text of such expressions and so lets a caller without any role in.
#[test]
fn an_alternative_inside_a_conjunction_stays_inside() {
    policy! {
        Inside = (manager | subscriber) & in_group("staff");
        Nested = all(any(manager, subscriber), in_group("staff"));
        Deep = any(all(manager, any(subscriber, root)), all(in_group("staff"), any(owner, subscriber)));
        Precedence = manager | subscriber & in_group("staff");
        Negated = !(subscriber | manager) & in_group("staff");
    }
    let caller = |role: Option<Role>, subscribes: bool, staff: bool| {
        let subscription = if subscribes {
            Subscription::Current
        } else {
            Subscription::Never
        };
        let groups = staff.then(|| Group::new(9, "staff"));
        Principal::new(1, false, role.map(|role| (A, role)))
            .with_subscription(subscription)
            .with_groups(groups)
    };
    for subscribes in [false, true] {
        for staff in [false, true] {
            for role in [None, Some(Role::Member), Some(Role::Manager)] {
                let caller = caller(role, subscribes, staff);
                let manager = role == Some(Role::Manager);
                // Each policy is asked about a row, within the scope of members.
                let member = role.is_some();
                let got = [
                    holds::<Inside>(&caller).is_ok(),
                    holds::<Nested>(&caller).is_ok(),
                    holds::<Deep>(&caller).is_ok(),
                    holds::<Precedence>(&caller).is_ok(),
                    holds::<Negated>(&caller).is_ok(),
                ];
                let expected = [
                    (manager || subscribes) && staff,
                    (manager || subscribes) && staff,
                    (manager || staff) && subscribes,
                    manager || subscribes && staff,
                    !(subscribes || manager) && staff,
                ];
                assert_eq!(
                    got,
                    expected.map(|holds| member && holds),
                    "{caller:?} {subscribes} {staff}"
                );
            }
        }
    }
}

#[test]
fn a_decision_says_why() {
    policy! { Export = manager & (perm("ipam.export") | subscriber) & !in_group("staff"); }
    let caller = plain().with_groups([Group::new(9, "staff")]);
    let decision = caller.decide::<Export>(&A);
    assert_eq!(decision.outcome(), Err(Denied::NotFound));
    assert_eq!(
        decision.explain().to_string(),
        "Export: no\n\
         \x20 all of: no\n\
         \x20   manager of org 10: no, member only\n\
         \x20   any of: no\n\
         \x20     perm(\"ipam.export\"): no\n\
         \x20     subscriber: no\n\
         \x20   not: no\n\
         \x20     in_group(\"staff\"): yes"
    );
    let superuser = Principal::new(1, true, []);
    assert_eq!(
        superuser.decide::<Export>(&A).explain().to_string(),
        "superuser: yes"
    );
    let unknown = Principal::with_highest_role(1, false, Some(Role::Manager));
    let decision = unknown.decide::<InAdmins>(&A);
    assert_eq!(decision.outcome(), Err(Denied::Undecided));
}

#[tokio::test]
async fn own_permissions_answer_at_once_or_later() {
    struct Now;
    impl Permission for Now {
        fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
            let principal = asked.principal::<i32>();
            principal
                .is_some_and(|caller| caller.role_in(&A).is_some())
                .into()
        }
    }
    struct Later;
    impl Permission for Later {
        fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
            Check::later(async move {
                tokio::task::yield_now().await;
                asked.user_id().is_some().into()
            })
        }
    }
    struct Down;
    impl Permission for Down {
        fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
            Answer::Unavailable("the licence server is down".into()).into()
        }
    }

    #[protected(Now & Later, principal = caller)]
    async fn waits(caller: &Principal) -> Result<(), Denied> {
        Ok(())
    }
    #[protected(Now & Later, principal = caller)]
    fn cannot_wait(caller: &Principal) -> Result<(), Denied> {
        Ok(())
    }
    #[protected(Now, principal = caller)]
    fn need_not_wait(caller: &Principal) -> Result<(), Denied> {
        Ok(())
    }
    #[protected(Down | manager, principal = caller)]
    fn down_or_manager(caller: &Principal) -> Result<(), Denied> {
        Ok(())
    }
    #[protected(!Down & Now, principal = caller)]
    fn not_down(caller: &Principal) -> Result<(), Denied> {
        Ok(())
    }
    let stranger = Principal::new(2, false, [(B, Role::Member)]);
    let manager = Principal::new(3, false, [(A, Role::Manager)]);
    assert_eq!(waits(&plain()).await, Ok(()));
    assert_eq!(
        waits(&stranger).await,
        Err(Denied::Forbidden(Reason::Policy))
    );
    assert_eq!(cannot_wait(&plain()), Err(Denied::Undecided));
    // One that says no at once needs no other.
    assert_eq!(
        cannot_wait(&stranger),
        Err(Denied::Forbidden(Reason::Policy))
    );
    assert_eq!(need_not_wait(&plain()), Ok(()));
    assert_eq!(down_or_manager(&plain()), Err(Denied::Undecided));
    assert_eq!(down_or_manager(&manager), Ok(()));
    assert_eq!(not_down(&plain()), Err(Denied::Undecided));
    assert_eq!(not_down(&stranger), Err(Denied::Forbidden(Reason::Policy)));
}
