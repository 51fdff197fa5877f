//! The values that queries take. A NULL has a type too, because PostgreSQL needs it.

/// An argument of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// For a `TEXT` column.
    Text(Option<String>),
    /// For an `INTEGER` column, `BIGINT` in PostgreSQL.
    Integer(Option<i64>),
    /// For a `BLOB` column, `BYTEA` in PostgreSQL.
    Bytes(Option<Vec<u8>>),
}

/// For each type, how it becomes what a column keeps; with each goes the same type in an
/// `Option`.
macro_rules! values {
    ($($kind:ident: $($from:ty),+;)+) => {
        $($(
            impl From<$from> for Value {
                fn from(value: $from) -> Self {
                    Self::$kind(Some(value.into()))
                }
            }

            impl From<Option<$from>> for Value {
                fn from(value: Option<$from>) -> Self {
                    Self::$kind(value.map(Into::into))
                }
            }
        )+)+
    };
}

values! {
    Text: String, &String, &str;
    Integer: i64, i32, u32, u16, bool;
    Bytes: Vec<u8>, &[u8];
}

impl From<&Option<String>> for Value {
    fn from(value: &Option<String>) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&Vec<u8>> for Value {
    fn from(value: &Vec<u8>) -> Self {
        Self::Bytes(Some(value.clone()))
    }
}
