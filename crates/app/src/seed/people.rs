//! People who are made up for try-outs: each number is always the same person, so putting them in again doubles nobody.

use std::collections::BTreeMap;

use catalog::Names;
use kernel::{Date, Error, Lang, Phone, Result};
use serde::Deserialize;

use super::chance::Chance;

/// Before the last digits of the phones: no operator has numbers that begin with 00.
const PHONE: &str = "+99800";
/// The first id in Telegram, far above those that it gives away.
const TELEGRAM: i64 = 9_000_000_000_000;
/// The birthday of the youngest.
const LAST_BORN: &str = "2009-08-31";
/// Within so many days before it all are born: seven years.
const DAYS_BORN: u64 = 7 * 365;

/// Of what people, and what they say, are made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    men: Vec<String>,
    women: Vec<String>,
    last: Vec<String>,
    pub(super) companies: Vec<String>,
    pub(super) roles: Vec<String>,
    pub(super) organizations: Vec<String>,
    pub(super) positions: Vec<String>,
    pub(super) help: Vec<String>,
    pub(super) channels: Vec<String>,
    /// The survey that students answer.
    pub(super) campaign: Survey,
    /// How many people each region has, by its code.
    pub(super) population: BTreeMap<String, u32>,
}

/// A survey, by its code and names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Survey {
    pub(super) code: String,
    uz: String,
    ru: String,
    en: String,
}

impl Survey {
    /// Its names.
    pub(super) fn names(&self) -> Names {
        Names { uz: self.uz.clone(), ru: Some(self.ru.clone()), en: Some(self.en.clone()) }
    }
}

impl Words {
    /// Those that are delivered.
    pub(super) fn delivered() -> Result<Self> {
        toml::from_str(include_str!("../../data/ttpumock.toml")).map_err(Error::internal)
    }
}

/// Somebody who is made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) telegram_id: i64,
    pub(super) username: Option<String>,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) is_woman: bool,
    pub(super) born: Date,
    pub(super) phone: Phone,
    pub(super) email: Option<String>,
    pub(super) lang: Lang,
    /// The code of the region that they come from.
    pub(super) region: Option<String>,
}

impl Person {
    /// The person of this number, from one of these regions as often as it weighs: born in the seven years before
    /// [`LAST_BORN`].
    pub(super) fn of(number: u32, words: &Words, regions: &[(String, u32)]) -> Result<Self> {
        let chance = Chance::of(number);
        let is_woman = chance.holds("woman", 48);
        let said = |question, of: &[String]| chance.one(question, of).cloned().unwrap_or_default();
        let first_name = said("first", if is_woman { &words.women } else { &words.men });
        let mut last_name = said("last", &words.last);
        if is_woman {
            last_name.push('a');
        }
        let plain = |name: &str| -> String {
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
        };
        let handle = format!("{}_{}{number}", plain(&first_name), plain(&last_name));
        // Most have just left school.
        let days = chance.below("born", DAYS_BORN) * chance.below("older", DAYS_BORN) / DAYS_BORN;
        let born = Date::parse(LAST_BORN)?.minus_days(days);
        let langs = [(Lang::Uz, 70), (Lang::Ru, 22), (Lang::En, 8)];
        Ok(Self {
            telegram_id: TELEGRAM + i64::from(number),
            username: chance.holds("username", 70).then(|| handle.clone()),
            first_name,
            last_name,
            is_woman,
            born,
            phone: phone(number)?,
            email: chance.holds("email", 60).then(|| format!("{handle}@namuna.example")),
            lang: chance.weighed("lang", &langs).copied().unwrap_or_default(),
            region: chance.weighed("region", regions).cloned(),
        })
    }
}

/// The phone that nobody but the person of this number has.
pub(super) fn phone(number: u32) -> Result<Phone> {
    Phone::parse(&format!("{PHONE}{number:07}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_number_is_always_the_same_person_and_nobody_else() {
        let words = Words::delivered().unwrap();
        let regions: Vec<(String, u32)> = words.population.clone().into_iter().collect();
        let all: Vec<Person> =
            (1..=2_000).map(|number| Person::of(number, &words, &regions).unwrap()).collect();
        let again: Vec<Person> =
            (1..=2_000).map(|number| Person::of(number, &words, &regions).unwrap()).collect();
        assert_eq!(all, again);
        let phones: HashSet<_> = all.iter().map(|person| &person.phone).collect();
        let ids: HashSet<_> = all.iter().map(|person| person.telegram_id).collect();
        assert_eq!((phones.len(), ids.len()), (all.len(), all.len()));
        let women = all.iter().filter(|person| person.is_woman).count();
        assert!((800..1_120).contains(&women), "{women} women");
        let (oldest, youngest) = (Date::parse("2002-09-01").unwrap(), Date::parse(LAST_BORN).unwrap());
        assert!(all.iter().all(|person| (oldest..=youngest).contains(&person.born)));
        let from = |code: &str| all.iter().filter(|person| person.region.as_deref() == Some(code)).count();
        assert!(from("UZ-SA") > 2 * from("UZ-SI") && from("UZ-SI") > 0);
        assert!(Lang::ALL.iter().all(|lang| all.iter().any(|person| person.lang == *lang)));
        assert!(
            all.iter().any(|person| person.email.is_none())
                && all.iter().any(|person| person.email.is_some())
        );
    }
}
