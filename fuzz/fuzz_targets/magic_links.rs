//! Tokens of django-sesame, for keys of every kind and services of other settings.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use orgscope::sesame::{Account, Lifetime, Packer, Sesame, Settings};

static SERVICES: LazyLock<Vec<Sesame>> = LazyLock::new(|| {
    let lifetime = Lifetime::minutes(5);
    let packers = [Packer::I32, Packer::U16, Packer::UUID, Packer::TEXT];
    let plain = packers.map(|packer| Settings::new("a secret", packer, lifetime));
    let one_time = Settings::new("a secret", Packer::I32, lifetime).one_time(true);
    let all = plain.into_iter().chain([one_time]);
    all.filter_map(|settings| settings.build().ok()).collect()
});

fuzz_target!(|input: (i64, &str)| {
    let (now, text) = input;
    for service in SERVICES.iter() {
        if let Ok(read) = service.read(text, now, None) {
            let _ = read.key().to_string();
            // Nobody guesses a signature.
            assert!(service.verify(&read, &Account::default(), "").is_err());
        }
    }
});
