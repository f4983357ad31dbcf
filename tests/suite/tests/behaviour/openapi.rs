//! The documentation of an API says what the service does, on either framework.

use diesel::prelude::*;
use orgscope::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::Info;

diesel::table! { docs_shelves (id) { id -> BigInt, name -> Text, organization_id -> Nullable<Integer> } }
diesel::table! { docs_tags (id) { id -> Integer, organization_id -> Integer } }
diesel::table! { docs_books (id) {
    id -> Integer, title -> Text, pages -> Nullable<Integer>, kind -> Text, shelf_id -> BigInt,
} }
diesel::table! { docs_books_tags (book_id, tag_id) { book_id -> Integer, tag_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped, Serialize, ToSchema)]
#[diesel(table_name = docs_shelves)]
#[org_scoped(shared = read)]
struct Shelf {
    id: i64,
    name: String,
    organization_id: Option<i32>,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = docs_tags)]
struct Tag {
    id: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped, Serialize, ToSchema)]
#[diesel(table_name = docs_books)]
#[org_scoped(
    org_field = "shelf.organization",
    relation(model = Shelf, column = shelf_id),
    many(name = tags, model = Tag, through = docs_books_tags(book_id, tag_id))
)]
struct Book {
    id: i32,
    title: String,
    pages: Option<i32>,
    kind: String,
    shelf_id: i64,
}

#[derive(OrgInput)]
#[diesel(table_name = docs_shelves)]
#[org_input(model = Shelf)]
struct NewShelf {
    name: String,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = docs_books)]
#[org_input(model = Book)]
struct NewBook {
    title: String,
    pages: Option<i32>,
    kind: String,
    #[org_input(nested = shelf_id)]
    shelf: NewShelf,
    #[org_input(many)]
    tags: Vec<i32>,
}

#[derive(OrgChangeset)]
#[diesel(table_name = docs_books)]
#[org_changeset(model = Book)]
struct BookChanges {
    title: Option<String>,
    pages: Option<Option<i32>>,
}

#[derive(OrgFilter)]
#[diesel(table_name = docs_books)]
#[org_filter(
    model = Book,
    fields(organization, shelf, tags, pages(exact, range, isnull), title(icontains)),
    order = [title],
    search = [title],
    deny_unknown
)]
struct BookFilter;

/// The API, with the types of one framework.
macro_rules! api {
    ($framework:ident, $Json:path) => {
        mod $framework {
            use super::*;
            use orgscope::$framework::{Router, login};
            use $Json;

            /// The books.
            ///
            /// Those of the shelves that the caller manages.
            #[protected(manager)]
            async fn list_books(
                books: Scoped<Book>,
                Filtered(filters): Filtered<BookFilter>,
                paging: Paging,
                mut db: Db,
            ) -> Result<Json<Page<Book>>, ApiError> {
                let order = filters.order_or(docs_books::id);
                let page = books.filtered(filters).page(paging, order, &mut db);
                Ok(Json(page.await?))
            }

            #[protected(manager)]
            async fn create_book(
                books: Scoped<Book>,
                mut db: Db,
                input: Input<NewBook>,
            ) -> Result<NoContent, ApiError> {
                books.insert(input).execute(&mut db).await?;
                Ok(NoContent)
            }

            #[protected(member, write = manager, throttle = "changes")]
            async fn change_book(
                book: Object<Book>,
                books: Scoped<Book>,
                mut db: Db,
                changes: Input<BookChanges>,
            ) -> Result<NoContent, ApiError> {
                books.find(book.id).update(changes).execute(&mut db).await?;
                Ok(NoContent)
            }

            #[protected(member, authenticate = [bearer])]
            async fn books_of_shelf(
                _: Parent<Shelf>,
                books: Scoped<Book>,
                cursor: Cursor,
                mut db: Db,
            ) -> Result<Json<CursorPage<Book>>, ApiError> {
                let page = books.cursor_page(cursor, docs_books::id.asc(), &mut db);
                Ok(Json(page.await?))
            }

            #[protected(anyone)]
            async fn hello(caller: Option<Principal>) -> String {
                format!("hello, {:?}", caller.map(|caller| caller.user_id().clone()))
            }

            pub fn document() -> Value {
                let tenancy = Tenancy::new(orgscope::AnyPool::connect(":memory:", 1).unwrap())
                    .authenticator(orgscope::authenticate::Sessions);
                let router: Router<Tenancy> = Router::new()
                    .get("/books", list_books)
                    .post("/books", create_book)
                    .patch("/books/{id}", change_book)
                    .get("/hello", hello)
                    .under(
                        "/shelves/{shelf_id}",
                        Router::new().get("/books", books_of_shelf),
                    )
                    .merge(login::token_routes())
                    .merge(login::session_routes());
                let document = router.openapi(Info::new("Books", "1"), &tenancy);
                serde_json::to_value(document).unwrap()
            }
        }
    };
}

api!(axum, ::axum::Json);
api!(actix, actix_web::web::Json);

#[test]
fn both_frameworks_say_the_same() {
    assert_eq!(axum::document(), actix::document());
}

fn parameter<'a>(operation: &'a Value, name: &str) -> &'a Value {
    let parameters = operation["parameters"].as_array().unwrap();
    let found = parameters
        .iter()
        .find(|parameter| parameter["name"] == name);
    found.unwrap_or_else(|| panic!("{name} in {parameters:?}"))
}

fn statuses(operation: &Value) -> Vec<&str> {
    let responses = operation["responses"].as_object().unwrap();
    responses.keys().map(String::as_str).collect()
}

#[test]
fn parameters_come_from_filters_pages_and_paths() {
    let document = axum::document();
    let list = &document["paths"]["/books"]["get"];
    let schema = |name: &str| parameter(list, name)["schema"].clone();
    assert_eq!(
        schema("organization"),
        json!({"type": "integer", "format": "int32"})
    );
    assert_eq!(
        schema("shelf"),
        json!({"type": "integer", "format": "int64"})
    );
    assert_eq!(schema("tags")["type"], "array");
    assert_eq!(schema("pages__range")["minItems"], 2);
    assert_eq!(schema("pages__isnull"), json!({"type": "boolean"}));
    assert_eq!(schema("title"), json!({"type": "string"}));
    assert_eq!(
        schema("ordering")["items"]["enum"],
        json!(["title", "-title"])
    );
    assert_eq!(schema("page_size")["maximum"], 100);
    assert_eq!(parameter(list, "search")["required"], false);
    let children = &document["paths"]["/shelves/{shelf_id}/books"]["get"];
    let shelf = parameter(children, "shelf_id");
    assert_eq!(shelf["schema"]["format"], "int64");
    assert_eq!(shelf["in"], "path");
    assert_eq!(
        parameter(children, "cursor")["schema"],
        json!({"type": "string"})
    );
    let change = &document["paths"]["/books/{id}"]["patch"];
    assert_eq!(parameter(change, "id")["schema"]["format"], "int32");
}

#[test]
fn bodies_come_from_inputs() {
    let document = axum::document();
    let body = |path: &str, method: &str, kinds: usize| {
        let body = &document["paths"][path][method]["requestBody"];
        assert_eq!(body["content"].as_object().unwrap().len(), kinds);
        body["content"]["application/json"]["schema"].clone()
    };
    let whole = json!({"type": "integer", "format": "int32"});
    // What is nested has no place in a form.
    let created = body("/books", "post", 1);
    let mut required: Vec<_> = created["required"].as_array().unwrap().clone();
    required.sort_by_key(ToString::to_string);
    assert_eq!(required, ["kind", "shelf", "title"]);
    assert_eq!(created["additionalProperties"], false);
    let fields = &created["properties"];
    assert_eq!(fields["title"], json!({"type": "string"}));
    assert_eq!(fields["pages"], json!({"anyOf": [{"type": "null"}, whole]}));
    assert_eq!(fields["tags"], json!({"type": "array", "items": whole}));
    assert_eq!(fields["shelf"]["properties"]["organization"], whole);
    let changed = body("/books/{id}", "patch", 2);
    assert_eq!(changed.get("required"), None);
    assert_eq!(changed["properties"]["title"], json!({"type": "string"}));
    assert_eq!(
        changed["properties"]["pages"],
        json!({"anyOf": [{"type": "null"}, whole]})
    );
}

#[test]
fn answers_and_credentials_come_from_the_rule() {
    let document = axum::document();
    let operation = |path: &str, method: &str| document["paths"][path][method].clone();
    let list = operation("/books", "get");
    assert_eq!(statuses(&list), ["200", "400", "401", "403", "503"]);
    assert_eq!(list["summary"], "The books.");
    let words = "Those of the shelves that the caller manages.\n\nPolicy: `manager`. Rows of the organizations where the caller is manager.";
    assert_eq!(list["description"], words);
    assert_eq!(list["operationId"], "list_books");
    assert_eq!(list["security"], json!([{"bearer": []}, {"session": []}]));
    let page = &list["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(page["$ref"], "#/components/schemas/Page_Book");
    let schemas = &document["components"]["schemas"];
    let rows = &schemas["Page_Book"]["properties"]["results"]["items"];
    assert_eq!(rows["$ref"], "#/components/schemas/Book");
    assert_eq!(schemas["Book"]["properties"]["title"]["type"], "string");

    let change = operation("/books/{id}", "patch");
    // Whoever comes with a session shows where from.
    assert_eq!(parameter(&change, "X-CSRF-Token")["in"], "header");
    let all = [
        "204", "400", "401", "403", "404", "409", "413", "415", "429", "503",
    ];
    assert_eq!(statuses(&change), all);
    let missing = &change["responses"]["404"]["$ref"];
    assert_eq!(missing, "#/components/responses/Problem404");
    let missing = &document["components"]["responses"]["Problem404"]["content"];
    let missing = &missing["application/problem+json"]["schema"]["$ref"];
    assert_eq!(missing, "#/components/schemas/ProblemDetails");

    let children = operation("/shelves/{shelf_id}/books", "get");
    assert_eq!(children["security"], json!([{"bearer": []}]));
    assert_eq!(
        statuses(&children),
        ["200", "400", "401", "403", "404", "503"]
    );
    // Whoever has not logged in may ask, too.
    let anybody = json!([{"bearer": []}, {"session": []}, {}]);
    assert_eq!(operation("/hello", "get")["security"], anybody);
    let login = operation("/token", "post");
    assert_eq!(statuses(&login), ["200", "400", "413", "415", "429", "503"]);
    assert_eq!(login.get("security"), None);
    assert_eq!(
        statuses(&operation("/logout", "post")),
        ["204", "403", "503"]
    );
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        schemes["bearer"],
        json!({"type": "http", "scheme": "bearer"})
    );
    assert_eq!(schemes["session"]["in"], "cookie");
}
