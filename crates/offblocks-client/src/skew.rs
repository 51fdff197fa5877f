//! The difference between this machine's clock and the server's.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// The smallest difference that is reported. A signature carries the time at which it was made, and
/// servers reject it as too old or from the future when the clocks differ by minutes.
pub(crate) const REPORTED: Duration = Duration::from_secs(60);

/// Two clocks that differ by more than a minute.
///
/// The server's time is that of the response's `Date`, which has whole seconds. This machine's time
/// is the middle between sending and receiving.
///
/// ```
/// use offblocks_client::{ClockSkew, Error};
///
/// fn alert(error: &Error) -> Option<String> {
///     let skew: ClockSkew = error.clock_skew()?;
///     let direction = if skew.is_behind() { "behind" } else { "ahead" };
///     let (server, local) = (skew.server(), skew.local());
///     Some(format!("{:?} {direction}: {local:?} here, {server:?} there", skew.by()))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    server: SystemTime,
    local: SystemTime,
}

impl ClockSkew {
    pub(crate) fn new(server: SystemTime, local: SystemTime) -> Self {
        Self { server, local }
    }

    /// The difference, if it is large enough to be reported.
    pub(crate) fn between(
        server: SystemTime,
        sent: SystemTime,
        received: SystemTime,
    ) -> Option<Self> {
        let way = received.duration_since(sent).unwrap_or_default();
        let skew = Self::new(server, sent + way / 2);
        (skew.by() > REPORTED).then_some(skew)
    }

    /// The server's time.
    #[must_use]
    pub fn server(&self) -> SystemTime {
        self.server
    }

    /// This machine's time at that moment.
    #[must_use]
    pub fn local(&self) -> SystemTime {
        self.local
    }

    /// By how much the clocks differ.
    #[must_use]
    pub fn by(&self) -> Duration {
        match self.server.duration_since(self.local) {
            Ok(behind) => behind,
            Err(ahead) => ahead.duration(),
        }
    }

    /// Whether this machine's clock is behind the server's.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.local < self.server
    }

    /// What to add to this machine's time, in seconds.
    fn seconds(&self) -> i64 {
        seconds_between(self.local, self.server)
    }
}

/// Whole seconds from one time to another; negative when the other is earlier.
pub(crate) fn seconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let whole = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(later) => whole(later),
        Err(earlier) => -whole(earlier.duration()),
    }
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.is_behind() {
            "behind"
        } else {
            "ahead of"
        };
        let (server, local) = (shown(self.server), shown(self.local));
        write!(
            formatter,
            "this machine's clock is {} s {direction} the server's (here {local}, there {server})",
            self.by().as_secs(),
        )
    }
}

/// An HTTP date, which cannot show times before 1970 or after 9999.
fn shown(time: SystemTime) -> String {
    let first = SystemTime::UNIX_EPOCH;
    let last = first + Duration::from_secs(253_402_300_799);
    httpdate::fmt_http_date(time.clamp(first, last))
}

/// What is added to this machine's time when signing.
#[derive(Debug, Default)]
pub(crate) struct Correction {
    on: bool,
    seconds: AtomicI64,
}

impl Correction {
    pub(crate) fn new(on: bool) -> Self {
        Self {
            on,
            seconds: AtomicI64::new(0),
        }
    }

    pub(crate) fn corrects(&self) -> bool {
        self.on
    }

    pub(crate) fn learn(&self, skew: &ClockSkew) {
        self.seconds.store(skew.seconds(), Ordering::Relaxed);
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.seconds.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_difference_counts_from_the_middle_of_the_way_and_above_a_minute() {
        let cases = [
            (1_000, 1_000, 1_000, None),
            (1_060, 1_000, 1_000, None),
            (1_061, 1_000, 1_000, Some(61)),
            (1_061, 1_000, 1_010, None),
            (1_000, 1_300, 1_302, Some(-301)),
        ];
        for (server, sent, received, expected) in cases {
            let skew = ClockSkew::between(at(server), at(sent), at(received));
            assert_eq!(skew.map(|skew| skew.seconds()), expected, "server {server}");
        }
    }

    #[test]
    fn the_text_says_both_times() {
        let text = ClockSkew::new(at(1_000), at(400)).to_string();
        assert_eq!(
            text,
            "this machine's clock is 600 s behind the server's (here Thu, 01 Jan 1970 00:06:40 GMT, \
             there Thu, 01 Jan 1970 00:16:40 GMT)"
        );
    }
}
