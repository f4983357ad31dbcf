//! What a database is told of the models' declarations.

#[cfg(feature = "postgres")]
pub mod rls;
