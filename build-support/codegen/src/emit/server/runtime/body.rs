//! Reading a body once, within a limit, and judging its declared type.

use std::error::Error;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::{BodyRule, Operation, Rejection};

/// How many bytes of a body are read, in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimit(pub usize);

/// Why a body was stopped before its end by what guards it: a server fails a body with this,
/// and the request is rejected with the fitting status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyStop {
    /// It took too long.
    #[error("the body took too long to arrive")]
    TimedOut,
    /// The bodies of all requests together are as large as the server allows.
    #[error("the server holds as much of bodies as it allows")]
    NoRoom,
}

/// Rejects what the headers alone show about a body that the operation does not take: a content
/// coding, another content type, a declared length beyond the limit. Nothing is read.
///
/// # Errors
/// [`Rejection::UnsupportedCoding`], [`Rejection::UnsupportedMediaType`],
/// [`Rejection::BodyTooLarge`].
pub fn check_declared_body(
    operation: &Operation,
    headers: &HeaderMap,
    limit: BodyLimit,
) -> Result<(), Rejection> {
    if declared_length(headers).is_some_and(|length| length > limit.0 as u64) {
        return Err(Rejection::BodyTooLarge { limit: limit.0 });
    }
    let Some(rule) = operation.body.filter(|_| declares_body(headers)) else {
        return Ok(());
    };
    if is_coded(headers) {
        return Err(Rejection::UnsupportedCoding);
    }
    match headers.contains_key(header::CONTENT_TYPE) && chosen(&rule, headers).is_none() {
        true => Err(unsupported(&rule, headers)),
        false => Ok(()),
    }
}

/// The place, among a rule and its others, of the one that the declared type belongs to: one that names
/// the type goes before one that names a range of them. Where several name it, their parameters tell
/// them apart (`version=2`): the first of those that have the most of what is declared, and nothing else.
pub(super) fn chosen(rule: &BodyRule, headers: &HeaderMap) -> Option<usize> {
    let all = rule.all().enumerate();
    let all = all.flat_map(|(place, rule)| rule.media_types().map(move |it| (place, it)));
    let named: Vec<(usize, &str)> = all.filter(|(_, it)| accepts(it, headers)).collect();
    let (ranges, exact): (Vec<_>, Vec<_>) = named.into_iter().partition(|(_, it)| it.contains('*'));
    match exact.as_slice() {
        [] => ranges.first().map(|(place, _)| *place),
        [(only, _)] => Some(*only),
        several => {
            let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let given = parameters(given.unwrap_or_default());
            let fitting = several.iter().filter_map(|(place, it)| Some((*place, shared(it, &given)?)));
            let best = fitting.rev().max_by_key(|(_, count)| *count);
            best.map(|(place, _)| place)
        }
    }
}

/// How many parameters of a media type of the contract are given; `None` where one is given otherwise.
fn shared(expected: &str, given: &[(String, String)]) -> Option<usize> {
    let mut count = 0;
    for (name, value) in parameters(expected) {
        match given.iter().find(|(known, _)| *known == name) {
            Some((_, other)) if *other != value => return None,
            Some(_) => count += 1,
            None => {}
        }
    }
    Some(count)
}

/// The parameters of a media type that tell it from another one: not those that say how its bytes are
/// written.
fn parameters(media_type: &str) -> Vec<(String, String)> {
    let all = media_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let all = all.map(|(name, value)| {
        (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
    });
    all.filter(|(name, _)| !["charset", "boundary"].contains(&name.as_str())).collect()
}

fn unsupported(rule: &BodyRule, headers: &HeaderMap) -> Rejection {
    let types: Vec<&str> = rule.all().flat_map(BodyRule::media_types).collect();
    Rejection::UnsupportedMediaType {
        expected: types.join(", "),
        sent: declared(headers),
    }
}

/// The type that a body has by its headers, as far as it is fit to be repeated.
fn declared(headers: &HeaderMap) -> Option<String> {
    const LONG: usize = 100;
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    (essence(value).is_some() && value.len() <= LONG).then(|| value.to_owned())
}

/// Reads a whole body.
///
/// A declared `Content-Length` beyond the limit is rejected before anything is read.
///
/// # Errors
/// [`Rejection::BodyTooLarge`] beyond `limit`, [`Rejection::BodyUnreadable`] when the sender
/// breaks off, [`Rejection::BodyTimeout`] and [`Rejection::Overloaded`] after a [`BodyStop`].
pub async fn collect_body(
    headers: &HeaderMap,
    body: Body,
    limit: BodyLimit,
) -> Result<Bytes, Rejection> {
    let too_large = Rejection::BodyTooLarge { limit: limit.0 };
    if declared_length(headers).is_some_and(|length| length > limit.0 as u64) {
        return Err(too_large);
    }
    match Limited::new(body, limit.0).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large),
        Err(error) => Err(failure(&*error)),
    }
}

/// Why a body could not be read to its end.
pub(super) fn failure(error: &(dyn Error + 'static)) -> Rejection {
    match stop(error) {
        Some(BodyStop::TimedOut) => Rejection::BodyTimeout,
        Some(BodyStop::NoRoom) => Rejection::Overloaded,
        None => Rejection::BodyUnreadable,
    }
}

/// The [`BodyStop`] among an error and its causes.
fn stop(error: &(dyn Error + 'static)) -> Option<BodyStop> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(stop) = error.downcast_ref() {
            return Some(*stop);
        }
        next = error.source();
    }
    None
}

/// Whether a body is there to be decoded; its type has to be the contract's when it is.
///
/// # Errors
/// [`Rejection::BodyMissing`] when a required body is empty, whatever its type,
/// [`Rejection::UnsupportedCoding`] for a content coding, [`Rejection::UnsupportedMediaType`] for
/// another or no type.
pub(super) fn check(rule: &BodyRule, headers: &HeaderMap, body: &[u8]) -> Result<bool, Rejection> {
    let one = chosen(rule, headers).and_then(|place| rule.all().nth(place));
    let one = one.unwrap_or(rule);
    // An empty text, file or form is a value where it is said to be one; an empty JSON is nothing.
    let checked = one.schema.is_some() && !one.text;
    let structured = (checked || is_json(one.media_type)) && !is_form(headers);
    let is_nothing = structured || (!rule.required && !headers.contains_key(header::CONTENT_TYPE));
    match body.is_empty() && is_nothing {
        true if rule.required => {
            return Err(Rejection::BodyMissing {
                expected: one.media_type,
            });
        }
        true => return Ok(false),
        false => {}
    }
    check_head(rule, headers)?;
    Ok(true)
}

/// Whether the headers say that the body is of the contract's type.
///
/// # Errors
/// [`Rejection::UnsupportedCoding`] for a content coding, [`Rejection::UnsupportedMediaType`] for
/// another or no type.
pub(super) fn check_head(rule: &BodyRule, headers: &HeaderMap) -> Result<(), Rejection> {
    if is_coded(headers) {
        return Err(Rejection::UnsupportedCoding);
    }
    match chosen(rule, headers) {
        Some(_) => Ok(()),
        None => Err(unsupported(rule, headers)),
    }
}

/// Whether the declared type is that of a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    accepts("application/x-www-form-urlencoded", headers)
}

pub(super) fn is_json(media_type: &str) -> bool {
    essence(media_type).is_some_and(|(_, subtype)| subtype == "json" || subtype.ends_with("+json"))
}

/// Whether the headers announce a body that is not empty (RFC 9112, section 6.3).
pub(super) fn declares_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || declared_length(headers).is_some_and(|length| length > 0)
}

/// Whether the body has a content coding (RFC 9110, section 8.4). `identity` is none.
fn is_coded(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    values.into_iter().any(|value| {
        let codings = value.as_bytes().split(|byte| *byte == b',');
        let mut codings = codings.map(<[u8]>::trim_ascii);
        codings.any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
    })
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Whether the declared type is one `expected` (possibly a range) covers. Text has to be UTF-8
/// where a charset is named. A structured suffix (`application/x+json`) names another format and
/// is not accepted for plain JSON.
pub(super) fn accepts(expected: &str, headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return expected == "*/*" && headers.get(header::CONTENT_TYPE).is_none();
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let (Some(found), Some(expected)) = (essence(value), essence(expected)) else {
        return false;
    };
    let part = |expected: &str, found: &str| expected == "*" || expected == found;
    part(&expected.0, &found.0) && part(&expected.1, &found.1) && charset_is_utf8(value)
}

/// The type and subtype, lower case, without parameters.
fn essence(media_type: &str) -> Option<(String, String)> {
    let (kind, subtype) = media_type.split(';').next()?.trim().split_once('/')?;
    Some((kind.to_ascii_lowercase(), subtype.to_ascii_lowercase()))
}

fn charset_is_utf8(media_type: &str) -> bool {
    media_type
        .split(';')
        .skip(1)
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| {
            let value = value.trim().trim_matches('"');
            value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("us-ascii")
        })
}
