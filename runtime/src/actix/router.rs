//! A router that takes protected handlers only.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use super::answer::refusal;
use super::handles::{Answers, Handles};
use super::resources::{Resource, Served, handler, resources};
use crate::problem::Problem;
use crate::report::AccessReport;
use crate::web::{IsParent, Routes, SameParent, below};

/// Routes of an actix `App`, for handlers that say who may call them: with `#[protected(…)]`, or as [`public`](super::public) with a
/// reason. Where several paths fit, fixed words come before parameters with a pattern, those before others, and what takes all the rest comes last;
/// of paths that are alike in this, the one that was added first answers.
///
/// ```
/// use orgscope::actix::{Router, Tenancy, public};
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
/// # use orgscope::actix::{Router, Tenancy};
/// async fn devices() -> &'static str { "all devices of all tenants" }
/// let router: Router<Tenancy> = Router::new().get("/devices", devices);
/// ```
pub struct Router<S = (), P = ()> {
    routes: Routes,
    served: Vec<Served<S>>,
    parent: PhantomData<fn() -> P>,
}

impl<S, P> Clone for Router<S, P> {
    fn clone(&self) -> Self {
        Router {
            routes: self.routes.clone(),
            served: self.served.clone(),
            parent: PhantomData,
        }
    }
}

impl<S, P> std::fmt::Debug for Router<S, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Router")
            .field("routes", &self.routes)
            .finish_non_exhaustive()
    }
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
            routes: Routes::default(),
            served: Vec::new(),
            parent: PhantomData,
        }
    }

    /// Answers `GET` and `HEAD` at the path.
    pub fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on([Method::GET], path, handler)
    }

    /// Answers `POST` at the path.
    pub fn post<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on([Method::POST], path, handler)
    }

    /// Answers `PUT` at the path.
    pub fn put<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on([Method::PUT], path, handler)
    }

    /// Answers `PATCH` at the path.
    pub fn patch<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on([Method::PATCH], path, handler)
    }

    /// Answers `DELETE` at the path.
    pub fn delete<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        self.on([Method::DELETE], path, handler)
    }

    /// Answers these methods at the path, and `HEAD` where `GET` is one of them.
    ///
    /// # Panics
    /// At the start of the service, for a path that names a parent (`/devices/{device_id}/configs`): such routes are added with
    /// [`under`](Router::under), where every handler checks it. actix panics for paths that it does not take, too.
    pub fn on<H, T>(
        mut self,
        methods: impl IntoIterator<Item = Method>,
        path: &str,
        handler: H,
    ) -> Self
    where
        H: Handles<T, S, Parent: SameParent<P>>,
    {
        let methods: Vec<Method> = methods.into_iter().collect();
        assert!(
            path.starts_with('/'),
            "the path `{path}` has to begin with `/`"
        );
        let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
        self.routes.add(names.join(" "), path, handler.who());
        #[cfg(feature = "browsable")]
        self.routes.entered_by(H::enter());
        self.served.push(Served {
            path: path.to_owned(),
            methods,
            answers: handler.answers(),
            other_methods: H::other_methods(),
        });
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
        assert!(
            path.starts_with('/'),
            "the path `{path}` has to begin with `/`"
        );
        self.routes.under(path, other.routes);
        self.served
            .extend(other.served.into_iter().map(|served| Served {
                path: below(path, &served.path),
                ..served
            }));
        self
    }

    /// Adds the routes of another protected router.
    pub fn merge(mut self, other: Router<S, P>) -> Self {
        self.routes.merge(other.routes);
        self.served.extend(other.served);
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
    /// use orgscope::actix::{Parent, Router};
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

    /// [`into_actix`](Self::into_actix), with pages for people who come with a browser: see [`browsable`](crate::browsable).
    ///
    /// # Panics
    /// As `into_actix`.
    #[cfg(feature = "browsable")]
    pub fn into_browsable(
        self,
        settings: crate::browsable::Browsable,
        state: S,
    ) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static
    where
        S: crate::web::HasTenancy<Pool: crate::browsable::OffersRows<S::OrgKey>>,
    {
        let pages = Arc::new(crate::browsable::Pages::new(settings, self.routes.all()));
        let resources = resources(self.served).into_iter();
        let resources = resources
            .map(|resource| super::browse::shown(resource, &pages))
            .collect();
        configuring(
            resources,
            super::browse::shown_alone(nowhere(), &pages),
            state,
        )
    }

    /// The routes of a service, to configure an `App` with: `App::new().configure(&routes)`. Routes added there are no longer asked.
    /// Paths that lead nowhere are answered as a problem document; `default_service` of the `App`, after `configure`, says otherwise.
    ///
    /// # Panics
    /// For a method that a path has twice, and for two paths that differ in nothing but the names of their parameters: one would hide the other.
    pub fn into_actix(self, state: S) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
        configuring(resources(self.served), nowhere(), state)
    }
}

/// Adds resources to an application, and what answers everything else.
fn configuring<S: Clone + Send + Sync + 'static>(
    resources: Vec<Resource<S>>,
    others: Answers<S>,
    state: S,
) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
    move |config| {
        for resource in &resources {
            resource.configure(config, &state);
        }
        config.default_service(web::to(handler(others.clone(), state.clone(), None)));
    }
}

/// What answers at a path that leads nowhere.
pub(super) fn nowhere<S>() -> Answers<S> {
    Arc::new(|_| Box::pin(async { refusal(Problem::nowhere().into()) }))
}
