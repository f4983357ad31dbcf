//! Login links: one that was not issued is nobody's, and the database is not even asked.
#![no_main]

use diesel::prelude::*;
use libfuzzer_sys::fuzz_target;
use orgscope::identity::use_link;
use orgscope::signing::SigningKey;

fuzz_target!(|input: (&str, &str)| {
    let (text, purpose) = input;
    let key = SigningKey::new([7; 32]);
    // Without tables: whatever gets so far as to ask is an error.
    let mut conn = SqliteConnection::establish(":memory:").expect("a database");
    let found = use_link::<i32, _, _>(text, purpose, &key, &mut conn);
    assert_eq!(found.expect("no statement"), None);
});
