//! Passwords: hashed with Argon2id, and verified as Django has stored them for years (PBKDF2, Argon2, bcrypt, scrypt), so that users can
//! be taken over with their passwords. A hash is written as Django writes it: `argon2$argon2id$v=19$m=…`.
//!
//! Hashing is slow on purpose: in a service, it belongs on a blocking thread.

use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::error::Error;
use crate::field_errors::{FieldErrors, codes};
use crate::hex;

/// What a password is to a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another one, or nobody can log in with a password there.
    Wrong,
    /// The one.
    Right,
    /// The one, and it should be [hashed](hash) again, as passwords are hashed today.
    RightButOld,
}

/// What Django writes before the text of an Argon2 hash.
const ARGON2: &str = "argon2$";

/// The longest password that is looked at, in bytes, as for Django: hashing time is for the server to spend, not for the client.
const LONGEST: usize = 4096;

/// Hashes a password.
///
/// # Errors
/// [`Error::Invalid`] for a password of more than 4096 bytes; [`Error::Unavailable`] when the operating system has no randomness or no
/// memory for it.
///
/// ```
/// use orgscope::password::{Verdict, hash, verify};
/// let stored = hash("correct horse").unwrap();
/// assert_eq!(verify("correct horse", &stored), Verdict::Right);
/// assert_eq!(verify("battery staple", &stored), Verdict::Wrong);
/// ```
pub fn hash(password: &str) -> Result<String, Error> {
    if password.len() > LONGEST {
        return Err(FieldErrors::one("password", codes::INVALID).into());
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(Error::unavailable)?;
    let hash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::Unavailable(error.to_string().into()))?;
    Ok(format!("{ARGON2}{hash}").replacen("$$", "$", 1))
}

/// Verifies a password against a stored hash. What cannot be read is a hash that no password has.
pub fn verify(password: &str, stored: &str) -> Verdict {
    if password.len() > LONGEST {
        return Verdict::Wrong;
    }
    let (algorithm, rest) = stored.split_once('$').unwrap_or((stored, ""));
    let right = match algorithm {
        "argon2" => return argon2(password, rest),
        "pbkdf2_sha256" => pbkdf2(password, rest),
        "bcrypt_sha256" => {
            // bcrypt reads 72 bytes; Django hashes first, in hexadecimal digits.
            let digest = Sha256::digest(password.as_bytes());
            bcrypt::verify(hex::encode(&digest), rest).ok()
        }
        "bcrypt" => bcrypt::verify(password, rest).ok(),
        "scrypt" => scrypt(password, rest),
        _ => None,
    };
    match right {
        Some(true) => Verdict::RightButOld,
        Some(false) => Verdict::Wrong,
        None => {
            pretend_to_verify(password);
            Verdict::Wrong
        }
    }
}

/// Takes as long as verifying a password that is hashed as passwords are hashed today: for users that do not exist, or have none.
pub fn pretend_to_verify(password: &str) {
    if password.len() <= LONGEST {
        let mut out = [0; 32];
        // What comes of it is of no interest.
        let _ = Argon2::default().hash_password_into(password.as_bytes(), &[0; 16], &mut out);
    }
}

fn argon2(password: &str, text: &str) -> Verdict {
    let Ok(hash) = PasswordHash::new(&format!("${text}")) else {
        return Verdict::Wrong;
    };
    let verified = Argon2::default().verify_password(password.as_bytes(), &hash);
    let today = argon2::Params::default();
    let params = argon2::Params::try_from(&hash).ok();
    let is_today = params.is_some_and(|params| {
        hash.algorithm.as_str() == "argon2id"
            && params.m_cost() >= today.m_cost()
            && params.t_cost() >= today.t_cost()
    });
    match (verified, is_today) {
        (Err(_), _) => Verdict::Wrong,
        (Ok(()), true) => Verdict::Right,
        (Ok(()), false) => Verdict::RightButOld,
    }
}

/// `iterations$salt$hash`
fn pbkdf2(password: &str, text: &str) -> Option<bool> {
    let mut parts = text.split('$');
    let (iterations, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut out = [0; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(
        password.as_bytes(),
        salt.as_bytes(),
        iterations.parse().ok()?,
        &mut out,
    );
    Some(is_same(&out, hash))
}

/// `n$salt$r$p$hash`
fn scrypt(password: &str, text: &str) -> Option<bool> {
    let mut parts = text.split('$');
    let (n, salt) = (parts.next()?.parse::<u64>().ok()?, parts.next()?);
    let (r, p) = (
        parts.next()?.parse::<u32>().ok()?,
        parts.next()?.parse::<u32>().ok()?,
    );
    let hash = parts.next()?;
    let params = scrypt_params(n, r, p)?;
    let mut out = [0; 64];
    scrypt::scrypt(password.as_bytes(), salt.as_bytes(), &params, &mut out).ok()?;
    Some(is_same(&out, hash))
}

/// The parameters of a stored hash, unless it would cost too much to look at.
fn scrypt_params(n: u64, r: u32, p: u32) -> Option<scrypt::Params> {
    // In bytes of memory.
    const MOST: u64 = 1 << 28;
    let cost = n.checked_mul(128)?.checked_mul(u64::from(r))?;
    if !n.is_power_of_two() || cost > MOST || p > 64 {
        return None;
    }
    scrypt::Params::new(u8::try_from(n.ilog2()).ok()?, r, p).ok()
}

/// Whether this is the hash that is written in base64. Takes as long for a wrong one.
fn is_same(hash: &[u8], text: &str) -> bool {
    STANDARD
        .decode(text)
        .is_ok_and(|stored| stored.ct_eq(hash).into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_no_hash() {
        for stored in [
            "",
            "!",
            "argon2$",
            "argon2$argon2id$v=19$m=1",
            "pbkdf2_sha256$x$salt$hash",
            "pbkdf2_sha256$1$salt",
            "bcrypt$",
            "bcrypt_sha256$$2b$12$short",
            "md5$salt$hash",
            "scrypt$3$salt$8$1$aaaa",
            "scrypt$18446744073709551615$s$8$1$aaaa",
            "plain",
        ] {
            assert_eq!(verify("secret", stored), Verdict::Wrong, "{stored}");
        }
        assert_eq!(
            verify(&"x".repeat(5_000), &hash("x").unwrap()),
            Verdict::Wrong
        );
    }

    #[test]
    fn passwords_end_where_they_end() {
        let longest = "x".repeat(LONGEST);
        assert_eq!(verify(&longest, &hash(&longest).unwrap()), Verdict::Right);
        // Its hash alone would be right for a password of any length.
        let longer = "x".repeat(LONGEST + 1);
        assert!(hash(&longer).is_err());
        let mut out = [0; 32];
        for (password, expected) in [(&longest, Verdict::RightButOld), (&longer, Verdict::Wrong)] {
            pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), b"salt", 1, &mut out);
            let stored = format!("pbkdf2_sha256$1$salt${}", STANDARD.encode(out));
            assert_eq!(verify(password, &stored), expected);
        }
    }

    #[test]
    fn what_was_hashed_with_less_than_today_is_old() {
        use argon2::{Algorithm, Params, Version};
        let (memory, passes) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST);
        for (algorithm, memory, passes, expected) in [
            (Algorithm::Argon2id, memory, passes, Verdict::Right),
            (Algorithm::Argon2id, memory, passes + 1, Verdict::Right),
            (Algorithm::Argon2i, memory, passes, Verdict::RightButOld),
            (
                Algorithm::Argon2id,
                memory - 8,
                passes,
                Verdict::RightButOld,
            ),
            (
                Algorithm::Argon2id,
                memory,
                passes - 1,
                Verdict::RightButOld,
            ),
        ] {
            let params = Params::new(memory, passes, 1, None).unwrap();
            let argon2 = Argon2::new(algorithm, Version::default(), params);
            let hash = argon2.hash_password_with_salt(b"secret", &[7; 16]).unwrap();
            let stored = format!("{ARGON2}{hash}").replacen("$$", "$", 1);
            assert_eq!(verify("secret", &stored), expected, "{stored}");
            assert_eq!(verify("Secret", &stored), Verdict::Wrong, "{stored}");
        }
    }

    #[test]
    fn a_stored_hash_costs_what_a_server_can_spend() {
        for (n, r, p, is_read) in [
            (1 << 14, 8, 1, true),
            (1 << 18, 8, 64, true),
            (1 << 18, 9, 1, false),
            (1 << 19, 8, 1, false),
            (1 << 14, 8, 65, false),
            ((1 << 14) + 1, 8, 1, false),
            (0, 8, 1, false),
            (u64::MAX, 8, 1, false),
            (1 << 60, 1 << 4, 1, false),
        ] {
            assert_eq!(scrypt_params(n, r, p).is_some(), is_read, "{n} {r} {p}");
        }
    }
}
