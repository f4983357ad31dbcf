//! The endpoints of the cases about authentication: for every order of schemes one that wants a login and one that does not, at
//! `/scheme+scheme/policy`. They answer with the caller.

use axum::Json;
use axum::routing::MethodFilter;
use orgscope::axum::{Router, login};
use orgscope::prelude::*;
use serde_json::{Value, json};

use super::{Principal, Tenancy};

/// Who calls.
fn caller(caller: Option<&Principal>) -> Json<Value> {
    Json(json!({ "caller": caller.map(Principal::user_id) }))
}

macro_rules! accepting {
    ($routes:ident, $([$($scheme:ident)+])*) => {$(
        let $routes = {
            #[protected(authenticated, authenticate = [$($scheme),+])]
            async fn authenticated(principal: Principal) -> Json<Value> {
                caller(Some(&principal))
            }

            #[protected(anyone, authenticate = [$($scheme),+])]
            async fn open(principal: Option<Principal>) -> Json<Value> {
                caller(principal.as_ref())
            }

            let methods = MethodFilter::GET.or(MethodFilter::POST).or(MethodFilter::PUT);
            let methods = methods.or(MethodFilter::PATCH).or(MethodFilter::DELETE);
            let schemes = [$(stringify!($scheme)),+].join("+");
            $routes
                .on(methods, &format!("/{schemes}/authenticated"), authenticated)
                .on(methods, &format!("/{schemes}/open"), open)
        };
    )*};
}

/// All of them, and the logins.
pub fn router() -> Router<Tenancy> {
    let routes = Router::new()
        .merge(login::token_routes())
        .merge(login::session_routes());
    accepting!(routes,
        [bearer] [session] [sesame]
        [bearer session] [session bearer] [bearer sesame] [sesame bearer] [session sesame] [sesame session]
        [bearer session sesame] [bearer sesame session] [session bearer sesame]
        [session sesame bearer] [sesame bearer session] [sesame session bearer]
    );
    routes
}
