//! The parts of multipart bodies (RFC 7578), sent as they come.

use progenitor_client::Error;
use reqwest::multipart;
use serde::Serialize;

/// A file among the parts of a body: bytes in memory, or a stream of them.
#[derive(Debug)]
pub struct FilePart {
    body: reqwest::Body,
    length: Option<u64>,
    file_name: Option<String>,
    media_type: Option<String>,
}

impl FilePart {
    /// A file of these bytes, or of a stream (`reqwest::Body::wrap_stream`).
    pub fn new(body: impl Into<reqwest::Body>) -> Self {
        Self {
            body: body.into(),
            length: None,
            file_name: None,
            media_type: None,
        }
    }

    /// Says how many bytes a stream has, so that the request can say how long it is.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Says what the file is called.
    #[must_use]
    pub fn with_file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Says of which media type the file is. Without it, the file has the first type that the
    /// contract gives the part.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl From<Vec<u8>> for FilePart {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<String> for FilePart {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<reqwest::Body> for FilePart {
    fn from(body: reqwest::Body) -> Self {
        Self::new(body)
    }
}

/// A request with parts as its body, of another type than `multipart/form-data`.
#[doc(hidden)]
#[must_use]
pub fn attach(
    request: reqwest::RequestBuilder,
    media_type: &str,
    form: multipart::Form,
) -> reqwest::RequestBuilder {
    let typed = format!("{media_type}; boundary={}", form.boundary());
    let body = reqwest::Body::wrap_stream(form.into_stream());
    request.header(reqwest::header::CONTENT_TYPE, typed).body(body)
}

/// The parts of a body so far.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Parts(multipart::Form);

impl Parts {
    #[must_use]
    pub fn new() -> Self {
        // Names go out in UTF-8: RFC 7578, section 4.2, forbids other spellings.
        Self(multipart::Form::new().percent_encode_noop())
    }

    #[must_use]
    pub fn into_form(self) -> multipart::Form {
        self.0
    }

    /// Adds a file.
    ///
    /// # Errors
    /// `InvalidRequest` for what no part can carry.
    #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
    pub fn file<E>(
        self,
        name: &str,
        file: impl Into<FilePart>,
        media_type: &str,
    ) -> Result<Self, Error<E>> {
        let file = file.into();
        let mut part = match file.length {
            Some(length) => multipart::Part::stream_with_length(file.body, length),
            None => multipart::Part::stream(file.body),
        };
        if let Some(file_name) = file.file_name {
            if file_name.contains(char::is_control) {
                return Err(Error::InvalidRequest(format!(
                    "the name of a file in `{name}` contains a control character, which no header can carry"
                )));
            }
            part = part.file_name(file_name);
        }
        self.part(name, part, file.media_type.as_deref().unwrap_or(media_type))
    }

    /// Adds a value as JSON.
    ///
    /// # Errors
    /// `InvalidRequest` for what no part can carry.
    #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
    pub fn json<E>(
        self,
        name: &str,
        value: &impl Serialize,
        media_type: &str,
    ) -> Result<Self, Error<E>> {
        let text = serde_json::to_string(value);
        let text = text.map_err(|error| Error::InvalidRequest(error.to_string()))?;
        self.part(name, multipart::Part::text(text), media_type)
    }

    /// Adds a text, a number or a boolean. Plain text needs no media type.
    ///
    /// # Errors
    /// `InvalidRequest` for what no part can carry.
    #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
    pub fn text<E>(
        self,
        name: &str,
        value: &impl Serialize,
        media_type: &str,
    ) -> Result<Self, Error<E>> {
        let value = serde_json::to_value(value);
        let text = match value.map_err(|error| Error::InvalidRequest(error.to_string()))? {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        self.part(name, multipart::Part::text(text), media_type)
    }

    #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
    fn part<E>(
        self,
        name: &str,
        mut part: multipart::Part,
        media_type: &str,
    ) -> Result<Self, Error<E>> {
        if !media_type.is_empty() {
            part = part.mime_str(media_type).map_err(|_| {
                Error::InvalidRequest(format!("`{media_type}` is not a valid media type of `{name}`"))
            })?;
        }
        if name.contains(char::is_control) {
            return Err(Error::InvalidRequest(format!(
                "{name:?} contains a control character, and cannot be the name of a part"
            )));
        }
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        Ok(Self(self.0.part(name, part)))
    }
}
