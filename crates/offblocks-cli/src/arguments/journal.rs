//! Where the journal of a job is, as it is written on a command line.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use offblocks_types::Secret;
use url::Url;

/// Where the journal of a job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum JournalPlace {
    /// In a file, for one process at a time.
    File(PathBuf),
    /// In a PostgreSQL database, which any number of workers share.
    Postgres(PostgresPlace),
}

/// A schema of a PostgreSQL database. The password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresPlace {
    /// Without the schema.
    pub(crate) url: Secret,
    pub(crate) schema: Option<String>,
}

/// Reads a [`JournalPlace`]. A URL may hold a password, so the error does not repeat it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JournalPlaceParser;

impl TypedValueParser for JournalPlaceParser {
    type Value = JournalPlace;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<JournalPlace, clap::Error> {
        place(value).ok_or_else(|| {
            command.clone().error(
                ErrorKind::ValueValidation,
                "the value of --journal begins as a URL of PostgreSQL and is not a valid one: write \
                 postgres://USER:PASSWORD@HOST:PORT/DATABASE, and characters such as @ / ? # of the \
                 password as %40 %2F %3F %23",
            )
        })
    }
}

fn place(value: &OsStr) -> Option<JournalPlace> {
    let text = match value.to_str() {
        Some(text) if text.starts_with("postgres://") || text.starts_with("postgresql://") => text,
        _ => return Some(JournalPlace::File(PathBuf::from(value))),
    };
    let mut url: Url = text.parse().ok()?;
    let mut schema = None;
    let mut others = Vec::new();
    for (name, value) in url.query_pairs() {
        match &*name {
            "schema" => schema = Some(value.into_owned()),
            _ => others.push((name.into_owned(), value.into_owned())),
        }
    }
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    Some(JournalPlace::Postgres(PostgresPlace {
        url: String::from(url).into(),
        schema,
    }))
}

impl fmt::Debug for PostgresPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostgresPlace")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_database_and_anything_else_a_file() {
        let file = |path: &str| Some(JournalPlace::File(path.into()));
        assert_eq!(place(OsStr::new("cards.journal")), file("cards.journal"));
        assert_eq!(place(OsStr::new("/tmp/postgres")), file("/tmp/postgres"));
        for (text, url, schema) in [
            (
                "postgres://ann:hidden@db/x",
                "postgres://ann:hidden@db/x",
                None,
            ),
            (
                "postgresql://db/x?schema=june&sslmode=disable",
                "postgresql://db/x?sslmode=disable",
                Some("june"),
            ),
        ] {
            let expected = PostgresPlace {
                url: url.into(),
                schema: schema.map(str::to_owned),
            };
            let found = place(OsStr::new(text));
            assert_eq!(found, Some(JournalPlace::Postgres(expected)));
            assert!(!format!("{found:?}").contains("hidden"));
        }
        assert_eq!(place(OsStr::new("postgres://a b:1x/")), None);
    }
}
