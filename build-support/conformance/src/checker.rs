//! Exchanges are checked one after the other, until a report is asked for.

use super::base::Base;
use super::exchange::{Exchange, Intent};
use super::index::{Contract, Operation};
use super::observe::Observation;
use super::report::{ConformanceReport, Coverage, Example, Finding, OperationCoverage};
use super::{body, curl, probes, redact, rules};
use ::report::{SourceTexts, fingerprint};
use std::collections::{BTreeMap, BTreeSet};

/// Checks exchanges against a contract.
#[derive(Debug)]
pub struct Checker<'c> {
    contract: &'c Contract,
    bases: Vec<Base>,
    findings: BTreeMap<(&'static str, String), Finding>,
    coverage: Vec<OperationCoverage>,
    exchanges: usize,
    outside: usize,
    /// The identifiers that responses gave, and that no call removed.
    given: BTreeSet<(String, String)>,
    /// Reading calls that kept to the contract, and recorded ones, that succeeded.
    successes: usize,
}

impl<'c> Checker<'c> {
    /// A checker of calls below a base; without one, below any that the contract's servers name.
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
            given: BTreeSet::new(),
            successes: 0,
        }
    }

    /// Checks one exchange.
    pub fn check(&mut self, exchange: &Exchange) {
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
    pub fn finish(self, subject: impl Into<String>) -> ConformanceReport {
        let document = self.contract.document();
        let mut findings: Vec<Finding> = self.findings.into_values().collect();
        findings.sort_by(|a, b| {
            let key = |it: &Finding| (std::cmp::Reverse(it.severity), it.rule.id);
            (key(a), &a.message, &a.fingerprint).cmp(&(key(b), &b.message, &b.fingerprint))
        });
        let inconclusive = match (self.exchanges, self.successes) {
            (0, _) => Some("nothing was checked: no exchange belongs to the contract".to_owned()),
            (_, 0) => Some("no call succeeded, so no response was checked".to_owned()),
            _ => None,
        };
        ConformanceReport {
            subject: subject.into(),
            contract: self.contract.title(),
            file: document.path.clone(),
            sha256: document.sha256.clone(),
            sources: SourceTexts(document.sources.clone()),
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
        self.count(operation, exchange.response.status);
        let found = match exchange.intent {
            Intent::Probe(probe) => {
                let path = &operation.path;
                let found = probes::check(self.contract, path, Some(operation), exchange, probe);
                let mut found: Vec<Observation> = found.into_iter().collect();
                // A rejection is a response too, where the contract says what it looks like.
                let is_rejected = exchange.response.status >= 400;
                let response = operation.response(exchange.response.status);
                if let Some(response) = response.filter(|_| is_rejected) {
                    found.extend(body::check(self.contract, operation, response, exchange));
                }
                found
            }
            Intent::Ordinary | Intent::Recorded => {
                // That a token or a key was accepted says nothing of the responses in between.
                let counts = exchange.intent == Intent::Recorded || exchange.method == "GET";
                let success = counts && matches!(exchange.response.status, 200..400);
                self.successes += usize::from(success);
                let mut found = self.response(operation, exchange);
                found.extend(self.lost(operation, exchange));
                found
            }
        };
        self.remember(operation, exchange);
        for observation in found {
            self.record(observation, Some(operation), exchange);
        }
    }

    /// Remembers the identifiers of a response, and forgets what a call removed.
    fn remember(&mut self, operation: &'c Operation, exchange: &Exchange) {
        let response = &exchange.response;
        if !matches!(response.status, 200..300) {
            return;
        }
        if exchange.method == "DELETE" {
            self.given
                .retain(|(_, id)| !exchange.url.contains(id.as_str()));
            return;
        }
        let found = self
            .contract
            .identifiers(operation, response.status, &response.body);
        self.given.extend(found);
    }

    /// An identifier that a response gave, and that is not found now. Only calls of this run count:
    /// between recorded ones something may have been removed.
    fn lost(&self, operation: &'c Operation, exchange: &Exchange) -> Option<Observation> {
        let is_read = exchange.method == "GET" && exchange.intent == Intent::Ordinary;
        if !is_read || exchange.response.status != 404 {
            return None;
        }
        // What hangs below it may come and go.
        let last = operation.path.rsplit('/').next()?;
        let name = last.strip_prefix('{')?.strip_suffix('}')?;
        let component = operation.parameter("path", name)?.component.clone()?;
        let id = exchange.url.split('?').next()?.rsplit('/').next()?;
        self.given.contains(&(component, id.to_owned())).then(|| {
            let message = format!(
                "{}: the response is 404 for an identifier that the server gave before",
                operation.id
            );
            Observation::new(
                "given-id-not-found",
                operation.pointer.clone(),
                &operation.pointer,
                message,
            )
        })
    }

    fn response(&self, operation: &'c Operation, exchange: &Exchange) -> Vec<Observation> {
        let status = exchange.response.status;
        let mut found = Vec::new();
        if status == 501 {
            let message = format!("the response of {} is 501", operation.id);
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
                found.extend(body::check(self.contract, operation, response, exchange));
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
            Intent::Probe(probe) => probes::check(self.contract, template, None, exchange, probe),
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
        let row = rules::find(observation.rule);
        let finding = self.findings.entry(key).or_insert_with(|| Finding {
            rule: &row.rule,
            severity: row.severity,
            help: row.help,
            fingerprint: fingerprint(observation.rule, &[&observation.cause]),
            place: contract.place(&observation.place),
            operations: BTreeSet::new(),
            count: 0,
            example: Example {
                method: exchange.method.clone(),
                url: redact::url(&exchange.url),
                status: exchange.response.status,
                at: observation.at,
                origin: exchange.origin.clone(),
                repeat: curl::command(exchange, operation),
            },
            accepted: None,
            message: observation.message,
        });
        finding.count += 1;
        finding.operations.insert(seen_at);
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

/// Responses that only say "not now".
fn is_passing(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// Whether a recorded status is the protocol's response to a call that may have been wrong.
fn is_protocol(operation: &Operation, exchange: &Exchange) -> bool {
    let recorded = exchange.intent == Intent::Recorded;
    let reused = operation.parameter("header", "idempotency-key").is_some();
    recorded
        && match exchange.response.status {
            // A browser asked whether its copy is still current.
            304 => true,
            405 | 406 | 411 | 413 | 414 | 415 | 417 | 431 => true,
            422 => reused,
            _ => false,
        }
}

/// A call outside the contract that was served nevertheless. Preflights are made by browsers.
fn undocumented(exchange: &Exchange, path: &str) -> Option<Observation> {
    let is_rejected = matches!(exchange.response.status, 400..) || exchange.response.status == 0;
    let browser = matches!(exchange.method.as_str(), "OPTIONS" | "HEAD");
    (!is_rejected && !browser).then(|| {
        let cause = format!("{} {path}", exchange.method);
        let message = format!("{cause} is served, and the contract does not have it");
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
