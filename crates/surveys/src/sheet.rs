//! A file as rows: a workbook, a table as text, or JSON. Pure; knows limits, and nothing of what rows mean.

mod table;
mod workbook;

use kernel::{Error, Kind, Result, Text};
use serde_json::Value;

use crate::json::Object;

/// Bytes of a file.
pub(crate) const FILE_BYTES_AT_MOST: usize = 20 * 1_024 * 1_024;
/// Rows of a file, the headings not counted.
pub(crate) const ROWS_AT_MOST: usize = 100_000;
/// Columns of a file.
const COLUMNS_AT_MOST: usize = 60;
/// Characters of a cell.
const CELL_CHARS_AT_MOST: usize = 8_000;
/// Bytes that a workbook may unpack to.
const UNPACKED_BYTES_AT_MOST: u64 = 400 * 1_024 * 1_024;
/// Names under which a JSON object holds the list of rows.
const LISTS: [&str; 3] = ["rows", "students", "roster"];

/// What a file is made of, as it is read.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    /// The first row of a table.
    Headings(Vec<String>),
    /// A row under them: its number as a spreadsheet shows it, from 1, and its cells.
    Cells(u32, Vec<String>),
    /// An object of a JSON list: its place, from 1.
    Object(u32, Object),
}

/// Who takes the pieces.
type Sink<'s> = &'s mut dyn FnMut(Piece) -> Result<()>;

/// Gives each piece of a workbook (XLSX, its first sheet), a table as text (`,`, `;` or tab; UTF-8, UTF-16 or Windows-1251) or a JSON
/// list to `sink`. What it is, its bytes tell. Errors: it is none of these, or too large, beside `file`.
pub(crate) fn read(bytes: &[u8], sink: Sink<'_>) -> Result<()> {
    must_fit(bytes.len())?;
    let first = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    let Some(first) = first else { return Err(refused("surveys-file-empty")) };
    let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = if without_mark.len() < bytes.len() {
        without_mark.iter().copied().find(|byte| !byte.is_ascii_whitespace()).unwrap_or(first)
    } else {
        first
    };
    let mut counting = Counting { sink, rows: 0, has_headings: false };
    match bytes {
        [b'P', b'K', 3 | 5, ..] => workbook::read(bytes, &mut counting)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(refused("surveys-file-is-xls")),
        _ if matches!(first, b'[' | b'{') => read_json(without_mark, &mut counting)?,
        _ => table::read(bytes, &mut counting)?,
    }
    if counting.rows == 0 { Err(refused("surveys-file-without-rows")) } else { Ok(()) }
}

/// Refuses a file that is too large.
pub(crate) fn must_fit(bytes: usize) -> Result<()> {
    if bytes <= FILE_BYTES_AT_MOST {
        return Ok(());
    }
    let words = Text::new("surveys-file-too-large").with("max", FILE_BYTES_AT_MOST / 1_048_576);
    Err(Error::new(Kind::TooMuch { retry_after_s: None }, words))
}

fn refused(key: &'static str) -> Error {
    Error::field("file", Text::new(key))
}

fn read_json(bytes: &[u8], counting: &mut Counting<'_>) -> Result<()> {
    let malformed = || refused("surveys-json-malformed");
    let whole: Value = serde_json::from_slice(bytes).map_err(|error| malformed().because(error))?;
    let list = match whole {
        Value::Array(list) => Some(list),
        Value::Object(mut object) => LISTS.iter().find_map(|name| match object.remove(*name) {
            Some(Value::Array(list)) => Some(list),
            _ => None,
        }),
        _ => None,
    };
    let list = list.ok_or_else(|| refused("surveys-json-without-list"))?;
    for (place, row) in (1..).zip(list) {
        let Value::Object(object) = row else {
            return Err(Error::field("file", Text::new("surveys-json-row-no-object").with("row", place)));
        };
        counting.object(place, object)?;
    }
    Ok(())
}

/// Watches the limits on the way to the sink.
struct Counting<'s> {
    sink: Sink<'s>,
    rows: usize,
    has_headings: bool,
}

impl Counting<'_> {
    fn one_more(&mut self) -> Result<()> {
        self.rows += 1;
        if self.rows <= ROWS_AT_MOST {
            return Ok(());
        }
        Err(Error::field("file", Text::new("surveys-too-many-rows").with("max", ROWS_AT_MOST)))
    }

    fn object(&mut self, place: u32, object: Object) -> Result<()> {
        self.one_more()?;
        (self.sink)(Piece::Object(place, object))
    }

    /// The first row that holds anything is the headings; empty ones are left out.
    fn cells(&mut self, number: u32, mut cells: Vec<String>) -> Result<()> {
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > COLUMNS_AT_MOST {
            let words = Text::new("surveys-too-many-columns").with("max", COLUMNS_AT_MOST);
            return Err(Error::field("file", words));
        }
        if cells
            .iter()
            .any(|cell| cell.len() > CELL_CHARS_AT_MOST && cell.chars().count() > CELL_CHARS_AT_MOST)
        {
            let words =
                Text::new("surveys-cell-too-long").with("row", number).with("max", CELL_CHARS_AT_MOST);
            return Err(Error::field("file", words));
        }
        if !self.has_headings {
            self.has_headings = true;
            return (self.sink)(Piece::Headings(cells.iter().map(|cell| cell.trim().to_owned()).collect()));
        }
        self.one_more()?;
        (self.sink)(Piece::Cells(number, cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(bytes: &[u8]) -> Result<Vec<Piece>> {
        let mut found = Vec::new();
        read(bytes, &mut |piece| {
            found.push(piece);
            Ok(())
        })?;
        Ok(found)
    }

    fn table(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let pieces = pieces(bytes).unwrap();
        assert_eq!(pieces[0], Piece::Headings(vec!["ID".to_owned(), "Yoʻnalish".to_owned()]));
        let row = |piece: Piece| match piece {
            Piece::Cells(number, cells) => (number, cells),
            other => panic!("{other:?}"),
        };
        pieces.into_iter().skip(1).map(row).collect()
    }

    #[track_caller]
    fn is_refused(bytes: &[u8], key: &str) {
        let error = pieces(bytes).unwrap_err();
        assert_eq!(error.field_errors()[0].text.key(), key);
    }

    #[test]
    fn tables_are_read_as_people_save_them() {
        let text = "ID;Yoʻnalish\n1;\"Mexanika; muhandislik\"\n\n2;Qurilish\n";
        let expected = [(2, vec!["1", "Mexanika; muhandislik"]), (4, vec!["2", "Qurilish"])];
        let expected =
            expected.map(|(n, cells)| (n, cells.into_iter().map(str::to_owned).collect::<Vec<_>>()));
        let mut marked = b"\xef\xbb\xbf".to_vec();
        marked.extend_from_slice(text.as_bytes());
        for bytes in [text.as_bytes(), &marked, text.replace('\n', "\r\n").as_bytes()] {
            assert_eq!(table(bytes), expected);
        }
        assert_eq!(table("ID\tYoʻnalish\n1\tA\n".as_bytes())[0].1, ["1", "A"]);
        assert_eq!(table("ID,Yoʻnalish\n1,A\n".as_bytes())[0].1, ["1", "A"]);
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Талаба;Йўналиш\n1;Қурилиш\n");
        assert!(matches!(&pieces(&cyrillic).unwrap()[0], Piece::Headings(cells) if cells[0] == "Талаба"));
    }

    #[test]
    fn json_is_a_list_or_holds_one() {
        for text in [r#"[{"id": 1}]"#, r#"{"rows": [{"id": 1}]}"#, " {\"students\": [{\"id\": 1}]}"] {
            let found = pieces(text.as_bytes()).unwrap();
            assert!(matches!(&found[..], [Piece::Object(1, row)] if row["id"] == 1), "{text}");
        }
        is_refused(b"[1]", "surveys-json-row-no-object");
        is_refused(b"{\"a\": 1}", "surveys-json-without-list");
        is_refused(b"[{", "surveys-json-malformed");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        is_refused(b" \n", "surveys-file-empty");
        is_refused(b"ID,B\n", "surveys-file-without-rows");
        is_refused(b"[]", "surveys-file-without-rows");
        is_refused(b"\xd0\xcf\x11\xe0abc", "surveys-file-is-xls");
        is_refused(b"PK\x03\x04broken", "surveys-workbook-malformed");
        is_refused(b"\x01\x02\x00\x03\x05\x06\x00\x01", "surveys-file-is-no-table");
        let many = "a\n".repeat(ROWS_AT_MOST + 2);
        is_refused(many.as_bytes(), "surveys-too-many-rows");
        is_refused(
            format!("{}\n1\n", "a,".repeat(COLUMNS_AT_MOST + 1)).replace(",\n", ",b\n").as_bytes(),
            "surveys-too-many-columns",
        );
    }
}
