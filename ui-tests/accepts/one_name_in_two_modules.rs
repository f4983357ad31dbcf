// Handlers and models of one name in two modules, with every visibility.
use orgscope::axum::Router;
use orgscope::prelude::*;

mod sites {
    pub mod schema {
        diesel::table! { rows (id) { id -> Integer, organization_id -> Integer } }
    }

    pub mod api {
        use super::schema::rows;
        use diesel::prelude::*;
        use orgscope::prelude::*;

        #[derive(Queryable, Selectable, OrgScoped)]
        #[diesel(table_name = rows)]
        pub(super) struct Row {
            id: i32,
            organization_id: i32,
        }

        #[protected(member)]
        pub(in crate::one_name_in_two_modules::sites) async fn hidden(_rows: Scoped<Row>) {}

        #[protected(member)]
        pub(crate) async fn list() {}
    }

    pub fn router() -> orgscope::axum::Router<orgscope::prelude::Tenancy> {
        orgscope::axum::Router::new().get("/hidden", api::hidden)
    }
}

#[protected(member)]
async fn list() {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/list", list)
        .get("/sites", sites::api::list)
        .nest("/sites", sites::router())
}

fn main() {}
