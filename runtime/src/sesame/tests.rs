//! Where tokens and keys end: what the recorded vectors do not reach.

use super::*;

#[test]
fn a_key_fits_into_its_column_or_is_refused() {
    for (packer, low, high) in [
        (Packer::I16, i128::from(i16::MIN), i128::from(i16::MAX)),
        (Packer::I32, i128::from(i32::MIN), i128::from(i32::MAX)),
        (Packer::I64, i128::from(i64::MIN), i128::from(i64::MAX)),
        (Packer::U16, 0, i128::from(u16::MAX)),
        (Packer::U32, 0, i128::from(u32::MAX)),
        (Packer::U64, 0, i128::from(u64::MAX)),
    ] {
        for key in [low, 0, 1, high] {
            let bytes = packer.pack(&TokenKey::Int(key)).unwrap_or_default();
            let read = packer.unpack(&bytes);
            assert_eq!(read, Some((TokenKey::Int(key), &[][..])), "{packer:?}");
        }
        for key in [low - 1, high + 1] {
            assert_eq!(packer.pack(&TokenKey::Int(key)), None, "{packer:?} {key}");
        }
        assert_eq!(packer.pack(&TokenKey::Text("1".into())), None);
    }
}

#[test]
fn what_is_no_token_says_why() {
    let settings = Settings::new("a secret", Packer::I32, Lifetime::minutes(30));
    let sesame = settings.build().ok();
    let why = |token: &str| sesame.as_ref()?.read(token, EPOCH, None).err();
    for (token, expected) in [
        ("", Rejected::UnsupportedFormat),
        ("abc", Rejected::UnsupportedFormat),
        ("abc=", Rejected::UnsupportedFormat),
        ("abcdefgh.jkl", Rejected::UnsupportedFormat),
        ("abcdé", Rejected::UnsupportedFormat),
        ("abcd", Rejected::NoPrimaryKey),
        ("abcde", Rejected::Undecodable),
        ("AAAAAQ", Rejected::NoTimestamp),
        ("AAAAAQAAAAA", Rejected::NoSignature),
    ] {
        assert_eq!(why(token), Some(expected), "{token}");
    }
}

#[test]
fn short_signatures_are_chosen_on_purpose() {
    let build = |bytes, on_purpose| {
        let settings = Settings::new("a secret", Packer::I32, Lifetime::minutes(30));
        let settings = settings.signature_size(bytes);
        let settings = match on_purpose {
            true => settings.weak_signatures_on_purpose(),
            false => settings,
        };
        settings.build().err()
    };
    for (bytes, plainly, on_purpose) in [
        (
            0,
            Some(InvalidSettings::SignatureSize),
            Some(InvalidSettings::SignatureSize),
        ),
        (1, Some(InvalidSettings::WeakSignature), None),
        (9, Some(InvalidSettings::WeakSignature), None),
        (10, None, None),
        (64, None, None),
        (
            65,
            Some(InvalidSettings::SignatureSize),
            Some(InvalidSettings::SignatureSize),
        ),
    ] {
        assert_eq!(build(bytes, false), plainly, "{bytes}");
        assert_eq!(build(bytes, true), on_purpose, "{bytes}");
    }
}
