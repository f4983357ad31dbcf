// A model that is generic, with a bound, a default and a `where`.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { countries (id) { id -> Integer, name -> Text } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device<N: Clone = String>
where
    N: Send,
{
    id: i32,
    name: N,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = countries)]
#[org_scoped(global, reason = "countries belong to nobody")]
struct Country<N = String> {
    id: i32,
    name: N,
}

fn devices(caller: &Principal, conn: &mut SqliteConnection) -> Result<Vec<Device>, Error> {
    Scope::<Device>::new::<policy::Member>(caller).load(conn)
}

#[protected(member)]
async fn list(_devices: Scoped<Device>, _countries: Scoped<Country>) {}

fn main() {}
