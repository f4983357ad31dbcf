// Names that are keywords: a table, a column, a relation, a segment of a path and a handler.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! {
    #[sql_name = "match"]
    r#match (id) { id -> Integer, r#type -> Text, organization_id -> Integer }
}
diesel::table! { moves (id) { id -> Integer, match_id -> Integer } }

#[derive(Queryable, Selectable, Identifiable, OrgScoped)]
#[diesel(table_name = r#match)]
struct Match {
    id: i32,
    r#type: String,
    organization_id: i32,
}

#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped)]
#[diesel(table_name = moves, belongs_to(Match))]
#[org_scoped(org_field = "match.organization")]
struct Move {
    id: i32,
    match_id: i32,
}

#[protected(member, org_field = "match.organization")]
async fn r#move(_moves: Scoped<Move>) {}

fn router() -> Router<Tenancy> {
    Router::new().get("/moves", r#move)
}

fn main() {}
