// A field with the name of the generated function's own argument.
use diesel::prelude::*;
use orgscope::prelude::*;

diesel::table! {
    forms (id) { id -> Integer, fields -> Text, value -> Text, organization_id -> Integer }
}

#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = forms)]
struct Form {
    id: i32,
    organization_id: i32,
}

#[derive(OrgInput)]
#[diesel(table_name = forms)]
#[org_input(model = Form)]
struct NewForm {
    fields: String,
    value: String,
    organization_id: i32,
}

#[derive(OrgChangeset)]
#[diesel(table_name = forms)]
#[org_changeset(model = Form)]
struct FormChanges {
    fields: Option<String>,
    value: Option<String>,
}

fn main() {}
