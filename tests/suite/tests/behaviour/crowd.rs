//! 64 callers of as many organizations at once: every answer is of the own one.

use std::sync::Arc;

use orgscope::identity::{
    NewOrganization, NewUser, TokenOptions, add_membership, add_organization, add_user, issue_token,
};
use orgscope::prelude::*;
use orgscope_suite::databases::{Fresh, on_each};
use serde_json::json;

use crate::parcels::{TABLES, ask, parcel, serve, stored};
use crate::support::*;

const CALLERS: i32 = 64;
const ROUNDS: i32 = 12;

/// An organization with a stamp, and its manager's token.
async fn organization(number: i32, fresh: &Fresh) -> (i32, String) {
    let id = 1_000 + number;
    let conn = &mut connection(fresh).await;
    let name = format!("organization-{id}");
    let organization = NewOrganization {
        id,
        slug: name.clone(),
        name: name.clone(),
        is_active: true,
    };
    add_organization(organization, conn).await.unwrap();
    let user = NewUser {
        id,
        username: name,
        is_active: true,
        is_superuser: false,
    };
    add_user(user, conn).await.unwrap();
    add_membership(id, id, Role::Manager, conn).await.unwrap();
    let token = issue_token(id, TokenOptions::default(), conn)
        .await
        .unwrap();
    (id, token.reveal().to_owned())
}

#[test]
fn every_answer_is_of_the_callers_own_organization() {
    on_each(async |fresh| {
        seed(&fresh).await;
        fresh.batch(TABLES).await;
        let http = Arc::new(serve(&fresh, 8).await);
        let mut callers = Vec::new();
        for number in 0..CALLERS {
            let (id, token) = organization(number, &fresh).await;
            fresh
                .batch(&format!("INSERT INTO stamps VALUES ({id}, {id})"))
                .await;
            callers.push((id, token));
        }
        let tasks = callers.into_iter().map(|(own, token)| {
            let http = http.clone();
            tokio::spawn(async move {
                let next = if own == 1_000 + CALLERS - 1 {
                    1_000
                } else {
                    own + 1
                };
                let first = 1_000 * own;
                for round in 0..ROUNDS {
                    let id = first + round;
                    let path = format!("/parcels/{id}");
                    let made = ask(
                        &http,
                        "POST",
                        "/parcels",
                        &token,
                        &parcel(id, "new", own, &[own]),
                    )
                    .await;
                    assert_eq!(
                        (made.status, &made.body["organization_id"]),
                        (201, &json!(own)),
                        "{made:?}"
                    );
                    // The neighbour's organization, and the neighbour's stamp.
                    for body in [
                        parcel(-id, "no", next, &[]),
                        parcel(-id, "no", own, &[next]),
                    ] {
                        let refused = ask(&http, "POST", "/parcels", &token, &body).await;
                        assert_eq!(refused.status, 400, "{refused:?}");
                    }
                    let foreign = format!("/parcels/{}", 1_000 * next + round);
                    for (method, body) in [
                        ("GET", ""),
                        ("PATCH", r#"{"name": "taken"}"#),
                        ("DELETE", ""),
                    ] {
                        let refused = ask(&http, method, &foreign, &token, body).await;
                        assert_eq!(refused.status, 404, "{method} {refused:?}");
                    }
                    let changed =
                        ask(&http, "PATCH", &path, &token, r#"{"name": "changed"}"#).await;
                    assert_eq!(
                        (changed.status, &changed.body["name"]),
                        (200, &json!("changed")),
                        "{changed:?}"
                    );
                    for list in ["/parcels", "/stamps"] {
                        let listed = ask(&http, "GET", list, &token, "").await;
                        let rows = listed.body.as_array().expect("a list");
                        assert!(
                            rows.iter().all(|row| row["organization_id"] == own),
                            "{listed:?}"
                        );
                        let expected = if list == "/stamps" {
                            1
                        } else {
                            (round + 1 - round / 3) as usize
                        };
                        assert_eq!(rows.len(), expected, "{list} {round} {listed:?}");
                    }
                    if round % 3 == 2 {
                        assert_eq!(ask(&http, "DELETE", &path, &token, "").await.status, 204);
                    }
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let stored = stored(&fresh).await;
        assert_eq!(stored.len() as i32, CALLERS * (ROUNDS - ROUNDS / 3));
        assert!(
            stored
                .values()
                .all(|(name, stamps)| name == "changed" && *stamps == 1),
            "{stored:?}"
        );
        fresh
    });
}
