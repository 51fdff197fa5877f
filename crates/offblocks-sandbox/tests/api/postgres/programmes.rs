//! Programmes that several processes on one database make, use and drop.

use std::time::Duration;

use futures_util::future::join_all;
use offblocks_sandbox::{
    Database, ManualClock, PostgresSchema, ProgrammeError, ProgrammeName, Sandbox, SandboxHandle,
    SeededRandom, Settings, Surroundings,
};
use serde_json::json;

use crate::common::{Caller, Direct, LocalWallet, new_schema};

fn name(text: &str) -> ProgrammeName {
    text.parse().unwrap()
}

struct Two {
    sandboxes: [Sandbox; 2],
    handles: [SandboxHandle; 2],
    clock: ManualClock,
}

impl Two {
    async fn on(schema: &PostgresSchema) -> Self {
        let clock = ManualClock::new(chrono::DateTime::from_timestamp(1_767_323_045, 0).unwrap());
        let (one, first) = start(schema, &clock, 1).await;
        let (two, second) = start(schema, &clock, 2).await;
        Self {
            sandboxes: [one, two],
            handles: [first, second],
            clock,
        }
    }

    fn url(&self, at: usize, base_path: &str) -> url::Url {
        self.handles[at].base_url().join(base_path).unwrap()
    }

    async fn stop(self) {
        for handle in self.handles {
            handle.stop().await.unwrap();
        }
    }
}

async fn start(
    schema: &PostgresSchema,
    clock: &ManualClock,
    seed: u64,
) -> (Sandbox, SandboxHandle) {
    let mut settings = Settings::default();
    settings.database = Database::Postgres(schema.clone());
    settings.follow_up_delay = Duration::ZERO;
    settings.max_programmes = 4;
    let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(seed));
    let sandbox = Sandbox::builder(surroundings).settings(settings);
    let sandbox = sandbox.build().await.unwrap();
    let handle = sandbox.clone().start().await.unwrap();
    (sandbox, handle)
}

/// The schemas of programmes beside this one.
async fn schemas(schema: &PostgresSchema) -> Vec<String> {
    let mut direct = Direct::to_schema(schema).await;
    let prefix = schema.schema();
    let query = format!(
        "SELECT nspname::text FROM pg_namespace WHERE starts_with(nspname::text, '{prefix}__') \
         ORDER BY nspname"
    );
    direct.texts(&query).await
}

#[tokio::test]
async fn one_makes_a_programme_both_serve_it_and_the_other_drops_it() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let [one, other] = &two.sandboxes;
    let made = one.create_programme(&name("ci-job-1")).await.unwrap();
    // At once, before the other process can have heard of it.
    assert_eq!(other.programmes().await.unwrap(), [name("ci-job-1")]);
    let caller = Caller::with(
        &two.url(1, &made.base_path),
        two.clock.clone(),
        made.credentials.clone(),
    )
    .await;
    let (.., card) = caller.everything(&LocalWallet::numbered(1)).await;
    let here = caller.at(&two.url(0, &made.base_path));
    assert_eq!(here.status(&format!("/cards/{card}")).await, "active");
    assert_eq!(
        schemas(&schema).await,
        [format!("{}__ci_job_1", schema.schema())]
    );
    other.drop_programme(&name("ci-job-1")).await.unwrap();
    assert!(one.programmes().await.unwrap().is_empty());
    assert!(schemas(&schema).await.is_empty());
    assert_eq!(caller.get("/cards").await.status, 404);
    assert_eq!(here.get("/cards").await.status, 404);
    let again = one.drop_programme(&name("ci-job-1")).await;
    assert!(
        matches!(again, Err(ProgrammeError::Unknown(_))),
        "{again:?}"
    );
    // The name is free, and nothing of before is left.
    let made = one.create_programme(&name("ci-job-1")).await.unwrap();
    let url = two.url(1, &made.base_path);
    let caller = Caller::with(&url, two.clock.clone(), made.credentials).await;
    assert_eq!(caller.get("/cards").await.expect(200), json!([]));
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_name_is_made_once_and_no_more_than_may_be() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let names = ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e"].map(name);
    let made = names.iter().enumerate();
    let made = made.map(|(at, name)| two.sandboxes[at % 2].create_programme(name));
    let (mut good, mut twice, mut full) = (0, 0, 0);
    for made in join_all(made).await {
        match made {
            Ok(_) => good += 1,
            Err(ProgrammeError::Exists(_)) => twice += 1,
            Err(ProgrammeError::Full(4)) => full += 1,
            Err(other) => panic!("{other}: {other:?}"),
        }
    }
    assert_eq!((good, twice + full), (4, 6));
    let listed = two.sandboxes[0].programmes().await.unwrap();
    assert_eq!(listed, two.sandboxes[1].programmes().await.unwrap());
    assert_eq!((listed.len(), schemas(&schema).await.len()), (4, 4));
    // All of them at once, at both.
    let drops = listed.iter().enumerate();
    let drops = drops.map(|(at, name)| two.sandboxes[at % 2].drop_programme(name));
    for dropped in join_all(drops).await {
        dropped.unwrap();
    }
    assert!(schemas(&schema).await.is_empty());
    two.stop().await;
}

#[tokio::test]
async fn what_a_killed_process_left_half_done_is_dropped() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let mut direct = Direct::to_schema(&schema).await;
    for (name, state) in [("half-made", "making"), ("half-dropped", "dropping")] {
        let its = format!("{}__{}", schema.schema(), name.replace('-', "_"));
        direct.run(&format!("CREATE SCHEMA \"{its}\""), &[]).await;
        let row = "INSERT INTO programmes (name, schema_name, state) VALUES ($1, $2, $3)";
        direct.run(row, &[name, &its, state]).await;
    }
    let [one, other] = &two.sandboxes;
    assert!(one.programmes().await.unwrap().is_empty());
    // The name is free for whoever wants it.
    other.create_programme(&name("half-made")).await.unwrap();
    // That another one was made is a reason to look, which finds the rest.
    for _ in 0..200 {
        if schemas(&schema).await.len() == 1 {
            two.stop().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a schema is left: {:?}", schemas(&schema).await);
}

#[tokio::test]
async fn a_schema_of_somebody_else_is_not_taken() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let its = format!("{}__theirs", schema.schema());
    let mut direct = Direct::to_schema(&schema).await;
    direct.run(&format!("CREATE SCHEMA \"{its}\""), &[]).await;
    let made = two.sandboxes[0].create_programme(&name("theirs")).await;
    let Err(error @ ProgrammeError::Taken(_)) = made else {
        panic!("{made:?}");
    };
    assert!(error.to_string().contains(&its), "{error}");
    assert_eq!(schemas(&schema).await, [its]);
    assert!(two.sandboxes[0].programmes().await.unwrap().is_empty());
    two.stop().await;
}

#[tokio::test]
async fn programmes_are_there_again_after_a_restart() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let made = two.sandboxes[0]
        .create_programme(&name("kept"))
        .await
        .unwrap();
    let url = two.url(0, &made.base_path);
    let caller = Caller::with(&url, two.clock.clone(), made.credentials).await;
    caller
        .new_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    two.stop().await;
    let two = Two::on(&schema).await;
    assert_eq!(two.sandboxes[1].programmes().await.unwrap(), [name("kept")]);
    let again = caller.at(&two.url(1, &made.base_path));
    let customers = again.get("/customers").await.expect(200);
    assert_eq!(customers.as_array().unwrap().len(), 1);
    two.stop().await;
}
