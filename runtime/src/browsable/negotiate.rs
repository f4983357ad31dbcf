//! Who wants a page, and what the form of a page says beside its fields.

use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::Value;

use super::field::Field;

/// Whether a client would rather have a page than JSON: it names `text/html`, as browsers do.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let accepted = accepted.filter_map(|value| value.to_str().ok());
    let (mut page, mut json) = (0.0, 0.0);
    for range in accepted.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        let quality = quality.unwrap_or(1.0);
        match media_type.as_str() {
            "text/html" => page = quality,
            "application/json" | "application/problem+json" => json = quality.max(json),
            _ => {}
        }
    }
    page > json
}

/// Whether the body of a request is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|value| {
        value
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// The fields of a form, and what it says beside them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Submitted {
    /// The method that is meant.
    pub(crate) method: Option<Method>,
    /// The session's own token.
    pub(crate) csrf: Option<String>,
    pub(crate) fields: Vec<(String, String)>,
    /// Fields that said nothing.
    empty: Vec<String>,
}

/// The field with the method.
pub(super) const METHOD: &str = "_method";
/// Fields with the names of others, which say nothing when they are empty.
pub(super) const IF_ANY: &str = "_if_any";
/// The field with the session's token.
pub(super) const CSRF: &str = "_csrf";

impl Submitted {
    /// Reads the body of a form. A page of another site names no method: browsers ask before they send others than `POST` across sites, and this
    /// is none of the services that answer them.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Submitted {
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let is_own = matches!(site, None | Some(b"same-origin" | b"none"));
        let mut submitted = Submitted::default();
        for (name, value) in form_urlencoded::parse(body) {
            // As browsers send what has several lines.
            let (name, value) = (name.into_owned(), value.replace("\r\n", "\n"));
            match name.as_str() {
                METHOD if !is_own => {}
                METHOD => {
                    let known = [Method::PUT, Method::PATCH, Method::DELETE];
                    submitted.method = known.into_iter().find(|method| method.as_str() == value);
                }
                CSRF => submitted.csrf = Some(value),
                IF_ANY => submitted.empty.push(value),
                _ => submitted.fields.push((name, value)),
            }
        }
        let Submitted { fields, empty, .. } = &mut submitted;
        fields.retain(|(name, value)| !value.is_empty() || !empty.contains(name));
        submitted
    }

    /// The body without what is said beside its fields.
    pub(crate) fn body(&self) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.fields).finish()
    }

    /// Fills the fields that were sent with what they said, and with what is wrong with them.
    pub(super) fn fill(&self, fields: &mut Vec<Field>, errors: &Value) {
        fields.retain_mut(|field| {
            field.values = self.values(&field.name).map(str::to_owned).collect();
            let errors = errors[&field.name].as_array().into_iter().flatten();
            field.errors = errors.map(super::view::text).collect();
            field.if_any = self.empty.contains(&field.name);
            let is_sent = field.if_any || !field.values.is_empty() || field.several;
            is_sent || !field.errors.is_empty() || field.required
        });
    }

    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn wants(accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        wants_page(&headers)
    }

    #[test]
    fn browsers_want_pages_and_programs_do_not() {
        assert!(wants(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        ));
        assert!(wants("Text/HTML"));
        for program in [
            "*/*",
            "application/json",
            "application/json, text/html;q=0.5",
            "application/json, text/html",
            "text/html;q=0",
            "text/htmlx",
            "",
        ] {
            assert!(!wants(program), "{program}");
        }
        assert!(!wants_page(&HeaderMap::new()));
    }

    #[test]
    fn a_form_means_the_methods_that_it_cannot_send_and_no_others() {
        let own = HeaderMap::new();
        let read = |method: &str| Submitted::read(&own, format!("_method={method}&a=1").as_bytes());
        assert_eq!(read("PATCH").method, Some(Method::PATCH));
        assert_eq!(read("DELETE").method, Some(Method::DELETE));
        for other in ["GET", "patch", "CONNECT", ""] {
            assert_eq!(read(other).method, None, "{other}");
        }
        let mut other = HeaderMap::new();
        other.insert("sec-fetch-site", "cross-site".parse().unwrap());
        let crossing = Submitted::read(&other, b"_method=DELETE&a=1");
        assert_eq!(
            (crossing.method.as_ref(), crossing.body().as_str()),
            (None, "a=1")
        );
        let form =
            b"_csrf=x&_if_any=size&_if_any=note&tags=1&tags=2&name=a+b&size=&note=c%0D%0Ad&text=";
        let submitted = Submitted::read(&own, form);
        assert_eq!(submitted.body(), "tags=1&tags=2&name=a+b&note=c%0Ad&text=");
        assert_eq!(submitted.values("tags").collect::<Vec<_>>(), ["1", "2"]);
    }
}
