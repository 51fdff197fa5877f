//! Many callers, one token.

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_concurrent_callers_cause_one_token_fetch() {
    const CALLERS: usize = 500;
    let stage = Stage::new().await;
    stage.sandbox.forget_calls();
    let client = stage.sandbox.client_builder().build().unwrap();
    let calls: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(client.get_chains().send()))
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    stage.sandbox.assert_called("getToken", 1);
    stage.sandbox.assert_called("getChains", CALLERS);
}
