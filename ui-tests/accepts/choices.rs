// What a form may offer: for a relation, for one with many rows, and for the organization; of inputs and of changes.
use diesel::prelude::*;
use orgscope::prelude::*;
use orgscope::write::Writes;

diesel::table! { organizations (id) { id -> Integer, name -> Text } }
diesel::table! { tags (id) { id -> Integer, organization_id -> Nullable<Integer> } }
diesel::table! { shelves (id) { id -> Text, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { shelf_tags (shelf_id, tag_id) { shelf_id -> Text, tag_id -> Integer } }
diesel::table! {
    books (id) { id -> Text, organization_id -> Integer, shelf_id -> Nullable<Text> }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = organizations)]
#[org_scoped(relation(name = organization, column = id))]
struct Organization {
    id: i32,
    name: String,
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
#[org_input(model = Book, include_shared)]
struct NewBook {
    id: String,
    organization_id: i32,
    shelf_id: Option<String>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = books)]
#[org_changeset(model = Book)]
struct BookChanges {
    shelf_id: Option<Option<String>>,
}

fn of_a_relation(books: &Scoped<Book>, conn: &mut SqliteConnection) -> Result<Vec<Shelf>, Error> {
    let shelves = NewBook::choices::<Shelf, _>(books, |book| book.shelf())?;
    shelves.order(shelves::name).limit(20).load(conn)
}

fn of_changes(books: &Scoped<Book>, conn: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let shelves = BookChanges::choices::<Shelf, _>(books, |book| book.shelf())?;
    shelves.select(shelves::name).load(conn)
}

fn of_many(shelves: &Scoped<Shelf>, conn: &mut SqliteConnection) -> Result<Vec<Tag>, Error> {
    NewShelf::choices::<Tag, _>(shelves, |shelf| shelf.tags())?.load(conn)
}

fn of_the_organization(
    books: &Scoped<Book>,
    conn: &mut SqliteConnection,
) -> Result<Vec<String>, Error> {
    let organizations = NewBook::choices::<Organization, _>(books, |book| book.organization())?;
    organizations.select(organizations::name).load(conn)
}

#[protected(manager)]
async fn offer(books: Scoped<Book>, mut db: Db) -> Result<String, ApiError> {
    let shelves = NewBook::choices::<Shelf, _>(&books, |book| book.shelf())?;
    Ok(shelves.count(&mut db).await?.to_string())
}

fn main() {}
