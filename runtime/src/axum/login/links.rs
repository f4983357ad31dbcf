//! Login links: opened on a page, and used by a button. Whatever fetches an address before its reader does (a mail scanner, a preview, a
//! `HEAD`) does not use the link up.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, LOCATION, REFERRER_POLICY,
};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use tower_sessions::Session;

use crate::authenticate::{Unauthenticated, session};
use crate::axum::{ApiError, HasTenancy, Router, public};
use crate::body::Body;
use crate::facts::Facts;
use crate::field_errors::FieldErrors;
use crate::identity::{Account, now_micros};
use crate::key::Key;
use crate::problem::Problem;

/// The purpose of links that log in.
pub const LOGIN: &str = "login";

/// What login links lead to.
#[derive(Clone, Debug)]
pub struct LinkPages {
    after: String,
    #[cfg(feature = "sesame")]
    sesame: Option<crate::sesame::Sesame>,
}

impl LinkPages {
    /// Pages that lead to this address of the site after the login.
    pub fn leading_to(after: impl Into<String>) -> LinkPages {
        LinkPages {
            after: after.into(),
            #[cfg(feature = "sesame")]
            sesame: None,
        }
    }

    /// The same, for links of django-sesame as well (`?sesame=…`), as long as there are some in mailboxes.
    #[cfg(feature = "sesame")]
    pub fn accepting(mut self, sesame: crate::sesame::Sesame) -> LinkPages {
        self.sesame = Some(sesame);
        self
    }
}

/// `GET /link?token=…` shows a page with a button, and `POST /link` logs in with a session; the application needs the layer of
/// [tower-sessions](https://docs.rs/tower-sessions). Links are issued by [`issue_link`](crate::identity::issue_link) for the purpose
/// [`LOGIN`].
///
/// ```
/// use orgscope::axum::{Router, Tenancy, login};
/// use orgscope::axum::login::LinkPages;
/// let router: Router<Tenancy> = Router::new().merge(login::link_routes(LinkPages::leading_to("/")));
/// # let _ = router;
/// ```
pub fn link_routes<S, K>(pages: LinkPages) -> Router<S>
where
    S: HasTenancy<OrgKey = K> + Clone + 'static,
    K: Key,
{
    const REASON: &str = "whoever has the link is not yet logged in";
    let pages = Arc::new(pages);
    let used = move |State(state): State<S>, session: Session, parts: Parts, body: Body| {
        let pages = pages.clone();
        async move { log_in(&pages, &state, &session, &parts, &body).await }
    };
    Router::new()
        .get("/link", public(REASON, page))
        .post("/link", public(REASON, used))
}

/// A token and the kind of it: the name of its parameter.
type Presented = (&'static str, String);

/// The token among parameters.
fn presented(value: impl Fn(&str) -> Option<String>) -> Option<Presented> {
    // What is not base64url is no token, and does not get into a page.
    let is_text = |text: &String| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        text.len() < 1_000 && text.bytes().all(letter)
    };
    let find = |name| value(name).filter(is_text).map(|text| (name, text));
    find("token").or_else(|| find("sesame"))
}

/// The page of a link. It tells nothing of whether the link is good: nobody has asked yet.
async fn page(Query(parameters): Query<Vec<(String, String)>>) -> Response {
    let value = |name: &str| {
        let mut named = parameters.iter().filter(|(key, _)| key == name);
        named.next_back().map(|(_, value)| value.clone())
    };
    let Some((name, token)) = presented(value) else {
        let detail = "This link is not complete. Copy all of it.";
        return ApiError::from(Problem::new(400, "Bad Request", detail)).into_response();
    };
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Log in</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\
         <body><main><h1>Log in</h1><form method=\"post\">\
         <input type=\"hidden\" name=\"{name}\" value=\"{token}\">\
         <button type=\"submit\">Log in</button></form></main></body></html>"
    );
    (careful(), Html(html)).into_response()
}

/// The address of the page is a secret: it is not passed on, kept, or shown in a frame.
fn careful() -> [(HeaderName, &'static str); 3] {
    const POLICY: &str =
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    [
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
    ]
}

/// Uses the link, and logs its user in.
async fn log_in<S, K>(
    pages: &LinkPages,
    state: &S,
    session: &Session,
    parts: &Parts,
    body: &Body,
) -> Result<Response, ApiError>
where
    S: HasTenancy<OrgKey = K>,
    K: Key,
{
    session::refuse_other_sites(parts)?;
    let value = |name: &str| body.text(name, &mut FieldErrors::none());
    let request = Unauthenticated {
        parts,
        facts: Facts::CALLER,
        identity: state.tenancy().identity(),
    };
    let account = match presented(value) {
        Some(("token", token)) => by_token(&token, state).await?,
        Some((_, token)) => by_sesame(pages, &token, request).await?,
        None => None,
    };
    let Some(account) = account else {
        let detail = "This link is not good, or not any more. Ask for another one.";
        return Err(Problem::new(400, "Bad Request", detail).into());
    };
    session::log_in(session, &account).await?;
    let headers = (careful(), [(LOCATION, pages.after.clone())]);
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

async fn by_token<S: HasTenancy<OrgKey = K>, K: Key>(
    token: &str,
    state: &S,
) -> Result<Option<Account<K>>, ApiError> {
    let tenancy = state.tenancy();
    let (identity, key) = (tenancy.identity(), tenancy.signing());
    let key = key.ok_or_else(Problem::unavailable)?;
    let Some(user) = identity.use_link(token, LOGIN, key).await? else {
        return Ok(None);
    };
    identity.logged_in(&user, now_micros(), None).await?;
    Ok(identity.by_user(&user, Facts::CALLER).await?)
}

#[cfg(feature = "sesame")]
async fn by_sesame<K: Key>(
    pages: &LinkPages,
    token: &str,
    request: Unauthenticated<'_, K>,
) -> Result<Option<Account<K>>, ApiError> {
    let Some(sesame) = &pages.sesame else {
        return Ok(None);
    };
    let found = crate::authenticate::present(sesame, token, "", request).await?;
    Ok(found)
}

#[cfg(not(feature = "sesame"))]
async fn by_sesame<K: Key>(
    _: &LinkPages,
    _: &str,
    _: Unauthenticated<'_, K>,
) -> Result<Option<Account<K>>, ApiError> {
    Ok(None)
}
