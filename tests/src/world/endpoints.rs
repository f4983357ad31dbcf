//! The endpoints: a list and a detail for every resource, org path, policy, scope role and answer for hidden rows, with and
//! without model permissions, at `/resource/path/policy/scope/hidden/perms`.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use orgscope::Keyed;
use orgscope::axum::Router;
use orgscope::connection::Asynchronous;
use orgscope::prelude::*;

use super::models::{Book, Config, Library, Shelf, Tag, Template};

/// The list and the detail of one rule; the detail is looked at or deleted.
macro_rules! endpoint {
    (
        $routes:ident, $model:ident, $path:literal, $name:ident, $perms:ident, $policy:expr,
        $scope:ident, $hidden:ident
    ) => {{
        #[protected($policy, scope = $scope, hidden = $hidden, org_field = $path)]
        async fn list(rows: Scoped<$model>, mut db: Db) -> Result<Json<Vec<$model>>, ApiError> {
            Ok(Json(rows.load(&mut db).await?))
        }

        #[protected($policy, scope = $scope, hidden = $hidden, org_field = $path)]
        async fn one(
            row: Object<$model>,
            rows: Scoped<$model>,
            method: Method,
            db: Db,
        ) -> Result<Response, ApiError> {
            look_or_delete(row.into_inner(), rows, method, db).await
        }

        let (name, scope, hidden) = (stringify!($name), stringify!($scope), stringify!($hidden));
        let at = format!(
            "/{}/{}/{name}/{scope}/{hidden}/{}",
            stringify!($model),
            $path,
            stringify!($perms)
        );
        let one_at = format!("{at}/{{id}}");
        $routes
            .get(&at, list)
            .get(&one_at, one)
            .delete(&one_at, one)
    }};
}

/// Every combination that recorded endpoints have: all scope roles where hidden rows are 404, the policy's own where they are
/// 403.
macro_rules! every_rule {
    ($routes:ident, $model:ident, $path:literal, [$($name:ident $perms:ident $own:ident = $policy:expr;)*]) => {{
        $(
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, member, not_found);
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, manager, not_found);
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, owner, not_found);
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, $own, forbidden);
        )*
        $routes
    }};
}

/// Answers GET with the row, and deletes it on DELETE.
async fn look_or_delete<M>(
    row: M,
    rows: Scoped<M>,
    method: Method,
    mut db: Db,
) -> Result<Response, ApiError>
where
    M: serde::Serialize + Keyed + orgscope::scoped::DeleteByKey<Db, Asynchronous>,
{
    if method == Method::DELETE {
        rows.delete(row.key(), &mut db).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Json(row).into_response())
}

macro_rules! resources {
    ($($model:ident $path:literal;)*) => {
        /// All endpoints.
        pub fn router() -> Router<Tenancy> {
            let routes = Router::new();
            $(
                let routes = every_rule!(routes, $model, $path, [
                    open none member = anyone;
                    authenticated none member = authenticated;
                    member none member = member;
                    manager none manager = manager;
                    owner none owner = owner;
                    authenticated perms member = model_perms;
                    member perms member = member & model_perms;
                    manager perms manager = manager & model_perms;
                    owner perms owner = owner & model_perms;
                ]);
            )*
            routes
        }
    };
}

resources! {
    Template "organization";
    Tag "organization";
    Shelf "organization";
    Config "organization";
    Config "template.organization";
    Book "organization";
    Book "shelf.organization";
    Library "book.organization";
    Library "book.shelf.organization";
}
