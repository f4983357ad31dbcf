// The keys of a relation with many rows: in new rows, in changes that may leave them, and in changes that replace them.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { tags (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { shelves (id) { id -> Text, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { shelf_tags (shelf_id, tag_id) { shelf_id -> Text, tag_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = tags)]
#[org_scoped(shared = read)]
struct Tag {
    id: i32,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = shelves)]
#[org_scoped(shared = read, many(name = tags, model = Tag, through = shelf_tags(shelf_id, tag_id)))]
struct Shelf {
    id: String,
    name: String,
    organization_id: Option<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = shelves)]
#[org_input(model = Shelf, include_shared = [tags])]
struct NewShelf {
    id: String,
    name: String,
    organization_id: Option<i32>,
    #[org_input(many)]
    tags: Vec<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = shelves)]
#[org_changeset(model = Shelf, cross_org = tags)]
struct ShelfChanges {
    name: Option<String>,
    #[org_changeset(many, rename = "labels")]
    tags: Option<Vec<i32>>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = shelves)]
#[org_changeset(model = Shelf)]
struct ShelfTags {
    #[org_changeset(many)]
    tags: std::vec::Vec<i32>,
}

fn add(shelves: Scoped<Shelf>, new: NewShelf, conn: &mut SqliteConnection) -> Result<Shelf, Error> {
    shelves.insert(new).get_result(conn)
}

fn change(
    shelves: Scoped<Shelf>,
    changes: ShelfChanges,
    conn: &mut SqliteConnection,
) -> Result<Shelf, Error> {
    shelves.find("a").update(changes).get_result(conn)
}

fn main() {}
