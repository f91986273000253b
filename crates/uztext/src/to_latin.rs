//! Uzbek Cyrillic to Uzbek Latin, by the rules of the orthography of 1995.

use crate::letters::{TURNED, TUTUQ, is_cyrillic};
use crate::segments::map_words;

/// Writes Uzbek Cyrillic in Uzbek Latin with oʻ, gʻ (U+02BB) and the tutuq ’: е is `ye` at the start of a word, after a
/// vowel and after ъ, ь; ц is `ts` after a vowel and `s` elsewhere; ь is not written; сҳ is `s’h`.
///
/// Latin letters, tags, entities, `{placeholders}`, addresses and commands stay as they are.
pub fn cyrillic_to_latin(text: &str) -> String {
    map_words(text, is_cyrillic, |word, before, _, out| change_word(word, before, out))
}

fn change_word(word: &str, before: Option<char>, out: &mut String) {
    let letters: Vec<char> = word.chars().collect();
    let at = |index: usize| letters.get(index).copied();
    // A word that goes on from Latin letters (`USBга`) is not at its start.
    let inner = before.is_some_and(char::is_alphabetic);
    for (index, &letter) in letters.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(at);
        let next = at(index + 1);
        let lower = lowered(letter);
        let latin = latin_of(lower, previous.map(lowered), next.map(lowered), inner);
        let upper = lower != letter;
        let loud = match (next, previous) {
            (Some(neighbour), _) | (None, Some(neighbour)) => neighbour.is_uppercase(),
            (None, None) => false,
        };
        push_cased(&latin, upper, loud, out);
    }
}

fn push_cased(latin: &str, upper: bool, loud: bool, out: &mut String) {
    for (index, c) in latin.chars().enumerate() {
        if upper && (index == 0 || loud) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
}

fn lowered(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'а' | 'е' | 'ё' | 'и' | 'о' | 'у' | 'ў' | 'э' | 'ю' | 'я' | 'ы')
}

fn latin_of(letter: char, previous: Option<char>, next: Option<char>, inner: bool) -> String {
    let start = previous.is_none() && !inner;
    let simple = match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' if start || previous.is_some_and(|c| is_vowel(c) || matches!(c, 'ъ' | 'ь')) => "ye",
        'е' | 'э' => "e",
        'ё' => "yo",
        'ж' => "j",
        'з' => "z",
        'и' | 'ы' => "i",
        'й' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        // Two letters that Latin would read as one.
        'с' if next == Some('ҳ') => return format!("s{TUTUQ}"),
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "x",
        // пицца is pitsa: of two, one is written.
        'ц' if next == Some('ц') => "",
        'ц' if previous.is_some_and(is_vowel) || previous == Some('ц') => "ts",
        'ц' => "s",
        'ч' => "ch",
        'ш' | 'щ' => "sh",
        // Before е, ё, ю, я the sign only separates, and Latin has the y for that.
        'ъ' if next.is_some_and(|c| matches!(c, 'е' | 'ё' | 'ю' | 'я')) => "",
        'ъ' => return TUTUQ.to_string(),
        'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'ў' => return format!("o{TURNED}"),
        'қ' => "q",
        'ғ' => return format!("g{TURNED}"),
        'ҳ' => "h",
        other => return crate::letters::romanized(other).map_or_else(|| other.to_string(), str::to_owned),
    };
    simple.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_by_the_orthography() {
        for (cyrillic, latin) in [
            ("Ўзбекистон Республикаси", "Oʻzbekiston Respublikasi"),
            ("ЎЗБЕКИСТОН", "OʻZBEKISTON"),
            ("Шаҳар", "Shahar"),
            ("ШАҲАР", "SHAHAR"),
            ("ер", "yer"),
            ("Европа", "Yevropa"),
            ("поезд", "poyezd"),
            ("келди", "keldi"),
            ("объект", "obyekt"),
            ("эшик", "eshik"),
            ("цирк", "sirk"),
            ("милиция", "militsiya"),
            ("концерт", "konsert"),
            ("акция", "aksiya"),
            ("пицца", "pitsa"),
            ("маъно", "ma’no"),
            ("Исҳоқ", "Is’hoq"),
            ("компьютер", "kompyuter"),
            ("ғалаба", "gʻalaba"),
            ("йўқ", "yoʻq"),
            ("ёш", "yosh"),
            ("Я", "Ya"),
            ("ИШ", "ISH"),
            ("USBга", "USBga"),
        ] {
            assert_eq!(cyrillic_to_latin(cyrillic), latin);
        }
    }

    #[test]
    fn what_is_not_prose_stays() {
        for text in ["<b title=\"а\">", "&nbsp;", "{ном}", "https://х.uz/а", "a@б.uz"] {
            assert_eq!(cyrillic_to_latin(text), text);
        }
        assert_eq!(cyrillic_to_latin("<b>Нарх</b>: {нарх} сўм"), "<b>Narx</b>: {нарх} soʻm");
    }
}
