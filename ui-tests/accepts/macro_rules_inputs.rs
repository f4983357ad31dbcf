// Inputs, changes and filters that a macro writes, from paths, types and identifiers, with fields of the macro's own.
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

macro_rules! inputs {
    ($table:path, $model:ty, $new:ident, $changes:ident, $filter:ident { $($field:ident: $ty:ty),* }) => {
        #[derive(OrgInput)]
        #[diesel(table_name = $table)]
        #[org_input(model = $model)]
        struct $new {
            id: i32,
            $($field: $ty,)*
        }

        #[derive(OrgChangeset)]
        #[diesel(table_name = $table)]
        #[org_changeset(model = $model)]
        struct $changes {
            $($field: Option<$ty>),*
        }

        #[derive(OrgFilter)]
        #[diesel(table_name = $table)]
        #[org_filter(model = $model, fields(id, organization, $($field),*), order = [$($field),*])]
        struct $filter;
    };
}

inputs!(
    crate::macro_rules_inputs::devices,
    Device,
    NewDevice,
    DeviceChanges,
    DeviceFilter {
        name: String,
        organization_id: i32
    }
);

macro_rules! optional {
    ($name:ident, $title:ident: $ty:ty) => {
        #[derive(OrgChangeset)]
        #[diesel(table_name = devices)]
        #[org_changeset(model = Device)]
        struct $name {
            #[diesel(column_name = $title)]
            #[org_changeset(rename = "title")]
            title: $ty,
        }
    };
}

optional!(Titled, name: Option<String>);

fn main() {}
