//! What pages do before a handler is asked, and what they make of its answer; frameworks bring both.

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};

use super::negotiate::Submitted;
use super::offered::OffersRows;
use super::pages::{Answer, Pages};
use super::style;
use super::view;
use crate::web::{Answered, HasTenancy, Sent};

/// The largest body of a form, and the largest answer that a page shows.
pub(crate) const LARGEST: usize = 2 << 20;

/// A request whose answer is shown.
pub(crate) struct Asked<'a> {
    pub(crate) parts: &'a Parts,
    /// The path as its route is written.
    pub(crate) pattern: Option<&'a str>,
    pub(crate) submitted: Option<&'a Submitted>,
}

impl<S> Pages<S>
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + 'static,
{
    /// What is answered without a handler: the page of a login, and a list whose address is better without its empty filters.
    pub(crate) fn before(&self, parts: &Parts, pattern: Option<&str>) -> Option<Answered> {
        if parts.method != Method::GET {
            return None;
        }
        let uri = Sent::uri(parts);
        if self.is_login(uri) {
            let query = uri.query().unwrap_or_default().as_bytes();
            let mut query = form_urlencoded::parse(query).into_owned();
            let next = query.find(|(name, _)| name == "next").map(|(_, next)| next);
            let next = next.as_deref().map_or("/", local);
            return Some(shown(StatusCode::OK, self.login_page(next, None)));
        }
        let filters: Vec<&str> = self.filters(pattern?).collect();
        let shorter = without_empty(uri, &filters)?;
        is_local(&shorter).then(|| to(&shorter))
    }

    /// The page of an answer.
    pub(crate) async fn after(&self, asked: Asked<'_>, answer: &Answer, state: &S) -> Answered {
        let uri = Sent::uri(asked.parts);
        if let Some(submitted) = asked.submitted {
            let next = submitted.values("next").next().map_or("/", local);
            let is_login = self.is_login(uri);
            if is_login && !answer.status.is_success() {
                let page = shown(answer.status, self.login_page(next, Some(answer.status)));
                return page.with_all(&answer.headers);
            }
            let is_logout = self.settings.logout.as_deref() == Some(uri.path());
            if (is_login || is_logout) && answer.status.is_success() {
                let first = self.menu.first().map_or("/", String::as_str);
                return to(if next == "/" { first } else { next }).with_all(&answer.headers);
            }
        }
        let html = self.page(&asked, answer, state).await;
        // 204 and the like have no body.
        let status = match answer.status {
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => StatusCode::OK,
            status => status,
        };
        shown(status, html).with_all(&answer.headers)
    }

    fn is_login(&self, uri: &Uri) -> bool {
        self.settings.login.as_deref() == Some(uri.path())
    }

    /// The page with the form of a login, after what was wrong with the last one.
    fn login_page(&self, next: &str, refused: Option<StatusCode>) -> String {
        view::login(&self.settings, &self.menu, next, refused).into_string()
    }
}

impl Answered {
    /// The same with those headers of the handler's answer that mean something to a browser.
    fn with_all(mut self, headers: &HeaderMap) -> Answered {
        for name in [
            header::SET_COOKIE,
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
        ] {
            for value in headers.get_all(&name) {
                self.0.headers_mut().append(&name, value.clone());
            }
        }
        self
    }
}

/// Whether an answer is one that a page shows: JSON, or nothing. What leads elsewhere or is to be saved stays as it is.
pub(crate) fn is_shown(status: StatusCode, headers: &HeaderMap, is_empty: bool) -> bool {
    if status.is_redirection() || headers.contains_key(header::CONTENT_DISPOSITION) {
        return false;
    }
    headers
        .get(header::CONTENT_TYPE)
        .map_or(is_empty, |media_type| {
            let media_type = media_type.to_str().unwrap_or_default();
            let media_type = media_type.split(';').next().unwrap_or_default().trim();
            media_type == "application/json" || media_type == "application/problem+json"
        })
}

/// What a page says in the place of an answer that is too large for one.
pub(crate) const TOO_LARGE: &[u8] =
    br#""The answer is too large for a page: ask for it as `application/json`.""#;

/// A page.
fn shown(status: StatusCode, html: String) -> Answered {
    let page = Answered::new(status, "text/html; charset=utf-8", html);
    // Of letters, digits and signs that headers take.
    let policy = HeaderValue::from_str(&style::POLICY)
        .unwrap_or(HeaderValue::from_static("default-src 'none'"));
    page.with(header::CONTENT_SECURITY_POLICY, policy)
        .with(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        )
        .with(
            header::REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        )
        .with(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .with(header::VARY, HeaderValue::from_static("accept"))
}

/// Another address.
fn to(address: &str) -> Answered {
    let answer = Answered::empty(StatusCode::SEE_OTHER);
    match HeaderValue::from_str(address) {
        Ok(address) => answer.with(header::LOCATION, address),
        Err(_) => answer.with(header::LOCATION, HeaderValue::from_static("/")),
    }
}

/// The address of a list without the filters that were left empty: a form sends all of them.
fn without_empty(uri: &Uri, filters: &[&str]) -> Option<String> {
    let given = form_urlencoded::parse(uri.query()?.as_bytes()).into_owned();
    let is_said =
        |(name, value): &(String, String)| !value.is_empty() || !filters.contains(&name.as_str());
    let (said, empty): (Vec<_>, Vec<_>) = given.partition(is_said);
    if empty.is_empty() {
        return None;
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(said)
        .finish();
    Some(match query.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{query}", uri.path()),
    })
}

/// Where a browser goes after a login: an address of this service, and nowhere else.
fn local(next: &str) -> &str {
    if is_local(next) { next } else { "/" }
}

/// Whether an address is one of this service.
pub(super) fn is_local(address: &str) -> bool {
    let leads_elsewhere = address.starts_with("//") || address.contains(['\\', '\r', '\n', '\t']);
    address.starts_with('/') && !leads_elsewhere
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        for elsewhere in [
            "//example.org/",
            "https://example.org/",
            "/\\example.org",
            "builds",
            "",
            "/\texample.org",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
        assert_eq!(local("/builds?page=2"), "/builds?page=2");
    }

    #[test]
    fn only_filters_are_left_out_of_an_address() {
        let shorter = |uri: &str| without_empty(&uri.parse().unwrap(), &["category", "version"]);
        assert_eq!(
            shorter("/builds?category=&version=1&x=").unwrap(),
            "/builds?version=1&x="
        );
        assert_eq!(shorter("/builds?category=&version=").unwrap(), "/builds");
        for whole in [
            "/builds",
            "/builds?verbose",
            "/builds?category=1",
            "/callback?state=&code=1",
        ] {
            assert_eq!(shorter(whole), None, "{whole}");
        }
    }

    #[test]
    fn what_is_no_answer_of_an_api_passes() {
        let shown =
            |status: u16, headers: &[(header::HeaderName, &'static str)], is_empty: bool| {
                let headers = headers
                    .iter()
                    .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
                is_shown(
                    StatusCode::from_u16(status).unwrap(),
                    &headers.collect(),
                    is_empty,
                )
            };
        let json = (header::CONTENT_TYPE, "application/json; charset=utf-8");
        assert!(shown(200, std::slice::from_ref(&json), false) && shown(204, &[], true));
        assert!(shown(
            404,
            &[(header::CONTENT_TYPE, "application/problem+json")],
            false
        ));
        assert!(!shown(200, &[], false));
        assert!(!shown(303, std::slice::from_ref(&json), false));
        assert!(!shown(
            200,
            &[json, (header::CONTENT_DISPOSITION, "attachment")],
            false
        ));
        assert!(!shown(
            200,
            &[(header::CONTENT_TYPE, "application/jsonl")],
            false
        ));
    }
}
