//! How many statements a request takes, counted where they run.

#[cfg(feature = "__web")]
mod count {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    tokio::task_local! {
        static STATEMENTS: Count;
    }

    /// The statements of one request so far, wherever they run.
    #[derive(Clone, Default)]
    pub(crate) struct Count(Arc<AtomicU32>);

    impl Count {
        /// The one of the request that this runs for, if anybody wants to know.
        #[cfg(any(feature = "r2d2", feature = "deadpool-diesel"))]
        pub(crate) fn of_request() -> Option<Count> {
            STATEMENTS.try_with(Count::clone).ok()
        }

        /// What the thread does meanwhile counts here.
        #[cfg(any(feature = "r2d2", feature = "deadpool-diesel"))]
        pub(crate) fn within<T>(self, f: impl FnOnce() -> T) -> T {
            STATEMENTS.sync_scope(self, f)
        }

        pub(crate) fn number(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }
    }

    /// Runs what a request does, and counts.
    pub(crate) async fn counted<F: Future>(count: Count, request: F) -> F::Output {
        STATEMENTS.scope(count, request).await
    }

    /// Counts one.
    pub(crate) fn ran() {
        let _ = STATEMENTS.try_with(|Count(number)| number.fetch_add(1, Ordering::Relaxed));
    }
}

#[cfg(feature = "__web")]
pub(crate) use count::{Count, counted, ran};

/// Nobody asks without requests.
#[cfg(not(feature = "__web"))]
pub(crate) fn ran() {}
