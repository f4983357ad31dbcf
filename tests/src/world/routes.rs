//! The endpoints of a replay, as routes of both frameworks.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, Responder};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use orgscope::axum::{FromBody, IsParent, SameParent};
use orgscope::prelude::*;
use orgscope::{actix, axum as on_axum};
use serde::Serialize;
use serde_json::Value;

use super::Tenancy;
use super::resources::Call;

/// The same routes for axum and for actix.
pub struct Both<P = ()> {
    pub axum: on_axum::Router<Tenancy, P>,
    pub actix: actix::Router<Tenancy, P>,
}

impl<P> Default for Both<P> {
    fn default() -> Self {
        Both {
            axum: on_axum::Router::new(),
            actix: actix::Router::new(),
        }
    }
}

impl<P> Both<P> {
    /// Answers these methods at the path.
    pub fn on<H, A, B>(self, methods: &[&str], path: &str, handler: H) -> Both<P>
    where
        H: on_axum::Handles<A, Tenancy, Parent: SameParent<P>>,
        H: actix::Handles<B, Tenancy, Parent: SameParent<P>>,
        H: Clone,
    {
        let name = |name: &&str| Method::from_bytes(name.as_bytes()).expect("a method");
        let actix = self
            .actix
            .on(methods.iter().map(name), path, handler.clone());
        let filter =
            |name: &&str| MethodFilter::try_from(name.parse::<axum::http::Method>().ok()?).ok();
        let filters = methods.iter().filter_map(filter).reduce(MethodFilter::or);
        let axum = self.axum.on(filters.expect("a method"), path, handler);
        Both { axum, actix }
    }
}

impl Both {
    /// Adds the routes below a parent.
    pub fn under<Q: IsParent>(self, path: &str, children: Both<Q>) -> Both {
        Both {
            axum: self.axum.under(path, children.axum),
            actix: self.actix.under(path, children.actix),
        }
    }
}

/// What the endpoints answer with.
pub struct Reply {
    status: u16,
    body: Option<Value>,
}

impl Reply {
    /// 200.
    pub fn ok(body: impl Serialize) -> Reply {
        Reply::with(200, body)
    }

    /// 201.
    pub fn created(body: impl Serialize) -> Reply {
        Reply::with(201, body)
    }

    /// 204.
    pub fn no_content() -> Reply {
        let (status, body) = (204, None);
        Reply { status, body }
    }

    fn with(status: u16, body: impl Serialize) -> Reply {
        let body = Some(serde_json::to_value(body).expect("JSON"));
        Reply { status, body }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = axum::http::StatusCode::from_u16(self.status).expect("a status");
        match self.body {
            Some(body) => (status, axum::Json(body)).into_response(),
            None => status.into_response(),
        }
    }
}

impl Responder for Reply {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let status = actix_web::http::StatusCode::from_u16(self.status).expect("a status");
        let mut response = HttpResponse::build(status);
        match self.body {
            Some(body) => response.json(body),
            None => response.finish(),
        }
    }
}

/// axum reads what is read with every framework; actix does so by itself.
impl FromRequest<Tenancy> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Tenancy) -> Result<Call, ApiError> {
        let (parts, body) = request.into_parts();
        let body = Bytes::from_request(Request::new(body), state).await;
        Call::from_body(parts, body.unwrap_or_default().into(), state).await
    }
}
