//! What lies between two states that were seen.

use offblocks_types::CardStatus;

use crate::rules::{CardState, Lifecycle as _};

/// What lies between two states of a card that were seen one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gap {
    /// One step of the lifecycle leads from one to the other. (More steps may have happened and been
    /// reversed.)
    Nothing,
    /// At least these states were in between, in this order. Where there are several shortest ways, these
    /// are the states of one of them.
    Missed(Vec<CardState>),
    /// The lifecycle has no way from one to the other.
    Unexplained,
    /// This cannot be known: nothing was seen before, or this version does not know one of the statuses.
    Unknown,
}

impl Gap {
    /// What lies between two statuses.
    pub(super) fn between(from: Option<&CardStatus>, to: &CardStatus) -> Self {
        let state = |status: &CardStatus| CardState::try_from(status).ok();
        let (Some(from), Some(to)) = (from.and_then(state), state(to)) else {
            return Self::Unknown;
        };
        match shortest(from, to) {
            None => Self::Unexplained,
            Some(between) if between.is_empty() => Self::Nothing,
            Some(between) => Self::Missed(between),
        }
    }
}

/// The states between two others on a shortest way of one step or more.
fn shortest(from: CardState, to: CardState) -> Option<Vec<CardState>> {
    let mut ways = vec![vec![from]];
    let mut next = 0;
    while let Some(way) = ways.get(next).cloned() {
        next += 1;
        let last = *way.last()?;
        for step in last.transitions() {
            if step.to == to {
                return Some(way[1..].to_vec());
            }
            if !ways.iter().any(|known| known.last() == Some(&step.to)) {
                ways.push([&way[..], &[step.to]].concat());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_follow_the_lifecycle() {
        use CardState::{Active, Suspended};
        for (from, to, expected) in [
            ("issuing", "active", Gap::Nothing),
            ("issuing", "issue_failed", Gap::Nothing),
            ("active", "inactive", Gap::Nothing),
            ("issuing", "inactive", Gap::Missed(vec![Active])),
            ("inactive", "blocked", Gap::Missed(vec![Active])),
            ("inactive", "suspended", Gap::Missed(vec![Active])),
            ("suspended", "inactive", Gap::Missed(vec![Active])),
            ("active", "issuing", Gap::Unexplained),
            ("terminated", "active", Gap::Unexplained),
            ("issue_failed", "active", Gap::Unexplained),
            ("active", "frozen", Gap::Unknown),
            ("frozen", "active", Gap::Unknown),
        ] {
            let gap = Gap::between(Some(&from.into()), &to.into());
            assert_eq!(gap, expected, "{from} to {to}");
        }
        assert_eq!(Gap::between(None, &CardStatus::Active), Gap::Unknown);
        assert!(Suspended.transitions().next().is_some());
    }
}
