// Fields and parameters whose names are keywords, in inputs, changes and filters.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    devices (id) { id -> Integer, r#type -> Text, r#in -> Nullable<Text>, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    r#type: String,
    r#in: Option<String>,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = devices)]
#[org_input(model = Device, ignore = [r#move])]
struct NewDevice {
    r#type: String,
    r#in: Option<String>,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = devices)]
#[org_changeset(model = Device, ignore = move)]
struct DeviceChanges {
    #[org_changeset(rename = "kind")]
    r#type: Option<String>,
    r#in: Option<Option<String>>,
}

#[derive(OrgFilter)]
#[diesel(table_name = devices)]
#[org_filter(
    model = Device,
    fields(r#type(exact, in), r#in(icontains, isnull)),
    order = [r#type, id],
    search = r#type
)]
struct DeviceFilter;

fn main() {}
