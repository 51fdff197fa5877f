//! Ownership challenges for EVM wallets: "Sign in with Ethereum" messages (EIP-4361), signed with
//! `personal_sign` (EIP-191).

use chrono::{DateTime, SecondsFormat, Utc};
use siwe::{Message, Version};

use crate::hex;

/// What a challenge says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'a> {
    /// Who asks for the signature: an authority such as `api.sandbox.offblocks.xyz`.
    pub(crate) domain: &'a str,
    pub(crate) address: [u8; 20],
    /// The chain's EIP-155 number.
    pub(crate) chain: u64,
    pub(crate) statement: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) issued_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

/// Why a signature does not prove ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    #[error("the signature is neither 65 bytes (r, s, v) nor their 0x-hex text")]
    Shape,
    #[error("the signature's last byte is {0}, where 27 or 28 (or 0 or 1) belongs")]
    RecoveryId(u8),
    #[error("the signature was not made by the owner's key over this challenge")]
    Signer,
}

/// The text the wallet shows and signs.
pub(crate) fn message(terms: &Terms<'_>) -> Result<String, siwe::ParseError> {
    let message = Message {
        domain: terms.domain.parse()?,
        address: terms.address,
        statement: Some(terms.statement.to_owned()),
        uri: format!("https://{}", terms.domain).parse()?,
        version: Version::V1,
        chain_id: terms.chain,
        nonce: terms.nonce.to_owned(),
        issued_at: seconds(terms.issued_at).parse()?,
        expiration_time: Some(seconds(terms.expires_at).parse()?),
        not_before: None,
        request_id: None,
        resources: Vec::new(),
    };
    Ok(message.to_string())
}

/// Whether `signature` over `message` was made by the address the message names.
///
/// # Errors
/// The reason, where it was not.
pub(crate) fn verify(message: &str, signature: &[u8]) -> Result<(), SignatureError> {
    let signature = bytes(signature)?;
    if !matches!(signature[64], 0 | 1 | 27 | 28) {
        return Err(SignatureError::RecoveryId(signature[64]));
    }
    let message: Message = message.parse().map_err(|_| SignatureError::Signer)?;
    message
        .verify_eip191(&signature)
        .map(drop)
        .map_err(|_| SignatureError::Signer)
}

/// The bytes of an address such as `0xab16…`, whatever its letters' case.
pub(crate) fn address(text: &str) -> Option<[u8; 20]> {
    hex::decode(text.strip_prefix("0x")?.as_bytes())
}

/// Whether an Ethereum address in letters of both cases has another checksum than EIP-55 gives it.
/// Letters of one case carry none.
pub(crate) fn has_wrong_checksum(text: &str) -> bool {
    let Some(bytes) = address(text) else {
        return false;
    };
    let digits = &text[2..];
    let upper = digits.bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = digits.bytes().any(|byte| byte.is_ascii_lowercase());
    upper && lower && siwe::eip55(&bytes) != text
}

fn seconds(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The contract's example holds the bytes themselves, the guides their hex text: both are taken.
fn bytes(signature: &[u8]) -> Result<[u8; 65], SignatureError> {
    if let Ok(raw) = signature.try_into() {
        return Ok(raw);
    }
    let text = signature.trim_ascii();
    hex::decode(text.strip_prefix(b"0x").unwrap_or(text)).ok_or(SignatureError::Shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_letters_carry_a_checksum() {
        // The examples of EIP-55.
        for right in [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        ] {
            assert!(!has_wrong_checksum(right), "{right}");
            assert!(!has_wrong_checksum(&right.to_lowercase()));
            assert!(!has_wrong_checksum(
                &right.to_uppercase().replace("0X", "0x")
            ));
            let wrong = right.replacen('a', "A", 1).replacen('C', "c", 1);
            assert!(has_wrong_checksum(&wrong), "{wrong}");
        }
    }
}
