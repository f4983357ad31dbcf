// The unjudged terminal behind `get` asks for a witness that only the crate makes.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    organization_id: i32,
}

async fn any_row(mut conn: orgscope::AnyConnection) {
    use orgscope::scoped::{GetByKey, Unjudged};
    let _ = <Device as GetByKey<_, _>>::whole(3, Unjudged(()), &mut conn).await;
}

fn main() {}
