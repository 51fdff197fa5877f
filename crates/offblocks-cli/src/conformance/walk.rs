//! A run of the check, from the first call to the last.

use std::collections::BTreeSet;

use conformance::{ConformanceReport, Operation, Probe, ReceivedResponse};
use serde_json::{Value, json};

use super::Conformance;
use super::bodies::{self, Body};
use super::caller::{Call, Caller};
use super::session::Session;
use super::survey::{Known, Survey, call_wrong_ids, is_success, rejections};
use crate::failure::Failure;
use crate::system::random_id;

/// Values of path parameters, by name.
pub(super) type Ids<'a> = &'a [(&'a str, &'a str)];

/// A run.
pub(super) struct Walk<'w, 'c> {
    pub(super) caller: Caller<'c>,
    pub(super) session: &'w Session,
    known: Known,
    limit: usize,
    mutate: bool,
    /// Operations for which the wrong calls were already made.
    probed: BTreeSet<&'c str>,
    notes: Vec<String>,
    /// Why the walk stopped before the end of the guide.
    stopped: Option<&'static str>,
    /// The status of the last response.
    last_status: u16,
    /// Whether a signing key has to be removed at the end.
    registered: bool,
}

impl<'w, 'c> Walk<'w, 'c> {
    pub(super) fn new(caller: Caller<'c>, session: &'w Session, options: &Conformance) -> Self {
        Self {
            caller,
            session,
            known: Known::default(),
            limit: options.limit.get(),
            mutate: options.mutate,
            probed: BTreeSet::new(),
            notes: Vec::new(),
            stopped: None,
            last_status: 0,
            registered: false,
        }
    }

    /// Signs in, walks the guide and reads everything.
    pub(super) async fn run(&mut self) -> Result<(), Failure> {
        self.sign_in().await?;
        if self.session.fresh_key {
            self.register().await?;
            self.registered = true;
        }
        self.calls().await
    }

    /// Removes the signing key, if this run registered one.
    pub(super) async fn clean_up(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.registered) {
            let body = json!({"signingKeyId": self.session.key_id});
            self.right("deleteSigningKey", &[], Some(&body)).await?;
        }
        Ok(())
    }

    async fn calls(&mut self) -> Result<(), Failure> {
        let made = match self.mutate {
            true => Some(self.issue().await?),
            false => None,
        };
        let (caller, known) = (&mut self.caller, &mut self.known);
        let mut survey = Survey::new(caller, known, self.limit, self.mutate);
        survey.own_key = !self.session.fresh_key;
        survey.run().await?;
        match made {
            Some(made) => self.end(made).await,
            None => Ok(()),
        }
    }

    /// The report, and the exchanges as lines.
    pub(super) fn finish(self, session: &Session) -> (ConformanceReport, String) {
        let (mut report, lines) = self.caller.finish(&session.base_url);
        for note in self.notes {
            report.note(note);
        }
        if let Some(reason) = self.stopped {
            report.give_up(reason);
        }
        match self.mutate {
            true => report.note(
                "updateCredentials and deleteCredentials were not called: they would end your access",
            ),
            false => report.note(
                "besides signing in, only GET was called; --mutate walks the issuance guide too",
            ),
        }
        (report, lines)
    }

    /// Adds a note to the report.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Records that the walk stopped before the end of the guide. The first reason counts. What a
    /// server does not implement at all is a finding already.
    pub(super) fn stop(&mut self, reason: &'static str) {
        match self.last_status {
            501 => self.note(reason),
            _ => {
                self.stopped.get_or_insert(reason);
            }
        }
    }

    async fn sign_in(&mut self) -> Result<(), Failure> {
        let credentials = &self.session.credentials;
        let body = json!({
            "apiKey": credentials.api_key, "apiSecret": credentials.api_secret.expose(),
        });
        if self.mutate {
            self.rejected_sign_ins().await?;
        }
        let received = self.call("getToken", &[], Some(&body)).await?;
        let received = received.ok_or_else(|| Failure::because("the contract has no getToken"))?;
        let token = json_of(&received).and_then(|it| it["token"].as_str().map(str::to_owned));
        match token.filter(|_| is_success(&received)) {
            Some(token) => self.caller.set_token(token),
            None => {
                let status = received.status;
                let reason = format!("there is no token: the response of getToken is {status}");
                return Err(Failure::because(reason));
            }
        }
        Ok(())
    }

    /// Wrong bodies and a wrong secret.
    async fn rejected_sign_ins(&mut self) -> Result<(), Failure> {
        if let Some(operation) = self.caller.contract.operation("getToken") {
            self.malformed(operation, &operation.path).await?;
        }
        let wrong = json!({"apiKey": self.session.credentials.api_key, "apiSecret": "wrong"});
        self.call("getToken", &[], Some(&wrong)).await?;
        Ok(())
    }

    async fn register(&mut self) -> Result<(), Failure> {
        let body = bodies::signing_key(self.session.key_id, &self.session.key);
        let received = match self.mutate {
            true => self
                .act("updateSigningKey", &[], Body::Same(body))
                .await?
                .is_some(),
            false => self
                .right("updateSigningKey", &[], Some(&body))
                .await?
                .is_some(),
        };
        match received {
            true => Ok(()),
            false => Err(Failure::because("the signing key could not be registered")),
        }
    }

    /// Calls an operation correctly, after every wrong call of it. Returns what was created, also
    /// when a wrong call created it. A response without a body is `null`.
    pub(super) async fn act(
        &mut self,
        id: &str,
        ids: Ids<'_>,
        body: Body<'_>,
    ) -> Result<Option<Value>, Failure> {
        let Some(operation) = self.caller.contract.operation(id) else {
            return Ok(None);
        };
        let path = filled(operation, ids);
        let mut made = None;
        let first = self.probed.insert(&operation.id);
        if first {
            made = self.call_wrongly(operation, &path, &body).await?;
        }
        let mut call = Call::of(operation, path).json(body.own());
        call.key = Some(random_id()?);
        let received = self.send(operation, call.clone()).await?;
        if is_success(&received) {
            if first {
                self.repeat(call, &received, &body).await?;
            }
            made = json_of(&received).or(Some(Value::Null));
        }
        Ok(made)
    }

    /// Calls an operation correctly, once. Returns what was created. A response without a body is
    /// `null`.
    pub(super) async fn right(
        &mut self,
        id: &str,
        ids: Ids<'_>,
        body: Option<&Value>,
    ) -> Result<Option<Value>, Failure> {
        let received = self.call(id, ids, body).await?.filter(is_success);
        Ok(received.map(|received| json_of(&received).unwrap_or(Value::Null)))
    }

    async fn call(
        &mut self,
        id: &str,
        ids: Ids<'_>,
        body: Option<&Value>,
    ) -> Result<Option<ReceivedResponse>, Failure> {
        let Some(operation) = self.caller.contract.operation(id) else {
            return Ok(None);
        };
        let call = Call::of(operation, filled(operation, ids)).json(body);
        self.send(operation, call).await.map(Some)
    }

    async fn send(
        &mut self,
        operation: &'c Operation,
        call: Call<'c>,
    ) -> Result<ReceivedResponse, Failure> {
        let received = self.caller.send(call).await?;
        self.last_status = received.status;
        let contract = self.caller.contract;
        self.known
            .learn(contract.identifiers(operation, received.status, &received.body));
        Ok(received)
    }

    /// Makes every wrong call of an operation. Returns what one of them created, if the server
    /// accepted it.
    async fn call_wrongly(
        &mut self,
        operation: &'c Operation,
        path: &str,
        body: &Body<'_>,
    ) -> Result<Option<Value>, Failure> {
        let mut made = None;
        for probe in head_and_digest(operation, body) {
            let spare = body.spare()?;
            let call = Call::of(operation, path).json(spare.as_ref());
            let received = self.send(operation, call.probing(probe)).await?;
            if is_success(&received) {
                made = json_of(&received).or(Some(Value::Null));
            }
        }
        if body.own().is_some() {
            self.malformed(operation, path).await?;
        }
        let spare = body.spare()?;
        call_wrong_ids(&mut self.caller, operation, spare.as_ref()).await?;
        Ok(made)
    }

    /// Sends bodies that are not valid JSON, and bodies without the required properties.
    async fn malformed(&mut self, operation: &'c Operation, path: &str) -> Result<(), Failure> {
        let mut bodies = vec![b"{".to_vec()];
        if self.caller.contract.requires_fields(operation) {
            bodies.push(b"{}".to_vec());
        }
        for body in bodies {
            let mut call = Call::of(operation, path).probing(Probe::MalformedBody);
            call.body = body;
            self.caller.send(call).await?;
        }
        Ok(())
    }

    /// Sends a call again with its idempotency key: first unchanged, then with another payload.
    async fn repeat(
        &mut self,
        call: Call<'c>,
        received: &ReceivedResponse,
        body: &Body<'_>,
    ) -> Result<(), Failure> {
        let keyed = |it: &Operation| it.parameter("header", "idempotency-key").is_some();
        if !call.operation.is_some_and(keyed) {
            return Ok(());
        }
        let mut again = call.clone().probing(Probe::ReplayedKey);
        again.first_response = Some(received.clone());
        self.caller.send(again).await?;
        if let Some(other) = body.own().and_then(bodies::altered) {
            let other = call.json(Some(&other)).probing(Probe::ReusedKey);
            self.caller.send(other).await?;
        }
        Ok(())
    }
}

/// The ways in which a call's head or digest can be wrong.
fn head_and_digest(operation: &Operation, body: &Body<'_>) -> Vec<Probe> {
    let mut probes = rejections(operation);
    if operation.required_header("idempotency-key").is_some() {
        probes.push(Probe::MissingKey);
    }
    if operation.required_header("content-digest").is_some() && body.own().is_some() {
        probes.extend([Probe::MissingDigest, Probe::WrongDigest]);
    }
    probes
}

fn filled(operation: &Operation, ids: Ids<'_>) -> String {
    ids.iter()
        .fold(operation.path.clone(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), value)
        })
}

fn json_of(received: &ReceivedResponse) -> Option<Value> {
    serde_json::from_slice(&received.body).ok()
}
