//! `offblocks quickstart`: the card issuance guide, step by step over real HTTP.

mod life;
mod record;
mod report;
pub(crate) mod target;
mod wait;
pub(crate) mod walk;
mod webhook;

use std::io::{self, Write};

use crate::OutputStyle;
use crate::arguments::Quickstart;
use crate::failure::Failure;
use crate::logging::{self, Log};
use crate::program::Program;
pub(crate) use record::Recorder;
pub(crate) use report::Values;
use report::{Report, Style};
use target::Target;
use walk::Walk;

/// Walks through the guide and reports each step.
pub(crate) async fn run(options: Quickstart, output: OutputStyle, log: Log) -> Result<(), Failure> {
    let recorder = Recorder::default();
    logging::start_with(recorder.clone(), log);
    let style = match options.json {
        true => Style::JsonLines,
        false => Style::Text(output.paint),
    };
    let target = Target::new(options).await?;
    recorder.base_path(&base_path(&target.base_url));
    let mut report = Report::new(io::stdout(), style, recorder.clone());
    let mut walked = walk(&target, recorder, &mut report).await;
    if walked.is_ok() {
        walked = report.end(&next(&target, &output.program));
    }
    if let Some(sandbox) = target.own {
        let stopped = sandbox.stop().await;
        stopped.map_err(|error| Failure::new("the sandbox did not stop cleanly", error))?;
    }
    walked
}

/// Walks, and leaves no subscription behind, however the walk ends.
async fn walk<W: Write>(
    target: &Target,
    recorder: Recorder,
    report: &mut Report<W>,
) -> Result<(), Failure> {
    let mut walk = Walk::new(target, recorder)?;
    let walked = steps(target, &mut walk, report).await;
    walked.and(walk.unsubscribe().await)
}

/// One line a step, as the guide has them.
#[rustfmt::skip]
async fn steps<W: Write>(
    target: &Target,
    walk: &mut Walk<'_>,
    report: &mut Report<W>,
) -> Result<(), Failure> {
    let own = target.own.is_some();
    report.begin(&target.base_url, if own { "against a sandbox of its own at" } else { "against" })?;
    report.step("Sign in and register a signing key", walk.register_key()).await?;
    report.step("Create a customer", walk.create_customer()).await?;
    report.step("Prove who owns the wallet", walk.sign_customer_challenge()).await?;
    report.step("Let the simulator verify the customer", walk.verify_customer()).await?;
    report.step("Open an account", walk.create_account()).await?;
    report.step("Sign for the account's deployment", walk.sign_account_challenge()).await?;
    report.step("Order a virtual card", walk.order_card()).await?;
    report.step("Let the simulator issue it", walk.issue_card()).await?;
    report.step("Pay with it", walk.authorise()).await?;
    report.step("Wait until the payment is captured", walk.settle()).await?;
    report.step("Read the transaction", walk.read_transaction()).await?;
    if target.is_here {
        report.step("Subscribe to webhooks, and receive them here", walk.subscribe()).await?;
    }
    report.step("Deactivate the card", walk.deactivate()).await?;
    report.step("Pay with the inactive card: it is declined", walk.decline()).await?;
    report.step("Activate it again", walk.activate()).await?;
    report.step("Pay, and let the merchant release it", walk.pay_and_release()).await?;
    if !target.keeps_card {
        report.step("Terminate the card", walk.terminate()).await?;
    }
    if target.is_here {
        let last = if target.keeps_card { "active" } else { "terminated" };
        report.step("Receive the webhooks, and verify them", walk.receive(last)).await?;
    }
    if !own && target.fresh_key {
        report.step("Remove the signing key again", walk.remove_key()).await?;
    }
    Ok(())
}

/// What to try next.
fn next(target: &Target, program: &Program) -> Vec<(String, &'static str)> {
    let mut next = Vec::new();
    if target.own.is_some() {
        next.push((
            program.with("sandbox --database sqlite:offblocks.db"),
            "keep a sandbox running, with its data in a file",
        ));
        next.push((
            program.with("quickstart --base-url http://127.0.0.1:8080/v1"),
            "walk again, against that sandbox, from another terminal",
        ));
    }
    next.push((
        program.with("keys new signing-key.pem"),
        "make a signing key to keep",
    ));
    next.push((
        "cargo doc --no-deps --open -p offblocks-cards -p offblocks-client".to_owned(),
        "read how to do all this from your own code",
    ));
    next
}

fn base_path(url: &str) -> String {
    url.parse::<url::Url>()
        .map_or_else(|_| String::new(), |url| url.path().to_owned())
}
