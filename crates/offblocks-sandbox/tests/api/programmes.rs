//! Programmes: sandboxes within a sandbox.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use offblocks_client::Client;
use offblocks_sandbox::testing::{self, LocalWallet, TestSandbox};
use offblocks_sandbox::{
    Clock as _, Database, ManualClock, NewProgramme, ProgrammeError, ProgrammeName, SeededRandom,
    Surroundings,
};
use offblocks_types::CreateCustomerRequest;

fn name(text: &str) -> ProgrammeName {
    text.parse().unwrap()
}

async fn start(file: Option<&Path>) -> TestSandbox {
    let database = file.map_or(Database::Memory, |path| Database::File(path.to_owned()));
    let builder = testing::builder().settings(|settings| {
        settings.database = database;
        settings.max_programmes = 3;
    });
    builder.start().await
}

/// A client of a programme, which signs the path that it calls.
async fn client(sandbox: &TestSandbox, made: &NewProgramme) -> Client {
    let url = sandbox.base_url().join(&made.base_path).unwrap();
    let (key, id) = sandbox.signing_key();
    let client = sandbox.client_builder().base_url(url.as_str());
    let credentials = &made.credentials;
    let client = client.credentials(credentials.api_key, credentials.api_secret.clone());
    let client = client.build().unwrap();
    client.register_signing_key(key, &id).await.unwrap();
    client
}

async fn customer(client: &Client, number: u32) -> Result<(), offblocks_client::Error> {
    let owner = LocalWallet::numbered(number).owner();
    let request = CreateCustomerRequest::new(owner, format!("customer-{number}"));
    client.create_customer(request).send().await.map(drop)
}

#[tokio::test]
async fn each_programme_has_its_own_data_and_credentials() {
    let folder = tempfile::tempdir().unwrap();
    for file in [None, Some(folder.path().join("sandbox.db"))] {
        let sandbox = start(file.as_deref()).await;
        let one = sandbox
            .sandbox()
            .create_programme(&name("one"))
            .await
            .unwrap();
        let two = sandbox
            .sandbox()
            .create_programme(&name("two"))
            .await
            .unwrap();
        assert_eq!(one.base_path, "/programmes/one/v1");
        assert_ne!(one.credentials, two.credentials);
        let (first, second) = (client(&sandbox, &one).await, client(&sandbox, &two).await);
        // The same customer in all three.
        for client in [&first, &second, sandbox.client()] {
            customer(client, 1).await.unwrap();
            assert!(customer(client, 1).await.unwrap_err().is_conflict());
        }
        customer(&second, 2).await.unwrap();
        assert_eq!(first.get_customers().send().await.unwrap().len(), 1);
        assert_eq!(second.get_customers().send().await.unwrap().len(), 2);
        // Credentials and tokens of one are nobody's in another.
        let mut wrong = two.clone();
        wrong.credentials = one.credentials.clone();
        let url = sandbox.base_url().join(&wrong.base_path).unwrap();
        let stranger = sandbox.client_builder().base_url(url.as_str());
        let credentials = &wrong.credentials;
        let stranger = stranger.credentials(credentials.api_key, credentials.api_secret.clone());
        let error = stranger
            .build()
            .unwrap()
            .get_customers()
            .send()
            .await
            .unwrap_err();
        assert!(error.is_unauthorised(), "{error}");
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_programme_has_a_clock_of_its_own_and_what_is_due_happens() {
    let sandbox = start(None).await;
    let clock = ManualClock::new(sandbox.clock().now());
    let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(5));
    let own_name = name("own");
    let made = sandbox
        .sandbox()
        .create_programme_in(&own_name, surroundings);
    let made = made.await.unwrap();
    let client = client(&sandbox, &made).await;
    clock.advance(Duration::from_secs(60));
    customer(&client, 1).await.unwrap();
    customer(sandbox.client(), 1).await.unwrap();
    let own = client.get_customers().send().await.unwrap()[0].created_at;
    let main = sandbox.client().get_customers().send().await.unwrap()[0].created_at;
    assert_eq!((own - main).num_seconds(), 60);
    let programme = sandbox
        .sandbox()
        .programme(&own_name)
        .await
        .unwrap()
        .unwrap();
    programme.populate(10, |_| ()).await.unwrap();
    assert_eq!(client.get_cards().send().await.unwrap().len(), 10);
    assert!(
        sandbox
            .client()
            .get_cards()
            .send()
            .await
            .unwrap()
            .is_empty()
    );
    let nested = programme.create_programme(&name("inner")).await;
    assert!(matches!(nested, Err(ProgrammeError::Nested)), "{nested:?}");
}

#[tokio::test]
async fn programmes_are_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let sandbox = start(Some(&file)).await;
    let made = sandbox
        .sandbox()
        .create_programme(&name("kept"))
        .await
        .unwrap();
    customer(&client(&sandbox, &made).await, 1).await.unwrap();
    sandbox.stop().await;
    let sandbox = start(Some(&file)).await;
    assert_eq!(
        sandbox.sandbox().programmes().await.unwrap(),
        [name("kept")]
    );
    let again = client(&sandbox, &made).await;
    assert_eq!(again.get_customers().send().await.unwrap().len(), 1);
    sandbox.stop().await;
}

#[tokio::test]
async fn dropping_one_frees_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let sandbox = start(Some(&file)).await;
    let made = sandbox
        .sandbox()
        .create_programme(&name("gone"))
        .await
        .unwrap();
    let client = client(&sandbox, &made).await;
    customer(&client, 1).await.unwrap();
    let beside = folder.path().join("sandbox.db.programmes");
    assert!(std::fs::read_dir(&beside).unwrap().count() > 0);
    sandbox
        .sandbox()
        .drop_programme(&name("gone"))
        .await
        .unwrap();
    assert_eq!(std::fs::read_dir(&beside).unwrap().count(), 0);
    let error = client.get_customers().send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let again = sandbox.sandbox().drop_programme(&name("gone")).await;
    assert!(
        matches!(again, Err(ProgrammeError::Unknown(_))),
        "{again:?}"
    );
    // The name is free again, and nothing of before is left.
    let made = sandbox
        .sandbox()
        .create_programme(&name("gone"))
        .await
        .unwrap();
    let client = self::client(&sandbox, &made).await;
    assert!(client.get_customers().send().await.unwrap().is_empty());
    sandbox.stop().await;
}

#[tokio::test]
async fn there_are_no_more_than_may_be_and_none_twice() {
    let sandbox = Arc::new(start(None).await);
    let made = [1, 1, 2, 2, 3, 4].map(|number| {
        let sandbox = Arc::clone(&sandbox);
        tokio::spawn(async move {
            let name = name(&format!("job-{number}"));
            sandbox.sandbox().create_programme(&name).await
        })
    });
    let (mut good, mut twice, mut full) = (0, 0, 0);
    for made in made {
        match made.await.unwrap() {
            Ok(_) => good += 1,
            Err(ProgrammeError::Exists(_)) => twice += 1,
            Err(ProgrammeError::Full(3)) => full += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((good, twice + full), (3, 3));
    assert_eq!(sandbox.sandbox().programmes().await.unwrap().len(), 3);
    let url = sandbox
        .base_url()
        .join("/programmes/nobody/v1/cards")
        .unwrap();
    assert_eq!(reqwest::get(url).await.unwrap().status(), 404);
}
