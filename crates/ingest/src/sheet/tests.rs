//! Files as people have them, and files as nobody should.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;

#[track_caller]
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let sheet = read(bytes).unwrap();
    std::iter::once(sheet.headings).chain(sheet.lines.into_iter().map(|line| line.cells)).collect()
}

#[track_caller]
fn refusal(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().field_errors().first().map_or("", |error| error.text.key())
}

#[test]
fn a_table_is_read_with_any_separator_and_alphabet() {
    let expected = vec![vec!["Kod", "Nomi; qisqa"], vec!["A-1", "Чойнак, катта"]];
    let comma = "Kod,\"Nomi; qisqa\"\r\nA-1,\"Чойнак, катта\"\r\n";
    let semicolon = "Kod;\"Nomi; qisqa\"\nA-1;\"Чойнак, катта\"";
    let tab = "Kod\tNomi; qisqa\n\n  \nA-1\tЧойнак, катта\t\t\n";
    for text in [comma, semicolon, tab] {
        assert_eq!(rows(text.as_bytes()), expected, "{text}");
        assert_eq!(rows(format!("\u{feff}{text}").as_bytes()), expected, "with a mark");
        let (windows, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        assert_eq!(rows(&windows), expected, "Windows-1251");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [vec![0xff, 0xfe], utf16].concat();
        assert_eq!(rows(&marked), expected, "UTF-16");
    }
}

#[test]
fn rows_keep_the_numbers_that_a_spreadsheet_shows() {
    let sheet = read("Kod\nA\n\nB\n\"C\nC\"\nD\n".as_bytes()).unwrap();
    let numbers: Vec<_> = sheet.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [2, 4, 5, 7]);
}

#[test]
fn a_workbook_is_read_cell_by_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("dd.mm.yyyy");
    sheet.write(1, 0, "Kod").unwrap();
    sheet.write(1, 3, "Narx").unwrap();
    sheet.write(2, 0, "0012").unwrap();
    sheet.write(2, 1, 2_060_000_000_019_f64).unwrap();
    sheet.write(2, 2, 0.1 + 0.2).unwrap();
    sheet.write(2, 3, Formula::new("=1+1").set_result("2.5")).unwrap();
    let day = ExcelDateTime::from_ymd(2026, 11, 20).unwrap();
    sheet.write_with_format(4, 0, &day, &date).unwrap();
    sheet.write(4, 1, true).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let read = read(&bytes).unwrap();
    assert_eq!(read.headings, ["Kod", "", "", "Narx"]);
    assert_eq!(
        read.lines[0],
        Line { number: 3, cells: vec!["0012".into(), "2060000000019".into(), "0.3".into(), "2.5".into()] }
    );
    assert_eq!(read.lines[1], Line { number: 5, cells: vec!["2026-11-20".into(), "true".into()] });
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    for (bytes, key) in [
        (b"".as_slice(), "ingest-file-empty"),
        (b"  \n\n", "ingest-file-empty"),
        (b"Kod,Nomi\n", "ingest-file-without-rows"),
        (b"PK\x03\x04 and nothing more", "ingest-workbook-malformed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ingest-file-is-xls"),
        (b"%PDF-1.7\n\0\0\x01\x02\x03", "ingest-file-is-no-table"),
        (&[1, 2, 3, 4, 5, 6, 7, 8], "ingest-file-is-no-table"),
    ] {
        assert_eq!(refusal(bytes), key, "{bytes:?}");
    }
    assert!(read(&vec![b'a'; FILE_BYTES_AT_MOST + 1]).is_err());
    assert_eq!(
        refusal(&b"a,".repeat(COLUMNS_AT_MOST + 1).iter().copied().chain(*b"a\n1").collect::<Vec<_>>()),
        "ingest-too-many-columns"
    );
    let long = format!("Kod\n{}", "x".repeat(CELL_CHARS_AT_MOST + 1));
    assert_eq!(refusal(long.as_bytes()), "ingest-cell-too-long");
    let many = format!("Kod\n{}", "a\n".repeat(ROWS_AT_MOST + 1));
    assert_eq!(refusal(many.as_bytes()), "ingest-too-many-rows");
}

#[test]
fn the_first_sheet_that_is_shown_is_read() {
    let mut book = Workbook::new();
    let hidden = book.add_worksheet();
    hidden.set_hidden(true);
    hidden.write(0, 0, "Eski").unwrap();
    hidden.write(1, 0, "0").unwrap();
    let shown = book.add_worksheet();
    shown.set_active(true);
    shown.write(0, 0, "Kod").unwrap();
    shown.write_formula(1, 0, Formula::new("=#REF!").set_result("#REF!")).unwrap();
    shown.merge_range(2, 0, 3, 0, "A-1", &Format::new()).unwrap();
    assert_eq!(rows(&book.save_to_buffer().unwrap()), [["Kod"], ["#REF!"], ["A-1"]]);
}

#[test]
fn a_cell_at_the_end_of_the_world_takes_no_memory() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Kod").unwrap();
    sheet.write(1_048_575, 0, "A").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read(&bytes).unwrap().lines[0].number, 1_048_576);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Kod").unwrap();
    sheet.write(1, 16_383, "A").unwrap();
    assert_eq!(refusal(&book.save_to_buffer().unwrap()), "ingest-too-many-columns");
}

#[test]
fn an_archive_that_unpacks_to_a_world_is_refused() {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let megabyte = vec![b' '; 1 << 20];
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    for _ in 0..9 {
        archive.write_all(&megabyte).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let refused = |at_most| {
        let error = workbook::refuse_bombs(&bytes, at_most).err()?;
        error.field_errors().first().map(|error| error.text.key())
    };
    assert_eq!((refused(8 << 20), refused(9 << 20)), (Some("ingest-workbook-too-large"), None));
}
