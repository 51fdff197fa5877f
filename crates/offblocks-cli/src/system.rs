//! The system's clock and randomness. No other module of the command reads them.

use std::time::SystemTime;

use uuid::Uuid;

use crate::failure::Failure;

/// Seconds since 1970.
pub(crate) fn now() -> Result<i64, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the command that reads the clock"
    )]
    seconds_since_1970(SystemTime::now())
}

/// A signature that claims to be from 1970 would be rejected for its age, which hides the reason.
fn seconds_since_1970(time: SystemTime) -> Result<i64, Failure> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.map_err(|_| {
        Failure::because("the clock of this machine shows a time before 1970: set the clock")
    })?;
    i64::try_from(since.as_secs())
        .map_err(|_| Failure::because("the clock of this machine is too far ahead: set the clock"))
}

/// Random bytes of the operating system.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the command that reads the system's randomness"
    )]
    let filled = aws_lc_rs::rand::fill(&mut bytes);
    filled.map_err(|_| Failure::because("the operating system gave no random numbers"))?;
    Ok(bytes)
}

/// A new identifier.
pub(crate) fn random_id() -> Result<Uuid, Failure> {
    Ok(uuid::Builder::from_random_bytes(random_bytes()?).into_uuid())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_before_1970_is_a_failure() {
        let epoch = SystemTime::UNIX_EPOCH;
        let seconds = seconds_since_1970(epoch + Duration::from_millis(2_900)).unwrap();
        assert_eq!(seconds, 2);
        let failure = seconds_since_1970(epoch - Duration::from_secs(1)).unwrap_err();
        assert!(failure.to_string().contains("set the clock"), "{failure}");
    }

    #[test]
    fn identifiers_are_random() {
        let id = random_id().unwrap();
        assert_eq!(id.get_version_num(), 4);
        assert_ne!(id, random_id().unwrap());
    }
}
