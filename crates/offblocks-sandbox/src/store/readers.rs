//! Connections that read an SQLite file, one statement at a time.
//!
//! The library's pool checks each connection when it is given back, which costs as much as a statement.
//! A connection to a file needs no check: it either works, or its next statement fails.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The connections that are not in use, and how many may be in use.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<SqliteConnection>>,
    number: u32,
    places: Arc<Semaphore>,
    patience: Duration,
}

/// A connection in use. Dropped, it is given back.
#[derive(Debug)]
pub(crate) struct InUse {
    /// `None` once it is given back.
    connection: Option<SqliteConnection>,
    readers: Arc<Readers>,
    /// It may be inside a transaction, and is not given back then.
    pub(super) is_held: bool,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// So many connections, all of them open: later the process may have no file descriptor left.
    pub(super) async fn open(
        options: &SqliteConnectOptions,
        number: u32,
        patience: Duration,
    ) -> Result<Arc<Self>, sqlx::Error> {
        let mut idle = Vec::new();
        for _ in 0..number {
            idle.push(options.connect().await?);
        }
        Ok(Arc::new(Self {
            options: options.clone(),
            number,
            places: Arc::new(Semaphore::new(idle.len())),
            idle: Mutex::new(idle),
            patience,
        }))
    }

    /// A connection, once one is free.
    pub(super) async fn acquire(self: &Arc<Self>) -> Result<InUse, sqlx::Error> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = match tokio::time::timeout(self.patience, place).await {
            Ok(Ok(place)) => place,
            Ok(Err(_)) => return Err(sqlx::Error::PoolClosed),
            Err(_) => return Err(sqlx::Error::PoolTimedOut),
        };
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            // One was not given back.
            None => self.options.connect().await?,
        };
        Ok(InUse {
            connection: Some(connection),
            readers: Arc::clone(self),
            is_held: false,
            _place: place,
        })
    }

    /// Waits for those in use and closes all.
    pub(super) async fn close(&self) {
        let all = tokio::time::timeout(self.patience, self.places.acquire_many(self.number));
        // Whoever does not end in time keeps a connection, which is closed when it is dropped.
        drop(all.await);
        self.places.close();
        let idle = std::mem::take(&mut *self.idle());
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "a connection that reads could not be closed cleanly"
                );
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && !self.is_held
            && !self.readers.places.is_closed()
        {
            self.readers.idle().push(connection);
        }
    }
}

impl Deref for InUse {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        let connection = self.connection.as_ref();
        connection.expect("only drop gives it back")
    }
}

impl DerefMut for InUse {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        let connection = self.connection.as_mut();
        connection.expect("only drop gives it back")
    }
}
