//! What a verifier computes, shown for debugging.

use std::fmt;

use crate::base::signature_base;
use crate::component::Component;
use crate::component_error::ComponentError;
use crate::input::{Candidate, SIGNATURE, SignatureParameters, candidates};
use crate::message::Message;
use crate::verify_error::VerifyError;

/// What a signature says, and the text that it has to sign.
///
/// A signature fails for one of two reasons: the key is another one, or the signer and the verifier
/// used different texts. Compare this base with the signer's: one of the lines differs. The base
/// holds the values of covered headers, so a covered `authorization` appears in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The label of the signature.
    pub label: String,
    /// What the signature says about itself.
    pub parameters: SignatureParameters,
    /// The covered components as `Signature-Input` spells them (`"@method"`), in their order.
    pub components: Vec<String>,
    /// The signature base (RFC 9421, section 2.5), without a line break at its end; or the first
    /// covered component that has no value in the message.
    pub signature_base: Result<String, ComponentError>,
    /// The length of the signature in bytes, which should be 96; `None` when it is absent.
    pub signature_length: Option<usize>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.signature_base {
            Ok(base) => {
                writeln!(formatter, "signature base of {:?}:", self.label)?;
                for line in base.lines() {
                    writeln!(formatter, "  {line}")?;
                }
            }
            Err(error) => writeln!(formatter, "signature base of {:?}: {error}", self.label)?,
        }
        match self.signature_length {
            Some(length) => write!(formatter, "signature: {length} bytes"),
            None => write!(formatter, "signature: absent"),
        }
    }
}

/// Explains a signature of a request, the first one when no label is given. Nothing is checked.
///
/// The scheme and authority are taken from the message. A server should use
/// [`Verifier::explain`](crate::Verifier::explain), which uses the verifier's settings for both.
///
/// ```
/// use offblocks_signature::{KeyId, Message, Signer, SigningKey, explain};
///
/// let id = KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?;
/// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
/// Signer::new(SigningKey::generate()?, &id).sign_request(&mut request, 1_795_340_781)?;
///
/// let explained = explain(&Message::from_request(&request), None)?;
/// let base = explained.signature_base.as_ref().expect("each component has a value");
/// assert!(base.contains("\"@path\": /v1/cards"));
/// println!("{explained}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the headers are malformed, or there is no such signature.
pub fn explain(message: &Message<'_>, label: Option<&str>) -> Result<Explanation, VerifyError> {
    explain_candidate(message, candidates(message.headers, usize::MAX)?, label)
}

pub(crate) fn explain_candidate(
    message: &Message<'_>,
    candidates: Vec<Candidate>,
    label: Option<&str>,
) -> Result<Explanation, VerifyError> {
    let wanted = |candidate: &Candidate| label.is_none_or(|label| candidate.label == label);
    let candidate = candidates
        .into_iter()
        .find(wanted)
        .ok_or_else(|| absent(label))?;
    let signature_base = signature_base(message, &candidate.components, &candidate.raw);
    let components = candidate.components.iter().map(Component::identifier);
    Ok(Explanation {
        components: components.map(str::to_owned).collect(),
        label: candidate.label,
        parameters: candidate.parameters,
        signature_base,
        signature_length: candidate.signature.map(|signature| signature.len()),
    })
}

fn absent(label: Option<&str>) -> VerifyError {
    match label {
        Some(label) => VerifyError::MissingInput {
            label: label.to_owned(),
        },
        None => VerifyError::MissingHeader { header: SIGNATURE },
    }
}
