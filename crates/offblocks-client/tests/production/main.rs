//! The client in front of a real sandbox, over a real network that fails.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

mod calls;
mod cancellation;
mod issuing;
mod network;
#[path = "../../../offblocks-cards/examples/onboarding/mod.rs"]
mod onboarding;
mod stage;
mod tokens;
