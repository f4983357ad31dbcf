// `global` with a value; it is a flag.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { countries (id) { id -> Integer, name -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = countries)]
#[org_scoped(global = true, reason = "countries belong to nobody")]
struct Country {
    id: i32,
    name: String,
}

fn main() {}
