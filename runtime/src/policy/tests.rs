//! The small parts of policies.

use super::*;
use crate::principal::Principal;

#[test]
fn each_own_permission_has_its_own_trait() {
    let own = 3;
    for traits in Traits::all(own) {
        let qualifies = (0..own).filter(|number| traits.qualifies(*number));
        let sum: usize = qualifies.map(|number| 4 << number).sum();
        assert_eq!(sum, traits.0 & !3, "{traits:?}");
        assert_eq!(traits.hold(), Hold::ALL[traits.0 % 4], "{traits:?}");
    }
    assert_eq!(Traits::all(own).count(), 32);
}

#[test]
fn a_method_takes_one_verb() {
    let verbs = [
        ("GET", Some(Verb::View), &["view", "change"][..]),
        ("HEAD", Some(Verb::View), &["view", "change"]),
        ("POST", Some(Verb::Add), &["add"]),
        ("PUT", Some(Verb::Change), &["change"]),
        ("PATCH", Some(Verb::Change), &["change"]),
        ("DELETE", Some(Verb::Delete), &["delete"]),
        ("OPTIONS", None, &[]),
        ("get", None, &[]),
    ];
    for (method, verb, codenames) in verbs {
        assert_eq!(Verb::of_method(method), verb, "{method}");
        assert_eq!(verb.map_or(&[][..], Verb::codenames), codenames, "{method}");
    }
}

#[test]
fn what_is_asked_shows_who_asks_and_nothing_of_the_request() {
    let caller: Principal = Principal::new(17, false, []);
    let mut request: Request = http::Request::new(()).into_parts().0;
    request.uri = http::Uri::from_static("/secret-path");
    let debug = format!("{:?}", Asked::new(Some(&caller), Some(&request)));
    assert!(debug.contains("17"), "{debug}");
    assert!(!debug.contains("secret"), "{debug}");
}

#[test]
fn answers_show_themselves() {
    assert_eq!(format!("{:?}", Check::from(true)), "Yes");
    assert_eq!(format!("{:?}", Check::from(Answer::No)), "No");
    let later = Check::later(async { Answer::Yes });
    assert_eq!(format!("{later:?}"), "Later");
}
