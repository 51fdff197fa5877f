//! The client in front of a real sandbox that fails on purpose.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

mod calls;
mod cancellation;
mod faults;
mod issuing;
mod stage;
mod tokens;
