// A global model without a reason.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { countries (id) { id -> Integer, name -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = countries)]
#[org_scoped(global)]
struct Country {
    id: i32,
    name: String,
}

fn main() {}
