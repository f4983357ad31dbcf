//! The methods of a router that are named after those of HTTP, once for all frameworks.

/// `get` to `delete`, for what the framework takes as a method.
macro_rules! verbs {
    ($($name:ident $method:expr, $says:literal;)*) => {$(
        #[doc = concat!("Answers ", $says, " at the path.")]
        pub fn $name<H, T>(self, path: &str, handler: H) -> Self
        where
            H: Handles<T, S, Parent: SameParent<P>>,
        {
            self.on($method, path, handler)
        }
    )*};
}

pub(crate) use verbs;
