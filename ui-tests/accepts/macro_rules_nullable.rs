// A nullable organization whose type comes from a macro, with and without a meaning of NULL.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { sites (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

macro_rules! model {
    ($table:ident, $name:ident, $organization:ty $(, shared = $shared:ident)?) => {
        #[derive(Queryable, Selectable, OrgScoped)]
        #[diesel(table_name = $table)]
        $(#[org_scoped(shared = $shared)])?
        struct $name {
            id: i32,
            organization_id: $organization,
        }
    };
}

model!(sites, Site, Option<i32>, shared = none);
model!(devices, Device, i32);

fn main() {}
