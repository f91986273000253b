//! What is printed can be read again.

use std::{fs, process::Command};

use serde_json::json;

use super::Printer;

const TEMPLATE: &str = r#"
#import "/karvon.typ": *
#let doc = json(bytes(sys.inputs.document))
#show: page-of.with(doc)
= #doc.title
#facts(doc.facts)
#lines(doc.head, doc.rows, (auto, 1fr, auto), (right, left, right))
#sums(doc.sums)
"#;

fn document(rows: usize) -> serde_json::Value {
    json!({
        "lang": "uz",
        "title": "Hisobvaraq-faktura № 7",
        "foot": "Chorsu Texno",
        "facts": [{ "name": "Xaridor", "value": "Oʻktam Gʻaniyev, Ўктам Ғаниев қҳ" }, { "name": "Sana", "value": "21.11.2026" }],
        "head": ["№", "Mahsulot", "Summa"],
        "rows": (1..=rows).map(|n| json!([n.to_string(), "Televizor <b>#1</b> $x$ _y_", "4 690 000"])).collect::<Vec<_>>(),
        "sums": [{ "name": "QQS 12 %", "value": "502 500" }, { "name": "Jami", "value": "4 690 000 soʻm" }],
    })
}

/// The words of a PDF, as another program reads them.
fn words_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.pdf");
    fs::write(&file, pdf).unwrap();
    let read = Command::new("pdftotext").args(["-layout", file.to_str().unwrap(), "-"]).output().unwrap();
    assert!(read.status.success());
    String::from_utf8(read.stdout).unwrap()
}

#[test]
fn a_document_is_text_in_every_script_and_what_people_typed_is_no_markup() {
    let words = words_of(&Printer::new(TEMPLATE).pdf(&document(2)).unwrap());
    for part in [
        "Hisobvaraq-faktura № 7",
        "Oʻktam Gʻaniyev, Ўктам Ғаниев қҳ",
        "Televizor <b>#1</b> $x$ _y_",
        "4 690 000 soʻm",
    ] {
        assert!(words.contains(part), "{part} is not in\n{words}");
    }
}

#[test]
fn a_long_table_goes_over_pages_with_its_head_on_each() {
    let words = words_of(&Printer::new(TEMPLATE).pdf(&document(120)).unwrap());
    let pages = words.matches("Mahsulot").count();
    assert!(pages >= 3, "{pages} heads");
    assert!(words.contains(&format!("{pages}/{pages}")), "{words}");
}

#[test]
fn the_same_document_is_the_same_bytes_and_a_template_that_asks_for_more_is_an_error() {
    let printer = Printer::new(TEMPLATE);
    assert_eq!(printer.pdf(&document(3)).unwrap(), printer.pdf(&document(3)).unwrap());
    assert!(printer.pdf(&json!({ "lang": "uz" })).is_err());
}
