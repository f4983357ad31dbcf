// A relation whose name is a keyword, as plain as the path writes it.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { kinds (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { things (id) { id -> Integer, kind_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = kinds)]
struct Kind {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = things)]
#[org_scoped(org_field = "type.organization", relation(name = type, model = Kind, column = kind_id))]
struct Thing {
    id: i32,
    kind_id: i32,
}

fn main() {}
