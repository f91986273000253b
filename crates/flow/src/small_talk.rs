//! Small talk: what people say beside their questions, and what the bot says to it. Pure.

use kernel::Lang;

use crate::blueprint::{Blueprint, Texts};

/// What is said to some words.
#[derive(Debug)]
pub(crate) struct SmallTalk {
    /// Folded phrases, each in its words.
    pub(crate) heard: Vec<Vec<String>>,
    pub(crate) say: Texts,
}

impl Blueprint {
    /// What the small talk of this blueprint answers to these words; `None` when they are not all small talk: "salom" is,
    /// "salom, narxi qancha?" asks something.
    pub fn small_talk(&self, said: &str, lang: Lang) -> Option<String> {
        let words = uztext::tokens(said);
        let mut rest = words.as_slice();
        let mut answers: Vec<&SmallTalk> = Vec::new();
        while !rest.is_empty() {
            let (talk, length) = self.longest(rest)?;
            if !answers.iter().any(|answer| std::ptr::eq(*answer, talk)) {
                answers.push(talk);
            }
            rest = rest.get(length..)?;
        }
        let said: Vec<String> = answers.into_iter().map(|talk| self.plain(&talk.say, lang)).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// The talk whose phrase takes the most of the words at the beginning, and how many.
    fn longest(&self, words: &[String]) -> Option<(&SmallTalk, usize)> {
        let of = |talk: &'_ SmallTalk| {
            talk.heard.iter().filter(|phrase| words.starts_with(phrase)).map(Vec::len).max()
        };
        self.small_talk.iter().filter_map(|talk| Some((talk, of(talk)?))).max_by_key(|(_, length)| *length)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Lang;

    use crate::{Blueprint, examples};

    fn answers() -> Blueprint {
        Blueprint::load("answers", examples::ANSWERS, &examples::ACTIONS).unwrap()
    }

    #[test]
    fn what_is_all_small_talk_is_answered_in_both_scripts_and_languages() {
        let bot = answers();
        let hello = bot.small_talk("Assalomu alaykum!", Lang::Uz).unwrap();
        assert_eq!(bot.small_talk("АССАЛОМУ АЛАЙКУМ", Lang::Uz).as_deref(), Some(hello.as_str()));
        assert_eq!(bot.small_talk("salom 👋", Lang::Uz).as_deref(), Some(hello.as_str()));
        let thanks = bot.small_talk("спасибо большое", Lang::Ru).unwrap();
        assert!(thanks.contains("ожалуйста"), "{thanks}");
        assert_eq!(bot.small_talk("salom, rahmat", Lang::Uz).unwrap().matches(&hello).count(), 1);
    }

    #[test]
    fn a_question_behind_a_greeting_is_a_question() {
        let bot = answers();
        for asked in ["Salom, narxi qancha?", "qancha", "", "👍", "привет сколько стоит доставка"]
        {
            assert_eq!(bot.small_talk(asked, Lang::Uz), None, "{asked}");
        }
    }
}
