// Items of the user's that have the names of what the macros need, in reach of what they write.
diesel::table! { sites (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { devices (id) { id -> Integer, site_id -> Integer } }

mod user {
    use ::orgscope::prelude::{OrgScoped, Principal, Scoped, protected};

    mod core {}
    mod std {}
    mod orgscope {}
    mod macros {}
    struct Path;
    struct Via;
    struct Key;
    struct P;
    struct Arc;
    struct Guarded;
    struct DeviceRelations;
    fn path() {}
    type Result<T> = ::core::result::Result<T, ::orgscope::Error>;

    #[derive(OrgScoped)]
    #[diesel(table_name = crate::shadowed_names::sites)]
    pub struct Site {
        pub id: i32,
        pub organization_id: i32,
    }

    #[derive(OrgScoped)]
    #[diesel(table_name = crate::shadowed_names::devices, belongs_to(Site))]
    #[org_scoped(org_field = "site.organization")]
    pub struct Device {
        pub id: i32,
        pub site_id: i32,
    }

    #[protected(member, org_field = "site.organization")]
    pub async fn list(_devices: Scoped<Device>) {}

    #[protected(manager, principal = denied)]
    pub fn purge(denied: &Principal) -> Result<()> {
        let _ = denied;
        Ok(())
    }
}

fn main() {}
