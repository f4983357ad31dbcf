// Permissions that hold for some rows: of one model, of several, and of none for callers of some kinds.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::key::UserId;
use orgscope::policy::{Answer, Asked, Check, Permission};
use orgscope::prelude::*;

diesel::table! {
    bars (id) { id -> Integer, kind -> Text, keeper_id -> Nullable<Integer>, organization_id -> Integer }
}
diesel::table! { barrels (id) { id -> Integer, bar_id -> Integer, is_open -> Bool } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = bars)]
struct Bar {
    id: i32,
    kind: String,
    keeper_id: Option<i32>,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = barrels, belongs_to(Bar))]
#[org_scoped(org_field = "bar.organization")]
struct Barrel {
    id: i32,
    bar_id: i32,
    is_open: bool,
}

/// Rows by a text that the condition owns or that lives for ever.
struct OpenBar;

impl Permission for OpenBar {
    fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
        Check::rows(Rows::<Bar>::matching(
            bars::kind
                .eq("open")
                .or(bars::kind.eq(String::from("fair"))),
        ))
    }
}

/// Rows by the caller; the condition is NULL for some of them.
struct Keeper;

impl Permission for Keeper {
    fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
        let rows: Rows<Bar> = match asked.user_id() {
            Some(UserId::Int(user)) => Rows::matching(bars::keeper_id.eq(*user)),
            Some(_) if asked.caller().is_superuser() => Rows::all(),
            _ => Rows::none(),
        };
        Check::rows(rows)
    }
}

/// Rows of several models, after some waiting.
struct Tapped;

impl Permission for Tapped {
    fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
        Check::later(async {
            std::future::ready(()).await;
            Answer::rows(Rows::<Barrel>::matching(barrels::is_open))
                .and_rows(Rows::<Bar>::matching(bars::keeper_id.is_not_null()))
        })
    }
}

#[protected(OpenBar)]
async fn list(_bars: Scoped<Bar>) {}

#[protected(member & !OpenBar)]
async fn show(_bar: Object<Bar>) {}

#[protected(Keeper | Tapped & manager)]
async fn both(_bars: Scoped<Bar>, _barrels: Scoped<Barrel>) {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/bars", list)
        .get("/bars/{id}", show)
        .get("/both", both)
}

fn main() {}
