// Models that say who holds their rows: by columns of every name, one by one and together, with a tenant and without.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

mod schema {
    diesel::table! {
        counters (id) { id -> Integer, owner_group_id -> Nullable<Integer>, organization_id -> Integer }
    }
    diesel::table! { counter_edit_groups (id) { id -> Integer, counter_id -> Integer, group_id -> Integer } }
    diesel::table! { counter_view_groups (counter_id, group_id) { counter_id -> Integer, group_id -> Integer } }
    diesel::table! { news (code) { code -> Text, r#type -> Integer } }
    diesel::table! { club.news_readers (news, readers) { news -> Text, readers -> Integer } }
    diesel::table! { albums (id) { id -> Integer, counter_id -> Integer } }
    diesel::table! { album_viewers (id) { id -> Integer, photo_album_id -> Integer, group_id -> Integer } }
}

use schema::{albums, counter_edit_groups, counters, news};

/// Every default.
#[derive(Queryable, Selectable, Identifiable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(
    owner_group = owner_group_id,
    edit_groups = counter_edit_groups,
    view_groups = schema::counter_view_groups
)]
struct Counter {
    id: i32,
    owner_group_id: Option<i32>,
    organization_id: i32,
}

/// Every name of its own, and no tenant; the struct does not hold the column of the owner group.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = news, primary_key(code))]
#[org_scoped(global, reason = "everybody may write news")]
#[org_scoped(owner_group = r#type, view_groups = crate::object_permissions::schema::news_readers(news, readers,))]
struct News {
    code: String,
}

/// A default that follows the model's name, and a path over another model.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = albums, belongs_to(Counter))]
#[org_scoped(org_field = "counter.organization", view_groups = schema::album_viewers)]
struct PhotoAlbum {
    id: i32,
    counter_id: i32,
}

#[protected(can_view)]
async fn list(_counters: Scoped<Counter>) {}

#[protected(can_edit | manager)]
async fn edit(_counter: Object<Counter>) {}

#[protected(owns & member & !subscriber)]
async fn purge(_counter: Object<Counter>) {}

#[protected(can_view)]
async fn news_of(_news: Scoped<News>, _one: Object<News>) {}

#[protected(can_edit)]
mod api {
    use super::{Counter, PhotoAlbum};
    use orgscope::prelude::*;

    pub async fn list(_albums: Scoped<PhotoAlbum>, _counters: Scoped<Counter>) {}

    #[protected(owns)]
    pub async fn purge(_album: Object<PhotoAlbum>) {}
}

fn albums(caller: &Principal, conn: &mut SqliteConnection) -> Result<Vec<PhotoAlbum>, Error> {
    Scope::<PhotoAlbum>::new::<policy::CanView>(caller).load(conn)
}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/counters", list)
        .put("/counters/{id}", edit)
        .delete("/counters/{id}", purge)
        .get("/news/{code}", news_of)
        .get("/albums", api::list)
        .delete("/albums/{id}", api::purge)
}

fn main() {}
