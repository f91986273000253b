//! Uzbek Latin to Uzbek Cyrillic.

use crate::letters::{is_apostrophe, is_latin};
use crate::segments::map_words;

/// Whole words and stems that letters alone do not give. A whole word wins over a stem.
const WORDS: [(&str, &str); 8] = [
    ("yanvar", "январь"),
    ("fevral", "февраль"),
    ("aprel", "апрель"),
    ("iyun", "июнь"),
    ("iyul", "июль"),
    ("noyabr", "ноябрь"),
    ("dekabr", "декабрь"),
    ("rubl", "рубль"),
];

const STEMS: [(&str, &str); 15] = [
    ("sentabr", "сентябр"),
    ("oktabr", "октябр"),
    ("rayon", "район"),
    ("mayor", "майор"),
    ("mayonez", "майонез"),
    ("yogurt", "йогурт"),
    ("kompyuter", "компьютер"),
    ("albom", "альбом"),
    ("palto", "пальто"),
    ("sirk", "цирк"),
    ("sement", "цемент"),
    ("konsert", "концерт"),
    ("pitsa", "пицца"),
    ("pensiya", "пенсия"),
    ("obyekt", "объект"),
];

/// Writes Uzbek Latin in Uzbek Cyrillic: any apostrophe after o and g makes ў and ғ, another one between letters makes ъ;
/// `e` is э at the start of a word and after a vowel, `ye` is е; `ts` is ц except at the seam of an Uzbek ending
/// (`ketsa`, `uyatsiz`).
///
/// Words that are not Uzbek (with w, or c without h, or touching a digit: `Canon`, `A54`), tags, entities,
/// `{placeholders}`, addresses and commands stay as they are.
pub fn latin_to_cyrillic(text: &str) -> String {
    map_words(text, |c| is_latin(c) || is_apostrophe(c), change_word)
}

fn change_word(word: &str, before: Option<char>, after: Option<char>, out: &mut String) {
    let is_digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    // Quotes around a word are not letters of it.
    let open = word.trim_start_matches(is_apostrophe);
    let mut body = open.trim_end_matches(is_apostrophe);
    if matches!(body.chars().next_back(), Some('o' | 'O' | 'g' | 'G'))
        && let Some(mark) = open.get(body.len()..).and_then(|tail| tail.chars().next())
    {
        body = open.get(..body.len() + mark.len_utf8()).unwrap_or(body);
    }
    let letters: Vec<char> = body.chars().collect();
    if is_digit(before) || is_digit(after) || !is_uzbek(&letters) {
        out.push_str(word);
        return;
    }
    let lead = word.len() - open.len();
    out.push_str(word.get(..lead).unwrap_or(""));
    change_letters(&letters, out);
    out.push_str(open.get(body.len()..).unwrap_or(""));
}

fn is_uzbek(letters: &[char]) -> bool {
    letters.iter().enumerate().all(|(index, c)| match c.to_ascii_lowercase() {
        'w' => false,
        'c' => letters.get(index + 1).is_some_and(|next| next.eq_ignore_ascii_case(&'h')),
        other => other.is_ascii() || is_apostrophe(*c),
    })
}

fn change_letters(letters: &[char], out: &mut String) {
    let lower: Vec<char> = letters.iter().map(char::to_ascii_lowercase).collect();
    let plain: String = lower.iter().collect();
    let mut index = 0;
    if let Some((latin, cyrillic)) = WORDS
        .iter()
        .find(|(latin, _)| *latin == plain)
        .or_else(|| STEMS.iter().find(|(latin, _)| plain.starts_with(latin)))
    {
        index = latin.chars().count();
        let loud = index > 1 && letters.iter().take(index).all(|c| c.is_uppercase());
        let upper = letters.first().is_some_and(|c| c.is_uppercase());
        for (position, c) in cyrillic.chars().enumerate() {
            if loud || (upper && position == 0) { out.extend(c.to_uppercase()) } else { out.push(c) }
        }
    }
    while index < lower.len() {
        let (cyrillic, used) = unit(&lower, index);
        let upper = letters.get(index).is_some_and(|c| c.is_uppercase());
        if upper {
            out.extend(cyrillic.to_uppercase())
        } else {
            out.push(cyrillic)
        }
        index += used;
    }
}

/// The Cyrillic letter that starts at `index` and how many characters it takes.
fn unit(word: &[char], index: usize) -> (char, usize) {
    let at = |offset: usize| word.get(index + offset).copied();
    let previous = index.checked_sub(1).and_then(|position| word.get(position)).copied();
    let marked = at(1).is_some_and(is_apostrophe);
    match (at(0).unwrap_or(' '), at(1)) {
        ('o', _) if marked => ('ў', 2),
        ('g', _) if marked => ('ғ', 2),
        ('s', Some('h')) => ('ш', 2),
        ('s', Some(mark)) if is_apostrophe(mark) && at(2) == Some('h') => ('с', 2),
        ('c', Some('h')) => ('ч', 2),
        ('y', Some('a')) => ('я', 2),
        ('y', Some('u')) => ('ю', 2),
        ('y', Some('e')) => ('е', 2),
        ('y', Some('o')) if !at(2).is_some_and(is_apostrophe) => ('ё', 2),
        ('t', Some('s')) if at(2) != Some('h') && !at_seam(word.get(index + 2..).unwrap_or(&[])) => ('ц', 2),
        // -ksiya, -psiya and -nsiya are -кция, -пция and -нция.
        ('s', Some('i'))
            if matches!(previous, Some('k' | 'p' | 'n')) && at(2) == Some('y') && at(3) == Some('a') =>
        {
            ('ц', 1)
        }
        ('e', _) if previous.is_none_or(|c| is_apostrophe(c) || matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')) => {
            ('э', 1)
        }
        (letter, _) => (single(letter), 1),
    }
}

/// True when what follows `ts` is an Uzbek ending that begins with s: -sa, -siz, -sin.
fn at_seam(after: &[char]) -> bool {
    let ending: String = after.iter().take(5).collect();
    ending.starts_with('a') || ending.starts_with("iz") || ending == "in" || ending == "inlar"
}

fn single(letter: char) -> char {
    match letter {
        'a' => 'а',
        'b' => 'б',
        'd' => 'д',
        'e' => 'е',
        'f' => 'ф',
        'g' => 'г',
        'h' => 'ҳ',
        'i' => 'и',
        'j' => 'ж',
        'k' => 'к',
        'l' => 'л',
        'm' => 'м',
        'n' => 'н',
        'o' => 'о',
        'p' => 'п',
        'q' => 'қ',
        'r' => 'р',
        's' => 'с',
        't' => 'т',
        'u' => 'у',
        'v' => 'в',
        'x' => 'х',
        'y' => 'й',
        'z' => 'з',
        mark if is_apostrophe(mark) => 'ъ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_in_cyrillic() {
        for (latin, cyrillic) in [
            ("Oʻzbekiston Respublikasi", "Ўзбекистон Республикаси"),
            ("O'ZBEKISTON", "ЎЗБЕКИСТОН"),
            ("shahar", "шаҳар"),
            ("Shahar", "Шаҳар"),
            ("SHAHAR", "ШАҲАР"),
            ("yer", "ер"),
            ("eshik", "эшик"),
            ("poema", "поэма"),
            ("poyezd", "поезд"),
            ("keldi", "келди"),
            ("ma’no", "маъно"),
            ("ma'no", "маъно"),
            ("Is’hoq", "Исҳоқ"),
            ("gʻalaba", "ғалаба"),
            ("yoʻq", "йўқ"),
            ("yosh", "ёш"),
            ("dunyo", "дунё"),
            ("militsiya", "милиция"),
            ("ketsa", "кетса"),
            ("uyatsiz", "уятсиз"),
            ("aytsin", "айтсин"),
            ("meditsina", "медицина"),
            ("aksiya", "акция"),
            ("stansiya", "станция"),
            ("pensiya", "пенсия"),
            ("rayoni", "райони"),
            ("Yanvar", "Январь"),
            ("sentabrda", "сентябрда"),
            ("'narx'", "'нарх'"),
            ("togʻ", "тоғ"),
        ] {
            assert_eq!(latin_to_cyrillic(latin), cyrillic);
        }
    }

    #[test]
    fn what_is_not_uzbek_prose_stays() {
        for text in [
            "Canon",
            "Huawei",
            "A54",
            "<b class=\"x\">",
            "&amp;",
            "{price}",
            "https://karvon.uz/x",
            "/start",
            "@karvon",
        ] {
            assert_eq!(latin_to_cyrillic(text), text);
        }
        assert_eq!(
            latin_to_cyrillic("<b>Narx</b>: {price} soʻm &amp; QQS"),
            "<b>Нарх</b>: {price} сўм &amp; ҚҚС"
        );
    }
}
