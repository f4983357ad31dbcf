// A module without any prelude: neither `Option`, nor `Clone`, nor the names of other crates.
diesel::table! { sites (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { devices (id) { id -> Integer, site_id -> Integer } }
diesel::table! { countries (id) { id -> Integer } }

mod bare {
    #![no_implicit_prelude]

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude::sites)]
    #[org_scoped(shared = read)]
    pub struct Site {
        pub id: i32,
        pub organization_id: ::core::option::Option<i32>,
    }

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude::devices, belongs_to(Site))]
    #[org_scoped(org_field = "site.organization")]
    pub struct Device {
        pub id: i32,
        pub site_id: i32,
    }

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude::countries)]
    #[org_scoped(global, reason = "countries belong to nobody")]
    pub struct Country {
        pub id: i32,
    }

    #[::orgscope::protected(all(member, any(manager, !owner)), scope = owner, hidden = forbidden, org_field = "site.organization")]
    pub async fn list(_devices: ::orgscope::Scoped<Device>) {}

    #[::orgscope::protected(authenticated)]
    pub async fn ping() {}

    #[::orgscope::protected(manager, principal = caller)]
    pub fn purge(caller: &::orgscope::Principal) -> ::core::result::Result<(), ::orgscope::Error> {
        let _ = caller;
        ::core::result::Result::Ok(())
    }
}

fn main() {}
