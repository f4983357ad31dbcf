//! Decisions without a database: "may this manager of k organizations change an object of organization X?", asked of orgscope,
//! of the same check by hand, of gatehouse and of cedar-policy, in instructions (callgrind; without valgrind in nanoseconds).
//! Then a policy of five atoms, and the allocations of both.
// A bench stops at the first thing that is not as it should be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use futures_util::FutureExt;
use gatehouse::{EvaluationSession, PermissionChecker, PolicyBuilder, PolicyDomain};
use orgscope::prelude::*;
use orgscope::{Group, Subscription};
use orgscope_bench::callgrind;

/// In how many organizations the caller is.
const SIZES: [i32; 3] = [1, 20, 200];

const OTHERS: [&str; 4] = ["sorted-slice", "hash-map", "gatehouse", "cedar"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, side, k, answer, times] = arguments.as_slice()
        && child == "--child"
    {
        let times = times.parse().unwrap();
        return side_of(side, k.parse().unwrap(), answer == "allow")(times);
    }
    let (of, unit): (fn(&str, i32, &str) -> f64, _) = match callgrind::is_there() {
        true => (instructions, "instructions"),
        false => (nanoseconds, "ns"),
    };
    let row = |name: String, ours: f64, other: f64| {
        println!(
            "bench {name} ours={ours:.0} other={other:.0} ratio={:.3} unit={unit}",
            ours / other
        );
    };
    for k in SIZES {
        for answer in ["allow", "deny"] {
            let ours = of("ours", k, answer);
            for other in OTHERS {
                row(
                    format!("decision/k={k}/{answer}/vs={other}"),
                    ours,
                    of(other, k, answer),
                );
            }
        }
    }
    for answer in ["allow", "deny"] {
        let (ours, other) = (of("five", 200, answer), of("five-by-hand", 200, answer));
        row(
            format!("decision-five-atoms/k=200/{answer}/vs=by-hand"),
            ours,
            other,
        );
    }
    for side in ["ours", "five"] {
        let decide = side_of(side, 200, true);
        let allocations = allocation_counter::measure(|| decide(1000)).count_total;
        println!("bench decision-allocations/{side}/k=200 ours={allocations} per=1000");
        assert_eq!(allocations, 0);
    }
}

fn instructions(side: &str, k: i32, answer: &str) -> f64 {
    callgrind::instructions(&[side, &k.to_string(), answer], 2000)
}

fn nanoseconds(side: &str, k: i32, answer: &str) -> f64 {
    const TIMES: i32 = 20_000;
    let decide = side_of(side, k, answer == "allow");
    decide(TIMES);
    let start = Instant::now();
    decide(TIMES);
    start.elapsed().as_nanos() as f64 / f64::from(TIMES)
}

/// The caller's organizations: every third number. Organizations that are asked about are held for "allow", beside those for
/// "deny".
fn keys(k: i32) -> Vec<i32> {
    (0..k).map(|i| 3 * i).collect()
}

fn asked(k: i32, time: i32, allow: bool) -> i32 {
    3 * ((time * 7) % k) + i32::from(!allow)
}

policy! {
    Manages = manager;
    Five = manager & (perm("ipam.export") | subscriber) & !in_group("staff") & former_subscriber;
}

/// One side, ready to decide some times.
fn side_of(side: &str, k: i32, allow: bool) -> Box<dyn Fn(i32)> {
    let memberships: Vec<(i32, Role)> = keys(k).iter().map(|key| (*key, Role::Manager)).collect();
    let repeat = move |decide: Box<dyn Fn(i32) -> bool>| -> Box<dyn Fn(i32)> {
        Box::new(move |times| {
            for time in 0..times {
                let granted = decide(black_box(asked(k, time, allow)));
                assert_eq!(black_box(granted), allow);
            }
        })
    };
    let groups = || ["editors", "authors", "readers"].into_iter().zip(1..);
    match side {
        "ours" => {
            let caller = Principal::new(1, false, memberships);
            repeat(Box::new(move |organization| {
                caller.decide::<Manages>(&organization).is_granted()
            }))
        }
        "five" => {
            let caller = Principal::new(1, false, memberships)
                .with_permissions(["ipam.export", "ipam.import", "ipam.view"])
                .with_groups(groups().map(|(name, id)| Group::new(id, name)))
                .with_subscription(Subscription::Current);
            repeat(Box::new(move |organization| {
                caller.decide::<Five>(&organization).is_granted()
            }))
        }
        "five-by-hand" => {
            let permissions = ["ipam.export", "ipam.import", "ipam.view"].map(str::to_owned);
            let groups: Vec<String> = groups().map(|(name, _)| name.to_owned()).collect();
            let (subscribes, subscribed) = (black_box(true), black_box(true));
            repeat(Box::new(move |organization| {
                manages(&memberships, organization)
                    && (permissions
                        .binary_search_by(|one| one.as_str().cmp("ipam.export"))
                        .is_ok()
                        || subscribes)
                    && !groups.iter().any(|group| group == "staff")
                    && subscribed
            }))
        }
        "sorted-slice" => repeat(Box::new(move |organization| {
            manages(&memberships, organization)
        })),
        "hash-map" => {
            let by_key: HashMap<i32, Role> = memberships.into_iter().collect();
            repeat(Box::new(move |organization| {
                by_key
                    .get(&organization)
                    .is_some_and(|role| *role >= Role::Manager)
            }))
        }
        "gatehouse" => gatehouse(memberships, &repeat),
        "cedar" => cedar(&keys(k), &repeat),
        other => panic!("{other}"),
    }
}

fn manages(memberships: &[(i32, Role)], organization: i32) -> bool {
    let found = memberships.binary_search_by_key(&organization, |(key, _)| *key);
    found.is_ok_and(|at| memberships[at].1 >= Role::Manager)
}

type Repeat<'a> = &'a dyn Fn(Box<dyn Fn(i32) -> bool>) -> Box<dyn Fn(i32)>;

struct Domain;

impl PolicyDomain for Domain {
    type Subject = Vec<(i32, Role)>;
    type Action = ();
    type Resource = i32;
    type Context = ();
}

/// One policy that looks the organization up as the check by hand does.
fn gatehouse(memberships: Vec<(i32, Role)>, repeat: Repeat<'_>) -> Box<dyn Fn(i32)> {
    let mut checker = PermissionChecker::<Domain>::new();
    let manages = PolicyBuilder::<Domain>::new("Manages").when(
        |memberships: &Vec<(i32, Role)>, _: &(), organization: &i32, _: &()| {
            self::manages(memberships, *organization)
        },
    );
    checker.add_policy(manages.build());
    repeat(Box::new(move |organization| {
        let session = EvaluationSession::empty();
        let bound = checker.bind(&session, &memberships, &(), &());
        let decision = bound.check(&organization).now_or_never();
        decision.expect("nothing to wait for").is_granted()
    }))
}

/// The caller is in the managers of its organizations; an object names the managers of its own.
fn cedar(keys: &[i32], repeat: Repeat<'_>) -> Box<dyn Fn(i32)> {
    let uid = |text: String| -> EntityUid { text.parse().unwrap() };
    let managers = |key: i32| format!("Managers::\"{key}\"");
    let caller = uid("User::\"1\"".into());
    let parents = keys.iter().map(|key| uid(managers(*key))).collect();
    let mut entities = vec![Entity::new_no_attrs(caller.clone(), parents)];
    let organizations = keys.iter().flat_map(|key| [*key, *key + 1]);
    for key in organizations {
        let value = RestrictedExpression::new_entity_uid(uid(managers(key)));
        let attributes = [("managers".to_owned(), value)].into();
        let object = uid(format!("Object::\"{key}\""));
        entities.push(Entity::new(object, attributes, Default::default()).unwrap());
        entities.push(Entity::new_no_attrs(uid(managers(key)), Default::default()));
    }
    let entities = Entities::from_entities(entities, None).unwrap();
    let policies: PolicySet = "permit(principal, action == Action::\"change\", resource) when { principal in resource.managers };"
        .parse()
        .unwrap();
    let authorizer = Authorizer::new();
    let action = uid("Action::\"change\"".into());
    let requests: HashMap<i32, Request> = keys
        .iter()
        .flat_map(|key| [*key, *key + 1])
        .map(|key| {
            let object = uid(format!("Object::\"{key}\""));
            let context = Context::empty();
            let request = Request::new(caller.clone(), action.clone(), object, context, None);
            (key, request.unwrap())
        })
        .collect();
    repeat(Box::new(move |organization| {
        let request = &requests[&organization];
        let answer = authorizer.is_authorized(request, &policies, &entities);
        answer.decision() == Decision::Allow
    }))
}
