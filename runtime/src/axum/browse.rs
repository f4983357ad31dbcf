//! Pages around axum's router: who wants one, is answered by the same handler, and shown its answer.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, header};

use super::extract::sent;
use crate::browsable::{
    Answer, Asked, LARGEST, OffersRows, Pages, Submitted, TOO_LARGE, csrf, is_form, is_shown,
    wants_page,
};
use crate::web::{ApiError, HasTenancy, unread};

/// The router with its pages. What a form means is known before a route is looked for, and how the route is written after.
pub(super) fn layered<S>(router: axum::Router<S>, pages: Pages<S>, state: S) -> axum::Router
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + Clone + Send + Sync + 'static,
{
    let (pages, shown) = (Arc::new(pages), state.clone());
    let layer = from_fn(move |request: Request, next: Next| {
        let (pages, state) = (pages.clone(), shown.clone());
        async move { browse(&pages, &state, request, next).await }
    });
    let router = router.layer(layer).with_state(state);
    axum::Router::new()
        .fallback_service(router)
        .layer(from_fn(meant))
}

/// Makes of a form the request that it means.
async fn meant(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if request.method() != Method::POST || !wants_page(headers) || !is_form(headers) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return ApiError::from(unread(413)).into_response();
    };
    let submitted = Submitted::read(&parts.headers, &body);
    if let Some(method) = &submitted.method {
        parts.method = method.clone();
    }
    csrf::send(submitted.csrf.as_deref(), &mut parts.headers);
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = Body::from(submitted.body());
    parts.extensions.insert(submitted);
    next.run(Request::from_parts(parts, body)).await
}

async fn browse<S>(pages: &Pages<S>, state: &S, request: Request, next: Next) -> Response
where
    S: HasTenancy<Pool: OffersRows<S::OrgKey>> + 'static,
{
    if !wants_page(request.headers()) {
        let mut response = next.run(request).await;
        // Another client gets a page of the same address.
        let vary = HeaderValue::from_static("accept");
        response.headers_mut().append(header::VARY, vary);
        return response;
    }
    let (mut parts, body) = request.into_parts();
    sent(&mut parts).await;
    let submitted = parts.extensions.remove::<Submitted>();
    let pattern = parts.extensions.get::<MatchedPath>().cloned();
    let pattern = pattern.as_ref().map(MatchedPath::as_str);
    if let Some(answer) = pages.before(&parts, pattern) {
        return answer.into_response();
    }
    let json = HeaderValue::from_static("application/json");
    parts.headers.insert(header::ACCEPT, json);
    let response = next.run(Request::from_parts(parts.clone(), body)).await;
    let is_empty = response.body().size_hint().exact() == Some(0);
    if !is_shown(response.status(), response.headers(), is_empty) {
        return response;
    }
    let (head, body) = response.into_parts();
    let body = to_bytes(body, LARGEST).await;
    let answer = Answer {
        status: head.status,
        headers: head.headers,
        body: body.map_or_else(|_| TOO_LARGE.to_vec(), Into::into),
    };
    let asked = Asked {
        parts: &parts,
        pattern,
        submitted: submitted.as_ref(),
    };
    pages.after(asked, &answer, state).await.into_response()
}
