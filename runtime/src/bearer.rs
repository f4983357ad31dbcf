//! The `Authorization: Bearer …` header.

/// What an `Authorization` header says to an authenticator of the scheme `Bearer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// Nothing: there is no header, or it is of another scheme.
    Nothing,
    /// This token. Whether it is known, the store says.
    Token(&'a str),
    /// A credential that cannot be one; final, no other scheme is tried.
    Malformed(Malformed),
}

/// Why a header of the scheme holds no token. The public answer is that of an unknown token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Nothing follows the scheme.
    NoCredentials,
    /// More than one part follows.
    ContainsSpaces,
    /// The part that follows is not UTF-8.
    InvalidCharacters,
}

/// Reads the value of an `Authorization` header: the scheme in any case, then exactly one part, separated by runs of the
/// six ASCII whitespace bytes.
///
/// ```
/// use orgscope::bearer::{read, Presented};
/// assert_eq!(read(b"bearer \t abc"), Presented::Token("abc"));
/// assert_eq!(read(b"Basic abc"), Presented::Nothing);
/// ```
pub fn read(header: &[u8]) -> Presented<'_> {
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    let mut parts = header.split(is_space).filter(|part| !part.is_empty());
    match parts.next() {
        Some(scheme) if scheme.eq_ignore_ascii_case(b"Bearer") => {}
        _ => return Presented::Nothing,
    }
    match (parts.next(), parts.next()) {
        (None, _) => Presented::Malformed(Malformed::NoCredentials),
        (Some(_), Some(_)) => Presented::Malformed(Malformed::ContainsSpaces),
        (Some(part), None) => match std::str::from_utf8(part) {
            Ok(token) => Presented::Token(token),
            Err(_) => Presented::Malformed(Malformed::InvalidCharacters),
        },
    }
}
