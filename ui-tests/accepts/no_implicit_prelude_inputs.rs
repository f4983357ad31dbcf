// A module without any prelude, with inputs of every shape, filters, parents, many-valued relations and dependents.
diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! {
    devices (id) { id -> Integer, name -> Text, note -> Nullable<Text>, organization_id -> Integer }
}
diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }
diesel::table! { ports (id) { id -> Integer, name -> Text, device_id -> Integer } }

mod bare {
    #![no_implicit_prelude]

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::tags)]
    pub struct Tag {
        pub id: i32,
        pub organization_id: i32,
    }

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::devices)]
    #[org_scoped(
        many(name = tags, model = Tag, through = super::device_tags(device_id, tag_id)),
        dependents(table = crate::no_implicit_prelude_inputs::ports, column = device_id)
    )]
    pub struct Device {
        pub id: i32,
        pub organization_id: i32,
    }

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::ports, belongs_to(Device))]
    #[org_scoped(org_field = "device.organization")]
    pub struct Port {
        pub id: i32,
        pub device_id: i32,
    }

    #[derive(::orgscope::OrgInput)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::devices)]
    #[org_input(model = Device, include_shared = [tags], ignore = [serial])]
    pub struct NewDevice {
        #[diesel(serialize_as = ::std::string::String)]
        pub name: ::std::string::String,
        #[diesel(treat_none_as_default_value = false)]
        pub note: ::core::option::Option<::std::string::String>,
        pub organization_id: i32,
        #[org_input(many)]
        pub tags: ::std::vec::Vec<i32>,
    }

    #[derive(::orgscope::OrgChangeset)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::devices)]
    #[org_changeset(model = Device, cross_org = tags)]
    pub struct DeviceChanges {
        pub name: ::core::option::Option<::std::string::String>,
        #[diesel(serialize_as = ::std::string::String)]
        #[org_changeset(rename = "remark")]
        pub note: ::core::option::Option<::core::option::Option<::std::string::String>>,
        #[org_changeset(many)]
        pub tags: ::core::option::Option<::std::vec::Vec<i32>>,
    }

    #[derive(::orgscope::OrgInput)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::ports)]
    #[org_input(model = Port)]
    pub struct NewPort {
        pub name: ::std::string::String,
        #[org_input(nested = device_id)]
        pub device: NewDevice,
    }

    #[derive(::orgscope::OrgFilter)]
    #[diesel(table_name = crate::no_implicit_prelude_inputs::ports)]
    #[org_filter(
        model = Port,
        fields(organization, organization_slug, device, device__organization, name(contains, in), id),
        order = [name, id],
        search = [name],
        deny_unknown
    )]
    pub struct PortFilter;

    #[::orgscope::protected(member)]
    pub async fn list(
        _device: ::orgscope::axum::Parent<Device>,
        _ports: ::orgscope::Scoped<Port>,
        _filters: ::orgscope::axum::Filtered<PortFilter>,
        _new: ::orgscope::Input<NewPort>,
    ) {
    }
}

fn main() {}
