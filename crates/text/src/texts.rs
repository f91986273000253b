//! The messages themselves.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use kernel::{Arg, Lang, Text};
use unic_langid::LanguageIdentifier;

use crate::format;

/// One crate's messages in three languages.
#[derive(Debug, Clone, Copy)]
pub struct TextFiles {
    /// The crate's name, which its keys begin with.
    pub name: &'static str,
    /// Uzbek, Latin script.
    pub uz: &'static str,
    /// Russian.
    pub ru: &'static str,
    /// English.
    pub en: &'static str,
}

impl TextFiles {
    /// The file of this language.
    pub const fn of(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Uz => self.uz,
            Lang::Ru => self.ru,
            Lang::En => self.en,
        }
    }
}

/// Every message of the program.
pub struct Texts {
    bundles: [FluentBundle<FluentResource>; 3],
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Texts")
    }
}

impl Texts {
    /// Reads the files. A file that is no Fluent is a fault of ours: what can be read is kept, the rest logged;
    /// `cargo xtask tidy` refuses it.
    pub fn new(files: &[TextFiles]) -> Self {
        let bundles = Lang::ALL.map(|lang| {
            let locale: LanguageIdentifier = lang.code().parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![locale]);
            // Isolation marks would be visible in chats and PDFs.
            bundle.set_use_isolating(false);
            for file in files {
                let resource =
                    FluentResource::try_new(file.of(lang).to_owned()).unwrap_or_else(|(read, errors)| {
                        tracing::error!(
                            text.file = file.name,
                            text.lang = lang.code(),
                            ?errors,
                            "a malformed message file"
                        );
                        read
                    });
                if let Err(errors) = bundle.add_resource(resource) {
                    tracing::error!(
                        text.file = file.name,
                        text.lang = lang.code(),
                        ?errors,
                        "a message stands twice"
                    );
                }
            }
            bundle
        });
        Self { bundles }
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        let [uz, ru, en] = &self.bundles;
        match lang {
            Lang::Uz => uz,
            Lang::Ru => ru,
            Lang::En => en,
        }
    }

    /// The sentence of `text` in `lang`. A key without a message is answered as itself and logged.
    pub fn say(&self, lang: Lang, text: &Text) -> String {
        let mut args = FluentArgs::with_capacity(text.args().len());
        for (name, value) in text.args() {
            args.set(*name, fluent(lang, value));
        }
        self.format(lang, text.key(), Some(&args))
    }

    /// The same of a key and arguments that were stored: what was written then is read in any language now.
    pub fn say_stored(&self, lang: Lang, key: &str, args: &[(String, Arg)]) -> String {
        let mut named = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            named.set(name.as_str(), fluent(lang, value));
        }
        self.format(lang, key, Some(&named))
    }

    /// The message `key` in `lang`, without arguments.
    pub fn get(&self, lang: Lang, key: &str) -> String {
        self.format(lang, key, None)
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.iter().all(|bundle| bundle.has_message(key))
    }

    fn format(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle(lang);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(text.key = key, text.lang = lang.code(), "no such message");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let sentence = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(text.key = key, text.lang = lang.code(), ?errors, "a message lacks an argument");
        }
        sentence
    }
}

fn fluent(lang: Lang, value: &Arg) -> FluentValue<'static> {
    match value {
        Arg::Text(text) => FluentValue::from(text.clone()),
        Arg::Int(number) => FluentValue::from(*number),
        Arg::Money(money) => FluentValue::from(format::money(lang, *money)),
        Arg::Quantity(quantity) => FluentValue::from(format::quantity(lang, *quantity)),
        Arg::Date(date) => FluentValue::from(date.dotted()),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Money;

    use super::*;

    const FILES: TextFiles = TextFiles {
        name: "t",
        uz: "t-rows = { $n } ta qator\nt-sum = { $sum } soʻm",
        ru: "t-rows = { $n ->\n [one] { $n } строка\n [few] { $n } строки\n *[many] { $n } строк\n }\nt-sum = { $sum } сум",
        en: "t-rows = { $n ->\n [one] { $n } row\n *[other] { $n } rows\n }\nt-sum = { $sum } soʻm",
    };

    #[test]
    fn plurals_and_amounts_follow_the_language() {
        let texts = Texts::new(&[FILES]);
        let rows = |lang, n: i64| texts.say(lang, &Text::new("t-rows").with("n", n));
        assert_eq!(rows(Lang::Uz, 5), "5 ta qator");
        assert_eq!(rows(Lang::Ru, 2), "2 строки");
        assert_eq!(rows(Lang::Ru, 11), "11 строк");
        assert_eq!(rows(Lang::En, 1), "1 row");
        let sum = Text::new("t-sum").with("sum", Money::from_tiyin(150_000_050));
        assert_eq!(texts.say(Lang::Ru, &sum), "1\u{a0}500\u{a0}000,5 сум");
    }

    #[test]
    fn a_missing_message_is_its_key() {
        assert_eq!(Texts::new(&[FILES]).get(Lang::En, "t-none"), "t-none");
    }
}
