//! One method at a path, with what its rule and the types of its handler say.

use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{Method, Uri};
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::field::{Field, Kind};
use crate::openapi::Operation;
use crate::report::{Entrance, Route, Who};

/// Whether a request would pass the caller's check of a handler, and its first argument be read: without the handler.
pub(crate) type Enter<S> = for<'a> fn(&'a mut Parts, &'a S) -> BoxFuture<'a, bool>;

/// One method at a path.
pub(super) struct Served<S> {
    pub(super) method: Method,
    pub(super) operation: Operation,
    pub(super) summary: &'static str,
    pub(super) policy: Option<&'static str>,
    pub(super) enter: Option<Enter<S>>,
}

impl<S: 'static> Served<S> {
    pub(super) fn of(method: Method, route: &Route) -> Served<S> {
        let mut operation = Operation::default();
        let (parts, summary, policy) = match &route.who {
            Who::Policy(rule) => {
                let docs = rule.about.docs;
                let summary = docs.text.split("\n\n").next().unwrap_or_default();
                (docs.parts, summary, Some(rule.about.policy))
            }
            Who::Public { part, .. } => (std::slice::from_ref(part), "", None),
        };
        for part in parts {
            (part.document)(&mut operation);
        }
        let enter = route.enter.as_ref().and_then(Entrance::of::<Enter<S>>);
        Served {
            method,
            operation,
            summary,
            policy,
            enter,
        }
    }

    pub(super) fn is_change(&self) -> bool {
        [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&self.method)
    }

    /// The parameters of the query string.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let all = self.operation.parameters.iter();
        all.filter(|one| one.parameter_in == ParameterIn::Query)
    }

    /// The parameters of the query string, with what they are now, and what is wrong with them; those of pages follow links.
    pub(super) fn filters(&self, uri: &Uri, errors: &Value) -> Vec<Field> {
        let given: Vec<(String, String)> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let parameters = self.parameters();
        let parameters =
            parameters.filter(|one| !["page", "page_size", "cursor"].contains(&one.name.as_str()));
        let fields = parameters.map(|one| {
            let mut field = Field::of(&one.name, one.schema.as_ref(), false);
            field.hint = one.description.clone().unwrap_or_default();
            let named = given.iter().filter(|(name, _)| *name == one.name);
            field.values = named.map(|(_, value)| value.clone()).collect();
            let errors = errors[&one.name].as_array().into_iter().flatten();
            field.errors = errors.map(super::view::text).collect();
            field.several = false;
            if field.kind == Kind::Other {
                field.kind = Kind::Text;
            }
            field
        });
        fields.collect()
    }
}
