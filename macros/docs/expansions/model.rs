const _: () = {
    #[doc(hidden)]
    pub struct BuildRelations<P>(PhantomData<fn() -> P>);
    #[automatically_derived]
    impl<P> Default for BuildRelations<P> {
        fn default() -> Self {
            BuildRelations(PhantomData)
        }
    }
    #[automatically_derived]
    impl<P> Segment for BuildRelations<P> {
        type Prefix = P;
    }
    #[allow(dead_code)]
    impl<P> BuildRelations<P> {
        pub fn category(self) -> <Category as OrgScoped>::Paths<Via<P, builds::category_id, Category, <<Category as OrgScoped>::Table as Table>::PrimaryKey>> {
            Default::default()
        }
    }
    type __OrgKey = <Category as OrgScoped>::OrgKey;
    #[automatically_derived]
    impl OrgScoped for Build {
        type Table = builds::table;
        type OrgKey = __OrgKey;
        type Paths<P> = BuildRelations<P>;
        const SOURCE: &'static Self::Table = &builds::table;
        const PATH: Path = path::<Self, _>(|| <Self as OrgScoped>::paths().category().organization());
        const NAME: &'static str = "Build";
        const PERMISSIONS: (&'static str, &'static str) = ("orgscope-macros", "build");
        const ORG_FIELD: &'static str = "category.organization";
        const OBJECTS: Objects<Self> = {
            #[allow(unused_imports)]
            use Undeclared as _;
            Objects::NONE.rules(Declared::<Build>::RULES)
        };
        const RELATIONS: &'static [Relation] =
            &[Relation::one::<Category, <<Category as OrgScoped>::Table as Table>::PrimaryKey>("category", <builds::category_id as Column>::NAME, {
                #[allow(unused_imports)]
                use NoKeyText as _;
                KeyText::<<<<Category as OrgScoped>::Table as Table>::PrimaryKey as Expression>::SqlType>::PARSE
            })];
        const DEPENDENTS: &'static [Dependent] = &[];
    }
    #[automatically_derived]
    impl ForKey<__OrgKey> for Build {
        fn grant(grant: Arc<Grant<__OrgKey>>) -> Arc<Grant<__OrgKey>> {
            grant
        }
    }
    #[automatically_derived]
    impl Keyed for Build {
        type Key = i32;
        fn key(&self) -> Self::Key {
            Clone::clone(&self.id)
        }
    }
};
