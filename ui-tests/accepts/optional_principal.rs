// The caller itself as an argument, and a caller who may be nobody.
use orgscope::axum::Router;
use orgscope::prelude::*;

#[protected(authenticated)]
async fn me(caller: Principal) -> String {
    format!("{caller:?}")
}

#[protected(anyone)]
async fn who(caller: Option<Principal>) -> String {
    caller.map_or_else(|| "nobody".to_owned(), |caller| format!("{caller:?}"))
}

fn router() -> Router<Tenancy> {
    Router::new().get("/me", me).get("/who", who)
}

fn main() {}
