#[automatically_derived]
impl OrgFilter for BuildFilter {
    type Model = Build;
    const PARAMETERS: &'static [Parameter] = &[
        Parameter {
            name: "organization",
            by: {
                const __BY: By = By::Organization;
                __BY
            },
        },
        Parameter {
            name: "category",
            by: {
                const __BY: By = {
                    #[allow(non_upper_case_globals, dead_code)]
                    const category: NoColumn = NoColumn;
                    by::<BuildFilter, _>(
                        "category",
                        {
                            #[allow(unused_imports)]
                            use builds::columns::*;
                            &category
                        },
                        &[],
                        "the model has neither a relation nor a column `category` [org79]",
                    )
                };
                __BY
            },
        },
        Parameter {
            name: "version",
            by: {
                const __BY: By = {
                    #[allow(non_upper_case_globals, dead_code)]
                    const version: NoColumn = NoColumn;
                    by::<BuildFilter, _>(
                        "version",
                        {
                            #[allow(unused_imports)]
                            use builds::columns::*;
                            &version
                        },
                        &[Lookup::Exact, Lookup::Contains],
                        "the model has neither a relation nor a column `version` [org79]",
                    )
                };
                __BY
            },
        },
    ];
    const ORDER: &'static [(&'static str, &'static str)] = &[("version", column_name(builds::version))];
    const SEARCH: &'static [&'static str] = &[];
    const DENY_UNKNOWN: bool = false;
}
