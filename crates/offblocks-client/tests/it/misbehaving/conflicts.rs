//! Each kind of 409, and pages in place of an API's response.

use std::sync::Arc;
use std::time::Duration;

use offblocks_client::{Client, ErrorKind, operations};
use offblocks_types::WebhookId;

use super::run::{account, builder, card, order};
use super::script::{Act, Script};
use crate::server::TestTimer;

const HTML: &str = "Content-Type: text/html\r\n";

fn page(status: &str) -> Act {
    Act::whole(status, HTML, "<html>No such site</html>")
}

fn empty(status: &str) -> Act {
    Act::whole(status, "", "")
}

struct Stage {
    script: Script,
    timer: Arc<TestTimer>,
    client: Client,
}

async fn stage(acts: Vec<Act>) -> Stage {
    let (script, timer) = (Script::start(acts).await, Arc::default());
    let client = builder(&script.url, &timer).build().unwrap();
    Stage {
        script,
        timer,
        client,
    }
}

#[tokio::test]
async fn a_409_is_a_key_that_runs_where_it_asks_to_wait_and_final_elsewhere() {
    let (waits, stays) = (true, false);
    let cases = [
        ("", stays, ErrorKind::Conflict),
        ("Retry-After: soon\r\n", stays, ErrorKind::Conflict),
        ("Retry-After: -1\r\n", stays, ErrorKind::Conflict),
        ("Retry-After: 2\r\n", waits, ErrorKind::StillRunning),
        ("Retry-After: 0\r\n", waits, ErrorKind::StillRunning),
        (
            "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
            waits,
            ErrorKind::StillRunning,
        ),
        ("Retry-After: 4000\r\n", stays, ErrorKind::StillRunning),
    ];
    for (header, again, kind) in cases {
        let conflict = Act::whole("409 Conflict", header, "{\"title\": \"Conflict\"}");
        let once = stage(vec![conflict.clone()]).await;
        let ended = once.client.create_account_card(account(), order()).await;
        assert_eq!(ended.is_ok(), again, "{header}: {ended:?}");
        let pauses = once.timer.pauses();
        assert_eq!(pauses.len(), usize::from(again), "{header}");
        assert!(!pauses.contains(&Duration::ZERO), "{header}: it is waited");

        let always = stage(vec![conflict; 10]).await;
        let ended = always.client.create_account_card(account(), order()).await;
        let error = ended.unwrap_err();
        assert_eq!(error.kind(), kind, "{header}: {error}");
        let attempts = if again { 4 } else { 1 };
        assert_eq!(error.attempts(), attempts, "{header}: {error}");
        let unknown = kind == ErrorKind::StillRunning;
        assert_eq!(error.is_outcome_unknown(), unknown, "{header}: {error}");
        let mut keys = always.script.keys();
        keys.dedup();
        assert_eq!(keys.len(), 1, "{header}: one key");
    }
}

/// A read carries no key, so none can be running.
#[tokio::test]
async fn a_409_of_a_read_speaks_of_no_key() {
    let conflict = Act::whole("409 Conflict", "Retry-After: 1\r\n", "");
    let error = stage(vec![conflict]).await.client.get_card(card()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(!error.to_string().contains("idempotency key"), "{error}");
}

#[tokio::test]
async fn a_page_settles_nothing() {
    let id = WebhookId(uuid::Uuid::from_u128(3));
    // The gateway knows nothing of the API any more, so its 404 does not say that the webhook is gone.
    let acts = vec![
        empty("502 Bad Gateway"),
        page("404 Not Found"),
        page("404 Not Found"),
    ];
    let gone = stage(acts).await.client.delete_webhook(id).await;
    let error = gone.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");

    // Nor does it say that no card was ordered.
    let acts = vec![empty("504 Gateway Timeout"), page("404 Not Found")];
    let client = stage(acts).await.client;
    let error = client
        .create_account_card(account(), order())
        .await
        .unwrap_err();
    assert!(
        error.is_not_found() && error.is_outcome_unknown(),
        "{error}"
    );

    // The API's own 404 does.
    let acts = vec![empty("504 Gateway Timeout"), empty("404 Not Found")];
    let client = stage(acts).await.client;
    let error = client
        .create_account_card(account(), order())
        .await
        .unwrap_err();
    assert!(
        error.is_not_found() && !error.is_outcome_unknown(),
        "{error}"
    );
    assert_eq!(error.operation(), operations::CREATE_ACCOUNT_CARD.id);
}
