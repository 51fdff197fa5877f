//! A row of either database, read by column name.

use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// What a query found.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

impl Row {
    /// What a column holds. NULL is read as an `Option` only.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub(in crate::store) fn try_get<'r, T: Column<'r>>(
        &'r self,
        column: &str,
    ) -> Result<T, sqlx::Error> {
        T::read(self, column)
    }
}

/// A type that a column can be read as.
pub(in crate::store) trait Column<'r>: Sized {
    fn read(row: &'r Row, column: &str) -> Result<Self, sqlx::Error>;
}

/// A type of a column that is not NULL.
pub(in crate::store) trait Cell<'r>: Sized {
    fn cell(row: &'r Row, column: &str) -> Result<Option<Self>, sqlx::Error>;
}

impl<'r, T: Cell<'r>> Column<'r> for Option<T> {
    fn read(row: &'r Row, column: &str) -> Result<Self, sqlx::Error> {
        T::cell(row, column)
    }
}

/// What both databases know by themselves.
macro_rules! native {
    ($($type:ty),+) => {
        $(
            impl<'r> Cell<'r> for $type {
                fn cell(row: &'r Row, column: &str) -> Result<Option<Self>, sqlx::Error> {
                    match row {
                        Row::Sqlite(row) => row.try_get(column),
                        Row::Postgres(row) => row.try_get(column),
                    }
                }
            }
        )+
    };
}

native!(&'r str, i64, &'r [u8]);

/// What is made of something that both know.
macro_rules! made {
    ($($type:ty: $native:ty;)+) => {
        $(
            impl<'r> Cell<'r> for $type {
                fn cell(row: &'r Row, column: &str) -> Result<Option<Self>, sqlx::Error> {
                    let found = <$native>::cell(row, column)?;
                    let made = found.map(|found| Self::try_from(found)).transpose();
                    made.map_err(|error| sqlx::Error::ColumnDecode {
                        index: column.to_owned(),
                        source: error.into(),
                    })
                }
            }
        )+
    };
}

made! {
    String: &'r str;
    Vec<u8>: &'r [u8];
    u16: i64;
    u32: i64;
}

/// Kept as 0 or 1.
impl<'r> Cell<'r> for bool {
    fn cell(row: &'r Row, column: &str) -> Result<Option<Self>, sqlx::Error> {
        Ok(i64::cell(row, column)?.map(|number| number != 0))
    }
}

macro_rules! present {
    ($($type:ty),+) => {
        $(
            impl<'r> Column<'r> for $type {
                fn read(row: &'r Row, column: &str) -> Result<Self, sqlx::Error> {
                    let found = <$type>::cell(row, column)?;
                    found.ok_or_else(|| sqlx::Error::ColumnDecode {
                        index: column.to_owned(),
                        source: Box::new(sqlx::error::UnexpectedNullError),
                    })
                }
            }
        )+
    };
}

present!(&'r str, i64, &'r [u8], bool, String, Vec<u8>, u16, u32);
