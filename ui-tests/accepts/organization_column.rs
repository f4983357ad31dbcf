// An organization column of another name: found by the path, or declared as a relation without a model.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, tenant_id -> Integer } }
diesel::table! { sites (id) { id -> Integer, owned_by -> Integer } }
diesel::table! { racks (id) { id -> Integer, site_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
#[org_scoped(org_field = "tenant")]
struct Device {
    id: i32,
    tenant_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = sites)]
#[org_scoped(relation(name = organization, column = owned_by))]
struct Site {
    id: i32,
    owned_by: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = racks, belongs_to(Site))]
#[org_scoped(org_field = "site.organization")]
struct Rack {
    id: i32,
    site_id: i32,
}

fn main() {}
