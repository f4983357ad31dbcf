#[derive(OrgFilter)]
#[diesel(table_name = builds)]
#[org_filter(model = Build, fields(organization, category, version(exact, contains)), order = [version])]
pub struct BuildFilter;
