//! The whole document: each route with what its rule and the types of its handler say.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder, Paths};

use super::{Operation, operation, problems};
use crate::access::Hidden;
use crate::documented::Part;
use crate::policy::{Asked, Question};
use crate::report::{Route, Who};
use crate::web::{HasTenancy, Rule, Tenancy};

/// The document of these routes.
pub(crate) fn document<S: HasTenancy>(routes: &[Route], info: Info, state: &S) -> OpenApi {
    let mut components = ComponentsBuilder::new().schema(problems::NAME, problems::schema());
    let (mut paths, mut ids) = (Paths::new(), HashSet::new());
    let (mut schemes, mut answered) = (BTreeMap::new(), BTreeSet::new());
    for route in routes {
        let (path, parameters) = plain(&route.path);
        for method in route.methods.split(' ').filter_map(method) {
            let said = said(route, &method);
            for (name, schema) in said.schemas.clone() {
                components = components.schema(name, schema);
            }
            answered.extend(said.problems.iter().copied());
            let mut built = built(said, &parameters);
            let id = id(&route.who, &mut ids);
            built = match &route.who {
                Who::Policy(rule) => {
                    for (name, scheme) in schemes_of(rule, state.tenancy()) {
                        built = built.security(SecurityRequirement::new(&name, [""; 0]));
                        schemes.insert(name, scheme);
                    }
                    if may_be_anybody(rule) {
                        built = built.security(SecurityRequirement::default());
                    }
                    by_policy(built, rule, &method)
                }
                Who::Public { reason, .. } => built.description(Some(format!("Public: {reason}."))),
            };
            paths.add_path_operation(&path, vec![method], built.operation_id(Some(id)));
        }
    }
    for (name, scheme) in schemes {
        components = components.security_scheme(name, scheme);
    }
    for status in answered {
        components = components.response(problems::name(status), problems::response(status));
    }
    let document = OpenApiBuilder::new().info(info).paths(paths);
    document.components(Some(components.build())).build()
}

/// What the handler's types say, and which problems follow from its rule.
fn said(route: &Route, method: &HttpMethod) -> Operation {
    let mut said = Operation::default();
    let parts: &[Part] = match &route.who {
        Who::Policy(rule) => rule.about.docs.1,
        Who::Public { part, .. } => std::slice::from_ref(part),
    };
    for part in parts {
        (part.document)(&mut said);
    }
    if let Who::Policy(rule) = &route.who {
        said.problems.extend([401, 403, 503]);
        if rule.access.needs().throttle.is_some() {
            said.problem(429);
        }
        if route.path.contains('{') {
            said.problem(404);
        }
        if rule.rows && !is_safe(method) {
            said.problem(409);
        }
    }
    if said.answers.is_empty() {
        said.answer_without_body("2XX", "The answer.");
    }
    said
}

/// The operation, with the parameters of the path.
fn built(said: Operation, parameters: &[String]) -> OperationBuilder {
    let mut built = OperationBuilder::new();
    let parent = said.parent_key.as_ref();
    let last = parameters.last();
    for name in parameters {
        let is_parent = parent.is_some() && (name.ends_with("_id") || last != Some(name));
        let schema = match is_parent {
            true => parent.cloned(),
            false if name == "id" || last == Some(name) => said.key.clone(),
            false => None,
        };
        built = built.parameter(operation::in_path(name, schema));
    }
    let built = said
        .parameters
        .into_iter()
        .fold(built, OperationBuilder::parameter);
    let built = said
        .answers
        .into_iter()
        .fold(built, |built, (status, answer)| {
            built.response(status, answer)
        });
    let problems = said.problems.into_iter();
    let built = problems.fold(built, |built, status| {
        built.response(status.to_string(), problems::named(status))
    });
    built.request_body(said.body)
}

/// The words of the handler, and the rule in words.
fn by_policy(built: OperationBuilder, rule: &Rule, method: &HttpMethod) -> OperationBuilder {
    let about = rule.about;
    let built = match about.models.first() {
        Some(model) => built.tag(model.name),
        None => built,
    };
    let (summary, more) = match about.docs.0.split_once("\n\n") {
        Some((summary, more)) => (summary, Some(more.to_owned())),
        None => (about.docs.0, None),
    };
    let built = match summary {
        "" => built,
        summary => built.summary(Some(summary.replace('\n', " "))),
    };
    let access = rule.access;
    let mut words = vec![format!("Policy: `{}`.", about.policy)];
    if about.models.iter().any(|model| model.global.is_none()) {
        words.push(match access.scope_role() {
            Some(role) => format!("Rows of the organizations where the caller is {role}."),
            None => "Rows of all organizations.".to_owned(),
        });
        if !is_safe(method) {
            let role = access.write_role();
            words.push(format!("Changes rows of those where the caller is {role}."));
        }
        if access.hidden_rows() == Hidden::Forbidden {
            words.push("Other rows are 403.".to_owned());
        }
    }
    let paragraphs = more.into_iter().chain([words.join(" ")]);
    built.description(Some(paragraphs.collect::<Vec<_>>().join("\n\n")))
}

fn schemes_of<P: crate::pool::Pool, K: crate::key::Key>(
    rule: &Rule,
    tenancy: &Tenancy<P, K>,
) -> Vec<(String, utoipa::openapi::security::SecurityScheme)> {
    // A name that the service does not have answers 503.
    let Ok(picked) = tenancy.chain().of(rule.access.needs().authenticate) else {
        return Vec::new();
    };
    let schemes = picked.security_schemes();
    schemes
        .map(|(name, scheme)| (name.to_owned(), scheme))
        .collect()
}

/// Whether somebody who has not logged in may pass.
fn may_be_anybody(rule: &Rule) -> bool {
    let nobody = Asked::new::<i32>(None, None);
    rule.access.admit(&Question::of(*nobody.caller())).is_ok()
}

/// The name of the handler; with a number, where another one has it.
fn id(who: &Who, taken: &mut HashSet<String>) -> String {
    let path = match who {
        Who::Policy(rule) => rule.about.handler,
        Who::Public { handler, .. } => handler,
    };
    let path = path.split('<').next().unwrap_or_default();
    let names = path.rsplit("::").find(|name| !name.starts_with('{'));
    let name = names.unwrap_or_default();
    let mut ids = (1..).map(|number: u32| match number {
        1 => name.to_owned(),
        number => format!("{name}_{number}"),
    });
    let id = ids.find(|id| !taken.contains(id)).unwrap_or_default();
    taken.insert(id.clone());
    id
}

fn method(name: &str) -> Option<HttpMethod> {
    Some(match name {
        "GET" => HttpMethod::Get,
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        "HEAD" => HttpMethod::Head,
        "OPTIONS" => HttpMethod::Options,
        "TRACE" => HttpMethod::Trace,
        _ => return None,
    })
}

fn is_safe(method: &HttpMethod) -> bool {
    matches!(
        method,
        HttpMethod::Get | HttpMethod::Head | HttpMethod::Options | HttpMethod::Trace
    )
}

/// A path with nothing but names in its braces, and these names: axum has `{*rest}`, actix `{id:\d+}`.
fn plain(path: &str) -> (String, Vec<String>) {
    let (mut text, mut names, mut depth) = (String::new(), Vec::new(), 0_usize);
    let mut name = String::new();
    for letter in path.chars() {
        match (letter, depth) {
            ('{', 0) => depth = 1,
            ('}', 1) => {
                depth = 0;
                let whole = std::mem::take(&mut name);
                let named = whole.split(':').next().unwrap_or_default();
                let named = named.trim_start_matches('*').to_owned();
                text.push_str(&format!("{{{named}}}"));
                names.push(named);
            }
            // actix writes what takes the rest of a path as `{rest}*`.
            ('*', 0) if text.ends_with('}') => {}
            (letter, 0) => text.push(letter),
            (letter, _) => {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                name.push(letter);
            }
        }
    }
    (text, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_openapi() {
        for (path, as_it_is, names) in [
            ("/builds", "/builds", vec![]),
            ("/builds/{id}", "/builds/{id}", vec!["id"]),
            ("/files/{*rest}", "/files/{rest}", vec!["rest"]),
            ("/files/{rest}*", "/files/{rest}", vec!["rest"]),
            (r"/b/{id:\d{1,3}}/c/{x}", "/b/{id}/c/{x}", vec!["id", "x"]),
        ] {
            let (text, found) = plain(path);
            assert_eq!(
                (text.as_str(), found),
                (
                    as_it_is,
                    names.iter().map(|name| (*name).to_owned()).collect()
                )
            );
        }
    }
}
