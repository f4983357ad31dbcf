//! What the documentation of the API says of the endpoints of logins.

use crate::web::Public;
#[cfg(feature = "openapi")]
use {
    super::PasswordLogin,
    crate::openapi::{Argument as _, Operation, kinds},
    utoipa::openapi::ObjectBuilder,
};

/// The same handlers with their documentation, where there is one.
macro_rules! documented {
    ($($name:ident: $document:expr;)*) => {$(
        pub(crate) fn $name<H>(handler: Public<H>) -> Public<H> {
            #[cfg(feature = "openapi")]
            let handler = handler.documented($document);
            handler
        }
    )*};
}

documented! {
    token: |operation| {
        PasswordLogin::document(operation);
        secret(operation, "A new bearer token.", "token");
        operation.problem(503);
    };
}

#[cfg(any(all(feature = "axum", feature = "session"), feature = "actix-session"))]
documented! {
    begun: |operation| {
        PasswordLogin::document(operation);
        secret(operation, "The session's own token, for `X-CSRF-Token`.", "csrf_token");
        operation.problem(403);
        operation.problem(503);
    };
    own_token: |operation| {
        secret(operation, "The session's own token, for `X-CSRF-Token`.", "csrf_token");
        operation.problem(401);
        operation.problem(503);
    };
    ended: |operation| {
        operation.csrf_token();
        operation.answer_without_body("204", "The session has ended.");
        operation.problem(403);
        operation.problem(503);
    };
    shown: |operation| {
        for name in TOKENS {
            operation.query(name, kinds::text(), "The token of the link.");
        }
        operation.problem(400);
        operation.answer("200", "A page with a button.", "text/html", kinds::text());
    };
    used: |operation| {
        let fields = TOKENS.into_iter().fold(ObjectBuilder::new(), |fields, name| {
            fields.property(name, kinds::text())
        });
        operation.fields(fields);
        operation.problem(403);
        operation.answer_without_body("303", "The session has begun.");
        operation.problem(503);
    };
    requested: |operation| {
        let fields = ObjectBuilder::new().property("username", kinds::text());
        operation.fields(fields.required("username"));
        operation.answer_without_body("202", "If there is such an account, a link is on its way.");
        operation.problem(429);
        operation.problem(503);
    };
}

#[cfg(feature = "openapi")]
fn secret(operation: &mut Operation, description: &str, name: &str) {
    let object = ObjectBuilder::new().property(name, kinds::text());
    operation.answer(
        "200",
        description,
        "application/json",
        object.required(name),
    );
}

/// The token of a link goes by the name of its kind.
#[cfg(all(
    feature = "openapi",
    any(all(feature = "axum", feature = "session"), feature = "actix-session")
))]
const TOKENS: [&str; 2] = ["token", "sesame"];
