//! Counters: bars and offices of one association, each held by groups.

use diesel::prelude::*;
use orgscope::key::UserId;
use orgscope::policy::Asked;
use orgscope::prelude::*;
use serde::Serialize;

diesel::table! {
    counters (id) {
        id -> Integer,
        name -> Text,
        kind -> Text,
        keeper_id -> Nullable<Integer>,
        owner_group_id -> Nullable<Integer>,
    }
}
diesel::table! { counter_edit_groups (counter_id, group_id) { counter_id -> Integer, group_id -> Integer } }
diesel::table! { counter_view_groups (counter_id, group_id) { counter_id -> Integer, group_id -> Integer } }

/// A counter. Who may view, edit and own it is a matter of groups, and of its keeper.
#[derive(Queryable, Selectable, Identifiable, OrgScoped, Serialize)]
#[diesel(table_name = counters)]
#[org_scoped(global, reason = "one association runs all counters")]
#[org_scoped(owner_group = owner_group_id, edit_groups = counter_edit_groups, view_groups = counter_view_groups)]
pub struct Counter {
    pub id: i32,
    pub name: String,
    pub kind: String,
    pub keeper_id: Option<i32>,
    pub owner_group_id: Option<i32>,
}

/// Another name for a counter.
#[derive(AsChangeset, OrgChangeset)]
#[diesel(table_name = counters)]
#[org_changeset(model = Counter)]
pub struct NewName {
    pub name: String,
}

impl ObjectPermissions for Counter {
    /// The keeper edits the counter.
    fn can_be_edited_by(asked: &Asked<'_>) -> Rows<Self> {
        match asked.user_id() {
            Some(UserId::Int(user)) => Rows::matching(counters::keeper_id.eq(*user)),
            _ => Rows::none(),
        }
    }

    /// Every subscriber who is asked for views the bars; offices are for groups.
    fn can_be_viewed_by(_: &Asked<'_>) -> Rows<Self> {
        Rows::matching(counters::kind.eq("bar"))
    }
}
