//! Login links: opened on a page, and used by a button. Whatever fetches an address before its reader does (a mail scanner, a preview, a
//! `HEAD`) does not use the link up.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use super::asking::Asking;
use crate::authenticate::Unauthenticated;
use crate::authenticate::session::{self, KeepsLogin};
use crate::body::Body;
use crate::facts::Facts;
use crate::field_errors::FieldErrors;
use crate::identity::{Account, now_micros};
use crate::key::Key;
use crate::problem::Problem;
use crate::web::{Answered, ApiError, FromHead, HasTenancy, Sent};

/// The purpose of links that log in.
pub const LOGIN: &str = "login";

/// What login links lead to.
#[derive(Clone, Debug)]
pub struct LinkPages {
    after: HeaderValue,
    #[cfg(feature = "sesame")]
    sesame: Option<crate::sesame::Sesame>,
}

impl LinkPages {
    /// Pages that lead to this address of the site after the login.
    pub fn leading_to(after: impl Into<String>) -> LinkPages {
        let mut after: String = after.into();
        // What has no place in a header has none in an address.
        after.retain(|letter| !letter.is_control());
        let after = HeaderValue::try_from(after);
        LinkPages {
            after: after.unwrap_or_else(|_| HeaderValue::from_static("/")),
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
pub(crate) async fn page(OpenedLink(presented): OpenedLink) -> Result<Answered, ApiError> {
    let Some((name, token)) = presented else {
        let detail = "This link is not complete. Copy all of it.";
        return Err(Problem::new(400, "Bad Request", detail).into());
    };
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Log in</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\
         <body><main><h1>Log in</h1><form method=\"post\">\
         <input type=\"hidden\" name=\"{name}\" value=\"{token}\">\
         <button type=\"submit\">Log in</button></form></main></body></html>"
    );
    let answer = Answered::new(StatusCode::OK, "text/html; charset=utf-8", html);
    Ok(careful(answer))
}

/// What the address of a page presents.
pub(crate) struct OpenedLink(Option<Presented>);

impl<S: Sync> FromHead<S> for OpenedLink {
    async fn from_head(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = Sent::uri(parts).query().unwrap_or_default();
        let value = |name: &str| {
            let named = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
            named.last().map(|(_, value)| value.into_owned())
        };
        Ok(OpenedLink(presented(value)))
    }
}

/// The address of the page is a secret: it is not passed on, kept, or shown in a frame.
fn careful(answer: Answered) -> Answered {
    const POLICY: &str =
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    let headers = [
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    headers.into_iter().fold(answer, |answer, (name, value)| {
        answer.with(name, HeaderValue::from_static(value))
    })
}

/// Uses the link, and logs its user in.
pub(crate) async fn use_link<S, K>(
    pages: &LinkPages,
    session: &impl KeepsLogin,
    asking: &Asking<S>,
    body: &Body,
) -> Result<Answered, ApiError>
where
    S: HasTenancy<OrgKey = K>,
    K: Key,
{
    let Asking { state, parts } = asking;
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
    let answer = careful(Answered::empty(StatusCode::SEE_OTHER));
    Ok(answer.with(LOCATION, pages.after.clone()))
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
