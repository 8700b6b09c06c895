//! Reading the cells of a row into the board's types; a cell that does not fit names its row.

use std::{fmt::Display, str::FromStr};

use remit_board::{scope::Scope, time::Millis};
use rusqlite::{Row, types::ValueRef};

use crate::error::StoreError;

pub(in crate::sqlite) struct Cells<'a> {
    pub table: &'static str,
    pub row: &'a Row<'a>,
}

impl Cells<'_> {
    /// What names the row in messages: its first cell.
    fn id(&self) -> String {
        match self.row.get_ref(0) {
            Ok(ValueRef::Integer(number)) => number.to_string(),
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            _ => "?".to_owned(),
        }
    }

    pub fn flaw(&self, flaw: impl Display) -> StoreError {
        StoreError::InvalidRow { table: self.table, id: self.id(), flaw: flaw.to_string() }
    }

    pub fn str(&self, column: usize) -> Result<&str, StoreError> {
        self.maybe_str(column)?.ok_or_else(|| self.flaw(format_args!("column {column} is empty")))
    }

    pub fn maybe_str(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.row.get_ref(column)?.as_str_or_null().map_err(|error| self.flaw(error))
    }

    pub fn string(&self, column: usize) -> Result<String, StoreError> {
        self.str(column).map(str::to_owned)
    }

    pub fn maybe_string(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(self.maybe_str(column)?.map(str::to_owned))
    }

    pub fn parsed<T: FromStr<Err: Display>>(&self, column: usize) -> Result<T, StoreError> {
        self.str(column)?.parse().map_err(|error| self.flaw(error))
    }

    pub fn maybe_parsed<T: FromStr<Err: Display>>(&self, column: usize) -> Result<Option<T>, StoreError> {
        self.maybe_str(column)?.map(|text| text.parse().map_err(|error| self.flaw(error))).transpose()
    }

    /// One of a closed set of words.
    pub fn word<T>(&self, column: usize, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        let text = self.str(column)?;
        parse(text).ok_or_else(|| self.flaw(format_args!("{text:?} is not a word for column {column}")))
    }

    pub fn integer(&self, column: usize) -> Result<i64, StoreError> {
        self.row.get_ref(column)?.as_i64().map_err(|error| self.flaw(error))
    }

    pub fn number<T: TryFrom<i64, Error: Display>>(&self, column: usize) -> Result<T, StoreError> {
        self.integer(column)?.try_into().map_err(|error| self.flaw(error))
    }

    pub fn maybe_number<T: TryFrom<i64, Error: Display>>(
        &self,
        column: usize,
    ) -> Result<Option<T>, StoreError> {
        match self.row.get_ref(column)? {
            ValueRef::Null => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    pub fn time(&self, column: usize) -> Result<Millis, StoreError> {
        self.integer(column).map(Millis)
    }

    /// A list with one item a line; NULL is the empty one.
    pub fn lines(&self, column: usize) -> Result<impl Iterator<Item = &str>, StoreError> {
        Ok(self.maybe_str(column)?.into_iter().flat_map(|text| text.split('\n')))
    }

    pub fn parsed_lines<T: FromStr<Err: Display>>(&self, column: usize) -> Result<Vec<T>, StoreError> {
        self.lines(column)?.map(|line| line.parse().map_err(|error| self.flaw(error))).collect()
    }

    pub fn scope(&self, column: usize) -> Result<Scope, StoreError> {
        Scope::parse(self.lines(column)?).map_err(|error| self.flaw(error))
    }

    /// A JSON array of free text; NULL is the empty one.
    pub fn texts(&self, column: usize) -> Result<Vec<String>, StoreError> {
        match self.maybe_str(column)? {
            None => Ok(Vec::new()),
            Some(json) => serde_json::from_str(json).map_err(|error| self.flaw(error)),
        }
    }
}

/// The cell that `Cells::lines` reads. Names and patterns hold no control characters, so that a line is an item; it is
/// read much faster than JSON, and a board is read by every command.
pub(in crate::sqlite) fn lines<'a>(items: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lines = items.into_iter().collect::<Vec<_>>();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The cell that `Cells::texts` reads.
pub(in crate::sqlite) fn texts(items: &[String]) -> Result<Option<String>, StoreError> {
    if items.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(items)
        .map(Some)
        .map_err(|error| StoreError::Defect(format!("a list can't be written: {error}")))
}

/// SQLite's integers have a sign; no count of ours comes near the difference.
pub(in crate::sqlite) fn to_integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
