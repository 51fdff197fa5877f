// The example of the README needs the feature.
#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "The lifecycles of the OffBlocks API as data: see [`rules`], and\n[`tracker`] to follow cards by their events. The feature `client` adds the handles."
)]

pub mod rules;
pub mod tracker;

#[cfg(all(doc, feature = "wallet", feature = "bulk"))]
#[doc = include_str!("../docs/the_guide_line_by_line.md")]
pub mod the_guide_line_by_line {}

#[cfg(doc)]
#[doc = include_str!("../docs/running_a_bulk_job.md")]
pub mod running_a_bulk_job {}

#[cfg(feature = "bulk")]
pub mod bulk;

#[cfg(feature = "client")]
mod authorisation;
#[cfg(feature = "client")]
mod cards;
#[cfg(feature = "client")]
mod connection;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod handle;
#[cfg(feature = "client")]
mod onboarding;
#[cfg(feature = "client")]
mod order;
#[cfg(feature = "client")]
mod polling;
#[cfg(feature = "client")]
mod simulator;
#[cfg(feature = "client")]
mod waiting;

#[cfg(feature = "tracker-postgres")]
pub use self::tracker::PostgresTrackStore;
#[cfg(feature = "tracker-sqlite")]
pub use self::tracker::SqliteTrackStore;
#[cfg(any(feature = "tracker-postgres", feature = "tracker-sqlite"))]
pub use self::tracker::TrackStoreError;
pub use self::tracker::{
    CardChange, CardTrack, CardTracker, CardVersion, Gap, Observation, Sighting, StoredCardTracker,
    TrackStore,
};
#[cfg(feature = "client")]
pub use self::{
    authorisation::CardAuthorisation,
    cards::Cards,
    error::{AuthoriseError, CaptureError, MoveFailure, OrderError, RejectedBy, RejectedMove},
    handle::{
        ActiveCard, AnyCard, BlockedCard, CardHandle, FailedCard, InactiveCard, IssuanceError,
        MoveError, PendingCard, SuspendedCard, TerminatedCard, UnknownCard, stage,
    },
    onboarding::{AccountOpening, Onboarding, OnboardingError, WalletSigner},
    order::{CardOrder, IssueError, OrderFailure, OrderProblem},
    polling::PollingPolicy,
    waiting::{Entity, Verdict, Wait, WaitError, verdict},
};
#[cfg(feature = "client")]
pub use offblocks_client::{Timer, TokioTimer};
#[cfg(feature = "wallet")]
pub use offblocks_wallet::{LocalWallet, WalletError};
