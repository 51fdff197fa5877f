//! Multipart bodies, part by part as they arrive.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::splitter::{SplitError, Splitter, Step, header_parameters};
use super::{
    BodyLimit, Incoming, Operation, Rejection, Shape, Violation, body, choices::{Prefer, ways}, json, values::scalar,
};

/// A part that the contract describes.
#[derive(Debug, Clone, Copy)]
pub struct PartRule {
    /// Its name.
    pub name: &'static str,
    /// How its bytes become a value.
    pub kind: PartKind,
    /// Whether a body without it is rejected.
    pub required: bool,
    /// Whether it may be there more than once.
    pub repeated: bool,
    /// The media types that it may have, or ranges of them; none means any.
    pub media_types: &'static [&'static str],
    /// Where the schema of its value stands in the schemas document, as a JSON pointer.
    pub schema: &'static str,
}

/// How the bytes of a part become a value.
#[derive(Debug, Clone, Copy)]
pub enum PartKind {
    /// They are read as they come.
    File,
    /// They are JSON.
    Json,
    /// They are a text.
    Text(Shape),
}

/// A multipart body, whose parts are read in the order they arrive.
///
/// The values of all its parts together have to fit into the server's limit of a body. Files are read
/// as they come and are of any length: their reader counts.
#[derive(Debug)]
pub struct Multipart {
    operation: &'static Operation,
    rules: &'static [PartRule],
    closed: bool,
    body: Body,
    splitter: Splitter,
    /// Whether the part that was given out last has not ended.
    open: bool,
    seen: Vec<bool>,
    /// How many bytes of values may still be read.
    room: usize,
    limit: BodyLimit,
}

impl Multipart {
    /// A body of these parts; `closed` says that there are no others.
    ///
    /// # Errors
    /// [`Rejection::Invalid`] where the content type names no boundary.
    pub fn new(
        incoming: &Incoming,
        body: Body,
        rules: &'static [PartRule],
        closed: bool,
    ) -> Result<Self, Rejection> {
        let (headers, limit) = (incoming.headers(), incoming.body_limit());
        let value = headers.get(header::CONTENT_TYPE);
        let parameters = value.and_then(|value| value.to_str().ok());
        let parameters = header_parameters(parameters.unwrap_or_default());
        let boundary = parameters.into_iter().find(|(name, _)| name == "boundary");
        let boundary = boundary.map(|(_, value)| value).unwrap_or_default();
        Ok(Self {
            operation: incoming.operation(),
            rules,
            closed,
            body,
            splitter: Splitter::new(&boundary).map_err(malformed)?,
            open: false,
            seen: vec![false; rules.len()],
            room: limit.0,
            limit,
        })
    }

    /// The next part. What was not read of the one before is skipped.
    ///
    /// # Errors
    /// [`Rejection`] where the body is not a multipart body or breaks off, where a part is not one of
    /// the contract's, and at the end where a required one is missing.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, Rejection> {
        while self.open {
            self.chunk().await?;
        }
        let headers = match self.step().await? {
            Step::Head(headers) => headers,
            _ => return self.complete().map(|()| None),
        };
        self.open = true;
        let part = Part {
            rule: None,
            head: Head::of(headers),
            whole: self,
        };
        part.judged().map(Some)
    }

    /// Every required part was there.
    fn complete(&self) -> Result<(), Rejection> {
        let missing = self.rules.iter().zip(&self.seen);
        let mut missing = missing.filter(|(rule, seen)| rule.required && !**seen);
        match missing.next() {
            Some((rule, _)) => Err(broken(rule.name, "is required, and no part has this name")),
            None => Ok(()),
        }
    }

    /// The next bytes of the part that was given out last.
    async fn chunk(&mut self) -> Result<Option<Bytes>, Rejection> {
        if !self.open {
            return Ok(None);
        }
        match self.step().await? {
            Step::Data(bytes) => Ok(Some(bytes)),
            _ => {
                self.open = false;
                Ok(None)
            }
        }
    }

    async fn step(&mut self) -> Result<Step, Rejection> {
        loop {
            match self.splitter.next().map_err(malformed)? {
                Step::More => {}
                step => return Ok(step),
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        self.splitter.push(&bytes);
                    }
                }
                Some(Err(error)) => return Err(body::failure(&error)),
                None => self.splitter.end(),
            }
        }
    }
}

/// A part of a multipart body, to be read before the next one is asked for.
#[derive(Debug)]
pub struct Part<'a> {
    rule: Option<usize>,
    head: Head,
    whole: &'a mut Multipart,
}

impl<'a> Part<'a> {
    /// The place of the part's rule among those of the contract.
    #[must_use]
    pub fn rule(&self) -> Option<usize> {
        self.rule
    }

    /// The name of the part.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// The name of the file, as the sender wrote it. It may hold path separators and anything else,
    /// so it does not name a file here.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.head.file_name.as_deref()
    }

    /// The media type that the sender declares.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        let value = self.head.headers.get(header::CONTENT_TYPE)?;
        value.to_str().ok()
    }

    /// The headers of the part.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The next bytes, and nothing at the end.
    ///
    /// # Errors
    /// [`Rejection`] where the body breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Rejection> {
        self.whole.chunk().await
    }

    /// All bytes.
    ///
    /// # Errors
    /// [`Rejection::BodyTooLarge`] beyond `limit` bytes, and where the body breaks off.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Rejection> {
        self.collect(limit).await
    }

    async fn collect(&mut self, limit: usize) -> Result<Bytes, Rejection> {
        let mut all = BytesMut::new();
        while let Some(bytes) = self.chunk().await? {
            if all.len() + bytes.len() > limit {
                return Err(Rejection::BodyTooLarge { limit });
            }
            all.extend_from_slice(&bytes);
        }
        Ok(all.freeze())
    }

    /// The value of a part that is not a file.
    ///
    /// # Errors
    /// [`Rejection`] where it is too long, or breaks the contract.
    pub async fn value<T: DeserializeOwned>(mut self) -> Result<T, Rejection> {
        let bytes = self.collect(self.whole.room).await.map_err(|error| match error {
            Rejection::BodyTooLarge { .. } => Rejection::BodyTooLarge {
                limit: self.whole.limit.0,
            },
            other => other,
        })?;
        self.whole.room -= bytes.len();
        let name = &self.head.name;
        let rule = self.rule.map(|index| &self.whole.rules[index]);
        let parse = || json::parse(&bytes).map_err(|error| broken(name, &error.to_string()));
        let Some(PartKind::Text(shape)) = rule.map(|rule| rule.kind) else {
            return self.taken(rule, &bytes, parse()?);
        };
        // A sender that names JSON means it, unless the part is a text in any case.
        let is_json = self.media_type().is_some_and(body::is_json) && !matches!(shape, Shape::Text);
        let json = is_json.then(parse).and_then(Result::ok);
        let texts = ways(shape).iter().map(|prefer| text(name, &bytes, shape, *prefer));
        let mut first = None;
        for value in json.map(Ok).into_iter().chain(texts) {
            match value.and_then(|value| self.taken(rule, &bytes, value)) {
                Ok(value) => return Ok(value),
                Err(rejection) => first.get_or_insert(rejection),
            };
        }
        Err(first.unwrap_or_else(|| broken(name, "cannot be read")))
    }

    /// A value that was read from the bytes of the part, held to its schema.
    fn taken<T: DeserializeOwned>(
        &self,
        rule: Option<&PartRule>,
        bytes: &[u8],
        value: Value,
    ) -> Result<T, Rejection> {
        let name = &self.head.name;
        let schemas = self.whole.operation.schemas;
        let found = match rule {
            Some(rule) => schemas.violations(rule.schema, &value),
            None => Ok(Vec::new()),
        };
        let found = found.map_err(|error| Rejection::Inconsistent(error.to_string()))?;
        if !found.is_empty() {
            let found = found.into_iter().map(|violation| inside(name, violation));
            return Err(Rejection::Invalid(found.collect()));
        }
        let decoded = json::decode_from(bytes, value);
        decoded.map_err(|found| Rejection::Invalid(vec![inside(name, found)]))
    }

    /// The part with the rule of its name.
    fn judged(mut self) -> Result<Self, Rejection> {
        let rules = self.whole.rules;
        self.rule = rules.iter().position(|rule| rule.name == self.head.name);
        let Some(index) = self.rule else {
            return match self.whole.closed {
                true => Err(broken(&self.head.name, "is not a part of this body")),
                false => Ok(self),
            };
        };
        let rule = &rules[index];
        if self.whole.seen[index] && !rule.repeated {
            return Err(broken(rule.name, "is given more than once"));
        }
        self.whole.seen[index] = true;
        let accepted = rule.media_types;
        if !accepted.is_empty() && !accepted.iter().any(|one| body::accepts(one, self.headers())) {
            let reason = format!("has to be of the type {}", accepted.join(" or "));
            return Err(broken(rule.name, &reason));
        }
        Ok(self)
    }
}

/// The headers of a part, and what they say of its name.
#[derive(Debug)]
struct Head {
    headers: HeaderMap,
    name: String,
    file_name: Option<String>,
}

impl Head {
    fn of(headers: HeaderMap) -> Self {
        let value = headers.get(header::CONTENT_DISPOSITION);
        let text = value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let mut parameters = header_parameters(text.as_deref().unwrap_or_default());
        let mut take = |name: &str| {
            let at = parameters.iter().position(|(own, _)| own == name)?;
            Some(parameters.swap_remove(at).1)
        };
        Self {
            name: take("name").unwrap_or_default(),
            file_name: take("filename"),
            headers,
        }
    }
}

fn text(name: &str, bytes: &[u8], shape: Shape, prefer: Prefer) -> Result<Value, Rejection> {
    let text = std::str::from_utf8(bytes).map_err(|_| broken(name, "is not text in utf-8"))?;
    scalar(text.to_owned(), shape, prefer).map_err(|fault| broken(name, &fault.to_string()))
}

/// A violation of a part as one of the body.
fn inside(name: &str, mut violation: Violation) -> Violation {
    violation.pointer = format!("{}{}", pointer(name), violation.pointer);
    violation
}

fn pointer(name: &str) -> String {
    format!("/{}", json::token(name))
}

fn broken(name: &str, reason: &str) -> Rejection {
    Rejection::Invalid(vec![Violation::at(pointer(name), reason)])
}

fn malformed(error: SplitError) -> Rejection {
    Rejection::Invalid(vec![Violation::at("", error.to_string())])
}
