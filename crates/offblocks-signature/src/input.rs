//! `Signature-Input` and `Signature` (RFC 9421, section 4), read into candidates for verification.

use http::{HeaderMap, HeaderName};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, Parameters};

use crate::base::signature_base;
use crate::component::Component;
use crate::fields;
use crate::key::KeyId;
use crate::message::Message;
use crate::verify_error::VerifyError;

/// The `signature-input` header field: what each signature covers.
pub const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
/// The `signature` header field: the signatures themselves.
pub const SIGNATURE: HeaderName = HeaderName::from_static("signature");

/// The parameters of a signature (RFC 9421, section 2.3). Parameters with other names are covered
/// by the signature and otherwise ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureParameters {
    /// When the signature was made, in seconds since the Unix epoch.
    pub created: Option<i64>,
    /// When the signature stops being valid, in seconds since the Unix epoch.
    pub expires: Option<i64>,
    /// The name of the key that signed.
    pub key_id: Option<KeyId>,
    /// The algorithm, when the signer names it.
    pub algorithm: Option<String>,
    /// A value that the signer uses once.
    pub nonce: Option<String>,
    /// What the signature is for, in the signer's words.
    pub tag: Option<String>,
}

/// What one member of `Signature-Input` says, and the signature of the same label.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) label: String,
    /// The member's value exactly as received.
    pub(crate) raw: String,
    pub(crate) components: Vec<Component>,
    pub(crate) parameters: SignatureParameters,
    /// The signature; `None` when `Signature` has no member of this label.
    pub(crate) signature: Option<Vec<u8>>,
}

impl Candidate {
    /// The signature.
    pub(crate) fn signature(&self) -> Result<&[u8], VerifyError> {
        let absent = || VerifyError::MissingSignature {
            label: self.label.clone(),
        };
        self.signature.as_deref().ok_or_else(absent)
    }

    /// The name of the key.
    pub(crate) fn key_id(&self) -> Result<&KeyId, VerifyError> {
        let absent = || VerifyError::MissingKeyId {
            label: self.label.clone(),
        };
        self.parameters.key_id.as_ref().ok_or_else(absent)
    }

    /// The text that the signature has to sign.
    pub(crate) fn base(&self, message: &Message<'_>) -> Result<String, VerifyError> {
        signature_base(message, &self.components, &self.raw).map_err(|source| {
            VerifyError::Component {
                label: self.label.clone(),
                source,
            }
        })
    }
}

/// How many components a signature may cover. The usual signers cover four. Without a limit a
/// request could make its verifier build a text far longer than the request.
const MAX_COMPONENTS: usize = 64;

/// Reads the signatures of a message, in the order in which they stand in `Signature-Input`.
///
/// # Errors
/// When a header is missing or malformed, a label occurs twice, or there are more than `limit`.
pub(crate) fn candidates(headers: &HeaderMap, limit: usize) -> Result<Vec<Candidate>, VerifyError> {
    let (text, inputs) = dictionary(headers, SIGNATURE_INPUT)?;
    let (_, signatures) = dictionary(headers, SIGNATURE)?;
    let found = inputs.len().max(signatures.len());
    if found > limit {
        return Err(VerifyError::TooManySignatures { found, limit });
    }
    if let Some(label) = signatures.keys().find(|label| !inputs.contains_key(*label)) {
        let label = label.to_string();
        return Err(VerifyError::MissingInput { label });
    }
    fields::members(&text)
        .map(|(label, raw)| candidate(label, raw, &inputs, &signatures))
        .collect()
}

/// Reads one of the two headers; neither may name a label twice.
fn dictionary(headers: &HeaderMap, name: HeaderName) -> Result<(String, Dictionary), VerifyError> {
    let malformed = |reason: &str| VerifyError::MalformedHeader {
        header: name.clone(),
        reason: reason.to_owned(),
    };
    let text = fields::combined(headers, &name)
        .map_err(|_| malformed("it holds more than visible ASCII"))?
        .filter(|text| !text.is_empty())
        .ok_or_else(|| VerifyError::MissingHeader {
            header: name.clone(),
        })?;
    let dictionary = fields::dictionary(&text).map_err(|reason| malformed(&reason))?;
    if fields::members(&text).count() != dictionary.len() {
        return Err(malformed("a label stands there twice"));
    }
    Ok((text, dictionary))
}

fn candidate(
    label: &str,
    raw: &str,
    inputs: &Dictionary,
    signatures: &Dictionary,
) -> Result<Candidate, VerifyError> {
    let malformed = |header: HeaderName, reason: &str| VerifyError::MalformedHeader {
        header,
        reason: format!("{label}: {reason}"),
    };
    let Some(ListEntry::InnerList(input)) = inputs.get(label) else {
        return Err(malformed(
            SIGNATURE_INPUT,
            "it is not a list in parentheses",
        ));
    };
    let (components, parameters) =
        input_of(input).map_err(|reason| malformed(SIGNATURE_INPUT, &reason))?;
    let signature = match signatures.get(label) {
        None => None,
        Some(entry) => Some(
            bytes_of(entry)
                .ok_or_else(|| malformed(SIGNATURE, "it is not a byte sequence between colons"))?,
        ),
    };
    Ok(Candidate {
        label: label.to_owned(),
        raw: raw.to_owned(),
        components,
        parameters,
        signature,
    })
}

fn input_of(input: &InnerList) -> Result<(Vec<Component>, SignatureParameters), String> {
    if input.items.len() > MAX_COMPONENTS {
        return Err(format!("it covers more than {MAX_COMPONENTS} components"));
    }
    let components = input
        .items
        .iter()
        .map(|item| Component::from_item(item).ok_or("a covered component is not a string"))
        .collect::<Result<_, _>>()?;
    Ok((components, parameters(&input.params)?))
}

fn bytes_of(entry: &ListEntry) -> Option<Vec<u8>> {
    match entry {
        ListEntry::Item(item) => match &item.bare_item {
            BareItem::ByteSequence(bytes) => Some(bytes.clone()),
            _ => None,
        },
        ListEntry::InnerList(_) => None,
    }
}

fn parameters(params: &Parameters) -> Result<SignatureParameters, String> {
    let key_id = text(params, "keyid")?
        .map(|id| KeyId::new(id).map_err(|_| "keyid is empty"))
        .transpose()?;
    Ok(SignatureParameters {
        created: seconds(params, "created")?,
        expires: seconds(params, "expires")?,
        key_id,
        algorithm: text(params, "alg")?,
        nonce: text(params, "nonce")?,
        tag: text(params, "tag")?,
    })
}

fn seconds(params: &Parameters, name: &str) -> Result<Option<i64>, String> {
    match params.get(name) {
        None => Ok(None),
        Some(BareItem::Integer(seconds)) => Ok(Some(i64::from(*seconds))),
        Some(_) => Err(format!("{name} is not a whole number of seconds")),
    }
}

fn text(params: &Parameters, name: &str) -> Result<Option<String>, String> {
    match params.get(name) {
        None => Ok(None),
        Some(BareItem::String(text)) => Ok(Some(text.as_str().to_owned())),
        Some(_) => Err(format!("{name} is not a string in double quotes")),
    }
}
