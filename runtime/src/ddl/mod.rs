//! What a database is told of the models' declarations, and what it lacks for them.

pub mod lint;
pub mod mirror;
#[cfg(feature = "postgres")]
pub mod rls;
