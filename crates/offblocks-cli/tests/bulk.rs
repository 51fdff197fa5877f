//! The program that measures bulk jobs, with few rows: every figure is measured.
//!
//! Those of PostgreSQL are measured where `OFFBLOCKS_TEST_POSTGRES` names a server.

#![expect(dead_code, reason = "the example's own `main` starts itself again")]

#[path = "../examples/load/http.rs"]
mod http;
#[path = "../examples/bulk/memory.rs"]
mod memory;
#[path = "../examples/bulk/programme.rs"]
mod programme;
#[path = "../examples/bulk/run.rs"]
mod run;
#[path = "../examples/load/server.rs"]
mod server;

use std::collections::BTreeMap;

use clap::Parser as _;
use run::Plan;

/// What the example is started with, of this command and with few rows.
fn plan(more: &[String]) -> Plan {
    let program = env!("CARGO_BIN_EXE_offblocks");
    let own = [
        "bulk",
        "--program",
        program,
        "--rows",
        "12",
        "--at-once",
        "2",
    ];
    let own = own.map(str::to_owned);
    let plan = Plan::try_parse_from(own.iter().chain(more));
    plan.unwrap_or_else(|error| panic!("fix the options of examples/bulk: {error}"))
}

#[test]
fn every_figure_is_measured() {
    let plan = plan(&[]);
    let figures = run::run(&plan).unwrap_or_else(|error| panic!("fix examples/bulk: {error}"));
    let figures: BTreeMap<_, _> = figures
        .iter()
        .map(|it| (it.name.as_str(), it.value))
        .collect();
    let mut names = vec!["alone_rate", "file_rate", "file_share"];
    if cfg!(target_os = "linux") {
        names.push("job_memory");
    }
    match plan.postgres.is_some() {
        true => names.extend(["postgres_1_rate", "postgres_2_rate", "postgres_4_share"]),
        false => println!("several workers are skipped: set OFFBLOCKS_TEST_POSTGRES"),
    }
    for name in names {
        assert!(figures[name] > 0.0, "{name} in {figures:?}");
    }
}

/// Linux alone shows the memory of a process in the way that is read.
#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_each_journal_is_measured() {
    for shared in [false, true] {
        let plan = plan(&memory::arguments(200, shared));
        if shared && plan.postgres.is_none() {
            println!("the journal in PostgreSQL is skipped: set OFFBLOCKS_TEST_POSTGRES");
            continue;
        }
        assert_eq!((plan.journal_only, plan.shared), (Some(200), shared));
        let most = memory::journal_only(&plan, 200);
        let most = most.unwrap_or_else(|error| panic!("fix examples/bulk/memory.rs: {error}"));
        assert!(most > 1_000_000, "{most}");
    }
}
