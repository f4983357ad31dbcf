// A user who denies lints, with named policies, own permissions, controllers and holders of rows: nothing that the macros
// write sets one off.
//! A service.
#![deny(
    dead_code,
    missing_docs,
    unused_qualifications,
    private_interfaces,
    private_bounds,
    non_camel_case_types,
    non_local_definitions
)]
#![deny(
    unused_attributes,
    unused_imports,
    unused_variables,
    unused_mut,
    unused_parens,
    missing_debug_implementations
)]
#![forbid(unsafe_code)]

mod schema {
    diesel::table! {
        counters (id) { id -> Integer, owner_group_id -> Integer, organization_id -> Integer }
    }
    diesel::table! { counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer } }
}

/// The models.
pub mod models {
    use super::schema::{counter_edit_groups, counters};
    use diesel::prelude::*;
    use orgscope::policy::Asked;
    use orgscope::prelude::*;

    /// A counter.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = counters)]
    #[org_scoped(owner_group = owner_group_id, edit_groups = counter_edit_groups)]
    pub struct Counter {
        /// The key.
        pub id: i32,
        /// The group that owns it.
        pub owner_group_id: i32,
        /// The organization.
        pub organization_id: i32,
    }

    /// The same, with a rule.
    #[derive(Debug, Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = counters)]
    #[org_scoped(edit_groups = counter_edit_groups(counter_id, group_id))]
    pub struct CounterId {
        /// The key.
        pub id: i32,
    }

    impl ObjectPermissions for CounterId {
        fn can_be_viewed_by(_: &Asked<'_>) -> Rows<Self> {
            Rows::matching(counters::id.gt(7))
        }
    }
}

/// The policies.
pub mod policies {
    use orgscope::policy::{Asked, Check, Permission};
    use orgscope::prelude::*;

    /// The group of those who count.
    const ADMIN: i32 = 4;

    /// Whoever is known by name.
    #[derive(Debug)]
    pub struct Named;

    impl Permission for Named {
        fn check<'a>(asked: &'a Asked<'a>) -> Check<'a> {
            asked.user_id().is_some().into()
        }
    }

    policy! {
        /// What the address management requires.
        #[derive(Debug)]
        pub IpamApi = manager & perm("ipam.use") & (Internal | Named);

        // What only this module names.
        Internal = in_group(ADMIN) | root;
    }
}

/// The handlers.
pub mod handlers {
    use super::models::{Counter, CounterId};
    use super::policies::IpamApi;
    use orgscope::prelude::*;

    /// Lists the counters.
    #[protected(IpamApi | in_group("counter admins"), scope = all, reason = "for auditors", write = owner)]
    pub async fn list(counters: Scoped<Counter>, mut db: Db) -> Result<String, ApiError> {
        Ok(counters.count(&mut db).await?.to_string())
    }

    /// Shows a counter.
    #[protected(can_view & model_perms)]
    pub async fn show(counter: Object<CounterId>) -> String {
        counter.id.to_string()
    }

    /// Does nothing.
    ///
    /// # Errors
    /// For everybody but members of a group.
    #[protected(perm(["ipam.use", "ipam.export"], any) | in_group(7), principal = caller)]
    pub fn purge(caller: &Principal) -> Result<(), Error> {
        let _ = caller;
        Ok(())
    }

    /// The counters.
    #[protected(IpamApi)]
    pub mod api {
        use super::{Counter, text};
        use orgscope::prelude::*;

        /// Shows a counter.
        pub async fn show(counter: Object<Counter>) -> String {
            text(&counter)
        }

        /// Answers.
        pub async fn ping() {}

        /// Answers everybody.
        #[protected(override, anyone)]
        #[tracing::instrument]
        pub async fn health(caller: Option<Principal>) {}

        /// What is counted.
        #[helper]
        pub fn name() -> &'static str {
            "counters"
        }
    }

    fn text(counter: &Counter) -> String {
        let Counter {
            id,
            owner_group_id,
            organization_id,
        } = counter;
        format!("{}: {id} {owner_group_id} {organization_id}", api::name())
    }

    /// The counters, once more.
    #[derive(Debug)]
    pub struct Counters;

    #[protected(manager)]
    impl Counters {
        /// Lists the counters.
        pub async fn list(_counters: Scoped<Counter>) {}

        /// Answers.
        #[protected(subscriber)]
        pub async fn ping() {}
    }
}

fn router() -> orgscope::axum::Router<orgscope::prelude::Tenancy> {
    use handlers::{Counters, api, list, purge, show};

    let _ = (purge, Counters);
    orgscope::axum::Router::new()
        .get("/counters", list)
        .get("/counters/{id}", show)
        .get("/api/{id}", api::show)
        .get("/ping", api::ping)
        .get("/health", api::health)
        .get("/list", Counters::list)
        .get("/pong", Counters::ping)
}

#[allow(dead_code)]
fn main() {
    let _ = router();
}
