//! The pages in a real browser: headless Chromium, driven over WebDriver.
//!
//! The tests need `chromium` and `chromedriver` on the path (Debian: `chromium`,
//! `chromium-driver`). Without them they say so and pass. With `OFFBLOCKS_SCREENSHOTS=FOLDER` the
//! pictures of the crate's README are written there.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

#[expect(clippy::print_stdout, reason = "a test that is skipped says why")]
mod chromium;
mod data;
mod driver;
mod keyboard;
mod look;
mod walk;
