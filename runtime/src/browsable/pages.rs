//! Which page answers a request: the routes at its path, each with what its rule and the types of its handler say.

use std::collections::HashMap;

use futures_util::future::join_all;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, Uri};

use super::around::Asked;
use super::csrf;
use super::inputs::Form;
use super::negotiate::Submitted;
use super::offered::OffersRows;
use super::served::Served;
use super::settings::Browsable;
use super::view::{self, View};
use crate::report::{Route, Who};
use crate::web::{Dry, HasTenancy, Passed, Sent, segments};

/// The pages of a service.
pub(crate) struct Pages<S> {
    pub(super) settings: Browsable,
    /// What answers at each path, as routes write it.
    resources: HashMap<String, Vec<Served<S>>>,
    /// The lists, by their paths.
    pub(super) menu: Vec<String>,
}

/// The answer of a handler, which a page shows.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl<S> Pages<S>
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + 'static,
{
    pub(crate) fn new(settings: Browsable, routes: &[Route]) -> Pages<S> {
        let mut resources: HashMap<String, Vec<Served<S>>> = HashMap::new();
        for route in routes {
            let methods = route
                .methods
                .split(' ')
                .filter_map(|name| name.parse().ok());
            let served = resources.entry(route.path.clone()).or_default();
            served.extend(methods.map(|method| Served::of(method, route)));
        }
        let is_list = |route: &&Route| {
            matches!(route.who, Who::Policy(_))
                && route.methods.contains("GET")
                && !route.path.contains('{')
        };
        let lists = routes.iter().filter(is_list);
        Pages {
            settings,
            resources,
            menu: lists.map(|route| route.path.clone()).collect(),
        }
    }

    /// The names of the parameters of a list's query string.
    pub(super) fn filters(&self, pattern: &str) -> impl Iterator<Item = &str> {
        let served = self.resources.get(pattern).into_iter().flatten();
        let read = served.filter(|one| one.method == Method::GET);
        read.flat_map(Served::parameters)
            .map(|one| one.name.as_str())
    }

    /// The page of an answer.
    pub(super) async fn page(&self, asked: &Asked<'_>, answer: &Answer, state: &S) -> String {
        let Asked {
            parts,
            pattern,
            submitted: sent,
        } = *asked;
        let nothing = Vec::new();
        let served = pattern
            .and_then(|pattern| self.resources.get(pattern))
            .unwrap_or(&nothing);
        let asked = served.iter().find(|one| one.method == parts.method);
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let uri = Sent::uri(parts);
        let token = csrf::of_request(parts).await;
        let asking = dry(parts, token.as_deref());
        // Where the caller did not pass, or nothing is left, there is nothing to ask for.
        let is_answered = match answer.status {
            StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
                true
            }
            status => status.is_success() && parts.method != Method::DELETE,
        };
        let forms = served.iter().filter(|one| is_answered && one.is_change());
        let forms =
            join_all(forms.map(|one| self.form(one, &asking, sent, answer, &json, state))).await;
        let (caller, explanation) = self.caller(asked, &asking, state).await;
        let view = View {
            settings: &self.settings,
            menu: &self.menu,
            trail: pattern.map_or_else(Vec::new, |pattern| self.trail(pattern, uri.path())),
            method: &parts.method,
            uri,
            summary: asked.map_or("", |one| one.summary),
            policy: asked.and_then(|one| one.policy),
            answer,
            json: &json,
            row_path: pattern.and_then(|pattern| self.row_path(pattern, uri.path())),
            filters: asked
                .filter(|_| parts.method == Method::GET && is_answered)
                .map_or_else(Vec::new, |one| one.filters(uri, &json["errors"])),
            forms: forms.into_iter().flatten().collect(),
            token,
            caller,
            explanation,
        };
        view::page(&view).into_string()
    }

    /// The form of a change, if the caller may ask for it here.
    async fn form(
        &self,
        served: &Served<S>,
        parts: &Parts,
        sent: Option<&Submitted>,
        answer: &Answer,
        json: &serde_json::Value,
        state: &S,
    ) -> Option<Form> {
        let mut parts = parts.clone();
        parts.method = served.method.clone();
        if !served.enter?(&mut parts, state).await {
            return None;
        }
        let is_this =
            sent.filter(|sent| sent.method.as_ref().unwrap_or(&Method::POST) == served.method);
        let refused = is_this.filter(|_| !answer.status.is_success());
        let fields = match &served.operation.form {
            Some(form) => {
                let found = form.fields(&parts, state).await;
                let found = found.inspect_err(|error| {
                    tracing::error!(%error, "what a form offers is not known");
                });
                let mut fields = found.ok()??;
                // Changes begin with what there is; without that, a form would take away what it does not know.
                match refused {
                    Some(sent) => sent.fill(&mut fields, &json["errors"]),
                    None if served.method == Method::POST => {}
                    None if answer.status.is_success() && json.is_object() => {
                        form.fill(&mut fields, json);
                    }
                    None => return None,
                }
                fields
            }
            // A body that only the handler knows.
            None if served.operation.has_body() => return None,
            None => Vec::new(),
        };
        Some(Form {
            method: served.method.clone(),
            summary: served.summary,
            fields,
        })
    }

    /// Who has passed, and why: for superusers, where the service says so.
    async fn caller(
        &self,
        asked: Option<&Served<S>>,
        parts: &Parts,
        state: &S,
    ) -> (Option<String>, Option<String>) {
        let Some(enter) = asked.and_then(|one| one.enter) else {
            return (None, None);
        };
        let mut parts = parts.clone();
        enter(&mut parts, state).await;
        let passed = parts.extensions.get::<Passed<S::OrgKey>>();
        let Some((passed, caller)) =
            passed.and_then(|passed| Some((passed, passed.grant.principal()?)))
        else {
            return (None, None);
        };
        let explains = self.settings.explains && caller.is_superuser();
        let explanation = explains.then(|| passed.grant.admit().explain().to_string());
        (Some(caller.user_id().to_string()), explanation)
    }

    /// The paths above this one at which something is read, but for itself.
    fn trail(&self, pattern: &str, path: &str) -> Vec<String> {
        let (patterns, parts) = (segments(pattern), segments(path));
        let above = (2..patterns.len()).filter(|_| patterns.len() == parts.len());
        let read = above.filter(|length| self.reads(&patterns[..*length]));
        read.map(|length| parts[..length].join("/")).collect()
    }

    /// Whether something is read at a path, whatever its parameters are called.
    fn reads(&self, wanted: &[&str]) -> bool {
        let is_parameter = |segment: &str| segment.starts_with('{');
        let same = |(a, b): (&&str, &&str)| a == b || is_parameter(a) && is_parameter(b);
        self.resources.iter().any(|(pattern, served)| {
            let known = segments(pattern);
            known.len() == wanted.len()
                && known.iter().zip(wanted).all(same)
                && served.iter().any(|one| one.method == Method::GET)
        })
    }

    /// The path of the rows of a list, if each can be read: the key follows it.
    fn row_path(&self, pattern: &str, path: &str) -> Option<String> {
        let mut row = segments(pattern);
        row.push("{id}");
        self.reads(&row).then(|| format!("{path}/"))
    }
}

/// The same request, which is only asked about; it comes from a page that this service is about to make. A credential in its query string is
/// not shown again: it may be good for one use.
fn dry(parts: &Parts, token: Option<&str>) -> Parts {
    let mut parts = parts.clone();
    parts.extensions.insert(Dry);
    csrf::send(token, &mut parts.headers);
    if let Ok(path) = Uri::try_from(parts.uri.path()) {
        parts.uri = path.clone();
        if let Some(sent) = parts.extensions.get_mut::<Sent>() {
            sent.uri = path;
        }
    }
    parts
}
