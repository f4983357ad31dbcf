//! Object permissions: the list, the check of one row and a recount in memory agree for every policy.

use diesel::prelude::*;
use orgscope::identity::{add_group, add_group_member, principal};
use orgscope::key::UserId;
use orgscope::policy::{Answer, Asked, Check, Hold, Permission, Policy};
use orgscope::prelude::*;
use orgscope::{AnyConnection, Facts, Group, GroupKind};
use orgscope_suite::databases::{Fresh, on_each};

use crate::support::*;

diesel::table! {
    counters (id) {
        id -> Integer,
        organization_id -> Nullable<Integer>,
        kind -> Text,
        keeper_id -> Nullable<Integer>,
        owner_group_id -> Nullable<Integer>,
    }
}
diesel::table! { counter_edit_groups (counter_id, group_id) { counter_id -> Integer, group_id -> Integer } }
diesel::table! { counter_viewers (counter, viewers) { counter -> Integer, viewers -> Integer } }

#[derive(Queryable, Selectable, OrgScoped, Clone, Debug)]
#[diesel(table_name = counters)]
#[org_scoped(shared = read, owner_group = owner_group_id, edit_groups = counter_edit_groups)]
#[org_scoped(view_groups = counter_viewers(counter, viewers))]
pub struct Counter {
    pub id: i32,
    pub organization_id: Option<i32>,
    pub kind: String,
    pub keeper_id: Option<i32>,
    pub owner_group_id: Option<i32>,
}

impl ObjectPermissions for Counter {
    fn is_owned_by(asked: &Asked<'_>) -> Rows<Self> {
        match asked.user_id() {
            // NULL for counters without a keeper: those are nobody's.
            Some(UserId::Int(user)) => Rows::matching(counters::keeper_id.eq(*user)),
            _ => Rows::none(),
        }
    }
}

/// The same rows, without a tenant and without rules of their own.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = counters)]
#[org_scoped(global, reason = "one association runs all counters")]
#[org_scoped(owner_group = owner_group_id, view_groups = counter_viewers(counter, viewers))]
pub struct OpenCounter {
    pub id: i32,
}

const ROOT: i32 = 1;
const PUBLIC: i32 = 2;
const STAFF: i32 = 5;

/// Who is in which group, but for the public one.
const MEMBERS: &[(i32, i32)] = &[
    (MANAGER_A.0, STAFF),
    (NOBODY.0, STAFF),
    (OWNER_A_MEMBER_B.0, ROOT),
];

/// A counter with the groups that its join tables name.
pub struct Row {
    counter: Counter,
    edit: Option<i32>,
    view: Option<i32>,
}

/// Every combination.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for organization_id in [Some(A), Some(B), Some(DISABLED), None] {
        for kind in ["bar", "office"] {
            for keeper_id in [None, Some(MEMBER_A.0), Some(MANAGER_B.0)] {
                for owner_group_id in [None, Some(PUBLIC), Some(STAFF)] {
                    for (edit, view) in [
                        (None, None),
                        (Some(STAFF), None),
                        (None, Some(STAFF)),
                        (None, Some(PUBLIC)),
                        (Some(PUBLIC), None),
                        (Some(ROOT), Some(STAFF)),
                    ] {
                        let counter = Counter {
                            id: rows.len() as i32 + 1,
                            organization_id,
                            kind: kind.into(),
                            keeper_id,
                            owner_group_id,
                        };
                        rows.push(Row {
                            counter,
                            edit,
                            view,
                        });
                    }
                }
            }
        }
    }
    rows
}

pub async fn fill(fresh: &Fresh, rows: &[Row]) -> AnyConnection {
    seed(fresh).await;
    let mut conn = connection(fresh).await;
    for group in [
        Group::new(ROOT, "root").of_kind(GroupKind::Root),
        Group::new(PUBLIC, "public").of_kind(GroupKind::Public),
        Group::new(STAFF, "staff"),
    ] {
        add_group(group, &mut conn).await.unwrap();
    }
    for (user, group) in MEMBERS {
        add_group_member(*user, *group, &mut conn).await.unwrap();
    }
    let null = |value: Option<i32>| value.map_or("NULL".to_owned(), |value| value.to_string());
    let mut sql = "
        CREATE TABLE counters (id INTEGER PRIMARY KEY, organization_id INTEGER, kind VARCHAR(10) NOT NULL, keeper_id INTEGER, owner_group_id INTEGER);
        CREATE TABLE counter_edit_groups (counter_id INTEGER NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (counter_id, group_id));
        CREATE TABLE counter_viewers (counter INTEGER NOT NULL, viewers INTEGER NOT NULL, PRIMARY KEY (counter, viewers));".to_owned();
    for Row {
        counter,
        edit,
        view,
    } in rows
    {
        let Counter {
            id,
            organization_id,
            kind,
            keeper_id,
            owner_group_id,
        } = counter;
        let (organization, keeper, owner) = (
            null(*organization_id),
            null(*keeper_id),
            null(*owner_group_id),
        );
        sql += &format!(
            "INSERT INTO counters VALUES ({id}, {organization}, '{kind}', {keeper}, {owner});"
        );
        for (table, group) in [("counter_edit_groups", edit), ("counter_viewers", view)] {
            if let Some(group) = group {
                sql += &format!("INSERT INTO {table} VALUES ({id}, {group});");
            }
        }
    }
    fresh.batch(&sql).await;
    conn
}

/// What a user is to a row, recounted.
#[derive(Clone, Copy)]
struct Recount {
    /// The role in the row's organization; for a shared row owner, if the user manages anything.
    role: Option<Role>,
    hold: Hold,
    is_bar: bool,
    is_kept: bool,
}

impl Recount {
    fn new(user: User, row: &Row) -> Recount {
        let (id, _, memberships) = user;
        let enabled = memberships
            .iter()
            .filter(|(organization, _)| *organization != DISABLED);
        let role = match row.counter.organization_id {
            Some(organization) => enabled
                .clone()
                .find(|(one, _)| *one == organization)
                .map(|(_, role)| *role),
            None => enabled
                .clone()
                .any(|(_, role)| *role >= Role::Manager)
                .then_some(Role::Owner),
        };
        let in_group = |group: Option<i32>| {
            group.is_some_and(|group| group == PUBLIC || MEMBERS.contains(&(id, group)))
        };
        let hold = if MEMBERS.contains(&(id, ROOT))
            || row.counter.keeper_id == Some(id)
            || in_group(row.counter.owner_group_id)
        {
            Hold::Own
        } else if in_group(row.edit) {
            Hold::Edit
        } else if in_group(row.view) {
            Hold::View
        } else {
            Hold::Nothing
        };
        Recount {
            role,
            hold,
            is_bar: row.counter.kind == "bar",
            is_kept: row.counter.keeper_id.is_some(),
        }
    }

    fn is(self, role: Role) -> bool {
        self.role >= Some(role)
    }
}

/// The counter is a bar.
struct IsBar;

impl Permission for IsBar {
    fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
        Check::rows(bars())
    }
}

fn bars() -> Rows<Counter> {
    Rows::matching(counters::kind.eq("bar"))
}

fn kept() -> Rows<Counter> {
    Rows::matching(counters::keeper_id.is_not_null())
}

/// The counter has a keeper.
struct IsKept;

impl Permission for IsKept {
    fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
        Check::rows(kept())
    }
}

/// The counter is a bar or has a keeper; what holds of depots is said of them alone.
struct IsBarOrKept;

impl Permission for IsBarOrKept {
    fn check<'a>(_: &'a Asked<'a>) -> Check<'a> {
        let answer = Answer::No.and_rows(Rows::<Depot>::none()).and_rows(bars());
        answer.and_rows(kept()).into()
    }
}

policy! {
    Views = can_view;
    Edits = can_edit;
    OwnsIt = owns;
    ManagesAndViews = manager & can_view;
    ManagesOrEdits = manager | member & can_edit;
    OnlyViews = can_view & !can_edit;
    ViewsOrManagesBars = owns | manager & IsBar;
    NoBars = member & !IsBar;
    BarsOrEdits = (IsBar | can_edit) & !(owner & owns);
    BarsWithoutKeeper = IsBar & !IsKept;
    NeitherBarNorKept = !IsBarOrKept;
}

/// The ids that a user's list shows, and a check that gets agree with it.
async fn list<P: Policy>(caller: &Principal, all: &[Row], conn: &mut AnyConnection) -> Vec<i32> {
    let scope = || Scope::<Counter>::new::<P>(caller);
    let listed: Vec<i32> = scope()
        .select(counters::id)
        .order(counters::id)
        .load(conn)
        .await
        .unwrap();
    assert_eq!(scope().count(conn).await.unwrap(), listed.len() as i64);
    // Neighbours differ in the groups, and 7 has no divisor in common with the numbers of values.
    for row in all.iter().step_by(7) {
        let got = scope().get_optional(row.counter.id, conn).await;
        let got = matches!(got, Ok(Some(_)));
        assert_eq!(got, listed.contains(&row.counter.id), "{:?}", row.counter);
        let scope = scope();
        let decision = scope.decision(&row.counter, conn).await.unwrap();
        assert_eq!(decision.is_granted(), got, "{decision:?}");
        assert_eq!(scope.check(&row.counter, conn).await.is_ok(), got);
    }
    listed
}

#[test]
fn a_list_shows_the_rows_whose_get_succeeds() {
    on_each(async |fresh| {
        let all = rows();
        let conn = &mut fill(&fresh, &all).await;
        for user in USERS {
            let caller: Principal = principal(user.0, Facts::ALL, conn).await.unwrap().unwrap();
            let expected = |holds: fn(Recount) -> bool| -> Vec<i32> {
                let shown = |row: &&Row| {
                    let recount = Recount::new(user, row);
                    user.1 || recount.is(Role::Member) && holds(recount)
                };
                all.iter().filter(shown).map(|row| row.counter.id).collect()
            };
            macro_rules! agree {
                ($($policy:ident: $holds:expr;)*) => {$(
                    let listed = list::<$policy>(&caller, &all, conn).await;
                    assert_eq!(listed, expected($holds), "{} of {user:?}", stringify!($policy));
                )*};
            }
            agree! {
                Views: |row| row.hold >= Hold::View;
                Edits: |row| row.hold >= Hold::Edit;
                OwnsIt: |row| row.hold >= Hold::Own;
                ManagesAndViews: |row| row.is(Role::Manager) && row.hold >= Hold::View;
                ManagesOrEdits: |row| row.is(Role::Manager) || row.hold >= Hold::Edit;
                OnlyViews: |row| row.hold == Hold::View;
                ViewsOrManagesBars: |row| row.hold >= Hold::Own || row.is(Role::Manager) && row.is_bar;
                NoBars: |row| !row.is_bar;
                BarsOrEdits: |row| (row.is_bar || row.hold >= Hold::Edit)
                    && !(row.is(Role::Owner) && row.hold >= Hold::Own);
                BarsWithoutKeeper: |row| row.is_bar && !row.is_kept;
                NeitherBarNorKept: |row| !row.is_bar && !row.is_kept;
            }
        }
        fresh
    });
}

#[test]
fn a_scope_over_everything_asks_the_policy_all_the_same() {
    use orgscope::Access;
    on_each(async |fresh| {
        let all = rows();
        let conn = &mut fill(&fresh, &all).await;
        for user in USERS {
            let caller: Principal = principal(user.0, Facts::ALL, conn).await.unwrap().unwrap();
            let everywhere = Access::of::<OnlyViews>().scope_all("a test");
            let scope = || Scope::<Counter>::with_access(everywhere, &caller);
            let listed: Vec<i32> = scope()
                .select(counters::id)
                .order(counters::id)
                .load(conn)
                .await
                .unwrap();
            let expected = all
                .iter()
                .filter(|row| user.1 || Recount::new(user, row).hold == Hold::View);
            assert_eq!(
                listed,
                expected.map(|row| row.counter.id).collect::<Vec<_>>(),
                "{user:?}"
            );
            for row in all.iter().step_by(11) {
                let got = scope().get_optional(row.counter.id, conn).await;
                assert_eq!(matches!(got, Ok(Some(_))), listed.contains(&row.counter.id));
            }
            // Role atoms are still asked of the row's organization.
            let managers = Scope::<Counter>::with_access(
                Access::of::<policy::Manager>().scope_all("a test"),
                &caller,
            );
            let listed = managers.count(conn).await.unwrap();
            let expected = all
                .iter()
                .filter(|row| user.1 || Recount::new(user, row).is(Role::Manager));
            assert_eq!(listed, expected.count() as i64, "{user:?}");
        }
        fresh
    });
}

#[test]
fn facts_that_were_not_loaded_neither_grant_nor_deny() {
    let mut conn = diesel::SqliteConnection::establish(":memory:").unwrap();
    let caller = unloaded(MANAGER_A);
    let undecided = |result: Result<i64, Error>| {
        assert!(
            matches!(result, Err(Error::Denied(Denied::Undecided))),
            "{result:?}"
        );
    };
    undecided(Scope::<Counter>::new::<Views>(&caller).count(&mut conn));
    undecided(Scope::<Counter>::new::<OnlyViews>(&caller).count(&mut conn));
    undecided(Scope::<Counter>::new::<ManagesOrEdits>(&caller).count(&mut conn));
    let list = Scope::<Counter>::new::<Views>(&caller).load(&mut conn);
    assert!(matches!(list, Err(Error::Denied(Denied::Undecided))));
    let page = Scope::<Counter>::new::<Views>(&caller).load_iter(&mut conn);
    assert!(matches!(
        page.map(|_| ()),
        Err(Error::Denied(Denied::Undecided))
    ));
}

diesel::table! { depots (id) { id -> Integer, organization_id -> Integer } }

/// Whoever is anything in the organization B owns the depots; the rule asks the memberships.
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = depots)]
struct Depot {
    id: i32,
}

impl ObjectPermissions for Depot {
    const FACTS: Facts = Facts::MEMBERSHIPS;

    fn is_owned_by(asked: &Asked<'_>) -> Rows<Self> {
        match asked
            .principal::<i32>()
            .and_then(|caller| caller.role_in(&B))
        {
            Some(_) => Rows::all(),
            None => Rows::none(),
        }
    }
}

mod over_http {
    use super::*;
    use axum::Json;
    use axum::extract::Path;
    use axum::http::StatusCode;
    use orgscope::axum::Router;
    use orgscope::identity::{TokenOptions, issue_token};
    use orgscope_suite::http::Http;

    #[protected(can_view)]
    async fn list(rows: Scoped<OpenCounter>, mut db: Db) -> Result<Json<Vec<i32>>, ApiError> {
        Ok(Json(
            rows.select(counters::id)
                .order(counters::id)
                .load(&mut db)
                .await?,
        ))
    }

    #[protected(can_view)]
    async fn get(counter: Object<OpenCounter>) -> String {
        counter.id.to_string()
    }

    #[protected(owns)]
    async fn owned(counter: Object<OpenCounter>) -> String {
        counter.id.to_string()
    }

    #[protected(can_edit)]
    async fn edited(
        Path(id): Path<i32>,
        rows: Scoped<OpenCounter>,
        mut db: Db,
    ) -> Result<String, ApiError> {
        Ok(rows.get(id, &mut db).await?.id.to_string())
    }

    #[protected(owns)]
    async fn delete(
        counter: Object<OpenCounter>,
        rows: Scoped<OpenCounter>,
        mut db: Db,
    ) -> Result<StatusCode, ApiError> {
        rows.find(counter.id).delete().execute(&mut db).await?;
        Ok(StatusCode::NO_CONTENT)
    }

    #[protected(owns)]
    async fn depots(rows: Scoped<Depot>, mut db: Db) -> Result<Json<i64>, ApiError> {
        Ok(Json(rows.count(&mut db).await?))
    }

    #[protected(owns)]
    async fn depot(depot: Object<Depot>) -> String {
        depot.id.to_string()
    }

    #[test]
    fn what_the_rules_of_a_model_ask_is_loaded_for_lists_and_for_rows() {
        on_each(async |fresh| {
            let conn = &mut fill(&fresh, &[]).await;
            fresh
                .batch("CREATE TABLE depots (id INTEGER PRIMARY KEY, organization_id INTEGER NOT NULL); INSERT INTO depots VALUES (1, 10), (2, 20);")
                .await;
            let routes: Router<Tenancy> = Router::new()
                .get("/depots", depots)
                .get("/depots/{id}", depot);
            let http = Http::serve(
                routes
                    .into_axum()
                    .with_state(Tenancy::new(fresh.pool.clone())),
            )
            .await;
            for (user, count, first) in [
                (MANAGER_A, 0, 403),
                (MANAGER_B, 1, 404),
                (OWNER_A_MEMBER_B, 2, 200),
            ] {
                let options = TokenOptions {
                    name: "test".into(),
                    expires_at: None,
                    ..TokenOptions::default()
                };
                let token = issue_token(user.0, options, conn).await.unwrap();
                assert_eq!(http.get("/depots", token.reveal()).body, count, "{user:?}");
                assert_eq!(
                    http.get("/depots/1", token.reveal()).status,
                    first,
                    "{user:?}"
                );
            }
            // A caller of whom it is not known is neither an owner nor none.
            let caller: Principal = principal(MANAGER_B.0, Facts::GROUPS, conn)
                .await
                .unwrap()
                .unwrap();
            let undecided = Scope::<Depot>::new::<OwnsIt>(&caller).get(2, conn).await;
            assert!(matches!(undecided, Err(Error::Denied(Denied::Undecided))));
            fresh
        });
    }

    #[test]
    fn the_public_group_admits_callers_without_a_login() {
        on_each(async |fresh| {
            let all = rows();
            let conn = &mut fill(&fresh, &all).await;
            let routes: Router<Tenancy> = Router::new()
                .get("/counters", list)
                .get("/counters/{id}", get)
                .get("/owned/{id}", owned)
                .get("/edited/{id}", edited)
                .delete("/counters/{id}", delete);
            let http = Http::serve(
                routes
                    .into_axum()
                    .with_state(Tenancy::new(fresh.pool.clone())),
            )
            .await;
            let public = |row: &&Row| row.view == Some(PUBLIC);
            let ids = |shown: &dyn Fn(&&Row) -> bool| -> Vec<i32> {
                all.iter().filter(shown).map(|row| row.counter.id).collect()
            };
            let anonymous = http.ask("GET", "/counters", None);
            assert_eq!(anonymous.body, serde_json::json!(ids(&public)));
            for row in all.iter().step_by(13) {
                let answer = http.ask("GET", &format!("/counters/{}", row.counter.id), None);
                assert_eq!(answer.status, if public(&row) { 200 } else { 401 });
                for path in ["counters", "owned", "edited"] {
                    let path = format!("/{path}/{}", row.counter.id);
                    let method = if path.starts_with("/counters") {
                        "DELETE"
                    } else {
                        "GET"
                    };
                    assert_eq!(http.ask(method, &path, None).status, 401, "{path}");
                }
            }
            let options = TokenOptions {
                name: "test".into(),
                expires_at: None,
                ..TokenOptions::default()
            };
            let token = issue_token(NOBODY.0, options, conn).await.unwrap();
            // Once logged in, the public group owns as any other does.
            let staff = |row: &&Row| {
                public(row) || row.view == Some(STAFF) || row.counter.owner_group_id.is_some()
            };
            assert_eq!(
                http.get("/counters", token.reveal()).body,
                serde_json::json!(ids(&staff))
            );
            let bearer = format!("Bearer {}", token.reveal());
            let owned = |row: &Row| row.counter.owner_group_id.is_some();
            for row in all.iter().step_by(13) {
                let path = format!("/counters/{}", row.counter.id);
                let answer = http.ask("DELETE", &path, Some(&bearer));
                assert_eq!(
                    answer.status,
                    if owned(row) { 204 } else { 403 },
                    "{answer:?}"
                );
                let again = http.ask("DELETE", &path, Some(&bearer));
                assert_eq!(again.status, if owned(row) { 404 } else { 403 });
            }
            fresh
        });
    }
}
