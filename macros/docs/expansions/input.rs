const _: () = {
    #[automatically_derived]
    impl Writes for NewBuild {
        type Model = Build;
        type Values = (SetTo<builds::version, String>, (SetTo<builds::category_id, i32>, ()));
        const OPTIONS: Options = Options { shared: Shared::None, cross_org: &[], ignored: &[], names: &[] };
        const IS_SEVERAL: bool = false;
        #[allow(clippy::unused_unit)]
        fn values(self) -> Self::Values {
            (Set::value(self.version), (Set::value(self.category_id), ()))
        }
        #[allow(unused_variables, clippy::match_single_binding, clippy::unused_unit)]
        fn read(__orgscope: &mut Fields<'_>) -> Result<Self, Self::Values> {
            let __orgscope_version = __orgscope.required::<String>(<builds::version as Column>::NAME);
            let __orgscope_category_id = __orgscope.required::<i32>(<builds::category_id as Column>::NAME);
            match (__orgscope_version, (__orgscope_category_id, ())) {
                (Option::Some(__orgscope_version), (Option::Some(__orgscope_category_id), ())) => {
                    Result::Ok(Self { version: __orgscope_version, category_id: __orgscope_category_id })
                }
                #[allow(unreachable_patterns)]
                (__orgscope_version, (__orgscope_category_id, ())) => Result::Err((Set::maybe(__orgscope_version), (Set::maybe(__orgscope_category_id), ()))),
            }
        }
    }
    #[automatically_derived]
    impl OrgInput for NewBuild {}
    const _: () = assert!(
        says_what_is::<NewBuild>(<builds::category_id as Column>::NAME),
        "`category_id` looks like a foreign key, but the model does not say to what: declare the relation there (`#[diesel(belongs_to(…))]`, `#[org_scoped(relation(…))]`), or say here that it is none: `plain` [org78]"
    );
};
