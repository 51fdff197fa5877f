//! A typed client of the control plane.
//!
//! ```no_run
//! use offblocks_sandbox_api::client::{Client, Error};
//! use offblocks_sandbox_api::{AdvanceClock, CreateFault, FaultKind, Problem};
//!
//! # async fn example() -> Result<(), Error<Problem>> {
//! let client = Client::new("http://127.0.0.1:8080/_sandbox");
//!
//! // The third call of any operation fails, and says when to try again.
//! let mut fault = CreateFault::new(FaultKind::TooManyRequests);
//! fault.nth = Some(3);
//! client.create_fault(fault).send().await?;
//!
//! // Whatever falls due within the hour has happened when this returns.
//! let change = client.advance_clock(AdvanceClock::new(3_600_000)).send().await?;
//! println!("{} steps happened", change.steps);
//! # Ok(())
//! # }
//! ```
//!
//! A sandbox on another machine asks for its control token: see [`Client::with_control_token`].

#[rustfmt::skip]
mod generated;

pub use generated::*;
