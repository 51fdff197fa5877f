//! Measures a sandbox from outside, as `cargo xtask bench sandbox` shows it: one JSON object a line.
//!
//! `cargo run --release -p offblocks-cli --example load -- --program target/release/offblocks`

#![expect(clippy::print_stdout, reason = "an example may print")]

mod caller;
mod deliveries;
mod http;
mod run;
mod server;
mod soak;

use std::error::Error;

use clap::Parser as _;

fn main() -> Result<(), Box<dyn Error>> {
    let plan = run::Plan::parse();
    for figure in run::run(&plan)? {
        println!("{}", figure.to_json());
    }
    Ok(())
}
