//! What a model wrote, made fit for a chat: which passages it names, whether it knows at all, no links of its own. Pure.

use std::collections::HashSet;

/// Characters of an answer at most: below what one message carries, with room for its sources.
const ANSWER_CHARS: usize = 3_000;

/// What the model writes when nothing answers the question.
const UNKNOWN: &str = "[[unknown]]";
/// What it writes when somebody of the staff is asked for.
const PERSON: &str = "[[person]]";

/// What a model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// An answer, with the passages it names (from 0) in the order of its marks, which count them from 1.
    Answer { text: String, passages: Vec<usize> },
    /// Nothing that it was given answers it.
    Unknown,
    /// The person wants to talk with somebody.
    Person,
}

/// Reads an answer that was given `passages` passages; links and numbers have to stand in `material`.
pub(super) fn read(written: &str, passages: usize, material: &str) -> Said {
    if written.contains(PERSON) {
        return Said::Person;
    }
    let text = plain(&written.replace(UNKNOWN, ""));
    let (text, passages) = numbered(&cut(&without_strange_links(&text, material)), passages);
    if text.is_empty() || !numbers_are_given(&marks_out(&text), material) {
        return Said::Unknown;
    }
    Said::Answer { text, passages }
}

/// What can be shown of an answer that is still being written: nothing of a sign, no mark that has not ended, no link that
/// may still grow.
pub(super) fn partial(written: &str, material: &str) -> String {
    let text = written.split("[[").next().unwrap_or_default();
    let text = text.strip_suffix('[').unwrap_or(text);
    let whole = match text.rfind('[') {
        Some(at) if !text.get(at..).unwrap_or_default().contains(']') => text.get(..at).unwrap_or_default(),
        _ => text,
    };
    // The last word may not be whole yet.
    let whole = whole.rfind(char::is_whitespace).map_or("", |at| whole.get(..at).unwrap_or_default());
    cut(&marks_out(&without_strange_links(&plain(whole), material)))
}

/// An answer that ended because it was too long, up to its last whole sentence; nothing when there is none.
pub(super) fn up_to_a_sentence(written: &str) -> &str {
    written.rfind(['.', '!', '?']).and_then(|at| written.get(..=at)).unwrap_or_default()
}

/// Without what Markdown writes for looks: chats show it as it stands.
fn plain(text: &str) -> String {
    let line = |line: &str| {
        let bare = line.trim_start();
        let heading = bare.trim_start_matches('#');
        let bare =
            if heading.len() < bare.len() && heading.starts_with(' ') { heading.trim_start() } else { line };
        bare.replace("**", "").replace("__", "").replace('`', "").trim_end().to_owned()
    };
    let lines: Vec<String> = text.trim().lines().map(line).collect();
    lines.join("\n").replace('\0', "").trim().to_owned()
}

/// At most so many characters, up to the end of a sentence where there is one.
fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(ANSWER_CHARS) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or_default();
    let sentence = head.rfind(['.', '!', '?']).filter(|at| *at > end / 2);
    match sentence {
        Some(at) => head.get(..=at).unwrap_or_default().to_owned(),
        None => format!("{head}…"),
    }
}

/// Marks such as `[2]` or `[1, 3]` at the beginning of `rest`: the numbers, and how long it is.
fn mark(rest: &str) -> Option<(Vec<usize>, usize)> {
    let inside = rest.strip_prefix('[')?;
    let length = inside.find(']')?;
    let numbers: Option<Vec<usize>> =
        inside.get(..length)?.split(',').map(|number| number.trim().parse().ok()).collect();
    Some((numbers?, length + 2))
}

/// The text with `write` in place of each mark.
fn with_marks(text: &str, mut write: impl FnMut(&[usize]) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        match mark(after) {
            Some((numbers, length)) => {
                let written = write(&numbers);
                if written.is_empty() {
                    let kept = out.trim_end_matches(' ').len();
                    out.truncate(kept);
                }
                out.push_str(&written);
                rest = after.get(length..).unwrap_or_default();
            }
            None => {
                out.push('[');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

fn marks_out(text: &str) -> String {
    with_marks(text, |_| String::new())
}

/// The passages that the marks name, and the text with marks that count them from 1 as they come. A mark that names no
/// passage goes away.
fn numbered(text: &str, passages: usize) -> (String, Vec<usize>) {
    let mut named: Vec<usize> = Vec::new();
    let text = with_marks(text, |numbers| {
        let known = numbers.iter().filter(|number| (1..=passages).contains(*number));
        let marks = known.map(|number| {
            let place = named.iter().position(|one| one + 1 == *number).unwrap_or_else(|| {
                named.push(number - 1);
                named.len() - 1
            });
            format!("[{}]", place + 1)
        });
        marks.collect()
    });
    (text, named)
}

/// Links that nobody gave the model are not its to give.
fn without_strange_links(text: &str, material: &str) -> String {
    let given: HashSet<String> = words(material).filter_map(|(_, word)| link(word)).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, word) in words(text) {
        if link(word).is_some_and(|link| !given.contains(&link)) {
            out.push_str(text.get(rest..at).unwrap_or_default());
            out.push('…');
            rest = at + word.len();
        }
    }
    out.push_str(text.get(rest..).unwrap_or_default());
    out
}

/// The words of a text as far as a link may reach, and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '<' | '>' | '(' | ')' | '[' | ']' | '«' | '»' | '“' | '”')
    };
    let around = |c: char| matches!(c, '.' | ',' | '!' | '?' | ';' | ':' | '*' | '_' | '\'' | '…');
    text.split(ends).filter_map(move |part| {
        let word = part.trim_start_matches(around);
        let at = word.as_ptr().addr() - text.as_ptr().addr();
        Some((at, word.trim_end_matches(around))).filter(|(_, word)| !word.is_empty())
    })
}

/// Where a word leads, when a chat would make a link of it: without its scheme, `www.` and a stroke at the end.
fn link(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let (scheme, rest) = lower.split_once("://").unwrap_or(("", lower.as_str()));
    let bare = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/');
    let host = bare.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // The end of a sentence without a space behind it: the next one begins with a capital.
    let is_sentence = word.rsplit_once('.').is_some_and(|(_, next)| next.starts_with(char::is_uppercase))
        && word.chars().any(char::is_lowercase);
    let is_name = !is_sentence
        && host.rsplit_once('.').is_some_and(|(name, top)| {
            name.chars().any(char::is_alphanumeric)
                && top.chars().count() >= 2
                && top.chars().all(char::is_alphabetic)
        });
    let parts: Vec<&str> = host.split('.').collect();
    let is_address = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
    let is_person = word.starts_with('@') && word.chars().count() > 3;
    let is_link = !scheme.is_empty() || rest.starts_with("www.");
    (is_link || is_name || is_address || is_person).then(|| bare.to_owned())
}

/// Digits of a number that has to have been given: prices, phones and years, not "2 kunda" or "09:00".
const DIGITS: usize = 3;

/// Whether every number of some length stands in what the model was given: it invents no price.
fn numbers_are_given(text: &str, material: &str) -> bool {
    // A phone may be written with strokes or without.
    let given: Vec<String> = numbers(material).chain(numbers(&material.replace('-', ""))).collect();
    numbers(text).all(|number| number.len() < DIGITS || given.iter().any(|one| one.contains(&number)))
}

/// The numbers of a text, digits alone: `30 000`, `30.000` and `30000` are one.
fn numbers(text: &str) -> impl Iterator<Item = String> {
    let mut found: Vec<String> = Vec::new();
    let mut number = String::new();
    let mut gap = 0_u8;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                number.push(c);
                gap = 0;
            }
            ' ' | '\u{a0}' | '\u{202f}' | '.' | ',' | '\'' if !number.is_empty() && gap == 0 => gap = 1,
            _ => {
                found.extend((!number.is_empty()).then(|| std::mem::take(&mut number)));
                gap = 0;
            }
        }
    }
    found.extend((!number.is_empty()).then_some(number));
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str, passages: &[usize]) -> Said {
        Said::Answer { text: text.to_owned(), passages: passages.to_vec() }
    }

    #[test]
    fn marks_are_counted_in_the_order_in_which_they_come() {
        assert_eq!(read("Ha [3]. Yoʻq [1, 3].", 3, ""), answer("Ha [1]. Yoʻq [2][1].", &[2, 0]));
        assert_eq!(read("Ha [9].", 3, ""), answer("Ha.", &[]));
        assert_eq!(read("Qavs [bu] qoladi [1]", 1, ""), answer("Qavs [bu] qoladi [1]", &[0]));
        assert_eq!(read("ochiq [", 1, ""), answer("ochiq [", &[]));
    }

    #[test]
    fn signs_are_understood_and_never_shown() {
        assert_eq!(read("[[unknown]]", 3, ""), Said::Unknown);
        assert_eq!(read("  ", 3, ""), Said::Unknown);
        assert_eq!(read("Mayli. [[person]]", 3, ""), Said::Person);
        assert_eq!(read("**Narxi** `12` soʻm [[unknown]]", 0, ""), answer("Narxi 12 soʻm", &[]));
    }

    #[test]
    fn numbers_that_were_not_given_are_no_answer() {
        let given = "Yetkazish 30 000 soʻm, telefon +998712000000, 2026-11-21. {\"price\":\"2199000 UZS\"}";
        for said in [
            "30.000 soʻm, 2 kunda",
            "2 199 000 soʻm",
            "+998 71 200 00 00",
            "09:00 dan 18:00 gacha",
            "2026 yilda",
            "71-200-00-00",
            "30 000-2 199 000 soʻm",
        ] {
            assert!(matches!(read(said, 0, given), Said::Answer { .. }), "{said}");
        }
        for said in ["Hammasi 1 500 soʻm", "25 000 soʻm", "+998 90 111 22 33"] {
            assert_eq!(read(said, 0, given), Said::Unknown, "{said}");
        }
    }

    #[test]
    fn links_that_were_not_given_are_taken_out() {
        let given = "Saytimiz: https://dokon.uz/aksiya. Savdo boti: @dokon_bot";
        for (said, shown) in [
            (
                "Qarang: https://dokon.uz/aksiya yoki https://evil.example/pay, evil.com!",
                "Qarang: https://dokon.uz/aksiya yoki …, …!",
            ),
            (
                "dokon.uz/aksiya, https://dokon.uz/aksiya/ va @dokon_bot",
                "dokon.uz/aksiya, https://dokon.uz/aksiya/ va @dokon_bot",
            ),
            ("evil.online/pay evil.store EVIL.COM evil.com:8080/x", "… … … …"),
            ("(evil.com?x=1) “evil.com#a” evil.рф 1.2.3.4/pay @evil_bot", "(…) “…” … … …"),
            ("https://dokon.uz@evil.com/aksiya dokon.uz.evil.com", "… …"),
            (
                "Bor.Va narxi 12.5 soʻm, 09.00 dan 18.00 gacha.",
                "Bor.Va narxi 12.5 soʻm, 09.00 dan 18.00 gacha.",
            ),
        ] {
            assert_eq!(without_strange_links(said, given), shown);
        }
    }

    #[test]
    fn what_is_being_written_shows_neither_signs_nor_half_words() {
        for (written, shown) in [
            ("[", ""),
            ("[[unk", ""),
            ("Ha [1", "Ha"),
            ("Ha [1]. Bor ", "Ha. Bor"),
            ("Mayli. [[per", "Mayli."),
            ("Mayli. [[person]]", "Mayli."),
            ("# Narx\n**12** va", "Narx\n12"),
            ("Kiring: https://evil.exam", "Kiring:"),
            ("Kiring: https://evil.example/pay shu", "Kiring: …"),
        ] {
            assert_eq!(partial(written, ""), shown, "{written}");
        }
        assert_eq!(up_to_a_sentence("Bor. Narxi 30 0"), "Bor.");
        assert_eq!(up_to_a_sentence("Narxi"), "");
    }

    #[test]
    fn a_long_answer_ends_with_a_sentence() {
        let long = "Bu gap. ".repeat(1_000);
        let Said::Answer { text, .. } = read(&long, 0, "") else { panic!("an answer") };
        assert!(text.chars().count() <= ANSWER_CHARS && text.ends_with("gap."), "{}", text.len());
    }
}
