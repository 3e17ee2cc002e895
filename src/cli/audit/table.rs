//! One table as CSV and as Parquet, written side by side as rows come.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use crate::mail;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// A time that may be unknown.
    Time,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i32),
    /// Seconds since 1970-01-01 UTC.
    Time(Option<i64>),
}

impl Cell {
    /// Of a count; counts here are of words and bytes of one mail.
    pub fn number(count: usize) -> Cell {
        Cell::Number(i32::try_from(count).unwrap_or(i32::MAX))
    }

    pub fn json(self) -> Value {
        match self {
            Cell::Text(text) => text.into(),
            Cell::Number(number) => number.into(),
            Cell::Time(time) => time.map(mail::date).into(),
        }
    }

    fn csv(&self) -> String {
        match self {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
            Cell::Time(time) => time.map(mail::date).unwrap_or_default(),
        }
    }
}

/// A text that no spreadsheet runs.
fn harmless(text: &str) -> String {
    const STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    if text.trim_start_matches([' ', '\n']).starts_with(STARTS) { format!("'{text}") } else { text.to_owned() }
}

/// Rows that Parquet writes at once, column by column; what is held in memory.
const ROWS: usize = 8_192;

/// A table that is being written.
pub struct Table {
    csv: csv::Writer<File>,
    parquet: SerializedFileWriter<File>,
    kinds: Vec<Kind>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Begins `NAME.csv` and `NAME.parquet` in a folder.
    pub fn create(folder: &Path, name: &str, columns: Vec<(String, Kind)>) -> Result<Table> {
        let mut csv = csv::Writer::from_writer(File::create(folder.join(format!("{name}.csv")))?);
        csv.write_record(columns.iter().map(|(name, _)| name))?;
        let field = |(name, kind): &(String, Kind)| match kind {
            Kind::Text => format!("REQUIRED BYTE_ARRAY {name} (STRING);"),
            Kind::Number => format!("REQUIRED INT32 {name};"),
            Kind::Time => format!("OPTIONAL INT64 {name} (TIMESTAMP(MILLIS,true));"),
        };
        let schema = format!("message {name} {{ {} }}", columns.iter().map(field).collect::<Vec<_>>().join(" "));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let parquet = SerializedFileWriter::new(
            File::create(folder.join(format!("{name}.parquet")))?,
            Arc::new(parse_message_type(&schema)?),
            Arc::new(properties),
        )?;
        Ok(Table { csv, parquet, kinds: columns.into_iter().map(|(_, kind)| kind).collect(), rows: Vec::new() })
    }

    /// Adds a row, which has a cell of its kind for each column.
    pub fn push(&mut self, row: Vec<Cell>) -> Result<()> {
        self.csv.write_record(row.iter().map(Cell::csv))?;
        self.rows.push(row);
        if self.rows.len() == ROWS { self.flush() } else { Ok(()) }
    }

    /// Ends both files.
    pub fn finish(mut self) -> Result<()> {
        self.flush()?;
        self.csv.flush()?;
        self.parquet.close()?;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.parquet.next_row_group()?;
        for (place, kind) in self.kinds.iter().enumerate() {
            let Some(mut column) = group.next_column()? else { break };
            let cells = rows.iter().filter_map(|row| row.get(place));
            match kind {
                Kind::Text => {
                    let text = |cell: &Cell| if let Cell::Text(text) = cell { text.as_str() } else { "" }.into();
                    let values: Vec<ByteArray> = cells.map(text).collect();
                    column.typed::<ByteArrayType>().write_batch(&values, None, None)?;
                }
                Kind::Number => {
                    let number = |cell: &Cell| if let Cell::Number(number) = cell { *number } else { 0 };
                    let values: Vec<i32> = cells.map(number).collect();
                    column.typed::<Int32Type>().write_batch(&values, None, None)?;
                }
                Kind::Time => {
                    let time = |cell: &Cell| if let Cell::Time(time) = cell { *time } else { None };
                    let times: Vec<Option<i64>> = cells.map(time).collect();
                    let known: Vec<i16> = times.iter().map(|time| i16::from(time.is_some())).collect();
                    let values: Vec<i64> = times.into_iter().flatten().map(|time| time * 1_000).collect();
                    column.typed::<Int64Type>().write_batch(&values, Some(&known), None)?;
                }
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    #[test]
    fn more_rows_than_are_held_at_once_are_written_in_order() {
        let folder = std::env::temp_dir().join(format!("composure-table-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let columns = [("name", Kind::Text), ("count", Kind::Number), ("time", Kind::Time)];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        let mut table = Table::create(&folder, "rows", columns).expect("files");
        let count = 2 * ROWS + 1;
        for row in 0..count {
            let time = (row % 3 > 0).then_some(row as i64);
            let cells = vec![Cell::Text(format!("-{row}")), Cell::number(row), Cell::Time(time)];
            table.push(cells).expect("a row");
        }
        table.finish().expect("the end");
        let read =
            SerializedFileReader::new(File::open(folder.join("rows.parquet")).expect("a file")).expect("Parquet");
        assert_eq!(read.num_row_groups(), 3);
        let json: Vec<Value> =
            read.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string().into()).collect();
        assert_eq!(json.len(), count);
        assert_eq!(json[0], "{name: \"-0\", count: 0, time: null}");
        assert_eq!(
            json[ROWS + 3],
            format!("{{name: \"-{0}\", count: {0}, time: 1970-01-01 02:16:35.000 +00:00}}", ROWS + 3)
        );
        let csv = std::fs::read_to_string(folder.join("rows.csv")).expect("a file");
        assert_eq!(csv.lines().count(), count + 1);
        assert_eq!(csv.lines().nth(2), Some("'-1,1,1970-01-01T00:00:01Z"));
        std::fs::remove_dir_all(&folder).expect("its end");
    }
}
