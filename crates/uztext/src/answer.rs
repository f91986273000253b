//! Does what a person typed mean this button?

use crate::fold::fold;

/// True when a typed answer is the option of a button: alike but for script, apostrophes, case, emoji, punctuation and
/// spaces. `ортга` is "⬅️ Ortga"; `/start` is "Start". A button of emoji alone is matched as it stands.
pub fn matches_answer(input: &str, option: &str) -> bool {
    let (typed, meant) = (fold(input), fold(option));
    if meant.is_empty() {
        let (input, option) = (input.trim(), option.trim());
        return !option.is_empty() && input == option;
    }
    typed == meant || without_spaces(&typed).eq(without_spaces(&meant))
}

fn without_spaces(key: &str) -> impl Iterator<Item = char> + '_ {
    key.chars().filter(|c| *c != ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_matches_its_button_however_it_is_typed() {
        for (input, option) in [
            ("ha", "✅ Ha"),
            ("ҲА", "Ha"),
            ("yoq", "❌ Yoʻq"),
            ("yo'q", "Yoʻq"),
            ("Йўқ", "Yoʻq"),
            ("ортга", "⬅️ Ortga"),
            ("bosh menyu", "🏠 Bosh menyu"),
            ("boshmenyu", "Bosh menyu"),
            ("/start", "Start"),
            ("О'zbekcha", "🇺🇿 Oʻzbekcha"),
            ("узбекча", "Узбекча"),
            ("👍", "👍"),
        ] {
            assert!(matches_answer(input, option), "{input} / {option}");
        }
    }

    #[test]
    fn another_answer_does_not_match() {
        for (input, option) in
            [("ha", "Yoʻq"), ("", "Ha"), ("👎", "👍"), ("", ""), ("1", "11"), ("ha ha", "Ha")]
        {
            assert!(!matches_answer(input, option), "{input} / {option}");
        }
    }
}
