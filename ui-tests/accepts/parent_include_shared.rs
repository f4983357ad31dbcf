// Parents: shared ones as well, by another path, behind other arguments, and on every method.
use diesel::prelude::*;
use orgscope::axum::{IncludeShared, Router};
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
#[diesel(table_name = books)]
#[org_input(model = Book)]
struct NewBook {
    id: String,
    organization_id: i32,
}

#[protected(member)]
async fn list(
    shelf: Parent<Shelf, IncludeShared>,
    books: Scoped<Book>,
    mut db: Db,
) -> Result<String, ApiError> {
    let count = books.count(&mut db).await?;
    Ok(format!("{}: {count}", shelf.name))
}

#[protected(manager)]
async fn create(
    books: Scoped<Book>,
    _: orgscope::axum::Parent<self::Shelf, orgscope::axum::IncludeShared>,
    mut db: Db,
    new: Input<NewBook>,
) -> Result<String, ApiError> {
    Ok(books.insert(new).get_result(&mut db).await?.id)
}

#[protected(manager)]
async fn show(book: Object<Book>, _shelf: Parent<Shelf, IncludeShared>) -> String {
    book.id.clone()
}

#[protected(owner)]
async fn name(shelf: Parent<Shelf>) -> String {
    shelf.name.clone()
}

fn router() -> Router<Tenancy> {
    let books = Router::new()
        .get("/", list)
        .post("/", create)
        .get("/{id}", show);
    Router::new()
        .under("/shelves/{shelf_id}/books", books)
        .under("/shelves/{shelf_id}", Router::new().get("/name", name))
}

fn main() {}
