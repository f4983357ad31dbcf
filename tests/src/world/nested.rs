//! The endpoints of nested resources: a list and a detail below every parent, for every policy and scope role, with and without
//! model permissions, at `/form/under/parent/parent's path/key/resource/path/policy/scope/perms`.

use orgscope::prelude::*;

use super::models::{Book, Config, ConfigByTemplate, Library, Note, Shelf, Template};
use super::resources::{Call, Resource};
use super::routes::{Both, Reply};

/// The collection and the detail of one rule below a parent.
macro_rules! endpoint {
    (
        $routes:ident, $parent:ident, $model:ident, $path:literal, $name:ident, $perms:ident,
        $policy:expr, $scope:ident
    ) => {{
        #[protected($policy, scope = $scope, org_field = $path)]
        async fn collection(
            _: Parent<$parent>,
            rows: Scoped<$model>,
            call: Call,
        ) -> Result<Reply, ApiError> {
            $model::collection(rows, call).await
        }

        #[protected($policy, scope = $scope, org_field = $path)]
        async fn one(
            _: Parent<$parent>,
            row: Object<$model>,
            rows: Scoped<$model>,
            call: Call,
        ) -> Result<Reply, ApiError> {
            $model::one(row.into_inner(), rows, call).await
        }

        let (name, scope) = (stringify!($name), stringify!($scope));
        let at = format!(
            "/{}/{}/{name}/{scope}/{}",
            stringify!($model),
            $path,
            stringify!($perms)
        );
        $routes.on(&["GET", "POST"], &at, collection).on(
            &["GET", "PUT", "PATCH", "DELETE"],
            &format!("{at}/{{id}}"),
            one,
        )
    }};
}

macro_rules! parents {
    ($($parent:ident $parent_path:literal $key:literal / $model:ident $path:literal;)*) => {
        /// Adds them all.
        pub fn add(routes: Both) -> Both {
            $(
                let children = Both::<Parent<$parent>>::default();
                let children = every_rule!(children, $parent, $model, $path, [
                    authenticated none = authenticated;
                    manager none = manager;
                    authenticated perms = authenticated & model_perms;
                    manager perms = manager & model_perms;
                ]);
                let at = concat!("/{form}/under/", stringify!($parent), "/", $parent_path, "/{", $key, "}");
                let routes = routes.under(at, children);
            )*
            routes
        }
    };
}

macro_rules! every_rule {
    ($routes:ident, $parent:ident, $model:ident, $path:literal, [$($name:ident $perms:ident = $policy:expr;)*]) => {{
        $(
            let $routes = endpoint!($routes, $parent, $model, $path, $name, $perms, $policy, member);
            let $routes = endpoint!($routes, $parent, $model, $path, $name, $perms, $policy, manager);
            let $routes = endpoint!($routes, $parent, $model, $path, $name, $perms, $policy, owner);
        )*
        $routes
    }};
}

parents! {
    Shelf "organization" "shelf_id" / Book "organization";
    Template "organization" "template_id" / Config "organization";
    ConfigByTemplate "template.organization" "config_by_template_id" / Note "config.template.organization";
    Library "book.organization" "library_id" / Note "library.book.organization";
}
