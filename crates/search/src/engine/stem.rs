//! Endings of Uzbek, Russian and English words, taken off lightly: a word stands for itself and for what is left of it.

use std::collections::HashMap;
use std::rc::Rc;

/// Shortest stem that an indexed word leaves, in characters.
const MIN_STEM_CHARS: usize = 4;
/// Most endings on one word (`televizor-lar-imiz-dan`).
const MAX_ENDINGS: usize = 4;
/// Most forms of one word.
const MAX_FORMS: usize = 8;

/// Uzbek endings, as the fold writes them.
const UZBEK: [&str; 20] = [
    "ingiz", "imiz", "ning", "dagi", "lari", "lar", "dan", "day", "ing", "ni", "ga", "ka", "qa", "da", "li",
    "si", "im", "i", "siz", "lik",
];

/// Russian endings, as the fold writes them (ы and й are i, я is ya).
const RUSSIAN: [&str; 33] = [
    "yami", "yaya", "iyami", "ogo", "ego", "omu", "emu", "imi", "ami", "aya", "uyu", "yah", "yam", "ov",
    "ev", "oi", "ei", "oe", "ee", "ie", "ih", "ah", "am", "om", "em", "iya", "ya", "yu", "a", "e", "o", "u",
    "iyu",
];

/// English plurals.
const ENGLISH: [&str; 2] = ["es", "s"];

/// Uzbek endings of verbs and questions, as the fold writes them (`yetkaz-ib`, `ber-asiz-mi`, `ishla-ish-adi`).
const UZBEK_VERBS: [&str; 52] = [
    "mi", "chi", "man", "san", "siz", "miz", "di", "dim", "ding", "dingiz", "dilar", "dik", "adi", "aman",
    "asiz", "amiz", "asan", "aidi", "aisiz", "aiman", "aimiz", "adigan", "aidigan", "ish", "ash", "sh",
    "moq", "moqchi", "moqda", "ib", "ab", "yap", "yapti", "yapsiz", "gan", "kan", "qan", "sa", "sam", "sak",
    "sangiz", "ma", "maidi", "mas", "il", "in", "inadi", "iladi", "uv", "ov", "ai", "chilik",
];

/// Russian endings of verbs and of nouns made of them, as the fold writes them (`достав-ка`, `достав-ляете`).
const RUSSIAN_VERBS: [&str; 49] = [
    "it", "ite", "im", "yat", "at", "et", "ete", "ut", "yut", "ali", "ili", "al", "il", "ala", "ila", "aet",
    "aete", "aem", "ayut", "yaet", "yaete", "yaem", "yayut", "lyaet", "lyaete", "lyaem", "lyayut", "lyat",
    "lenie", "leniya", "leniyu", "enie", "eniya", "eniyu", "anie", "aniya", "ka", "ki", "ku", "ke", "koi",
    "kami", "ok", "sya", "aesya", "isya", "ivaet", "ivat", "nut",
];

/// Shortest stem of a verb, in characters: `ber-ish`, `tol-ov`.
const MIN_VERB_CHARS: usize = 3;
/// Most endings on one word of a sentence (`yetkaz-il-adi-gan-mi`).
const MAX_SPOKEN_ENDINGS: usize = 5;
/// Most forms of one word of a sentence.
const MAX_SPOKEN_FORMS: usize = 14;

/// The word and its shorter forms, longest first, also those of verbs: for sentences. Goods are named by nouns, and
/// [`forms`] is enough for them.
pub fn spoken_forms(word: &str) -> Vec<String> {
    let mut found = vec![word.to_owned()];
    if word.chars().any(|c| !c.is_ascii_lowercase()) {
        return found;
    }
    let nouns = UZBEK.iter().chain(&RUSSIAN).chain(&ENGLISH).map(|ending| (*ending, MIN_STEM_CHARS));
    let verbs = UZBEK_VERBS.iter().map(|ending| (*ending, MIN_VERB_CHARS));
    let endings: Vec<(&str, usize)> =
        nouns.chain(verbs).chain(RUSSIAN_VERBS.iter().map(|ending| (*ending, MIN_STEM_CHARS))).collect();
    let mut layer = found.clone();
    for _ in 0..MAX_SPOKEN_ENDINGS {
        let mut next: Vec<String> = Vec::new();
        for form in &layer {
            for (ending, least) in &endings {
                let Some(stem) = form.strip_suffix(ending) else { continue };
                if stem.len() >= *least
                    && has_vowel(stem, MIN_STEM_CHARS)
                    && !found.iter().any(|known| known == stem)
                {
                    found.push(stem.to_owned());
                    next.push(stem.to_owned());
                }
            }
        }
        layer = next;
    }
    found.sort_by_key(|form| std::cmp::Reverse(form.len()));
    found.truncate(MAX_SPOKEN_FORMS);
    found
}

/// The word and its shorter forms, longest first. Words with digits and short words have only themselves.
pub(crate) fn forms(word: &str) -> Vec<String> {
    stripped(word, MIN_STEM_CHARS, true)
}

/// The forms of words, worked out once for each word of a batch.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    known: HashMap<String, Rc<[String]>>,
}

/// Most words remembered; then it begins anew.
const MAX_REMEMBERED: usize = 50_000;

impl Forms {
    pub(crate) fn of(&mut self, word: String) -> Rc<[String]> {
        if let Some(forms) = self.known.get(&word) {
            return Rc::clone(forms);
        }
        let found = Rc::<[String]>::from(forms(&word));
        // Models are each their own and have no endings: remembering them would only push out words.
        if found.len() > 1 {
            if self.known.len() >= MAX_REMEMBERED {
                self.known.clear();
            }
            self.known.insert(word, Rc::clone(&found));
        }
        found
    }
}

/// What is left of a short word when a common Uzbek ending is taken off (`tvlar` → `tv`, `lgni` → `lg`): only for asking
/// when nothing else is known.
pub(crate) fn short_forms(word: &str) -> Vec<String> {
    stripped(word, 2, false)
}

fn stripped(word: &str, min_stem: usize, with_vowels: bool) -> Vec<String> {
    let mut found = vec![word.to_owned()];
    if word.chars().any(|c| !c.is_ascii_lowercase()) {
        return found;
    }
    let mut layer = vec![word.to_owned()];
    for _ in 0..MAX_ENDINGS {
        let mut next: Vec<String> = Vec::new();
        for form in &layer {
            for ending in UZBEK.iter().chain(RUSSIAN.iter()).chain(ENGLISH.iter()) {
                if !with_vowels && (ending.len() == 1 || !UZBEK.contains(ending)) {
                    continue;
                }
                let Some(stem) = form.strip_suffix(ending) else { continue };
                if stem.len() >= min_stem
                    && has_vowel(stem, min_stem)
                    && !found.iter().any(|known| known == stem)
                {
                    found.push(stem.to_owned());
                    next.push(stem.to_owned());
                }
            }
        }
        layer = next;
    }
    found.sort_by_key(|form| std::cmp::Reverse(form.len()));
    found.truncate(MAX_FORMS);
    found
}

fn has_vowel(stem: &str, min_stem: usize) -> bool {
    min_stem < MIN_STEM_CHARS || stem.contains(['a', 'e', 'i', 'o', 'u'])
}

/// True when two words are forms of one word.
pub fn akin(one: &[String], other: &[String]) -> bool {
    one.iter().any(|form| other.contains(form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uztext::fold;

    #[track_caller]
    fn one_word(spellings: &[&str]) {
        let first = forms(&fold(spellings[0]));
        for spelling in spellings {
            assert!(
                akin(&first, &forms(&fold(spelling))),
                "{spelling}: {:?} / {first:?}",
                forms(&fold(spelling))
            );
        }
    }

    #[test]
    fn forms_of_a_word_meet() {
        one_word(&[
            "televizor",
            "televizorlar",
            "televizorni",
            "televizorlarning",
            "televizorda",
            "телевизоры",
            "телевизоров",
        ]);
        one_word(&["muzlatgich", "muzlatgichga", "muzlatgichlardan", "muzlatgichimiz", "музлатгичнинг"]);
        one_word(&["телефон", "telefonni", "telefonlar", "телефоны", "телефона", "телефоном"]);
        one_word(&["холодильник", "холодильника", "холодильники", "холодильников"]);
        one_word(&["стиральная", "стиральные", "стиральной", "стиральную"]);
        one_word(&["машина", "машины", "машину", "mashinasi", "mashinalari"]);
        one_word(&["laptop", "laptops"]);
        one_word(&["smartfonli", "smartfon"]);
    }

    #[test]
    fn verbs_of_a_sentence_meet() {
        for spellings in [
            ["yetkazib", "yetkazish", "yetkazasizmi", "етказиб"],
            ["berish", "berasizmi", "beradi", "беришади"],
            ["ishlaysiz", "ishlash", "ishlaydi", "ишлайсизми"],
            ["доставка", "доставки", "доставляете", "доставку"],
            ["toʻlov", "toʻlash", "toʻlayman", "тўлов"],
        ] {
            let first = spoken_forms(&fold(spellings[0]));
            for spelling in spellings {
                let forms = spoken_forms(&fold(spelling));
                assert!(akin(&first, &forms), "{spelling}: {forms:?} / {first:?}");
            }
        }
        assert!(!akin(&spoken_forms("telefon"), &spoken_forms("televizor")));
    }

    #[test]
    fn short_words_and_models_stay_whole() {
        assert_eq!(forms("note"), ["note"]);
        assert_eq!(forms("a56da"), ["a56da"]);
        assert!(short_forms("tvlar").contains(&"tv".to_owned()));
    }
}
