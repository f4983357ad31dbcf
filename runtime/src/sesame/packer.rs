//! How the key of a user stands in a token: big-endian, as wide as its column.

use std::fmt;
use std::sync::Arc;

/// The key of a user in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKey {
    /// Of an integer column of any width.
    Int(i128),
    /// Of a UUID column, in network order.
    Uuid([u8; 16]),
    /// Of a text column.
    Text(String),
    /// Of a binary column.
    Bytes(Vec<u8>),
}

impl fmt::Display for TokenKey {
    /// The key as the path of a request would have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenKey::Int(key) => key.fmt(f),
            TokenKey::Text(key) => key.fmt(f),
            TokenKey::Uuid(key) => {
                for (at, byte) in key.iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        f.write_str("-")?;
                    }
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
            TokenKey::Bytes(key) => key.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
        }
    }
}

/// A way of writing keys that django-sesame does not know: a class of the project's own.
pub trait CustomPacker: Send + Sync {
    /// The dotted path of the class, as the settings name it: it is part of what is signed.
    fn path(&self) -> &str;
    /// The bytes of a key; `None` for one that cannot be written.
    fn pack(&self, key: &TokenKey) -> Option<Vec<u8>>;
    /// The key at the start of the bytes, and how many of them it has.
    fn unpack(&self, bytes: &[u8]) -> Option<(TokenKey, usize)>;
}

/// How keys are written.
#[derive(Clone, Debug)]
pub struct Packer {
    width: Width,
    /// The path of the setting `SESAME_PACKER`; none where the column's type decides.
    pub(super) configured: Option<String>,
}

#[derive(Clone)]
enum Width {
    /// This many bytes, with a sign or without.
    Int(usize, bool),
    Uuid,
    /// A byte with the length before it.
    Bytes,
    Text,
    Custom(Arc<dyn CustomPacker>),
}

impl fmt::Debug for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Width::Int(bytes, signed) => write!(f, "Int({bytes}, signed: {signed})"),
            Width::Uuid => f.write_str("Uuid"),
            Width::Bytes => f.write_str("Bytes"),
            Width::Text => f.write_str("Text"),
            Width::Custom(custom) => write!(f, "Custom({})", custom.path()),
        }
    }
}

impl Packer {
    const fn of(width: Width) -> Packer {
        let configured = None;
        Packer { width, configured }
    }

    /// Django's `AutoField` and `IntegerField`: the key of its own user model.
    pub const I32: Packer = Packer::of(Width::Int(4, true));
    /// `BigAutoField` and `BigIntegerField`.
    pub const I64: Packer = Packer::of(Width::Int(8, true));
    /// `SmallAutoField` and `SmallIntegerField`.
    pub const I16: Packer = Packer::of(Width::Int(2, true));
    /// `PositiveIntegerField`.
    pub const U32: Packer = Packer::of(Width::Int(4, false));
    /// `PositiveBigIntegerField`.
    pub const U64: Packer = Packer::of(Width::Int(8, false));
    /// `PositiveSmallIntegerField`.
    pub const U16: Packer = Packer::of(Width::Int(2, false));
    /// `UUIDField`.
    pub const UUID: Packer = Packer::of(Width::Uuid);
    /// `CharField`, `TextField` and `EmailField`.
    pub const TEXT: Packer = Packer::of(Width::Text);
    /// `BinaryField`.
    pub const BYTES: Packer = Packer::of(Width::Bytes);

    /// What django-sesame chooses for a column, by the name of its field class; `None` for those that it refuses (slugs, booleans,
    /// decimals, addresses, dates, one-to-one keys).
    ///
    /// ```
    /// use orgscope::sesame::Packer;
    /// assert!(Packer::for_field("BigAutoField").is_some());
    /// assert!(Packer::for_field("SlugField").is_none());
    /// ```
    pub fn for_field(class: &str) -> Option<Packer> {
        Some(match class {
            "SmallAutoField" | "SmallIntegerField" => Packer::I16,
            "PositiveSmallIntegerField" => Packer::U16,
            "AutoField" | "IntegerField" => Packer::I32,
            "PositiveIntegerField" => Packer::U32,
            "BigAutoField" | "BigIntegerField" => Packer::I64,
            "PositiveBigIntegerField" => Packer::U64,
            "UUIDField" => Packer::UUID,
            "BinaryField" => Packer::BYTES,
            "CharField" | "TextField" | "EmailField" | "URLField" => Packer::TEXT,
            _ => return None,
        })
    }

    /// What the setting `SESAME_PACKER` names: one of django-sesame's own classes (`sesame.packers.LongPacker`). `None` for others,
    /// which are [custom](Packer::custom).
    pub fn configured(path: &str) -> Option<Packer> {
        let width = match path.strip_prefix("sesame.packers.")? {
            "ShortPacker" => Width::Int(2, true),
            "UnsignedShortPacker" => Width::Int(2, false),
            "IntPacker" | "LongPacker" => Width::Int(4, true),
            "UnsignedIntPacker" | "UnsignedLongPacker" => Width::Int(4, false),
            "LongLongPacker" => Width::Int(8, true),
            "UnsignedLongLongPacker" => Width::Int(8, false),
            "UUIDPacker" => Width::Uuid,
            "BytesPacker" => Width::Bytes,
            "StrPacker" => Width::Text,
            _ => return None,
        };
        let configured = Some(path.to_owned());
        Some(Packer { width, configured })
    }

    /// A class of the project's own, which the setting `SESAME_PACKER` names.
    pub fn custom(packer: impl CustomPacker + 'static) -> Packer {
        Packer {
            configured: Some(packer.path().to_owned()),
            width: Width::Custom(Arc::new(packer)),
        }
    }

    /// The bytes of a key; `None` for one of another type, or too large.
    pub(super) fn pack(&self, key: &TokenKey) -> Option<Vec<u8>> {
        match (&self.width, key) {
            (Width::Int(bytes, signed), TokenKey::Int(key)) => {
                let bits = u32::try_from(bytes * 8).ok()?;
                let (low, high) = match signed {
                    true => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
                    false => (0, (1_i128 << bits) - 1),
                };
                let fits = (low..=high).contains(key);
                fits.then(|| key.to_be_bytes()[16 - bytes..].to_vec())
            }
            (Width::Uuid, TokenKey::Uuid(key)) => Some(key.to_vec()),
            (Width::Bytes, TokenKey::Bytes(key)) => with_length(key),
            (Width::Text, TokenKey::Text(key)) => with_length(key.as_bytes()),
            (Width::Custom(custom), key) => custom.pack(key),
            _ => None,
        }
    }

    /// The key at the start of the bytes, and what follows it.
    pub(super) fn unpack<'a>(&self, bytes: &'a [u8]) -> Option<(TokenKey, &'a [u8])> {
        match &self.width {
            Width::Int(size, signed) => {
                let (key, rest) = bytes.split_at_checked(*size)?;
                let fill = if *signed && key[0] >= 0x80 { 0xff } else { 0 };
                let mut wide = [fill; 16];
                wide[16 - size..].copy_from_slice(key);
                Some((TokenKey::Int(i128::from_be_bytes(wide)), rest))
            }
            Width::Uuid => {
                let (key, rest) = bytes.split_first_chunk()?;
                Some((TokenKey::Uuid(*key), rest))
            }
            Width::Bytes => {
                let (key, rest) = measured(bytes)?;
                Some((TokenKey::Bytes(key.to_vec()), rest))
            }
            Width::Text => {
                let (key, rest) = measured(bytes)?;
                let key = std::str::from_utf8(key).ok()?;
                Some((TokenKey::Text(key.to_owned()), rest))
            }
            Width::Custom(custom) => {
                let (key, size) = custom.unpack(bytes)?;
                Some((key, bytes.get(size..)?))
            }
        }
    }
}

fn with_length(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(bytes.len()).ok()?;
    Some(
        std::iter::once(length)
            .chain(bytes.iter().copied())
            .collect(),
    )
}

/// As many bytes as the first one says, or as there are.
fn measured(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    Some(rest.split_at(usize::from(*length).min(rest.len())))
}
