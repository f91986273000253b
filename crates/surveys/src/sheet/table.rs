//! A table as text: which alphabet, which separator, then rows.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1251};
use kernel::Result;

use super::{Counting, refused};

/// Bytes looked at to tell text from something else.
const LOOK_BYTES: usize = 8_192;
/// Separators; of two that stand as often, the one that words hold less often comes first.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

pub(super) fn read(bytes: &[u8], counting: &mut Counting<'_>) -> Result<()> {
    let text = text_of(bytes)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|error| refused("surveys-file-malformed").because(error))?;
        let cells = record.iter().map(|cell| unguarded(cell).to_owned()).collect();
        counting.cells(line_of(&text, &record), cells)?;
    }
    Ok(())
}

/// The words behind the apostrophe that a CSV of this program (and a careful spreadsheet) puts before what would be
/// taken for a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(words) if words.starts_with(['=', '+', '-', '@', '\t', '\r']) => words,
        _ => cell,
    }
}

/// The line where the record begins; its position is that of the empty lines before it.
fn line_of(text: &str, record: &StringRecord) -> u32 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).ok().and_then(|byte| text.as_bytes().get(byte..));
    let empty = from.unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let before = empty.filter(|byte| **byte == b'\n').count();
    u32::try_from(position.line()).unwrap_or(u32::MAX).saturating_add(u32::try_from(before).unwrap_or(0))
}

/// UTF-8 or UTF-16 by their marks, UTF-8 when it is valid, Windows-1251 otherwise, as Excel in this country saves.
fn text_of(bytes: &[u8]) -> Result<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark..).unwrap_or_default();
        let (text, _) = encoding.decode_without_bom_handling(body);
        return Ok(text.into_owned());
    }
    let look = bytes.get(..bytes.len().min(LOOK_BYTES)).unwrap_or_default();
    // Text without a mark that has zero bytes in every other place is UTF-16; other zero bytes are no text.
    let zeros = |odd: usize| look.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => {}
        (0, many) if many * 4 > look.len() => {
            return Ok(UTF_16LE.decode_without_bom_handling(bytes).0.into_owned());
        }
        (many, 0) if many * 4 > look.len() => {
            return Ok(UTF_16BE.decode_without_bom_handling(bytes).0.into_owned());
        }
        _ => return Err(refused("surveys-file-is-no-table")),
    }
    let controls = look.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    if controls * 50 > look.len() {
        return Err(refused("surveys-file-is-no-table"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Ok(WINDOWS_1251.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// The separator that stands most often in the first line, outside of quotes.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| {
        let mut quoted = false;
        let mut found = 0_usize;
        for byte in first.bytes() {
            quoted ^= byte == b'"';
            found += usize::from(!quoted && byte == separator);
        }
        found
    };
    let most = SEPARATORS.map(count).into_iter().max().unwrap_or(0);
    SEPARATORS.into_iter().find(|separator| count(*separator) == most).unwrap_or(b',')
}
