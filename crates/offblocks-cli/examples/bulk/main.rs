//! Measures bulk jobs from outside, as `cargo xtask bench bulk` shows them: one JSON object a line.
//!
//! `cargo run --release -p offblocks-cli --example bulk -- --program target/release/offblocks`

#![expect(clippy::print_stdout, reason = "an example may print")]

#[path = "../load/http.rs"]
#[expect(dead_code, reason = "the other example has more to measure")]
mod http;
mod memory;
mod programme;
mod run;
#[path = "../load/server.rs"]
#[expect(dead_code, reason = "the other example has more to measure")]
mod server;

use std::error::Error;

use clap::Parser as _;

fn main() -> Result<(), Box<dyn Error>> {
    let plan = run::Plan::parse();
    if let Some(rows) = plan.journal_only {
        println!("{}", memory::journal_only(&plan, rows)?);
        return Ok(());
    }
    for figure in run::run(&plan)? {
        println!("{}", figure.to_json());
    }
    for figure in memory::measure(&plan)? {
        println!("{}", figure.to_json());
    }
    Ok(())
}
