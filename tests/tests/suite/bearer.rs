//! The `Authorization` header, by recorded vectors.

use orgscope::bearer::{Malformed, Presented, read};
use serde_json::Value;

#[test]
fn headers_are_read_as_recorded() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../data/bearer_header.json")).unwrap();
    let mut read_as = 0;
    for vector in vectors["headers"].as_array().unwrap() {
        // Another keyword is another authenticator's.
        if vector["keyword"] != "Bearer" {
            continue;
        }
        let header = bytes(vector["header_hex"].as_str().unwrap());
        let expected = vector["outcome"].as_str().unwrap();
        let looked_up = vector["looked_up_key"].as_str();
        match (expected, read(&header)) {
            ("none", came) => assert_eq!(came, Presented::Nothing, "{vector}"),
            ("error:no_credentials", came) => {
                assert_eq!(
                    came,
                    Presented::Malformed(Malformed::NoCredentials),
                    "{vector}"
                );
            }
            ("error:contains_spaces", came) => {
                assert_eq!(
                    came,
                    Presented::Malformed(Malformed::ContainsSpaces),
                    "{vector}"
                );
            }
            ("error:invalid_characters", came) => {
                assert_eq!(
                    came,
                    Presented::Malformed(Malformed::InvalidCharacters),
                    "{vector}"
                );
            }
            (
                "authenticated" | "error:unknown_key" | "error:inactive_user",
                Presented::Token(token),
            ) => {
                assert!(looked_up.is_none_or(|key| key == token), "{vector}");
            }
            (_, came) => panic!("{vector}: {came:?}"),
        }
        read_as += 1;
    }
    assert!(read_as > 30, "{read_as}");
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
