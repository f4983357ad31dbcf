// A relation whose name is a keyword, as plain as the model declares it, in inputs and filters.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { kinds (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { things (id) { id -> Integer, kind_id -> Integer, r#move -> Text } }

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

#[derive(OrgInput)]
#[diesel(table_name = things)]
#[org_input(model = Thing, include_shared = [type], ignore = [move])]
struct NewThing {
    kind_id: i32,
}

#[derive(OrgFilter)]
#[diesel(table_name = things)]
#[org_filter(model = Thing, fields(type, type__organization, move), order = [move], search = move)]
struct ThingFilter;

fn main() {}
