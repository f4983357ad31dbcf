// A relation and an organization column whose names are keywords.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { kinds (id) { id -> Integer, r#virtual -> Integer } }
diesel::table! { things (id) { id -> Integer, r#type -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = kinds)]
#[org_scoped(org_field = "virtual")]
struct Kind {
    id: i32,
    r#virtual: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = things)]
#[org_scoped(org_field = "type.virtual", relation(name = r#type, model = Kind, column = r#type))]
struct Thing {
    id: i32,
    r#type: i32,
}

fn main() {}
