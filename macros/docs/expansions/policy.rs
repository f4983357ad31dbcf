#[doc = " What every endpoint of the address management requires."]
pub struct IpamApi;
const _: () = {
    type __Of = policy::And<policy::Manager, policy::ModelPerms>;
    #[automatically_derived]
    impl policy::Policy for IpamApi {
        const NEEDS: policy::Needs = <__Of as policy::Policy>::NEEDS.throttle("ipam");
        #[inline]
        fn decide(question: &policy::Question<'_>) -> policy::Verdict {
            <__Of as policy::Policy>::decide(question)
        }
        fn explain(question: &policy::Question<'_>) -> policy::Explanation {
            <__Of as policy::Policy>::explain(question).named("IpamApi")
        }
        fn permissions(each: &mut dyn FnMut(policy::OwnPermission)) {
            <__Of as policy::Policy>::permissions(each)
        }
    }
};
