// The order of a page by cursor does not end with the primary key: two rows could have one position.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! { builds (id) { id -> Integer, version -> Text, organization_id -> Integer } }

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds)]
struct Build {
    id: i32,
    version: String,
    organization_id: i32,
}

fn page(rows: Scoped<Build>, cursor: Cursor, conn: &mut SqliteConnection) -> Result<CursorPage<Build>, Error> {
    rows.cursor_page(cursor, builds::version.desc(), conn)
}

fn main() {
    let _ = page;
}
