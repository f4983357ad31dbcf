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

#[cfg(feature = "__session")]
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
        operation.answer_without_body("204", "The session has ended.");
        operation.problem(403);
        operation.problem(503);
    };
    shown: |operation| {
        operation.query("token", kinds::text(), "The token of the link.");
        operation.answer("200", "A page with a button.", "text/html", kinds::text());
    };
    used: |operation| {
        field(operation, "token");
        operation.answer_without_body("303", "The session has begun.");
        operation.problem(503);
    };
    requested: |operation| {
        field(operation, "username");
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

#[cfg(all(feature = "openapi", feature = "__session"))]
fn field(operation: &mut Operation, name: &str) {
    let object = ObjectBuilder::new().property(name, kinds::text());
    operation.fields(object.required(name));
}
