//! Programmes in PostgreSQL: a schema for each, listed in the schema of the sandbox.
//!
//! Several processes make, open and drop programmes at the same time. A process that works on a programme
//! holds its lock meanwhile, which ends with the process. When a row says that a programme is being made or
//! dropped, and no process holds the lock, a process that has ended left the row. The process that finds it
//! drops the schema. The list says when another schema became ready or is dropped, and every process reads
//! it again when it changes.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};

use super::error::ProgrammeError;
use super::name::ProgrammeName;
use crate::hex;
use crate::settings::PostgresSchema;
use crate::store::programmes::{self as listed, Listed, State};
use crate::store::{KeyLock, Store, StoreError};

/// The longest name of a schema.
const LONGEST: usize = 50;

/// How long another process is waited for that is busy with a programme.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

/// The schemas beside one sandbox's.
#[derive(Debug, Clone)]
pub(super) struct Schemas {
    main: PostgresSchema,
    store: Store,
}

/// Held while something is done with a programme. Only PostgreSQL has several processes.
pub(super) type Claim = Option<KeyLock>;

impl Schemas {
    pub(super) fn new(main: PostgresSchema, store: Store) -> Self {
        Self { main, store }
    }

    /// The names of those that can be used, in their order.
    pub(super) async fn names(&self) -> Result<Vec<ProgrammeName>, StoreError> {
        let ready = self.list().await?.into_iter().filter(is_ready);
        // One that another version named otherwise cannot be called here.
        Ok(ready.filter_map(|it| it.name.parse().ok()).collect())
    }

    /// Whether one can be used.
    pub(super) async fn is_ready(&self, name: &ProgrammeName) -> Result<bool, StoreError> {
        let mut reader = self.store.read().await?;
        let found = listed::find(&mut reader, name.as_str()).await?;
        Ok(found.as_ref().is_some_and(is_ready))
    }

    /// Those that a process began to make or drop.
    pub(super) async fn unfinished(&self) -> Result<Vec<ProgrammeName>, StoreError> {
        let all = self.list().await?.into_iter();
        let unfinished = all.filter(|it| matches!(it.state, Some(State::Making | State::Dropping)));
        Ok(unfinished.filter_map(|it| it.name.parse().ok()).collect())
    }

    /// The right to do something with a programme, once no other process has it.
    pub(super) async fn claim(&self, name: &ProgrammeName) -> Result<Claim, ProgrammeError> {
        let claimed = tokio::time::timeout(WAIT_TIMEOUT, async {
            loop {
                match self.try_claim(name).await? {
                    Some(claim) => return Ok(claim),
                    None => tokio::time::sleep(PAUSE).await,
                }
            }
        });
        match claimed.await {
            Ok(claimed) => Ok(claimed.map_err(|error: StoreError| error)?),
            Err(_) => Err(ProgrammeError::Busy(name.clone())),
        }
    }

    /// As [`Schemas::claim`]; `None` where another process has it.
    pub(super) async fn try_claim(
        &self,
        name: &ProgrammeName,
    ) -> Result<Option<Claim>, StoreError> {
        self.store.claim_key(format!("programme {name}")).await
    }

    /// Lists a new programme, as one that is being made. What a process that ended left of one of
    /// this name is dropped before.
    pub(super) async fn begin(
        &self,
        name: &ProgrammeName,
        most: usize,
    ) -> Result<(), ProgrammeError> {
        self.clean(name).await?;
        if self.is_ready(name).await? {
            return Err(ProgrammeError::Exists(name.clone()));
        }
        let schema = self.of(name);
        if !Store::is_missing(&schema).await? {
            return Err(ProgrammeError::Taken(schema.schema().to_owned()));
        }
        let mut transaction = self.store.begin().await?;
        let all = listed::list(&mut transaction).await?;
        if all.len() >= most {
            return Err(ProgrammeError::Full(most));
        }
        listed::add(&mut transaction, name.as_str(), schema.schema()).await?;
        Ok(transaction.commit().await?)
    }

    /// Lists a programme as one that can be used.
    pub(super) async fn finish(&self, name: &ProgrammeName) -> Result<(), StoreError> {
        self.set(name, State::Ready).await
    }

    /// Lists a programme as one that is dropped, so that all processes let go of it.
    pub(super) async fn let_go(&self, name: &ProgrammeName) -> Result<(), StoreError> {
        self.set(name, State::Dropping).await
    }

    /// Drops the schema of a programme that cannot be used, and lists it no longer.
    pub(super) async fn clean(&self, name: &ProgrammeName) -> Result<(), StoreError> {
        let mut reader = self.store.read().await?;
        let found = listed::find(&mut reader, name.as_str()).await?;
        drop(reader);
        let Some(Listed { schema, state, .. }) = found else {
            return Ok(());
        };
        if !matches!(state, Some(State::Making | State::Dropping)) {
            return Ok(());
        }
        match self.main.with_schema(&schema) {
            Ok(schema) => Store::drop_schema(&schema).await?,
            Err(error) => tracing::error!(%error, schema, "a programme's schema is left alone"),
        }
        let mut transaction = self.store.begin().await?;
        listed::remove(&mut transaction, name.as_str()).await?;
        transaction.commit().await
    }

    /// The schema of a programme. A hyphen, which names of schemas do not have, is an underscore,
    /// which names of programmes do not have. A name that would be too long ends with a digest.
    pub(super) fn of(&self, name: &ProgrammeName) -> PostgresSchema {
        let schema = schema(self.main.schema(), name.as_str());
        let schema = self.main.with_schema(&schema);
        schema.expect("it begins as the sandbox's, and has letters, digits and underscores")
    }

    async fn list(&self) -> Result<Vec<Listed>, StoreError> {
        listed::list(&mut *self.store.read().await?).await
    }

    async fn set(&self, name: &ProgrammeName, state: State) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        listed::set(&mut transaction, name.as_str(), state).await?;
        transaction.commit().await
    }
}

fn is_ready(it: &Listed) -> bool {
    it.state == Some(State::Ready)
}

fn schema(main: &str, programme: &str) -> String {
    let whole = format!("{main}__{}", programme.replace('-', "_"));
    if whole.len() <= LONGEST {
        return whole;
    }
    let digest = digest(&SHA256, format!("{main} {programme}").as_bytes());
    let digest = hex::encode(&digest.as_ref()[..12]);
    let main: String = main.chars().take(20).collect();
    format!("{main}__{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_named_after_the_sandbox_and_the_programme() {
        assert_eq!(schema("offblocks", "ci-job-17"), "offblocks__ci_job_17");
        let (long, other) = ("a".repeat(50), "b".repeat(40));
        let name = schema(&long, &other);
        assert!(name.starts_with("aaaaaaaaaaaaaaaaaaaa__"), "{name}");
        assert!(name.len() <= LONGEST, "{name}");
        assert_ne!(name, schema(&long, &"b".repeat(39)));
        assert_ne!(name, schema(&"a".repeat(49), &other));
    }
}
