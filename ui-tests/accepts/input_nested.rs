// A row that is inserted along with the one that refers to it, with the keys of many others.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { tags (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { shelves (id) { id -> Text, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { shelf_tags (shelf_id, tag_id) { shelf_id -> Text, tag_id -> Integer } }
diesel::table! {
    books (id) { id -> Text, organization_id -> Integer, shelf_id -> Nullable<Text> }
}

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

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = books, belongs_to(Shelf))]
struct Book {
    id: String,
    organization_id: i32,
    shelf_id: Option<String>,
}

#[derive(OrgInput)]
#[diesel(table_name = shelves)]
#[org_input(model = Shelf)]
struct NewShelf {
    id: String,
    name: String,
    organization_id: Option<i32>,
    #[org_input(many)]
    tags: Vec<i32>,
}

#[derive(OrgInput)]
#[diesel(table_name = books)]
#[org_input(model = Book)]
struct NewBook {
    id: String,
    organization_id: i32,
    #[org_input(nested = shelf_id)]
    shelf: NewShelf,
}

/// The field has another name than the relation.
#[derive(OrgInput)]
#[diesel(table_name = books)]
#[org_input(model = Book)]
struct NewPlacedBook {
    #[org_input(nested = shelf_id, rename = "place")]
    stands_on: NewShelf,
    id: String,
    organization_id: i32,
}

fn add(books: Scoped<Book>, new: NewBook, conn: &mut SqliteConnection) -> Result<Book, Error> {
    books.insert(new).get_result(conn)
}

#[protected(manager)]
async fn create(
    books: Scoped<Book>,
    mut db: Db,
    new: Input<NewPlacedBook>,
) -> Result<String, ApiError> {
    Ok(books.insert(new).get_result(&mut db).await?.id)
}

fn main() {}
