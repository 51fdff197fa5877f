//! A request on its way into a handler: parameters and body decoded and checked.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{Extensions, HeaderMap, Uri};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::{
    BodyLimit, BodyRule, Location, Operation, ParameterFault, ParameterRule, Rejection, RequestContext,
    SchemaError, Shape, Violation, body, check_declared_body, collect_body, idempotency_key, json,
    choices::{Prefer, ways},
    parameters::{PathValues, Sources, form},
    values::scalar,
    router::DEFAULT_BODY_LIMIT,
};

/// A request whose body was read, within the limit, unless the handler reads it as it comes.
pub struct Incoming {
    operation: &'static Operation,
    uri: Uri,
    headers: HeaderMap,
    extensions: Extensions,
    idempotency_key: Option<Uuid>,
    body: Bytes,
    stream: Option<Body>,
    /// The rule that the body's type belongs to, and its place among those of the operation.
    chosen: Option<(usize, &'static BodyRule)>,
    limit: BodyLimit,
}

impl Incoming {
    /// The operation that is called.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Every header of the request.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many bytes of a body are read.
    #[must_use]
    pub fn body_limit(&self) -> BodyLimit {
        self.limit
    }

    /// Reads a request. A body sent to an operation that has none is left unread.
    ///
    /// # Errors
    /// What is wrong with the body or the idempotency key.
    pub(super) async fn read(
        operation: &'static Operation,
        request: Request,
    ) -> Result<Self, Rejection> {
        let (parts, body) = request.into_parts();
        let limit = parts
            .extensions
            .get()
            .copied()
            .unwrap_or(BodyLimit(DEFAULT_BODY_LIMIT));
        let idempotency_key = idempotency_key(operation, &parts.headers)?;
        let chosen = operation.body.as_ref();
        let chosen = chosen.and_then(|rule| {
            let place = body::chosen(rule, &parts.headers).unwrap_or_default();
            Some((place, rule.all().nth(place)?))
        });
        let (body, stream) = match chosen {
            Some((_, rule)) if rule.streamed => {
                check_declared_body(operation, &parts.headers, BodyLimit(usize::MAX))?;
                (Bytes::new(), Some(body))
            }
            Some(_) => {
                check_declared_body(operation, &parts.headers, limit)?;
                let body = collect_body(&parts.headers, body, limit).await?;
                (body, None)
            }
            None => (Bytes::new(), None),
        };
        Ok(Self {
            operation,
            uri: parts.uri,
            headers: parts.headers,
            extensions: parts.extensions,
            idempotency_key,
            body,
            stream,
            chosen,
            limit,
        })
    }

    /// Which of the bodies that the contract knows this one is by its type: 0 for the preferred one,
    /// also where the type is none of theirs.
    #[must_use]
    pub fn chosen_body(&self) -> usize {
        self.chosen.map_or(0, |(place, _)| place)
    }

    /// Where the schema of the body stands.
    pub(super) fn body_schema(&self) -> Option<&'static str> {
        self.chosen?.1.schema
    }

    /// A parameter that has to be there.
    ///
    /// # Errors
    /// [`Rejection::Parameter`] naming it.
    pub fn required<T: DeserializeOwned>(
        &self,
        location: Location,
        name: &'static str,
    ) -> Result<T, Rejection> {
        let fault = ParameterFault::Missing;
        let value = match self.optional(location, name)? {
            None => self.nothing(self.rule(location, name)?)?,
            value => value,
        };
        value.ok_or(Rejection::Parameter {
            location,
            name,
            fault,
        })
    }

    /// What is not written in a text at all (RFC 6570, section 2.3): the list without items, or the
    /// object without members, where the contract takes it.
    fn nothing<T: DeserializeOwned>(&self, rule: &ParameterRule) -> Result<Option<T>, Rejection> {
        let Some(value) = rule.shape.nothing() else {
            return Ok(None);
        };
        let fits = self.violations(rule.schema, &value)?.is_empty();
        Ok(json::decode(value).ok().filter(|_| fits))
    }

    /// A parameter that may be absent.
    ///
    /// # Errors
    /// [`Rejection::Parameter`] naming it.
    pub fn optional<T: DeserializeOwned>(
        &self,
        location: Location,
        name: &'static str,
    ) -> Result<Option<T>, Rejection> {
        let rule = self.rule(location, name)?;
        let reject = |fault| Rejection::Parameter {
            location,
            name,
            fault,
        };
        let mut first = None;
        for prefer in ways(rule.shape) {
            let fault = match self.sources().value(rule, *prefer) {
                Ok(None) => return Ok(None),
                Ok(Some(value)) => match self.violations(rule.schema, &value)?.into_iter().next() {
                    None => {
                        let decoded = json::decode(value).map(Some);
                        return decoded.map_err(|it| reject(ParameterFault::Invalid(it.detail)));
                    }
                    Some(violation) => ParameterFault::Invalid(violation.detail),
                },
                Err(fault) => fault,
            };
            first.get_or_insert(fault);
        }
        Err(reject(first.unwrap_or(ParameterFault::Missing)))
    }

    /// The JSON body.
    ///
    /// # Errors
    /// Another type, malformed JSON, or every place where it breaks the contract.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Rejection> {
        self.optional_json()?.ok_or_else(|| self.missing())
    }

    /// The JSON body, where there is one.
    ///
    /// # Errors
    /// As [`Incoming::json`].
    pub fn optional_json<T: DeserializeOwned>(&self) -> Result<Option<T>, Rejection> {
        if !self.has_body()? {
            return Ok(None);
        }
        let value = json::parse(&self.body)?;
        self.check(&value)?;
        let decoded = json::decode_from(&self.body, value);
        decoded.map(Some).map_err(|violation| Rejection::Invalid(vec![violation]))
    }

    /// The form body.
    ///
    /// # Errors
    /// Another type, or every place where it breaks the contract.
    pub fn form<T: DeserializeOwned>(&self, shape: Shape) -> Result<T, Rejection> {
        self.optional_form(shape)?.ok_or_else(|| self.missing())
    }

    /// The form body, where there is one.
    ///
    /// # Errors
    /// As [`Incoming::form`].
    pub fn optional_form<T: DeserializeOwned>(&self, shape: Shape) -> Result<Option<T>, Rejection> {
        let Some(text) = self.characters()? else {
            return Ok(None);
        };
        // Each member is read in its own way: the first that its schema takes.
        let mut others: BTreeMap<String, usize> = BTreeMap::new();
        let ways = ways(shape);
        let mut first = None;
        loop {
            let prefer = |name: &str| ways[others.get(name).copied().unwrap_or_default()];
            let rejection = match form(&text, shape, &prefer) {
                Ok(value) => match self.checked_form(value, shape) {
                    Ok(value) => return Ok(Some(value)),
                    Err(rejection) => rejection,
                },
                Err((name, fault)) => {
                    let place = format!("/{}", json::token(&name));
                    Rejection::Invalid(vec![Violation::at(place, fault.to_string())])
                }
            };
            let mut tried = false;
            for name in misread(&rejection) {
                let way = others.entry(name).or_default();
                if *way + 1 < ways.len() {
                    *way += 1;
                    tried = true;
                }
            }
            let rejection = first.get_or_insert(rejection);
            if !tried {
                return Err(rejection.clone());
            }
        }
    }

    /// Checks a form, then takes it as `T`. Where that fails, what is not written in a form is taken to be
    /// there.
    fn checked_form<T: DeserializeOwned>(&self, form: Value, shape: Shape) -> Result<T, Rejection> {
        match self.check(&form) {
            Ok(()) => decoded(form),
            Err(Rejection::Invalid(wrong)) => self.checked(self.with_nothings(form, shape, wrong.len())?),
            Err(rejection) => Err(rejection),
        }
    }

    /// A form with what is not written in one and has to be there: lists without items, objects without
    /// members, and nulls. Each stays where fewer places than `wrong` break the schema with it.
    fn with_nothings(&self, mut form: Value, shape: Shape, mut wrong: usize) -> Result<Value, Rejection> {
        let Some(schema) = self.body_schema() else {
            return Ok(form);
        };
        let missing = self.operation.schemas.missing(schema, &form).map_err(inconsistent)?;
        for (name, shape) in shape.members().iter().filter(|(name, _)| missing.contains(*name)) {
            for nothing in shape.nothing().into_iter().chain([Value::Null]) {
                let mut fuller = form.clone();
                if let Some(members) = fuller.as_object_mut() {
                    members.insert((*name).to_owned(), nothing);
                }
                let left = self.violations(schema, &fuller)?.len();
                if left < wrong {
                    (form, wrong) = (fuller, left);
                    break;
                }
            }
        }
        Ok(form)
    }

    /// The body as JSON, or as a form where its type says so.
    ///
    /// # Errors
    /// As [`Incoming::json`] and [`Incoming::form`].
    pub fn json_or_form<T: DeserializeOwned>(&self, shape: Shape) -> Result<T, Rejection> {
        match body::is_form(&self.headers) {
            true => self.form(shape),
            false => self.json(),
        }
    }

    /// The body as JSON, or as a form where its type says so, where there is one.
    ///
    /// # Errors
    /// As [`Incoming::json`] and [`Incoming::form`].
    pub fn optional_json_or_form<T: DeserializeOwned>(
        &self,
        shape: Shape,
    ) -> Result<Option<T>, Rejection> {
        match body::is_form(&self.headers) {
            true => self.optional_form(shape),
            false => self.optional_json(),
        }
    }

    /// The body as text.
    ///
    /// # Errors
    /// Another type, bytes that are not UTF-8, or a text that the contract does not take.
    pub fn text(&self) -> Result<String, Rejection> {
        self.optional_text()?.ok_or_else(|| self.missing())
    }

    /// The body as text, where there is one.
    ///
    /// # Errors
    /// As [`Incoming::text`].
    pub fn optional_text(&self) -> Result<Option<String>, Rejection> {
        let Some(text) = self.characters()? else {
            return Ok(None);
        };
        if self.chosen.is_some_and(|(_, rule)| rule.text) {
            self.check_text(&text)?;
        }
        Ok(Some(text))
    }

    /// Checks a text as what it may be: a string, or a number or flag that it writes.
    fn check_text(&self, text: &str) -> Result<(), Rejection> {
        const WRITTEN: Shape = Shape::Any(&[Shape::Integer, Shape::Number, Shape::Boolean, Shape::Text]);
        let as_text = self.check(&Value::String(text.to_owned()));
        let written = scalar(text.to_owned(), WRITTEN, Prefer::Scalar);
        match written {
            Ok(value) if as_text.is_err() && !value.is_string() => self.check(&value),
            _ => as_text,
        }
    }

    /// The characters of the body, where there is one.
    fn characters(&self) -> Result<Option<String>, Rejection> {
        let Some(bytes) = self.optional_bytes()? else {
            return Ok(None);
        };
        String::from_utf8(bytes.into())
            .map(Some)
            .map_err(|_| Rejection::BodyNotText)
    }

    /// The body's bytes.
    ///
    /// # Errors
    /// Another type.
    pub fn bytes(&self) -> Result<Bytes, Rejection> {
        self.optional_bytes()?.ok_or_else(|| self.missing())
    }

    /// The body's bytes, where there are any.
    ///
    /// # Errors
    /// As [`Incoming::bytes`].
    pub fn optional_bytes(&self) -> Result<Option<Bytes>, Rejection> {
        Ok(self.has_body()?.then(|| self.body.clone()))
    }

    /// The body as it comes. It may fail on its way, and is not counted against any limit here.
    ///
    /// # Errors
    /// Another type.
    pub fn stream(&mut self) -> Result<Body, Rejection> {
        if let Some(rule) = &self.operation.body {
            body::check_head(rule, &self.headers)?;
        }
        self.stream.take().ok_or_else(|| self.missing())
    }

    /// The body as it comes, where the headers announce one.
    ///
    /// # Errors
    /// Another type.
    pub fn optional_stream(&mut self) -> Result<Option<Body>, Rejection> {
        match body::declares_body(&self.headers) {
            true => self.stream().map(Some),
            false => Ok(None),
        }
    }

    /// What remains for the handler once its arguments are taken.
    #[must_use]
    pub fn into_context(self) -> RequestContext {
        RequestContext {
            operation: self.operation,
            uri: self.uri,
            headers: self.headers,
            idempotency_key: self.idempotency_key,
            extensions: self.extensions,
        }
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            path: self.extensions.get::<PathValues>(),
            query: self.uri.query().unwrap_or_default(),
            rules: self.operation.parameters,
            headers: &self.headers,
        }
    }

    fn rule(&self, location: Location, name: &str) -> Result<&'static ParameterRule, Rejection> {
        let mut rules = self.operation.parameters.iter();
        rules
            .find(|rule| rule.location == location && rule.name == name)
            .ok_or_else(|| {
                let place = location.as_str();
                Rejection::Inconsistent(format!(
                    "{} has no {place} parameter {name}",
                    self.operation.id
                ))
            })
    }

    fn has_body(&self) -> Result<bool, Rejection> {
        match &self.operation.body {
            Some(rule) => body::check(rule, &self.headers, &self.body),
            None => Ok(false),
        }
    }

    fn missing(&self) -> Rejection {
        let expected = self.chosen.map_or("no type", |(_, rule)| rule.media_type);
        Rejection::BodyMissing { expected }
    }

    /// Checks a body against its schema.
    fn check(&self, value: &Value) -> Result<(), Rejection> {
        let Some(schema) = self.body_schema() else {
            return Ok(());
        };
        let violations = self.violations(schema, value)?;
        match violations.is_empty() {
            true => Ok(()),
            false => Err(Rejection::Invalid(violations)),
        }
    }

    /// Checks a body against its schema, then takes it as `T`.
    fn checked<T: DeserializeOwned>(&self, value: Value) -> Result<T, Rejection> {
        self.check(&value)?;
        decoded(value)
    }

    fn violations(&self, schema: &'static str, value: &Value) -> Result<Vec<Violation>, Rejection> {
        let found = self.operation.schemas.violations(schema, value);
        found.map_err(inconsistent)
    }
}

fn decoded<T: DeserializeOwned>(value: Value) -> Result<T, Rejection> {
    json::decode(value).map_err(|violation| Rejection::Invalid(vec![violation]))
}

fn inconsistent(error: SchemaError) -> Rejection {
    Rejection::Inconsistent(error.to_string())
}

/// The members of a form that break the contract.
fn misread(rejection: &Rejection) -> BTreeSet<String> {
    let violations = match rejection {
        Rejection::Invalid(violations) => violations.as_slice(),
        _ => &[],
    };
    let tokens = violations.iter().filter_map(|violation| violation.pointer.split('/').nth(1));
    tokens.map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
}
