// Everything else that Diesel's attributes say, in one attribute and in several.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Nullable<Text>, organization_id -> Integer } }

#[derive(Queryable, Selectable, Insertable, AsChangeset, Identifiable, OrgScoped)]
#[diesel(
    treat_none_as_null = true,
    check_for_backend(diesel::sqlite::Sqlite, diesel::pg::Pg)
)]
#[diesel(table_name = devices)]
#[diesel(primary_key(id))]
struct Device {
    id: i32,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    name: Option<String>,
    #[diesel(serialize_as = i32, deserialize_as = i32)]
    organization_id: i32,
}

fn main() {}
