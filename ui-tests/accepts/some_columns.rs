// Structs that hold only some of their table's columns, and not the organization's.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }
diesel::table! { categories (id) { id -> Integer, name -> Text, organization_id -> Nullable<Integer> } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct DeviceName {
    name: String,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = categories)]
#[org_scoped(shared = none)]
struct CategoryName {
    name: String,
}

#[protected(member)]
async fn names(
    devices: Scoped<DeviceName>,
    categories: Scoped<CategoryName>,
    mut db: Db,
) -> Result<String, ApiError> {
    let devices: Vec<DeviceName> = devices.load(&mut db).await?;
    let categories: Vec<CategoryName> = categories.load(&mut db).await?;
    let names = devices.into_iter().map(|device| device.name);
    let names = names.chain(categories.into_iter().map(|category| category.name));
    Ok(names.collect())
}

fn main() {}
