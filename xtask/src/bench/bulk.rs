//! Bulk jobs as processes of their own, beside what the sandbox alone sustains in the same run. The jobs
//! are run by an example of `offblocks-cli`.
//!
//! Several workers are measured where `OFFBLOCKS_TEST_POSTGRES` names a PostgreSQL server:
//! `.ci/postgres run cargo xtask bench bulk`.

use super::installed::Installed;
use super::report::{Figure, Meanings};
use crate::cli::Bench;
use crate::report::Failure;
use std::path::Path;

/// What each figure of the example means, and its goal.
const FIGURES: Meanings = &[
    (
        "alone_rate",
        "sandbox alone: orders of cards under a load generator",
        None,
    ),
    ("file_rate", "bulk: cards with a journal in a file", None),
    (
        "file_share",
        "bulk: the same, of the sandbox alone",
        Some("80 %"),
    ),
    ("job_memory", "bulk: most memory of that job", None),
    ("postgres_1_rate", "bulk: one worker on PostgreSQL", None),
    (
        "postgres_1_share",
        "bulk: the same, of the sandbox alone",
        Some("80 %"),
    ),
    ("postgres_2_rate", "bulk: two workers on PostgreSQL", None),
    (
        "postgres_2_share",
        "bulk: the same, of the sandbox alone",
        None,
    ),
    ("postgres_4_rate", "bulk: four workers on PostgreSQL", None),
    (
        "postgres_4_share",
        "bulk: the same, of the sandbox alone",
        None,
    ),
    (
        "file_memory_few",
        "bulk: memory of 10,000 rows in a file",
        None,
    ),
    (
        "file_memory_many",
        "bulk: memory of the most rows in a file",
        Some("flat"),
    ),
    (
        "postgres_memory_few",
        "bulk: memory of 10,000 rows on PostgreSQL",
        None,
    ),
    (
        "postgres_memory_many",
        "bulk: memory of the most rows on PostgreSQL",
        Some("flat"),
    ),
];

/// Builds the command and the example, and measures.
pub fn measure(root: &Path, args: &Bench) -> Result<Vec<Figure>, Failure> {
    let options = [
        ("--rows", args.rows.to_string()),
        ("--most-rows", args.most_rows.to_string()),
    ];
    Installed::build(root, "bulk")?.measure(&options, FIGURES)
}
