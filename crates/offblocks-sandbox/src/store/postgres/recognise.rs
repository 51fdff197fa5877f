//! Whether a schema is a sandbox's, found out without changing anything, and making it one.

use sqlx::AssertSqlSafe;

use super::Connector;
use crate::settings::{Database, PostgresSchema};
use crate::store::sql::{self, Connection};
use crate::store::{Outage, StoreError, migrations};

/// How often dropping a schema is tried while others still use it.
const DROPS: u32 = 10;

/// What a schema is before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Missing,
    /// There is nothing in it yet.
    Empty,
    Sandbox,
}

/// Whether a sandbox would begin anew here.
///
/// # Errors
/// When the server cannot be reached, or the schema is not a sandbox's or a newer version's.
pub(in crate::store) async fn is_new(connector: &Connector) -> Result<bool, StoreError> {
    let mut connection = connect(connector).await?;
    let origin = origin(&mut connection, connector.schema()).await?;
    connection.close().await?;
    Ok(origin != Origin::Sandbox)
}

/// Makes the schema where it does not exist, and brings it up to date. Of several processes that
/// start at once, one does this and the others wait.
///
/// # Errors
/// As [`is_new`]; then nothing was changed. When the schema cannot be made or brought up to date.
pub(in crate::store) async fn open(connector: &Connector) -> Result<(), StoreError> {
    let schema = connector.schema();
    let mut connection = connect(connector).await?;
    let patient = "SET lock_timeout = '15s'";
    connection.run(patient).await?;
    // Held until the connection is closed.
    let lock = "SELECT pg_advisory_lock(hashtextextended('offblocks opens ' || $1, 0))";
    let lock = sql::query(lock).bind(schema.schema());
    lock.execute(&mut connection).await?;
    if origin(&mut connection, schema).await? == Origin::Missing {
        // The name has only letters, digits and underscores.
        let create = format!("CREATE SCHEMA \"{}\"", schema.schema());
        let create = sql::query(AssertSqlSafe(create));
        create.execute(&mut connection).await?;
    }
    migrations::run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Whether there is no such schema yet.
///
/// # Errors
/// When the server cannot be reached.
pub(in crate::store) async fn is_missing(connector: &Connector) -> Result<bool, StoreError> {
    let mut connection = connect(connector).await?;
    let query = sql::query("SELECT count(*) AS schemas FROM pg_namespace WHERE nspname = $1");
    let row = query.bind(connector.schema().schema());
    let row = row.fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(row.try_get::<i64>("schemas")? == 0)
}

/// Drops a schema with everything in it, where it is a sandbox's or empty.
///
/// # Errors
/// When it belongs to another program, the server cannot be reached, or a transaction in the schema does
/// not end.
pub(in crate::store) async fn drop_schema(connector: &Connector) -> Result<(), StoreError> {
    let schema = connector.schema();
    let mut connection = connect(connector).await?;
    if origin(&mut connection, schema).await? != Origin::Missing {
        // The name has only letters, digits and underscores.
        let drop = format!("DROP SCHEMA \"{}\" CASCADE", schema.schema());
        let mut attempts = 1;
        loop {
            let drop = sql::query(AssertSqlSafe(drop.clone()));
            let Err(error) = drop.execute(&mut connection).await else {
                break;
            };
            let error = StoreError::from(error);
            // It takes the tables one after the other, and so does whoever reads from them: one of the
            // two is given up by the server then.
            if error.outage() != Some(Outage::RolledBack) || attempts == DROPS {
                return Err(error);
            }
            attempts += 1;
        }
    }
    connection.close().await?;
    Ok(())
}

async fn connect(connector: &Connector) -> Result<Connection, StoreError> {
    let connection = connector.connect().await.map_err(|source| {
        let database = connector.schema().clone();
        StoreError::Connect { database, source }
    })?;
    Ok(Connection::Postgres(connection))
}

async fn origin(
    connection: &mut Connection,
    schema: &PostgresSchema,
) -> Result<Origin, StoreError> {
    let query = sql::query(
        "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = $1) AS schemas, \
         count(*) FILTER (WHERE c.relname = '_sqlx_migrations') AS histories, \
         count(*) FILTER (WHERE c.relname <> '_sqlx_migrations') AS others \
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')",
    );
    let row = query.bind(schema.schema()).fetch_one(connection).await?;
    let count = |column| row.try_get::<i64>(column);
    match (count("schemas")?, count("histories")?, count("others")?) {
        (0, ..) => Ok(Origin::Missing),
        (_, 0, 0) => Ok(Origin::Empty),
        (_, 0, _) => Err(foreign(schema)),
        (.., others) => from_history(connection, schema, others).await,
    }
}

async fn from_history(
    connection: &mut Connection,
    schema: &PostgresSchema,
    others: i64,
) -> Result<Origin, StoreError> {
    let query = sql::query(
        "SELECT count(*) AS versions, max(version) AS newest, \
         count(*) FILTER (WHERE version = 1 AND description = 'sandbox') AS ours \
         FROM _sqlx_migrations",
    );
    let row = query.fetch_one(connection).await?;
    let (versions, ours): (i64, i64) = (row.try_get("versions")?, row.try_get("ours")?);
    if versions == 0 && others == 0 {
        // Making it was cut off at once.
        return Ok(Origin::Empty);
    }
    if ours == 0 {
        return Err(foreign(schema));
    }
    let found = row.try_get::<Option<u32>>("newest")?.unwrap_or_default();
    let newest = migrations::newest();
    if found > newest {
        return Err(StoreError::Newer {
            database: Database::Postgres(schema.clone()),
            version: found,
            newest,
        });
    }
    Ok(Origin::Sandbox)
}

fn foreign(schema: &PostgresSchema) -> StoreError {
    StoreError::Foreign {
        database: Database::Postgres(schema.clone()),
        reason: "its schema holds other tables",
    }
}
