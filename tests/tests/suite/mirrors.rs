//! A mirrored organization: a column that repeats the one at the end of a path.

use diesel::prelude::*;
use orgscope::ddl::lint::Lint;
use orgscope::ddl::mirror::Mirror;
use orgscope::dialect::Database;
use orgscope::policy::{Manager, Member};
use orgscope::prelude::*;
use orgscope::testing::equivalence;
use orgscope_tests::databases::{Fresh, on_each};
use serde_json::json;

use crate::support::*;

diesel::table! { shops (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { sales (id) { id -> Integer, shop_id -> Nullable<Integer>, organization_id -> Nullable<Integer> } }

#[derive(Queryable, Selectable, OrgScoped, Debug)]
#[diesel(table_name = shops)]
#[org_scoped(shared = read)]
pub struct Shop {
    pub id: i32,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = sales, belongs_to(Shop))]
#[org_scoped(shared = none, mirrors = "shop.organization")]
pub struct Sale {
    pub id: i32,
    pub shop_id: Option<i32>,
    pub organization_id: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = shops)]
#[org_changeset(model = Shop)]
struct ShopChanges {
    organization_id: Option<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = sales)]
#[org_input(model = Sale)]
struct NewSale {
    id: i32,
    shop_id: Option<i32>,
    organization_id: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = sales)]
#[org_changeset(model = Sale)]
struct SaleChanges {
    shop_id: Option<Option<i32>>,
    organization_id: Option<Option<i32>>,
}

/// Shop 1 is A's, 2 is B's, 3 is shared.
async fn with_shops(fresh: &Fresh) -> orgscope::AnyConnection {
    seed(fresh).await;
    let mirror = Mirror::of::<Sale>(fresh.database).unwrap();
    fresh
        .batch(&format!(
            "CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER);
             {};
             CREATE TABLE sales (id INTEGER NOT NULL PRIMARY KEY, shop_id INTEGER, organization_id INTEGER, {});
             CREATE INDEX sales_organization_id ON sales (organization_id);
             CREATE INDEX shops_organization_id ON shops (organization_id);
             INSERT INTO shops VALUES (1, {A}), (2, {B}), (3, NULL);
             INSERT INTO sales VALUES (1, 1, {A}), (2, 2, {B});",
            mirror.index(),
            mirror.clause(),
        ))
        .await;
    connection(fresh).await
}

fn sale(id: i32, shop_id: Option<i32>, organization_id: Option<i32>) -> NewSale {
    NewSale {
        id,
        shop_id,
        organization_id,
    }
}

/// The row, or what is wrong.
fn outcome<T: std::fmt::Debug>(result: Result<T, Error>) -> Result<T, serde_json::Value> {
    result.map_err(|error| match error {
        Error::Invalid(errors) => json!(errors),
        error => json!(format!("{error:?}")),
    })
}

#[test]
fn new_rows_take_the_organization_of_what_they_refer_to() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        let manager = loaded(MANAGER_A);
        let sales = || Scope::<Sale>::new::<Manager>(&manager);
        let made = sales()
            .insert(sale(3, Some(1), None))
            .get_result(conn)
            .await;
        assert_eq!(outcome(made).unwrap().organization_id, Some(A));
        let made = sales()
            .insert(sale(4, Some(1), Some(A)))
            .get_result(conn)
            .await;
        assert_eq!(outcome(made).unwrap().organization_id, Some(A));

        let unknown = json!({"shop": ["does_not_exist"]});
        for shop in [2, 3, 77] {
            let refused = sales()
                .insert(sale(9, Some(shop), None))
                .get_result(conn)
                .await;
            assert_eq!(outcome(refused).unwrap_err(), unknown, "{shop}");
        }
        let refused = sales().insert(sale(9, None, None)).get_result(conn).await;
        assert_eq!(
            outcome(refused).unwrap_err(),
            json!({"organization": ["required"]})
        );
        // What is given has to be what is mirrored.
        let both = (
            OWNER_A_MEMBER_B.0,
            false,
            [(A, Role::Manager), (B, Role::Manager)],
        );
        let both = Principal::new(both.0, both.1, both.2);
        let crossed = Scope::<Sale>::new::<Manager>(&both).insert(sale(9, Some(1), Some(B)));
        assert_eq!(
            outcome(crossed.get_result(conn).await).unwrap_err(),
            json!({"shop": ["organization_mismatch"]})
        );
        assert_eq!(sales().count(conn).await.unwrap(), 3);
        fresh
    });
}

#[test]
fn changes_keep_the_mirror() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        let both = Principal::new(8, false, [(A, Role::Manager), (B, Role::Manager)]);
        let change = |shop_id, organization_id| {
            let changes = SaleChanges {
                shop_id,
                organization_id,
            };
            Scope::<Sale>::new::<Manager>(&both).find(1).update(changes)
        };
        for (shop, organization) in [
            (Some(Some(2)), None),
            (None, Some(Some(B))),
            (Some(Some(3)), None),
        ] {
            let refused = outcome(change(shop, organization).get_result(conn).await);
            assert!(refused.is_err(), "{shop:?} {organization:?}: {refused:?}");
        }
        let moved = change(Some(Some(2)), Some(Some(B))).get_result(conn).await;
        assert_eq!(outcome(moved).unwrap().organization_id, Some(B));
        let back = change(Some(Some(1)), Some(Some(A))).get_result(conn).await;
        assert_eq!(outcome(back).unwrap().organization_id, Some(A));

        // A shop that moves takes its sales along, whoever moves it.
        let changes = ShopChanges {
            organization_id: Some(B),
        };
        let moved = Scope::<Shop>::new::<Manager>(&both).find(1).update(changes);
        moved.execute(conn).await.unwrap();
        let sales = Scope::<Sale>::new::<Member>(&loaded(MANAGER_B)).select(sales::id);
        let sales: Vec<i32> = sales.order(sales::id).load(conn).await.unwrap();
        assert_eq!(sales, [1, 2]);
        fresh
            .batch(&format!(
                "UPDATE shops SET organization_id = {A} WHERE id = 1"
            ))
            .await;
        equivalence!(async Sale, conn);
        fresh
    });
}

#[test]
fn the_key_that_keeps_a_mirror_is_asked_for() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        let lint = || Lint::new().model::<Sale>().model::<Shop>();
        let found = lint().run(conn).await.unwrap();
        // The model says that such rows belong to nobody.
        let lints: Vec<&str> = found.iter().map(|finding| finding.lint).collect();
        assert_eq!(lints, ["null_organization"], "{found:?}");

        fresh.batch("DROP TABLE sales").await;
        fresh
            .batch(
                "CREATE TABLE sales (id INTEGER NOT NULL PRIMARY KEY, shop_id INTEGER, organization_id INTEGER);
                 CREATE INDEX sales_organization_id ON sales (organization_id);",
            )
            .await;
        let found = lint().run(conn).await.unwrap();
        let lints: Vec<&str> = found.iter().map(|finding| finding.lint).collect();
        assert_eq!(
            lints,
            ["null_organization", "missing_composite_key"],
            "{found:?}"
        );
        let fix = found[1].fix.as_deref();
        assert_eq!(fix.is_none(), fresh.database == Database::Sqlite);
        if let Some((_, key)) = fix.and_then(|fix| fix.split_once("; ")) {
            // The index is there already.
            fresh.batch(key).await;
            let found = lint().run(conn).await.unwrap();
            assert_eq!(found.len(), 1, "{found:?}");
        }
        fresh
    });
}
