//! Keys as people have them: fixtures that openssl wrote, and fresh ones where it is installed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::process::{Command, Stdio};

use http::Request;
use offblocks_signature::{KeyError, KeyId, Message, Signer, SigningKey, Verifier, VerifyingKey};

const SEC1: &str = include_str!("keys/p384-sec1.pem");
const PARAMETERS: &str = include_str!("keys/p384-sec1-with-parameters.pem");
const PKCS8: &str = include_str!("keys/p384-pkcs8.pem");
const PUBLIC: &str = include_str!("keys/p384-public.pem");
const COMPRESSED: &str = include_str!("keys/p384-public-compressed.pem");

#[test]
fn both_private_forms_hold_the_same_key() {
    let sec1 = SigningKey::from_pem(SEC1).unwrap().public_key();
    let pkcs8 = SigningKey::from_pem(PKCS8).unwrap().public_key();
    let public = VerifyingKey::from_spki_pem(PUBLIC).unwrap();
    assert_eq!(sec1, public);
    assert_eq!(pkcs8, public);
    assert_ne!(
        SigningKey::from_pem(PARAMETERS).unwrap().public_key(),
        public
    );
}

#[test]
fn what_is_written_is_read_again() {
    let key = SigningKey::generate().unwrap();
    let again = SigningKey::from_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
    let public = key.public_key();
    assert_eq!(again.public_key(), public);
    assert_eq!(
        VerifyingKey::from_spki_pem(&public.to_spki_pem()).unwrap(),
        public
    );
    assert_eq!(
        VerifyingKey::from_base64_pem(&public.to_base64_pem()).unwrap(),
        public
    );
    let wrapped = public
        .to_base64_pem()
        .as_bytes()
        .chunks(76)
        .map(str::from_utf8)
        .map(Result::unwrap)
        .collect::<Vec<_>>()
        .join("\r\n");
    assert_eq!(VerifyingKey::from_base64_pem(&wrapped).unwrap(), public);
    let openssl_s = PUBLIC.split_once("-----").unwrap().1;
    let written = VerifyingKey::from_spki_pem(PUBLIC).unwrap().to_spki_pem();
    assert_eq!(
        written,
        format!("-----{openssl_s}"),
        "openssl writes the same text"
    );
}

#[test]
fn a_signature_of_one_form_is_verified_by_another() {
    sign_and_verify(SEC1, PUBLIC);
    sign_and_verify(PKCS8, PUBLIC);
    sign_and_verify(PKCS8, COMPRESSED);
}

#[test]
fn a_key_that_cannot_sign_says_why() {
    let p256 = KeyError::WrongKind { found: "P-256" };
    let cases = [
        (PUBLIC, KeyError::PublicKey),
        (include_str!("keys/p256-sec1.pem"), p256.clone()),
        (include_str!("keys/p256-pkcs8.pem"), p256),
        (
            include_str!("keys/ed25519-pkcs8.pem"),
            KeyError::WrongKind { found: "Ed25519" },
        ),
        (
            include_str!("keys/p384-encrypted-sec1.pem"),
            KeyError::Encrypted,
        ),
        (
            include_str!("keys/p384-encrypted-pkcs8.pem"),
            KeyError::Encrypted,
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
            KeyError::WrongKind { found: "RSA" },
        ),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            KeyError::UnexpectedBlock {
                label: "CERTIFICATE".to_owned(),
            },
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----",
            KeyError::Malformed,
        ),
        (
            "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
            KeyError::Malformed,
        ),
        ("-----BEGIN PRIVATE KEY-----\nMAA=", KeyError::NotPem),
        ("-----BEGIN PRIVATE KEY", KeyError::NotPem),
        ("", KeyError::NotPem),
    ];
    for (pem, expected) in cases {
        let error = SigningKey::from_pem(pem).unwrap_err();
        assert_eq!(error, expected, "{pem}");
    }
}

#[test]
fn a_key_that_cannot_be_registered_says_why() {
    let base64 = |pem: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(pem)
    };
    let der = PUBLIC
        .lines()
        .skip(3)
        .filter(|line| !line.starts_with('-'))
        .collect::<String>();
    let cases = [
        (
            base64(include_str!("keys/p256-public.pem")),
            KeyError::WrongKind { found: "P-256" },
        ),
        (
            base64(include_str!("keys/p521-public.pem")),
            KeyError::WrongKind { found: "P-521" },
        ),
        (base64(SEC1), KeyError::PrivateKey),
        (base64(PKCS8), KeyError::PrivateKey),
        (
            base64(include_str!("keys/p384-encrypted-pkcs8.pem")),
            KeyError::PrivateKey,
        ),
        (base64("hello"), KeyError::NotEncodedPem),
        (base64(""), KeyError::NotEncodedPem),
        (base64(&[PUBLIC, PUBLIC].concat()), KeyError::SeveralBlocks),
        (
            base64("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----"),
            KeyError::Malformed,
        ),
        (PUBLIC.to_owned(), KeyError::NotEncoded),
        ("hello!".to_owned(), KeyError::NotBase64),
        (der, KeyError::NotEncodedPem),
    ];
    for (text, expected) in cases {
        assert_eq!(
            VerifyingKey::from_base64_pem(&text).unwrap_err(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn bytes_behind_a_key_or_a_point_off_the_curve_are_rejected() {
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::STANDARD;
    let body: String = PUBLIC
        .lines()
        .skip(3)
        .filter(|line| !line.starts_with('-'))
        .collect();
    let der = engine.decode(body).unwrap();
    let read = |der: &[u8]| {
        let body = engine.encode(der);
        VerifyingKey::from_spki_pem(&format!(
            "-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----"
        ))
    };
    assert!(read(&der).is_ok());
    for index in 0..der.len() {
        let mut other = der.clone();
        other[index] ^= 1;
        assert!(read(&other).is_err(), "byte {index} may not be changed");
    }
    assert!(read(&[der.as_slice(), &[0]].concat()).is_err());
    assert!(read(&der[..der.len() - 1]).is_err());
}

#[test]
fn debug_shows_nothing_secret() {
    let key = SigningKey::from_pem(SEC1).unwrap();
    let shown = format!(
        "{key:?} {:?}",
        Signer::new(key.clone(), &KeyId::new("k").unwrap())
    );
    assert!(
        shown.contains("SigningKey { public: VerifyingKey(P-384 SHA256:"),
        "{shown}"
    );
    let scalar = [0x75, 0x9f, 0xb0, 0x63];
    for form in [
        format!("{scalar:?}"),
        "759fb063".to_owned(),
        "dZ+wY".to_owned(),
    ] {
        let form = form.trim_matches(['[', ']']).to_owned();
        assert!(!shown.contains(&form), "{shown}");
    }
}

#[test]
fn keys_made_by_openssl() {
    let Some(key) = openssl(&["ecparam", "-name", "secp384r1", "-genkey", "-noout"], "") else {
        println!("skipped: openssl is not installed");
        return;
    };
    let with_parameters = openssl(&["ecparam", "-name", "secp384r1", "-genkey"], "").unwrap();
    let pkcs8 = openssl(&["pkcs8", "-topk8", "-nocrypt"], &key).unwrap();
    let public = openssl(&["ec", "-pubout"], &key).unwrap();
    let of_other = openssl(&["ec", "-pubout"], &with_parameters).unwrap();
    sign_and_verify(&key, &public);
    sign_and_verify(&pkcs8, &public);
    sign_and_verify(&with_parameters, &of_other);
    let generated = SigningKey::generate().unwrap();
    let read = openssl(&["pkey", "-pubout"], &generated.to_pkcs8_pem().unwrap()).unwrap();
    assert_eq!(
        read,
        generated.public_key().to_spki_pem(),
        "openssl reads what is written"
    );
    let p256 = openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout"], "").unwrap();
    let error = SigningKey::from_pem(&p256).unwrap_err();
    assert_eq!(error, KeyError::WrongKind { found: "P-256" });
}

/// Runs openssl; `None` when it is not installed.
fn openssl(arguments: &[&str], input: &str) -> Option<String> {
    use std::io::Write as _;
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?} failed");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn sign_and_verify(private: &str, public: &str) {
    let id = KeyId::new("key").unwrap();
    let signer = Signer::new(SigningKey::from_pem(private).unwrap(), &id);
    let key = VerifyingKey::from_spki_pem(public).unwrap();
    let request = Request::get("http://localhost/v1").body(()).unwrap();
    let (mut parts, ()) = request.into_parts();
    signer.sign_parts(&mut parts, b"", 1_795_340_781).unwrap();
    let message = Message::from_parts(&parts);
    let keys = |_: &KeyId| Some(key.clone());
    Verifier::builder()
        .build()
        .verify(&message, b"", 1_795_340_781, keys)
        .unwrap();
}
