//! The sandbox as a process of its own: how soon it responds, what it needs and what it does, beside
//! other tools that stand in for an API. The calls are made by an example of `offblocks-cli`.

use super::installed::Installed;
use super::report::{Figure, Meanings};
use crate::cli::Bench;
use crate::report::Failure;
use std::path::Path;

/// What each figure of the example means, and its goal.
const OURS: Meanings = &[
    (
        "first_response",
        "sandbox: time to the first response",
        Some("60 ms"),
    ),
    ("idle_memory", "sandbox: memory when idle", Some("15 MB")),
    (
        "bare_verify_rate",
        "P-384 verification alone, all cores",
        None,
    ),
    (
        "bare_verify_processor",
        "P-384 verification alone, processor time",
        None,
    ),
    (
        "signed_get_rate",
        "sandbox: signed GET, the load generator on the same cores",
        None,
    ),
    (
        "signed_get_p99",
        "sandbox: signed GET, 99 of 100 within",
        None,
    ),
    (
        "signed_get_processor",
        "sandbox: signed GET, processor time of the sandbox",
        None,
    ),
    (
        "signed_get_share",
        "sandbox: signed GET, the share of it that verification alone takes",
        Some("85 %"),
    ),
    (
        "signed_get_rate_share",
        "sandbox: signed GET, its rate beside verification alone",
        None,
    ),
    ("durable_post_rate", "sandbox: durable POST", None),
    (
        "durable_post_p99",
        "sandbox: durable POST, 99 of 100 within",
        None,
    ),
    (
        "durable_post_processor",
        "sandbox: durable POST, processor time of the sandbox",
        None,
    ),
    (
        "durable_post_share",
        "sandbox: durable POST, of signed GET",
        Some("60 %"),
    ),
    (
        "memory_after_posts",
        "sandbox: memory after durable POSTs",
        None,
    ),
    (
        "unverified_get_rate",
        "sandbox: GET without signature checks, the load generator on the same cores",
        Some("20,000 a second"),
    ),
    (
        "unverified_get_p99",
        "sandbox: the same, 99 of 100 within",
        None,
    ),
    (
        "unverified_get_processor",
        "sandbox: the same, processor time of the sandbox",
        None,
    ),
    (
        "unverified_get_allowed",
        "sandbox: the same, what its processor time allows on all cores",
        Some("20,000 a second"),
    ),
    ("many_requests", "sandbox: requests in a row", None),
    (
        "memory_after_many",
        "sandbox: memory after them",
        Some("60 MB after a million"),
    ),
    (
        "delivery_after_call",
        "sandbox: from a call to the arrival of its webhook, idle",
        Some("10 ms"),
    ),
    (
        "delivery_after_call_p99",
        "sandbox: the same, 99 of 100 within",
        None,
    ),
    (
        "delivery_after_response",
        "sandbox: from a response to the arrival of its webhook, idle",
        None,
    ),
    (
        "deliveries_rate",
        "sandbox: deliveries while calls go on",
        Some("1,000 a second"),
    ),
    (
        "memory_after_deliveries",
        "sandbox: memory after them",
        None,
    ),
    (
        "soak_operations",
        "sandbox: mixed operations in a row",
        None,
    ),
    ("soak_rate", "sandbox: their rate", None),
    (
        "soak_unexpected",
        "sandbox: responses with another status than expected",
        Some("0"),
    ),
    (
        "soak_memory_after_tenth",
        "sandbox: memory after a tenth of them",
        None,
    ),
    (
        "soak_memory_after_half",
        "sandbox: memory after half of them",
        None,
    ),
    (
        "soak_memory_after_all",
        "sandbox: memory after all of them",
        Some("as after half"),
    ),
    ("cards", "sandbox: cards in the database", None),
    ("adding_cards", "sandbox: adding them", None),
    (
        "first_response_of_many",
        "sandbox: time to the first response with them",
        Some("60 ms"),
    ),
    (
        "idle_memory_of_many",
        "sandbox: memory when idle with them",
        Some("15 MB"),
    ),
    (
        "signed_get_processor_of_many",
        "sandbox: signed GET with them, processor time of the sandbox",
        Some("as without"),
    ),
    (
        "durable_post_processor_of_many",
        "sandbox: durable POST with them, processor time of the sandbox",
        Some("as without"),
    ),
    (
        "durable_post_share_of_many",
        "sandbox: durable POST with them, of signed GET",
        Some("60 %"),
    ),
    ("long_list", "sandbox: listing all of them", None),
    ("long_list_size", "sandbox: the size of that list", None),
    (
        "memory_before_long_list",
        "sandbox: most memory before it",
        None,
    ),
    (
        "memory_during_long_list",
        "sandbox: most memory after it",
        Some("bounded"),
    ),
];

/// What was measured of others, on two cores: name, value, unit. They check no signatures.
const PEERS: &[(&str, f64, &str)] = &[
    ("Prism 5.14: time to the first response", 2_500.0, "ms"),
    ("WireMock: time to the first response", 4_400.0, "ms"),
    ("localstripe: time to the first response", 800.0, "ms"),
    ("Prism 5.14: memory when idle", 157.0, "MB"),
    ("WireMock: memory when idle", 105.0, "MB"),
    ("localstripe: memory when idle", 37.0, "MB"),
    ("Prism 5.14: memory under load", 257.0, "MB"),
    ("WireMock: memory under load", 291.0, "MB"),
    ("Prism 5.14: unsigned GET", 600.0, "a second"),
];

/// Builds the command and the example, and measures.
pub fn measure(root: &Path, args: &Bench) -> Result<Vec<Figure>, Failure> {
    let installed = Installed::build(root, "load")?;
    let what = "offblocks: the installed program, without symbols";
    let mut figures = vec![Figure::memory(what, installed.size()?, Some("15 MB"))];
    let options = [
        ("--seconds", args.seconds.to_string()),
        ("--cards", args.cards.to_string()),
        ("--requests", args.requests.to_string()),
        ("--operations", args.operations.to_string()),
    ];
    figures.extend(installed.measure(&options, OURS)?);
    let peers = PEERS.iter();
    figures.extend(peers.map(|&(what, value, unit)| Figure::new(what, value, unit, None)));
    Ok(figures)
}
