//! One exchange after the other, until a report is asked for.

use super::base::Base;
use super::exchange::{Exchange, Intent};
use super::index::{Contract, Operation};
use super::observe::Observation;
use super::report::{Coverage, Example, Finding, OperationCoverage, Report, Severity};
use super::{body, curl, probes, redact, rules};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Holds exchanges against a contract.
#[derive(Debug)]
pub struct Judge<'c> {
    contract: &'c Contract,
    bases: Vec<Base>,
    findings: BTreeMap<(&'static str, String), Finding>,
    coverage: Vec<OperationCoverage>,
    exchanges: usize,
    outside: usize,
    /// Reading calls that kept to the contract, and recorded ones, that were answered with success.
    successes: usize,
}

impl<'c> Judge<'c> {
    /// A judge of calls below a base; without one, below any that the contract's servers name.
    #[must_use]
    pub fn new(contract: &'c Contract, base: Option<Base>) -> Self {
        let coverage = contract.operations().iter().map(nothing_seen);
        Self {
            contract,
            bases: base.map_or_else(|| contract.bases().to_vec(), |base| vec![base]),
            findings: BTreeMap::new(),
            coverage: coverage.collect(),
            exchanges: 0,
            outside: 0,
            successes: 0,
        }
    }

    /// Judges one exchange.
    pub fn judge(&mut self, exchange: &Exchange) {
        let path = Base::longest(&self.bases, &exchange.url);
        let matched = path.and_then(|path| {
            let matched = self.contract.find(&exchange.method, path)?;
            Some((matched.path, matched.operation))
        });
        match matched {
            Some((_, Some(operation))) => self.operation(operation, exchange),
            Some((template, None)) => self.undeclared(template, exchange),
            None => self.elsewhere(path, exchange),
        }
    }

    /// Everything that was found.
    #[must_use]
    pub fn finish(self, subject: impl Into<String>) -> Report {
        let document = self.contract.document();
        let mut findings: Vec<Finding> = self.findings.into_values().collect();
        findings.sort_by(|a, b| {
            let key = |it: &Finding| (std::cmp::Reverse(it.rule.severity), it.rule.id);
            (key(a), &a.message, &a.fingerprint).cmp(&(key(b), &b.message, &b.fingerprint))
        });
        let inconclusive = match (self.exchanges, self.successes) {
            (0, _) => Some("nothing was judged: no exchange belongs to the contract".to_owned()),
            (_, 0) => Some("no call was answered with success, so no answer was judged".to_owned()),
            _ => None,
        };
        Report {
            subject: subject.into(),
            contract: self.contract.title(),
            file: document.path.clone(),
            sha256: document.sha256.clone(),
            exchanges: self.exchanges,
            outside: self.outside,
            findings,
            coverage: Coverage {
                operations: self.coverage,
            },
            notes: Vec::new(),
            inconclusive,
        }
    }

    fn operation(&mut self, operation: &'c Operation, exchange: &Exchange) {
        self.exchanges += 1;
        self.count(operation, exchange.answer.status);
        let found = match exchange.intent {
            Intent::Probe(probe) => {
                let path = &operation.path;
                let found = probes::judge(self.contract, path, Some(operation), exchange, probe);
                let mut found: Vec<Observation> = found.into_iter().collect();
                // A refusal is an answer too, where the contract says what it looks like.
                let refused = exchange.answer.status >= 400;
                let response = operation.response(exchange.answer.status);
                if let Some(response) = response.filter(|_| refused) {
                    found.extend(body::judge(self.contract, operation, response, exchange));
                }
                found
            }
            Intent::Ordinary | Intent::Recorded => {
                // That a token or a key was taken says nothing of the answers in between.
                let tells = exchange.intent == Intent::Recorded || exchange.method == "GET";
                let success = tells && matches!(exchange.answer.status, 200..400);
                self.successes += usize::from(success);
                self.answer(operation, exchange)
            }
        };
        for observation in found {
            self.record(observation, Some(operation), exchange);
        }
    }

    fn answer(&self, operation: &'c Operation, exchange: &Exchange) -> Vec<Observation> {
        let status = exchange.answer.status;
        let mut found = Vec::new();
        if status == 501 {
            let message = format!("{} is answered with 501", operation.id);
            let cause = operation.pointer.clone();
            let rule = "operation-not-implemented";
            return vec![Observation::new(rule, cause, &operation.pointer, message)];
        }
        if status >= 500 && !is_passing(status) {
            let message = format!("the server failed with {status}");
            let cause = status.to_string();
            found.push(Observation::new(
                "server-error",
                cause,
                &operation.pointer,
                message,
            ));
        }
        match operation.response(status) {
            Some(response) => {
                found.extend(body::judge(self.contract, operation, response, exchange));
            }
            None if status >= 500 || is_passing(status) || is_protocol(operation, exchange) => (),
            None => {
                let message = format!("the status {status} is not documented");
                let place = format!("{}/responses", operation.pointer);
                let cause = status.to_string();
                found.push(Observation::new(
                    "status-undocumented",
                    cause,
                    &place,
                    message,
                ));
            }
        }
        found
    }

    /// A path of the contract, called with a method it does not have.
    fn undeclared(&mut self, template: &'c str, exchange: &Exchange) {
        self.exchanges += 1;
        let observation = match exchange.intent {
            Intent::Probe(probe) => probes::judge(self.contract, template, None, exchange, probe),
            _ => undocumented(exchange, template),
        };
        if let Some(observation) = observation {
            self.record(observation, None, exchange);
        }
    }

    /// A path that the contract does not have.
    fn elsewhere(&mut self, path: Option<&str>, exchange: &Exchange) {
        self.outside += 1;
        let base_is_known = self.bases.len() == 1;
        if let Some(path) = path.filter(|_| base_is_known)
            && let Some(observation) = undocumented(exchange, &without_ids(path))
        {
            self.record(observation, None, exchange);
        }
    }

    fn count(&mut self, operation: &Operation, status: u16) {
        let mut index = self.contract.operations().iter();
        let index = index.position(|known| known.id == operation.id);
        let Some(coverage) = index.map(|index| &mut self.coverage[index]) else {
            return;
        };
        let key = operation.response(status).map(|response| &response.key);
        *match key {
            Some(key) => coverage.documented.entry(key.clone()).or_default(),
            None => coverage.further.entry(status).or_default(),
        } += 1;
    }

    fn record(
        &mut self,
        observation: Observation,
        operation: Option<&Operation>,
        exchange: &Exchange,
    ) {
        let seen_at = match operation {
            Some(operation) => operation.id.clone(),
            None => observation.place_name(&exchange.method),
        };
        let key = (observation.rule, observation.cause.clone());
        let contract = self.contract;
        let finding = self.findings.entry(key).or_insert_with(|| Finding {
            rule: rules::find(observation.rule),
            fingerprint: fingerprint(observation.rule, &observation.cause),
            place: contract.place(&observation.place),
            operations: BTreeSet::new(),
            count: 0,
            example: Example {
                method: exchange.method.clone(),
                url: redact::url(&exchange.url),
                status: exchange.answer.status,
                at: observation.at,
                origin: exchange.origin.clone(),
                repeat: curl::command(exchange, operation),
            },
            accepted: false,
            message: observation.message,
        });
        finding.count += 1;
        finding.operations.insert(seen_at);
    }
}

impl Report {
    /// Adds a note that says why something was left out.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Says that nothing can be said, and why.
    pub fn give_up(&mut self, reason: impl Into<String>) {
        self.inconclusive = Some(reason.into());
    }

    /// The most severe open finding.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let open = self.findings.iter().filter(|finding| !finding.accepted);
        open.map(|finding| finding.rule.severity).max()
    }
}

impl Observation {
    /// How an undeclared operation is called: method and path.
    fn place_name(&self, method: &str) -> String {
        let path = self.place.strip_prefix("/paths/").unwrap_or_default();
        let path = contract::pointer::unescape(path);
        match path.is_empty() {
            true => format!("{method} elsewhere"),
            false => format!("{method} {path}"),
        }
    }
}

fn nothing_seen(operation: &Operation) -> OperationCoverage {
    let documented = operation.responses.iter();
    OperationCoverage {
        id: operation.id.clone(),
        method: operation.method.clone(),
        path: operation.path.clone(),
        documented: documented.map(|it| (it.key.clone(), 0)).collect(),
        further: BTreeMap::new(),
    }
}

/// Answers that only say "not now".
fn is_passing(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// Whether a recorded status is the protocol's answer to a call that may have been wrong.
fn is_protocol(operation: &Operation, exchange: &Exchange) -> bool {
    let recorded = exchange.intent == Intent::Recorded;
    let reused = operation.parameter("header", "idempotency-key").is_some();
    recorded
        && match exchange.answer.status {
            // A browser asked whether what it has is still right.
            304 => true,
            405 | 406 | 411 | 413 | 414 | 415 | 417 | 431 => true,
            422 => reused,
            _ => false,
        }
}

/// A call outside the contract that was answered all the same. Preflights are a browser's own.
fn undocumented(exchange: &Exchange, path: &str) -> Option<Observation> {
    let refused = matches!(exchange.answer.status, 400..) || exchange.answer.status == 0;
    let browser = matches!(exchange.method.as_str(), "OPTIONS" | "HEAD");
    (!refused && !browser).then(|| {
        let cause = format!("{} {path}", exchange.method);
        let message = format!("{cause} is answered, and the contract does not have it");
        let place = format!("/paths/{}", contract::pointer::escape(path));
        Observation::new("operation-undocumented", cause, &place, message)
    })
}

/// A path whose segments that look like identifiers are left out.
fn without_ids(path: &str) -> String {
    let is_id = |segment: &&str| segment.bytes().any(|byte| byte.is_ascii_digit());
    let segments = path.split('/');
    let segments = segments.map(|segment| if is_id(&segment) { "{id}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn fingerprint(rule: &str, cause: &str) -> String {
    let hash = Sha256::digest(format!("{rule}\n{cause}").as_bytes());
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
