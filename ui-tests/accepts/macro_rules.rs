// A table, a model, a handler and a function that a macro writes, from identifiers.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

macro_rules! resource {
    ($table:ident, $model:ident, $policy:ident, $list:ident, $purge:ident) => {
        diesel::table! { $table (id) { id -> Integer, organization_id -> Integer } }

        #[derive(Queryable, Selectable, OrgScoped)]
        #[diesel(table_name = $table)]
        struct $model {
            id: i32,
            organization_id: i32,
        }

        #[protected($policy)]
        async fn $list(rows: Scoped<$model>, mut db: Db) -> Result<String, ApiError> {
            Ok(rows.count(&mut db).await?.to_string())
        }

        #[protected($policy, principal = caller)]
        fn $purge(caller: &Principal) -> Result<(), Error> {
            let _ = caller;
            Ok(())
        }
    };
}

resource!(devices, Device, member, list_devices, purge_devices);
resource!(sites, Site, manager, list_sites, purge_sites);

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/devices", list_devices)
        .get("/sites", list_sites)
}

fn main() {}
