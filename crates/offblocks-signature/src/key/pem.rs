//! PEM texts (RFC 7468). All forms that openssl writes are read, and the strict form is written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::KeyError;

/// One PEM block: its label and the DER bytes inside, wiped when dropped.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// Columns of base64 in one line of PEM (RFC 7468, section 2).
const COLUMNS: usize = 64;

/// The first block that may hold a key: openssl puts `EC PARAMETERS` in front of some.
pub(super) fn first_key_block(text: &str) -> Result<Block, KeyError> {
    let mut rest = text;
    loop {
        let (block, after) = next_block(rest)?;
        if block.label != "EC PARAMETERS" {
            return Ok(block);
        }
        rest = after;
    }
}

/// Writes DER bytes as a PEM block.
pub(super) fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(der));
    let frame = "-----BEGIN -----\n-----END -----\n".len() + 2 * label.len();
    let mut pem = Zeroizing::new(String::with_capacity(
        frame + body.len() + body.len() / COLUMNS + 1,
    ));
    pem.push_str(&format!("-----BEGIN {label}-----\n"));
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(COLUMNS));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}

/// Whether the text looks like PEM, to word an error.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

/// Why the library rejected these DER bytes: they are a key of another usual kind, or not a key.
///
/// It looks for the kind's object identifier anywhere and serves only to word the rejection.
pub(super) fn rejection(der: &[u8]) -> KeyError {
    const KINDS: &[(&[u8], &str)] = &[
        (&[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "P-256"),
        (&[6, 5, 0x2b, 0x81, 4, 0, 0x21], "P-224"),
        (&[6, 5, 0x2b, 0x81, 4, 0, 0x23], "P-521"),
        (&[6, 5, 0x2b, 0x81, 4, 0, 0x0a], "secp256k1"),
        (&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], "RSA"),
        (
            &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0a],
            "RSA",
        ),
        (&[6, 3, 0x2b, 0x65, 0x70], "Ed25519"),
        (&[6, 3, 0x2b, 0x65, 0x71], "Ed448"),
        (&[6, 3, 0x2b, 0x65, 0x6e], "X25519"),
    ];
    KINDS
        .iter()
        .find(|(oid, _)| der.windows(oid.len()).any(|window| window == *oid))
        .map_or(KeyError::Malformed, |(_, found)| KeyError::WrongKind {
            found,
        })
}

/// Whether the bytes are exactly one DER SEQUENCE, with nothing missing and nothing after it.
pub(super) fn is_one_sequence(der: &[u8]) -> bool {
    match der {
        [0x30, length @ 0..=0x7f, content @ ..] => content.len() == usize::from(*length),
        [0x30, 0x81, length, content @ ..] => content.len() == usize::from(*length),
        [0x30, 0x82, high, low, content @ ..] => {
            content.len() == usize::from(u16::from_be_bytes([*high, *low]))
        }
        _ => false,
    }
}

/// Splits the next block off the text.
fn next_block(text: &str) -> Result<(Block, &str), KeyError> {
    let (_, text) = text.split_once("-----BEGIN ").ok_or(KeyError::NotPem)?;
    let (label, text) = text.split_once("-----").ok_or(KeyError::NotPem)?;
    let end = format!("-----END {label}-----");
    let (body, after) = text.split_once(&end).ok_or(KeyError::NotPem)?;
    // Old encrypted keys say so in headers before the base64 (RFC 1421).
    if body.contains("Proc-Type:") {
        return Err(KeyError::Encrypted);
    }
    let block = Block {
        label: label.to_owned(),
        der: decode(body)?,
    };
    Ok((block, after))
}

/// Decodes base64 with line breaks in any places.
fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut compact = Zeroizing::new(Vec::with_capacity(body.len()));
    compact.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    // Decoding into a buffer of the final size leaves no half-filled copies behind.
    let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(compact.len())]);
    let length = STANDARD
        .decode_slice(compact.as_slice(), &mut der)
        .map_err(|_| KeyError::Malformed)?;
    der.truncate(length);
    Ok(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for length in [0, 1, 47, 48, 49, 120, 185] {
            let der: Vec<u8> = (0..length).collect();
            let pem = encode("PUBLIC KEY", &der);
            let block = first_key_block(&pem).unwrap();
            assert_eq!(block.label, "PUBLIC KEY");
            assert_eq!(*block.der, der);
            assert!(pem.lines().all(|line| line.len() <= COLUMNS), "{}", *pem);
        }
    }

    #[test]
    fn parameters_in_front_text_around_and_other_line_ends_do_not_matter() {
        let text = "ASN1 OID: secp384r1\r\n-----BEGIN EC PARAMETERS-----\r\nBgUrgQQAIg==\r\n\
                    -----END EC PARAMETERS-----\r\n-----BEGIN EC PRIVATE KEY-----\r\nAA\r\n \
                    EC\r\n-----END EC PRIVATE KEY-----";
        let block = first_key_block(text).unwrap();
        assert_eq!(block.label, "EC PRIVATE KEY");
        assert_eq!(*block.der, [0, 1, 2]);
    }

    #[test]
    fn a_sequence_is_neither_short_nor_followed() {
        assert!(is_one_sequence(&[0x30, 1, 0]));
        for rejected in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 1, 0, 0],
            &[0x31, 1, 0],
        ] {
            assert!(!is_one_sequence(rejected), "{rejected:?} must be rejected");
        }
    }
}
