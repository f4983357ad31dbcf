//! Pools of connections.
//!
//! [`AnyPool`](crate::AnyPool) chooses the database by a URL. A service that has a pool of one database's connections already hands that to its
//! [`Tenancy`](crate::axum::Tenancy), and its handlers take `Db<ThatPool>`:
//!
//! | pool | feature | statements run |
//! | --- | --- | --- |
//! | `diesel_async::pooled_connection::deadpool::Pool<C>` | `async` | where the request is handled |
//! | `diesel_async::pooled_connection::bb8::Pool<C>` | `bb8` | where the request is handled |
//! | `diesel_async::pooled_connection::mobc::Pool<C>` | `mobc` | where the request is handled |
//! | `diesel::r2d2::Pool<ConnectionManager<C>>` | `r2d2` | on Tokio's threads for what blocks |
//! | `deadpool_diesel::Pool<deadpool_diesel::Manager<C>>` | `deadpool-diesel` | on Tokio's threads for what blocks |
//!
//! With diesel-async 0.9.2, mobc closes each connection after its use: its `validate` answers for broken connections what it should for good ones.
// The module of the frameworks is there with one of them.
#![cfg_attr(not(feature = "axum"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(feature = "bb8")]
mod bb8;
mod deadpool;
#[cfg(feature = "deadpool-diesel")]
mod deadpool_diesel;
mod leased;
#[cfg(feature = "mobc")]
mod mobc;
#[cfg(any(feature = "r2d2", feature = "deadpool-diesel"))]
mod offloaded;
#[cfg(feature = "r2d2")]
mod r2d2;

use futures_util::future::BoxFuture;

use crate::connection::{Answers, Asynchronous};
use crate::error::Error;
use crate::transaction::Transaction;

pub use leased::{Leased, Lent};
#[cfg(any(feature = "r2d2", feature = "deadpool-diesel"))]
pub use offloaded::{Offloaded, OnThread};
#[cfg(feature = "r2d2")]
pub use r2d2::Checkout;

/// Where connections come from.
pub trait Pool: Clone + Send + Sync + 'static {
    /// A connection that goes back to the pool when it is dropped.
    type Connection: Answers<Asynchronous> + Transaction<Asynchronous> + Send + 'static;

    /// Takes a connection.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is none to be had.
    fn connection(&self) -> BoxFuture<'_, Result<Self::Connection, Error>>;
}
