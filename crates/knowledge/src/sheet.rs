//! Pairs from CSV: question, answer and, separated by `|`, other wordings. Pure.

use kernel::{Error, FieldError, Result, Text};

use crate::Content;

/// Rows of a file at most.
const ROWS: usize = 500;
/// Mistakes that are told at once.
const MISTAKES: usize = 20;
/// What the heading of the first column may be, folded.
const HEADINGS: [&str; 3] = ["savol", "question", "vopros"];

/// The pairs of a file, tidied; or what is wrong with its first bad rows.
pub(crate) fn pairs(bytes: &[u8]) -> Result<Vec<Content>> {
    let refused = |text: Text| Error::field("file", text);
    let text = std::str::from_utf8(bytes).map_err(|_| refused(Text::new("knowledge-file-is-not-utf8")))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let (mut pairs, mut mistakes) = (Vec::new(), Vec::new());
    for (row, record) in (1_usize..).zip(reader.records()) {
        let record = record
            .map_err(|error| refused(Text::new("knowledge-csv-malformed").with("row", row)).because(error))?;
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let is_word = cell(0).chars().all(char::is_alphabetic);
        let is_heading = row == 1 && is_word && HEADINGS.contains(&uztext::fold(cell(0)).as_str());
        if is_heading || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let pair = Content::Pair {
            question: cell(0).to_owned(),
            answer: cell(1).to_owned(),
            wordings: cell(2).split('|').map(str::to_owned).collect(),
        };
        match pair.checked() {
            Ok(pair) => pairs.push(pair),
            Err(error) if mistakes.len() < MISTAKES => mistakes.extend(of_row(row, &error)),
            Err(_) => {}
        }
        if pairs.len() > ROWS {
            return Err(refused(Text::new("knowledge-csv-too-long").with("max", ROWS)));
        }
    }
    Error::all(mistakes)?;
    if pairs.is_empty() {
        return Err(refused(Text::new("knowledge-csv-empty")));
    }
    Ok(pairs)
}

/// The mistakes of a row, told beside the file.
fn of_row(row: usize, error: &Error) -> Vec<FieldError> {
    let key = |field: &str| match field {
        "question" => "knowledge-csv-question",
        "answer" => "knowledge-csv-answer",
        _ => "knowledge-csv-wordings",
    };
    let mistakes = error.field_errors().iter();
    mistakes
        .map(|mistake| FieldError {
            field: "file".to_owned(),
            text: Text::new(key(&mistake.field)).with("row", row),
        })
        .collect()
}

/// What stands most often in the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|delimiter| (count(*delimiter), *delimiter == b','))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_from_what_spreadsheets_write() {
        for text in [
            "\u{feff}Savol;Javob;Boshqacha\r\nKafolat bormi?;\"Ha; bir yil\";Garantiya?|Kafolat\r\n;;\r\n",
            "Kafolat bormi?,Ha; bir yil,Garantiya?|Kafolat",
            "Вопрос\tОтвет\nKafolat bormi?\tHa; bir yil\tGarantiya? | Kafolat |\n",
        ] {
            let Content::Pair { question, answer, wordings } = pairs(text.as_bytes()).unwrap().remove(0)
            else {
                panic!("a pair")
            };
            assert_eq!((question.as_str(), answer.as_str()), ("Kafolat bormi?", "Ha; bir yil"));
            assert_eq!(wordings, ["Garantiya?", "Kafolat"]);
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row() {
        let check = |bytes: &[u8]| -> Vec<String> {
            let error = pairs(bytes).unwrap_err();
            error.field_errors().iter().map(|e| format!("{} {:?}", e.text.key(), e.text.args())).collect()
        };
        assert_eq!(
            check(b"Savol,Javob\nKafolat?,\n,Ha\n"),
            ["knowledge-csv-answer [(\"row\", Int(2))]", "knowledge-csv-question [(\"row\", Int(3))]"]
        );
        assert_eq!(check(b"\xff\xfe"), ["knowledge-file-is-not-utf8 []"]);
        assert_eq!(check(b"Savol,Javob\n"), ["knowledge-csv-empty []"]);
        let long: String = (0..=ROWS).map(|n| format!("Savol {n},Javob\n")).collect();
        assert_eq!(check(long.as_bytes()), ["knowledge-csv-too-long [(\"max\", Int(500))]"]);
    }
}
