// Every atom that there is, in every form that it has.
use diesel::prelude::*;
use orgscope::axum::Router;
use orgscope::prelude::*;

diesel::table! {
    counters (id) { id -> Integer, owner_group_id -> Integer, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(owner_group = owner_group_id)]
struct Counter {
    id: i32,
    owner_group_id: i32,
    organization_id: i32,
}

const COUNTER_ADMIN: i32 = 4;
static BARMEN: &str = "barmen";

mod settings {
    pub const ADMIN: &str = "administrators";

    pub struct Groups;

    impl Groups {
        pub const BOARD: i32 = 7;
    }

    pub const fn treasurers() -> i32 {
        8
    }
}

#[protected(anyone)]
async fn anybody() {}

#[protected(authenticated)]
async fn login() {}

#[protected(owner | manager & subscriber & !in_group(2) | member & in_group(1))]
async fn roles() {}

#[protected(root)]
async fn superusers() {}

#[protected(in_group(COUNTER_ADMIN))]
async fn group_by_constant() {}

#[protected(in_group(4) | in_group(-1) | in_group(2 + 3))]
async fn group_by_number() {}

#[protected(in_group("counter admins"))]
async fn group_by_name() {}

#[protected(in_group(settings::ADMIN) | in_group(BARMEN))]
async fn group_by_path() {}

#[protected(in_group(settings::Groups::BOARD) | in_group(settings::treasurers()))]
async fn group_by_expression() {}

#[protected(subscriber)]
async fn subscribers() {}

#[protected(former_subscriber & !subscriber)]
async fn former_subscribers() {}

#[protected(perm("ipam.use"))]
async fn permission() {}

#[protected(perm(["ipam.use", "ipam.export"]))]
async fn permissions() {}

#[protected(perm(["ipam.use", "ipam.export"], all))]
async fn all_permissions() {}

#[protected(perm(["ipam.use", "ipam.export",], any,))]
async fn any_permission() {}

#[protected(perm(["ipam.use"], any))]
async fn permission_in_a_list() {}

#[protected(model_perms)]
async fn model_permissions(_counters: Scoped<Counter>) {}

#[protected(member & (model_perms | root))]
async fn model_permissions_of_one(_db: Db, _counter: Object<Counter>) {}

#[protected(can_view)]
async fn viewers(_counters: Scoped<Counter>) {}

#[protected(can_edit & !owns)]
async fn editors(_counter: Object<Counter>) {}

#[protected(owns | in_group(COUNTER_ADMIN))]
async fn holders(_counter: Object<Counter>) {}

#[protected(all(
    any(perm(["ipam.use", "ipam.export"], any), in_group("counter admins"), subscriber),
    !all(former_subscriber, root),
    model_perms,
))]
async fn joined(_counters: Scoped<Counter>) {}

fn router() -> Router<Tenancy> {
    Router::new()
        .get("/anybody", anybody)
        .get("/login", login)
        .get("/roles", roles)
        .get("/superusers", superusers)
        .get("/group_by_constant", group_by_constant)
        .get("/group_by_number", group_by_number)
        .get("/group_by_name", group_by_name)
        .get("/group_by_path", group_by_path)
        .get("/group_by_expression", group_by_expression)
        .get("/subscribers", subscribers)
        .get("/former_subscribers", former_subscribers)
        .get("/permission", permission)
        .get("/permissions", permissions)
        .get("/all_permissions", all_permissions)
        .get("/any_permission", any_permission)
        .get("/permission_in_a_list", permission_in_a_list)
        .get("/model_permissions", model_permissions)
        .get("/model_permissions/{id}", model_permissions_of_one)
        .get("/viewers", viewers)
        .get("/editors/{id}", editors)
        .get("/holders/{id}", holders)
        .get("/joined", joined)
}

fn main() {}
