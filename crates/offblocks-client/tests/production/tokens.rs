//! Many callers, one token.

use crate::network::Network;
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_concurrent_callers_cause_one_token_fetch() {
    const CALLERS: usize = 500;
    let stage = Stage::new().await;
    let network = Network::reliable(stage.server()).await;
    let client = stage.builder(&network).build().unwrap();
    let calls: Vec<_> = (0..CALLERS)
        .map(|_| tokio::spawn(client.get_chains().send()))
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(network.tokens_asked(), 1);
    assert_eq!(network.tokens().len(), 1);
}
