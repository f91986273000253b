//! Walks a text word by word for transliteration, and passes over what is not prose: tags, entities, placeholders,
//! addresses, commands.

/// Longest entity, as in `&thetasym;`.
const ENTITY_CHARS: usize = 12;

/// Copies `text`, giving every word of `is_word` characters to `change` with the character before and after it.
pub(crate) fn map_words(
    text: &str,
    is_word: fn(char) -> bool,
    change: impl Fn(&str, Option<char>, Option<char>, &mut String),
) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        let kept = protected(rest, before);
        let length = if kept > 0 {
            kept
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if kept == 0 && is_word(first) {
            change(piece, before, tail.chars().next(), &mut out);
        } else {
            out.push_str(piece);
        }
        before = piece.chars().next_back();
        rest = tail;
    }
    out
}

/// How many bytes at the start of `rest` are not prose; 0 when they are.
fn protected(rest: &str, before: Option<char>) -> usize {
    match rest.chars().next() {
        Some('<') if rest.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!') => {
            closed_by(rest, '>')
        }
        Some('{') => closed_by(rest, '}'),
        Some('&') => {
            let length = closed_by(rest, ';');
            let name = rest.get(1..length.saturating_sub(1)).unwrap_or("");
            let good = !name.is_empty()
                && name.len() <= ENTITY_CHARS
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
            if good { length } else { 0 }
        }
        _ if before.is_some_and(|c| c.is_alphanumeric() || crate::letters::is_apostrophe(c)) => 0,
        _ => address(rest),
    }
}

fn closed_by(rest: &str, end: char) -> usize {
    rest.find(end).map_or(0, |position| position + end.len_utf8())
}

/// The length of a web address, a mail address, an @name or a /command at the start of `rest`; 0 when there is none.
fn address(rest: &str) -> usize {
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'))
        .unwrap_or(rest.len());
    let chunk = rest.get(..length).unwrap_or("");
    let command =
        chunk.strip_prefix('/').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    if chunk.contains("://") || chunk.starts_with("www.") || chunk.contains('@') || command {
        length
    } else {
        0
    }
}
