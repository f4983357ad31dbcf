// Rows by a condition on another table than the model's.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { barrels (id) { id -> Integer, kind -> Text } }
diesel::table! { bars (id) { id -> Integer, kind -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = bars)]
struct Bar {
    id: i32,
    kind: String,
    organization_id: i32,
}

fn open() -> Rows<Bar> {
    Rows::matching(barrels::kind.eq("oak"))
}

fn main() {}
