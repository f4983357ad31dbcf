//! The endpoints. Some permissions are of the caller (`subscriber`, `in_group`), others of the row (`can_view`, `owns`).

use axum::Json;
use axum::http::StatusCode;
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;
use serde::Serialize;

use crate::models::{Counter, NewName, counters};
use crate::seed::COUNTER_ADMIN;

type Answer<T> = Result<Json<T>, ApiError>;

/// A counter, and what the caller may do with another one.
#[derive(Serialize)]
pub struct Beside {
    bar: Counter,
    other: Option<Counter>,
    other_is_editable: bool,
}

/// Only for subscribers: every route of this controller.
#[protected(subscriber)]
pub mod bars {
    use super::*;

    /// Has the permission of the controller and no other.
    pub async fn hello(caller: Principal) -> String {
        format!("hello, user {}", caller.user_id())
    }

    /// The counters that the caller may view: the same rule as for one, as a condition of the list.
    #[protected(can_view)]
    pub async fn list(rows: Scoped<Counter>, paging: Paging, mut db: Db) -> Answer<Page<Counter>> {
        Ok(Json(rows.page(paging, counters::id, &mut db).await?))
    }

    /// The object is checked while it is loaded; another one is checked by hand.
    #[protected(can_view)]
    pub async fn get_one(
        bar: Object<Counter>,
        rows: Scoped<Counter>,
        caller: Principal,
        mut db: Db,
    ) -> Answer<Beside> {
        let bar = bar.into_inner();
        let beside = rows
            .clone()
            .filter(counters::id.gt(bar.id))
            .order(counters::id);
        let other = beside.first(&mut db).await.optional()?;
        let mut other_is_editable = false;
        if let Some(other) = &other {
            // By the policy of this route …
            rows.check(other, &mut db).await?;
            // … and by another one.
            let editable = Scope::<Counter>::new::<policy::CanEdit>(&caller);
            let decision = editable.decision(other, &mut db).await?;
            other_is_editable = decision.is_granted();
        }
        Ok(Json(Beside {
            bar,
            other,
            other_is_editable,
        }))
    }

    /// Whoever may edit the bar renames it.
    #[protected(can_edit)]
    pub async fn rename(
        bar: Object<Counter>,
        rows: Scoped<Counter>,
        mut db: Db,
        name: Input<NewName>,
    ) -> Answer<Counter> {
        let renamed = rows.find(bar.id).update(name);
        Ok(Json(renamed.get_result(&mut db).await?))
    }

    /// Only for counter admins and root, whether they subscribe or not.
    #[protected(override, root | in_group(COUNTER_ADMIN))]
    pub async fn delete(
        bar: Object<Counter>,
        rows: Scoped<Counter>,
        mut db: Db,
    ) -> Result<StatusCode, ApiError> {
        rows.find(bar.id).delete().execute(&mut db).await?;
        Ok(StatusCode::NO_CONTENT)
    }
}

/// What the public may view, with or without a login.
#[protected(can_view)]
async fn public_page(
    rows: Scoped<Counter>,
    paging: Paging,
    mut db: Db,
) -> Answer<Page<(i32, String)>> {
    let names = rows.select((counters::id, counters::name));
    Ok(Json(names.page(paging, counters::id, &mut db).await?))
}

/// The whole API.
pub fn router() -> Router<Tenancy> {
    Router::new()
        .get("/hello", bars::hello)
        .get("/bars", bars::list)
        .get("/bars/{id}", bars::get_one)
        .patch("/bars/{id}", bars::rename)
        .delete("/bars/{id}", bars::delete)
        .get("/public", public_page)
}
