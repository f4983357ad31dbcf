//! The endpoints: one list and one detail for every resource, org path, policy, scope role and answer for hidden rows, at
//! `/resource/path/policy/scope/hidden`.

use axum::Json;
use orgscope::axum::Router;
use orgscope::prelude::*;

use super::models::{Book, Config, Library, Shelf, Tag, Template};

/// The list and the detail of one rule.
macro_rules! endpoint {
    ($routes:ident, $model:ident, $path:literal, $policy:ident, $scope:ident, $hidden:ident) => {{
        #[protected($policy, scope = $scope, hidden = $hidden, org_field = $path)]
        async fn list(rows: Scoped<$model>, mut db: Db) -> Result<Json<Vec<$model>>, ApiError> {
            Ok(Json(rows.load(&mut db).await?))
        }

        #[protected($policy, scope = $scope, hidden = $hidden, org_field = $path)]
        async fn get(row: Object<$model>) -> Json<$model> {
            Json(row.into_inner())
        }

        let (policy, scope, hidden) =
            (stringify!($policy), stringify!($scope), stringify!($hidden));
        let at = format!(
            "/{}/{}/{policy}/{scope}/{hidden}",
            stringify!($model),
            $path
        );
        $routes.get(&at, list).get(&format!("{at}/{{id}}"), get)
    }};
}

macro_rules! every_rule {
    ($routes:ident, $model:ident, $path:literal, [$($policy:ident)*]) => {{
        $(
            let $routes = endpoint!($routes, $model, $path, $policy, member, not_found);
            let $routes = endpoint!($routes, $model, $path, $policy, member, forbidden);
            let $routes = endpoint!($routes, $model, $path, $policy, manager, not_found);
            let $routes = endpoint!($routes, $model, $path, $policy, manager, forbidden);
            let $routes = endpoint!($routes, $model, $path, $policy, owner, not_found);
            let $routes = endpoint!($routes, $model, $path, $policy, owner, forbidden);
        )*
        $routes
    }};
}

macro_rules! resources {
    ($($model:ident $path:literal;)*) => {
        /// All endpoints.
        pub fn router() -> Router<Tenancy> {
            let routes = Router::new();
            $(
                let routes = every_rule!(
                    routes, $model, $path, [anyone authenticated member manager owner]
                );
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
