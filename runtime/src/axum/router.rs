//! A router that takes protected handlers only.

use std::collections::HashSet;
use std::marker::PhantomData;

use axum::routing::{MethodFilter, MethodRouter};

use super::handles::Handles;
use crate::problem::Problem;
use crate::report::AccessReport;
use crate::web::{ApiError, IsParent, Routes, SameParent, below};

/// axum's router, for handlers that say who may call them: with `#[protected(…)]`, or as [`public`](super::public) with a reason.
///
/// ```
/// use orgscope::axum::{Router, Tenancy, public};
///
/// async fn health() -> &'static str { "up" }
///
/// let router: Router<Tenancy> = Router::new().get("/health", public("liveness probe", health));
/// # let _ = router;
/// ```
///
/// A handler that says nothing does not compile:
///
/// ```compile_fail
/// # use orgscope::axum::{Router, Tenancy};
/// async fn devices() -> &'static str { "all devices of all tenants" }
/// let router: Router<Tenancy> = Router::new().get("/devices", devices);
/// ```
#[derive(Clone, Debug)]
pub struct Router<S = (), P = ()> {
    inner: axum::Router<S>,
    parent: PhantomData<fn() -> P>,
    routes: Routes,
    /// What answers the other methods of each path: by the policy of its first handler.
    other_methods: Vec<(String, MethodRouter<S>)>,
}

impl<S: Clone + Send + Sync + 'static, P> Default for Router<S, P> {
    fn default() -> Self {
        Router::new()
    }
}

impl<S: Clone + Send + Sync + 'static, P> Router<S, P> {
    /// A router without routes.
    pub fn new() -> Self {
        Router {
            inner: axum::Router::new(),
            parent: PhantomData,
            routes: Routes::default(),
            other_methods: Vec::new(),
        }
    }

    /// Answers `GET` and `HEAD` at the path.
    pub fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on(MethodFilter::GET, path, handler)
    }

    /// Answers `POST` at the path.
    pub fn post<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on(MethodFilter::POST, path, handler)
    }

    /// Answers `PUT` at the path.
    pub fn put<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on(MethodFilter::PUT, path, handler)
    }

    /// Answers `PATCH` at the path.
    pub fn patch<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on(MethodFilter::PATCH, path, handler)
    }

    /// Answers `DELETE` at the path.
    pub fn delete<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on(MethodFilter::DELETE, path, handler)
    }

    /// Answers the methods of a filter at the path.
    ///
    /// # Panics
    /// At the start of the service, for a path that names a parent (`/devices/{device_id}/configs`): such routes are added with
    /// [`under`](Router::under), where every handler checks it. axum panics for paths that it does not take, too.
    pub fn on<H, T>(mut self, methods: MethodFilter, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.routes.add(names(methods), path, handler.who());
        #[cfg(feature = "browsable")]
        self.routes.entered_by(H::enter());
        self.other_methods
            .push((path.to_owned(), H::other_methods()));
        self.inner = self.inner.route(path, handler.on(methods));
        self
    }

    /// Adds the routes of another protected router under a prefix.
    ///
    /// # Panics
    /// As [`on`](Router::on).
    pub fn nest(mut self, path: &str, mut other: Router<S, P>) -> Self {
        self.routes.nest(path, std::mem::take(&mut other.routes));
        self.add_under(path, other)
    }

    fn add_under<Q>(mut self, path: &str, other: Router<S, Q>) -> Self {
        self.routes.under(path, other.routes);
        let others = other.other_methods.into_iter();
        self.other_methods
            .extend(others.map(|(inner, others)| (below(path, &inner), others)));
        self.inner = self.inner.nest(path, other.inner);
        self
    }

    /// Adds the routes of another protected router.
    pub fn merge(mut self, other: Router<S, P>) -> Self {
        self.routes.merge(other.routes);
        self.other_methods.extend(other.other_methods);
        self.inner = self.inner.merge(other.inner);
        self
    }
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// Adds the routes of a nested resource: every handler of `children` takes the parent that the path names, a
    /// [`Parent`](super::Parent) of the same model. A handler that does not check it does not compile here, and one that takes a
    /// parent nowhere else.
    ///
    /// ```
    /// use diesel::prelude::*;
    /// use orgscope::axum::{Parent, Router};
    /// use orgscope::prelude::*;
    /// # diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }
    /// # #[derive(Queryable, Selectable, OrgScoped)]
    /// # #[diesel(table_name = devices)]
    /// # struct Device { id: i32, organization_id: i32 }
    ///
    /// #[protected(member)]
    /// async fn status(device: Parent<Device>) -> String { format!("device {}", device.id) }
    ///
    /// let router: Router<Tenancy> =
    ///     Router::new().under("/devices/{device_id}", Router::new().get("/status", status));
    /// # let _ = router;
    /// ```
    pub fn under<Q: IsParent>(self, path: &str, children: Router<S, Q>) -> Self {
        self.add_under(path, children)
    }

    /// Who may do what: every route with its rule, every public route with its reason, every model without a tenant.
    pub fn access_report(&self) -> AccessReport {
        self.routes.report()
    }

    /// The documentation of the API, as a service with this state serves it: see [`openapi`](crate::openapi).
    #[cfg(feature = "openapi")]
    pub fn openapi(&self, info: utoipa::openapi::Info, state: &S) -> utoipa::openapi::OpenApi
    where
        S: crate::web::HasTenancy,
    {
        self.routes.openapi(info, state)
    }

    /// The plain axum router, with pages for people who come with a browser: see [`browsable`](crate::browsable).
    #[cfg(feature = "browsable")]
    pub fn into_browsable(self, settings: crate::browsable::Browsable, state: S) -> axum::Router
    where
        S: crate::web::HasTenancy<Pool: crate::browsable::OffersRows<S::OrgKey>>,
    {
        let pages = crate::browsable::Pages::new(settings, self.routes.all());
        super::browse::layered(self.into_axum(), pages, state)
    }

    /// The plain axum router, for middleware and serving. Routes added there are no longer asked. Paths that lead nowhere are
    /// answered as a problem document; `fallback` of the plain router says otherwise.
    pub fn into_axum(self) -> axum::Router<S> {
        let nowhere = || async { ApiError::from(Problem::nowhere()) };
        let (mut inner, mut done) = (self.inner.fallback(nowhere), HashSet::new());
        for (path, others) in self.other_methods {
            if done.insert(path.clone()) {
                inner = inner.route(&path, others);
            }
        }
        inner
    }
}

/// The names of the methods of a filter.
fn names(methods: MethodFilter) -> String {
    let known = [
        ("GET", MethodFilter::GET),
        ("POST", MethodFilter::POST),
        ("PUT", MethodFilter::PUT),
        ("PATCH", MethodFilter::PATCH),
        ("DELETE", MethodFilter::DELETE),
        ("HEAD", MethodFilter::HEAD),
        ("OPTIONS", MethodFilter::OPTIONS),
        ("TRACE", MethodFilter::TRACE),
        ("CONNECT", MethodFilter::CONNECT),
    ];
    let named = known
        .iter()
        .filter(|(_, method)| methods.or(*method) == methods);
    let names: Vec<_> = named.map(|(name, _)| *name).collect();
    names.join(" ")
}
