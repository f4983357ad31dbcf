//! Which authenticators an endpoint asks, and what a 401 asks for.

use super::*;

/// Knows nobody.
struct Named(&'static str);

impl Authenticator<i32> for Named {
    fn name(&self) -> &str {
        self.0
    }

    fn authenticate<'a>(
        &'a self,
        _: Unauthenticated<'a, i32>,
    ) -> BoxFuture<'a, Result<Option<Principal<i32>>, Error>> {
        Box::pin(async { Ok(None) })
    }
}

/// The same, with a challenge of its own.
struct Challenging(&'static str);

impl Authenticator<i32> for Challenging {
    fn name(&self) -> &str {
        self.0
    }

    fn challenge(&self) -> Option<&'static str> {
        Some("Key")
    }

    fn authenticate<'a>(
        &'a self,
        _: Unauthenticated<'a, i32>,
    ) -> BoxFuture<'a, Result<Option<Principal<i32>>, Error>> {
        Box::pin(async { Ok(None) })
    }
}

fn names(picked: &Picked<'_, i32>) -> Vec<String> {
    picked.0.iter().map(|one| one.name().to_owned()).collect()
}

#[test]
fn an_endpoint_asks_those_that_it_names_in_its_order() {
    let mut chain = Chain::<i32>::default();
    chain.add(Named("a"));
    chain.add(Challenging("b"));
    let named = |wanted: &[&'static str]| chain.of(wanted).ok().map(|picked| names(&picked));
    let bearer = chain.0[0].name().to_owned();
    assert_eq!(named(&[]), Some(vec![bearer, "a".into(), "b".into()]));
    assert_eq!(named(&["b", "a"]), Some(vec!["b".into(), "a".into()]));
    assert_eq!(named(&["a", "c"]), None);
    // A second one of a name takes the place of the first, at the end.
    let mut again = chain.clone();
    again.add(Named("a"));
    let all = again.of(&[]).ok().map(|picked| names(&picked));
    assert_eq!(all.as_deref().and_then(<[_]>::last), Some(&"a".to_owned()));
    assert_eq!(again.0.len(), 3);
    again.clear();
    assert_eq!(again.0.len(), 0);
}

#[test]
fn a_refusal_asks_for_bearer_tokens_where_they_are_taken() {
    let mut chain = Chain::<i32>::default();
    chain.add(Challenging("b"));
    chain.add(Named("a"));
    let challenge = |wanted: &[&'static str]| chain.of(wanted).ok().and_then(|one| one.challenge());
    assert_eq!(challenge(&[]), Some(Bearer::SCHEME));
    assert_eq!(challenge(&["b", "a"]), Some("Key"));
    assert_eq!(challenge(&["a"]), None);
}

#[cfg(feature = "openapi")]
#[test]
fn what_challenges_is_documented() {
    let mut chain = Chain::<i32>::default();
    chain.clear();
    chain.add(Named("a"));
    chain.add(Challenging("b"));
    let picked = chain.of(&[]).ok();
    let schemes = picked.iter().flat_map(Picked::security_schemes);
    assert_eq!(schemes.map(|(name, _)| name).collect::<Vec<_>>(), ["b"]);
}
