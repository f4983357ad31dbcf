// Items of the user's that have the names of what the input and filter macros need, in reach of what they write.
diesel::table! { tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! {
    devices (id) { id -> Integer, name -> Text, note -> Nullable<Text>, organization_id -> Integer }
}
diesel::table! { device_tags (device_id, tag_id) { device_id -> Integer, tag_id -> Integer } }

mod user {
    use ::orgscope::prelude::{OrgChangeset, OrgFilter, OrgInput, OrgScoped};

    mod core {}
    mod std {}
    mod orgscope {}
    mod macros {}
    struct By;
    struct Fields;
    struct Lookup;
    struct Many;
    struct Nested;
    struct NoColumn;
    struct Options;
    struct Parameter;
    struct Relation;
    struct Set;
    struct SetTo;
    struct Shared;
    struct Writes;
    struct Ok;
    struct Err;
    struct Some;
    struct None;
    fn by() {}
    fn column_name() {}
    fn has_relation() {}
    fn text_column() {}
    type Result<T> = ::core::result::Result<T, ()>;

    #[derive(OrgScoped)]
    #[diesel(table_name = crate::shadowed_names_inputs::tags)]
    pub struct Tag {
        pub id: i32,
        pub organization_id: i32,
    }

    #[derive(OrgScoped)]
    #[diesel(table_name = super::devices)]
    #[org_scoped(
        many(name = tags, model = Tag, through = super::device_tags(device_id, tag_id)),
        dependents(table = super::device_tags, column = device_id)
    )]
    pub struct Device {
        pub id: i32,
        pub organization_id: i32,
    }

    #[derive(OrgInput)]
    #[diesel(table_name = super::devices)]
    #[org_input(model = Device, include_shared = [tags])]
    pub struct NewDevice {
        pub name: String,
        #[diesel(serialize_as = String)]
        pub note: Option<String>,
        pub organization_id: i32,
        #[org_input(many)]
        pub tags: Vec<i32>,
    }

    #[derive(OrgChangeset)]
    #[diesel(table_name = super::devices)]
    #[org_changeset(model = Device)]
    pub struct DeviceChanges {
        pub name: Option<String>,
        #[diesel(serialize_as = String)]
        pub note: Option<Option<String>>,
        #[org_changeset(many)]
        pub tags: Option<Vec<i32>>,
    }

    #[derive(OrgFilter)]
    #[diesel(table_name = super::devices)]
    #[org_filter(
        model = Device,
        fields(organization, tags, name(exact, contains), id),
        order = [name],
        search = [name]
    )]
    pub struct DeviceFilter;
}

fn main() {}
