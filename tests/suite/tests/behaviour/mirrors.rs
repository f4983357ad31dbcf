//! A mirrored organization: a column that repeats the one at the end of a path.

use diesel::prelude::*;
use orgscope::ddl::lint::Lint;
use orgscope::ddl::mirror::Mirror;
use orgscope::dialect::Database;
use orgscope::policy::{Manager, Member};
use orgscope::prelude::*;
use orgscope::testing::equivalence;
use orgscope_suite::databases::{Fresh, on_each, unscoped};
use serde_json::json;

use crate::support::*;

diesel::table! { shops (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { sales (id) { id -> Integer, shop_id -> Nullable<Integer>, organization_id -> Nullable<Integer>, clerk_id -> Nullable<Integer> } }
diesel::table! { clerks (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { receipts (id) { id -> Integer, shop_id -> Integer } }
diesel::table! { refunds (id) { id -> Integer, receipt_id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped, Debug)]
#[diesel(table_name = shops)]
#[org_scoped(shared = read)]
pub struct Shop {
    pub id: i32,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Debug, PartialEq)]
#[diesel(table_name = sales, belongs_to(Shop), belongs_to(Clerk))]
#[org_scoped(shared = none, mirrors = "shop.organization")]
pub struct Sale {
    pub id: i32,
    pub shop_id: Option<i32>,
    pub organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped, Debug)]
#[diesel(table_name = clerks)]
pub struct Clerk {
    pub id: i32,
    pub organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped, Debug)]
#[diesel(table_name = receipts, belongs_to(Shop))]
#[org_scoped(org_field = "shop.organization")]
pub struct Receipt {
    pub id: i32,
    pub shop_id: i32,
}

/// Mirrors over a table without an organization.
#[derive(Queryable, Selectable, OrgScoped, Debug)]
#[diesel(table_name = refunds, belongs_to(Receipt))]
#[org_scoped(mirrors = "receipt.shop.organization")]
pub struct Refund {
    pub id: i32,
    pub receipt_id: i32,
    pub organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = refunds)]
#[org_input(model = Refund)]
struct NewRefund {
    id: i32,
    receipt_id: i32,
    organization_id: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = refunds)]
#[org_changeset(model = Refund)]
struct RefundChanges {
    receipt_id: i32,
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
    clerk_id: Option<i32>,
}

/// May name shared shops, if a sale may.
#[derive(OrgInput)]
#[diesel(table_name = sales)]
#[org_input(model = Sale, include_shared)]
struct AnySale {
    id: i32,
    shop_id: Option<i32>,
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
             CREATE TABLE sales (id INTEGER NOT NULL PRIMARY KEY, shop_id INTEGER, organization_id INTEGER, clerk_id INTEGER, {});
             CREATE INDEX sales_organization_id ON sales (organization_id);
             CREATE INDEX shops_organization_id ON shops (organization_id);
             CREATE TABLE clerks (id INTEGER NOT NULL PRIMARY KEY, organization_id INTEGER NOT NULL);
             CREATE INDEX clerks_organization_id ON clerks (organization_id);
             INSERT INTO clerks VALUES (1, {A}), (2, {B});
             INSERT INTO shops VALUES (1, {A}), (2, {B}), (3, NULL);
             INSERT INTO sales VALUES (1, 1, {A}, NULL), (2, 2, {B}, NULL);",
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
        clerk_id: None,
    }
}

/// Who manages both organizations.
fn both() -> Principal {
    Principal::new(8, false, [(A, Role::Manager), (B, Role::Manager)])
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
        assert_eq!(outcome(refused).unwrap_err(), json!({"shop": ["required"]}));
        // What is given has to be what is mirrored.
        let both = both();
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
        let both = both();
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
        let lint = || Lint::new().model::<Sale>().model::<Shop>().model::<Clerk>();
        let found = lint().run(conn).await.unwrap();
        // The model says that such rows belong to nobody.
        let lints: Vec<&str> = found.iter().map(|finding| finding.lint).collect();
        assert_eq!(lints, ["null_organization"], "{found:?}");

        fresh.batch("DROP TABLE sales").await;
        fresh
            .batch(
                "CREATE TABLE sales (id INTEGER NOT NULL PRIMARY KEY, shop_id INTEGER, organization_id INTEGER, clerk_id INTEGER);
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

#[test]
fn leak_14_what_is_taken_agrees_with_everything_else() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        for caller in [both(), loaded(SUPERUSER)] {
            let sales = || Scope::<Sale>::new::<Manager>(&caller);
            for (clerk, organization) in [(2, None), (2, Some(A))] {
                let mut crossed = sale(9, Some(1), organization);
                crossed.clerk_id = Some(clerk);
                let refused = sales().insert(crossed).get_result(conn).await;
                let expected = json!({"clerk": ["organization_mismatch"]});
                assert_eq!(outcome(refused).unwrap_err(), expected, "{organization:?}");
            }
        }
        let mut right = sale(9, Some(1), None);
        right.clerk_id = Some(1);
        let made = Scope::<Sale>::new::<Manager>(&both())
            .insert(right)
            .get_result(conn)
            .await;
        assert_eq!(outcome(made).unwrap().organization_id, Some(A));
        fresh
    });
}

#[test]
fn what_mirrors_nothing_has_its_own_organization() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        let caller = both();
        let sales = || Scope::<Sale>::new::<Manager>(&caller);
        let made = sales()
            .insert(sale(9, None, Some(A)))
            .get_result(conn)
            .await;
        assert_eq!(outcome(made).unwrap().organization_id, Some(A));
        let changes = SaleChanges {
            shop_id: None,
            organization_id: Some(Some(B)),
        };
        let moved = sales().find(9).update(changes).get_result(conn).await;
        assert_eq!(outcome(moved).unwrap().organization_id, Some(B));
        // A sale that mirrors nothing any more stays where it is.
        let changes = SaleChanges {
            shop_id: Some(None),
            organization_id: None,
        };
        let parted = sales().find(1).update(changes).get_result(conn).await;
        let parted = outcome(parted).unwrap();
        assert_eq!((parted.shop_id, parted.organization_id), (None, Some(A)));
        fresh
    });
}

/// The shared shop is not offered: a sale there would have no organization, or another than its own.
#[test]
fn leak_34_choices_are_what_a_mirror_accepts() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        let manager = loaded(MANAGER_A);
        let sales = Scope::<Sale>::new::<Manager>(&manager);
        let offered = AnySale::choices::<Shop, _>(&sales, |sale| sale.shop()).unwrap();
        let offered: Vec<i32> = offered.select(shops::id).load(conn).await.unwrap();
        assert_eq!(offered, [1]);
        fresh
    });
}

#[test]
fn a_mirror_over_two_tables_is_kept_by_the_checks() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        let tables = "CREATE TABLE receipts (id INTEGER NOT NULL PRIMARY KEY, shop_id INTEGER NOT NULL); INSERT INTO receipts VALUES (1, 1), (2, 2); CREATE TABLE refunds (id INTEGER NOT NULL PRIMARY KEY, receipt_id INTEGER NOT NULL, organization_id INTEGER NOT NULL)";
        fresh.batch(tables).await;
        let caller = both();
        let refunds = || Scope::<Refund>::new::<Manager>(&caller);
        let refund = |id, organization_id| NewRefund {
            id,
            receipt_id: 1,
            organization_id,
        };
        let made = refunds().insert(refund(1, None)).get_result(conn).await;
        assert_eq!(outcome(made).unwrap().organization_id, A);
        let mismatch = json!({"receipt": ["organization_mismatch"]});
        let crossed = refunds().insert(refund(2, Some(B))).get_result(conn).await;
        assert_eq!(outcome(crossed).unwrap_err(), mismatch);
        let moved = refunds().find(1).update(RefundChanges { receipt_id: 2 });
        assert_eq!(outcome(moved.get_result(conn).await).unwrap_err(), mismatch);
        let found = Lint::new().model::<Refund>().run(conn).await.unwrap();
        let key = found.iter().find(|one| one.lint == "missing_composite_key");
        assert!(key.is_some_and(|key| key.fix.is_none()), "{found:?}");
        fresh
    });
}

/// What is taken is what holds when the row is written, and not what held when the statement began.
#[test]
fn what_moves_meanwhile_is_taken_as_it_is_then() {
    on_each(async |fresh| {
        let conn = &mut with_shops(&fresh).await;
        if fresh.database == Database::Sqlite {
            // It has one writer at a time.
            return fresh;
        }
        let moving = unscoped(&format!(
            "BEGIN; UPDATE shops SET organization_id = {B} WHERE id = 1"
        ));
        conn.batch_execute(&moving).await.unwrap();
        let mut writer = connection(&fresh).await;
        let writing = tokio::spawn(async move {
            let sales = Scope::<Sale>::new::<Manager>(&both());
            sales
                .insert(sale(9, Some(1), None))
                .get_result(&mut writer)
                .await
        });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        conn.batch_execute("COMMIT").await.unwrap();
        let made = writing.await.unwrap();
        assert_eq!(outcome(made).unwrap().organization_id, Some(B));
        fresh
    });
}
