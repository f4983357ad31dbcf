#[derive(OrgInput)]
#[diesel(table_name = builds)]
#[org_input(model = Build)]
pub struct NewBuild {
    pub version: String,
    pub category_id: i32,
}
