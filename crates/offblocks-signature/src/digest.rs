//! `Content-Digest` (RFC 9530): made with SHA-512, checked with SHA-512 and SHA-256.

use std::fmt;

use aws_lc_rs::digest::{Algorithm, SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use sfv::{BareItem, Dictionary, ListEntry};
use thiserror::Error;

use crate::fields;

/// The `content-digest` header field.
pub const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// The digest of a message's body, as the `Content-Digest` header carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentDigest {
    /// The whole field value.
    value: String,
}

impl ContentDigest {
    /// Digests a body with SHA-512.
    ///
    /// ```
    /// use offblocks_signature::ContentDigest;
    ///
    /// let digest = ContentDigest::sha512(b"{}");
    /// assert!(digest.to_string().starts_with("sha-512=:"));
    /// ```
    #[must_use]
    pub fn sha512(body: &[u8]) -> Self {
        let digest = STANDARD.encode(digest(&SHA512, body));
        Self {
            value: format!("sha-512=:{digest}:"),
        }
    }

    /// The value of the `Content-Digest` header.
    ///
    /// ```
    /// use offblocks_signature::{CONTENT_DIGEST, ContentDigest};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert(CONTENT_DIGEST, ContentDigest::sha512(b"{}").header_value());
    /// ```
    #[must_use]
    pub fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.value).expect("base64 and its frame are visible ASCII")
    }

    /// Checks a message's `Content-Digest` against its body.
    ///
    /// Every SHA-512 and SHA-256 member must match. Members of other algorithms are ignored when there is
    /// one of these two. A message without a body needs no digest: the header may be absent, empty, or the
    /// digest of the empty body.
    ///
    /// ```
    /// use offblocks_signature::{CONTENT_DIGEST, ContentDigest, DigestError};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// assert_eq!(ContentDigest::verify(&headers, b"{}"), Err(DigestError::Missing));
    /// headers.insert(CONTENT_DIGEST, ContentDigest::sha512(b"{}").header_value());
    /// assert_eq!(ContentDigest::verify(&headers, b"{}"), Ok(()));
    /// assert!(ContentDigest::verify(&headers, b"{ }").is_err());
    /// ```
    ///
    /// # Errors
    /// When the header is absent though there is a body, cannot be read, names no known
    /// algorithm, or is the digest of something else.
    pub fn verify(headers: &HeaderMap, body: &[u8]) -> Result<(), DigestError> {
        let value = fields::combined(headers, &CONTENT_DIGEST)
            .map_err(|_| malformed("it holds more than visible ASCII"))?
            .unwrap_or_default();
        match (value.is_empty(), body.is_empty()) {
            (true, true) => Ok(()),
            (true, false) => Err(DigestError::Missing),
            (false, _) => verify_members(&fields::dictionary(&value).map_err(malformed)?, body),
        }
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.value)
    }
}

/// Why a body and its `Content-Digest` do not match.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestError {
    /// There is a body and no digest of it.
    #[error("the content-digest header is missing; send `sha-512=:…:` over the exact body bytes")]
    Missing,
    /// The header is not a dictionary of byte sequences.
    #[error(
        "the content-digest header cannot be read: {reason}; send `sha-512=:…:`, the digest in Base64 \
         between colons"
    )]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// The header has only digests of algorithms that are not accepted.
    #[error("the content-digest header has only {found}; send sha-512")]
    Unsupported {
        /// The algorithms it has, separated by commas.
        found: String,
    },
    /// The digest is one of other bytes than the body's.
    #[error("the {algorithm} content digest is not that of the {length} bytes of the body")]
    Mismatch {
        /// The algorithm whose digest differs.
        algorithm: &'static str,
        /// The length of the body, in bytes.
        length: usize,
    },
}

/// The algorithms accepted, by their names in the header (RFC 9530, section 7.2).
const ALGORITHMS: [(&str, &Algorithm); 2] = [("sha-512", &SHA512), ("sha-256", &SHA256)];

fn verify_members(members: &Dictionary, body: &[u8]) -> Result<(), DigestError> {
    let mut known = false;
    for (name, algorithm) in ALGORITHMS {
        if let Some(member) = members.get(name) {
            known = true;
            verify_member(name, algorithm, member, body)?;
        }
    }
    if known {
        return Ok(());
    }
    let names: Vec<&str> = members.keys().map(|name| name.as_str()).collect();
    let found = names.join(", ");
    Err(DigestError::Unsupported { found })
}

fn verify_member(
    name: &'static str,
    algorithm: &'static Algorithm,
    member: &ListEntry,
    body: &[u8],
) -> Result<(), DigestError> {
    let ListEntry::Item(item) = member else {
        return Err(malformed(format!("{name} is not a byte sequence")));
    };
    let BareItem::ByteSequence(claimed) = &item.bare_item else {
        return Err(malformed(format!("{name} is not a byte sequence")));
    };
    if claimed.as_slice() != digest(algorithm, body).as_ref() {
        let length = body.len();
        return Err(DigestError::Mismatch {
            algorithm: name,
            length,
        });
    }
    Ok(())
}

fn malformed(reason: impl ToString) -> DigestError {
    DigestError::Malformed {
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The digests of `{"hello": "world"}` are those of RFC 9421, appendix B.2.
    const BODY: &[u8] = br#"{"hello": "world"}"#;
    const SHA512_OF_BODY: &str = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
    const SHA256_OF_BODY: &str = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    const SHA256_OF_NOTHING: &str = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";

    fn verify(lines: &[&str], body: &[u8]) -> Result<(), DigestError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CONTENT_DIGEST, HeaderValue::from_str(line).unwrap());
        }
        ContentDigest::verify(&headers, body)
    }

    #[test]
    fn it_writes_the_digest_of_the_rfc() {
        assert_eq!(ContentDigest::sha512(BODY).to_string(), SHA512_OF_BODY);
        assert_eq!(ContentDigest::sha512(BODY).header_value(), SHA512_OF_BODY);
    }

    #[test]
    fn it_accepts_what_signers_send() {
        let cases: &[(&[&str], &[u8])] = &[
            (&[SHA512_OF_BODY], BODY),
            (&[SHA256_OF_BODY], BODY),
            (&[SHA256_OF_BODY, SHA512_OF_BODY], BODY),
            (&[SHA512_OF_BODY, "unixsum=30637"], BODY),
            (&[], b""),
            (&[""], b""),
            (&[SHA256_OF_NOTHING], b""),
        ];
        for (lines, body) in cases {
            assert_eq!(verify(lines, body), Ok(()), "{lines:?}");
        }
    }

    #[test]
    fn it_rejects_each_mistake_by_its_name() {
        let mismatch = |algorithm, length| DigestError::Mismatch { algorithm, length };
        assert_eq!(verify(&[], BODY), Err(DigestError::Missing));
        assert_eq!(verify(&[""], BODY), Err(DigestError::Missing));
        assert_eq!(
            verify(&[SHA512_OF_BODY], b"{}"),
            Err(mismatch("sha-512", 2))
        );
        assert_eq!(verify(&[SHA256_OF_BODY], b""), Err(mismatch("sha-256", 0)));
        let both = [SHA512_OF_BODY, SHA256_OF_NOTHING];
        assert_eq!(verify(&both, BODY), Err(mismatch("sha-256", 18)));
        let found = "md5, sha".to_owned();
        let unsupported = Err(DigestError::Unsupported { found });
        assert_eq!(verify(&["md5=:AA==:, sha=:AA==:"], BODY), unsupported);
        for malformed in [
            "sha-512=abc",
            "sha-512=(1)",
            "=",
            "sha-512=:",
            "SHA-512=:AA==:",
        ] {
            let error = verify(&[malformed], BODY).unwrap_err();
            assert!(
                matches!(error, DigestError::Malformed { .. }),
                "{malformed}: {error}"
            );
        }
    }
}
