// Models with rules of their own about who holds their rows: beside the columns and without any, with parameters, without
// a tenant, and in a function.
use diesel::prelude::*;
use orgscope::key::UserId;
use orgscope::policy::Asked;
use orgscope::prelude::*;

diesel::table! {
    counters (id) {
        id -> Integer,
        name -> Text,
        keeper_id -> Nullable<Integer>,
        owner_group_id -> Integer,
        organization_id -> Integer,
    }
}
diesel::table! { news (id) { id -> Integer, author_id -> Integer, published -> Bool } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(owner_group = owner_group_id)]
struct Counter {
    id: i32,
    name: String,
    keeper_id: Option<i32>,
    owner_group_id: i32,
    organization_id: i32,
}

impl ObjectPermissions for Counter {
    fn is_owned_by(asked: &Asked<'_>) -> Rows<Self> {
        match asked.user_id() {
            Some(UserId::Int(user)) => Rows::matching(counters::keeper_id.eq(*user)),
            _ => Rows::none(),
        }
    }

    fn can_be_edited_by(asked: &Asked<'_>) -> Rows<Self> {
        match asked.caller().has_anywhere(Role::Owner) {
            true => Rows::all(),
            false => Rows::none(),
        }
    }

    fn can_be_viewed_by(_: &Asked<'_>) -> Rows<Self> {
        Rows::matching(
            counters::name
                .like("bar%")
                .and(counters::keeper_id.is_null()),
        )
    }
}

/// A model with a parameter, without columns that say anything, and with one rule.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
struct Named<N> {
    id: i32,
    name: N,
}

impl<N> ObjectPermissions for Named<N> {
    fn can_be_viewed_by(asked: &Asked<'_>) -> Rows<Self> {
        match asked.caller().is_authenticated() {
            true => Rows::all(),
            false => Rows::none(),
        }
    }
}

/// A model without a tenant.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = news)]
#[org_scoped(global, reason = "everybody may write news")]
struct News {
    id: i32,
    author_id: i32,
}

impl orgscope::ObjectPermissions for News {
    fn can_be_viewed_by(_: &Asked<'_>) -> Rows<News> {
        Rows::matching(news::published)
    }
}

#[protected(can_view)]
async fn list(_counters: Scoped<Counter>, _names: Scoped<Named<String>>) {}

#[protected(can_edit)]
async fn edit(_counter: Object<Counter>) {}

#[protected(owns | can_view & subscriber)]
async fn show(_news: Object<News>) {}

fn router() -> orgscope::axum::Router<Tenancy> {
    #[derive(Queryable, Selectable, OrgScoped)]
    #[diesel(table_name = news)]
    #[org_scoped(global, reason = "everybody may write news")]
    struct Draft {
        id: i32,
    }

    impl ObjectPermissions for Draft {}

    #[protected(owns)]
    async fn drafts(_drafts: Scoped<Draft>) {}

    orgscope::axum::Router::new()
        .get("/counters", list)
        .put("/counters/{id}", edit)
        .get("/news/{id}", show)
        .get("/drafts", drafts)
}

fn main() {}
