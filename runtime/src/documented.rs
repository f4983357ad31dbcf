//! What the documentation of an API is told about a handler: its own words, and a part for each of its argument types and for its answer.
//!
//! The macro names the types; which of them say something is decided here, and only with the feature `openapi`.

use std::marker::PhantomData;

use crate::about::Undescribed;

/// What one type says of the operations that it is an argument or the answer of; most say nothing.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    #[cfg(feature = "openapi")]
    pub(crate) document: fn(&mut crate::openapi::Operation),
}

impl Part {
    /// Nothing is said.
    pub const NONE: Part = Part {
        #[cfg(feature = "openapi")]
        document: |_| {},
    };
}

/// What is said of a handler: its doc comment, as written, and the parts of its types. Without the feature, nothing is kept.
#[derive(Clone, Copy, Debug)]
pub struct Docs {
    #[cfg(feature = "openapi")]
    pub(crate) text: &'static str,
    #[cfg(feature = "openapi")]
    pub(crate) parts: &'static [Part],
}

impl Docs {
    /// A doc comment, and the parts.
    #[allow(unused_variables)]
    pub const fn of(text: &'static str, parts: &'static [Part]) -> Docs {
        Docs {
            #[cfg(feature = "openapi")]
            text,
            #[cfg(feature = "openapi")]
            parts,
        }
    }
}

/// The type `T` as an argument. Its own constant, for a type that documents itself, comes before that of [`Undescribed`].
#[derive(Debug)]
pub struct Takes<T>(PhantomData<fn() -> T>);

/// The type `T` as an answer. As [`Takes`].
#[derive(Debug)]
pub struct Gives<T>(PhantomData<fn() -> T>);

impl<T> Undescribed for Takes<T> {}
impl<T> Undescribed for Gives<T> {}

#[cfg(feature = "openapi")]
impl<T: crate::openapi::Argument> Takes<T> {
    /// What the type says.
    pub const DOC: Part = Part {
        document: T::document,
    };
}

#[cfg(feature = "openapi")]
impl<F: crate::filter::OrgFilter> Takes<F> {
    /// What the type says of the filters in a query string.
    pub const FILTERS: Part = Takes::<crate::web::Filtered<F>>::DOC;
}

#[cfg(feature = "openapi")]
impl<T: crate::openapi::Answer> Gives<T> {
    /// What the type says.
    pub const DOC: Part = Part {
        document: T::document,
    };
}
