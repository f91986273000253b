//! The search key of a text: lower-case plain Latin, one spelling for both scripts and for what people type instead.

use crate::letters::{
    compose, cyrillic_twin, is_apostrophe, is_combining, is_cyrillic, is_invisible, is_latin, latin_twin,
    plain, romanized,
};

/// Folds a text to its search key: words of lower-case Latin letters and digits with one space between them.
///
/// Both scripts of one Uzbek word, every apostrophe, upper and lower case, full-width digits and letters of the other
/// script that only look right give the same key: `Шкаф` = `shkaf`, `ўқув` = `oʻquv` = `o'quv`, `XABAR` = `хабар`.
/// `h` and `x` are one letter, `э`, `е` and `ye` are one, `ц` and `ts` are `s`, `ъ` and `ь` vanish. Folding a key again
/// changes nothing. The key is for comparing, not for reading.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word: Vec<char> = Vec::new();
    for c in cleaned(text) {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            end_word(&mut word, &mut out);
        }
    }
    end_word(&mut word, &mut out);
    out
}

/// The words of [`fold`], in order.
pub fn tokens(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Folds an article number or a barcode: upper-case Latin letters and digits only, letters of the other script read as
/// they look (`ВТ-100` in Cyrillic = `BT100`). Unlike [`fold`], no two Latin letters become one.
pub fn code_key(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    for c in cleaned(code).into_iter().filter(|c| c.is_alphanumeric()) {
        match latin_twin(c) {
            Some(twin) => out.push(twin.to_ascii_uppercase()),
            None => match romanized(c) {
                Some(letters) => out.extend(letters.chars().map(|letter| letter.to_ascii_uppercase())),
                None => out.extend(c.to_uppercase().filter(|letter| letter.is_alphanumeric())),
            },
        }
    }
    out
}

/// Lower case, composed accents, no apostrophes and no invisible marks.
fn cleaned(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    for c in text.chars().map(plain).flat_map(char::to_lowercase) {
        if is_combining(c) {
            if let Some(last) = out.last_mut()
                && let Some(joined) = compose(*last, c)
            {
                *last = joined;
            }
        } else if !is_apostrophe(c) && !is_invisible(c) {
            out.push(c);
        }
    }
    out
}

fn end_word(word: &mut Vec<char>, out: &mut String) {
    if word.is_empty() {
        return;
    }
    one_script(word);
    let mut letters: Vec<char> = Vec::with_capacity(word.len() + 4);
    let mut before = None;
    for &c in word.iter() {
        match romanized(c) {
            // пицца and pitsa: the second ц is not written in Latin.
            Some(_) if c == 'ц' && before == Some('ц') => {}
            Some(roman) => letters.extend(roman.chars()),
            None => letters.push(c),
        }
        before = Some(c);
    }
    loop {
        let shorter = respell(&letters);
        if shorter == letters {
            break;
        }
        letters = shorter;
    }
    word.clear();
    if letters.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push(' ');
    }
    out.extend(letters);
}

/// Brings a word of both scripts to one, when the letters of the other script are all look-alikes. A word that is truly
/// of two scripts (`USBга`) stays and is read letter by letter.
fn one_script(word: &mut [char]) {
    let (mut cyrillic, mut latin, mut cyrillic_only, mut latin_only) = (0_usize, 0_usize, 0_usize, 0_usize);
    for &c in word.iter() {
        // A letter that has no Latin reading says nothing about the script meant.
        if is_cyrillic(c) && romanized(c).is_some() {
            cyrillic += 1;
            cyrillic_only += usize::from(latin_twin(c).is_none());
        } else if is_latin(c) {
            latin += 1;
            latin_only += usize::from(cyrillic_twin(c).is_none());
        }
    }
    if cyrillic == 0 || latin == 0 {
        return;
    }
    let to_latin = cyrillic_only == 0 && (latin_only > 0 || latin >= cyrillic);
    let to_cyrillic = latin_only == 0 && !to_latin;
    for c in word.iter_mut() {
        let twin = if to_latin && is_cyrillic(*c) {
            latin_twin(*c)
        } else if to_cyrillic && is_latin(*c) {
            cyrillic_twin(*c)
        } else {
            None
        };
        *c = twin.unwrap_or(*c);
    }
}

/// One pass of the spelling rules. Each rule makes the word shorter or moves a letter one way only, so that repeating
/// the pass ends.
fn respell(word: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(word.len());
    let at = |index: usize| word.get(index).copied();
    let mut index = 0;
    while let Some(c) = at(index) {
        let next = at(index + 1);
        let mut used = 1;
        match (c, next) {
            // h and x are one letter to people who type; w is v in both languages.
            ('x', _) => out.push('h'),
            ('w', _) => out.push('v'),
            // Bosch = бош; Russian щ written as "shch" at the start of a word.
            ('s', Some('c')) if at(index + 2) == Some('h') => {
                out.extend(['s', 'h']);
                used = 3;
            }
            ('s', Some('h')) if index == 0 && at(2) == Some('c') && at(3) == Some('h') => {
                out.extend(['s', 'h']);
                used = 4;
            }
            ('c', Some('h')) => {
                out.extend(['c', 'h']);
                used = 2;
            }
            ('c', Some('k')) => {
                out.push('k');
                used = 2;
            }
            ('c', Some('e' | 'i' | 'y')) => out.push('s'),
            // "USB-C": a lone c is the Cyrillic с as often as not.
            ('c', None) if index == 0 => out.push('s'),
            ('c', _) => out.push('k'),
            // The Latin spellings of х, ж, дж and ф.
            ('k', Some('h')) => {
                out.push('h');
                used = 2;
            }
            ('z', Some('h')) | ('d', Some('j')) => {
                out.push('j');
                used = 2;
            }
            ('p', Some('h')) => {
                out.push('f');
                used = 2;
            }
            // sentyabr and sentabr, oktyabr and oktabr.
            ('t', Some('y')) if word.get(index + 2..index + 5) == Some(&['a', 'b', 'r']) => {
                out.push('t');
                used = 2;
            }
            // ц is ts after a vowel and s elsewhere, and people mix them.
            ('t', _) => {
                let run = word.iter().skip(index).take_while(|letter| **letter == 't').count();
                let before_s = at(index + run) == Some('s') && at(index + run + 1) != Some('h');
                if before_s {
                    used = run;
                } else {
                    out.push('t');
                }
            }
            ('y', _) => {
                let run = word.iter().skip(index).take_while(|letter| **letter == 'y').count();
                match at(index + run) {
                    Some('e') => used = run,
                    Some('a' | 'i' | 'o' | 'u') if run == 1 => out.push('y'),
                    _ => out.push('i'),
                }
            }
            ('i', _) if out.last() == Some(&'i') => {}
            (other, _) => out.push(other),
        }
        index += used;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn alike(words: &[&str]) {
        let keys: Vec<String> = words.iter().map(|word| fold(word)).collect();
        assert!(keys.iter().all(|key| key == &keys[0]), "{words:?} fold to {keys:?}");
    }

    #[test]
    fn both_scripts_of_a_word_fold_alike() {
        for words in [
            &["шкаф", "shkaf", "Shkaf", "ШКАФ"][..],
            &["ўқув", "oʻquv", "o'quv", "o’quv", "o`quv", "o‘quv", "oquv", "OʻQUV", "O'QUV"],
            &["ғалаба", "gʻalaba", "g'alaba"],
            &["ҳаво", "havo", "xavo", "хаво"],
            &["хабар", "xabar", "habar"],
            &["цирк", "sirk", "tsirk"],
            &["милиция", "militsiya", "milisiya"],
            &["концерт", "konsert", "konsert"],
            &["щётка", "shyotka"],
            &["экран", "ekran"],
            &["ер", "yer"],
            &["поезд", "poyezd"],
            &["объектив", "obyektiv"],
            &["маъно", "maʼno", "ma'no", "mano"],
            &["компьютер", "kompyuter"],
            &["ёстиқ", "yostiq"],
            &["йўқ", "yoʻq", "yo'q"],
            &["юлдуз", "yulduz"],
            &["ярим", "yarim"],
            &["Исҳоқ", "Is'hoq", "Ishoq"],
            &["музлатгич", "muzlatgich"],
            &["кир ювиш машинаси", "kir yuvish mashinasi"],
            &["чангютгич", "changyutgich"],
            &["ўзбекистон", "Oʻzbekiston", "O'ZBEKISTON", "ЎЗБЕКИСТОН"],
            &["сентябрь", "sentabr", "sentyabr"],
            &["пицца", "pitsa"],
            &["джинсы", "jinsi"],
            &["миллий", "milliy"],
            &["şahar", "shahar", "шаҳар"],
            &["õzbek", "oʻzbek", "ўзбек"],
        ] {
            alike(words);
        }
    }

    #[test]
    fn brands_in_either_script_fold_alike() {
        for words in [
            &["самсунг", "Samsung", "SAMSUNG", "sаmsung"][..],
            &["телевизор", "televizor"],
            &["Филипс", "Philips", "Filips"],
            &["Бош", "Bosch"],
            &["канон", "Canon"],
            &["сони", "Sony"],
            &["Артел", "Artel", "Артель"],
            &["Хуавей", "Huawey"],
            &["ТВ", "TV"],
            &["стиральный", "stiralnyy", "stiralniy"],
            &["холодильник", "kholodilnik", "xolodilnik"],
        ] {
            alike(words);
        }
    }

    #[test]
    fn letters_that_only_look_right_are_read_as_meant() {
        // Cyrillic а, е, о, р, с, х inside Latin words.
        alike(&["televizor", "tеlеvizоr"]);
        alike(&["rahmat", "rаhmаt"]);
        // Latin a, e, o, p, c, x inside Cyrillic words.
        alike(&["телевизор", "тeлeвизop"]);
        alike(&["холодильник", "xoлoдильник"]);
        // All look-alikes: the script of most letters decides.
        alike(&["тех", "teх"]);
        // A Latin word with a Cyrillic ending is read letter by letter.
        alike(&["USBга", "usbga"]);
        alike(&["Samsungни", "samsungni"]);
    }

    #[test]
    fn case_width_space_and_marks_do_not_matter() {
        assert_eq!(fold("  Galaxy   A５４\u{200B}\t(8/256) "), "galahi a54 8 256");
        assert_eq!(fold("Чои\u{0306}нак у\u{0306}йин"), fold("чойнак ўйин"));
        assert_eq!(fold("Wi‑Fi 📶 «router»"), "vi fi router");
        assert_eq!(fold("12\u{00B2} ４K"), "122 4k");
        assert_eq!(fold("…'’`"), "");
        assert_eq!(fold("İstanbul"), "istanbul");
    }

    #[test]
    fn tokens_are_the_words_of_the_key() {
        assert_eq!(tokens("Kir yuvish-mashinasi, 7 kg"), ["kir", "yuvish", "mashinasi", "7", "kg"]);
        assert!(tokens(" - ").is_empty());
    }

    #[test]
    fn a_code_keeps_its_letters_apart_and_reads_the_other_script_by_shape() {
        assert_eq!(code_key("tv-sam/55 x"), "TVSAM55X");
        assert_eq!(code_key("ВТ-100"), "BT100");
        assert_ne!(code_key("AX-10"), code_key("AH-10"));
        assert_eq!(code_key(" 4780000000017 "), "4780000000017");
    }
}
