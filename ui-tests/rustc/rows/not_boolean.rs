// Rows by an expression that is no condition.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { bars (id) { id -> Integer, kind -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = bars)]
struct Bar {
    id: i32,
    kind: String,
    organization_id: i32,
}

fn open() -> Rows<Bar> {
    Rows::matching(bars::kind)
}

fn main() {}
