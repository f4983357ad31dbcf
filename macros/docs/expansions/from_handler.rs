#[protected(manager & model_perms)]
async fn list_builds(builds: Scoped<Build>, paging: Paging, mut db: Db) -> Result<Json<Page<Build>>, ApiError> {
    Ok(Json(builds.page(paging, builds::id.desc(), &mut db).await?))
}
