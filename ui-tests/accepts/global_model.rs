// A model without a tenant: in a service with keys of any type, and without a caller.
use diesel::prelude::*;
use orgscope::AnyPool;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { countries (code) { code -> Text, name -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = countries, primary_key(code))]
#[org_scoped(global, reason = "countries belong to nobody")]
struct Country {
    code: String,
    name: String,
}

#[protected(anyone)]
async fn list(countries: Scoped<Country>, mut db: Db) -> Result<String, ApiError> {
    Ok(countries.count(&mut db).await?.to_string())
}

#[protected(anyone)]
async fn show(country: Object<Country>) -> String {
    country.into_inner().name
}

fn router() -> Router<Tenancy<AnyPool, i64>> {
    Router::new()
        .get("/countries", list)
        .get("/countries/{code}", show)
}

fn countries(conn: &mut SqliteConnection) -> Result<Vec<Country>, Error> {
    Scope::<Country>::global().load(conn)
}

fn main() {}
