//! Routes as resources of actix: one for each path, in an order in which each is reached.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::{self, ServiceConfig};
use actix_web::{Handler, HttpRequest, HttpResponse, guard};
use tracing::Instrument as _;

use super::answer::refusal;
use super::call::Call;
use super::handles::Answers;
use crate::web::observed::{counted, span};
use crate::web::segments;

/// How some methods of a path are answered, and how the others.
pub(super) struct Served<S> {
    pub(super) path: String,
    pub(super) methods: Vec<Method>,
    pub(super) answers: Answers<S>,
    pub(super) other_methods: Answers<S>,
}

impl<S> Clone for Served<S> {
    fn clone(&self) -> Self {
        Served {
            path: self.path.clone(),
            methods: self.methods.clone(),
            answers: self.answers.clone(),
            other_methods: self.other_methods.clone(),
        }
    }
}

/// All routes of one path; the first says what answers the methods that none has.
pub(super) struct Resource<S>(pub(super) Vec<Served<S>>);

impl<S> Clone for Resource<S> {
    fn clone(&self) -> Self {
        Resource(self.0.clone())
    }
}

/// The resources of these routes. actix asks them in order: segment by segment, fixed words come before parameters with a pattern, those
/// before others, and what may take all the rest comes last. What is alike in this stays in the order in which it was added.
///
/// # Panics
/// For a method that a path has twice, and for two paths that differ in nothing but the names of their parameters: one would hide the other.
pub(super) fn resources<S>(routes: Vec<Served<S>>) -> Vec<Resource<S>> {
    let mut resources: Vec<Resource<S>> = Vec::new();
    for route in routes {
        let same = |resource: &&mut Resource<S>| shape(resource.path()) == shape(&route.path);
        match resources.iter_mut().find(same) {
            Some(resource) => resource.add(route),
            None => resources.push(Resource(vec![route])),
        }
    }
    resources.sort_by_key(|resource| ranks(resource.path()));
    resources
}

impl<S> Resource<S> {
    pub(super) fn path(&self) -> &str {
        self.0.first().map_or("", |first| &first.path)
    }

    fn add(&mut self, route: Served<S>) {
        let path = self.path();
        assert!(
            path == route.path,
            "`{}` is the same path as `{path}`: its parameters need the same names",
            route.path
        );
        let mut known = self.0.iter().flat_map(|known| &known.methods);
        let twice = known.find(|method| route.methods.contains(method));
        assert!(twice.is_none(), "`{path}` has two handlers for {twice:?}");
        self.0.push(route);
    }

    /// `HEAD` goes where `GET` goes, unless a route names it.
    pub(super) fn methods(&self, route: &Served<S>) -> Vec<Method> {
        let mut methods = route.methods.clone();
        let named = |served: &Served<S>| served.methods.contains(&Method::HEAD);
        if methods.contains(&Method::GET) && !self.0.iter().any(named) {
            methods.push(Method::HEAD);
        }
        methods
    }

    /// Adds it to an application.
    pub(super) fn configure(&self, config: &mut ServiceConfig, state: &S)
    where
        S: Clone + 'static,
    {
        let Some(first) = self.0.first() else {
            return;
        };
        let mut resource = web::resource(self.path());
        let mut allowed = Vec::new();
        for route in &self.0 {
            let methods = self.methods(route);
            allowed.extend(methods.iter().map(|method| method.as_str().to_owned()));
            let is_one = guard::fn_guard(move |context| methods.contains(&context.head().method));
            let answers = handler(route.answers.clone(), state.clone(), None);
            resource = resource.route(web::route().guard(is_one).to(answers));
        }
        let allowed = HeaderValue::try_from(allowed.join(",")).ok();
        let others = handler(first.other_methods.clone(), state.clone(), allowed);
        config.service(resource.default_service(web::to(others)));
    }
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let (mut depth, mut is_name) = (0_usize, false);
    let kept = path.chars().filter(|letter| {
        match letter {
            '{' => {
                is_name = depth == 0;
                depth += 1;
                return true;
            }
            '}' => depth = depth.saturating_sub(1),
            ':' => {}
            _ => return !is_name,
        }
        is_name = false;
        true
    });
    kept.collect()
}

/// For each segment: whether it is a fixed word, holds a parameter, is one, or may be all that is left.
fn ranks(path: &str) -> Vec<u8> {
    let rank = |segment: &str| match (segment.find('{'), segment.split_once(':')) {
        (None, _) => 0,
        _ if segment.ends_with('*') => 3,
        (_, Some((_, expression))) if may_hold_a_slash(expression) => 3,
        (Some(0), None) if segment.ends_with('}') => 2,
        _ => 1,
    };
    segments(path).into_iter().map(rank).collect()
}

/// Whether what a regular expression matches may go over the end of a segment.
fn may_hold_a_slash(expression: &str) -> bool {
    let others = expression.replace("[^/", "").replace("\\.", "");
    ["/", ".", "[^", "\\S", "\\D", "\\W", "\\P", "\\p"]
        .iter()
        .any(|sign| others.contains(sign))
}

/// Answers as actix calls it, within the span of the request. A method that is not allowed is told which are.
pub(super) fn handler<S: Clone + 'static>(
    answers: Answers<S>,
    state: S,
    allowed: Option<HeaderValue>,
) -> impl Handler<(HttpRequest, web::Payload), Output = HttpResponse> {
    move |request: HttpRequest, payload: web::Payload| {
        let (answers, state, allowed) = (answers.clone(), state.clone(), allowed.clone());
        let route = request.match_pattern();
        let span = span(request.method().as_str(), route.as_deref());
        let answer = async move {
            let mut answer = match Call::new(request, payload.into_inner(), state) {
                Ok(call) => answers(call).await,
                Err(error) => refusal(error),
            };
            if let (405, Some(allowed)) = (answer.status().as_u16(), allowed) {
                answer.headers_mut().insert(ALLOW, allowed);
            }
            answer
        };
        counted(answer).instrument(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_words_come_before_parameters_and_what_is_left_comes_last() {
        let mut paths = [
            "/{path:.*}",
            "/files/{rest:.+}",
            "/files/{tail}*",
            "/{org}/devices",
            "/files/{id}",
            "/files/{id}/meta",
            "/files/v{number}",
            "/files/newest",
        ];
        paths.sort_by_key(|path| ranks(path));
        assert_eq!(
            paths,
            [
                "/files/newest",
                "/files/v{number}",
                "/files/{id}",
                "/files/{id}/meta",
                "/files/{rest:.+}",
                "/files/{tail}*",
                "/{org}/devices",
                "/{path:.*}",
            ]
        );
    }

    fn served(path: &str, methods: &[Method]) -> Served<()> {
        let nothing: Answers<()> =
            std::sync::Arc::new(|_| Box::pin(async { HttpResponse::Ok().finish() }));
        Served {
            path: path.to_owned(),
            methods: methods.to_vec(),
            answers: nothing.clone(),
            other_methods: nothing,
        }
    }

    #[test]
    fn no_route_hides_another() {
        let refused = |path: &'static str, method: Method| {
            let adding = move || {
                let routes = [
                    served("/items/{id}", &[Method::GET]),
                    served(path, &[method]),
                ];
                resources(routes.into()).len()
            };
            std::panic::catch_unwind(adding).is_err()
        };
        assert!(refused("/items/{id}", Method::GET));
        assert!(refused("/items/{item}", Method::POST));
        assert!(!refused("/items/{id}", Method::POST));
        assert_eq!(shape("/a/{y:[0-9]{4}}/{z}"), "/a/{:[0-9]{4}}/{}");
        for fits in ["{id:\\d+}", "{name:[^/]+}", "{word:[a-z]{2}}"] {
            assert_eq!(ranks(fits), [1], "{fits}");
        }
        for fits in ["{rest:\\S+}", "{rest:[^?]+}", "{rest:a/b}"] {
            assert_eq!(ranks(fits), [3], "{fits}");
        }
        assert!(!refused("/items/newest", Method::GET));
        let both = [served("/", &[Method::GET]), served("/", &[Method::HEAD])];
        let both = resources(both.into());
        assert_eq!(both.len(), 1);
        assert_eq!(both[0].methods(&both[0].0[0]), [Method::GET]);
    }
}
