//! Where the data is stored, as it is written on a command line.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use offblocks_types::support::Secret;
use url::Url;

/// The schema that a sandbox has in a PostgreSQL database unless the URL names another one.
const SCHEMA: &str = "offblocks";

/// The longest name of a schema. PostgreSQL cuts names off after 63 bytes, and the sandbox puts
/// its own in front for what it listens to.
const LONGEST: usize = 50;

/// The parameters that a URL of PostgreSQL may have, beside the schema.
const PARAMETERS: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

/// Where the data is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// In memory, gone with the sandbox.
    Memory,
    /// In an SQLite file, made where it does not exist.
    File(PathBuf),
    /// In a schema of a PostgreSQL database, which several sandboxes can share.
    Postgres(PostgresSchema),
}

impl Database {
    /// How SQLite calls the file or the memory.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Memory | Self::Postgres(_) => Path::new(":memory:"),
        }
    }
}

/// A schema of a PostgreSQL database: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME`.
///
/// The database has to exist. The schema, `offblocks` unless the URL names another one, is made
/// where it does not exist, and everything that the sandbox keeps is in it. What the URL leaves out
/// is taken from `PGHOST`, `PGPASSWORD`, `PGPASSFILE` and so on, as by PostgreSQL's own programs.
///
/// The password is shown nowhere, neither by `Debug` nor by `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresSchema {
    /// Without the schema.
    url: Secret,
    /// The URL as it may be shown.
    shown: String,
    schema: String,
}

impl PostgresSchema {
    /// The schema's name.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Another schema of the same database.
    ///
    /// # Errors
    /// When `schema` does not begin with a letter or `_`, has other characters than lower case
    /// letters, digits and `_` or more than 50 of them, or begins with `pg_`.
    pub fn with_schema(&self, schema: &str) -> Result<Self, DatabaseError> {
        check_schema(schema)?;
        Ok(Self {
            schema: schema.to_owned(),
            ..self.clone()
        })
    }

    /// The URL with its password, and without the schema.
    pub(crate) fn url(&self) -> &str {
        self.url.expose()
    }

    fn parse(text: &str) -> Result<Self, DatabaseError> {
        let mut url: Url = text.parse().map_err(|_| DatabaseError::Postgres)?;
        let mut schema = SCHEMA.to_owned();
        let mut others = Vec::new();
        for (name, value) in url.query_pairs() {
            if name == "schema" {
                schema = value.into_owned();
            } else if PARAMETERS.contains(&&*name) {
                others.push((name.into_owned(), value.into_owned()));
            } else {
                return Err(DatabaseError::Parameter(name.into_owned()));
            }
        }
        check_schema(&schema)?;
        replace_query(&mut url, &others);
        let mut shown = url.clone();
        // A URL without a host cannot have a password.
        let _ = shown.set_password(None);
        others.retain(|(name, _)| name != "password");
        replace_query(&mut shown, &others);
        Ok(Self {
            url: String::from(url).into(),
            shown: shown.into(),
            schema,
        })
    }
}

impl fmt::Display for PostgresSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.shown.contains('?') { '&' } else { '?' };
        write!(f, "{}{separator}schema={}", self.shown, self.schema)
    }
}

impl fmt::Debug for PostgresSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresSchema({self})")
    }
}

/// The text does not name a database. It is not repeated where it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The kind of database is not supported.
    #[error(
        "the database is not one that the sandbox knows: write sqlite::memory:, sqlite:FILE or \
         postgres://USER:PASSWORD@HOST:PORT/DATABASE"
    )]
    Unknown,
    /// It begins like a URL of PostgreSQL, but is not a valid one.
    #[error(
        "the database is not a valid URL: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, and \
         characters such as @ / ? # of the password as %40 %2F %3F %23"
    )]
    Postgres,
    /// The URL has a parameter that is not known.
    #[error(
        "the parameter {0} of the database's URL is not known: write schema, sslmode, \
         sslrootcert, sslcert, sslkey, application_name, host, hostaddr, port, user, password or dbname"
    )]
    Parameter(String),
    /// The name of the schema cannot be used.
    #[error(
        "{0:?} is not a valid name of a schema: write up to 50 lower case letters, digits and _, \
         not beginning with a digit or pg_"
    )]
    Schema(String),
}

impl FromStr for Database {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PostgresSchema::parse(text).map(Self::Postgres);
        }
        let rest = text.strip_prefix("sqlite:").ok_or(DatabaseError::Unknown)?;
        match rest.strip_prefix("//").unwrap_or(rest) {
            ":memory:" => Ok(Self::Memory),
            "" => Err(DatabaseError::Unknown),
            path => Ok(Self::File(path.into())),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("sqlite::memory:"),
            Self::File(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(schema) => schema.fmt(f),
        }
    }
}

fn check_schema(name: &str) -> Result<(), DatabaseError> {
    let bytes = name.as_bytes();
    let right = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let begins = bytes.first().is_some_and(|first| !first.is_ascii_digit());
    let valid = begins
        && bytes.iter().all(right)
        && bytes.len() <= LONGEST
        && !name.starts_with("pg_")
        && name != "information_schema";
    if valid {
        Ok(())
    } else {
        Err(DatabaseError::Schema(name.to_owned()))
    }
}

fn replace_query(url: &mut Url, pairs: &[(String, String)]) {
    url.set_query(None);
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_named_as_their_own_programs_do() {
        let file = |path: &str| Ok(format!("sqlite:{path}"));
        let postgres = |shown: &str| Ok(shown.to_owned());
        for (text, expected) in [
            ("sqlite::memory:", Ok("sqlite::memory:".to_owned())),
            ("sqlite:cards.db", file("cards.db")),
            ("sqlite:/var/lib/cards.db", file("/var/lib/cards.db")),
            ("sqlite:///var/lib/cards.db", file("/var/lib/cards.db")),
            ("sqlite:", Err(DatabaseError::Unknown)),
            ("mysql://host/db", Err(DatabaseError::Unknown)),
            (
                "postgres://ann:hidden@host/db",
                postgres("postgres://ann@host/db?schema=offblocks"),
            ),
            (
                "postgresql://host:5433/db?sslmode=disable&schema=job_7",
                postgres("postgresql://host:5433/db?sslmode=disable&schema=job_7"),
            ),
            (
                "postgres:///db?host=/run/postgresql&password=hidden",
                postgres("postgres:///db?host=%2Frun%2Fpostgresql&schema=offblocks"),
            ),
            (
                "postgres://ann:hid#den@host/db",
                Err(DatabaseError::Postgres),
            ),
            (
                "postgres://host/db?pasword=hidden",
                Err(DatabaseError::Parameter("pasword".to_owned())),
            ),
            (
                "postgres://host/db?schema=pg_mine",
                Err(DatabaseError::Schema("pg_mine".to_owned())),
            ),
            (
                "postgres://host/db?schema=a%22b",
                Err(DatabaseError::Schema("a\"b".to_owned())),
            ),
        ] {
            let read = text.parse::<Database>();
            assert!(!format!("{read:?}").contains("hid"), "{read:?}");
            assert_eq!(read.map(|read| read.to_string()), expected, "{text}");
        }
    }

    #[test]
    fn the_password_is_kept_for_the_server() {
        let read = "postgres://ann:hidden@host/db?schema=a".parse().unwrap();
        let Database::Postgres(read) = read else {
            panic!("{read:?}");
        };
        assert_eq!(read.url(), "postgres://ann:hidden@host/db");
        let other = read.with_schema("b").unwrap();
        assert_eq!((other.schema(), other.url()), ("b", read.url()));
        assert!(read.with_schema("B").is_err());
    }
}
