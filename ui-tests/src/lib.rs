//! Cases only: see `ours/` (errors in our words), `rustc/` (errors in the compiler's) and `accepts/`.
