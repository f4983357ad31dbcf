// A column that may be NULL has no place in an order of positions.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { builds (id) { id -> Integer, size -> Nullable<Integer>, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds)]
struct Build {
    id: i32,
    size: Option<i32>,
    organization_id: i32,
}

fn page(rows: Scoped<Build>, cursor: Cursor, conn: &mut SqliteConnection) -> Result<CursorPage<Build>, Error> {
    rows.cursor_page(cursor, (builds::size.desc(), builds::id.asc()), conn)
}

fn main() {
    let _ = page;
}
