//! Signs with a key that is in a key management service, and never in this program.
//!
//! The service of this example is a task that holds the key. Yours is called over a network, and
//! returns signatures in DER as most services do.
//!
//! `cargo run -p offblocks-client --example kms_signer`

#![expect(clippy::print_stdout, reason = "an example may print")]

mod sandbox;

use std::error::Error;

use offblocks_client::{KeyId, Sign, Signing, SigningKey};
use tokio::sync::{mpsc, oneshot};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let handle = sandbox::start().await?;
    let (service, public) = KeyService::start()?;
    let id = KeyId::new(sandbox::KEY_ID)?;
    let signer = ServiceSigner {
        service,
        id: id.clone(),
    };
    let client = sandbox::builder(&handle).signer(signer).build()?;
    let upload = offblocks_types::UpdateSigningKeyRequest::new(id.as_str().parse()?, public);
    client.update_signing_key(upload).await?;

    let chains = client.get_chains().await?;
    println!("{} chains, signed by the service", chains.len());
    Ok(())
}

/// A request to the service: the bytes to sign, and where the signature goes.
type Order = (Vec<u8>, oneshot::Sender<Vec<u8>>);

/// The client of a key management service.
struct KeyService(mpsc::Sender<Order>);

impl KeyService {
    /// A service with a new key, and its public half as PEM.
    fn start() -> Result<(Self, Vec<u8>), Box<dyn Error>> {
        let key = SigningKey::generate()?;
        let public = key.public_key().to_spki_pem().into_bytes();
        let (orders, mut received) = mpsc::channel::<Order>(16);
        tokio::spawn(async move {
            while let Some((bytes, reply)) = received.recv().await {
                let signature = key.sign(&bytes).map(|signature| to_der(&signature));
                // The caller may have given up.
                let _ = reply.send(signature.unwrap_or_default());
            }
        });
        Ok((Self(orders), public))
    }

    /// A signature in DER (ECDSA on P-384 with SHA-384).
    async fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
        let (reply, signature) = oneshot::channel();
        self.0.send((bytes.to_vec(), reply)).await?;
        Ok(signature.await?)
    }
}

/// Lets the client sign with the service.
struct ServiceSigner {
    service: KeyService,
    id: KeyId,
}

impl Sign for ServiceSigner {
    fn key_id(&self) -> KeyId {
        self.id.clone()
    }

    fn sign<'a>(&'a self, base: &'a [u8]) -> Signing<'a> {
        Box::pin(async move {
            let der = self.service.sign(base).await?;
            from_der(&der).ok_or_else(|| "the service returned no P-384 signature".into())
        })
    }
}

/// `SEQUENCE { INTEGER r, INTEGER s }` as r and s of 48 bytes each.
fn from_der(der: &[u8]) -> Option<[u8; 96]> {
    let (0x30, content) = element(der)?.0 else {
        return None;
    };
    let ((0x02, r), rest) = element(content)? else {
        return None;
    };
    let ((0x02, s), []) = element(rest)? else {
        return None;
    };
    let mut signature = [0; 96];
    for (number, place) in [(r, 0..48_usize), (s, 48..96)] {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let digits = &number[zeros..];
        let start = place.end.checked_sub(digits.len())?;
        (start >= place.start).then(|| signature[start..place.end].copy_from_slice(digits))?;
    }
    Some(signature)
}

/// The tag and the content of an element.
type Element<'a> = (u8, &'a [u8]);

/// The first element of DER with its tag, and what follows it. The lengths here are below 128.
fn element(der: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let ([tag, length], rest) = der.split_first_chunk::<2>()?;
    let (content, rest) = rest.split_at_checked(usize::from(*length))?;
    (*length < 128).then_some(((*tag, content), rest))
}

/// r and s as DER, as the service of this example returns them.
fn to_der(signature: &[u8; 96]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let mut digits = bytes[zeros..].to_vec();
        if digits.first().is_none_or(|first| *first >= 0x80) {
            digits.insert(0, 0);
        }
        [&[0x02, digits.len() as u8], &digits[..]].concat()
    };
    let content = [integer(&signature[..48]), integer(&signature[48..])].concat();
    [&[0x30, content.len() as u8], &content[..]].concat()
}
