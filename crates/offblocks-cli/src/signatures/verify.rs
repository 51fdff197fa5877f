//! `offblocks verify`: whether captured requests are signed as they should be, and what differs.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use chrono::DateTime;
use http::uri::Scheme;
use offblocks_signature::{
    ContentDigest, DigestError, Message, SigningKey, Verifier, VerifyError, VerifyingKey,
};
use serde_json::{Value, json};

use super::captured::{self, Captured};
use super::compare::{Difference, compare};
use super::variants::{authority, variants};
use crate::arguments::Verify;
use crate::failure::Failure;
use crate::print::print;
use crate::system::now;

/// What a command ends with when a signature is not valid.
const NOT_VALID: u8 = 100;

/// Checks each request of a file.
pub(crate) fn run(options: &Verify) -> Result<ExitCode, Failure> {
    let name = options.file.display().to_string();
    let bytes = bytes(&options.file)?;
    let all = captured::read(&name, &bytes).map_err(Failure::usage)?;
    let chosen: Vec<&Captured> = match options.entry {
        None => all.iter().collect(),
        Some(number) => {
            let found = number.checked_sub(1).and_then(|index| all.get(index));
            vec![found.ok_or_else(|| {
                Failure::usage(format!("{name} has {} requests, counted from 1", all.len()))
            })?]
        }
    };
    let key = key(&options.key)?;
    let base = options.base.as_deref().map(std::fs::read_to_string);
    let base = base.transpose();
    let base = base.map_err(|error| Failure::new("cannot read the signer's base", error))?;
    let checker = Checker {
        verifier: verifier(options),
        key,
        base,
        now: now()?,
    };
    let mut valid = true;
    for request in chosen {
        let verdict = checker.check(request);
        valid &= verdict.rejection.is_none();
        print(options.json, &verdict.json(), &verdict.lines())?;
    }
    Ok(match valid {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(NOT_VALID),
    })
}

fn verifier(options: &Verify) -> Verifier {
    let scheme = match options.scheme.as_str() {
        "http" => Scheme::HTTP,
        _ => Scheme::HTTPS,
    };
    Verifier::builder().any_age().scheme(scheme).build()
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let read = match file == Path::new("-") {
        true => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.map(|_| bytes)
        }
        false => std::fs::read(file),
    };
    read.map_err(|error| Failure::new(&format!("cannot read {}", file.display()), error))
}

/// A public key in any of its forms, or the public half of a private one.
fn key(file: &Path) -> Result<VerifyingKey, Failure> {
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| Failure::new(&format!("cannot read {shown}"), error))?;
    let text = text.trim();
    let public = VerifyingKey::from_spki_pem(text);
    let public = public.or_else(|_| VerifyingKey::from_base64_pem(text));
    let public = public.or_else(|_| SigningKey::from_pem(text).map(|key| key.public_key()));
    public.map_err(|_| {
        Failure::because(format!(
            "{shown} is neither a public key (PEM, or that in Base64) nor a private key on P-384"
        ))
    })
}

struct Checker {
    verifier: Verifier,
    key: VerifyingKey,
    /// The base of the signer.
    base: Option<String>,
    /// Seconds since 1970.
    now: i64,
}

/// What was found out about a request.
struct Verdict {
    method: String,
    url: String,
    rejection: Option<VerifyError>,
    key_id: Option<String>,
    created: Option<i64>,
    /// When the request was checked.
    now: i64,
    base: Vec<String>,
    digest: &'static str,
    differences: Vec<Difference>,
}

impl Checker {
    fn check(&self, request: &Captured) -> Verdict {
        let message = Message::new(&request.method, &request.uri, &request.headers);
        let rejection = self.verify(request).err();
        let explained = self.verifier.explain(&message, None).ok();
        let parameters = explained.as_ref().map(|it| &it.parameters);
        let base = explained
            .as_ref()
            .and_then(|it| it.signature_base.as_deref().ok());
        let base = base.unwrap_or_default();
        let differences = match &self.base {
            Some(theirs) => compare(base, theirs),
            None => self.search(request, rejection.as_ref()),
        };
        Verdict {
            method: request.method.to_string(),
            url: request.uri.to_string(),
            key_id: parameters.and_then(|it| Some(it.key_id.as_ref()?.as_str().to_owned())),
            created: parameters.and_then(|it| it.created),
            now: self.now,
            base: base.lines().map(str::to_owned).collect(),
            digest: digest(request),
            rejection,
            differences,
        }
    }

    fn verify(&self, request: &Captured) -> Result<(), VerifyError> {
        let message = Message::new(&request.method, &request.uri, &request.headers);
        let key = |_: &_| Some(self.key.clone());
        let verified = self.verifier.verify(&message, &request.body, self.now, key);
        verified.map(drop)
    }

    /// The change of one component that makes the signature valid.
    fn search(&self, request: &Captured, rejection: Option<&VerifyError>) -> Vec<Difference> {
        let wrong = matches!(
            rejection,
            Some(VerifyError::WrongSignature { .. } | VerifyError::Digest(_))
        );
        let authority = authority(&request.uri, &request.headers);
        let all = if wrong {
            variants(request, &authority)
        } else {
            Vec::new()
        };
        let found = all.into_iter().find(|it| self.verify(&it.request).is_ok());
        let difference = found.map(|it| Difference {
            component: it.component.to_owned(),
            captured: Some(it.captured),
            signed: Some(it.signed),
        });
        difference.into_iter().collect()
    }
}

/// Whether the header says the digest of the body.
fn digest(request: &Captured) -> &'static str {
    match ContentDigest::verify(&request.headers, &request.body) {
        Ok(()) => "right",
        Err(DigestError::Missing) => "absent",
        Err(_) => "wrong",
    }
}

impl Verdict {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{} {}", self.method, self.url)];
        let mut add = |title: &str, text: &str| lines.push(format!("  {title:<10}  {text}"));
        if let Some(id) = &self.key_id {
            add("key id", id);
        }
        if let Some(created) = self.created {
            let at = DateTime::from_timestamp(created, 0).map(|at| at.to_rfc3339());
            let ago = self.now.saturating_sub(created);
            add(
                "created",
                &format!("{} ({ago} s ago)", at.unwrap_or_default()),
            );
        }
        for (index, line) in self.base.iter().enumerate() {
            add(if index == 0 { "base" } else { "" }, line);
        }
        add("digest", self.digest);
        match &self.rejection {
            None => add("signature", "valid"),
            Some(error) => add("signature", &format!("not valid: {error}")),
        }
        for difference in &self.differences {
            add("difference", &explained(difference));
        }
        lines
    }

    fn json(&self) -> Value {
        let differences = self.differences.iter().map(
            |it| json!({ "component": it.component, "captured": it.captured, "signed": it.signed }),
        );
        let differences: Vec<Value> = differences.collect();
        json!({
            "method": self.method,
            "url": self.url,
            "valid": self.rejection.is_none(),
            "reason": self.rejection.as_ref().map(ToString::to_string),
            "keyId": self.key_id,
            "created": self.created,
            "signatureBase": self.base,
            "digest": self.digest,
            "difference": (!differences.is_empty()).then_some(differences),
        })
    }
}

fn explained(difference: &Difference) -> String {
    let value = |value: &Option<String>| match value {
        Some(value) => format!("\"{value}\""),
        None => "nothing".to_owned(),
    };
    format!(
        "{} is {} in the request, and {} was signed",
        difference.component,
        value(&difference.captured),
        value(&difference.signed)
    )
}
