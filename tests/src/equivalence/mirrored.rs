//! Rows that repeat the organization of what they refer to.

use diesel::prelude::*;
use orgscope::connection::Asynchronous;
use orgscope::ddl::rls::policies;
use orgscope::prelude::*;

use super::models::{Missing, Model, NEW, Required, decided, undone};

diesel::table! {
    mirrored (id) { id -> Integer, parent_id -> Integer, organization_id -> Nullable<Integer> }
}

#[allow(dead_code)]
#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = mirrored)]
#[org_scoped(
    relation(model = Required, column = parent_id),
    shared = none,
    mirrors = "parent.organization"
)]
pub struct Mirrored {
    pub id: i32,
    pub parent_id: i32,
    pub organization_id: Option<i32>,
}

/// Takes the organization.
#[derive(OrgInput)]
#[diesel(table_name = mirrored)]
#[org_input(model = Mirrored)]
pub struct NewMirrored {
    id: i32,
    parent_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = mirrored)]
#[org_changeset(model = Mirrored)]
pub struct MirroredChanges {
    parent_id: Option<i32>,
    organization_id: Option<Option<i32>>,
}

impl Mirrored {
    pub const MODEL: Model = Model {
        name: "Mirrored",
        table: "mirrored",
        above: Some("required"),
        hops: 1,
        missing: Missing::Never,
        is_nullable: false,
        walls: || policies::<Mirrored>().expect("no circle"),
        has_groups: false,
        mirrors: true,
        list: |access, caller, conn| {
            let rows = Scope::<Mirrored>::with_access(access, caller);
            rows.select(mirrored::id).order(mirrored::id).load(conn)
        },
        all: |conn| {
            let everybody = Principal::new(0, true, []);
            let rows = Scope::<Mirrored>::new::<policy::Anyone>(&everybody);
            rows.select(mirrored::id).order(mirrored::id).load(conn)
        },
        get: |access, caller, id, conn| {
            let got = Scope::<Mirrored>::with_access(access, caller).get(id, conn);
            Box::pin(async move { decided(got.await.map(|_| true)) })
        },
        delete: |access, caller, id, conn| {
            let rows = Scope::<Mirrored>::with_access(access, caller).find(id);
            let rows = rows.delete();
            Box::pin(undone(conn, |conn| {
                Box::pin(rows.execute::<_, Asynchronous>(conn))
            }))
        },
        insert: |access, caller, key, conn| {
            let new = NewMirrored {
                id: NEW,
                parent_id: key.unwrap_or_default(),
            };
            let rows = Scope::<Mirrored>::with_access(access, caller).insert(new);
            Box::pin(undone(conn, |conn| {
                Box::pin(rows.execute::<_, Asynchronous>(conn))
            }))
        },
        change: |access, caller, id, key, conn| {
            let rows = Scope::<Mirrored>::with_access(access, caller).find(id);
            Box::pin(async move {
                let parent_id = key.unwrap_or_default();
                // A row that moves says where to.
                let everybody = Principal::new(0, true, []);
                let parent = Scope::<Required>::new::<policy::Anyone>(&everybody);
                let parent = parent.get_optional(parent_id, conn).await?;
                let changes = MirroredChanges {
                    parent_id: Some(parent_id),
                    organization_id: Some(parent.map(|parent| parent.organization_id)),
                };
                let rows = rows.update(changes);
                undone(conn, |conn| Box::pin(rows.execute::<_, Asynchronous>(conn))).await
            })
        },
    };
}
