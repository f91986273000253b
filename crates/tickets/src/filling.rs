//! Variables of canned replies: what stands in their place when a reply is chosen. Pure.
//!
//! A variable is a word in braces, `{name}`. One without a value goes with what belongs to it: the comma or the sign before it,
//! the brackets around it, the line that would say nothing without it.

/// What can stand in the words of a canned reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variable {
    /// The person who is answered.
    Name,
    /// The ticket's number.
    Number,
    /// What the ticket is about.
    Category,
    /// Whoever answers.
    Agent,
    /// The business.
    Business,
}

impl Variable {
    /// All of them, as they are explained.
    pub(crate) const ALL: [Self; 5] = [Self::Name, Self::Number, Self::Category, Self::Agent, Self::Business];

    /// What it means, in words.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Name => "tickets-variable-name",
            Self::Number => "tickets-variable-number",
            Self::Category => "tickets-variable-category",
            Self::Agent => "tickets-variable-agent",
            Self::Business => "tickets-variable-business",
        }
    }

    /// The word in braces.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number => "number",
            Self::Category => "category",
            Self::Agent => "agent",
            Self::Business => "business",
        }
    }
}

/// What is known where a reply is chosen; empty where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filling {
    /// The person who is answered.
    pub name: String,
    /// The ticket's number.
    pub number: Option<i64>,
    /// What the ticket is about, in the person's language.
    pub category: String,
    /// Whoever answers.
    pub agent: String,
    /// The business.
    pub business: String,
}

impl Filling {
    fn value(&self, word: &str) -> Option<String> {
        let variable = Variable::ALL.into_iter().find(|one| one.word() == word)?;
        let Self { name, number, category, agent, business } = self;
        let value = match variable {
            Variable::Name => name.trim().to_owned(),
            Variable::Number => number.map(|number| number.to_string()).unwrap_or_default(),
            Variable::Category => category.trim().to_owned(),
            Variable::Agent => agent.trim().to_owned(),
            Variable::Business => business.trim().to_owned(),
        };
        Some(value)
    }

    /// The words with each variable's value in its place. What is in braces and is no variable stays as it is.
    pub fn fill(&self, text: &str) -> String {
        let lines: Vec<String> = text.lines().filter_map(|line| self.line(line)).collect();
        lines.join("\n").trim().to_owned()
    }

    /// The line filled; none where a value is missing and nothing is said without it.
    fn line(&self, line: &str) -> Option<String> {
        let mut filled = String::new();
        let mut is_lacking = false;
        let mut rest = line;
        while let Some((before, word, behind)) = next(rest) {
            filled.push_str(before);
            rest = behind;
            match self.value(word) {
                None => filled.push_str(&format!("{{{word}}}")),
                Some(value) if !value.is_empty() => filled.push_str(&value),
                Some(_) => {
                    is_lacking = true;
                    rest = close_up(&mut filled, behind);
                }
            }
        }
        filled.push_str(rest);
        let says_nothing = !filled.contains(char::is_alphanumeric) || filled.trim_end().ends_with(':');
        match is_lacking {
            true if says_nothing => None,
            true => Some(filled.trim_end().to_owned()),
            false => Some(filled),
        }
    }
}

/// The words in braces that are no variable, each once.
pub(crate) fn unknown(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some((_, word, behind)) = next(rest) {
            let is_known = Variable::ALL.iter().any(|one| one.word() == word);
            if !is_known && !found.iter().any(|one| one == word) {
                found.push(word.to_owned());
            }
            rest = behind;
        }
    }
    found
}

/// What stands before the next word in braces, the word, and what stands behind it. Braces around anything else are not looked at.
fn next(line: &str) -> Option<(&str, &str, &str)> {
    for (at, _) in line.match_indices('{') {
        let (before, opened) = line.split_at_checked(at)?;
        let Some((inside, behind)) = opened.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
            continue;
        };
        let word = inside.trim();
        let is_word = word.starts_with(char::is_alphabetic)
            && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '\u{2bb}' | '\u{2bc}'));
        if is_word {
            return Some((before, word, behind));
        }
    }
    None
}

/// Takes away what belonged to a value that is missing; what of `behind` is left.
fn close_up<'a>(before: &mut String, behind: &'a str) -> &'a str {
    let trim = |text: &mut String, signs: &[char]| {
        text.truncate(text.trim_end().len());
        match text.chars().next_back() {
            Some(sign) if signs.contains(&sign) => text.pop(),
            _ => None,
        }
    };
    trim(before, &['№', '#', '@']);
    let mut behind = behind;
    for (opens, closes) in [('(', ')'), ('[', ']'), ('«', '»'), ('“', '”'), ('"', '"')] {
        let is_around = before.trim_end().ends_with(opens) && behind.trim_start().starts_with(closes);
        if is_around {
            trim(before, &[opens]);
            behind = behind.trim_start().strip_prefix(closes).unwrap_or(behind);
        }
    }
    trim(before, &[',', '-', '–', '—']);
    before.truncate(before.trim_end().len());
    if before.is_empty() {
        // The line begins with what came behind.
        let rest = behind.trim_start_matches(|c: char| c.is_whitespace() || ",.:;!-–—".contains(c));
        let mut letters = rest.chars();
        if let Some(first) = letters.next() {
            before.extend(first.to_uppercase());
        }
        return letters.as_str();
    }
    behind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Filling {
        Filling {
            name: "Aziza".to_owned(),
            number: Some(12),
            category: "Toʻlov".to_owned(),
            agent: "Bobur".to_owned(),
            business: "Chorsu".to_owned(),
        }
    }

    #[track_caller]
    fn check(text: &str, full: &str, empty: &str) {
        assert_eq!(known().fill(text), full);
        assert_eq!(Filling::default().fill(text), empty);
    }

    #[test]
    fn a_variable_is_filled_and_leaves_no_hole() {
        check("Salom, {name}!", "Salom, Aziza!", "Salom!");
        check("{name}, javob tayyor.", "Aziza, javob tayyor.", "Javob tayyor.");
        check("{name} , салом", "Aziza , салом", "Салом");
        check("№ {number} murojaat", "№ 12 murojaat", "Murojaat");
        check("Murojaat № {number} yopildi", "Murojaat № 12 yopildi", "Murojaat yopildi");
        check("Savol ({category}) boʻyicha", "Savol (Toʻlov) boʻyicha", "Savol boʻyicha");
        check("Biz «{business}» doʻkonimiz", "Biz «Chorsu» doʻkonimiz", "Biz doʻkonimiz");
        check("Rahmat!\nOperator: {agent}\n{business}", "Rahmat!\nOperator: Bobur\nChorsu", "Rahmat!");
        check("Rahmat — { agent }", "Rahmat — Bobur", "Rahmat");
        check("{name}", "Aziza", "");
        check("Bir\n\nIkki", "Bir\n\nIkki", "Bir\n\nIkki");
    }

    #[test]
    fn what_is_no_word_in_braces_stays() {
        for text in ["a { b", "{5} dona", "{}", "{ikki soʻz}", "}{", "{{", "{\u{301}", "100 {"] {
            assert_eq!(known().fill(text), text);
            assert_eq!(unknown(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(known().fill("{ {name} }"), "{ Aziza }");
        assert_eq!(known().fill("{ism}, salom"), "{ism}, salom", "written before they were refused");
    }

    #[test]
    fn a_word_that_is_no_variable_is_named_once() {
        assert_eq!(unknown("{ism} {name}\n{ism} {Имя}"), ["ism", "Имя"]);
        assert_eq!(known().fill("{name} {number}{agent}"), "Aziza 12Bobur");
    }

    #[test]
    fn a_value_is_never_looked_into() {
        let sly = Filling { name: "{agent} {".to_owned(), ..known() };
        assert_eq!(sly.fill("Salom, {name}"), "Salom, {agent} {");
    }
}
