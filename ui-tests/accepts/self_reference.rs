// A table that refers to itself by a nullable foreign key: a node belongs to the organization of its parent.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    nodes (id) { id -> Integer, parent_id -> Nullable<Integer>, organization_id -> Integer }
}

#[derive(Queryable, Selectable, Identifiable, Associations, OrgScoped)]
#[diesel(table_name = nodes, belongs_to(Node, foreign_key = parent_id))]
#[org_scoped(org_field = "parent.organization")]
struct Node {
    id: i32,
    parent_id: Option<i32>,
    organization_id: i32,
}

#[protected(member)]
async fn list(_nodes: Scoped<Node>) {}

/// Twice around, for this list only.
#[protected(member, org_field = "parent.parent.organization")]
async fn grandchildren(_nodes: Scoped<Node>) {}

fn main() {}
