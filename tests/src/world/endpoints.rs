//! The endpoints: a list and a detail for every resource, org path, policy, scope role, write role and answer for hidden rows,
//! with and without model permissions, at `/form/resource/path/policy/scope/write/hidden/perms`.

use orgscope::prelude::*;

use super::models::{Book, Config, Library, Note, Shelf, Template};
use super::resources::{Call, Resource};
use super::routes::{Both, Reply};

/// The collection and the detail of one rule.
macro_rules! endpoint {
    (
        $routes:ident, $model:ident, $path:literal, $name:ident, $perms:ident, $policy:expr,
        $scope:ident, $write:ident, $hidden:ident
    ) => {{
        #[protected($policy, scope = $scope, write = $write, hidden = $hidden, org_field = $path)]
        async fn collection(rows: Scoped<$model>, call: Call) -> Result<Reply, ApiError> {
            $model::collection(rows, call).await
        }

        #[protected($policy, scope = $scope, write = $write, hidden = $hidden, org_field = $path)]
        async fn one(
            row: Object<$model>,
            rows: Scoped<$model>,
            call: Call,
        ) -> Result<Reply, ApiError> {
            $model::one(row.into_inner(), rows, call).await
        }

        let at = format!(
            "/{{form}}/{}/{}/{}/{}/{}/{}/{}",
            stringify!($model),
            $path,
            stringify!($name),
            stringify!($scope),
            stringify!($write),
            stringify!($hidden),
            stringify!($perms)
        );
        $routes.on(&["GET", "POST"], &at, collection).on(
            &["GET", "PUT", "PATCH", "DELETE"],
            &format!("{at}/{{id}}"),
            one,
        )
    }};
}

/// Every combination that recorded endpoints have: all scope roles where hidden rows are 404, the policy's own where they are
/// 403; other write roles than the scope role for policies that demand none.
macro_rules! every_rule {
    ($routes:ident, $model:ident, $path:literal, [$($name:ident $perms:ident $own:ident = $policy:expr;)*]) => {{
        $(
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, member, member, not_found);
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, manager, manager, not_found);
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, owner, owner, not_found);
            let $routes = endpoint!($routes, $model, $path, $name, $perms, $policy, $own, $own, forbidden);
        )*
        let $routes = endpoint!($routes, $model, $path, authenticated, none, authenticated, member, manager, forbidden);
        let $routes = endpoint!($routes, $model, $path, authenticated, none, authenticated, member, owner, forbidden);
        let $routes = endpoint!($routes, $model, $path, open, none, anyone, member, manager, forbidden);
        let $routes = endpoint!($routes, $model, $path, open, none, anyone, member, owner, forbidden);
        $routes
    }};
}

macro_rules! resources {
    ($($function:ident $model:ident $path:literal;)* ! perms: $($plain:ident $note:ident $plain_path:literal;)*) => {
        $(
            fn $plain(routes: Both) -> Both {
                every_rule!(routes, $note, $plain_path, [
                    authenticated none member = authenticated;
                    manager none manager = manager;
                ])
            }
        )*

        $(
            fn $function(routes: Both) -> Both {
                every_rule!(routes, $model, $path, [
                    open none member = anyone;
                    authenticated none member = authenticated;
                    member none member = member;
                    manager none manager = manager;
                    owner none owner = owner;
                    authenticated perms member = model_perms;
                    member perms member = member & model_perms;
                    manager perms manager = manager & model_perms;
                    owner perms owner = owner & model_perms;
                ])
            }
        )*

        /// All endpoints.
        pub fn routes() -> Both {
            let routes = Both::default();
            $(let routes = $function(routes);)*
            $(let routes = $plain(routes);)*
            super::nested::add(routes)
        }
    };
}

resources! {
    template Template "organization";
    shelf Shelf "organization";
    config Config "organization";
    config_by_template Config "template.organization";
    book Book "organization";
    library Library "book.organization";
    library_by_shelf Library "book.shelf.organization";
    ! perms:
    note_by_config Note "config.organization";
    note Note "library.book.organization";
}
