//! The pages of a programme: the same pages, at another place.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::TryStreamExt as _;
use http::{HeaderMap, HeaderValue, header};

/// The path that links of pages begin with.
const OWN: &str = "/_sandbox";

/// Lets links, forms and redirects lead to the pages below this path, such as `/programmes/job-1`,
/// instead of those of the sandbox. What is not a page is left as it is.
///
/// An attribute's value begins behind a quotation mark, and those of texts are escaped, so nothing but
/// links is changed. A page is handed on in one piece, and so is each event of a stream.
pub(crate) async fn moved(State(below): State<Arc<str>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(there) = redirect(response.headers(), &below) {
        response.headers_mut().insert(header::LOCATION, there);
    }
    if !is_page(response.headers()) {
        return response;
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.map(|body| {
        let pieces = body.into_data_stream();
        Body::from_stream(pieces.map_ok(move |piece| links(&piece, &below)))
    })
}

fn redirect(headers: &HeaderMap, below: &str) -> Option<HeaderValue> {
    let there = headers.get(header::LOCATION)?.to_str().ok()?;
    let there = there.starts_with(OWN).then(|| format!("{below}{there}"))?;
    HeaderValue::try_from(there).ok()
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || kind.starts_with("text/event-stream")
}

fn links(piece: &[u8], below: &str) -> Bytes {
    let Ok(text) = std::str::from_utf8(piece) else {
        return Bytes::copy_from_slice(piece);
    };
    let (own, there) = (format!("=\"{OWN}/"), format!("=\"{below}{OWN}/"));
    Bytes::from(text.replace(&own, &there))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_moved_and_texts_are_not() {
        let page = "<a href=\"/_sandbox/ui/cards\">/_sandbox/ui/cards =&quot;/_sandbox/</a>";
        let moved = "<a href=\"/programmes/one/_sandbox/ui/cards\">/_sandbox/ui/cards \
                     =&quot;/_sandbox/</a>";
        assert_eq!(links(page.as_bytes(), "/programmes/one"), moved.as_bytes());
        assert_eq!(links(b"\xff", "/programmes/one"), b"\xff"[..]);
    }

    #[test]
    fn redirects_to_pages_are_moved() {
        for (location, expected) in [
            (
                "/_sandbox/ui/cards",
                Some("/programmes/one/_sandbox/ui/cards"),
            ),
            ("https://offblocks.xyz/", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, HeaderValue::from_static(location));
            let found = redirect(&headers, "/programmes/one");
            assert_eq!(found.as_ref().map(|it| it.to_str().unwrap()), expected);
        }
        assert_eq!(redirect(&HeaderMap::new(), "/programmes/one"), None);
    }
}
