async fn list_builds(Guarded(builds, _): Guarded<list_builds_endpoint, Scoped<Build>>, paging: Paging, mut db: Db) -> Result<Json<Page<Build>>, ApiError> {
    Ok(Json(builds.page(paging, builds::id.desc(), &mut db).await?))
}
#[doc(hidden)]
#[allow(dead_code, non_camel_case_types)]
struct list_builds_endpoint {}
#[automatically_derived]
impl Endpoint for list_builds_endpoint {
    type Parent = ();
    const RULE: Rule = {
        use Undescribed as _;
        const __ACCESS: Access = Access::of::<policy::And<policy::Manager, policy::ModelPerms>>();
        const __MODELS: &[ModelAbout] = ModelAbout::checked(__ACCESS, &[Described::<Build>::MODEL.under(__ACCESS)]);
        const __DOCS: Docs = Docs::of("", &[Takes::<()>::DOC, Takes::<Paging>::DOC, Gives::<Result<Json<Page<Build>>, ApiError>>::DOC, Gives::<ApiError>::DOC]);
        Rule::new(__ACCESS, __MODELS, About::new("list_builds", (module_path!(), file!(), line!()), "manager & model_perms", __DOCS)).asking(Facts::MEMBERSHIPS)
    };
}
