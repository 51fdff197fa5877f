//! Media types as they are named, and which includes which.

use crate::at::At;
use crate::schema::side::Side;

/// A media type of a `content`.
pub(super) struct Media<'a> {
    pub name: &'a str,
    /// In lower case, without a character set.
    pub key: String,
    /// The character set, in lower case.
    pub charset: Option<String>,
    pub at: At<'a>,
}

/// The media types of a `content`. In 3.2 a media type may be a reference to a shared one.
pub(super) fn media<'a>(side: &Side<'a>, content: &At<'a>) -> Vec<Media<'a>> {
    let members = content.members().filter(|(name, _)| name.contains('/'));
    let media = members.map(|(name, at)| Media {
        name,
        key: media_key(name),
        charset: charset(name),
        at: side.follow(at.clone()).unwrap_or(at),
    });
    media.collect()
}

fn media_key(name: &str) -> String {
    let mut parts = name.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts
        .filter(|part| !part.is_empty() && !part.starts_with("charset="))
        .collect();
    parameters.sort_unstable();
    parameters.insert(0, essence);
    parameters.join(";")
}

fn charset(name: &str) -> Option<String> {
    let mut parameters = name.split(';').skip(1).map(str::trim);
    let charset = parameters.find_map(|one| {
        one.to_ascii_lowercase()
            .strip_prefix("charset=")
            .map(str::to_owned)
    });
    charset.map(|name| name.trim_matches('"').to_owned())
}

/// Whether a range such as `text/*` includes a media type.
pub(super) fn includes(range: &str, name: &str) -> bool {
    match range.strip_suffix("/*") {
        _ if range == name => true,
        Some("*") => true,
        Some(family) => name.split('/').next() == Some(family),
        None => !range.contains(';') && name.split(';').next() == Some(range),
    }
}
