//! The whole document: each route with what its rule and the types of its handler say.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    ComponentsBuilder, Info, OpenApi, OpenApiBuilder, Paths, RefOr, Response, Schema,
};

use super::{Operation, path, problems};
use crate::access::Hidden;
use crate::documented::Part;
use crate::policy::{Asked, Question};
use crate::report::{Route, Who};
use crate::web::{HasTenancy, Rule, Tenancy};

/// The document of these routes.
pub(crate) fn document<S: HasTenancy>(routes: &[Route], info: Info, state: &S) -> OpenApi {
    let (mut paths, mut ids) = (Paths::new(), HashSet::new());
    let (mut schemes, mut answered) = (BTreeMap::new(), BTreeSet::new());
    let mut schemas = Schemas::default();
    for route in routes {
        let (path, parameters) = path::plain(&route.path);
        for method in route.methods.split(' ').filter_map(method) {
            let mut said = said(route, &method);
            for (name, schema) in std::mem::take(&mut said.schemas) {
                schemas.add(name, schema);
            }
            answered.extend(said.problems.iter().copied());
            let id = id(&route.who, &mut ids);
            let built = match &route.who {
                Who::Policy(rule) => {
                    let accepted = schemes_of(rule, state.tenancy());
                    if !is_safe(&method) && accepted.iter().any(|(name, _)| name == SESSION) {
                        said.csrf_token();
                    }
                    let mut built = built(said, &parameters);
                    for (name, scheme) in accepted {
                        built = built.security(SecurityRequirement::new(&name, [""; 0]));
                        schemes.insert(name, scheme);
                    }
                    if may_be_anybody(rule) {
                        built = built.security(SecurityRequirement::default());
                    }
                    by_policy(built, rule, &method)
                }
                Who::Public { reason, .. } => {
                    let built = built(said, &parameters);
                    built.description(Some(format!("Public: {reason}.")))
                }
            };
            paths.add_path_operation(&path, vec![method], built.operation_id(Some(id)));
        }
    }
    schemas.add(problems::NAME.to_owned(), problems::schema());
    let mut components = ComponentsBuilder::new().schemas_from_iter(schemas.0);
    for (name, scheme) in schemes {
        components = components.security_scheme(name, scheme);
    }
    for status in answered {
        components = components.response(problems::name(status), problems::response(status));
    }
    let document = OpenApiBuilder::new().info(info).paths(paths);
    document.components(Some(components.build())).build()
}

/// The name of the authenticator of sessions.
const SESSION: &str = "session";

/// The schemas of all operations, by name.
#[derive(Default)]
struct Schemas(BTreeMap<String, RefOr<Schema>>);

impl Schemas {
    fn add(&mut self, name: String, schema: RefOr<Schema>) {
        if let Some(other) = self.0.get(&name)
            && *other != schema
        {
            tracing::warn!(
                name,
                "two types of this name: call one otherwise, with `#[schema(as = …)]`"
            );
        }
        self.0.insert(name, schema);
    }
}

/// What the handler's types say, and which problems follow from its rule.
fn said(route: &Route, method: &HttpMethod) -> Operation {
    let mut said = Operation::default();
    let parts: &[Part] = match &route.who {
        Who::Policy(rule) => rule.about.docs.parts,
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
            said.problem(400);
            said.problem(409);
        }
    }
    let is_success = |status: &String| status.starts_with(['2', '3']);
    if !said.answers.keys().any(is_success) {
        said.answer_without_body("2XX", "The answer.");
    }
    said
}

/// The operation, with the parameters of the path.
fn built(said: Operation, parameters: &[String]) -> OperationBuilder {
    let built = OperationBuilder::new();
    let parameters = path::parameters(parameters, said.key.as_ref(), said.parent);
    let parameters = parameters.into_iter().chain(said.parameters);
    let built = parameters.fold(built, OperationBuilder::parameter);
    let mut responses: BTreeMap<String, RefOr<Response>> = said
        .answers
        .into_iter()
        .map(|(status, answer)| (status, RefOr::T(answer)))
        .collect();
    for status in said.problems {
        let named = || problems::named(status).into();
        match responses.entry(status.to_string()).or_insert_with(named) {
            // The handler's own answer has the same status.
            RefOr::T(own) => own.content.extend(problems::response(status).content),
            RefOr::Ref(_) => {}
        }
    }
    let built = responses
        .into_iter()
        .fold(built, |built, (status, response)| {
            built.response(status, response)
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
    let (summary, more) = match about.docs.text.split_once("\n\n") {
        Some((summary, more)) => (summary, Some(more.to_owned())),
        None => (about.docs.text, None),
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

/// The name of the handler; with its module, and then a number, where another one has it.
fn id(who: &Who, taken: &mut HashSet<String>) -> String {
    let (module, handler) = match who {
        Who::Policy(rule) => (rule.about.module, rule.about.handler),
        Who::Public { handler, .. } => {
            let named = handler.rsplit_once("::").unwrap_or(("", handler));
            (named.0, named.1)
        }
    };
    let last = |path: &str| {
        let mut words = path.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words
            .rfind(|word| !word.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let name = last(handler);
    let longer = format!("{}_{name}", last(module));
    let ids = [name, longer.clone()].into_iter();
    let mut ids = ids.chain((2..).map(|number: u32| format!("{longer}_{number}")));
    let id = ids.find(|id| !id.is_empty() && !taken.contains(id));
    let id = id.unwrap_or_default();
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
