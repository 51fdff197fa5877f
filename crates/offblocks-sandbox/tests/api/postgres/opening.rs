//! Which schemas a sandbox takes, and that it changes no others.

use offblocks_sandbox::{
    BuildError, Database, PostgresSchema, Sandbox, Settings, StoreError, Surroundings,
};

use crate::common::{Direct, new_schema, url_of};

async fn open(database: Database) -> Result<Sandbox, BuildError> {
    let mut settings = Settings::default();
    settings.database = database;
    let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
    sandbox.build().await
}

async fn rejected(database: Database) -> StoreError {
    match open(database).await {
        Err(BuildError::Store(error)) => error,
        other => panic!("not the store: {other:?}"),
    }
}

/// The tables of a schema.
async fn tables(schema: &PostgresSchema) -> Vec<String> {
    let mut direct = Direct::to_schema(schema).await;
    let name = schema.schema();
    let query = format!(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = '{name}' ORDER BY tablename"
    );
    direct.texts(&query).await
}

#[tokio::test]
async fn a_schema_of_somebody_else_is_left_as_it_is() {
    let notes = "CREATE TABLE notes (text TEXT)";
    let history = "CREATE TABLE _sqlx_migrations (version BIGINT, description TEXT)";
    let entry = "INSERT INTO _sqlx_migrations VALUES (1, 'notes')";
    for statements in [&[notes][..], &[notes, history], &[history, entry]] {
        let Some(schema) = new_schema() else { return };
        let mut direct = Direct::to_schema(&schema).await;
        let create = format!("CREATE SCHEMA \"{}\"", schema.schema());
        direct.run(&create, &[]).await;
        for statement in statements {
            direct.run(statement, &[]).await;
        }
        let before = tables(&schema).await;
        let rejected = rejected(Database::Postgres(schema.clone())).await;
        assert!(matches!(rejected, StoreError::Foreign { .. }), "{rejected}");
        assert!(rejected.to_string().contains(schema.schema()), "{rejected}");
        assert_eq!(tables(&schema).await, before);
    }
}

#[tokio::test]
async fn an_empty_schema_is_taken_and_a_newer_one_is_not() {
    let Some(schema) = new_schema() else { return };
    let mut direct = Direct::to_schema(&schema).await;
    let create = format!("CREATE SCHEMA \"{}\"", schema.schema());
    direct.run(&create, &[]).await;
    let database = Database::Postgres(schema.clone());
    open(database.clone()).await.unwrap().close().await;
    assert!(tables(&schema).await.contains(&"cards".to_owned()));
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
                 execution_time) VALUES (1000, 'of the future', true, '', 0)";
    direct.run(newer, &[]).await;
    let rejected = rejected(database).await;
    assert!(
        matches!(rejected, StoreError::Newer { version: 1000, .. }),
        "{rejected}"
    );
}

#[tokio::test]
async fn of_several_that_start_at_once_one_makes_the_schema() {
    let Some(schema) = new_schema() else { return };
    let database = Database::Postgres(schema.clone());
    let starts = (0..4).map(|_| open(database.clone()));
    for started in futures_util::future::join_all(starts).await {
        started.unwrap().close().await;
    }
    let mut direct = Direct::to_schema(&schema).await;
    for table in ["programme", "credentials", "webhook_key"] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(direct.number(&count).await, 1, "{table}");
    }
}

#[tokio::test]
async fn schemas_of_one_database_do_not_know_each_other() {
    let (Some(one), Some(other)) = (new_schema(), new_schema()) else {
        return;
    };
    let sandbox = open(Database::Postgres(one.clone())).await.unwrap();
    assert!(tables(&other).await.is_empty());
    sandbox.close().await;
    let sandbox = open(Database::Postgres(other.clone())).await.unwrap();
    sandbox.close().await;
    let mut secrets = Vec::new();
    for schema in [one, other] {
        let mut direct = Direct::to_schema(&schema).await;
        let query = "SELECT encode(token_secret, 'hex') FROM programme";
        secrets.extend(direct.texts(query).await);
    }
    assert_ne!(secrets[0], secrets[1]);
}

#[tokio::test]
async fn a_rejected_start_makes_nothing() {
    let Some(schema) = new_schema() else { return };
    let mut settings = Settings::default();
    settings.database = Database::Postgres(schema.clone());
    let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
    let everywhere = ([0, 0, 0, 0], 8080).into();
    let rejected = sandbox.reachable_at(everywhere).build().await.unwrap_err();
    assert!(matches!(rejected, BuildError::Secret(_)), "{rejected}");
    let mut direct = Direct::to_schema(&schema).await;
    let name = schema.schema();
    let query = format!("SELECT count(*) FROM pg_namespace WHERE nspname = '{name}'");
    assert_eq!(direct.number(&query).await, 0);
}

#[tokio::test]
async fn a_server_that_does_not_let_it_in_is_named_without_the_password() {
    let Some(schema) = new_schema() else { return };
    let right: url::Url = url_of(&schema, None).parse().unwrap();
    let mut wrong = right.clone();
    wrong.set_password(Some("hidden-and-wrong")).unwrap();
    let mut nobody = right.clone();
    nobody.set_password(Some("hidden")).unwrap();
    nobody.set_port(Some(1)).unwrap();
    let mut missing = right.clone();
    missing.set_path("/no_such_database");
    let password = right.password().unwrap().to_owned();
    for url in [wrong, nobody, missing] {
        let rejected = rejected(url.as_str().parse().unwrap()).await;
        assert!(matches!(rejected, StoreError::Connect { .. }), "{rejected}");
        let mut shown = format!("{rejected} {rejected:?}");
        let mut cause = std::error::Error::source(&rejected);
        while let Some(error) = cause {
            shown += &format!(" {error} {error:?}");
            cause = error.source();
        }
        assert!(shown.contains(url.host_str().unwrap()), "{shown}");
        for secret in ["hidden", &password] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
