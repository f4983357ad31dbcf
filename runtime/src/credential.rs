//! The `Authorization: SCHEME …` header.

/// What an `Authorization` header says to the authenticator of a scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presented<'a> {
    /// Nothing: there is no header, or it is of another scheme.
    Nothing,
    /// This token. Whether it is known, the store says.
    Token(&'a str),
    /// A credential that cannot be one; final, no other scheme is tried.
    Malformed(Malformed),
}

impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Presented::Nothing => f.write_str("Nothing"),
            Presented::Token(_) => f.write_str("Token(…)"),
            Presented::Malformed(malformed) => write!(f, "Malformed({malformed:?})"),
        }
    }
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
/// use orgscope::credential::{read, Presented};
/// assert_eq!(read("Bearer", b"bearer \t abc"), Presented::Token("abc"));
/// assert_eq!(read("Bearer", b"Basic abc"), Presented::Nothing);
/// ```
pub fn read<'a>(scheme: &str, header: &'a [u8]) -> Presented<'a> {
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    let mut parts = header.split(is_space).filter(|part| !part.is_empty());
    match parts.next() {
        Some(word) if word.eq_ignore_ascii_case(scheme.as_bytes()) => {}
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
