//! Whatever is presented, the parsers of credentials say yes or no, and never panic.

use orgscope::credential::{Presented, read};
use orgscope::sesame::{Account, Lifetime, Packer, Sesame, Settings, TokenKey};
use proptest::collection::vec;
use proptest::prelude::*;

/// Services with keys of every kind.
fn services() -> [Sesame; 4] {
    [Packer::I32, Packer::U16, Packer::UUID, Packer::TEXT].map(|packer| {
        Settings::new("a secret", packer, Lifetime::minutes(5))
            .build()
            .unwrap()
    })
}

/// A clock that is far from its ends.
const NOW: i64 = 1_800_000_000;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_header_is_read_or_not(header in vec(any::<u8>(), 0..60), bearer in any::<bool>()) {
        let start: &[u8] = if bearer { b"Bearer " } else { b"" };
        let header = [start, &header].concat();
        if let Presented::Token(token) = read("Bearer", &header) {
            prop_assert!(!token.is_empty());
            let is_space = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
            prop_assert!(!token.bytes().any(is_space));
            prop_assert!(header.windows(token.len()).any(|part| part == token.as_bytes()));
        }
    }

    #[test]
    fn a_link_is_read_or_not(text in "[A-Za-z0-9_-]{0,60}|.{0,40}", now in any::<i64>()) {
        for service in services() {
            if let Ok(read) = service.read(&text, now, None) {
                // 80 bits are not guessed.
                prop_assert!(service.verify(&read, &Account::default(), "").is_err());
            }
        }
    }

    #[test]
    fn a_link_is_good_as_it_was_issued_only(
        key in any::<i32>(),
        password in ".{0,60}",
        scope in ".{0,10}",
        at in any::<prop::sample::Index>(),
        other in "[A-Za-z0-9_-]",
    ) {
        let [service, ..] = services();
        let account = Account { password: Some(password), ..Account::default() };
        let link = service.issue(&TokenKey::Int(key.into()), &account, &scope, NOW).unwrap();
        let good = service.read(&link, NOW + 299, None).unwrap();
        prop_assert_eq!(good.key(), &TokenKey::Int(key.into()));
        prop_assert!(service.verify(&good, &account, &scope).is_ok());
        let another = scope.clone() + "x";
        prop_assert!(service.verify(&good, &account, &another).is_err());
        prop_assert!(service.read(&link, NOW + 300, None).is_err());
        let at = at.index(link.len());
        let changed = [&link[..at], &other, &link[at + 1..]].concat();
        if changed != link
            && let Ok(read) = service.read(&changed, NOW, None)
        {
            prop_assert!(service.verify(&read, &account, &scope).is_err());
        }
    }
}
