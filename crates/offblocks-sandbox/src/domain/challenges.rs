//! Ownership challenges of customers and accounts.

use offblocks_types::{BlockchainAccountId, OwnerChallenge, OwnerSignature};
use uuid::Uuid;

use super::{Work, catalogue};
use crate::challenge::{self, Terms};
use crate::clock::later;
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::challenges::{self, Challenge};

const NONCE_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const NONCE_LENGTH: usize = 17;

/// Who is challenged, and for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'a> {
    /// The customer or account.
    pub(super) id: Uuid,
    /// The wallet that has to sign.
    pub(super) wallet: &'a BlockchainAccountId,
    /// What the wallet shows its owner.
    pub(super) statement: &'a str,
}

/// Issues a challenge. Whichever was issued before cannot be signed any more.
pub(super) async fn issue(
    work: &mut Work<'_>,
    owner: Owner<'_>,
) -> Result<OwnerChallenge, Failure> {
    let expires_at = later(work.now, work.settings.challenge_lifetime);
    let message = compose(work, owner, expires_at)?;
    let challenge = Challenge {
        owner_id: owner.id,
        message,
        expires_at,
        signed: false,
    };
    challenges::replace(work.conn, &challenge).await?;
    Ok(wire(challenge))
}

/// The challenge that waits for a signature; a fresh one when that has expired.
pub(super) async fn current(
    work: &mut Work<'_>,
    owner: Owner<'_>,
) -> Result<OwnerChallenge, Failure> {
    match challenges::find(work.conn, owner.id).await? {
        Some(challenge) if !challenge.signed && work.now < challenge.expires_at => {
            Ok(wire(challenge))
        }
        _ => issue(work, owner).await,
    }
}

/// Whether the challenge issued last was signed.
pub(super) async fn is_signed(work: &mut Work<'_>, owner_id: Uuid) -> Result<bool, Failure> {
    let issued = challenges::find(work.conn, owner_id).await?;
    Ok(issued.is_some_and(|challenge| challenge.signed))
}

/// Takes a signature. A wrong one voids the challenge, and a new one takes its place.
///
/// # Errors
/// `Conflict` when the challenge was already signed, `Invalid` when it expired, is not the one
/// issued last, names another owner, or carries another's signature.
pub(super) async fn sign(
    work: &mut Work<'_>,
    owner: Owner<'_>,
    given: &OwnerSignature,
    check_signature: bool,
) -> Result<(), Failure> {
    let Some(issued) = challenges::find(work.conn, owner.id).await? else {
        return Err(Failure::invalid("no challenge was issued: fetch one first"));
    };
    signable(work, &issued, given)?;
    if let Err(wrong) = proof(&issued, owner, given, check_signature) {
        issue(work, owner).await?;
        let WrongProof { member, reason } = wrong;
        let advice = "fetch the new challenge and sign that";
        return Err(Failure::at(member, format!("{reason}; {advice}")));
    }
    Ok(challenges::replace(
        work.conn,
        &Challenge {
            signed: true,
            ..issued
        },
    )
    .await?)
}

fn wire(challenge: Challenge) -> OwnerChallenge {
    OwnerChallenge::new(challenge.message.into_bytes())
}

fn signable(work: &Work<'_>, issued: &Challenge, given: &OwnerSignature) -> Result<(), Failure> {
    if issued.signed {
        return Err(Failure::conflict("the challenge was already signed"));
    }
    if work.now >= issued.expires_at {
        return Err(Failure::invalid(
            "the challenge has expired: fetch a fresh one",
        ));
    }
    if given.challenge.as_ref() != issued.message.as_bytes() {
        return Err(Failure::at(
            "/challenge",
            "this is not the challenge issued last: fetch that one",
        ));
    }
    Ok(())
}

/// What does not prove the ownership.
struct WrongProof {
    member: &'static str,
    reason: String,
}

fn proof(
    issued: &Challenge,
    owner: Owner<'_>,
    given: &OwnerSignature,
    check_signature: bool,
) -> Result<(), WrongProof> {
    let wrong = |member, reason| WrongProof { member, reason };
    let named = given.owner_id.to_string();
    if !named.eq_ignore_ascii_case(owner.wallet.as_ref()) {
        let reason = format!("{named} is not the owner, {} is", owner.wallet);
        return Err(wrong("/ownerId", reason));
    }
    if !check_signature {
        return Ok(());
    }
    let verified = challenge::verify(&issued.message, given.signature.as_ref());
    verified.map_err(|error| wrong("/signature", error.to_string()))
}

fn compose(
    work: &Work<'_>,
    owner: Owner<'_>,
    expires_at: chrono::DateTime<chrono::Utc>,
) -> Result<String, Failure> {
    let wallet = catalogue::evm_account(owner.wallet)?;
    let terms = Terms {
        domain: &work.settings.challenge_domain,
        address: wallet.address,
        chain: wallet.chain,
        statement: owner.statement,
        nonce: &work.random.text(NONCE_ALPHABET, NONCE_LENGTH),
        issued_at: work.now,
        expires_at,
    };
    let domain = terms.domain;
    challenge::message(&terms).map_err(|_| {
        Failure::invalid(format!(
            "the sandbox cannot write a challenge for the domain `{domain}`: choose another with \
             --challenge-domain"
        ))
    })
}
