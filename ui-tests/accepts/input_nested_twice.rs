// A nested input within a nested input.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { tags (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { shelves (id) { id -> Text, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { shelf_tags (shelf_id, tag_id) { shelf_id -> Text, tag_id -> Integer } }
diesel::table! {
    books (id) { id -> Text, organization_id -> Integer, shelf_id -> Nullable<Text> }
}
diesel::table! { libraries (id) { id -> Integer, book_id -> Text } }

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

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = libraries, belongs_to(Book))]
#[org_scoped(org_field = "book.organization")]
struct Library {
    id: i32,
    book_id: String,
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

#[derive(OrgInput)]
#[diesel(table_name = libraries)]
#[org_input(model = Library)]
struct NewLibrary {
    id: i32,
    #[org_input(nested = book_id)]
    book: NewBook,
}

fn add(
    libraries: Scoped<Library>,
    new: NewLibrary,
    conn: &mut SqliteConnection,
) -> Result<Library, Error> {
    libraries.insert(new).get_result(conn)
}

#[protected(manager)]
async fn create(
    libraries: Scoped<Library>,
    mut db: Db,
    new: Input<NewLibrary>,
) -> Result<String, ApiError> {
    Ok(libraries
        .insert(new)
        .get_result(&mut db)
        .await?
        .id
        .to_string())
}

fn main() {}
