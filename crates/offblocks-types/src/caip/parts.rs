//! What the parts of an identifier may be made of.

/// A rule for one part.
pub(super) struct Part {
    length: std::ops::RangeInclusive<usize>,
    allowed: fn(u8) -> bool,
    reason: &'static str,
}

impl Part {
    pub(super) fn check(&self, text: &str) -> Result<(), &'static str> {
        let fits = self.length.contains(&text.len()) && text.bytes().all(self.allowed);
        if fits { Ok(()) } else { Err(self.reason) }
    }
}

/// CAIP-2, `namespace`.
pub(super) const NAMESPACE: Part = Part {
    length: 3..=8,
    allowed: is_namespace,
    reason: "the namespace has 3 to 8 small letters, digits and dashes",
};

/// CAIP-2, `reference`.
pub(super) const REFERENCE: Part = Part {
    length: 1..=32,
    allowed: |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
    reason: "the chain's reference has 1 to 32 letters, digits, dashes and underscores",
};

/// CAIP-10, `account_address`; CAIP-19, `asset_reference`; hashes alike.
pub(super) const ADDRESS: Part = Part {
    length: 1..=128,
    allowed: is_address,
    reason: "the last part has 1 to 128 letters, digits, dashes, points and percent signs",
};

/// CAIP-19, `asset_namespace`.
pub(super) const ASSET_NAMESPACE: Part = Part {
    length: 3..=8,
    allowed: is_namespace,
    reason: "the asset's namespace has 3 to 8 small letters, digits and dashes",
};

/// CAIP-19, `token_id`.
pub(super) const TOKEN: Part = Part {
    length: 1..=78,
    allowed: is_address,
    reason: "the token has 1 to 78 letters, digits, dashes, points and percent signs",
};

fn is_namespace(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

fn is_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'%')
}
