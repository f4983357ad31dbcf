// A model, a handler and a function that a macro writes, from paths, types, expressions and literals.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { devices (id) { id -> Integer, site_id -> Integer } }

macro_rules! model {
    ($table:path, $name:ident, $key:ident: $ty:ty, $path:literal $(, $parent:ty)?) => {
        #[derive(Queryable, Selectable, OrgScoped)]
        #[diesel(table_name = $table $(, belongs_to($parent))?)]
        #[org_scoped(org_field = $path)]
        struct $name {
            id: i32,
            $key: $ty,
        }
    };
}

macro_rules! handler {
    ($name:ident, $policy:expr, $argument:ty, $path:literal) => {
        #[protected($policy, org_field = $path)]
        async fn $name(_rows: $argument) {}
    };
}

model!(crate::macro_rules_fragments::sites, Site, organization_id: i32, "organization");
model!(crate::macro_rules_fragments::devices, Device, site_id: i32, "site.organization", Site);
handler!(list, member & !owner, Scoped<Device>, "site.organization");

fn router() -> Router<Tenancy> {
    Router::new().get("/devices", list)
}

fn main() {}
