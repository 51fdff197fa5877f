//! All data at once: emptying the sandbox, writing it to a snapshot, and restoring one.

use std::collections::BTreeSet;
use std::io::{BufRead, Write};

use crate::Sandbox;
use crate::domain::kept;
use crate::failure::Failure;
use crate::snapshot::{self, Item, Lines, SnapshotError};
use crate::store::paged;
use crate::store::tables::{Subject, TABLES};
use crate::store::transfer::{self, Cells, NotWritten};
use crate::store::{Connection, Reader, StoreError, Tx, control, schema_version};
use crate::under_way::{Progress, Work, WorkKind};
use crate::world::World;

/// How many rows are written at a time.
const BATCH: usize = 2_000;

/// Tables that no sandbox works without a row of.
const ALWAYS: [&str; 2] = ["programme", "webhook_key"];

impl Sandbox {
    /// Removes everything that callers made: customers and all that belongs to them, subscriptions
    /// and their deliveries, idempotency keys. Credentials, tokens, signing keys and the key of
    /// deliveries stay, so that callers can continue.
    ///
    /// # Errors
    /// When the database fails. Nothing was removed then.
    pub async fn reset(&self) -> Result<(), StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin_much().await?;
            transfer::clear(&mut transaction, &[Subject::Data]).await?;
            replace(&world, transaction).await
        };
        self.world.attempt(unit_of_work).await
    }

    /// Writes the whole sandbox to `out`, as it is at one moment. Returns `out` and the number of
    /// rows. It holds the secrets of tokens and of deliveries: keep it where others cannot read it.
    ///
    /// A database in memory serves no other call meanwhile, so write to something fast, such as a file.
    ///
    /// # Errors
    /// When the database cannot be read, or `out` not be written.
    pub async fn snapshot<W>(&self, out: W) -> Result<(W, u64), SnapshotError>
    where
        W: Write + Send + 'static,
    {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut reader = world.store.read().await?;
            reader.hold().await?;
            let progress = world.under_way.begin(WorkKind::Snapshot, None);
            let written = write(&mut reader, out, &progress).await;
            // A connection that cannot be given back is closed by its pool at the next use.
            reader.release().await?;
            Ok::<_, Failure>(written)
        };
        self.world.attempt(unit_of_work).await?
    }

    /// The long calls that are under way in this process, the oldest first.
    pub fn work(&self) -> Vec<Work> {
        self.world.under_way.list()
    }

    /// Replaces all data by a snapshot, including credentials and keys. The snapshot may come from another
    /// kind of database. Steps and deliveries that are due by the clock happen at once. Returns the number
    /// of rows.
    ///
    /// # Errors
    /// When it is not a snapshot, is damaged or cut off, or a newer version wrote it; the error says
    /// where. When it cannot be read, or the database fails. Nothing is changed then.
    pub async fn restore<R>(&self, input: R) -> Result<u64, SnapshotError>
    where
        R: BufRead + Send + 'static,
    {
        let mut lines = Lines::begin(input, schema_version())?;
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut transaction = world.store.begin_much().await?;
            let progress = world.under_way.begin(WorkKind::Restore, None);
            match read(&mut transaction, &mut lines, &progress).await {
                Ok(rows) => {
                    replace(&world, transaction).await?;
                    Ok(Ok(rows))
                }
                // Dropped, the transaction undoes what was written.
                Err(error) => Ok::<_, Failure>(Err(error)),
            }
        };
        self.world.attempt(unit_of_work).await?
    }
}

/// Commits the new data. Deliveries that are under way belong to the old data, so their outcome is not
/// recorded.
async fn replace(world: &World, mut transaction: Tx) -> Result<(), Failure> {
    kept::forget_modes(&mut transaction).await?;
    world.webhooks.replaced();
    transaction.commit().await?;
    world.webhooks.changed.notify_one();
    Ok(())
}

async fn write<W: Write>(
    reader: &mut Reader,
    out: W,
    progress: &Progress,
) -> Result<(W, u64), SnapshotError> {
    let unwritten = SnapshotError::Write;
    let mut writer = snapshot::Writer::begin(out, schema_version()).map_err(unwritten)?;
    for table in TABLES {
        writer.table(table).map_err(unwritten)?;
        let mut after: Option<Cells> = None;
        loop {
            let rows = transfer::page(reader, table, after.as_ref()).await?;
            for row in &rows {
                writer.row(row).map_err(unwritten)?;
            }
            progress.reach(writer.rows());
            match rows.last() {
                Some(last) if rows.len() == paged::PAGE => {
                    after = Some(transfer::key_of(table, last));
                }
                _ => break,
            }
        }
    }
    writer.end().map_err(unwritten)
}

/// Why rows of a snapshot cannot be written, the first of which stands on this line.
fn not_written(error: NotWritten, first: u64, table: &str) -> SnapshotError {
    match error {
        NotWritten::Row { place, reason } => SnapshotError::Damaged {
            line: first + place as u64,
            column: 1,
            reason: format!("the row of {table} cannot be restored: {reason}"),
        },
        NotWritten::Store(error) => error.into(),
    }
}

async fn read<R: BufRead>(
    conn: &mut Connection,
    lines: &mut Lines<R>,
    progress: &Progress,
) -> Result<u64, SnapshotError> {
    transfer::clear(conn, &[Subject::Data, Subject::Access]).await?;
    let (mut rows, mut batch) = (0, Vec::new());
    let mut target: Option<(&'static str, Vec<&'static str>)> = None;
    let mut missing = BTreeSet::from(ALWAYS);
    loop {
        let next = lines.next()?;
        let full = batch.len() >= BATCH || !matches!(next, Some(Item::Row(_)));
        if let (true, Some((table, columns))) = (full, &target) {
            // The rows of a batch stand one behind the other, right before the line just read.
            let first = lines.number() - batch.len() as u64;
            let batch = std::mem::take(&mut batch);
            let written = transfer::insert_foreign(conn, table, columns, batch).await;
            written.map_err(|error| not_written(error, first, table))?;
            progress.reach(rows);
        }
        match next {
            Some(Item::Table(table, columns)) => target = Some((table.name, columns)),
            Some(Item::Row(row)) => {
                rows += 1;
                if let Some((table, _)) = &target {
                    missing.remove(table);
                }
                batch.push(row);
            }
            None => {
                if let Some(table) = missing.first() {
                    return Err(lines.damaged(&format!("it has no row of the table {table}")));
                }
                transfer::renumber(conn).await?;
                control::access_changed(conn).await?;
                return Ok(rows);
            }
        }
    }
}
