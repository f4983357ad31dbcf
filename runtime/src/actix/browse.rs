//! Pages around actix's routes: who wants one, is answered by the same handler, and shown its answer.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody as _, to_bytes_limited};
use actix_web::dev::Payload;
use actix_web::http::header::{self, VARY};
use actix_web::web::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use http::header::{ACCEPT, CONTENT_LENGTH};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::answer::{refusal, response};
use super::call::Call;
use super::handles::Answers;
use super::resources::{Resource, Served};
use crate::browsable::{
    Answer, Asked, LARGEST, OffersRows, Pages, Submitted, TOO_LARGE, csrf, is_form, is_shown,
    wants_page,
};
use crate::problem::Problem;
use crate::web::{HasTenancy, unread};

/// The same resource, whose answers are shown.
pub(super) fn shown<S>(resource: Resource<S>, pages: &Arc<Pages<S>>) -> Resource<S>
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + Clone + 'static,
{
    let all = Arc::new(resource.clone());
    let routes = resource.0.into_iter().map(|route| Served {
        answers: around(route.answers, Some(all.clone()), pages.clone()),
        other_methods: around(route.other_methods, Some(all.clone()), pages.clone()),
        ..route
    });
    Resource(routes.collect())
}

/// The same for what answers at no path.
pub(super) fn shown_alone<S>(answers: Answers<S>, pages: &Arc<Pages<S>>) -> Answers<S>
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + Clone + 'static,
{
    around(answers, None, pages.clone())
}

/// Answers with pages. A form may mean a method of the resource that it cannot send.
fn around<S>(answers: Answers<S>, all: Option<Arc<Resource<S>>>, pages: Arc<Pages<S>>) -> Answers<S>
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + Clone + 'static,
{
    Arc::new(move |call| -> LocalBoxFuture<'static, HttpResponse> {
        if !wants_page(&call.parts.headers) {
            let answering = answers(call);
            return Box::pin(async move {
                let mut answer = answering.await;
                // Another client gets a page of the same address.
                let vary = (VARY, header::HeaderValue::from_static("accept"));
                answer.headers_mut().append(vary.0, vary.1);
                answer
            });
        }
        let (answers, all, pages) = (answers.clone(), all.clone(), pages.clone());
        Box::pin(async move { browse(answers, all.as_deref(), &pages, call).await })
    })
}

async fn browse<S>(
    answers: Answers<S>,
    all: Option<&Resource<S>>,
    pages: &Pages<S>,
    mut call: Call<S>,
) -> HttpResponse
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + Clone + 'static,
{
    let submitted = match call.parts.method == Method::POST && is_form(&call.parts.headers) {
        true => match meant(&mut call).await {
            Ok(submitted) => Some(submitted),
            Err(problem) => return refusal(problem.into()),
        },
        false => None,
    };
    let answers = match submitted.as_ref().and_then(|form| form.method.as_ref()) {
        Some(method) => all.map_or(answers, |all| all.answers(method)),
        None => answers,
    };
    let pattern = all.map(Resource::path);
    if let Some(answer) = pages.before(&call.parts, pattern) {
        return response(answer);
    }
    let json = HeaderValue::from_static("application/json");
    call.parts.headers.insert(ACCEPT, json);
    let (parts, state) = (call.parts.clone(), call.state.clone());
    let answered = answers(call).await;
    let status = StatusCode::from_u16(answered.status().as_u16());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = headers(&answered);
    let is_empty = matches!(answered.body().size(), BodySize::None | BodySize::Sized(0));
    if !is_shown(status, &headers, is_empty) {
        return answered;
    }
    let body = match to_bytes_limited(answered.into_body(), LARGEST).await {
        Ok(Ok(body)) => body.into(),
        _ => TOO_LARGE.to_vec(),
    };
    let answer = Answer {
        status,
        headers,
        body,
    };
    let asked = Asked {
        parts: &parts,
        pattern,
        submitted: submitted.as_ref(),
    };
    response(pages.after(asked, &answer, &state).await)
}

/// Makes of a form the request that it means.
async fn meant<S>(call: &mut Call<S>) -> Result<Submitted, Problem> {
    let mut body = Vec::new();
    let mut payload = std::mem::replace(&mut call.payload, Payload::None);
    while let Some(chunk) = payload.next().await {
        let chunk: Bytes = chunk.map_err(|_| unread(400))?;
        if body.len() + chunk.len() > LARGEST {
            return Err(unread(413));
        }
        body.extend(chunk);
    }
    let submitted = Submitted::read(&call.parts.headers, &body);
    if let Some(method) = &submitted.method {
        call.parts.method = method.clone();
    }
    csrf::send(submitted.csrf.as_deref(), &mut call.parts.headers);
    let body = Bytes::from(submitted.body());
    call.parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    call.payload = Payload::Stream {
        payload: futures_util::stream::once(std::future::ready(Ok(body))).boxed_local(),
    };
    Ok(submitted)
}

impl<S> Resource<S> {
    /// What answers a method.
    fn answers(&self, method: &Method) -> Answers<S> {
        let found = self.0.iter().find(|route| {
            let mut methods = route.methods.iter();
            methods.any(|one| one.as_str() == method.as_str())
        });
        match (found, self.0.first()) {
            (Some(route), _) => route.answers.clone(),
            (None, Some(first)) => first.other_methods.clone(),
            // A resource has a route.
            (None, None) => super::router::nowhere(),
        }
    }
}

/// The headers of an answer as the `http` crate has them.
fn headers(answer: &HttpResponse) -> HeaderMap {
    let headers = answer.headers().iter();
    let headers = headers.filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    });
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        all.append(name, value);
    }
    all
}
