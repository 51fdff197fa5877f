//! The example of the README: printed there as it stands here, compiled, and run.

use std::time::Duration;

use crate::stage::Stage;

#[rustfmt::skip] // It is read in a README, where a long line costs less than a broken one.
#[expect(clippy::print_stdout, reason = "an example may print")]
mod example {
    include!("readme/example.rs");

    pub async fn run(client: Client, account: AccountId) -> Result<ActiveCard, Box<dyn std::error::Error>> {
        issue(client, account).await
    }
}

#[tokio::test]
async fn the_example_issues_a_card_and_pays() {
    // The example waits on the system's clock, so the sandbox takes no time for what it does.
    let stage = Stage::with_follow_up(Duration::ZERO).await;
    let card = example::run(stage.client.clone(), stage.account)
        .await
        .unwrap();
    let paid = card.transactions().await.unwrap();
    assert_eq!(paid.len(), 1);
    assert_eq!(paid[0].amount, "12.5".parse().unwrap());
}

#[test]
fn the_readme_prints_this_example() {
    let readme = include_str!("../../../../README.md");
    let example = include_str!("readme/example.rs");
    assert!(
        readme.contains(&format!("```rust\n{example}```\n")),
        "copy crates/offblocks-cards/tests/sandbox/readme/example.rs into the README's example"
    );
}
