//! A command line that repeats a call.
//!
//! It is for bash. Secrets are variables in it: `OFFBLOCKS_TOKEN`, and `OFFBLOCKS_SIGNING_KEY` and
//! `OFFBLOCKS_SIGNING_KEY_ID` for `offblocks keys sign`, which signs at the moment of sending.

use super::exchange::{Exchange, Intent, Probe};
use super::index::Operation;
use super::redact;
use serde_json::Value;

/// Brackets a variable's name inside a quoted text, until the shell's quotes are written.
const MARK: char = '\u{1}';

/// The command that repeats a call, wrong in the same way.
pub(super) fn command(exchange: &Exchange, operation: Option<&Operation>) -> String {
    let probe = match exchange.intent {
        Intent::Probe(probe) => Some(probe),
        _ => None,
    };
    let call = Call {
        exchange,
        operation,
        probe,
        url: quoted(&redact::url(&exchange.url)),
    };
    call.lines().join("\n")
}

struct Call<'a> {
    exchange: &'a Exchange,
    operation: Option<&'a Operation>,
    probe: Option<Probe>,
    url: String,
}

impl Call<'_> {
    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.remark().into_iter().map(str::to_owned).collect();
        lines.extend(self.body().map(|body| format!("BODY={body}")));
        let method = &self.exchange.method;
        let mut parts = vec![format!("curl -sS -i -X {method} {}", self.url)];
        parts.extend(self.token());
        parts.extend(self.key());
        if !self.exchange.body.is_empty() {
            let kind = self.exchange.headers.get("content-type");
            let kind = kind.unwrap_or("application/json");
            parts.push(format!("-H {}", quoted(&format!("Content-Type: {kind}"))));
        }
        parts.extend(self.signature());
        if !self.exchange.body.is_empty() {
            parts.push("--data-binary \"$BODY\"".to_owned());
        }
        lines.push(parts.join(" \\\n  "));
        lines
    }

    /// What a single command cannot show.
    fn remark(&self) -> Option<&'static str> {
        match self.probe? {
            Probe::ReplayedKey => {
                Some("# send it twice with one KEY: both responses should be the same")
            }
            Probe::ReusedKey => Some("# KEY is that of an earlier call with another body"),
            Probe::WrongSignature => Some("# other-key.pem is another key than the registered one"),
            _ => None,
        }
    }

    fn body(&self) -> Option<String> {
        let bytes = &self.exchange.body;
        if bytes.is_empty() {
            return None;
        }
        let text = match serde_json::from_slice::<Value>(bytes) {
            Ok(mut value) => {
                redact::json(&mut value, &|key| format!("{MARK}{}{MARK}", variable(key)));
                // The marks come out of JSON escaped.
                value.to_string().replace("\\u0001", &MARK.to_string())
            }
            // A wrong body that this program made holds no secret.
            Err(_) if self.probe.is_some() && bytes.len() <= 16 => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            Err(_) => "…".to_owned(),
        };
        Some(spliced(&quoted(&text)))
    }

    fn token(&self) -> Option<String> {
        let wanted = self.operation.is_none_or(|operation| operation.needs_token);
        match self.probe {
            Some(Probe::MissingToken) => None,
            Some(Probe::WrongToken) => Some("-H 'Authorization: Bearer unknown'".to_owned()),
            _ => wanted.then(|| "-H \"Authorization: Bearer $OFFBLOCKS_TOKEN\"".to_owned()),
        }
    }

    fn key(&self) -> Option<String> {
        let value = match self.probe {
            Some(Probe::MissingKey) => return None,
            Some(Probe::ReplayedKey | Probe::ReusedKey) => "$KEY",
            _ => "$(uuidgen)",
        };
        let wanted = self.operation?.parameter("header", "idempotency-key");
        wanted.map(|_| format!("-H \"Idempotency-Key: {value}\""))
    }

    /// Header lines made by `offblocks keys sign` at the moment of sending.
    fn signature(&self) -> Option<String> {
        let signed = self.operation.is_none_or(Operation::is_signed);
        if !signed || self.probe == Some(Probe::MissingSignature) {
            return None;
        }
        let body = match (self.exchange.body.is_empty(), self.probe) {
            (true, _) => "",
            (_, Some(Probe::WrongDigest)) => " --body \"another $BODY\"",
            _ => " --body \"$BODY\"",
        };
        let key = match self.probe {
            Some(Probe::WrongSignature) => " --signing-key other-key.pem",
            _ => "",
        };
        let filter = match self.probe {
            Some(Probe::MissingDigest) => " | grep -vi ^content-digest",
            _ => "",
        };
        let (method, url) = (&self.exchange.method, &self.url);
        Some(format!(
            "-H @<(offblocks keys sign{key} {method} {url}{body}{filter})"
        ))
    }
}

/// The variables that stand for secrets.
const VARIABLES: [&str; 4] = [
    "OFFBLOCKS_API_SECRET",
    "OFFBLOCKS_TOKEN",
    "WALLET_SIGNATURE",
    "SECRET",
];

fn variable(key: &str) -> &'static str {
    let [secret, token, signature, other] = VARIABLES;
    match key {
        "apiSecret" => secret,
        "token" => token,
        "signature" => signature,
        _ => other,
    }
}

/// A text in single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Puts the variables between marks outside the single quotes. Everything else stays inside: bodies may
/// come from anyone, and the commands are made to be run.
fn spliced(text: &str) -> String {
    let marked = |name: &str| format!("{MARK}{name}{MARK}");
    let out = VARIABLES.iter().fold(text.to_owned(), |text, name| {
        text.replace(&marked(name), &format!("'\"${name}\"'"))
    });
    out.replace(MARK, "\\u0001")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(body: &str) -> String {
        let mut exchange = Exchange::new("POST", "https://a.example/x'y", Intent::Recorded);
        exchange.body = body.as_bytes().to_vec();
        command(&exchange, None)
    }

    #[test]
    fn nothing_gets_out_of_its_quotes_but_known_variables() {
        let secret = posted(r#"{"apiSecret": "hush"}"#);
        let expected = r#"BODY='{"apiSecret":"'"$OFFBLOCKS_API_SECRET"'"}'"#;
        assert!(secret.starts_with(expected), "{secret}");
        let sly = posted(r#"{"a": "\u0001(rm -rf ~)\u0001", "b": "'$(rm -rf ~)'"}"#);
        let expected = r#"BODY='{"a":"\u0001(rm -rf ~)\u0001","b":"'\''$(rm -rf ~)'\''"}'"#;
        assert!(sly.starts_with(expected), "{sly}");
        assert!(sly.contains(r"'https://a.example/x'\''y'"), "{sly}");
        let method = Exchange::new("GET;rm -rf ~", "/", Intent::Recorded);
        assert!(command(&method, None).contains("-X GETRM-RF '/'"));
    }
}
