//! A row of an answer, read by column number.

use kernel::{Error, Result};

use crate::{FromValue, Value};

/// A row of an answer. Columns are read in the order of the SELECT list.
pub struct Row<'a>(Inner<'a>);

enum Inner<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl<'a> Row<'a> {
    pub(crate) const fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self(Inner::Sqlite(row))
    }

    pub(crate) const fn postgres(row: &'a postgres::Row) -> Self {
        Self(Inner::Postgres(row))
    }

    fn value(&self, column: usize) -> Result<Value<'_>> {
        match self.0 {
            Inner::Sqlite(row) => {
                let value = row.get_ref(column).map_err(Error::internal)?;
                Value::from_sqlite(value)
                    .ok_or_else(|| Error::internal(format!("column {column} is no text")))
            }
            Inner::Postgres(row) => row.try_get(column).map_err(Error::internal),
        }
    }

    /// Column `column`, counted from 0, as a `T`.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T> {
        T::from_value(self.value(column)?).ok_or_else(|| {
            Error::internal(format!("column {column} does not hold a {}", std::any::type_name::<T>()))
        })
    }

    /// Column `column`, stored as text, read by its `FromStr`: states, kinds.
    pub fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T> {
        let text: String = self.get(column)?;
        text.parse().map_err(|_| {
            Error::internal(format!("column {column}: {text:?} is no {}", std::any::type_name::<T>()))
        })
    }
}
