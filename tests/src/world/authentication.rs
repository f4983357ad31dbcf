//! The endpoints of the cases about authentication: for every order of schemes one that wants a login and one that does not, at
//! `/scheme+scheme/policy`. They answer with the caller.

use orgscope::prelude::*;
use orgscope::{actix, axum};
use serde_json::json;

use super::Principal;
use super::routes::{Both, Reply};

/// Who calls.
fn caller(caller: Option<&Principal>) -> Reply {
    Reply::ok(json!({ "caller": caller.map(Principal::user_id) }))
}

macro_rules! accepting {
    ($routes:ident, $([$($scheme:ident)+])*) => {$(
        let $routes = {
            #[protected(authenticated, authenticate = [$($scheme),+])]
            async fn authenticated(principal: Principal) -> Reply {
                caller(Some(&principal))
            }

            #[protected(anyone, authenticate = [$($scheme),+])]
            async fn open(principal: Option<Principal>) -> Reply {
                caller(principal.as_ref())
            }

            let methods = &["GET", "POST", "PUT", "PATCH", "DELETE"];
            let schemes = [$(stringify!($scheme)),+].join("+");
            $routes
                .on(methods, &format!("/{schemes}/authenticated"), authenticated)
                .on(methods, &format!("/{schemes}/open"), open)
        };
    )*};
}

/// All of them, and the logins.
pub fn routes() -> Both {
    let routes = Both {
        axum: axum::Router::new()
            .merge(axum::login::token_routes())
            .merge(axum::login::session_routes()),
        actix: actix::Router::new()
            .merge(actix::login::token_routes())
            .merge(actix::login::session_routes()),
    };
    accepting!(routes,
        [bearer] [session] [sesame]
        [bearer session] [session bearer] [bearer sesame] [sesame bearer] [session sesame] [sesame session]
        [bearer session sesame] [bearer sesame session] [session bearer sesame]
        [session sesame bearer] [sesame bearer session] [sesame session bearer]
    );
    routes
}
