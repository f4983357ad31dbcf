// A foreign key to a model with a primary key of two columns: which of them it refers to is not said.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { shelves (room, number) { room -> Integer, number -> Integer, organization_id -> Integer } }
diesel::table! { books (id) { id -> Integer, shelf_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = shelves, primary_key(room, number))]
struct Shelf {
    room: i32,
    number: i32,
    organization_id: i32,
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = books, belongs_to(Shelf))]
#[org_scoped(org_field = "shelf.organization")]
struct Book {
    id: i32,
    shelf_id: i32,
}

fn main() {}
