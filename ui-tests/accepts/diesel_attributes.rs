// Everything else that Diesel's attributes say, in one attribute and in several, before and behind what matters here.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, org -> Nullable<Integer> } }

#[derive(Queryable, Selectable, Identifiable, OrgScoped)]
#[diesel(
    treat_none_as_null = true,
    check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg)
)]
#[diesel(table_name = devices)]
#[diesel(primary_key(id))]
#[org_scoped(shared = none)]
struct Device {
    id: i32,
    name: String,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Integer>, column_name = org)]
    organization_id: Option<i32>,
}

#[protected(member)]
async fn list(_devices: Scoped<Device>) {}

fn main() {}
