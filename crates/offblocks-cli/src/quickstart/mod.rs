//! `offblocks quickstart`: the card issuance guide, walked over real HTTP.

mod record;
mod report;
mod target;
mod wait;
mod walk;

use std::io::{self, Write};

use crate::arguments::Quickstart;
use crate::failure::Failure;
use crate::logging::{self, Log};
use crate::paint::Paint;
use record::Recorder;
use report::{Report, Style};
use target::Target;
use walk::Walk;

/// Walks the guide and tells each step as it is taken.
pub(crate) async fn run(options: Quickstart, paint: Paint, log: Log) -> Result<(), Failure> {
    let recorder = Recorder::default();
    logging::start_with(recorder.clone(), log);
    let style = if options.json {
        Style::JsonLines
    } else {
        Style::Text(paint)
    };
    let target = Target::new(options).await?;
    recorder.base_path(&base_path(&target.base_url));
    let mut report = Report::new(io::stdout(), style, recorder.clone());
    let walked = walk(&target, recorder, &mut report).await;
    if let Some(sandbox) = target.own {
        let stopped = sandbox.stop().await;
        stopped.map_err(|error| Failure::new("the sandbox did not stop cleanly", error))?;
    }
    walked
}

async fn walk<W: Write>(
    target: &Target,
    recorder: Recorder,
    report: &mut Report<W>,
) -> Result<(), Failure> {
    let mut walk = Walk::new(target, recorder)?;
    let own = target.own.is_some();
    let where_to = if own {
        "against a sandbox of its own at"
    } else {
        "against"
    };
    report.begin(&target.base_url, where_to)?;
    report
        .step("Sign in and register a signing key", walk.register_key())
        .await?;
    report
        .step("Create a customer", walk.create_customer())
        .await?;
    report
        .step("Prove who owns the wallet", walk.sign_customer_challenge())
        .await?;
    report
        .step(
            "Let the simulator verify the customer",
            walk.verify_customer(),
        )
        .await?;
    report
        .step("Open an account", walk.create_account())
        .await?;
    report
        .step(
            "Sign for the account's deployment",
            walk.sign_account_challenge(),
        )
        .await?;
    report
        .step("Order a virtual card", walk.order_card())
        .await?;
    report
        .step("Let the simulator issue it", walk.issue_card())
        .await?;
    report.step("Pay with it", walk.authorise()).await?;
    report
        .step("Wait until the payment is captured", walk.settle())
        .await?;
    report
        .step("Read the transaction", walk.read_transaction())
        .await?;
    if !own && target.fresh_key {
        report
            .step("Remove the signing key again", walk.remove_key())
            .await?;
    }
    report.end(&next(own))
}

/// What a newcomer may want to do now.
fn next(own: bool) -> Vec<(String, &'static str)> {
    let mut next = Vec::new();
    if own {
        let sandbox = "offblocks sandbox --database sqlite:offblocks.db";
        next.push((
            sandbox.to_owned(),
            "keep a sandbox running, with its data in a file",
        ));
        let walk = "offblocks quickstart --base-url http://127.0.0.1:8080/v1";
        next.push((walk.to_owned(), "walk again, against that sandbox"));
    }
    let keys = "offblocks keys generate signing-key.pem";
    next.push((keys.to_owned(), "make a signing key to keep"));
    let example = "cargo doc --open -p offblocks-cards -p offblocks-client";
    next.push((
        example.to_owned(),
        "read how to do all this from your own code",
    ));
    next
}

fn base_path(url: &str) -> String {
    url.parse::<url::Url>()
        .map_or_else(|_| String::new(), |url| url.path().to_owned())
}
