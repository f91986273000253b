//! The reader's language at hand: messages, amounts and moments as this person reads them.

use std::{fmt, sync::Arc};

use kernel::{Arg, Date, Lang, Money, Quantity, Text, Timestamp, Zone};
use text::{Texts, format};

/// The messages, with the language and the time zone of whoever reads.
#[derive(Clone)]
pub struct Words {
    texts: Arc<Texts>,
    /// The reader's language.
    pub lang: Lang,
    /// The workspace's time zone.
    pub zone: Zone,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Words {
    /// The messages `texts` for a reader of `lang` in `zone`.
    pub const fn new(texts: Arc<Texts>, lang: Lang, zone: Zone) -> Self {
        Self { texts, lang, zone }
    }

    /// The message `key`.
    pub fn t(&self, key: &str) -> String {
        self.texts.get(self.lang, key)
    }

    /// The message `key` with one argument.
    pub fn t1(&self, key: &'static str, name: &'static str, value: impl Into<Arg>) -> String {
        self.say(&Text::new(key).with(name, value))
    }

    /// The sentence of a text that carries its arguments.
    pub fn say(&self, text: &Text) -> String {
        self.texts.say(self.lang, text)
    }

    /// The sentence of a key and arguments that were stored.
    pub fn say_stored(&self, key: &str, args: &[(String, Arg)]) -> String {
        self.texts.say_stored(self.lang, key, args)
    }

    /// Money in so'm, without the currency's name.
    pub fn money(&self, money: Money) -> String {
        format::money(self.lang, money)
    }

    /// A quantity, without its unit.
    pub fn quantity(&self, quantity: Quantity) -> String {
        format::quantity(self.lang, quantity)
    }

    /// A whole number.
    pub fn number(&self, number: i64) -> String {
        format::number(self.lang, number)
    }

    /// `20.11.2026`.
    pub fn date(&self, date: Date) -> String {
        date.dotted()
    }

    /// `20.11.2026 14:05` in the workspace's time zone.
    pub fn time(&self, at: Timestamp) -> String {
        self.zone.dotted(at)
    }

    /// The moment in a list: the time of today, the day of another one.
    pub fn short_time(&self, at: Timestamp, today: Date) -> String {
        let long = self.time(at);
        match long.split_once(' ') {
            Some((day, clock)) if day == self.date(today) => clock.to_owned(),
            Some((day, _)) => day.to_owned(),
            None => long,
        }
    }

    /// The messages `keys` as a JSON object for a script, named without `prefix`: of `web-js-`, `web-js-close` is
    /// `close`.
    pub fn json(&self, prefix: &str, keys: &[&str]) -> String {
        let named = |key: &&str| (key.strip_prefix(prefix).unwrap_or(key).to_owned(), self.t(key).into());
        serde_json::Value::Object(keys.iter().map(named).collect()).to_string()
    }
}
