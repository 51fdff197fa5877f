//! Bodies of a media type that the contract leaves open: it names a range, such as `image/*`.

use std::error::Error;
use std::fmt;

/// A body and its media type, where the contract names a range of types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedBody<B> {
    media_type: String,
    body: B,
}

impl<B> TypedBody<B> {
    /// A body of a media type, such as `image/png`. It has to be in the contract's range, which is
    /// checked when the body is sent.
    pub fn new(media_type: impl Into<String>, body: B) -> Self {
        Self {
            media_type: media_type.into(),
            body,
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The body without its type.
    #[must_use]
    pub fn into_body(self) -> B {
        self.body
    }

    /// Type and body, if the type is in a range: `image/*`, `*/*`.
    ///
    /// # Errors
    /// [`OutOfRange`] for another type, and for what is not a media type.
    #[doc(hidden)]
    pub fn within(self, range: &'static str) -> Result<(String, B), OutOfRange> {
        match is_within(&self.media_type, range) {
            true => Ok((self.media_type, self.body)),
            false => Err(OutOfRange {
                media_type: self.media_type,
                range,
            }),
        }
    }
}

/// A body has a media type that the contract does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutOfRange {
    /// The type that was given.
    pub media_type: String,
    /// What the contract allows.
    pub range: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { media_type, range } = self;
        write!(formatter, "{media_type:?} is not a media type in the range `{range}`")
    }
}

impl Error for OutOfRange {}

/// Types and ranges are compared without regard to case (RFC 9110, section 8.3.1). What follows a type,
/// its parameters, only has to be something that a header can carry.
fn is_within(media_type: &str, range: &str) -> bool {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let Some((kind, subtype)) = essence.trim_end().split_once('/') else {
        return false;
    };
    let range = range.split(';').next().unwrap_or_default().trim();
    let (of_kind, of_subtype) = range.split_once('/').unwrap_or(("*", "*"));
    let fits = |part: &str, range: &str| range == "*" || part.eq_ignore_ascii_case(range);
    let printable = |text: &str| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    is_name(kind)
        && is_name(subtype)
        && fits(kind, of_kind)
        && fits(subtype, of_subtype)
        && printable(parameters)
}

/// Whether a text is a name as RFC 6838, section 4.2, restricts them; a range is not.
fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}
