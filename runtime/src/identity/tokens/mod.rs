//! Bearer tokens: 256 random bits, shown once, stored as a digest.

mod issue;
mod manage;
mod text;
mod touch;

pub use issue::{InsertToken, TokenOptions, import_token, issue_token};
pub use manage::{
    ListTokens, TokenChange, TokenInfo, list_tokens, rename_token, revoke_token, revoke_tokens,
    rotate_token, rotate_token_in,
};
pub use text::{BearerToken, token_digest};
pub use touch::TouchToken;
