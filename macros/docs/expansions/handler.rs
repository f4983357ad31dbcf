async fn list_builds(Guarded(builds, _): Guarded<__protected_list_builds, Scoped<Build>>, paging: Paging, mut db: Db) -> Result<Json<Page<Build>>, ApiError> {
    Ok(Json(builds.page(paging, builds::id.desc(), &mut db).await?))
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __protected_list_builds;
#[automatically_derived]
impl Endpoint for __protected_list_builds {
    type Parent = ();
    const RULE: Rule = {
        #[allow(unused_imports)]
        use NoModel as _;
        const __ACCESS: Access = Access::of::<policy::And<policy::Manager, policy::ModelPerms>>();
        const __MODELS: &[ModelAbout] = &[Described::<Build>::MODEL.under(__ACCESS)];
        const __PERMISSIONS: Option<(&'static str, &'static str)> = ModelAbout::permissions(__MODELS, __ACCESS);
        Rule {
            access: __ACCESS,
            facts: ModelAbout::facts(__MODELS, __ACCESS).and(Facts::MEMBERSHIPS),
            path: Option::None,
            rows: true,
            permissions: __PERMISSIONS,
            about: About {
                handler: "list_builds",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                policy: "manager & model_perms",
                models: __MODELS,
                unscoped: &[],
                org_field: Option::None,
                overrides: false,
            },
        }
    };
}
