//! What services test their own models with, on models of ours.

use orgscope::prelude::*;
use orgscope::testing::{Isolation, Matrix, equivalence, isolation_matrix};
use orgscope_suite::databases::{Fresh, on_each};

use crate::models::*;
use crate::support::*;

#[derive(OrgInput)]
#[diesel(table_name = items)]
#[org_input(model = Item)]
struct NewItem {
    id: i32,
    name: String,
    group_id: Option<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = items)]
#[org_changeset(model = Item)]
struct ItemChanges {
    name: String,
}

#[derive(OrgFilter)]
#[diesel(table_name = items)]
#[org_filter(model = Item, fields(organization, group))]
struct ItemFilter;

fn changes() -> ItemChanges {
    let name = "changed".into();
    ItemChanges { name }
}

/// An item in the group of an organization.
fn new_item(organization: &i32) -> NewItem {
    NewItem {
        id: 100,
        name: "new".into(),
        group_id: Some(organization / 10),
    }
}

async fn with_rows(fresh: &Fresh) -> orgscope::AnyConnection {
    seed(fresh).await;
    fresh.batch(&rows(fresh.database)).await;
    connection(fresh).await
}

#[test]
fn models_agree_with_the_rules() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        equivalence!(async Group, conn);
        equivalence!(async PrivateGroup, conn);
        equivalence!(async Item, conn);
        equivalence!(async Part, conn);
        equivalence!(async Screw, conn);
        equivalence!(async Node, conn);
        equivalence!(async Seat, conn);
        let items = equivalence::<Item, _, _>(conn).await.unwrap();
        // Six rows of three organizations; sixteen callers, three roles, three questions.
        assert_eq!((items.organizations, items.decisions), (3, 6 * 16 * 3 * 3));
        fresh
    });
}

#[test]
fn who_gets_what_of_two_organizations() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let matrix = isolation_matrix!(
            async Item, conn, A, B,
            create = new_item,
            update = changes,
            filter = ItemFilter,
            choices = NewItem => group: Group,
        );
        let text = matrix.to_string();
        let of = |caller: &str| {
            let all = text.split(caller).nth(1).unwrap();
            let lines = all.lines().take_while(|line| line.starts_with(' '));
            lines.map(str::trim).collect::<Vec<_>>()
        };
        assert_eq!(
            of("manager of 10\n"),
            [
                "rows of 10: list, detail, delete, create, update, filter",
                "rows of 20: nothing",
                "rows of 30: nothing",
                "shared rows: list, detail",
                "rows of nobody: nothing",
                "Group rows of 10: choose",
                "Group rows of 20: nothing",
                "Group rows of 30: nothing",
            ],
            "{text}"
        );
        assert!(
            of("anonymous\n")
                .iter()
                .all(|line| line.ends_with("nothing"))
        );
        assert_eq!(
            of("superuser\n")[3],
            "shared rows: list, detail, delete, update"
        );
        // Nothing is left of it.
        assert_eq!(
            Scope::<Item>::new::<policy::Member>(&loaded(SUPERUSER))
                .count(conn)
                .await
                .unwrap(),
            6
        );
        fresh
    });
}

#[test]
fn what_differs_is_told() {
    on_each(async |fresh| {
        let conn = &mut with_rows(&fresh).await;
        let told = |matrix: &Matrix| [&matrix.differences[..], &matrix.missing].concat();
        // A row of the other organization.
        let crossed = Isolation::<Item>::between(A, B).creating(|key| new_item(&(A + B - key)));
        let crossed = crossed.run(conn).await.unwrap();
        let expected = [
            "create of rows of 10 was refused for manager of 10",
            "create of rows of 20 was allowed for manager of 10",
            "create of rows of 10 was allowed for manager of 20",
            "create of rows of 20 was refused for manager of 20",
        ];
        assert_eq!(told(&crossed), expected);
        let empty = Isolation::<Item>::between(A, 77).run(conn).await.unwrap();
        assert_eq!(told(&empty), ["organization 77 has no rows of Item"]);
        let outcome = std::panic::catch_unwind(|| empty.assert_isolated());
        assert!(outcome.is_err());

        fresh
            .batch("DELETE FROM seats WHERE organization_id = 20")
            .await;
        let one = equivalence::<Seat, _, _>(conn).await.unwrap();
        assert!(std::panic::catch_unwind(|| one.assert_holds()).is_err());
        fresh
    });
}
