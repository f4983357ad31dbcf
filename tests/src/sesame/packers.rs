//! The packers of the recorded project's own.

use orgscope::sesame::{CustomPacker, Packer, TokenKey};

/// The packer of this path, if it is one of them.
pub(super) fn custom(path: &str) -> Option<Packer> {
    match path.rsplit('.').next()? {
        "Hex12" => Some(Packer::custom(Hex12(path.to_owned()))),
        "Varint" => Some(Packer::custom(Varint(path.to_owned()))),
        _ => None,
    }
}

/// 24 hexadecimal digits as 12 bytes.
struct Hex12(String);

impl CustomPacker for Hex12 {
    fn path(&self) -> &str {
        &self.0
    }

    fn pack(&self, key: &TokenKey) -> Option<Vec<u8>> {
        let TokenKey::Text(text) = key else {
            return None;
        };
        (text.len() == 24).then(|| super::unhex(text))
    }

    fn unpack(&self, bytes: &[u8]) -> Option<(TokenKey, usize)> {
        let key = bytes.get(..12)?;
        let text = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Some((TokenKey::Text(text), 12))
    }
}

/// An unsigned number of any size, seven bits a byte, the lowest first.
struct Varint(String);

impl CustomPacker for Varint {
    fn path(&self) -> &str {
        &self.0
    }

    fn pack(&self, key: &TokenKey) -> Option<Vec<u8>> {
        let TokenKey::Int(number) = key else {
            return None;
        };
        let mut number = u64::try_from(*number).ok()?;
        let mut bytes = Vec::new();
        loop {
            let low = u8::try_from(number & 0x7f).ok()?;
            number >>= 7;
            if number == 0 {
                bytes.push(low);
                return Some(bytes);
            }
            bytes.push(low | 0x80);
        }
    }

    fn unpack(&self, bytes: &[u8]) -> Option<(TokenKey, usize)> {
        let mut number = 0_i128;
        for (at, byte) in bytes.iter().enumerate().take(18) {
            number |= i128::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                return Some((TokenKey::Int(number), at + 1));
            }
        }
        None
    }
}
