// A model that borrows, as those that are only inserted do.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Insertable, OrgScoped)]
#[diesel(table_name = devices)]
struct NewDevice<'a> {
    name: &'a str,
    organization_id: i32,
}

fn scope(caller: &Principal) -> Scoped<NewDevice<'static>> {
    Scope::<NewDevice<'static>>::new::<policy::Manager>(caller)
}

fn main() {}
