// A column without a direction.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { builds (id) { id -> Integer, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds)]
struct Build {
    id: i32,
    organization_id: i32,
}

fn page(rows: Scoped<Build>, cursor: Cursor, conn: &mut SqliteConnection) -> Result<CursorPage<Build>, Error> {
    rows.cursor_page(cursor, builds::id, conn)
}

fn main() {
    let _ = page;
}
