// Permissions that ask for facts about the caller; generic ones, and ones that a macro writes.
use std::marker::PhantomData;

use orgscope::axum::Router;
use orgscope::policy::{Asked, Check, Permission};
use orgscope::prelude::*;
use orgscope::{Facts, GroupKind, Subscription};

/// One fact.
struct Barman;

impl Permission for Barman {
    const FACTS: Facts = Facts::GROUPS;

    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        let groups = asked.caller().groups().unwrap_or_default();
        groups.iter().any(|group| group.name == "barmen").into()
    }
}

/// Several facts.
struct Customer;

impl Permission for Customer {
    const FACTS: Facts = Facts::MEMBERSHIPS
        .and(Facts::SUBSCRIPTION)
        .and(Facts::PERMISSIONS);

    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        let caller = asked.caller();
        let exports = caller.has_permission("ipam.export") == Some(true);
        let pays = caller.subscription() == Some(Subscription::Current);
        let in_seven = asked
            .principal::<i32>()
            .is_some_and(|principal| principal.role_in(&7).is_some());
        (exports && (pays || in_seven)).into()
    }
}

/// A permission with parameters.
struct OfKind<K, const NEGATED: bool>(PhantomData<K>);

trait Kind: 'static {
    const KIND: GroupKind;
}

struct RootKind;

impl Kind for RootKind {
    const KIND: GroupKind = GroupKind::Root;
}

impl<K: Kind, const NEGATED: bool> Permission for OfKind<K, NEGATED> {
    const FACTS: Facts = Facts {
        groups: true,
        ..Facts::CALLER
    };

    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        let groups = asked.caller().groups().unwrap_or_default();
        let is_in = groups.iter().any(|group| group.kind == Some(K::KIND));
        (is_in != NEGATED).into()
    }
}

type OfRoot = OfKind<RootKind, false>;

macro_rules! has_role {
    ($($name:ident = $role:expr;)*) => {$(
        struct $name;

        impl Permission for $name {
            fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
                asked.caller().has_anywhere($role).into()
            }
        }
    )*};
}

has_role! {
    Managing = Role::Manager;
    Owning = Role::Owner;
}

#[protected(Barman | Customer)]
async fn facts() {}

#[protected(OfRoot | OfKind::<RootKind, true> & subscriber)]
async fn parameters() {}

#[protected(Managing & !Owning)]
async fn roles() {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/facts", facts)
        .get("/parameters", parameters)
        .get("/roles", roles)
}

fn main() {}
