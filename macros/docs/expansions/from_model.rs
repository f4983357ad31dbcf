#[derive(Queryable, Selectable, OrgScoped)]
#[diesel(table_name = builds, belongs_to(Category))]
#[org_scoped(org_field = "category.organization")]
pub struct Build {
    pub id: i32,
    pub version: String,
    pub category_id: i32,
}
