// Mistakes in different parts of one input: all of them are reported at once. (8 mistakes)
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { devices (id) { id -> Integer, name -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = devices)]
struct Device {
    id: i32,
    name: String,
    organization_id: i32,
}

#[derive(OrgInput)]
#[org_input(modle = Device, cross_org, ignore = "note")]
struct NewDevice<'a> {
    #[org_input(renam = "label")]
    name: &'a str,
    #[org_input(many)]
    tags: i32,
    #[diesel(embed)]
    place: Place,
}

struct Place {
    room: i32,
}

fn main() {}
