//! The program that measures a sandbox, with as little load as can be: every figure is measured.

#![expect(dead_code, reason = "the example's own `main` parses a plan")]

#[path = "../examples/load/caller.rs"]
mod caller;
#[path = "../examples/load/deliveries.rs"]
mod deliveries;
#[path = "../examples/load/http.rs"]
mod http;
#[path = "../examples/load/run.rs"]
mod run;
#[path = "../examples/load/server.rs"]
mod server;
#[path = "../examples/load/soak.rs"]
mod soak;

use std::collections::BTreeMap;

#[test]
fn every_figure_is_measured() {
    let plan = run::Plan {
        program: env!("CARGO_BIN_EXE_offblocks").into(),
        seconds: 0.2,
        connections: 2,
        requests: 500,
        operations: 400,
        cards: 1_200,
        starts: 1,
    };
    let figures = run::run(&plan).unwrap_or_else(|error| panic!("fix examples/load: {error}"));
    let figures: BTreeMap<_, _> = figures.iter().map(|it| (it.name, it.value)).collect();
    for name in [
        "first_response",
        "bare_verify_rate",
        "signed_get_rate",
        "signed_get_share",
        "durable_post_rate",
        "durable_post_share",
        "unverified_get_rate",
        "deliveries_rate",
        "soak_operations",
        "long_list",
    ] {
        assert!(figures[name] > 0.0, "{name} in {figures:?}");
    }
    assert_eq!(figures["soak_unexpected"], 0.0, "{figures:?}");
    // Each card takes about 400 bytes.
    assert!(figures["long_list_size"] > 0.3, "{figures:?}");
}
