//! The cases about credentials: headers, states of credentials, sessions, logins and how often they may be tried. Every case starts from
//! users of its own and a service set up from `given`.

mod credentials;
mod sending;

use std::net::Ipv4Addr;

use orgscope::authenticate::{Bearer, SesameLinks, Sessions};
use orgscope::identity::Migrations;
use orgscope::sesame::{Lifetime, Packer, Sesame, Settings};
use orgscope::throttle::Rate;
use serde_json::{Value, json};

use super::{Identity, Outcome, Setup, text};
use crate::world::{Key, authentication};
use credentials::Credentials;
use orgscope_suite::databases::Fresh;
use orgscope_suite::http::{Answer, Http};
use sending::{Login, header};

/// What `given` may say for such a case to be replayed.
const UNDERSTOOD: &[&str] = &[
    "accepted_schemes",
    "authentication_required",
    "header_scheme",
    "header_form",
    "header_template",
    "credential_state",
    "credential_age_seconds",
    "password_expiration_days",
    "presentation_number",
    "scheme_settings",
    "policy",
    "query",
    "session_user",
    "csrf_token",
    "bearer_header",
    "bearer_user",
    "method",
    "operation",
    "identifier",
    "password",
    "rate",
    "attempts",
    "requests",
];

/// Whether it is a case about credentials.
pub(super) fn is_about_credentials(given: &Value) -> bool {
    let known = given
        .as_object()
        .is_some_and(|given| given.keys().all(|key| UNDERSTOOD.contains(&key.as_str())));
    known && (given["accepted_schemes"].is_array() || given["operation"].is_string())
}

/// Loopback, as far as nothing else is said.
const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Replays the cases.
pub(super) async fn replay(
    (cases, world): (&[Value], &Value),
    setup: Setup,
    outcome: &mut Outcome,
) {
    let Some(fresh) = Fresh::make(setup.database).await else {
        return;
    };
    let migrations = Migrations::<Key, Key>::new();
    fresh.batch(&migrations.up(fresh.database)).await;
    setup.identity.make(&fresh).await;
    for case in cases {
        let given = &case["given"];
        let came = answer(&fresh, setup, world, given).await;
        let id = case["id"].as_str().unwrap_or("?");
        outcome.judge(id, &case["expect"], &came);
    }
    fresh.remove().await;
}

/// The service that a case is about; `None` where it cannot be set up like that.
struct Service {
    http: Http,
    identity: Identity,
    sesame: Option<Sesame>,
}

impl Service {
    async fn start(fresh: &Fresh, setup: Setup, given: &Value) -> Option<Service> {
        let schemes = given["accepted_schemes"].as_array();
        let accepts = |scheme: &str| schemes.is_some_and(|all| all.contains(&scheme.into()));
        let mut tenancy = setup
            .tenancy(fresh)
            .without_authenticators()
            .authenticator(Bearer)
            .authenticator(Sessions);
        let sesame = match accepts("sesame") {
            true => Some(sesame(&given["scheme_settings"])?),
            false => None,
        };
        if let Some(sesame) = &sesame {
            tenancy = tenancy.authenticator(SesameLinks::new(sesame.clone()));
        }
        if let Some(rate) = given["rate"].as_str() {
            tenancy = tenancy.login_rates(self::rate(rate), self::rate(rate));
        }
        let http = setup
            .framework
            .serve(authentication::routes(), tenancy)
            .await;
        Some(Service {
            http,
            identity: setup.identity,
            sesame,
        })
    }
}

/// `3 per day`.
fn rate(text: &str) -> Rate {
    let (number, period) = text.split_once(" per ").expect("a rate");
    let number = number.parse().expect("a number");
    match period {
        "second" => Rate::per_second(number),
        "minute" => Rate::per_minute(number),
        "hour" => Rate::per_hour(number),
        "day" => Rate::per_day(number),
        _ => Rate::per_day(number),
    }
}

/// Links of a service that accepts none.
fn any_sesame() -> Sesame {
    sesame(&json!({ "max_age": 600 })).expect("good settings")
}

/// The links of these settings; `None` for those that are refused: an age limit has to be given.
fn sesame(settings: &Value) -> Option<Sesame> {
    let lifetime = Lifetime::seconds(settings["max_age"].as_f64()?);
    let on = |name: &str, default| settings[name].as_bool().unwrap_or(default);
    Settings::new("the secret of the replay", Packer::UUID, lifetime)
        .one_time(on("one_time", false))
        .invalidate_on_password_change(on("invalidate_on_password_change", true))
        .invalidate_on_email_change(on("invalidate_on_email_change", false))
        .build()
        .ok()
}

/// What comes of a case, under the names of `expect`.
async fn answer(fresh: &Fresh, setup: Setup, world: &Value, given: &Value) -> Value {
    let Some(service) = Service::start(fresh, setup, given).await else {
        return json!({ "configuration": "refused" });
    };
    let credentials = Credentials::of(fresh, world, &service).await;
    if given["requests"].is_array() {
        return attempts(&service, given).await;
    }
    if given["operation"].is_string() {
        credentials.set_passwords(given).await;
        return obtained(&service, given).await;
    }
    let state = given["credential_state"].as_str().unwrap_or("valid");
    let session = match given["session_user"].as_str() {
        Some(user) => Some(credentials.session(user).await),
        None => None,
    };
    let token = credentials.issue(given, state).await;
    let mut headers = Vec::new();
    if let Some(template) = given["header_template"].as_str() {
        headers.push(("authorization", header(template, given, &token)));
    }
    match given["bearer_header"].as_str() {
        None | Some("absent") => {}
        Some("invalid") => headers.push(("authorization", b"Bearer invalid".to_vec())),
        Some(_) => {
            let token = credentials.bearer(text(given, "bearer_user")).await;
            headers.push(("authorization", format!("Bearer {token}").into_bytes()));
        }
    }
    if let Some(session) = &session {
        headers.push(("cookie", session.cookie.clone().into_bytes()));
        match given["csrf_token"].as_str() {
            None | Some("absent") => {}
            Some("valid") => headers.push(("x-csrf-token", session.csrf.clone().into_bytes())),
            Some(_) => headers.push(("x-csrf-token", b"wrong".to_vec())),
        }
    }
    let path = sending::path(given, &token);
    let method = given["method"].as_str().unwrap_or("GET");
    let ask = || service.http.raw(method, &path, &headers, "", HERE);
    if given["credential_age_seconds"].is_number() {
        sending::wait_for_a_new_second().await;
    }
    let mut came = ask().await;
    for _ in 1..given["presentation_number"].as_u64().unwrap_or(1) {
        came = ask().await;
    }
    let mut shown = shown(&came);
    shown["principal"] = match &came.body["caller"] {
        Value::Null if came.status == 200 => "anonymous".into(),
        caller => credentials.name(caller),
    };
    if let Some(unknown) = credentials.unknown(given).await {
        let never_issued = vec![("authorization", unknown)];
        let other = service
            .http
            .raw(method, &path, &never_issued, "", HERE)
            .await;
        if other == came {
            shown["same_body_as"] = "unknown_credential".into();
        }
    }
    shown
}

/// What is compared of an answer.
fn shown(answer: &Answer) -> Value {
    json!({
        "status": answer.status,
        "www_authenticate": answer.challenge,
        "reason": answer.body["reason"],
        "errors": answer.body["errors"],
    })
}

/// A login that asks for a bearer token, and whether another one gets the same.
async fn obtained(service: &Service, given: &Value) -> Value {
    let login = Login::of(given);
    let first = login.send(&service.http, HERE).await;
    let second = login.send(&service.http, HERE).await;
    let mut shown = shown(&first);
    if let Some(token) = first.body["token"].as_str() {
        shown["same_token_as_before"] = (second.body["token"] == token).into();
    }
    shown
}

/// Logins one after the other.
async fn attempts(service: &Service, given: &Value) -> Value {
    let (mut statuses, mut last) = (Vec::new(), None);
    for request in given["requests"].as_array().into_iter().flatten() {
        let login = Login::of(request);
        let answer = login.send(&service.http, sending::peer(request)).await;
        statuses.push(answer.status);
        last = Some(answer);
    }
    let retry_after = last.is_some_and(|answer| answer.retry_after.is_some());
    json!({ "statuses": statuses, "retry_after_on_last": retry_after })
}
