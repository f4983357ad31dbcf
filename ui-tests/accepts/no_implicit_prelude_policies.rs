// A module without any prelude, with every atom, named policies, own permissions, controllers and holders of rows.
diesel::table! {
    counters (id) { id -> Integer, owner_group_id -> Integer, organization_id -> Integer }
}
diesel::table! { counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer } }
diesel::table! { news (id) { id -> Integer, author_group_id -> Integer } }

mod bare {
    #![no_implicit_prelude]

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude_policies::counters)]
    #[org_scoped(
        owner_group = owner_group_id,
        edit_groups = super::counter_edit_groups,
        view_groups = crate::no_implicit_prelude_policies::counter_edit_groups(counter_id, group_id)
    )]
    pub struct Counter {
        pub id: i32,
        pub owner_group_id: i32,
        pub organization_id: i32,
    }

    #[derive(::orgscope::OrgScoped)]
    #[diesel(table_name = crate::no_implicit_prelude_policies::news)]
    #[org_scoped(global, reason = "everybody may write news", owner_group = author_group_id)]
    pub struct News {
        pub id: i32,
    }

    impl ::orgscope::ObjectPermissions for News {
        fn can_be_viewed_by(_: &::orgscope::policy::Asked<'_>) -> ::orgscope::Rows<Self> {
            ::orgscope::Rows::all()
        }
    }

    pub struct Licensed;

    impl ::orgscope::policy::Permission for Licensed {
        fn check<'a>(_: &'a ::orgscope::policy::Asked<'a>) -> ::orgscope::policy::Check<'a> {
            ::core::convert::From::from(true)
        }
    }

    ::orgscope::policy! {
        /// A name.
        pub IpamApi = manager & perm("ipam.use") & Licensed;
        pub Exports = self::IpamApi & !(in_group(4) | root);
    }

    #[::orgscope::protected(all(Exports, any(subscriber, in_group("board"), perm(["a.b", "a.c"], any))), scope = all, reason = "for auditors", write = owner)]
    pub async fn list(_counters: ::orgscope::Scoped<Counter>) {}

    #[::orgscope::protected(can_edit & model_perms)]
    pub async fn edit(_counter: ::orgscope::axum::Object<Counter>) {}

    #[::orgscope::protected(owns | can_view & former_subscriber)]
    pub async fn news(_news: ::orgscope::Scoped<News>) {}

    #[::orgscope::protected(IpamApi | in_group(4), principal = caller)]
    pub async fn purge(
        caller: &::orgscope::Principal,
    ) -> ::core::result::Result<(), ::orgscope::Error> {
        let _ = caller;
        ::core::result::Result::Ok(())
    }

    #[::orgscope::protected(IpamApi, hidden = forbidden)]
    pub mod api {
        pub async fn list(_counters: ::orgscope::Scoped<super::Counter>) {}

        #[::orgscope::protected(owner)]
        pub async fn ping() {}

        #[::orgscope::protected(override, anyone)]
        pub async fn health() {}
    }

    pub struct Counters;

    #[::orgscope::protected(manager)]
    impl Counters {
        pub async fn list(_counters: ::orgscope::Scoped<Counter>) {}

        #[::orgscope::protected(in_group(4))]
        pub async fn ping() {}
    }
}

fn main() {}
