//! Calls that change nothing on the server.

use std::collections::{BTreeMap, BTreeSet};

use conformance::{Operation, Parameter, Probe, ReceivedResponse};

use super::caller::{Call, Caller};
use crate::failure::Failure;
use crate::system::random_id;

/// The identifiers seen so far, by the component that describes them (`CardId`).
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<String, Vec<String>>);

impl Known {
    /// Adds the identifiers of a response. Returns whether any was new.
    pub(super) fn learn(&mut self, found: impl IntoIterator<Item = (String, String)>) -> bool {
        let mut fresh = false;
        for (component, text) in found {
            let values = self.0.entry(component).or_default();
            if !values.contains(&text) {
                values.push(text);
                fresh = true;
            }
        }
        fresh
    }

    fn of(&self, parameter: &Parameter) -> &[String] {
        let component = parameter.component.as_ref();
        let values = component.and_then(|component| self.0.get(component));
        values.map(Vec::as_slice).unwrap_or_default()
    }

    /// The paths of an operation with every combination of what is known, at most `limit`.
    pub(super) fn paths(&self, operation: &Operation, limit: usize) -> Vec<String> {
        let mut paths = vec![operation.path.clone()];
        for parameter in operation.path_parameters() {
            let slot = format!("{{{}}}", parameter.name);
            let values = self.of(parameter).iter().take(limit);
            let values: Vec<String> = values.map(|value| encoded(value)).collect();
            paths = paths
                .iter()
                .flat_map(|path| values.iter().map(|value| path.replace(&slot, value)))
                .take(limit)
                .collect();
        }
        paths
    }
}

/// The path of an operation with `value` for each parameter; `None` without parameters.
pub(super) fn filled_with(operation: &Operation, value: &str) -> Option<String> {
    let mut parameters = operation.path_parameters().peekable();
    parameters.peek()?;
    let path = parameters.fold(operation.path.clone(), |path, parameter| {
        path.replace(&format!("{{{}}}", parameter.name), &encoded(value))
    });
    Some(path)
}

/// Calls every `GET` with all known identifiers until there are no new ones. Then makes wrong
/// calls.
pub(super) struct Survey<'s, 'c> {
    caller: &'s mut Caller<'c>,
    known: &'s mut Known,
    limit: usize,
    /// Whether other methods than `GET` may be called.
    mutate: bool,
    /// The first path of each operation that succeeded, by the operation's id.
    succeeded: BTreeMap<&'c str, String>,
    /// Whether the user registered the key before this run.
    pub(super) own_key: bool,
    /// Whether signed calls succeeded, and whether they were rejected.
    signed: (bool, bool),
}

impl<'s, 'c> Survey<'s, 'c> {
    pub(super) fn new(
        caller: &'s mut Caller<'c>,
        known: &'s mut Known,
        limit: usize,
        mutate: bool,
    ) -> Self {
        Self {
            caller,
            known,
            limit,
            mutate,
            succeeded: BTreeMap::new(),
            own_key: false,
            signed: (false, false),
        }
    }

    pub(super) async fn run(&mut self) -> Result<(), Failure> {
        let mut asked = BTreeSet::new();
        while self.round(&mut asked).await? {}
        if self.own_key && self.signed == (false, true) {
            let reason = "every signed call is rejected with 401: the signing key is not registered \
                          under --key-id, or is another one; register it, or leave both out";
            return Err(Failure::because(reason));
        }
        for operation in readers(self.caller) {
            self.probe(operation).await?;
        }
        self.undeclared().await
    }

    /// Makes the calls that were not made yet. Returns whether they gave new identifiers.
    async fn round(&mut self, asked: &mut BTreeSet<String>) -> Result<bool, Failure> {
        let mut fresh = false;
        for operation in readers(self.caller) {
            for path in self.known.paths(operation, self.limit) {
                if asked.insert(format!("{} {path}", operation.id)) {
                    fresh |= self.ask(operation, path).await?;
                }
            }
        }
        Ok(fresh)
    }

    async fn ask(&mut self, operation: &'c Operation, path: String) -> Result<bool, Failure> {
        let received = self.caller.send(Call::of(operation, path.clone())).await?;
        if operation.is_signed() {
            self.signed.0 |= is_success(&received);
            self.signed.1 |= received.status == 401;
        }
        if is_success(&received) {
            self.succeeded.entry(&operation.id).or_insert(path);
        }
        let contract = self.caller.contract;
        let found = contract.identifiers(operation, received.status, &received.body);
        Ok(self.known.learn(found))
    }

    /// Wrong calls of one operation, at a path where a correct call succeeds. At other paths a
    /// rejection would prove nothing.
    async fn probe(&mut self, operation: &'c Operation) -> Result<(), Failure> {
        if let Some(path) = self.succeeded.get(operation.id.as_str()) {
            for probe in rejections(operation) {
                let call = Call::of(operation, path.clone()).probing(probe);
                self.caller.send(call).await?;
            }
        }
        call_wrong_ids(self.caller, operation, None).await
    }

    /// Methods on paths that do not declare them: `GET`, and where that is declared, one that
    /// could change something.
    async fn undeclared(&mut self) -> Result<(), Failure> {
        let contract = self.caller.contract;
        let methods = match self.mutate {
            true => &["GET", "PATCH", "PUT", "POST"][..],
            false => &["GET"],
        };
        let mut done = BTreeSet::new();
        for operation in contract.operations() {
            let declared = |method: &str| contract.methods(&operation.path).any(|it| it == method);
            let method = methods.iter().find(|method| !declared(method));
            let path = self.existing_path(operation);
            if let Some((method, path)) = method.zip(path)
                && done.insert(&operation.path)
            {
                let call = Call {
                    operation: None,
                    method: (*method).to_owned(),
                    ..Call::of(operation, path).probing(Probe::WrongMethod)
                };
                self.caller.send(call).await?;
            }
        }
        Ok(())
    }

    /// A path of an operation that exists on the server, as far as is known. Where there is a `GET`
    /// for it, that call must have succeeded.
    fn existing_path(&self, operation: &Operation) -> Option<String> {
        let mut readers = readers(self.caller).filter(|it| it.path == operation.path);
        match readers.next() {
            Some(reader) => self.succeeded.get(reader.id.as_str()).cloned(),
            None => self.known.paths(operation, 1).pop(),
        }
    }
}

/// Calls an operation with identifiers that do not exist, and with some that their schema rejects.
pub(super) async fn call_wrong_ids<'c>(
    caller: &mut Caller<'c>,
    operation: &'c Operation,
    body: Option<&serde_json::Value>,
) -> Result<(), Failure> {
    let unknown = random_id()?.to_string();
    for (probe, value) in [
        (Probe::UnknownId, unknown.as_str()),
        (Probe::MalformedId, "not-an-identifier"),
    ] {
        let uuids = operation
            .path_parameters()
            .all(|it| caller.contract.is_uuid(it));
        if let Some(path) = filled_with(operation, value).filter(|_| uuids) {
            let call = Call::of(operation, path).json(body).probing(probe);
            caller.send(call).await?;
        }
    }
    Ok(())
}

/// The wrong calls that lack a header which the contract requires for authentication, or have a
/// wrong one.
pub(super) fn rejections(operation: &Operation) -> Vec<Probe> {
    let mut probes = Vec::new();
    if operation.needs_token {
        probes.extend([Probe::MissingToken, Probe::WrongToken]);
    }
    if operation.is_signed() {
        probes.extend([Probe::MissingSignature, Probe::WrongSignature]);
    }
    probes
}

fn readers<'c>(caller: &Caller<'c>) -> impl Iterator<Item = &'c Operation> + use<'c> {
    let operations = caller.contract.operations().iter();
    operations.filter(|operation| operation.method == "GET" && can_be_called(operation))
}

/// Whether a call can be made without values that only the caller knows.
fn can_be_called(operation: &Operation) -> bool {
    let unknown = |it: &&Parameter| it.required && it.location == "query";
    !operation.parameters.iter().any(|it| unknown(&it))
}

/// A value as a segment of a path.
fn encoded(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// Whether a response is a success.
pub(super) fn is_success(received: &ReceivedResponse) -> bool {
    (200..300).contains(&received.status)
}
