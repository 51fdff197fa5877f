//! `Retry-After`: how long a server asks to wait.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The pause a response asks for (RFC 9110, section 10.2.3): seconds, or the time until a date. A
/// date is compared with the response's own `Date`, so that it holds whatever this machine's clock
/// says; without one, it is compared with `now`. A date that has passed asks for no pause.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a number can hold are still more than any client waits for.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = date(headers).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// The server's time when it responded (RFC 9110, section 6.6.1).
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let text = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        let now = httpdate::parse_http_date("Wed, 21 Oct 2026 07:28:00 GMT").unwrap();
        retry_after(&headers, now).map(|pause| pause.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        let cases = [
            ("5", None, Some(5)),
            (" 120 ", None, Some(120)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Wed, 21 Oct 2026 07:28:30 GMT", None, Some(30)),
            ("Wed, 21 Oct 2026 07:27:00 GMT", None, Some(0)),
            ("-1", None, None),
            ("1.5", None, None),
            ("soon", None, None),
            ("", None, None),
        ];
        for (text, date, expected) in cases {
            assert_eq!(asks(text, date), expected, "of {text:?}");
        }
    }

    #[test]
    fn a_date_is_compared_with_the_servers_own_clock() {
        let server = Some("Wed, 21 Oct 2026 09:00:00 GMT");
        assert_eq!(asks("Wed, 21 Oct 2026 09:00:07 GMT", server), Some(7));
    }
}
