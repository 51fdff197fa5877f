//! A query with its arguments.

use sqlx::database::Database;
use sqlx::query::Query as Prepared;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr, Sqlite};

use super::dialect::storable;
use super::value::Value;

/// A query, to be given its arguments and run.
#[must_use = "a query does nothing until it is run"]
#[derive(Debug)]
pub(crate) struct Query {
    pub(super) sql: SqlStr,
    pub(super) arguments: Vec<Value>,
}

/// A query in the SQL that both databases take.
pub(crate) fn query(sql: impl SqlSafeStr) -> Query {
    Query {
        sql: sql.into_sql_str(),
        arguments: Vec::new(),
    }
}

impl Query {
    /// The value of the next `$n`.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.arguments.push(value.into());
        self
    }

    /// Logs the statement. Its arguments are not shown, because some are secrets.
    pub(super) fn trace(&self) {
        tracing::trace!(statement = self.sql.as_str(), "a statement");
    }

    pub(super) fn for_sqlite(self) -> Prepared<'static, Sqlite, <Sqlite as Database>::Arguments> {
        let query = sqlx::query(self.sql);
        self.arguments
            .into_iter()
            .fold(query, |query, value| match value {
                Value::Text(text) => query.bind(text),
                Value::Integer(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
            })
    }

    pub(super) fn for_postgres(
        self,
    ) -> Prepared<'static, Postgres, <Postgres as Database>::Arguments> {
        let query = sqlx::query(self.sql);
        self.arguments
            .into_iter()
            .fold(query, |query, value| match value {
                Value::Text(text) => query.bind(text.map(storable)),
                Value::Integer(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
            })
    }
}

/// Queries one behind the other, as one query. SQLite's own numbering begins again with each
/// statement, but the library takes the numbers for places among all arguments.
pub(super) fn sequence(queries: Vec<Query>) -> Query {
    let size = queries.iter().map(|query| query.sql.as_str().len() + 16);
    let mut text = String::with_capacity(size.sum());
    let mut arguments: Vec<Value> = Vec::new();
    for query in queries {
        if !text.is_empty() {
            text.push_str("; ");
        }
        append(&mut text, query.sql.as_str(), arguments.len());
        arguments.extend(query.arguments);
    }
    Query {
        sql: AssertSqlSafe(text).into_sql_str(),
        arguments,
    }
}

/// Appends a statement whose arguments are behind so many others.
fn append(text: &mut String, statement: &str, before: usize) {
    if before == 0 {
        return text.push_str(statement);
    }
    let mut parts = statement.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        text.push('$');
        let end = part.find(|character: char| !character.is_ascii_digit());
        let (number, rest) = part.split_at(end.unwrap_or(part.len()));
        match number.parse::<usize>() {
            Ok(number) => text.push_str(&(number + before).to_string()),
            // It is not the place of an argument.
            Err(_) => text.push_str(number),
        }
        text.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_keep_their_arguments() {
        let queries = vec![
            query("A $1 $2").bind(1_i64).bind(2_i64),
            query("B"),
            query("C $2$1 '$'").bind(3_i64).bind(4_i64),
        ];
        let all = sequence(queries);
        assert_eq!(all.sql.as_str(), "A $1 $2; B; C $4$3 '$'");
        assert_eq!(all.arguments, [1_i64, 2, 3, 4].map(Value::from));
    }
}
