//! The crates that are checked: every other model has an organization column, the others reach it through the one before.

use std::fmt::Write as _;

fn table(at: usize) -> String {
    let reference = match at % 2 {
        0 => "organization_id",
        _ => "parent_id",
    };
    format!(
        "diesel::table! {{ m{at} (id) {{ id -> Integer, name -> Text, {reference} -> Integer }} }}"
    )
}

/// The struct of a row, with or without its derive.
fn model(at: usize, scoped: bool) -> String {
    let derive = if scoped { ", OrgScoped" } else { "" };
    let (diesel, path, reference) = match at % 2 {
        0 => (String::new(), "", "organization_id"),
        _ => (
            format!(
                ", belongs_to(crate::at{}::Row, foreign_key = parent_id)",
                at - 1
            ),
            "#[org_scoped(org_field = \"parent.organization\")]",
            "parent_id",
        ),
    };
    let path = if scoped { path } else { "" };
    format!(
        "#[derive(Queryable, Selectable, Serialize{derive})]
        #[diesel(table_name = m{at}{diesel})]
        {path}
        pub struct Row {{ pub id: i32, pub name: String, pub {reference}: i32 }}"
    )
}

fn reference(at: usize) -> &'static str {
    match at % 2 {
        0 => "organization_id",
        _ => "parent_id",
    }
}

/// Only models.
pub fn models(number: usize, scoped: bool) -> String {
    let mut source =
        "pub use diesel::prelude::*;\npub use orgscope::prelude::*;\npub use serde::Serialize;\n"
            .to_owned();
    for at in 0..number {
        let (table, model) = (table(at), model(at, scoped));
        let _ = write!(
            source,
            "pub mod at{at} {{ use super::*;\n{table}\n{model} }}\n"
        );
    }
    source
}

/// Models, handlers and a router with orgscope.
pub fn ours(number: usize) -> String {
    let mut source = "pub use axum::Json;
    pub use diesel::prelude::*;
    pub use orgscope::prelude::*;
    pub use serde::Serialize;
    pub type Pool = diesel_async::pooled_connection::deadpool::Pool<diesel_async::AsyncPgConnection>;
    pub fn router() -> orgscope::axum::Router<Tenancy<Pool>> {
        let router = orgscope::axum::Router::new();\n"
        .to_owned();
    for at in 0..number {
        let _ = writeln!(
            source,
            "let router = router.get(\"/m{at}\", at{at}::list).post(\"/m{at}\", at{at}::create).get(\"/m{at}/{{id}}\", at{at}::get);"
        );
    }
    source += "router }\n";
    for at in 0..number {
        let (table, model, reference) = (table(at), model(at, true), reference(at));
        let _ = write!(
            source,
            "pub mod at{at} {{ use super::*;
            {table}
            {model}
            #[derive(Insertable, OrgInput)]
            #[diesel(table_name = m{at})]
            #[org_input(model = Row)]
            pub struct New {{ pub name: String, pub {reference}: i32 }}
            #[protected(manager)]
            pub async fn list(rows: Scoped<Row>, paging: Paging, mut db: Db<Pool>) -> Result<Json<Page<Row>>, ApiError> {{
                Ok(Json(rows.page(paging, m{at}::id.desc(), &mut db).await?))
            }}
            #[protected(manager)]
            pub async fn get(row: Object<Row>) -> Json<Row> {{ Json(row.into_inner()) }}
            #[protected(manager)]
            pub async fn create(rows: Scoped<Row>, mut db: Db<Pool>, input: Input<New>) -> Result<Json<Row>, ApiError> {{
                Ok(Json(rows.insert(input).get_result(&mut db).await?))
            }} }}\n"
        );
    }
    source
}

/// The same with Diesel and axum alone: what is shared stands in front, each handler has its predicate.
pub fn by_hand(number: usize) -> String {
    let mut source = BY_HAND.to_owned();
    source += "pub fn router() -> axum::Router<Pool> {\nlet router = axum::Router::new();\n";
    for at in 0..number {
        let _ = writeln!(
            source,
            "let router = router.route(\"/m{at}\", get(at{at}::list).post(at{at}::create)).route(\"/m{at}/{{id}}\", get(at{at}::get));"
        );
    }
    source += "router }\n";
    for at in 0..number {
        let (table, model, reference) = (table(at), model(at, false), reference(at));
        let above = at.saturating_sub(1);
        // Every handler of a model behind a path has the path in it.
        let (scope, allowed) = match at % 2 {
            0 => (
                format!("m{at}::organization_id.eq_any(&caller.managed)"),
                "if !caller.managed.contains(&input.organization_id) { return Err(Problem::NotFound); }".to_owned(),
            ),
            _ => (
                format!(
                    "m{at}::parent_id.eq_any(m{above}::table.filter(m{above}::organization_id.eq_any(&caller.managed)).select(m{above}::id))"
                ),
                format!(
                    "let known: bool = diesel::select(diesel::dsl::exists(m{above}::table.find(input.parent_id)
                        .filter(m{above}::organization_id.eq_any(&caller.managed)))).get_result(&mut conn).await?;
                    if !known {{ return Err(Problem::NotFound); }}"
                ),
            ),
        };
        let uses = match at % 2 {
            0 => String::new(),
            _ => format!(
                "use super::at{above}::m{above}; diesel::allow_tables_to_appear_in_same_query!(m{above}, m{at});"
            ),
        };
        let _ = write!(
            source,
            "pub mod at{at} {{ use super::*; {uses}
            {table}
            {model}
            #[derive(Insertable, Deserialize)]
            #[diesel(table_name = m{at})]
            pub struct New {{ pub name: String, pub {reference}: i32 }}
            pub async fn list(caller: Caller, State(pool): State<Pool>, Query(paging): Query<Paging>) -> Result<Json<Page<Row>>, Problem> {{
                let mut conn = pool.get().await?;
                let count = m{at}::table.filter({scope}).count().get_result(&mut conn).await?;
                let results = m{at}::table.filter({scope}).order(m{at}::id.desc()).limit(20).offset(20 * paging.page)
                    .select(Row::as_select()).load(&mut conn).await?;
                Ok(Json(Page {{ count, results }}))
            }}
            pub async fn get(caller: Caller, State(pool): State<Pool>, Path(id): Path<i32>) -> Result<Json<Row>, Problem> {{
                let mut conn = pool.get().await?;
                let row = m{at}::table.find(id).filter({scope}).select(Row::as_select()).first(&mut conn).await.optional()?;
                row.map(Json).ok_or(Problem::NotFound)
            }}
            pub async fn create(caller: Caller, State(pool): State<Pool>, Json(input): Json<New>) -> Result<Json<Row>, Problem> {{
                let mut conn = pool.get().await?;
                {allowed}
                let row = diesel::insert_into(m{at}::table).values(&input).returning(Row::as_returning()).get_result(&mut conn).await?;
                Ok(Json(row))
            }} }}\n"
        );
    }
    source
}

const BY_HAND: &str = r#"
pub use axum::extract::{FromRequestParts, Path, Query, State};
pub use axum::response::{IntoResponse, Response};
pub use axum::routing::get;
pub use axum::Json;
pub use diesel::prelude::{AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
pub use diesel_async::RunQueryDsl;
pub use serde::{Deserialize, Serialize};
pub type Pool = diesel_async::pooled_connection::deadpool::Pool<diesel_async::AsyncPgConnection>;
diesel::table! { tokens (id) { id -> Integer, digest -> Text, user_id -> Integer } }
diesel::table! { memberships (user_id, organization_id) { user_id -> Integer, organization_id -> Integer, role -> Integer } }
diesel::allow_tables_to_appear_in_same_query!(tokens, memberships);
pub struct Caller { pub managed: Vec<i32> }
impl FromRequestParts<Pool> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut http::request::Parts, pool: &Pool) -> Result<Self, Problem> {
        let token = parts.headers.get("authorization").and_then(|header| header.to_str().ok()).ok_or(Problem::NotFound)?;
        let mut conn = pool.get().await?;
        let managed = memberships::table
            .filter(memberships::user_id.eq_any(tokens::table.filter(tokens::digest.eq(token)).select(tokens::user_id)))
            .filter(memberships::role.ge(2))
            .select(memberships::organization_id).load(&mut conn).await?;
        Ok(Caller { managed })
    }
}
#[derive(Deserialize)]
pub struct Paging { pub page: i64 }
#[derive(Serialize)]
pub struct Page<T> { pub count: i64, pub results: Vec<T> }
pub enum Problem { NotFound, Unavailable }
impl From<diesel::result::Error> for Problem { fn from(_: diesel::result::Error) -> Self { Problem::Unavailable } }
impl From<diesel_async::pooled_connection::deadpool::PoolError> for Problem {
    fn from(_: diesel_async::pooled_connection::deadpool::PoolError) -> Self { Problem::Unavailable }
}
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Problem::NotFound => http::StatusCode::NOT_FOUND.into_response(),
            Problem::Unavailable => http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }
}
"#;
